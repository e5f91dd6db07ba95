"""Orthogonal polynomials, spherical harmonics, hypergeometric and elliptic functions of SciPy."""

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff.rules.shared import rule_of
from tests.right_or_refused import check_modes
from tests.rules.checker import check_binary, check_rule, check_unary
from tests.rules.labels import label

special = pytest.importorskip("scipy.special")

X = np.array([[-0.7, 0.2], [0.4, 0.9]])
PLAIN = [
    special.eval_legendre, special.eval_sh_legendre, special.eval_chebyt, special.eval_chebyu,
    special.eval_chebyc, special.eval_chebys, special.eval_sh_chebyt, special.eval_sh_chebyu,
    special.eval_laguerre, special.eval_hermite, special.eval_hermitenorm,
]


@pytest.mark.parametrize("target", PLAIN, ids=label)
def test_polynomials_agree_with_differences(target):
    for n in (0, 1, 2, 5, np.array([[0], [3]]), np.array([1, 4])):
        check_rule(target, n, X, wrt="x")
        check_rule(target, n, 0.3, wrt="x")
    if target not in (special.eval_hermite, special.eval_hermitenorm):
        check_rule(target, 2.5, np.abs(X), wrt="x")
        check_rule(target, 3, X + 0.5j, wrt="x")


ENDS = [(special.eval_legendre, 6.0), (special.eval_chebyt, 9.0), (special.eval_chebyu, 20.0)]


@pytest.mark.parametrize(("target", "slope"), ENDS, ids=label)
def test_polynomials_at_the_ends_of_the_interval_have_the_slope_of_the_text_books(target, slope):
    # n (n + 1) / 2, n**2 and n (n + 1) (n + 2) / 3 at 1, and the parity of n - 1 at -1.
    _, pullback = rule_of(target)(3, np.array([1.0, -1.0]))
    assert pullback(np.ones(2))[1] == pytest.approx(slope, rel=1e-14)


PARAMETERS = [
    (special.eval_genlaguerre, (1.3,)), (special.eval_gegenbauer, (0.7,)),
    (special.eval_gegenbauer, (0.0,)), (special.eval_jacobi, (0.7, 1.2)),
    (special.eval_jacobi, (-0.5, -0.5)), (special.eval_sh_jacobi, (2.5, 1.2)),
]


@pytest.mark.parametrize(("target", "parameters"), PARAMETERS, ids=label)
def test_polynomials_with_parameters_agree_with_differences_in_all(target, parameters):
    for n in (0, 1, 2, 5, np.array([[0], [4]])):
        check_rule(target, n, *parameters, X)
        if parameters[0] > 0:
            check_rule(target, n, *[np.array([p, p + 0.4]) for p in parameters], 0.3)
    check_rule(target, 3, *parameters, X + 0.5j, wrt="x")
    check_rule(target, np.array([[1], [3]]), *parameters, np.array([0.0, 0.3]))


def test_derivatives_in_a_degree_are_refused():
    with pytest.raises(sd.MissingDerivativeError, match="eval_legendre with respect to n"):
        sd.grad(lambda n: special.eval_legendre(n, 0.3))(2.5)


def test_legendre_functions_agree_with_differences():
    check_rule(special.lpmv, 1, 2.5, np.array([-0.4, 0.3]), wrt="x")
    check_rule(special.lpmv, np.array([[0], [2]]), 3, np.array([-0.4, 0.3]), wrt="x")
    _, pullback = rule_of(special.lpmv)(0, 3.0, np.array([1.0, -1.0]))
    assert pullback(np.ones(2))[2].tolist() == [6.0, 6.0]


HARMONIC = [
    ("legendre_p", (3,), {}), ("legendre_p_all", (3,), {}), ("assoc_legendre_p", (3, 1), {}),
    ("assoc_legendre_p", (3, 2), {"norm": True}), ("assoc_legendre_p_all", (3, 1), {}),
    ("sph_legendre_p", (3, 1), {}), ("sph_legendre_p_all", (3, 1), {}),
    ("sph_harm_y", (3, -2), {}), ("sph_harm_y", (np.array([[2], [3]]), 1), {}),
    ("sph_harm_y_all", (2, 1), {}),
]


@pytest.mark.parametrize(("name", "degrees", "more"), HARMONIC, ids=label)
@pytest.mark.parametrize("diff_n", [0, 1])
def test_functions_that_have_their_own_derivatives_agree_with_differences(
    name, degrees, more, diff_n
):
    target, more = getattr(special, name), {**more, "diff_n": diff_n}
    x = np.array([0.4, 0.7])
    if "sph_harm" in name:
        check_rule(target, *degrees, x, 0.3, wrt=("theta", "phi"), kwargs=more)
    else:
        wrt = "theta" if "sph" in name else "z"
        for at in (0.3, x, np.array([[0.2], [0.5]])):
            check_rule(target, *degrees, at, wrt=wrt, kwargs=more)


