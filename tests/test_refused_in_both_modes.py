"""What reverse mode refuses has no tangent of zero in forward mode."""

import contextlib

import numpy as np
import pytest

import s2sdiff as sd

V = np.array([0.5, -1.2, 2.0])


def text_of_an_array(a):
    return np.sum((a * a).astype(str).astype(float) * a)


def bytes_of_an_array(a):
    return np.sum((a * a).astype("S32").astype(float) * a)


def other_numbers(a):
    b = (a * 1.0).view(np.int64)
    b[0] &= -4
    return np.sum(b.view(float) ** 2)


def halves_of_numbers(a):
    return np.sum((a * 2.0).view(np.float32))


def joined_into_its_own_parts(a):
    b = a * 1.3
    np.concatenate([b[1:], b[:1]], out=b)
    return np.sum(b * b * a)


@pytest.mark.parametrize("function", [
    text_of_an_array, bytes_of_an_array, other_numbers, halves_of_numbers,
    joined_into_its_own_parts], ids=lambda f: f.__name__)
def test_both_modes_refuse(function):
    for differentiate in (lambda: sd.grad(function)(V), lambda: sd.jvp(function, (V,), (V,))):
        with pytest.raises(sd.DifferentiationError, match=r"Instead, [^\n]+\."):
            differentiate()


def division_that_raises_in_place(a):
    b = a * 1.0
    try:
        with np.errstate(all="raise"):
            b /= np.array([2.0, 0.0, 4.0])
    except FloatingPointError:
        b[1] = 2.0
    return np.sum(b * b)


def divided(b):
    np.divide(b, np.array([2.0, 0.0, 4.0]), out=b)


def division_that_raises_in_a_call(a):
    b = a * 1.0
    try:
        with np.errstate(all="raise"):
            divided(b)
    except Exception:
        b[1] = 2.0
    return np.sum(b * b)


def division_that_raises_and_is_suppressed(a):
    b = a * 1.0
    with np.errstate(all="raise"), contextlib.suppress(FloatingPointError):
        b /= np.array([2.0, 0.0, 4.0])
    b[1] = 2.0
    return np.sum(b * b)


def division_that_raises_in_a_function_of_a_list(a):
    b = a * 1.0
    functions = [lambda: divided(b)]
    try:
        with np.errstate(all="raise"):
            functions[0]()
    except FloatingPointError:
        b[1] = 2.0
    return np.sum(b * b)


@pytest.mark.parametrize("function", [
    division_that_raises_in_place, division_that_raises_in_a_call,
    division_that_raises_in_a_function_of_a_list,
    division_that_raises_and_is_suppressed], ids=lambda f: f.__name__)
def test_a_write_that_raises_when_it_has_written_is_refused(function):
    test_both_modes_refuse(function)


def test_exceptions_beside_a_write_are_handled():
    def f(a):
        b = a * 1.0
        try:
            b *= 2.0
            with np.errstate(all="raise"):
                c = b / np.array([2.0, 0.0, 4.0])
        except FloatingPointError:
            c = b * 2.0
        try:
            b += np.ones(2)
        except ValueError:
            b *= 3.0
        return np.sum(c * b)

    direction = np.array([0.3, 0.2, -0.5])
    slope = (f(V + 1e-6 * direction) - f(V - 1e-6 * direction)) / 2e-6
    assert abs(sd.grad(f)(V) @ direction - slope) < 1e-6
    assert abs(sd.jvp(f, (V,), (direction,))[1] - slope) < 1e-6


class Held:
    def __init__(self, function):
        self.function = function


def text_of_a_function_that_is_held(a):
    return np.sum(a) * Held(float).function(Held(str).function(a[0] * a[1]))


def test_text_that_only_the_run_tells_of_is_refused():
    test_both_modes_refuse(text_of_a_function_that_is_held)
