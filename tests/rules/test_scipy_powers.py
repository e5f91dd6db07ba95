"""Exponentials, transforms, losses and integrals of `scipy.special` against finite differences."""

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff.rules.shared import rule_of
from tests.rules.checker import check_binary, check_rule, check_unary
from tests.rules.labels import label

special = pytest.importorskip("scipy.special")

BOTH = (float, complex)
UNARY = [
    (special.exprel, -2.0, 2.0, (float,)), (special.exprel, -1e-3, 1e-3, (float,)),
    (special.sindg, -90.0, 90.0, (float,)), (special.cosdg, -90.0, 90.0, (float,)),
    (special.tandg, -60.0, 60.0, (float,)), (special.cotdg, 20.0, 70.0, (float,)),
    (special.wrightomega, -2.0, 2.0, BOTH), (special.ndtri_exp, -3.0, -0.1, (float,)),
    (special.spence, 0.3, 2.0, BOTH), (special.sici, 0.3, 3.0, BOTH),
    (special.shichi, 0.3, 2.0, BOTH), (special.fresnel, -1.2, 1.2, BOTH),
    (special.modfresnelp, 0.3, 1.5, (float,)), (special.modfresnelm, 0.3, 1.5, (float,)),
    (special.itj0y0, 0.5, 3.0, (float,)), (special.iti0k0, 0.5, 3.0, (float,)),
    (special.it2j0y0, 0.5, 3.0, (float,)), (special.it2i0k0, 0.5, 3.0, (float,)),
    (special.itstruve0, -2.0, 2.0, (float,)), (special.itmodstruve0, -2.0, 2.0, (float,)),
    (special.it2struve0, 0.5, 3.0, (float,)),
]


@pytest.mark.parametrize(("target", "low", "high", "kinds"), UNARY, ids=label)
def test_a_function_of_one_array_agrees_with_differences(target, low, high, kinds):
    wide = target in (special.sindg, special.cosdg, special.tandg, special.cotdg)
    check_unary(target, low, high, kinds=kinds, step=1e-2 if wide else 1e-4)


def test_the_integrals_of_airy_functions_agree_with_differences():
    # SciPy's own values are right to some seven digits.
    for x in (-1.3, np.array([0.7, -0.4])):
        check_rule(special.itairy, x, step=3e-2, tol=1e-5)


PRIVATE = [
    ("_log1mexp", -3.0, -0.2), ("_log1pmx", -0.5, 2.0), ("_lgam1p", -0.5, 0.5),
    ("_sinpi", -2.0, 2.0), ("_cospi", -2.0, 2.0), ("_cosine_cdf", -3.0, 3.0),
    ("_cosine_invcdf", 0.1, 0.9),
]


@pytest.mark.parametrize(("name", "low", "high"), PRIVATE)
def test_what_distributions_compute_with_agrees_with_differences(name, low, high):
    if not hasattr(special._ufuncs, name):
        pytest.skip("this version of SciPy does without it")
    check_unary(getattr(special._ufuncs, name), low, high)


BINARY = [
    (special.powm1, 0.3, 2.0, (-2.0, 2.0)), (special.boxcox, 0.5, 2.0, (-1.0, 1.5)),
    (special.boxcox1p, -0.5, 2.0, (-1.0, 1.5)), (special.inv_boxcox, 0.2, 1.0, (0.3, 1.5)),
    (special.inv_boxcox1p, 0.2, 1.0, (-0.6, 1.5)), (special.huber, 0.1, 1.0, (1.2, 3.0)),
    (special.huber, 2.0, 3.0, (-1.5, 1.5)), (special.pseudo_huber, 0.3, 2.0, (-2.0, 2.0)),
    (special.owens_t, -2.0, 2.0, None), (special.tklmbda, -0.4, 0.4, (0.3, 1.4)),
]


@pytest.mark.parametrize(("target", "low", "high", "second"), BINARY, ids=label)
def test_a_function_of_two_arrays_agrees_with_differences(target, low, high, second):
    check_binary(target, low, high, second=second)


def test_angles_in_degrees_minutes_and_seconds_agree_with_differences():
    check_rule(special.radian, 12.0, 30.0, np.array([1.0, 7.0]))


@pytest.mark.parametrize("n", [0, 1, 2, 5])
def test_generalised_exponential_integrals_agree_with_differences(n):
    check_rule(special.expn, n, np.array([0.4, 1.7, 30.0]), wrt="x")
    check_rule(special.expn, np.array([[n], [3]]), np.array([0.4, 1.7]), wrt="x")


def pulled(target, *args):
    """The entries of a rule for a cotangent of one."""
    value, pullback = rule_of(target)(*args)
    return pullback(tuple(1.0 for _ in value) if isinstance(value, tuple) else 1.0)


def test_limits_at_zero_are_those_of_the_series():
    assert pulled(special.exprel, 0.0) == 0.5
    assert pulled(special.spence, 1.0) == -1.0
    assert rule_of(special.sici)(0.0)[1]((1.0, 0.0)) == 1.0
    assert rule_of(special.shichi)(0.0)[1]((1.0, 0.0)) == 1.0
    assert rule_of(special.it2j0y0)(0.0)[1]((1.0, 0.0)) == 0.0
    # An integral from x on of what begins as 2 / pi.
    assert pulled(special.it2struve0, 0.0) == -2 / np.pi


