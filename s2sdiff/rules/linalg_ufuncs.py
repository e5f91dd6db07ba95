"""The ufuncs that `np.linalg` is made of, which other libraries call with `signature=`."""

from __future__ import annotations

import numpy as np

from s2sdiff.registry import derivative
from s2sdiff.rules.determinants import cofactors
from s2sdiff.rules.singular_values import values_back
from s2sdiff.runtime import transposed, unbroadcast

__all__: list[str] = []

try:
    from numpy.linalg import _umath_linalg as ufuncs
except ImportError:
    pass
else:

    @derivative(of=ufuncs.solve)
    def solve(a, b):
        shape_a, shape_b = np.shape(a), np.shape(b)
        x = ufuncs.solve(a, b)

        def pullback(x_bar):
            b_bar = np.linalg.solve(transposed(a), x_bar)
            a_bar = -(b_bar @ transposed(x))
            return unbroadcast(a_bar, shape_a), unbroadcast(b_bar, shape_b)

        return x, pullback

    @derivative(of=ufuncs.solve1)
    def solve1(a, b):
        shape_a, shape_b = np.shape(a), np.shape(b)
        x = ufuncs.solve1(a, b)

        def pullback(x_bar):
            b_bar = np.linalg.solve(transposed(a), np.expand_dims(x_bar, -1))
            a_bar = -(b_bar @ np.expand_dims(x, -2))
            return unbroadcast(a_bar, shape_a), unbroadcast(b_bar[..., 0], shape_b)

        return x, pullback

    @derivative(of=ufuncs.inv)
    def inv(a):
        z = ufuncs.inv(a)
        return z, lambda z_bar: -(transposed(z) @ z_bar @ transposed(z))

    @derivative(of=ufuncs.det)
    def det(a):
        return ufuncs.det(a), lambda d_bar: np.expand_dims(d_bar, (-2, -1)) * cofactors(a)

    @derivative(of=ufuncs.svd)
    def svd(a):
        s = ufuncs.svd(a)

        def pullback(s_bar):
            u, s, vh = np.linalg.svd(a, full_matrices=False)
            return values_back(u, s, vh, s_bar)

        return s, pullback
