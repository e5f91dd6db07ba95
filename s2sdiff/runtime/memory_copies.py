"""Copies of arrays for code that runs on them: as they lie in memory, and with what they share.

Whether `x.ravel()` shows `x` or is a copy depends on the gaps between its elements, and what is
written into one of two views of some memory is read in the other.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from s2sdiff.runtime.arrays import copy
from s2sdiff.runtime.shared_memory import memories
from s2sdiff.runtime.zero_tangents import laid_out

__all__ = ["copies_together", "copy_alike"]


def copy_alike(x: np.ndarray) -> np.ndarray:
    """A copy with the gaps between its elements that `x` has.

    >>> x = np.zeros((3, 4))[:, ::2]
    >>> copy_alike(x).strides == x.strides, np.shares_memory(copy_alike(x), x)
    (True, False)
    """
    made = copy(x)
    return made if type(x) is not np.ndarray or made.strides == x.strides else laid_out(x, x)


def copies_together(arrays: Iterable[np.ndarray]) -> dict[int, np.ndarray]:
    """Copies by identity; of arrays that share memory, the copies share it just so.

    >>> x = np.zeros(3)
    >>> made = copies_together([x, x[1:]])
    >>> np.shares_memory(*made.values()), np.shares_memory(x, made[id(x)])
    (True, False)
    """
    arrays = list(arrays)
    # What stands for an array and carries its tangent is a value.
    found = {id(x): copy_alike(x) for x in arrays if not issubclass(type(x), np.ndarray)}
    for memory in memories([x for x in arrays if id(x) not in found]):
        if len(memory.arrays) == 1:
            found.update({i: copy_alike(x) for i, x in memory.arrays.items()})
            continue
        made = memory.views(np.zeros(memory.size, memory.dtype))
        for i, x in memory.arrays.items():
            made[i][...] = x
            made[i].flags.writeable = x.flags.writeable
        found.update(made)
    return found
