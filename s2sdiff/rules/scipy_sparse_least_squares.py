"""`scipy.sparse.linalg`: least squares, inverses, exponentials and norms of sparse matrices.

The solution of least squares is `x = A^+ b` with the pseudo-inverse, whose derivative is that of
G. Golub and V. Pereyra (1973); the same solver is asked for what is multiplied by `A^+`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse
from scipy.linalg import expm_frechet
from scipy.sparse import linalg

from s2sdiff.registry import constant
from s2sdiff.rules.scipy_sparse_eigenvalues import of_elements
from s2sdiff.rules.scipy_sparse_places import (
    at_places,
    complete,
    computing,
    data_bar,
    frozen,
    kept,
    merged_by_scipy,
    of_data,
    ones,
    places,
    register,
    to_duplicates,
    unchanged,
)
from s2sdiff.rules.shared import compiled, settled, unknown, unsupported
from s2sdiff.runtime import copy, standins_sparse

__all__: list[str] = []

_multiplying: Any = compiled("scipy.sparse.linalg._expm_multiply")

# ------------------------------------------------------------------------------ least squares


def damped(a: Any, damp: Any) -> Any:
    """The matrix above the damping's rows, if there is any."""
    if damp == 0:
        return a
    below = float(damp) * sparse.eye_array(a.shape[1])
    return sparse.vstack([sparse.csr_array(a), below], format="csr")


def adjoint(a: Any) -> Any:
    return a.H if isinstance(a, linalg.LinearOperator) else np.conj(a.T)


def least(name: str, a: Any, b: Any, options: dict[str, Any]) -> Any:
    """The solution of least norm, by the solver itself and as exactly as it can."""
    return getattr(linalg, name)(a, b, **standins_sparse.exactly(name, a, options))[0]


def through_inverse(name: str, a: Any, g: Any, damp: Any, options: dict[str, Any]) -> tuple:
    """`(A^+)^T g` and `A^+ (A^+)^T g`, of the matrix and its damping."""
    whole = damped(a, damp)
    u = least(name, adjoint(whole), g, options)
    return u[:a.shape[0]], least(name, whole, u, options)


@settled(lambda name, *_: unknown(
    dict.fromkeys((5, 6, 7, 9) if name == "lsqr" else (4, 5, 6), ...)))
def squares_by_matrix(name, a, b, damp, x0, options):
    """The rule of `lsqr` and `lsmr` of a matrix that has elements."""
    found = standins_sparse.least_found(name, a, b, damp, x0, options)
    number, first = (kept(a) if sparse.issparse(a) else None), frozen(a)
    x, right = found[0].copy(), copy(b)
    step = x if x0 is None else x - x0

    def pullback(bars):
        if sparse.issparse(first):
            unchanged(first, number)
        if name == "lsqr":
            norms, others = (bars[3], bars[4], bars[8]), (*bars[5:8], bars[9])
        else:
            norms, others = (None, bars[3], bars[7]), bars[4:7]
        if any(bar is not None and np.any(bar) for bar in others):
            raise unsupported(f"what {name} estimates of the matrix has no derivative",
                              "compute with the solution")
        rest = np.ravel(right) - first @ x
        standins_sparse.check_ended(name, found, right, rest,
                                    adjoint(first) @ rest - damp * damp * step)
        # The size is that of the solution, or of the step to it.
        sized = step if name == "lsqr" else x
        direct, step_bar, sized_bar, damp_bar = norms_back(
            rest, step, sized, float(np.real(damp)), norms)
        g = step_bar + sized_bar - first.T @ direct + (0.0 if bars[0] is None else bars[0])
        u, y = through_inverse(name, first, np.conj(g), damp, options)
        u, y = np.conj(u), np.conj(y)
        b_bar = u + direct
        a_bar = [(-b_bar, x), (np.conj(rest), np.conj(y))]
        from_start = g - first.T @ u
        beside = from_start - damp * damp * y
        if np.linalg.norm(beside) > 1e-10 * np.linalg.norm(g):
            dual = least(name, adjoint(first), step, options)
            a_bar.append((np.conj(dual), np.conj(beside)))
        columns = [np.stack(c, axis=1) for c in zip(*a_bar, strict=True)]
        x0_bar = from_start - step_bar - (sized_bar if sized is step else 0.0)
        return (None, of_elements(first, *columns), np.reshape(
            b_bar if np.iscomplexobj(right) else np.real(b_bar), np.shape(right)),
            damp_bar - 2.0 * damp * np.real(y @ step),
            None if x0 is None else x0_bar if np.iscomplexobj(x0) else np.real(x0_bar), None)

    return found, pullback


