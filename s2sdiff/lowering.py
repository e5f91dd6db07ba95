"""Functions as IR, and the early stages of it, remembered by code object."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from s2sdiff.frontend.lower import lower
from s2sdiff.ir import Function
from s2sdiff.transforms import EARLY, NORMALISE, versions

__all__ = ["REMEMBERED", "early", "lowered"]

#: How many code objects' IR is remembered.
REMEMBERED = 1024
_lowered: dict[Any, Function] = {}


def lowered(fn: Any) -> Function:
    """The IR of a function, made once per code object."""
    # Code objects of two files may be equal; their locations are not.
    key = fn.__code__, fn.__code__.co_filename, versions.shadowed(fn)
    found = _lowered.get(key)
    if found is None:
        found = replace(lower(fn), origin=None)
        if len(_lowered) >= REMEMBERED:
            del _lowered[next(iter(_lowered))]
        _lowered[key] = found
    return replace(found, origin=fn)


_early: dict[Any, tuple[Function, ...]] = {}


def early(fn: Any) -> tuple[Function, ...]:
    """The stages in which neither the request nor kinds play a part, made once per code object."""
    key = fn.__code__, fn.__code__.co_filename, versions.shadowed(fn)
    found = _early.get(key)
    if found is None:
        made = [lowered(fn)]
        for _, _, step in NORMALISE[:EARLY]:
            made.append(step(made[-1], None))
        found = tuple([replace(function, origin=None) for function in made[1:]])
        if len(_early) >= REMEMBERED:
            del _early[next(iter(_early))]
        _early[key] = found
    return tuple([replace(function, origin=fn) for function in found])
