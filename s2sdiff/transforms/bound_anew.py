"""Outside names that a call may bind anew, with what it was given: `global total; total = x`.

Such a call is left as it is where nothing that it gives matters.  So where a name is read behind
it, the code makes sure that the name means what it meant when the function began.
"""

from __future__ import annotations

from s2sdiff import ir
from s2sdiff.ir import Bind, Block, Const, Def, Exit, Free, Function, Move, Ref, Var, replace
from s2sdiff.kinds import ANY
from s2sdiff.runtime import common
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.meant import MISSING, namespace_value
from s2sdiff.transforms.reaching import reaches

__all__ = ["watched"]


def watched(function: Function, context: Context) -> Function:
    """The function with checks of the outside names that it reads, where they are needed."""
    if not any(isinstance(s, Bind) and _may_bind(s, context) for s in ir.statements(function)):
        return function
    found = {a: "" for s in ir.statements(function) for a in _read(s)
             if not context.free_kinds.get(a.name, ANY).inert
             and namespace_value(function.origin, a.name) is not MISSING}
    if not found:
        return function
    for a in found:
        found[a] = context.names(f"{a.name}_was")
        context.kinds[found[a]] = context.free_kinds.get(a.name, ANY)
    first = Move(tuple(found.values()), tuple(found), function.loc)
    return replace(function, body=(first, *_checked(function.body, found)))


def _may_bind(s: Bind, context: Context) -> bool:
    """A call that is given something active, may do anything, and is not followed."""
    memory = context.memory
    return memory is not None and "*" in memory.effects(s) and not reaches(s, context) and any(
        n in context.varies for n in ir.reads(s)) and not any(
        t in context.active for t in s.targets)


def _read(s: ir.Stmt) -> list[Free]:
    """The names that a statement computes with."""
    if not isinstance(s, (Bind, Move, Exit)):
        return []
    given = (*s.args, *(a for _, a in s.kwargs)) if isinstance(s, Bind) else ir.atoms(s)
    return [a for a in given if isinstance(a, Free)]


def _checked(block: Block, found: dict[Free, str]) -> Block:
    out: list[ir.Stmt] = []
    for s in block:
        out += [Bind((), Ref(common.still), (a, Var(found[a]), Const(a.name)), (), s.loc)
                for a in dict.fromkeys(_read(s)) if a in found]
        inner = () if isinstance(s, Def) else ir.blocks(s)
        out.append(ir.with_blocks(s, tuple([_checked(b, found) for b in inner])) if inner else s)
    return tuple(out)
