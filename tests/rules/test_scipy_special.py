"""SciPy's special functions against finite differences."""

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff.rules.shared import rule_of
from tests.rules.checker import check_binary, check_rule, check_unary
from tests.rules.labels import label

special = pytest.importorskip("scipy.special")

BOTH = (float, complex)
UNARY = [
    (special.erf, -2.0, 2.0, BOTH), (special.erfc, -2.0, 2.0, BOTH),
    (special.erfcx, -2.0, 2.0, BOTH), (special.erfi, -1.0, 1.0, BOTH),
    (special.dawsn, -2.0, 2.0, BOTH), (special.wofz, 0.1, 2.0, (complex,)),
    (special.erfinv, -0.8, 0.8, (float,)), (special.erfcinv, 0.2, 1.8, (float,)),
    (special.ndtr, -2.0, 2.0, BOTH), (special.log_ndtr, -3.0, 2.0, BOTH),
    (special.ndtri, 0.1, 0.9, (float,)), (special.expit, -3.0, 3.0, (float,)),
    (special.log_expit, -3.0, 3.0, (float,)), (special.logit, 0.1, 0.9, (float,)),
    (special.expm1, -2.0, 2.0, BOTH), (special.exp2, -2.0, 2.0, (float,)),
    (special.exp10, -1.0, 1.0, (float,)), (special.log1p, -0.5, 2.0, BOTH),
    (special.cbrt, 0.3, 2.0, (float,)), (special.cosm1, -2.0, 2.0, (float,)),
    (special.entr, 0.2, 2.0, (float,)), (special.exp1, 0.3, 2.0, BOTH),
    (special.expi, 0.3, 2.0, BOTH), (special.lambertw, 0.3, 2.0, BOTH),
    (special.gamma, 0.5, 3.0, BOTH), (special.gamma, -1.8, -1.2, (float,)),
    (special.gammaln, 0.5, 3.0, (float,)), (special.loggamma, 0.5, 3.0, BOTH),
    (special.rgamma, 0.5, 3.0, BOTH), (special.digamma, 0.5, 3.0, BOTH),
    (special.zeta, 1.5, 4.0, (float,)), (special.zeta, -6.5, 0.5, (float,)),
    (special.zetac, 1.5, 4.0, (float,)), (special.digamma, -1.8, -1.2, BOTH),
]


@pytest.mark.parametrize(("target", "low", "high", "kinds"), UNARY, ids=label)
def test_a_function_of_one_array_agrees_with_differences(target, low, high, kinds):
    check_unary(target, low, high, kinds=kinds)


BINARY = [
    (special.xlogy, 0.3, 2.0, None), (special.xlog1py, 0.3, 2.0, None),
    (special.rel_entr, 0.3, 2.0, None), (special.kl_div, 0.3, 2.0, None),
    (special.beta, 0.5, 2.0, None), (special.betaln, 0.5, 2.0, None),
    (special.binom, 2.1, 4.0, (0.3, 1.9)), (special.zeta, 1.3, 4.0, (0.3, 2.0)),
    (special.poch, 0.5, 2.0, None),
]


@pytest.mark.parametrize(("target", "low", "high", "second"), BINARY, ids=label)
def test_a_function_of_two_arrays_agrees_with_differences(target, low, high, second):
    check_binary(target, low, high, second=second)


def test_polygamma_agrees_with_differences_in_its_argument():
    for x in (1.3, np.array([0.7, 1.9]), np.array([[0.7], [1.4]])):
        check_rule(special.polygamma, 1, x, wrt="x")
    check_rule(special.polygamma, np.array([[2], [3], [4]]), np.array([0.7, 1.9]), wrt="x")


@pytest.mark.parametrize("z", [0.3 + 0.1j, -2.7 + 0.4j, -3.4 - 0.2j, 15.0 - 8.0j, -0.5 + 250.0j])
def test_the_slope_of_digamma_agrees_with_differences_all_over_the_plane(z):
    check_rule(special.digamma, z, step=1e-2 * abs(z.imag), tol=1e-8)


def test_gamma_functions_have_the_slopes_of_their_zeros():
    # 1 / gamma behaves like (-1)**n n! (z + n) at -n (DLMF 5.7.1 and 5.5.3).
    _, pullback = rule_of(special.rgamma)(np.array([0.0, -1.0, -2.0, -3.0]))
    assert pullback(np.ones(4)).tolist() == [1.0, -1.0, 2.0, -6.0]
    for x, y in ((4.0, 6.0), (2.5, -2.0), (3.0, 4.0)):
        check_rule(special.binom, x, y)


def test_the_zeta_function_has_known_slopes():
    # DLMF 25.6.11 at 0; zeta'(-2) = -zeta(3) / (4 pi**2); by mpmath at 2 and near the pole.
    slopes = sd.vjp(special.zeta, np.array([0.0, -2.0, 2.0, 1.001]))[1](np.ones(4))
    assert slopes == pytest.approx([
        -np.log(2 * np.pi) / 2, -special.zeta(3) / (4 * np.pi**2), -0.937548254315844,
        -999999.927194066], rel=1e-12)


