"""Writes of arrays and containers, done to their tangents, too."""

from __future__ import annotations

import operator
from collections import OrderedDict, defaultdict, deque
from typing import Any

import numpy as np

from s2sdiff import ops, registry
from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime import overlaps
from s2sdiff.runtime.asked_for_numbers import check_asked
from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.drawing import Lazy
from s2sdiff.runtime.leaves import leaves_of
from s2sdiff.runtime.values import argument
from s2sdiff.runtime.walks import Walk
from s2sdiff.runtime.zero_tangents import item_tangents, zero_tangent

__all__ = ["CONTAINERS", "dict_of", "into_out", "is_still", "known_pairs", "natively",
           "updated_in_step", "write_in_step", "written"]

#: Set by `tangents`: value and tangent of a call.
push: Any = None

#: Functions that write into their first argument, and what they are given to write: its place and
#: its name.
_WRITING: dict[Any, tuple[int, str]] = {
    np.copyto: (1, "src"), np.put: (2, "v"), np.place: (2, "vals"), np.putmask: (2, "values"),
    np.fill_diagonal: (1, "val"), np.put_along_axis: (2, "values"),
    np.ndarray.put: (2, "values"),
}
#: What puts the items of its argument in order, and what gives them in that order.
_ORDERING = {list.sort: sorted, np.ndarray.sort: np.sort, np.ndarray.partition: np.partition}
#: What takes up all that a dict is made of.
_UPDATES = tuple([getattr(cls, name) for cls in (dict, OrderedDict)
                  for name in ("update", "__ior__", "__init__")])


def written(fn: Any, args: tuple, kwargs: dict[str, Any], dots: dict[Any, Any]) -> Any:
    """Value and tangent of a call that writes into its first argument; None for any other."""
    if fn in _WRITING:
        place, name = _WRITING[fn]
        check_asked(*[argument(s, args, kwargs) for s in (place, name) if s in dots])
        given = list(args)
        if place < len(args):
            given[place] = dots.get(place, zero_tangent(args[place]))
        else:
            value_dot = dots.get(name, zero_tangent(kwargs[name]))
            if is_still(dots[0], args[0], value_dot):
                return fn(*args, **kwargs), None
            return fn(*args, **kwargs), fn(dots[0], *args[1:], **{**kwargs, name: value_dot})
        if is_still(dots[0], args[0], *given[place:place + 1]):
            return fn(*args, **kwargs), None
        return fn(*args, **kwargs), fn(dots[0], *given[1:], **kwargs)
    if any(getattr(fn, "__self__", None) is f for f in (np.add, np.subtract)) and \
            fn.__name__ == "at":
        value_dot = dots.get(2)
        if 2 in dots:
            check_asked(args[2])
        if is_still(dots[0], args[0], value_dot):
            return fn(*args), None
        return fn(*args), fn(dots[0], args[1], 0.0 if value_dot is None else value_dot)
    if fn is operator.setitem and natively(args[0], "__setitem__"):
        write_in_step(dots[0], dots.get(2, zero_tangent(args[2])), *args)
        return None, None
    if fn is operator.delitem and natively(args[0], "__delitem__"):
        del args[0][args[1]], dots[0][args[1]]
        return None, None
    if fn in _UPDATES and isinstance(args[0], dict) and known_pairs(args, 1):
        new = dict_of(args, kwargs, dots, 1)
        return fn(*args, **kwargs), dots[0].update(new)
    if fn in (dict.popitem, OrderedDict.popitem):
        key, value = fn(*args, **kwargs)
        return (key, value), (None, dots[0].pop(key))
    if fn is operator.or_ and type(args[0]) is type(args[1]) is dict:
        return fn(*args), dots[0] | dots.get(1, zero_tangent(args[1]))
    if fn in _ORDERING and not kwargs.get("key"):
        _, new = push((0,), (dots[0],), _ORDERING[fn], *args, **kwargs)
        fn(*args, **kwargs)
        dots[0][... if isinstance(args[0], np.ndarray) else slice(None)] = new
        return None, None
    return None


def known_pairs(args: tuple, at: int) -> bool:
    """What a dict is made of can be looked at without using it up."""
    return len(args) <= at or (len(args) == at + 1 and type(args[at]) in (dict, list, tuple, Walk))


def dict_of(args: tuple, kwargs: dict[str, Any], dots: dict[Any, Any], at: int) -> dict[Any, Any]:
    """The tangents of what a dict is made of, by key: of a mapping, or pairs, and keywords."""
    found: dict[Any, Any] = {}
    if at < len(args):
        source = args[at]
        if isinstance(source, dict):
            found.update(dots.get(at, zero_tangent(source)))
        else:
            source = source.items if isinstance(source, Walk) else source
            pairs = dots.get(at, [zero_tangent(p) for p in source])
            found.update({k: d[1] for (k, _), d in zip(source, pairs, strict=True)})
    return found | {k: dots.get(k, zero_tangent(v)) for k, v in kwargs.items()}


