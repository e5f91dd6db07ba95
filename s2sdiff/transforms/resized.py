"""Arrays that get another shape in place: from there on their name means another value.

`y.resize(shape)` and `y.shape = shape` change what every name, view and container of an array knows
of its shape, which kinds and shadows count on.  NumPy itself forbids to resize while anybody else
has the array, unless it is told not to look.  So the statement is an assignment to the name from
the start, and where nobody else has the array indeed, it is one of a new array; anywhere else it is
what it was.
"""

from __future__ import annotations

from typing import Any

from s2sdiff import ir, ops, runtime
from s2sdiff.ir import Bind, Block, Const, Function, Move, Ref, Star, Store, Var, replace
from s2sdiff.transforms import copyprop
from s2sdiff.transforms.alias import Memory
from s2sdiff.transforms.context import Context

__all__ = ["as_it_was", "named", "settle"]


def named(function: Function) -> Function:
    """The function with a resized array's name bound anew, where it is bound here, outside loops
    and bodies of `try`, and is copied to no other name before."""
    if not any(_given_a_shape(s) for s in ir.walk(function.body)):
        return function
    seen = {p.name for p in function.params}
    return replace(function, body=_named(function.body, seen))


def _given_a_shape(s: ir.Stmt) -> Var | None:
    """The variable that such a statement is about."""
    owner = None
    if isinstance(s, Store):
        owner = s.target if s.fn is setattr and s.key == Const("shape") else None
    elif isinstance(s, Bind) and s.calls(ops.method) and not s.targets and \
            s.args[1:2] == (Const("resize"),):
        owner = s.args[0]
    return owner if isinstance(owner, Var) else None


def _bound(s: ir.Stmt, owner: Var) -> Bind:
    if isinstance(s, Store):
        assert s.value is not None
        return Bind((owner.name,), Ref(ops.reshaped), (owner, s.value), (), s.loc)
    assert isinstance(s, Bind)
    return replace(s, targets=(owner.name,), fn=Ref(ops.resized), args=(owner, *s.args[2:]))


def _named(block: Block, seen: set[str]) -> Block:
    out: list[ir.Stmt] = []
    for s in block:
        owner = _given_a_shape(s)
        if owner is not None and owner.name not in seen:
            s = _bound(s, owner)
        elif isinstance(s, ir.If):
            s = ir.with_blocks(s, tuple([_named(b, seen) for b in ir.blocks(s)]))
        for inner in ir.walk((s,)):
            if isinstance(inner, Move):
                seen.update([a.name for a in inner.sources if isinstance(a, Var)])
            elif isinstance(inner, (ir.Def, ir.Raw)):
                seen.update(ir.reads(inner))
        out.append(s)
    return tuple(out)


def as_it_was(s: Bind) -> list[ir.Stmt]:
    """The statement that changes the very object, and a second name for that."""
    owner: Any = s.args[0]
    if s.calls(ops.reshaped):
        value: Any = s.args[1]
        changes: ir.Stmt = Store(setattr, owner, Const("shape"), value, "attribute", s.loc)
    else:
        changes = replace(s, targets=(), fn=Ref(ops.method),
                          args=(owner, Const("resize"), *s.args[1:]))
    return [changes, Move(s.targets, (owner,), s.loc)]


def settle(function: Function, context: Context) -> Function:
    """New arrays where nobody else has the one that is resized."""
    if not any(isinstance(s, Bind) and _reshapes(s) for s in ir.walk(function.body)):
        return function
    assert context.memory is not None
    # Where it stays the same array, it keeps its name: a second one would be others that have it.
    return copyprop.run(replace(
        function, body=_settled(function.body, (), (), context.memory)))


def _reshapes(s: Bind) -> bool:
    return any(map(s.calls, ops.RESHAPING))


def _settled(block: Block, before: Block, after: Block, memory: Memory) -> Block:
    """A block between what was done on the way to it and what may be done from there on."""
    out: list[ir.Stmt] = []
    for i, s in enumerate(block):
        done, left = (*before, *block[:i]), (*block[i + 1:], *after)
        if isinstance(s, Bind) and _reshapes(s):
            owner, made = s.args[0], runtime.resized if s.calls(ops.resized) else runtime.reshaped
            alone = isinstance(owner, Var) and _alone(owner.name, done, left, memory)
            out += [replace(s, fn=Ref(made))] if alone and not any(
                isinstance(a, Star) for a in s.args) else as_it_was(s)
        else:
            inner = ir.blocks(s)
            out.append(ir.with_blocks(s, tuple([_settled(b, done, left, memory) for b in inner]))
                       if inner else s)
    return tuple(out)


def _alone(name: str, before: Block, after: Block, memory: Memory) -> bool:
    """Nothing made before shows the array's memory or holds it, and it is not read afterwards."""
    own = memory.find(name)
    if memory.roots.get(own) or own in {memory.find(i) for i in memory.inside.values()}:
        return False
    others = {t for s in ir.walk(before) for t in ir.defines(s)} - {name}
    return not any(t in memory.parent and memory.find(t) == own for t in others) and not any(
        name in ir.reads(s) for s in ir.walk(after))
