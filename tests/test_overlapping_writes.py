"""Writes into an array whose value is a view of it: NumPy copies the value in some, and not in all.

Those that read what they have written already are refused; the others are differentiated.
"""

from __future__ import annotations

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff.runtime.overlaps import overlapping
from tests.transforms.programs import agrees, refused

A = np.array([[1.0, 2.0, 0.5], [0.3, 1.5, 0.7], [0.2, 0.9, 1.1]])
V = np.array([0.5, 1.2, 0.8, 1.7])


def weighted(b):
    return np.sum(b * b * np.reshape(np.arange(1.0, b.size + 1), b.shape))


def stack(a):
    b = a * 1.0
    np.stack([b[0], b[1], b[2]], axis=1, out=b)
    return weighted(b)


def concatenate(a):
    b = a * 1.0
    np.concatenate([b[1:], b[:1]], out=b)
    return weighted(b)


def concatenate_of_equal_values(a):
    b = a * 0.0 + a[0, 0]
    np.concatenate([b[1:], b[:1]], out=b)
    return weighted(b) + b[0, 0] * a[1, 1]


def diagonal(a):
    b = a * 1.0
    np.fill_diagonal(b, b[::-1, 0])
    return weighted(b)


def place(a):
    b = a * 1.0
    np.place(b, b > 0.4, b[::-1])
    return weighted(b)


def flat(a):
    b = a * 1.0
    b.flat = b[::-1]
    return weighted(b)


def items_of_flat(a):
    b = a * 1.0
    b.flat[2:8] = np.reshape(b, -1)[1:7]
    return weighted(b)


def mask(a):
    b = a * 1.0
    b[b > 0.4] = np.reshape(b, -1)[:7]
    return weighted(b)


def rows_in_a_list(a):
    b = a * 1.0
    b[:] = [b[2], b[1], b[0]]
    return weighted(b)


def rows_in_a_nested_tuple(a):
    b = a * 1.0
    b[...] = (b[1] * 1.0, b[0], [b[0, 0], b[0, 1], 1.0])
    return weighted(b)


REFUSED = [stack, concatenate, concatenate_of_equal_values, diagonal, place, flat, items_of_flat,
           mask, rows_in_a_list, rows_in_a_nested_tuple]


@pytest.mark.parametrize("f", REFUSED, ids=lambda f: f.__name__)
def test_what_reads_what_it_has_written_is_refused(f):
    message = refused(f, A)
    assert "Instead, give it a copy of the value" in message
    with pytest.raises(sd.UnsupportedError):
        sd.grad(f)(A)


def copied_first(a):
    b = a * 1.0
    np.stack([b[0].copy(), b[1].copy(), b[2].copy()], axis=1, out=b)
    b[b > 0.4] = np.reshape(b, -1)[:7].copy()
    b.flat = b[::-1].copy()
    np.fill_diagonal(b, np.diagonal(b).copy())
    b[:] = [b[2].copy(), b[1] * 2.0, b[0].copy()]
    return weighted(b)


def apart(a):
    b = np.zeros((4, 3))
    b[2:] = a[:2]
    np.concatenate([b[2:3], b[3:]], out=b[:2])
    np.stack([a[0], b[3]], out=b[1:3])
    b[0:2][np.array([True, False])] = b[3]
    return weighted(b)


def rows_that_are_read_in_time(a):
    b = a * 1.0
    b[:] = [b[1], b[2], b[2] * b[0]]
    b[:] = [b[0], b[1] * 2.0, [b[0, 0], b[0, 1], 1.0]] if a[0, 0] > 9.0 else [b[0], b[1], b[2]]
    b[[0, 1, 2]] = [b[2], b[1], b[0]]
    return weighted(b)


def what_numpy_copies(a):
    b = a * 1.0
    np.add(b[1:], b[:-1], out=b[1:])
    np.multiply(b, b.T, out=b, where=b[::-1] > 0.4)
    np.take(b, [2, 0, 1], axis=0, out=b, mode="clip")
    np.matmul(b, b.T, out=b)
    b /= 10.0
    np.dot(b, b[::-1], out=b)
    b /= 10.0
    np.cumsum(b[:, 0], out=b[::-1, 1])
    np.sum(b, axis=0, out=b[1])
    b[[2, 0, 1]] = b
    b *= b[::-1]
    np.copyto(b[1:], b[:-1])
    np.put(b, [3, 1, 4], b[1])
    np.putmask(b, b > 1.0, b.T)
    return weighted(b)


@pytest.mark.parametrize("f", [copied_first, apart, rows_that_are_read_in_time, what_numpy_copies],
                         ids=lambda f: f.__name__)
def test_what_reads_all_before_it_writes_is_differentiated(f):
    agrees(f, A)


def halved(n):
    return np.arange(n) % 3 != 0


COPYING = {
    "assignment": lambda t, v: t.__setitem__(..., v),
    "fancy": lambda t, v: t.__setitem__(np.arange(len(t))[::-1], v),
    "list at a fancy index": lambda t, v: t.__setitem__(list(range(len(t))), list(v)),
    "copyto": np.copyto,
    "put": lambda t, v: np.put(t, np.arange(len(t))[::-1], v),
    "putmask": lambda t, v: np.putmask(t, halved(len(t)), v),
    "add.at": lambda t, v: np.add.at(t, np.arange(len(t))[::-1], v),
    "ufunc": lambda t, v: np.multiply(v, 3.0, out=t),
    "where": lambda t, v: np.multiply(v, 3.0, out=t, where=halved(len(t))),
    "accumulate": lambda t, v: np.add.accumulate(v, out=t),
    "take": lambda t, v: np.take(v, np.arange(len(v))[::-1], out=t),
    "clip": lambda t, v: np.clip(v, 2.0, v[::-1], out=t),
    "matmul": lambda t, v: np.matmul(np.eye(len(v))[::-1], v, out=t),
    "einsum": lambda t, v: np.einsum("i,i->i", v, v[::-1], out=t),
    "round": lambda t, v: np.round(v, 0, out=t),
}


@pytest.mark.parametrize("write", COPYING.values(), ids=COPYING)
def test_numpy_reads_all_before_it_writes(write):
    for target in (slice(None), slice(None, None, -1), slice(1, 7), slice(0, 6), slice(2, 8)):
        for value in (slice(None), slice(None, None, -1), slice(1, 7), slice(0, 6), slice(2, 8)):
            mine, other = np.arange(1.0, 9.0), np.arange(1.0, 9.0)
            if mine[target].shape == mine[value].shape:
                write(mine[target], mine[value])
                write(other[target], other[value].copy())
                np.testing.assert_array_equal(mine, other)


def test_arrays_that_take_turns_do_not_overlap():
    a = np.zeros((6, 4))
    assert not overlapping(a[::2], a[1::2])
    assert overlapping(a[::2], [1.0, (a[3:],)])
    assert not overlapping(a, [a[0, 0], a.copy()])
