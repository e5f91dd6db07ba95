"""What fills a set or a Counter that is made, in the language (see `standins`)."""

from __future__ import annotations

from typing import Any

__all__ = ["count_elements", "set_init"]


def set_init(self: Any, iterable: Any = (), /) -> None:
    set.clear(self)
    set.update(self, iterable)


def count_elements(mapping: Any, iterable: Any, /) -> None:
    get = mapping.get
    for element in list(iterable):
        mapping[element] = get(element, 0) + 1
