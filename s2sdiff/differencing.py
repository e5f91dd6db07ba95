"""Finite differences of functions of any structure, and where derivatives disagree with them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from s2sdiff.runtime.arrays import copy
from s2sdiff.trees import is_floating, moved_by, paths_of, random_like, refilled

__all__ = ["Case", "case_of", "compared", "slope_of"]

#: Arguments with up to so many entries are differenced one by one, longer ones along directions.
FEW = 8


@dataclass(frozen=True)
class Case:
    """`Re(sum(cotangent * f(*args)))`, with the leaves of both sides in order."""

    f: Callable[..., Any]
    args: tuple[Any, ...]
    leaves: list[Any]
    cotangents: list[Any]
    epsilon: float
    size: float


def case_of(f: Any, args: tuple, cotangent: Any, value: Any) -> Case:
    leaves, results = [x for _, x in paths_of(args)], [v for _, v in paths_of(value)]
    cotangents = [c for _, c in paths_of(cotangent, value)]
    floating = [v for v in (*leaves, *results) if is_floating(v)]
    epsilon = max((float(np.finfo(np.result_type(v)).eps) for v in floating), default=0.0)
    pairs = [(c, v) for c, v in zip(cotangents, results, strict=True) if c is not None]
    size = sum(float(np.sum(np.abs(c * v))) for c, v in pairs)
    return Case(f, args, leaves, cotangents, epsilon, size)


def compared(places: list[tuple[str, Any, Any]], case: Case,
              rng: np.random.Generator) -> list[tuple[float, str]]:
    """Where finite differences and gradients disagree, and by how much."""
    wrong: list[tuple[float, str]] = []
    for at, (path, x, g) in enumerate(places):
        if not is_floating(x):
            continue
        scale = np.clip(np.abs(x), 0.1, 1.0)
        long = np.size(x) > FEW
        blind = [(" along a random direction", random_like(x, rng) * scale)
                 for _ in range(2 * long)]
        found = misses(case, at, path, g, blind)
        if found or not long:
            found = misses(case, at, path, g, units(x, scale)) or found
        wrong += found
    return wrong


def misses(case: Case, place: int, path: str, g: Any, directions: Any) -> list[tuple[float, str]]:
    found = []
    for where, direction in directions:
        mine = float(np.real(np.sum(g * direction)))
        theirs, doubt = slope_of(case, place, direction)
        largest = max(abs(mine), abs(theirs))
        allowed = case.epsilon**0.4 * largest + 100 * case.epsilon**0.8 * case.size
        off = abs(mine - theirs)
        if off <= allowed + min(doubt, 1e-3 * largest):
            continue
        excess = off / allowed if np.isfinite(off) and allowed else float("inf")
        unit = float(np.max(np.abs(direction))) if np.count_nonzero(direction) == 1 else 1.0
        text = f"argument {path}{where}: the pullback gives {mine / unit:.9g}, "
        found.append((excess, text + f"finite differences {theirs / unit:.9g}"))
    return found


def slope_of(case: Case, place: int, direction: Any) -> tuple[float, float]:
    """Fourth-order central differences with three steps: the best of them, and its doubt."""
    estimates = []
    # The fifth root balances rounding against truncation of the fourth order.
    for h in case.epsilon**0.2 * np.array([1.0, 0.25, 0.0625]):
        near = at(case, place, direction, h) - at(case, place, direction, -h)
        far = at(case, place, direction, 2 * h) - at(case, place, direction, -2 * h)
        estimates.append((8 * near - far) / (12 * h))
    pairs = itertools.pairwise(estimates)
    doubts = [(abs(b - a), b) for a, b in pairs if np.isfinite([a, b]).all()]
    doubt, best = min(doubts, default=(0.0, estimates[-1]))
    return best, doubt


def at(case: Case, place: int, direction: Any, step: float) -> float:
    moved = [copy(x) for x in case.leaves]
    moved[place] = moved_by(moved[place], direction, step)
    try:
        with np.errstate(all="ignore"):
            value = case.f(*refilled(case.args, moved))
    except (ArithmeticError, ValueError):
        # A step out of the domain of math.log: the shorter steps may still be inside.
        return float("nan")
    pairs = zip(case.cotangents, paths_of(value), strict=True)
    return float(sum(np.real(np.sum(c * v)) for c, (_, v) in pairs if c is not None))


def units(x: Any, scale: Any) -> Iterator[tuple[str, Any]]:
    """A direction for each entry, two for a complex one, of the size of a fitting step."""
    parts = ((1, ""), (1j, " along the imaginary axis"))[:1 + np.iscomplexobj(x)]
    for index in np.ndindex(np.shape(x)):
        for unit, part in parts:
            direction = np.zeros(np.shape(x), np.result_type(x, np.float64))
            direction[index] = unit * np.asarray(scale)[index]
            yield (f"[{', '.join(map(str, index))}]" if index else "") + part, direction
