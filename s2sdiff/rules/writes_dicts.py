"""Methods that change a dict, whose shadow has the cotangents of the values under their keys."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from typing import Any

from s2sdiff.registry import derivative
from s2sdiff.rules.sequences import check_keys, of_lists, pairs_back, pairs_of
from s2sdiff.runtime.slots import give

__all__ = ["dict_delitem", "dict_ior", "dict_setitem"]

#: Stands for an argument that was not given, where None is a value as any other.
MISSING: Any = object()


def method_of(self: Any, name: str) -> Any:
    """The method of the library's class that an object is an instance of."""
    for cls in (OrderedDict, defaultdict):
        if isinstance(self, cls):
            return getattr(cls, name)
    return getattr(dict, name)


def both(name: str) -> list[Any]:
    """A method of dict and, where that is another object, of the classes derived from it."""
    found = [vars(cls).get(name) for cls in (dict, OrderedDict, defaultdict)]
    return [method for method in found if method is not None]


@derivative(of=both("__setitem__"), writes="self")
def dict_setitem(self, key, value, /):
    method_of(self, "__setitem__")(self, key, value)
    return None, lambda _, self_bar: (None, None, self_bar.pop(key, None))


@derivative(of=both("__delitem__"), writes="self")
def dict_delitem(self, key, /):
    method_of(self, "__delitem__")(self, key)
    return None, lambda _, self_bar: (None, None)


@derivative(of=both("clear"), writes="self")
def clear(self, /):
    method_of(self, "clear")(self)
    return None, lambda _, self_bar: self_bar.clear()


@derivative(of=both("pop"), writes="self")
def pop(self, /, key, default=MISSING):
    if not dict.__contains__(self, key) and default is not MISSING:
        return default, lambda value_bar, self_bar: (None, None, value_bar)
    value = method_of(self, "pop")(self, key)

    def pullback(value_bar, self_bar):
        give(self_bar, key, value_bar)
        return None, None, None

    return value, pullback


@derivative(of=both("popitem"), writes="self")
def popitem(self, /, *args, **kwargs):
    item = method_of(self, "popitem")(self, *args, **kwargs)
    check_keys([item[0]])

    def pullback(item_bar, self_bar):
        if item_bar is not None:
            give(self_bar, item[0], item_bar[1])
        return None, None, None

    return item, pullback


@derivative(of=both("setdefault"), writes="self")
def setdefault(self, /, key, default=None):
    known = dict.__contains__(self, key)
    value = method_of(self, "setdefault")(self, key, default)

    def pullback(value_bar, self_bar):
        give(self_bar, key, value_bar)
        return None, None, None if known else self_bar.pop(key, None)

    return value, pullback


@derivative(of=both("update"), writes="self")
def update(self, other=(), /, **kwargs):
    pairs, listed = pairs_of(other), of_lists(other)
    method_of(self, "update")(self, pairs, **kwargs)

    def pullback(_, self_bar):
        named = {key: self_bar.pop(key, None) for key in kwargs}
        # Of equal keys the last one's value stayed.
        bars = [self_bar.pop(key, None) for key, _ in reversed(pairs)][::-1]
        return None, pairs_back(bars, pairs, other, listed), named

    return None, pullback


@derivative(of=[dict.__init__, OrderedDict.__init__], writes="self")
def initialise(self, other=(), /, **kwargs):
    return update(self, other, **kwargs)


@derivative(of=both("__ior__"), writes="self")
def dict_ior(self, value, /):
    if not hasattr(value, "keys") and not hasattr(value, "__iter__"):
        return method_of(self, "__ior__")(self, value), lambda _, self_bar: (None, None)
    pull = update(self, value)[1]
    return self, lambda _, self_bar: pull(None, self_bar)[:2]


@derivative(of=OrderedDict.move_to_end, writes="self")
def move_to_end(self, key, last=True):
    OrderedDict.move_to_end(self, key, last)
    # Cotangents lie under keys, in no order.
    return None, lambda _, self_bar: (None, None, None)