def test_a_voigt_profile_agrees_with_differences():
    for x in (0.4, np.array([0.2, 0.7])):
        check_rule(special.voigt_profile, 3 * x, 0.9, 0.7)
    check_rule(special.voigt_profile, 0.3, np.array([0.5, 1.1]), np.array([[0.4], [0.2]]))
    # Cauchy's profile, and one that is nearly so; the one of Gauss.
    check_rule(special.voigt_profile, 0.3, 0.0, np.array([0.5, 1.1]), wrt=("x", "gamma"))
    check_rule(special.voigt_profile, 0.3, 1e-3, 0.7, wrt=("x", "gamma"))
    check_rule(special.voigt_profile, 0.3, 0.7, 0.0, wrt=("x", "sigma"))
    assert rule_of(special.voigt_profile)(0.3, 0.0, 0.5)[1](1.0)[1] == 0.0


def test_a_masked_infinite_slope_stays_zero():
    def loss(x):
        return np.sum(np.where(x > 0, special.xlogy(x, x), 0.0))

    with np.errstate(all="ignore"):
        assert np.array_equal(sd.grad(loss)(np.array([0.0, 1.0])), [0.0, 1.0])


def test_the_rules_of_a_ufunc_are_found_by_the_compiler():
    def loss(x):
        return np.sum(special.erf(x) * special.gammaln(x))

    sd.check_grads(loss, (np.array([0.4, 1.7, 2.2]),))


def test_an_unknown_slope_is_refused():
    with pytest.raises(sd.MissingDerivativeError, match="a derivative of pbdv"):
        sd.grad(lambda v: special.pbdv(v, 1.3)[0])(1.5)


def test_error_functions_far_from_zero_keep_their_digits():
    # To leading orders -1 / (sqrt(pi) x**2), -1 / (2 x**2), -i / (sqrt(pi) z**2) (DLMF 7.12.1).
    for x in (1e4, 1e7):
        u = 1 / x**2
        assert rule_of(special.erfcx)(x)[1](1.0) == pytest.approx(
            -u / np.sqrt(np.pi) * (1 - 1.5 * u), rel=1e-14, abs=0.0)
        for sign in (1, -1):
            assert rule_of(special.dawsn)(sign * x)[1](1.0) == pytest.approx(
                -u / 2 * (1 + 1.5 * u), rel=1e-14, abs=0.0)
        v = 1 / (x * (1 + 1j)) ** 2
        assert rule_of(special.wofz)(x * (1 + 1j))[1](1.0) == pytest.approx(
            -1j / np.sqrt(np.pi) * v * (1 + 1.5 * v), rel=1e-14, abs=0.0)
    # On both sides of where the series begins.
    for x in (29.9, 30.1, 40.0):
        check_rule(special.erfcx, x, step=0.1)
        check_rule(special.dawsn, -x, step=0.1)
        check_rule(special.wofz, x + 1j, step=0.1)


@pytest.mark.parametrize(("x", "rel"), [(5.0, 1e-12), (30.1, 1e-14), (40.0, 1e-14)])
def test_the_slope_of_the_scaled_error_function_is_an_integral(x, rel):
    # Of erfcx(x) = 2 / sqrt(pi) * (integral of exp(-t**2 - 2 x t) over t > 0), s = 2 x t.
    s, weights = np.polynomial.laguerre.laggauss(16)
    slope = -np.sum(weights * s * np.exp(-np.square(s / (2 * x)))) / (np.sqrt(np.pi) * x * x)
    assert rule_of(special.erfcx)(x)[1](1.0) == pytest.approx(slope, rel=rel, abs=0.0)


def test_logarithms_of_small_probabilities_keep_their_digits():
    # The slope of log_ndtr is -x - 1/x + 2/x**3 to the left (DLMF 7.12); its inverse has 1 / it.
    for x in (-1e4, -1e8):
        slope = -x - 1 / x + 2 / x**3
        assert rule_of(special.log_ndtr)(x)[1](1.0) == pytest.approx(slope, rel=1e-14)
        y = special.log_ndtr(x)
        assert rule_of(special.ndtri_exp)(y)[1](1.0) == pytest.approx(1 / slope, rel=1e-9)
    assert rule_of(special.log_ndtr)(50.0)[1](1.0) == 0.0


@pytest.mark.parametrize(("target", "args"), [
    (special.logit, (0.0,)), (special.log1p, (-1.0,)), (special.xlogy, (0.0, 0.0)),
    (special.xlog1py, (0.0, -1.0)), (special.rel_entr, (0.0, 0.0)), (special.kl_div, (1.0, 0.0)),
    (special.entr, (0.0,)), (special.erfinv, (1.0,)), (special.ndtri, (0.0,)),
    (special.exp1, (0.0,)), (special.expi, (0.0,)), (special.cbrt, (0.0,)),
], ids=label)
def test_at_poles_nothing_raises_and_what_does_not_count_stays_zero(target, args):
    for at in (args, tuple(np.array([a, a]) for a in args)):
        with np.errstate(all="ignore"):
            _, pullback = rule_of(target)(*at)
            entries = pullback(0.0 * at[0] if np.ndim(at[0]) else 0.0)
        for g in entries if isinstance(entries, tuple) else [entries]:
            assert np.all(g == 0.0)
