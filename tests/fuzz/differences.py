"""Finite differences along one direction, trusted only where several of them agree."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tests.fuzz.values import is_active, leaves, moved, pairs, rebuild, wide

#: Steps of the two central differences; a kink nearer than twice the first makes them disagree.
FAR, NEAR, ONE_SIDED = 1e-3, 3e-4, 1e-4


def like(x: Any, rng: np.random.Generator) -> Any:
    """Random numbers of a value's structure, types and shapes; None for what has no cotangent."""
    return rebuild(x, lambda leaf: number_like(leaf, rng))


def number_like(x: Any, rng: np.random.Generator) -> Any:
    if not is_active(x):
        return None
    made = rng.uniform(0.5, 1.5, np.shape(x)) * rng.choice([-1.0, 1.0], np.shape(x))
    if np.iscomplexobj(x):
        made = made + 1j * rng.uniform(-1.0, 1.0, np.shape(x))
    if isinstance(x, np.ndarray):
        return np.asarray(made, x.dtype)
    return type(x)(made)


def pairing(g: Any, v: Any) -> float:
    """Re(sum(g * v)) over all leaves; None stands for zero."""
    return float(sum(np.real(np.sum(a * b)) for a, b in pairs(g, v)))


def outline(x: Any) -> list[Any]:
    """What must not change along the direction: shapes, and whatever is not differentiable."""
    return [(np.shape(v), None if is_active(v) else v) for v in leaves(x)]


def slope(
    function: Callable[..., Any], args: tuple[Any, ...], direction: tuple[Any, ...], cotangent: Any
) -> tuple[float, float]:
    """The derivative of `pairing(cotangent, function(*args))` along the direction, and its error.

    >>> value, error = slope(lambda x: x * x, (3.0,), (1.0,), 1.0)
    >>> abs(value - 6.0) < 1e-9 and error < 1e-6
    True

    Raises
    ------
    Unusable
        Where central and one-sided differences with several steps do not agree.
    """
    args = wide(args)
    shape = outline(function(*moved(args, direction, 0.0)))

    def at(step: float) -> float:
        result = function(*moved(args, direction, step))
        if outline(result) != shape:
            raise Unusable("the result's structure changes nearby")
        try:
            return pairing(cotangent, result)
        except TypeError as error:
            # What it gives may rest on what it was given before.
            raise Unusable("the result has not the structure of the cotangent") from error

    def central(h: float) -> float:
        return (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h)

    middle, far, near, h = at(0.0), central(FAR), central(NEAR), ONE_SIDED
    right = (-3 * middle + 4 * at(h) - at(2 * h)) / (2 * h)
    left = (3 * middle - 4 * at(-h) + at(-2 * h)) / (2 * h)
    size = max(abs(near), abs(middle), 1.0)
    if not np.isfinite([far, near, right, left]).all() or size > 1e6:
        raise Unusable("not finite, or too steep")
    if abs(far - near) > 1e-6 * size or max(abs(right - near), abs(left - near)) > 1e-5 * size:
        raise Unusable("a kink, a jump, or strong curvature nearby")
    return near, abs(far - near) + 1e-10 * size


class Unusable(Exception):
    """The function cannot be judged at this point: a kink, a jump, or derivatives too wild."""
