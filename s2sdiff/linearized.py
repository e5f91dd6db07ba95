"""The differential of a call at one point: computed once, applied often."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff import arguments, boundary, dispatch, nested_pullbacks
from s2sdiff.errors import DifferentiationError
from s2sdiff.forward import shown
from s2sdiff.given_tangents import accepted, tuples
from s2sdiff.linear_rows import by_rows
from s2sdiff.of_objects import by_slots, filled_in
from s2sdiff.runtime import calls, nested
from s2sdiff.runtime.arrays import copy, match
from s2sdiff.runtime.batches import apart, running, together
from s2sdiff.runtime.leaves import filled_with
from s2sdiff.runtime.moving import zero_tangent
from s2sdiff.runtime.resuming import to_the_end
from s2sdiff.runtime.shadows import each_once
from s2sdiff.runtime.side_by_side import has_objects
from s2sdiff.runtime.structures import holds_numbers

__all__ = ["linearize"]


def linearize(f: Callable[..., Any], *args: Any) -> tuple[Any, Callable[..., Any]]:
    """The value of `f(*args)` and its differential there, a linear function of tangents.

    `f` runs once; the differential can be applied often, and runs no part of `f` again.

    Parameters
    ----------
    f : callable
    *args
        The point; the differential takes a tangent for each, None where it does not move.

    Examples
    --------
    >>> import s2sdiff as sd
    >>> value, differential = sd.linearize(lambda x, y: x * y, 3.0, 4.0)
    >>> value, differential(1.0, 0.0), differential(0.0, 1.0)
    (12.0, 4.0, 3.0)
    """
    if running() is not None:
        return apart(linearize, f, *args)
    f = arguments.target_of(f, "linearize")
    args = tuple([each_once(x) if isinstance(x, np.ndarray) else x for x in args])
    slots = tuple([i for i, x in enumerate(args) if holds_numbers(x)])
    # Backward code may have another form of cotangents of these than their own.
    structured = any(isinstance(x, (tuple, list, dict)) or has_objects(x) for x in args)
    # Objects may be changed by the call: what is kept of them is their structure.
    given = tuple([zero_tangent(x) if has_objects(x) else copy(x) for x in args])
    try:
        value, pullback = to_the_end(dispatch.call_outer, f, slots, args, {})
    except DifferentiationError as error:
        raise boundary.leaving(error) from error.__cause__
    # What is given of the value may be written by the caller.
    like = copy(value) if isinstance(value, np.ndarray) else zero_tangent(value)
    try:
        ones = filled_with(value, 1.0)
        found: Any
        back: Any
        found, back = calls.called(pullback, (0,), (ones,), {}, True)
        rows = None
    except Exception as error:
        if (refused := boundary.refused(error)) is None:
            raise
        back, found = None, (None,) * len(slots)
        rows = _rows(pullback, slots, given, like, f, refused)
    entries = (found,) if len(slots) == 1 else found

    def pushed(tangents: tuple) -> Any:
        _, tangents = tuples(given, tangents, "linearize")
        dots: Any = (filled_in if structured else accepted)(tangents, given, "linearize")
        if rows is not None:
            return rows(dots)
        bars = tuple([by_slots(e, dots[i], given[i]) if structured else match(dots[i], given[i])
                      for e, i in zip(entries, slots, strict=True)])
        return shown(like, back(bars[0] if len(bars) == 1 else bars), ())

    def differential(*tangents: Any) -> Any:
        return pushed(tangents) if running() is None else apart(pushed, tangents)

    return value, differential


def _rows(pullback: Any, slots: tuple[int, ...], given: tuple, value: Any, f: Any,
          refusal: DifferentiationError) -> Any:
    """The differential where the pullback's code cannot be differentiated again."""
    try:
        with together(0):
            return by_rows(pullback, slots, given, value, f, refusal)
    except DifferentiationError as error:
        raise boundary.leaving(error) from error.__cause__


nested.OPERATORS[linearize] = nested_pullbacks.of_linearize
