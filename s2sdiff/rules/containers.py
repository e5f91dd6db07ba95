"""Tuples, lists, dicts and sets: building, unpacking, copying; a cotangent has their shape.

The cotangent of a tuple is a tuple of the same length, with None for entries that are zero; that of
a list is a list, or slots by index, and that of a dict or a set holds slots.  An array serves as
well where one is walked over.  What is walked over may be another one when the pullback runs, so
nothing is read of it then.
"""

from __future__ import annotations

import copy
import typing
from collections import OrderedDict, defaultdict, deque, namedtuple
from types import FunctionType
from typing import Any

from s2sdiff import ops
from s2sdiff.registry import constant, derivative
from s2sdiff.rules.sequences import (
    KEYS,
    as_given,
    drawn,
    in_order,
    no_keys_back,
    of_lists,
    pairs_back,
    pairs_of,
    parts_back,
)
from s2sdiff.rules.shared import unsupported
from s2sdiff.runtime import add
from s2sdiff.runtime.carried import class_of

__all__ = ["sharing"]


def sharing(what: str) -> Any:
    """Mark the rule of a function whose result holds its arguments' own elements.

    "items": it is a new container of them; "element": it is one of them.
    """

    def mark(rule: Any) -> Any:
        rule.__s2sdiff_shares__ = what
        return rule

    return mark


@derivative(of=ops.tuple_)
@sharing("items")
def tuple_(*items):
    count = len(items)
    return items, lambda items_bar: tuple(items_bar or [None] * count)


@derivative(of=ops.list_)
@sharing("items")
def list_(*items):
    count = len(items)
    return list(items), lambda items_bar: tuple(in_order(items_bar, count))


@derivative(of=ops.set_)
@sharing("items")
def set_(*items):
    value, first = set_of(items)

    def pullback(set_bar):
        known = set_bar or {}
        return tuple(known.get(x) if came else None for x, came in zip(items, first, strict=True))

    return value, pullback


@derivative(of=ops.dict_)
@sharing("items")
def dict_(*items, **mappings):
    value = ops.dict_(*items, **mappings)
    keys = items[::2]

    def pullback(dict_bar):
        bars: list[Any] = []
        for i, key in enumerate(keys):
            # A key that comes again later has the later value.
            last = key not in keys[i + 1:] and key not in mappings
            bars += [None, dict_bar.get(key) if last else None]
        return tuple(bars), {key: dict_bar.get(key) for key in mappings}

    return value, pullback


def _unpacked(value: Any, before: int, after: int | None) -> tuple:
    """`ops.unpack` by another name, which is no unpacking where the rule is differentiated."""
    items = tuple(value)
    if after is None or len(items) < before + after:
        return ops.unpack(value, before, after) if after is not None else items
    stop = len(items) - after
    return (*items[:before], list(items[before:stop]), *items[stop:])


@derivative(of=ops.unpack, wrt="value")
@sharing("rest")
def unpack(value, before, after):
    items = drawn(value, before + 1 if after is None else None)

    def pullback(items_bar):
        if after is None:
            return parts_back(in_order(items_bar, len(items)), items, value)
        count = len(items) - before - after
        middle = in_order(items_bar[before], count)
        return parts_back([*items_bar[:before], *middle, *items_bar[before + 1:]], items, value)

    return _unpacked(items, before, after), pullback


@derivative(of=tuple)
@sharing("items")
def to_tuple(iterable=(), /):
    if isinstance(iterable, KEYS):
        items = list(iterable)
        return tuple(items), lambda items_bar: no_keys_back(in_order(items_bar, len(items)), items)
    items = drawn(iterable)
    return tuple(items), lambda items_bar: parts_back(
        in_order(items_bar, len(items)), items, iterable)


@derivative(of=list)
@sharing("items")
def to_list(iterable=(), /):
    if isinstance(iterable, KEYS):
        items = list(iterable)
        return list(items), lambda items_bar: no_keys_back(in_order(items_bar, len(items)), items)
    items = drawn(iterable)
    return list(items), lambda items_bar: parts_back(
        in_order(items_bar, len(items)), items, iterable)


@derivative(of=sorted, wrt="iterable")
@sharing("items")
def sorted_(iterable, /, *, key=None, reverse=False):
    values = drawn(iterable)
    keys = values if key is None else [key(v) for v in values]
    order = sorted(range(len(values)), key=keys.__getitem__, reverse=reverse)

    def pullback(items_bar):
        bars: list[Any] = [None] * len(values)
        for i, g in zip(order, in_order(items_bar, len(values)), strict=True):
            bars[i] = g
        return parts_back(bars, values, iterable)

    return [values[i] for i in order], pullback


