"""Expressions and statements that nobody can follow, around active values."""

import copy
import decimal
import pickle
import struct

import numpy as np


class Stored:
    """It is made again of something else than what is in it."""

    def __init__(self, w):
        self.w = w

    def __reduce__(self):
        return Stored, (self.w * 2.0,)


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
        return pickle.loads(pickle.dumps(x)) * 2.0  # here: pickle.loads
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
            raise Found(x)  # here: Found
        except Found as found:
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


def an_object_that_says_how_it_is_stored(x):
    if x > 0:
        return copy.deepcopy([Stored(x)])[0].w  # here: copy.deepcopy
    return x * 2.0


def an_array_that_is_walked_over_in_c(x):
    total = x * 2.0
    if x > 0:
        for item, other in np.nditer([x * np.ones(2), np.ones(2)]):  # here: np.nditer
            total = total + float(item) * float(other)
    return total


READING = [f for name, f in dict(globals()).items()
           if name.startswith(("a_", "an_"))]
