"""A call of a function that `stop_gradient` gave, in the language (see `standins`)."""

from __future__ import annotations

from typing import Any

from s2sdiff.runtime.own_cells import with_own_cells, written_nowhere

__all__ = ["called_stopped"]


def called_stopped(function: Any, /, *args: Any, **kwargs: Any) -> Any:
    own = with_own_cells(function)
    value = own(*args, **kwargs)
    written_nowhere(own, function)
    return value
