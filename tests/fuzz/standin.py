"""The public interface by finite differences: what the checker itself is tested against."""

from __future__ import annotations

import contextlib
import copy
import io
import itertools
from collections.abc import Callable
from typing import Any

import numpy as np

from tests.fuzz.differences import pairing
from tests.fuzz.values import Fields, is_active, moved, rebuild, wide

STEP = 1e-3


def units(x: Any) -> list[Any]:
    """The directions in which one argument can move, in the order of its entries."""
    made = []
    for i in range(np.size(x)):
        for one in (1.0, 1j) if np.iscomplexobj(x) else (1.0,):
            unit = np.zeros(np.shape(x), complex if np.iscomplexobj(x) else float)
            unit.flat[i] = one
            made.append(unit if isinstance(x, np.ndarray) else unit[()])
    return made


def vjp(f: Callable[..., Any], *args: Any) -> tuple[Any, Callable[[Any], Any]]:
    """`(value, pullback)` of any function that may be run again; it sees no effects of that."""
    entry_args = copy.deepcopy(args)
    kept = wide(entry_args)
    value = f(*args)

    def along(place: int, unit: Any, cotangent: Any) -> float:
        def at(step: float) -> float:
            count = itertools.count()
            direction = rebuild(kept, lambda _: unit if next(count) == place else None)
            return pairing(cotangent, f(*moved(kept, direction, step)))

        return (8 * (at(STEP) - at(-STEP)) - (at(2 * STEP) - at(-2 * STEP))) / (12 * STEP)

    def entry(place: int, x: Any, cotangent: Any) -> Any:
        if not is_active(x):
            return None
        parts = np.array([along(place, unit, cotangent) for unit in units(x)])
        if np.iscomplexobj(x):
            parts = parts[::2] - 1j * parts[1::2]
        made = parts.reshape(np.shape(x))
        return made.astype(x.dtype) if isinstance(x, np.ndarray) else type(x)(made)

    def pullback(cotangent: Any) -> Any:
        log = f.__globals__.get("log", [])
        before = list(log)
        with contextlib.redirect_stdout(io.StringIO()):
            count = itertools.count()
            found = rebuild(entry_args, lambda x: entry(next(count), x, cotangent))
            found = tuple(None if isinstance(g, Fields) else g for g in found)
        log[:] = before
        return found if len(found) > 1 else found[0]

    return value, pullback


def value_and_grad(f: Callable[..., Any], wrt: int | tuple[int, ...] = 0) -> Callable[..., Any]:
    """Value and gradient of a scalar function."""

    def run(*args: Any) -> tuple[Any, Any]:
        value, pullback = vjp(f, *args)
        found = pullback(1.0)
        entries = found if len(args) > 1 else (found,)
        return value, tuple(entries[i] for i in wrt) if isinstance(wrt, tuple) else entries[wrt]

    return run


def grad(f: Callable[..., Any], wrt: int | tuple[int, ...] = 0) -> Callable[..., Any]:
    """Gradient of a scalar function."""
    return lambda *args: value_and_grad(f, wrt)(*args)[1]
