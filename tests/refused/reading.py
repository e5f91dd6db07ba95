"""Expressions and statements that nobody can follow, around active values."""

import contextlib
import copy
import decimal
import pickle
import struct

import numpy as np


class Copied:
    """An object that says itself how it is copied."""

    def __init__(self, w):
        self.w = w

    def __copy__(self):
        return Copied(self.w * 2.0)


class Found(Exception):
    """An exception that carries a value."""


def a_number_read_back_from_text(x):
    if x > 0:
        return float(f"{x}") * 2.0  # here: float(
    return x * 2.0


def a_number_read_back_from_formatted_text(x):
    if x > 0:
        return float("%.17g" % x) * 2.0  # here: float(
    return x * 2.0


def a_number_read_back_from_repr(x):
    if x > 0:
        text = repr(x)
        return float(text) * 2.0  # here: float(
    return x * 2.0


def a_number_read_back_by_eval(x):
    if x > 0:
        return eval(str(x)) * 2.0  # here
    return x * 2.0


def an_expression_that_is_evaluated(x):
    if x > 0:
        return eval("x * 2.0", {"x": x})  # here
    return x * 2.0


def a_program_that_is_executed(x):
    if x > 0:
        space = {"x": x}
        exec("y = x * 2.0", space)  # here
        return space["y"]
    return x * 2.0


def a_number_in_a_pickle(x):
    if x > 0:
        return pickle.loads(pickle.dumps(x)) * 2.0  # here: pickle.dumps
    return x * 2.0


def a_number_in_bytes(x):
    if x > 0:
        return struct.unpack("d", struct.pack("d", x))[0] * 2.0  # here: struct.pack
    return x * 2.0


def a_number_in_hexadecimal(x):
    if x > 0:
        return float.fromhex(float(x).hex()) * 2.0  # here: float(x)
    return x * 2.0


def a_number_in_a_decimal(x):
    if x > 0:
        return float(decimal.Decimal(x) * 2)  # here: decimal
    return x * 2.0


def an_exception_that_carries_a_value(x):
    y = x * 2.0
    if x > 0:
        try:
            raise Found(x)
        except Found as found:  # here
            y = found.args[0] * 2.0
    return y


def a_variable_by_its_name(x):
    if x > 0:
        return locals()["x"] * 2.0  # here
    return x * 2.0


def a_class_that_is_made_with_it(x):
    if x > 0:
        class Made:  # here
            w = x
        return Made.w * 2.0
    return x * 2.0


def a_number_that_a_manager_gives(x):
    if x > 0:
        with contextlib.nullcontext(x) as y:  # here
            return y * 2.0
    return x * 2.0


def an_object_that_copies_itself(x):
    if x > 0:
        return copy.copy(Copied(x)).w  # here: copy.copy
    return x * 2.0


def an_iterator_that_is_drawn_from_twice(x):
    if x > 0:
        items = iter([x, x])  # here: iter
        kept = [items]
        return next(kept[0]) + next(items)
    return x * 2.0


def an_array_that_is_walked_over_in_c(x):
    total = x * 2.0
    if x > 0:
        for item in np.nditer(x * np.ones(2)):  # here: np.nditer
            total = total + float(item)
    return total


READING = [f for name, f in dict(globals()).items()
           if name.startswith(("a_", "an_"))]
