"""Kinds of what axes are put in another order, padded, split or looked at through windows."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from s2sdiff.ir import Bind, Const, Ref, replace
from s2sdiff.kinds import ANY, Kind, scalar, unknown_dim
from s2sdiff.transforms import witness
from s2sdiff.transforms.arithmetic import elementwise

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


def lengthened(bind: Bind, kinds: list[Kind]) -> Kind | None:
    """The kind of `np.repeat(a, counts)` and `np.delete(a, places)`: a vector without an axis."""
    a, options = kinds[0], dict(bind.kwargs)
    axis = bind.args[2] if len(bind.args) > 2 else options.pop("axis", Const(None))
    if not a.is_array or a.shape is None or options or not isinstance(axis, Const):
        return None
    rank = 1 if axis.value is None else len(a.shape)
    return a._replace(shape=tuple([unknown_dim() for _ in range(rank)])) if rank else None


def stretched(bind: Bind, kinds: list[Kind]) -> Kind | None:
    """The kind of `np.broadcast_to(a, (2, n))`."""
    a, shape = kinds[0], kinds[1] if len(kinds) > 1 else ANY
    if not a.is_number or shape.type is not tuple or shape.items is None or bind.kwargs:
        return None
    dtype = a.dtype if a.is_array or a.dtype is not None else \
        np.dtype(a.type) if a.type in (float, complex, int) else None
    return None if dtype is None else Kind(np.ndarray, tuple(
        [i.dim or unknown_dim() for i in shape.items]), a.field, dtype)


def counted(bind: Bind, kinds: list[Kind]) -> Kind | None:
    """The kind of `np.bincount(places, weights=w)`, which is in double precision."""
    weighed = len(bind.args) > 1 or "weights" in dict(bind.kwargs)
    return Kind(np.ndarray, (unknown_dim(),), "real", np.dtype(float)) if weighed else None


def distinct(bind: Bind, kinds: list[Kind]) -> Kind | None:
    """The kind of `np.unique(a)`."""
    a = kinds[0]
    return a._replace(shape=(unknown_dim(),)) \
        if a.is_array and len(bind.args) == 1 and not bind.kwargs else None


def contracted(bind: Bind, kinds: list[Kind]) -> Kind | None:
    """The kind of `np.tensordot(a, b, axes=([1], [0]))`, of which only the rank is known."""
    axes = kinds[2] if len(kinds) > 2 else ANY
    a, b = kinds[0], kinds[1] if len(kinds) > 1 else ANY
    counts = {len(i.items) for i in axes.items or () if i.type in (list, tuple) and i.items}
    if not (a.is_array and b.is_array) or a.shape is None or b.shape is None or \
            a.dtype is None or b.dtype is None or len(counts) != 1 or len(axes.items or ()) != 2:
        return None
    rank = len(a.shape) + len(b.shape) - 2 * counts.pop()
    dtype = np.result_type(a.dtype, b.dtype)
    return Kind(np.ndarray, tuple([unknown_dim() for _ in range(rank)]), a.field, dtype) \
        if rank >= 0 and a.field == b.field else None


def drawn(bind: Bind, kinds: list[Kind]) -> Kind | None:
    """The kind of `np.fromiter(items, float)`."""
    dtype = getattr(bind.args[1], "object", None) if len(bind.args) > 1 else None
    return Kind(np.ndarray, (unknown_dim(),), "real", np.dtype(float)) \
        if dtype in (float, np.float64) else None


def weighed(bind: Bind, kinds: list[Kind]) -> Kind | None:
    """The kind of `np.average(a, axis, weights)` of floats: that of a mean."""
    options = [(k, a) for k, a in bind.kwargs if k != "weights"]
    if len(options) == len(bind.kwargs) or len(bind.args) > 2 or kinds[0].dtype != np.float64 or \
            {k for k, _ in options} - {"axis", "keepdims"} or not all(
                isinstance(a, Const) for _, a in options):
        return None
    return witness.probe(np.mean, replace(bind, fn=Ref(np.mean), kwargs=tuple(options)), kinds,
                         None)


def by_axes(bind: Bind, kinds: list[Kind]) -> Kind | None:
    """The kind of `np.linalg.cross(a, b)`, of vectors in space."""
    found = elementwise(operator.add, kinds[:2], None) if len(kinds) > 1 else ANY
    return found if found.is_array and not bind.kwargs else None


def crossed(bind: Bind, kinds: list[Kind]) -> Kind | None:
    """The kind of `np.cross(a, b)` where one is surely in space; of vectors in a plane it is less.
    """
    if len(kinds) != 2 or not all(k.is_array and k.shape for k in kinds) or not any(
            k.shape and k.shape[-1] == "#3" for k in kinds):
        return None
    ends = [k._replace(shape=(*(k.shape or ())[:-1], "#3")) for k in kinds]
    return by_axes(bind, ends)


def squeezed(bind: Bind, kinds: list[Kind]) -> Kind | None:
    """The kind of `np.squeeze(a, axis)`."""
    a, options = kinds[0], dict(bind.kwargs)
    axis = options.pop("axis", Const(None)) if len(bind.args) < 2 else bind.args[1]
    if not a.is_array or a.shape is None or options or not isinstance(axis, Const):
        return None
    dims, axes = a.shape, axis.value
    if axes is None:
        known = not any(type(d) is str and d[0] == "?" for d in dims)
        return a._replace(shape=tuple([d for d in dims if d != 1]) if known else None)
    axes = axes if type(axes) is tuple else (axes,)
    if not all(type(i) is int and -len(dims) <= i < len(dims) for i in axes):
        return None
    gone = {i % len(dims) for i in axes}
    return a._replace(shape=tuple([d for i, d in enumerate(dims) if i not in gone]))


def listed(bind: Bind, kinds: list[Kind]) -> Kind | None:
    """The kind of `a.tolist()` of a vector."""
    a = kinds[0]
    if not a.is_array or a.dtype is None or a.dtype.char not in "efdFD" or a.shape is None or len(
            a.shape) != 1 or len(kinds) > 1 or bind.kwargs:
        return None
    return Kind(list, value=scalar(complex, "complex") if a.dtype.kind == "c" else scalar(float))


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


def taken(bind: Bind, kinds: list[Kind]) -> Kind | None:
    """The kind of `np.take(a, places, axis)`."""
    options = dict(bind.kwargs)
    axis = options.pop("axis", Const(None)) if len(bind.args) < 3 else bind.args[2]
    if len(kinds) < 2 or len(kinds) > 3 or options or not isinstance(axis, Const):
        return None
    (a, places), axis = kinds[:2], axis.value
    listed = places.type in (list, tuple) and places.items and all(
        i.type is int for i in places.items)
    if not a.is_array or not a.shape or (axis is not None and type(axis) is not int) or not (
            listed or (places.is_array and places.field == "int" and places.shape)):
        return None
    rest = () if axis is None else [unknown_dim()] * (len(a.shape) - 1)
    inner = [unknown_dim()] * (1 if listed else len(places.shape or ()))
    return Kind(np.ndarray, (*inner, *rest), a.field, a.dtype)


def split(bind: Bind, kinds: list[Kind]) -> Kind | None:
    """The kind of `np.split(a, 3)` and `np.split(a, [2, 5])`, where it is told how many there are.
    """
    a, given = kinds[0], getattr(bind.args[1], "value", None) if len(bind.args) > 1 else None
    places = kinds[1] if len(kinds) > 1 else ANY
    count = given if type(given) is int else len(places.items) + 1 \
        if places.type in (list, tuple) and places.items is not None and all(
            i.type is int for i in places.items) else 0
    if not a.is_array or not a.shape or not 0 < count <= _MANY:
        return None
    axis = _AXES[bind.fn.object] if isinstance(bind.fn, Ref) and bind.fn.object in _AXES else \
        bind.args[2] if len(bind.args) > 2 else dict(bind.kwargs).get("axis", Const(0))
    along = getattr(axis, "value", None) if isinstance(axis, Const) else min(
        axis, len(a.shape) - 1) if type(axis) is int else None
    if type(along) is not int or not -len(a.shape) <= along < len(a.shape):
        part = a._replace(shape=tuple([unknown_dim() for _ in a.shape]))
        return Kind(list, items=(part,) * count)
    along %= len(a.shape)
    # Parts of one length, where it is a number of them that is given.
    equal = bind.fn != Ref(np.array_split) and type(given) is int
    dims = [unknown_dim()] * count if equal else [unknown_dim() for _ in range(count)]
    return Kind(list, items=tuple([
        a._replace(shape=(*a.shape[:along], d, *a.shape[along + 1:])) for d in dims]))


def broadcast(bind: Bind, kinds: list[Kind]) -> Kind | None:
    """The kind of `np.broadcast_arrays(a, b)`: the shape is that of their sum."""
    whole = elementwise(operator.add, kinds[:1] * 2, None)
    for k in kinds[1:]:
        whole = elementwise(operator.add, [whole, k], None)
    if bind.kwargs or not all(k.is_number for k in kinds) or whole.shape is None:
        return None
    dtypes = [k.dtype if k.is_array else np.dtype(k.type) if k.type in (
        int, bool, float, complex) else k.dtype for k in kinds]
    return Kind(tuple, items=tuple([
        Kind(np.ndarray, whole.shape, k.field, d) for k, d in zip(kinds, dtypes, strict=True)]))


#: The axis of those of which it is known; the last one, where there are fewer.
_AXES: dict[Any, int] = {np.hsplit: 1, np.vsplit: 0, np.dsplit: 2}
#: More parts than that are walked over by a loop.
_MANY = 16

#: By identity of a function: what is known of its result from the kinds of its arguments.
EXACT: dict[int, Callable[[Bind, list[Kind]], Kind | None]] = {
    **{id(f): transposed for f in (np.transpose, vars(np.ndarray)["transpose"])},
    id(np.pad): padded,
    **{id(f): taken for f in (np.take, vars(np.ndarray)["take"])},
    **{id(f): lengthened for f in (np.repeat, vars(np.ndarray)["repeat"], np.delete)},
    id(np.broadcast_to): stretched,
    id(np.tensordot): contracted,
    id(np.fromiter): drawn,
    id(np.average): weighed,
    id(np.linalg.cross): by_axes,
    id(np.cross): crossed,
    **{id(f): squeezed for f in (np.squeeze, vars(np.ndarray)["squeeze"])},
    id(vars(np.ndarray)["tolist"]): listed,
    id(np.bincount): counted,
    id(np.unique): distinct,
    id(np.add.reduceat): padded,
    **{id(f): split for f in (np.split, np.array_split, np.hsplit, np.vsplit, np.dsplit)},
    id(np.broadcast_arrays): broadcast,
    id(sliding_window_view): windowed,
}
