"""Kinds of results that follow from those of the arguments in a way of their own."""

from __future__ import annotations

import bisect
import functools
import io
import math
import operator
import random
import time
import types
from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff import ops, runtime
from s2sdiff.ir import Bind, Const, Ref, Star
from s2sdiff.kinds import ANY, Growing, Kind, field_of_dtype, fresh, scalar, unknown_dim
from s2sdiff.kinds_joined import join, of_items
from s2sdiff.runtime import cells, choosing, drawing, joined, standins_ordering, values, walks
from s2sdiff.runtime.shadow_slots import Parts
from s2sdiff.transforms import arranged, brackets, factors, holders, kinds_of_items, parts
from s2sdiff.transforms.arithmetic import MATMUL, elementwise, matrix_product
from s2sdiff.transforms.kinds_of_items import element

__all__ = ["EXACT", "KNOWN", "arrayed", "element"]

_TESTS = frozenset({operator.is_, operator.is_not, operator.not_, isinstance, callable, hasattr,
                    ops.contains, ops.not_contains, bool, any, all})
#: Whatever they are asked of, they answer with a bool.
_IDENTITIES = (operator.is_, operator.is_not)


def place_in(source: Kind, key: Kind) -> Kind:
    """The kind of a key, which is not None where that raises."""
    return key.unless_none or key if source.type in (list, tuple) else key


def _parts(kind: Kind) -> Kind:
    """What stands for a value of a kind, which is what `items` has."""
    if kind.items is not None and kind.is_tuple:
        return kind._replace(items=tuple(map(_parts, kind.items)))
    if kind.type in (list, dict):
        return Kind(Parts, items=(kind,))
    return kind if kind.is_number else ANY


def _gradient(like: Kind) -> Kind:
    """A cotangent in the structure of what is of a kind."""
    if like.type is Parts and like.items is not None:
        (like,) = like.items
    if like.is_number:
        return like if like.field in ("real", "complex") else ANY
    if like.items is not None and (like.type in (list, dict) or like.is_tuple):
        return like._replace(items=tuple(map(_gradient, like.items)))
    each = like.each or like.under
    if each is not None:
        return like._replace(value=_gradient(each))
    return Kind(type(None)) if like.inert and like.field != "int" else ANY


def _opened(bind: Bind) -> Kind:
    """A file of text, where the mode says so."""
    modes = [*bind.args[1:2], *[a for k, a in bind.kwargs if k == "mode"]]
    plain = all(k in ("mode", "encoding", "newline") for k, _ in bind.kwargs) and \
        len(bind.args) < 3 and Star not in map(type, bind.args)
    text = all(isinstance(a, Const) and "b" not in str(a.value) for a in modes)
    return Kind(io.TextIOWrapper) if plain and text else ANY


def _growing(items: tuple[Kind, ...] | None) -> Kind:
    """A list that is being made, which has these items."""
    if items is None:
        return Kind(Growing, items=(ANY,))
    return Kind(Growing, items=(of_items(items),) if items else ())


def _of_growing(made: Kind, key: Kind) -> Kind:
    """What is read of a list that is being made."""
    each = (made.items or (ANY,))[0]
    if key.type is slice:
        return Kind(list) if each == ANY else Kind(list, value=each)
    return each if key.type is int or issubclass(key.type or object, np.integer) else ANY


def _test(bind: Bind, kinds: list[Kind]) -> Kind:
    known = all(k.type is not None or k.unless_none is not None for k in kinds)
    return scalar(bool) if known else ANY


def _unpacked(bind: Bind, kinds: list[Kind]) -> Kind:
    source, (_, before, after) = kinds[0], bind.args
    if after != Const(None) or not isinstance(before, Const):
        return ANY
    if source.items is not None and (source.type is list or source.is_tuple):
        return source if source.type in (tuple, list) else Kind(tuple, items=source.items)
    each = element(source)
    return Kind(tuple, items=(each,) * before.value) if each is not ANY else ANY


