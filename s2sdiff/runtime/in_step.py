"""What is done to a container or a view and to its tangent alike.

Where memory is written, names for one place must be names for one tangent: a view's tangent is the
same view of the tangent.
"""

from __future__ import annotations

import copy
import operator
import types
from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable
from typing import Any, cast

import numpy as np

from s2sdiff import ops, registry
from s2sdiff.runtime import values, writes_in_step
from s2sdiff.runtime.asked_for_numbers import check_asked
from s2sdiff.runtime.batched_products import of_batch
from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.drawing_lazily import turns_round
from s2sdiff.runtime.sequences_in_step import of_sequences
from s2sdiff.runtime.values import is_differentiable
from s2sdiff.runtime.views import OF_ONE, check_numbers, check_text
from s2sdiff.runtime.writes_in_step import natively
from s2sdiff.runtime.zero_tangents import item_tangents, zero_tangent

__all__ = ["HOLDERS", "METHODS", "in_step"]

HOLDERS = (tuple, list, dict)

#: Methods that do to a container's tangent what they do to it: at which places, the owner being
#: the first, they are given the tangents of their arguments.
METHODS: dict[type, dict[str, tuple[int, ...]]] = {
    list: {"__init__": (1,), "append": (1,), "extend": (1,), "insert": (2,), "pop": (),
           "clear": (), "reverse": (), "copy": (), "__getitem__": (), "__setitem__": (2,),
           "__delitem__": ()},
    dict: {"pop": (2,), "clear": (), "copy": (), "get": (2,), "setdefault": (2,),
           "__getitem__": (), "__setitem__": (2,), "__delitem__": ()},
    tuple: {"__getitem__": ()},
    np.ndarray: {"__setitem__": (2,), "fill": (1,), "put": (2,)},
    deque: {"__init__": (1,), "append": (1,), "appendleft": (1,), "insert": (2,), "pop": (),
            "popleft": (), "rotate": (), "reverse": (), "clear": (), "copy": (),
            "__getitem__": (), "__setitem__": (2,), "__delitem__": ()},
}
#: Methods of a set, which do to its tangent, a dict, what another method of that does.
_OF_SETS: dict[Any, Any] = {set.clear: dict.clear, set.copy: dict.copy, frozenset.copy: dict.copy}
#: `a.__iadd__(b)`.
_IN_PLACE = {getattr(np.ndarray, f"__{fn.__name__}__"): fn for fn in ops.IN_PLACE
             if hasattr(np.ndarray, f"__{fn.__name__}__")}
_METHODS = {vars(cls)[name]: at for cls, names in METHODS.items() for name, at in names.items()}
_METHODS |= {vars(cls)[name]: METHODS[dict][name] for cls in (OrderedDict, defaultdict)
             for name in METHODS[dict] if name in vars(cls)}
#: What takes up the items that it is given.
_SPREADING = (list.extend, list.__init__, list.__setitem__, deque.__init__)
#: Walks over a list, and over a tuple or an array.
_BACKWARDS = (type(reversed([])), reversed)
_WALKS: tuple[Any, ...] = (list, tuple, values.sequence, values.undisturbed)
_PARTS: tuple[Any, ...] = (operator.getitem, *_WALKS, copy.copy, copy.deepcopy)


