"""Writes into an array that go on reading the same memory: NumPy makes no copy in all of them.

A ufunc, a slice assignment, `np.take`, `np.dot` read all before they write.  What is listed here
reads its values one after another, also where it has written already.
"""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from s2sdiff.errors import UnsupportedError, refusal

__all__ = ["check_apart", "check_out", "is_fancy", "overlapping"]

_SETTING = (operator.setitem, np.ndarray.__setitem__)
#: For each function, what it reads; the name that messages call it by.
_READING: dict[Any, tuple[str, str]] = {
    np.fill_diagonal: ("val", "np.fill_diagonal"), np.place: ("vals", "np.place"),
    np.stack: ("arrays", "np.stack with out="), np.ptp: ("a", "np.ptp with out="),
    np.concatenate: ("arrays", "np.concatenate with out="),
}
#: Of tangled strides it is asked so long; then they are taken to overlap.
_ENOUGH: Any = 10_000


def check_apart(fn: Any, bound: dict[str, Any], targets: list[Any]) -> None:
    """Refuse a call that may read what it has written before; `bound`: its arguments by name."""
    what, values, into = "", None, targets
    if any(fn is f for f in _SETTING):
        a, index, value = bound.values()
        if isinstance(value, np.ndarray) and _is_mask(index):
            what, values = "an assignment at a mask", value
        elif isinstance(value, (list, tuple)) and not is_fancy(index):
            _check_rows(a[index], value)
    elif fn is setattr:
        if bound["name"] == "flat":
            what, values = "an assignment to .flat", bound["value"]
    else:
        try:
            name, what = _READING.get(fn, ("", ""))
        except TypeError:
            return
        values = next((v for k, v in bound.items() if k == name or (
            name == "arrays" and k in ("arrays", "tup", "seq"))), None)
        into = [t for target in targets for t in (target if isinstance(target, tuple)
                                                  else (target,))]
    if any(overlapping(t, values) for t in into):
        raise _refused(what)


def check_out(fn: Any, args: tuple, kwargs: dict[str, Any], out: np.ndarray) -> None:
    """Refuse a call with `out=` that may read what it has written before."""
    name, what = _READING.get(fn, ("", ""))
    if what and overlapping(out, args[0] if args else kwargs.get(name)):
        raise _refused(what)


def _refused(what: str) -> UnsupportedError:
    return refusal(UnsupportedError, f"{what} reads memory that it has written already, as its "
                   "value is a view of the array", "give it a copy of the value")


def _check_rows(place: Any, rows: Any) -> None:
    """Of a list of views each is read when those before it have been written."""
    if not isinstance(place, np.ndarray) or not overlapping(place, rows):
        return
    nested = np.ndim(place) == 0 or len(rows) != len(place)
    for k, row in enumerate(rows):
        written = place if nested else place[:k] if isinstance(row, np.ndarray) else place[:k + 1]
        if overlapping(written, row):
            raise _refused("an assignment of a list")


def overlapping(a: Any, values: Any) -> bool:
    """Whether an array, or one in a list, shares memory with an array.

    >>> a = np.zeros(4)
    >>> overlapping(a[1:], a[:2]), overlapping(a[::2], a[1::2]), overlapping(a, [a[0], 1.0])
    (True, False, False)
    """
    if isinstance(values, (list, tuple)):
        return any(overlapping(a, v) for v in values)
    if not isinstance(values, np.ndarray) or not isinstance(a, np.ndarray) or not \
            np.may_share_memory(a, values):
        return False
    try:
        return bool(np.shares_memory(a, values, max_work=_ENOUGH))
    except np.exceptions.TooHardError:
        return True


def _is_mask(index: Any) -> bool:
    """A single array of truth values."""
    if isinstance(index, tuple) and len(index) == 1:
        (index,) = index
    return isinstance(index, (np.ndarray, list)) and np.asarray(index).dtype == bool


def is_fancy(index: Any) -> bool:
    """An index with which NumPy makes an array of the value before it writes."""
    return any(isinstance(i, (np.ndarray, list)) and np.ndim(i) > 0
               for i in (index if isinstance(index, tuple) else (index,)))
