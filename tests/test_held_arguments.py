"""What holds arguments of its calls: read where they are held, and in derivatives taken inside."""

import functools
import math

import numpy as np
import pytest

import s2sdiff as sd
from tests.slopes import slope

X, Y = 1.3, 0.4


def wave(s, p, k=2.0):
    return math.sin(s * p * k)


def scaled(k):
    def decorate(f):
        @functools.wraps(f)
        def wrapped(*args, **kwargs):
            return math.sin(f(*args, **kwargs)) * k

        return wrapped

    return decorate


@scaled(0.7)
def product(p, s=2.0):
    return p * s * s


class Field:
    def __init__(self, y):
        self.y = y

    def __call__(self, p):
        return math.cos(self.y * p)

    def potential(self, p, k=2.0):
        return math.sin(self.y * p * k)


class Spring:
    __slots__ = ("rate",)
    power = 2.0

    def __init__(self, rate):
        self.rate = rate

    @property
    def doubled(self):
        return 2.0 * self.rate

    def energy(self, q):
        return 0.5 * self.rate * q**self.power

    def force(self, q):
        return -sd.grad(self.energy)(q)


class Pair(tuple):
    def weighed(self, p):
        return self[0] * p + self[1] * p * p


# -------------------------------------------------------------------- what is held, read as such


def arguments_of_a_partial(x, y):
    f = functools.partial(wave, x, p=y * y)
    again = functools.partial(f.func, *f.args, **f.keywords)
    return f.args[0] * f.keywords["p"] * again()


def a_keyword_that_is_written(x, y):
    f = functools.partial(wave, x, p=y)
    f.keywords["p"] = x * y
    return f() * f.keywords["p"]


def arguments_of_a_partial_of_a_partial(x, y):
    f = functools.partial(functools.partial(wave, x), p=y)
    return f.args[0] * f.keywords["p"] + f()


def an_array_that_a_partial_holds(x, y):
    f = functools.partial(np.multiply, np.array([x, y]))
    f.args[0][0] *= y
    return np.sum(f(2.0) * f.args[0])


def the_owner_of_a_method(x, y):
    weighed = Pair((x, y)).weighed
    return weighed.__self__[1] * weighed(y)


def defaults_of_a_function(x, y):
    def f(p, s=y, t=x):
        return p * s * t

    return f.__defaults__[0] * f(x) + f.__defaults__[1]


# ---------------------------------------------------------------------------- derivatives inside


def of_a_partial(x, y):
    return sd.grad(functools.partial(wave, y))(x)


def of_a_partial_by_name(x, y):
    value, gradient = sd.value_and_grad(functools.partial(lambda p, s=2.0: wave(s, p), s=y))(x)
    return value * gradient


def along_a_partial(x, y):
    return sd.jvp(functools.partial(wave, y), (x * y,), (y,))[1]


def back_through_a_partial(x, y):
    value, pullback = sd.vjp(functools.partial(wave, y), x)
    return pullback(value)


def of_an_object(x, y):
    return sd.grad(Field(y))(x)


def of_a_method(x, y):
    return sd.grad(Field(y).potential)(x)


def along_a_method(x, y):
    return sd.jvp(Field(y).potential, (x,), (y,))[1]


def of_what_calls_an_object(x, y):
    field, partial = Field(y), functools.partial(wave, x)
    return sd.grad(lambda p: field(p) * partial(p) * wave(p, y))(x)


def of_what_reads_an_object(x, y):
    spring = Spring(y)
    return sd.grad(lambda p: math.sin(spring.doubled * p) * spring.rate * spring.power)(x)


def steps_along_a_force(x, y):
    spring, v = Spring(y), 0.3
    for _ in range(3):
        v += 0.1 * spring.force(x)
        x += 0.1 * v
    return x * v


def linearized_methods(x, y):
    value, one = sd.linearize(Field(y).potential, x)
    other = sd.linearize(Field(x).potential, x)[1]
    return value * one(y) + other(1.0)


def of_decorated_functions(x, y):
    @scaled(y)
    def square(p):
        return p * y * p

    return sd.grad(square)(x) + sd.grad(lambda p: product(p, s=y) * product(p))(x)


def back_through_a_decorated_function(x, y):
    value, pullback = sd.vjp(product, x, y)
    one, other = pullback(value)
    return one * other


def along_a_function_with_a_default(x, y):
    return sd.jvp(lambda p, s=y: math.sin(s * p), (x,), (y,))[1]


def along_a_function_with_a_keyword(x, y):
    def f(p, *, s=y):
        return math.sin(s * p)

    return sd.jvp(f, (x,), (1.0,))[1]


def back_through_a_function_with_a_default(x, y):
    value, pullback = sd.vjp(lambda p, s=y: math.sin(s * p), x)
    return pullback(value)


def linearized_with_a_default(x, y):
    value, differential = sd.linearize(lambda p, s=y: math.sin(s * p), x)
    return value * differential(y)


READ = (arguments_of_a_partial, a_keyword_that_is_written, arguments_of_a_partial_of_a_partial,
        an_array_that_a_partial_holds, the_owner_of_a_method, defaults_of_a_function)
INSIDE = (of_a_partial, of_a_partial_by_name, along_a_partial, back_through_a_partial,
          of_an_object, of_a_method, along_a_method, of_what_calls_an_object,
          of_what_reads_an_object, steps_along_a_force, linearized_methods,
          of_decorated_functions, back_through_a_decorated_function,
          along_a_function_with_a_default, along_a_function_with_a_keyword,
          back_through_a_function_with_a_default, linearized_with_a_default)


@pytest.mark.parametrize("f", (*READ, *INSIDE))
def test_what_is_held_has_its_derivative(f):
    expected = [slope(lambda x: f(x, Y), X), slope(lambda y: f(X, y), Y)]
    value, pullback = sd.vjp(f, X, Y)
    assert value == f(X, Y)
    for _ in range(2):
        np.testing.assert_allclose(pullback(1.0), expected, rtol=1e-6, atol=1e-8)
    tangents = [sd.jvp(f, (X, Y), along)[1] for along in ((1.0, 0.0), (0.0, 1.0))]
    np.testing.assert_allclose(tangents, expected, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("f", (of_a_partial, of_an_object, of_a_method, of_what_calls_an_object))
def test_a_third_derivative_sees_what_is_held(f):
    first = sd.grad(f, wrt=1)
    expected = [slope(lambda x: first(x, Y), X), slope(lambda y: first(X, y), Y)]
    np.testing.assert_allclose(sd.grad(first, wrt=(0, 1))(X, Y), expected, rtol=1e-6)
