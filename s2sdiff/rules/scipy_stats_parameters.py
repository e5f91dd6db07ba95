"""The arguments after the point of the methods of a distribution: shapes, location, scale."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from s2sdiff.registry import constant
from s2sdiff.rules.operators import SEQUENCES
from s2sdiff.runtime.later import Later

__all__ = ["Parameters", "as_array", "entries", "parameters"]


@dataclass(frozen=True)
class Parameters:
    """What a distribution's method was given, sorted.

    Attributes
    ----------
    dist : the distribution
    shapes, names : its shape parameters and their names
    loc, scale : location and scale (1 of a discrete one)
    order : names of the positional arguments
    keywords : those of the others
    """

    dist: Any
    shapes: tuple
    names: tuple[str, ...]
    loc: Any
    scale: Any
    order: tuple[str, ...]
    keywords: tuple[str, ...]


def parameters(dist: Any, args: tuple, kwds: dict[str, Any]) -> Parameters:
    shapes, loc, scale = dist._parse_args(*args, **kwds)
    shapes, loc, scale = tuple(map(as_array, shapes)), as_array(loc), as_array(scale)
    names = shape_names(dist)
    order = (*names, "loc", "scale")
    return Parameters(dist, shapes, names, loc, scale, order[:len(args)], tuple(kwds))


def shape_names(dist: Any) -> tuple[str, ...]:
    """The names of a distribution's shape parameters."""
    return tuple((dist.shapes or "").replace(",", " ").split())


constant(shape_names)


def as_array(x: Any) -> Any:
    """An array for a list, which SciPy takes as well."""
    return np.asarray(x) if isinstance(x, SEQUENCES) else x


def entries(p: Parameters, made: Mapping[str, Callable[[], Any]]) -> tuple[Later, Later]:
    """The entries of `*args` and of `**kwds`."""
    unknown = dict.fromkeys((*p.order, *p.keywords), lambda: NotImplemented)
    found = {**unknown, **made}
    return (Later({i: found[name] for i, name in enumerate(p.order)}),
            Later({name: found[name] for name in p.keywords}))
