"""Random generators of derivatives that are taken by several runs: each draws the same numbers."""

from __future__ import annotations

import contextlib
import types
from collections.abc import Iterator
from typing import Any

from s2sdiff.cache import record_of
from s2sdiff.directional import Directional
from s2sdiff.surroundings import Draws

__all__ = ["as_drawn_once", "drawn", "draws_of"]

#: Among what is remembered of a function: whether it leads to generators.
_DRAWS = ("draws",)


def drawn(f: Any, args: tuple) -> Draws | None:
    """The generators of a call that has not begun; None where a call before led to none.

    Where there are some later, two runs differ, which is refused.
    """
    links = record_of(f).links if isinstance(f, types.FunctionType) else {}
    if links.get(_DRAWS) is False:
        return None
    draws = Draws(f, args)
    links[_DRAWS] = bool(draws.begun)
    return draws if draws.begun else None


def draws_of(call: Any) -> Draws | None:
    return (call.gradient if isinstance(call, Directional) else call).draws


@contextlib.contextmanager
def as_drawn_once(draws: Draws | None) -> Iterator[None]:
    """Around one run at most, behind others: generators are left as by one, whose numbers it draws.
    """
    if draws is not None:
        draws.begin()
    yield
    if draws is not None:
        draws.end()
