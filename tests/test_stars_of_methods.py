"""Methods of what a dict or a list gives, called with stars: their owners have cotangents."""

import numpy as np
import pytest

import s2sdiff as sd


def an_array(x, s):
    y = np.sin({"k": x}.get("k"))
    return y.reshape(*s).sum()


def a_sum(x, s):
    y = np.sum({"k": x}.get("k"))
    return 2.0 * y.conjugate(*()) + y.clip(*(-100.0, 100.0)) ** 2


def a_number(x, s):
    y = {"k": 2.0 * x[0]}.get("k")
    return y.sum(*()) * y.item(*())


def in_a_loop(x, s):
    held, total = {"k": x}, 0.0
    for k in range(3):
        y = np.sum(held.get("k")) + k
        total = total + y.conjugate(*()) * held.get("k").reshape(*s)[0]
        held["k"] = np.sin(held["k"]) * y.clip(*(0.0, 9.0))
    return total


def a_shape_that_is_counted(x, s):
    n = 1
    for k in s:
        n *= k
    y = x.reshape(n) ** 2
    return np.sum(y.reshape(*s) * x)


class Held:
    def __init__(self, v):
        self.v = v

    def times(self, *factors):
        return self.v * factors[0] + self.v**2


def an_object(x, s):
    return {"k": Held(x[0] * x[1])}.get("k").times(*[x[2]])


@pytest.mark.parametrize("s", [(3,), [3]])
@pytest.mark.parametrize("f", [
    an_array, a_sum, a_number, in_a_loop, a_shape_that_is_counted, an_object],
    ids=lambda f: f.__name__)
def test_the_owner_of_a_method_has_its_cotangent(f, s):
    x, h = np.array([0.3, 0.4, 0.5]), 1e-6
    slope = [(f(x + h * e, s) - f(x - h * e, s)) / (2 * h) for e in np.eye(3)]
    value, pullback = sd.vjp(lambda x: f(x, s), x)
    assert value == f(x, s)
    for _ in range(2):
        np.testing.assert_allclose(pullback(1.0), slope, rtol=1e-6)
    np.testing.assert_allclose(sd.grad(f)(x, s), slope, rtol=1e-6)
    dot = sd.jvp(lambda x: f(x, s), (x,), (np.array([1.0, -2.0, 0.5]),))[1]
    assert dot == pytest.approx(np.dot(slope, [1.0, -2.0, 0.5]))
