"""Optimisers: objects that turn a model and a gradient into the next model, and keep count.

`optimiser.update(model, along=gradient)` gives a new model; the old one stays as it was, and shares
what is not differentiated.  Parameters keep their dtype.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np

from s2sdiff.nn import checks
from s2sdiff.nn.leaves import pairs, with_parameters

__all__ = ["SGD", "Adam", "AdamW", "Optimiser", "RMSProp"]

Model = TypeVar("Model")

#: A number, or a function of the count of updates done before.
Rate = float | Callable[[int], float]


@dataclass
class Optimiser:
    """What all optimisers share: the rate of learning, the count of updates, running values.

    Attributes
    ----------
    learning_rate : number, or a schedule, a function of the count of updates done before
    decay : the rate is divided by 1 + decay * n at the n-th update, counted from 1
    updates : done so far
    kept : for each parameter, the arrays that the optimiser carries from update to update
    """

    learning_rate: Rate = 0.01
    decay: float = field(default=0.0, kw_only=True)
    updates: int = field(default=0, init=False)
    kept: list[tuple[Any, ...]] = field(default_factory=list, init=False, repr=False)

    def __post_init__(self) -> None:
        if not callable(self.learning_rate):
            checks.in_range("learning_rate", self.learning_rate, 0.0, np.inf)
        checks.in_range("decay", self.decay, 0.0, np.inf)

    def update(self, model: Model, along: Any) -> Model:
        """The model moved by one step.

        Parameters
        ----------
        model : differentiable value of any structure
        along : its gradient, as `sd.grad` gives it

        Raises
        ------
        ValueError
            The gradient is not one of this model, or the model is not the one of earlier updates.
        """
        found = list(pairs(model, along))
        if not self.updates:
            self.kept = [self.start(x) for _, x, _ in found]
        self._compare([x for _, x, _ in found])
        rate = self.learning_rate(self.updates) if callable(self.learning_rate) else \
            self.learning_rate
        self.updates += 1
        # Python's own numbers, which leave the dtype of arrays alone.
        rate = float(rate) / (1 + self.decay * self.updates)
        moved = []
        for i, (_, x, g) in enumerate(found):
            value, self.kept[i] = self.step(x, g, self.kept[i], rate)
            moved.append(type(x)(value) if np.isscalar(x) else value)
        return with_parameters(model, along, iter(moved))

    def _compare(self, parameters: list[Any]) -> None:
        same = len(parameters) == len(self.kept) and all(
            np.shape(k) == np.shape(x)
            for x, arrays in zip(parameters, self.kept) for k in arrays)
        if not same:
            raise ValueError(
                f"update: the model has {len(parameters)} parameters, in another number than "
                f"before ({len(self.kept)}), or of other shapes. Instead, make an optimiser for "
                "each model."
            )

    def start(self, x: Any) -> tuple[Any, ...]:
        """What is kept of a parameter before the first update."""
        return ()

    def step(self, x: Any, gradient: Any, kept: tuple[Any, ...],
             rate: float) -> tuple[Any, tuple[Any, ...]]:
        """A parameter's next value, and what is kept of it."""
        raise NotImplementedError


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

    def __post_init__(self) -> None:
        super().__post_init__()
        checks.in_range("momentum", self.momentum, 0.0, 1.0)

    def start(self, x: Any) -> tuple[Any, ...]:
        return (np.zeros_like(x),) if self.momentum else ()

    def step(self, x: Any, gradient: Any, kept: tuple[Any, ...],
             rate: float) -> tuple[Any, tuple[Any, ...]]:
        if not self.momentum:
            return x - rate * gradient, ()
        velocity = self.momentum * kept[0] - rate * gradient
        if self.nesterov:
            return x + self.momentum * velocity - rate * gradient, (velocity,)
        return x + velocity, (velocity,)


@dataclass
class RMSProp(Optimiser):
    """Steps divided by the root of a running mean of g².

    Tieleman and Hinton, https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf.
    """

    learning_rate: Rate = 0.001
    rho: float = field(default=0.9, kw_only=True)
    epsilon: float = field(default=1e-8, kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        checks.in_range("rho", self.rho, 0.0, 1.0)

    def start(self, x: Any) -> tuple[Any, ...]:
        return (np.zeros_like(x),)

    def step(self, x: Any, gradient: Any, kept: tuple[Any, ...],
             rate: float) -> tuple[Any, tuple[Any, ...]]:
        (mean,) = kept
        mean = self.rho * mean + (1 - self.rho) * gradient * gradient
        return x - rate * gradient / (np.sqrt(mean) + self.epsilon), (mean,)


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

    def __post_init__(self) -> None:
        super().__post_init__()
        checks.in_range("beta_1", self.beta_1, 0.0, 1.0)
        checks.in_range("beta_2", self.beta_2, 0.0, 1.0)

    def start(self, x: Any) -> tuple[Any, ...]:
        return np.zeros_like(x), np.zeros_like(x)

    def step(self, x: Any, gradient: Any, kept: tuple[Any, ...],
             rate: float) -> tuple[Any, tuple[Any, ...]]:
        first, second = kept
        first = self.beta_1 * first + (1 - self.beta_1) * gradient
        second = self.beta_2 * second + (1 - self.beta_2) * gradient * gradient
        scale = rate / (1 - self.beta_1**self.updates)
        root = np.sqrt(second) / float(np.sqrt(1 - self.beta_2**self.updates))
        return x - scale * first / (root + self.epsilon), (first, second)


@dataclass
class AdamW(Adam):
    """`Adam` with parameters that shrink by `rate * weight_decay` of themselves at each update.

    Loshchilov and Hutter, https://arxiv.org/abs/1711.05101.
    """

    weight_decay: float = field(default=0.01, kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        checks.in_range("weight_decay", self.weight_decay, 0.0, np.inf)

    def step(self, x: Any, gradient: Any, kept: tuple[Any, ...],
             rate: float) -> tuple[Any, tuple[Any, ...]]:
        return super().step(x * (1 - rate * self.weight_decay), gradient, kept, rate)
