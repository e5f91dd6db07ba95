"""Models as lists of their parameters, side by side with gradients that have their structure."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

__all__ = ["children", "is_number", "mapped", "pairs", "with_parts", "with_parameters"]


def is_number(x: Any) -> bool:
    """A floating number or array, real or complex."""
    return isinstance(x, (float, complex, np.inexact)) or (
        isinstance(x, np.ndarray) and x.dtype.kind in "fc")


def children(x: Any) -> list[tuple[str, Any]]:
    """Names and parts of a container or an object."""
    if isinstance(x, dict):
        return [(str(k), v) for k, v in x.items()]
    if isinstance(x, (tuple, list)):
        names = getattr(x, "_fields", range(len(x)))
        return [(str(k), v) for k, v in zip(names, x)]
    if dataclasses.is_dataclass(x) and not isinstance(x, type):
        return [(f.name, getattr(x, f.name)) for f in dataclasses.fields(x)]
    return [] if callable(x) else list(getattr(x, "__dict__", {}).items())


def with_parts(x: Any, parts: list[Any]) -> Any:
    """The same container or object with other parts, in the order of `children`."""
    if isinstance(x, tuple):
        return type(x)(*parts) if hasattr(x, "_fields") else type(x)(parts)
    made = copy.copy(x)
    if isinstance(x, list):
        made[:] = parts
    elif isinstance(x, dict):
        made.update(zip(x, parts))
    else:
        # Neither `__init__` nor a `__setattr__` of frozen classes is run.
        for (name, _), part in zip(children(x), parts):
            object.__setattr__(made, name, part)
    return made


def pairs(model: Any, gradient: Any, path: str = "model") -> Iterator[tuple[str, Any, Any]]:
    """Path, value and gradient of each parameter that has one.

    Raises
    ------
    ValueError
        The gradient is not one of this model.
    """
    if gradient is None:
        return
    if is_number(model):
        if not is_number(gradient) or np.shape(gradient) != np.shape(model):
            raise _stranger(path, model, gradient)
        yield path, model, gradient
        return
    mine, theirs = children(model), children(gradient)
    if [name for name, _ in mine] != [name for name, _ in theirs] or is_number(gradient):
        raise _stranger(path, model, gradient)
    for (name, x), (_, g) in zip(mine, theirs):
        yield from pairs(x, g, f"{path}.{name}")


def _stranger(path: str, model: Any, gradient: Any) -> ValueError:
    def told(x: Any) -> str:
        shape = f" of shape {x.shape}, dtype {x.dtype}" if isinstance(x, np.ndarray) else ""
        return f"{type(x).__name__}{shape}"

    return ValueError(
        f"{path} is {told(model)} and its gradient is {told(gradient)}. Instead, pass the gradient "
        "of this very model."
    )


def with_parameters(model: Any, gradient: Any, values: Iterator[Any]) -> Any:
    """The model with these values in the place of the parameters, in the order of `pairs`."""
    if gradient is None:
        return model
    if is_number(model):
        return next(values)
    mine, theirs = children(model), children(gradient)
    return with_parts(model, [with_parameters(x, g, values)
                              for (_, x), (_, g) in zip(mine, theirs)]) if mine else model


def mapped(function: Callable[[Any], Any], gradient: Any) -> Any:
    """The function of each number and array of a gradient, in its structure."""
    if is_number(gradient):
        return function(gradient)
    parts = children(gradient)
    return with_parts(gradient, [mapped(function, g) for _, g in parts]) if parts else gradient
