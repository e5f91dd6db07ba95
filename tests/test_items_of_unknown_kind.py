"""What is read of a value whose kind is not known: the very item, or a view of the very array."""

import numpy as np
import pytest

import s2sdiff as sd


def chosen_in_a_loop(x, z):
    for _ in range(2):
        if z:
            y = x
        x = y
    return x


def whole(a, z):
    return chosen_in_a_loop(a, z)[...]


def item(rows, z):
    return chosen_in_a_loop(rows, z)[0]


def relisted(rows, z):
    rows = list(chosen_in_a_loop(rows, z))
    return rows[-1], rows[0][1:]


def looked_up(rows, z):
    return chosen_in_a_loop({"w": rows[0], "v": rows[1]}, z)["v"]


@pytest.mark.parametrize("f", [whole, item, relisted, looked_up])
def test_what_is_read_of_a_value_of_unknown_kind_is_the_very_item(f):
    def own():
        return np.ones((2, 3)) if f is whole else [np.arange(3.0), np.ones(3)]

    def sharing(value, given):
        values = value if isinstance(value, tuple) else (value,)
        return [[np.shares_memory(v, g) for g in given] for v in values]

    rows, again = own(), own()
    value, pullback = sd.vjp(f, rows, 1.0)
    assert sharing(value, rows) == sharing(f(again, 1.0), again)
    seed = tuple(np.ones_like(v) for v in value) if isinstance(value, tuple) else value * 0 + 1
    entry = pullback(seed)[0]
    total = sum(np.sum(e) for e in (entry if isinstance(entry, list) else [entry]))
    assert total == sum(np.size(s) for s in (seed if isinstance(seed, tuple) else (seed,)))
    # The caller may write before the pullback runs, or take items away.
    if isinstance(rows, list):
        rows.clear()
    assert str(pullback(seed)[0]) == str(entry)
