"""`np.broadcast(x, y)`, of which the shape is asked for and no number."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.errors import UnsupportedError, refusal

__all__ = ["Broadcast", "broadcast"]


class Broadcast:
    """The shape that arrays have together; their numbers are not drawn from it."""

    def __init__(self, made: np.broadcast) -> None:
        self.shape, self.size = made.shape, made.size
        self.ndim, self.nd, self.numiter = made.ndim, made.nd, made.numiter

    def __iter__(self) -> Any:
        raise refusal(UnsupportedError, "numpy.broadcast walks over active values",
                      "walk over the arrays that np.broadcast_arrays gives")

    __next__ = reset = __iter__

    @property
    def iters(self) -> Any:
        return self.__iter__()


def broadcast(*arrays: Any) -> Broadcast:
    """What `np.broadcast` gives, for arrays that may be differentiated.

    >>> broadcast(np.ones(3), np.ones((2, 1))).shape
    (2, 3)
    """
    return Broadcast(np.broadcast(*arrays))
