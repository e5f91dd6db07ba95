"""SciPy's special functions against finite differences."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.rules.checker import check_binary, check_rule, check_unary
from tests.rules.labels import label

special = pytest.importorskip("scipy.special")

BOTH = (float, complex)
UNARY = [
    (special.erf, -2.0, 2.0, BOTH), (special.erfc, -2.0, 2.0, BOTH),
    (special.erfcx, -2.0, 2.0, (float,)), (special.erfi, -1.0, 1.0, (float,)),
    (special.dawsn, -2.0, 2.0, (float,)), (special.wofz, 0.1, 2.0, (complex,)),
    (special.erfinv, -0.8, 0.8, (float,)), (special.erfcinv, 0.2, 1.8, (float,)),
    (special.ndtr, -2.0, 2.0, (float,)), (special.log_ndtr, -3.0, 2.0, (float,)),
    (special.ndtri, 0.1, 0.9, (float,)), (special.expit, -3.0, 3.0, (float,)),
    (special.log_expit, -3.0, 3.0, (float,)), (special.logit, 0.1, 0.9, (float,)),
    (special.expm1, -2.0, 2.0, BOTH), (special.exp2, -2.0, 2.0, (float,)),
    (special.exp10, -1.0, 1.0, (float,)), (special.log1p, -0.5, 2.0, BOTH),
    (special.cbrt, 0.3, 2.0, (float,)), (special.cosm1, -2.0, 2.0, (float,)),
    (special.entr, 0.2, 2.0, (float,)), (special.exp1, 0.3, 2.0, BOTH),
    (special.expi, 0.3, 2.0, (float,)), (special.lambertw, 0.3, 2.0, BOTH),
    (special.gamma, 0.5, 3.0, BOTH), (special.gamma, -1.8, -1.2, (float,)),
    (special.gammaln, 0.5, 3.0, (float,)), (special.loggamma, 0.5, 3.0, BOTH),
    (special.rgamma, 0.5, 3.0, BOTH), (special.digamma, 0.5, 3.0, (float,)),
    (special.digamma, -1.8, -1.2, (float,)),
    (special.j0, -3.0, 3.0, (float,)), (special.j1, -3.0, 3.0, (float,)),
    (special.y0, 0.4, 3.0, (float,)), (special.y1, 0.4, 3.0, (float,)),
    (special.i0, -3.0, 3.0, (float,)), (special.i1, -3.0, 3.0, (float,)),
    (special.i0e, 0.2, 3.0, (float,)), (special.i1e, -3.0, -0.2, (float,)),
    (special.k0, 0.4, 3.0, (float,)), (special.k1, 0.4, 3.0, (float,)),
    (special.k0e, 0.4, 3.0, (float,)), (special.k1e, 0.4, 3.0, (float,)),
]


@pytest.mark.parametrize(("target", "low", "high", "kinds"), UNARY, ids=label)
def test_a_function_of_one_array_agrees_with_differences(target, low, high, kinds):
    check_unary(target, low, high, kinds=kinds)


BINARY = [
    (special.xlogy, 0.3, 2.0, None), (special.xlog1py, 0.3, 2.0, None),
    (special.rel_entr, 0.3, 2.0, None), (special.kl_div, 0.3, 2.0, None),
    (special.beta, 0.5, 2.0, None), (special.betaln, 0.5, 2.0, None),
    (special.binom, 2.1, 4.0, (0.3, 1.9)), (special.poch, 0.5, 2.0, None),
]


@pytest.mark.parametrize(("target", "low", "high", "second"), BINARY, ids=label)
def test_a_function_of_two_arrays_agrees_with_differences(target, low, high, second):
    check_binary(target, low, high, second=second)


ARGUMENT = [
    (special.jv, 1.5), (special.yv, 1.5), (special.iv, 1.5), (special.kv, 1.5),
    (special.gammainc, 1.7), (special.gammaincc, 1.7), (special.zeta, 2.5), (special.polygamma, 1),
]


@pytest.mark.parametrize(("target", "order"), ARGUMENT, ids=label)
def test_a_function_with_an_order_agrees_with_differences_in_its_argument(target, order):
    for x in (1.3, np.array([0.7, 1.9]), np.array([[0.7], [1.4]])):
        name = {special.zeta: "q", special.jv: "z", special.yv: "z", special.iv: "z",
                special.kv: "z"}.get(target, "x")
        check_rule(target, order, x, wrt=name)
    check_rule(target, np.array([[2], [3], [4]]), np.array([0.7, 1.9]), wrt=name)


def test_incomplete_functions_and_their_inverses_agree_with_differences():
    for x in (0.4, np.array([0.2, 0.7])):
        check_rule(special.betainc, 1.7, 2.3, x, wrt="x")
        check_rule(special.betaincinv, 1.7, 2.3, x, wrt="y")
        check_rule(special.gammaincinv, 1.7, x, wrt="y")
        check_rule(special.voigt_profile, 3 * x, 0.9, 0.7)
    check_rule(special.voigt_profile, 0.3, np.array([0.5, 1.1]), np.array([[0.4], [0.2]]))


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
    with pytest.raises(sd.MissingDerivativeError, match="hankel1 with respect to v"):
        sd.grad(lambda v: abs(special.hankel1(v, 1.3)))(1.5)
