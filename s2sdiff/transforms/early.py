"""Functions as IR, and the early stages of it, remembered by code object."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from s2sdiff.frontend.lower import lower
from s2sdiff.ir import Function, replace
from s2sdiff.transforms import closures, copyprop, dce, exits, told, versions

__all__ = ["REMEMBERED", "STEPS", "early", "lowered", "numbered", "sweep", "swept"]


def sweep(function: Function) -> Function:
    """Without unused joins and copies."""
    body = dce.run(function.body)
    swept = copyprop.run(replace(function, body=body))
    return swept if swept.body is body else replace(swept, body=dce.run(swept.body))


#: The passes that know nothing but the code: they are run once for all requests.
STEPS: list[tuple[str, str, Callable[[Function, Any], Function]]] = [
    ("closures", "nested functions that are only called are written into their calls",
     lambda f, c: closures.written_in(f)),
    ("exits", "one return at the end; break last in its block; no continue, no loop else",
     lambda f, c: exits.tidy(f)),
    ("versions", "structured single assignment: joins and loop carries are Moves",
     lambda f, c: versions.number(f)),
    ("sweep", "unused joins and copies go",
     lambda f, c: sweep(f)),
]

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


def early(fn: Any, tells: bool = False) -> tuple[Function, ...]:
    """The stages in which neither the request nor kinds play a part, made once per code object."""
    return tuple([replace(function, origin=fn) for function in _stages(fn, tells)])


def numbered(fn: Any) -> Function:
    """The function with a name of its own for every assignment, and nothing swept away."""
    return replace(_stages(fn)[-2], origin=fn)


def swept(fn: Any) -> Function:
    """The last of the early stages."""
    return replace(_stages(fn)[-1], origin=fn)


def _stages(fn: Any, tells: bool = False) -> tuple[Function, ...]:
    key = fn.__code__, fn.__code__.co_filename, versions.shadowed(fn), tells
    found = _early.get(key)
    if found is None:
        made = [told.outcomes(lowered(fn)) if tells else lowered(fn)]
        for _, _, step in STEPS:
            made.append(step(made[-1], None))
        found = tuple([replace(function, origin=None) for function in made[1:]])
        if len(_early) >= REMEMBERED:
            del _early[next(iter(_early))]
        _early[key] = found
    return found
