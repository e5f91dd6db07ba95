"""Who receives the cotangent of a maximum, a minimum or an order statistic; ties share evenly."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from s2sdiff.registry import constant, derivative
from s2sdiff.rules.shared import axis_among, like, shaped

__all__ = ["deviations", "direction", "extreme", "share", "share_of_all",
           "share_with_first", "squares", "unless_equal", "winners"]


@shaped
def winners(a: Any, z: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Which entries of `a` are equal to the extreme `z`, where nan is equal to nan.

    >>> winners(np.array([1.0, 3.0, 3.0]), 3.0)
    array([False,  True,  True])
    """
    a = np.asarray(a)
    if axis is not None and not keepdims:
        z = np.expand_dims(z, axis)
    chosen = a == z
    # Only a nan among the extremes asks for the other passes over `a`.
    return chosen | ((a != a) & (z != z)) if np.isnan(np.sum(z)) else chosen


def share(z_bar: Any, chosen: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """A cotangent in equal parts for the chosen entries along the reduced axes, 0 for others.

    >>> share(1.0, np.array([False, True, True]))
    array([0. , 0.5, 0.5])
    """
    if axis is not None and not keepdims:
        z_bar = np.expand_dims(z_bar, axis)
    if axis is None and not np.ndim(z_bar):
        return np.where(chosen, z_bar / max(int(np.count_nonzero(chosen)), 1), 0.0)
    # The count has the cotangent's own precision: an integer would make float32 a float64.
    precision = getattr(z_bar, "dtype", None) or np.float64
    count = np.maximum(np.sum(chosen, axis=axis, keepdims=True, dtype=precision), 1)
    return np.where(chosen, z_bar / count, 0.0)


@like(0)
def share_of_all(a: Any, z: Any, z_bar: Any) -> Any:
    """The cotangent of the extreme `z` of all of `a`, in equal parts for those that have it.

    >>> share_of_all(np.array([1.0, 3.0, 3.0]), 3.0, 1.0)
    array([0. , 0.5, 0.5])
    """
    a = np.asarray(a)
    chosen = a == z if z == z else a != a
    a_bar = np.zeros(a.shape, a.dtype if a.dtype.kind in "fc" else float)
    a_bar[chosen] = z_bar / max(int(np.count_nonzero(chosen)), 1)
    return a_bar


@like(0)
def deviations(a: Any, length: Any) -> Any:
    """What `a` deviates from its mean, scaled to a length; 0 where all entries are one value.

    >>> deviations(np.array([1.0, 3.0]), np.sqrt(2.0))
    array([-1.,  1.])
    """
    a = np.asarray(a)
    # The rounded mean would hide that they are; where the first differs from the last, they differ.
    if not a.size or (a.item(0) == a.item(-1) and np.all(a == a.item(0))):
        return np.zeros(a.shape, a.dtype)
    found = a - a.mean()
    found *= quotient(length, squares(found))
    return found


@like(0)
def direction(a: Any, length: Any) -> Any:
    """All of `a`, as one vector, scaled to a length; 0 where all entries are 0.

    >>> direction(np.array([[3.0], [-4.0]]), 1.0)
    array([[ 0.6],
           [-0.8]])
    """
    a = np.asarray(a)
    return a * quotient(length, squares(a))


def quotient(length: Any, squared: Any) -> Any:
    """A length over one whose square is given; 0 over 0 is 0."""
    return length / math.sqrt(squared) if squared else 0.0


def squares(a: Any) -> float:
    """The sum of the squares of all entries, or of their absolute values."""
    if a.size > 2048 and a.dtype.char in "efF":
        return np.add.reduce(np.square(np.abs(a)), None)  # in pairs, so that digits stay
    return np.vdot(a, a).real


def unless_equal(s: Any, a: Any, axis: Any, keepdims: bool) -> Any:
    """The standard deviations `s` of `a`, but infinite where all entries are one value.

    That is their kink, where dividing by infinity picks the subgradient 0; the rounded mean may
    hide it from `s`.
    """
    same = s == 0
    if np.size(a):
        same = same | (np.max(a, axis=axis, keepdims=keepdims)
                       == np.min(a, axis=axis, keepdims=keepdims))
    return np.where(same, np.inf, s)


def extreme(function, a, axis, keepdims, initial, where):
    """The rule for `np.max` and `np.min` with a first value or a mask."""
    mask = True if where is None else where
    options = {} if initial is None else {"initial": initial}
    z = function(a, axis=axis, keepdims=keepdims, where=mask, **options)
    axis = axis_among(a, axis)

    def pullback(z_bar):
        chosen = np.broadcast_to(winners(a, z, axis, keepdims) & mask, np.shape(a))
        if initial is None:
            return share(z_bar, chosen, axis, keepdims), None
        return share_with_first(z_bar, chosen, z, initial, axis, keepdims)

    return z, pullback


def share_with_first(z_bar: Any, chosen: Any, z: Any, initial: Any, axis: Any,
                     keepdims: bool) -> tuple[Any, Any]:
    """`share`, where the first value that an extreme began with may be among the equal ones."""
    if axis is not None and not keepdims:
        z, z_bar = np.expand_dims(z, axis), np.expand_dims(z_bar, axis)
    first = z == initial
    count = np.sum(chosen, axis=axis, keepdims=True) + first
    part = z_bar / np.maximum(count, 1).astype(z.dtype)
    return np.where(chosen, part, 0.0), np.sum(np.where(first, part, 0.0))


constant(winners)


# ------------------------------------------------------------- the same, differentiated again


@derivative(of=share, wrt="z_bar")
@shaped
def share_(z_bar, chosen, axis=None, keepdims=False):
    return share(z_bar, chosen, axis, keepdims), lambda a_bar: gathered_share(
        a_bar, chosen, axis, keepdims)


def gathered_share(a_bar: Any, chosen: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The transpose of `share`: the mean of the chosen entries along the reduced axes.

    >>> gathered_share(np.array([1.0, 2.0, 4.0]), np.array([False, True, True]))
    np.float64(3.0)
    """
    precision = getattr(a_bar, "dtype", None) or np.float64
    total = np.sum(np.where(chosen, a_bar, 0.0), axis=axis, keepdims=keepdims)
    count = np.sum(chosen, axis=axis, keepdims=keepdims, dtype=precision)
    return total / np.maximum(count, 1)


@derivative(of=gathered_share, wrt="a_bar")
@shaped
def gathered_share_(a_bar, chosen, axis=None, keepdims=False):
    return gathered_share(a_bar, chosen, axis, keepdims), lambda z_bar: share(
        z_bar, chosen, axis, keepdims)


@derivative(of=share_of_all)
def share_of_all_(a, z, z_bar):
    # Which entries are equal to the extreme does not change along the way.
    return share_of_all(a, z, z_bar), lambda a_bar: (
        None, None, gathered_share(a_bar, winners(a, z)))


@derivative(of=direction)
def direction_(a, length):
    along = direction(a, 1.0)

    def pullback(v_bar):
        same = np.sum(v_bar * along)
        across = v_bar - np.real(same) * np.conj(along)
        return across * scale(a, length), same

    return direction(a, length), pullback


def scale(a: Any, length: Any) -> Any:
    """What `direction` multiplies `a` with; 0 where all entries are 0."""
    return quotient(length, squares(np.asarray(a)))


@derivative(of=scale)
def scale_(a, length):
    factor = scale(a, 1.0)

    def pullback(s_bar):
        return -np.conj(direction(a, s_bar * length * factor * factor)), s_bar * factor

    return scale(a, length), pullback


@derivative(of=quotient)
def quotient_(length, squared):
    value = quotient(length, squared)

    def pullback(y_bar):
        length_bar = quotient(y_bar, squared)
        return length_bar, -0.5 * np.sum(length_bar * length) / squared if squared else 0.0

    return value, pullback


@derivative(of=squares)
def squares_(a):
    return squares(a), lambda y_bar: 2.0 * np.conj(a) * y_bar


@derivative(of=deviations)
def deviations_(a, length):
    along = deviations(a, 1.0)

    def pullback(v_bar):
        same = np.sum(v_bar * along)
        across = v_bar - np.mean(v_bar) - np.real(same) * np.conj(along)
        return across * scale_of_deviations(a, length), same

    return deviations(a, length), pullback


def scale_of_deviations(a: Any, length: Any) -> Any:
    """What `deviations` multiplies `a` less its mean with; 0 where all entries are one value."""
    return scale(deviations(a, 1.0), 1.0) and scale(np.asarray(a) - np.mean(a), length)


@derivative(of=scale_of_deviations)
def scale_of_deviations_(a, length):
    factor = scale_of_deviations(a, 1.0)

    def pullback(s_bar):
        return -np.conj(deviations(a, s_bar * length * factor * factor)), s_bar * factor

    return scale_of_deviations(a, length), pullback
