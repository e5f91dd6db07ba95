"""`zip(*rows)` and tuples of any length: read by number, as lists, where nobody can tell."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.slopes_of_lists import XS, check_is_plain, check_list


def two_names(xs):
    points = [(x, 2 * x) for x in xs]
    a, b = zip(*points)
    return sum(p * q for p, q in zip(a, b)) + np.mean(a) * len(b)


def names_of_pairs(xs):
    points = [(x, (x * 2, x * x)) for x in xs]
    a, rest = zip(*points)
    b, c = zip(*rest)
    return sum(a) * b[0] + c[1]


def transposed(xs):
    rows = [xs[i:i + 2] for i in range(0, 6, 2)]
    columns = [list(c) for c in zip(*rows)]
    columns[0][1] = columns[1][0] * 2
    return sum(sum(c) ** 2 for c in columns)


def matrices(xs):
    a = [[xs[(i + j) % 6] for j in range(3)] for i in range(3)]
    c = [[sum(p * q for p, q in zip(r, column)) for column in zip(*a)] for r in a]
    return c[0][1] * c[2][2]


def as_long_as_the_shortest(xs):
    rows = []
    for k in range(1, 4):
        rows.append(xs[:k + 1])
    total = 0.0
    for a, b, c in zip(*rows):
        total += a * b - c * sum((a, b))
    for column in zip(*rows):
        total += sum(column) ** 2
    return total


def states(xs):
    s = tuple(x for x in xs)
    for k in range(3):
        s = tuple(v * 0.5 + xs[k] for v in s)
    return sum(v * v for v in s[1:]) + s[0] * len(s)


def as_it_was_then(xs):
    a = [x * x for x in xs]
    t = tuple(a)
    a[0] = 100.0 * xs[1]
    a.append(xs[2])
    return t[0] * a[0] + len(t)


def rows_that_grow(xs):
    rows, total = [[x] for x in xs], 0.0
    for column in zip(*rows):
        total += sum(column) ** 2
        if len(rows[0]) < 4:
            for r in rows:
                r.append(r[-1] * 0.5)
    return total


def rows_that_are_replaced(xs):
    rows, total = [[x, x * 2] for x in xs], 0.0
    for column in zip(*rows):
        total += sum(column) ** 2
        rows[0] = [xs[1], xs[2]]
    return total


def tuples_that_are_shown(xs):
    rows = [[x, x * 2, x * x] for x in xs]
    columns = list(zip(*rows))
    squares = tuple(x * x for x in xs)
    rest = squares[1:]
    assert all(type(c) is tuple for c in (*columns, squares, rest))
    return sum(c[0] * c[1] for c in columns) + rest[0] * (xs[1] if squares == rest else xs[2])


def tuples_that_are_keys(xs):
    squares = tuple(round(x, 3) for x in xs)
    return {squares: 2.0}[squares] * xs[0] + sum((*squares, 1.0)) * 0.0


def tuples_that_are_compared(xs):
    a, b = tuple(x for x in xs), tuple(xs)
    return max(a, b)[0] * min(a, b)[1]


def what_raises(xs):
    squares = tuple(x * x for x in xs)
    try:
        squares[0] = 1.0
    except TypeError:
        return squares[1] * squares[0]
    return squares[0]


def rows_of_other_kinds(xs):
    rows = [[x, x] for x in xs]
    rows[0] = np.array([xs[0], 3 * xs[1]])
    total = sum(sum(c) ** 2 for c in zip(*rows))
    for c in zip(*[{"a": x} for x in xs]):
        total += len(c) * xs[0]
    return total


FAST = [two_names, names_of_pairs, transposed, matrices, as_long_as_the_shortest, states]
CASES = [*FAST, rows_that_grow, as_it_was_then, rows_that_are_replaced, tuples_that_are_shown,
         tuples_that_are_keys, tuples_that_are_compared, what_raises, rows_of_other_kinds]


@pytest.mark.parametrize("f", CASES)
def test_columns_have_the_slopes_of_difference_quotients(f):
    check_list(f)


@pytest.mark.parametrize("f", FAST)
def test_the_numbers_in_columns_are_known(f):
    check_is_plain(f)


@pytest.mark.parametrize(("width", "told"), [(0, "not enough"), (3, "too many")])
def test_another_number_of_columns_raises_what_unpacking_raises(width, told):
    def f(xs):
        points = [[x] * 3 for x in xs[:width]]
        a, b = zip(*points)
        return sum(a) * sum(b)

    for run in (f, sd.grad(f), lambda xs: sd.jvp(f, (xs,), (xs,))):
        with pytest.raises(ValueError, match=told) as caught:
            run(XS)
        assert str(caught.value).startswith(f"{told} values to unpack (expected 2")
