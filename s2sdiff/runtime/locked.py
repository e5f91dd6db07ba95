"""Arrays that nobody may write where a derivative is computed, though a plain run might."""

from __future__ import annotations

import weakref
from collections.abc import Iterable

import numpy as np

from s2sdiff.errors import AliasingError, refusal

__all__ = ["LOCKED", "lock", "refusal_of"]

LOCKED: dict[int, tuple[weakref.ref, str, str]] = {}


def lock(a: np.ndarray, reason: str, instead: str) -> np.ndarray:
    """The array, read-only from now on: a write into it is a refusal."""
    if a.flags.writeable:
        a.flags.writeable = False
        key = id(a)
        LOCKED[key] = weakref.ref(a, lambda _: LOCKED.pop(key, None)), reason, instead
    return a


def refusal_of(arrays: Iterable[np.ndarray]) -> AliasingError | None:
    """The refusal of a write into one of these, or into what it shows, if it is locked.

    >>> found = refusal_of([lock(np.zeros(2), "it is written", "write elsewhere")[:1]])
    >>> str(found)
    'it is written. Instead, write elsewhere.'
    """
    for a in arrays:
        shown = a
        while isinstance(shown, np.ndarray):
            if id(shown) in LOCKED:
                return refusal(AliasingError, *LOCKED[id(shown)][1:])
            shown = shown.base
    return None
