"""What fills a set that is made, in the language (see `standins`)."""

from __future__ import annotations

from typing import Any

__all__ = ["set_init"]


def set_init(self: Any, iterable: Any = (), /) -> None:
    set.clear(self)
    set.update(self, iterable)
