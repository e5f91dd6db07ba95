"""Peepholes of joined arrays: where the parts are written down, their cotangents are slices."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from s2sdiff import ops
from s2sdiff.ir import Bind, Const, Ref, Var
from s2sdiff.kinds import Kind, unknown_dim
from s2sdiff.transforms.meant import MISSING, constant_value
from s2sdiff.transforms.products import NOTHING

__all__ = ["layers", "lengths_of", "pieces", "shapes_of", "static_items", "structured"]

_SHAPE = vars(np.ndarray)["shape"]
_TOLIST = vars(np.ndarray)["tolist"]


def static_items(emit: Any, value: Any) -> tuple | list | None:
    """The parts of a tuple or list that is written down, or None."""
    if isinstance(value, (tuple, list)):
        return value
    if isinstance(value, Var):
        return emit.tuples.get(value.name)
    return None


def _parts(emit: Any, value: Any) -> tuple | list | None:
    """The parts of a display of numbers and arrays of known rank."""
    items = static_items(emit, value)
    if items is None or any(isinstance(i, (tuple, list)) for i in items):
        return None
    kinds = [emit.kind(i) for i in items]
    return items if all(k.is_number and k.shape is not None for k in kinds) else None


def _axis(emit: Any, axis: Any, ranks: set[int]) -> int | None:
    """An axis counted from the front, where all arrays have one rank."""
    value = constant_value(axis) if not isinstance(axis, (tuple, list)) else MISSING
    if type(value) is not int or len(ranks) != 1:
        return None
    (rank,) = ranks
    return value % rank if rank and -rank <= value < rank else None


def shapes_of(emit: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    items = _parts(emit, args[0])
    if items is None:
        return NOTHING
    return type(items)([emit.call(Ref(np.shape), [i], {}, "shape_1") for i in items])


def lengths_of(emit: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    items = _parts(emit, args[0])
    if items is None:
        return NOTHING
    axis = _axis(emit, args[1], {len(emit.kind(i).shape) for i in items})
    if axis is None or not all(isinstance(i, Var) and emit.kind(i).is_array for i in items):
        return NOTHING
    found = []
    for i in items:
        if axis:
            shape = emit.bind(Ref(_SHAPE), [i], {}, f"{i.name}_shape")
            found.append(emit.bind(Ref(operator.getitem), [shape, Const(axis)], {}, "length_1"))
        else:
            found.append(emit.bind(Ref(len, "len"), [i], {}, "length_1"))
    return type(items)(found)


def _cut_up(emit: Any, g: Any, parts: Any, axis: Any) -> int | None:
    """The axis along which a cotangent is cut up, where its parts are written down."""
    kind = emit.kind(g)
    if not isinstance(parts, (tuple, list)) or not kind.is_array or kind.shape is None:
        return None
    return _axis(emit, axis, {len(kind.shape)})


def pieces(emit: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    g, lengths, axis = args
    along = _cut_up(emit, g, lengths, axis)
    if along is None:
        return NOTHING
    kind, g, found, start = emit.kind(g), emit.full(g), [], None
    for i, length in enumerate(lengths):
        stop: Any = None
        if i < len(lengths) - 1:
            stop = length if start is None else \
                emit.bind(Ref(operator.add), [start, length], {}, "stop_1")
        cut = emit.bind(Ref(slice), [start or Const(None), stop or Const(None)], {}, "slice_1")
        if along:
            whole = [Const(slice(None))] * along
            cut = emit.bind(Ref(ops.tuple_), [*whole, cut], {}, "index_1")
        part = emit.bind(Ref(operator.getitem), [g, cut], {}, "piece_1")
        dim = emit.kind(length).dim or unknown_dim()
        shape = (*kind.shape[:along], dim, *kind.shape[along + 1:])
        emit.context.kinds[part.name] = kind._replace(shape=shape)
        found.append(part)
        start = stop
    return type(lengths)(found)


def layers(emit: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    g, shapes, axis = args
    along = _cut_up(emit, g, shapes, axis)
    if along is None:
        rank = len(emit.kind(g).shape or ())
        return _rows(emit, g, axis) if rank and _is_of_arrays(emit, shapes, rank - 1) else NOTHING
    g = emit.full(g)
    keys = [(slice(None),) * along + (i,) if along else i for i in range(len(shapes))]
    return type(shapes)([emit.bind(Ref(operator.getitem), [g, Const(k)], {}, "layer_1")
                         for k in keys])


def _is_of_arrays(emit: Any, shapes: Any, rank: int) -> bool:
    """The shapes, in a list, of arrays of a rank, of which it is not known how many there are."""
    kind = emit.kind(shapes)
    each = kind.items if kind.items is not None else (kind.each,)
    return kind.type is list and bool(each) and all(
        k is not None and k.type is tuple and len(k.items or ()) == rank for k in each)


def _rows(emit: Any, g: Any, axis: Any) -> Any:
    """A list of what lies along an axis of an array, of which it is not known how many there are.
    """
    kind = emit.kind(g)
    along = _axis(emit, axis, {len(kind.shape)}) if kind.is_array and kind.shape else None
    if along is None:
        return NOTHING
    g = emit.full(g)
    if along:
        g = emit.bind(Ref(np.moveaxis), [g, Const(along), Const(0)], {}, "rows_1")
    return emit.bind(Ref(list), [g], {}, "rows_1")


def _listed(emit: Any, g: Any, each: Kind | None) -> Any:
    """The cotangent of a list of numbers, or of arrays, that was made an array of."""
    kind = emit.kind(g)
    if each is None or not each.is_number or each.shape is None or not kind.is_array or \
            kind.shape is None or len(kind.shape) != len(each.shape) + 1:
        return NOTHING
    g = emit.full(g)
    if not each.is_float or kind.dtype != np.float64:
        return emit.bind(Ref(list), [g], {}, "items_1")
    made = emit.bind(Ref(_TOLIST), [g], {}, "items_1")
    emit.context.kinds[made.name] = Kind(list, value=each)
    return made


def structured(emit: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    g, like = args
    if not isinstance(like, (tuple, list)) and emit.kind(like).is_number:
        return g
    items, kind = _parts(emit, like), emit.kind(g)
    if items is None and static_items(emit, like) is None:
        return _listed(emit, g, emit.kind(like).each)
    if items is None and kind.is_array and kind.shape is not None:
        return _nested(emit, g, like, len(kind.shape))
    if items is None or not kind.is_array or kind.shape is None or \
            any(len(emit.kind(i).shape) != len(kind.shape) - 1 for i in items):
        return NOTHING
    g = emit.full(g)
    floats = [i for i in items if emit.kind(i).is_float]
    if len(floats) == len(items) > 1 and len(floats) < 9 and \
            sum(isinstance(i, Var) and i.name in emit.context.active for i in items) > 1:
        # As Python's floats, all at once: each is faster to compute with than NumPy's.
        names = [emit.context.names(f"{i.name}_bar" if isinstance(i, Var) else "unused")
                 for i in items]
        emit.out.append(Bind(tuple(names), Ref(_TOLIST), (g,), (), emit.loc))
        for name, i in zip(names, items, strict=True):
            emit.context.kinds[name] = emit.kind(i)
            if emit.is_masked(g):
                emit.masked.add(name)
        return type(items)([Var(n) for n in names])
    return type(items)([emit.bind(Ref(operator.getitem), [g, Const(k)], {}, "item_1")
                        for k in range(len(items))])


def _nested(emit: Any, g: Any, like: Any, rank: int) -> Any:
    """The cotangents of numbers and arrays in displays in a display, each an element or a row."""
    leaves: list[tuple[tuple[int, ...], Any]] = []
    if not _leaves(emit, like, (), rank, leaves) or len(leaves) > _MANY:
        return NOTHING
    g = emit.full(g)
    made = {path: emit.bind(Ref(operator.getitem), [g, Const(path[0] if path[1:] == () else path)],
                            {}, "item_1") for path, _ in leaves}

    def part(value: Any, path: tuple[int, ...]) -> Any:
        items = None if path in made else static_items(emit, value)
        return made.get(path, Const(None)) if items is None else type(items)([
            part(v, (*path, k)) for k, v in enumerate(items)])

    return part(like, ())


#: Larger matrices than four by four are written down by nobody.
_MANY = 16


def _leaves(emit: Any, value: Any, path: tuple[int, ...], rank: int,
            found: list[tuple[tuple[int, ...], Any]]) -> bool:
    """Note what is in displays; False where it is not known to have the rank that it must."""
    items = static_items(emit, value)
    if items is not None:
        return len(path) < rank and all(
            _leaves(emit, v, (*path, k), rank, found) for k, v in enumerate(items))
    if path and not (isinstance(value, Var) and value.name in emit.context.active):
        return True  # nobody asks for the cotangent of a constant row
    kind = emit.kind(value)
    found.append((path, value))
    return bool(path) and kind.is_number and kind.shape is not None and \
        len(kind.shape) == rank - len(path)


def of_reals(emit: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """Known where kinds are; of anything else the rule goes its general way when it is called."""
    items = static_items(emit, args[0])
    if items is None:
        kind = emit.kind(args[0])
        if kind.is_array:
            return Const(False)
        each = kind.each
        known = kind.items if kind.type in (list, tuple) else None
        kinds = known if known is not None else () if each is None else (each,)
        if not kinds:
            return NOTHING
    elif any(isinstance(i, (tuple, list)) for i in items):
        return NOTHING
    else:
        kinds = tuple([emit.kind(i) for i in items])
    real = all(k.is_scalar and k.field in ("real", "int") for k in kinds)
    return Const(True) if real else NOTHING


def for_each(emit: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    bar, count, like = args
    items = static_items(emit, like)
    if items is not None:
        return type(items)([bar] * len(items))
    made = [bar] if emit.kind(like).type is list else (bar,)
    return emit.call(Ref(operator.mul), [made, count], {}, "bars_1")
