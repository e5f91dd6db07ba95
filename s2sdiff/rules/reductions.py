"""Sums, means, products and extremes: `np.sum`, `x.mean()`, `np.maximum.reduce`, and the like."""

from __future__ import annotations

import math

import numpy as np

from s2sdiff.registry import derivative
from s2sdiff.rules import (  # noqa: F401
    covariances,
    nan_reductions,
    order_statistics,
    quantiles,
    scans,
    ufunc_methods,
    weighted_means,
)
from s2sdiff.rules.extremes import (
    deviations,
    extreme,
    share,
    share_of_all,
    unless_equal,
    winners,
)
from s2sdiff.rules.products import general_prod, product_of_all_others, product_of_others
from s2sdiff.rules.shared import axis_among, carried, lanes, refuse_out
from s2sdiff.rules.spreads import spread
from s2sdiff.runtime import divide

__all__: list[str] = []


@derivative(of=[np.sum, np.ndarray.sum, np.generic.sum], wrt=("a", "initial"))
def sum_(a, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=None):
    if out is not None:
        refuse_out("np.sum")
    if dtype is not None or initial is not None or where is not None:
        return general_sum(a, axis, dtype, keepdims, initial, where)
    if np.ndim(a) == 0:
        # NumPy takes axis 0 and -1 of a number, too.
        return np.sum(a, axis=axis, keepdims=keepdims), lambda s_bar: (s_bar, None)
    shape = np.shape(a)

    def pullback(s_bar):
        if axis is not None and not keepdims:
            s_bar = np.expand_dims(s_bar, axis)
        return np.broadcast_to(s_bar, shape), None

    return np.sum(a, axis=axis, keepdims=keepdims), pullback


def general_sum(a, axis, dtype, keepdims, initial, where):
    """`np.sum` with a dtype, a first term or a mask."""
    shape = np.shape(a)
    mask = True if where is None else where
    options = {} if initial is None else {"initial": initial}
    s = np.sum(a, axis=axis, dtype=dtype, keepdims=keepdims, where=mask, **options)
    axis = axis_among(a, axis)

    def pullback(s_bar):
        s_bar = carried(s_bar, np.result_type(s))
        initial_bar = None if initial is None else np.sum(s_bar)
        if axis is not None and not keepdims:
            s_bar = np.expand_dims(s_bar, axis)
        return np.where(mask, np.broadcast_to(s_bar, shape), 0.0), initial_bar

    return s, pullback


@derivative(of=[np.mean, np.ndarray.mean, np.generic.mean], wrt="a")
def mean(a, axis=None, dtype=None, out=None, keepdims=False, *, where=None):
    if out is not None:
        refuse_out("np.mean")
    if dtype is not None or where is not None:
        return general_mean(a, axis, dtype, keepdims, where)
    shape, m = np.shape(a), np.mean(a, axis=axis, keepdims=keepdims)
    # Never 0, as a Python float divided by the length of an empty array would raise.
    if axis is None:
        count = max(np.size(a), 1)
    elif isinstance(axis, int) and np.ndim(a):
        count = max(np.shape(a)[axis], 1)
    else:
        count = lanes(a, axis)

    def pullback(m_bar):
        share = m_bar / count
        if axis is not None and not keepdims:
            share = np.expand_dims(share, axis)
        return np.broadcast_to(share, shape)

    return m, pullback


def general_mean(a, axis, dtype, keepdims, where):
    """`np.mean` with a dtype or a mask."""
    mask = np.broadcast_to(True if where is None else where, np.shape(a))
    m = np.mean(a, axis=axis, dtype=dtype, keepdims=keepdims, where=mask)
    count = np.maximum(np.sum(mask, axis=axis, keepdims=True, dtype=m.dtype), 1)

    def pullback(m_bar):
        m_bar = carried(m_bar, np.result_type(m))
        if axis is not None and not keepdims:
            m_bar = np.expand_dims(m_bar, axis)
        return np.where(mask, m_bar / count, 0.0)

    return m, pullback


@derivative(of=[np.var, np.ndarray.var, np.generic.var], wrt=("a", "ddof", "mean", "correction"))
def var(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=None, mean=None,
        correction=None):
    if out is not None:
        refuse_out("np.var")
    if dtype is not None or where is not None or mean is not None or correction is not None:
        return spread(np.var, a, axis, dtype, ddof, keepdims, where, mean, correction)
    v = np.var(a, axis=axis, ddof=ddof, keepdims=keepdims)
    if axis is None:
        count = max(np.size(a), 1)
    elif isinstance(axis, int) and np.ndim(a):
        count = max(np.shape(a)[axis], 1)
    else:
        count = lanes(a, axis)
    factor = 2 / count if ddof == 0 else divide(2.0, max(count - ddof, 0.0))

    def pullback(v_bar):
        ddof_bar = factor / 2 * np.sum(v_bar * v)
        if axis is None:
            return factor * v_bar * np.conj(a - np.mean(a)), ddof_bar, None, None
        if not keepdims:
            v_bar = np.expand_dims(v_bar, axis)
        deviation = a - np.mean(a, axis=axis, keepdims=True)
        return factor * v_bar * np.conj(deviation), ddof_bar, None, None

    return v, pullback


