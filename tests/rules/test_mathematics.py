"""`math` and `cmath` against finite differences, at their ends, and against closed forms."""

import cmath
import math

import numpy as np
import pytest

from s2sdiff import registry
from s2sdiff.rules.mathematics import digamma
from tests.rules.checker import check_rule

ONE = [
    (math.sin, 0.7), (math.cos, 0.7), (math.tan, 0.7), (math.asin, 0.3), (math.acos, 0.3),
    (math.atan, 0.7), (math.sinh, 0.7), (math.cosh, 0.7), (math.tanh, 0.7), (math.asinh, 0.7),
    (math.acosh, 1.7), (math.atanh, 0.3), (math.exp, 0.7), (math.expm1, 0.7), (math.log, 0.7),
    (math.log2, 0.7), (math.log10, 0.7), (math.log1p, 0.7), (math.sqrt, 0.7), (math.fabs, -0.7),
    (math.degrees, 0.7), (math.radians, 0.7), (math.modf, 1.7), (math.frexp, 1.7),
    (math.erf, 0.7), (math.erfc, 0.7), (math.gamma, 0.7), (math.gamma, -1.3), (math.gamma, 12.5),
    (math.lgamma, 0.7), (math.lgamma, -1.3), (math.lgamma, -0.4), (math.lgamma, 30.5),
]
SEVERAL = [
    (math.log, (0.7, 3.0)), (math.pow, (1.3, 2)), (math.pow, (1.3, 2.5)), (math.pow, (1.3, 0.0)),
    (math.pow, (0.7, -1.5)), (math.atan2, (0.7, -0.4)), (math.hypot, (0.7, -0.4)),
    (math.hypot, (0.7,)), (math.hypot, (0.7, 1.0, -2.0)), (math.dist, ([1.0, 2.0], [0.5, -1.0])),
    (math.dist, ((1.0,), (2.0,))), (math.dist, (np.array([1.0, 2.0]), [0.5, -1.0])),
    (math.fsum, ([1.0, 2.0, 3.5],)), (math.fsum, (np.array([1.0, 2.0]),)),
    (math.prod, ([1.5, 2.0, -3.0],)), (math.prod, ((1.5, 0.0, -3.0),)), (math.prod, ([0.0, 0.0],)),
    (math.prod, (np.array([1.5, 0.0, 2.0]),)), (math.copysign, (0.7, -2.0)),
    (math.copysign, (-0.7, -2.0)), (math.fmod, (-7.3, 2.0)), (math.remainder, (7.3, 2.0)),
    (math.remainder, (-6.6, 2.1)), (math.ldexp, (0.7, 3)), (math.nextafter, (0.7, 1.0)),
]


@pytest.mark.parametrize(("target", "x"), ONE)
def test_a_function_of_one_number_agrees_with_differences(target, x):
    check_rule(target, x)
    check_rule(target, np.float64(x), single=False)


@pytest.mark.parametrize(("target", "args"), SEVERAL)
def test_a_function_of_several_numbers_agrees_with_differences(target, args):
    check_rule(target, *args)


def test_a_product_with_a_start_agrees_with_differences():
    check_rule(math.prod, [1.5, 2.0], kwargs={"start": 3.0})
    check_rule(math.prod, [], kwargs={"start": 3.0})


@pytest.mark.parametrize("name", ["exp2", "cbrt", "sumprod", "fma"])
def test_functions_of_later_pythons_agree_with_differences_where_they_exist(name):
    arguments = {"exp2": (0.7,), "cbrt": (-0.7,), "sumprod": ([1.0, 2.0], (3.0, 4.0)),
                 "fma": (1.0, 2.0, 3.0)}
    if hasattr(math, name):
        check_rule(getattr(math, name), *arguments[name])


COMPLEX = ["sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh",
           "atanh", "exp", "log", "log10", "sqrt", "phase", "polar"]


@pytest.mark.parametrize("name", COMPLEX)
def test_a_function_of_cmath_agrees_with_differences_in_all_quadrants(name):
    for x in (0.7 + 0.9j, -0.7 + 0.9j, -0.7 - 0.9j, 0.7 - 0.9j, 2.5 + 0.3j):
        check_rule(getattr(cmath, name), x)


def test_cmath_of_real_arguments_agrees_with_differences():
    for target, x in ((cmath.sqrt, -2.0), (cmath.asin, 0.4), (cmath.acosh, 0.4), (cmath.log, -2.0)):
        check_rule(target, x)
    check_rule(cmath.log, 0.7 + 0.9j, 2.0)
    check_rule(cmath.rect, 1.5, 0.7)


@pytest.mark.filterwarnings("ignore:divide by zero", "ignore:invalid value")
@pytest.mark.parametrize(("target", "x"), [
    (cmath.acos, 1.0), (cmath.asin, -1.0), (cmath.acosh, 1.0), (cmath.sqrt, 0.0),
    (cmath.atanh, 0.5), (np.log10, np.array([0.0, 1.0])), (np.log2, np.zeros(1))])
def test_a_zero_cotangent_contributes_zero_where_the_slope_is_infinite(target, x):
    _, pullback = registry.find(target).function(x)
    assert not np.any(pullback(np.zeros(np.shape(x))[()]))


ENDS = [
    (math.sqrt, (0.0,), math.inf), (math.asin, (1.0,), math.inf), (math.acos, (1.0,), -math.inf),
    (math.acosh, (1.0,), math.inf), (math.fabs, (0.0,), 0.0), (math.hypot, (0.0, 0.0), 0.0),
    (math.dist, ([0.0], [0.0]), 0.0), (math.pow, (0.0, 0.5), math.inf),
    (math.pow, (0.0, 0.0), 0.0), (math.pow, (1e-200, -1.0), -math.inf), (math.exp, (-800.0,), 0.0),
    (math.frexp, (5e-324,), math.inf), (math.erf, (1e200,), 0.0),
    (math.lgamma, (math.inf,), math.inf),
]


@pytest.mark.parametrize(("target", "args", "expected"), ENDS)
def test_nothing_raises_at_an_end_and_a_zero_cotangent_contributes_zero(target, args, expected):
    value, pullback = registry.find(target).function(*args)

    def first(g):
        entries = pullback((g, 0) if isinstance(value, tuple) else g)
        while isinstance(entries, (tuple, list)):
            entries = entries[0]
        return 0.0 if entries is None else entries

    assert first(1.0) == expected
    assert not first(0.0) or math.isinf(expected)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_roots_and_arcs_of_cmath_do_not_raise_at_their_branch_points():
    for target, x in ((cmath.sqrt, 0j), (cmath.asin, 1 + 0j), (cmath.phase, 0j)):
        _, pullback = registry.find(target).function(x)
        assert pullback(0.0) == 0


def test_the_derivative_of_lgamma_agrees_with_scipy():
    special = pytest.importorskip("scipy.special")
    for x in (1e-9, 0.3, 1.0, 5.5, 40.0, 1e8, -0.3, -1.5, -7.9, -20.25, -1e-9):
        assert digamma(x) == pytest.approx(special.digamma(x), rel=1e-12, abs=1e-13)


@pytest.mark.parametrize("target", [math.floor, math.ceil, math.isnan, math.factorial, cmath.isinf])
def test_tests_and_integers_have_no_derivative(target):
    assert registry.find(target).constant
