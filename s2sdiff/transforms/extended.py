"""Lists that get several items at once get them one by one.

`out.extend([a, b])` and `out += [a, b]` say what two calls of `append` say, if `out` is nothing but
a list that was made here; and `append` is what later passes know.  Everything in the display is
computed before the first of them.
"""

from __future__ import annotations

import operator

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Block, Const, Def, For, Function, Ref, Star, Var, replace
from s2sdiff.transforms.context import Names

__all__ = ["one_by_one"]

_EXTENDING = frozenset(map(id, (ops.method, operator.iadd)))


def one_by_one(function: Function) -> Function:
    """The function with an `append` for every item that a known list gets."""
    if _EXTENDING.isdisjoint(ir.called(function)) or not any(
            _extends(s) for s in ir.statements(function)):
        return function
    lists = _known_lists(function)
    names = Names({*function.names, *function.free, *ir.all_defs(function.body)})
    body = _block(function.body, lists, names)
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


def _known_lists(function: Function) -> frozenset[str]:
    """Names that never mean anything but a list that was made where the name was bound."""
    made: set[str] = set()
    others = {p.name for p in function.params}
    for s in ir.statements(function):
        if isinstance(s, Bind) and s.calls(ops.list_):
            made.update(s.targets)
        elif _extends(s) is None:
            others.update(ir.defines(s))
        if isinstance(s, Def):
            others |= ir.all_defs(s.body)
    return frozenset(made - others)


def _block(block: Block, lists: frozenset[str], names: Names) -> Block:
    out: list[ir.Stmt] = []
    for i, s in enumerate(block):
        found = _extends(s)
        if found is None or found[0] not in lists:
            inner = ir.blocks(s)
            out.append(ir.with_blocks(s, tuple([_block(b, lists, names) for b in inner]))
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


def _append(into: str, item: ir.Atom, s: ir.Stmt) -> Bind:
    return Bind((), Ref(ops.method), (Var(into), Const("append"), item), (), s.loc)
