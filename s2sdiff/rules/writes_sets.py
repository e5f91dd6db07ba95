"""Methods that change a set: its shadow holds the cotangents of its elements, by element.

An element that is there already stays when an equal one is added: the new one gets nothing.
"""

from __future__ import annotations

from typing import Any

from s2sdiff.registry import derivative
from s2sdiff.rules.sequences import as_given, drawn, parts_back
from s2sdiff.rules.shared import unsupported
from s2sdiff.runtime.slots import give
from s2sdiff.runtime.values import is_differentiable

__all__ = ["set_in_place"]


@derivative(of=set.add, writes="self")
def add(self, object, /):
    known = set.__contains__(self, object)
    set.add(self, object)
    return None, lambda _, self_bar: (None, None if known else self_bar.pop(object, None))


@derivative(of=set.discard, writes="self")
def discard(self, object, /):
    set.discard(self, object)
    return None, lambda _, self_bar: (None, None)


@derivative(of=set.remove, writes="self")
def remove(self, object, /):
    set.remove(self, object)
    return None, lambda _, self_bar: (None, None)


@derivative(of=set.pop, writes="self")
def pop(self, /):
    value = set.pop(self)
    return value, lambda value_bar, self_bar: give(self_bar, value, value_bar)


@derivative(of=set.clear, writes="self")
def clear(self, /):
    set.clear(self)
    return None, lambda _, self_bar: self_bar.clear()


@derivative(of=set.update, writes="self")
def update(self, /, *others):
    new, sources = [], []
    for other in others:
        items = drawn(other)
        met: set[Any] = set()
        came = []
        for x in items:
            came.append(not (set.__contains__(self, x) or x in met))
            met.add(x)
        set.update(self, as_given(other, items))
        new.append(came)
        sources.append(items)

    def pullback(_, self_bar):
        bars = []
        for items, came, other in zip(sources, new, others, strict=True):
            parts = [self_bar.pop(x, None) if fresh else None
                     for x, fresh in zip(items, came, strict=True)]
            bars.append(parts_back(parts, items, other))
        return None, tuple(bars)

    return None, pullback


@derivative(of=set.symmetric_difference_update, writes="self")
def symmetric_difference_update(self, other, /):
    items = drawn(other)
    came = {x for x in items if not set.__contains__(self, x)}
    set.symmetric_difference_update(self, as_given(other, items))

    def pullback(_, self_bar):
        # What came in is taken out of the shadow once, by the first of equal elements.
        parts = [self_bar.pop(x, None) if x in came else None for x in items]
        return None, parts_back(parts, items, other)

    return None, pullback


def lessened(method: Any) -> Any:
    """The rule for a method that only takes elements out."""

    def rule(self, /, *others):
        before = {x: x for x in set.__iter__(self)}
        method(self, *others)
        for x in set.__iter__(self):
            # An intersection keeps the elements of the smaller set.
            if before[x] is not x and (is_differentiable(before[x]) or is_differentiable(x)):
                raise unsupported(f"{method.__name__} put an equal element of another set in place "
                                  "of an active one", "build a new set with a comprehension")
        return None, lambda _, self_bar: (None, (None,) * len(others))

    return rule


for _method in (set.difference_update, set.intersection_update):
    derivative(of=_method, writes="self")(lessened(_method))


def in_place(method: Any, rule: Any, several: bool) -> Any:
    """The rule for an in-place operator, which takes one set and returns its left side."""

    def operator_rule(self, value, /):
        if not isinstance(value, (set, frozenset)):
            return method(self, value), lambda _, self_bar: (None, None)
        pull = rule(self, value)[1]

        def pullback(_, self_bar):
            entry = pull(None, self_bar)[1]
            return None, entry[0] if several else entry

        return self, pullback

    return operator_rule


set_in_place = {
    set.__ior__: in_place(set.__ior__, update, True),
    set.__ixor__: in_place(set.__ixor__, symmetric_difference_update, False),
    set.__iand__: in_place(set.__iand__, lessened(set.intersection_update), True),
    set.__isub__: in_place(set.__isub__, lessened(set.difference_update), True),
}
for _method, _rule in set_in_place.items():
    derivative(of=_method, writes="self")(_rule)
