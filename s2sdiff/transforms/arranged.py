"""Kinds of what axes are put in another order, padded, or looked at through windows."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from s2sdiff.ir import Bind, Const
from s2sdiff.kinds import ANY, Kind, unknown_dim

__all__ = ["EXACT"]


def transposed(bind: Bind, kinds: list[Kind]) -> Kind | None:
    """The kind of `a.transpose(0, 2, 1)`, of any rank; None where the axes are not literals."""
    a, axes = kinds[0], [x.value if isinstance(x, Const) else None for x in bind.args[1:]]
    if len(axes) == 1 and type(axes[0]) is tuple:
        axes = list(axes[0])
    n = len(a.shape or ())
    if not a.is_array or bind.kwargs or len(axes) != n or not all(
            type(i) is int and -n <= i < n for i in axes):
        return None
    return a._replace(shape=tuple([(a.shape or ())[i] for i in axes]))


def padded(bind: Bind, kinds: list[Kind]) -> Kind | None:
    """The kind of `np.pad(a, …)`: that of `a`, with other lengths."""
    a = kinds[0]
    return a._replace(shape=tuple([unknown_dim() for _ in a.shape])) \
        if a.is_array and a.shape is not None else None


def windowed(bind: Bind, kinds: list[Kind]) -> Kind | None:
    """The kind of `sliding_window_view(a, window, axis)`: an axis more for each that slides."""
    a, window = kinds[0], kinds[1] if len(kinds) > 1 else ANY
    named = dict(bind.kwargs)
    axis = bind.args[2] if len(bind.args) > 2 else named.pop("axis", Const(None))
    if not a.is_array or a.shape is None or named or not isinstance(axis, Const):
        return None
    along = axis.value
    if along is None and (window.items is not None or window.type is int):
        along = range(len(window.items or (window,)))
    if type(along) not in (int, tuple, range):
        return None
    more = 1 if type(along) is int else len(along)
    dims = tuple([unknown_dim() for _ in range(len(a.shape) + more)])
    return Kind(np.ndarray, dims, a.field, a.dtype)


def divided(bind: Bind, kinds: list[Kind]) -> Kind | None:
    """The kind of `np.split(a, n)`: a list of `n` arrays like `a`, of other lengths."""
    a, sections = kinds[0], bind.args[1] if len(bind.args) > 1 else None
    if not a.is_array or not a.shape or not isinstance(sections, Const) or \
            type(sections.value) is not int or not 0 < sections.value <= _SECTIONS:
        return None
    return Kind(list, items=tuple([
        a._replace(shape=tuple([unknown_dim() for _ in a.shape]))
        for _ in range(sections.value)]))


#: Of so many parts each is known by itself.
_SECTIONS = 16

#: By identity of a function: what is known of its result from the kinds of its arguments.
EXACT: dict[int, Callable[[Bind, list[Kind]], Kind | None]] = {
    **{id(f): transposed for f in (np.transpose, vars(np.ndarray)["transpose"])},
    id(np.pad): padded,
    **{id(f): divided for f in (np.split, np.array_split, np.hsplit, np.vsplit)},
    id(sliding_window_view): windowed,
}
