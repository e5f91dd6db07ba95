"""What every layer is, and how layers are put one behind the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import s2sdiff as sd

__all__ = ["ActivationDiscarding", "Layer", "Sequential", "sequenced"]


def sequenced(x: Any, *layers: Callable[[Any], Any]) -> Any:
    """`x` through the layers, one after the other; any functions of one argument may be layers.

    >>> sequenced(2.0, lambda x: x + 1.0, lambda x: x * x)
    9.0
    """
    for layer in layers:
        x = layer(x)
    return x


def applied(layer: Any, x: Any) -> Any:
    return layer(x)


#: Keeps the layer and `x`, and none of what the layer computes on its way.
_recomputed = sd.checkpoint(applied)


@dataclass(eq=False)
class Layer:
    """A function with parameters: the base of all layers, and of models.

    A subclass is a dataclass whose fields hold its parameters and other layers, and defines
    `__call__`.  Gradients with respect to it are objects of its class.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> import numpy as np, s2sdiff as sd
    >>> @dataclass(eq=False)
    ... class Scale(Layer):
    ...     factor: np.ndarray
    ...     def __call__(self, x):
    ...         return x * self.factor
    >>> y, backprop = Scale(np.array([2.0, 3.0])).applied_for_backpropagation(np.ones(2))
    >>> layer_bar, x_bar = backprop(np.array([1.0, 10.0]))
    >>> layer_bar.factor, x_bar
    (array([ 1., 10.]), array([ 2., 30.]))
    """

    def __call__(self, x: Any) -> Any:
        raise NotImplementedError(
            f"{type(self).__name__} has no __call__. Instead, define what the layer computes there."
        )

    def applied_for_backpropagation(self, x: Any) -> tuple[Any, Callable[[Any], tuple[Any, Any]]]:
        """The output, and `backprop(output_bar)` to the cotangents of the layer and of x."""
        return sd.vjp(applied, self, x)

    def discarding_activations(self) -> ActivationDiscarding:
        """The layer, keeping no activations: they are computed again on the way back."""
        return ActivationDiscarding(self)


@dataclass(eq=False)
class ActivationDiscarding(Layer):
    """A layer that keeps only its input; on the way back it is applied once more.

    Attributes
    ----------
    wrapped : the layer
    """

    wrapped: Layer

    def __call__(self, x: Any) -> Any:
        return _recomputed(self.wrapped, x)


@dataclass(eq=False)
class Sequential(Layer):
    """Layers, or functions, one after the other.

    >>> Sequential((lambda x: x + 1.0, lambda x: x * x))(2.0)
    9.0
    """

    layers: tuple[Callable[[Any], Any], ...]

    def __call__(self, x: Any) -> Any:
        return sequenced(x, *self.layers)
