"""Slopes of special functions where a formula has 0 times infinity, or digits cancel."""

import numpy as np
import pytest

import s2sdiff as sd

special = pytest.importorskip("scipy.special")
stats = pytest.importorskip("scipy.stats")

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


@pytest.mark.parametrize("function, args, slopes", [
    (special.elliprg, (2.0, 0.0, 0.0), (1 / (4 * np.sqrt(2.0)), np.inf, np.inf)),
    (special.elliprg, (2.0, 3.0, 0.0), (None, None, special.elliprf(2.0, 3.0, 0.0) / 4)),
    (special.beta, (-1.0, 1.0), (-1.0, None)), (special.beta, (2.0, -3.0), (None, 5 / 36)),
    (special.betaln, (-3.0, 2.0), (5 / 6, None)),
    (special.gdtrib, (0.5, 1.0, 0.5), (0.0, -1 / special.exp1(0.25), 0.0)),
    (special.chdtriv, (1.0, 0.5), (-2 / special.exp1(0.25), 0.0)),
    (special.ncfdtr, (0.5, 0.5, 0.5, 0.0), (0.0, 0.0, 0.0, None)),
    (special.ncfdtr, (2.0, 1.0, 0.5, 0.0), (0.0, 0.0, 0.0, np.exp(-0.25))),
    (special.chndtr, (0.0, 2.0, 0.5), (None, 0.0, None)),
    (special.ellipeinc, (0.5, 1.0), (None, (np.sin(0.5) - np.arctanh(np.sin(0.5))) / 2)),
    (special.gammainc, (0.0, 1.3), (-special.exp1(1.3), 0.0)),
    (special.gammaincc, (0.0, 0.2), (special.exp1(0.2), 0.0)),
    (special.gdtr, (2.0, 0.0, 0.5), (0.0, -special.exp1(1.0), 0.0)),
    (special.gammainc, (2.0, np.inf), (0.0, 0.0)), (special.gammainc, (np.inf, 2.0), (0.0, 0.0)),
    (special.fdtr, (1.0, 2.0, np.inf), (0.0, 0.0, 0.0)), (special.kl_div, (0.0, 0.0), (None, 1.0)),
    (special.owens_t, (0.0, np.inf), (0.0, 0.0)), (special.inv_boxcox, (-1.0, 1.0), (1.0, -1.0)),
    (special.nbdtrik, (0.5, 1.0, 1e-9), (-2 / np.log1p(-1e-9), None, None)),
    (special.nctdtr, (np.inf, 0.5, 1.2), (0.0, -stats.norm.pdf(0.7), stats.norm.pdf(0.7))),
])
def test_where_a_slope_exists_it_is_no_nan(function, args, slopes):
    # Closed forms, and at (2, 1): P = 1 - exp(-x) to first order in x.
    for found in (sd.grad(function, wrt=tuple(range(len(args))))(*args), [
            sd.jvp(function, args, tuple(map(float, row)))[1] for row in np.eye(len(args))]):
        for one, slope in zip(found, slopes, strict=True):
            assert slope is None or one == pytest.approx(slope, rel=1e-9, abs=1e-12)


def test_gausss_function_has_slopes_in_its_parameters_at_one():
    sd.check_grads(lambda a, b, c: special.hyp2f1(a, b, c, 1.0), (0.3, 0.2, 1.5))
    with pytest.warns(RuntimeWarning, match="converges badly"):
        assert np.isnan(sd.grad(special.hyp2f1)(0.7, 1.3, 2.2, 0.9999))


@pytest.mark.parametrize("function", [
    special.eval_legendre, special.eval_chebyu, special.eval_sh_legendre])
def test_the_polynomial_of_degree_minus_one_is_constant(function):
    assert sd.grad(lambda x: function(-1.0, x))(0.7) == 0.0


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("f", [
    special.digamma, special.zetac, lambda x: special.beta(x, 0.5), lambda x: special.kv(x, x),
    lambda x: special.eval_legendre(0.5, x), lambda x: special.binom(x - 1.0, x),
    lambda x: special.poch(x - 0.5, x - 0.5), lambda x: special.struve(0.5, x),
    lambda x: special.pseudo_huber(x, 0.0 * x), lambda x: special.fdtr(x, 1.0, x),
    lambda x: special.hyp1f1(x, x, 0.5), lambda x: special.mathieu_b(1, np.sqrt(x)),
    lambda x: special.voigt_profile(x, x, x), lambda x: special.jv(0.5, x),
])
def test_a_pole_that_is_left_out_takes_no_part(f):
    bad = 1.0 if f is special.zetac else -1.0 if np.isfinite(f(np.zeros(1)))[0] else 0.0
    kept, x = np.array([False, True]), np.array([bad, 1.7])
    found = sd.grad(lambda x: np.sum(np.where(kept, f(x), 0.0)))(x)
    assert found[0] == 0.0
    assert found[1] == pytest.approx(sd.grad(lambda x: f(x))(1.7), rel=1e-12)


