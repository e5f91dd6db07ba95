"""Whether a derivative that is called inside of others may be taken by runs of its function."""

from __future__ import annotations

import types
from typing import Any

import numpy as np

from s2sdiff.directional import Directional
from s2sdiff.errors import DifferentiationError
from s2sdiff.left_behind import function_of, primals_of
from s2sdiff.left_outside import leaves_something
from s2sdiff.runtime.values import is_inert
from s2sdiff.second import Gradient
from s2sdiff.transforms import effects
from s2sdiff.transforms.given_functions import binds_captured

__all__ = ["must_stand_alone", "stands_alone"]


def stands_alone(call: Any, wrt: tuple[Any, ...], places: bool) -> bool | None:
    """The function has nothing but its arguments that has a derivative, and that it may write.

    None where a run of it tells.  What a function captures that an operator was given has no
    derivative, unless that is asked about; nor has anything that one captures which is called by
    value.
    """
    f = function_of(call)
    binds = isinstance(f, types.FunctionType) and binds_captured(f.__code__)
    if is_inert(f) and not binds:
        return True
    if places if isinstance(call, Gradient) else 0 in wrt:
        return False
    return True if not binds and isinstance(call, Directional) and _only_reads(f) else None


def must_stand_alone(call: Any, alone: bool | None, refused: DifferentiationError) -> None:
    """Refuse a call of which a run tells that the next one may be another."""
    if alone is None and leaves_something(function_of(call), primals_of(call), draws=True):
        raise refused


def _only_reads(f: Any) -> bool:
    """A function that nothing which it captures tells, in another run of it, that it has run."""
    return isinstance(f, types.FunctionType) and not f.__defaults__ and not f.__kwdefaults__ and (
        _holds_constants(f, set()) or "*" not in effects.summary(f))


def _holds_constants(f: types.FunctionType, seen: set[int]) -> bool:
    """It captures numbers alone, and functions that do."""
    seen.add(id(f))
    held = [c.cell_contents for c in f.__closure__ or () if c != types.CellType()]
    return not binds_captured(f.__code__) and all(
        isinstance(x, (int, float, complex, np.generic, str)) or id(x) in seen or (
            isinstance(x, types.FunctionType) and _holds_constants(x, seen)) for x in held)
