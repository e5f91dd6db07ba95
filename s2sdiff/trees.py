"""Structures of numbers for `check_grads`: leaves, random numbers like them, steps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from s2sdiff.runtime.named_tuples import like_fields

__all__ = ["is_floating", "moved_by", "outline", "paths_of", "random_like", "refilled"]


def paths_of(x: Any, like: Any = ..., path: str = "") -> Iterator[tuple[str, Any]]:
    """What a value is made of, with paths, in the structure of `like`; None is None throughout."""
    like = x if like is ... else like
    if isinstance(like, (tuple, list, dict)):
        keys = list(like) if isinstance(like, dict) else range(len(like))
        for k in keys:
            inner = f"{path}[{k!r}]" if path else str(k)
            yield from paths_of(None if x is None else x[k], like[k], inner)
    else:
        yield path, x


def refilled(like: Any, leaves: list[Any]) -> Any:
    """The same structure with these leaves, which are used up."""
    rest = iter(leaves)

    def fill(x: Any) -> Any:
        if isinstance(x, dict):
            return {k: fill(v) for k, v in x.items()}
        if isinstance(x, (tuple, list)):
            return like_fields(x, map(fill, x)) if hasattr(x, "_fields") else type(x)(map(fill, x))
        return next(rest)

    return fill(like)


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
