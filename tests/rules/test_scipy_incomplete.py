"""Incomplete gamma and beta functions, and the distributions made of them: all their arguments."""

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff.rules.shared import rule_of
from tests.rules.checker import check_binary, check_rule
from tests.rules.labels import label

special = pytest.importorskip("scipy.special")

BINARY = [
    (special.gammainc, 0.5, 4.0, None), (special.gammaincc, 0.5, 4.0, None),
    (special.gammaincinv, 0.5, 4.0, (0.1, 0.9)), (special.gammainccinv, 0.5, 4.0, (0.1, 0.9)),
    (special.chdtr, 0.8, 5.0, None), (special.chdtrc, 0.8, 5.0, None),
    (special.chdtri, 0.8, 5.0, (0.1, 0.9)), (special.pdtrik, 0.2, 0.8, (3.0, 5.0)),
    (special.stdtr, 0.8, 5.0, (-2.0, 2.0)), (special.stdtrit, 1.2, 5.0, (0.1, 0.9)),
]


@pytest.mark.parametrize(("target", "low", "high", "second"), BINARY, ids=label)
def test_a_function_of_two_arrays_agrees_with_differences(target, low, high, second):
    # Where SciPy searches for the value, it has fewer digits.
    found = target in (special.pdtrik, special.stdtrit)
    check_binary(target, low, high, second=second, step=3e-3 if found else 3e-4,
                 tol=1e-5 if found else 1e-6)


P = np.array([0.2, 0.65])
SEVERAL = [
    (special.betainc, (1.7, np.array([[0.6], [2.3]]), P), None, 1e-4),
    (special.betainc, (np.array([0.4, 3.0]), 0.5, 0.4), None, 1e-4),
    (special.betaincc, (1.7, np.array([[0.6], [2.3]]), P), None, 1e-4),
    (special.betaincinv, (1.7, np.array([[0.6], [2.3]]), P), None, 1e-4),
    (special.betainccinv, (1.7, np.array([[0.6], [2.3]]), P), None, 1e-4),
    (special.chdtriv, (P, np.array([[2.0], [3.5]])), None, 1e-3),
    (special.gdtr, (0.7, np.array([[0.6], [2.3]]), 3 * P), None, 1e-4),
    (special.gdtrc, (0.7, np.array([[0.6], [2.3]]), 3 * P), None, 1e-4),
    (special.gdtrix, (0.7, np.array([[0.6], [2.3]]), P), None, 1e-3),
    (special.gdtria, (P, np.array([[0.6], [2.3]]), 1.4), None, 1e-3),
    (special.gdtrib, (0.7, P, np.array([[0.6], [2.3]])), None, 1e-3),
    (special.pdtr, (np.array([[1.0], [3.0]]), 3 * P), ("m",), 1e-4),
    (special.pdtrc, (np.array([[1.0], [3.0]]), 3 * P), ("m",), 1e-4),
    (special.pdtri, (np.array([[1], [3]]), P), ("y",), 1e-4),
    (special.bdtr, (np.array([[1.0], [3.0]]), 5, P), ("p",), 1e-4),
    (special.bdtrc, (np.array([[1.0], [5.0]]), 5, P), ("p",), 1e-4),
    (special.bdtri, (np.array([[1.0], [3.0]]), 5, P), ("y",), 1e-4),
    (special.bdtrik, (P, np.array([[6.0], [9.5]]), 0.3), None, 1e-3),
    (special.bdtrin, (np.array([[1.0], [2.5]]), P, 0.3), None, 1e-3),
    (special.nbdtr, (np.array([[1], [3]]), 5, P), ("p",), 1e-4),
    (special.nbdtrc, (np.array([[1], [3]]), 5, P), ("p",), 1e-4),
    (special.nbdtri, (np.array([[1], [3]]), 5, P), ("y",), 1e-4),
    (special.nbdtrik, (P, np.array([[6.0], [9.5]]), 0.6), None, 1e-3),
    (special.nbdtrin, (np.array([[1.0], [2.5]]), P, 0.6), None, 1e-3),
    (special.btdtria, (P, np.array([[0.6], [2.3]]), 0.4), None, 1e-3),
    (special.btdtrib, (np.array([[0.6], [2.3]]), P, 0.4), None, 1e-3),
    (special.fdtr, (3.0, np.array([[4.0], [7.5]]), 2 * P), None, 1e-4),
    (special.fdtrc, (3.0, np.array([[4.0], [7.5]]), 2 * P), None, 1e-4),
    (special.fdtri, (3.0, np.array([[4.0], [7.5]]), P), None, 1e-4),
    (special.fdtridfd, (3.0, np.array([0.63, 0.65]), np.array([[1.2], [1.25]])), None, 1e-3),
    (special.stdtridf, (np.array([0.9, 0.95]), np.array([[1.7], [2.3]])), None, 1e-4),
    (special.chndtr, (3 * P, 2.5, np.array([[0.7], [3.0]])), ("x", "nc"), 1e-3),
    (special.chndtr, (3 * P, 1.5, np.array([[0.7], [3.0]])), ("x", "nc"), 1e-3),
    (special.chndtrix, (P, 2.5, np.array([[0.7], [3.0]])), ("p", "nc"), 1e-3),
    (special.nrdtrimn, (P, 0.7, np.array([[1.2], [3.0]])), None, 1e-4),
    (special.nrdtrisd, (0.3, P, np.array([[1.2], [3.0]])), None, 1e-4),
    (special.smirnov, (np.array([[2], [5]]), P + 0.03), ("d",), 1e-4),
    (special.smirnovi, (np.array([[2], [5]]), P), ("p",), 1e-4),
    (special.kolmogorov, (P + 0.5,), None, 1e-4), (special.kolmogi, (P,), None, 1e-4),
]


