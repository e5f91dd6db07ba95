"""Tangents of vectors that a decomposition is free to turn: by what LAPACK makes real, or nan.

A complex vector's phase is arbitrary in mathematics, and reverse mode refuses what depends on it.
Forward mode cannot know what will be asked of a vector.  But LAPACK does choose: `geev` makes the
largest component of each vector real, and what reduces Hermitian matrices to tridiagonal ones, and
any to bidiagonal ones, leaves the first component of each vector real, or the last.  The tangent is
that of the very vectors that were given, so it is right whatever is computed of them.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff.rules.degenerate import evenly, tied, vanishing
from s2sdiff.rules.shared import unknown

__all__ = ["end_row", "of_eigenvectors", "of_orthogonal", "of_singular_vectors", "real_row",
           "settled_eigenvectors", "settled_singular_vectors"]


def of_eigenvectors(name: str, rows: Callable[[Any], Any] | None, *places: int,
                    at: Callable[[Any], Any] = np.conj) -> tuple:
    """What is settled of eigenvalues, and of vectors at these places of the result.

    `rows` finds the component of each vector that is real, as an array with one row; None where
    no component is.  `at`: cotangents of the results that the pullback does not refuse.
    """

    return (lambda values: [at(v) for v in values],
            lambda values, dots: settled_eigenvectors(values, dots, name, rows, places))


def settled_eigenvectors(values: Any, dots: Any, name: str, rows: Any,
                         places: tuple[int, ...]) -> tuple:
    """The tangents of eigenvalues, and of vectors at these places, of those very vectors."""
    dots = list(dots)
    shared = np.sum(tied(values[0]), axis=-1) > 1
    if np.any(shared):
        warn_of_equal(name)
        dots[0] = evenly(dots[0], values[0])
    for i in places:
        v_dot = dots[i]
        if np.iscomplexobj(values[i]):
            v_dot = v_dot - values[i] * turned(values[i], v_dot, rows, name)
        dots[i] = lost(v_dot, np.expand_dims(shared, -2))
    return tuple(dots)


def of_singular_vectors(name: str) -> tuple:
    """What is settled of an SVD, whose vectors may be turned in pairs."""
    return (lambda values: [np.conj(v) for v in values],
            lambda values, dots: settled_singular_vectors(values, dots, name))


def settled_singular_vectors(values: Any, dots: Any, name: str) -> tuple:
    """The tangents of an SVD's factors, of those very vectors."""
    (u, s, vh), (u_dot, s_dot, vh_dot) = values, dots
    n = s.shape[-1]
    shared = np.sum(tied(s), axis=-1) > 1
    if np.any(shared):
        warn_of_equal(name)
        s_dot = evenly(s_dot, s)
    zero = vanishing(s)
    if np.any(zero) and (u.shape[-2] != vh.shape[-1] or np.iscomplexobj(u)):
        s_dot = np.where(zero, 0.0, s_dot)
    # Of one value that is 0, beside vectors that keep their signs, the sign may change.
    s_dot = np.where(zero & shared, 0.0, s_dot)
    u_lost, v_lost = zero & (u.shape[-2] > n), zero & (vh.shape[-1] > n)
    if np.iscomplexobj(u):
        # Both of a pair are turned alike, but for those of a value of 0.
        left = u.shape[-2] < vh.shape[-1]
        if left:
            turn = turned(u[..., :n], u_dot[..., :n], end_row(True), name)
            v_lost = v_lost | zero
        else:
            v_dot = np.conj(np.swapaxes(vh_dot[..., :n, :], -2, -1))
            turn = turned(np.conj(np.swapaxes(vh[..., :n, :], -2, -1)), v_dot, end_row(True), name)
            u_lost = u_lost | zero
        u_dot = with_part(u_dot, n, -1, u_dot[..., :n] - u[..., :n] * turn)
        vh_dot = with_part(vh_dot, n, -2, vh_dot[..., :n, :] + np.swapaxes(turn, -2, -1)
                           * vh[..., :n, :])
    u_dot = with_part(u_dot, n, -1, lost(u_dot[..., :n],
                                            np.expand_dims(shared | u_lost, -2)))
    vh_dot = with_part(vh_dot, n, -2, lost(vh_dot[..., :n, :],
                                              np.expand_dims(shared | v_lost, -1)))
    more = u.shape[-1] + vh.shape[-2] - 2 * n
    if more > 1 or (more and np.iscomplexobj(u)):
        warnings.warn(f"part of the full factors of {name} is arbitrary: its tangents are those "
                      "of results that depend only on the space that it spans", stacklevel=2)
    if more and np.any(zero):
        # Which vectors are those of a value of 0, and which only complete them, is arbitrary.
        places = np.expand_dims(np.any(zero, axis=-1), (-2, -1))
        u_dot = np.concatenate([u_dot[..., :n], lost(u_dot[..., n:], places)], axis=-1)
        vh_dot = np.concatenate([vh_dot[..., :n, :], lost(vh_dot[..., n:, :], places)], axis=-2)
    return u_dot, s_dot, vh_dot


