"""`np.linalg.cholesky` (Murray 2016, Differentiation of the Cholesky decomposition).

It reads one triangle of its argument only, so that triangle receives all of the cotangent.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.registry import constant, derivative
from s2sdiff.rules.decompositions import diagonal_part, in_triangle
from s2sdiff.rules.shared import like
from s2sdiff.rules.solving import adjoint
from s2sdiff.runtime import transposed

__all__ = ["cholesky_along", "cholesky_back"]


@derivative(of=np.linalg.cholesky, wrt="a")
def cholesky(a, /, *, upper=False):
    z = np.linalg.cholesky(a, upper=upper) if upper else np.linalg.cholesky(a)
    return z, lambda z_bar: cholesky_back(z, z_bar, upper)


@like(0)
def cholesky_back(z: Any, z_bar: Any, upper: bool) -> Any:
    """The cotangent of a matrix for that of its Cholesky factor."""
    if z.ndim == 2 and z.dtype.kind == "f":
        return real_cholesky_back(z.T, z_bar.T).T if upper else real_cholesky_back(z, z_bar)
    factor = adjoint(z) if upper else z
    g = transposed(z_bar) if upper else np.conj(z_bar)
    inner = np.tril(adjoint(factor) @ np.tril(g))
    inner = inner - 0.5 * diagonal_part(inner)
    half = np.linalg.solve(adjoint(factor), inner)
    s = adjoint(np.linalg.solve(adjoint(factor), adjoint(half)))
    return np.conj(in_triangle((s + adjoint(s)) * 0.5, upper))


def real_cholesky_back(lower: Any, g: Any) -> Any:
    """That of one real matrix, for its lower factor: without conjugates and stacks."""
    half = halved(lower)
    # A product costs a third of solving as many equations, here and where this is differentiated.
    root = np.linalg.inv(lower)
    s = root.T @ ((lower.T @ np.tril(g)) * half) @ root
    return (s + s.T) * half


def halved(a: Any) -> Any:
    """What a matrix is multiplied with for its lower triangle, with half of the diagonal.

    >>> halved(np.eye(2))
    array([[0.5, 0. ],
           [1. , 0.5]])
    """
    n = a.shape[-1]
    return np.tri(n, dtype=a.dtype) - 0.5 * np.eye(n, dtype=a.dtype)


constant(halved, shaped=True)


@derivative(of=np.linalg.cholesky, wrt="a", mode="jvp")
def cholesky_forward(a, /, *, upper=False):
    z = np.linalg.cholesky(a, upper=upper) if upper else np.linalg.cholesky(a)
    return z, lambda a_dot: cholesky_along(z, a_dot, upper)


@like(0)
def cholesky_along(z: Any, a_dot: Any, upper: bool) -> Any:
    """The tangent of a Cholesky factor for that of the matrix, of which it reads one triangle."""
    lower = adjoint(z) if upper else z
    part = (adjoint(a_dot) if upper else a_dot) * halved(z)
    root = np.linalg.inv(lower)
    inner = (root @ (part + adjoint(part)) @ adjoint(root)) * halved(z)
    return adjoint(lower @ inner) if upper else lower @ inner
