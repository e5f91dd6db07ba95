"""Functions of a matrix in `scipy.linalg`: exponential, logarithm, roots and powers.

The derivative of a matrix function stands beside the function in that of a block matrix: f of
[[A, E], [0, A]] has f(A) on its diagonal and the derivative of f at A in the direction E above it
(Mathias 1996, A chain rule for matrix functions, theorem 2.1).  Its adjoint is the derivative at
the transpose of A.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import linalg

from s2sdiff.registry import constant, derivative
from s2sdiff.rules.shared import like, shaped, unsupported
from s2sdiff.runtime import transposed, unbroadcast

__all__: list[str] = []

constant(linalg.bandwidth, linalg.issymmetric, linalg.ishermitian, linalg.hilbert,
         linalg.invhilbert, linalg.pascal, linalg.invpascal, linalg.hadamard, linalg.helmert)


def beside(f: Any, a: Any, e: Any) -> Any:
    """The derivative of a matrix function at `a` in the direction `e`.

    >>> beside(np.linalg.inv, np.diag([1.0, 2.0]), np.ones((2, 2))).tolist()
    [[-1.0, -0.5], [-0.5, -0.25]]
    """
    a = np.asarray(a)
    e = np.broadcast_to(e, a.shape)
    if not a.size:
        return np.zeros_like(a)
    factor, n = relative(a, e), a.shape[-1]
    return f(blocks_of(a, factor * e))[..., :n, n:] / factor


@like(0)
def exponential_beside(a: Any, e: Any) -> Any:
    """`beside` of the exponential, which captures nothing: it depends on matrices alone."""
    return beside(linalg.expm, a, e)


@derivative(of=exponential_beside)
def exponential_beside_(a, e):
    def pullback(bar):
        turned = transposed(a)
        return (in_two_directions(turned, transposed(np.broadcast_to(e, a.shape)), bar, None),
                unbroadcast(exponential_beside(turned, bar), np.shape(e)))

    return exponential_beside(a, e), pullback


@derivative(of=exponential_beside, mode="jvp")
def exponential_beside_forward(a, e):
    return exponential_beside(a, e), lambda a_dot, e_dot: exponential_beside(a, e_dot) \
        if a_dot is None else in_two_directions(a, e, a_dot, e_dot)


def in_two_directions(a: Any, e: Any, a_dot: Any, e_dot: Any) -> Any:
    """The tangent of `exponential_beside`: it stands in the corner of four blocks by four."""
    factor, n = relative(a, e), a.shape[-1]
    along = blocks_of(a_dot, None if e_dot is None else factor * e_dot)
    return exponential_beside(blocks_of(a, factor * e), along)[..., :n, n:] / factor


def relative(a: Any, e: Any) -> Any:
    """What makes a direction of the size of `a`: it does not spoil the scaling of a function."""
    size = np.max(np.abs(e), initial=0.0)
    return max(np.max(np.abs(a)), 1.0) / size if size > 0 else np.ones_like(size)


def blocks_of(a: Any, e: Any) -> Any:
    """The matrix beside whose function the derivative of that in the direction `e` stands.

    >>> blocks_of(np.eye(1), None).tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    zero = np.zeros_like(a)
    above = zero if e is None else np.broadcast_to(e, a.shape)
    return np.concatenate([np.concatenate([a, above], axis=-1),
                           np.concatenate([zero, a], axis=-1)], axis=-2)


# What is multiplied by it is divided by it.
constant(relative)


def one_by_one(f: Any, *matrices: Any) -> Any:
    """A function of matrices, for stacks of them."""
    stack = matrices[0].shape[:-2]
    if not stack:
        return f(*matrices)
    found = [f(*[m[i] for m in matrices]) for i in np.ndindex(stack)]
    return np.reshape(found, matrices[0].shape)


@derivative(of=linalg.expm)
@shaped
def expm(A):
    return linalg.expm(A), lambda z_bar: unbroadcast(
        exponential_beside(transposed(np.atleast_2d(A)), z_bar), np.shape(A))


@derivative(of=linalg.expm, mode="jvp")
@shaped
def expm_forward(A):
    return linalg.expm(A), lambda A_dot: exponential_beside(np.atleast_2d(A), A_dot)


