"""Methods, functions of modules, defaults and code that are replaced while the function runs.

What is known of them has been taken from what they were when the function began.  So behind a write
that may replace one of them the code makes sure that they are what they were (`runtime.replaced`).
"""

from __future__ import annotations

import builtins
import functools
import re
import types
from collections.abc import Callable
from typing import Any

import gast

from s2sdiff import ir, registry
from s2sdiff.errors import SourceError
from s2sdiff.frontend import files
from s2sdiff.ir import Bind, Block, Const, Def, Function, Raw, Ref, Store, Var, With, replace
from s2sdiff.runtime.replaced import Meanings, still_mean
from s2sdiff.runtime.replacing import ANY_NAME, BY_NAME, WRITERS
from s2sdiff.transforms.beginnings import as_it_is
from s2sdiff.transforms.bound_meanwhile import may_be_bound
from s2sdiff.transforms.context import Context, Guard
from s2sdiff.transforms.kinds_of_atoms import kind_of_atom
from s2sdiff.transforms.meant import MISSING, namespace_value

__all__ = ["fill", "watched"]

#: What functions are asked for when they are called.
_OF_FUNCTIONS = frozenset({"__code__", "__defaults__", "__kwdefaults__", "__bases__"})


def watched(function: Function, context: Context) -> Function:
    """The function with looks at what it takes for known, behind what may replace it."""
    names = {str((guard.attributes or (guard.name,))[-1])
             for guard in context.guards.values() if _is_code(guard)} | _OF_FUNCTIONS
    elsewhere = ANY_NAME in context.replaced or not names.isdisjoint(
        context.replaced | _stored_in_file(function.origin))
    meanings = context.meanings or Meanings()

    def may_replace(s: ir.Stmt) -> bool:
        return _replaces(s, names, context) or (elsewhere and _calls(s, context))

    if not any(map(may_replace, ir.statements(function))):
        return function
    context.meanings = meanings
    return replace(function, body=_looking(function.body, may_replace, meanings))


def _stored_in_file(origin: Any) -> frozenset[str]:
    """The attributes that code in the function's file writes, which calls may come to unseen."""
    try:
        return _stored(files.file_of(origin))
    except (SourceError, AttributeError):
        return frozenset()


@functools.lru_cache(64)
def _stored(file: files.File) -> frozenset[str]:
    return frozenset(name for names in _STORE.findall(file.text) for name in names)


_STORE = re.compile(r"""\.(\w+)[ ]*=(?!=)|setattr\([^,()]+,\s*["'](\w+)["']""")


def _looking(block: Block, may_replace: Callable[[ir.Stmt], bool], meanings: Meanings) -> Block:
    out: list[ir.Stmt] = []
    for s in block:
        look = Bind((), Ref(still_mean), (Ref(meanings),), (), s.loc)
        inner = [] if isinstance(s, Def) else [
            _looking(b, may_replace, meanings) for b in ir.blocks(s)]
        found = may_replace(s)
        if found and isinstance(s, With):
            inner[0] = (look, *inner[0])
        out.append(ir.with_blocks(s, tuple(inner)) if inner else s)
        if found:
            out.append(look)
    return tuple(out)


def _replaces(s: ir.Stmt, names: set[str], context: Context) -> bool:
    """Whether a statement itself writes one of these names into what may have code."""
    if isinstance(s, Store):
        if s.place == "name":
            return False
        owner, key = s.target, s.key
        if s.place != "attribute":
            return _is_common(owner, context) and (_is_one(key, names) or (
                isinstance(owner, Var) and context.common[owner.name]))
    elif isinstance(s, Bind) and isinstance(s.fn, Ref):
        if any(isinstance(a, Ref) and _writes(a.object) for a in s.args) or _writes(
                getattr(s.fn.object, "func", None)):
            return True  # `map(setattr, …)`, `partial(setattr, …)`
        if not _writes(s.fn.object) or len(s.args) < 2:
            return bool(context.common) and any(_is_common(a, context) for a in s.args) and bool(
                context.memory is not None and context.memory.effects(s))
        owner, key = s.args[:2]
    elif isinstance(s, Raw):
        return any(_spells(n, names) for n in gast.walk(s.node))
    else:
        return False
    t = kind_of_atom(owner, context).type
    return _is_one(key, names) and (t is None or issubclass(t, _WITH_CODE))


