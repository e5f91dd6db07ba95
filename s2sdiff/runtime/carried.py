"""Values that carry a tangent: numbers and arrays to code that computes, two of them in truth.

Code that was written for a number or an array runs on a `Carried` in its place: that has its class,
as far as one can ask, its shape and its operators, and what is done to it is done to the tangent by
the derivative of what is done.  What asks for the very number (C code, a conversion) is not served:
it raises, and the run notes it, so that no handler in between can hide it.
"""

from __future__ import annotations

import operator
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from s2sdiff.runtime.batches import RUNS
from s2sdiff.runtime.carried_runs import Carrying, not_carried

__all__ = ["CARRIED", "Carried", "CarriedArray", "as_array", "carried", "class_of", "is_of_class",
           "new_array", "plain_value", "run_of", "zeros_carried"]


def _unable(what: str, plain: Callable[..., Any]) -> Any:
    def method(self: Carried, *args: Any, **kwargs: Any) -> Any:
        if self.run.done:
            return plain(self.value, *args, **kwargs)
        raise not_carried(what, self.run)

    return method


def _same(fn: Callable[..., Any]) -> Any:
    """What has no derivative: what it gives is that of the value."""
    def method(self: Carried, *args: Any) -> Any:
        return fn(self.value, *[a.value if type(a) in CARRIED and a.run is self.run else a
                                for a in args])

    return method


#: Set by `carried_calls`: (function, args, kwargs) -> what it gives, with its tangent.
lifted: Any = None

_OPERANDS = (float, int, complex, np.generic, np.ndarray)


def _operator(name: str, swapped: bool = False) -> Any:
    fn = getattr(operator, name)

    def method(self: Any, other: Any) -> Any:
        if not isinstance(other, _OPERANDS) and not (
                isinstance(other, (list, tuple)) and isinstance(self, np.ndarray)):
            return NotImplemented
        return lifted(fn, (other, self) if swapped else (self, other), {})

    return method


def _compared(name: str) -> Any:
    fn = getattr(operator, name)

    def method(self: Any, other: Any) -> Any:
        run = run_of(other)
        if run is not None and run.level > self.run.level:
            return fn(self, other.value)
        return fn(self.value, other.value if run is self.run else other)

    return method


def _alone(name: str) -> Any:
    fn = getattr(operator, name)

    def method(self: Any) -> Any:
        return lifted(fn, (self,), {})

    return method


class Carried:
    """A number with its tangent."""

    __slots__ = ("__weakref__", "run", "tangent", "value")

    def __init__(self, value: Any, dot: Any, run: Carrying) -> None:
        self.value, self.tangent, self.run = value, dot, run

    @property
    def __class__(self) -> Any:
        return self.value.__class__

    for _name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul"):
        vars()[f"__{_name}__"] = _operator(_name)
        vars()[f"__r{_name}__"] = _operator(_name, True)
    for _name in ("lt", "le", "gt", "ge", "eq", "ne"):
        vars()[f"__{_name}__"] = _compared(_name)
    for _name in ("neg", "pos", "abs"):
        vars()[f"__{_name}__"] = _alone(_name)
    del _name

    __float__ = _unable("the number", float)
    __complex__ = _unable("the number", complex)
    __array__ = _unable("the array", np.asarray)
    __reduce_ex__ = _unable("a copy elsewhere", lambda x, p: x.__reduce_ex__(p))

    __bool__ = _same(bool)
    __int__ = _same(int)
    __trunc__ = _same(int)
    __hash__ = _same(hash)
    __repr__ = _same(repr)
    __str__ = _same(str)
    __format__ = _same(format)
    __floor__ = _same(lambda x: x.__floor__())
    __ceil__ = _same(lambda x: x.__ceil__())

    # What takes more than a line is given to the class by `carried_calls`.
    __array_ufunc__: Any = None
    __array_function__: Any = None
    method: Any = None

    def __round__(self, *digits: Any) -> Any:
        return lifted(round, (self, *digits), {})

    def __divmod__(self, other: Any) -> Any:
        return lifted(divmod, (self, other), {})

    def __rdivmod__(self, other: Any) -> Any:
        return lifted(divmod, (other, self), {})

    def __copy__(self) -> Any:
        return self

    def __deepcopy__(self, memo: Any) -> Any:
        return self

    def __getattr__(self, name: str) -> Any:
        if name in _KNOWN:
            return getattr(self.value, name)
        if name[:2] == "__":
            raise AttributeError(name)
        if not callable(getattr(self.value, name)):  # which raises for what it has not
            raise not_carried(f".{name}", self.run)
        return self.method(name)

    def __getitem__(self, key: Any) -> Any:
        # NumPy's numbers may be given dimensions.
        return carried(self.value[key], np.asarray(self.tangent)[key], self.run)

    @property
    def real(self) -> Any:
        return lifted(np.real, (self,), {})

    @property
    def imag(self) -> Any:
        return lifted(np.imag, (self,), {})


