"""Functions that stand for those that call functions: the same values, calls, errors and order."""

import collections
import functools
import heapq
import itertools
import operator

import pytest

import s2sdiff as sd
from s2sdiff.runtime.standins import CONSUMERS, EAGER, LAZY, WITH_KEY, standin
from s2sdiff.runtime.standins_ordering import order

L = [3.0, -1.0, 2.0, -4.0]
PAIRS = [(1.0, 2.0), (3.0, 4.0)]
ALL = {**EAGER, **WITH_KEY, **LAZY}


def outcome(function, args, kwargs, seen):
    """What a call gives or raises, what it called before, and what it left in its arguments."""
    try:
        value = function(*args, **kwargs)
        value = list(value) if hasattr(value, "__next__") else value
    except Exception as error:
        value = type(error), str(error)
    return repr(value), list(seen)


def noted(function):
    """A function that notes what it is called with."""
    def call(*args):
        call.seen.append(args)
        return function(*args)

    call.seen = []
    return call


CASES = [
    *[(functools.reduce, operator.add, rest, {}) for rest in (
        (L,), ([],), ([], 5.0), (L, 5.0), ([1.0],), (iter(L),), (iter(()),), (L, None))],
    *[(f, abs, (items,), {}) for f in (sorted, max, min)
      for items in (L, tuple(L), [], {1.0, -2.0}, {"a": 1})],
    (sorted, abs, (L,), {"reverse": True}), (max, abs, (iter(L),), {}), (min, abs, (iter(L),), {}),
    *[(sorted, operator.itemgetter(0), ([(1, 5.0), (0, 4.0), (1, 3.0)],), {"reverse": r})
      for r in (False, True)],
    *[(f, abs, args, {}) for f in (max, min)
      for args in ((3.0, -1.0), (2.0, -2.0), ([-2.0, 2.0],))],
    *[(f, abs, args, {"default": 7.0}) for f in (max, min) for args in (([],), (L,), (1.0, 2.0))],
    *[(f, abs, (n, L), {}) for f in (heapq.nsmallest, heapq.nlargest) for n in (0, 1, 2, 9, -1)],
    *[(f, lambda x: x > 0, (L,), {}) for f in (
        map, filter, itertools.filterfalse, itertools.takewhile, itertools.dropwhile)],
    *[(f, lambda x: x < 0, (iter(L),), {}) for f in (
        map, filter, itertools.filterfalse, itertools.takewhile, itertools.dropwhile)],
    (map, operator.mul, (L, (1.0, 2.0)), {}), (map, operator.mul, (L, iter([1.0]), "abc"), {}),
    (itertools.starmap, operator.mul, (PAIRS,), {}), (map, operator.truediv, ([1.0], [0]), {}),
]
TAKES_KEY = (sorted, max, min, heapq.nsmallest, heapq.nlargest)


@pytest.mark.parametrize("case", range(len(CASES)), ids=lambda i: f"{CASES[i][0].__name__}-{i}")
def test_a_standin_gives_and_calls_what_the_original_does(case):
    target, function, args, kwargs = CASES[case]
    # What is drawn from an iterator is drawn once: each of the two gets one of its own.
    copies = [[], []]
    for a in args:
        twice = itertools.tee(a) if hasattr(a, "__next__") else (a, a)
        for one, given in zip(twice, copies):
            given.append(one)
    found = []
    for f, given in zip((target, ALL[target]), copies):
        called = noted(function)
        if target in TAKES_KEY:
            found.append(outcome(f, given, {**kwargs, "key": called}, called.seen))
        else:
            found.append(outcome(f, (called, *given), kwargs, called.seen))
    assert found[0] == found[1]


@pytest.mark.parametrize(("target", "args", "kwargs"), [
    (filter, (None, [0.0, 1.0, 2.0]), {}), (itertools.filterfalse, (None, [0.0, 1.0]), {}),
    (itertools.accumulate, (L,), {}), (itertools.accumulate, ([],), {}),
    (itertools.accumulate, (L,), {"initial": 5.0}), (itertools.accumulate, (L, operator.mul), {}),
    (itertools.accumulate, ([], max), {"initial": 5.0}),
    (itertools.chain.from_iterable, ([L, (1.0,), "ab"],), {}),
])
def test_what_takes_other_arguments_gives_the_same(target, args, kwargs):
    assert list(target(*args, **kwargs)) == ALL[target](*args, **kwargs)


def test_a_list_is_sorted_in_place_and_keeps_the_order_of_equals():
    for reverse in (False, True):
        plain, ours = ([(1, 5.0), (0, 4.0), (1, 3.0)] for _ in range(2))
        plain.sort(key=operator.itemgetter(0), reverse=reverse)
        assert WITH_KEY[list.sort](ours, key=operator.itemgetter(0), reverse=reverse) is None
        assert ours == plain


class Owner:
    def __init__(self):
        self.x, self.inner = 3.0, [4.0]

    def times(self, a, b=1.0):
        return self.x * a * b


@pytest.mark.parametrize("function", [
    operator.itemgetter(1), operator.itemgetter(1, 0), operator.itemgetter(slice(1, 3)),
])
def test_a_getter_of_items_has_a_function_in_its_place(function):
    assert standin(function)(L) == function(L)


@pytest.mark.parametrize("function", [
    operator.attrgetter("x"), operator.attrgetter("x", "inner"), operator.attrgetter("x.real"),
    operator.methodcaller("times", 2.0), operator.methodcaller("times", 2.0, b=3.0),
    operator.methodcaller("times", a=2.0),
])
def test_a_getter_of_attributes_has_a_function_in_its_place(function):
    assert standin(function)(Owner()) == function(Owner())


Point = collections.namedtuple("Point", "x y")


def test_what_a_named_tuple_makes_of_itself_has_functions_in_its_place():
    p = Point(1.0, 2.0)
    assert standin(Point._replace)(p, y=5.0) == p._replace(y=5.0) == Point(1.0, 5.0)
    assert standin(Point._make.__func__)(Point, [3.0, 4.0]) == Point._make([3.0, 4.0])
    for f in (Point._replace, standin(Point._replace)):
        with pytest.raises((ValueError, TypeError), match=r"unexpected field names: \['z'\]"):
            f(p, z=1.0)


def test_what_has_no_standin_is_said_to_have_none():
    assert standin(len) is None and standin(lambda x: x) is None and standin(3) is None


def test_standins_are_differentiated_as_the_functions_of_users_are():
    reduce, map_, sorted_ = EAGER[functools.reduce], LAZY[map], WITH_KEY[sorted]

    def product(x):
        return reduce(lambda a, b: a * b, x)

    def squares(x):
        return sum(map_(lambda v: v * v, x))

    def second(x):
        return sorted_(x, key=lambda v: -v)[1] * 2.0

    assert sd.grad(product)([2.0, 3.0, 5.0]) == [15.0, 10.0, 6.0]
    assert sd.grad(squares)([2.0, 3.0]) == [4.0, 6.0]
    assert sd.grad(second)([2.0, 3.0, 5.0]) == [0.0, 2.0, 0.0]


def test_an_order_is_that_of_sorting():
    assert [L[i] for i in order(L)] == sorted(L)
    assert sd.grad(lambda x: [x, 2.0 * x][order([x, 3.0 - x])[0]])(1.0) == 1.0


def test_consumers_draw_everything():
    for consumer in CONSUMERS:
        drawn = iter([])
        owner = ([],) if consumer is list.extend else ()
        try:
            consumer(*owner, drawn)
        except (ValueError, ArithmeticError):
            continue
        assert next(drawn, None) is None
