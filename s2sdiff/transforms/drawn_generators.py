"""Which variables are generators, or may be: loops over them draw item by item."""

from __future__ import annotations

import contextlib
import inspect
import itertools
import operator
import types
from collections import deque
from collections.abc import Iterator
from typing import Any

from s2sdiff import errors, ir, ops, registry
from s2sdiff.ir import Bind, Const, Free, Function, Move, Ref, Var
from s2sdiff.ir.walking import pattern_names
from s2sdiff.kinds import Kind
from s2sdiff.runtime import cells, drawing_lazily, suspects
from s2sdiff.runtime.drawing_itertools import grouped
from s2sdiff.runtime.outside import is_of_library
from s2sdiff.runtime.own_fields import said
from s2sdiff.runtime.resuming import Resumed
from s2sdiff.transforms import early
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.drawn_readers import meant
from s2sdiff.transforms.kinds import kind_of_atom
from s2sdiff.transforms.meant import namespace_value
from s2sdiff.transforms.varying import Ways, closed

__all__ = ["generators", "inside", "is_generator", "makes", "of_class",
           "putting"]


def generators(function: Function, context: Context) -> set[str]:
    """The variables of which a loop draws item by item, as they may be generators.

    Of a method of an object of unknown class that is so if some class that was met has a generator
    of that name.
    """
    makers = {s.targets[0]: s for s in ir.statements(function)
              if isinstance(s, Bind) and len(s.targets) == 1}
    found = {n for n, s in makers.items() if makes(s, makers, context)}
    found |= {n for n, k in context.kinds.items() if k.type is Resumed}
    found |= {n for n, s in makers.items() if _groups(s, context)}
    if not found:
        return found
    every = ir.statements(function)
    moves = [way for s in every if isinstance(s, Move) for way in _ways(s, True)]
    # What only the run tells, given a generator, may give an iterator that draws from it.
    moves += [((a.name,), s.targets) for s in makers.values() if isinstance(s.fn, Var)
              for a in s.args if isinstance(a, Var)]
    groups = closed({n for n, s in makers.items() if _groups(s, context)}, moves)
    if groups:
        found |= groups | {t for s in every if isinstance(s, ir.For) and not groups.isdisjoint(
            ir.reads(s)) for t in pattern_names(s.target)}
    found = closed(found, moves)
    held = closed(set(found), [way for s in every for way in _ways(s, True)]) - found
    items = {t for s in every for names, to in _ways(s, False)
             if not held.isdisjoint(names) for t in to}
    return closed(found | items, moves)


def _groups(s: Bind, context: Context) -> bool:
    """Whether a call makes groups, each an iterator, of what may be active."""
    if meant(s) not in (itertools.groupby, grouped) or not s.args or isinstance(s.args[0], ir.Star):
        return False
    kind = kind_of_atom(s.args[0], context)
    return not kind.inert and kind.type is not range


#: They hold what they are given.
_DISPLAYS = (ops.list_, ops.tuple_, ops.dict_)


def _ways(s: ir.Stmt, into: bool) -> Ways:
    """What of generators a statement hands on: as they are, or `into` containers; or out of them.
    """
    if isinstance(s, Move):
        return [((a.name,), (t,)) for t, a in zip(s.targets, s.sources, strict=True)
                if isinstance(a, Var)]
    if into and isinstance(s, Bind) and meant(s) in _DISPLAYS:
        return [(ir.reads(s), s.targets)]
    if not into and isinstance(s, Bind) and meant(s) in (operator.getitem, ops.unpack):
        return [(ir.reads(s), s.targets)]
    if not into and isinstance(s, ir.For):
        return [(ir.reads(s), tuple(pattern_names(s.target)))]
    return []


def makes(s: Bind, makers: dict[str, Bind], context: Context, surely: bool = False) -> bool:
    """Whether a call gives a generator, or may; or `surely` makes it, and has no other one."""
    fn: Any = meant(s)
    if isinstance(s.fn, Var):
        made = makers.get(s.fn.name)
        if made is not None and isinstance(meant(made), cells.Maker):
            return bool(meant(made).code.co_flags & inspect.CO_GENERATOR)
        return _named(kind_of_atom(s.fn, context), "__call__", surely)
    if fn is ops.method or (fn is getattr and len(s.args) == 2):
        name = s.args[1]
        if not isinstance(name, Const) or isinstance(s.args[0], ir.Star):
            return False
        return _named(kind_of_atom(s.args[0], context), str(name.value), surely)
    return isinstance(fn, types.FunctionType) and registry.find(fn) is None and (
        is_generator(fn) or (not surely and gives_generator(fn)))