def in_step(fn: Any, args: tuple, kwargs: dict[str, Any], dots: dict[Any, Any],
            zero: Callable[[Any], Any] = zero_tangent) -> Any:
    """Value and tangent of a call that is done to both alike; None for any other call.

    `dots` are the tangents of arguments by position; `zero` gives those of all others.
    """
    if kwargs.get("out") is not None or (isinstance(fn, np.ufunc) and len(args) > fn.nin):
        return writes_in_step.into_out(fn, args, kwargs, dots)
    if fn is dict and writes_in_step.known_pairs(args, 0):
        return fn(*args, **kwargs), writes_in_step.dict_of(args, kwargs, dots, 0)
    if (fn is operator.mul or fn is operator.add) and dots:
        made = of_sequences(fn, args, dots, zero)
        if made is not None:
            return made
    if not args or 0 not in dots or isinstance(
            getattr(class_of(fn), "__call__", None), types.FunctionType):  # noqa: B004
        return None  # an object of the user's is none of these, whatever it says it is equal to
    try:
        at = _METHODS.get(fn)
        view = (fn in OF_ONE and not isinstance(args[0], dict)) or fn in _PARTS
    except TypeError:
        return None
    if isinstance(args[0], np.ndarray) and args[0].dtype.kind not in "fc" and not view:
        return None
    made = writes_in_step.written(fn, args, kwargs, dots)
    if made is not None:
        return made
    if type(args[0]) in _BACKWARDS and type(dots[0]) in _BACKWARDS and (
            fn is next or fn in _WALKS):
        return fn(*args), fn(dots[0], *[dots.get(1)] * (len(args) - 1))
    if fn is ops.unpack and natively(args[0], "__iter__", "__len__", "__getitem__"):
        return fn(*args), fn(item_tangents(dots[0], args[0]), *args[1:])
    if fn is list.__add__ and natively(args[0]) and isinstance(args[1], list) and natively(args[1]):
        return fn(*args), dots[0] + (dots[1] if 1 in dots else zero(args[1]))
    if isinstance(args[0], np.ndarray):
        fn = _IN_PLACE.get(fn, fn)
    if fn in ops.IN_PLACE:
        return writes_in_step.updated_in_step(fn, args, dots)
    if isinstance(args[0], (set, frozenset)) and natively(args[0]):
        return _of_set(fn, args, dots, zero)
    if at is not None and natively(args[0]) and not _is_missing(fn, *args[:2]) and \
            "iterable" not in kwargs:
        given = [a if i not in at else dots[i] if i in dots else zero(a)
                 for i, a in enumerate(args)]
        spread = at[:1] if fn in _SPREADING and not (
            fn is list.__setitem__ and not isinstance(args[1], slice)) else ()
        for i in spread:
            if isinstance(args[i] if i < len(args) else None, (dict, set, frozenset)):
                given[i] = item_tangents(dots.get(i), args[i])
        if isinstance(args[0], np.ndarray):
            check_asked(*[args[i] for i in at if i in dots])
        value = fn(*args, **kwargs)
        if isinstance(args[0], np.ndarray) and writes_in_step.is_still(
                dots[0], args[0], *[given[i] for i in at]):
            return value, None
        same = getattr(dict, fn.__name__) if isinstance(args[0], dict) else fn
        return value, of_batch(same, dots[0])(dots[0], *given[1:], **kwargs)
    if view and set(dots) == {0} and _is_seen(fn, *args):
        if fn in OF_ONE and isinstance(args[0], (list, tuple)):
            check_asked(args[0])
        dot: Any = item_tangents(dots[0], args[0]) if fn in _WALKS else dots[0]
        if isinstance(fn, types.GetSetDescriptorType):
            return fn.__get__(args[0]), of_batch(fn.__get__, dot, fn.__name__)(dot)
        value = fn(*args, **kwargs)
        if fn is np.ndarray.view:
            _check_view(cast(np.ndarray, value), args, kwargs)
        if isinstance(value, np.ndarray) and value.dtype.kind not in "fc":
            if fn in OF_ONE:
                check_text(value)
                check_numbers(value, args[:1])
            return value, zero_tangent(value)
        # A container may have no tangent at all, as one of nothing but None.
        return value, None if dot is None else of_batch(fn, dot)(
            dot, *args[1:], **kwargs)
    return None


def _check_view(value: np.ndarray, args: tuple, kwargs: dict[str, Any]) -> None:
    """A view as other numbers is refused by the rule, or goes by what that says."""
    rule = registry.find(np.ndarray.view)
    if rule is not None and args[0].dtype.kind in "fc" and value.dtype != args[0].dtype:
        function: Any = rule.function
        function(*args, **kwargs)


def _of_set(fn: Any, args: tuple, dots: dict[Any, Any], zero: Callable[[Any], Any]) -> Any:
    """What a set, and the tangents by element, do alike; of equal elements it keeps the first."""
    owner, dot = args[0], dots[0]
    if fn is set.add:
        if args[1] not in owner:
            dot[args[1]] = dots[1] if 1 in dots else zero(args[1])
        return fn(*args), None
    if fn is set.discard or fn is set.remove:
        fn(*args)
        dot.pop(args[1], None)
        return None, None
    if fn is set.pop:
        value = fn(owner)
        return value, dot.pop(value)
    if fn in _OF_SETS or (fn is copy.copy and type(owner) in (set, frozenset)):
        return fn(owner), _OF_SETS.get(fn, dict.copy)(dot)
    if any(fn is f for f in _WALKS) and len(args) == 1 and natively(owner, "__iter__", "__len__"):
        return fn(owner), fn(item_tangents(dot, owner))
    return None


def _is_missing(fn: Any, x: Any, *key: Any) -> bool:
    return fn is dict.__getitem__ and not dict.__contains__(x, *key)


def _is_seen(fn: Any, x: Any, *more: Any) -> bool:
    """A part of a container, or all of it, is what Python's own class says."""
    if fn is copy.copy or fn is copy.deepcopy:
        return class_of(x) in (np.ndarray, *HOLDERS, deque) or (
            fn is copy.copy and type(x) in (OrderedDict, defaultdict))
    if isinstance(x, np.ndarray) and any(map(is_differentiable, more)):
        return False  # `np.atleast_1d(a, b)` is of several
    names = ("__getitem__",) if fn is operator.getitem else ("__iter__", "__len__", "__getitem__")
    return natively(x, *names) and not (fn is reversed and turns_round(x))