def _placed(bind: Bind, kinds: list[Kind]) -> Kind:
    dims = kinds[1].items
    shape = tuple([i.dim or unknown_dim() for i in dims]) if dims is not None else None
    return Kind(np.ndarray, shape, kinds[0].field, _dtype(kinds[0])) if kinds[0].is_number else ANY


def _dtype(kind: Kind) -> Any:
    """That of an array of such numbers; None where it is not known."""
    return np.dtype(kind.type) if kind.type in (float, complex) else kind.dtype


def _filled(bind: Bind, kinds: list[Kind]) -> Kind | None:
    """The kind of `np.full(shape, value)`; None where more is given, or less is known."""
    if len(kinds) != 2 or bind.kwargs or kinds[0].items is None or not kinds[1].is_number:
        return None
    shape = tuple([i.dim or unknown_dim() for i in kinds[0].items])
    return Kind(np.ndarray, shape, kinds[1].field, _dtype(kinds[1]))


def _join_floats(bind: Bind, kinds: list[Kind]) -> Kind:
    if not all(k.is_scalar for k in kinds):
        return elementwise(operator.truediv, kinds[:2], None)
    if any(k.field == "complex" for k in kinds):
        return scalar(None, "complex")
    return scalar(float) if all(k.type in (float, int) for k in kinds) else scalar()


def _field(bind: Bind, kinds: list[Kind]) -> Kind:
    """An attribute of an object of which all attributes are known."""
    name, owner = bind.args[1], kinds[0]
    at = factors.part(bind, owner)
    if at is not None:
        return (owner.items or ())[at]
    if not isinstance(name, Const) or owner.items is None or owner.value is None or \
            owner.type in (dict, slice) or name.value not in owner.value:
        return ANY
    return fresh(owner.items[owner.value.index(name.value)])


def _summed(bind: Bind, kinds: list[Kind]) -> Kind:
    """The sum of numbers, or of some arrays, in a list; an empty one's is the int 0."""
    known = kinds[0].items if kinds and kinds[0].type in (list, tuple) else None
    if known and len(kinds) == 1 and not bind.kwargs and all(k.is_number for k in known) and \
            any(k.is_array for k in known):
        return functools.reduce(lambda a, b: elementwise(operator.add, [a, b], None), known)
    each = _each(kinds[0]) if kinds else None
    if each is None or len(kinds) > 2 or bind.kwargs:
        return ANY
    parts = [each, *kinds[1:]]
    if all(k.type in (int, bool) for k in parts):
        return scalar(int, "int")
    fields = {k.field for k in parts}
    if not all(k.is_scalar for k in parts) or fields - {"real", "complex", "int"} or \
            each.field == "int":
        return ANY
    several = kinds[0].items or len(kinds) == 2
    if several and {k.type for k in parts} in ({float}, {np.float64}):
        return scalar(each.type)
    return scalar(None, "complex" if "complex" in fields else "real")


def _each(kind: Kind) -> Kind | None:
    """The kind of all that is in a list, a tuple or a vector."""
    if kind.type in (list, tuple) and kind.items:
        return element(kind)
    if kind.is_array and kind.shape is not None and len(kind.shape) == 1:
        return Kind(None if kind.dtype is None else kind.dtype.type, (), kind.field, kind.dtype)
    return kind.each


def arrayed(bind: Bind, kinds: list[Kind], told: Any) -> Kind:
    """An array of a list of numbers, or of arrays, with the dtype that is `told`, if any."""
    each = kinds[0].each
    if each is None or told is False:
        return ANY
    if each.is_array and (told or each.dtype) == np.float64:
        return Kind(np.ndarray, None, "real", np.dtype(float))  # of no arrays, the rank is 1
    if not each.is_scalar:
        return ANY
    dtype = told or (np.dtype(each.type) if each.type in (float, complex) else each.dtype)
    known = dtype is not None and dtype.kind in "fc"
    return Kind(np.ndarray, (unknown_dim(),), field_of_dtype(dtype), dtype) if known else ANY