def of_orthogonal(a: Any, *options: Any, **others: Any) -> tuple:
    """What is settled of Q and R: what completes Q, of a high matrix, is arbitrary."""
    return unknown({0: (..., slice(min(np.shape(a)[-2:]), None))})


def with_part(whole: Any, n: int, axis: int, part: Any) -> Any:
    """An array whose first n rows or columns are others."""
    if whole.shape[axis] == n:
        return part
    rest = whole[..., n:] if axis == -1 else whole[..., n:, :]
    return np.concatenate([part, rest], axis=axis)


def end_row(first: bool) -> Callable[[Any], Any]:
    """What finds the first component of each vector, or the last."""
    return lambda v: np.full((*v.shape[:-2], 1, v.shape[-1]), 0 if first else v.shape[-2] - 1)


def real_row(v: Any) -> Any:
    """The place of the largest component of each vector that is real.

    >>> real_row(np.array([[0.6j, 0.8], [0.8, 0.6j]]))
    array([[1, 0]])
    """
    if not v.size:
        return end_row(True)(v)
    return np.argmax(np.where(np.imag(v) == 0, np.abs(v), 0.0), axis=-2, keepdims=True)


def turned(v: Any, v_dot: Any, rows: Callable[[Any], Any] | None, name: str) -> Any:
    """How much each vector has turned too far for the component that is real to stay so.

    >>> v = np.array([[1.0 + 0j], [1j]])
    >>> turned(v, np.array([[0.5j], [0.25]]), end_row(True), "eigh")
    array([[0.+0.5j]])
    """
    if not v.size:
        return np.zeros_like(v_dot[..., :1, :])
    row = (rows or end_row(True))(v)
    pivot, moves = np.take_along_axis(v, row, -2), np.take_along_axis(v_dot, row, -2)
    precision = np.finfo(v.dtype).eps
    sound = (rows is not None) & (np.abs(np.imag(pivot)) <= 32 * precision * np.abs(pivot)) & (
        np.abs(pivot) > np.sqrt(precision))
    if not np.all(sound):
        warnings.warn(f"{name} gives vectors whose phases follow no rule: their tangents are "
                      "those of results in which phases cancel", stacklevel=2)
    return np.where(sound, 1j * np.imag(moves) / np.where(sound, np.real(pivot), 1.0), 0.0)


def lost(dot: Any, which: Any) -> Any:
    """A tangent that is nan in vectors of which none is better than others."""
    return np.where(which, np.nan, dot) if np.any(which) else dot


def warn_of_equal(name: str) -> None:
    warnings.warn(f"{name} gives equal values, whose vectors are arbitrary: their tangents are "
                  "nan. Instead, move the values apart, or use reverse mode for what depends only "
                  "on the space that they span", stacklevel=2)
