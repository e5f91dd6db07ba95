"""Refusals of arguments, with what they are and what to write instead."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["features", "floating", "generator_of", "in_range", "indices", "labels_of", "rank",
           "same_shape", "sizes"]


def described(x: Any) -> str:
    if isinstance(x, np.ndarray):
        return f"an array of shape {x.shape}, dtype {x.dtype}"
    return f"{x!r} of type {type(x).__name__}"


def generator_of(generator: Any) -> np.random.Generator:
    """The generator, which nobody else may stand in for: results can be repeated."""
    if not isinstance(generator, np.random.Generator):
        raise TypeError(
            f"generator is {described(generator)}. Instead, pass numpy.random.default_rng(seed)."
        )
    return generator


def floating(dtype: Any) -> np.dtype:
    """The dtype of parameters, real and floating."""
    found = np.dtype(dtype)
    if found.kind != "f":
        raise TypeError(f"dtype is {found}. Instead, pass a real floating dtype, as np.float32.")
    return found


def in_range(name: str, value: Any, low: float, high: float) -> None:
    """Refuse a number outside of [low, high)."""
    number = isinstance(value, (int, float, np.integer, np.floating))
    if not number or isinstance(value, bool) or not low <= value < high:
        raise ValueError(
            f"{name} is {value!r}. Instead, pass a number from {low} to below {high}."
        )


def features(layer: str, shape: tuple[int, ...], expected: int,
             axes: str = "(…, features)") -> None:
    """Refuse an input whose last axis is not what the layer was made for."""
    if not shape or shape[-1] != expected:
        raise ValueError(
            f"{layer}: x has shape {shape}, and the layer was made for {expected} features. "
            f"Instead, pass an array of shape {axes} with {expected} at the end."
        )


def rank(function: str, name: str, shape: tuple[int, ...], axes: str) -> None:
    """Refuse an array that has not as many axes as these."""
    if len(shape) != axes.count(",") + 1:
        raise ValueError(
            f"{function}: {name} has shape {shape}. Instead, pass an array of shape ({axes})."
        )


def same_shape(function: str, names: tuple[str, str], first: tuple[int, ...],
               second: tuple[int, ...]) -> None:
    """Refuse two arrays that would broadcast, or do not go together at all."""
    if first != second:
        raise ValueError(
            f"{function}: {names[0]} has shape {first} and {names[1]} has shape {second}. "
            f"Instead, give both one shape, e.g. by reshape."
        )


def labels_of(function: str, labels: Any, logits: tuple[int, ...]) -> np.ndarray:
    """Labels as an array of integers, one for each row of logits, below the number of classes."""
    found = np.asarray(labels)
    if found.dtype.kind not in "iu":
        raise TypeError(
            f"{function}: labels are {described(labels)}. Instead, pass integers, one for each row."
        )
    if not logits or found.shape != logits[:-1]:
        raise ValueError(
            f"{function}: labels have shape {found.shape} and logits have shape {logits}. "
            f"Instead, pass labels of shape {logits[:-1]}."
        )
    if found.size and not (found.min() >= 0 and found.max() < logits[-1]):
        raise ValueError(
            f"{function}: labels go from {found.min()} to {found.max()}, and logits have "
            f"{logits[-1]} classes. Instead, number the classes from 0 to {logits[-1] - 1}."
        )
    return found


def sizes(layer: str, name: str, given: Any, axes: str) -> None:
    """Refuse what is not as many positive integers as these."""
    count = axes.count(",") + 1
    found = given if isinstance(given, tuple) else (given,)
    if len(found) != count or not all(
            isinstance(n, (int, np.integer)) and not isinstance(n, bool) and n > 0 for n in found):
        wanted = f"({axes})" if count > 1 else axes
        raise ValueError(
            f"{layer}: {name} is {given!r}. Instead, pass {wanted} in positive integers."
        )


def indices(layer: str, given: Any, count: int) -> np.ndarray:
    """Numbers of rows as an array of integers from 0 to below `count`."""
    found = np.asarray(given)
    if found.dtype.kind not in "iu":
        raise TypeError(f"{layer}: indices are {described(given)}. Instead, pass integers.")
    if found.size and not (found.min() >= 0 and found.max() < count):
        raise ValueError(
            f"{layer}: indices go from {found.min()} to {found.max()}, and the table has {count} "
            f"rows. Instead, pass indices from 0 to {count - 1}."
        )
    return found
