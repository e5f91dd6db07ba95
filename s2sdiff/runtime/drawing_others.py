"""Iterators that nobody follows, whose items hold nothing active, or are drawn once."""

from __future__ import annotations

from typing import Any

from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime.structures import holds_numbers

__all__ = ["END", "Other", "item_of_other", "only_once", "other"]

#: What comes after the last item.
END: Any = type("End", (), {"__repr__": lambda _: "END"})()


class Other:
    """An iterator of whatever else; what it gives must not be active where its source may be."""

    def __init__(self, source: Any, active: Any) -> None:
        self.iterator, self.name, self.active = iter(source), type(source).__name__, active

    def draw(self) -> Any:
        """The next item, or END."""
        item = next(self.iterator, END)
        if self.active and holds_numbers(item):
            raise refusal(UnsupportedError,
                          f"iter of a {self.name} walks over active values, which is possible "
                          "only once", "make a list of it first")
        return item


def other(source: Any, /) -> Other:
    """Where nothing is active that the source holds; where it is, its rule is called instead."""
    return Other(source, False)


def item_of_other(it: Other) -> Any:
    return it.draw()


def only_once() -> None:
    raise refusal(UnsupportedError, "an iterator over active values is drawn from more than once",
                  "make a list of it first")
