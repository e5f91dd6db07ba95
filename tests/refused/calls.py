"""Calls of what has no derivative, and values of kinds that have none."""

import struct

import numpy as np

import s2sdiff as sd


def square(y):
    return y * y


unknown_ufunc = np._core.umath._ones_like  # NumPy calls it itself


def an_array_of_objects(x):
    if x > 0:
        a = np.array([x, None])  # here: np.array
        return a[0] * 2.0
    return x * 2.0


def a_matrix(x):
    m = np.matrix([[1.0, 2.0], [0.0, 1.0]])
    if x > 0:
        return (m * x)[0, 1]  # here: m *
    return x * 2.0


def a_masked_array(x):
    m = np.ma.masked_array([1.0, 2.0], [True, False])
    if x > 0:
        return (m * x).sum()  # here: m *
    return x * 2.0


def a_ufunc_without_a_rule(x):
    if x > 0:
        return unknown_ufunc(x)  # here: unknown_ufunc
    return x * 2.0


def a_keyword_that_the_rule_does_not_know(x):
    if x > 0:
        return np.sum(np.sin(np.ones(2) * x, where=x > 9.0))  # here: np.sin
    return x * 2.0


def a_c_function_without_a_rule(x):
    if x > 0:
        packed = struct.pack("d", x)  # here: struct
        return struct.unpack("d", packed)[0]
    return x * 2.0


def a_check_inside(x):
    if x > 0:
        return sd.check_grads(square, (x,)) or x  # here: sd.check_grads
    return x * 2.0


VALUES = [an_array_of_objects, a_matrix, a_masked_array]
MISSING = [a_ufunc_without_a_rule, a_keyword_that_the_rule_does_not_know,
    a_c_function_without_a_rule]
NESTED = [a_check_inside]