@derivative(of=[np.std, np.ndarray.std, np.generic.std], wrt=("a", "ddof", "mean", "correction"))
def std(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=None, mean=None,
        correction=None):
    if out is not None:
        refuse_out("np.std")
    if dtype is not None or where is not None or mean is not None or correction is not None:
        return spread(np.std, a, axis, dtype, ddof, keepdims, where, mean, correction)
    s = np.std(a, axis=axis, ddof=ddof, keepdims=keepdims)
    if axis is None:
        count = max(np.size(a), 1)
    elif isinstance(axis, int) and np.ndim(a):
        count = max(np.shape(a)[axis], 1)
    else:
        count = lanes(a, axis)
    factor = 1 / count if ddof == 0 else divide(1.0, max(count - ddof, 0.0))

    def pullback(s_bar):
        ddof_bar = factor / 2 * np.sum(s_bar * s)
        if axis is None:
            return np.conj(deviations(a, math.sqrt(factor) * s_bar)), ddof_bar, None, None
        slope = factor * s_bar / unless_equal(s, a, axis, keepdims)
        if not keepdims:
            slope = np.expand_dims(slope, axis)
        return slope * np.conj(a - np.mean(a, axis=axis, keepdims=True)), ddof_bar, None, None

    return s, pullback


@derivative(of=[np.prod, np.ndarray.prod, np.generic.prod], wrt=("a", "initial"))
def prod(a, axis=None, dtype=None, out=None, keepdims=False, initial=None, where=None):
    if out is not None:
        refuse_out("np.prod")
    if dtype is not None or initial is not None or where is not None:
        return general_prod(np.prod, a, axis, dtype, keepdims, initial, where)
    if np.ndim(a) == 0:
        return np.prod(a, axis=axis, keepdims=keepdims), lambda p_bar: (p_bar, None)

    if axis is None and not keepdims:
        return np.prod(a), lambda p_bar: (p_bar * product_of_all_others(a), None)

    def pullback(p_bar):
        if axis is not None and not keepdims:
            p_bar = np.expand_dims(p_bar, axis)
        return p_bar * product_of_others(a, axis), None

    return np.prod(a, axis=axis, keepdims=keepdims), pullback


@derivative(of=[np.max, np.amax, np.ndarray.max, np.generic.max], wrt=("a", "initial"))
def max_(a, axis=None, out=None, keepdims=False, initial=None, where=None):
    if out is not None:
        refuse_out("np.max")
    if initial is not None or where is not None:
        return extreme(np.max, a, axis, keepdims, initial, where)
    largest = np.max(a, axis=axis, keepdims=keepdims)
    if np.ndim(a) == 0:
        return largest, lambda largest_bar: (largest_bar, None)

    if axis is None and not keepdims:
        return largest, lambda largest_bar: (share_of_all(a, largest, largest_bar), None)

    def pullback(largest_bar):
        return share(largest_bar, winners(a, largest, axis, keepdims), axis, keepdims), None

    return largest, pullback


@derivative(of=[np.min, np.amin, np.ndarray.min, np.generic.min], wrt=("a", "initial"))
def min_(a, axis=None, out=None, keepdims=False, initial=None, where=None):
    if out is not None:
        refuse_out("np.min")
    if initial is not None or where is not None:
        return extreme(np.min, a, axis, keepdims, initial, where)
    smallest = np.min(a, axis=axis, keepdims=keepdims)
    if np.ndim(a) == 0:
        return smallest, lambda smallest_bar: (smallest_bar, None)

    if axis is None and not keepdims:
        return smallest, lambda smallest_bar: (share_of_all(a, smallest, smallest_bar), None)

    def pullback(smallest_bar):
        return share(smallest_bar, winners(a, smallest, axis, keepdims), axis, keepdims), None

    return smallest, pullback


@derivative(of=np.ptp, wrt="a")
def ptp(a, axis=None, out=None, keepdims=False):
    if out is not None:
        refuse_out("np.ptp")

    r = np.ptp(a, axis=axis, keepdims=keepdims)
    axis = axis_among(a, axis)

    def pullback(range_bar):
        highest = winners(a, np.max(a, axis=axis, keepdims=keepdims), axis, keepdims)
        lowest = winners(a, np.min(a, axis=axis, keepdims=keepdims), axis, keepdims)
        return (share(range_bar, highest, axis, keepdims)
                - share(range_bar, lowest, axis, keepdims))

    return r, pullback