def _one_of(bind: Bind, kinds: list[Kind]) -> Kind:
    """One of several numbers."""
    if len(kinds) == 1 and not bind.kwargs:
        each = _each(kinds[0])
        return each if each is not None and each.is_scalar else ANY
    plain = {k._replace(dim=None) for k in kinds}
    scalars = len(kinds) > 1 and not bind.kwargs and all(k.is_scalar for k in kinds)
    return functools.reduce(join, plain) if scalars else ANY


#: What always gives a float, whatever it accepts: with anything else it raises.
_FLOATS = (float, *(getattr(math, name) for name in (
    "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "cbrt", "copysign", "cos", "cosh",
    "degrees", "dist", "erf", "erfc", "exp", "exp2", "expm1", "fabs", "fmod", "fsum", "gamma",
    "hypot", "ldexp", "lgamma", "log", "log10", "log1p", "log2", "nextafter", "pow", "radians",
    "remainder", "sin", "sinh", "sqrt", "tan", "tanh", "ulp",
) if hasattr(math, name)))


#: What always gives an int.
_COUNTS = (values.next_place, choosing.place_of, bisect.bisect_left,
           standins_ordering.first,
           bisect.bisect_right, ord, operator.index, tuple.index, tuple.count, random.randrange,
           random.randint)


#: Those of which more is known, at times, than examples tell.
EXACT: dict[int, Callable[[Any, list[Kind]], Kind | None]] = {
    id(np.full): _filled, id(runtime.full): _filled,
    id(np.einsum): parts.product, id(np.inner): parts.product,
    id(np.convolve): lambda bind, kinds: parts.convolved(kinds) if not bind.kwargs else None,
    **{id(f): parts.flattened for f in (
        np.ravel, vars(np.ndarray)["ravel"], vars(np.ndarray)["flatten"])},
    **arranged.EXACT,
    id(np.interp): lambda bind, kinds: parts.interpolated(kinds) if not bind.kwargs else None,
}

