"""Random sequences of mutators: where each number ends up says what its cotangent must be.

All numbers are different, so that the cotangent of one is the sum of those of the places that hold
it in the end, and of the values that were taken out.
"""

import bisect
import heapq
import operator
from collections import deque

import numpy as np
import pytest

from s2sdiff import registry
from s2sdiff.runtime.slots import give


class Run:
    """Calls of rules one after the other, and their pullbacks in reverse."""

    def __init__(self, owner, seed):
        self.owner, self.rng = owner, np.random.default_rng(seed)
        self.before = list(owner)
        self.steps, self.taken, self.fresh = [], [], 1000.0

    def new(self):
        self.fresh += self.rng.uniform(0.5, 2.0) * self.rng.choice([-1.0, 1.0]) + 0.001
        return float(self.fresh * self.rng.choice([-1.0, 1.0]))

    def call(self, target, *args, **kwargs):
        value, pullback = registry.find(target).function(self.owner, *args, **kwargs)
        if value is not None and value is not self.owner:
            self.taken.append(value)
        else:
            value = None
        self.steps.append((pullback, args, value))

    def cotangents(self):
        """What the rules give, and what must come out, by number."""
        weights = {v: self.rng.standard_normal() for v in (*self.owner, *self.taken)}
        shadow = {i: self.rng.standard_normal() for i in range(len(self.owner))}
        expected, found = {}, {}
        for i, v in enumerate(self.owner):
            give(expected, v, shadow[i])
        for v in self.taken:
            give(expected, v, weights[v])
        for pullback, args, value in reversed(self.steps):
            entries = pullback(None if value is None else weights[value], shadow)
            entries = entries if isinstance(entries, tuple) else (entries,)
            for x, g in zip(args, entries[1:]):
                for part, share in zip(x, g) if isinstance(g, (list, tuple)) else ((x, g),):
                    if share is not None:
                        give(found, part, share)
        assert set(shadow) <= set(range(len(self.before)))
        for i, v in enumerate(self.before):
            give(found, v, shadow.get(i))
        return found, expected


def index(run, extra=0):
    n = len(run.owner)
    return int(run.rng.integers(-n, n + extra)) if n + extra else 0


def a_slice(run):
    n = len(run.owner)
    i, j = (int(k) for k in run.rng.integers(-n - 1, n + 2, 2))
    return slice(i, j, int(run.rng.choice([1, 1, 2, -1, -2])))


def on_list(run):
    n = len(run.owner)
    kind = int(run.rng.integers(0, 14))
    if kind == 0:
        run.call(list.append, run.new())
    elif kind == 1:
        run.call(list.extend, [run.new() for _ in range(run.rng.integers(0, 3))])
    elif kind == 2:
        run.call(list.insert, index(run, 2), run.new())
    elif kind == 3 and n:
        run.call(list.pop, index(run))
    elif kind == 4 and n:
        run.call(list.remove, run.owner[index(run)])
    elif kind == 5:
        run.call(list.reverse)
    elif kind == 6:
        run.call(list.sort, reverse=bool(run.rng.integers(2)))
    elif kind == 7 and n:
        run.call(operator.setitem, index(run), run.new())
    elif kind == 8:
        key = a_slice(run)
        count = len(range(n)[key]) if key.step != 1 else run.rng.integers(0, 4)
        run.call(operator.setitem, key, [run.new() for _ in range(count)])
    elif kind == 9 and n:
        run.call(operator.delitem, index(run))
    elif kind == 10 and n > 4:
        run.call(operator.delitem, a_slice(run))
    elif kind == 11 and n < 8:
        run.call(operator.imul, int(run.rng.integers(1, 3)))
    elif kind == 12:
        run.call(heapq.heapify)
        run.call(heapq.heappush, run.new())
        run.call(heapq.heappop)
    elif kind == 13:
        run.call(list.sort)
        run.call(bisect.insort, run.new())


def on_deque(run):
    n = len(run.owner)
    kind = int(run.rng.integers(0, 11))
    if kind in (0, 1):
        run.call((deque.append, deque.appendleft)[kind], run.new())
    elif kind in (2, 3):
        new = [run.new() for _ in range(run.rng.integers(0, 4))]
        run.call((deque.extend, deque.extendleft)[kind - 2], new)
    elif kind in (4, 5) and n:
        run.call((deque.pop, deque.popleft)[kind - 4])
    elif kind == 6:
        run.call(deque.rotate, int(run.rng.integers(-3, 4)))
    elif kind == 7 and n != run.owner.maxlen:
        run.call(deque.insert, index(run, 2), run.new())
    elif kind == 8 and n:
        run.call(operator.setitem, index(run), run.new())
    elif kind == 9 and n:
        run.call(operator.delitem, index(run))
    elif kind == 10:
        run.call(deque.reverse)


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize(("make", "step"), [
    (list, on_list), (deque, on_deque), (lambda x: deque(x, 4), on_deque),
], ids=["list", "deque", "bounded"])
def test_a_sequence_of_mutators_sends_each_cotangent_to_its_number(make, step, seed):
    run = Run(make([0.5, 0.25, 0.75, 0.125]), seed)
    for _ in range(12):
        step(run)
    found, expected = run.cotangents()
    assert all(np.isclose(found.get(v, 0.0), g) for v, g in expected.items())
    assert all(np.isclose(g, expected.get(v, 0.0)) for v, g in found.items())
