"""Functions that call themselves, and are given functions, as functions of what those capture.

    def area(f, a, b): ... area(f, a, m) ...        def area(a, b, k):
    area(lambda t: k * t, 0.0, x)                       def f(t): return k * t
                                                        ... area(a, m, k) ...

They cannot be written into their callers.  With what it is given inside of it, a function only
calls it and hands it on, and that again is a call of this very function.
"""

from __future__ import annotations

import dis
import types
from typing import Any

from s2sdiff import errors, registry
from s2sdiff.frontend.codes import nested_codes
from s2sdiff.frontend.opened_cells import with_parameters
from s2sdiff.ir import Atom, Bind, Block, Free, Ref
from s2sdiff.runtime.values import has_source
from s2sdiff.transforms import inline
from s2sdiff.transforms.early import lowered
from s2sdiff.transforms.meant import namespace_value

__all__ = ["binds_captured", "called"]

#: So many functions are remembered.
_REMEMBERED = 256
_made: dict[Any, types.FunctionType | None] = {}
#: By code that stands inside of such a function: that which it is a copy of.
_roots: dict[types.CodeType, types.CodeType] = {}


def called(s: Bind, fn: types.FunctionType, unboxer: Any) -> Block | None:
    """What stands for a call of a recursive function; None: it is no such call."""
    if not _is_recursive(fn):
        return None
    try:
        given = inline.arguments_of(s, lowered(fn))
    except errors.DifferentiationError:
        return None
    handed: dict[str, types.FunctionType] = {}
    inner: dict[str, types.FunctionType] = {}
    captured: dict[str, Atom] = {}
    for name, a in (given or {}).items():
        function = _function_of(a, unboxer, captured, inner)
        if function is not None:
            handed[name] = function
        elif unboxer.object_of(a) is not None:
            return None
    if given is None or not handed:
        return None
    special = _special(fn, handed, inner, tuple(captured))
    if special is None:
        return None
    unboxer.methods += [fn, *[f for f in handed.values() if f.__closure__ is None]]
    args = (*[a for n, a in given.items() if n not in handed], *captured.values())
    return (Bind(s.targets, Ref(special), args, (), s.loc),)


def _is_recursive(fn: types.FunctionType) -> bool:
    return fn.__name__ in fn.__code__.co_names and fn.__globals__.get(fn.__name__) is fn


def _function_of(a: Atom, unboxer: Any, captured: dict[str, Atom],
                 inner: dict[str, types.FunctionType]) -> types.FunctionType | None:
    """The function that an argument surely is; what it captures is noted, by name."""
    if isinstance(a, Free):
        found = namespace_value(unboxer.function.origin, a.name)
        plain = isinstance(found, types.FunctionType) and found.__closure__ is None and has_source(
            found) and registry.find(found) is None
        return found if plain else None
    owner = unboxer.object_of(a)
    made = None if owner is None else unboxer.made_function(owner)
    if made is None or unboxer.defaults.get(owner) or binds_captured(made[0].__code__):
        return None
    function, held = made
    for name, (value, _) in held.items():
        if unboxer.object_of(value) is None:
            if captured.setdefault(name, value) != value or name in inner:
                return None
            continue
        known = _function_of(value, unboxer, captured, inner)
        if known is None or name in captured or inner.setdefault(name, known).__code__ is not \
                known.__code__:
            return None
    return function


def binds_captured(code: types.CodeType, names: tuple[str, ...] | None = None) -> bool:
    """Whether a function, or one in it, may bind what it captures: these names, or all."""
    own = code.co_freevars if names is None else tuple([n for n in code.co_freevars if n in names])
    return bool(own) and (any(
        i.opname in ("STORE_DEREF", "DELETE_DEREF") and i.argval in own
        for i in dis.get_instructions(code)) or any(
        isinstance(c, types.CodeType) and binds_captured(c, own) for c in code.co_consts))


def _special(fn: types.FunctionType, handed: dict[str, types.FunctionType],
             inner: dict[str, types.FunctionType],
             captured: tuple[str, ...]) -> types.FunctionType | None:
    inside = {**inner, **handed}
    roots = {n: _roots.get(f.__code__, f.__code__) for n, f in inside.items()}
    key = (fn.__code__, id(fn.__globals__), captured, *roots.items())
    if key not in _made:
        if len(_made) >= _REMEMBERED:
            _made.clear()
            _roots.clear()
        own = fn.__code__.co_varnames[:fn.__code__.co_argcount]
        used = set(own).union(*[(*c.co_names, *c.co_varnames, *c.co_cellvars)
                                for c in (fn.__code__, *nested_codes(fn.__code__))])
        renamed = {n: f"{n}_of_{next(iter(handed))}" for n in captured if n in used}
        order = (*[n for n in own if n not in handed], *[renamed.get(n, n) for n in captured])
        special = None
        apart = len({*order, *inside}) == len(order) + len(inside)
        if apart and used.isdisjoint(renamed.values()) and used.isdisjoint(inner) and not \
                fn.__code__.co_kwonlyargcount:
            special = with_parameters(fn, order, inside, renamed)
        if special is not None:
            special.__defaults__ = None
            _roots.update((code, roots[code.co_name]) for code in special.__code__.co_consts
                          if isinstance(code, types.CodeType) and code.co_name in roots)
        _made[key] = special
    return _made[key]
