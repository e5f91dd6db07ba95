"""What is done to a container or a view and to its tangent alike, and tangents laid out as values.

Where memory is written, names for one place must be names for one tangent: a view's tangent is the
same view of the tangent, and an array's tangent has the array's own layout, so that `ravel` gives a
view of both or a copy of both.
"""

from __future__ import annotations

import copy
import operator
import types
from collections.abc import Collection, ValuesView
from typing import Any

import numpy as np

from s2sdiff import ops
from s2sdiff.errors import AliasingError, UnsupportedError, refusal
from s2sdiff.runtime import values
from s2sdiff.runtime.named_tuples import like_fields
from s2sdiff.runtime.values import is_differentiable
from s2sdiff.runtime.views import OF_ONE
from s2sdiff.runtime.walks import Walk

__all__ = ["HOLDERS", "METHODS", "aligned", "in_step", "item_tangents", "laid_out",
           "write_in_step", "zero_tangent"]

HOLDERS = (tuple, list, dict)

#: Methods that do to a container's tangent what they do to it: at which places, the owner being
#: the first, they are given the tangents of their arguments.
METHODS: dict[type, dict[str, tuple[int, ...]]] = {
    list: {"append": (1,), "extend": (1,), "insert": (2,), "pop": (), "clear": (), "reverse": (),
           "copy": (), "__getitem__": (), "__setitem__": (2,), "__delitem__": ()},
    dict: {"pop": (2,), "clear": (), "copy": (), "get": (2,), "setdefault": (2,), "values": (),
           "__getitem__": (), "__setitem__": (2,), "__delitem__": ()},
    tuple: {"__getitem__": ()},
    np.ndarray: {"__setitem__": (2,), "fill": (1,), "put": (2,)},
}
#: Functions that write into their first argument, and what they are given to write: its place and
#: its name.
_WRITING: dict[Any, tuple[int, str]] = {
    np.copyto: (1, "src"), np.put: (2, "v"), np.place: (2, "vals"), np.putmask: (2, "values"),
    np.fill_diagonal: (1, "val"), np.put_along_axis: (2, "values"),
}
#: What puts the items of its argument in order, and what gives them in that order.
_ORDERING = {list.sort: sorted, np.ndarray.sort: np.sort, np.ndarray.partition: np.partition}
_METHODS = {vars(cls)[name]: at for cls, names in METHODS.items() for name, at in names.items()}
_WALKS: tuple[Any, ...] = (list, tuple, values.sequence, values.undisturbed)
_PARTS: tuple[Any, ...] = (operator.getitem, *_WALKS, copy.copy, copy.deepcopy)


