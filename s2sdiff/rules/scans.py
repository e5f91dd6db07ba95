"""Running sums and products, differences, and the trapezoidal rule."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.registry import derivative
from s2sdiff.rules.products import cumulative_product_back
from s2sdiff.rules.shared import (
    axis_among,
    carried,
    cast_to,
    only_axis,
    refuse_out,
    shaped,
    unsupported,
)
from s2sdiff.runtime import unbroadcast

__all__: list[str] = []


@derivative(of=[np.cumsum, np.ndarray.cumsum, np.generic.cumsum], wrt="a")
def cumsum(a, axis=None, dtype=None, out=None):
    if out is not None:
        refuse_out("np.cumsum")
    if dtype is not None:
        return running(np.cumsum, a, axis, dtype)
    if np.ndim(a) == 1:
        return np.cumsum(a, axis=axis), lambda c_bar: np.cumsum(c_bar[::-1])[::-1]
    if axis is None or np.ndim(a) == 0:
        shape = np.shape(a)
        return np.cumsum(a, axis=axis), lambda c_bar: np.reshape(
            np.cumsum(c_bar[::-1])[::-1], shape)

    def pullback(c_bar):
        return np.flip(np.cumsum(np.flip(c_bar, axis), axis=axis), axis)

    return np.cumsum(a, axis=axis), pullback


@derivative(of=[np.cumprod, np.ndarray.cumprod, np.generic.cumprod], wrt="a")
def cumprod(a, axis=None, dtype=None, out=None):
    if out is not None:
        refuse_out("np.cumprod")
    return running(np.cumprod, a, axis, dtype)


@derivative(of=np.nancumsum, wrt="a")
def nancumsum(a, axis=None, dtype=None, out=None):
    if out is not None:
        refuse_out("np.nancumsum")
    return running(np.nancumsum, a, axis, dtype)


@derivative(of=np.nancumprod, wrt="a")
def nancumprod(a, axis=None, dtype=None, out=None):
    if out is not None:
        refuse_out("np.nancumprod")
    return running(np.nancumprod, a, axis, dtype)


def running(function, a, axis, dtype):
    """The rule for `np.cumsum`, `np.cumprod` and their nan-skipping forms."""
    c = function(a, axis=axis, dtype=dtype)
    axis = axis_among(a, axis)
    along = 0 if axis is None else axis
    product = function in (np.cumprod, np.nancumprod)
    skips = function in (np.nancumsum, np.nancumprod)

    def pullback(c_bar):
        c_bar = carried(c_bar, c.dtype)
        entries = np.asarray(cast_to(a, c.dtype))
        if skips:
            entries = np.where(np.isnan(a), 1.0, entries)
        rows = np.ravel(entries) if axis is None else entries
        if product:
            a_bar = cumulative_product_back(c_bar, rows, along)
        else:
            a_bar = np.flip(np.cumsum(np.flip(c_bar, along), axis=along), along)
        a_bar = np.reshape(a_bar, np.shape(a))
        return np.where(np.isnan(a), 0.0, a_bar) if skips else a_bar

    return c, pullback


if hasattr(np, "cumulative_sum"):

    @derivative(of=np.cumulative_sum, wrt="x")
    def cumulative_sum(x, /, *, axis=None, dtype=None, out=None, include_initial=False):
        if out is not None:
            refuse_out("np.cumulative_sum")
        c = np.cumulative_sum(x, axis=axis, dtype=dtype, include_initial=include_initial)
        return c, cumulative_back(np.cumsum, x, axis, dtype, include_initial)

    @derivative(of=np.cumulative_prod, wrt="x")
    def cumulative_prod(x, /, *, axis=None, dtype=None, out=None, include_initial=False):
        if out is not None:
            refuse_out("np.cumulative_prod")
        c = np.cumulative_prod(x, axis=axis, dtype=dtype, include_initial=include_initial)
        return c, cumulative_back(np.cumprod, x, axis, dtype, include_initial)


def cumulative_back(function, x, axis, dtype, include_initial):
    """The pullback of the array API's running sum or product."""
    axis = None if np.ndim(x) == 0 else only_axis(axis)
    back = running(function, x, axis, dtype)[1]

    def pullback(c_bar):
        if include_initial:
            along = axis or 0
            c_bar = np.moveaxis(np.moveaxis(c_bar, along, 0)[1:], 0, along)
        return back(c_bar)

    return pullback


def steps_back(d_bar: Any, shape: tuple[int, ...], n: Any, axis: Any) -> Any:
    """The cotangent of an array of that shape, for that of its differences.

    >>> steps_back(np.array([1.0, 3.0]), (3,), 1, -1)
    array([-1., -2.,  3.])
    """
    if n == 0:
        return d_bar  # also of a number, which has no axis
    if n >= shape[axis]:
        return np.zeros(shape, d_bar.dtype)
    pads = [(n, n) if i == axis % len(shape) else (0, 0) for i in range(len(shape))]
    return (-1) ** n * np.diff(np.pad(d_bar, pads), n, axis)


