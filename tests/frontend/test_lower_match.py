"""`match` is a chain of tests: what each pattern asks, in which order, and what it binds."""

from __future__ import annotations

import collections
import enum
from dataclasses import dataclass

import pytest

from s2sdiff.frontend.lower import lower
from s2sdiff.ir import Raw, walk
from tests.frontend.compare import assert_same


@dataclass
class Point:
    x: float
    y: float


class Colour(enum.Enum):
    RED = 1
    BLUE = 2


class Loud:
    """Says which of its attributes is read."""

    __match_args__ = ("x", "z")

    @property
    def x(self):
        print("x")
        return 1

    @property
    def z(self):
        print("z")
        return 2


class Strange:
    __match_args__ = ["x"]


class Equal:
    def __eq__(self, other):
        print("==", other)
        return "yes" if other == 2 else ""

    __hash__ = None


def shown(x):
    print(x)
    return x


def values(x):
    match shown(x):
        case 0 | -1:
            return "zero"
        case 1.5 | 2 + 1j:
            return "number"
        case "a" | b"a":
            return "text"
        case Colour.RED:
            return "red"
        case None:
            return "none"
        case True:
            return "true"
    return "nothing"


def sequences(x):
    match x:
        case []:
            return "empty"
        case [a]:
            return "one", a
        case (0, b) | (b, 0):
            return "zero and", b
        case [1, *rest, 2]:
            return "between", rest
        case [a, [b, *_], *_, c]:
            return "nested", a, b, c
        case [*_, 7]:
            return "seven last"
        case [_, *rest]:
            return "rest", rest
        case _:
            return "none of it"


def mappings(x):
    match x:
        case {"a": 1, "b": b}:
            return "a is 1", b
        case {"a": a, **rest} if rest:
            return "a and", a, rest
        case {Colour.RED: [c, _]}:
            return "red", c
        case {**all_of_it}:
            return all_of_it


def classes(x):
    match x:
        case Point(0, y) | Point(x=y, y=0):
            return "on an axis", y
        case Point(x, y) if x == y:
            return "diagonal", x
        case Point() as p:
            return p
        case bool(b):
            return "bool", b
        case int() | float() as number:
            return "number", number
        case str(text):
            return "text", text
        case list([first, *_]):
            return "list", first
        case dict():
            return "dict"


def attributes_in_order(x):
    match x:
        case Loud(x=1, z=3):
            return "first"
        case Loud(1, 3):
            return "second"
        case Loud(z=z):
            return z


def too_many(x):
    match x:
        case Point(1, 2, 3):  # type: ignore[misc]
            return 1
    return 0


def wrong_names(x):
    match x:
        case Strange(1):
            return 1
    return 0


def equal(x):
    match x:
        case 1 | 2:
            return "found"
        case _:
            return "not found"


def guards(x, y):
    match x:
        case n if shown(n) > y:
            result = n
        case n if (m := n + 1) > y:
            result = m
        case 0:
            result = "zero"
        case n:
            result = n, m
    return result, n


def captures_stay(x):
    a = "before"
    match x:
        case [a, 0]:
            pass
        case [a, 1] if a > 5:
            pass
    return a


def rebinding_the_subject(x, y):
    match x:
        case [x, 0]:
            return x
        case [_, x]:
            pass
    match x, y:
        case y, x if x:
            return x, y
        case (a, b):
            return a, b, x, y


def tuples(a, b):
    match (a, shown(b)):
        case (0, 0):
            return "both"
        case 0, c:
            return c
        case (_, 0) as pair:
            return pair
        case (_, _, _):
            return "never"
        case (first, *others):
            return first, others


def in_a_loop(xs):
    found = []
    for x in xs:
        match x:
            case 0:
                continue
            case {"stop": True}:
                break
            case [x, *_]:
                pass
        found.append(x)
    else:
        return found, "all"
    return found


def in_a_nested_function(xs):
    def kind(x):
        match x:
            case [_, y]:
                return y
            case {"y": y}:
                return y

    return [kind(x) for x in xs]


def no_value(x):
    match x:
        case 1:
            y = x
    return y


def assigning_outside(x):
    global OUTSIDE
    match x:
        case [OUTSIDE]:
            pass
    return OUTSIDE


OUTSIDE = 0
ORDERED = collections.OrderedDict(a=2, b=3)

CASES = [
    *[(values, x) for x in (0, -1, 0.0, False, 1.5, 2 + 1j, "a", b"a", Colour.RED, Colour.BLUE,
                            None, True, 1)],
    *[(sequences, x) for x in ([], [1], (0, 5), (5, 0), [1, 2], [1, 3, 4, 2], [3, [4, 5], 6],
                               [3, [4], 9, 6], [3, [], 7], range(3), "ab", b"ab", {}, {1, 2}, 5,
                               collections.deque([1, 3, 2]), bytearray(b"ab"))],
    *[(mappings, x) for x in ({"a": 1, "b": 2}, {"a": 1}, {"a": 3, "c": 4}, {"a": 3},
                              {Colour.RED: (1, 2)}, {Colour.RED: 1}, {}, [], ORDERED,
                              collections.defaultdict(int))],
    *[(classes, x) for x in (Point(0, 2), Point(3, 0), Point(2, 2), Point(1, 2), True, 3, 2.5,
                             "t", [1, 2], [], {}, None)],
    (attributes_in_order, Loud()), (too_many, Point(1, 2)), (too_many, 1),
    (wrong_names, Strange()), (equal, Equal()), (equal, 2), (equal, 3),
    (guards, 3, 1), (guards, 3, 3), (guards, 0, 9), (guards, 1, 9),
    (captures_stay, [1, 0]), (captures_stay, [1, 1]), (captures_stay, [9, 1]), (captures_stay, 0),
    (rebinding_the_subject, [1, 0], 2), (rebinding_the_subject, [1, 2], 0),
    (rebinding_the_subject, [1, 2], 3), (rebinding_the_subject, 4, 0),
    (tuples, 0, 0), (tuples, 0, 1), (tuples, 1, 0), (tuples, 1, 2),
    (in_a_loop, [1, 0, [2, 3], 4]), (in_a_loop, [1, {"stop": True}, 2]),
    (in_a_nested_function, [[1, 2], {"y": 3}, [4, 5], 6]), (no_value, 1), (no_value, 2),
    (assigning_outside, [3]),
]


@pytest.mark.parametrize("case", CASES, ids=[f"{c[0].__name__}-{i}" for i, c in enumerate(CASES)])
def test_a_match_does_what_python_does(case):
    assert_same(*case)


@pytest.mark.parametrize("function", [
    values, sequences, mappings, classes, attributes_in_order, guards, captures_stay,
    rebinding_the_subject, tuples, in_a_loop, in_a_nested_function,
])
def test_no_match_is_kept_as_it_is_written(function):
    assert not [s for s in walk(lower(function).body) if isinstance(s, Raw)]
