"""Tangents of what walks give: of `zip`, `enumerate`, `dict.items` and their kin."""

from __future__ import annotations

import itertools
import types
from collections import deque
from typing import Any

import numpy as np

from s2sdiff import ops
from s2sdiff.runtime import drawing, iterated, values
from s2sdiff.runtime.views import check_numbered
from s2sdiff.runtime.walks import Held, Walk
from s2sdiff.runtime.zero_tangents import item_tangents, zero_tangent

__all__ = ["of_class", "of_walk", "walked"]

#: What numbers what it gives.
_NUMBERING = (enumerate, np.ndenumerate)
#: What puts the items of all that it is given together.
_OF_SEVERAL = (zip, itertools.chain, itertools.product, itertools.zip_longest)


def walked(fn: Any, args: tuple, kwargs: dict[str, Any], dots: dict[Any, Any]) -> list[Any]:
    """The tangents of the items that `fn(*args, **kwargs)` gives, in their order.

    >>> walked(enumerate, ([5.0, 6.0],), {}, {0: [1.0, 0.0]})
    [(None, 1.0), (None, 0.0)]
    """
    if "iterable" in kwargs and not args:
        args, dots = (kwargs["iterable"],), {0: dots.get("iterable")}

    def items(i: int) -> Any:
        return item_tangents(dots.get(i), args[i])

    if fn is np.ndenumerate:
        check_numbered(args[0])
    if fn in _NUMBERING:
        rows = items(0).ravel() if isinstance(args[0], np.ndarray) and fn is np.ndenumerate else \
            items(0)
        return [(None, dot) for dot in rows]
    if fn in _OF_SEVERAL:
        kwargs = {k: dots.get(k) if k == "fillvalue" else v for k, v in kwargs.items()}
        return list(fn(*[items(i) for i in range(len(args))], **kwargs))
    name = getattr(fn, "__name__", "")
    if isinstance(args[0], dict) and name in ("items", "values"):
        found = [dots[0][k] for k in args[0]] if 0 in dots else item_tangents(None, list(
            args[0].values()))
        return [(None, dot) for dot in found] if name == "items" else found
    if fn is itertools.repeat:
        return list(fn(dots.get(0), *args[1:], **kwargs))
    return list(fn(items(0), *args[1:], **kwargs))


def of_class(fn: Any, args: tuple, kwargs: dict[str, Any], dots: dict[Any, Any],
             call: Any) -> Any:
    """Value and tangent of a call that draws from an object of a class in Python; or None."""
    x = args[0] if args else None
    if isinstance(fn, types.MethodDescriptorType):
        if not iterated.extends(fn, args):
            return None
        items, dot = call(drawing.all_of, {0: dots.get(1)}, args[1:], {})
        return call(fn, {**dots, 1: dot}, (x, items), kwargs)
    if (fn is min or fn is max) and len(args) > 1:
        return None
    if fn is next and drawing.says(x, "__next__"):
        return call(drawing.next_of_class, dots, args, kwargs)
    made = iterated.of_states(fn, args)
    if made is not None:
        return call(made, dots, args, kwargs)
    method = iterated.walking(fn, x)
    if method is None:
        return None
    method, more = iterated.bounded(fn, args, method)
    items, dot = call(method, {0: dots.get(0)}, (x, *more), {})
    if isinstance(items, Held):
        return items, dot  # a sequence itself
    draw = iterated.drawing_all(fn, items)
    if draw is not None:
        draw, more = iterated.bounded(fn, args, draw)
        items, dot = call(draw, {0: dot}, (items, *more), {})
    return call(fn, {**dots, 0: dot}, (items, *args[1:]), kwargs)


def of_own_walk(fn: Any, args: tuple, kwargs: dict[str, Any], dots: dict[Any, Any],
                call: Any) -> Any:
    """`of_class` for a tuple of a class that says itself what walking over it gives."""
    own = args and isinstance(args[0], tuple) and isinstance(
        type(args[0]).__iter__, types.FunctionType)
    return of_class(fn, args, kwargs, dots, call) if own else None


#: What gives all that a walk gives, as it is.
_DRAWING = (list, tuple, values.sequence, values.undisturbed)


def of_walk(fn: Any, args: tuple, kwargs: dict[str, Any], dots: dict[Any, Any]) -> Any:
    """Value and tangent of what draws all that a walk gives; None for anything else."""
    if fn is deque and dots.keys() == {0} and isinstance(args[0], (np.ndarray, Walk)):
        return deque(*args, **kwargs), deque(dots[0], *args[1:], **kwargs)
    if any(fn is f for f in _DRAWING) and args and type(args[0]) is np.ndindex:
        value = fn(*args)
        return value, zero_tangent(value)
    if not any(fn is f for f in (*_DRAWING, ops.unpack)) or not isinstance(args[0], Walk) or \
            not isinstance(dots.get(0), list):
        return None
    return fn(*args), fn(dots[0], *args[1:])