#: Those whose results' kinds follow from their arguments' in a way of their own.
KNOWN: dict[Any, Callable[[Any, list[Kind]], Kind]] = {
    type: lambda _, kinds: Kind(type) if len(kinds) == 1 else ANY,
    chr: lambda *_: Kind(str),
    np.ndarray.tobytes: lambda *_: Kind(bytes),
    **dict.fromkeys((runtime.match, runtime.match_number), lambda _, kinds: kinds[1]),
    runtime.parts: lambda _, kinds: _parts(kinds[0]),
    runtime.gradient: lambda _, kinds: _gradient(kinds[1]),
    **dict.fromkeys((runtime.zeros, runtime.copy, runtime.passed_on, runtime.sign),
                    lambda _, kinds: kinds[0]),
    runtime.unbroadcast: lambda _, kinds: parts.unbroadcast(kinds),
    runtime.divide: _join_floats,
    runtime.power: _join_floats,
    **dict.fromkeys((runtime.place, runtime.on_diagonal), _placed),
    # As the module itself, they hold nothing that has a derivative here.
    globals: lambda *_: Kind(types.ModuleType),
    cells.seen: lambda _, kinds: kinds[1],
    ops.number: lambda _, kinds: kinds[0].unless_none or kinds[0],
    ops.named: lambda s, kinds: Kind(s.args[1].object, items=kinds[0].items)
    if type(s.args[1]) is Ref else ANY,  # where the class is handed on
    ops.tuple_: lambda _, kinds: Kind(tuple, items=tuple(kinds)),
    ops.list_: lambda _, kinds: Kind(list, items=tuple(kinds)),
    ops.unpack: _unpacked,
    **dict.fromkeys((ops.resized, runtime.resized), lambda _, kinds: kinds[0]._replace(shape=None)
                    if kinds[0].is_array else kinds[0]),
    **dict.fromkeys((ops.reshaped, runtime.reshaped), lambda bind, kinds: kinds[0] if not
                    kinds[0].is_array else kinds[0]._replace(
                        shape=parts.reshaped(bind, kinds).shape)),
    ops.growing: lambda _, kinds: _growing(kinds[0].items if kinds[0].type is list else None),
    ops.appended: lambda _, kinds: join(kinds[0], _growing((kinds[1],))),
    ops.item_of: lambda _, kinds: Kind(tuple, items=(_of_growing(*kinds), kinds[0])),
    ops.grown: lambda _, kinds: Kind(list, value=kinds[0].items[0] if kinds[0].items else None),
    **dict.fromkeys((list, deque), lambda bind, kinds: holders.made(bind, kinds, element)),
    joined.shapes_of: holders.shapes_of,
    ops.dict_: lambda bind, kinds: holders.of_display(bind, kinds),
    getattr: lambda bind, kinds: _field(bind, kinds),
    **dict.fromkeys((time.time, time.perf_counter, time.monotonic, time.process_time),
                    lambda *_: scalar(float)),
    np.random.default_rng: lambda *_: Kind(np.random.Generator),
    open: lambda bind, kinds: _opened(bind),
    dict: lambda bind, kinds: kinds[0] if bind.args and not bind.kwargs and
    kinds[0].type is dict else Kind(dict),
    slice: lambda _, kinds: Kind(slice),
    **dict.fromkeys((range, choosing.columns), lambda _, kinds: Kind(range)),
    # Of no numbers it is an int.
    math.prod: lambda bind, kinds: scalar() if not bind.kwargs and element(
        kinds[0]).is_scalar and element(kinds[0]).field == "real" else ANY,
    **dict.fromkeys(_COUNTS, lambda *_: scalar(int, "int")),
    choosing.function_of: lambda *_: Kind(types.FunctionType),
    choosing.itself: lambda *_: Kind(types.FunctionType),
    choosing.functions_of: lambda *_: Kind(list, value=Kind(types.FunctionType)),
    choosing.key_of: lambda _, kinds: kinds[0],
    values.keys_of: lambda _, kinds: Kind(list, value=kinds[0].drawn)
    if kinds[0].drawn != ANY else Kind(list),
    sorted: lambda bind, kinds: holders.in_order(kinds, element),
    standins_ordering.order: lambda *_: Kind(list, value=scalar(int, "int")),
    **dict.fromkeys((operator.lshift, operator.rshift), lambda _, kinds: scalar(int, "int")
                    if all(k.type is int for k in kinds) else ANY),
    drawing.given: lambda *_: scalar(bool),
    **dict.fromkeys((values.indices, values.places, values.places_back, walks.steps),
                    lambda *_: Kind(types.GeneratorType, items=(scalar(int, "int"),))),
    **kinds_of_items.ITERATORS,
    operator.getitem: lambda bind, kinds: brackets.kind_of(bind, kinds[1])
    if brackets.joins(bind) else parts.item(bind, [kinds[0], place_in(*kinds)]),
    np.where: lambda bind, kinds: elementwise(bind.fn.object, kinds, bind),
    np.clip: lambda bind, kinds: elementwise(bind.fn.object, kinds, bind),
    sum: lambda bind, kinds: _summed(bind, kinds),
    min: _one_of,
    max: _one_of,
    **dict.fromkeys(parts.JOINS, parts.joined),
    **dict.fromkeys(parts.MATRICES, parts.matrix),
    **dict.fromkeys(_TESTS, _test),
    **dict.fromkeys(_IDENTITIES, lambda *_: scalar(bool)),
    **dict.fromkeys(_FLOATS, lambda *_: scalar(float)),
    **dict.fromkeys((math.isfinite, math.isinf, math.isnan), lambda *_: scalar(bool)),
    **dict.fromkeys(MATMUL, matrix_product),
}
