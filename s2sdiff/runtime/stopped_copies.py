"""Copies that `stop_gradient` gave of what may be written as long as they are about.

In Python they are the very thing, and change with it.  So when a run ends, or an array that was
given goes before that, what it is a copy of must be what it was.
"""

from __future__ import annotations

import sys
import types
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff.errors import AliasingError, refusal
from s2sdiff.ir import Loc
from s2sdiff.runtime.kept_in_run import ENDS, RUN

__all__ = ["noted"]

Alike = Callable[[Any, Any], bool]


def noted(copy: Any, x: Any, alike: Alike) -> Any:
    """The copy, of which a run that ends asks whether it is like what it is a copy of."""
    if RUN.kept is not None and copy is not x:
        looks = RUN.kept.setdefault(ENDS, [])
        given = next((look for look in looks if isinstance(look, _Given)), None)
        if given is None:
            given = _Given(alike)
            looks.append(given)
        given.add(copy, x)
    return copy


class _Given:
    """What was given in a run: arrays are let go, and others kept until it ends."""

    def __init__(self, alike: Alike) -> None:
        self.alike = alike
        self.pairs: list[tuple[Any, Any, Loc | None]] = []
        self.arrays: dict[int, tuple[Any, Any, int, Loc | None]] = {}
        self.stale: list[Loc | None] = []

    def add(self, copy: Any, x: Any) -> None:
        if type(copy) is not np.ndarray:
            if len(self.pairs) >= _MANY and not len(self.pairs) % _MANY:
                self._let_go()
            self.pairs.append((copy, x, _place()))
            return
        number, before, place = id(copy), _contents(x), _place()

        def gone(_: Any) -> None:
            if self.arrays.pop(number, None) is not None and _contents(x) != before:
                self.stale.append(place)

        self.arrays[number] = weakref.ref(copy, gone), x, before, place

    def _let_go(self) -> None:
        """Forget those that nobody else has, and that are what they were."""
        self.pairs = [p for p in self.pairs
                      if sys.getrefcount(p[0]) > _OURS or not self.alike(*p[:2])]

    def __call__(self) -> None:
        found = [*self.stale, *[place for copy, x, place in self.pairs if not self.alike(copy, x)],
                 *[place for _, x, before, place in self.arrays.values() if _contents(x) != before]]
        if found:
            error = refusal(
                AliasingError, "what stop_gradient gave is kept or handed on, and the memory was "
                "written afterwards: it would have a derivative under one name and none under the "
                "other", "stop a copy of it, made by copy.deepcopy")
            error.loc = found[0]
            raise error


#: So many containers are kept before those are looked for that nobody has any more.
_MANY = 256
#: References to what only a tuple of ours, and who asks for their number, has.
_OURS = 2


def _contents(x: np.ndarray) -> int:
    return hash(x.tobytes())


def _place() -> Loc | None:
    """The line of generated code that runs."""
    frame: types.FrameType | None = sys._getframe(2)
    while frame is not None and not frame.f_code.co_filename.startswith("<s2sdiff "):
        frame = frame.f_back
    return None if frame is None else Loc(
        frame.f_code.co_filename, frame.f_lineno, 0, frame.f_code.co_name)
