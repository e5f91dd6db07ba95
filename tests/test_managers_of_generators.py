"""Context managers that `contextlib.contextmanager` makes of generators."""

from __future__ import annotations

import contextlib

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff.errors import UnsupportedError
from tests.transforms.programs import agrees, raises_alike

MODE = ["plain"]
FACTORS = {"k": 1.0}


class Failed(Exception):
    """What the functions here raise."""


@contextlib.contextmanager
def scaled(cells, k):
    print("enter")
    cells[0] = cells[0] * k
    yield cells[0] * cells[0]
    print("leave")
    cells[0] = cells[0] + k


@contextlib.contextmanager
def restored(cells):
    kept = cells[0]
    cells[0] = kept * kept
    try:
        yield
    finally:
        cells[0] = cells[0] * 0.5 + kept
    cells.append(kept)


@contextlib.contextmanager
def forgiving(cells):
    try:
        yield cells
    except Failed as error:
        cells.append(len(str(error)) * cells[0])
        return
    except ValueError:
        cells[0] = 0.0
        raise
    else:
        cells[0] = cells[0] * 3.0
    finally:
        cells.append(cells[0])


@contextlib.contextmanager
def mode(name):
    before, MODE[0] = MODE[0], name
    try:
        yield
    finally:
        MODE[0] = before


class Tank:
    """A level that a generator changes for a while."""

    def __init__(self, level):
        self.__level = level

    @contextlib.contextmanager
    def raised(self, by=0.5):
        self.__level = self.__level + by
        try:
            yield self.__level
        finally:
            self.__level = self.__level * 2.0

    @property
    def level(self):
        return self.__level


def straight(x, n):
    cells = [x]
    with scaled(cells, x) as y:
        cells[0] = cells[0] * y
    return cells[0]


def with_finally(x, n):
    cells = [x]
    try:
        with restored(cells):
            cells[0] = cells[0] * x
            if n:
                raise Failed
            cells[0] = cells[0] + 1.0
    except Failed:
        cells[0] = cells[0] * x
    return sum(cells)


def that_ends_exceptions(x, n):
    cells = [x]
    for i in range(3):
        with forgiving(cells) as c:
            c[0] = c[0] * x
            if i == n:
                raise Failed("four")
            if i == n + 1:
                continue
            c[0] = c[0] + x
    return sum(cells)


def of_a_method(x, n):
    tank = Tank(x)
    with tank.raised(x * x) as level:
        y = tank.level * level
    with tank.raised():
        y = y + tank.level
    return y * tank.level


def captured(x, n):
    @contextlib.contextmanager
    def doubled(y):
        yield y * x * 2.0

    with doubled(x + 1.0) as z, contextlib.ExitStack():
        return z * x


def made_before_it_is_entered(x, n):
    cells = [x]
    manager = scaled(cells, 2.0)
    cells[0] = cells[0] * x
    with manager as y:
        return y * cells[0]


def in_a_mode(x, n):
    with mode("square"):
        y = x * x if MODE[0] == "square" else x
    return y * (x if MODE[0] == "plain" else 1.0)


@pytest.mark.parametrize("n", [0, 1, 2])
@pytest.mark.parametrize("function", [
    straight, with_finally, that_ends_exceptions, of_a_method, captured,
    made_before_it_is_entered, in_a_mode,
])
def test_both_halves_of_a_generator_are_followed(function, n):
    agrees(function, 0.9, n)
    assert MODE == ["plain"]


def test_what_is_raised_through_a_generator_is_raised():
    def f(x):
        cells = [x]
        with forgiving(cells):
            raise ValueError("not four")
        return cells[0]

    assert raises_alike(f, 2.0) is ValueError


def test_a_generator_that_yields_in_a_loop_is_refused_where_it_has_active_values():
    @contextlib.contextmanager
    def looping(cells):
        for _ in range(1):
            yield cells[0]

    def f(x):
        with looping([x]) as y:
            return y * y

    with pytest.raises(UnsupportedError, match="yields inside of a for"):
        sd.grad(f)(3.0)


def test_a_generator_of_any_form_that_has_nothing_to_do_with_numbers_runs_as_it_is():
    @contextlib.contextmanager
    def looping(name):
        for _ in range(1):
            yield name.upper()

    def f(x):
        with looping("a") as name:
            return x * x * len(name)

    agrees(f, 3.0)


def test_gradients_with_respect_to_arrays_that_a_generator_writes():
    @contextlib.contextmanager
    def zeroed(a):
        yield a
        a[:] = 0.0

    def f(a, x):
        b = a * x
        with zeroed(b) as c:
            y = np.sum(c * c)
        return y + np.sum(b)

    agrees(f, np.array([0.5, 2.0]), 1.3)
