"""What is read from fields that are no variables, where it is found out when code runs."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime.structures import holds_numbers

__all__ = ["still_value"]


def still_value(value: Any, name: str, owner: Any) -> Any:
    """What a field gives that is marked as no variable: nothing that has a place of its own."""
    if isinstance(value, np.ndarray) and value.dtype.kind in "fc":
        # Read-only, as nobody would see what is written into it.
        value = value.copy()
        value.flags.writeable = False
    elif holds_numbers(value) and not isinstance(value, (float, complex, np.generic, np.ndarray)):
        raise refusal(UnsupportedError,
                      f".{name} of a {type(owner).__name__} is a constant field that holds a "
                      f"{type(value).__name__} with numbers, and the class is known only when it "
                      "runs", "keep arrays or numbers in the field, or read it in a method of the "
                      "class")
    return value
