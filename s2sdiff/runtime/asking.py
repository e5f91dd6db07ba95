"""Which generated code finds out when it runs what is called, so that more must be asked of it."""

from __future__ import annotations

from typing import Any

__all__ = ["asks"]

#: By place, or with a closure of which nothing is known, or a refusal.
_ASKING = frozenset({
    "apply", "apply_by_place", "attribute", "attribute_by_place", "attribute_kept", "call",
    "call_by_place", "call_kept", "call_method", "call_method_kept", "cell", "filled", "handed",
    "method_by_place", "own_cell", "refuse"})


def asks(function: Any) -> bool:
    """Whether generated code cannot be differentiated again, or turned round, as plain text can.

    >>> asks(lambda x, rt: rt.call_kept((0,), abs, x)), asks(lambda x: x * 2)
    (True, False)
    """
    return not _ASKING.isdisjoint(function.__code__.co_names)
