"""Keywords that a dict holds: `f(x, **options)` as the call that it is.

`options = dict(rate=p, base=2.0)`, of which items are read and which is handed on as keywords, and
nothing else, is not needed: what is called gets its arguments under their names.
"""

from __future__ import annotations

import operator
from collections import Counter
from typing import Any

from s2sdiff import ir, ops
from s2sdiff.ir import Atom, Bind, Block, Const, Def, Function, Move, Ref, Var, replace

__all__ = ["read_of", "spelled_out"]


def spelled_out(function: Function) -> Function:
    """The function with such dicts written into the calls; itself where there are none."""
    called = ir.called(function)
    if id(ops.dict_) not in called and id(dict) not in called:
        return function
    held = _held(function)
    body = _block(function.body, held)
    return function if body is function.body else replace(function, body=body)


def _held(function: Function) -> dict[str, dict[str, Atom]]:
    """By the name of a dict that goes nowhere: what it holds."""
    found: dict[str, dict[str, Atom]] = {}
    bound = Counter(n for s in ir.statements(function) for n in ir.defines(s))
    for s in ir.statements(function):
        items = _items(s) if isinstance(s, Bind) and len(s.targets) == 1 else None
        # What a loop carries may be another when the dict is read.
        if items is not None and all(bound[n] < 2 for n in (*s.targets, *ir.reads(s))):  # type: ignore[union-attr]
            found[s.targets[0]] = items  # type: ignore[union-attr]
    for s in ir.statements(function) if found else ():
        inside = ir.walk(s.body) if isinstance(s, Def) else ()
        for name in {*ir.reads(s), *(n for t in inside for n in ir.reads(t))} & found.keys():
            if isinstance(s, Def) or not _reads(s, name, found[name]):
                del found[name]
    return found


def _items(s: Bind) -> dict[str, Atom] | None:
    """What a display of a dict holds, under names."""
    if s.calls(dict) and not s.args:
        pairs: list[tuple[Any, Any]] = [(k, a) for k, a in s.kwargs]
    elif s.calls(ops.dict_) and not s.kwargs and len(s.args) % 2 == 0:
        keys = [getattr(a, "value", None) for a in s.args[::2]]
        pairs = list(zip(keys, s.args[1::2], strict=True))
    else:
        return None
    known = all(type(k) is str and isinstance(a, (Var, Const, Ref)) for k, a in pairs)
    return dict(pairs) if known and len({k for k, _ in pairs}) == len(pairs) else None


def read_of(s: ir.Stmt, name: str, items: dict[str, Atom]) -> Atom | None:
    """What a statement reads of a dict that holds this: an item, or what is given for none.

    None for all other statements.
    """
    if not isinstance(s, Bind) or s.kwargs or len(s.targets) != 1 or s.args[:1] != (Var(name),):
        return None
    keys: tuple[Any, ...] = s.args[1:]
    if s.calls(operator.getitem) and isinstance(keys[0], Const) and keys[0].value in items:
        return items[keys[0].value]
    if s.calls(ops.method) and keys[0] == Const("get") and 2 <= len(keys) <= 3 and \
            isinstance(keys[1], Const) and not any(isinstance(a, ir.Star) for a in keys):
        return items.get(keys[1].value, keys[2] if len(keys) == 3 else Const(None))
    return None


def _reads(s: ir.Stmt, name: str, items: dict[str, Atom]) -> bool:
    """It reads an item, or hands all of them on as keywords."""
    if not isinstance(s, Bind) or Var(name) in s.args[1:] or any(
            k is not None and a == Var(name) for k, a in s.kwargs):
        return False
    if s.args[:1] == (Var(name),):
        return read_of(s, name, items) is not None
    given = [k for k, _ in s.kwargs if k is not None]
    return s.fn != Var(name) and sum(a == Var(name) for _, a in s.kwargs) == 1 and \
        items.keys().isdisjoint(given) and all(k.isidentifier() for k in items) and \
        sum(k is None for k, _ in s.kwargs) == 1


def _block(block: Block, held: dict[str, dict[str, Atom]]) -> Block:
    out: list[ir.Stmt] = []
    for s in block:
        inner = ir.blocks(s)
        if inner:
            s = ir.with_blocks(s, tuple([_block(b, held) for b in inner]))
        elif isinstance(s, Bind):
            s = _written(s, held)
        out.append(s)
    return ir.unless_same(out, block)


def _written(s: Bind, held: dict[str, dict[str, Atom]]) -> ir.Stmt:
    if s.calls(dict) and not s.args and s.kwargs and all(k is not None for k, _ in s.kwargs):
        # As a display it is known by its keys.
        pairs = tuple([v for k, a in s.kwargs for v in (Const(k), a)])
        return replace(s, fn=Ref(ops.dict_), args=pairs, kwargs=())
    first = getattr(s.args[0], "name", "") if s.args else ""
    if first in held:
        read = read_of(s, first, held[first])
        assert read is not None
        return Move(s.targets, (read,), s.loc)
    if not any(k is None and getattr(a, "name", "") in held for k, a in s.kwargs):
        return s
    kwargs = [pair for k, a in s.kwargs for pair in (
        held[a.name].items() if k is None else ((k, a),))]  # type: ignore[union-attr]
    return replace(s, kwargs=tuple(kwargs))
