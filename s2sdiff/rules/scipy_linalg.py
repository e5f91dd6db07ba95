"""`scipy.linalg`: systems of equations, inverses, factors, matrices made of one vector.

Matrices of a declared structure are read in part only: that part receives all of the cotangent.
Arguments are never overwritten by a rule, whatever `overwrite_a` permits.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import linalg

from s2sdiff.registry import derivative
from s2sdiff.rules.cholesky import cholesky_back
from s2sdiff.rules.determinants import cofactors
from s2sdiff.rules.norms import norm as numpy_norm
from s2sdiff.rules.scipy_stacks import by_hermitian_factor, by_triangles
from s2sdiff.rules.shared import like, shaped, static, unsupported
from s2sdiff.rules.solving import computable
from s2sdiff.runtime import transposed, unbroadcast

__all__: list[str] = []


def read_part(a_bar: Any, structure: Any, lower: bool) -> Any:
    """The cotangent of a matrix of which a function reads what its structure says.

    >>> read_part(np.array([[1.0, 2.0], [5.0, 3.0]]), "sym", True)
    array([[1., 0.],
           [7., 3.]])
    """
    if structure in (None, "gen", "general", "banded"):
        return a_bar  # how wide the band is SciPy reads off the matrix
    if structure == "diagonal":
        return a_bar * np.eye(a_bar.shape[-1])
    if structure == "tridiagonal":
        return np.triu(np.tril(a_bar, 1), -1)
    if structure in ("upper triangular", "lower triangular"):
        return np.triu(a_bar) if structure[0] == "u" else np.tril(a_bar)
    if structure in ("sym", "symmetric", "pos", "positive definite", "her", "hermitian"):
        other = transposed(a_bar)
        if np.iscomplexobj(a_bar) and structure[:3] != "sym":
            other = np.conj(other)
            a_bar = np.where(np.eye(a_bar.shape[-1], dtype=bool), a_bar.real, a_bar)
        return np.tril(a_bar) + np.tril(other, -1) if lower else np.triu(a_bar) + np.triu(other, 1)
    raise unsupported(f"scipy.linalg with assume_a={structure!r} has no derivative here",
                      "leave assume_a out")


@derivative(of=linalg.solve, wrt=("a", "b"))
@shaped
def solve(a, b, lower=False, overwrite_a=False, overwrite_b=False, check_finite=True,
          assume_a=None, transposed=False):
    x = linalg.solve(a, b, lower=lower, check_finite=check_finite, assume_a=assume_a,
                     transposed=transposed)
    shape_a, shape_b = np.shape(a), np.shape(b)

    def pullback(x_bar):
        if np.size(a) == 1:
            # SciPy divides by it, however many rows there are.
            b_bar = x_bar / np.reshape(a, ())
            a_bar = np.reshape(-np.sum(b_bar * x), shape_a)
            return a_bar, np.reshape(b_bar, shape_b) if x.size == np.size(b) else unbroadcast(
                b_bar, shape_b)
        # One vector for all matrices of a stack, or as many columns.
        vector = len(shape_b) == 1
        columns = np.expand_dims(x, -1) if vector else x
        g = np.expand_dims(x_bar, -1) if vector else x_bar
        matrix = np.asarray(a) if transposed else np.swapaxes(a, -1, -2)
        if assume_a not in (None, "gen", "general", "banded"):
            full = filled(np.asarray(a), assume_a, lower)
            matrix = full if transposed else np.swapaxes(full, -1, -2)
        b_bar = np.linalg.solve(computable(matrix), computable(g))
        a_bar = -(b_bar @ np.swapaxes(columns, -1, -2))
        a_bar = np.swapaxes(a_bar, -1, -2) if transposed else a_bar
        a_bar = read_part(unbroadcast(a_bar, shape_a), assume_a, lower)
        return a_bar, unbroadcast(b_bar[..., 0] if vector else b_bar, shape_b)

    return x, pullback


def filled(a: Any, structure: Any, lower: bool) -> Any:
    """The matrix that is meant where only a part of it is read."""
    if structure in ("sym", "symmetric", "pos", "positive definite", "her", "hermitian"):
        part = np.tril(a) if lower else np.triu(a)
        other = np.swapaxes(np.tril(a, -1) if lower else np.triu(a, 1), -1, -2)
        return part + (other if structure[:3] == "sym" else np.conj(other))
    return read_part(a, structure, lower)


@derivative(of=linalg.inv, wrt="a")
@shaped
def inv(a, overwrite_a=False, check_finite=True, **options):
    z = linalg.inv(a, check_finite=check_finite, **options)

    def pullback(z_bar):
        a_bar = -(transposed(z) @ z_bar @ transposed(z))
        return read_part(a_bar, options.get("assume_a"), options.get("lower", False))

    return z, pullback


@derivative(of=linalg.det, wrt="a")
@shaped
def det(a, overwrite_a=False, check_finite=True):
    def pullback(d_bar):
        return np.expand_dims(d_bar, (-2, -1)) * cofactors(computable(a))

    return linalg.det(a, check_finite=check_finite), pullback


@derivative(of=linalg.cholesky, wrt="a")
@shaped
def cholesky(a, lower=False, overwrite_a=False, check_finite=True):
    z = linalg.cholesky(a, lower=lower, check_finite=check_finite)
    return z, lambda z_bar: unbroadcast(cholesky_back(z, z_bar, not lower), np.shape(a))


@derivative(of=linalg.cho_factor, wrt="a")
@shaped
def cho_factor(a, lower=False, overwrite_a=False, check_finite=True):
    factor = linalg.cho_factor(a, lower=lower, check_finite=check_finite)
    c, _ = factor

    def pullback(factor_bar):
        c_bar, _ = factor_bar
        return None if c_bar is None else unbroadcast(factor_back(c, c_bar, lower), np.shape(a))

    return factor, pullback


if linalg.cho_factor(np.array([[2.0, 1.0], [1.0, 2.0]]))[0][1, 0]:

    def beside(factor: Any, rest: Any) -> Any:
        """A factor's part and that of the matrix, which is left as it was beside the factor."""
        return factor + rest