def in_step(fn: Any, args: tuple, kwargs: dict[str, Any], dots: dict[Any, Any]) -> Any:
    """Value and tangent of a call that is done to both alike; None for any other call.

    `dots` are the tangents of arguments by position.
    """
    if any(isinstance(a, ValuesView) for a in args) and fn not in _WALKS:
        # What is under the keys of a dict, in the order in which a list would have it.
        args = tuple([list(a) if isinstance(a, ValuesView) else a for a in args])
        given = {s: list(d) if isinstance(d, ValuesView) else d for s, d in dots.items()}
        return push(tuple(given), tuple(given.values()), fn, *args, **kwargs)
    if kwargs.get("out") is not None or (isinstance(fn, np.ufunc) and len(args) > fn.nin):
        return _into_out(fn, args, kwargs, dots)
    if fn is dict and _known_pairs(args, 0):
        return fn(*args, **kwargs), _dict_of(args, kwargs, dots, 0)
    if not args or 0 not in dots:
        return None
    try:
        at = _METHODS.get(fn)
        view = fn in OF_ONE or fn in _PARTS
    except TypeError:
        return None
    if isinstance(args[0], np.ndarray) and args[0].dtype.kind not in "fc" and not view:
        return None
    if fn in _WRITING:
        place, name = _WRITING[fn]
        given = list(args)
        if place < len(args):
            given[place] = dots.get(place, zero_tangent(args[place]))
        else:
            value_dot = dots.get(name, zero_tangent(kwargs[name]))
            return fn(*args, **kwargs), fn(dots[0], *args[1:], **{**kwargs, name: value_dot})
        return fn(*args, **kwargs), fn(dots[0], *given[1:], **kwargs)
    if fn is operator.setitem and type(args[0]) in (np.ndarray, list, dict):
        write_in_step(dots[0], dots.get(2, zero_tangent(args[2])), *args)
        return None, None
    if fn is operator.delitem and type(args[0]) in (list, dict):
        del args[0][args[1]], dots[0][args[1]]
        return None, None
    if fn in _UPDATES and type(args[0]) is dict and _known_pairs(args, 1):
        new = _dict_of(args, kwargs, dots, 1)
        return fn(*args, **kwargs), dots[0].update(new)
    if fn is dict.popitem:
        key, value = fn(*args)
        return (key, value), (None, dots[0].pop(key))
    if fn is operator.or_ and type(args[0]) is type(args[1]) is dict:
        return fn(*args), dots[0] | dots.get(1, zero_tangent(args[1]))
    if fn in _ORDERING and not kwargs.get("key"):
        _, new = push((0,), (dots[0],), _ORDERING[fn], *args, **kwargs)
        fn(*args, **kwargs)
        dots[0][... if isinstance(args[0], np.ndarray) else slice(None)] = new
        return None, None
    if fn in ops.IN_PLACE:
        return updated_in_step(fn, args, dots)
    if at is not None:
        given = [dots.get(i, zero_tangent(a)) if i in at else a for i, a in enumerate(args)]
        value = fn(*args, **kwargs)
        return value, fn(dots[0], *given[1:], **kwargs)
    if getattr(fn, "__self__", None) is np.add and fn.__name__ == "at":
        value_dot = dots.get(2)
        return fn(*args), fn(dots[0], args[1], 0.0 if value_dot is None else value_dot)
    if view and set(dots) == {0} and (type(args[0]) in (np.ndarray, list, tuple, dict) or (
            isinstance(args[0], ValuesView) and fn in _WALKS)):
        dot: Any = item_tangents(dots[0], args[0]) if fn in _WALKS else dots[0]
        if isinstance(fn, types.GetSetDescriptorType):
            return fn.__get__(args[0]), fn.__get__(dot)
        return fn(*args, **kwargs), fn(dot, *args[1:], **kwargs)
    return None


_UPDATES = (dict.update, dict.__ior__)


def _known_pairs(args: tuple, at: int) -> bool:
    """What a dict is made of can be looked at without using it up."""
    return len(args) <= at or (len(args) == at + 1 and type(args[at]) in (dict, list, tuple, Walk))


def _dict_of(args: tuple, kwargs: dict[str, Any], dots: dict[Any, Any], at: int) -> dict[Any, Any]:
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


def _into_out(fn: Any, args: tuple, kwargs: dict[str, Any], dots: dict[Any, Any]) -> Any:
    """Value and tangent of a call that writes its result into an array; None where it is refused.

    The tangent is computed first: the array may be one of those that the function reads.
    """
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
    how = {"where": kwargs.pop("where")} if isinstance(fn, np.ufunc) and "where" in kwargs else {}
    rest = {s: d for s, d in dots.items() if s != "out"}
    dot: Any = 0.0
    if rest:
        with np.errstate(all="ignore"):
            _, dot = push(tuple(rest), tuple(rest.values()), fn, *args, **kwargs)
    value = fn(*args, out=out, **kwargs, **how)
    np.copyto(out_dot, 0.0 if dot is None else dot, casting="unsafe", **how)
    return value, out_dot