@pytest.mark.parametrize(("target", "args", "wrt", "step"), SEVERAL, ids=label)
def test_a_function_of_several_arrays_agrees_with_differences(target, args, wrt, step):
    check_rule(target, *args, wrt=wrt, step=step, tol=1e-6 if step < 1e-3 else 1e-5)


@pytest.mark.parametrize("target", [special.bdtr, special.bdtrc, special.bdtri, special.nbdtr,
                                    special.nbdtrc, special.nbdtri])
@pytest.mark.filterwarnings("ignore:floating point number truncated",
                            "ignore:non-integer arg n")
def test_numbers_of_trials_count_as_the_integers_that_scipy_makes_of_them(target):
    for k in (2.0, 2.6):
        check_rule(target, k, np.array([[6.0], [6.5], [9.9]]), P, wrt=2)
    check_rule(target, 2.6, 6.5, 0.3)


@pytest.mark.parametrize(("target", "args"), [
    (special.bdtr, (0, -0.5)), (special.bdtrc, (-0.5, 3.2)), (special.nbdtr, (-0.5, 3.5)),
    (special.nbdtrc, (-0.5, 3.5)), (special.nbdtri, (-0.5, 3.5)), (special.pdtri, (-0.5,))])
@pytest.mark.filterwarnings("ignore:floating point number truncated",
                            "ignore:non-integer arg n")
def test_negative_fractions_count_as_zero_where_scipy_truncates(target, args):
    check_rule(target, *args, 0.3, wrt=len(args))


#: Derivatives in a shape, to 15 digits, from mpmath with 40 of them.
GAMMA = [
    (1e-08, 0.001, -6.331538979681606),
    (0.01, 1e-30, -34.5356393141263),
    (0.5, 0.9, -0.4326559371352823),
    (3.3, 1e-06, -2.712085019551897e-20),
    (40, 3.0, -2.084509701084313e-30),
    (40, 120.0, -7.617700297154526e-18),
    (1000, 1030.0, -0.007996539402089308),
    (100000.0, 100300.0, -0.0008039282123635644),
    (0.01, 30.0, -3.270503078166221e-15),
]
BETA = [
    (0.3, 0.4, 0.01, -0.9270853076739181, 0.219623100522399),
    (0.3, 20.0, 0.5, -3.580224283202101e-7, 4.453873822630906e-8),
    (5.5, 0.4, 0.9, -0.03927288090541496, 0.6015800599740599),
    (5.5, 20.0, 1e-06, -1.092034506651285e-27, 2.189604663580412e-29),
    (300.0, 1000.0, 0.3, -2.963396404888615e-9, 1.064798730780997e-9),
    (1.0, 1.0, 0.5, -0.3465735902799727, 0.3465735902799727),
    (2.0, 3.0, 0.9999990463256836, -3.7585623614052e-18, 4.722935214469652e-17),
    (0.02, 0.03, 0.6, -11.86825644555244, 8.069415125408599),
]


