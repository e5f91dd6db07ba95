"""Random values for the arguments of a program: numbers, arrays, containers, its own objects."""

from __future__ import annotations

import copy
import dataclasses
import math
from typing import Any

import numpy as np

from tests.fuzz import places
from tests.fuzz.draft import WORDS, Draft, Kind, chance


def argument(d: Draft, kind: Kind, single: bool) -> Any:
    """A value away from zero and of either sign; Python's or NumPy's scalars."""
    field, shape = kind
    if field in places.HOLDERS:
        return held_argument(d, kind, single)
    if field == "int":
        return d.rng.randint(0, 4)
    if field == "word":
        return d.rng.choice(WORDS)
    values = [
        d.rng.choice([1, 1, -1]) * d.rng.uniform(0.15, 1.8) for _ in range(2 * math.prod(shape))
    ]
    made = np.array(values[::2]).reshape(shape)
    if field == "complex":
        made = made + 1j * np.array(values[1::2]).reshape(shape)
        return made if shape else complex(made)
    if field == "point":
        return made
    if single and (shape or d.rng.random() < 0.7):
        return np.float32(made) if not shape else made.astype(np.float32)
    if shape:
        return made if d.rng.random() < 0.8 else np.asfortranarray(made)
    return np.float64(made) if chance(d, "NumPy scalars", 0.3) else float(made)


def held_argument(d: Draft, kind: Kind, single: bool) -> Any:
    """A container or object of random values."""
    field, parts = kind
    if field == "list":
        # Of a longer list it is not known what each item is.
        count = 14 if d.rng.random() < 0.15 else d.rng.randint(1, 3)
        return [argument(d, parts[0], single) for _ in range(count)]
    if field == "dict":
        keys = [*places.KEYS, *(k for k in places.EXTRA if d.rng.random() < 0.3)]
        return {key: argument(d, parts[0], single) for key in keys}
    if field == "record":
        return {key: argument(d, item, single) for key, item in parts}
    if field == "tuple":
        return tuple(argument(d, item, single) for item in parts)
    return Built(parts[0], tuple(argument(d, item, single) for item in d.classes[parts[0]].params))


def built(namespace: dict[str, Any], args: tuple[Any, ...]) -> tuple[Any, ...]:
    """Arguments with the objects that are asked for in them, made of the program's own classes.

    What the program holds of its arguments, it holds of these from now on.
    """
    if "restore" in namespace:
        namespace["restore"]()
    made = tuple(_made(namespace, x) for x in args)
    if "hold" in namespace:
        namespace["hold"](made)
    return made


def _made(namespace: dict[str, Any], x: Any) -> Any:
    if isinstance(x, Built):
        return namespace[x.name](*copy.deepcopy(x.args))
    if isinstance(x, tuple):
        return tuple(_made(namespace, item) for item in x)
    return copy.deepcopy(x)


@dataclasses.dataclass(frozen=True, repr=False)
class Built:
    """An argument that is an object of one of the program's classes."""

    name: str
    args: tuple[Any, ...]

    def __repr__(self) -> str:
        return f"{self.name}({', '.join(map(repr, self.args))})"