def write_in_step(dot: Any, value_dot: Any, target: Any, key: Any, value: Any) -> None:
    """`target[key] = value`, done to the tangents, too."""
    if type(target) not in (np.ndarray, list, dict):
        raise refusal(UnsupportedError,
                      f"forward mode does not go through a write into a {type(target).__name__}",
                      "use reverse mode (sd.vjp), or write into an array, a list or a dict")
    target[key] = value
    dot[key] = value_dot if type(target) is not np.ndarray or value_dot is not None else 0.0


#: Set by `tangents`: value and tangent of a call.
push: Any = None


def updated_in_step(fn: Any, args: tuple, dots: dict[Any, Any]) -> Any:
    """Value and tangent of `a op= b` for an array or a list; None for what it makes anew."""
    target, value = args
    if type(target) is list:
        dot = dots.get(0)
        value_dot = dots.get(1, zero_tangent(value))
        return fn(target, value), fn(dot, value_dot if fn is operator.iadd else value)
    if type(target) is dict and fn is operator.ior and _known_pairs(args, 1):
        dots[0].update(_dict_of(args, {}, dots, 1))
        return fn(target, value), dots[0]
    if type(target) is not np.ndarray:
        return None
    slots = tuple(dots)
    _, new_dot = push(slots, tuple(dots.values()), ops.IN_PLACE[fn], *args)
    dot = dots[0]
    target = fn(target, value)
    dot[...] = new_dot
    return target, dot


def zero_tangent(x: Any) -> Any:
    """The zero tangent of a value, in its own structure and layout.

    Ints have one, too, so that what is computed of them beside floats has a tangent; None stands
    for that of anything else.

    >>> zero_tangent([1.0, (2, "a")])
    [0.0, (0.0, None)]
    """
    if isinstance(x, np.ndarray):
        if x.dtype.kind in "fc":
            return laid_out(np.broadcast_to(np.zeros((), x.dtype), x.shape), x)
        return np.zeros(x.shape) if x.dtype.kind in "iub" else None
    if isinstance(x, (bool, int, float, np.integer, np.bool_)):
        return 0.0
    if isinstance(x, (complex, np.inexact)):
        return type(x)(0)
    if isinstance(x, tuple):
        items = [zero_tangent(i) for i in x]
        return like_fields(x, items) if hasattr(x, "_fields") else tuple(items)
    if isinstance(x, list):
        return [zero_tangent(i) for i in x]
    if isinstance(x, dict):
        return {k: zero_tangent(v) for k, v in x.items()}
    return None


def item_tangents(dot: Any, x: Any) -> Any:
    """The tangents of what one draws of a value: of a dict that is its keys, which have none.

    >>> item_tangents({2: 1.0}, {2: 5.0}), item_tangents(None, "ab")
    ([0.0], [None, None])
    """
    if dot is not None and not isinstance(x, dict):
        return dot
    if isinstance(x, Walk):
        return [zero_tangent(i) for i in x.items]
    if not isinstance(x, Collection):
        raise refusal(UnsupportedError,
                      f"forward mode does not follow what a {type(x).__name__} gives",
                      "make a list of it first")
    if isinstance(x, dict) and any(map(is_differentiable, x)):
        raise refusal(UnsupportedError, "the keys of a dict are floats, and have no derivative "
                      "there", "keep active values among the values, or use a list of pairs")
    return [zero_tangent(i) for i in x]


