"""Tuples of numbers that go into lists, dicts and heaps whose cotangents are kept by place."""

from __future__ import annotations

import heapq

import pytest

import s2sdiff as sd
from tests.slopes import check_both_modes


def shortest(x):
    """Dijkstra's algorithm over edges whose lengths are active."""
    lengths = [x, 0.5 * x, x * x, 2.0, 0.3 + x]
    edges = [(0, 1), (0, 2), (2, 1), (1, 3), (2, 3)]
    graph = {i: [] for i in range(4)}
    for (i, j), length in zip(edges, lengths):
        graph[i].append((j, length))
        graph[j].append((i, length))
    far = {i: float("inf") for i in range(4)}
    far[0] = 0.0
    heap = [(0.0, 0)]
    while heap:
        d, here = heapq.heappop(heap)
        if d > far[here]:
            continue
        for there, length in graph[here]:
            if d + length < far[there]:
                far[there] = d + length
                heapq.heappush(heap, (far[there], there))
    return far[1] * far[3] + far[2]


def put_over(x):
    rows = {"a": (x, 1, "one")}
    pairs = [(x, x)] * 2
    for n in range(3):
        value, count, name = rows["a"]
        pairs[n % 2] = (value * x, pairs[n % 2][0])
        rows["a"] = (value + pairs[0][1], count + n, name)
    return rows["a"][0] * pairs[1][0] + pairs[0][1] * rows["a"][1]


def pushed_from_nothing(x):
    heap = []
    for n in range(4):
        heapq.heappush(heap, (x * (3 - n), n))
    heap_of_numbers = []
    for value, n in heap:
        heapq.heappush(heap_of_numbers, value * n)
    return heapq.heappop(heap)[0] + heapq.heappop(heap)[0] ** 2 - heapq.heappop(heap_of_numbers) + \
        heapq.heappop(heap_of_numbers) * heapq.heappop(heap_of_numbers)


@pytest.mark.parametrize("f", [shortest, put_over, pushed_from_nothing])
@pytest.mark.parametrize("x", [0.7, 1.9])
def test_tuples_that_are_put_into_containers(f, x):
    check_both_modes(f, x)
    assert sd.vjp(f, x)[1](0.0) == 0.0
