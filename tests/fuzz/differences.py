"""Finite differences along one direction, trusted only where several of them agree."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

#: Steps of the two central differences; a kink nearer than twice the first makes them disagree.
FAR, NEAR, ONE_SIDED = 1e-3, 3e-4, 1e-4


def is_active(x: Any) -> bool:
    """Whether a value has a cotangent: floats and complex numbers, and arrays of them."""
    if isinstance(x, np.ndarray):
        return x.dtype.kind in "fc"
    return isinstance(x, (float, complex, np.inexact))


def leaves(x: Any) -> list[Any]:
    """What a result is made of, in order."""
    if isinstance(x, dict):
        return [leaf for key in x for leaf in leaves(x[key])]
    if isinstance(x, (tuple, list)):
        return [leaf for item in x for leaf in leaves(item)]
    return [x]


def rebuild(x: Any, make: Callable[[Any], Any]) -> Any:
    """The same structure with another value at each leaf."""
    if isinstance(x, dict):
        return {key: rebuild(item, make) for key, item in x.items()}
    if isinstance(x, (tuple, list)):
        return type(x)(rebuild(item, make) for item in x)
    return make(x)


def like(x: Any, rng: np.random.Generator) -> Any:
    """Random numbers of a value's type, dtype and shape; None for what has no cotangent."""
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
    pairs = zip(leaves(g), leaves(v), strict=True)
    return float(sum(np.real(np.sum(a * b)) for a, b in pairs if a is not None and b is not None))


def wide(x: Any) -> Any:
    """The value in double precision."""
    if isinstance(x, np.ndarray) and x.dtype == np.float32:
        return x.astype(np.float64)
    return np.float64(x) if isinstance(x, np.float32) else x


def moved(args: tuple[Any, ...], direction: tuple[Any, ...], step: float) -> tuple[Any, ...]:
    """The arguments, a step along the direction, in fresh memory and of the same types."""
    made = []
    for x, v in zip(args, direction, strict=True):
        if v is None:
            made.append(x)
        elif isinstance(x, np.ndarray):
            made.append(np.asarray(x + step * v))
        else:
            made.append(type(x)(x + step * v))
    return tuple(made)


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
    args = tuple(wide(x) for x in args)
    shape = outline(function(*moved(args, direction, 0.0)))

    def at(step: float) -> float:
        result = function(*moved(args, direction, step))
        if outline(result) != shape:
            raise Unusable("the result's structure changes nearby")
        return pairing(cotangent, result)

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
