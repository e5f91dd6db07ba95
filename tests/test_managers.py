"""Context managers of users: their methods are called, and what they write is followed."""

from __future__ import annotations

import contextlib
import threading

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff.errors import UnsupportedError
from tests.transforms.programs import agrees, raises_alike

A = np.array([0.5, -1.2, 2.0])
MODE = ["warn"]


class Failed(Exception):
    """What the functions here raise."""


def fails(y, n):
    if n > 0:
        raise Failed(n)
    return y * y


class Doubles:
    """Holds a number, and doubles it when it is left; ends Failed."""

    def __init__(self, scale):
        self.scale = scale
        self.left = []

    def __enter__(self):
        self.scale = self.scale * self.scale
        return self

    def __exit__(self, kind, error, trace):
        self.left.append(kind)
        self.scale = self.scale * 2.0
        return kind is Failed


class Mode:
    """Sets a global switch for some code."""

    def __init__(self, mode):
        self.mode = mode

    def __enter__(self):
        self.before = MODE[0]
        MODE[0] = self.mode
        return self

    def __exit__(self, *raised):
        MODE[0] = self.before


class Zeroed:
    """Keeps an array that it sets to zero at the end."""

    def __init__(self, a):
        self.a = a

    def __enter__(self):
        return self.a

    def __exit__(self, kind, error, trace):
        self.a[:] = 0.0


def divided(x, y):
    return x / y if MODE[0] == "warn" else x * y


def writes_its_fields(x, n):
    d = Doubles(x)
    with d as inner:
        inner.scale = inner.scale + x
        y = fails(inner.scale * x, n)
    return d.scale * y if n == 0 else d.scale * len(d.left)


def switches_a_mode(x, y):
    with Mode("multiply"):
        z = divided(x, y)
    return z * divided(x, y)


def gives_an_array(x, a):
    b = a * x
    with Zeroed(b) as c:
        c[0] = x * x
        y = np.sum(c * a)
    return y + np.sum(b)


def returns_from_inside(x, n):
    d = Doubles(x)
    for i in range(4):
        with d:
            if i == n:
                return d.scale * x
            if i == 2:
                break
            d.scale = d.scale * 0.1
    return d.scale


def within_each_other(x, n):
    with Doubles(x) as outer, Doubles(outer.scale) as inner:
        inner.scale = inner.scale * outer.scale
        outer.scale = fails(inner.scale, n)
    return outer.scale + inner.scale * 3.0


def whose_name_is_bound_anew(x, n):
    d = outer = Doubles(x)
    with d as inner:
        d = Doubles(x * x)
        inner.scale = fails(inner.scale, n)
    return d.scale * outer.scale


def that_is_an_argument(d, x):
    with d as inner:
        y = inner.scale * x
    return y * d.scale


def in_a_loop(x, n):
    d = Doubles(x)
    total = 0.0
    for i in range(3):
        with d:
            total = total + d.scale * 0.1
            d.scale = fails(x, i - n)
    return total * d.scale


@pytest.mark.parametrize("function", [
    writes_its_fields, returns_from_inside, within_each_other, in_a_loop,
    whose_name_is_bound_anew,
])
@pytest.mark.parametrize("n", [0, 1, 2, 3])
def test_methods_of_managers_are_followed(function, n):
    agrees(function, 0.9, n)


def test_a_global_that_a_manager_sets_is_that_inside():
    agrees(switches_a_mode, 1.3, 0.7)
    assert MODE == ["warn"]


def test_an_array_that_a_manager_writes_at_the_end():
    agrees(gives_an_array, 1.3, A)


def test_a_manager_that_is_an_argument_has_a_gradient():
    gradient, _ = sd.grad(lambda d, x: that_is_an_argument(d, x), wrt=(0, 1))(Doubles(1.3), 0.7)
    assert gradient.scale == pytest.approx(8 * 1.3 ** 3 * 0.7)


class EndsWhatItIsAskedTo:
    """One `return` gives False or not."""

    def __init__(self, ends):
        self.ends = ends

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        return kind is Failed if self.ends else False


def left_early(x, n):
    y = x
    with EndsWhatItIsAskedTo(n > 0):
        y = y * x
        y = fails(y, n)
    return y * x


@pytest.mark.parametrize("n", [0, 1])
def test_a_manager_that_ends_an_exception_in_one_case_is_asked(n):
    agrees(left_early, 1.3, n)


def left_early_by_an_index(a, x):
    b = a * x
    with contextlib.suppress(IndexError):
        b[0] = x * 5.0
        b[9] = 1.0
    return b.sum() * x


def test_what_a_library_manager_ends_has_second_derivatives():
    sd.check_grads(left_early_by_an_index, (A, 0.7), order=2)


def test_an_exception_that_is_not_ended_goes_on():
    def f(x):
        with Doubles(x) as d:
            d.scale = x / 0.0
        return d.scale

    assert raises_alike(f, 2.0) is ZeroDivisionError


def test_a_stack_of_managers_and_callbacks():
    def f(x):
        items = [x]
        with contextlib.ExitStack() as stack:
            stack.callback(lambda: items.append(x * x))
            y = stack.enter_context(contextlib.nullcontext(x * x))
            d = stack.enter_context(Doubles(y))
            d.scale = d.scale * items[0]
        return sum(items) * d.scale

    agrees(f, 1.3)


def test_what_is_no_manager_raises_as_in_python():
    def f(x):
        with x:
            return x * x

    assert raises_alike(f, 2.0) in (TypeError, AttributeError)


def test_locks_and_what_nullcontext_holds():
    lock = threading.Lock()

    def f(x):
        state = {"lock": lock, "x": x}
        with state["lock"], contextlib.nullcontext(x * x) as y:
            return y * state["x"]

    agrees(f, 3.0)
    assert not lock.locked()


def test_a_name_that_gets_another_class_while_it_is_used_is_refused(monkeypatch):
    class Other(Doubles):
        """Another class."""

    def exchange():
        monkeypatch.setitem(globals(), "Doubles", Other)

    def f(x, exchange):
        exchange()
        with Doubles(x) as d:
            y = d.scale
        return y

    with pytest.raises(UnsupportedError, match="Doubles is replaced while the function"):
        sd.grad(f)(3.0, exchange)
