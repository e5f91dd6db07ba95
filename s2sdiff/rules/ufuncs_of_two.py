"""`reduce`, `accumulate`, `reduceat` and `outer` of any ufunc of two numbers, by its own rule.

Rules that know more of a ufunc (`ufunc_methods`) have the first word.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from s2sdiff.registry import derivative
from s2sdiff.rules.extremes import share, winners
from s2sdiff.rules.shared import axes_of, only_axis, refuse_out, rule_of, unsupported

__all__: list[str] = []

#: Those whose methods have rules of their own.
REDUCED = (np.add, np.multiply, np.maximum, np.minimum, np.logaddexp)
ACCUMULATED, OUTER = REDUCED[:2], (np.add, np.subtract, np.multiply, np.divide)
#: The greatest or least of several, whatever their order.
EXTREMES = (np.maximum, np.minimum, np.fmax, np.fmin)
OF_TWO = (
    np.add, np.subtract, np.multiply, np.divide, np.power, np.float_power, np.maximum, np.minimum,
    np.fmax, np.fmin, np.hypot, np.arctan2, np.logaddexp, np.logaddexp2, np.copysign,
    np.remainder, np.fmod,
)


def back_along(ufunc: np.ufunc, rows: Any, running: Any, bars: Any) -> Any:
    """The cotangent of `rows` for that of each of the running results, along the first axis.

    Each is `ufunc(the one before, the next row)`: taken from the last to the first.
    """
    out = np.zeros(rows.shape, np.result_type(rows, bars))
    carry = np.zeros_like(out[0]) if len(rows) else 0.0
    for i in range(len(rows) - 1, 0, -1):
        _, pull = rule_of(ufunc)(running[i - 1], rows[i])
        carry, share = pull(bars[i] + carry)
        out[i] = 0.0 if share is None else share
    if len(rows):
        out[0] = bars[0] + carry
    return out


def as_rows(array: Any, axis: Any) -> Any:
    """An array with the axis that a method runs along in front."""
    return np.moveaxis(np.asarray(array), only_axis(axis), 0)


def reduction(ufunc: np.ufunc) -> None:
    """The rule for `ufunc.reduce`."""
    name = f"np.{ufunc.__name__}.reduce"

    def reduce(array, axis=0, dtype=None, out=None, keepdims=False, initial=None, where=None):
        if out is not None:
            refuse_out(name)
        if dtype is not None or initial is not None or where is not None:
            return with_options(ufunc, array, axis, dtype, keepdims, initial, where)
        z = ufunc.reduce(array, axis=axis, keepdims=keepdims)

        def pullback(z_bar):
            if ufunc in EXTREMES:
                chosen = winners(array, z, axis, keepdims)
                return share(z_bar, chosen, axis, keepdims), None
            along = axes_of(axis, np.ndim(array))
            rows, moved = in_rows(np.asarray(array), along)
            rest = rows.shape[1:]
            bars = np.zeros_like(rows)
            if len(rows):
                bars[-1] = np.reshape(z_bar, rest)
            running = ufunc.accumulate(rows, axis=0)
            if len(rows):
                refuse_unless_folded(running[-1], np.reshape(z, rest), name)
            found = np.reshape(back_along(ufunc, rows, running, bars), moved)
            return np.moveaxis(found, tuple(range(len(along))), along), None

        return z, pullback

    derivative(of=ufunc.reduce, wrt=("array", "initial"))(reduce)


def in_rows(array: Any, along: tuple[int, ...]) -> tuple[Any, tuple[int, ...]]:
    """An array with the numbers that are taken together in front, and how these lie there.

    Of a ufunc that is reduced along several axes, the order of numbers is of no account.
    """
    moved = np.moveaxis(array, along, tuple(range(len(along))))
    count = math.prod(moved.shape[:len(along)])
    return np.reshape(moved, (count, *moved.shape[len(along):])), moved.shape


def with_options(ufunc: np.ufunc, array: Any, axis: Any, dtype: Any, keepdims: bool, initial: Any,
                 where: Any) -> tuple:
    """The rule for `ufunc.reduce` from a first term on, or of some of the numbers only."""
    given = {"dtype": dtype, "initial": initial, "where": where}
    given = {name: value for name, value in given.items() if value is not None}
    if ufunc in EXTREMES:
        if dtype is not None:
            raise unsupported(f"np.{ufunc.__name__}.reduce(..., dtype=...) has no derivative here",
                              "cast the array first")
        return rule_of(np.nanmax if ufunc is np.fmax else np.nanmin)(
            array, axis, None, keepdims, **given)
    z = ufunc.reduce(array, axis=axis, keepdims=keepdims, **given)
    x = np.asarray(array) if dtype is None else np.asarray(array).astype(dtype)
    along = axes_of(axis, x.ndim)
    rows, moved = in_rows(x, along)
    first = ufunc.identity if initial is None else initial
    from_first = first is not None and (initial is not None or where is not None)
    if from_first:
        start = np.full((1, *rows.shape[1:]), first, rows.dtype)
        rows = np.concatenate([start, rows])
    taken = np.ones(rows.shape, bool)
    if where is not None:
        taken[1:] = in_rows(np.broadcast_to(where, x.shape), along)[0]
    running = list(rows[:1])
    for row, of_row in zip(rows[1:], taken[1:], strict=True):
        running.append(np.where(of_row, ufunc(running[-1], row), running[-1]))

    def pullback(z_bar):
        carry = np.broadcast_to(np.reshape(z_bar, rows.shape[1:]), rows.shape[1:])
        out = np.zeros(rows.shape, np.result_type(rows, carry))
        if running:
            refuse_unless_folded(running[-1], np.reshape(z, rows.shape[1:]),
                                 f"np.{ufunc.__name__}.reduce")
        for i in range(len(rows) - 1, 0, -1):
            _, pull = rule_of(ufunc)(running[i - 1], rows[i])
            before, share = pull(np.where(taken[i], carry, 0.0))
            out[i] = 0.0 if share is None else share
            carry = before + np.where(taken[i], 0.0, carry)
        if len(rows):
            out[0] = carry
        initial_bar = np.sum(out[0]) if initial is not None else None
        found = np.reshape(out[1:] if from_first else out, moved)
        return np.moveaxis(found, tuple(range(len(along))), along), initial_bar

    return z, pullback


def refuse_unless_folded(last: Any, z: Any, name: str) -> None:
    """Refuse the derivative of what is no result of taking one number after the other.

    Some versions of NumPy write `power` and `arctan2` over their own argument as they reduce along
    memory, on processors with AVX-512.
    """
    if not np.allclose(last, z, rtol=1e-3, equal_nan=True):
        raise unsupported(f"{name} gives {z!r} here where its definition gives {last!r}, and the "
                          "derivative of what NumPy computes instead is not known",
                          f"take functools.reduce(np.{name.split('.')[1]}, ...) over the rows")


def accumulation(ufunc: np.ufunc) -> None:
    """The rule for `ufunc.accumulate`."""
    name = f"np.{ufunc.__name__}.accumulate"

    def accumulate(array, axis=0, dtype=None, out=None):
        if out is not None:
            refuse_out(name)
        if dtype is not None:
            raise unsupported(f"{name}(..., dtype=...) has no derivative here",
                              "cast the array first")
        z = ufunc.accumulate(array, axis=axis)

        def pullback(z_bar):
            back = extremes_back if ufunc in EXTREMES[:2] else back_along
            rows, running, bars = as_rows(array, axis), as_rows(z, axis), as_rows(z_bar, axis)
            return np.moveaxis(back(ufunc, rows, running, bars), 0, only_axis(axis))

        return z, pullback

    derivative(of=ufunc.accumulate, wrt="array")(accumulate)


def extremes_back(ufunc: np.ufunc, rows: Any, running: Any, bars: Any) -> Any:
    """`back_along` of running extremes without a step for each row; equal ones share evenly."""
    if not rows.size:
        return np.zeros_like(bars)
    # One line after another, each along the last axis.
    a, z, g = (np.reshape(np.moveaxis(x, 0, -1), (-1, len(rows))) for x in (rows, running, bars))
    holds = winners(a, z, (), False)
    leads = holds.copy()
    leads[:, 1:] &= z[:, 1:] != z[:, :-1]
    held, new = holds.ravel(), leads.ravel()[holds.ravel()]
    places = np.flatnonzero(held)
    # How many have had the value that stands since it came up.
    latest = np.cumsum(held) - 1
    first = np.maximum.accumulate(np.where(new, np.arange(len(places)), 0))
    share_of = np.ravel(g) / (latest - first[latest] + 1).astype(g.dtype)
    sums = np.add.reduceat(share_of, places)
    for i in np.flatnonzero(~new)[::-1]:
        sums[i - 1] += sums[i]
    out = np.zeros(a.size, g.dtype)
    out[places] = sums
    moved = np.moveaxis(rows, 0, -1).shape
    return np.moveaxis(np.reshape(out, moved), -1, 0)


def by_segments(ufunc: np.ufunc) -> None:
    """The rule for `ufunc.reduceat`: each segment by the rule of `ufunc.reduce`."""
    name = f"np.{ufunc.__name__}.reduceat"

    def reduceat(array, indices, axis=0, dtype=None, out=None):
        if out is not None:
            refuse_out(name)
        if dtype is not None:
            raise unsupported(f"{name}(..., dtype=...) has no derivative here",
                              "cast the array first")
        z = ufunc.reduceat(array, indices, axis=axis)

        def pullback(z_bar):
            rows, bars, results = (as_rows(x, axis) for x in (array, z_bar, z))
            starts = [int(i) for i in np.asarray(indices)]
            ends = [*starts[1:], len(rows)]
            out = np.zeros(rows.shape, np.result_type(rows, bars))
            for k, start in enumerate(starts):
                stop = max(ends[k], start + 1)
                value, pull = rule_of(ufunc.reduce)(rows[start:stop], 0)
                refuse_unless_folded(value, results[k], name)
                found = pull(bars[k])
                out[start:stop] += found[0] if isinstance(found, tuple) else found
            return np.moveaxis(out, 0, only_axis(axis))

        return z, pullback

    derivative(of=ufunc.reduceat, wrt="array")(reduceat)


def pairs(ufunc: np.ufunc) -> None:
    """The rule for `ufunc.outer`, which is the ufunc of arrays that broadcast."""

    def outer(A, B):
        A, B = np.asarray(A), np.asarray(B)
        _, pull = rule_of(ufunc)(np.reshape(A, A.shape + (1,) * B.ndim), B)

        def pullback(z_bar):
            wide_bar, b_bar = pull(z_bar)
            return np.reshape(wide_bar, A.shape), b_bar

        return ufunc.outer(A, B), pullback

    derivative(of=ufunc.outer)(outer)


for _ufunc in OF_TWO:
    if _ufunc not in REDUCED:
        reduction(_ufunc)
    if _ufunc not in ACCUMULATED:
        accumulation(_ufunc)
    if _ufunc is not np.add:
        by_segments(_ufunc)
    if _ufunc not in OUTER:
        pairs(_ufunc)