@derivative(of=steps_back, wrt="d_bar")
@shaped
def steps_back_(d_bar, shape, n, axis):
    return steps_back(d_bar, shape, n, axis), lambda g: np.diff(g, n, axis)


def diff_between_ends(a: Any, n: Any, axis: Any, prepend: Any, append: Any) -> Any:
    """The value and the pullback of differences of what is joined first."""
    a = np.asarray(a)
    ends = [prepend, append]
    options = {name: end for name, end in zip(("prepend", "append"), ends, strict=True)
               if end is not None}
    d = np.diff(a, n, axis, **options)
    if n == 0:
        # What would be joined to it is not.
        return d, lambda d_bar: (d_bar, *[None if e is None else 0.0 * np.asarray(e) for e in ends])
    parts = [a if end is None else np.asarray(end) for end in ends]
    whole = list(np.shape(a))
    widths = []
    for end, part in zip(ends, parts, strict=True):
        widths.append(0 if end is None else (part.shape[axis] if part.ndim else 1))
    whole[axis] += sum(widths)
    size = a.shape[axis]

    def pullback(d_bar):
        rows = np.moveaxis(steps_back(d_bar, tuple(whole), n, axis), axis, 0)
        stop = widths[0] + size
        pieces = [rows[:widths[0]], rows[stop:]]
        bars = []
        for end, part, piece in zip(ends, parts, pieces, strict=True):
            piece = np.moveaxis(piece, 0, axis)
            bars.append(None if end is None else unbroadcast(piece, part.shape))
        return np.moveaxis(rows[widths[0]:stop], 0, axis), bars[0], bars[1]

    return d, pullback


@derivative(of=np.diff, wrt=("a", "prepend", "append"))
def diff(a, n: Any = 1, axis: Any = -1, prepend=None, append=None):
    if prepend is not None or append is not None:
        return diff_between_ends(a, n, axis, prepend, append)
    shape_a = np.shape(a)
    return np.diff(a, n, axis), lambda d_bar: (steps_back(d_bar, shape_a, n, axis), None, None)


@derivative(of=np.ediff1d, wrt=("ary", "to_end", "to_begin"))
def ediff1d(ary, to_end=None, to_begin=None):
    shape = np.shape(ary)
    front = 0 if to_begin is None else np.size(to_begin)
    inner = max(np.size(ary) - 1, 0)

    def pullback(d_bar):
        middle = d_bar[front:front + inner]
        ary_bar = -np.diff(np.pad(middle, 1)) if np.size(ary) else np.zeros(0, d_bar.dtype)
        begin_bar = None if to_begin is None else np.reshape(d_bar[:front], np.shape(to_begin))
        end_bar = None if to_end is None else np.reshape(d_bar[front + inner:], np.shape(to_end))
        return np.reshape(ary_bar, shape), end_bar, begin_bar

    return np.ediff1d(ary, to_end=to_end, to_begin=to_begin), pullback


@derivative(of=np.trapezoid, wrt=("y", "x", "dx"))
def trapezoid(y, x=None, dx=1.0, axis=-1):
    y = np.asarray(y)
    area = np.trapezoid(y, x=x, dx=dx, axis=axis)

    def pullback(area_bar):
        rows = np.moveaxis(y, axis, -1)
        steps, back = widths_along(x, dx, y.ndim, axis)
        half = np.expand_dims(area_bar, -1) * 0.5
        # The sum of steps * (left + right) / 2, differentiated in both factors.
        inner = np.broadcast_to(half * steps, (*rows.shape[:-1], max(rows.shape[-1] - 1, 0)))
        widths_bar = half * (rows[..., 1:] + rows[..., :-1])
        none = [(0, 0)] * (y.ndim - 1)
        y_bar = np.pad(inner, [*none, (1, 0)]) + np.pad(inner, [*none, (0, 1)])
        y_bar = y_bar if rows.shape[-1] else np.zeros_like(rows)
        x_bar, dx_bar = back(widths_bar)
        return np.moveaxis(y_bar, -1, axis), x_bar, dx_bar

    return area, pullback


def widths_along(x, dx, ndim, axis):
    """Widths of the intervals with their axis last, and what takes their cotangent to x and dx."""
    if x is None:
        if np.ndim(dx):
            raise unsupported("np.trapezoid with an array of `dx` has no derivative here",
                              "pass the sample points as `x`")
        return dx, lambda g: (None, np.sum(g))
    x = np.asarray(x)
    flat = x.ndim == 1
    steps = np.diff(x) if flat else np.diff(np.moveaxis(x, axis, -1), axis=-1)
    shape = steps.shape

    def back(g):
        g = unbroadcast(g, shape)
        pads = [(0, 0)] * (g.ndim - 1)
        x_bar = np.pad(g, [*pads, (1, 0)]) - np.pad(g, [*pads, (0, 1)])
        return (x_bar if flat else np.moveaxis(x_bar, -1, axis)), None

    return steps, back


