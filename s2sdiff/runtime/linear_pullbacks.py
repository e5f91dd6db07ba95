"""What forward mode asks of a user's pullback: that it is a linear function of its cotangent."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.errors import RuleError, refusal
from s2sdiff.registry import Rule
from s2sdiff.runtime import reasons
from s2sdiff.runtime.leaves import leaves_of
from s2sdiff.runtime.values import is_differentiable

__all__ = ["must_be_linear", "must_be_odd"]


def must_be_linear(rule: Rule, entries: tuple, bars: tuple, ones: Any, dot: Any) -> None:
    """Refuse a user's pullback that is no linear function: one pairing, taken at both its ends.

    A linear one has `<pullback(ones), bars> == <ones, dot>`; one that squares its cotangent has
    twice as much on the right.
    """
    one, other = _pairs(entries, bars), _pairs(ones, dot)
    sizes = [np.abs(p).sum() for p in (*one, *other)]
    if any(p.dtype.kind == "c" for p in (*one, *other)) or not np.isfinite(sizes).all():
        return
    precision = max([np.finfo(p.dtype).eps for p in (*one, *other)], default=0.0)
    # Rounding grows with what is added up; a wrong power is off by a factor.
    if abs(sum(p.sum() for p in one) - sum(p.sum() for p in other)) > \
            np.sqrt(precision) * sum(sizes):
        raise _not_linear(rule)


def must_be_odd(rule: Rule, entries: dict[Any, Any], turned: dict[Any, Any]) -> None:
    """Refuse a user's pullback that gives something else than minus that of minus a cotangent.

    What it adds, and what it does by the cotangent's sign, has no part in its derivative at ones.
    """
    for name, entry in entries.items():
        for one, other in zip(leaves_of(entry), leaves_of(turned.get(name)), strict=True):
            if not is_differentiable(one) or not is_differentiable(other):
                continue
            off, size = np.abs(one + other), np.abs(one) + np.abs(other)
            if np.any(off > np.finfo(np.result_type(one)).eps ** 0.5 * size):
                raise _not_linear(rule)


def _not_linear(rule: Rule) -> Exception:
    return refusal(RuleError,
                   f"the pullback of {reasons.name_of(rule.of)} is not linear in its cotangent",
                   "return a pullback that only multiplies, adds and selects, or register a "
                   "differential with mode='jvp'")


def _pairs(one: Any, other: Any) -> list[np.ndarray]:
    return [np.asarray(a * b) for a, b in zip(leaves_of(one), leaves_of(other), strict=True)
            if a is not None and b is not None]
