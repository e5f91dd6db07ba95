"""What samples call where a function gives nothing back: it writes into a copy."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["added_at", "copied_to", "filled", "filled_diagonal", "partitioned_copy", "put_along",
           "put_copy", "resized", "set_copy", "sorted_copy"]


def added_at(x: Any, y: Any) -> Any:
    total = x.copy()
    np.add.at(total, [0, 0, 2, 4, 1], y)
    return total


def filled_diagonal(a: Any, s: Any) -> Any:
    b = a.copy()
    np.fill_diagonal(b, s)
    return b


def put_along(a: Any, s: Any) -> Any:
    b = a.copy()
    np.put_along_axis(b, np.array([[0], [2]]), s, axis=1)
    return b


def copied_to(x: Any, y: Any) -> Any:
    z = x.copy()
    np.copyto(z, y, where=x > 0.4)
    return z


def sorted_copy(x: Any) -> Any:
    y = x.copy()
    y.sort()
    return y


def partitioned_copy(x: Any) -> Any:
    y = x.copy()
    y.partition(2)
    return y


def filled(x: Any, s: Any) -> Any:
    y = x.copy()
    y.fill(s)
    return y


def resized(x: Any) -> Any:
    y = x.copy()
    y.resize((2, 4), refcheck=False)
    return y


def put_copy(x: Any, s: Any) -> Any:
    y = x.copy()
    y.put([1, 3], s)
    return y


def set_copy(x: Any, s: Any) -> Any:
    y = x.copy()
    y.__setitem__(slice(1, 3), s)
    return y
