"""Arrays that a derivative cannot write though the function does: a refusal, whoever handles it."""

import contextlib

import numpy as np
import pytest
from numpy.lib.stride_tricks import as_strided

import s2sdiff as sd


def windows(a):
    return [as_strided(a, (3, 2), (8, 8))]


def write_into_windows(a, x):
    a = a * 1.0
    windows(a)[0][:, 1] = x
    return np.sum(a * a)


def handled(a, x):
    a = a * 1.0
    try:
        windows(a)[0][:, 1] = x
    except ValueError:
        pass
    return np.sum(a * a)


def put(a, x):
    a[1] = x


class Ignoring(contextlib.AbstractContextManager):
    def __exit__(self, *found):
        return True


def ignored(a, x):
    a = a * 1.0
    held = [sd.stop_gradient(a)]
    with Ignoring():
        put(held[0], x)
    return np.sum(a * a)


@pytest.mark.parametrize("f", [write_into_windows, handled, ignored])
def test_a_write_into_a_locked_array_is_refused(f):
    with pytest.raises(sd.AliasingError, match="written.*Instead, write"):
        sd.grad(f, (0, 1))(np.array([0.5, -1.2, 2.0, 0.8]), 1.3)


def test_an_array_that_shows_an_element_several_times_is_refused_by_place():
    def f(a, x):
        held = {"a": a}
        b = getattr(held, "get")("a") * np.arange(1.0, 4.0)
        return np.sum(b * b) * x

    a = np.broadcast_to(np.float64(1.3), (3,))
    with pytest.raises(sd.AliasingError, match="several times.*Instead, pass a copy"):
        sd.grad(f)(a, 0.7)
    np.testing.assert_allclose(sd.grad(f)(a.copy(), 0.7), 1.4 * 1.3 * np.array([1.0, 4.0, 9.0]))
