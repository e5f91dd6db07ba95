"""Methods that write, where derivatives ask them oftener than Python does, or at another time:
patterns, tables of calls, bounds of slices.  They are refused.
"""

import functools

import numpy as np
import pytest

import s2sdiff as sd


class Counting:
    def __init__(self, x):
        self.x, self.asked = x, 0

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        self.asked += 1
        return self.x * self.asked


class Given:
    def __getattr__(self, name):
        if name != "rate":
            raise AttributeError(name)
        return 2.0


class Key:
    def __init__(self, x, log):
        self.x, self.log = x, log

    def __hash__(self):
        self.log.append(1)
        return 3

    def __eq__(self, other):
        return self.x == other.x


class Doubling:
    def __init__(self, m):
        self.m = m

    def __index__(self):
        self.m[0] *= 2.0
        return 1


def by_a_pattern(x):
    counting = Counting(x)
    match counting:
        case Counting(rate=1.0):
            return x
        case Counting(rate=rate, other=other):
            return rate * other * counting.asked
    return 0.0


def by_a_table_of_calls(x):
    log = []

    @functools.lru_cache
    def doubled(key):
        return key.x * 2.0

    return doubled(Key(x, log)) * len(log)


def by_a_bound(x):
    m = np.array([x, x * x, x])
    return m[slice(Doubling(m), None)][0] * m[0]


def by_a_bound_of_a_list(x):
    m = [x, x, x]

    class Appending:
        def __index__(self):
            m.append(x * x)
            return 1

    return m[Appending():][-1] * len(m)


@pytest.mark.parametrize("f", [by_a_pattern, by_a_table_of_calls, by_a_bound, by_a_bound_of_a_list])
def test_they_are_refused(f):
    for operator in (lambda f: sd.vjp(f, 0.7), lambda f: sd.jvp(f, (0.7,), (1.0,))):
        with pytest.raises(sd.UnsupportedError, match=r"writes[^$]*Instead, "):
            operator(f)


def test_a_method_that_only_reads_may_be_asked_by_a_pattern():
    def f(x):
        match Given():
            case Given(rate=rate):
                return x * rate
        return x

    assert sd.grad(f)(0.7) == 2.0
    assert sd.jvp(f, (0.7,), (1.0,)) == (1.4, 2.0)
