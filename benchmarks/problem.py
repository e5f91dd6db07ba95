"""What a problem is: a primal, its hand-written adjoint, and how the peers differentiate it."""

from __future__ import annotations

import types
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

__all__ = ["Problem", "RuleCase", "peer", "under_jit"]


@dataclass(frozen=True)
class Problem:
    """One benchmark.

    Attributes
    ----------
    name : as in the table
    primal : a real-valued function, written as people write it
    hand : the same arguments to the gradient, a tuple where `wrt` is one, in good NumPy
    inputs : a size to the arguments
    sizes : the sizes that are measured; the first is small enough for finite differences
    wrt : an index or a tuple of indices
    autograd, jax : a namespace to a function of the same arguments that the peer differentiates;
        None where it cannot
    """

    name: str
    primal: Callable[..., Any]
    hand: Callable[..., Any]
    inputs: Callable[[int], tuple[Any, ...]]
    sizes: tuple[int, ...]
    wrt: int | tuple[int, ...] = 0
    autograd: Callable[[Any], Callable[..., Any]] | None = None
    jax: Callable[[Any], Callable[..., Any]] | None = None


@dataclass(frozen=True)
class RuleCase:
    """One function of a library, and its derivative as a person would write it.

    `primal` has a real result, the function's own weighed by a last argument; `hand` gives its
    gradient, with the conventions of the rule; `inputs` takes a size.
    """

    name: str
    primal: Callable[..., Any]
    hand: Callable[..., Any]
    inputs: Callable[[int], tuple[Any, ...]]
    sizes: tuple[int, ...] = (10, 1_000_000)
    wrt: int | tuple[int, ...] = 0


def peer(function: Callable[..., Any]) -> Callable[[Any], Callable[..., Any]]:
    """The same function with another library in the place of `np` and `math`."""

    def over(namespace: Any) -> Callable[..., Any]:
        assert isinstance(function, types.FunctionType)
        own = function.__globals__
        swapped = {**own, "np": namespace, "math": namespace}
        # Helpers of the same file follow, so that they see the other library, too.
        for name, value in own.items():
            if isinstance(value, types.FunctionType) and value.__globals__ is own:
                copied = types.FunctionType(value.__code__, swapped, name, value.__defaults__)
                swapped[name] = copied
        return swapped[function.__name__]

    return over


def under_jit(make: Callable[[Any], Callable[..., Any]]) -> Callable[[Any], Callable[..., Any]]:
    """Marks a JAX version whose gradient is compiled as a whole with `jax.jit`."""
    make.jit = True  # type: ignore[attr-defined]
    return make
