"""Partial derivatives of a case by finite differences of the function itself."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from typing import Any

import numpy as np

from tests.language.structures import is_differentiable, leaves, pairing, rebuilt
from tests.language.table import Case

__all__ = ["Unusable", "slopes"]

#: Relative steps of the two central differences, and of the two that look for a kink.
FAR, NEAR, ONE_SIDED = 1e-3, 3e-4, 1e-4


def slopes(case: Case, cotangent: Any) -> dict[str, tuple[np.ndarray, float]]:
    """Per leaf of the arguments: d pairing(cotangent, result) / d leaf, and the size of errors.

    A complex leaf has dL/dx - i dL/dy, which pairs with a change of it as Re(slope * change).

    Raises
    ------
    Unusable
        Where the differences do not agree: the case stands at a kink, or is no function.
    """
    found = {}
    arguments = case.arguments()
    for path, leaf in leaves(arguments):
        if not is_differentiable(leaf):
            continue
        leaf = wide(leaf)
        made = np.zeros(np.shape(leaf), np.asarray(leaf).dtype)
        size = 1.0
        for index in np.ndindex(np.shape(leaf)):
            for unit in (1.0, 1j)[: 1 + np.iscomplexobj(leaf)]:
                value, large = _slope(_along(case, cotangent, path, index, unit),
                                      float(np.clip(abs(np.asarray(leaf)[index]), 0.1, 1.0)),
                                      f"{path}{list(index) or ''}")
                made[index] += np.conj(unit) * value
                size = max(size, large)
        found[path] = made, size
    return found


def _along(case: Case, cotangent: Any, path: str, index: Any, unit: Any) -> Callable:
    def at(step: float) -> float:
        def moved(place: str, leaf: Any) -> Any:
            if isinstance(leaf, np.ndarray):
                made = np.array(wide(leaf))
                if place == path:
                    made[index] += step * unit
                return made
            if place != path:
                return wide(leaf)
            changed = wide(leaf) + step * unit
            return type(wide(leaf))(changed)

        with np.errstate(all="ignore"), contextlib.redirect_stdout(io.StringIO()):
            value = case.function(*rebuilt(case.arguments(), moved), **case.keywords())
        return pairing(cotangent, value)

    return at


def _slope(at: Callable[[float], float], scale: float, place: str) -> tuple[float, float]:
    def central(h: float) -> float:
        return (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h)

    middle, far, near, h = at(0.0), central(FAR * scale), central(NEAR * scale), ONE_SIDED * scale
    right = (-3 * middle + 4 * at(h) - at(2 * h)) / (2 * h)
    left = (3 * middle - 4 * at(-h) + at(-2 * h)) / (2 * h)
    size = max(abs(near), abs(middle), 1.0)
    if not np.isfinite([far, near, right, left]).all():
        raise Unusable(f"{place}: not finite: {far}, {near}")
    if abs(far - near) > 1e-7 * size or max(abs(right - near), abs(left - near)) > 1e-5 * size:
        raise Unusable(f"{place}: differences do not agree: {far}, {near}, {right}, {left}")
    return near, size


def wide(x: Any) -> Any:
    """The value in double precision, in which it is differenced."""
    if isinstance(x, np.ndarray):
        wider = {"float32": np.float64, "complex64": np.complex128}.get(x.dtype.name)
        return x if wider is None else x.astype(wider)
    if isinstance(x, np.float32):
        return np.float64(x)
    return np.complex128(x) if isinstance(x, np.complex64) else x


class Unusable(Exception):
    """The case is no good: finite differences cannot tell its derivative."""
