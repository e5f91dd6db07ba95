"""What is known of values of which each may have one kind or another, and of their dimensions."""

from __future__ import annotations

import functools
from collections.abc import Collection, Sequence

import numpy as np

from s2sdiff.kinds import ANY, Dim, Growing, Kind, same_dtype, scalar, unknown_dim

__all__ = ["broadcast", "join", "of_cotangents", "of_items", "or_none", "resolves", "same",
           "unknown_dims"]


def join(a: Kind, b: Kind) -> Kind:
    """What is known of a value that has one kind or the other."""
    if a == b and same_dtype(a, b):
        return a
    if a.type is Growing and b.type is Growing:
        items = (*(a.items or ()), *(b.items or ()))
        return Kind(Growing, items=(of_items(items),) if items else ())
    if a.is_scalar and b.is_scalar:
        field = a.field if a.field == b.field else None
        if {a.field, b.field} == {"int", "real"}:
            field = "real"
        if field is None:
            return ANY if "complex" not in (a.field, b.field) else Kind(None, (), "complex")
        same = a.type if a.type is b.type else None
        double = same is None and _is_double(a) and _is_double(b)
        dtype = _DOUBLE if double else a.dtype if same_dtype(a, b) else None
        return Kind(same, (), field, dtype)
    if a.is_array and b.is_array and (a.shape == ()) == (b.shape == ()):
        # What is computed from an array without dimensions is a number.
        shape = None
        if a.shape is not None and b.shape is not None and len(a.shape) == len(b.shape):
            shape = tuple(p if p == q else unknown_dim()
                          for p, q in zip(a.shape, b.shape, strict=True))
        field = a.field if a.field == b.field else "complex" if "complex" in (a.field, b.field) \
            else "real"
        return Kind(np.ndarray, shape, field, a.dtype if same_dtype(a, b) else None)
    if a.type is b.type and a.items is not None and b.items is not None and \
            len(a.items) == len(b.items) and a.value == b.value:
        items = tuple(join(p, q) for p, q in zip(a.items, b.items, strict=True))
        return Kind(a.type, items=items, value=a.value)
    if a.type is b.type and a.field is None and b.field is None:
        return Kind(a.type)
    return ANY


_DOUBLE = np.dtype(float)


def _is_double(kind: Kind) -> bool:
    return kind.type is float or (kind.dtype is not None and kind.dtype == _DOUBLE)


def of_items(kinds: Sequence[Kind]) -> Kind:
    """What is known of all items of a list that grows: places in a list may be None."""
    def either(a: Kind, b: Kind) -> Kind:
        found = join(a, b)
        place = or_none(a, b) if found == ANY else ANY
        return place if place.inert else found

    return functools.reduce(either, kinds)


def or_none(a: Kind, b: Kind) -> Kind:
    """What is known of a value that has one kind or the other, where one of them may be None's."""
    found = [k.unless_none or k for k in (a, b) if k.type is not type(None)]
    number = join(found[0], found[-1]) if found else ANY
    # What may be complex has cotangents that may be real.
    known = number.is_scalar or number.is_array
    return Kind(value=number) if known and number.field != "complex" else ANY


def of_cotangents(kind: Kind) -> Kind:
    """The kind of the cotangents of a list of numbers: some may be NumPy's where these are not."""
    if kind.items:
        return Kind(list, items=tuple([scalar(None, k.field) for k in kind.items]))
    return kind if kind.each is None else Kind(list, value=scalar(None, kind.each.field))


def same(a: Kind, b: Kind, made: Collection[Dim] | None = None) -> bool:
    """Equal but for the names of unknown dimensions, so that fixpoints end.

    Where `made` is given, those of `a` must be among these: another one may have been the name of
    something else, too, which was taken for as long as this then.
    """
    if a == b:
        return True
    if a.shape is not None and b.shape is not None and len(a.shape) == len(b.shape):
        return a._replace(shape=()) == b._replace(shape=()) and all(
            p == q or (_unknown(p) and _unknown(q) and (made is None or p in made))
            for p, q in zip(a.shape, b.shape, strict=True))
    if a.unless_none is not None and b.unless_none is not None:
        return same(a.unless_none, b.unless_none, made)
    if a.items is not None and b.items is not None and len(a.items) == len(b.items):
        alike = a._replace(items=None) == b._replace(items=None)
        return alike and all(same(p, q, made) for p, q in zip(a.items, b.items, strict=True))
    return False


def unknown_dims(kind: Kind) -> set[Dim]:
    """The names of unknown dimensions in a kind."""
    found = {d for d in kind.shape or () if _unknown(d)}
    inner = (*(kind.items or ()), *([kind.unless_none] if kind.unless_none is not None else []))
    return found.union(*map(unknown_dims, inner))


def _unknown(d: Dim) -> bool:
    return isinstance(d, str) and d[0] == "?"


def broadcast(shapes: list[tuple[Dim, ...]]) -> tuple[Dim, ...]:
    """The dimensions of an elementwise result of operands of these shapes."""
    if shapes and shapes.count(shapes[0]) == len(shapes):
        return shapes[0]
    rank = max(map(len, shapes), default=0)
    out = []
    for i in range(-rank, 0):
        dims = [s[i] for s in shapes if len(s) >= -i]
        others = [d for d in dims if d != 1]
        sure = [d for d in others if d[0] != "?"]
        if not others:
            out.append(1)
        elif sure:
            out.append(sure[0])
        else:
            out.append(others[0] if len(set(others)) == 1 else unknown_dim())
    return tuple(out)


def resolves(g: Kind, x: Kind) -> bool:
    """A cotangent of kind `g` has the very shape of a value of kind `x`: nothing was broadcast."""
    if g.shape is None or x.shape is None or len(g.shape) != len(x.shape):
        return False
    return g.shape == x.shape or all(
        p == q or _sure(q) for p, q in zip(g.shape, x.shape, strict=True))


def _sure(d: Dim) -> bool:
    """Surely not of size 1, so that nothing was broadcast along it."""
    return d != 1 and d[0] != "?"
