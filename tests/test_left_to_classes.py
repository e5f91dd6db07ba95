"""What NumPy's functions without a derivative leave to a class of the user's: refused."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.test_comparisons_with_a_slope import check, kept, slope


class Rounding:
    """NumPy's functions ask it."""

    def __init__(self, v):
        self.v = v

    def rint(self):
        return self.v * 2

    def floor(self):
        return self.v * 3

    def __gt__(self, other):
        return self.v


class TakingOver:
    __slots__ = ("v",)

    def __init__(self, v):
        self.v = v

    def __array_ufunc__(self, *how, **options):
        return self.v * 2

    def __array_function__(self, *how):
        return self.v * 3


NUMPY = [
    (Rounding, np.rint), (Rounding, np.around), (Rounding, lambda a: np.float64(1.0) < a),
    (Rounding, lambda a: np.rint(np.array([a, Rounding(2.0)], dtype=object))[0]),
    (TakingOver, np.floor), (TakingOver, np.isfinite), (TakingOver, np.argmax),
    (TakingOver, lambda a: np.less(a, 1.0)), (TakingOver, lambda a: np.ones(2) < a),
    (TakingOver, lambda a: a >= np.ones(2)), (TakingOver, lambda a: np.floor_divide(2.0, a)),
]


@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize("cls, function", NUMPY)
def test_what_numpy_leaves_to_a_class_is_refused(cls, function, known):
    def of_known(x):
        return function(cls(x))

    def of_unknown(x):
        return function(kept(cls(x))[0])

    assert abs(slope(of_known, 0.7)) > 0.5
    with pytest.raises(sd.UnsupportedError, match=r" derivative(.|\n)*Instead, "):
        sd.grad(of_known if known else of_unknown)(0.7)


def test_arrays_are_rounded_as_before_where_such_a_class_is_known():
    def f(x):
        a = kept(Rounding(x))
        parts = kept(x * np.ones(2), [x, 2.5], x)
        return a[0].v * np.sum(np.floor(parts[0]) + np.rint(parts[1])) + np.ceil(parts[2]) * x

    check(f)
