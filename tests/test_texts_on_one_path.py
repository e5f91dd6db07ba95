"""A name that is a text of an active value on one path, and a number on another."""

import io
import math

import numpy as np
import pytest

import s2sdiff as sd


def behind_a_test(t, y):
    if y >= 0.7:
        t = str(y)
    return t + 0.7


def squared(t, y):
    if y >= 0.7:
        t = f"{y}"
    return t * t


def computed(t, y):
    u = t * y
    if y >= 0.7:
        u = "%s %r" % (y, t)
    return u + y


def in_one_expression(t, y):
    u = str(y) if y > 0.7 else y * 2
    return u + t


def by_truths(t, y):
    u = (y > 0.7 and str(y)) or y * 2
    return u + t


def in_a_loop(t, y):
    u = t
    for _ in range(2):
        u = "{}".format(y) if y > 0.7 else u * y
    return u


def in_a_while(t, y):
    u = t
    while y < 0.1:
        u = repr(y)
        y += 1.0
    return u * t


def in_a_handler(t, y):
    u = t
    try:
        if y > 0.7:
            u = str(y)
            raise ValueError
    except ValueError:
        u = t * 2
    return u * t


def in_a_helper(t, y):
    def told(v):
        return str(v) if v > 0.7 else v * v

    u = told(y)
    return u * t if not isinstance(u, str) else t


def of_three(t, y):
    u = t
    if y > 0.7:
        u = "%s" % y
    elif y > 0.6:
        u = "a"
    return u * 2.0 + y


def in_a_table(t, y):
    u = {"a": t, "b": y}
    if y > 0.7:
        u["a"] = str(y)
    return u["a"] * u["b"]


@pytest.mark.parametrize("kind", [float, np.float64])
@pytest.mark.parametrize("f", [behind_a_test, squared, computed, in_one_expression, by_truths,
                               in_a_loop, in_a_while, in_a_handler, in_a_helper, of_three,
                               in_a_table])
def test_the_number_has_its_derivative(f, kind):
    at, h = (kind(0.3), kind(0.2)), 1e-6
    slopes = ((f(at[0] + h, at[1]) - f(at[0] - h, at[1])) / (2 * h),
              (f(at[0], at[1] + h) - f(at[0], at[1] - h)) / (2 * h))
    value, pullback = sd.vjp(f, *at)
    assert value == f(*at)
    for _ in range(2):
        assert pullback(1.0) == pytest.approx(slopes, rel=1e-6)
    for dots in ((1.0, 0.0), (0.0, 1.0)):
        assert sd.jvp(f, at, dots)[1] == pytest.approx(np.dot(dots, slopes), rel=1e-6)


def test_the_text_is_as_python_says():
    with pytest.raises(TypeError):
        sd.grad(behind_a_test)(0.3, 0.8)
    assert sd.vjp(in_a_helper, 0.3, 0.8)[1](1.0) == (1.0, 0.0)


def number_or_text(t, y):
    u = t * 1.0
    if y < 0.7:
        u = str(y)
    return float(u)


def digits(t, y):
    for part in f"{y},{t}".split(","):
        t = t * float(part)
    return t


def method_looked_up_before(t, y):
    strip = getattr(str(y), "strip")  # noqa: B009
    return t * float(strip())


def file_of_text(t, y):
    return t * np.loadtxt(io.StringIO(f"{y} {t}"))[0]


def letters(t, y):
    total = 0.0
    for letter in str(y):
        total += float(letter) if letter != "." else 0.0
    return t * y + total


def truth_of_it(t, y):
    text = f"{y}"
    return t * float(text if text else "0") + math.sin(y)


@pytest.mark.parametrize("f", [number_or_text, digits, method_looked_up_before, file_of_text,
                               letters, truth_of_it])
def test_no_number_is_read_back_from_it(f):
    for run in (lambda: sd.vjp(f, 0.3, 0.2), lambda: sd.jvp(f, (0.3, 0.2), (1.0, 1.0))):
        with pytest.raises(sd.UnsupportedError, match="read back into the result. Instead, "):
            run()