#: Attributes that no derivative is taken of.
_KNOWN = frozenset({"shape", "dtype", "ndim", "size", "strides", "itemsize", "nbytes", "flags",
                    "is_integer"})


class CarriedArray(Carried):
    """An array with its tangent, laid out in memory as it is; views are views of both."""

    __slots__ = ()

    __hash__ = None  # type: ignore[assignment]

    # These, too, are given by `carried_calls`.
    item_at: Any = None
    __setitem__: Any = None
    __iadd__ = __isub__ = __imul__ = __itruediv__ = __ipow__ = __imatmul__ = None

    def __getitem__(self, key: Any) -> Any:
        return type(self).item_at(self, key)

    def __len__(self) -> int:
        return len(self.value)

    def __iter__(self) -> Iterator[Any]:
        return map(self.__getitem__, range(len(self.value)))

    def __contains__(self, x: Any) -> bool:
        return plain_value(x) in plain_value(self)

    def __copy__(self) -> Any:
        return CarriedArray(self.value.copy(), self.tangent.copy(), self.run)

    def __deepcopy__(self, memo: Any) -> Any:
        return CarriedArray(self.value.copy("K"), self.tangent.copy("K"), self.run)

    @property
    def base(self) -> Any:
        return self.value.base

    @property
    def T(self) -> Any:
        return CarriedArray(self.value.T, self.tangent.T, self.run)

    @property
    def mT(self) -> Any:
        return CarriedArray(self.value.mT, self.tangent.mT, self.run)


CARRIED = frozenset({Carried, CarriedArray})


def carried(value: Any, dot: Any, run: Carrying) -> Any:
    """A number or an array with its tangent, which is of the same type, dtype and layout."""
    made = CarriedArray if isinstance(value, np.ndarray) else Carried
    return made(value, dot, run)


def zeros_carried(shape: Any, dtype: Any, like: Any) -> Any:
    """`np.zeros`, with a tangent of zeros for each that another value carries."""
    if type(like) not in CARRIED:
        return np.zeros(shape, dtype)
    return CarriedArray(zeros_carried(shape, dtype, like.value),
                        zeros_carried(shape, dtype, like.tangent), like.run)


def new_array(x: Any) -> Any:
    """`np.array`, also of what carries tangents.

    >>> new_array([1.0, 2.0])
    array([1., 2.])
    """
    return np.array(x) if not RUNS or run_of(x) is None else array_carried(x)


def as_array(x: Any) -> Any:
    """`np.asarray`, also of what carries tangents."""
    if type(x) is CarriedArray:
        return x
    return np.asarray(x) if not RUNS or run_of(x) is None else array_carried(x)


#: Set by `carried_rules`: a call that gives its argument or a view of it.
given_back: Any = None

#: Set by `carried_arrays`: `np.array` of what carries tangents.
array_carried: Any = None


def run_of(x: Any) -> Carrying | None:
    """The innermost run of the values in a value, as far as lists, tuples, deques and dicts go."""
    t = type(x)
    if t is Carried or t is CarriedArray:
        return x.run
    if isinstance(x, (list, tuple, deque)):
        found: Carrying | None = None
        for v in x:
            run = run_of(v) if type(v) not in _PLAIN else None
            if run is not None and (found is None or run.level > found.level):
                found = run
        return found
    return run_of(list(x.values())) if t is dict else None


_PLAIN = frozenset({float, int, str, np.ndarray, bool, type(None), np.float64})


def plain_value(x: Any) -> Any:
    """A value without any tangents.

    >>> plain_value(2.0)
    2.0
    """
    while type(x) in CARRIED:
        x = x.value
    return x


def is_of_class(cls: type, name: str) -> bool:
    """Whether a method of a class in C is given the class, and no object.

    >>> is_of_class(dict, "fromkeys"), is_of_class(dict, "get")
    (True, False)
    """
    return isinstance(getattr(getattr(cls, name, None), "__self__", None), type)


def class_of(x: Any) -> Any:
    """What `type` says of a value that carries no tangent.

    >>> class_of(2.0)
    <class 'float'>
    """
    t = type(x)
    return x.__class__ if t is Carried or t is CarriedArray else t
