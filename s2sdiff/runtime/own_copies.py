"""Copies that are nobody else's, for what users' code may keep until a pullback runs, or write."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.registry import Rule
from s2sdiff.runtime import reasons
from s2sdiff.runtime.arrays import copy
from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.contents import items_of
from s2sdiff.runtime.memory_copies import copies_together
from s2sdiff.runtime.shadows import owner_of
from s2sdiff.runtime.side_by_side import contents, mapped
from s2sdiff.runtime.values import is_inert

__all__ = ["check_unchanged", "copied", "copies_itself", "passed_on", "share_memory"]


def copied(x: Any) -> Any:
    """A value whose arrays, containers and objects with numbers are others, with what they hold.

    >>> x = {"w": np.ones(1)}
    >>> once, again = copied((x, x))
    >>> once is again, once["w"] is x["w"]
    (True, False)
    """
    arrays: list[np.ndarray] = []

    def noted(_: Any, leaf: Any) -> Any:
        if type(leaf) is np.ndarray:
            arrays.append(leaf)
        return leaf

    mapped(noted, "copied", x, keeps=_itself)
    copies = copies_together(arrays)

    def made(_: Any, leaf: Any) -> Any:
        return copies[id(leaf)] if type(leaf) is np.ndarray else copy(leaf)

    return mapped(made, "copied", x, keeps=copy)


def _itself(x: Any) -> Any:
    return x


def copies_itself(rule: Rule) -> bool:
    """Whether a rule keeps copies of its own, of what it is given and of what it gives."""
    return getattr(rule.function, "__s2sdiff_copies__", False)


def check_unchanged(fn: Any, x: Any, mine: Any, numbers: bool = False) -> None:
    """Refuse a user's derivative that writes into what it is given and does not say so.

    Parameters
    ----------
    x, mine : what was given, and its copy; one of them may be written
    numbers : whether all that is not differentiated, constant fields among it, may be written
    """
    if not _same(x, mine, numbers, set()):
        raise refusal(UnsupportedError,
                      f"{reasons.name_of(fn)} writes into what it is given, and its "
                      "derivative does not know it",
                      "register it with writes=, or let it work on a copy")


def _same(x: Any, mine: Any, numbers: bool, seen: set[int]) -> bool:
    if numbers and is_inert(x) and is_inert(mine):
        return True
    if isinstance(x, np.ndarray):
        return isinstance(mine, np.ndarray) and x.dtype == mine.dtype and np.array_equal(
            x, mine, equal_nan=x.dtype.kind in "fc")
    if x is mine or id(x) in seen:
        return True
    of = contents if numbers else items_of
    items, others = of(x), of(mine)
    if items is None or others is None:
        return class_of(x) is class_of(mine) and bool(x == mine or x != x)
    seen.add(id(x))
    one, other = dict(items), dict(others)
    return all(_same(one.get(k), other.get(k), numbers, seen) for k in {**one, **other})


def share_memory(x: Any, y: Any) -> bool:
    """Whether an array, a container or an object in `x` is in `y`, or a view of one in it is.

    >>> a = np.ones(2)
    >>> share_memory([a[:1]], (1.0, {"a": a})), share_memory(a.copy(), a)
    (True, False)
    """
    return not _owners(x, {}).keys().isdisjoint(_owners(y, {}))


def _owners(x: Any, found: dict[int, Any]) -> dict[int, Any]:
    if isinstance(x, np.ndarray):
        found[id(owner_of(x))] = x
    elif id(x) not in found:
        items = contents(x)
        if items is not None:
            if not isinstance(x, tuple):
                found[id(x)] = x
            for _, v in items:
                _owners(v, found)
    return found


def passed_on(x: Any, /) -> Any:
    """An array that a round of a loop hands on: itself, which nobody writes any more."""
    return x
