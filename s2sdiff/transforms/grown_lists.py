"""Lists that are made by `append` under names of their own for each step: what the steps share.

They are steps of one list.  Kinds follow the code, and nothing is known of an empty list; what its
items will be is known once it is complete, and told of it from the beginning.  Where its cotangent
is kept by place it is one variable again in the end.
"""

from __future__ import annotations

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Block, Function, Move, Var
from s2sdiff.kinds import ANY, Growing, Kind
from s2sdiff.kinds_joined import of_items
from s2sdiff.transforms.context import Context

__all__ = ["lists", "named", "told"]


def told(function: Function, context: Context) -> None:
    """Give the steps of each list that grows the kind of all of its items."""
    kinds = context.kinds
    for one in _steps(function, context):
        items = [kinds[n].items[0] for n in one if kinds[n].items]  # type: ignore[index]
        if items:
            whole = Kind(Growing, items=(of_items(items),))
            kinds.update(dict.fromkeys(one, whole))


def named(block: Block, function: Function, context: Context) -> Block:
    """Code with the name of the list in the place of those of its steps, where all are its own."""
    same = {n: whole for made, steps, whole in lists(function, context)
            if any(map(context.shared, steps)) for n in (made, *steps)}
    return _without_copies(ir.rename(block, same)) if same else block


def lists(function: Function, context: Context) -> list[tuple[str, set[str], str]]:
    """Of each list the variable that it is made in, those of its steps, and that of the whole."""
    found: list[tuple[str, set[str], str]] = []
    for steps in _steps(function, context):
        ends = [s for s in ir.statements(function) if isinstance(s, Bind)
                and (s.calls(ops.growing) or s.calls(ops.grown))]
        made = [s.args[0].name for s in ends if s.calls(ops.growing) and s.targets[0] in steps
                and isinstance(s.args[0], Var)]
        whole = [s.targets[0] for s in ends if s.calls(ops.grown) and isinstance(
            s.args[0], Var) and s.args[0].name in steps]
        if len(made) == len(whole) == 1:
            found.append((made[0], steps, whole[0]))
    return found


def _steps(function: Function, context: Context) -> list[set[str]]:
    """The names of the steps of each list."""
    if id(ops.growing) not in ir.called(function):
        return []
    pairs = [(s.args[0].name, s.targets[-1]) for s in ir.statements(function)
             if isinstance(s, Bind) and (s.calls(ops.appended) or s.calls(ops.item_of))
             and isinstance(s.args[0], Var)]
    pairs += [(a.name, t) for s in ir.statements(function) if isinstance(s, Move)
              for t, a in zip(s.targets, s.sources, strict=True) if isinstance(a, Var)]
    found = {n: {n} for n, kind in context.kinds.items() if kind.type is Growing}
    for pair in pairs:
        if all(context.kinds.get(n, ANY).type is Growing for n in pair):
            one = found[pair[0]] | found[pair[1]]
            found.update(dict.fromkeys(one, one))
    return list({id(names): names for names in found.values()}.values())


def _without_copies(block: Block) -> Block:
    def kept(s: ir.Stmt) -> Block | None:
        if not isinstance(s, Move):
            return None
        pairs = [(t, a) for t, a in zip(s.targets, s.sources, strict=True) if a != Var(t)]
        if len(pairs) == len(s.targets):
            return None
        return (Move(tuple([t for t, _ in pairs]), tuple([a for _, a in pairs]), s.loc),) \
            if pairs else ()

    return ir.rewritten(block, kept)
