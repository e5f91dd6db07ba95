"""Kinds: what is known at compile time of a value's type, dtype and shape.

A dimension is `1` (exactly one), a symbol such as "x0" (surely not one), or a symbol that starts
with "?" (unknown, but equal to itself).  Whether a dimension is 1 is all that broadcasting asks,
so with arguments' kinds known it is undone statically.  Kinds may only remove code.
"""

from __future__ import annotations

import itertools
import operator
import types
from collections import deque
from typing import Any, NamedTuple

import numpy as np

from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.datasets import is_dataset
from s2sdiff.runtime.marking import is_made_anew
from s2sdiff.runtime.named_tuples import is_named

__all__ = [
    "ANY", "SCALARS", "Dim", "Growing", "Kind", "field_of_dtype", "fresh", "is_fresh", "kind_of",
    "same_dtype", "scalar", "unknown_dim",
]

Dim = Any


class Kind(NamedTuple):
    """What is known of a value; a tuple, as kinds are compared and hashed more than anything else.

    `type` is its exact type (None: unknown), `shape` its dimensions (() for scalars, None:
    unknown), `field` "real" or "complex" for floating numbers, "int" for ints and bools, `dtype`
    an array's or NumPy scalar's, or the dtype that the value is; `items` the kinds in a container
    of known length or an object, `dim` the dimension that an int is the length of, `value` a slice
    that is a literal, the keys or attributes that `items` are under, a function that an object
    holds, the kind of all items of a list, dict or deque of any length, or, where nothing else is
    known, that of the number or array that the value is unless it is None; `key` the kind of all
    keys of a dict, where they are texts, ints or tuples of such and not known one by one, or what
    a text that is made begins and ends with.
    """

    type: Any = None
    shape: tuple[Dim, ...] | None = None
    field: str | None = None
    dtype: Any = None
    items: tuple[Kind, ...] | None = None
    dim: Dim = None
    value: Any = None
    key: Any = None

    @property
    def is_array(self) -> bool:
        """Exactly an ndarray of numbers."""
        return self.type is np.ndarray and self.field is not None

    @property
    def is_scalar(self) -> bool:
        """A Python or NumPy number."""
        return self.shape == () and self.field is not None and self.type is not np.ndarray

    @property
    def is_number(self) -> bool:
        """A scalar or an array of numbers, so that rules may be pasted."""
        return self.field is not None and (self.shape == () or self.type is np.ndarray)

    @property
    def is_float(self) -> bool:
        """Exactly a Python float."""
        return self.type is float

    @property
    def is_tuple(self) -> bool:
        """A tuple, or a named one that is read as such: nothing can be put in or taken out."""
        return self.type is tuple or (self.type is not list and is_named(self.type))

    @property
    def inert(self) -> bool:
        """Surely not differentiable: ints, strings, None, functions, modules."""
        if self.field is not None:
            return self.field == "int"
        if self.items is not None and self.is_tuple:
            return all(i.inert for i in self.items)  # a list may have other items when it is read
        number = self.unless_none
        if number is not None:
            return number.inert
        return self.type in _INERT or (self.type is not None and is_dataset(self.type))

    @property
    def unless_none(self) -> Kind | None:
        """The kind of the number or array that a value is if it is not None, its one other way."""
        return self.value if self.type is None and isinstance(self.value, Kind) else None

    @property
    def each(self) -> Kind | None:
        """The kind of all items of a list of any length, where they have one."""
        return fresh(self.value) if self.type is list and isinstance(self.value, Kind) else None

    @property
    def under(self) -> Kind | None:
        """The kind of all that a dict has under its keys, or that an unbounded deque holds."""
        known = self.type in (dict, deque) and isinstance(self.value, Kind)
        return fresh(self.value) if known else None

    def is_table(self, value: Any) -> bool:
        """Whether a value is a dict, list or tuple of the very functions that this kind names."""
        if not self.items or type(value) is not self.type or len(value) != len(self.items):
            return False
        named = self.type is dict
        return (not named or tuple(value) == self.value) and all(
            f is k.value for f, k in zip(value.values() if named else value, self.items,
                                         strict=True))

    @property
    def drawn(self) -> Kind:
        """The kind of the keys of a dict."""
        named = self.type is dict and type(self.value) is tuple and self.value
        return Kind(str) if named else self.key or ANY

    @property
    def is_fixed(self) -> bool:
        """Surely nothing that anybody can write into: an array of ints is no number."""
        if self.items is not None and self.is_tuple:
            return all(i.is_fixed for i in self.items)
        number = self.unless_none
        return self.is_scalar or self.type in _INERT or (number is not None and number.is_scalar)

    @property
    def has_place(self) -> bool:
        """Surely something with an identity that can be written: no number, and no tuple."""
        return self.type is not None and not self.is_fixed and not issubclass(
            self.type, (tuple, float, complex, np.generic))

    def __str__(self) -> str:
        if self.is_array:
            dims = ", ".join("1" if d == 1 else "n" for d in self.shape or ())
            rank = "array" if self.shape is None else f"array[{dims}]"
            return f"{self.dtype} {rank}" if self.dtype is not None else rank
        if self.unless_none is not None:
            return f"{self.unless_none} or None"
        if self.type is str and self.value is not None:
            return repr(self.value)
        if self.type is not None:
            return getattr(self.type, "__name__", str(self.type))
        return f"{self.field} scalar" if self.is_scalar else "any"


