"""Forward mode through heaps: few elements move at a time, of which the tangents are looked at."""

import heapq

import pytest

import s2sdiff as sd
from s2sdiff.runtime.marks import Marks
from tests.slopes import slope


def merged(x):
    heap, total = [], 0.0
    for i in range(12):
        heapq.heappush(heap, (x * ((i * 7) % 12) + 0.1 * i, i))
    for _ in range(4):
        first, i = heapq.heappop(heap)
        second, j = heapq.heapreplace(heap, (first * x + 0.5, i))
        third, k = heapq.heappushpop(heap, (second + x, j))
        total = 0.5 * total + first * second * third * (1 + k)
    return total + sum(v * (n + 1) for n, (v, _) in enumerate(heap))


def test_tangents_go_along_with_what_moves_in_a_heap():
    assert sd.jvp(merged, (0.7,), (1.0,)) == (
        merged(0.7), pytest.approx(slope(merged, 0.7), rel=1e-7))


def queued(x, count):
    heap = [x * i for i in range(count)]
    for i in range(8):
        heapq.heappush(heap, heapq.heappop(heap) + x * i)
    return heap[0]


def test_a_step_costs_as_many_marks_as_a_heap_has_levels(monkeypatch):
    made, of = [], Marks.of
    monkeypatch.setattr(Marks, "of", lambda self, x: (made.append(x), of(self, x))[1])
    counts = {}
    for count in (2**6, 2**12):
        made.clear()
        sd.jvp(queued, (0.7, count), (1.0, None))
        counts[count] = len(made)
    assert 0 < counts[2**12] <= 2.5 * counts[2**6]
