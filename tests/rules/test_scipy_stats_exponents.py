"""Logarithms of both tails of distributions, also beside the ends of their supports."""

import numpy as np
import pytest
from scipy import stats

import s2sdiff as sd

#: A distribution, a method, a point, a shape, and the second derivatives in the point, in both and
#: in the shape: from mpmath, with 150 digits.
BENDS = [
    ("pareto", "logcdf", 1.00000000000001, 0.7, -1.00160047425e+28, -0.5, -2.04081632653),
    ("pareto", "logcdf", 1.00000001, 2.0, -1.00000001215e+16, -0.499999991667, -0.25),
    ("pareto", "logcdf", 3.0, 1.4, -0.118425320632, -0.087429432546, -0.420490665973),
    ("lomax", "logcdf", 1e-100, 0.5, -1.0e+200, -0.5, -4.0),
    ("lomax", "logcdf", 1e-12, 2.0, -1.0e+24, -0.499999999999, -0.25),
    ("lomax", "logcdf", 2.0, 1.3, -0.123436022969, -0.0923492803267, -0.500619969509),
    ("genpareto", "logcdf", 1e-20, 0.5, -1.0e+40, -0.5, 4.16666666761e-41),
    ("genpareto", "logcdf", 1e-12, -0.5, -1.0e+24, -0.5, 4.16666666667e-25),
    ("genpareto", "logcdf", 0.7, 0.3, -1.86675655142, -0.163173808045, 0.0812622105401),
    ("gompertz", "logcdf", 1e-14, 0.5, -1.0e+28, -0.5, -4.0),
    ("gompertz", "logcdf", 0.7, 2.0, -2.22176703643, -0.407607734101, -0.179454182517),
    ("powerlaw", "logsf", 0.9999999999999, 2.0, -9.99378399566e+25, 0.5, -0.25),
    ("powerlaw", "logsf", 0.3, 0.5, -0.709907847219, 1.33621797519, -3.88136178981),
    ("weibull_max", "logsf", -1e-12, 1.5, -1.5e+24, -1.0e+12, -3.81736663954e-16),
    ("invweibull", "logsf", 100000000.0, 2.0, 2.0e-16, -1.0e-8, -1.69660739535e-14),
    ("weibull_min", "logcdf", 1e-12, 1.5, -1.5e+24, 1.0e+12, -3.81736663954e-16),
    ("genextreme", "logcdf", -1.9999, -0.5, -2.4e+17, -9.59635088399e+17, -3.83695354104e+18),
    ("genextreme", "logsf", 1.99999999, 0.5, -2.00000002431e16, -8.00000005724e16, -3.199999975e17),
    ("lomax", "logsf", 3.0, 2.0, 0.125, -0.25, 0.0),
]


@pytest.mark.parametrize(("name", "method", "x", "shape", "by_x", "mixed", "by_shape"), BENDS, ids=[
    f"{row[0]}-{row[1]}-{row[2]}" for row in BENDS])
def test_second_derivatives_of_logarithms_keep_their_digits_beside_ends(
        name, method, x, shape, by_x, mixed, by_shape):
    f = getattr(getattr(stats, name), method)
    for (inner, outer), bend in {(0, 0): by_x, (0, 1): mixed, (1, 0): mixed,
                                 (1, 1): by_shape}.items():
        slope, along = sd.grad(f, wrt=inner), (float(outer == 0), float(outer == 1))
        found = sd.grad(slope, wrt=outer)(x, shape), sd.jvp(slope, (x, shape), along)[1]
        np.testing.assert_allclose(found, [bend, bend], rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize(("name", "x", "shapes"), [
    ("expon", 0.4, ()), ("pareto", 2.3, (1.4,)), ("lomax", 0.4, (1.3,)),
    ("genpareto", 0.4, (0.3,)), ("genpareto", 0.4, (-0.3,)), ("weibull_min", 0.4, (1.4,)),
    ("weibull_max", -0.4, (1.4,)), ("invweibull", 1.4, (1.4,)), ("rayleigh", 0.4, ()),
    ("gompertz", 0.4, (1.4,)), ("gumbel_l", 0.4, ()), ("gumbel_r", 0.4, ()),
    ("genextreme", 0.4, (0.3,)), ("powerlaw", 0.4, (1.4,)),
], ids=lambda v: v if isinstance(v, str) else "")
def test_both_tails_agree_with_differences_in_all_parameters(name, x, shapes):
    distribution = getattr(stats, name)
    points = x * np.array([1.0, 1.3, 0.8])
    shapes = tuple(np.array([s, 1.1 * s, s]) for s in shapes)

    def total(points, loc, scale, *shapes):
        return np.sum(np.array([1.0, -2.0, 0.5]) * (
            distribution.logcdf(points, *shapes, loc, scale)
            + 0.7 * distribution.logsf(points, *shapes, loc, scale)))

    sd.check_grads(total, (points, 0.01, 1.1, *shapes))


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_what_lies_outside_or_is_not_allowed_has_no_slope():
    def slopes(f, *args):
        return sd.grad(lambda x, b: np.sum(f(x, b, *args[2:])), wrt=(0, 1))(*args[:2])

    for args in ((0.5, 2.0), (2.0, -1.0), (2.0, 1.0, 0.0, -1.0), (np.inf, 2.0), (-np.inf, 2.0)):
        assert slopes(stats.pareto.logcdf, *args) == (0.0, 0.0)
        assert sd.grad(sd.grad(lambda x, b: stats.pareto.logcdf(x, b, *args[2:]), wrt=1))(
            *args[:2]) == 0.0
    x = np.array([0.5, 2.0, 0.9])
    found = sd.grad(lambda x: np.sum(stats.pareto.logcdf(x, 2.0)))(x)
    np.testing.assert_allclose(found, [0.0, 1 / 3, 0.0])


def test_logarithms_that_are_huge_have_no_known_bend():
    # Of 16 digits the slope of a square of 3e4 has seven left, and its own has none.
    def f(x):
        return stats.lognorm.logsf(x, 0.0005)

    slope = sd.grad(f)(1e7)
    assert slope == pytest.approx(-np.log(1e7) / 0.0005**2 / 1e7, rel=1e-5)
    assert np.isnan(sd.grad(sd.grad(f))(1e7))
    assert sd.grad(sd.grad(lambda x: stats.expon.logsf(x)))(1e7) == 0.0
