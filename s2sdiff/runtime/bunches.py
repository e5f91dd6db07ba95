"""Tuples with names and further attributes, as SciPy makes them for the results of tests."""

from __future__ import annotations

import functools
from typing import Any

from s2sdiff.runtime.arrays import add
from s2sdiff.runtime.shadow_slots import fields_of, slot
from s2sdiff.runtime.shadows import Bars
from s2sdiff.runtime.values import argument

__all__ = ["bunch"]


def bunch(cls: Any, wrt: tuple, args: tuple, kwargs: dict[str, Any]) -> tuple[Any, Any]:
    """`cls(*args, **kwargs)` with a pullback; what such a tuple holds are its arguments."""
    made = cls(*args, **kwargs)
    values = [argument(s, args, kwargs) for s in wrt]

    def share(bar: Any, bars: Bars, given: Any) -> Any:
        found = [g for g, v in zip(bar or (), made, strict=False) if v is given]
        found += [slot(bars, fields_of(made), k) for k, v in vars(made).items() if v is given]
        return functools.reduce(add, found, None)

    # What is given twice has the cotangent of all that it became the first time.
    return made, lambda bar, bars: tuple(
        None if any(v is u for u in values[:i]) else share(bar, bars, v)
        for i, v in enumerate(values))
