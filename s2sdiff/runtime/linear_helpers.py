"""Helpers of backward code in forward mode: what is linear is done to the tangents, too.

Each is given the slots that move, their tangents and the arguments, and gives value and tangent;
None where a tangent has not the structure, shapes and dtypes of its cotangent, so that what is done
to the two might differ.
"""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from s2sdiff import ops
from s2sdiff.runtime.arrays import add, match, unbroadcast
from s2sdiff.runtime.items_again import known_entry
from s2sdiff.runtime.shadow_slots import Parts
from s2sdiff.runtime.slots import give, put
from s2sdiff.runtime.structures import gradient
from s2sdiff.runtime.values import Slots
from s2sdiff.runtime.zero_tangents import laid_out

__all__ = ["FLOATS", "HELPERS", "of_list", "part_of_array"]

FLOATS = frozenset({float, complex, np.float64, np.float32, np.complex128})
_Found = tuple[Any, Any] | None


def _fits(g: Any, dot: Any) -> bool:
    """Whether a tangent is in all just as what it is the tangent of."""
    t = type(g)
    if t is np.ndarray:
        return type(dot) is t and dot.dtype is g.dtype and dot.shape == g.shape and \
            g.dtype.kind in "fc"
    if t in FLOATS:
        return type(dot) is t
    if t is dict:
        return type(dot) is t and dot.keys() == g.keys() and all(
            _fits(v, dot[k]) for k, v in g.items())
    if t is list or t is tuple:
        return type(dot) is t and len(dot) == len(g) and all(map(_fits, g, dot))
    return g is None and dot is None


def _unpacked(slots: Slots, dots: tuple, args: tuple) -> _Found:
    if slots != (0,) or type(args[0]) is not tuple or type(dots[0]) is not tuple:
        return None
    return ops.unpack(*args), ops.unpack(dots[0], *args[1:])


def _matched(slots: Slots, dots: tuple, args: tuple) -> _Found:
    g, x = args
    if slots[:1] != (0,) or not _fits(g, dots[0]) or not _is_plain(x):
        return None
    return match(g, x), match(dots[0], x)


def _gradient(slots: Slots, dots: tuple, args: tuple) -> _Found:
    bar, like, *lent = args
    if slots[:1] != (0,) or not _fits(bar, dots[0]) or not _is_plain(like):
        return None
    return gradient(bar, like, *lent), gradient(dots[0], like, *lent)


def _is_plain(x: Any) -> bool:
    """A number, an array, or nothing but lists, tuples and dicts of such."""
    t = type(x)
    if t is Parts:
        return type(x.place) in (list, dict) and all(map(_is_plain, x.items.values()))
    if t in (list, tuple, dict):
        return all(map(_is_plain, x.values() if t is dict else x))
    return t in FLOATS or t in (int, str, bool, type(None)) or (
        t is np.ndarray and x.dtype.kind != "O")


def _summed_back(slots: Slots, dots: tuple, args: tuple) -> _Found:
    g, shape = args
    if slots[:1] != (0,) or not _fits(g, dots[0]) or type(g) not in (*FLOATS, np.ndarray):
        return None
    value, dot = unbroadcast(g, shape), unbroadcast(dots[0], shape)
    if value is not g and type(value) is np.ndarray:
        return None if np.may_share_memory(value, g) else (value, laid_out(dot, value))
    return value, dot


def _added(slots: Slots, dots: tuple, args: tuple) -> _Found:
    """Of a cotangent and none it is the one that there is, with its very tangent."""
    a, b = args
    if a is None and slots[-1:] == (1,):
        return b, dots[-1]
    if b is None and slots[:1] == (0,):
        return a, dots[0]
    if slots != (0, 1) or not _fits(a, dots[0]) or not _fits(b, dots[1]):
        return None
    return add(a, b), add(*dots)


def _given(slots: Slots, dots: tuple, args: tuple) -> _Found:
    owner, key, g = args
    if type(owner) is not dict or slots[:1] != (0,) or slots[-1] != 2 or \
            type(dots[0]) is not dict or type(key) not in (int, str):
        return None
    before = owner.get(key)
    if g is None or dots[-1] is None or (before is not None and not (
            _fits(g, dots[-1]) and _fits(before, dots[0].get(key)))):
        return None
    give(owner, key, g)
    give(dots[0], key, dots[-1])
    return None, None


def _put(slots: Slots, dots: tuple, args: tuple) -> _Found:
    owner, index, n, g = args
    if type(index) is not int or type(n) is not int or slots[-1:] != (3,):
        return None
    return _given((*slots[:-1], 2), dots, (owner, index % n, g))


def _entry(slots: Slots, dots: tuple, args: tuple) -> _Found:
    return (args[0], dots[0]) if slots[:1] == (0,) and _fits(args[0], dots[0]) else None


def _updated(fn: Any) -> Any:
    """`a += b` of arrays."""
    def updated(slots: Slots, dots: tuple, args: tuple) -> _Found:
        a, b = args
        if slots[:1] != (0,) or type(a) is not np.ndarray or not _fits(a, dots[0]) or not (
                type(b) is np.ndarray or type(b) in FLOATS):
            return None
        if len(slots) == 2:
            if not _fits(b, dots[1]):
                return None
            return fn(a, b), fn(dots[0], dots[1])
        return (fn(a, b), dots[0])

    return updated


def part_of_array(name: str, owner: Any, dot: Any) -> _Found:
    """The transpose of an array, and that of its tangent."""
    return (owner.T, dot.T) if name == "T" and type(owner) is np.ndarray and \
        _fits(owner, dot) else None


def of_list(name: str, owner: Any, slots: Slots, dots: tuple, args: tuple) -> _Found:
    """The last item of a list taken out, or one put there."""
    if type(owner) is not list or slots[:1] != (0,) or type(dots[0]) is not list or \
            len(owner) != len(dots[0]):
        return None
    if name == "pop" and not args:
        return owner.pop(), dots[0].pop()
    if name == "append" and slots == (0, 1) and dots[1] is not None:
        return owner.append(*args), dots[0].append(dots[1])
    return None


HELPERS: dict[Any, Any] = {
    ops.unpack: _unpacked, match: _matched, gradient: _gradient, unbroadcast: _summed_back,
    add: _added, known_entry: _entry, give: _given, put: _put,
    operator.iadd: _updated(operator.iadd), operator.isub: _updated(operator.isub),
}