else:

    def beside(factor: Any, rest: Any) -> Any:
        """A factor's part alone: from SciPy 1.18 on there are zeros beside it."""
        return factor


@like(0)
def factor_back(c: Any, c_bar: Any, lower: bool) -> Any:
    """The cotangent of a matrix for that of its factor, and of the rest where that is kept."""
    if lower:
        return beside(cholesky_back(np.tril(c), np.tril(c_bar), False), np.triu(c_bar, 1))
    return beside(cholesky_back(np.triu(c), np.triu(c_bar), True), np.tril(c_bar, -1))


@derivative(of=linalg.cho_solve, wrt=("c_and_lower", "b"))
@shaped
def cho_solve(c_and_lower, b, overwrite_b=False, check_finite=True):
    factor, lower = c_and_lower
    x = linalg.cho_solve((factor, lower), b, check_finite=check_finite)
    if np.iscomplexobj(factor) or np.ndim(factor) != 2 or np.ndim(b) > 2:
        return x, by_hermitian_factor(factor, lower, b, x)

    def pullback(x_bar):
        b_bar = linalg.cho_solve((factor, lower), x_bar)
        product = np.outer(b_bar, x) if np.ndim(b) == 1 else b_bar @ x.T
        return (of_product(factor, lower, -(product + product.T)), None), b_bar

    return x, pullback


@like(0)
def of_product(factor: Any, lower: bool, both: Any) -> Any:
    """The cotangent of a real factor L for that of `L @ L.T`, in both its places."""
    return np.tril(both @ np.tril(factor)) if lower else np.triu(np.triu(factor) @ both)


