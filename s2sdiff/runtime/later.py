"""Entries of a pullback that are computed when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

__all__ = ["Later", "asked"]


def asked(pullback: Callable[[Any], Any], places: tuple) -> Callable[[Any], tuple]:
    """A pullback that computes some of its entries: of a parameter, or of one in its star's place.

    >>> asked(lambda bar: Later({0: lambda: 2 * bar, 1: lambda: 1 / 0}), ((0, None),))(3.0)
    (6.0,)
    """
    def some(bar: Any) -> tuple:
        found = pullback(bar)
        entries = []
        for at, index in places:
            entry = found if at is None else found[at]
            entries.append(entry if index is None or entry is None else entry[index])
        return tuple(entries)

    return some


class Later:
    """Cotangents by place or name that are computed when they are asked for.

    Nobody tells a rule which of its arguments are differentiated, and one cotangent may cost what
    all others do, or a hundred times what the value does.  It stands for the tuple of a pullback's
    entries, or for the entry of `*args` or `**kwargs`.

    >>> found = Later({0: lambda: 2.0, 1: lambda: 1 / 0})
    >>> found[0], len(found)
    (2.0, 2)
    """

    def __init__(self, made: Mapping[Any, Callable[[], Any]]) -> None:
        self.made = made

    def __getitem__(self, key: Any) -> Any:
        return self.made[key]()

    def __len__(self) -> int:
        return len(self.made)

    def __iter__(self) -> Iterator[Any]:
        return (make() for make in self.made.values())

    def all(self) -> Any:
        """Every cotangent: in a tuple if they are by place, else in a dict."""
        found = {key: make() for key, make in self.made.items()}
        named = all(isinstance(key, str) for key in found) and found
        return found if named else tuple(found.values())
