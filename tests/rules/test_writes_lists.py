"""Mutators of lists and heaps: what is left is Python's own, and cotangents move back."""

import bisect
import heapq
import operator
import random

import numpy as np
import pytest

from s2sdiff import registry
from s2sdiff.errors import UnsupportedError
from tests.rules.writes import check_error, check_write


def four():
    return [3.0, 1.0, 4.0, 1.5]


def with_itself(method, *rest):
    def make():
        x = four()
        return (x, *rest, x)

    return method, make


CASES = [
    (list.append, lambda: (four(), 2.0)), (list.append, lambda: ([], 2.0)),
    (list.append, lambda: (four(), (1.0, 2.0))), (list.append, lambda: (four(), "a")),
    (list.extend, lambda: (four(), [2.0, 5.0])), (list.extend, lambda: (four(), (2.0,))),
    (list.extend, lambda: (four(), np.array([2.0, 5.0]))), (list.extend, lambda: (four(), ())),
    (list.extend, lambda: (four(), {2.0, 5.0})), (list.extend, lambda: (four(), range(3))),
    (list.extend, lambda: (four(), {"a": 1.0})), (list.extend, lambda: (four(), np.ones((2, 2)))),
    with_itself(list.extend),
    *[(list.insert, lambda i=i: (four(), i, 2.0)) for i in (0, 2, 3, 4, 9, -1, -4, -9)],
    (list.insert, lambda: ([], 3, 2.0)), (list.insert, lambda: (four(), np.int64(1), 2.0)),
    *[(list.pop, lambda i=i: (four(), i)) for i in (0, 2, 3, -1, -4, np.int64(1), True)],
    (list.pop, lambda: (four(),)), (list.pop, lambda: ([(1.0, 2.0), 3.0], 0)),
    (list.pop, lambda: ([np.ones(2), 3.0], 0)), (list.pop, lambda: ([1, 3.0], 0)),
    (list.remove, lambda: ([1, 2.0, 3.0], 1)),
    (list.remove, lambda: ([2.0, "a", 3.0, "a"], "a")),
    (list.clear, lambda: (four(),)), (list.reverse, lambda: (four(),)),
    (list.reverse, lambda: ([],)),
    (list.sort, lambda: (four(),)), (list.sort, lambda: ((four(),), {"reverse": True})),
    (list.sort, lambda: (([3.0, -1.0, -4.0, 2.0],), {"key": abs})),
    (list.sort, lambda: (([(2, 5.0), (1, 4.0), (2, 3.0)],), {"key": operator.itemgetter(0)})),
    (list.sort, lambda: (([(2, 5.0), (1, 4.0), (2, 3.0)],),
                         {"key": operator.itemgetter(0), "reverse": True})),
    *[(list.__setitem__, lambda i=i: (four(), i, 2.0)) for i in (0, 3, -1, -4, True)],
    *[(f, lambda i=i, v=v: (four(), i, list(v)))
      for f in (list.__setitem__, operator.setitem)
      for i, v in ((slice(1, 3), (2.0,)), (slice(1, 3), (2.0, 5.0, 6.0)), (slice(1, 1), (2.0, 5.0)),
                   (slice(3, 1), (2.0, 5.0)), (slice(None), ()), (slice(-2, None), (7.0,)),
                   (slice(None, None, 2), (5.0, 6.0)), (slice(None, None, -2), (5.0, 6.0)),
                   (slice(None, None, -1), (5.0, 6.0, 7.0, 8.0)), (slice(0, 0, 2), ()),
                   (slice(9, 99), (5.0, 6.0)), (slice(0, 4, 1), (5.0, 6.0, 1.0, 2.0)))],
    (list.__setitem__, lambda: (four(), slice(1, 3), np.array([5.0, 6.0, 7.0]))),
    (list.__setitem__, lambda: (four(), slice(1, 3), (5.0, 6.0, 7.0))),
    with_itself(list.__setitem__, slice(1, None)), with_itself(list.__setitem__, slice(2, 2)),
    with_itself(list.__setitem__, slice(None, None, -1)),
    *[(f, lambda i=i: (four(), i)) for f in (list.__delitem__, operator.delitem)
      for i in (0, 3, -1, -3, slice(1, 3), slice(None), slice(None, None, 2), slice(3, None, -2),
                slice(3, 1), slice(2, 99))],
    *[(f, lambda v=v: (four(), v[:])) for f in (list.__iadd__, operator.iadd, operator.iconcat)
      for v in ([2.0], (2.0, 3.0), "ab")],
    with_itself(operator.iadd),
    *[(f, lambda n=n: (four(), n)) for f in (list.__imul__, operator.imul)
      for n in (0, 1, 3, -1, True)],
    (operator.imul, lambda: (four(), np.int64(2))), (operator.imul, lambda: ([], 2)),
    (operator.setitem, lambda: (four(), -2, 5.0)),
    (bisect.insort, lambda: ([1.0, 2.0, 3.0], 2.5)), (bisect.insort, lambda: ([1.0, 3.0], 0.5, 1)),
    (bisect.insort_left, lambda: ([1, 1, 2.0], 1)), (bisect.insort, lambda: ([1, 1, 2.0], 1)),
    (bisect.insort, lambda: (([3.0, 2.0, 1.0], 2.5), {"key": lambda v: -v})),
    (bisect.insort_left, lambda: (([3.0, 2.0, 1.0], 2.5, 0, 2), {"key": lambda v: -v})),
]


