"""What SciPy's interpolators do in compiled code, in the language that is differentiated."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["coordinates"]


def coordinates(points: Any, ndim: Any = None) -> Any:
    """Points as an array whose last axis is that of the coordinates.

    >>> coordinates((np.zeros(2), 1.0)).tolist()
    [[0.0, 1.0], [0.0, 1.0]]
    """
    if isinstance(points, tuple) and len(points) == 1:
        points = points[0]
    if isinstance(points, tuple):
        return np.stack(np.broadcast_arrays(*points), axis=-1).astype(float)
    points = np.asanyarray(points)
    if points.ndim == 1:
        points = points.reshape(-1, 1 if ndim is None else ndim)
    return points