def test_relative_exponentials_keep_their_digits_everywhere():
    # The slope is (exp(x) - exprel(x)) / x, that is 1/2 + x/3 near 0 and 1 / x**2 far to the left.
    assert pulled(special.exprel, 1e-9) == pytest.approx(0.5 + 1e-9 / 3, rel=1e-15)
    assert pulled(special.exprel, -1e3) == pytest.approx(1e-6, rel=1e-12)
    assert pulled(special.exprel, np.inf) == np.inf and pulled(special.exprel, -np.inf) == 0.0
    for x in (-1.0, np.nextafter(-1, 0), 1.0, np.nextafter(1, 0)):
        slope = (np.exp(x) * (x - 1) + 1) / x**2
        assert pulled(special.exprel, x) == pytest.approx(slope, rel=1e-14)
    assert pulled(special.exprel, 50.0) == pytest.approx(np.exp(50.0) * 49 / 2500, rel=1e-13)


@pytest.mark.parametrize("power", [1e-12, -1e-12, 0.0])
def test_the_powers_of_box_and_cox_keep_their_digits_near_zero(power):
    for of, inverse, shift in ((special.boxcox, special.inv_boxcox, 0.0),
                               (special.boxcox1p, special.inv_boxcox1p, 1.0)):
        log = np.log(1.7 + shift)
        assert pulled(of, 1.7, power)[1] == pytest.approx(log * log / 2, rel=1e-9)
        # exp(log1p(l y) / l) has the slope -y**2 / 2 exp(y) at l = 0.
        assert pulled(inverse, 0.9, power)[1] == pytest.approx(-0.405 * np.exp(0.9), rel=1e-9)


def test_box_and_cox_at_the_edge_of_their_domain_have_the_slope_of_the_edge():
    # The value there is -1 / l.
    assert pulled(special.boxcox, 0.0, 2.0)[1] == 0.25
    assert pulled(special.boxcox1p, -1.0, 2.0)[1] == 0.25


def test_losses_at_their_kinks_take_the_smallest_slope():
    assert pulled(special.huber, 1.0, 1.0) == (0.0, 1.0)
    assert pulled(special.huber, 1.0, -3.0) == (2.0, -1.0)
    assert pulled(special.huber, -1.0, 3.0) == (0.0, 0.0)
    assert pulled(special.pseudo_huber, 0.0, 0.0) == (0.0, 0.0)
    # delta * |r| to first order.
    assert pulled(special.pseudo_huber, 0.0, -2.0) == (2.0, 0.0)
    assert pulled(special.pseudo_huber, 1e200, 3.0)[1] == 3.0


def test_rounding_has_no_derivative():
    assert np.array_equal(
        sd.grad(lambda x: np.sum(x * special.round(x)))(np.array([0.7, 2.2])), [1.0, 2.0])


SINGULAR = [
    (special.expn, (1, 0.0)), (special.expn, (0, 0.0)), (special.spence, (0.0,)),
    (special.sici, (0.0,)), (special.shichi, (0.0,)), (special.tandg, (90.0,)),
    (special.cotdg, (0.0,)), (special.powm1, (0.0, 0.5)), (special.boxcox1p, (-1.0, 0.5)),
    (special.boxcox, (0.0, -0.5)), (special.ndtri_exp, (0.0,)), (special.wrightomega, (-np.inf,)),
    (special.itj0y0, (0.0,)), (special.it2i0k0, (0.0,)),
]


@pytest.mark.parametrize(("target", "args"), SINGULAR, ids=label)
def test_where_a_slope_is_infinite_what_does_not_count_stays_zero(target, args):
    with np.errstate(all="ignore"):
        value, pullback = rule_of(target)(*args)
        entries = pullback((0.0, 0.0) if isinstance(value, tuple) else 0.0)
    known = [g for g in (entries if isinstance(entries, tuple) else [entries])
             if g is not NotImplemented]
    assert known
    assert all(g == 0.0 for g in known)


COMPILED = {
    "exprel": lambda x: np.sum(special.exprel(x) * x),
    "sici": lambda x: np.sum(special.sici(x)[0] * special.sici(x)[1]),
    "fresnel, one of two": lambda x: np.sum(special.fresnel(x)[1] ** 2),
    "complex": lambda x: np.sum(abs(special.spence(1 + 1j * x)) ** 2),
    "huber": lambda x: np.sum(special.huber(0.9, x)),
    "Box and Cox": lambda x: np.sum(special.inv_boxcox(special.boxcox(x, 0.3), x)),
    "Owen": lambda x: np.sum(special.owens_t(x, x * x)),
    "softplus": lambda x: np.sum(np.sin(special.log_softmax(x)) + special.softmax(x) ** 2),
    "logsumexp": lambda x: special.logsumexp(np.outer(x, x), axis=1, b=x)[0],
    "signs": lambda x: special.logsumexp(x, b=np.array([1.0, -2.0, 3.0]), return_sign=True)[0],
    "multigammaln": lambda x: np.sum(special.multigammaln(x + 1, 2)),
    "comb": lambda x: np.sum(special.comb(x + 2, 2) + special.comb(5.5, x, repetition=True)),
    "perm": lambda x: np.sum(special.perm(x + 3, 2)),
    "factorial": lambda x: np.sum(special.factorial(x)),
    "diric": lambda x: np.sum(special.diric(x, 3)),
}


@pytest.mark.parametrize("name", COMPILED)
def test_compiled_functions_agree_with_differences(name):
    sd.check_grads(COMPILED[name], (np.array([0.4, 1.7, 1.2]),))
