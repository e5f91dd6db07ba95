"""Linear systems: `np.linalg.solve`, `inv`, `pinv`, `lstsq`, `tensorsolve`, powers, chains."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.registry import derivative
from s2sdiff.rules.shared import refuse_out, unsupported
from s2sdiff.runtime import transposed, unbroadcast

__all__ = ["computable"]


#: What SciPy's linear algebra computes in, of what NumPy's refuses.
COMPUTED = {np.dtype(np.float16): np.float32, np.dtype(np.longdouble): np.float64,
            np.dtype(np.clongdouble): np.complex128}


def computable(a: Any) -> Any:
    """An array in the precision in which SciPy's linear algebra computes with it.

    >>> computable(np.ones(2, np.float16)).dtype
    dtype('float32')
    """
    a = np.asarray(a)
    return a.astype(COMPUTED[a.dtype]) if a.dtype in COMPUTED else a


@derivative(of=np.linalg.solve)
def solve(a, b):
    if np.ndim(a) == 2 and np.ndim(b) == 1:
        x = np.linalg.solve(a, b)

        def pullback(x_bar):
            b_bar = np.linalg.solve(a.T, x_bar)
            return -np.outer(b_bar, x), b_bar

        return x, pullback
    elif np.ndim(a) == 2 and np.ndim(b) == 2:
        x = np.linalg.solve(a, b)

        def matrix_pullback(x_bar):
            b_bar = np.linalg.solve(a.T, x_bar)
            return -(b_bar @ x.T), b_bar

        return x, matrix_pullback
    else:
        return stacked_solve(a, b)


def stacked_solve(a, b):
    """`np.linalg.solve` for stacks, which broadcast; a 1-d `b` is one vector for all of them."""
    shape_a, shape_b = np.shape(a), np.shape(b)
    x = np.linalg.solve(a, b)

    def pullback(x_bar):
        vector = len(shape_b) == 1
        columns = np.expand_dims(x, -1) if vector else x
        g = np.expand_dims(x_bar, -1) if vector else x_bar
        b_bar = np.linalg.solve(transposed(a), g)
        a_bar = unbroadcast(-(b_bar @ transposed(columns)), shape_a)
        return a_bar, unbroadcast(b_bar[..., 0] if vector else b_bar, shape_b)

    return x, pullback


@derivative(of=np.linalg.inv, wrt="a")
def inv(a):
    z = np.linalg.inv(a)
    if np.ndim(a) == 2:
        return z, lambda z_bar: -(z.T @ z_bar @ z.T)
    else:
        return z, lambda z_bar: -(transposed(z) @ z_bar @ transposed(z))


@derivative(of=np.linalg.pinv, wrt="a")
def pinv(a, rcond=None, hermitian=False, *, rtol=None):
    options = {name: value for name, value in (("rcond", rcond), ("rtol", rtol))
               if value is not None}
    p = np.linalg.pinv(a, hermitian=hermitian, **options)
    back = truncated_back if options else pinv_back
    if hermitian:
        return p, lambda p_bar: of_lower(back(completed(a), p, p_bar))
    return p, lambda p_bar: back(a, p, p_bar)


def completed(a: Any) -> Any:
    """The Hermitian matrices of which only the lower triangle is read."""
    strict, size = np.tril(a, -1), np.shape(a)[-1]
    return strict + adjoint(strict) + np.real(a) * np.eye(size)


def of_lower(a_bar: Any) -> Any:
    """The cotangent of that triangle for that of the whole matrix."""
    both = a_bar + np.conj(transposed(a_bar))
    size = np.shape(a_bar)[-1]
    return np.tril(both, -1) + np.real(a_bar) * np.eye(size)


def pinv_back(a: Any, p: Any, p_bar: Any) -> Any:
    """The cotangent of a matrix for that of its pseudo-inverse, which leaves nothing out."""
    if a.shape[-2] < a.shape[-1]:
        return transposed(pinv_back(transposed(a), transposed(p), transposed(p_bar)))
    # Golub and Pereyra 1973, for matrices whose rank does not change nearby.  No product is made
    # that has as many columns as the matrix has rows.
    g, gh, ph = np.conj(p_bar), transposed(p_bar), adjoint(p)
    a_bar = (gh - a @ (p @ gh)) @ (p @ ph) + ph @ (p @ (gh - gh @ (p @ a))) - ph @ (g @ ph)
    return np.conj(a_bar)


def truncated_back(a: Any, p: Any, p_bar: Any) -> Any:
    """`pinv_back` where small singular values were left out, which still turn the vectors kept."""
    if a.shape[-2] < a.shape[-1]:
        return transposed(truncated_back(transposed(a), transposed(p), transposed(p_bar)))
    u, s, vh = np.linalg.svd(a, full_matrices=False)
    # The inverses that p is made of: 0 of the values that were left out.
    inverses = np.sum(vh * transposed(p @ u), axis=-1)
    kept = np.real(inverses) * s > 0.5
    f = np.where(kept, 1 / np.where(kept, s, 1), 0)
    across = transposed(p_bar) @ adjoint(vh)
    m = adjoint(u) @ across
    # Of an odd function of singular values (Noferini 2017, theorem 3.2), 0 among those left out.
    rows, columns = np.expand_dims(s, -1), np.expand_dims(s, -2)
    mixed = np.expand_dims(kept, -1) ^ np.expand_dims(kept, -2)
    both = np.expand_dims(f, -1) * np.expand_dims(f, -2)
    ends = np.expand_dims(f, -1) + np.expand_dims(f, -2)
    high, low = np.maximum(rows, columns), np.minimum(rows, columns)
    falls = np.where(mixed, ends / np.where(mixed, high - low, 1), -both)
    rises = np.where(mixed, ends / np.where(mixed, high + low, 1), both)
    turned = (falls * (m + adjoint(m)) + rises * (m - adjoint(m))) / 2
    # What points out of the space of the columns.
    beside = (across - u @ m) * np.expand_dims(f * f, -2)
    return np.conj((u @ turned + beside) @ vh)


def adjoint(a: Any) -> Any:
    """The conjugate transposes of a stack of matrices."""
    return np.conj(transposed(a))


@derivative(of=np.linalg.lstsq)
def lstsq(a, b, rcond=None):
    result = np.linalg.lstsq(a, b, rcond)
    return result, lambda result_bar: (*solution_back(a, b, result[2], result_bar), None)


def solution_back(a: Any, b: Any, rank: Any, result_bar: Any) -> tuple:
    """The cotangents of a matrix and a right-hand side for those of what a least-squares fit gives.

    That is the solution, the sums of squared residuals (if there are any), the rank, and the
    singular values.
    """
    x_bar, squares_bar, _, s_bar = result_bar
    a, vector = computable(a), np.ndim(b) == 1
    right = computable(np.expand_dims(b, -1) if vector else b)
    p, back = of_rank(a, rank)
    a_bar, b_bar = np.zeros_like(a), np.zeros_like(right)
    if x_bar is not None:
        g = np.expand_dims(x_bar, -1) if vector else x_bar
        a_bar, b_bar = back(a, p, g @ right.T), p.T @ g
    if squares_bar is not None and np.size(squares_bar):
        # At the minimum, it does not matter how the solution moves.
        x = p @ right
        g = 2 * squares_bar * np.conj(right - a @ x)
        a_bar, b_bar = a_bar - g @ x.T, b_bar + g
    if s_bar is not None:
        u, _, vh = np.linalg.svd(a, full_matrices=False)
        a_bar = a_bar + np.conj(u) * s_bar @ np.conj(vh)
    return a_bar, b_bar[:, 0] if vector else b_bar


def of_rank(a: Any, rank: Any) -> tuple:
    """The pseudo-inverse that keeps so many singular values, and what takes cotangents back."""
    u, s, vh = np.linalg.svd(a, full_matrices=False)
    p = adjoint(vh[:rank]) @ (adjoint(u[:, :rank]) / s[:rank, None])
    return p, pinv_back if rank == s.size else truncated_back


@derivative(of=np.linalg.tensorsolve)
def tensorsolve(a, b, axes=None):
    x = np.linalg.tensorsolve(a, b, axes)
    last = () if axes is None else tuple(axes)
    order = (*[k for k in range(np.ndim(a)) if k not in last], *last)

    def pullback(x_bar):
        turned = np.transpose(a, order)
        matrix = np.reshape(turned, (np.size(b), np.size(x)))
        b_bar = np.linalg.solve(matrix.T, np.ravel(x_bar))
        a_bar = np.reshape(-np.outer(b_bar, x), turned.shape)
        return np.transpose(a_bar, np.argsort(order)), np.reshape(b_bar, np.shape(b)), None

    return x, pullback


@derivative(of=np.linalg.matrix_power, wrt="a")
def matrix_power(a, n):
    def pullback(z_bar):
        base = a if n >= 0 else np.linalg.inv(a)
        total = np.zeros_like(z_bar)
        powers = [np.broadcast_to(np.eye(np.shape(a)[-1], dtype=base.dtype), np.shape(a))]
        for _ in range(abs(n) - 1):
            powers.append(powers[-1] @ base)
        for i in range(abs(n)):
            total = total + transposed(powers[i]) @ z_bar @ transposed(powers[abs(n) - 1 - i])
        return total if n >= 0 else -(transposed(base) @ total @ transposed(base))

    return np.linalg.matrix_power(a, n), pullback


@derivative(of=np.linalg.multi_dot, wrt="arrays")
def multi_dot(arrays, *, out=None):
    if out is not None:
        refuse_out("np.linalg.multi_dot")
    if any(np.ndim(m) == 0 for m in arrays):
        raise unsupported("np.linalg.multi_dot of numbers has no derivative here", "multiply them")

    def pullback(z_bar):
        mats = [np.asarray(m) for m in arrays]
        first, last = mats[0].ndim == 1, mats[-1].ndim == 1
        shapes = [m.shape for m in mats]
        mats[0] = mats[0][None, :] if first else mats[0]
        mats[-1] = mats[-1][:, None] if last else mats[-1]
        g = np.reshape(z_bar, (mats[0].shape[0], mats[-1].shape[1]))
        # Each is a product of its own, in the order that costs least.
        bars = [np.reshape(np.linalg.multi_dot([
            *[m.T for m in reversed(mats[:i])], g, *[m.T for m in reversed(mats[i + 1:])]]), shape)
            for i, shape in enumerate(shapes)]
        return tuple(bars) if isinstance(arrays, tuple) else bars

    return np.linalg.multi_dot(arrays), pullback
