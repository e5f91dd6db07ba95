"""Kinds of what gives lists, dicts and deques, and of what their methods give."""

from __future__ import annotations

import functools
import itertools
import operator
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from s2sdiff import ops
from s2sdiff.ir import Bind, Const, Ref
from s2sdiff.kinds import ANY, Kind, scalar
from s2sdiff.kinds_in_common import as_key
from s2sdiff.kinds_joined import join
from s2sdiff.transforms import staying
from s2sdiff.transforms.context import Context

__all__ = ["VIEWS", "in_order", "joined", "kept", "made", "merged", "of_dict", "of_display",
           "of_list", "shapes_of", "view"]

_EMPTY = Kind(list, items=())


def kept(bind: Bind, kinds: list[Kind], found: Kind, context: Context) -> Kind:
    """What stays known of a list, dict or deque while such are written."""
    if context.single.issuperset(bind.targets):
        return found
    if not context.lists_alike or (found.type is not list and not context.dicts_alike):
        return Kind(found.type)
    if found == _EMPTY or (found.type is not list and not bind.args and not bind.kwargs):
        return _mixed(context.made_empty.get(bind.targets[0], Kind(found.type)), bind, context)
    if bind.calls(ops.dict_) and not bind.kwargs:
        under = staying.common(kinds[1::2], context.dicts_alike) or _real(kinds[1::2])
        if under is not None and under.type in context.lists_real:
            under = staying.REAL
        return _mixed(Kind(dict, value=under, key=as_key(kinds[::2])), bind, context) \
            if under is not None and staying.keeps(under) else found
    known = staying.alike(found, context.dicts_alike)
    if bind.calls(ops.list_) and known.each is None and found.items:
        known = Kind(list, value=_real(found.items))
    if not _makes_list(bind, kinds):
        return known
    return staying.real(_mixed(known, bind, context), context.lists_real)


def kept_inside(found: Kind, context: Context) -> Kind:
    """What stays known of a tuple that a call gives, of whose lists nobody has a name yet."""
    if found.items and found.is_tuple:
        return found._replace(items=tuple([kept_inside(k, context) for k in found.items]))
    if found.type not in (list, dict, deque) or not context.lists_alike:
        return staying.without_items(found)
    return staying.real(staying.alike(found, context.dicts_alike), context.lists_real)


def _real(kinds: Sequence[Kind]) -> Kind | None:
    """The kind of real numbers of several types, where these are such."""
    numbers = all(k.is_scalar and (k.field == "real" or k.type is int) for k in kinds)
    return staying.REAL if numbers and any(k.field == "real" for k in kinds) else None


def _mixed(kind: Kind, bind: Bind, context: Context) -> Kind:
    """A new list or dict, as one into which real numbers of all types are written."""
    each = kind.each or kind.under
    known = each is not None and each.is_scalar and each.field in ("real", "int")
    return kind._replace(value=staying.REAL) if known and \
        bind.targets[0] in context.lists_mixed else kind


def of_display(bind: Bind, kinds: list[Kind]) -> Kind:
    """`{key: value, ...}`: what is under each key, where all are texts."""
    if not bind.args and not bind.kwargs:
        return Kind(dict, items=(), value=())
    keys = tuple([a.value for a in bind.args[::2] if isinstance(a, Const) and type(a.value) is str])
    if not keys or len(set(keys)) * 2 != len(kinds):
        each = staying.common(kinds[1::2]) if kinds and not bind.kwargs else None
        return Kind(dict) if each is None or not staying.keeps(each) else \
            Kind(dict, value=each, key=as_key(kinds[::2]))
    return Kind(dict, items=tuple(kinds[1::2]), value=keys)


def merged(a: Kind, b: Kind) -> Kind:
    """`a | b` of dicts: what is under each key, where all of them are known."""
    if a.items is None or b.items is None:
        return Kind(dict)
    held = dict(zip(a.value, a.items, strict=True)) | dict(zip(b.value, b.items, strict=True))
    return Kind(dict, items=tuple(held.values()), value=tuple(held))


def _makes_list(bind: Bind, kinds: list[Kind]) -> bool:
    """A call that surely gives a list that nobody else has."""
    fn = bind.fn.object if isinstance(bind.fn, Ref) else None
    if fn is operator.getitem:
        return kinds[1].type is slice
    return any(fn is f for f in (ops.list_, ops.grown, list, operator.mul, operator.add)) or (
        fn is ops.method and bind.args[1] == Const("copy"))


