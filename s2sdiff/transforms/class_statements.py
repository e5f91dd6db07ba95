"""What class statements run without calling it by name, and whether that writes.

These are `__init_subclass__` of the bases, the methods of a metaclass, `__mro_entries__`,
`__set_name__`, and the statement's own body.
"""

from __future__ import annotations

import dataclasses
import dis
import operator
import types
from collections.abc import Callable
from typing import Any

import gast

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Const, Free, Move, Ref, Star, Store, Var
from s2sdiff.runtime import cells, class_making
from s2sdiff.runtime.outside import is_of_library
from s2sdiff.transforms import plain_calls, plain_made, plain_writes
from s2sdiff.transforms.audits import in_place
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds_of_atoms import kind_of_atom
from s2sdiff.transforms.meant import MISSING
from s2sdiff.transforms.new_memory import MUTATORS
from s2sdiff.transforms.notes import looked_up

__all__ = ["body_that_writes", "checks", "hook_writes", "makes_class", "may_write",
           "stores_in_body"]

Summary = Callable[..., frozenset]


def hook_writes(cls: type, method: types.FunctionType) -> bool:
    """Whether what a class statement runs writes anything but the class, and tables of classes."""
    return plain_writes.writes(cls, method, True, _Hook)


def body_that_writes(code: types.CodeType, space: dict[str, Any]) -> str:
    """What writes in the body of a class statement that runs now."""
    return body_writes(code, space, lambda f: plain_writes.writes(
        type(None), f if isinstance(f, types.FunctionType) else f.__init__)
        if isinstance(f, types.FunctionType) or isinstance(f.__init__, types.FunctionType)
        else False)


class _Hook(plain_writes.Look):
    """A method that runs when a class is made, which it may put into a table."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        code = self.method.__code__
        names = {"__new__": 4, "__init__": 4, "__prepare__": 3}.get(code.co_name, 1)
        self.first = frozenset([*code.co_varnames[:min(names, code.co_argcount)], *[
            s.value.name for s in ir.walk(self.body)
            if isinstance(s, ir.Exit) and isinstance(s.value, Var)]])
        self.own = self.first | plain_made.made(self, plain_calls.makes)
        self.classes = self._classes()

    def writes(self, s: ir.Stmt) -> bool:
        if isinstance(s, Store) and s.fn is operator.setitem and s.value in self.classes:
            return False
        if not (isinstance(s, Bind) and s.calls(ops.method)):
            return super().writes(s)
        enters = s.args[1] in _ENTERING and all(
            a in self.classes or (isinstance(a, Const) and a.value is not None)
            for a in s.args[2:])
        # The hooks of other classes are looked at by themselves.
        return not enters and s.args[1] not in _HOOKS and super().writes(s)

    def _classes(self) -> set[Any]:
        """What is the class, is read of it, or holds nothing else."""
        found: dict[str, list[Any]] = {}
        for s in ir.walk(self.body):
            if isinstance(s, Move):
                for t, a in zip(s.targets, s.sources, strict=True):
                    found.setdefault(t, []).append(a)
                continue
            given: Any = [None]
            if isinstance(s, Bind) and (s.calls(getattr) or s.calls(ops.tuple_)):
                given = s.args[:1] if s.calls(getattr) else s.args
            for t in ir.defines(s):
                found.setdefault(t, []).extend(given)
        own = {Var(n) for n in {*self.first, *found}}
        while True:
            others = {Var(n) for n, given in found.items() if n not in self.first
                      and not all(a in own for a in given)}
            if own.isdisjoint(others):
                return own
            own -= others


_HOOKS = tuple(map(Const, ("__init_subclass__", "__new__", "__init__", "__prepare__", "__call__")))
_ENTERING = tuple(map(Const, ("append", "add", "setdefault", "insert")))


def makes_class(s: Bind, target: Any) -> bool:
    """A class statement, or `type(name, bases, namespace)`."""
    return isinstance(target, cells.ClassMaker) or (target is type and len(s.args) > 2)


def checks(s: Bind, context: Context) -> list[Bind]:
    """What makes sure that classes are made of nothing that writes, or that is active."""
    found: list[Bind] = []
    bases = bases_of(s)
    if bases:
        found.append(Bind((), Ref(class_making.check_bases), bases, (), s.loc))
    given: list[Any] = []
    hooked: tuple[Any, ...] = ()
    if isinstance(s.fn, Ref) and isinstance(s.fn.object, cells.ClassMaker):
        hooked = tuple([(n, a) for n, a in s.kwargs if n is not None and class_making.is_hooked(n)])
        given = [a for n, a in s.kwargs if n is None or not class_making.is_hooked(n)]
    elif s.calls(operator.getitem) and issubclass(
            kind_of_atom(s.args[0], context).type or object, type):
        given = [s.args[1]]  # `__class_getitem__` runs
    active = [a for a in given if isinstance(a, Var) and a.name in context.varies]
    if active:
        found += [Bind((), Ref(class_making.check_statement), (), hooked, s.loc)] if hooked else []
        found.append(Bind((), Ref(class_making.check_keywords), tuple(active), (), s.loc))
    return found


def bases_of(s: Bind) -> tuple[Any, ...]:
    """The bases in a call of a function of Python's that makes a class, if it is one."""
    fn = s.fn.object if isinstance(s.fn, Ref) else None
    if not (fn is type and len(s.args) > 2) and fn is not types.new_class and \
            fn is not dataclasses.make_dataclass:
        return ()
    given = dict(s.kwargs).get("bases")
    return (given,) if given is not None else () if fn is dataclasses.make_dataclass else \
        tuple([a for a in s.args[1:2] if not isinstance(a, Star)])


