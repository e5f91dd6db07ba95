"""`np.linalg.det` and `slogdet`; cofactors and how they move, also of a singular matrix."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.registry import derivative
from s2sdiff.rules.extremes import squares
from s2sdiff.rules.products import product_of_others
from s2sdiff.rules.shared import like
from s2sdiff.rules.solving import adjoint
from s2sdiff.runtime import transposed

__all__ = ["cofactors"]


@derivative(of=np.linalg.det, wrt="a")
def det(a):
    d = np.linalg.det(a)
    if np.ndim(a) == 2:
        return d, lambda d_bar: d_bar * cofactors(a, d)
    else:
        return d, lambda d_bar: np.expand_dims(d_bar, (-2, -1)) * cofactors(a, d)


@like(0)
def cofactors(a: Any, d: Any = None) -> Any:
    """The derivative of the determinant `d`, also where that is 0.

    >>> cofactors(np.array([[1.0, 2.0], [2.0, 4.0]])).round(9) + 0.0
    array([[ 4., -2.],
           [-2.,  1.]])
    """
    a = np.asarray(a)
    if not a.size:
        return np.zeros_like(a)
    # Singular, or so nearly that the inverse has no digits: the SVD needs no division.
    inverse = well_inverted(a)
    if inverse is not None:
        d = np.linalg.det(a) if d is None else d
        return (d if a.ndim == 2 else np.expand_dims(d, (-2, -1))) * transposed(inverse)
    u, s, vh, phase = turned(a)
    return phase * np.conj(u) @ (np.expand_dims(product_of_others(s, -1), -1) * np.conj(vh))


def turned(a: Any) -> tuple:
    """The SVD of a matrix, and the determinant of its two factors together."""
    u, s, vh = np.linalg.svd(a, full_matrices=False)
    return u, s, vh, np.expand_dims(np.linalg.det(u) * np.linalg.det(vh), (-2, -1))


@derivative(of=cofactors)
def cofactors_(a, d=None):
    # The determinant is a function of the matrix, and has no share of its own.
    c = cofactors(a, d)
    return c, lambda c_bar: (cofactors_moved(a, c, c_bar), None)


@derivative(of=cofactors, mode="jvp")
def cofactors_forward(a, d=None):
    c = cofactors(a, d)
    return c, lambda a_dot, d_dot: cofactors_moved(a, c, a_dot)


@like(0)
def cofactors_moved(a: Any, c: Any, along: Any) -> Any:
    """The cofactors `c` along a tangent; the map is its own transpose."""
    a = np.asarray(a)
    inverse = well_inverted(a) if a.size else a
    if inverse is None:
        return minors_moved(a, along)
    # c is det(a) * k.
    k = transposed(inverse)
    total = np.sum(c * along, axis=(-2, -1), keepdims=True)
    return total * k - c @ transposed(along) @ k


def minors_moved(a: Any, along: Any) -> Any:
    """The same by products of all singular values but two, where there may be no inverse."""
    u, s, vh, phase = turned(a)
    inner = adjoint(u) @ along @ adjoint(vh)
    diagonal = np.eye(s.shape[-1], dtype=s.dtype)
    others = product_of_others(np.where(diagonal == 1, 1.0, np.expand_dims(s, -2)), -1)
    beside = others * (1 - diagonal)
    on_it = np.sum(beside * np.expand_dims(np.sum(inner * diagonal, axis=-1), -2), axis=-1)
    moved = np.expand_dims(on_it, -1) * diagonal - beside * transposed(inner)
    return phase * np.conj(u) @ moved @ np.conj(vh)


@derivative(of=minors_moved)
def minors_moved_(a, along):
    # Third derivatives of a determinant that is nearly 0 are not known.
    return minors_moved(a, along), lambda bar: (NotImplemented, minors_moved(a, bar))


def well_inverted(a: Any) -> Any:
    """The inverse of a matrix, or of a stack; None where the condition of one is above 1e8.

    Frobenius's norms bound the condition from above, and cost a tenth of a decomposition.
    """
    try:
        inverse = np.linalg.inv(a)
    except np.linalg.LinAlgError:
        return None
    if a.ndim == 2:
        squared = squares(a) * squares(inverse)
    else:
        both = [np.sum(np.square(np.abs(m)), axis=(-2, -1)) for m in (a, inverse)]
        squared = np.max(both[0] * both[1], initial=0.0)
    return inverse if squared < 1e16 else None


@derivative(of=np.linalg.slogdet, wrt="a")
def slogdet(a):
    def pullback(result_bar):
        sign_bar, log_bar = result_bar
        slope = 0.0 if log_bar is None else log_bar
        if np.iscomplexobj(a) and sign_bar is not None:
            slope = slope + 1j * np.imag(sign_bar * np.linalg.slogdet(a)[0])
        return np.expand_dims(slope, (-2, -1)) * transposed(np.linalg.inv(a))

    return np.linalg.slogdet(a), pullback
