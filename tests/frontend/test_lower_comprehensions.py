"""Comprehensions are loops: their order, their variables, what they evaluate and when."""

from __future__ import annotations

import functools
import itertools
import math

import numpy as np
import pytest

from s2sdiff.frontend.lower import lower
from s2sdiff.ir import For, Opaque, Raw, Ref, atoms, walk
from tests.frontend.compare import assert_same

k = "outside"


def shown(*values):
    print(*values)
    return values[-1]


def squares(xs):
    return [x * x for x in xs]


def own_variables(xs, i):
    j = 5
    made = [(i, j) for i in xs for j in range(i)]
    return made, i, j


def an_outside_name_of_the_same_name(xs):
    made = [k for k in xs]  # noqa: C416
    return made, k


def a_name_inside_a_name(rows):
    return [(sum([i for i in row]), i, [i for i in i]) for i in rows for row in [i, i]]  # noqa: C416


def reading_what_it_is_assigned_to(xs):
    xs = [len(xs) + x for x in xs]
    xs = {x: xs for x in xs}
    return xs


def reading_it_through_a_function(n):
    xs = [1, 2]

    def known():
        return len(xs)

    xs = [known() for i in range(n)]
    return xs


def conditions_in_order(xs, ys):
    return [shown("v", x, y) for x in shown("xs", xs) if shown("a", x) if shown("b", x > 1)
            for y in shown("ys", ys) if shown("c", y - x)]


def keys_before_values(xs):
    return {shown("key", x): shown("value", x * 2) for x in xs}


def sets(xs):
    return sorted({x % 3 for x in xs if x})


def unpacking(pairs):
    return [a + b[0] for a, *b in pairs] + [c for (a, (b, c)) in [(1, (2, 3))]]


def repeated_names(pairs):
    return [_ for _, _ in pairs]


def walrus(xs):
    made = [last := x * 2 for x in xs if (total := x)]
    return made, last, total


def walrus_in_a_condition(xs):
    return [y for x in xs if (y := x - 1)], y


def in_conditions_of_while(xs):
    rounds = 0
    while len([x for x in xs if x > rounds]) > 1:
        rounds += 1
    return rounds


def in_short_circuits(xs):
    return xs and [shown(10 / x) for x in xs] or [0 for _ in "ab"]


def in_a_conditional(xs):
    return [1 / x for x in xs] if all(xs) else None


def in_a_nested_function(xs):
    def row(n, i):
        return [i * n for i in xs] + [i]

    return [row(n, i) for i, n in enumerate(xs)] + row(1, 2)


def sums(xs):
    return sum(x * 2 for x in xs), sum((x for x in xs), 10), max((x for x in xs), default=0)


def consumers(xs):
    return (tuple(x for x in xs), list(x + 1 for x in xs), sorted((x for x in xs), key=abs),  # noqa: C400
            set(x for x in xs), frozenset(x for x in xs), dict((x, -x) for x in xs),  # noqa: C401, C402
            ", ".join(str(x) for x in xs), math.fsum(x for x in xs), math.prod(x for x in xs),
            functools.reduce(max, (x for x in xs), 0), np.fromiter((x for x in xs), float).tolist())


def taken_in_part(xs):
    some = (shown(x) for x in xs)
    return next(some, None), np.fromiter((shown(x) for x in range(9)), float, count=2).tolist()


def chained(xs):
    made = set(itertools.chain.from_iterable((i for i in shown(x, "ab")) for x in xs))
    return sorted(made), list(itertools.chain((y for y in (x for x in xs)), (x for x in xs)))


def drawn_once(xs):
    first = next((shown(x * y) for x in xs for y in (shown(1), shown(2)) if x * y > 1), shown)
    return first, next((x for x in xs if shown(x) > 99), None)


def drawn_from_nothing(xs):
    return next(shown(x) for x in xs if x > 99)


def unpacked(xs):
    a, b = (shown(x * len(xs)) for x in (shown(1), shown(2)))
    c, *d = (shown(x) for x in xs)
    (e, f), g = (x + a for x in xs), b
    return a, b, c, d, e, f, g


def unpacked_with_effects(xs):
    a, b = (shown(x) for x in xs)
    return a, b


def starred(xs):
    return max(*(x for x in xs), 0, 1), [*(shown(x) for x in xs), shown(7)]


