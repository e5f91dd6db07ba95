"""Calls of what a table of functions has: of each of them where it is the one.

    OPS = {"+": add, "*": mul}              f = rt.function_of(OPS, name, add, mul)
    y = OPS[name](a, b)                     if f is add: y = add(a, b)
                                            else: y = mul(a, b)

A table of the module is taken for what it holds, under a guard; one that has another function when
the code runs is refused there.  A dict that is displayed, and of which only items are called, is
done without: its functions are then only called, as `unboxed` has it.
"""

from __future__ import annotations

import operator
import types
from typing import Any

import numpy as np

from s2sdiff import ir, ops
from s2sdiff.ir import (
    Bind,
    Block,
    Const,
    For,
    Free,
    Function,
    If,
    Loc,
    Ref,
    Star,
    Var,
    replace,
)
from s2sdiff.kinds import Kind
from s2sdiff.runtime import choosing
from s2sdiff.transforms.context import Context, Guard
from s2sdiff.transforms.fresh_names import Names
from s2sdiff.transforms.meant import namespace_value
from s2sdiff.transforms.new_memory import MUTATORS
from s2sdiff.transforms.objects import bound_once
from s2sdiff.transforms.reach_of_wrt import varying

__all__ = ["sites", "written"]

#: Of more functions, or calls that are one of several, nothing is written out.
_MOST, _CALLS = 12, 60
_FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType, np.ufunc)


def written(function: Function, context: Context) -> Function:
    """The function with such calls written out where something varies; itself without such."""
    statements = list(ir.statements(function))
    tables = _Tables(function, statements)
    if not tables.drawn:
        return function
    varies = varying(statements, context.request.wrt)
    calls = [s for s in statements if isinstance(s, Bind) and tables.of(s) is not None]
    if all(varies.isdisjoint(ir.reads(s)) for s in calls) or sum(
            len(tables.drawn[s.fn.name][1]) for s in calls) > _CALLS:  # type: ignore[union-attr]
        return function
    for name, value in tables.known.items():
        context.guard(Guard(None, name, (), value, _kind(value)))
    body = tables.block(function.body)
    return replace(function, body=body, names=frozenset(tables.names.taken),
                   bases={**function.bases, **tables.names.bases})


def sites(function: Function) -> tuple[Loc, ...]:
    """Where such calls stood in a function."""
    return tuple([s.loc for s in ir.statements(function) if isinstance(s, Bind) and any(
        map(s.calls, (choosing.function_of, choosing.functions_of, choosing.key_of)))])


