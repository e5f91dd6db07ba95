"""The refusals of cotangents that do not fit their values, or that no form is known for."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.errors import RuleError, UnsupportedError, refusal

__all__ = ["misshapen", "of_objects"]

_NUMBERS = (int, float, complex, np.number, np.bool_, np.ndarray)


def misshapen(g: Any, x: Any) -> Exception:
    """The refusal of a cotangent of another shape or type than its value has."""
    numbers = isinstance(x, (float, complex, np.inexact, np.ndarray)) and \
        isinstance(g, _NUMBERS) and np.asarray(g).dtype.kind in "biufc"
    what, one, other = ("shape", np.shape(g), np.shape(x)) if numbers else \
        ("type", type(g).__name__, type(x).__name__)
    return refusal(RuleError,
                   f"a cotangent of {what} {one} was given for a value of {what} {other}",
                   f"return one of the value's {what} from the hook or the derivative")


def of_objects() -> Exception:
    """The refusal of a cotangent of an array of objects, for which there is no form."""
    return refusal(UnsupportedError, "an array of objects has no cotangent as a whole",
                   "read its elements one by one, or use a list")
