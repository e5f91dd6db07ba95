"""Options in dicts, handed on as keywords: plain text where they are known, right everywhere."""

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import arguments, compiler
from s2sdiff.transforms.context import Request

X = np.array([0.7, -0.4, 1.3])


def line(x, *, a, b=2.0):
    return x * a + b


def handing_on(x, **options):
    return line(x, **options)


def handing_all_on(x, *more, **options):
    return line(x, **options) + (more[0] if more else 0.0)


def reading(x, **settings):
    return x * settings["rate"] + settings["bias"] ** 2 + settings.get("other", 1.0)


def known_keywords(p):
    return handing_on(p[2], a=p[0]) + handing_on(p[1], b=p[0], a=3.0)


def a_display(p):
    options = {"a": p[0]}
    return handing_on(p[2], **options) * options["a"]


def a_call_of_dict(p):
    total, options = 0.0, dict(a=p[0], b=p[1])
    for _ in range(3):
        total = handing_on(total, **options)
    return total + options.get("a") * options.get("c", p[2])


def items_of_keywords(p):
    settings = dict(rate=p[1], bias=p[2])

    def inner(w):
        return reading(w, **settings)

    return reading(p[0], **settings) * inner(p[1]) + reading(p[2], rate=1.0, bias=p[0], other=p[1])


def rates(t, y, *, beta, gamma, **_):
    return -beta * y + gamma * t


def stepped(f, t, y, h, **options):
    k = f(t, y, **options)
    return y + h * f(t + h / 2, y + h / 2 * k, **options)


def a_stepper(p):
    y, options = 1.0, dict(beta=abs(p[0]) * 3, gamma=abs(p[1]), note="x")
    for k in range(10):
        y = stepped(rates, k * 0.5, y, 0.5, **options)
    return y * p[2]


PLAIN = [known_keywords, a_display, a_call_of_dict, items_of_keywords, a_stepper]


def written_between(p):
    options = {"a": p[0]}
    first = handing_on(p[2], **options)
    options["a"] = p[1]
    return first * handing_on(p[2], **options)


def bound_anew(p):
    s = p[0]
    options = dict(a=s, b=1.0)
    for _ in range(3):
        s = line(s, **options)
        options = dict(a=s, b=p[1])
    return line(s, **options)


def carried_by_the_loop(p):
    s = p[0]
    for _ in range(3):
        options = dict(a=s, b=p[1])
        s = s * 0.5
        s = line(s, **options) + s
    return line(s, **options)


def with_more(p):
    return handing_all_on(p[0], p[1], a=p[2]) + handing_all_on(p[1], **{"a": p[0]})


def two_of_one_name(p):
    try:
        return line(p[0], a=2.0, **{"a": p[1]})
    except TypeError:
        return p[0] * 3


def one_too_many(p):
    try:
        return line(p[0], **{"a": p[1], "c": p[2]})
    except TypeError:
        return p[0] * 3


def read_in_a_function(p):
    options = {"a": p[0]}

    def later():
        return options["a"]

    options = {"a": p[1]}
    return later() * line(p[2], **options)


def of_a_name_that_is_taken(p):
    def scaled(x, scale=1.0, **options):
        a = 2.0
        return scale * handing_on(x, **options) + a

    return scaled(p[0], a=p[1], scale=p[2]) + scaled(p[1], b=3.0, a=1.0)


@pytest.mark.parametrize("f", [
    *PLAIN, written_between, bound_anew, carried_by_the_loop, with_more, two_of_one_name,
    one_too_many, read_in_a_function, of_a_name_that_is_taken], ids=lambda f: f.__name__)
def test_both_modes_are_right(f):
    at, step = X.copy(), 1e-6
    slopes = np.array([(f(X + step * e) - f(X - step * e)) / (2 * step) for e in np.eye(3)])
    value, pullback = sd.vjp(f, at)
    assert value == pytest.approx(f(X), rel=1e-14)
    for _ in range(2):
        np.testing.assert_allclose(pullback(1.0), slopes, atol=1e-6)
    direction = np.array([0.3, -1.1, 0.8])
    value, dot = sd.jvp(f, (at,), (direction,))
    assert value == pytest.approx(f(X), rel=1e-14)
    assert dot == pytest.approx(slopes @ direction, abs=1e-6)
    np.testing.assert_array_equal(at, X)


@pytest.mark.parametrize("f", PLAIN, ids=lambda f: f.__name__)
def test_nothing_is_left_to_the_run(f):
    known = arguments.arguments_of(f, (X,), {})
    text = compiler.compile_for(f, Request("grad", ("p",), outer=True), known).printed.text
    assert "rt.apply" not in text and "rt.call" not in text and "pullback" not in text, text


def test_what_is_missing_is_missed_as_before():
    with pytest.raises(KeyError, match="bias"):
        sd.grad(lambda p: reading(p[0], rate=1.0))(X)
    with pytest.raises(TypeError, match="'c'"):
        sd.grad(lambda p: line(p[0], **{"a": p[1], "c": p[2]}))(X)
