"""Statements: lowered, then run as IR, they do what Python does.

PYTEST_DONT_REWRITE, so that the messages of assert statements are Python's own.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from tests.frontend.compare import assert_same


def say(tag, result=None):
    print(tag)
    return result if result is not None else tag


def swap(a, b):
    a, b = b, a
    (a, b), c = (b, a), a
    return a, b, c


def unpacking(xs):
    a, (b, *c), *d = xs
    [*e, f] = c
    (g,) = f,
    return a, b, c, d, e, f, g


def unpack_one(xs):
    (a,) = xs
    return a


def unpack_starred(xs):
    a, *b, c = xs
    return a, b, c


def unpack_into_places(a, o):
    a[0], o.x, (i, a[i]) = a[1], a[0], (2, 7)
    return i


def same_name_twice(xs):
    a, a = xs
    (b, b), c = xs, 1
    return a, b, c


def targets_in_order(a):
    i = a[i] = 2  # noqa: F821
    x = y = a[say("index", 1)] = [i]
    return x is y, x is a[1]


def value_survives_targets(a):
    (a, b) = c = a
    return a, b, c


def store_order(a):
    say("a", a)[say("i", 0)] = say("v", 9)
    say("o", a)[say("j", 1)], say("p", a)[0] = say("w", 8), say("u", 7)


def augmented(x, o, a):
    x += 1
    x *= 2
    o.x -= x
    a[0] **= 2
    a[1:] += a[:-1]
    return x


def augmented_list(x):
    y = x
    x += [1]
    return y


def augmented_order(a):
    def grow():
        a[0] += 10
        return 1

    a[say("i", 0)] += grow()
    return a


def augmented_by_walrus(x):
    x += (x := 5)
    return x


def annotated(x):
    y: int = x + 1
    z: float
    if x > 100:
        z = 1.0
    return y, z


def branches(x):
    if x > 0:
        return "positive"
    elif x < 0:
        sign = -1
    else:
        sign = 0
    return sign


def loop_else(n, stop):
    for i in range(n):
        if i == stop:
            break
        if i % 2:
            continue
        print(i)
    else:
        return "ran out", n
    return i


def while_else(n):
    while n > 0 and n != 7:
        n -= 2
        if n == 5:
            continue
        print(n)
    else:
        return n, "else"
    return n


def while_true(n):
    while True:
        n = n // 2
        if not n:
            break
    return n


def loop_targets(pairs, a):
    for i, (x, y) in enumerate(pairs):
        a += i * x * y
    for a_first, *rest in pairs:
        a += len(rest)
    for x, x in pairs:
        a += x
    return a


def loop_into_place(a):
    for a[0] in [1, 2, 3]:
        a[1] += a[0]


def loop_over_itself(x):
    for x in x:
        for x in [x, x + 1]:
            pass
    return x


def assertion(x):
    assert x > 0
    assert x > 1, say("message", "too small")
    return x


def raising(x):
    if x == 1:
        raise ValueError("one")
    if x == 2:
        raise KeyError
    if x == 3:
        raise RuntimeError("three") from ZeroDivisionError()
    if x == 4:
        raise RuntimeError("four") from None
    raise x


def deleting(a, d, o):
    del a[0], d["k"], o.x
    return a


def nothing(x):
    """Only a docstring."""


def bare_return(x):
    if x:
        return
    x
    3
    say("end")


def after_return(x):
    return x
    x = 1


def default_values(a, /, b=2, *rest, c=3, d, **more):
    return a, b, rest, c, d, more


def every_kind_of_parameter():
    return default_values(1, d=4), default_values(1, 2, 3, d=4, e=5)


def effects(a, o):
    a.append(1)
    a.sort()
    o.x
    print(a)
    -a[0]
    a and a.pop()


def unknown_name(x):
    if x:
        y = 1
        del x
    return x, y


SPACE = SimpleNamespace(x=1)
VECTOR = np.arange(1.0, 4.0)
CASES = [
    (swap, 1, 2), (unpacking, (1, (2, 3, 4), 5, 6)), (unpacking, (1, 2)), (unpack_one, [3]),
    (unpack_one, [3, 4]), (unpack_starred, [1, 2, 3]), (unpack_starred, [1, 2]),
    (unpack_starred, [1]), (unpack_into_places, [5, 6, 0], SPACE), (same_name_twice, (1, 2)),
    (targets_in_order, [1, 2, 3]), (value_survives_targets, (1, 2)), (store_order, [1, 2]),
    (augmented, 3, SPACE, VECTOR), (augmented_list, [0]), (augmented_order, [1]),
    (augmented_by_walrus, 2), (annotated, 1), (annotated, 101), (branches, 1), (branches, -1),
    (branches, 0), (loop_else, 4, 2), (loop_else, 4, 9), (loop_else, 0, 0), (while_else, 9),
    (while_else, 8), (while_true, 9), (loop_targets, [(1, 2), (3, 4)], 0),
    (loop_into_place, [0, 0]), (loop_over_itself, [1, 2]), (assertion, 0), (assertion, 1),
    (assertion, 2), (raising, 1), (raising, 2), (raising, 3), (raising, 4),
    (deleting, [1, 2], {"k": 1}, SPACE), (nothing, 1), (bare_return, 0), (bare_return, 1),
    (after_return, 1), (every_kind_of_parameter,), (effects, [3, 2], SPACE), (unknown_name, 0),
    (unknown_name, 1),
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c[0].__name__}-{c[1] if c[1:] else ''}")
def test_a_statement_does_what_python_does(case):
    assert_same(*case)


def test_an_exception_keeps_its_cause():
    assert assert_same(raising, 3)[1][:2] == (RuntimeError, ZeroDivisionError)


def test_an_exception_object_is_raised_as_it_is():
    assert assert_same(raising, LookupError("mine"))[1][2] == "mine"
