"""Slopes of special functions where a formula has 0 times infinity, or digits cancel."""

import numpy as np
import pytest

import s2sdiff as sd

special = pytest.importorskip("scipy.special")

CASES = {
    "beta where it vanishes": (lambda x: special.beta(x, [-0.5, -1.5]), 0.5),
    "beta where it vanishes, in b": (lambda x: special.beta(-0.5, x), 0.5),
    "(1 - J0) / x near 0": (lambda x: special.it2j0y0(x)[0], 1e-7),
    "(I0 - 1) / x near 0": (lambda x: special.it2i0k0(x)[0], 1e-7),
    "Ai where Bi is infinite": (lambda x: special.airy(x)[0], 150.0),
    "Fisher's at 0": (lambda n: special.fdtr(n, 2.0, 0.0), 1.0),
    "gamma's at 0": (lambda a: special.gdtr(a, 0.5, np.zeros(2)), 1.0),
}


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name", CASES)
def test_slopes_at_single_points_agree_with_differences(name):
    f, x = CASES[name]
    step = 1e-3 * x
    expected = (8 * (f(x + step) - f(x - step)) - (f(x + 2 * step) - f(x - 2 * step))) / (12 * step)
    expected = np.sum(expected)
    np.testing.assert_allclose(sd.grad(lambda x: np.sum(f(x)))(x), expected, rtol=1e-7)
    np.testing.assert_allclose(np.sum(sd.jvp(f, (x,), (1.0,))[1]), expected, rtol=1e-7)


@pytest.mark.filterwarnings("ignore:floating point number truncated")
@pytest.mark.parametrize("function", [special.yn, special.kn, special.expn])
def test_orders_that_a_function_truncates_are_truncated_in_its_slope(function):
    for whole in (0.0, 1.0):
        slopes = [sd.grad(lambda x, n=n: function(n, x))(1.3) for n in (whole, whole + 0.7)]
        assert slopes[0] == slopes[1]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_wrights_function_outside_of_its_domain_takes_no_part_in_other_slopes():
    def first(a, x):
        return special.wright_bessel(a, 1.0, x)[0]

    outside, inside = (sd.grad(first)(0.5, np.array([0.5, x])) for x in (-1.0, 1.0))
    assert outside == pytest.approx(inside, rel=1e-14)


def test_students_distribution_keeps_its_digits_in_the_degrees_near_the_middle():
    # The density at 0 is gamma((n + 1)/2) / gamma(n/2) / sqrt(n pi).
    n, t = 3.0, 1e-8
    log_slope = (special.digamma((n + 1) / 2) - special.digamma(n / 2) - 1 / n) / 2
    density = np.exp(-special.betaln(n / 2, 0.5)) / np.sqrt(n)
    assert sd.grad(special.stdtr)(n, t) == pytest.approx(t * density * log_slope, rel=1e-9)


@pytest.mark.parametrize("t", [-2.5, 0.001, 0.7, 8.0])
def test_students_distribution_keeps_its_digits_at_very_many_degrees(t):
    # To first order in 1/n, by the expansion of Abramowitz and Stegun, 26.7.5.
    n, normal = 1e10, np.exp(-t * t / 2) / np.sqrt(2 * np.pi)
    by_n = normal * (t**3 + t) / (4 * n**2)
    by_both = normal * (1 + 2 * t**2 - t**4) / (4 * n**2)
    found = sd.grad(special.stdtr, wrt=(0, 1))(n, t)
    np.testing.assert_allclose(found, (by_n, normal), rtol=1e-7)
    for outer, inner, slope in ((0, 0, -2 * by_n / n), (0, 1, by_both), (1, 0, by_both)):
        twice = sd.grad(lambda n, t, at=inner: sd.grad(special.stdtr, wrt=at)(n, t), wrt=outer)
        assert twice(n, t) == pytest.approx(slope, rel=1e-6)


@pytest.mark.parametrize("n, t", [(0.3, 40.0), (0.7, 1.51), (2.5, -1.4), (2.5, -30.0), (70.0, 6.0)])
def test_second_derivatives_of_students_distribution_agree_with_differences(n, t):
    sd.check_grads(lambda n, t: sd.grad(lambda n: np.log(special.stdtr(n, -abs(t))))(n), (n, t))


@pytest.mark.parametrize("x", [-1e-9, -1e-6, 0.0, 1e-6])
def test_the_slope_of_the_zeta_function_is_continuous_at_zero(x):
    # DLMF 25.6.11 and 25.6.12.
    assert sd.grad(special.zetac)(x) == pytest.approx(
        -np.log(2 * np.pi) / 2 - 2.0063564559085848 * x, rel=1e-11)
