"""The table of functions that are differentiated, which tests have judged one by one."""

from __future__ import annotations

import fnmatch
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources

__all__ = ["Row", "listed", "matching"]


@dataclass(frozen=True)
class Row:
    """A function, how it is differentiated, and why not.

    Attributes
    ----------
    name : str
        With its module: "numpy.linalg.inv".
    how : str
        "rule", "source" (through the function's own source), "language" (syntax, or part of the
        compiler), "none" (it has no derivative) or "refused".
    why : str
        The reason for the last two.
    """

    name: str
    how: str
    why: str = ""


def listed() -> list[Row]:
    """The whole table.

    >>> [row.how for row in listed() if row.name in ("numpy.sin", "numpy.argsort")]
    ['rule', 'none']
    """
    text = resources.files("s2sdiff").joinpath("functions.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines()]
    return [Row(f"{module}.{name}", how, why) for module, name, how, why in rows]


def matching(rows: Sequence[Row], pattern: str) -> list[Row]:
    """The rows whose name holds the pattern, or fits it where it has wildcards.

    >>> [row.name for row in matching(listed(), "numpy.linalg.sol*")]
    ['numpy.linalg.solve']
    """
    if any(c in pattern for c in "*?["):
        return [row for row in rows if fnmatch.fnmatchcase(row.name, pattern)]
    return [row for row in rows if pattern in row.name]