def test_the_last_derivative_that_scipy_has_is_refused():
    with pytest.raises(sd.UnsupportedError, match="diff_n"):
        sd.grad(lambda x: np.sum(special.legendre_p(3, x, diff_n=2)))(0.3)


# ------------------------------------------------------------------------- hypergeometric


def test_hypergeometric_functions_agree_with_differences_in_all_arguments():
    z = np.array([[-4.0, -0.6], [0.4, 0.8]])
    check_rule(special.hyp2f1, 0.7, 1.3, 2.2, z)
    # SciPy's values have fewer digits here.
    check_rule(special.hyp2f1, np.array([0.7, 2.4]), -1.3, 1.2, z, step=1e-2)
    check_rule(special.hyp2f1, 0.7, 1.3, 2.2, z + 0.3j)
    check_rule(special.hyp1f1, 0.7, 1.3, 5 * z)
    check_rule(special.hyp1f1, np.array([-2.0, 2.4]), 0.6, 3 * z)
    check_rule(special.hyp1f1, 0.7, 1.3, z + 0.3j)
    check_binary(special.hyp0f1, 0.4, 3.0, second=(-8.0, 8.0))
    check_rule(special.hyp0f1, 1.7, np.array([-300.0, -60.0, 90.0]))
    check_rule(special.hyp0f1, 1.7, z + 0.3j)
    # Far to the left the slope in v is known for real numbers alone.
    assert np.isnan(rule_of(special.hyp0f1)(1.7, -60.0 + 0.3j)[1](1.0)[0])
    check_rule(special.hyperu, 1.2, 2.3, np.array([0.4, 2.2]), wrt="x")


def test_hypergeometric_slopes_have_closed_forms_where_the_functions_have():
    # 2F1(a, b; b; z) is (1 - z)**-a, and 1F1(a; a; x) is exp(x).
    for z in (-30.0, -0.4, 0.6, 0.98, 0.3 + 0.5j):
        _, pullback = rule_of(special.hyp2f1)(0.7, 1.3, 1.3, z)
        of_a, of_b, of_c, _ = pullback(1.0)
        assert of_a == pytest.approx(-np.log(1 - z) * (1 - z) ** -0.7, rel=1e-12)
        assert of_b == pytest.approx(-of_c, rel=1e-10)
    for x in (-200.0, -3.0, 0.0, 40.0):
        _, pullback = rule_of(special.hyp1f1)(1.7, 1.7, x)
        of_a, of_b, _ = pullback(1.0)
        assert of_a == pytest.approx(-of_b, rel=1e-10)
    # Where the series ends; by mpmath.
    _, pullback = rule_of(special.hyp2f1)(-2.0, -1.3, 1.2, np.array([-4.0, 0.8]))
    assert pullback(np.array([1.0, 0.0]))[0] == pytest.approx(0.26378122114838, rel=1e-13)
    assert pullback(np.array([0.0, 1.0]))[0] == pytest.approx(-1.00242293556903, rel=1e-13)
    # Of (exp(x) - 1) / x = 1F1(1; 2; x), an integral over t of exp(x t).
    _, pullback = rule_of(special.hyp1f1)(1.0, 2.0, 3.0)
    assert pullback(1.0)[2] == pytest.approx((np.exp(3) * 2 + 1) / 9, rel=1e-13)


def test_slopes_whose_series_do_not_converge_are_not_numbers():
    assert np.isnan(rule_of(special.hyp2f1)(0.7, 1.3, 2.2, 0.9999)[1](1.0)[0])
    assert np.isnan(rule_of(special.hyp1f1)(0.7, 1.3, -900.0)[1](1.0)[0])


# ------------------------------------------------------------------------------- elliptic


@pytest.mark.parametrize(("target", "low", "high"), [
    (special.ellipk, -2.0, 0.9), (special.ellipe, -2.0, 0.9), (special.ellipkm1, 0.1, 2.0),
    (special.ellipk, -1e-3, 1e-3),
], ids=label)
def test_complete_elliptic_integrals_agree_with_differences(target, low, high):
    check_unary(target, low, high)


@pytest.mark.parametrize(("target", "low", "high", "second"), [
    (special.ellipkinc, -7.0, 7.0, (-1.5, 0.9)), (special.ellipeinc, -7.0, 7.0, (-1.5, 0.9)),
    (special.ellipj, -7.0, 7.0, (0.05, 0.9)), (special.agm, 0.3, 2.0, None),
], ids=label)
def test_elliptic_functions_of_two_arrays_agree_with_differences(target, low, high, second):
    check_binary(target, low, high, second=second)


