"""Reductions of Bottleneck, which are NumPy's functions of the same names, written in C."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.runtime.own_fields import said

__all__ = ["standin"]

_NAMES = frozenset({"median", "nanmax", "nanmean", "nanmedian", "nanmin", "nanstd", "nansum",
                    "nanvar"})


def standin(function: Any) -> Any:
    """What does what a function of Bottleneck does; None for anything else.

    Of whole arrays they give Python's numbers.  Bottleneck is not imported.

    >>> standin(np.nanmean) is None, standin(len) is None
    (True, True)
    """
    name = said(function, "__name__")
    if name not in _NAMES or said(function, "__module__") != "bottleneck.reduce":
        return None
    plain = getattr(np, name)

    def reduced(*args: Any, **options: Any) -> Any:
        found = plain(*args, **options)
        return found.item() if isinstance(found, np.generic) else found

    return reduced