def norms_back(rest: Any, step: Any, sized: Any, damp: float, norms: tuple) -> tuple:
    """The cotangents of the residual, the step, what has a size, and the damping, by three norms.

    The second is that of the residual and of the step together.
    """
    first, second, size = (0.0 if bar is None else bar for bar in norms)
    both = second / (np.hypot(np.linalg.norm(rest), damp * np.linalg.norm(step)) or np.inf)
    return (np.conj(rest) * (first / (np.linalg.norm(rest) or np.inf) + both),
            both * damp * damp * np.conj(step),
            size / (np.linalg.norm(sized) or np.inf) * np.conj(sized),
            both * damp * np.real(np.conj(step) @ step))


def moved_least(name, a, damp, slope, spread):
    """The operator counts as constant: `slope` and `spread`, zero here, have what it moves."""
    def pullback(bar):
        if not np.any(bar):
            return (None,) * 5
        g, real = np.conj(bar), not np.iscomplexobj(slope)
        if damp == 0:
            u, y = through_inverse(name, a, g, 0.0, {})
            beside = np.conj(g - a.rmatvec(u))
        else:
            y, beside = linalg.cg(normal_of(a, damp), g, rtol=1e-13)[0], None
        y = np.conj(y)
        return None, None, None, np.real(y) if real else y, \
            np.real(beside) if real and beside is not None else beside

    return slope * 0.0, pullback


def normal_of(a: Any, damp: Any) -> Any:
    make: Any = linalg.LinearOperator
    return make((a.shape[1], a.shape[1]), dtype=a.dtype, matvec=lambda x:
                                 a.rmatvec(a.matvec(x)) + damp * damp * x)


# ------------------------------------------------------------------------------------ inverses


def like_at_random(a: Any) -> Any:
    """A matrix with elements at the same places that never cancel in an inverse."""
    rows, columns, counts = places(a)
    if counts is not None:
        rows, columns = rows[counts], columns[counts]
    numbers = np.random.default_rng(0).uniform(1.0, 2.0, np.size(rows))
    made = sparse.coo_array((numbers, (np.ravel(rows), np.ravel(columns))), shape=a.shape)
    return sparse.csc_array(made)


def inv(A):
    first, number = frozen(A), kept(A)
    made = complete(linalg.inv(A.copy()), ones(sparse.csc_array(linalg.inv(like_at_random(A)))))
    like, numbers = frozen(made), kept(made)

    def pullback(bar):
        g = like.copy()
        g.data = data_bar(bar, like)
        x = sparse.csc_array(unchanged(like, numbers)).T
        moved = sparse.csc_array(x @ sparse.csc_array(g) @ x)
        return of_data(-at_places(moved.data, moved, unchanged(first, number)))

    return made, pullback


def expm(A):
    if not sparse.issparse(A):
        raise unsupported("scipy.sparse.linalg.expm of an array has no derivative here",
                          "call scipy.linalg.expm")
    first, number = frozen(A), kept(A)
    made = complete(linalg.expm(sparse.csc_array(A)), ones(sparse.csc_array(
        linalg.expm(0.5 * like_at_random(A)))))
    like = frozen(made)

    def pullback(bar):
        g = like.copy()
        g.data = data_bar(bar, like)
        a = unchanged(first, number).toarray()
        moved: Any = expm_frechet(a.T, g.toarray(), compute_expm=False)
        rows, columns, counts = places(first)
        if counts is not None:
            rows, columns = np.where(counts, rows, 0), np.where(counts, columns, 0)
        found = moved[rows, columns]
        return of_data(found if counts is None else np.where(counts, found, 0))

    return made, pullback


