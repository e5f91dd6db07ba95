"""`b += v`, where a class is known whose sum may be an operand: `v` keeps its place.

What is kept of `v` for the backward code is a copy, in which no cotangent was ever put.
"""

from __future__ import annotations

import functools

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff.runtime import suspects


def by_reduce(a, x):
    b = a * x
    b += functools.reduce(lambda before, after: after, [None, a])
    return b * b


def behind_a_write_that_raises(a, x):
    b = a * x
    try:
        b += np.ones(2)
    except ValueError:
        b += functools.reduce(lambda before, after: after, [None, a])
    return b * b


def of_a_part(a, x):
    b = a * x
    b[1:] += functools.reduce(lambda before, after: after, [None, a[1:]])
    b *= 2.0
    return b * b


A = np.array([0.7, -1.2, 2.0, 0.4])


@pytest.mark.parametrize("f", [by_reduce, behind_a_write_that_raises, of_a_part],
                         ids=lambda f: f.__name__)
def test_what_is_added_keeps_its_derivative(f):
    # As in a process that has met a class whose sum counts, and gives the object itself.
    suspects.expect(frozenset({"__add__", "__add__ gives"}))
    bar, direction = np.array([1.0, -0.5, 2.0, 0.3]), np.array([0.3, -0.5, 0.2, 1.0])
    columns = np.array([(f(A + h, 1.3) - f(A - h, 1.3)) / 2e-6 for h in np.eye(4) * 1e-6])
    before = A.copy()
    value, pullback = sd.vjp(f, A, 1.3)
    np.testing.assert_array_equal(value, f(A, 1.3))
    for _ in range(2):
        np.testing.assert_allclose(pullback(bar)[0], columns @ bar, rtol=1e-6)
    np.testing.assert_allclose(sd.jvp(f, (A, 1.3), (direction, 0.0))[1], direction @ columns,
                               rtol=1e-6)
    np.testing.assert_array_equal(A, before)
