"""`deque(maxlen=n)` as a list that loses its first item when it gets one too many.

All that is known of lists then holds.  That it is no deque would show where it is returned, put
somewhere, printed or handed to others, or where it changes while a loop walks over it, which a
deque refuses: there it stays.
"""

from __future__ import annotations

import collections
import math
import operator
from typing import Any

import numpy as np

from s2sdiff import ir, ops, registry
from s2sdiff.ir import Bind, Block, Const, For, Function, If, Ref, Stmt, Store, Var, replace
from s2sdiff.runtime import choosing
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds_of_atoms import kind_of_atom

__all__ = ["written"]

#: They do the same with a list of these items, as their only argument.
_ALIKE = frozenset(map(id, (
    len, operator.not_, sum, min, max, sorted, list, tuple, set, any, all, math.fsum, math.prod,
    np.array, np.sum, np.mean, np.max, np.min, np.std)))
_LAZY = frozenset(map(id, (enumerate, reversed, zip)))
#: Methods with the number of their arguments.
_CHANGING = {"append": 1, "appendleft": 1, "pop": 0, "popleft": 0, "clear": 0}


def written(function: Function, context: Context) -> Function:
    """The function with such lists; itself where there are none."""
    if id(collections.deque) not in ir.called(function) or not all(
            registry.is_own(fn) for fn in (collections.deque, list)):
        return function
    made = {s.targets[0]: s for s in ir.statements(function)
            if isinstance(s, Bind) and len(s.targets) == 1 and _length(s, context) is not None}
    if not made or any(isinstance(s, (ir.Raw, ir.Def)) for s in ir.statements(function)):
        return function
    lazy = {s.targets[0]: set(ir.reads(s)) for s in ir.statements(function)
            if isinstance(s, Bind) and len(s.targets) == 1 and id(
                getattr(s.fn, "object", None)) in _LAZY}
    shown: set[str] = set()
    for s in ir.statements(function):
        for n in ir.reads(s):
            if n in made and not _alike(s, n, context):
                shown.add(n)
            elif n in lazy and not isinstance(s, For):
                shown |= lazy[n]
        if isinstance(s, For) and isinstance(s.source, Var):
            walked = lazy.get(s.source.name, {s.source.name})
            shown |= {n for t in ir.walk(s.body) for n in walked & {_changed(t)}}
    plain = {n: s for n, s in made.items() if n not in shown}
    if not plain:
        return function
    for fn in (collections.deque, list):
        context.rules[id(fn)] = fn, registry.find(fn)
    return replace(function, body=_block(function.body, plain, context))


def _length(s: Bind, context: Context) -> ir.Atom | None:
    """How many items a deque may have that a statement makes."""
    if not s.calls(collections.deque) or ir.Star in map(type, s.args) or len(s.args) > 2:
        return None
    named = dict(s.kwargs)
    length: Any = named.pop("maxlen", None) if len(s.args) < 2 else s.args[1]
    if length is None or named or kind_of_atom(length, context).type is not int:
        return None
    return None if isinstance(length, Const) and length.value < 0 else length


def _changed(s: Stmt) -> str | None:
    """The name of what a method makes longer or shorter."""
    calls = isinstance(s, Bind) and s.calls(ops.method) and isinstance(s.args[0], Var)
    return s.args[0].name if calls else None  # type: ignore[union-attr]


def _alike(s: Stmt, name: str, context: Context) -> bool:
    """Whether a statement that reads the deque does what it does to a list, or is written so."""
    if ir.reads(s).count(name) != 1:
        return False
    match s:
        case If(test=Var(n)) | For(source=Var(n)):
            return n == name
        case Store(operator.setitem, Var(n), key, place="item") if key is not None:
            return n == name and kind_of_atom(key, context).type is int
        case Bind(targets, Ref(fn), args, ()) if args:
            if id(fn) in _LAZY:
                return fn is zip or len(args) == 1
            if fn in (ops.contains, ops.not_contains):
                return args[1] == Var(name)
            if args[0] != Var(name):
                return False
            if fn is operator.getitem:
                return kind_of_atom(args[1], context).type is int
            if fn is ops.method and isinstance(args[1], Const):
                taken = args[1].value in ("pop", "popleft") or not targets
                return taken and _CHANGING.get(args[1].value) == len(args) - 2
            return (id(fn) in _ALIKE and len(args) == 1) or fn is ops.unpack
    return False


def _block(block: Block, plain: dict[str, Bind], context: Context) -> Block:
    out: list[Stmt] = []
    for s in block:
        inner = ir.blocks(s)
        if inner:
            s = ir.with_blocks(s, tuple([_block(b, plain, context) for b in inner]))
        if isinstance(s, Bind) and s.targets and plain.get(s.targets[0]) is s:
            out += _made(s, context)
        elif isinstance(s, Bind) and s.calls(ops.method) and _changed(s) in plain:
            length = _length(plain[str(_changed(s))], context)
            assert length is not None
            out += _called(s, length, context)
        else:
            out.append(s)
    return tuple(out)


def _made(s: Bind, context: Context) -> list[Stmt]:
    names, length = context.names, _length(s, context)
    assert length is not None
    out: list[Stmt] = []
    if not isinstance(length, Const):
        out.append(Bind((), Ref(choosing.check_length), (length,), (), s.loc))
    if not s.args:
        return [*out, replace(s, fn=Ref(ops.list_), args=(), kwargs=())]
    # Of what it is made of, it has the last items.
    items, count, more, start, part = (Var(names(n)) for n in (
        "items_1", "count_1", "start_1", "start_1", "last_1"))
    return [Bind((items.name,), Ref(list), s.args[:1], (), s.loc), *out,
            Bind((count.name,), Ref(len), (items,), (), s.loc),
            Bind((more.name,), Ref(operator.sub), (count, length), (), s.loc),
            Bind((start.name,), Ref(max), (more, Const(0)), (), s.loc),
            Bind((part.name,), Ref(slice), (start, Const(None)), (), s.loc),
            Bind(s.targets, Ref(operator.getitem), (items, part), (), s.loc)]


def _called(s: Bind, length: ir.Atom, context: Context) -> list[Stmt]:
    """What a method does, and what goes at the other end if there are too many."""
    items, name, *args = ir.plain_args(s)
    assert isinstance(name, Const)

    def method(*args: Any) -> Bind:
        return replace(s, args=(items, *args))

    if name.value == "popleft":
        return [method(Const("pop"), Const(0))]
    if name.value not in ("append", "appendleft"):
        return [s]
    first = name.value == "append"
    count, test = context.names("count_1"), context.names("test_1")
    gone = method(Const("pop"), *([Const(0)] if first else []))
    return [s if first else method(Const("insert"), Const(0), *args),
            Bind((count,), Ref(len), (items,), (), s.loc),
            Bind((test,), Ref(operator.gt), (Var(count), length), (), s.loc),
            If(Var(test), (gone,), (), s.loc)]