_INERT = frozenset({
    int, bool, str, bytes, type(None), type(Ellipsis), slice, range, type, np.dtype,
    type(np), type(len), type(lambda: 0), np.ufunc,
    *{type(np.dtype(c)) for c in "?bhilqBHILQefdgFDG"},
})


class Growing:
    """The type of a list that is being made; `items` has the kind of all of its items, if any."""


ANY = Kind()
_counter = itertools.count()


def unknown_dim() -> Dim:
    """A dimension of which nothing is known but that it equals itself."""
    return f"?{next(_counter)}"


def fresh(kind: Kind) -> Kind:
    """The kind of one of several values, of which each may have other unknown dimensions."""
    if kind.shape:
        if any(isinstance(d, str) and d[0] == "?" for d in kind.shape):
            return kind._replace(shape=tuple([
                unknown_dim() if isinstance(d, str) and d[0] == "?" else d for d in kind.shape]))
    elif kind.items:
        items = tuple(map(fresh, kind.items))
        return kind if all(map(operator.is_, items, kind.items)) else kind._replace(items=items)
    return kind


def is_fresh(kind: Kind) -> bool:
    """Whether a kind has dimensions of which nothing is known: no other call gives the same."""
    return any(isinstance(d, str) and d[0] == "?" for d in kind.shape or ()) or any(
        map(is_fresh, kind.items or ()))


def same_dtype(a: Kind, b: Kind) -> bool:
    """Whether both are of one dtype, or of both nothing is known.

    NumPy takes None for double precision, where dtypes are compared with it.

    >>> same_dtype(scalar(np.float64), scalar(None)), same_dtype(scalar(None), scalar(int))
    (False, True)
    """
    return a.dtype == b.dtype and (a.dtype is None) is (b.dtype is None)


def field_of_dtype(dtype: Any) -> str | None:
    """ "real", "complex", "int" or None for a NumPy dtype."""
    return {"f": "real", "c": "complex", "i": "int", "u": "int", "b": "int"}.get(dtype.kind)


def scalar(type_: Any = None, field: str | None = "real") -> Kind:
    """The kind of a Python or NumPy number."""
    dtype = None
    if type_ is bool or type_ is int:
        field = "int"
    if type_ is not None and issubclass(type_, np.generic):
        dtype = np.dtype(type_)
        field = field_of_dtype(dtype)
    return Kind(type_, (), field, dtype)


SCALARS = {
    float: Kind(float, (), "real"),
    complex: Kind(complex, (), "complex"),
    int: Kind(int, (), "int"),
    bool: Kind(bool, (), "int"),
}


_PLAIN_BOUNDS = frozenset({int, type(None)})


def kind_of(value: Any, name: str = "a") -> Kind:
    """The kind of an actual value; `name` begins the names of its dimensions."""
    t = type(value)
    found = SCALARS.get(t)
    if found is None:
        t = class_of(value)
        found = SCALARS.get(t)
    if found is not None:
        return found
    if t is np.ndarray:
        field = field_of_dtype(value.dtype)
        if field is None:
            return Kind(t, None, None, value.dtype)
        dims = tuple(1 if n == 1 else f"{name}.{i}" for i, n in enumerate(value.shape))
        return Kind(t, dims, field, value.dtype)
    if isinstance(value, np.generic):
        return scalar(t)
    if t in _INERT and issubclass(t, np.dtype):
        return Kind(t, dtype=value)
    if t is types.ModuleType:
        return Kind(t, value=value)
    if t is slice:
        parts = (value.start, value.stop, value.step)
        if _PLAIN_BOUNDS.issuperset(map(type, parts)):
            return Kind(t, value=parts)
        # Otherwise its bounds may change.
        return Kind(t) if all(p is None or isinstance(p, (int, np.integer)) for p in parts) else ANY
    if t is tuple and len(value) <= 8:
        return Kind(t, items=tuple(kind_of(v, f"{name}.{i}") for i, v in enumerate(value)))
    return ANY if is_made_anew(t) else Kind(t)