def laid_out(dot: Any, x: np.ndarray) -> np.ndarray:
    """A copy of a tangent in the memory layout of its value.

    >>> laid_out(np.arange(4.0), np.zeros(8)[::2]).strides
    (16,)
    """
    if x.flags.c_contiguous:
        return np.array(dot, x.dtype, order="C")
    if x.flags.f_contiguous:
        return np.array(dot, x.dtype, order="F")
    steps = [abs(s) for s, n in zip(x.strides, x.shape, strict=True) if n > 1]
    size = sum(s * (n - 1) for s, n in zip(map(abs, x.strides), x.shape, strict=True))
    if 0 in steps or size % x.itemsize or any(s % x.itemsize for s in steps) or not x.size:
        return np.array(dot, x.dtype)  # nobody can write into it element by element
    memory = np.zeros(size // x.itemsize + 1, x.dtype)
    made = np.lib.stride_tricks.as_strided(memory, x.shape, tuple(map(abs, x.strides)))
    made = made[tuple([slice(None, None, -1 if s < 0 else 1) for s in x.strides])]
    made[...] = dot
    return made


def aligned(dot: Any, value: Any, dots: tuple, values: tuple) -> Any:
    """A tangent that shares memory with other tangents just as its value does with their values.

    Parameters
    ----------
    dots, values : what the value was computed from, and the tangents of that
    """
    if dot is None or not isinstance(value, (np.ndarray, *HOLDERS)):
        return dot
    known: dict[int, tuple[Any, Any]] = {}
    for d, v in zip(dots, values, strict=True):
        _note(d, v, known)
    return _aligned(dot, value, known)


def _note(dot: Any, value: Any, known: dict[int, tuple[Any, Any]]) -> None:
    """Remember the tangents of all arrays and containers in a value, by identity."""
    if not isinstance(value, (np.ndarray, *HOLDERS)) or id(value) in known or dot is None:
        return
    known[id(value)] = value, dot
    if isinstance(value, dict):
        for k, v in value.items():
            _note(dot[k], v, known)
    elif not isinstance(value, np.ndarray):
        for d, v in zip(dot, value, strict=True):
            _note(d, v, known)


def _aligned(dot: Any, value: Any, known: dict[int, tuple[Any, Any]]) -> Any:
    if not isinstance(value, (np.ndarray, *HOLDERS)) or dot is None:
        return dot
    if id(value) in known:
        return known[id(value)][1]
    if isinstance(value, np.ndarray):
        made = _array(dot, value, list(known.values()))
        known[id(value)] = value, made
        return made
    if isinstance(value, tuple):
        items = [_aligned(d, v, known) for d, v in zip(dot, value, strict=True)]
        return like_fields(value, items) if hasattr(value, "_fields") else tuple(items)
    made = type(dot)()
    known[id(value)] = value, made
    if isinstance(value, dict):
        made.update({k: _aligned(dot[k], v, known) for k, v in value.items()})
    else:
        made.extend([_aligned(d, v, known) for d, v in zip(dot, value, strict=True)])
    return made


def _shown_in(value: np.ndarray, pairs: list[tuple[Any, Any]]) -> Any:
    """The view of an array's tangent that `value` is of the array; None where that is not known."""
    for v, d in pairs:
        start = value.__array_interface__["data"][0] - v.__array_interface__["data"][0]
        if np.may_share_memory(value, v) and v.flags.c_contiguous and d.flags.c_contiguous and \
                d.dtype == v.dtype == value.dtype and start >= 0 and not start % v.itemsize:
            flat = d.reshape(-1)[start // v.itemsize:]
            return np.lib.stride_tricks.as_strided(flat, value.shape, value.strides,
                                                   writeable=value.flags.writeable)
    return None


def _array(dot: Any, value: np.ndarray, known: list[tuple[Any, Any]]) -> Any:
    if value.dtype.kind not in "fc":
        return dot
    pairs = [(v, d) for v, d in known if isinstance(v, np.ndarray) and isinstance(d, np.ndarray)]
    apart = not any(np.may_share_memory(value, v) for v, _ in pairs)
    shares = isinstance(dot, np.ndarray) and any(np.may_share_memory(dot, d) for _, d in pairs)
    fits = isinstance(dot, np.ndarray) and dot.strides == value.strides and \
        dot.dtype == value.dtype and dot.flags.writeable == value.flags.writeable
    if apart:
        return dot if fits and not shares else laid_out(dot, value)
    if not (shares and fits):
        made = _shown_in(value, pairs)
        if made is not None:
            return made
        raise refusal(AliasingError,
                      "a function gives a part of the memory that it was given, and that memory is "
                      "written: forward mode cannot tell which part",
                      "copy what the function gives, or use reverse mode (sd.vjp)")
    return dot
