"""NumPy's protocols for arrays that carry tangents, items, writes, and arrays that are made."""

from __future__ import annotations

import functools
import operator
import types
from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff import registry
from s2sdiff.errors import DifferentiationError
from s2sdiff.runtime import by_place, carried, carried_asked
from s2sdiff.runtime.carried import CARRIED, Carried, CarriedArray, class_of, plain_value, run_of
from s2sdiff.runtime.carried_asked import MAKERS, plain_parts
from s2sdiff.runtime.carried_calls import (
    ALIKE,
    _alike,
    _written,
    carry,
    lifted,
    split,
    wrapped,
)
from s2sdiff.runtime.carried_rules import opened
from s2sdiff.runtime.carried_runs import carrying, not_carried
from s2sdiff.runtime.values import has_source, is_inert

__all__ = ["array_carried", "made", "making", "put", "routed", "unasked"]


# --------------------------------------------------------------------------------- protocols


def _ufunc(self: Any, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
    out = kwargs.pop("out", None)
    if method == "at":
        return _written(ufunc.at, inputs, kwargs)
    fn = ufunc if method == "__call__" else getattr(ufunc, method)
    if out is None:
        return lifted(fn, inputs, kwargs)
    if len(out) != 1:
        raise not_carried("several results written", self.run)
    where = kwargs.pop("where", True)
    return put(out[0], ..., lifted(fn, inputs, kwargs), where)


def put(target: Any, key: Any, value: Any, where: Any = True) -> Any:
    """`target[key] = value`, where `key` gives a view, or `where` says."""
    run = run_of(value)
    if type(target) is not CarriedArray or (run is not None and run.level > target.run.level):
        if run is None:
            np.copyto(target[key], value, casting="same_kind", where=plain_value(where))
            return target
        raise not_carried("a write into a plain array", run)
    value, dot = split(value, target.run)
    where = plain_value(where)
    pairs: Any = ((target.value, value), (target.tangent, 0.0 if dot is None else dot))
    for place, given in pairs:
        if type(place) is CarriedArray:
            put(place, key, given, where)
        elif type(given) in CARRIED:
            raise not_carried("a write into a plain array", given.run)
        else:
            np.copyto(place[key], given, casting="same_kind", where=where)
    return target


#: Functions that write into their first argument.
_WRITERS = (np.copyto, np.put, np.place, np.putmask, np.fill_diagonal, np.put_along_axis)
#: What gives a new array like another one.
_LIKE = (np.zeros_like, np.ones_like, np.empty_like, np.full_like)
#: What is asked of arrays, and is no number with a derivative.
_ASKED = (np.shape, np.ndim, np.size, np.result_type, np.iscomplexobj, np.isrealobj,
          np.may_share_memory, np.shares_memory, np.can_cast, np.common_type, np.array_equal,
          np.allclose, np.isclose, np.argsort, np.argmax, np.argmin, np.searchsorted,
          np.nonzero, np.flatnonzero, np.count_nonzero, np.isneginf, np.isposinf)


def _function(self: Any, func: Any, types: Any, args: tuple, kwargs: dict[str, Any]) -> Any:
    if func in _ASKED:
        run = run_of((args, kwargs)) or self.run
        return func(*split(args, run)[0], **split(kwargs, run)[0])
    if func in _WRITERS:
        return _written(func, args, kwargs)
    if func in _LIKE:
        return made(func(*map(plain_value, args), **kwargs)) if run_of(args[1:]) is None else \
            put(made(np.empty_like(plain_value(args[0]))), ..., args[1])
    out = kwargs.get("out")
    if out is not None:
        rest = {k: v for k, v in kwargs.items() if k != "out"}
        return put(out, ..., lifted(func, args, rest))
    if func in ALIKE and type(args[0]) in CARRIED and run_of((args[1:], kwargs)) is None:
        x = args[0]
        value = func(x.value, *args[1:], **kwargs)
        if class_of(value) is np.ndarray and value.dtype.kind not in "fc":
            return value
        return _alike(value, func(x.tangent, *args[1:], **kwargs), x)
    return lifted(func, args, kwargs)


Carried.__array_ufunc__ = _ufunc
Carried.__array_function__ = _function


# ------------------------------------------------------------------------------------- items


def _item_at(self: Any, key: Any) -> Any:
    if run_of(key) is not None:
        key = _plain_key(key)
    return _alike(self.value[key], self.tangent[key], self)


def _plain_key(key: Any) -> Any:
    return tuple(map(_plain_key, key)) if isinstance(key, tuple) else plain_value(key)


def _set_item(self: Any, key: Any, value: Any) -> None:
    if isinstance(value, (list, tuple)):
        value = array_carried(value)
    run = run_of(value)
    if run is not None and run.level > self.run.level:
        raise not_carried("a write into a plain array", run)
    value, dot = split(value, self.run)
    self.value[key] = value
    self.tangent[key] = 0.0 if dot is None else dot


def _part(name: str) -> property:
    """A view of the real or imaginary parts, and of those of the tangents: both may be written."""
    return property(lambda self: _alike(getattr(self.value, name), getattr(self.tangent, name),
                                        self))


for _name in ("real", "imag"):
    setattr(CarriedArray, _name, _part(_name))
CarriedArray.item_at = _item_at
CarriedArray.__setitem__ = _set_item


def _in_place(fn: Any) -> Any:
    def method(self: Any, other: Any) -> Any:
        return put(self, ..., lifted(fn, (self, other), {}))

    return method


for _name in ("add", "sub", "mul", "truediv", "pow", "matmul"):
    setattr(CarriedArray, f"__i{_name}__", _in_place(getattr(operator, _name)))


# ------------------------------------------------------------------------------ what is made


def made(x: Any) -> Any:
    """What somebody has made, and may write into: in a run it carries a tangent of zeros."""
    run = carrying()
    return x if run is None else carry(x, run)


def array_carried(items: Any, *args: Any, **kwargs: Any) -> Any:
    """`np.array` of what may carry tangents."""
    run = run_of(items)
    if run is None:
        return np.array(items, *args, **kwargs)
    items = list(items) if isinstance(items, deque) else items
    values, dots = split(items, run)
    value = array_carried(values, *args, **kwargs)
    if value.dtype.kind not in "fc":
        return value
    if dots is not None and isinstance(items, (list, tuple)):
        dots = array_carried(dots)
    if dots is not None and np.shape(dots) != value.shape:
        dots = np.reshape(dots, value.shape)  # `ndmin` has put dimensions before
    return wrapped(value, np.array(dots) if type(dots) is np.ndarray else dots, run)


carried.array_carried, carried_asked.new_memory = array_carried, made


def _as_array(x: Any, *args: Any, **kwargs: Any) -> Any:
    """`np.asarray` of what may carry tangents."""
    if type(x) is CarriedArray and not args and not kwargs:
        return x
    return array_carried(x, *args, **kwargs)


def _number(x: Any = 0.0, *args: Any) -> Any:
    """`float` of what may carry a tangent."""
    return lifted(float, (x, *args), {})


#: By function: what stands for it in code that values with tangents go through.
_ROUTED: dict[Any, Callable[..., Any]] = {
    np.array: array_carried, np.asarray: _as_array, np.asanyarray: _as_array, type: class_of,
}


@functools.lru_cache(maxsize=1024)
def routed(fn: Any) -> Callable[..., Any] | None:
    """What stands for a function in code that values with tangents go through; None: itself."""
    known = _ROUTED.get(fn)
    if known is not None and fn not in MAKERS:
        return known
    module = getattr(fn, "__module__", None)
    if fn in _ASKED:
        return _named(fn, functools.partial(_asking, fn))
    if fn in MAKERS:
        return _named(fn, _making(known or fn), fn is not np.asarray)
    if isinstance(fn, types.FunctionType) and (module or "").startswith(
            ("s2sdiff.rules.", "s2sdiff.nn.")):
        rule = registry.rule_of(fn)
        return _named(fn, functools.partial(_helping, fn) if rule is None else
                      functools.partial(_opening, rule, fn))
    if isinstance(fn, types.FunctionType) and has_source(fn) and not (module or "").startswith(
            "s2sdiff") and not hasattr(fn, "__s2sdiff_source__"):
        return _named(fn, functools.partial(_forwards, fn))
    if module in ("math", "cmath") or fn in (float, complex, np.float64, np.float32,
                                             np.longdouble, np.complex128):
        return _named(fn, functools.partial(_lifting, fn))
    return None


def _asking(fn: Any, *args: Any, **kwargs: Any) -> Any:
    """What is asked of numbers that lie in lists, too."""
    return fn(*plain_parts(args), **plain_parts(kwargs))


def _opening(rule: Any, fn: Any, *args: Any, **kwargs: Any) -> Any:
    """What a rule of the library returns."""
    return fn(*args, **kwargs) if run_of((args, kwargs)) is None else opened(rule, fn, args, kwargs)


def _helping(fn: Any, *args: Any, **kwargs: Any) -> Any:
    """What is computed for a rule: with numbers and their tangents, or where that does not go by
    the code of forward mode.
    """
    run = run_of((args, kwargs))
    if run is None:
        return fn(*args, **kwargs)
    try:
        return run.tried(fn, *args, **kwargs)
    except DifferentiationError:
        return lifted(fn, args, kwargs)


def _forwards(fn: Any, *args: Any, **kwargs: Any) -> Any:
    """A call of a user's function of which nobody asks a derivative: the forward code of one."""
    active = any(not is_inert(a) for a in (*args, *kwargs.values()))
    return unasked(fn, *args, **kwargs) if active else fn(*args, **kwargs)


def unasked(fn: Any, /, *args: Any, **kwargs: Any) -> Any:
    """The same of a function that may hold what carries tangents.

    >>> unasked(functools.partial(max, 2.0), 1.0)
    2.0
    """
    ours = (getattr(fn, "__module__", None) or "").partition(".")[0] == "s2sdiff"
    if ours or (run_of((args, kwargs)) is None and is_inert(fn)):
        return fn(*args, **kwargs)
    slots = tuple([i for i, a in enumerate(args) if not is_inert(a)] +
                  [k for k, a in kwargs.items() if not is_inert(a)])
    return by_place.call_by_place(slots, fn, *args, **kwargs)[0]


def _lifting(fn: Any, *args: Any, **kwargs: Any) -> Any:
    return lifted(fn, args, kwargs)


def _making(fn: Any) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        if run_of((args, kwargs)) is not None and fn not in (array_carried, _as_array):
            if fn in (np.full, np.full_like):
                shape, value, *rest = args
                return put(made(fn(shape, plain_value(value), *rest, **kwargs)), ..., value)
            return made(lifted(fn, args, kwargs))
        return made(fn(*args, **kwargs))

    return call


@functools.lru_cache(maxsize=1024)
def making(fn: Any) -> Callable[..., Any]:
    """A function of which the array that it makes may be written into."""
    if isinstance(fn, types.MethodDescriptorType):  # what carries a tangent is of another class
        return _named(fn, lambda x, *a, **k: made(getattr(x, fn.__name__)(*a, **k)), True)
    return _named(fn, lambda *args, **kwargs: made(fn(*args, **kwargs)), True)


def _named(fn: Any, call: Any, new: bool = False) -> Callable[..., Any]:
    """A stand-in; what is `new` may be written into, also where it is differentiated again."""
    def stand_in(*args: Any, **kwargs: Any) -> Any:
        return call(*args, **kwargs)

    stand_in.__name__ = stand_in.__qualname__ = getattr(fn, "__name__", "function")
    stand_in.__s2sdiff_stands_in__ = fn, made if new else None  # type: ignore[attr-defined]
    return stand_in
