"""Optimisers: objects that turn a model and a gradient into the next model, and keep count.

`optimiser.update(model, along=gradient)` gives a new model, by `sd.move`; the old one stays as it
was, and what is not differentiated is the same in both.  Parameters keep their dtype.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np

import s2sdiff as sd
from s2sdiff.nn import checks

__all__ = ["SGD", "Adam", "AdamW", "Optimiser", "RMSProp"]

Model = TypeVar("Model")

#: A number, or a function of the count of updates done before.
Rate = float | Callable[[int], float]


@dataclass
class Optimiser:
    """What all optimisers share: the rate of learning, and the count of updates.

    Attributes
    ----------
    learning_rate : number, or a schedule, a function of the count of updates done before
    decay : the rate is divided by 1 + decay * n at the n-th update, counted from 1
    updates : done so far
    """

    learning_rate: Rate = 0.01
    decay: float = field(default=0.0, kw_only=True)
    updates: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        if not callable(self.learning_rate):
            checks.in_range("learning_rate", self.learning_rate, 0.0, math.inf)
        checks.in_range("decay", self.decay, 0.0, math.inf)

    def update(self, model: Model, along: Any) -> Model:
        """The model moved by one step.

        Parameters
        ----------
        model : differentiable value of any structure
        along : its gradient, as `sd.grad` gives it

        Raises
        ------
        TypeError
            The gradient is not one of this model, or the model is not the one of earlier updates.
        """
        rate = self.learning_rate(self.updates) if callable(self.learning_rate) else \
            self.learning_rate
        if not self.updates:
            self.start(sd.zero_tangent(model))
        self.updates += 1
        # A Python number leaves the dtype of arrays alone.
        rate = float(rate) / (1 + self.decay * self.updates)
        return sd.move(model, along=self.step(model, along, rate))

    def start(self, zero: Any) -> None:
        """Set what is carried from update to update; it has the structure of the gradient."""

    def step(self, model: Any, gradient: Any, rate: float) -> Any:
        """The tangent that the model is moved along."""
        raise NotImplementedError(
            f"{type(self).__name__} has no step. Instead, define there what a model is moved along."
        )


@dataclass
class SGD(Optimiser):
    """Stochastic gradient descent, with momentum where asked for.

    v ← momentum v - rate g; x ← x + v; with `nesterov` x ← x + momentum v - rate g
    (Sutskever et al., https://proceedings.mlr.press/v28/sutskever13.html).

    Examples
    --------
    >>> SGD(0.1).update([np.array([1.0, 2.0])], along=[np.array([1.0, -1.0])])
    [array([0.9, 2.1])]
    """

    momentum: float = field(default=0.0, kw_only=True)
    nesterov: bool = field(default=False, kw_only=True)
    velocity: Any = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        checks.in_range("momentum", self.momentum, 0.0, 1.0)

    def start(self, zero: Any) -> None:
        self.velocity = zero

    def step(self, model: Any, gradient: Any, rate: float) -> Any:
        momentum = self.momentum
        if not momentum:
            return sd.tangent_map(lambda g: -rate * g, gradient)
        self.velocity = sd.tangent_map(
            lambda v, g: momentum * v - rate * g, self.velocity, gradient)
        if not self.nesterov:
            return self.velocity
        return sd.tangent_map(lambda v, g: momentum * v - rate * g, self.velocity, gradient)


@dataclass
class RMSProp(Optimiser):
    """Steps divided by the root of a running mean of g².

    Tieleman and Hinton, https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf.
    """

    learning_rate: Rate = 0.001
    rho: float = field(default=0.9, kw_only=True)
    epsilon: float = field(default=1e-8, kw_only=True)
    squares: Any = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        checks.in_range("rho", self.rho, 0.0, 1.0)

    def start(self, zero: Any) -> None:
        self.squares = zero

    def step(self, model: Any, gradient: Any, rate: float) -> Any:
        rho, epsilon = self.rho, self.epsilon
        self.squares = sd.tangent_map(
            lambda s, g: rho * s + (1 - rho) * g * g, self.squares, gradient)
        return sd.tangent_map(
            lambda s, g: -rate * g / (np.sqrt(s) + epsilon), self.squares, gradient)


@dataclass
class Adam(Optimiser):
    """Steps by running means of g and g², both corrected for their start at zero.

    Kingma and Ba, https://arxiv.org/abs/1412.6980, algorithm 1.

    Examples
    --------
    >>> np.round(Adam(0.1).update(np.array([1.0, 2.0]), along=np.array([3.0, -4.0])), 6)
    array([0.9, 2.1])
    """

    learning_rate: Rate = 0.001
    beta_1: float = field(default=0.9, kw_only=True)
    beta_2: float = field(default=0.999, kw_only=True)
    epsilon: float = field(default=1e-8, kw_only=True)
    means: Any = field(default=None, init=False, repr=False)
    squares: Any = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        checks.in_range("beta_1", self.beta_1, 0.0, 1.0)
        checks.in_range("beta_2", self.beta_2, 0.0, 1.0)

    def start(self, zero: Any) -> None:
        self.means = self.squares = zero

    def step(self, model: Any, gradient: Any, rate: float) -> Any:
        beta_1, beta_2, epsilon = self.beta_1, self.beta_2, self.epsilon
        self.means = sd.tangent_map(
            lambda m, g: beta_1 * m + (1 - beta_1) * g, self.means, gradient)
        self.squares = sd.tangent_map(
            lambda s, g: beta_2 * s + (1 - beta_2) * g * g, self.squares, gradient)
        scale = rate / (1 - beta_1**self.updates)
        full = math.sqrt(1 - beta_2**self.updates)
        return sd.tangent_map(
            lambda m, s: -scale * m / (np.sqrt(s) / full + epsilon), self.means, self.squares)


@dataclass
class AdamW(Adam):
    """`Adam` with parameters that shrink by `rate * weight_decay` of themselves at each update.

    Loshchilov and Hutter, https://arxiv.org/abs/1711.05101.
    """

    weight_decay: float = field(default=0.01, kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        checks.in_range("weight_decay", self.weight_decay, 0.0, math.inf)

    def step(self, model: Any, gradient: Any, rate: float) -> Any:
        shrink = rate * self.weight_decay
        decayed = sd.tangent_map(lambda x: -shrink * x, model)
        return sd.TangentVector(super().step(model, gradient, rate)) + decayed
