"""Functions that give their argument, a view of it, or something new, and write nothing."""

from __future__ import annotations

import operator
from collections import deque
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view

from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime.inert import is_inert

__all__ = ["OF_ONE", "ONLY_SHAPES", "VIEWS", "check_numbered", "check_numbers",
           "check_text", "writes_text"]

VIEWS = frozenset({
    np.reshape, np.ravel, np.transpose, np.asarray, np.asanyarray, np.ascontiguousarray,
    np.atleast_1d, np.atleast_2d, np.atleast_3d, np.squeeze, np.swapaxes, np.moveaxis, np.rollaxis,
    np.expand_dims, np.broadcast_to, np.diagonal, np.diag, np.real, np.imag, np.flip, np.fliplr,
    np.flipud, np.rot90, np.split, np.array_split, np.hsplit, np.vsplit, np.dsplit,
    np.nan_to_num, np.require, np.matrix_transpose, np.broadcast_arrays, np.real_if_close,
    sliding_window_view, as_strided,
    np.unstack if hasattr(np, "unstack") else np.reshape,
    *(vars(np.ndarray)[n] for n in (
        "reshape", "ravel", "transpose", "T", "mT", "squeeze", "swapaxes", "diagonal", "real",
        "imag", "astype", "view", "flat", "conj", "conjugate", "base", "__array__",
        "__array_wrap__")),
    np.conj, np.conjugate, np.positive, operator.pos,
})

#: Views of one array that are arrays; the others of `VIEWS` give something of several, or what is
#: none.
OF_ONE = VIEWS - {np.nan_to_num, np.real_if_close, np.require, np.broadcast_arrays,
                  vars(np.ndarray)["__array_wrap__"], vars(np.ndarray)["flat"]}
#: Those whose pullbacks read shapes alone: what they are given may be written before.
ONLY_SHAPES = VIEWS - {np.nan_to_num, np.real_if_close, np.require}


def check_text(value: object) -> None:
    """Refuse text that is made of numbers which may be active."""
    if isinstance(value, (str, bytes)) or (
            isinstance(value, np.ndarray) and value.dtype.kind in "SU"):
        raise refusal(UnsupportedError, "text made of an active value goes into the result",
                      "use the number itself, or mark it with sd.stop_gradient")


def writes_text(fn: Any) -> bool:
    """Whether what a builtin function gives as text is made of the value, and not of its kind."""
    return getattr(fn, "__name__", "") in _WRITERS


_WRITERS = frozenset({"str", "repr", "ascii", "format", "bytes", "hex", "tobytes", "dumps",
                      "__str__", "__repr__", "__format__"})


def check_numbers(value: np.ndarray, given: tuple) -> None:
    """Refuse an array of objects or with fields that is made of numbers which may be active.

    What is made of such an array among those `given`, or lies in one of them, is no new one.
    """
    kind = value.dtype.kind
    if kind not in "OV" or any((isinstance(a, (np.ndarray, np.void)) and a.dtype.kind == kind)
                               or value is a for g in given for a in (g, *_items(g))):
        return
    if kind == "V":
        raise refusal(UnsupportedError, "an array with fields made of an active value",
                      "keep one array for each field")
    if not all(is_inert(v) for v in value.flat):
        raise refusal(UnsupportedError, "an array of objects made of an active value",
                      "make it empty, and write its elements one by one, or use a list")


def check_numbered(arr: object) -> None:
    """Refuse what `np.ndenumerate` would make an array of, unless that is one of its items."""
    if not isinstance(arr, np.ndarray) and not is_inert(arr) and not (
            isinstance(arr, (list, tuple)) and all(isinstance(v, _NUMBERS) for v in arr)):
        raise refusal(UnsupportedError,
                      f"np.ndenumerate of a {type(arr).__name__} that holds active values",
                      "make an array of it before, with np.array")


_NUMBERS = (int, float, complex, np.generic)


def _items(x: object) -> tuple:
    return tuple(x.values()) if isinstance(x, dict) else \
        tuple(x) if isinstance(x, (list, tuple, deque)) else ()
