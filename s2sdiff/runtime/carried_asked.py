"""Calls of what gives nothing with a derivative, with values that carry tangents."""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np

from s2sdiff.runtime.batches import RUNS
from s2sdiff.runtime.carried import plain_value, run_of

__all__ = ["MAKERS", "plain_parts", "without_tangents"]

#: What makes arrays that somebody may write into.
MAKERS = (np.zeros, np.ones, np.empty, np.full, np.eye, np.identity, np.arange, np.linspace,
          np.zeros_like, np.ones_like, np.empty_like, np.full_like, np.logspace, np.geomspace,
          np.tri, np.diag, np.copy, np.fromiter, np.array, np.asarray)


def without_tangents(call: Any, fn: Any, args: tuple, kwargs: dict[str, Any]) -> Any:
    """A call of what gives nothing that has a derivative; arrays that it makes may be written."""
    if not RUNS or (fn not in MAKERS and run_of((args, kwargs)) is None):
        return call(fn, args, kwargs)
    return new_memory(call(fn, plain_parts(args), plain_parts(kwargs)))


def plain_parts(x: Any) -> Any:
    """A value without any tangents, in new lists, tuples and dicts.

    >>> plain_parts([1.0, (2.0,)])
    [1.0, (2.0,)]
    """
    if type(x) is dict:
        return {k: plain_parts(v) for k, v in x.items()}
    if type(x) in (list, tuple):
        return type(x)([plain_parts(v) for v in x])
    if type(x) is deque:
        return deque(map(plain_parts, x), x.maxlen)
    return plain_value(x)


#: Set by `carried_arrays`: what somebody made, with a tangent of zeros.
new_memory: Any = None
