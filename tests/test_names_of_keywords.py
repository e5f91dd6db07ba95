"""Keywords that are called as what generated code has of its own, in second derivatives."""

import numpy as np
import pytest

import s2sdiff as sd

AT, H = 1.3, 1e-4


def cube(x, function=2.0, finish=1.0):
    return x ** 3 * function * finish


def three(a0=1.0, a1=2.0, a2=3.0):
    return a0 ** 2 * a1 ** 3 * a2


def held(held=1.0, value=2.0, pullback=3.0):
    return held ** 2 * value ** 3 * pullback


def gathered(**code):
    return code["bar"] ** 3 * code["match"] * code["names"]


#: Functions, and their first derivative in closed form at x.
PROGRAMS = {
    "a gradient": (lambda x: sd.grad(cube)(x, function=x), lambda x: 3.0 * x ** 3),
    "a value beside": (lambda x: sd.value_and_grad(cube)(x, function=2.0, finish=x)[1],
                       lambda x: 6.0 * x ** 3),
    "by name": (lambda x: sd.grad(three, wrt="a1")(a0=x, a1=x, a2=2.0), lambda x: 6.0 * x ** 4),
    "a pullback": (lambda x: sd.vjp(three, x, a1=x)[1](1.0), lambda x: 6.0 * x ** 4),
    "its own name": (lambda x: sd.grad(held, wrt="value")(held=x, value=x, pullback=2.0),
                     lambda x: 6.0 * x ** 4),
    "a mapping": (lambda x: sd.grad(lambda bar: gathered(bar=bar, match=x, names=2.0))(x),
                  lambda x: 6.0 * x ** 3),
    "what is called when it runs": (
        lambda x: sd.grad(lambda f, x: f(bar=x, match=x, names=1.0), wrt=1)(gathered, x),
        lambda x: 4.0 * x ** 3),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_second_derivatives_do_not_confuse_the_names(name):
    f, first = PROGRAMS[name]
    np.testing.assert_allclose(f(AT), first(AT), rtol=1e-12)
    expected = (first(AT + 1e-100j)).imag / 1e-100
    np.testing.assert_allclose(sd.grad(f)(AT), expected, rtol=1e-12)
    np.testing.assert_allclose(sd.jvp(f, (AT,), (1.0,))[1], expected, rtol=1e-12)
    twice = (sd.grad(f)(AT + H) - sd.grad(f)(AT - H)) / (2.0 * H)
    np.testing.assert_allclose(sd.grad(sd.grad(f))(AT), twice, rtol=1e-6)
