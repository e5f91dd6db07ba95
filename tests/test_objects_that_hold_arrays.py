"""Properties, items and in-place operators of a user's class that write an array which it holds.

The array is known by another name, which reads it before and afterwards.
"""

import numpy as np
import pytest

import s2sdiff as sd


class Grid:
    """It writes the array that it is given."""

    def __init__(self, cells):
        self.cells = cells

    @property
    def first(self):
        return self.cells[0]

    @first.setter
    def first(self, value):
        self.cells[0] = value

    @first.deleter
    def first(self):
        self.cells[0] = 2 * self.cells[1]

    def __getitem__(self, i):
        return self.cells[i]

    def __setitem__(self, i, value):
        self.cells[i] = value

    def __delitem__(self, i):
        self.cells[i] = self.cells[0]

    def __iadd__(self, value):
        self.cells += value
        return self


def by_a_property(grid, v):
    grid.first = v


def by_a_property_in_place(grid, v):
    grid.first *= v


def by_deleting_a_property(grid, v):
    del grid.first


def by_deleting_an_item(grid, v):
    del grid[1]


def by_an_item(grid, v):
    grid[0] = v


def by_an_item_in_place(grid, v):
    grid[1] += v


def by_an_operator(grid, v):
    grid += v


def by_setattr(grid, v):
    setattr(grid, "first", v)  # noqa: B010 (the call is what is tested)


def by_a_name_that_is_computed(grid, v):
    setattr(grid, "".join(["fi", "rst"]), v)


WAYS = [by_a_property, by_a_property_in_place, by_deleting_a_property, by_deleting_an_item,
        by_an_item, by_an_item_in_place, by_an_operator, by_setattr, by_a_name_that_is_computed]


def slopes(f, a):
    found = []
    for i in range(a.size):
        step = np.zeros_like(a)
        step[i] = 1e-6
        found.append((f(a + step) - f(a - step)) / 2e-6)
    return np.array(found)


def check(f):
    a = np.array([0.3, 0.4])
    np.testing.assert_allclose(sd.grad(f)(a.copy()), slopes(f, a), rtol=1e-6)
    value, pullback = sd.vjp(f, a.copy())
    assert value == f(a.copy())
    np.testing.assert_allclose(pullback(1.0), slopes(f, a), rtol=1e-6)


@pytest.mark.parametrize("write", WAYS)
def test_the_array_is_written_by_another_name(write):
    def f(a):
        grid = Grid(a)
        before = a[0] * 2
        write(grid, a[1] * 3)
        return np.sum(a * before * a[0])

    check(f)


@pytest.mark.parametrize("write", WAYS)
def test_it_is_where_the_class_is_not_known(write):
    def f(a):
        grid = [Grid(a)][0]
        before = a[0] * 2
        write(grid, a[1] * 3)
        return np.sum(a * before * a[0])

    check(f)


class Empty(Grid):
    def __init__(self):
        self.count = 0


@pytest.mark.parametrize("write", WAYS)
def test_it_is_where_the_array_came_later(write):
    def f(a):
        grid = Empty()
        grid.cells = a
        before = a[0] * 2
        write(grid, a[1] * 3)
        return np.sum(a * before * a[0])

    check(f)


def test_statements_in_the_function_itself_are_seen():
    def f(a):
        grid = Grid(a)
        b = a[0] * 1.5
        grid.first = a[1] * 3
        c = a[0] * b
        grid[1] = c * 2
        grid += b
        del grid.first
        return np.sum(a) * b * c

    check(f)


def test_what_a_deleter_writes_into_a_field_is_followed():
    class Kept:
        def __init__(self, v):
            self.v = v

        @property
        def twice(self):
            return 2 * self.v

        @twice.deleter
        def twice(self):
            self.v = self.v**2

    class Moved:
        def __delattr__(self, name):
            self.__dict__["gone"] = 3 * self.__dict__.pop(name)

    def f(x):
        kept, moved = Kept(x), Moved()
        moved.v = x
        del kept.twice
        del moved.v
        return kept.v * moved.gone

    assert sd.grad(f)(0.7) == pytest.approx(9 * 0.7**2)
