"""Which arguments of a call an operator is asked about, and which of them have a derivative."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np

from s2sdiff.runtime.plain_classes import module_of
from s2sdiff.runtime.structures import holds_numbers
from s2sdiff.runtime.values import is_differentiable, is_inert

__all__ = ["asked_of", "foreign", "has_cotangent", "is_foreign", "slot_of"]


def asked_of(wrt: Any) -> Any:
    """What `wrt` names, one by one."""
    return wrt if isinstance(wrt, (tuple, list)) else (wrt,)


def slot_of(f: Any, w: Any, args: tuple, kwargs: dict[str, Any]) -> Any:
    """Where an argument in wrt stands in a call: its position, or its keyword."""
    if isinstance(w, bool) or not isinstance(w, (int, str)):
        raise TypeError(f"wrt={w!r}: expected an index or a name. Instead, give an argument's "
                        "index.")
    if isinstance(w, str):
        if w in kwargs:
            return w
        w = _position(f, w)
    if not -len(args) <= w < len(args):
        raise TypeError(f"wrt={w!r}: {getattr(f, '__qualname__', f)} was called with {len(args)} "
                        "positional arguments. Instead, pass the argument that is meant by "
                        "position.")
    return w % len(args)


def _position(f: Any, name: str) -> int:
    try:
        names = list(inspect.signature(f).parameters)
    except (TypeError, ValueError):
        names = []
    if name not in names:
        raise ValueError(f"wrt={name!r}: no such parameter. Instead, give its index.")
    return names.index(name)


def has_cotangent(a: Any, i: int, f: Any) -> bool:
    if is_differentiable(a):
        return True
    if is_inert(a):
        return False
    if not isinstance(a, np.ndarray) and holds_numbers(a):
        return True
    if isinstance(a, np.ndarray):
        raise TypeError(f"vjp: argument {i} has dtype {a.dtype}, which has no derivative. Instead, "
                        "pass an array of floats.")
    if is_foreign(a):
        raise TypeError(f"vjp: argument {i} is {foreign(a)}")
    return False


def is_foreign(a: Any) -> bool:
    """An array of floats of another library, as CuPy's, PyTorch's and JAX's are."""
    return hasattr(type(a), "__dlpack__") and any(
        word in str(getattr(a, "dtype", "")) for word in ("float", "complex"))


def foreign(a: Any) -> str:
    library = module_of(type(a)).partition(".")[0]
    return (f"an array of {library}, and only NumPy's are differentiated. Instead, pass a NumPy "
            "array of the same numbers.")
