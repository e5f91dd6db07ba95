"""Functions whose captured variables are copies, through which nothing has a derivative."""

from __future__ import annotations

import types
from typing import Any

from s2sdiff.errors import AliasingError, refusal

__all__ = ["with_own_cells", "written_nowhere"]


def with_own_cells(function: Any) -> Any:
    """The function as it is now, with what `stop_gradient` makes of what it captures."""
    from s2sdiff.runtime.constant_values import still

    cells = []
    for cell in function.__closure__:
        try:
            cells.append(types.CellType(still(cell.cell_contents)))
        except ValueError:
            cells.append(types.CellType())
    made = types.FunctionType(function.__code__, function.__globals__, function.__name__,
                              still(function.__defaults__), tuple(cells) or None)
    made.__kwdefaults__ = still(function.__kwdefaults__)
    made.__qualname__, made.__module__ = function.__qualname__, function.__module__
    return made


def written_nowhere(own: Any, function: Any) -> None:
    """Refuse what has written into what it captures: it would have written into copies."""
    from s2sdiff.runtime.constant_values import unwritten

    for mine, cell in zip(own.__closure__, function.__closure__, strict=True):
        held, was = _contents(mine), _contents(cell)
        if isinstance(was, (float, int, complex, str, bool, type(None))) and not (
                held is was or held == was or was != was):
            raise refusal(AliasingError, f"{function.__name__}, which stop_gradient gave, binds a "
                          "variable that it captures", "let it return the new value")
        unwritten(held, was)


def _contents(cell: types.CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:
        return None
