"""Loops whose items matter to no derivative run as they are written, whatever they walk over."""

from __future__ import annotations

import pytest

import s2sdiff as sd


class Group:
    """Walked over by a method in Python."""

    def __init__(self, *items):
        self.items = list(items)

    def __iter__(self):
        return iter(self.items)


def counting(z):
    group, count = Group(z, 2.0 * z), 0
    for _ in group:
        count += 1
    return z * z * count


def printing(z):
    group = Group(z, 2.0 * z)
    for v in group:
        print(f"{v:.2f}")
    return z * z


def passing(z):
    walk = iter(Group(z))
    for _ in walk:
        pass
    return 3.0 * z


def printing_what_a_name_draws(z):
    walk = iter(Group(z, z + 1.0))
    for v in walk:
        print(v)
    return z * z * z


def looking_and_adding(z):
    """The same object twice: once for its number of items, once for the items."""
    group, count, total = Group(z, z * z), 0, 0.0
    for _ in group:
        count += 1
    for v in group:
        total += v
    return total * count


def adding_what_another_knows(z):
    """The items do not matter, but each round adds."""
    total = 0.0
    for _ in Group(1.0, z, z):
        total += z * z
    return total


@pytest.mark.parametrize(("f", "slope"), [
    (counting, 6.0), (printing, 3.0), (passing, 3.0), (printing_what_a_name_draws, 6.75),
    (looking_and_adding, 8.0), (adding_what_another_knows, 9.0),
], ids=lambda p: getattr(p, "__name__", None))
def test_a_loop_that_only_looks_at_items_is_no_obstacle(f, slope, capsys):
    value = f(1.5)
    shown = capsys.readouterr().out
    found, pullback = sd.vjp(f, 1.5)
    assert capsys.readouterr().out == shown
    assert found == value
    assert pullback(1.0) == pytest.approx(slope) and pullback(2.0) == pytest.approx(2 * slope)
    assert sd.grad(f)(1.5) == pytest.approx(slope)
    assert sd.jvp(f, (1.5,), (2.0,)) == (value, pytest.approx(2 * slope))
    assert capsys.readouterr().out == shown * 2