def into_out(fn: Any, args: tuple, kwargs: dict[str, Any], dots: dict[Any, Any]) -> Any:
    """Value and tangent of a call that writes its result into an array; None where it is refused.

    The tangent is computed first: the array may be one of those that the function reads.
    """
    rule = registry.find(fn)
    if rule is None or "out" in rule.writes:
        return None  # its own code or its pullback says what it writes
    kwargs = {**kwargs}
    if isinstance(fn, np.ufunc) and len(args) > fn.nin:
        if len(args) > fn.nin + 1 or fn.nout > 1:
            return None
        dots = {("out" if s == fn.nin else s): d for s, d in dots.items()}
        args, kwargs["out"] = args[:fn.nin], args[fn.nin]
    out = kwargs.pop("out")
    out_dot = dots.get("out")
    if type(out) is tuple and len(out) == 1:
        (out,), (out_dot,) = out, out_dot or (None,)
    if not isinstance(out, np.ndarray) or out.dtype.kind not in "fc" or out_dot is None:
        return None
    overlaps.check_out(fn, args, kwargs, out)
    how = {"where": kwargs.pop("where")} if isinstance(fn, np.ufunc) and "where" in kwargs else {}
    rest = {s: d for s, d in dots.items() if s != "out"}
    dot: Any = 0.0
    if rest:
        with np.errstate(all="ignore"):
            _, dot = push(tuple(rest), tuple(rest.values()), fn, *args, **kwargs)
    value = fn(*args, out=out, **kwargs, **how)
    if value is not out and not (isinstance(value, np.generic) and not out.ndim):
        raise refusal(UnsupportedError, f"{fn.__name__}(..., out=...) gave another array than out",
                      "leave out= out, and assign the result")
    np.copyto(out_dot, 0.0 if dot is None else dot, casting="unsafe", **how)
    # A scalar of NumPy beside `out` stays what it is when `out` is written again.
    return value, out_dot if value is out else out_dot[()]


def write_in_step(dot: Any, value_dot: Any, target: Any, key: Any, value: Any) -> None:
    """`target[key] = value`, done to the tangents, too."""
    if not natively(target, "__setitem__"):
        raise refusal(UnsupportedError,
                      f"forward mode does not go through a write into a {type(target).__name__}",
                      "use reverse mode (sd.vjp), or write into an array, a list or a dict")
    if isinstance(key, slice) and isinstance(value, Lazy):
        raise refusal(UnsupportedError, "forward mode does not follow what a slice of a "
                      f"{type(target).__name__} draws from an iterator", "make a list of it first")
    if class_of(target) is np.ndarray:
        check_asked(value)
    elif isinstance(key, slice) and (
            value_dot is None or isinstance(value, (dict, set, frozenset))):
        value_dot = item_tangents(value_dot, value)
    target[key] = value
    if is_still(dot, target, value_dot):
        return
    dot[key] = value_dot if class_of(target) is not np.ndarray or value_dot is not None else 0.0


def is_still(dot: Any, target: Any, *moving: Any) -> bool:
    """Whether an array has no tangent, as one with fields, and nothing that moves is written.

    Raises
    ------
    UnsupportedError
        Something moves that is written into it.
    """
    if class_of(target) is np.ndarray and target.dtype.kind not in "fcO" and dot is not None:
        return True  # what is rounded moves nothing
    if dot is not None or class_of(target) is not np.ndarray:
        return False
    if any(np.any(d) for m in moving for d in leaves_of(m) if d is not None):
        raise refusal(UnsupportedError, "an active value is written into an array with fields, or "
                      "of another kind than floats", "keep one array of floats for each field")
    return True


def updated_in_step(fn: Any, args: tuple, dots: dict[Any, Any]) -> Any:
    """Value and tangent of `a op= b` for an array or a list; None for what it makes anew."""
    target, value = args
    if natively(target, "__iadd__", "__imul__") and isinstance(target, (list, deque)):
        if fn not in (operator.iadd, operator.imul) or isinstance(value, (np.ndarray, np.inexact)):
            # A list has no such operator, or the right side is asked first, and makes an array.
            return push(tuple(dots), tuple(dots.values()), ops.IN_PLACE[fn], *args)
        dot = dots.get(0)
        value_dot = item_tangents(dots.get(1), value) if fn is operator.iadd else None
        return fn(target, value), fn(dot, value_dot if fn is operator.iadd else value)
    if isinstance(target, dict) and fn is operator.ior and natively(target, "__ior__") and \
            known_pairs(args, 1):
        dots[0].update(dict_of(args, {}, dots, 1))
        return fn(target, value), dots[0]
    if class_of(target) is not np.ndarray:
        return None
    slots = tuple(dots)
    _, new_dot = push(slots, tuple(dots.values()), ops.IN_PLACE[fn], *args)
    dot = dots[0]
    target = fn(target, value)
    if is_still(dot, target, new_dot):
        return target, None
    dot[...] = new_dot
    return target, dot


def natively(x: Any, *names: str) -> bool:
    """An array, or a container that has these methods, and all of its own, from Python's classes.

    >>> natively([1.0], "__setitem__"), natively(3, "__setitem__")
    (True, False)
    """
    cls = class_of(x)
    if cls is np.ndarray or cls in CONTAINERS:
        return True
    base = next((b for b in CONTAINERS if issubclass(cls, b)), None)
    if base is None:
        return False
    # Between its class and Python's there are classes written in Python alone.
    between = cls.__mro__[:cls.__mro__.index(base)]
    return all(c.__flags__ & (1 << 9) for c in between) and all(
        getattr(cls, n, None) is getattr(base, n, None) for n in names)


#: Python's own containers, those before the classes that they are derived from.
CONTAINERS = (list, OrderedDict, defaultdict, dict, tuple, set, frozenset, deque)