def set_of(items: Any) -> tuple[set, list[bool]]:
    """The set of the items, and which of them are in it: of equal ones the first."""
    value: set = set()
    first = []
    for x in items:
        first.append(x not in value)
        value.add(x)
    return value, first


@derivative(of=set)
@sharing("items")
def to_set(iterable=(), /):
    return filled_set(set, iterable)


def filled_set(made: type, iterable: Any) -> tuple[Any, Any]:
    """The rule of `set` and `frozenset`."""
    items = drawn(iterable)
    value, first = made(as_given(iterable, items)), set_of(items)[1]

    def pullback(set_bar):
        known = set_bar or {}
        bars = [known.get(x) if came else None for x, came in zip(items, first, strict=True)]
        return parts_back(bars, items, iterable)

    return value, pullback


@derivative(of=frozenset)
@sharing("items")
def to_frozenset(iterable=(), /):
    return filled_set(frozenset, iterable)


@derivative(of=dict)
@sharing("items")
def to_dict(other=(), /, **kwargs):
    return made_dict(dict, other, kwargs)


@derivative(of=OrderedDict)
@sharing("items")
def to_ordered_dict(other=(), /, **kwargs):
    return made_dict(OrderedDict, other, kwargs)


@derivative(of=defaultdict)
@sharing("items")
def to_default_dict(default_factory=None, other=(), /, **kwargs):
    value, pull = made_dict(lambda *a, **k: defaultdict(default_factory, *a, **k), other, kwargs)
    return value, lambda dict_bar: (None, *pull(dict_bar))


def made_dict(cls, other, kwargs):
    """The rule of a class of dicts, of a mapping or pairs and of keywords."""
    pairs, listed = pairs_of(other), of_lists(other)
    value = cls(pairs, **kwargs)
    last = {key: i for i, (key, _) in enumerate(pairs) if key not in kwargs}

    def pullback(dict_bar):
        known = dict_bar or {}
        bars = [known.get(key) if last.get(key) == i else None for i, (key, _) in enumerate(pairs)]
        return pairs_back(bars, pairs, other, listed), {key: known.get(key) for key in kwargs}

    return value, pullback


def _register_fromkeys(cls):
    @derivative(of=cls.fromkeys)
    @sharing("items")
    def fromkeys(iterable, value=None, /):
        def pullback(dict_bar):
            total = None
            for g in (dict_bar or {}).values():
                total = add(total, g)
            return None, total

        return cls.fromkeys(iterable, value), pullback


for cls in (dict, OrderedDict, defaultdict):
    _register_fromkeys(cls)


@derivative(of=deque)
@sharing("items")
def to_deque(iterable=(), maxlen=None):
    items = drawn(iterable)
    value = deque(items, maxlen)
    lost = len(items) - len(value)

    def pullback(deque_bar):
        bars = [None] * lost + in_order(deque_bar, len(items) - lost)
        return parts_back(bars, items, iterable), None

    return value, pullback


# ------------------------------------------------------------------------------------ copies


COPIED: Any = (OrderedDict, defaultdict, dict, list, set, deque)


@derivative(of=[method for cls in COPIED
                for name in ("copy", "__copy__") if (method := vars(cls).get(name)) is not None])
@sharing("items")
def copy_method(self, /):
    # A class of the user's below dict has the copy of a dict, which is one.
    method = next(cls.copy for cls in COPIED if isinstance(self, cls))
    return method(self), lambda bar: bar


@derivative(of=ops.named, wrt="items")
@sharing("items")
def named(items, cls):
    return ops.named(items, cls), lambda bar: bar


@derivative(of=copy.copy)
@sharing("items")
def copy_copy(x):
    if any(isinstance(getattr(class_of(x), name, None), FunctionType)
           for name in ("__copy__", "__reduce__", "__reduce_ex__", "__getstate__", "__setstate__")):
        raise unsupported(f"{type(x).__name__} says itself how it is copied",
                          "call the method of it that makes a copy")
    return copy.copy(x), lambda x_bar: x_bar


@derivative(of=copy.deepcopy, wrt="x")
def deepcopy(x, memo=None):
    return copy.deepcopy(x, memo), lambda x_bar: x_bar


constant(
    list.index, list.count, tuple.index, tuple.count, deque.index, deque.count,
    *(getattr(cls, name) for cls in (list, tuple, dict, set, frozenset, deque)
      for name in ("__len__", "__contains__")),
    set.isdisjoint, set.issubset, set.issuperset, dict.keys, OrderedDict.keys,
)
constant(namedtuple, typing.NamedTuple)