#: What has methods and functions as attributes, which are found there by name.
_WITH_CODE = (type, types.ModuleType, types.FunctionType, types.MethodType)


def _spells(n: Any, names: set[str]) -> bool:
    """Such a write in code that is kept verbatim."""
    return (isinstance(n, gast.Name) and n.id in BY_NAME) or (
        isinstance(n, gast.Attribute) and (n.attr in BY_NAME or (
            n.attr in names and not isinstance(n.ctx, gast.Load))))


def _writes(fn: Any) -> bool:
    return id(fn) in _WRITERS


_WRITERS = frozenset(map(id, WRITERS))


def _is_one(key: Any, names: set[str]) -> bool:
    return not isinstance(key, Const) or key.value in names


def _is_common(a: Any, context: Context) -> bool:
    return isinstance(a, Var) and a.name in context.common


def _calls(s: ir.Stmt, context: Context) -> bool:
    """A call of code that writes; operators are written out where they run any."""
    return isinstance(s, (Bind, With)) and context.memory is not None and \
        bool(context.memory.effects(s)) and not (isinstance(s, Bind) and isinstance(
            s.fn, Ref) and getattr(s.fn.object, "__module__", None) == "_operator")


def _is_code(guard: Guard) -> bool:
    """That it is this very function, class or module, or what a class makes attributes of."""
    return guard.kind is None and guard.object is not None and (
        callable(guard.object) or isinstance(guard.object, types.ModuleType)
        or hasattr(type(guard.object), "__get__"))


# ------------------------------------------------------------- when all that is known is complete


def fill(context: Context, fn: Any, refused: list[str]) -> None:
    """Tell the code what it has taken for known, where it asks.

    `refused` is what the function was found to replace before.
    """
    if context.meanings is not None:
        context.meanings.refused = refused
        found = [(functools.partial(find, *path), find(*path), name)
                 for guard in context.guards.values()
                 if _is_code(guard) and not _is_read_anew(guard, fn)
                 for find, path, name in [_way(guard, fn)]]
        code = {id(f): f for f in (*[g.object for g in context.guards.values()],
                                   *[f for f, _ in context.rules.values()])}
        found += [(functools.partial(as_it_is, f), as_it_is(f), f"what {f.__qualname__} does")
                  for f in code.values()
                  if isinstance(f, types.FunctionType) and registry.find(f) is None]
        context.meanings.found = tuple(found)


def _is_read_anew(guard: Guard, fn: Any) -> bool:
    """A global name that the file binds anew is read each time, and followed (decision 280)."""
    return not guard.attributes and not isinstance(guard.owner, type) and \
        may_be_bound(guard.owner or fn, guard.name)


def _way(guard: Guard, fn: Any) -> tuple[Callable[..., Any], tuple[Any, ...], str]:
    """How to follow a guard's path without `fn`, which must not be kept."""
    owner = fn if guard.owner is None else guard.owner
    path = ".".join((guard.name, *map(str, guard.attributes)))
    if isinstance(owner, type):
        return _along, (owner, (guard.name, *guard.attributes)), f"{owner.__qualname__}.{path}"
    if guard.name in owner.__code__.co_freevars:
        return _along, (namespace_value(owner, guard.name), guard.attributes), path
    return _named, (owner.__globals__, guard.name, guard.attributes), path


def _along(found: Any, attributes: tuple[str, ...]) -> Any:
    for attribute in attributes:
        found = getattr(found, attribute, MISSING)
    return found


def _named(space: dict[str, Any], name: str, attributes: tuple[str, ...]) -> Any:
    return _along(space.get(name, getattr(builtins, name, MISSING)), attributes)
