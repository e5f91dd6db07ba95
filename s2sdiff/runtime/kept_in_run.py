"""Notes of what is kept in objects and dicts while differentiated code runs."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff.runtime.own_fields import own_fields

__all__ = ["ENDS", "RUN", "at_the_end", "in_a_run", "is_new", "kept", "kept_items",
           "older_items"]


class _Run(threading.local):
    """What was kept since an operator was called: owners by their ids and keys; None outside."""

    def __init__(self) -> None:
        self.kept: dict[Any, Any] | None = None


RUN = _Run()


def in_a_run(function: Callable[..., Any], code: Callable[..., Any]) -> Any:
    """A function that runs generated code, with notes that last as long as it runs.

    They are its own: what an operator around it has kept, or one before it there, is no answer.
    """

    @functools.wraps(function)
    def noting(*args: Any, **kwargs: Any) -> Any:
        before, RUN.kept = RUN.kept, {}
        try:
            found = function(*args, **kwargs)
            if RUN.kept:
                at_the_end()
            return found
        finally:
            RUN.kept = before

    noting.__wrapped__ = code  # type: ignore[attr-defined]
    return noting


def at_the_end() -> None:
    """Look once more at what was noted for that, where a run has ended as it should."""
    for look in (RUN.kept or {}).get(ENDS, ()):
        look()


#: Under it in the table: what is called when a run ends.
ENDS = "ends"


def kept(owner: Any, key: Any) -> None:
    """Note that something was written here in this run."""
    if RUN.kept is not None and _is_place(owner, key):
        # The owner stays, as another one might get its id.
        RUN.kept[id(owner), key] = owner
        value = own_fields(owner).get(key) if isinstance(key, str) else None
        if value is not None and not isinstance(value, _NUMBERS):
            RUN.kept[id(value), None] = value


def kept_items(owner: Any, *items: Any) -> None:
    """Note that a method has put these into a list or the like in this run."""
    if RUN.kept is not None:
        for x in items:
            key = id(owner), id(x), "item"
            _, _, count = RUN.kept.get(key, (owner, x, 0))
            RUN.kept[key] = owner, x, count + 1


def older_items(owner: Any) -> list[Any]:
    """The items of a list or the like that no method has put there in this run."""
    if not RUN.kept:
        return list(owner)
    new: dict[int, int] = {}
    found = []
    for x in owner:
        left = new.setdefault(id(x), RUN.kept.get((id(owner), id(x), "item"), (None, None, 0))[2])
        if left:
            new[id(x)] = left - 1
        else:
            found.append(x)
    return found


_NUMBERS = (float, complex, int, np.ndarray, np.generic)


def is_new(owner: Any, key: Any) -> bool:
    """Whether what is there was written in this run, or the owner itself."""
    return RUN.kept is not None and (
        (id(owner), None) in RUN.kept or (_is_place(owner, key) and (id(owner), key) in RUN.kept))


def _is_place(owner: Any, key: Any) -> bool:
    """Parts of arrays are none; and a slice cannot be looked up."""
    return isinstance(key, (str, int)) or isinstance(owner, dict)
