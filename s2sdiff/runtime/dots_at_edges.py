"""Tangents by place at the edges of a run: noted where they are given, gathered where it ends."""

from __future__ import annotations

import functools
import operator
import types
from collections import deque
from typing import Any

import numpy as np

from s2sdiff.errors import AliasingError, refusal
from s2sdiff.runtime.contents import held_at, items_of
from s2sdiff.runtime.dots import NUMBERS, Dots, zero_in
from s2sdiff.runtime.kept_calls import check_written
from s2sdiff.runtime.leaves import leaves_of
from s2sdiff.runtime.named_tuples import like_fields
from s2sdiff.runtime.shadow_slots import fields_of, of_fields
from s2sdiff.runtime.sparse_order import note_loose
from s2sdiff.runtime.structures import held_tangent
from s2sdiff.runtime.walks import View, Walk

__all__ = ["given_dots", "whole_dot"]

#: What is called, and holds what it calls with.
_CALLED = (functools.partial, types.MethodType)


def given_dots(dots: Dots, x: Any, dot: Any) -> Any:
    """Note what a tangent in a value's structure says of its places; the part without one.

    The tangent of an object is an object of the same attributes, that of anything else as in
    forward mode; None where nothing moves.
    """
    if dot is None:
        return zero_in(dots, x)
    if type(x) is float or isinstance(x, (np.ndarray, *NUMBERS)):
        return dot
    if isinstance(x, tuple):
        items = [given_dots(dots, v, d) for v, d in zip(x, dot, strict=True)]
        return like_fields(x, items) if hasattr(type(x), "_fields") else tuple(items)
    if isinstance(x, (list, dict, deque)):
        made: Any = {k: given_dots(dots, v, dot[k]) for k, v in x.items()} \
            if isinstance(x, dict) else [given_dots(dots, v, d) for v, d in zip(
                x, dot, strict=True)]
        # What is written here, a caller without a table reads in the tangent that it has given.
        made = dot if _same_items(made, dot) else \
            deque(made, x.maxlen) if isinstance(x, deque) else made
        dots.keep(x, made)
        return made
    if isinstance(x, (set, frozenset)):
        of_elements = {v: given_dots(dots, v, dot[v]) for v in x}
        of_elements = dot if _same_items(of_elements, dot) else of_elements
        dots.keep(x, of_elements)
        return of_elements
    if isinstance(x, Walk):
        return _given_walk(dots, x, dot)
    place = x if isinstance(x, functools.partial) else fields_of(x)
    known = dots.given.setdefault(id(place), dot)
    if known is not dot:
        # It is found a second time.
        if not _alike(known, dot):
            raise refusal(AliasingError, f"a {type(x).__name__} is given in two places, with two "
                          "tangents, and moves along one", "give both places the same tangent, "
                          "or pass a copy in one of the two")
        return None
    if dots.has(place):
        return None
    dots.held[id(place)] = place, {}
    note_loose(dots, x)
    given = dict(items_of(dot) or ())
    for key, value in items_of(x) or ():
        d = given_dots(dots, value, given.get(key))
        # Of what has not been noted a tangent that is not known says nothing.
        if d is not None:
            dots.put(held_at(place, key), key, value, d)
    return None


def _given_walk(dots: Dots, x: Walk, dot: Any) -> Any:
    """What is drawn of a walk has its tangent beside it; a view is read where its dict lies."""
    items = [given_dots(dots, v, d) for v, d in zip(x.items, dot, strict=True)]
    if isinstance(x, View) and id(x.owner) not in dots.containers:
        x.check()
        given_dots(dots, x.owner, dict(zip(
            x.owner, [d[1] for d in dot] if x.pairs else dot, strict=True)))
    return items


def _same_items(made: Any, dot: Any) -> bool:
    """The very items that a list or dict of tangents has."""
    if type(made) is dict:
        return type(dot) is dict and made.keys() == dot.keys() and all(
            made[k] is dot[k] for k in made)
    return type(dot) is list and len(made) == len(dot) and all(map(operator.is_, made, dot))


def _alike(one: Any, other: Any) -> bool:
    """The same numbers, in the structure that `accepted` gives."""
    ones, others = list(leaves_of(one)), list(leaves_of(other))
    return len(ones) == len(others) and all(
        a is b or (a is not None and b is not None and np.array_equal(a, b))
        for a, b in zip(ones, others, strict=True))


def whole_dot(dots: Dots, x: Any, dot: Any) -> Any:
    """The tangent of a value in its structure, with what its objects hold."""
    if dots.kept:
        check_written(dots)
    return held_tangent(_whole(dots, x, dot, set()), x)


def _whole(dots: Dots, x: Any, dot: Any, seen: set[int]) -> Any:
    if isinstance(x, (np.ndarray, *NUMBERS)):
        return dot
    if isinstance(x, tuple):
        known = (None,) * len(x) if dot is None else dot
        return tuple([_whole(dots, v, d, seen) for v, d in zip(x, known, strict=True)])
    if isinstance(x, Walk):
        return dot
    if id(x) in seen:
        return None  # what is found twice has the sum
    seen.add(id(x))
    made: dict[Any, Any] = {}
    if isinstance(x, (set, frozenset)):
        return {v: _whole(dots, v, None if dot is None else dot[v], seen) for v in x}
    if isinstance(x, (list, dict, deque)):
        for key, value in items_of(x) or ():
            made[key] = _whole(dots, value, None if dot is None else dot[key], seen)
    else:
        place = of_fields(x) if isinstance(x, _CALLED) else fields_of(x)
        for key, value in items_of(x) or ():
            made[key] = _whole(dots, value, dots.get(held_at(place, key), key, value), seen)
    return made
