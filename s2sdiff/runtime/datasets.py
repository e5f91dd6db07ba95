"""Tables of data, which programs read as constants: frames and series of pandas, arrays of xarray.

Their operators and methods give new ones, and nothing active is ever put into one: what would make
one of an active value, or write it into one, has no derivative and is refused.
"""

from __future__ import annotations

from typing import Any

from s2sdiff.errors import UnsupportedError, refusal

__all__ = ["INSTEAD", "is_dataset", "is_of_datasets", "not_followed", "not_looking"]

_PACKAGES = frozenset({"pandas", "xarray"})


def is_dataset(cls: Any) -> bool:
    """Whether a class is one of a library of tables; one that a user derives from it is not.

    >>> is_dataset(int), is_dataset(is_dataset)
    (False, False)
    """
    return isinstance(cls, type) and is_of_datasets(cls)


def is_of_datasets(x: Any) -> bool:
    """Whether a function or a class is of such a library."""
    module = getattr(x, "__module__", None)
    return isinstance(module, str) and module.partition(".")[0] in _PACKAGES


INSTEAD = "take the numbers out of the table first, as an array: table.to_numpy()"


def not_followed(fn: Any) -> None:
    """Refuse to follow what is active into the code of such a library."""
    if is_of_datasets(fn):
        package = fn.__module__.partition(".")[0]
        raise refusal(UnsupportedError, f"what may be active is given to {fn.__qualname__} of "
                      f"{package}, whose tables are read as constants", INSTEAD)


def not_looking(owner: Any, name: str) -> None:
    """Refuse a table's method that finds `@name` among the variables of who calls it.

    >>> not_looking(1.5, "query")
    """
    if is_dataset(type(owner)):
        raise refusal(UnsupportedError, f"{type(owner).__name__}.{name} reads variables of the "
                      "function that calls it; a derivative has others",
                      "write the expression with the table's columns (table[table.a > limit])")
