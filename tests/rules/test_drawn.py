"""Samples of `numpy.random` against differences, for which the same numbers are drawn again."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.rules.whole import check_both

WITH_PLACE = ("normal", "laplace", "gumbel", "logistic", "lognormal", "uniform")
PLACES, SCALES = np.array([0.3, -0.8]), np.array([[1.2], [2.5], [0.4]])


@pytest.mark.parametrize("made", [np.random.default_rng, np.random.RandomState])
@pytest.mark.parametrize("name", WITH_PLACE)
def test_a_sample_moves_with_its_place_and_its_scale(name, made):
    def draw(*args, **kwargs):
        return getattr(made(3), name)(*args, **kwargs)

    check_both(lambda a, b: draw(a, b), 0.3, 1.2)
    check_both(lambda a, b: draw(a, b, size=(3, 2)), PLACES, 1.2)
    check_both(lambda a, b: draw(a, b + 1.0), PLACES, SCALES)
    check_both(lambda a, b: draw(a, b), PLACES[:0], 1.2)
    value, pullback = sd.vjp(lambda a: draw(a, 1.5), PLACES.astype(np.float32))
    assert pullback(np.ones_like(value)).dtype == np.float32


@pytest.mark.parametrize("made", [np.random.default_rng, np.random.RandomState])
def test_a_sample_moves_with_its_scale_alone(made):
    for name in ("exponential", "rayleigh", "weibull"):
        check_both(lambda a, name=name: getattr(made(3), name)(a, 4), 1.2)
        check_both(lambda a, name=name: getattr(made(3), name)(a), SCALES)
    check_both(lambda a: made(3).gamma(2.0, scale=a, size=4), 1.2)
    check_both(lambda a: made(3).normal(scale=a, size=4), 1.2)
    with pytest.raises(sd.DifferentiationError, match="gamma.*not known"):
        sd.grad(lambda a: made(3).gamma(a, 1.0))(2.0)


def test_all_is_drawn_once_and_in_order_also_what_nobody_reads():
    def walk(a, b):
        rng = np.random.default_rng(0)
        rng.normal(a, b)
        total = a
        for _ in range(4):
            total = 0.5 * total + rng.normal(a, b) * np.sin(total) + rng.uniform(total, total + 1.0)
        return total

    def legacy(a, b):
        np.random.seed(3)
        return np.random.normal(a, b, 3) * np.random.exponential(b)

    check_both(walk, 0.3, 1.2)
    check_both(legacy, 0.3, 1.2)


def test_a_pullback_belongs_to_the_draw_of_its_call():
    rng = np.random.default_rng(0)
    found = sd.jacrev(lambda s: rng.lognormal(s[0], s[1], 3))(np.array([0.4, 0.9]))
    # The slopes are the sample, and the sample times what was drawn: (log sample - 0.4) / 0.9.
    sample = np.random.default_rng(0).lognormal(0.4, 0.9, 3)
    np.testing.assert_allclose(
        found, np.stack([sample, sample * (np.log(sample) - 0.4) / 0.9], -1))


def test_a_sample_of_scale_zero_moves_with_its_place_alone():
    assert sd.grad(lambda a: np.random.default_rng(0).normal(a, 0.0))(0.3) == 1.0
    with pytest.raises(sd.UnsupportedError, match=r"scale 0.*Instead, write loc \+ scale"):
        sd.grad(lambda b: np.random.default_rng(0).normal(0.3, b))(0.0)