@pytest.mark.parametrize("case", range(len(CASES)),
                         ids=lambda i: f"{CASES[i][0].__name__}-{i}")
def test_what_changes_a_list_agrees_with_differences(case):
    check_write(*CASES[case])


@pytest.mark.parametrize(("target", "make"), [
    (list.pop, lambda: ([],)), (list.pop, lambda: (four(), 4)), (list.pop, lambda: (four(), -5)),
    (list.pop, lambda: (four(), "a")), (list.remove, lambda: (four(), 9.0)),
    (list.insert, lambda: (four(), 1.5, 2.0)), (list.__setitem__, lambda: (four(), 4, 2.0)),
    (list.__setitem__, lambda: (four(), "a", 2.0)), (list.__setitem__, lambda: (four(), -5, 2.0)),
    (list.__setitem__, lambda: (four(), slice(0, 2), 2.0)),
    (list.__setitem__, lambda: (four(), slice(0, 4, 2), [2.0])),
    (list.__delitem__, lambda: (four(), 4)), (list.__delitem__, lambda: (four(), "a")),
    (list.extend, lambda: (four(), 2.0)), (list.sort, lambda: (["a", 1.0],)),
    (operator.imul, lambda: (four(), 1.5)), (operator.iadd, lambda: (four(), 2.0)),
    (operator.setitem, lambda: (four(), 7, 2.0)), (operator.delitem, lambda: (four(), 7)),
    (heapq.heappop, lambda: ([],)), (heapq.heapreplace, lambda: ([], 1.0)),
])
def test_what_python_refuses_fails_with_its_error_and_changes_nothing(target, make):
    check_error(target, make)


@pytest.mark.parametrize("places", [slice(1, 2), slice(None, None, 2)])
def test_the_elements_of_a_set_have_cotangents_after_it_has_changed(places):
    given = {5.0, 6.0}
    kept = four()
    _, pullback = registry.find(operator.setitem).function(kept, places, given)
    given.clear()
    entry = pullback(None, {i: 10.0 * v for i, v in enumerate(kept)})[2]
    assert entry == {5.0: 50.0, 6.0: 60.0}


@pytest.mark.parametrize("method", [list.extend, list.__iadd__])
def test_active_values_drawn_from_an_iterator_are_refused(method):
    rule = registry.find(method).function
    with pytest.raises(UnsupportedError, match="Instead, "):
        rule([1.0], iter([2.0]))
    kept = [1.0]
    rule(kept, iter("ab"))
    assert kept == [1.0, "a", "b"]