@pytest.mark.parametrize(("a", "x", "slope"), GAMMA)
def test_the_slope_of_incomplete_gamma_in_its_shape_is_right_in_the_tails(a, x, slope):
    for target, sign in ((special.gammainc, 1), (special.gammaincc, -1)):
        _, pullback = rule_of(target)(a, x)
        assert pullback(1.0)[0] == pytest.approx(sign * slope, rel=3e-11)


@pytest.mark.parametrize(("a", "b", "x", "of_a", "of_b"), BETA)
def test_the_slopes_of_incomplete_beta_in_its_shapes_are_right_in_the_tails(a, b, x, of_a, of_b):
    for target, sign in ((special.betainc, 1), (special.betaincc, -1)):
        _, pullback = rule_of(target)(a, b, x)
        assert pullback(1.0)[0] == pytest.approx(sign * of_a, rel=1e-9)
        assert pullback(1.0)[1] == pytest.approx(sign * of_b, rel=1e-9)


def test_shapes_that_are_simple_have_closed_forms():
    # betainc(a, 1, x) is x**a, and gammainc(a, inf) is 1.
    _, pullback = rule_of(special.betainc)(2.5, 1.0, 0.3)
    assert pullback(1.0)[0] == pytest.approx(0.3**2.5 * np.log(0.3), rel=1e-12)
    edges = np.array([0.0, 1.0])
    _, pullback = rule_of(special.betainc)(np.array([2.5, 2.5]), 1.5, edges)
    with np.errstate(all="ignore"):
        assert not np.any(pullback(np.ones(2))[0]) and not np.any(pullback(np.ones(2))[1])
        assert rule_of(special.gammainc)(0.5, 0.0)[1](1.0) == (0.0, np.inf)


SINGULAR = [
    (special.gammainc, (0.5, 0.0)), (special.gammaincc, (0.5, 0.0)), (special.chdtr, (1.0, 0.0)),
    (special.gammaincinv, (2.5, 0.0)), (special.gammainccinv, (2.5, 1.0)),
    (special.betainc, (0.5, 0.5, 0.0)), (special.betaincc, (0.5, 0.5, 1.0)),
    (special.betaincinv, (2.5, 2.5, 0.0)), (special.gdtr, (1.0, 0.5, 0.0)),
    (special.fdtr, (1.0, 3.0, 0.0)), (special.fdtri, (3.0, 3.0, 0.0)),
    (special.nbdtr, (1, 1, 1.0)), (special.stdtrit, (3.0, 1.0)), (special.kolmogi, (1.0,)),
]


@pytest.mark.parametrize(("target", "args"), SINGULAR, ids=label)
def test_where_a_slope_is_infinite_what_does_not_count_stays_zero(target, args):
    with np.errstate(all="ignore"):
        entries = rule_of(target)(*args)[1](0.0)
    entries = entries if isinstance(entries, tuple) else [entries]
    assert all(g is None or g == 0.0 for g in entries)


def test_student_of_infinitely_many_degrees_is_normal():
    _, pullback = rule_of(special.stdtr)(np.inf, 0.7)
    assert pullback(1.0)[1] == pytest.approx(np.exp(-0.245) / np.sqrt(2 * np.pi), rel=1e-15)
    assert pullback(1.0)[0] == 0.0
    assert rule_of(special.stdtr)(3.0, 0.0)[1](1.0)[0] == 0.0


def test_a_number_of_events_has_no_derivative_and_a_noncentral_degree_has_one():
    assert rule_of(special.pdtr)(1.5, 2.0)[1](1.0)[0] is None
    sd.check_grads(lambda df: special.chndtr(1.5, df, 0.5), (2.0,))


COMPILED = {
    "gammainc": lambda a: np.sum(special.gammainc(a, 1.3) * a),
    "gammaincinv of gammainc": lambda a: np.sum(special.gammaincinv(a, special.gammainc(2.0, a))),
    "betainc": lambda a: np.sum(special.betainc(a, 2 * a, 0.4)),
    "chdtr": lambda a: np.sum(special.chdtr(3.0, a) * special.chdtrc(a, 1.2)),
    "stdtr": lambda a: np.sum(special.stdtr(a, a)),
    "fdtr": lambda a: np.sum(special.fdtr(a, 3.0, a)),
}


