"""Does the lowered function do what the function does?  Values, exceptions, effects, output."""

from __future__ import annotations

import contextlib
import copy
import io
from types import FunctionType
from typing import Any

import numpy as np

from s2sdiff.frontend.lower import lower
from tests.frontend.interpret import run

__all__ = ["assert_same", "outcome"]


def outcome(call: Any, args: Any) -> tuple[Any, ...]:
    """What a call gives: result or exception, what it printed, its arguments afterwards."""
    args = copy.deepcopy(args)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        try:
            kind, result = "returned", call(*args)
        except Exception as error:
            family = NameError if isinstance(error, NameError) else type(error)
            cause = type(error.__cause__) if error.__cause__ is not None else None
            kind, result = "raised", (family, cause, _message(error))
    return kind, result, printed.getvalue(), args


def _message(error: Exception) -> str:
    own = (ValueError, NameError, AttributeError, TypeError)
    return "" if isinstance(error, own) else str(error)


def assert_same(function: Any, *args: Any) -> tuple[Any, ...]:
    """Run both and compare; the outcome."""
    expected = outcome(function, args)
    ours = outcome(lambda *a: run(lower(function), *a), args)
    assert _plain(ours) == _plain(expected)
    return expected


def _plain(item: Any) -> Any:
    if isinstance(item, np.ndarray):
        return "array", item.dtype.str, item.shape, item.tolist()
    if isinstance(item, (tuple, list)):
        return type(item).__name__, [_plain(i) for i in item]
    if isinstance(item, dict):
        return "dict", [(k, _plain(v)) for k, v in item.items()]
    if hasattr(item, "__dict__") and not isinstance(item, (type, FunctionType)):
        return type(item).__name__, _plain(vars(item))
    if isinstance(item, slice) or isinstance(item, float):
        return repr(item)
    return type(item), item