def spsolve_triangular(A, b, lower=True, overwrite_A=False, overwrite_b=False,
                       unit_diagonal=False):
    if overwrite_A or overwrite_b:
        raise unsupported("spsolve_triangular that overwrites has no derivative here",
                          "leave overwrite_A and overwrite_b out")
    first, number = frozen(A), kept(A)
    # Elements beyond, which are kept although they are zero, are none of the triangle's.
    part = sparse.tril if lower else sparse.triu
    x = linalg.spsolve_triangular(sparse.csr_array(part(A)), b, lower,
                                  unit_diagonal=unit_diagonal)

    def pullback(x_bar):
        a = unchanged(first, number)
        transpose = sparse.csr_array(part(a).T)
        b_bar = linalg.spsolve_triangular(transpose, x_bar, not lower,
                                          unit_diagonal=unit_diagonal)
        rows, columns, counts = places(a)
        inside = rows >= columns if lower else rows <= columns
        inside = inside & (rows != columns) if unit_diagonal else inside
        inside = inside if counts is None else inside & counts
        two = (b_bar, x) if np.ndim(x) == 2 else (b_bar[:, None], x[:, None])
        return of_data(np.where(inside, -of_elements(a, *two)["data"], 0)), b_bar

    return x, pullback


# --------------------------------------------------------------------------------------- norms


def norm(x, ord: Any = None, axis: Any = None):
    one, first, number = merged_by_scipy(x), frozen(x), kept(x)
    value: Any = linalg.norm(one, ord, axis)
    one = first if one is x else one
    along = axis if axis is None or np.ndim(axis) == 0 else axis[0] if len(axis) == 1 else None
    if ord not in (None, "fro", "f", 1, 2, -1, np.inf, -np.inf) or (along is None and ord == -1):
        raise unsupported(f"scipy.sparse.linalg.norm with ord={ord!r} has no derivative here",
                          "write it with sums of elements")

    def pullback(bar):
        unchanged(first, number)
        return to_duplicates(of_one(one, bar)["data"], one, first)

    def of_one(a, bar):
        if along is None and ord == 2:
            found: Any = linalg.svds(a, 1, v0=np.ones(min(a.shape), a.dtype))
            u, _, vh = found
            return of_elements(a, np.conj(u) * bar, np.conj(vh.T))
        rows, columns, counts = places(a)
        data = a.data if counts is None else np.where(counts, a.data, 0)
        size = np.abs(data)
        way = np.conj(data) / np.where(size == 0, 1.0, size)
        if along is None and ord in (None, "fro", "f"):
            return of_data(bar * np.conj(data) / (value or np.inf))
        if along is not None and ord in (None, 2):
            at = columns if along % 2 == 0 else rows
            at = np.clip(at, 0, len(value) - 1)
            return of_data(bar[at] * np.conj(data) / np.where(value == 0, np.inf, value)[at])
        whole = abs(a)
        if along is None:
            sums = np.ravel(whole.sum(axis=0 if ord == 1 else 1))
            best = sums == np.max(sums)
            at = columns if ord == 1 else rows
            share = bar * best / np.sum(best)
            return of_data(share[np.clip(at, 0, len(sums) - 1)] * way)
        at = np.clip(columns if along % 2 == 0 else rows, 0, len(value) - 1)
        if ord == 1:
            return of_data(bar[at] * way)
        best = (size == value[at]) & (size > 0)
        count = np.bincount(np.ravel(at), np.ravel(best), len(value))
        return of_data(np.where(best, bar[at] / np.maximum(count, 1.0)[at], 0) * way)

    if along is not None and ord in (-1, -np.inf):
        raise unsupported("a least size of elements, most of which are none, has no derivative "
                          "here", "take it of the elements: a.data")
    if along is None and ord == -np.inf:
        raise unsupported("the least sum of a sparse matrix has no derivative here",
                          "take it of the sums: np.min(abs(a).sum(axis=1))")
    return value, pullback


constant(*[getattr(standins_sparse, name) for name in (
    "check_ended", "exactly", "least_found")])
# It says how many terms of a series are enough.
if hasattr(_multiplying, "_exact_1_norm"):
    constant(_multiplying._exact_1_norm)
register(standins_sparse.squares_by_matrix, computing(squares_by_matrix))
register(standins_sparse.moved_least, moved_least)
register(linalg.inv, inv, ("A",))
register(linalg.expm, expm, ("A",))
register(linalg.spsolve_triangular, spsolve_triangular, ("A", "b"))
register(linalg.norm, norm, ("x",))
