"""What the samples are made of: one value for each name that they read."""

from __future__ import annotations

import types
from typing import Any

import numpy as np

__all__ = ["INPUTS", "LIBRARIES", "read_by"]

_RNG = np.random.default_rng(11)
_A = _RNG.normal(size=(3, 3)) + 3.0 * np.eye(3)
_B = _RNG.normal(size=(3, 3)) - 2.5 * np.eye(3)

#: Numbers, vectors and matrices, real and complex, with no ties and no kinks near.
INPUTS: dict[str, Any] = {
    "s": 0.7,
    "t": 1.3,
    "x": np.array([0.31, 0.72, 0.44, 0.63, 0.26]),
    "y": np.array([0.52, 0.29, 0.81, 0.36, 0.68]),
    "v": np.array([0.4, -0.9, 1.6]),
    "w": np.array([-1.1, 0.7, 0.5]),
    "long": np.sin(np.arange(24.0) * 0.7) + 0.1 * np.cos(np.arange(24.0) ** 2),
    "A": _A,
    "B": _B,
    "S": _A @ _A.T / 4.0 + np.eye(3),
    "M": _RNG.normal(size=(2, 3)),
    "N": _RNG.normal(size=(5, 3)),
    "T": _RNG.normal(size=(2, 3, 4)),
    "image": _RNG.normal(size=(6, 7)),
    "z": np.array([0.4 + 0.3j, -0.7 + 0.2j, 0.5 - 0.9j]),
    "Z": _A + 0.3j * _B,
    "values": [0.8, -0.3, 1.7],
    "table": {"a": 0.6, "b": -1.4},
}

#: Functions and modules that samples call, by the name that they have there.
LIBRARIES = ("numpy as np", "math", "operator", "functools", "itertools", "copy", "scipy.special",
             "scipy.linalg", "scipy.signal", "scipy.ndimage", "scipy.fft", "scipy.stats",
             "scipy.integrate", "scipy.interpolate", "scipy.optimize", "scipy.sparse",
             "scipy.sparse.linalg", "scipy.spatial.distance")


def read_by(expression: str) -> tuple[str, ...]:
    """The inputs that an expression reads, in the order of the table."""
    names = _names(compile(expression, "<sample>", "eval"))
    return tuple(name for name in INPUTS if name in names)


def _names(code: types.CodeType) -> set[str]:
    inner = [c for c in code.co_consts if isinstance(c, types.CodeType)]
    # Those of inner functions that are global there are the sample's, others their own.
    return set(code.co_names) | set().union(*[_names(c) for c in inner], set())
