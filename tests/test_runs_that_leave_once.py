"""Operators that run a function several times leave outside what one run leaves, or refuse."""

from __future__ import annotations

import types

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff.errors import NestedDerivativeError, UnsupportedError

POINT = np.array([1.0, 2.0])
SEEN: list = []
HELD = types.SimpleNamespace(calls=0)
CALLS = 0


@pytest.fixture(autouse=True)
def nothing_seen():
    global CALLS
    SEEN.clear()
    HELD.calls, CALLS = 0, 0


def noting(x):
    SEEN.append(x[0])
    HELD.calls += 1
    return x[0] ** 3 * x[1] + x[1] ** 2


def noting_and_reading(x):
    SEEN.append(x[0])
    return x[0] ** 3 * x[1] + x[1] ** 2 * SEEN[-1]


def in_a_closure():
    seen = []

    def noting_here(x):
        seen.append(x[0])
        return x[0] ** 3 * x[1] + x[1] ** 2

    noting_here.seen = seen
    return noting_here


HESSIAN = np.array([[12.0, 3.0], [3.0, 2.0]])


def test_a_hessian_leaves_what_one_run_leaves():
    np.testing.assert_allclose(sd.hessian(noting)(POINT.copy()), HESSIAN)
    assert SEEN == [1.0] and isinstance(SEEN[0], float)
    assert HELD.calls == 1


def test_so_do_products_and_jacobians_of_what_is_captured_or_global():
    np.testing.assert_allclose(sd.hvp(noting, (POINT,), (np.ones(2),)), HESSIAN.sum(1))
    assert SEEN == [1.0] and HELD.calls == 1
    np.testing.assert_allclose(sd.jacfwd(noting)(POINT), [6.0, 5.0])
    assert SEEN == [1.0, 1.0] and HELD.calls == 2
    f = in_a_closure()
    np.testing.assert_allclose(sd.hessian(f)(POINT), HESSIAN)
    assert f.seen == [1.0]


def test_what_is_written_and_read_in_one_run_counts():
    np.testing.assert_allclose(sd.hessian(noting_and_reading)(POINT), [[12.0, 7.0], [7.0, 2.0]])
    assert SEEN == [1.0]


def by_count(x):
    SEEN.append(1)
    return x[1] ** 2 * len(SEEN)


def by_global_count(x):
    global CALLS
    CALLS += 1
    return x[1] ** 2 * CALLS


@pytest.mark.parametrize("f", [by_count, by_global_count])
@pytest.mark.parametrize("operator", [sd.jacobian, sd.jacfwd, sd.hessian])
def test_a_function_that_gives_something_else_at_each_call_is_refused(f, operator):
    with pytest.raises((UnsupportedError, NestedDerivativeError), match=r"(?s)\.py:.*Instead, "):
        operator(f)(POINT)


def cubed(y):
    SEEN.append(1)
    return y**3 * len(SEEN)


def cubed_by_a_name(y):
    global CALLS
    CALLS += 1
    return y**3 * CALLS


class Cubed:
    calls = 0

    def __call__(self, y):
        self.calls += 1
        return y**3 * self.calls


@pytest.mark.parametrize("f", [cubed, cubed_by_a_name, Cubed()])
def test_the_function_of_linearize_inside_writes_nothing(f):
    def inside(x):
        value, differential = sd.linearize(f, x)
        return value + differential(1.0) * x + differential(2.0)

    for run in (sd.grad(inside), lambda x: sd.jvp(inside, (x,), (1.0,))):
        with pytest.raises(NestedDerivativeError, match=r"(?s)\.py:.*may write.*Instead, "):
            run(2.0)


def test_nor_does_that_of_a_jacobian_inside():
    def rows(y):
        SEEN.append(1)
        return y * len(SEEN)

    with pytest.raises(NestedDerivativeError, match=r"(?s)\.py:.*may write.*Instead, "):
        sd.grad(lambda x: np.sum(sd.jacobian(rows)(x)) * x[0])(POINT)
