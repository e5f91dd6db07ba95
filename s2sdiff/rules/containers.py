"""Tuples, lists and dicts: building, unpacking, reversing, pairing; a cotangent has their shape.

The cotangent of a tuple is a tuple of the same length, with None for entries that are zero; that of
a list is a list and that of a dict a dict.  An array serves as well where one is walked over.
"""

from __future__ import annotations

import copy
from typing import Any

import numpy as np

from s2sdiff import ops
from s2sdiff.registry import constant, derivative
from s2sdiff.rules.shared import unsupported

__all__ = ["items_back"]


def items_back(bars: Any, like: Any) -> Any:
    """The cotangents of the items of `like`, walked in order, as a cotangent of `like`.

    >>> items_back([1.0, None], (5.0, 6.0)), items_back([1.0, None], np.ones(2))
    ((1.0, None), array([1., 0.]))
    """
    bars = list(bars)
    if isinstance(like, np.ndarray):
        rows = [np.zeros(like.shape[1:], like.dtype) if g is None else g for g in bars]
        return np.stack(rows) if rows else np.zeros(like.shape, like.dtype)
    if isinstance(like, list):
        return bars
    if isinstance(like, tuple):
        return type(like)(*bars) if hasattr(like, "_fields") else tuple(bars)
    return None


def length_checked(values: Any) -> Any:
    """The values, if they can be walked over a second time."""
    if not isinstance(values, (list, tuple, np.ndarray, dict, range, str)):
        raise unsupported(f"walking over a {type(values).__name__} here uses it up",
                          "make a list of it first")
    return values


@derivative(of=ops.tuple_)
def tuple_(*items):
    count = len(items)
    return items, lambda items_bar: tuple(items_bar or [None] * count)


@derivative(of=ops.list_)
def list_(*items):
    count = len(items)
    return list(items), lambda items_bar: tuple(items_bar or [None] * count)


@derivative(of=ops.dict_)
def dict_(*items, **mappings):
    def pullback(dict_bar):
        bars: list[Any] = []
        for i, key in enumerate(items[::2]):
            # A key that comes again later has the later value.
            last = key not in items[2 * i + 2::2] and key not in mappings
            bars += [None, dict_bar.get(key) if last else None]
        return tuple(bars), {key: dict_bar.get(key) for key in mappings}

    return ops.dict_(*items, **mappings), pullback


@derivative(of=ops.unpack, wrt="value")
def unpack(value, before, after):
    length_checked(value)

    def pullback(items_bar):
        if after is None:
            return items_back(items_bar, value)
        rest = items_bar[before]
        count = len(value) - before - after
        middle = [None] * count if rest is None else list(rest)
        return items_back([*items_bar[:before], *middle, *items_bar[before + 1:]], value)

    return ops.unpack(value, before, after), pullback


@derivative(of=tuple)
def to_tuple(iterable=(), /):
    length_checked(iterable)
    return tuple(iterable), lambda items_bar: items_back(items_bar, iterable)


@derivative(of=list)
def to_list(iterable=(), /):
    length_checked(iterable)
    return list(iterable), lambda items_bar: items_back(items_bar, iterable)


@derivative(of=reversed)
def reversed_(sequence, /):
    length_checked(sequence)
    value = [sequence[i] for i in range(len(sequence) - 1, -1, -1)]
    return value, lambda items_bar: items_back(list(items_bar)[::-1], sequence)


@derivative(of=sorted, wrt="iterable")
def sorted_(iterable, /, *, key=None, reverse=False):
    values = list(length_checked(iterable))
    keys = values if key is None else [key(v) for v in values]
    order = sorted(range(len(values)), key=lambda i: keys[i], reverse=reverse)

    def pullback(items_bar):
        bars: list[Any] = [None] * len(values)
        for i, g in zip(order, items_bar, strict=True):
            bars[i] = g
        return items_back(bars, iterable)

    return [values[i] for i in order], pullback


@derivative(of=zip, wrt="iterables")
def zip_(*iterables, strict=False):
    sources = [length_checked(s) for s in iterables]
    value = list(zip(*sources, strict=strict))

    def pullback(rows_bar):
        rows = [[None] * len(sources) if row is None else row for row in rows_bar]
        bars = []
        for k, source in enumerate(sources):
            column = [row[k] for row in rows] + [None] * (len(source) - len(rows))
            bars.append(items_back(column, source))
        return tuple(bars)

    return value, pullback


@derivative(of=enumerate, wrt="iterable")
def enumerate_(iterable, start=0):
    length_checked(iterable)

    def pullback(rows_bar):
        return items_back([None if row is None else row[1] for row in rows_bar], iterable)

    return list(enumerate(iterable, start)), pullback


@derivative(of=dict.get, wrt=("self", "default"))
def dict_get(self, key, default=None, /):
    keys = list(self)

    def pullback(value_bar):
        if key in keys:
            return {k: value_bar if k == key else None for k in keys}, None
        return None, value_bar

    return self.get(key, default), pullback


@derivative(of=dict.values)
def dict_values(self, /):
    keys = list(self)
    return list(self.values()), lambda bars: dict(zip(keys, bars, strict=True))


@derivative(of=dict.items)
def dict_items(self, /):
    keys = list(self)

    def pullback(rows_bar):
        return {k: None if row is None else row[1] for k, row in zip(keys, rows_bar, strict=True)}

    return list(self.items()), pullback


@derivative(of=[dict.copy, list.copy])
def copy_method(self, /):
    return self.copy(), lambda bar: bar


@derivative(of=copy.copy)
def copy_copy(x):
    return copy.copy(x), lambda x_bar: x_bar


@derivative(of=copy.deepcopy, wrt="x")
def deepcopy(x, memo=None):
    return copy.deepcopy(x, memo), lambda x_bar: x_bar


constant(dict.keys, length_checked)