def test_the_mean_of_negative_numbers_and_carlsons_integral_agree_with_differences():
    check_rule(special.agm, np.array([-0.4, -1.3]), -0.7)
    for scale in (1e-200, 1e200):
        pairs = [sd.grad(special.agm, wrt=(0, 1))(s * 0.3, s * 2.0) for s in (1.0, scale)]
        np.testing.assert_allclose(*pairs, rtol=1e-14)
    check_rule(special.elliprf, np.array([0.4, 1.3]), 0.7, np.array([[1.2], [0.7]]))
    check_rule(special.elliprf, 0.4 + 0.3j, 0.7, np.array([[1.2], [0.7 - 0.2j]]))


def test_elliptic_slopes_keep_their_digits_where_quotients_lose_them():
    # K is pi/2 (1 + m/4 + 9 m**2 / 64 + ...), E is pi/2 (1 - m/4 - 3 m**2 / 64 - ...).
    for m in (0.0, 1e-12):
        _, pullback = rule_of(special.ellipk)(m)
        assert pullback(1.0) == pytest.approx(np.pi / 8 * (1 + 9 * m / 8), rel=1e-14)
        _, pullback = rule_of(special.ellipe)(m)
        assert pullback(1.0) == pytest.approx(-np.pi / 8 * (1 + 3 * m / 8), rel=1e-14)
    # At 0, sn is sin; its slope is (sin(2u)/2 - u) cos(u) / 4 (DLMF 22.10).
    _, pullback = rule_of(special.ellipj)(0.8, 0.0)
    expected = (np.sin(1.6) / 2 - 0.8) * np.cos(0.8) / 4
    assert pullback((1.0, 0.0, 0.0, 0.0))[1] == pytest.approx(expected, rel=1e-14)
    assert rule_of(special.agm)(1.5, 1.5)[1](1.0) == pytest.approx((0.5, 0.5))


def test_the_whole_slope_at_the_pole_is_infinite_and_a_masked_one_zero():
    _, pullback = rule_of(special.ellipk)(np.array([1.0, 1.0]))
    assert pullback(np.array([1.0, 0.0])).tolist() == [np.inf, 0.0]


COMPILED = {
    "eval_legendre": lambda x: np.sum(special.eval_legendre(3, x) ** 2),
    "legendre": lambda x: np.sum(special.legendre(3)(x)),
    "hermite": lambda x: np.sum(special.hermite(3)(x)),
    "assoc_laguerre": lambda x: np.sum(special.assoc_laguerre(x, 3, 1.5)),
    "jacobi": lambda x: np.sum(special.eval_jacobi(3, x, x**2, 0.3)),
    "jacobi of a broken degree": lambda x: np.sum(
        special.eval_jacobi([1.5, 2, -0.5], x, x**2, 0.3)),
    "gegenbauer of a broken degree": lambda x: np.sum(special.eval_gegenbauer(
        [0.5, 2, 1.5], x, 0.8 * x)),
    "laguerre of a broken degree": lambda x: np.sum(special.eval_genlaguerre(1.5, x, x)),
    "hyp1f1": lambda x: np.sum(special.hyp1f1(x, 1.7, x)),
    "hyp2f1": lambda x: np.sum(special.hyp2f1(x, 1.2, 2.3, -x)),
    "ellipj": lambda x: np.sum(special.ellipj(x, 0.4)[2] * special.ellipj(1.2, x)[0]),
    "pendulum": lambda x: np.sum(special.ellipk(np.sin(x / 2) ** 2) / special.agm(x, 1.0)),
}


@pytest.mark.parametrize("name", COMPILED)
def test_compiled_functions_agree_with_differences(name):
    check_modes(COMPILED[name], (np.array([0.4, 0.7, 0.85]),))


def test_compiled_harmonics_agree_with_differences():
    x = np.array([0.4, 0.9])
    sd.check_grads(lambda x: np.sum(special.sph_harm_y(3, 2, x, x**2).real), (x,))


def test_legendre_functions_have_slopes_at_both_ends():
    # P2' = 3 x, P3' = (15 x**2 - 3) / 2.
    for v, x, slope in ((2, -1.0, -3.0), (2, 1.0, 3.0), (3, -1.0, 6.0), (3, 1.0, 6.0)):
        assert rule_of(special.lpmv)(0, v, x)[1](1.0)[2] == pytest.approx(slope, rel=1e-14)


@pytest.mark.parametrize("target", [special.ellipk, special.ellipe])
def test_infinite_slopes_of_elliptic_integrals_do_not_reach_what_nobody_asks_for(target):
    assert rule_of(target)(1.0)[1](0.0) == 0.0
    assert np.isinf(rule_of(target)(1.0)[1](1.0))
