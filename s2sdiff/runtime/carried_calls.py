"""Calls with values that carry tangents: the function's own derivative gives that of the result."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff import registry
from s2sdiff.errors import DifferentiationError
from s2sdiff.runtime import carried, nested, tangents
from s2sdiff.runtime.arrays import match
from s2sdiff.runtime.carried import CARRIED, Carried, CarriedArray, plain_value, run_of
from s2sdiff.runtime.carried_runs import Carrying, not_carried, outside
from s2sdiff.runtime.named_tuples import like_fields, like_tuple
from s2sdiff.runtime.nested import listed
from s2sdiff.runtime.values import is_inert
from s2sdiff.runtime.views import OF_ONE
from s2sdiff.runtime.zero_tangents import laid_out, zero_tangent

__all__ = ["carry", "lifted", "split", "wrapped"]


# ------------------------------------------------------------------------- apart and together


def split(x: Any, run: Carrying) -> tuple[Any, Any]:
    """A value and its tangent in a run; None where it carries none.

    The tangent of a list, a tuple or a dict is one of all that is in it.
    """
    if type(x) in CARRIED:
        return (x.value, x.tangent) if x.run is run else (x, None)
    if run_of(x) is None:
        return x, None
    pairs = [split(v, run) for v in (x.values() if isinstance(x, dict) else x)]
    if all(d is None for _, d in pairs):
        return x, None
    values = [v for v, _ in pairs]
    dots = [zero_tangent(v) if d is None else d for v, d in pairs]
    if isinstance(x, dict):
        return dict(zip(x, values, strict=True)), dict(zip(x, dots, strict=True))
    if hasattr(x, "_fields"):
        return like_fields(x, values), like_fields(x, dots)
    return (values, dots) if isinstance(x, list) else (tuple(values), tuple(dots))


def wrapped(value: Any, dot: Any, run: Carrying, known: tuple = ()) -> Any:
    """What a call gives, with its tangent.

    Parameters
    ----------
    known : tangents that others have, of which this one must be no other name
    """
    if isinstance(value, np.ndarray):
        if value.dtype.kind not in "fc":
            return value
        dot = match(dot, value)
        if type(dot) is np.ndarray and (dot.strides != value.strides or dot.base is not None or
                                        not dot.flags.writeable or any(dot is k for k in known)):
            dot = laid_out(dot, value)
        elif any(dot is k for k in known):
            dot = dot.copy()
        return CarriedArray(value, dot, run)
    if isinstance(value, (float, complex, np.inexact)):
        return Carried(value, match(dot, value), run)
    if isinstance(value, (tuple, list)):
        dots = (None,) * len(value) if dot is None else dot
        items = [wrapped(v, d, run, known) for v, d in zip(value, dots, strict=True)]
        return like_tuple(value, items) if isinstance(value, tuple) else type(value)(items)
    if isinstance(value, dict):
        return {k: wrapped(v, None if dot is None else dot[k], run, known)
                for k, v in value.items()}
    if value is NotImplemented or is_inert(value):
        return value
    # What it holds may have a tangent, which would be lost.
    raise not_carried(f"what is made, a {type(value).__name__},", run)


def carry(x: Any, run: Carrying) -> Any:
    """An array that was made in a run, with tangents of zeros in that and in those around it;
    anything else as it is.
    """
    if type(x) is not np.ndarray or x.dtype.kind not in "fc":
        return x
    zero, outer = outside(None, zero_tangent, x), run.outer
    return CarriedArray(x, zero, run) if outer is None else \
        CarriedArray(carry(x, outer), carry(zero, outer), run)


# -------------------------------------------------------------------------------------- calls


def lifted(fn: Callable[..., Any], args: tuple, kwargs: dict[str, Any]) -> Any:
    """`fn(*args, **kwargs)` of a function that writes nothing, with its tangent."""
    run = run_of((args, kwargs))
    if run is None:
        return fn(*args, **kwargs)
    rule = registry.find(fn)
    if run.done or (rule is not None and rule.constant):
        args, kwargs = split(args, run)[0], split(kwargs, run)[0]
        return lifted(fn, args, kwargs)
    slots, dots, values, named = _parted(args, kwargs, run)
    try:
        step = outside(run.outer, _derivative, fn, len(values), tuple(named), tuple(slots),
                       run.outer is not None)
        value, dot = outside(run.outer, step, *values, *dots, **named)
        shown = outside(run.outer, _shown, fn, value, slots, dots, values, named)
    except DifferentiationError as error:
        raise run.fail(error) from None
    if shown is None or not _is_view(shown, dots[0]):
        return wrapped(value, dot, run, tuple(dots))
    return CarriedArray(value, shown, run)


def _shown(fn: Any, value: Any, slots: list[Any], dots: list[Any], values: list[Any],
           named: dict[str, Any]) -> Any:
    """Of the tangent what the call shows of its argument; None where that gives no view.

    Such a call (`np.einsum("ii->i", x)`, `x.__getitem__(1)`) is linear in what it shows.
    """
    if len(slots) != 1 or not isinstance(slots[0], int) or not _is_view(value, values[slots[0]]):
        return None
    return fn(*[dots[0] if at == slots[0] else v for at, v in enumerate(values)], **named)


def _is_view(value: Any, x: Any) -> bool:
    value, x = plain_value(value), plain_value(x)
    return isinstance(value, np.ndarray) and isinstance(x, np.ndarray) and \
        np.may_share_memory(value, x)


@functools.lru_cache(maxsize=4096)
def _derivative(fn: Callable[..., Any], count: int, names: tuple[str, ...],
                slots: tuple[Any, ...], carried: bool) -> Callable[..., Any]:
    """What gives value and tangent of a call: the code of forward mode, by kinds of arguments.

    Where arguments may be `carried`, with tangents of a run around, code for that.
    """
    parameters, given = listed((None,) * count, dict.fromkeys(names))
    return tangents.pushed(_called(fn, given, parameters), slots)


#: Functions of one call each, which must not go while their derivatives are known.
_CALLED: dict[Any, Any] = {}


def _called(fn: Any, given: str, parameters: str) -> Any:
    key = fn, parameters
    found = _CALLED.get(key)
    if found is None:
        found = _CALLED[key] = nested.written("called", parameters, f"function({given})",
                                              function=fn)
    return found


@functools.lru_cache(maxsize=512)
def _method(name: str) -> Callable[..., Any]:
    """The call of a method as a function that can be differentiated."""
    def call(args: tuple, kwargs: dict[str, Any]) -> Any:
        parameters, given = listed(args, kwargs)
        inner = given.partition(", ")[2]
        key = name, parameters
        found = _CALLED.get(key)
        if found is None:
            found = _CALLED[key] = nested.written("called", parameters, f"a0.{name}({inner})")
        return lifted(found, args, kwargs)

    return call


# ------------------------------------------------------------------------------------ methods

#: Methods that do to the tangent what they do to the array.
_ALIKE = frozenset({"reshape", "ravel", "transpose", "squeeze", "swapaxes", "diagonal", "copy",
                    "flatten", "take", "repeat", "item", "tolist", "conj", "conjugate"})
#: Methods that write into the array.
_WRITING = frozenset({"fill", "sort", "put", "partition"})
_REFUSED = frozenset({"resize", "setflags", "setfield", "byteswap", "tofile", "dump", "dumps",
                      "tobytes", "getfield", "hex", "as_integer_ratio", "to_device", "itemset"})


def _bound(self: Any, name: str) -> Callable[..., Any]:
    def method(*args: Any, **kwargs: Any) -> Any:
        run = self.run
        if run.done:
            return getattr(self.value, name)(*args, **kwargs)
        if name in _REFUSED or kwargs.get("out") is not None:
            raise not_carried(f".{name}()", run)
        if name in _ALIKE and run_of((args, kwargs)) is None:
            value = getattr(self.value, name)(*args, **kwargs)
            return _alike(value, getattr(self.tangent, name)(*args, **kwargs), self)
        if name in ("astype", "view"):
            return _converted(self, name, args, kwargs)
        if name in _WRITING:
            return _written(getattr(np.ndarray, name), (self, *args), kwargs)
        return _method(name)((self, *args), kwargs)

    return method


def _alike(value: Any, dot: Any, self: Any) -> Any:
    """Value and tangent that were made alike: views of both are views of both."""
    if value is self.value:
        return self
    if isinstance(value, np.ndarray):
        return CarriedArray(value, dot, self.run) if value.dtype.kind in "fc" else value
    if isinstance(value, (list, tuple)):
        return type(value)([_alike(v, d, self) for v, d in zip(value, dot, strict=True)])
    return Carried(value, dot, self.run)


def _converted(self: Any, name: str, args: tuple, kwargs: dict[str, Any]) -> Any:
    value = getattr(self.value, name)(*args, **kwargs)
    if value.dtype.kind in "iub" and name == "astype":
        return value
    if value.dtype.kind not in "fc" or (name == "view" and value.dtype != self.dtype):
        raise not_carried(f".{name}()", self.run)
    return _alike(value, getattr(self.tangent, name)(*args, **kwargs), self)


def _parted(args: tuple, kwargs: dict[str, Any],
            run: Any) -> tuple[list[Any], list[Any], list[Any], dict[str, Any]]:
    """Which arguments move, their tangents, and all arguments without them."""
    slots, dots, values, named = [], [], [], {}
    for i, a in enumerate(args):
        value, dot = split(a, run)
        values.append(value)
        if dot is not None:
            slots.append(i)
            dots.append(dot)
    for k, a in kwargs.items():
        named[k], dot = split(a, run)
        if dot is not None:
            slots.append(k)
            dots.append(dot)
    return slots, dots, values, named


def _written(fn: Any, args: tuple, kwargs: dict[str, Any]) -> Any:
    """A call that writes into its first argument, done to the tangents, too."""
    target, run = args[0], run_of((args, kwargs))
    assert run is not None
    if type(target) is not CarriedArray or target.run is not run:
        raise not_carried("a write into a plain array", run)
    slots, dots, values, named = _parted(args, kwargs, run)
    try:
        outside(run.outer, tangents.push, tuple(slots), tuple(dots), fn, *values, **named)
    except DifferentiationError as error:
        raise run.fail(error) from None
    return None


Carried.method = _bound
carried.lifted = lifted

#: Functions that give views of their first argument, or copies of it, and are linear in it.
ALIKE = frozenset({fn for fn in OF_ONE if not isinstance(fn, type(np.ndarray.sum))} |
                  {np.take, np.repeat, np.copy, np.roll, np.tile, np.resize, np.triu, np.tril})
