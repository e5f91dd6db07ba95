"""`deque(maxlen=n)`: a list that loses its first item, where nobody can tell."""

from collections import deque

import numpy as np
import pytest

import s2sdiff as sd
from tests.slopes_of_lists import check_is_plain, check_list


def averages(xs):
    q, total = deque(maxlen=3), 0.0
    for x in xs:
        q.append(x)
        total += sum(q) / len(q) * max(q)
    return total


def filtered(xs, n=2):
    q, total = deque([0.0] * n, maxlen=n), 0.0
    for x in xs:
        total += sum(a * b for a, b in zip(q, [0.5, 0.3])) * x
        q.append(x + total)
    return total + q[-1] * q[0]


def from_the_front(xs):
    q = deque(maxlen=2)
    for x in xs:
        q.appendleft(x * x)
    q[0] = q[1] * xs[0]
    return q[0] * q[1] + len(q)


def the_last_of_them(xs):
    q = deque(xs, 4)
    a, *_ = q
    return a * q[1] + sum(q) * q.popleft() + np.mean(q) * q.pop()


def emptied(xs):
    q, total = deque(maxlen=3), 0.0
    for x in xs:
        q.append(x)
        if x > 1.0:
            q.clear()
        while len(q) > 1 and q[0] > q[-1]:
            total += q.popleft() * q.pop()
        if q:
            total += q[0] * (x in q)
    return total


def without_room(xs):
    q = deque(maxlen=0)
    for x in xs:
        q.append(x)
    return len(q) + xs[0] ** 2


def under_two_names(xs):
    q = deque(maxlen=3)
    for x in xs:
        q.append(x)
    r = q
    r.append(xs[0] * 2)
    return sum(q) * q.popleft()


def kept_by_others(xs):
    q = deque(maxlen=2)
    kept = [q]
    for x in xs:
        kept[0].append(x)
    assert type(kept[0]) is deque
    return q[0] * q[1] * len(q)


def other_methods(xs):
    q = deque(maxlen=3)
    q.extend(xs)
    q.rotate(1)
    q.extendleft(xs[:1])
    return q[0] * q[1] + q[2]


def written_while_walked_over(xs):
    q = deque(xs, maxlen=3)
    try:
        for i, x in enumerate(q):
            q.append(x)
    except RuntimeError:
        return xs[0] * q[0]
    return q[0]


def pairs(xs):
    q, total = deque(maxlen=3), 0.0
    for x in xs:
        q.append((x, x * x))
        for a, b in q:
            total += a * b
    return total + q.popleft()[0]


FAST = [averages, from_the_front, pairs]
CASES = [*FAST, filtered, the_last_of_them, emptied, without_room, under_two_names,
         kept_by_others, other_methods]


@pytest.mark.parametrize("f", CASES)
def test_windows_have_the_slopes_of_difference_quotients(f):
    check_list(f)


@pytest.mark.parametrize("f", FAST)
def test_windows_of_numbers_are_lists(f):
    check_is_plain(f)


def test_what_changes_while_it_is_walked_over_stays_a_deque():
    xs = [0.2, 0.7, 1.1]
    assert "deque" in sd.source(written_while_walked_over, "jvp", args=(xs,))
    assert sd.jvp(written_while_walked_over, (xs,), (xs,))[0] == written_while_walked_over(xs)


def test_a_negative_length_raises_what_it_raises():
    def f(x, n):
        q = deque(maxlen=n)
        q.append(x)
        return sum(q)

    assert sd.grad(f)(0.5, 1) == 1.0
    assert sd.grad(f)(0.5, 0) == 0.0
    for run in (f, sd.grad(f), lambda x, n: sd.jvp(lambda t: f(t, n), (x,), (1.0,))):
        with pytest.raises(ValueError, match="maxlen must be non-negative"):
            run(0.5, -1)


def test_numbers_are_taken_out_of_a_list_after_it_was_read_as_a_whole():
    def f(xs):
        q = []
        for x in xs:
            q.append(x * x)
        total = sum(q)
        first = q.pop(0)
        return total * first + max(q) * sum(q) * q.pop()

    check_list(f)