def _named(kind: Kind, name: str, surely: bool) -> bool:
    """Whether what an object has under a name gives a generator, or may."""
    if kind.is_number or kind.is_array or kind.inert:
        return False
    if kind.type is None:
        return not surely and suspects.any_of(frozenset({suspects.yielding(name)}))
    member = inspect.getattr_static(kind.type, name, None)
    member = member.fget if isinstance(member, property) else getattr(member, "__func__", member)
    if name in (kind.value or ()):
        return False  # a field of the object's has that name
    return is_generator(member) or (not surely and isinstance(
        member, types.FunctionType) and not is_of_library(member) and gives_generator(member))


def is_generator(fn: Any) -> bool:
    """Whether it is a generator function.

    >>> is_generator(is_generator), is_generator(of_class)
    (False, True)
    """
    return isinstance(fn, types.FunctionType) and bool(
        fn.__code__.co_flags & inspect.CO_GENERATOR) and not hasattr(fn, "__wrapped__")


_giving: dict[Any, bool] = {}


def gives_generator(fn: types.FunctionType) -> bool:
    """Whether a function gives what a generator function has made, as one sees in its text."""
    module = (fn.__module__ or "").partition(".")[0]
    if module in ("s2sdiff", "numpy", "scipy") or fn.__code__.co_filename == "<string>":
        return False
    key = fn.__code__, fn.__code__.co_filename
    if key not in _giving:
        _giving[key] = False  # one that calls itself adds nothing
        # What it is that cannot be followed is said where it is called.
        with contextlib.suppress(errors.DifferentiationError):
            _giving[key] = _gives(fn)
    return _giving[key]


def _gives(fn: types.FunctionType) -> bool:
    if fn.__code__.co_flags & inspect.CO_GENERATOR:
        return True
    body = early.swept(fn).body
    last = body[-1] if body else None
    name = getattr(last.value, "name", None) if isinstance(last, ir.Exit) else None
    for s in ir.walk(body):
        if isinstance(s, Move) and name in s.targets:
            # What several ways give, with one that is.
            others = [a.name for t, a in zip(s.targets, s.sources, strict=True)
                      if t == name and isinstance(a, Var)]
            if any(_made_of(fn, body, n) for n in others):
                return True
    return _made_of(fn, body, name)


def _made_of(fn: Any, body: ir.Block, name: Any) -> bool:
    for s in ir.walk(body):
        if isinstance(s, Bind) and s.targets == (name,):
            if isinstance(s.fn, Free):
                called = namespace_value(fn, s.fn.name)
                return isinstance(called, types.FunctionType) and gives_generator(called)
            called = meant(s)
            return called is ops.method and isinstance(s.args[1], Const) and suspects.any_of(
                frozenset({suspects.yielding(str(s.args[1].value))}))
    return False


# ------------------------------------------------------------------------ lists that are filled


def putting(block: ir.Block, context: Context) -> ir.Block:
    """With functions of the language for what puts all that a generator gives into a list."""
    out: list[ir.Stmt] = []
    for s in block:
        inner = ir.blocks(s)
        if inner:
            s = ir.with_blocks(s, tuple([putting(b, context) for b in inner]))
        out.append(_put(s, context))
    return ir.unless_same(out, block)


def _put(s: ir.Stmt, context: Context) -> ir.Stmt:
    def drawn(a: Any) -> bool:
        return getattr(a, "name", None) in context.generators

    def grows(a: Any) -> bool:
        return kind_of_atom(a, context).type in (list, deque)

    match s:
        case Bind(targets, Ref(ops.method), (items, Const("extend"), given)) if (
                drawn(given) and grows(items)):
            return Bind(targets, Ref(drawing_lazily.extended), (items, given), (), s.loc)
        case Bind(targets, Ref(operator.iadd), (items, given)) if drawn(given) and grows(items):
            return Bind(targets, Ref(drawing_lazily.grown), (items, given), (), s.loc)
        case ir.Store(operator.setitem, items, key, value) if (
                key is not None and value is not None and drawn(value)
                and kind_of_atom(items, context).type is list):
            return Bind((), Ref(drawing_lazily.put_in), (items, key, value), (), s.loc)
    return s


# -------------------------------------------------------------------------- classes that are met


def of_class(cls: type) -> Iterator[str]:
    """How it is noted under which names a class has generators."""
    for base in cls.__mro__[:-1]:
        for name, member in () if is_of_library(base) else vars(base).items():
            member = member.fget if isinstance(member, property) else \
                said(member, "__func__") or member
            if is_generator(member):
                yield suspects.yielding(name)
                if isinstance(getattr(cls, "__iter__", None), types.FunctionType):
                    yield suspects.yielding("__iter__")  # it may give what this one makes


def inside(methods: list[types.CodeType]) -> Iterator[str]:
    """The same of the methods in a class statement."""
    found = [m.co_name for m in methods if m.co_flags & inspect.CO_GENERATOR]
    if found and any(m.co_name == "__iter__" for m in methods):
        found.append("__iter__")
    yield from map(suspects.yielding, found)