@derivative(of=linalg.solve_triangular, wrt=("a", "b"))
@shaped
def solve_triangular(a, b, trans: Any = 0, lower=False, unit_diagonal=False, overwrite_b=False,
                     check_finite=True):
    x = linalg.solve_triangular(a, b, trans, lower, unit_diagonal, check_finite=check_finite)
    if np.ndim(a) != 2 or np.ndim(b) > 2 or (is_conjugate(trans) and np.iscomplexobj(a)):
        return x, by_triangles(a, b, x, trans, lower, unit_diagonal)
    plain = is_plain(trans)

    def pullback(x_bar):
        b_bar = linalg.solve_triangular(a, x_bar, 1 if plain else 0, lower, unit_diagonal)
        left, right = (b_bar, x) if plain else (x, b_bar)
        a_bar = -(np.outer(left, right) if np.ndim(b) == 1 else left @ right.T)
        skip = 1 if unit_diagonal else 0
        return np.tril(a_bar, -skip) if lower else np.triu(a_bar, skip), b_bar

    return x, pullback


@static
def is_plain(trans: Any) -> bool:
    """Whether it is the matrix itself with which a system is solved, and no transpose of it."""
    return trans in (0, "N")


@static
def is_conjugate(trans: Any) -> bool:
    """Whether it is the conjugate transpose."""
    return trans in (2, "C")


@derivative(of=linalg.norm, wrt="a")
@shaped
def norm(a, ord=None, axis=None, keepdims=False, check_finite=True):
    value = linalg.norm(a, ord, axis, keepdims, check_finite)
    return value, numpy_norm(a, ord, axis, keepdims)[1]


# ------------------------------------------------------------------------- matrices of one vector


def diagonals(g: Any, offsets: Any) -> Any:
    """The sums of matrices along some of their diagonals."""
    found = [np.trace(g, k, -2, -1) for k in offsets]
    return np.stack(found, axis=-1) if found else np.zeros((*g.shape[:-2], 0), g.dtype)


def flat(name: str, *vectors: Any) -> None:
    """Refuse what is no vector."""
    if any(np.ndim(v) > 1 for v in vectors):
        raise unsupported(f"scipy.linalg.{name} of several rows has no derivative here",
                          "call it row by row and stack the results")


@derivative(of=linalg.toeplitz)
@shaped
def toeplitz(c, r: Any = None):
    shape_c, shape_r = np.shape(c), np.shape(c if r is None else r)
    rows, columns = (shape[-1] if shape else 1 for shape in (shape_c, shape_r))

    def pullback(t_bar):
        c_bar = diagonals(t_bar, range(0, -rows, -1))
        r_bar = diagonals(t_bar, range(columns))
        r_bar[..., :1] = 0
        if r is None:
            return np.reshape(c_bar + np.conj(r_bar), shape_c), None
        if not (shape_c and shape_r):
            return np.reshape(c_bar, shape_c), np.reshape(r_bar, shape_r)
        return unbroadcast(c_bar, shape_c), unbroadcast(r_bar, shape_r)

    return linalg.toeplitz(c, r), pullback


@derivative(of=linalg.hankel)
@shaped
def hankel(c, r: Any = None):
    flat("hankel", c, r)
    rows, columns = np.size(c), np.size(c if r is None else r)
    shape_c, shape_r = np.shape(c), np.shape(c if r is None else r)

    def pullback(h_bar):
        if not columns:
            return np.zeros(shape_c, h_bar.dtype), np.zeros(shape_r, h_bar.dtype)
        mirrored = h_bar[:, ::-1]
        sums = diagonals(mirrored, range(columns - 1, -rows, -1))
        c_bar = np.reshape(sums[:rows], shape_c)
        if r is None:
            return c_bar, None
        return c_bar, np.reshape(np.concatenate([0 * sums[:1], sums[rows:]]), shape_r)

    return linalg.hankel(c, r), pullback


@derivative(of=linalg.circulant)
@shaped
def circulant(c):
    flat("circulant", c)
    n, shape = np.size(c), np.shape(c)

    def pullback(c_bar):
        sums = diagonals(c_bar, range(-n + 1, n))
        below = sums[:n][::-1]
        below[1:] += sums[n:][::-1]
        return np.reshape(below, shape)

    return linalg.circulant(c), pullback
