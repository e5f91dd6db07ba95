"""What a gradient is taken of: one real number."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.runtime import resuming

__all__ = ["loss_of", "scalar_result"]


def scalar_result(value: Any) -> None:
    """Refuse, in grad, a result that is not one real number."""
    if isinstance(value, (float, int, np.floating, np.integer)):
        return
    if isinstance(value, np.ndarray) and value.ndim == 0 and value.dtype.kind in "fiu":
        return
    if isinstance(value, (complex, np.ndarray, np.generic)):
        what = f"shape {np.shape(value)}, dtype {getattr(value, 'dtype', type(value).__name__)}"
    else:
        what = f"an object of type {type(value).__name__}"
    resuming.refuse_given(value)
    raise TypeError(f"grad needs a function with one real result, this one returned {what}. "
                    "Instead, reduce it (np.sum, np.mean), or use sd.vjp.")


def loss_of(result: Any) -> Any:
    """The loss in `(loss, anything)`, which a function returns to a gradient with `has_aux`."""
    if isinstance(result, (tuple, list)) and len(result) == 2:
        return result[0]
    raise TypeError(f"grad with has_aux=True needs a function that returns (loss, anything), this "
                    f"one returned an object of type {type(result).__name__}. Instead, return a "
                    "pair.")
