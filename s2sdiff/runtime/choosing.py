"""Where the largest of a sequence of numbers is, and what goes back into all of one."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.errors import UnsupportedError, refusal

__all__ = ["check_columns", "check_length", "columns", "for_each", "function_of", "functions_of",
           "itself", "key_of", "of_reals", "place_of"]


def columns(rows: Any) -> range:
    """The numbers of what `zip(*rows)` gives, of rows that can be read by number.

    >>> columns([[1.0, 2.0, 3.0], (4.0, 5.0)])
    range(0, 2)
    """
    if not _BY_NUMBER.issuperset(map(type, rows)):
        raise refusal(UnsupportedError, "`zip(*rows)` of rows that are neither lists nor tuples",
                      "make lists of the rows, or write the loop over their items")
    return range(min(map(len, rows), default=0))


_BY_NUMBER = frozenset({list, tuple, np.ndarray})


def check_columns(rows: Any, count: int) -> None:
    """Raise what `a, b = zip(*rows)` raises where that gives another number of columns.

    >>> check_columns([(1.0, 2.0), (3.0, 4.0)], 2)
    """
    found = len(columns(rows))
    if found < count:
        raise ValueError(f"not enough values to unpack (expected {count}, got {found})")
    if found > count:
        raise ValueError(f"too many values to unpack (expected {count})")


def check_length(count: int) -> None:
    """Raise what `deque(maxlen=count)` raises."""
    if count < 0:
        raise ValueError("maxlen must be non-negative")


def place_of(choose: Any, values: Any) -> int:
    """The place of what `max` or `min` chooses of a sequence: the first, among equals.

    >>> place_of(max, [1.0, 3.0, 3.0]), place_of(min, (2.0, 1.0))
    (1, 1)
    """
    return choose(range(len(values)), key=values.__getitem__)


def function_of(table: Any, key: Any, *known: Any) -> Any:
    """What a table has under a key: one of the functions that are known.

    >>> function_of({"+": max, "-": min}, "-", max, min)
    <built-in function min>
    """
    found = table[key]
    for function in known:
        if found is function:
            return found
    return functions_of((found,), *known)


def itself(function: Any) -> Any:
    """A function that is called with another number of arguments than it takes."""
    return function


def functions_of(table: Any, *known: Any) -> Any:
    """The functions in a table, all of which are known.

    >>> functions_of((max, min), max, min)
    (<built-in function max>, <built-in function min>)
    """
    if not all(any(f is k for k in known) for f in table):
        raise refusal(UnsupportedError, "a table of functions has changed while code runs that was "
                      "made for those in it", "choose the function before the differentiated call")
    return table


def key_of(key: Any, *known: Any) -> Any:
    """The key of a dict that has these; raises as that would.

    >>> key_of("a", "a", "b")
    'a'
    """
    dict.fromkeys(known)[key]
    return key


def of_reals(values: Any) -> bool:
    """Whether it is known, while a rule is pasted, that these are real numbers in a list or tuple.

    A rule asks this for a shorter way; when it is called nothing is known.

    >>> of_reals([1.0, 2.0])
    False
    """
    return False


def for_each(bar: Any, count: int, like: Any) -> Any:
    """The cotangents of a list or tuple of so many numbers that have the same one.

    >>> for_each(0.5, 2, (1.0, 3.0))
    (0.5, 0.5)
    """
    return (bar,) * count if isinstance(like, tuple) else [bar] * count