@pytest.mark.parametrize("function", [special.jv, special.iv, special.ive, special.jve])
def test_an_order_that_moves_alone_at_zero_has_no_share_of_the_slope_there(function):
    assert sd.jvp(function, (0.5, 0.0), (1.0, 0.0))[1] == 0.0


#: Of each a closed form: Cauchy's profile, a polynomial's own, the leading term.
SINGLE = {
    "Macdonald's order, at infinity": (lambda v: special.kv(v, np.inf), 0.5, 0.0),
    "a constant": (lambda z: special.hyp2f1(0.0, 1.0, 1.0, z), 2.0, 0.0),
    "a narrow profile": (lambda s: special.voigt_profile(1.0, s, 0.5), 1e-6,
                         1e-6 * 2.75 / np.pi / 1.25**3),
    "a power": (lambda b: special.hyp2f1(1.0, b, 1.0, -1.5), 50.0, -np.log(2.5) * 2.5**-50.0),
    "Jacobi's, in a": (lambda a: special.eval_jacobi(1, a, -1.0, 0.5), -1.0, 0.75),
    "Legendre's turned back": (lambda x: special.eval_legendre(-2, x), 0.3, 1.0),
    "Chebyshev's turned back": (lambda x: special.eval_chebyu(-3, x), 0.3, -2.0),
    "Gegenbauer's, vanishing": (lambda a: special.eval_gegenbauer(0.5, a, 1.0), 0.0, 4.0),
    "Legendre's function": (lambda x: special.lpmv(0, -2, x), -1.0, 1.0),
    "Legendre's of order 1": (lambda x: special.lpmv(1, 1, x), -1.0, -np.inf),
    "Legendre's of order 2": (lambda x: special.lpmv(2, 2, x), 1.0, -6.0),
    "a root": (lambda x: special.jve(0.5, x), 0.0, np.inf),
    "a root, scaled": (lambda x: special.ive(0.5, x), 0.0, np.inf),
    "I1, scaled": (special.i1e, 1e10, -0.5e-10 * special.i1e(1e10)),
    "K1, scaled": (special.k1e, 1e10, -0.5e-10 * special.k1e(1e10)),
    "Struve's of 2": (lambda x: special.struve(2.0, x), 1e10,
                    2 / (3 * np.pi) + special.yvp(2, 1e10)),
    "Kelvin's": (special.keip, 0.0, np.inf),
}


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name", SINGLE)
def test_at_single_points_the_slope_is_that_of_a_closed_form(name):
    f, x, slope = SINGLE[name]
    for found in (sd.grad(f)(x), sd.jvp(f, (x,), (1.0,))[1],
                  sd.grad(lambda x: np.sum(f(x)))(np.array([x]))[0]):
        assert found == pytest.approx(slope, rel=1e-7, abs=1e-300)


def test_second_derivatives_of_the_incomplete_gamma_function_reach_a_shape_of_zero():
    slope = sd.grad(special.gammainc)
    for x in (0.3, 2.5):
        for h in (sd.grad(lambda a, x=x: slope(a, x)), sd.grad(lambda a, x=x: sd.grad(
                special.gammainc, wrt=1)(a, x))):
            assert h(0.0) == pytest.approx(h(1e-7), rel=1e-5)
        assert sd.grad(slope, wrt=1)(0.0, x) == pytest.approx(np.exp(-x) / x, rel=1e-12)


def test_orders_of_bessel_functions_far_away_are_told_of():
    with pytest.warns(RuntimeWarning, match="in its order is not known"):
        assert np.isnan(sd.grad(special.jv)(0.5, 1e7))
    assert np.isnan(sd.grad(special.jv)(np.inf, 1.0))
    assert np.isfinite(sd.grad(special.yv)(-700.5, 710.0))


def test_polynomials_of_very_high_degree_do_not_take_for_ever():
    with pytest.warns(RuntimeWarning, match="converges badly"):
        assert np.isnan(sd.grad(special.eval_genlaguerre, wrt=1)(1e10, 0.5, 0.3))
    with pytest.warns(RuntimeWarning):
        assert np.isnan(sd.grad(special.eval_gegenbauer, wrt=1)(np.inf, 0.5, 1.0))