def test_a_list_and_an_array_make_an_array():
    value, pullback = registry.find(operator.iadd).function([1.0, 2.0], np.array([5.0, 6.0]))
    assert value.tolist() == [6.0, 8.0]
    bars = pullback(np.array([1.0, 3.0]), {})
    assert list(bars[0]) == [1.0, 3.0] and list(bars[1]) == [1.0, 3.0]


def heap(seed, n):
    x = list(np.round(np.random.default_rng(seed).uniform(0.0, 9.0, n), 3).tolist())
    heapq.heapify(x)
    return x


HEAPS = [
    *[(heapq.heappush, lambda n=n, v=v: (heap(n, n), v)) for n in (0, 1, 2, 7, 20)
      for v in (-1.0, 4.5, 99.0)],
    *[(heapq.heappop, lambda n=n: (heap(n, n),)) for n in (1, 2, 3, 7, 8, 20)],
    *[(f, lambda n=n, v=v: (heap(n, n), v)) for f in (heapq.heapreplace, heapq.heappushpop)
      for n in (1, 2, 9) for v in (-1.0, 4.5, 99.0)],
    (heapq.heappushpop, lambda: ([], 2.0)),
    *[(heapq.heapify, lambda n=n: (np.random.default_rng(n).uniform(0, 9, n).tolist(),))
      for n in (0, 1, 2, 5, 30)],
    (heapq.heappush, lambda: ([(1, 2.0), (2, 1.0)], (1, 1.0))),
    (heapq.heappop, lambda: ([(1, 2.0), (2, 1.0), (1, 3.0)],)),
]


@pytest.mark.parametrize("case", range(len(HEAPS)), ids=lambda i: f"{HEAPS[i][0].__name__}-{i}")
def test_what_changes_a_heap_agrees_with_differences(case):
    check_write(*HEAPS[case])


def test_heaps_are_those_of_heapq_with_ties_in_every_size():
    rng = np.random.default_rng(0)
    rules = {f: registry.find(f).function for f in (heapq.heappush, heapq.heappop, heapq.heapify)}
    for n in (*range(40), 3000):
        # Equal numbers that can be told apart.
        plain = [Tied(int(v), i) for i, v in enumerate(rng.integers(0, 6, n))]
        ours = list(plain)
        heapq.heapify(plain)
        rules[heapq.heapify](ours)
        assert [x.name for x in plain] == [x.name for x in ours]
        for i in range(min(n, 20)):
            assert heapq.heappop(plain) is rules[heapq.heappop](ours)[0]
            heapq.heappush(plain, item := Tied(int(rng.integers(0, 6)), 10000 + i))
            rules[heapq.heappush](ours, item)
            assert [x.name for x in plain] == [x.name for x in ours]


class Tied:
    def __init__(self, value, name):
        self.value, self.name = value, name

    def __lt__(self, other):
        return self.value < other.value


def test_pushing_compares_no_more_than_the_height_of_the_heap():
    x = heap(1, 1000)
    _, pullback = registry.find(heapq.heappush).function(x, -1.0)
    slots = {i: float(i) for i in range(1001)}
    assert pullback(None, slots) == (None, 0.0) and len(slots) == 1000


def test_shuffling_draws_what_python_draws():
    for n in (0, 1, 7):
        plain, ours = [float(i) for i in range(n)], [float(i) for i in range(n)]
        random.seed(5)
        random.shuffle(plain)
        state = random.getstate()
        random.seed(5)
        _, pullback = registry.find(random.shuffle).function(ours)
        assert ours == plain and random.getstate() == state
        slots = {i: 10.0 * v for i, v in enumerate(ours)}
        pullback(None, slots)
        assert slots == {i: 10.0 * i for i in range(n)}
