"""Named tuples of which random programs make use."""

from __future__ import annotations

import dataclasses
import functools
import math
from collections import namedtuple
from typing import Any, NamedTuple

__all__ = ["Frozen", "Pair", "Point", "kept"]


class Point(NamedTuple):
    x: Any
    v: Any = 0.5

    def energy(self) -> Any:
        return 0.5 * self.v * self.v + self.x

    def moved(self, dx: Any) -> Point:
        return self._replace(x=self.x + dx)

    def __add__(self, other: Any) -> Any:
        return Point(self.x + other[0], self.v + other[1])

    @property
    def half(self) -> Any:
        return 0.5 * self.x


Pair = namedtuple("Pair", "a b")


@dataclasses.dataclass(frozen=True)
class Frozen:
    x: Any
    v: Any = 0.4


@functools.lru_cache(None)
def kept(n: int, x: Any, y: Any = 0.3) -> Any:
    return x * y if n < 2 else math.sin(kept(n - 1, x, y)) + 0.5 * kept(n - 2, y, x)
