"""Functions that may hold values with derivatives: in cells, in defaults, as owners of methods."""

from __future__ import annotations

import types
from typing import Any

import numpy as np

from s2sdiff.runtime.standins_numpy import made_into

__all__ = ["has_hash", "may_hold"]


def may_hold(value: Any) -> bool:
    """Whether an object is, or has among its items, a function that holds more than its code.

    >>> may_hold(len), may_hold({}.get), may_hold(lambda: 1), may_hold((np.sin, [].append))
    (False, True, False, True)
    """
    match value:
        case types.FunctionType():
            return bool(value.__closure__ or value.__defaults__ or value.__kwdefaults__)
        case types.BuiltinFunctionType():
            return not isinstance(value.__self__, types.ModuleType | types.NoneType)
        case np.ufunc():
            return made_into(value) is not None
        case tuple():
            return any(map(may_hold, value))
    return False


def has_hash(value: Any) -> bool:
    """Whether tables may be asked for it: an object of a dataclass that is called has no hash."""
    try:
        hash(value)
    except TypeError:
        return False
    return True
