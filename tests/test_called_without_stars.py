"""Functions with `*args` and `**kwargs` are written for what a call gives; right by differences."""

import functools
import math

import pytest

import s2sdiff as sd
from tests.slopes import check, slope


def checked(f):
    @functools.wraps(f)
    def wrapper(*args, **kwargs):
        for a in args:
            if a != a:
                raise ValueError("nan")
        result = f(*args, **kwargs)
        if result != result:
            raise ValueError("nan result")
        return result

    return wrapper


@checked
def product(x, y=2.0, scale=1.0):
    return scale * x * y + math.sin(x)


def rewriting(f):
    def wrapper(*args, **kwargs):
        args = [a * 2.0 for a in args]
        kwargs["scale"] = kwargs.get("scale", 1.0) * 3.0
        return f(*args, **kwargs)

    return wrapper


@rewriting
def scaled(x, scale=1.0):
    return x * scale


def turned(f):
    def wrapper(*args):
        def inner(*args):
            return f(*args) + 1.0

        return inner(*args[::-1]) + sum(args)

    return wrapper


@turned
def square_of_the_first(x, y):
    return x * x * y


def total(*xs, **ws):
    s = 0.0
    for x in xs:
        s += x * x
    for k, w in ws.items():
        s += w * len(k)
    return s * len(xs)


def in_a_loop(x):
    s = x
    for _ in range(4):
        s = product(s, x, scale=0.5) + product(x)
    return s


def by_name(x):
    return product(x=x, y=x) + product(2.0, scale=x)


def with_what_is_no_number(x):
    try:
        return product(x, math.nan)
    except ValueError as e:
        return x * len(str(e))


def rewritten(x):
    return scaled(x, scale=x) + scaled(x)


def nested(x):
    return square_of_the_first(x, 3.0)


def collected(x):
    return total(x, 2.0, x * 3, a=x, bb=2.0) + total() + total(x)


def spread(x):
    v = (x, 2.0)
    return total(*v, **{"a": x}) * product(*v)


@pytest.mark.parametrize("f", [in_a_loop, by_name, with_what_is_no_number, rewritten, nested,
                               collected, spread], ids=lambda f: f.__name__)
def test_the_gradient_is_the_slope(f):
    check(f)
    assert sd.jvp(f, (0.7,), (1.0,))[1] == pytest.approx(slope(f, 0.7), rel=1e-6)


def test_a_wrapper_that_checks_keeps_no_cotangents_of_unknown_kind():
    text = sd.source(in_a_loop, "grad", args=(0.7,))
    assert "rt.match(product" not in text and "rt.call" not in text and "rt.apply" not in text


def test_a_derivative_of_the_wrapper_that_comes_late_is_that_one():
    @checked
    def g(x):
        return x * x

    def f(x):
        return g(x) * 3.0

    assert sd.grad(f)(0.5) == pytest.approx(3.0)
    sd.derivative(of=g)(lambda x: (x * x, lambda bar: 100.0 * bar))
    assert sd.grad(f)(0.5) == pytest.approx(300.0)


def test_two_wrappers_of_one_code_call_what_each_has_wrapped():
    square, cube = checked(lambda x: x * x), checked(lambda x: x**3)
    assert sd.grad(lambda x: square(x) + 2.0 * cube(x))(0.5) == pytest.approx(1.0 + 1.5)
