"""Checks a whole function by its compiled derivative: value to the bit, then differences."""

import copy

import numpy as np

import s2sdiff as sd
from tests.right_or_refused import check_modes


def check_whole(f, *args, forward=False):
    """Assert that the value is the function's own, and what `check_grads` asserts.

    Forward mode may be refused where it is not asked for.
    """
    value, _ = sd.vjp(f, *args)
    np.testing.assert_array_equal(value, f(*copy.deepcopy(args)))
    (sd.check_grads if forward else check_modes)(f, args)
