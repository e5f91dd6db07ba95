"""Where tangents and cotangents lie in memory, in code that is differentiated again."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

from s2sdiff.nested_holders import found_when_run, of_text
from s2sdiff.runtime.memory_in_step import aligned, is_aligned, is_copied
from s2sdiff.runtime.shadows import view_of

__all__ = ["of_aligned", "of_view"]

_FIRST = of_text("def first(dot, value, dots, values):\n    return dot\n", "first", {})


def of_aligned(args: tuple, kwargs: dict[str, Any]) -> Any:
    """`rt.aligned` of the tangent of an array of its own: that, or a copy as the array lies."""
    if is_aligned(*args):
        return _FIRST
    value = args[1]
    if not is_copied(*args) or not value.flags.forc:
        raise found_when_run(aligned)
    return _copied("C" if value.flags.c_contiguous else "F", value.dtype)


@functools.lru_cache(maxsize=64)
def _copied(order: str, dtype: Any) -> Any:
    return of_text("def copied(dot, value, dots, values):\n"
                   f"    return array(dot, dtype, order={order!r})\n", "copied",
                   {"array": np.array, "dtype": dtype})


_VIEW = of_text("def view_of(memory, a, start):\n"
                "    return as_strided(memory[start // a.itemsize:], a.shape, a.strides)\n",
                "view_of", {"as_strided": as_strided})


def of_view(args: tuple, kwargs: dict[str, Any]) -> Any:
    """A view of a shadow as a function that can be differentiated: of numbers of one type."""
    memory, a, _ = args
    if memory.dtype != a.dtype:
        raise found_when_run(view_of)
    return _VIEW
