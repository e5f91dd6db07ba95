"""Medians and quantiles, `np.sort` and `np.partition`; equal values share evenly."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.registry import derivative
from s2sdiff.rules.extremes import share, winners
from s2sdiff.rules.shared import axes_of, refuse_out, unsupported
from s2sdiff.runtime import place

__all__: list[str] = []


@derivative(of=np.sort, wrt="a")
def sort(a, axis=-1, kind=None, order=None, *, stable=None):
    z = np.sort(a, axis=axis, kind=kind, order=order, stable=stable)

    def pullback(z_bar):
        return permuted_back(z_bar, a, z, axis)

    return z, pullback


@derivative(of=np.partition, wrt="a")
def partition(a, kth, axis=-1, kind: Any = "introselect", order=None):
    z = np.partition(a, kth, axis=axis, kind=kind, order=order)

    def pullback(z_bar):
        return permuted_back(z_bar, a, z, axis)

    return z, pullback


def permuted_back(z_bar: Any, a: Any, z: Any, axis: int | None) -> Any:
    """The cotangent of `a` whose entries along an axis were put in another order as `z`.

    >>> a = np.array([5.0, 4.0, 4.0])
    >>> permuted_back(np.array([1.0, 2.0, 3.0]), a, np.sort(a), 0)
    array([3. , 1.5, 1.5])
    """
    shape = np.shape(a)
    a = np.asarray(a) if axis is not None else np.ravel(a)
    axis = 0 if axis is None else axis
    from_z = np.argsort(z, axis=axis, kind="stable")
    from_a = np.argsort(a, axis=axis, kind="stable")
    sorted_bar = np.take_along_axis(z_bar, from_z, axis)
    sorted_bar = evened(sorted_bar, np.take_along_axis(a, from_a, axis), axis)
    a_bar = np.take_along_axis(sorted_bar, np.argsort(from_a, axis=axis), axis)
    return np.reshape(a_bar, shape)


def evened(g: Any, values: Any, axis: int) -> Any:
    """The mean of `g` over each run of equal sorted values."""
    rows = np.moveaxis(values, axis, -1)
    same = rows[..., 1:] == rows[..., :-1]
    if not np.any(same):
        return g
    starts = np.concatenate([np.ones((*rows.shape[:-1], 1), bool), ~same], axis=-1)
    runs = np.cumsum(starts.ravel()) - 1
    moved = np.moveaxis(g, axis, -1)
    sums = place(np.ravel(moved), (int(runs[-1]) + 1,), runs)
    counts = np.bincount(runs).astype(moved.dtype)
    return np.moveaxis(np.reshape((sums / counts)[runs], moved.shape), -1, axis)


@derivative(of=np.median, wrt="a")
def median(a, axis=None, out=None, overwrite_input=False, keepdims=False):
    if out is not None:
        refuse_out("np.median")
    if overwrite_input:
        raise unsupported("np.median(..., overwrite_input=True) changes its argument",
                          "leave overwrite_input out")

    def pullback(m_bar):
        return quantile_back(m_bar, a, 0.5, axis, keepdims, "linear")[0]

    return np.median(a, axis=axis, keepdims=keepdims), pullback


@derivative(of=np.quantile, wrt=("a", "q"))
def quantile(a, q, axis=None, out=None, overwrite_input=False, method: Any = "linear",
             keepdims=False, *, weights=None):
    check_options("np.quantile", out, overwrite_input, method, weights)

    def pullback(z_bar):
        return quantile_back(z_bar, a, q, axis, keepdims, method)

    return np.quantile(a, q, axis=axis, method=method, keepdims=keepdims), pullback


@derivative(of=np.percentile, wrt=("a", "q"))
def percentile(a, q, axis=None, out=None, overwrite_input=False, method: Any = "linear",
               keepdims=False, *, weights=None):
    check_options("np.percentile", out, overwrite_input, method, weights)

    def pullback(z_bar):
        a_bar, q_bar = quantile_back(z_bar, a, np.asarray(q) / 100.0, axis, keepdims, method)
        return a_bar, q_bar / 100.0

    return np.percentile(a, q, axis=axis, method=method, keepdims=keepdims), pullback


def check_options(name: str, out: Any, overwrite_input: bool, method: str, weights: Any) -> None:
    """Refuse the options of a quantile that have no derivative here."""
    if out is not None:
        refuse_out(name)
    if overwrite_input:
        raise unsupported(f"{name}(..., overwrite_input=True) changes its argument",
                          "leave overwrite_input out")
    if weights is not None or method not in ("linear", "lower", "higher", "midpoint"):
        raise unsupported(f"{name} with weights, or with method={method!r}, has no derivative here",
                          "use the methods 'linear', 'lower', 'higher' or 'midpoint'")


def quantile_back(z_bar: Any, a: Any, q: Any, axis: Any, keepdims: bool, method: str) -> Any:
    """Each quantile lies between two order statistics, whose entries receive its cotangent."""
    a = np.asarray(a)
    axes = axes_of(axis, a.ndim)
    ordered = np.sort(rows_of(a, axes), axis=-1)
    n = ordered.shape[-1]
    points = np.asarray(q)
    flat = np.ravel(points)
    bars = np.reshape(z_bar, (flat.size, *ordered.shape[:-1]))
    a_bar, q_bars = np.zeros_like(a), []
    kept = tuple(1 if i in axes else m for i, m in enumerate(a.shape))
    for k in range(flat.size):
        position = float(flat[k]) * (n - 1)
        low = min(int(np.floor(position + 1e-12 * n)), n - 1)
        high = min(int(np.ceil(position - 1e-12 * n)), n - 1)
        fractions = {"lower": 0.0, "higher": 1.0, "midpoint": 0.5}
        t = fractions[method] if method in fractions else position - low
        for index, weight in ((low, 1.0 - t), (high, t)):
            z = np.reshape(ordered[..., index], kept)
            part = np.reshape(bars[k] * weight, kept)
            a_bar = a_bar + share(part, winners(a, z, axes, True), axes, True)
        slope = (n - 1) * (ordered[..., high] - ordered[..., low]) if method == "linear" else 0.0
        q_bars.append(np.sum(bars[k] * slope))
    return a_bar, np.reshape(np.array(q_bars), points.shape)


def rows_of(a: Any, axes: tuple[int, ...]) -> Any:
    """The entries along several axes as one last axis."""
    last = tuple(range(-len(axes), 0))
    moved = np.moveaxis(a, axes, last)
    return np.reshape(moved, (*moved.shape[: a.ndim - len(axes)], -1)) if a.size else moved
