"""Copies of what holds numbers, with others in their place; nothing else in them is changed."""

from __future__ import annotations

import functools
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff.kinds_of_arguments import held_by
from s2sdiff.runtime import standins_minimize
from s2sdiff.runtime.carried import CARRIED, class_of
from s2sdiff.runtime.values import is_inert

__all__ = ["mapped"]


def mapped(x: Any, number: Callable[[Any], Any], unknown: Callable[[Any], Any],
           seen: dict[int, Any] | None = None) -> Any:
    """A value in which `number(v)` is in the place of each number, with or without a tangent.

    What holds others is a copy, and `unknown(v)` is in the place of an object of which nobody knows
    how to make one.  A function that calls itself calls the copy.
    """
    seen = {} if seen is None else seen

    def of(v: Any) -> Any:
        return mapped(v, number, unknown, seen)

    if type(x) in CARRIED:
        return number(x)
    if type(x) in (tuple, list):
        return type(x)(map(of, x))
    if hasattr(x, "__s2sdiff_asked__"):
        f, *asked = x.__s2sdiff_asked__
        return standins_minimize.derived(of(f), *asked)
    if isinstance(x, types.FunctionType):
        return _function(x, of, seen) if x.__closure__ else x
    if isinstance(x, types.MethodType):
        return types.MethodType(x.__func__, of(x.__self__))
    if isinstance(x, functools.partial):
        return functools.partial(of(x.func), *of(x.args),
                                 **{k: of(v) for k, v in x.keywords.items()})
    if is_inert(x):
        return x
    if class_of(x) in (float, complex, np.ndarray) or isinstance(x, np.generic):
        return number(x)
    if id(x) not in seen:
        fields = x if type(x) is dict else held_by(x)
        if fields is None or (fields is not x and type(x).__new__ is not object.__new__):
            return unknown(x)
        seen[id(x)] = made = {} if fields is x else object.__new__(type(x))
        (made if fields is x else vars(made)).update({k: of(v) for k, v in fields.items()})
    return seen[id(x)]


def _function(f: types.FunctionType, of: Callable[[Any], Any], seen: dict[int, Any]) -> Any:
    if id(f) not in seen:
        cells = [types.CellType() for _ in f.__closure__ or ()]
        made = types.FunctionType(f.__code__, f.__globals__, f.__name__, f.__defaults__,
                                  tuple(cells))
        made.__kwdefaults__ = f.__kwdefaults__
        seen[id(f)] = made
        for cell, own in zip(f.__closure__ or (), cells, strict=True):
            own.cell_contents = of(cell.cell_contents)
    return seen[id(f)]
