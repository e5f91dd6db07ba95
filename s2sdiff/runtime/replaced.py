"""Functions, methods and defaults that are replaced while code runs that has taken them for known.

Compiled code has guards, which are looked at when a call begins; what writes into classes, modules
and functions after that is followed by a look at them, here.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from s2sdiff.errors import ReplacedError, refusal

__all__ = ["Meanings", "still_mean"]


class Meanings:
    """What code has taken for known: tests of it, what they ask for, and what it is called.

    Empty until the code is complete.

    Attributes
    ----------
    hold : whether all of it is as it was: one expression, as calls in loops are followed by it
    refused : what the function was once found to replace: another run begins with what that one has
        left, and gives something else
    """

    __slots__ = ("hold", "kept", "names", "refused", "tests")
    __s2sdiff_name__ = "meanings"

    def __init__(self) -> None:
        self.tests: dict[str, str] = {}
        self.kept: dict[str, Any] = {}
        self.names: dict[int, str] = {}
        self.refused: list[str] = []
        self.hold: Callable[[], bool] | None = None

    def name(self, value: Any) -> str:
        """The name of an object in the tests, which is kept for them."""
        name = self.names.setdefault(id(value), f"k{len(self.kept)}")
        self.kept[name] = value
        return name

    def keep(self, test: str, name: str) -> None:
        """Have `test` looked at for what is called `name`."""
        self.tests.setdefault(test, name)

    def compiled(self) -> Callable[[], bool]:
        text = f"lambda {', '.join(self.kept)}: lambda: {' and '.join(self.tests) or 'True'}"
        hold: Callable[[], bool] = eval(_code(text))(*self.kept.values())
        self.hold = hold
        return hold

    def differing(self) -> list[str]:
        """What is something else by now."""
        return [name for test, name in self.tests.items() if not self._is_so(test)]

    def _is_so(self, test: str) -> bool:
        try:
            return bool(eval(test, {}, self.kept))
        except (AttributeError, LookupError):
            return False  # what was there is gone


@functools.lru_cache(256)
def _code(text: str) -> Any:
    return compile(text, "<s2sdiff meanings>", "eval", dont_inherit=True)


def still_mean(meanings: Meanings) -> None:
    """Refuse what is something else by now.

    >>> still_mean(Meanings())
    """
    try:
        if not meanings.refused and (meanings.hold or meanings.compiled())():
            return
    except (AttributeError, LookupError):
        pass  # what was there is gone, which is told below
    if not meanings.refused:
        meanings.refused += meanings.differing()
    if meanings.refused:
        raise refusal(ReplacedError, f"{meanings.refused[0]} is replaced while the function "
                      "that uses it runs", "replace it before the function is called, or choose "
                      "between two functions with `if`")
