"""Structures of numbers for `check_grads`: leaves, random numbers like them, steps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from s2sdiff.runtime.arrays import copy
from s2sdiff.runtime.side_by_side import Beside, Path, leaves, mapped, part, spelled

__all__ = ["is_floating", "moved_by", "outline", "paths_of", "random_like", "random_tangent",
           "refilled"]


def paths_of(x: Any, like: Any = ...) -> Iterator[tuple[str, Any]]:
    """What a value is made of, with paths, in the structure of `like`; None is None throughout."""
    for path, leaf in leaves(x if like is ... else like):
        yield _text(path), leaf if like is ... else _at(x, path)


def _text(path: Path) -> str:
    first, rest = path[:1], path[1:]
    return spelled(rest, str(first[0])) if first else ""


def _at(x: Any, path: Path) -> Any:
    for key in path:
        x = None if x is None else part(x, (key,))
    return x


def refilled(like: Any, numbers: list[Any], keeps: Callable[[Any], Any] | None = copy) -> Any:
    """The same structure with these leaves, which are used up; constant fields are as they are,
    or None where nothing `keeps` them, as in a tangent.
    """
    rest = iter(numbers)

    def leaf(path: Path, x: Any) -> Any:
        return copy(x) if any(isinstance(k, Beside) for k in path) else next(rest)

    return mapped(leaf, "refilled", like, keeps=keeps)


def is_floating(x: Any) -> bool:
    inexact = isinstance(x, np.ndarray) and x.dtype.kind in "fc"
    return inexact or isinstance(x, (float, complex, np.inexact))


def outline(x: Any) -> str:
    if isinstance(x, np.ndarray):
        return f"an array of shape {x.shape}, dtype {x.dtype}"
    return "None" if x is None else f"of type {type(x).__name__}"


def moved_by(x: Any, direction: Any, step: float) -> Any:
    """`x + step * direction` in the type of `x`."""
    if not is_floating(x):
        return x
    moved = x + step * direction
    return np.asarray(moved, x.dtype) if isinstance(x, np.ndarray) else type(x)(moved)


def random_like(x: Any, rng: np.random.Generator) -> Any:
    """Numbers of size one, of the type and shape of a value; None where it is not floating."""
    if not is_floating(x):
        return None
    made = rng.uniform(0.5, 1.5, np.shape(x)) * rng.choice([-1.0, 1.0], np.shape(x))
    if np.iscomplexobj(x):
        made = made * np.exp(1j * rng.uniform(0.0, 6.0, np.shape(x)))
    return np.asarray(made, x.dtype) if isinstance(x, np.ndarray) else type(x)(made)


def random_tangent(x: Any, rng: np.random.Generator) -> Any:
    """The structure of a value with random numbers in it; None for what does not move."""
    return mapped(lambda _, leaf: random_like(leaf, rng), "random_tangent", x)
