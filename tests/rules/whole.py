"""Checks a whole function by its compiled derivative: value to the bit, then differences."""

import copy

import numpy as np

import s2sdiff as sd
from tests.right_or_refused import check_modes


def check_whole(f, *args):
    """Assert that the value is the function's own, and what `check_grads` asserts.

    Forward mode may be refused.
    """
    check_value(f, *args)
    check_modes(f, args)


def check_both(f, *args):
    """The same, where neither mode may be refused."""
    check_value(f, *args)
    sd.check_grads(f, args)


def check_value(f, *args):
    value, _ = sd.vjp(f, *args)
    np.testing.assert_array_equal(value, f(*copy.deepcopy(args)))
