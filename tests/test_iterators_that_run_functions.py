"""Helpers that are given an iterator which calls a function that writes, and give no number of it.

They were called as they are, so that what the function wrote had no derivative.
"""

import array
import collections
import functools
import itertools
import operator

import numpy as np
import pytest

import s2sdiff as sd


class Total:
    def __init__(self, x):
        self.x, self.sum = x, 0.0

    def add(self, i):
        self.sum += self.x ** 3 * i
        return i


def walked(items):
    for _ in items:
        pass


FOLLOWED = {
    "list": lambda items: len(list(items)),
    "sum": lambda items: sum(items),
    "max": lambda items: max(items),
    "sorted": lambda items: sorted(items)[0],
    "set": lambda items: len(set(items)),
    "a display": lambda items: [*items][0],
    "a comprehension": lambda items: {i: 1 for i in items},
    "all": lambda items: all(items),
    "in": lambda items: 5 in items,
    "contains": lambda items: operator.contains(items, 5),
    "enumerate": lambda items: dict(enumerate(items)),
    "chain": lambda items: len(list(itertools.chain(items, []))),
    "reduce": lambda items: functools.reduce(operator.add, items),
    "a Counter": lambda items: len(collections.Counter(items)),
}
REFUSED = {
    "a loop": walked,
    "fromkeys": lambda items: len(dict.fromkeys(items)),
    "countOf": lambda items: operator.countOf(items, 5),
    "deque": lambda items: len(collections.deque(items)),
    "bytes": lambda items: len(bytes(items)),
    "an array": lambda items: len(array.array("i", items)),
    "fromiter": lambda items: len(np.fromiter(items, int)),
    "intersection": lambda items: len({1: 2}.keys() & items),
    "a slice": lambda items: [0].__setitem__(slice(0, 1), items),
}


def given_to(helper):
    def f(x):
        total = Total(x)
        helper(map(total.add, [1, 2]))
        return total.sum

    return f


@pytest.mark.parametrize("name", FOLLOWED)
def test_what_a_helper_lets_run_has_its_derivative(name):
    f = given_to(FOLLOWED[name])
    assert sd.grad(f)(2.0) == sd.grad(f)(2.0) == pytest.approx(36.0, rel=1e-12)
    _, pullback = sd.vjp(f, 2.0)
    assert [pullback(1.0), pullback(2.0)] == pytest.approx([36.0, 72.0], rel=1e-12)
    assert sd.jvp(f, (2.0,), (1.0,))[1] == pytest.approx(36.0, rel=1e-12)


@pytest.mark.parametrize("name", REFUSED)
def test_what_a_loop_or_a_function_in_c_lets_run_is_refused(name):
    f = given_to(REFUSED[name])
    assert f(2.0) == 24.0
    for derivative in (lambda: sd.grad(f)(2.0), lambda: sd.jvp(f, (2.0,), (1.0,))):
        with pytest.raises(sd.UnsupportedError, match="Instead, "):
            derivative()


def test_what_such_a_list_holds_runs_too():
    def f(x):
        total = Total(x)
        count = [FOLLOWED["list"](items) for items in [map(total.add, [1, 2])]]
        return total.sum * count[0]

    sd.check_grads(f, (2.0,))


@pytest.mark.parametrize("name", [*FOLLOWED, *REFUSED])
def test_functions_that_write_nothing_may_run_anywhere(name):
    helper = (FOLLOWED | REFUSED)[name]

    def f(x):
        helper(map(int, ["1", "2"]))
        return x ** 3

    sd.check_grads(f, (2.0,))
