"""Writes into arrays that raise when NumPy has written a part, or all, of what they write.

They are refused where a handler goes on; what raises before it writes is followed.
"""

from __future__ import annotations

import contextlib

import numpy as np
import pytest

import s2sdiff as sd
from tests.stopped import STOPPING, Z
from tests.transforms.programs import agrees, refused

A = np.array([1.5, 2.5, 3.5])


@pytest.mark.parametrize("f", STOPPING, ids=lambda f: f.__name__)
def test_what_may_have_written_a_part_is_refused_at_its_line(f):
    for message in (refused(f, A), str(pytest.raises(sd.UnsupportedError, sd.grad(f), A).value)):
        assert "written a part of" in message or "for its numbers" in message
        assert "Instead, " in message
        assert any(sign in message.splitlines()[1] for sign in (" = ", "/=", "np.")), message


def an_item_at_a_time(a):
    b = np.zeros(3)
    for i in range(5):
        try:
            b[i] = a[i] * a[i]
            b[i] /= i + 1.0
        except IndexError:
            b[0] = b[0] * 2.0
    return np.sum(b * b)


def shapes_that_do_not_fit(a):
    b, c = np.zeros((2, 3)), a * 1.0
    for attempt in range(6):
        try:
            if attempt == 0:
                b[:] = a[:2]
            elif attempt == 1:
                c += np.ones(4)
            elif attempt == 2:
                np.add(c, np.ones(4), out=c)
            elif attempt == 3:
                c[:] = [a[0], a[1]]
            elif attempt == 4:
                b[:] = [[a[0], a[1]], [a[2]]]
            else:
                np.copyto(c, np.ones(4))
        except ValueError:
            b[:] = b + a * a
            c *= a
    return np.sum(b * b) + np.sum(c)


def operands_that_are_no_numbers(a):
    b = a * 1.0
    for other in (2.0, "x", None):
        try:
            b *= other
        except TypeError:
            b += a
    try:
        b[0] = "x"
    except ValueError:
        b += a
    try:
        b[[0, 1, 2]] = [a[0], a[1], "x"]
    except ValueError:
        b += a
    try:
        b[0] = [a[0], a[1]]
    except (TypeError, ValueError):
        b += a
    return np.sum(b * b)


def indices_that_do_not_fit(a):
    b = a * 1.0
    for index in ([0, 9], np.array([True, False]), slice(0, 2)):
        try:
            b[index] = a[:2] * a[1]
        except (IndexError, ValueError):
            b[:2] = b[:2] * a[0]
    with contextlib.suppress(IndexError):
        b[0] = a[1] * a[2]
        b[5] = 1.0
    return np.sum(b * b)


def raised_by_what_is_written(a):
    b = a * 1.0
    with np.errstate(all="raise"):
        try:
            b[1] = a[0] * a[1]
            b *= 2.0
            b[:] = b / Z
        except FloatingPointError:
            b[:2] = b[:2] * a[:2]
    return np.sum(b * b)


def raised_between_writes(a):
    b = a * 1.0
    try:
        b *= 2.0
        b[1:] += a[:2]
        b *= {}["k"]
    except KeyError:
        b /= a[0]
    return np.sum(b * b)


def shapes_that_do_not_fit_under_a_manager(a):
    b = a * 1.0
    for attempt in range(3):
        with contextlib.suppress(ValueError):
            b[:] = b * a
            b += np.ones(attempt + 1) * a[0]
            b *= a
    return np.sum(b * b)


FOLLOWED = [an_item_at_a_time, shapes_that_do_not_fit, operands_that_are_no_numbers,
            indices_that_do_not_fit, raised_by_what_is_written, raised_between_writes,
            shapes_that_do_not_fit_under_a_manager]


@pytest.mark.parametrize("f", FOLLOWED, ids=lambda f: f.__name__)
def test_what_raises_before_it_writes_is_followed(f):
    with np.errstate(all="ignore"):
        agrees(f, A)


def test_what_nothing_goes_on_behind_raises_what_it_raises():
    def f(a):
        a = a * 1.0
        try:
            with np.errstate(all="raise"):
                a /= Z
        except FloatingPointError as error:
            raise ValueError("singular") from error
        return np.sum(a)

    with pytest.raises(ValueError, match="singular"):
        sd.grad(f)(A)


WRITES = {
    "division": lambda a: a.__itruediv__(Z),
    "ufunc": lambda a: np.divide(1.0, Z, out=a),
    "list": lambda a: a.__setitem__(slice(None), [5.0, 6.0, "x"]),
    "cast": lambda a: a.astype(np.float32, copy=False).__setitem__(0, np.array(1e300)),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_numpy_writes_before_it_raises(write):
    a = np.array([1.0, 2.0, 3.0], np.float32)
    with np.errstate(all="raise"), pytest.raises((FloatingPointError, ValueError)):
        write(a)
    assert not np.array_equal(a, [1.0, 2.0, 3.0])
