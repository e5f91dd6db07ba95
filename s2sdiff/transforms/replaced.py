"""Methods, functions of modules, defaults and code that are replaced while the function runs.

What is known of them has been taken from what they were when the function began.  So behind a write
that may replace one of them the code makes sure that they are what they were (`runtime.replaced`).
"""

from __future__ import annotations

import collections
import functools
import re
import sys
import types
from collections.abc import Callable
from typing import Any

import gast

from s2sdiff import ir
from s2sdiff.errors import SourceError
from s2sdiff.frontend import files
from s2sdiff.ir import (
    Bind,
    Block,
    Const,
    Def,
    For,
    Free,
    Function,
    If,
    Opaque,
    Raw,
    Ref,
    Store,
    Var,
    While,
    With,
    replace,
)
from s2sdiff.kinds import Kind
from s2sdiff.runtime.outside import is_of_library, is_of_user
from s2sdiff.runtime.replaced import Meanings, still_mean
from s2sdiff.runtime.replacing import ANY_NAME, BY_NAME, WRITERS
from s2sdiff.transforms.context import Context, Guard
from s2sdiff.transforms.kinds_of_atoms import kind_of_atom
from s2sdiff.transforms.methods_run import METHODS

__all__ = ["is_code", "watched"]

#: What functions are asked for when they are called.
_OF_FUNCTIONS = frozenset({"__code__", "__defaults__", "__kwdefaults__", "__bases__"})


def watched(function: Function, context: Context) -> Function:
    """The function with looks at what it takes for known, behind what may replace it."""
    names = {str((guard.attributes or (guard.name,))[-1])
             for guard in context.guards.values() if is_code(guard)} | _OF_FUNCTIONS
    elsewhere = ANY_NAME in context.replaced or not names.isdisjoint(
        context.replaced | _stored_in_file(function.origin))
    meanings = context.meanings or Meanings()
    # Libraries run others' code for those who call them, who look themselves.
    users = is_of_user(function.origin) and not function.loc.file.startswith("<s2sdiff ")

    def may_replace(s: ir.Stmt) -> bool:
        return _replaces(s, names, context) or ((elsewhere or users) and _calls(
            s, context, None if elsewhere else "*"))

    here = any(map(may_replace, ir.statements(function)))
    at_end = users and any(
        is_code(g) and not is_of_library(g.object) for g in context.guards.values()) and any(
        _may_run_unseen(s, context) for s in ir.statements(function))
    if not here and not at_end:
        return function
    context.meanings = meanings
    body = _looking(function.body, may_replace, meanings) if here else function.body
    if at_end and not any(map(_is_look, body[-2:])):
        body = (*body[:-1], *[made for s in body[-1:] for made in (_look(meanings, s.loc), s)])
    return replace(function, body=body)


def _may_run_unseen(s: ir.Stmt, context: Context) -> bool:
    """Whether a method may run here of an object of which nothing is known, as no call by name."""
    if isinstance(s, (If, While)):
        given: tuple[Any, ...] = (s.test,)
    elif isinstance(s, For):
        given = (s.source,)
    elif isinstance(s, Store):
        given = (s.target,)
    elif not isinstance(s, Bind) or not isinstance(s.fn, Ref):
        return False
    elif isinstance(s.fn.object, Opaque):
        names = {n.id for n in gast.walk(s.fn.object.node) if isinstance(n, gast.Name)}
        given = (*s.args, *map(Free, names.difference(s.fn.object.params)))
    elif id(s.fn.object) in _RUNNING:
        given = s.args
    else:
        return False
    return any(_unknown(kind_of_atom(a, context)) for a in given)


#: What runs methods of what it is given, by identity: a user's callable may have a hash of its own.
_RUNNING = frozenset({id(getattr), *map(id, METHODS)})


def _unknown(kind: Kind) -> bool:
    """Whether it may be, or hold, an object of any class."""
    if kind.type is None:
        return not kind.is_number and not kind.is_fixed
    if kind.items is not None:
        return any(map(_unknown, kind.items))
    return kind.type in (list, dict, set, collections.deque) and (
        kind.each is None or _unknown(kind.each))


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
        look = _look(meanings, s.loc)
        inner = [] if isinstance(s, Def) else [
            _looking(b, may_replace, meanings) for b in ir.blocks(s)]
        found = may_replace(s)
        if found and isinstance(s, With):
            inner[0] = (look, *inner[0])
        out.append(ir.with_blocks(s, tuple(inner)) if inner else s)
        if found:
            out.append(look)
    return tuple(out)


def _look(meanings: Meanings, loc: Any) -> Bind:
    return Bind((), Ref(still_mean), (Ref(meanings),), (), loc)


def _is_look(s: ir.Stmt) -> bool:
    return isinstance(s, Bind) and s.calls(still_mean)


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
        return (s.what == "import" and _loads(s.node)) or any(
            _spells(n, names) for n in gast.walk(s.node))
    else:
        return False
    t = kind_of_atom(owner, context).type
    return _is_one(key, names) and (t is None or issubclass(t, _WITH_CODE))


def _loads(node: Any) -> bool:
    """Whether an import runs the code of a module, as far as is known now."""
    if isinstance(node, gast.ImportFrom):
        module = sys.modules.get(node.module) if node.module and not node.level else None
        return module is None or not all(hasattr(module, a.name) or a.name == "*"
                                         for a in node.names)
    return any(a.name not in sys.modules for a in node.names)


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


def _calls(s: ir.Stmt, context: Context, written: str | None) -> bool:
    """A call of code that writes; operators are written out where they run any."""
    if not isinstance(s, (Bind, With)) or context.memory is None:
        return False
    effects = context.memory.effects(s)
    return bool(effects if written is None else written in effects) and not (isinstance(
        s, Bind) and isinstance(s.fn, Ref) and getattr(
            s.fn.object, "__module__", None) == "_operator")


def is_code(guard: Guard) -> bool:
    """That it is this very function, class or module, or what a class makes attributes of."""
    return guard.kind is None and guard.object is not None and (
        callable(guard.object) or isinstance(guard.object, types.ModuleType)
        or hasattr(type(guard.object), "__get__"))
