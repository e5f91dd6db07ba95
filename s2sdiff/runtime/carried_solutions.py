"""Roots that SciPy finds, where what they depend on carries tangents.

The search itself is made with plain numbers.  What it finds gets the tangent that the implicit
function theorem says: `dx = -df / f'(x)`.
"""

from __future__ import annotations

import types
from typing import Any

import numpy as np

from s2sdiff.runtime import by_place, standins_solved
from s2sdiff.runtime.carried import CARRIED, carried, class_of, plain_value
from s2sdiff.runtime.carried_calls import split
from s2sdiff.runtime.carried_runs import Carrying, not_carried, outside
from s2sdiff.runtime.values import is_inert

__all__ = ["solution"]

_OF_ONE = ("brentq", "brenth", "bisect", "ridder", "toms748", "root_scalar")
_OF_SEVERAL = ("fsolve", "root")


def solution(function: Any, called: Any, args: tuple, kwargs: dict[str, Any],
             run: Carrying) -> Any:
    """What `function(called, *args, **kwargs)` gives, with the tangent of the root in it."""
    name = function.__name__
    if name not in (*_OF_ONE, *_OF_SEVERAL) or run.outer is not None:
        return function(called, *args, **kwargs)
    given = args[-1] if isinstance(args[-1], tuple) else (args[-1],)
    found = function(_plain(called, run), *_plain(args, run),
                     **{k: _plain(v, run) for k, v in kwargs.items()})
    attribute = {"root_scalar": "root", "root": "x"}.get(name)
    at = getattr(found, attribute) if attribute else found[0] if isinstance(found, tuple) else found
    root = _with_tangent(called, at, given, name in _OF_ONE, run)
    if attribute:
        setattr(found, attribute, root)
        return found
    return (root, *found[1:]) if isinstance(found, tuple) else root


def _with_tangent(f: Any, x: Any, given: tuple, alone: bool, run: Carrying) -> Any:
    slots = (0, *[i + 1 for i, a in enumerate(given) if not is_inert(a)])
    _, dot = split(by_place.call_by_place(slots, f, x, *given)[0], run)
    if dot is None:
        return carried(x, x * 0.0, run)
    plain, rest = _plain(f, run), _plain(given, run)
    if alone:
        slope = outside(None, standins_solved.slope_at, plain, x, rest)
        return carried(x, class_of(x)(-np.ravel(dot)[0] / slope), run)
    rows = outside(None, standins_solved.jacobian_at, plain, x, rest)
    moved = -np.linalg.solve(rows, np.ravel(np.asarray(dot, float)))
    return carried(x, np.reshape(moved, np.shape(x)), run)


def _plain(x: Any, run: Carrying) -> Any:
    """A value without tangents; of a function, one that captures none."""
    if type(x) in CARRIED:
        return plain_value(x)
    if type(x) in (tuple, list):
        return type(x)([_plain(v, run) for v in x])
    if isinstance(x, types.FunctionType) and x.__closure__:
        cells = []
        for cell in x.__closure__:
            held = cell.cell_contents
            kept = type(held) in CARRIED or type(held) in (tuple, list, types.FunctionType)
            if not kept and not is_inert(held) and class_of(held) not in (float, np.ndarray):
                raise not_carried(f"what a function captures, a {type(held).__name__},", run)
            cells.append(types.CellType(_plain(held, run)) if kept else cell)
        made = types.FunctionType(x.__code__, x.__globals__, x.__name__, x.__defaults__,
                                  tuple(cells))
        made.__kwdefaults__ = x.__kwdefaults__
        return made
    return x