@derivative(of=linalg.logm, wrt="A")
def logm(A, disp: Any = True):
    refuse_estimate("logm", disp)
    return linalg.logm(A), lambda z_bar: one_by_one(
        lambda a, g: beside_off_the_cut(linalg.logm, a, g, "logm"), transposed(np.asarray(A)),
        z_bar)


def beside_off_the_cut(f: Any, a: Any, e: Any, name: str) -> Any:
    """`beside` of a function that jumps where an eigenvalue is negative."""
    refuse_cut(a, name)
    return beside(f, a, e)


def refuse_cut(a: Any, name: str) -> None:
    """Refuse a matrix of which an eigenvalue is negative or 0, to rounding.

    The blocks by which it is differentiated have that twice, on both sides of the cut perhaps.
    """
    w = np.linalg.eigvals(a)
    size = np.max(np.abs(w), initial=0.0)
    if np.any((np.abs(w.imag) <= 1e-7 * size) & (w.real <= 1e-14 * size)):
        raise unsupported(f"scipy.linalg.{name} of a matrix with an eigenvalue that is negative or "
                          "0 has no derivative here", "add a multiple of the identity, or call "
                          "scipy.linalg.sqrtm, expm or np.linalg.matrix_power")


constant(refuse_cut)


@derivative(of=linalg.sqrtm, wrt="A")
def sqrtm(A, disp: Any = True, blocksize: Any = 64):
    refuse_estimate("sqrtm", disp)
    if np.ndim(A) < 2:
        # SciPy 1.17 hands back the exponential of what is no matrix.
        raise unsupported("scipy.linalg.sqrtm of what is no matrix has no derivative here",
                          "use np.sqrt")
    z = linalg.sqrtm(A)

    def pullback(z_bar):
        # z @ z is A, so dz @ z + z @ dz is dA: an equation of Sylvester, here transposed.
        return one_by_one(lambda t, g: linalg.solve_sylvester(t, t, g), transposed(z), z_bar)

    return z, pullback


def refuse_estimate(name: str, disp: Any) -> None:
    """Refuse the form that returns an estimate of the error, too."""
    if disp is False:
        raise unsupported(f"scipy.linalg.{name}(..., disp=False) returns an estimate of its error, "
                          "which has no derivative", "leave `disp` out")


@derivative(of=linalg.fractional_matrix_power)
def fractional_matrix_power(A, t):
    z = linalg.fractional_matrix_power(A, t)

    def power_beside(a, g):
        if t == int(t):
            return beside(lambda b: linalg.fractional_matrix_power(b, t), a, g)
        return beside_off_the_cut(lambda b: linalg.fractional_matrix_power(b, t), a, g,
                                  "fractional_matrix_power")

    def pullback(z_bar):
        A_bar = one_by_one(power_beside, transposed(np.asarray(A)), z_bar)
        if np.result_type(t).kind != "f":
            return A_bar, None
        # A power is exp(t log A), of which everything commutes with everything.
        return A_bar, np.reshape(np.sum(z_bar * (linalg.logm(A) @ z)), np.shape(t))

    return z, pullback


@derivative(of=linalg.expm_frechet, wrt=("A", "E"))
def expm_frechet(A, E, method=None, compute_expm=True, check_finite=True):
    if np.ndim(A) != 2 or np.ndim(E) != 2:
        raise unsupported("scipy.linalg.expm_frechet of several matrices has no derivative here",
                          "call it matrix by matrix")
    result = linalg.expm_frechet(A, E, method, compute_expm, check_finite)

    def pullback(result_bar):
        z_bar, g = result_bar if compute_expm else (None, result_bar)
        a, e = transposed(np.asarray(A)), transposed(np.asarray(E))
        A_bar = 0.0 if z_bar is None else beside(linalg.expm, a, z_bar)
        if g is None:
            return A_bar, None
        # The second derivative is symmetric in its directions, so it is its own adjoint.
        zero, n = np.zeros_like(a), a.shape[0]
        pair = np.block([[a, g], [zero, a]])
        both = beside(linalg.expm, pair, np.block([[e, zero], [zero, e]]))
        return A_bar + both[:n, n:], beside(linalg.expm, a, g)

    return result, pullback
