"""Solvers of LAPACK that SciPy's own source calls by way of `get_lapack_funcs`."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import linalg
from scipy.linalg import lapack

from s2sdiff.registry import constant, derivative
from s2sdiff.rules.scipy_structured import columns, in_band
from s2sdiff.rules.shared import unsupported, untold

__all__: list[str] = []

# Which function serves arrays of some types is no matter of their elements.
constant(linalg.get_lapack_funcs, linalg.get_blas_funcs)


def solution_bar(name: str, result_bar: Any) -> Any:
    """The cotangent of the solution, the third of what a solver gives."""
    if result_bar[0] is not None and np.any(result_bar[0]):
        raise unsupported(f"the factors that {name} gives have no derivative here",
                          "use the solution alone")
    return result_bar[2]


def band_solver(gbsv: Any, gbtrs: Any) -> Any:
    def solved(ab, kl, ku, lu, pivots, b, trans):
        return gbtrs(lu, kl, ku, b, pivots, trans=trans)[0]

    @derivative(of=solved)
    def solved_(ab, kl, ku, lu, pivots, b, trans):
        x = solved(ab, kl, ku, lu, pivots, b, trans)

        def pullback(x_bar):
            b_bar = solved(ab, kl, ku, lu, pivots, x_bar, 1 - trans)
            ab_bar = in_whole_band(x, b_bar, kl, ku) if trans else \
                in_whole_band(b_bar, x, kl, ku)
            return ab_bar, None, None, None, None, b_bar, None

        return x, pullback

    @untold(0)
    def solve(kl, ku, ab, b, overwrite_ab=0, overwrite_b=0):
        # What may be overwritten is not: the way back reads it.
        result = gbsv(kl, ku, ab, b)

        def pullback(result_bar):
            x_bar = solution_bar("gbsv", result_bar)
            if x_bar is None:
                return None, None
            lu, pivots, x, _ = result
            b_bar = solved(ab, kl, ku, lu, pivots, x_bar, 1)
            return in_whole_band(b_bar, x, kl, ku), b_bar

        return result, pullback

    return solve


def in_whole_band(y: Any, x: Any, lower: int, upper: int) -> Any:
    """The diagonals of `-y @ x.T` below the rows that the factors fill."""
    band = in_band(columns(y), columns(x), upper, lower + upper + 1)
    return np.concatenate([np.zeros((lower, len(x)), band.dtype), -band])


def solver(gesv: Any, getrs: Any) -> Any:
    # The factors are those of `a`: to have what is solved with them depend on `a` alone gives it
    # derivatives of any order, though theirs are not known.
    def solved(a, lu, pivots, b, trans):
        return getrs(lu, pivots, b, trans=trans)[0]

    @derivative(of=solved)
    def solved_(a, lu, pivots, b, trans):
        x = solved(a, lu, pivots, b, trans)

        def pullback(x_bar):
            b_bar = solved(a, lu, pivots, x_bar, 1 - trans)
            left, right = (x, b_bar) if trans else (b_bar, x)
            return -columns(left) @ columns(right).T, None, None, b_bar, None

        return x, pullback

    @untold(0)
    def solve(a, b, overwrite_a=0, overwrite_b=0):
        result = gesv(a, b)

        def pullback(result_bar):
            x_bar = solution_bar("gesv", result_bar)
            if x_bar is None:
                return None, None
            lu, pivots, x, _ = result
            b_bar = solved(a, lu, pivots, x_bar, 1)
            return -columns(b_bar) @ columns(x).T, b_bar

        return result, pullback

    return solve


def symmetric_solver(sysv: Any, sytrs: Any) -> Any:
    # As in `solver`; of the matrix, one triangle is read.
    def solved(a, factor, pivots, b, lower):
        return sytrs(factor, pivots, b, lower=lower)[0]

    @derivative(of=solved)
    def solved_(a, factor, pivots, b, lower):
        x = solved(a, factor, pivots, b, lower)

        def pullback(x_bar):
            b_bar = solved(a, factor, pivots, x_bar, lower)
            return in_triangle(b_bar, x, lower), None, None, b_bar, None

        return x, pullback

    @untold(0)
    def solve(a, b, lwork=None, lower=0, overwrite_a=0, overwrite_b=0):
        result = sysv(a, b, lower=lower)

        def pullback(result_bar):
            x_bar = solution_bar("sysv", result_bar)
            if x_bar is None:
                return None, None
            factor, pivots, x, _ = result
            b_bar = solved(a, factor, pivots, x_bar, lower)
            return in_triangle(b_bar, x, lower), b_bar

        return result, pullback

    return solve


def in_triangle(y: Any, x: Any, lower: int) -> Any:
    """The symmetric part of `-y @ x.T`, in the places of the triangle that is read."""
    product = -columns(y) @ columns(x).T
    both = product + product.T
    return np.tril(both, -1) + np.diag(np.diag(product)) if lower else \
        np.triu(both, 1) + np.diag(np.diag(product))


def band_factors(gbtrs: Any) -> Any:
    def solve(ab, kl, ku, b, ipiv, trans=0, n=None, ldab=None, ldb=None, overwrite_b=0):
        result = gbtrs(ab, kl, ku, b, ipiv, trans=trans)

        def pullback(result_bar):
            x_bar = result_bar[0]
            if x_bar is None:
                return None
            b_bar, _ = gbtrs(ab, kl, ku, np.conj(x_bar) if trans == 2 else x_bar, ipiv,
                             trans=0 if trans else 1)
            return np.conj(b_bar) if trans == 2 else b_bar

        return result, pullback

    return solve


def factors(getrs: Any) -> Any:
    def solve(lu, piv, b, trans=0, overwrite_b=0):
        result = getrs(lu, piv, b, trans=trans)

        def pullback(result_bar):
            x_bar = result_bar[0]
            if x_bar is None:
                return None
            b_bar, _ = getrs(lu, piv, np.conj(x_bar) if trans == 2 else x_bar,
                             trans=0 if trans else 1)
            return np.conj(b_bar) if trans == 2 else b_bar

        return result, pullback

    return solve


for _kind in "sdcz":
    derivative(of=getattr(lapack, _kind + "gbsv"), wrt=("ab", "b"))(
        band_solver(getattr(lapack, _kind + "gbsv"), getattr(lapack, _kind + "gbtrs")))
    derivative(of=getattr(lapack, _kind + "gesv"), wrt=("a", "b"))(
        solver(getattr(lapack, _kind + "gesv"), getattr(lapack, _kind + "getrs")))
    derivative(of=getattr(lapack, _kind + "sysv"), wrt=("a", "b"))(
        symmetric_solver(getattr(lapack, _kind + "sysv"), getattr(lapack, _kind + "sytrs")))
    for _name, _rule in (("gbtrs", band_factors), ("getrs", factors)):
        _function = getattr(lapack, _kind + _name)
        derivative(of=_function, wrt=("b",))(_rule(_function))
