"""What is done to a container or a view and to its tangent alike, and tangents laid out as values.

Where memory is written, names for one place must be names for one tangent: a view's tangent is the
same view of the tangent, and an array's tangent has the array's own layout, so that `ravel` gives a
view of both or a copy of both.
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
from s2sdiff.errors import AliasingError, refusal
from s2sdiff.runtime import values, writes_in_step
from s2sdiff.runtime.batched_products import of_batch
from s2sdiff.runtime.batches import Batch, not_batched
from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.drawing_lazily import turns_round
from s2sdiff.runtime.named_tuples import like_fields
from s2sdiff.runtime.sequences_in_step import of_sequences
from s2sdiff.runtime.shown import shown_in
from s2sdiff.runtime.values import is_differentiable
from s2sdiff.runtime.views import OF_ONE, check_numbers, check_text
from s2sdiff.runtime.writes_in_step import natively
from s2sdiff.runtime.zero_tangents import item_tangents, laid_out, zero_tangent

__all__ = ["HOLDERS", "METHODS", "aligned", "in_step"]

HOLDERS = (tuple, list, dict)
#: What may be, or share, memory that another name has, too.
_HELD = (np.ndarray, *HOLDERS, set, frozenset, deque)

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
        value = fn(*args, **kwargs)
        if isinstance(args[0], np.ndarray) and writes_in_step.is_still(
                dots[0], args[0], *[given[i] for i in at]):
            return value, None
        same = getattr(dict, fn.__name__) if isinstance(args[0], dict) else fn
        return value, of_batch(same, dots[0])(dots[0], *given[1:], **kwargs)
    if view and set(dots) == {0} and _is_seen(fn, *args):
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


def aligned(dot: Any, value: Any, dots: tuple, values: tuple) -> Any:
    """A tangent that shares memory with other tangents just as its value does with their values.

    Parameters
    ----------
    dots, values : what it was computed from, and the tangents of that
    """
    if dot is None or not isinstance(value, _HELD):
        # A number of an array of no dimension (`a + 0`) stays as it is when that is written.
        return dot[()] if type(dot) is np.ndarray and not dot.ndim else dot
    if type(value) is np.ndarray and type(dot) is np.ndarray and dot.strides == value.strides \
            and dot.dtype is value.dtype and _is_new(value, values) and _is_new(dot, dots):
        return dot  # as most
    known: dict[int, tuple[Any, Any]] = {}
    for d, v in zip(dots, values, strict=True):
        _note(d, v, known)
    return _aligned(dot, value, known)


def _is_new(x: np.ndarray, given: tuple) -> bool:
    """Whether an array surely has memory of its own, that of none of the arrays `given`."""
    return x.flags.owndata and x.flags.writeable and not any(
        g is x or (g.base is x if type(g) is np.ndarray else type(g) is not float) for g in given)


def is_aligned(dot: Any, value: Any, dots: tuple, values: tuple) -> bool:
    """Whether `aligned` surely gives the very tangent that it is given."""
    if not isinstance(value, _HELD):
        return True
    known: dict[int, tuple[Any, Any]] = {}
    for d, v in zip(dots, values, strict=True):
        _note(d, v, known)
    if not isinstance(value, np.ndarray) or type(dot) is not np.ndarray:
        return False
    apart = not any(np.may_share_memory(value, v) for v, _ in known.values()
                    if isinstance(v, np.ndarray))
    return apart and value.dtype.kind in "fc" and _array(dot, value, [*known.values()]) is dot


def _note(dot: Any, value: Any, known: dict[int, tuple[Any, Any]]) -> None:
    """Remember the tangents of all arrays and containers in a value, by identity."""
    if not isinstance(value, _HELD) or id(value) in known or dot is None:
        return
    known[id(value)] = value, dot
    if isinstance(value, dict):
        if dot.keys() != value.keys():
            raise refusal(AliasingError,
                          f"a {type(value).__name__} has got or lost keys where forward mode has "
                          "not seen it", "write it where it is named, or use reverse mode "
                          "(sd.vjp)")
        for k, v in value.items():
            _note(dot[k], v, known)
    elif not isinstance(value, (np.ndarray, set, frozenset)):
        if len(dot) != len(value):
            raise refusal(AliasingError,
                          f"a {type(value).__name__} has become longer or shorter where forward "
                          "mode has not seen it", "write it where it is named, or use reverse "
                          "mode (sd.vjp)")
        for d, v in zip(dot, value, strict=True):
            _note(d, v, known)


def _aligned(dot: Any, value: Any, known: dict[int, tuple[Any, Any]]) -> Any:
    if not isinstance(value, _HELD) or dot is None:
        return dot
    if id(value) in known:
        return known[id(value)][1]
    if isinstance(value, (set, frozenset)):
        return dot
    if isinstance(value, np.ndarray):
        made = _array(dot, value, list(known.values()))
        known[id(value)] = value, made
        return made
    if isinstance(value, tuple):
        items = [_aligned(d, v, known) for d, v in zip(dot, value, strict=True)]
        return like_fields(value, items) if hasattr(type(value), "_fields") else tuple(items)
    made: Any = deque(maxlen=dot.maxlen) if isinstance(dot, deque) else type(dot)()
    known[id(value)] = value, made
    if isinstance(value, dict):
        made.update({k: _aligned(dot[k], v, known) for k, v in value.items()})
    else:
        made.extend([_aligned(d, v, known) for d, v in zip(dot, value, strict=True)])
    return made


def _array(dot: Any, value: np.ndarray, known: list[tuple[Any, Any]]) -> Any:
    if value.dtype.kind not in "fc":
        return dot
    if type(dot) is Batch or any(type(d) is Batch for _, d in known):
        return _batch(dot, value, known)
    pairs = [(v, d) for v, d in known if isinstance(v, np.ndarray) and isinstance(d, np.ndarray)]
    apart = not any(np.may_share_memory(value, v) for v, _ in pairs)
    shares = isinstance(dot, np.ndarray) and any(np.may_share_memory(dot, d) for _, d in pairs)
    fits = isinstance(dot, np.ndarray) and dot.strides == value.strides and \
        dot.dtype == value.dtype and dot.flags.writeable == value.flags.writeable
    if apart:
        return dot if fits and not shares else laid_out(dot, value)
    if not (shares and fits):
        made = shown_in(value, pairs)
        if made is not None:
            return made
        raise refusal(AliasingError,
                      "a function gives a part of the memory that it was given, and that memory is "
                      "written: forward mode cannot tell which part",
                      "copy what the function gives, or use reverse mode (sd.vjp)")
    return dot


def _batch(dot: Any, value: np.ndarray, known: list[tuple[Any, Any]]) -> Any:
    """The same for tangents of which some are batches."""
    pairs = [(v, d.rows if type(d) is Batch else d) for v, d in known if isinstance(v, np.ndarray)
             and isinstance(d, (np.ndarray, Batch))]
    rows = dot.rows if type(dot) is Batch else dot
    apart = not any(np.may_share_memory(value, v) for v, _ in pairs)
    shares = isinstance(rows, np.ndarray) and any(np.may_share_memory(rows, d) for _, d in pairs)
    fits = type(dot) is Batch and dot.strides == value.strides and \
        dot.dtype == value.dtype and rows.flags.writeable == value.flags.writeable
    if apart:
        if fits and not shares:
            return dot
        if type(dot) is Batch:
            return laid_out(dot, value)
        made = zero_tangent(value)
        made[...] = dot
        return made
    if not (shares and fits):
        raise not_batched("a view of what is written")
    return dot