def may_write(s: Bind, origin: Any, summary: Summary) -> bool:
    """Whether a class statement may write what others see; what its methods capture is theirs."""
    assert isinstance(s.fn, Ref)
    if s.fn.object is type:
        return True
    code, space = s.fn.object.code, origin.__globals__
    if body_writes(code, space, summary) or any(map(_is_told_its_name, [
            space[n] for n in code.co_names if n in space])):
        return True
    for name, a in s.kwargs:
        if name is not None and class_making.is_hooked(name):
            value = a.object if isinstance(a, Ref) else \
                looked_up(origin, a.name) if isinstance(a, Free) else MISSING
            if value is MISSING or _runs_what_writes(value, name == class_making.METACLASS,
                                                     summary):
                return True
    return False


def stores_in_body(node: Any) -> bool:
    """Whether a class statement's own body stores items or attributes, as it is written."""
    waiting = list(node.body)
    while waiting:
        n = waiting.pop()
        if isinstance(n, (gast.Subscript, gast.Attribute)) and not isinstance(n.ctx, gast.Load):
            return True
        if not isinstance(n, (gast.FunctionDef, gast.AsyncFunctionDef, gast.Lambda)):
            waiting += gast.iter_child_nodes(n)
    return False


def _is_told_its_name(value: Any) -> bool:
    cls = value if isinstance(value, type) else type(value)
    return isinstance(getattr(cls, "__set_name__", None), types.FunctionType) and \
        not is_of_library(cls)


def _runs_what_writes(value: Any, made_by: bool, summary: Summary) -> bool:
    """Whether a base, or what is said to make the class, may write when a class is made of it."""
    if not isinstance(value, type):
        kind = value if isinstance(value, types.FunctionType) else type(value)
        return not is_of_library(kind)
    return any(summary(f) - {*f.__code__.co_varnames[:1]}
               for _, f in class_making.hooks(() if made_by else (value,),
                                              value if made_by else None))


def body_writes(code: types.CodeType, space: dict[str, Any],
                writing: Callable[[Any], Any]) -> str:
    """What writes in the body of a class statement, but into the class; `writing` tells of calls.
    """
    steps = [i for i in dis.get_instructions(code) if i.opname not in ("CACHE", "EXTENDED_ARG")]
    calls = any(i.opname.startswith("CALL") for i in steps)
    for before, i, after in zip([None, *steps], steps, [*steps[1:], None], strict=False):
        if i.opname in _STORING and not _notes(i, steps):
            return "a statement"
        if i.opname in ("LOAD_METHOD", "LOAD_ATTR") and i.argval in MUTATORS and before is not \
                None and before.argval in space:
            return f"{before.argval}.{i.argval}"
        if in_place(i) and not (after is not None and after.opname == "STORE_NAME" and isinstance(
                space.get(after.argval), (int, float, complex, str, type(None)))):
            return "a statement"
    # A name that is only bound here may be that of a function outside.
    read = dict.fromkeys(i.argval for i in steps if i.opname in _READING)
    for name in read if calls else ():
        value = space.get(name)
        if isinstance(value, (types.FunctionType, type)) and not is_of_library(value) and \
                writing(value):
            return name
    return ""


_READING = ("LOAD_NAME", "LOAD_GLOBAL", "LOAD_CLASSDEREF", "LOAD_FROM_DICT_OR_GLOBALS",
            "LOAD_FROM_DICT_OR_DEREF")
_STORING = ("STORE_ATTR", "STORE_SUBSCR", "DELETE_ATTR", "DELETE_SUBSCR", "STORE_GLOBAL",
            "DELETE_GLOBAL", "STORE_DEREF", "STORE_SLICE")


def _notes(i: dis.Instruction, steps: list[dis.Instruction]) -> bool:
    """An annotation is kept, or the cell of `__class__` is filled."""
    at = steps.index(i)
    return (i.opname == "STORE_SUBSCR" and steps[at - 2].argval == "__annotations__") or \
        i.argval in ("__class__", "__classdict__")


class_making.writes, class_making.body_writes = hook_writes, body_that_writes
