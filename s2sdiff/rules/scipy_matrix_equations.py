"""Equations of `scipy.linalg` for matrices: Sylvester's, Lyapunov's; LU factors and their use.

The adjoint of each is an equation of the same form, with the transposed coefficients.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import linalg

from s2sdiff.registry import derivative
from s2sdiff.rules.shared import shaped, unsupported
from s2sdiff.runtime import transposed, unbroadcast

__all__: list[str] = []


def one_matrix(name: str, *arrays: Any) -> None:
    """Refuse stacks of matrices."""
    if any(np.ndim(a) > 2 for a in arrays):
        raise unsupported(f"scipy.linalg.{name} of several matrices has no derivative here",
                          "call it matrix by matrix")


def solved(name: str, left: Any, right: Any) -> None:
    """Refuse what SciPy gets wrong: real and complex matrices together, with pairs of eigenvalues.

    It takes real Schur forms, and solves with them as if they were triangular.
    """
    if not np.allclose(left, right, 1e-3, 1e-3 * np.max(np.abs(right), initial=0.0)):
        raise unsupported(f"scipy.linalg.{name} of real and complex matrices together gives what "
                          "does not solve the equation", "pass all of them as complex ones")


@derivative(of=linalg.solve_sylvester)
@shaped
def solve_sylvester(a, b, q):
    one_matrix("solve_sylvester", a, b, q)
    x = linalg.solve_sylvester(a, b, q)
    if len({np.iscomplexobj(v) for v in (a, b, q)}) > 1:
        solved("solve_sylvester", a @ x + x @ b, q)

    def pullback(x_bar):
        q_bar = linalg.solve_sylvester(transposed(a), transposed(b), x_bar)
        return -(q_bar @ x.T), -(x.T @ q_bar), q_bar

    return x, pullback


@derivative(of=linalg.solve_continuous_lyapunov)
@shaped
def solve_continuous_lyapunov(a, q):
    one_matrix("solve_continuous_lyapunov", a, q)
    x = linalg.solve_continuous_lyapunov(a, q)
    if np.iscomplexobj(a) != np.iscomplexobj(q):
        solved("solve_continuous_lyapunov", a @ x + x @ np.conj(transposed(a)), q)

    def pullback(x_bar):
        # a @ x + x @ a^H = q, where a stands once conjugated.
        q_bar = linalg.solve_continuous_lyapunov(transposed(np.atleast_2d(a)), x_bar)
        a_bar = -(q_bar @ x.T) - np.conj(q_bar.T @ x)
        return unbroadcast(a_bar, np.shape(a)), unbroadcast(q_bar, np.shape(q))

    return x, pullback


@derivative(of=linalg.solve_discrete_lyapunov, wrt=("a", "q"))
@shaped
def solve_discrete_lyapunov(a, q, method=None):
    one_matrix("solve_discrete_lyapunov", a, q)
    x = linalg.solve_discrete_lyapunov(a, q, method)
    if len({np.shape(np.atleast_2d(v)) for v in (a, q, x)}) > 1:
        raise unsupported("scipy.linalg.solve_discrete_lyapunov of what are no two square "
                          "matrices has no derivative here", "pass two of one size")

    def pullback(x_bar):
        # a @ x @ a^H - x + q = 0
        matrix = np.atleast_2d(a)
        q_bar = linalg.solve_discrete_lyapunov(transposed(matrix), x_bar, method)
        a_bar = q_bar @ np.conj(matrix) @ x.T + np.conj(q_bar.T @ matrix @ x)
        return unbroadcast(a_bar, np.shape(a)), unbroadcast(q_bar, np.shape(q))

    return x, pullback


# --------------------------------------------------------------------------------- lu factors


def factors_back(low: Any, up: Any, low_bar: Any, up_bar: Any) -> Any:
    """The cotangent of `low @ up` for those of its factors.

    The larger factor of a matrix that is not square is what the square ones leave: the rows of
    `low` below are those of the matrix times the inverse of `up`, and so on.
    """
    n = min(low.shape[-2], up.shape[-1])
    square_low, square_up = low[..., :n, :], up[..., :n]
    low_bar, up_bar = np.tril(low_bar, -1), np.triu(up_bar)
    below = right_solve(low_bar[..., n:, :], square_up)
    beside = np.linalg.solve(transposed(square_low), up_bar[..., n:])
    up_bar = up_bar[..., :n] - np.triu(transposed(low[..., n:, :]) @ below)
    low_bar = low_bar[..., :n, :] - np.tril(beside @ transposed(up[..., n:]), -1)
    # dL = L tril(X), dU = triu(X) U, with X = L^-1 dA U^-1 (de Hoog, Anderssen and Lukas 2011).
    inner = np.tril(transposed(square_low) @ low_bar, -1) + np.triu(up_bar @ transposed(square_up))
    square = right_solve(np.linalg.solve(transposed(square_low), inner), square_up)
    return np.concatenate([np.concatenate([square, beside], -1), np.concatenate(
        [below, np.zeros((*below.shape[:-1], beside.shape[-1]), below.dtype)], -1)], -2)


def right_solve(b: Any, a: Any) -> Any:
    """`b` times the inverse of the transpose of `a`.

    >>> right_solve(np.array([[2.0, 2.0]]), np.array([[1.0, 1.0], [0.0, 2.0]])).tolist()
    [[1.0, 1.0]]
    """
    return transposed(np.linalg.solve(a, transposed(b)))


def split(lu: Any) -> tuple[Any, Any]:
    """The lower factor, with its diagonal of ones, and the upper one."""
    n = min(lu.shape[-2:])
    low = np.tril(lu[..., :n], -1) + np.eye(lu.shape[-2], n, dtype=lu.dtype)
    return low, np.triu(lu[..., :n, :])


def order_of(pivots: Any, rows: int) -> Any:
    """The rows' order after a sequence of exchanges, of each matrix.

    >>> order_of(np.array([2, 1, 2]), 3)
    array([2, 1, 0])
    """
    order = np.array(np.broadcast_to(np.arange(rows), (*pivots.shape[:-1], rows)))
    for i in range(pivots.shape[-1]):
        other, here = pivots[..., i:i + 1], order[..., i:i + 1].copy()
        order[..., i:i + 1] = np.take_along_axis(order, other, -1)
        np.put_along_axis(order, other, here, -1)
    return order


@derivative(of=linalg.lu_factor, wrt="a")
@shaped
def lu_factor(a, overwrite_a=False, check_finite=True):
    if np.ndim(a) == 1 and np.size(a) != 1:
        raise unsupported("scipy.linalg.lu_factor of a vector has no derivative here",
                          "pass a matrix")
    # For a stack it is a list.
    result = linalg.lu_factor(a, check_finite=check_finite)
    lu, pivots = result

    def pullback(result_bar):
        lu_bar = result_bar[0]
        if lu_bar is None:
            return None
        if np.ndim(a) < 2:
            # A number is its own factor.
            return np.reshape(lu_bar, np.shape(a))
        low, up = split(lu)
        n = low.shape[-1]
        g = factors_back(low, up, lu_bar[..., :n], lu_bar[..., :n, :])
        back = np.argsort(order_of(pivots, lu.shape[-2]), axis=-1)
        return np.take_along_axis(g, np.expand_dims(back, -1), axis=-2)

    return result, pullback


@derivative(of=linalg.lu, wrt="a")
def lu(a, permute_l=False, overwrite_a=False, check_finite=True, p_indices=False):
    result = linalg.lu(a, permute_l, check_finite=check_finite, p_indices=p_indices)

    def pullback(result_bar):
        if not np.size(a):
            return np.zeros_like(a)
        low_bar, up_bar = result_bar[-2:]
        factors: Any = linalg.lu(a, p_indices=True)
        order, low, up = factors
        if np.any(np.diagonal(up, axis1=-2, axis2=-1) == 0):
            raise unsupported("scipy.linalg.lu of a singular matrix has no derivative",
                              "use a matrix of full rank, or np.linalg.qr")
        low_bar = np.zeros_like(low) if low_bar is None else low_bar
        up_bar = np.zeros_like(up) if up_bar is None else up_bar
        if permute_l:
            # The factor on the left is low[order].
            back = np.expand_dims(np.argsort(order, axis=-1), -1)
            low_bar = np.take_along_axis(low_bar, back, axis=-2)
        g = factors_back(low, up, low_bar, up_bar)
        return np.take_along_axis(g, np.expand_dims(order, -1), axis=-2)

    return result, pullback


@derivative(of=linalg.lu_solve, wrt=("lu_and_piv", "b"))
@shaped
def lu_solve(lu_and_piv, b, trans: Any = 0, overwrite_b=False, check_finite=True):
    factors, pivots = lu_and_piv
    x = linalg.lu_solve((factors, pivots), b, trans, check_finite=check_finite)

    def pullback(x_bar):
        # One vector for all matrices of a stack, or as many columns.
        vector = np.ndim(b) == 1
        columns, g = (np.expand_dims(x, -1), np.expand_dims(x_bar, -1)) if vector else (x, x_bar)
        if trans == 2:
            b_bar = np.conj(linalg.lu_solve((factors, pivots), np.conj(g)))
        else:
            b_bar = linalg.lu_solve((factors, pivots), g, 1 - trans)
        left, right = (b_bar, columns) if trans == 0 else (columns, b_bar)
        product = unbroadcast(left @ transposed(right), np.shape(factors))
        order = np.expand_dims(order_of(np.asarray(pivots), product.shape[-1]), -1)
        a_bar = np.take_along_axis(-(np.conj(product) if trans == 2 else product), order, axis=-2)
        low, up = split(factors)
        factors_bar = np.tril(a_bar @ transposed(up), -1) + np.triu(transposed(low) @ a_bar)
        return (factors_bar, None), unbroadcast(b_bar[..., 0] if vector else b_bar, np.shape(b))

    return x, pullback
