"""Models as they are trained, and as they are used."""

from __future__ import annotations

import copy
from typing import Any, TypeVar

from s2sdiff.nn.layer import Layer
from s2sdiff.nn.parts import rebuilt

__all__ = ["inference", "training"]

Model = TypeVar("Model")


def inference(model: Model) -> Model:
    """The model as it is used: nothing is dropped, running averages take the batch's place.

    Parameters are shared with the model, which stays as it is.

    Examples
    --------
    >>> import numpy as np
    >>> from s2sdiff.nn import Dropout
    >>> inference(Dropout(0.5, generator=np.random.default_rng(0)))(np.ones(3))
    array([1., 1., 1.])
    """
    return _in_phase(model, False)


def training(model: Model) -> Model:
    """The model as it is trained: what `inference` undoes.

    Examples
    --------
    >>> import numpy as np
    >>> from s2sdiff.nn import Dropout
    >>> used = inference(Dropout(0.5, generator=np.random.default_rng(0)))
    >>> training(used)(np.ones(4))
    array([2., 0., 0., 0.])
    """
    return _in_phase(model, True)


def _in_phase(model: Any, phase: bool) -> Any:
    def switched(_: str, part: Any) -> Any:
        if isinstance(part, Layer) and hasattr(part, "training"):
            part = copy.copy(part)
            part.training = phase  # type: ignore[attr-defined]
        return part

    return rebuilt(model, switched)
