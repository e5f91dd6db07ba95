"""Random generators that a function draws from: their states, kept and set for a second run."""

from __future__ import annotations

import random
import types
from collections.abc import Iterable
from typing import Any

import numpy as np

from s2sdiff.runtime.outside import meant, names_in_modules, uses

__all__ = ["GENERATORS", "of_modules", "set_back", "states"]

#: Their states are numbers, which can be set again.
GENERATORS = (np.random.Generator, np.random.RandomState, random.Random)
_States = list[tuple[Any, Any]]


def of_modules(function: types.FunctionType) -> list[Any]:
    """The generators of modules that a function may draw from, as its names say.

    >>> [type(g).__name__ for g in of_modules(states)], of_modules(lambda x: x)
    (['RandomState', 'Random'], [])
    """
    # SciPy's distributions draw from NumPy's; a module may have another name.
    if uses(function, "random", "rvs") or any(v is random or v is np.random for v in (
            *meant(function), *(v for _, _, v in names_in_modules(function)))):
        return [_NUMPYS, _PYTHONS]
    return []


_NUMPYS: Any = getattr(np.random.normal, "__self__")  # noqa: B009
_PYTHONS: Any = getattr(random.gauss, "__self__")  # noqa: B009


def states(generators: Iterable[Any]) -> _States:
    """Each generator with its state.

    >>> rng = random.Random(1)
    >>> kept, first = states([rng, rng]), rng.random()
    >>> set_back(kept)
    >>> len(kept), rng.random() == first
    (1, True)
    """
    found = {}
    for x in generators:
        # Several may share what the numbers come from.
        of = x.bit_generator if isinstance(x, np.random.Generator) else x
        found[id(getattr(of, "_bit_generator", of))] = of, _state(of)
    return list(found.values())


def _state(x: Any) -> Any:
    return x.getstate() if isinstance(x, random.Random) else \
        x.get_state() if isinstance(x, np.random.RandomState) else x.state


def set_back(saved: _States) -> None:
    """Let each generator be as it was."""
    for x, state in saved:
        if isinstance(x, random.Random):
            x.setstate(state)
        elif isinstance(x, np.random.RandomState):
            x.set_state(state)
        else:
            x.state = state
