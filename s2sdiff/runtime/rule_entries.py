"""What a rule's pullback gives, entry by entry: in the type of its argument, or refused."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff import errors
from s2sdiff.errors import MissingDerivativeError, refusal
from s2sdiff.runtime import reasons
from s2sdiff.runtime.arrays import match
from s2sdiff.runtime.contents import parts
from s2sdiff.runtime.handed import given_back, has_parts
from s2sdiff.runtime.shadow_slots import Parts
from s2sdiff.runtime.structures import holds_numbers
from s2sdiff.runtime.values import is_differentiable

__all__ = ["likeness", "match_entry", "unknown_entry"]


def likeness(x: Any) -> Any:
    """What an entry is matched to: containers and objects may be others when the pullback runs."""
    return x if isinstance(x, (float, np.ndarray, np.generic, int, complex)) else parts(x)


def unknown_entry(caller: Any) -> Exception:
    """The refusal of a derivative that a rule says is not known."""
    return refusal(MissingDerivativeError,
                   f"a derivative of {reasons.name_of(caller.rule.of)} that was asked for is not "
                   "known",
                   "keep that argument constant with sd.stop_gradient")


def match_entry(entry: Any, x: Any, caller: Any, looks: bool = False) -> Any:
    """One entry of a rule's pullback, in the type of its argument; NotImplemented is a refusal.

    What is in containers and objects is looked at where somebody else wrote the rule.
    """
    if entry is NotImplemented and (is_differentiable(x) or holds_numbers(x)):
        raise unknown_entry(caller)
    if isinstance(x, Parts):
        return None if not holds_numbers(x) else given_back(entry, x) if looks else entry
    if looks and has_parts(x):
        return given_back(entry, x)
    if not is_differentiable(x) and not holds_numbers(x):
        return None
    try:
        return match(entry, x)
    except (TypeError, ValueError, AttributeError):
        raise refusal(errors.RuleError,
                      f"the pullback of {reasons.name_of(caller.rule.of)} returned "
                      f"{reasons.described(entry)} for an argument that is {reasons.described(x)}",
                      "return a cotangent of the argument's own type and shape") from None
