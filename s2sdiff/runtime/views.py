"""Functions that give their argument, a view of it, or something new, and write nothing."""

from __future__ import annotations

import operator

import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view

__all__ = ["OF_ONE", "ONLY_SHAPES", "VIEWS"]

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
