"""The arguments after the point of the methods of a distribution: shapes, location, scale."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Later", "Parameters", "entries", "parameters"]


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


@dataclass(frozen=True)
class Later:
    """Cotangents by place or name that are computed when they are asked for.

    Nobody tells a rule which of its arguments are differentiated, and that of a shape parameter
    may cost a hundred times what the value does.
    """

    made: Mapping[Any, Callable[[], Any]]

    def __getitem__(self, key: Any) -> Any:
        return self.made[key]()

    def all(self) -> Any:
        """Every cotangent: in a tuple if they are by place, else in a dict."""
        found = {key: make() for key, make in self.made.items()}
        named = all(isinstance(key, str) for key in found) and found
        return found if named else tuple(found.values())


def parameters(dist: Any, args: tuple, kwds: dict[str, Any]) -> Parameters:
    shapes, loc, scale = dist._parse_args(*args, **kwds)
    names = tuple((dist.shapes or "").replace(",", " ").split())
    order = (*names, "loc", "scale")
    return Parameters(dist, shapes, names, loc, scale, order[:len(args)], tuple(kwds))


def entries(p: Parameters, made: Mapping[str, Callable[[], Any]]) -> tuple[Later, Later]:
    """The entries of `*args` and of `**kwds`."""
    unknown = dict.fromkeys((*p.order, *p.keywords), lambda: NotImplemented)
    found = {**unknown, **made}
    return (Later({i: found[name] for i, name in enumerate(p.order)}),
            Later({name: found[name] for name in p.keywords}))
