"""Lists and deques of arrays that items are taken out of: the arrays keep their cotangents' places.

Numbers: central differences.
"""

from collections import deque

import numpy as np
import pytest

import s2sdiff as sd
from tests.slopes import check_both_modes

A, B = np.array([0.3, 0.7, 1.2]), np.array([1.0, -0.4, 0.6])


def a_window(u):
    seen, total = [], 0.0
    for _ in range(6):
        u = np.sin(u)
        seen.append(u)
        if len(seen) > 3:
            seen.pop(0)
    for i, s in enumerate(seen):
        total = total + np.sum(s * s) * (i + 1)
    return total


def what_is_taken_out_is_used(u):
    seen, total = [u, u * u, 2.0 * u], 0.0
    for k in range(5):
        old = seen.pop(0)
        total = total + np.sum(old * old) * (k + 1)
        seen.append(old * 0.5 + seen[0])
    return total + np.sum(seen.pop() * seen.pop(0))


def from_the_middle(u):
    seen = [u * k for k in range(1, 6)]
    a = seen.pop(2)
    b = seen.pop(-2)
    seen.insert(1, a * b)
    seen.insert(-1, a + u)
    return sum(np.sum(s * s) * (i + 1) for i, s in enumerate(seen))


def at_both_ends(u):
    seen, total = deque(), 0.0
    for k in range(5):
        seen.appendleft(u * k)
        seen.append(np.cos(u) * k)
        if k % 2:
            total = total + np.sum(seen.popleft() * seen.pop())
    while seen:
        total = total * 0.9 + np.sum(seen.popleft() ** 2)
    return total


def at_most(u):
    seen = deque(maxlen=2)
    for _ in range(4):
        u = 0.5 * u * u + 0.1
        seen.append(u)
    return np.sum(seen[0] * seen[-1])


def written_when_out(u):
    """What is taken out is the array that others hold, too."""
    first = u * 2.0
    seen = [first, u * 3.0]
    out = seen.pop(0)
    out *= u
    seen[0][1:] = out[:-1]
    return np.sum(first * first) + np.sum(seen[0] * out)


def written_when_in(u):
    seen = [u * 1.0]
    one = u * 2.0
    seen.insert(0, one)
    one[0] = u[1] * u[2]
    seen[1] += seen[0]
    return np.sum(seen[0] * seen.pop(1))


def steps_of_a_solver(u):
    """Limited-memory BFGS: two-loop recursion over the last pairs."""
    g = 2.0 * u + np.sin(u)
    ss, ys = [], []
    for _ in range(5):
        q, kept = g, []
        for s, y in zip(reversed(ss), reversed(ys)):
            a = (s @ q) / (y @ s)
            q = q - a * y
            kept.append(a)
        for s, y in zip(ss, ys):
            q = q + s * (kept.pop() - (y @ q) / (y @ s))
        new = u - 0.2 * q
        new_g = 2.0 * new + np.sin(new)
        ss.append(new - u)
        ys.append(new_g - g)
        if len(ss) > 2:
            ss.pop(0)
            del ys[0]
        u, g = new, new_g
    return np.sum(u * B) + np.sum(g)


ALL = [a_window, what_is_taken_out_is_used, from_the_middle, at_both_ends, at_most,
       written_when_out, written_when_in, steps_of_a_solver]


@pytest.mark.parametrize("f", ALL, ids=lambda f: f.__name__)
def test_queues_of_arrays(f):
    check_both_modes(lambda t: f(A + t * B), 0.2)
    x = A + 0.2 * B
    x_bar = sd.grad(f)(x.copy())
    h = 1e-6
    rows = [(f(x + h * e) - f(x - h * e)) / (2 * h) for e in np.eye(3)]
    np.testing.assert_allclose(x_bar, rows, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("f", [a_window, what_is_taken_out_is_used, at_most],
                         ids=lambda f: f.__name__)
def test_taking_out_needs_no_call_by_place(f):
    assert "method_by_place" not in sd.source(f, "grad", args=(A,))
