"""Which arrays show the same memory, and where each begins in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.lib.array_utils import byte_bounds

from s2sdiff.runtime.shadows import owner_of

__all__ = ["Memory", "memories"]


@dataclass(frozen=True, eq=False)
class Memory:
    """What arrays show together.

    Attributes
    ----------
    arrays : by identity
    starts : where each begins, in bytes
    dtype, size : of memory that holds as much
    """

    arrays: dict[int, np.ndarray]
    starts: dict[int, int]
    dtype: np.dtype
    size: int

    def views(self, memory: np.ndarray) -> dict[int, np.ndarray]:
        """What shows other memory as the arrays show this one, by their identity.

        `memory` may have axes in front, which the views have, too.
        """
        made = {}
        for i, x in self.arrays.items():
            steps = (*memory.strides[:-1], *x.strides)
            made[i] = np.ndarray((*memory.shape[:-1], *x.shape), x.dtype, memory, self.starts[i],
                                 steps)
        return made


def memories(arrays: Iterable[np.ndarray]) -> list[Memory]:
    """Those that share an owner together, whether or not what they show overlaps.

    >>> x = np.zeros(4)
    >>> [list(m.starts.values()) for m in memories([x[1:], x[2:], np.ones(2)])]
    [[0, 8], [0]]
    """
    sharing: dict[int, dict[int, np.ndarray]] = {}
    for x in arrays:
        sharing.setdefault(id(owner_of(x)), {})[id(x)] = x
    return [_memory(same) for same in sharing.values()]


def _memory(arrays: dict[int, np.ndarray]) -> Memory:
    bounds = [byte_bounds(x) for x in arrays.values()]
    low, high = min(start for start, _ in bounds), max(end for _, end in bounds)
    dtype = max((x.dtype for x in arrays.values()), key=lambda d: d.itemsize)
    starts = {i: x.__array_interface__["data"][0] - low for i, x in arrays.items()}
    return Memory(arrays, starts, dtype, -(-(high - low) // dtype.itemsize))
