"""Loops over objects whose class says how they go on: what they walk over is begun before them."""

from __future__ import annotations

from s2sdiff import ir
from s2sdiff.ir import Bind, Block, For, Function, Ref, Var, replace
from s2sdiff.kinds import ANY
from s2sdiff.runtime import suspects
from s2sdiff.transforms import writing
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.drawn_generators import is_generator, makes
from s2sdiff.transforms.drawn_states import YIELDING, says, unknown
from s2sdiff.transforms.kinds import kind_of_atom

__all__ = ["as_before", "begun"]


def begun(function: Function, context: Context, names: set[str]) -> Function:
    """With an `iter` in front of loops over objects whose class says how they go on.

    What these give is added to `names`.
    """
    if not any(isinstance(s, For) for s in ir.statements(function)):
        return function

    makers = {t: b for b in ir.statements(function) if isinstance(b, Bind) for t in b.targets}
    body = _begun_in(function.body, makers, function, context, names)
    return function if body is function.body else replace(function, body=body)


def _begun_in(block: Block, makers: dict[str, Bind], function: Function,
              context: Context, names: set[str]) -> Block:
    out: list[ir.Stmt] = []
    for s in block:
        inner = ir.blocks(s)
        if inner:
            blocks = [_begun_in(b, makers, function, context, names) for b in inner]
            s = ir.with_blocks(s, tuple(blocks))
        if isinstance(s, For) and _state(s, function, context):
            name = context.names("it_1")
            if _in_its_head(s, makers, context):
                context.dropped.add(name)
            names.add(name)
            out.append(Bind((name,), Ref(iter, "iter"), (s.source,), (), s.loc))
            s = replace(s, source=Var(name))
        out.append(s)
    return ir.unless_same(out, block)


def as_before(function: Function, names: set[str]) -> Function:
    """Without those `iter` that nobody needs: a loop asks `__iter__` itself, which may count."""
    def block(old: Block) -> Block:
        out: list[ir.Stmt] = []
        for s in old:
            inner = ir.blocks(s)
            if inner:
                s = ir.with_blocks(s, tuple([block(b) for b in inner]))
            last = out[-1] if out else None
            if isinstance(s, For) and isinstance(s.source, Var) and s.source.name in names and \
                    isinstance(last, Bind) and last.targets == (s.source.name,):
                assert not isinstance(last.args[0], ir.Star)
                s = replace(s, source=last.args[0])
                out.pop()
            out.append(s)
        return ir.unless_same(out, old)

    body = block(function.body) if names else function.body
    return function if body is function.body else replace(function, body=body)


def _in_its_head(s: For, makers: dict[str, Bind], context: Context) -> bool:
    """Whether a loop walks over a generator that is surely made in its head, so that nobody has it
    when the loop is left."""
    made = makers.get(s.source.name) if isinstance(s.source, Var) else None
    return made is not None and made.loc.line >= s.loc.line and makes(made, makers, context, True)


def _state(s: For, function: Function, context: Context) -> bool:
    """Whether a loop walks over an object that its rounds may see or change."""
    if getattr(s.source, "name", None) in context.generators:
        return True
    kind = kind_of_atom(s.source, context) if isinstance(s.source, Var) else ANY
    if isinstance(s.source, Var) and unknown(kind) and suspects.any_of(YIELDING):
        return True
    return says(kind, "__iter__") and (
        says(kind, "__next__") or is_generator(kind.type.__iter__)  # type: ignore[union-attr]
        or writing.writes_in(s.body, function.origin, context))
