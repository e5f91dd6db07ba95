"""Reading dicts: `get`, `values`, `items`, and the union of two."""

from __future__ import annotations

import operator
from collections import OrderedDict, defaultdict
from typing import Any

from s2sdiff.registry import derivative
from s2sdiff.rules.containers import sharing
from s2sdiff.rules.sequences import check_keys, in_order
from s2sdiff.rules.set_reads import set_operation
from s2sdiff.rules.writes_dicts import method_of
from s2sdiff.runtime.walks import View

__all__: list[str] = []


@derivative(of=dict.get)
@sharing("element")
def dict_get(self, key, default=None, /):
    known = dict.__contains__(self, key)

    def pullback(value_bar):
        # A key that moves is another one, or none: what is found does not move with it.
        return ({key: value_bar}, None, None) if known else (None, None, value_bar)

    return dict.get(self, key, default), pullback


def both(name: str) -> list[Any]:
    """A method of dict and of OrderedDict, which has some of its own."""
    return [vars(cls)[name] for cls in (dict, OrderedDict) if name in vars(cls)]


def in_their_order(table):
    """The keys of a dict, whatever its class says of them; an OrderedDict has an order of its own.

    >>> table = OrderedDict(a=1, b=2)
    >>> table.move_to_end("a")
    >>> in_their_order(table)
    ['b', 'a']
    """
    ordered = isinstance(table, OrderedDict)
    return list(OrderedDict.keys(table) if ordered else dict.keys(table))


@derivative(of=both("values"))
@sharing("items")
def dict_values(self, /):
    keys = in_their_order(self)
    values = method_of(self, "values")
    return View(lambda: values(self), self, False), lambda bars: dict(
        zip(keys, in_order(bars, len(keys)), strict=True))


@derivative(of=both("items"))
@sharing("items")
def dict_items(self, /):
    keys = in_their_order(self)
    check_keys(keys)
    items = method_of(self, "items")

    def pullback(rows_bar):
        rows = in_order(rows_bar, len(keys))
        return {k: None if row is None else row[1] for k, row in zip(keys, rows, strict=True)}

    return View(lambda: items(self), self, True), pullback


@derivative(of=[operator.or_, *(vars(cls)["__or__"] for cls in (dict, OrderedDict, defaultdict)
                                if "__or__" in vars(cls))])
@sharing("items")
def merge(x, y):
    if not isinstance(x, dict) or not isinstance(y, dict):
        return set_operation(operator.or_, x, y)
    kept, new = [k for k in x if k not in y], list(y)

    def pullback(z_bar):
        known = z_bar or {}
        return {k: known.get(k) for k in kept}, {k: known.get(k) for k in new}

    return x | y, pullback
