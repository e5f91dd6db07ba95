"""Functions as IR, and the early stages of it, remembered by code object."""

from __future__ import annotations

import sys
import types
from collections.abc import Callable
from typing import Any

from s2sdiff.frontend.attempts import taken_for
from s2sdiff.frontend.context import meant
from s2sdiff.frontend.lower import lower
from s2sdiff.ir import Function, all_defs, replace
from s2sdiff.runtime import generators
from s2sdiff.runtime.marking import marked
from s2sdiff.runtime.own_fields import said
from s2sdiff.runtime.special_fields import with_defaults
from s2sdiff.transforms import (
    bound_by_name,
    closures,
    copyprop,
    dce,
    dicts_apart,
    exits,
    extended,
    gathered,
    many_valued,
    resized,
    told,
    versions,
)
from s2sdiff.transforms.holding import has_hash

__all__ = ["REMEMBERED", "STEPS", "early", "key_of", "lowered", "numbered", "steps", "sweep",
           "swept"]


def sweep(function: Function) -> Function:
    """Without unused joins and copies."""
    body = dce.run(function.body)
    swept = copyprop.run(replace(function, body=body))
    return swept if swept.body is body else replace(swept, body=dce.run(swept.body))


#: The passes that know nothing but the code: they are run once for all requests.
STEPS: list[tuple[str, str, Callable[[Function, Any], Function]]] = [
    ("closures", "functions inside that are only called are written out, dicts of known keys, too",
     lambda f, c: dicts_apart.written(closures.written_in(f))),
    ("exits", "one return at the end; break last in its block; no continue, no loop else",
     lambda f, c: exits.tidy(f)),
    ("extended", "items that a list gets several at a time are appended one by one",
     lambda f, c: extended.one_by_one(f)),
    ("gathered", "lists that only grow, and are read then, are given anew by each append",
     lambda f, c: gathered.written_out(bound_by_name.run(f))),
    ("resized", "an array that gets another shape in place has its name bound anew",
     lambda f, c: resized.named(f)),
    ("versions", "structured single assignment: joins and loop carries are Moves",
     lambda f, c: versions.number(f)),
    ("sweep", "unused joins and copies go",
     lambda f, c: sweep(f)),
]

#: How many code objects' IR is remembered.
REMEMBERED = 1024
_lowered: dict[Any, Function] = {}
#: By the key without them: the paths that managers are made by, and those that are hints.
_entered: dict[Any, tuple[tuple[tuple[str, ...], ...], ...]] = {}


def key_of(fn: Any) -> tuple[Any, ...] | None:
    """What the early stages depend on; None for a function that was not lowered yet."""
    code = _code(fn)
    paths = _entered.get(code)
    if paths is None:
        return None
    taken = [taken_for(fn, names) for names in paths[0]] if paths[0] else ()
    return (*code, many_valued.shadowed(fn), generators.named(fn), *taken,
            *[_library(meant(fn, names)) for names in paths[1]])


def _library(found: Any) -> Any:
    """A function or class of a library; of others, lowering knows nothing."""
    if found is None:
        return True
    if type(found) is types.FunctionType:
        module = found.__module__
    elif not isinstance(said(found, "__name__"), str):
        return False
    else:
        module = said(found, "__module__") or type(found).__module__
    top = module.partition(".")[0] if isinstance(module, str) else ""
    return found if top in _LIBRARIES and has_hash(found) else False


_LIBRARIES = frozenset({"numpy", "scipy", *sys.stdlib_module_names}) - {"__main__"}


def _code(fn: Any) -> tuple[Any, ...]:
    # Code objects of two files may be equal; their locations are not.
    return fn.__code__, fn.__code__.co_filename, marked(fn), with_defaults(fn)


def lowered(fn: Any) -> Function:
    """The IR of a function, made once per code object."""
    key = key_of(fn)
    found = None if key is None else _lowered.get(key)
    if found is None:
        found = replace(lower(fn), origin=None)
        if len(_lowered) >= REMEMBERED:
            del _lowered[next(iter(_lowered))]
        if len(_entered) >= REMEMBERED:
            del _entered[next(iter(_entered))]
        _entered[_code(fn)] = tuple(sorted(found.entered)), tuple(sorted(found.hinted))
        _lowered[key_of(fn)] = found
    return replace(found, origin=fn)


_early: dict[Any, tuple[tuple[Function, ...], frozenset[str]]] = {}


def early(fn: Any, tells: bool = False) -> tuple[tuple[Function, ...], frozenset[str]]:
    """The stages in which neither the request nor kinds play a part, made once per code object.

    With the names that variables have in any of them.  With `tells` those of the function that
    gives what it raises.
    """
    made, names = _stages(fn, tells)
    return tuple([replace(function, origin=fn) for function in made]), names


def numbered(fn: Any) -> Function:
    """The function with a name of its own for every assignment, and nothing swept away."""
    return replace(_stages(fn)[0][-2], origin=fn)


def swept(fn: Any) -> Function:
    """The last of the early stages."""
    return replace(_stages(fn)[0][-1], origin=fn)


def steps(function: Function) -> tuple[Function, ...]:
    """The function after each of the early stages."""
    made = [function]
    for _, _, step in STEPS:
        made.append(step(made[-1], None))
    return tuple(made[1:])


def _stages(fn: Any, tells: bool = False) -> tuple[tuple[Function, ...], frozenset[str]]:
    key = key_of(fn)
    found = None if key is None else _early.get((key, tells))
    if found is None:
        function = told.outcomes(lowered(fn)) if tells else lowered(fn)
        made = steps(function)
        bodies = {id(f.body): f.body for f in (function, *made)}  # most passes change nothing
        names = frozenset().union(*map(all_defs, bodies.values()))
        found = tuple([replace(f, origin=None) for f in made]), names
        if len(_early) >= REMEMBERED:
            del _early[next(iter(_early))]
        _early[key_of(fn), tells] = found
    return found
