"""Functions that a helper hands to what calls them, and that write what they capture."""

import bisect
import collections
import functools
import heapq
import operator
import statistics

import numpy as np
import pytest

import s2sdiff as sd

#: What a helper does with a function that it is given.
RIGHT = {
    "max": lambda f: max([1, 2], key=f),
    "min": lambda f: min([1, 2], key=f),
    "sorted": lambda f: sorted([2, 1], key=f),
    "list.sort": lambda f: [2, 1].sort(key=f),
    "nlargest": lambda f: heapq.nlargest(1, [1, 2], key=f),
    "piecewise": lambda f: np.piecewise(np.ones(1), [np.array([True])], [f]),
    "apply_along_axis": lambda f: np.apply_along_axis(f, 0, np.ones(2)),
    "mean of a map": lambda f: statistics.mean(map(f, [1.0])),
    "methodcaller": lambda f: operator.methodcaller("__call__")(f),
}
REFUSED = {
    "cmp_to_key": lambda f: sorted([1, 2], key=functools.cmp_to_key(f)),
    "bisect": lambda f: bisect.bisect([1], 1, key=f),
    "iter": lambda f: next(iter(f, 1)),
    "defaultdict": lambda f: collections.defaultdict(f)["a"],
}


def through(helper):
    kept = [0.0]

    def f(x):
        def put(*_):
            kept[0] = x ** 3
            return 0

        helper(put)
        return kept[0] * x

    return f


@pytest.mark.parametrize("name", RIGHT)
def test_what_such_a_function_writes_has_its_derivative(name):
    f = through(RIGHT[name])
    value, pullback = sd.vjp(f, 2.0)
    assert value == 16.0
    assert pullback(1.0) == pullback(1.0) == pytest.approx(32.0, rel=1e-12)
    assert sd.grad(f)(2.0) == pytest.approx(32.0, rel=1e-12)
    assert sd.jvp(f, (2.0,), (1.0,)) == pytest.approx((16.0, 32.0), rel=1e-12)


@pytest.mark.parametrize("name", REFUSED)
def test_what_nobody_can_follow_is_refused(name):
    with pytest.raises(sd.UnsupportedError, match="Instead, "):
        sd.grad(through(REFUSED[name]))(2.0)


@pytest.mark.parametrize("name", REFUSED)
def test_the_same_of_functions_that_capture_nothing_active_is_right(name):
    def f(x):
        REFUSED[name](lambda *_: 0)
        return x ** 3

    assert sd.grad(f)(2.0) == 12.0
