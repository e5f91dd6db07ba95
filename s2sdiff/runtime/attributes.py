"""Attributes of numbers, arrays and objects that hold nothing active, with a derivative."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff import registry
from s2sdiff.errors import MissingDerivativeError, UnsupportedError, refusal
from s2sdiff.registry import Rule
from s2sdiff.runtime.arrays import match
from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.rule_calls import rule_caller
from s2sdiff.runtime.values import Slots, is_inert, nothing

__all__ = ["attribute", "attribute_kept", "attributed", "has_no_place", "must_be_inert",
           "must_have_place", "ruled", "still", "with_default"]


_FLOAT = np.dtype(float)


def attribute(wrt: Slots, name: str, owner: Any) -> tuple[Any, Any]:
    """`owner.name` with a pullback."""
    return attributed(wrt, name, owner, False)


def attribute_kept(wrt: Slots, name: str, owner: Any) -> tuple[Any, Any]:
    """`attribute` where the owner or the value may be written before the pullback runs."""
    return attributed(wrt, name, owner, True)


def ruled(rule: Rule, wrt: Slots, args: tuple, kwargs: dict[str, Any],
          kept: Any) -> tuple[Any, Any]:
    """A call of a rule: for reverse mode, or as `kept` makes it."""
    if isinstance(kept, bool):
        return rule_caller(rule, wrt, kept)(*args, **kwargs)
    return kept.ruled(rule, wrt, args, kwargs)


def still(value: Any, wrt: Slots, args: tuple, kwargs: dict[str, Any],
          kept: Any) -> tuple[Any, Any]:
    """The value of a call that no argument has a derivative in."""
    if isinstance(kept, bool):
        return value, nothing(wrt, args, kwargs)
    return value, kept.still(value, wrt, args, kwargs)


def has_no_place(x: Any) -> bool:
    """Whether an object is a tuple or a number: its cotangent travels, and lies nowhere."""
    return isinstance(x, (tuple, float, complex, np.generic))


def must_have_place(fn: Any) -> None:
    """Refuse to call a tuple or a number, whose cotangent has nowhere to be: a callee has none."""
    if has_no_place(fn) and not is_inert(fn):
        kind = "tuple" if isinstance(fn, tuple) else "number"
        raise refusal(UnsupportedError, f"an object of the class {type(fn).__name__} is called, "
                      f"which is a {kind}", "name the method: value.__call__(x)")


def must_be_inert(active: bool, owner: Any, what: str) -> None:
    """Refuse what is asked of an object that may hold active values."""
    if active and not is_inert(owner):
        raise refusal(UnsupportedError,
                      f"{what} of a {type(owner).__name__} that may hold active values",
                      "pass the numbers it holds as arguments of their own")


def attributed(wrt: Slots, name: str, owner: Any, kept: Any) -> tuple[Any, Any]:
    """`owner.name`, as `called`."""
    if class_of(owner) in (float, complex) and name in ("real", "imag") :
        if not isinstance(kept, bool):
            return getattr(owner, name), getattr(kept.dots[0], name)
        # The real part of a float is the float; a complex one hands on a multiple of one or -i.
        factor = 1.0 if name == "real" else -1j if class_of(owner) is complex else 0.0
        return getattr(owner, name), lambda bar: match(bar * factor, owner)
    if isinstance(owner, (np.ndarray, np.generic, float, complex)):
        for cls in class_of(owner).__mro__:
            if name in vars(cls):
                rule = registry.find(vars(cls)[name])
                if rule is not None and not rule.constant and class_of(owner) is not float:
                    return ruled(rule, wrt, (owner,), {}, kept)
                if rule is not None or is_inert(getattr(owner, name)):
                    return still(getattr(owner, name), wrt, (owner,), {}, kept)
                break
        else:
            # No active number gets into an array with fields (see `views`).
            if name in (getattr(owner, "dtype", _FLOAT).names or ()):
                return still(getattr(owner, name), wrt, (owner,), {}, kept)
        raise refusal(MissingDerivativeError,
                      f".{name} of a {type(owner).__name__} has no derivative here",
                      "use a function of numpy that has one")
    if class_of(owner).__module__ == "builtins" and not hasattr(owner, name):
        getattr(owner, name)  # raises what Python raises
    must_be_inert(bool(wrt), owner, f".{name}")
    return still(getattr(owner, name), wrt, (owner,), {}, kept)


def with_default(wrt: Slots, args: tuple, kept: Any) -> tuple[Any, Any]:
    """`getattr(owner, name, default)`."""
    owner, name, default = args
    if not isinstance(kept, bool):
        return _pushed_default(wrt, args, kept)
    try:
        found = getattr(owner, name)
    except AttributeError:
        if len(wrt) == 1:
            return default, lambda bar: bar if wrt == (2,) else match(None, owner)
        return default, lambda bar: tuple(bar if s == 2 else match(None, args[s]) for s in wrt)
    if 0 not in wrt or is_inert(owner):
        return found, nothing(wrt, args, {})
    value, pullback = attributed((0,), name, owner, kept)
    if wrt == (0,):
        return value, pullback
    return value, lambda bar: tuple(
        pullback(bar) if s == 0 else match(None, args[s]) for s in wrt)


def _pushed_default(wrt: Slots, args: tuple, how: Any) -> tuple[Any, Any]:
    owner, name, default = args
    try:
        found = getattr(owner, name)
    except AttributeError:
        return (default, how.dots[wrt.index(2)]) if 2 in wrt else (default, how.zero(default))
    if 0 not in wrt or is_inert(owner):
        return found, how.zero(found)
    if callable(found):
        raise refusal(UnsupportedError,
                      f"forward mode does not follow the method .{name} as a value",
                      "call it where it is named")
    return attributed((0,), name, owner, how.only(wrt, (0,)))
