"""Lists that are a queue: items go in at one end and out at the other."""

from __future__ import annotations

from collections import deque

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff.runtime import slots
from tests.slopes import check_both_modes

VALUES = [0.3, 0.2, 0.1, 0.5, 0.6, 0.7, 0.8, 0.9]


def first_out(xs):
    queue = list(xs)
    total = 0.0
    for k in range(10):
        v = queue.pop(0)
        total += v * v * k
        if k % 3:
            queue.append(0.5 * v)
            queue[0] *= 1.1
    return total + queue[-1]


def last_out(xs):
    queue = [2.0 * x for x in xs]
    total = 0.0
    for k in range(12):
        v = queue.pop()
        total += v * v * k
        queue.insert(0, 0.5 * v + 0.1 * xs[0])
    return total + queue[1]


def moving_window(xs):
    window, total = [], 0.0
    for x in xs:
        window.append(x)
        if len(window) > 3:
            window.pop(0)
        total += sum(window) / len(window) * x
    return total


def thrown_away(xs):
    """What is taken out is read by nobody."""
    queue = [x * x for x in xs]
    while len(queue) > 2:
        queue.pop(0)
        queue.insert(0, queue[-1] * queue[0])
        queue.pop()
    return queue[0] * queue[1]


def differences(f, xs):
    found = []
    for i in range(len(xs)):
        up, down = list(xs), list(xs)
        up[i] += 1e-6
        down[i] -= 1e-6
        found.append((f(up) - f(down)) / 2e-6)
    return found


@pytest.mark.parametrize("f", [first_out, last_out, moving_window, thrown_away])
def test_a_list_that_is_a_queue_has_the_gradient_of_differences(f):
    xs = list(VALUES)
    slopes = pytest.approx(differences(f, xs), rel=1e-6, abs=1e-8)
    value, pullback = sd.vjp(f, xs)
    assert value == f(xs) and xs == VALUES
    assert pullback(1.0) == slopes and pullback(1.0) == slopes
    assert sd.grad(f)(xs) == slopes
    dot = sd.jvp(f, (xs,), ([1.0, 2.0] * 4,))[1]
    assert dot == pytest.approx(sum(w * d for w, d in zip([1.0, 2.0] * 4, differences(f, xs))))
    text = sd.source(f, "grad", args=(xs,))
    assert "method_by_place" not in text


def test_what_an_empty_queue_raises_is_raised():
    def f(x):
        queue = [x]
        queue.pop(0)
        return queue.pop(0)

    with pytest.raises(IndexError, match="pop from empty list"):
        sd.grad(f)(1.0)


def through_a_queue(x, count):
    queue, total = deque(x * i for i in range(count)), 0.0
    for _ in range(count):
        queue.append(0.5 * queue.popleft() + 0.1 * queue[-1])
        queue.appendleft(total * 1e-3)
        total += queue[1] * queue.popleft() + queue[0]
    while queue:
        total = 0.5 * total + queue.popleft()
    return total


def test_what_moves_in_a_queue_moves_at_once(monkeypatch):
    steps, iterate = [], slots.Moving.__iter__
    monkeypatch.setattr(slots.Moving, "__iter__", lambda self: (
        steps.append(len(self)), iterate(self))[1])
    pulled_twice(through_a_queue, 40)
    assert sum(steps) <= 3 * 40


def pulled_twice(f, count, x=0.7, h=1e-6):
    """The slope by differences, with which value and pullback agree."""
    wanted = (f(x + h, count) - f(x - h, count)) / (2 * h)
    value, pullback = sd.vjp(lambda x: f(x, count), x)
    for _ in range(2):
        assert pullback(1.0) == pytest.approx(wanted, rel=1e-7)
    assert value == f(x, count)
    return wanted


def windowed(x, count):
    window, short, total = deque(maxlen=3), deque([x], 5), 0.0
    for i in range(count):
        window.append(x * i + 0.1 * total)
        short.append(window[0] * x)
        total = 0.5 * total + window[0] * window[-1] + short.popleft()
    window.clear()
    window.append(total)
    return total + sum(window) * sum(short)


def test_a_full_queue_drops_what_is_at_its_other_end():
    wanted = pulled_twice(windowed, 9)
    assert sd.jvp(windowed, (0.7, 9), (1.0, None))[1] == pytest.approx(wanted, rel=1e-7)


def drained(q):
    total = 0.0
    while q:
        total = total * 0.3 + q.popleft() ** 2
    return total


def queue_of_an_array(x):
    return drained(deque(np.array([x, x * x, 2.0 * x]), maxlen=2))


def queue_of_pairs(x):
    a = np.array([x, 2.0])
    return sum([p * q for p, q in deque(zip(a, a[::-1]), maxlen=1)])


def test_a_queue_may_be_made_of_an_array_or_an_iterator():
    for f in (queue_of_an_array, queue_of_pairs):
        check_both_modes(f)
