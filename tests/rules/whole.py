"""Checks a whole function by its compiled derivative: value to the bit, then differences."""

import copy

import numpy as np

import s2sdiff as sd
from tests.right_or_refused import check_modes


def check_whole(f, *args):
    """Assert that the value is the function's own, and what `check_grads` asserts."""
    value, _ = sd.vjp(f, *args)
    np.testing.assert_array_equal(value, f(*copy.deepcopy(args)))
    check_modes(f, args)
