"""What a function counts and notes each time that it runs, where a second run is undone.

The second run has found all as the first one did.  It is undone, as what was written since is what
counts; but who counts the runs, or keeps a list of them, counts both.
"""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np

from s2sdiff.runtime.solver_states import State

__all__ = ["with_counts"]


def with_counts(now: State, before: State) -> State:
    """What was there in front of a second run, with what that has counted and appended.

    Parameters
    ----------
    now : the state in front of the run, to which it is undone
    before : the same places as the run has found them, which has ended just now

    >>> from s2sdiff.runtime.solver_states import seen_state
    >>> runs = [7, 8]
    >>> before = seen_state(runs)
    >>> runs[:] = [9, 8, 8]  # by somebody else
    >>> now = before.renewed()
    >>> before.put_back()
    >>> runs[0] += 1; runs.append(8)  # by the run
    >>> with_counts(now, before).put_back()
    >>> runs
    [10, 8, 8, 8]
    """
    after = before.renewed()
    made = State()
    made.places = [(x, _items(x, mine, found, left)) for (x, mine), (_, found), (_, left) in zip(
        now.places, before.places, after.places, strict=True)]
    made.names = [(table, name, _number(mine, found, left))
                  for (table, name, mine), (_, _, found), (_, _, left) in zip(
                      now.names, before.names, after.names, strict=True)]
    made.cells = [(cell, _number(mine, found, left)) for (cell, mine), (_, found), (_, left) in zip(
        now.cells, before.cells, after.cells, strict=True)]
    return made


def _number(mine: Any, found: Any, left: Any) -> Any:
    """One more for each that it was counted up, of a number."""
    counts = type(mine) is type(found) is type(left) is int
    return mine + left - found if counts and left > found else mine


def _items(x: Any, mine: Any, found: Any, left: Any) -> Any:
    if isinstance(x, np.ndarray):
        whole = x.dtype.kind in "iu" and mine.shape == found.shape == left.shape
        return mine + (left - found) if whole and np.any(left > found) else mine
    if isinstance(x, (set, frozenset)):
        return mine
    was, is_now = dict(found), dict(left)
    in_line = isinstance(x, (list, deque))
    # A key that the run was the first to put in, as `Counter` has them, counts from nothing.
    counted = [(k, _number(v, was.get(k, None if in_line else 0), is_now.get(k))) for k, v in mine]
    appended = [v for _, v in left[len(found):]] if in_line else []
    return [*counted, *enumerate(appended, len(counted))]
