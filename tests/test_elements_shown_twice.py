"""Arguments of which several elements are one of memory: each has a cotangent, or is refused."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.lib.stride_tricks import as_strided

import s2sdiff as sd
from s2sdiff.errors import AliasingError

WEIGHTS = np.array([3.0, 4.0])
ALONE = np.array([2.0, 2.0, 2.0])


def shown():
    """Three elements that are one of memory."""
    return np.broadcast_to(np.array([2.0]), (3,))


def by_place(b, filled=False):
    v = b[1:]
    if filled:
        v = np.zeros(2)
        v[0] = b[1] ** 2
    return np.sum(v * WEIGHTS)


def by_value(b):
    w = np.zeros(3)
    w[:] = b[0] ** 2
    return np.sum(w * b)


class Called:
    def __call__(self, b):
        return by_place(b)


@dataclass
class Held:
    b: np.ndarray
    n: float

    def counted(self):
        self.n = self.n * 2.0
        return by_place(self.b) * self.n


def counted(held):
    return held.counted()


def appended(items):
    items.append(items[0] * 2.0)
    return by_place(items[0]) + items[-1][0]


@pytest.mark.parametrize("slopes", [
    lambda: sd.grad(by_place)(shown()),
    lambda: sd.vjp(by_place, shown())[1](1.0),
    lambda: sd.value_and_grad(by_place)(shown())[1],
    lambda: sd.jacrev(by_place)(shown()),
    lambda: sd.grad(Called())(shown()),
    lambda: np.array([sd.linearize(by_place, shown())[1](e) for e in np.eye(3)]),
    lambda: np.array([sd.jvp(by_place, (shown(),), (e,))[1] for e in np.eye(3)]),
])
def test_elements_that_are_one_in_memory_have_a_cotangent_each_or_are_refused(slopes):
    try:
        found = slopes()
    except AliasingError as refused:
        assert ".py:" in str(refused) and "Instead, pass a copy" in str(refused)
    else:
        np.testing.assert_allclose(found, [0.0, *WEIGHTS])


def test_what_goes_by_value_has_one_each():
    np.testing.assert_allclose(sd.grad(by_value)(shown()), sd.grad(by_value)(ALONE))


@pytest.mark.parametrize("f, given", [(counted, lambda b: Held(b, 1.0)), (appended, lambda b: [b])])
def test_in_lists_and_objects_they_are_refused_where_cotangents_are_kept_by_place(f, given):
    assert sd.grad(f)(given(ALONE)) is not None
    with pytest.raises(AliasingError, match=r"(?s)\.py:.*Instead, pass a copy"):
        sd.grad(f)(given(shown()))


def test_a_local_array_that_shows_elements_twice_goes_through():
    def f(x):
        return by_place(np.broadcast_to(x, (3,))) * x

    assert sd.grad(f)(1.5) == pytest.approx(2 * 7.0 * 1.5)


def first_set(a):
    a[0] = 5.0


def handed_on(x):
    a = sd.stop_gradient(x)
    first_set(a)
    return np.sum(x * a)


def handed_on_in_an_attempt(x):
    a = sd.stop_gradient(x)
    try:
        first_set(a)
    except ValueError:
        return np.sum(x)
    return np.sum(x * a)


def strided_by_a_table(x):
    view = [as_strided][int(x[0] > 100.0)](x * 1.0, (2, 2), (8, 8))
    view[0, 0] = 3.0
    return np.sum(view * view)


def strided_in_a_list(x):
    y = x * 2.0
    for view in [as_strided(y, (2, 2), (8, 8))]:
        try:
            first_set(view[0])
        except ValueError:
            break
    return np.sum(y * x)


@pytest.mark.parametrize("f", [handed_on, handed_on_in_an_attempt, strided_by_a_table,
                               strided_in_a_list])
def test_what_only_a_derivative_may_not_write_is_refused_not_an_error_of_numpy(f):
    x = np.array([1.0, 2.0, 3.0])
    assert np.isfinite(f(x.copy()))
    with pytest.raises(AliasingError, match=r"(?s)\.py:.*is written.*Instead, write into"):
        sd.grad(f)(x.copy())


def test_the_users_own_read_only_array_raises_what_numpy_says():
    def f(x):
        a = np.array([1.0, 2.0])
        a.flags.writeable = False
        try:
            first_set(a)
        except ValueError:
            return x * x
        return x

    assert sd.grad(f)(3.0) == 6.0