def joined(fn: Any, kinds: list[Kind]) -> Kind | None:
    """The sum of two lists, or a repeated one: a list of items that are all of one kind.

    Of two tuples, what is in both.
    """
    if fn is operator.add and all(k.type is tuple and k.items is not None for k in kinds):
        return Kind(tuple, items=tuple([i for k in kinds for i in k.items or ()]))
    lists = [staying.alike(k) for k in kinds if k.type is list]
    if len(kinds) != 2 or not lists or lists[0].each is None or lists[0] != lists[-1]:
        return None
    if fn is operator.add and len(lists) == 2:
        return lists[0]
    return lists[0] if fn is operator.mul and any(k.type is int for k in kinds) else None


def made(bind: Any, kinds: list[Kind], element: Callable[[Kind], Kind]) -> Kind:
    """`list(xs)` and `deque(xs)`."""
    cls = bind.fn.object
    if bind.kwargs or len(kinds) > 1:
        return ANY
    if not kinds:
        return _EMPTY if cls is list else Kind(cls)
    each = staying.blurred(element(kinds[0]))
    known = kinds[0].type in (range, list, tuple, np.ndarray, itertools.accumulate)
    return Kind(cls, value=each) if known and each != ANY else Kind(cls)


def in_order(kinds: list[Kind], element: Callable[[Kind], Kind]) -> Kind:
    """`sorted(xs)`, by whatever key."""
    each = staying.blurred(element(kinds[0])) if kinds else ANY
    return Kind(list) if each == ANY else Kind(list, value=each)


def of_list(bind: Bind, kind: Kind) -> Kind:
    """What a method of a list gives."""
    name = bind.args[1]
    if name in (Const("index"), Const("count")):
        return scalar(int, "int")
    if name == Const("pop"):
        return kind.each or ANY
    if name == Const("copy"):
        return kind
    return Kind(type(None)) if isinstance(name, Const) and name.value in _OF_LISTS else ANY


def of_dict(bind: Bind, kinds: list[Kind]) -> Kind:
    """What a method of a dict gives of which all values have one kind."""
    under, name = kinds[0].under, bind.args[1]
    if name == Const("copy") and kinds[0].type is dict:
        return kinds[0]
    if kinds[0].type is deque:
        return under or ANY if name in (Const("pop"), Const("popleft")) else ANY
    if under is not None and kinds[0].type is dict and getattr(name, "value", None) in VIEWS:
        return view(bind, kinds[0])
    if under is None or name not in (Const("get"), Const("pop"), Const("setdefault")):
        return ANY
    if len(kinds) == 3:
        return under if name == Const("pop") else ANY
    return under if len(kinds) == 4 and staying.fits(kinds[3], under) else ANY


#: The types of what a dict's methods of these names give.
VIEWS: dict[str, type] = {name: type(getattr({}, name)()) for name in ("items", "keys", "values")}


def view(bind: Bind, kind: Kind) -> Kind:
    """`d.items()` and the like, of a dict of which all values, or those by key, are known."""
    name = getattr(bind.args[1], "value", None)
    if name not in VIEWS or len(bind.args) != 2 or bind.kwargs:
        return ANY
    each = kind.under or functools.reduce(join, kind.items or ())
    key = kind.drawn
    drawn = {"items": Kind(tuple, items=(key, each)), "keys": key, "values": each}
    return Kind(VIEWS[name], items=(drawn[name],))


def shapes_of(_: Any, kinds: list[Kind]) -> Kind:
    """The kind of what `shapes_of` gives of a list."""
    kind = kinds[0]
    if kind.type is not list or (kind.items is None and kind.each is None):
        return ANY
    each = kind.items if kind.items is not None else (kind.each or ANY,)
    if not each or not all(k.is_array and k.shape for k in each):
        return ANY
    shapes = tuple([Kind(tuple, items=(scalar(int, "int"),) * len(k.shape or ())) for k in each])
    return Kind(list, items=shapes) if kind.items is not None else Kind(list, value=shapes[0])


_OF_LISTS = ("append", "extend", "insert", "remove", "clear", "reverse", "sort")
