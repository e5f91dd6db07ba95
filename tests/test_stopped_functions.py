"""`stop_gradient` of functions, methods and partials: constant is what they capture."""

import functools
import operator
from collections import OrderedDict

import numpy as np
import pytest

import s2sdiff as sd


class Gain:
    def __init__(self, value):
        self.value = value

    def of(self, k):
        return self.value * k


def apply(function, *args):
    return function(*args)


def of_a_closure(x):
    table = OrderedDict(a=x * x)

    def read(key):
        return table[key]

    stopped = sd.stop_gradient(read)
    return x * stopped("a") + read("a")


def of_a_closure_in_a_list(x):
    y = x * x
    return x * [sd.stop_gradient(lambda k: y * k)][0](1.0)


def of_a_closure_with_an_active_argument(x):
    y = x * x

    def scaled(k):
        return y * k

    return sd.stop_gradient(scaled)(x) + scaled(1.0)


def of_a_partial(x):
    return sd.stop_gradient(functools.partial(operator.mul, x * x))(x)


def of_a_method(x):
    return x * sd.stop_gradient(Gain(x * x).of)(1.0)


def of_a_method_of_what_is_stopped(x):
    method = sd.stop_gradient(Gain(x * x)).of
    return method(x)


def of_a_bound_builtin(x):
    return x * sd.stop_gradient(OrderedDict(a=x * x).__getitem__)("a")


def handed_on(x):
    table = {"a": x * x}
    return x * apply(sd.stop_gradient(lambda key: table[key]), "a") + table["a"]


def of_values(x):
    return x * sum(sd.stop_gradient({"a": x * x, "b": x}.values()))


@pytest.mark.parametrize(("f", "expected"), [
    (of_a_closure, lambda x: x * x + 2 * x), (of_a_closure_in_a_list, lambda x: x * x),
    (of_a_closure_with_an_active_argument, lambda x: x * x + 2 * x),
    (of_a_partial, lambda x: x * x), (of_a_method, lambda x: x * x),
    (of_a_method_of_what_is_stopped, lambda x: x * x), (of_a_bound_builtin, lambda x: x * x),
    (handed_on, lambda x: x * x + 2 * x), (of_values, lambda x: x * x + x)])
def test_what_a_stopped_function_holds_is_constant(f, expected):
    hidden = lambda x: sum([function(x) for function in {"f": f}.values()])
    for g in (f, hidden):
        assert sd.grad(g)(1.3) == pytest.approx(expected(1.3), rel=1e-14)
        assert sd.jvp(g, (1.3,), (1.0,)) == pytest.approx((f(1.3), expected(1.3)), rel=1e-14)


def test_a_stopped_function_whose_variables_are_written_is_refused():
    def bound_later(x):
        scale = x
        read = lambda: scale * x
        stopped = sd.stop_gradient(read)
        first = read()
        scale = 3.0 * x
        return stopped() * x + first

    def writes(x):
        state = np.array([x, x])

        def grow():
            state[0] = 2.0
            return state[1]

        stopped = sd.stop_gradient(grow)
        return stopped() + grow() * x

    for f in (bound_later, writes):
        with pytest.raises(sd.AliasingError, match="what stop_gradient .*Instead, "):
            sd.grad(f)(1.3)