def looks(xs):
    if any(shown(x) > 2 for x in xs):
        return all(shown(x) for x in xs if x != 1)
    return any(y for x in xs for y in range(x) if shown(y)), all(x for x in [xs] for _ in x)


def my_own_any(xs):
    any = list  # noqa: A001
    return any(x for x in xs)


def my_own_sum(xs, sum):  # noqa: A002
    return sum(x for x in xs)


def stopping(xs):
    rest = iter(xs)
    try:
        return sum(next(rest) for _ in range(3))
    except RuntimeError:
        return "ended inside"


def stored(xs):
    made = (x for x in xs)
    return type(made).__name__, list(made)


def raising(xs):
    made = "before"
    made = [1 / x for x in xs]
    return made


def unbound(xs):
    found = []
    for _ in range(2):
        found += [y for x in xs for y in y]  # noqa: F821
    return found


def nested_lists(n):
    return [[{i: [j for j in range(i)]} for i in range(m)] for m in range(n)]  # noqa: C416


def items_and_attributes(xs):
    table = {}
    return [table["x"] for table["x"] in xs], table


def lambdas(n):
    return [f() for f in [lambda: i for i in range(n)]]


CASES = [
    (squares, [1, 2]), (squares, []), (squares, 3), (own_variables, [1, 2], "i"),
    (an_outside_name_of_the_same_name, [1]), (a_name_inside_a_name, [[1, 2], [3]]),
    (reading_what_it_is_assigned_to, [1, 2]), (reading_it_through_a_function, 3),
    (conditions_in_order, [0, 1, 2, 3], [2, 4]), (conditions_in_order, [2], None),
    (keys_before_values, [1, 2, 1]), (keys_before_values, [[]]), (sets, [1, 2, 3, 4]),
    (sets, [[1]]), (unpacking, [(1, 2, 3), (4, 5)]), (unpacking, [(1,)]),
    (repeated_names, [(1, 2), (3, 4)]), (walrus, [1, 2]), (walrus, []),
    (walrus_in_a_condition, [1, 3]), (in_conditions_of_while, [1, 2, 3]),
    (in_short_circuits, [1, 2]), (in_short_circuits, []), (in_short_circuits, [1, 0]),
    (in_a_conditional, [1, 2]), (in_a_conditional, [0]), (in_a_nested_function, [1, 2]),
    (sums, [1, 5]), (sums, []), (sums, ["a"]), (consumers, [3, 1]), (taken_in_part, [1, 2]),
    (chained, [0, 1, 2]), (chained, []), (drawn_once, [0, 1, 2]), (drawn_once, []),
    (drawn_from_nothing, [1, 2, 100]),
    (drawn_from_nothing, [1]), (unpacked, [3, 4]), (unpacked, [3]), (unpacked, [3, 4, 5]),
    (unpacked, []), (unpacked_with_effects, [1]), (unpacked_with_effects, [1, 2]),
    (starred, [3, 4]), (looks, [1, 3, 5]), (looks, [1, 3, 0]), (looks, [0, 2]), (looks, [0, 0]),
    (my_own_any, [1, 2]), (my_own_sum, [1, 2], sorted), (stopping, [1, 2, 3, 4]), (stopping, [1]),
    (stored, [1]), (raising, [1, 0]), (unbound, [1]), (nested_lists, 4),
    (items_and_attributes, [1, 2]), (lambdas, 3),
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c[0].__name__}-{c[1]}")
def test_a_comprehension_does_what_python_does(case):
    assert_same(*case)


def kept(function):
    body = lower(function).body
    return [s for s in walk(body) if isinstance(s, Raw) or any(
        isinstance(a, Ref) and isinstance(a.object, Opaque) for a in atoms(s))]


@pytest.mark.parametrize("function", [
    squares, own_variables, a_name_inside_a_name, conditions_in_order, keys_before_values, sets,
    unpacking, walrus, walrus_in_a_condition, in_conditions_of_while, in_a_nested_function, sums,
    starred, looks, nested_lists,
])
def test_nothing_of_it_is_kept_as_it_is_written(function):
    assert not kept(function)
    assert any(isinstance(s, For) for s in walk(lower(function).body))


@pytest.mark.parametrize("function", [taken_in_part, unbound])
def test_what_loops_would_do_otherwise_stays(function):
    assert kept(function)
