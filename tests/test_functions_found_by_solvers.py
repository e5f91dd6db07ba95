"""Solvers whose function calls what it finds in something that it captures."""

import functools
import types

import pytest

import s2sdiff as sd
from s2sdiff.errors import UnsupportedError

optimize = pytest.importorskip("scipy.optimize")


class Law:
    def __init__(self, rate):
        self.rate = rate
        self.own = lambda t: rate * t

    def of(self, t):
        return self.rate * t

    __call__ = of


def found_in_a_table(a, b):
    laws = {"double": lambda t: 2.0 * t, "rated": lambda t: a * t}
    name = "rated"
    return optimize.brentq(lambda t: laws[name](t) - b, -9.0, 9.0)


def found_in_a_list(a, b):
    laws = [functools.partial(lambda rate, t: rate * t, a), Law(a).of, Law(a)]
    return optimize.brentq(
        lambda t: 0.5 * laws[0](t) + 0.3 * laws[1](t) + 0.2 * laws[2](t) - b, -9.0, 9.0)


def found_in_a_namespace(a, b):
    of = types.SimpleNamespace(law=lambda t: a * t, b=b)
    return optimize.brentq(lambda t: of.law(t) - of.b, -9.0, 9.0)


def found_in_parts(a, b):
    law, method = functools.partial(lambda t, rate: rate * t, rate=a), Law(a).of
    return optimize.brentq(lambda t: 0.5 * law(t) + 0.5 * method(t) - b, -9.0, 9.0)


def found_in_an_object(a, b):
    law = Law(a)
    return optimize.brentq(lambda t: law.own(t) - b, -9.0, 9.0)


@pytest.mark.parametrize("f", [
    found_in_a_table, found_in_a_list, found_in_a_namespace, found_in_parts, found_in_an_object])
def test_what_a_solver_s_function_calls_is_found_where_it_lies(f):
    a, b = 1.5, 2.0
    wanted = (-b / a**2, 1.0 / a)
    for _ in range(2):
        assert sd.grad(f, (0, 1))(a, b) == pytest.approx(wanted, rel=1e-8)
    assert sd.jvp(f, (a, b), (1.0, 2.0))[1] == pytest.approx(wanted[0] + 2 * wanted[1], rel=1e-8)


class Kept:
    """The slope that it was first asked for."""

    rate = None

    def __init__(self, a):
        self.a = a

    def __call__(self, t):
        if self.rate is None:
            self.rate = self.a
        return self.rate * t


class Plain(Kept):
    def __call__(self, t):
        return self.a * t


def around(law):
    return lambda t: law(t)


def in_a_closure(cls, a, b):
    law = around(cls(a))
    return optimize.brentq(lambda t: law(t) - b, -9.0, 9.0)


def in_a_table(cls, a, b):
    laws = [around(cls(a))]
    return optimize.brentq(lambda t: laws[0](t) - b, -9.0, 9.0)


def applied(law, t):
    return law(t)


def crossing(law, level):
    return optimize.brentq(lambda t: applied(law, t) - level, -9.0, 9.0)


def in_a_helper(cls, a, b):
    law = around(cls(a))
    return optimize.brentq(lambda t: applied(law, t) - b, -9.0, 9.0)


def in_a_solver_s_helper(cls, a, b):
    law = cls(a)
    return optimize.brentq(lambda t: crossing(law, t) - b / a**2, -9.0, 9.0)


@pytest.mark.parametrize("f", [in_a_closure, in_a_table, in_a_helper, in_a_solver_s_helper])
def test_a_function_of_the_same_code_that_leads_to_one_that_writes_is_refused(f):
    assert sd.grad(functools.partial(f, Plain))(1.5, 2.0) == pytest.approx(-2.0 / 1.5**2)
    assert sd.jvp(functools.partial(f, Plain), (1.5, 2.0), (1.0, 0.0))[1] == pytest.approx(
        -2.0 / 1.5**2)
    with pytest.raises(UnsupportedError, match="may write what others see"):
        sd.grad(functools.partial(f, Kept))(1.5, 2.0)


def other(law, t, seen):
    law = seen.append
    law(t)
    return t


def kept(law, t, seen):
    seen.append(law)
    return law(t)


@pytest.mark.parametrize("helper", [other, kept])
def test_a_helper_that_writes_beside_what_it_is_given_to_call_is_refused(helper):
    def f(a):
        seen = []
        return optimize.brentq(lambda t: helper(lambda u: a * u, t, seen) - a, -9.0, 9.0)

    with pytest.raises(UnsupportedError, match="may write what others see"):
        sd.grad(f)(1.5)
