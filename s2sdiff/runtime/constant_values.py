"""Values through which nothing has a derivative, where it is found out when code runs."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime.structures import holds_numbers

__all__ = ["of_field", "of_known_field", "still_value", "stopped"]


def of_field(value: Any, name: str, owner: Any) -> Any:
    """What is read from a field that is no variable."""
    return still_value(value, f".{name} of a {type(owner).__name__} is a constant field, and the "
                       "class is known when it runs",
                       "keep arrays or numbers in the field, or read it in a method of the class")


def still_value(value: Any, what: str, instead: str) -> Any:
    """A value that has no place of its own, in which a cotangent could be left."""
    if isinstance(value, np.ndarray) and value.dtype.kind in "fc":
        # Read-only, as nobody would see what is written into it.
        value = value.copy()
        value.flags.writeable = False
    elif holds_numbers(value) and not isinstance(value, (float, complex, np.generic, np.ndarray)):
        raise refusal(UnsupportedError,
                      f"{what}, and a {type(value).__name__} "
                      "with numbers would have a derivative under its other names", instead)
    return value


def stopped(x: Any) -> Any:
    """What `sd.stop_gradient` gives where it is kept, or handed on: nothing that has a place."""
    return still_value(x, "what sd.stop_gradient gives is kept or handed on",
                       "stop the numbers in it one by one")


def of_known_field(x: Any) -> Any:
    """What a constant field gives where it is kept, or handed on.

    Objects are handed on as they are: what they hold is in the constant field.
    """
    return x if not isinstance(x, np.ndarray) else still_value(x, "", "")
