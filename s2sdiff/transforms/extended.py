"""Lists and dicts that get several items at once get them one by one.

`out.extend([a, b])` and `out += [a, b]` say what two calls of `append` say, if `out` is nothing but
a list that was made here; and `append` is what later passes know.  Everything in the display is
computed before the first of them.  `d.update(a=x)` and `d |= {"a": x}` say `d["a"] = x` likewise.
"""

from __future__ import annotations

import operator
from typing import Any

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Block, Const, Def, For, Function, Ref, Star, Store, Var, replace
from s2sdiff.transforms.fresh_names import Names

__all__ = ["one_by_one"]

_EXTENDING = frozenset(map(id, (ops.method, operator.iadd, operator.ior)))


def one_by_one(function: Function) -> Function:
    """The function with an `append` for every item that a known list gets."""
    if _EXTENDING.isdisjoint(ir.called(function)) or not any(
            _extends(s) or _updates(s) for s in ir.statements(function)):
        return function
    lists, dicts = _made_here(function, ops.list_), _made_here(function, ops.dict_)
    names = Names({*function.names, *function.free, *ir.all_defs(function.body)})
    body = _block(function.body, lists, dicts, names)
    return replace(function, body=body, bases={**function.bases, **names.bases})


def _extends(s: ir.Stmt) -> tuple[str, str] | None:
    """The names of the list that gets items and of what holds them."""
    if not isinstance(s, Bind) or s.kwargs:
        return None
    if s.calls(ops.method) and not s.targets and len(s.args) == 3 and \
            s.args[1] == Const("extend"):
        into, given = s.args[0], s.args[2]
    elif s.calls(operator.iadd) and s.args[:1] == tuple(map(Var, s.targets)):
        into, given = s.args[0], s.args[1]
    else:
        return None
    if isinstance(into, Var) and isinstance(given, Var) and into != given:
        return into.name, given.name
    return None


def _updates(s: ir.Stmt) -> str | None:
    """The name of the dict that gets what another one holds, or what keywords say."""
    if isinstance(s, Bind) and s.calls(ops.method) and not s.targets and \
            s.args[1:2] == (Const("update"),) and isinstance(s.args[0], Var):
        return s.args[0].name
    ors = isinstance(s, Bind) and s.calls(operator.ior) and \
        s.args[:1] == tuple(map(Var, s.targets))
    return s.targets[0] if ors else None  # type: ignore[union-attr]


def _made_here(function: Function, display: object) -> frozenset[str]:
    """Names that never mean anything but a list or dict that was made where the name was bound."""
    made: set[str] = set()
    others = {p.name for p in function.params}
    for s in ir.statements(function):
        if isinstance(s, Bind) and s.calls(display):
            made.update(s.targets)
        elif _extends(s) is None and _updates(s) is None:
            others.update(ir.defines(s))
        if isinstance(s, Def):
            others |= ir.all_defs(s.body)
    return frozenset(made - others)


def _block(block: Block, lists: frozenset[str], dicts: frozenset[str], names: Names) -> Block:
    out: list[ir.Stmt] = []
    for i, s in enumerate(block):
        if _updates(s) in dicts:
            out += _stores(s, block[i - 1] if i else None)
            continue
        found = _extends(s)
        if found is None or found[0] not in lists:
            inner = ir.blocks(s)
            out.append(ir.with_blocks(s, tuple([_block(b, lists, dicts, names) for b in inner]))
                       if inner else s)
            continue
        into, given = found
        before = block[i - 1] if i else None
        if isinstance(before, Bind) and before.targets == (given,) and (
                before.calls(ops.list_) or before.calls(ops.tuple_)) and not any(
                isinstance(a, Star) for a in before.args):
            out += [_append(into, a, s) for a in before.args if not isinstance(a, Star)]
        elif given in lists:
            item = names("item")
            out.append(For(item, Var(given), (_append(into, Var(item), s),), (), s.loc))
        else:
            out.append(s)
    return tuple(out)


def _stores(s: Any, before: ir.Stmt | None) -> list[ir.Stmt]:
    """What `update` or `|=` puts in, where that is written there; the statement elsewhere."""
    given = s.args[1:] if s.calls(operator.ior) else s.args[2:]
    pairs: list[tuple[ir.Atom, ir.Atom]] = []
    if given:
        if not isinstance(before, Bind) or not before.calls(ops.dict_) or before.kwargs or \
                tuple(map(Var, before.targets)) != given or before.targets[0] == s.args[0].name:
            return [s]
        atoms = ir.plain_args(before) if ir.Star not in map(type, before.args) else ()
        pairs += zip(atoms[::2], atoms[1::2], strict=True)
        # A key that cannot be one raises before any other is put in.
        if not pairs or (len(pairs) > 1 and not all(isinstance(k, Const) for k, _ in pairs)):
            return [s]
    if None in dict(s.kwargs):
        return [s]
    pairs += [(Const(k), a) for k, a in s.kwargs]
    return [Store(operator.setitem, s.args[0], k, a, "item", s.loc) for k, a in pairs]


def _append(into: str, item: ir.Atom, s: ir.Stmt) -> Bind:
    return Bind((), Ref(ops.method), (Var(into), Const("append"), item), (), s.loc)