class _Tables:
    """The tables that a function reads, and the variables that hold a function of one."""

    def __init__(self, function: Function, statements: list[ir.Stmt]) -> None:
        self.function, self.statements = function, statements
        self.once = bound_once(function.body) - {p.name for p in function.params}
        self.names = Names({*function.names, *function.free, *ir.all_names(function.body)})
        self.known: dict[str, Any] = {}
        self.written = {n for s in statements for n in _written(s)}
        #: By variable: what it is one of, by functions or by keys, and these.
        self.drawn: dict[str, tuple[str, tuple[Any, ...]]] = {}
        self.displays = self.displayed()
        for s in statements:
            for t in ir.defines(s):
                found = self.functions_of(s)
                if found is not None and t in self.once and (
                        self.only_called(t) or self.is_one(found)):
                    self.drawn[t] = found
        read = {s.args[0].name for s in statements if isinstance(s, Bind) and s.calls(
            operator.getitem) and isinstance(s.args[0], Var)
            and self.drawn.keys().isdisjoint(s.targets)}
        for name in read & self.displays.keys():
            self.drawn = {t: d for t, d in self.drawn.items() if d[0] != name}
            del self.displays[name]

    def displayed(self) -> dict[str, dict[Any, Any]]:
        """Dicts with literal keys, of which all that is done is to read items."""
        found: dict[str, dict[Any, Any]] = {}
        for s in self.statements:
            if isinstance(s, Bind) and s.calls(ops.dict_) and s.args and not s.kwargs and \
                    s.targets and s.targets[0] in self.once and \
                    Star not in map(type, s.args) and \
                    len(s.args) <= 2 * _MOST:
                keys, values = s.args[::2], s.args[1::2]
                if all(isinstance(k, Const) and type(k.value) in (str, int) for k in keys) and all(
                        isinstance(v, Free) or (isinstance(v, Var) and v.name in self.once)
                        for v in values):
                    found[s.targets[0]] = {k.value: v for k, v in zip(keys, values, strict=True)}  # type: ignore[union-attr]
        for s in self.statements if found else ():
            item = isinstance(s, Bind) and s.calls(operator.getitem) and len(s.targets) == 1 and \
                s.targets[0] in self.once
            for n in ir.reads(s):
                if n in found and not (item and s.args[0] == Var(n) != s.args[1]):  # type: ignore[union-attr]
                    del found[n]
        return found

    def functions_of(self, s: ir.Stmt) -> tuple[str, tuple[Any, ...]] | None:
        """The functions of one of which a statement binds a variable, and where they come from."""
        if isinstance(s, For) and isinstance(s.source, Free) and isinstance(s.target, str):
            return self.of_module(s.source.name, (list, tuple))
        if not isinstance(s, Bind) or not s.calls(operator.getitem) or len(s.args) != 2:
            return None
        table = s.args[0]
        if isinstance(table, Free):
            found = self.of_module(table.name, (dict, list, tuple))
            if found is None or not isinstance(s.args[1], Const):
                return found
            try:
                return table.name, (self.known[table.name][s.args[1].value],)
            except (LookupError, TypeError):
                return None
        name, key = getattr(table, "name", ""), s.args[1]
        held = self.displays.get(name)
        if held is None or not isinstance(key, Const):
            return None if held is None else (name, tuple(held))
        return (name, (key.value,)) if type(key.value) in (str, int) and key.value in held else None

    def of_module(self, name: str, types_: tuple[type, ...]) -> tuple[str, tuple[Any, ...]] | None:
        origin = self.function.origin
        # What a cell holds may be made anew for each call.
        own = name in self.written or origin is None or name in origin.__code__.co_freevars
        value: Any = None if own else namespace_value(origin, name)
        if type(value) not in types_ or not 0 < len(value) <= _MOST:
            return None
        held = list(value.values()) if type(value) is dict else list(value)
        if not all(isinstance(f, _FUNCTIONS) for f in held):
            return None
        self.known[name] = value
        return name, tuple({id(f): f for f in held}.values())

    def is_one(self, found: tuple[str, tuple[Any, ...]]) -> bool:
        """A function of the module's that is known, and may go anywhere."""
        return found[0] not in self.displays and len(found[1]) == 1

    def only_called(self, name: str) -> bool:
        for s in self.statements:
            if name in ir.reads(s) and not (
                    isinstance(s, Bind) and s.fn == Var(name) and len(s.targets) <= 1
                    and Var(name) not in (*s.args, *[a for _, a in s.kwargs])):
                return False
        return True

    def of(self, s: Bind) -> tuple[str, tuple[Any, ...]] | None:
        return self.drawn.get(s.fn.name) if isinstance(s.fn, Var) else None

    def block(self, block: Block) -> Block:
        out: list[ir.Stmt] = []
        for s in block:
            inner = ir.blocks(s)
            if inner:
                s = ir.with_blocks(s, tuple([self.block(b) for b in inner]))
            out += self.statement(s)
        return tuple(out)

    def named(self, s: ir.Stmt) -> ir.Stmt:
        """A statement with the functions that are known in the place of their variables."""
        return ir.substitute(s, {n: Ref(self.drawn[n][1][0]) for n in ir.reads(s)
                                 if n in self.drawn and self.is_one(self.drawn[n])})

    def statement(self, s: ir.Stmt) -> Block:
        if isinstance(s, For) and isinstance(s.target, str) and s.target in self.drawn:
            source = self.names("functions")
            functions = tuple(map(Ref, self.drawn[s.target][1]))
            return (Bind((source,), Ref(choosing.functions_of), (s.source, *functions), (), s.loc),
                    replace(s, source=Var(source)))
        if not isinstance(s, Bind):
            return (self.named(s),)
        if s.calls(operator.getitem) and s.targets and s.targets[0] in self.drawn:
            table, known = self.drawn[s.targets[0]]
            if table in self.displays and isinstance(s.args[1], Const):
                return ()
            if table in self.displays:
                return (replace(s, fn=Ref(choosing.key_of), args=(s.args[1], *map(Const, known))),)
            return (replace(s, fn=Ref(choosing.function_of), args=(*s.args, *map(Ref, known))),)
        if s.calls(ops.dict_) and s.targets and s.targets[0] in self.displays:
            return ()
        found = self.of(s)
        if found is None or self.is_one(found):
            return (self.named(s),)
        table, known = found
        made: Block = ()
        for i, k in enumerate(reversed(known)):
            held = self.displays.get(table)
            call = replace(s, fn=Ref(k) if held is None else held[k])
            if i == 0:
                made = (call,)
                continue
            test = self.names("test")
            how = Bind((test,), Ref(operator.is_), (s.fn, Ref(k)), (), s.loc) if held is None else \
                Bind((test,), Ref(operator.eq), (s.fn, Const(k)), (), s.loc)
            made = (how, If(Var(test), (call,), made, s.loc))
        return made


def _written(s: ir.Stmt) -> list[str]:
    """The names of outside that a statement writes into."""
    target = s.target if isinstance(s, ir.Store) else s.args[0] if isinstance(s, Bind) and s.calls(
        ops.method) and getattr(s.args[1], "value", "") in MUTATORS else None
    return [target.name] if isinstance(target, Free) else []


def _kind(table: Any) -> Kind:
    """A table with these functions, in this order."""
    named = type(table) is dict
    items = tuple([Kind(type(f), value=f) for f in (table.values() if named else table)])
    return Kind(type(table), items=items, value=tuple(table) if named else None)
