"""Distribution functions with shapes: slopes in all parameters, inside, outside, stretched."""

import numpy as np
import pytest

import s2sdiff as sd

stats = pytest.importorskip("scipy.stats")

WEIGHTS = np.array([1.0, -2.0, 0.5, 3.0])
SHAPES = {"t": [0.9], "gamma": [0.7], "chi2": [0.9], "lognorm": [0.6], "weibull_min": [0.8],
          "beta": [0.7, 0.6]}


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("spread", [False, True])
def test_distribution_functions_agree_with_differences_in_all_parameters(name, spread):
    """`spread`: points are numbers, and parameters arrays."""
    distribution = getattr(stats, name)
    points = np.array([-0.5, 0.6, 0.9, 1.3])  # the first lies below what counts, but for t
    rest = np.array([*SHAPES[name], 0.2, 0.8])
    if spread:
        point = [np.array(0.7), *(v * np.array([1.0, 1.1, 0.9, 1.2]) for v in rest)]
    else:
        point = [points, *map(np.array, rest)]
    slots = tuple(range(len(point)))

    def total(*args):
        return np.sum(WEIGHTS * distribution.cdf(*args))

    found = sd.grad(total, slots)(*map(np.copy, point))
    for i, g in enumerate(found):
        assert np.shape(g) == np.shape(point[i])
        for place in np.ndindex(np.shape(point[i])):
            step = np.zeros(np.shape(point[i]))
            step[place] = 1e-6
            ends = [total(*[p + s * step if j == i else p for j, p in enumerate(point)])
                    for s in (1, -1)]
            assert np.isclose(np.asarray(g)[place], (ends[0] - ends[1]) / 2e-6, rtol=1e-5,
                              atol=1e-7), (i, place)


@pytest.mark.parametrize("name", SHAPES)
def test_points_in_lists_without_a_place_and_a_scale_have_the_density_for_slope(name):
    distribution, shapes = getattr(stats, name), SHAPES[name]
    found = sd.grad(lambda x: np.sum(distribution.cdf(x, *shapes)))([0.3, 0.7])
    assert isinstance(found, list)
    assert np.allclose(found, distribution.pdf([0.3, 0.7], *shapes))


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name", SHAPES)
def test_parameters_that_are_not_allowed_have_no_slope(name):
    shapes = np.array(SHAPES[name])
    distribution = getattr(stats, name)
    for args in ((0.9, *-shapes, 0.2, 1.5), (0.9, *shapes, 0.2, -1.5),
                 (0.9, *0 * shapes, 0.2, 1.5)):
        assert np.isnan(distribution.cdf(*args))
        assert sd.grad(lambda x: distribution.cdf(x, *args[1:]))(args[0]) == 0.0


@pytest.mark.parametrize(("name", "shapes"), [
    ("beta", (2.0, 1.0)), ("beta", (1.0, 2.0)), ("gamma", (1.0,)), ("chi2", (2.0,)),
    ("weibull_min", (1.0,))])
def test_at_an_end_the_slope_is_the_density_there(name, shapes):
    distribution = getattr(stats, name)
    found = sd.grad(lambda x: np.sum(distribution.cdf(x, *shapes)))(np.array([0.0, 1.0]))
    assert np.allclose(found, distribution.pdf([0.0, 1.0], *shapes))
