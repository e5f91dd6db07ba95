"""`f = a.flat` as an object in the language: the array, and the place of the next element."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.drawing import Lazy
from s2sdiff.runtime.drawing_others import END
from s2sdiff.runtime.standins_flat import item, put

__all__ = ["Flat", "flat"]


class Flat(Lazy):
    """What NumPy's `flatiter` does: to index it begins its walk anew."""

    def __init__(self, array: Any) -> None:
        self.array, self.at = array, 0

    def following(self) -> Any:
        if self.at >= self.array.size:
            return END
        self.at += 1
        return item(self.array, self.at - 1)

    def __getitem__(self, key: Any) -> Any:
        self.at = 0
        return item(self.array, key)

    def __setitem__(self, key: Any, value: Any) -> None:
        self.at = 0
        put(self.array, key, value)

    def __len__(self) -> int:
        return self.array.size


def flat(a: Any, /) -> Any:
    """`a.flat`

    >>> f = flat(np.array([[1.0, 2.0], [3.0, 4.0]]))
    >>> next(f), f[2], next(f), len(f)
    (np.float64(1.0), np.float64(3.0), np.float64(1.0), 4)
    """
    return Flat(a) if class_of(a) is np.ndarray else a.flat