@pytest.mark.parametrize("name", COMPILED)
def test_compiled_functions_agree_with_differences(name):
    sd.check_grads(COMPILED[name], (np.array([0.6, 1.7, 2.2]),))


def test_a_constant_shape_costs_no_derivative_in_it():
    x = np.array([0.4, 0.9])
    for f, name in ((lambda x: np.sum(special.gammainc(1.5, x)), "gamma_slope"),
                    (lambda x: np.sum(special.betainc(1.5, 2.0, x)), "beta_slopes"),
                    (lambda x: np.sum(special.stdtr(1.5, x)), "student_ratio")):
        text = sd.source(f, args=(x,))
        assert "density" in text and name not in text


@pytest.mark.parametrize("search", [
    lambda x, y: special.pdtrik(0.2 * x, y), lambda x, y: special.bdtrik(0.01 * x, 5, y),
    lambda x, y: special.nbdtrik(0.01 * x, 2, y), lambda x, y: special.stdtridf(x, 0.3 * y),
    lambda x, y: special.fdtridfd(3.0, x, 0.1 * y),
], ids=["pdtrik", "bdtrik", "nbdtrik", "stdtridf", "fdtridfd"])
def test_what_a_search_does_not_reach_stays_at_its_bound(search):
    x, y = np.array([0.7, 0.9]), np.array([0.4, 0.6])
    assert np.array_equal(search(x, y), search(x + 1e-3, y - 1e-3))
    _, pullback = sd.vjp(search, x, y)
    np.testing.assert_array_equal(pullback(np.ones(2)), np.zeros((2, 2)))


@pytest.mark.parametrize("a, x", [(0.3, 0.5), (2.5, 1.8), (2.5, 7.0), (40.0, 35.0)])
def test_second_derivatives_of_the_incomplete_gamma_function_agree_with_differences(a, x):
    def slopes(a, x):
        by_a, by_x = sd.grad(special.gammainc, wrt=(0, 1))(a, x)
        return by_a + 2.0 * by_x

    sd.check_grads(slopes, (a, x))
    sd.check_grads(lambda a: sd.grad(special.gammaincinv)(a, special.gammainc(a, x)), (a,))


@pytest.mark.parametrize("a, b, x", [(2.5, 1.3, 0.3), (0.4, 0.6, 0.9), (0.4, 3.0, 0.2)])
def test_second_derivatives_of_the_incomplete_beta_function_agree_with_differences(a, b, x):
    def slopes(a, b, x):
        by_a, by_b = sd.grad(special.betainc, wrt=(0, 1))(a, b, x)
        return by_a + 2.0 * by_b

    sd.check_grads(slopes, (a, b, x))


def test_where_the_density_is_zero_a_mixed_second_derivative_is():
    with np.errstate(divide="ignore"):
        assert sd.grad(lambda x: sd.grad(special.gammainc)(1.7, x))(0.0) == 0.0


@pytest.mark.parametrize(("a", "bend"), [(0.3, 0.0), (0.5, np.pi / 2), (0.7, np.inf), (1.0, 1.0),
                                         (1.5, -np.inf)])
def test_quantiles_bend_at_0_as_their_power_does(a, bend):
    # Near 0 it is (y gamma(a + 1))^(1/a); for a = 1 it is -log(1 - y).
    lower = lambda y: special.gammaincinv(a, y)
    upper = lambda y: special.gammainccinv(a, y)
    for f, y in ((lower, 0.0), (upper, 1.0)):
        assert sd.grad(sd.grad(f))(y) == pytest.approx(bend)
        assert sd.jvp(sd.grad(f), (y,), (1.0,))[1] == pytest.approx(bend)


def test_quantiles_bend_twice_inside():
    sd.check_grads(lambda y: special.gammaincinv(1.7, y), (0.3,), order=3)
    for f in (special.gammaincinv, special.gammainccinv):
        sd.check_grads(lambda a, y: f(a, y), (0.6, 0.4), order=2)


def test_densities_of_large_shapes_keep_single_precision():
    for f, args in ((special.gammainc, (7200.0, 7230.0)), (special.betainc, (5e3, 4e3, 0.55))):
        found = sd.grad(f, wrt=len(args) - 1)(*map(np.float32, args))
        assert found == pytest.approx(sd.grad(f, wrt=len(args) - 1)(
            *[float(np.float32(a)) for a in args]), rel=1e-6)
        assert found.dtype == np.float32
