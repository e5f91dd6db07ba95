"""Arguments that share memory with one another, or with what is read from outside."""

from types import SimpleNamespace

import numpy as np
import pytest

import s2sdiff as sd

V = np.array([0.5, -1.2, 2.0])
KEPT = V.copy()


def of_an_object(holder, v):
    v[0] = v[1] * 3.0
    return np.sum(holder.a * v)


def of_a_list(holder, v):
    v[0] = v[1] * 3.0
    return np.sum(holder[0][0] * v)


def of_a_dict(holder, v):
    v[0] = v[1] * 3.0
    return np.sum(holder["a"][1] * v)


@pytest.mark.parametrize("function, holding", [
    (of_an_object, lambda a: SimpleNamespace(a=a)),
    (of_a_list, lambda a: [[a]]),
    (of_a_dict, lambda a: {"a": (1.0, a[:])}),
])
def test_what_is_written_must_not_be_in_another_argument(function, holding):
    with pytest.raises(sd.AliasingError, match=r"Instead, pass a copy"):
        a = V.copy()
        sd.vjp(function, holding(a), a)
    sd.vjp(function, holding(V.copy()), V.copy())


def beside_a_global(v):
    v[0] = v[1] * 3.0
    return np.sum(KEPT * v)


def test_what_is_written_must_not_be_a_global_or_captured_array():
    held = V.copy()

    def beside_a_captured(v):
        v[0] = v[1] * 3.0
        return np.sum(held * v)

    for function, array in ((beside_a_global, KEPT), (beside_a_captured, held)):
        with pytest.raises(sd.AliasingError):
            sd.grad(function)(array)
        gradient = sd.grad(function)(V.copy())
        np.testing.assert_allclose(gradient, [0.0, 3.0 * array[0] + array[1], array[2]])
