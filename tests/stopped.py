"""Functions of an array in which a write into an array raises, for `test_writes_that_stop`."""

from __future__ import annotations

import contextlib
import types
import warnings

import numpy as np

Z = np.array([2.0, 0.0, 4.0])


class Holder:
    """An object with an array, which a method divides."""

    def __init__(self, a):
        self.a = a

    def divide(self):
        self.a /= Z


class NoNumber:
    """What says itself that it is no number."""

    def __float__(self):
        raise ValueError


def divided_or_told(a):
    with np.errstate(all="raise"):
        try:
            a /= Z
        except FloatingPointError as error:
            raise ValueError("singular") from error


def in_place(a):
    a = a * 1.0
    try:
        with np.errstate(all="raise"):
            a /= Z
    except FloatingPointError:
        a[1] = 2.0
    return np.sum(a * a)


def a_part(a):
    a = a * 1.0
    with np.errstate(all="raise"):
        try:
            a[:2] /= Z[:2]
        except FloatingPointError:
            a[1] = 2.0
    return np.sum(a * a)


def a_view(a):
    a = a * 1.0
    b = a[::-1]
    try:
        with np.errstate(all="raise"):
            b /= Z
    except FloatingPointError:
        a[1] = 2.0
    return np.sum(a * a)


def at_an_index_array(a):
    a = a * 1.0
    try:
        with np.errstate(all="raise"):
            a[[0, 1]] /= Z[:2]
    except FloatingPointError:
        a[1] = 2.0
    return np.sum(a * a)


def an_attribute(a):
    box = types.SimpleNamespace(a=a * 1.0)
    try:
        with np.errstate(all="raise"):
            box.a /= Z
    except FloatingPointError:
        box.a[1] = 2.0
    return np.sum(box.a * box.a)


def an_item(a):
    items = [a * 1.0]
    try:
        with np.errstate(all="raise"):
            items[0] /= Z
    except FloatingPointError:
        items[0][1] = 2.0
    return np.sum(items[0] * items[0])


def a_method(a):
    holder = Holder(a * 1.0)
    try:
        with np.errstate(all="raise"):
            holder.divide()
    except FloatingPointError:
        holder.a[1] = 2.0
    return np.sum(holder.a * holder.a)


def told_as_another_exception(a):
    a = a * 1.0
    try:
        divided_or_told(a)
    except ValueError:
        a[1] = 2.0
    return np.sum(a * a)


def told_as_another_in_the_same_function(a):
    a = a * 1.0
    try:
        try:
            with np.errstate(all="raise"):
                a /= Z
        except FloatingPointError:
            raise ValueError from None
    except ValueError:
        a[1] = 2.0
    return np.sum(a * a)


def ended_by_a_manager(a):
    a = a * 1.0
    with contextlib.suppress(FloatingPointError), np.errstate(all="raise"):
        a /= Z
    a[1] = 2.0
    return np.sum(a * a)


def a_warning(a):
    a = a * 1.0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            a /= Z
        except RuntimeWarning:
            a[1] = 2.0
    return np.sum(a * a)


def a_function_that_is_called(a):
    def complain(kind, flag):
        raise ValueError(kind)

    a, before = a * 1.0, np.seterrcall(complain)
    try:
        with np.errstate(all="call"):
            a /= Z
    except ValueError:
        a[1] = 2.0
    np.seterrcall(before)
    return np.sum(a * a)


def into_out(a):
    b = np.ones(3)
    try:
        with np.errstate(all="raise"):
            np.divide(a, Z, out=b)
    except FloatingPointError:
        b[1] = 2.0
    return np.sum(b * a)


def a_sum_into_out(a):
    b = np.ones(3)
    try:
        with np.errstate(all="raise"):
            np.cumsum(a * 4e307, out=b)
    except FloatingPointError:
        b[1:] = 1.0
    return b[0] * 1e-300


def additions_at_indices(a):
    b = a * 1.0
    try:
        with np.errstate(all="raise"):
            np.add.at(b, [0, 1, 1], a * np.array([1.0, 1e307, 5e307]))
    except FloatingPointError:
        b[1] = 2.0
    return np.sum(b * b)


def divisions_at_indices(a):
    a = a * 1.0
    try:
        with np.errstate(all="raise"):
            np.divide.at(a, [0, 1], Z[:2])
    except FloatingPointError:
        a[1] = 2.0
    return np.sum(a * a)


def text_in_a_list(a):
    a = a * 1.0
    try:
        a[:] = [a[1] * a[2], a[0], "x"]
    except ValueError:
        a[2] = 2.0
    return np.sum(a * a)


def text_in_a_nested_tuple(a):
    b = np.zeros((2, 2))
    try:
        b[:] = ((a[1] * a[2], a[0]), (a[1], "x"))
    except ValueError:
        b[1, 1] = a[0]
    return np.sum(b * b)


def a_complex_number_in_a_list(a):
    a = a * 1.0
    try:
        a[:] = [a[0], a[1] * a[2], 1j]
    except TypeError:
        a[2] = 2.0
    return np.sum(a * a)


def a_large_integer_in_a_list(a):
    a = a * 1.0
    try:
        a[:] = [a[0] * a[1], a[1], 10**400]
    except OverflowError:
        a[2] = 2.0
    return np.sum(a * a)


def an_object_in_a_list(a):
    a = a * 1.0
    try:
        a[:] = [a[0] * a[1], a[1], NoNumber()]
    except ValueError:
        a[2] = 2.0
    return np.sum(a * a)


def an_array_of_texts(a):
    b = a * 1.0
    try:
        b[:] = np.array(["1", "2", "x"])
    except ValueError:
        b[2] = 2.0
    return np.sum(b * b * a)


def indices_of_which_one_is_too_large(a):
    b = a * 1.0
    try:
        np.put(b, [0, 1, 9], a * a)
    except IndexError:
        b[2] = 2.0
    return np.sum(b * b * a)


STOPPING = [
    in_place, a_part, a_view, at_an_index_array, an_attribute, an_item, a_method,
    told_as_another_exception, told_as_another_in_the_same_function, ended_by_a_manager, a_warning,
    a_function_that_is_called, into_out, a_sum_into_out, additions_at_indices,
    divisions_at_indices, text_in_a_list, text_in_a_nested_tuple, a_complex_number_in_a_list,
    a_large_integer_in_a_list, an_object_in_a_list, an_array_of_texts,
    indices_of_which_one_is_too_large,
]
