"""Functions, methods and defaults that are replaced while code runs that has taken them for known.

Compiled code has guards, which are looked at when a call begins; what writes into classes, modules
and functions after that is followed by a look at them, here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from s2sdiff.errors import ReplacedError, refusal

__all__ = ["Meanings", "still_mean"]


class Meanings:
    """What code has taken for known: how each of it is found again, what it was, what it is called.

    Empty until the code is complete.

    Attributes
    ----------
    refused : what the function was once found to replace: another run begins with what that one has
        left, and gives something else
    """

    __slots__ = ("found", "refused")
    __s2sdiff_name__ = "meanings"

    def __init__(self) -> None:
        self.found: tuple[tuple[Callable[[], Any], Any, str], ...] = ()
        self.refused: list[str] = []


def still_mean(meanings: Meanings) -> None:
    """Refuse what is something else by now.

    >>> still_mean(Meanings())
    """
    if not meanings.refused:
        meanings.refused += [name for find, was, name in meanings.found if _differs(find(), was)]
    if meanings.refused:
        raise refusal(ReplacedError, f"{meanings.refused[0]} is replaced while the function "
                      "that uses it runs", "replace it before the function is called, or choose "
                      "between two functions with `if`")


def _differs(now: Any, was: Any) -> bool:
    # Methods of objects and classes, as `dict.fromkeys`, are others each time they are read.
    return now is not was and now != was
