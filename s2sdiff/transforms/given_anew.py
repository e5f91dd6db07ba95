"""`z /= s` of an array that nobody else sees is an array of its own: `z_1 = z / s`.

So is `np.exp(z, out=z)`, where no branch or loop is around it.

What is written in place is kept as it was for whoever reads it backwards, and its cotangent is
written in place, too.  Where an array was made here, nothing else shows or holds it, and it stays
what it is in shape and dtype, a new one says the same, and the derivative is that of the operator.
In loops the array is left in place: a new one in each round costs more than it says.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Block, Function, Ref, Star, Var, replace
from s2sdiff.kinds import Kind, same_dtype
from s2sdiff.transforms.alias import Memory
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.effects import returned_by, written_by
from s2sdiff.transforms.kinds import kind_of_atom
from s2sdiff.transforms.transfer import result

__all__ = ["settle"]


def settle(function: Function, context: Context) -> Function:
    """The function with operators in place as plain ones, where nobody could tell."""
    if not any(_plain(s, context) or _filled(s, context) for s in ir.statements(function)):
        return function

    def kind(a: ir.Atom) -> Kind:
        return kind_of_atom(a, context)

    memory = Memory(function, kind, lambda s: written_by(s, function.origin, kind, context),
                    lambda s: returned_by(s, function.origin))
    body = _block(function.body, (), (), memory, context)
    return function if body == function.body else replace(function, body=body)


def _block(block: Block, before: Block, after: Block, memory: Memory, context: Context) -> Block:
    """A block between what was done on the way to it and what may be done from there on."""
    left, done, out = tuple(block), list(before), list[ir.Stmt]()
    outermost = not before and not after
    while left:
        s, left = left[0], left[1:]
        later = (*left, *after)
        made, filled = _plain(s, context), _filled(s, context) if outermost else ""
        if made is not None and isinstance(made.args[0], Var) and _alone(
                made.args[0].name, tuple(done), later, memory):
            s = made
        elif filled and _alone(filled, tuple(done), later, memory, itself=True):
            assert isinstance(s, Bind)
            name = context.names(filled)
            context.kinds[name] = context.kinds[filled]
            # What showed the array before shows the new one from here on.
            memory.unify(filled, name)
            s, left = replace(s, targets=(name,), kwargs=()), ir.rename(left, {filled: name})
        elif isinstance(s, ir.If):
            s = ir.with_blocks(s, tuple(
                [_block(b, tuple(done), later, memory, context) for b in ir.blocks(s)]))
        done.append(s)
        out.append(s)
    return ir.unless_same(out, block)


def _plain(s: ir.Stmt, context: Context) -> Bind | None:
    """An operator in place as the plain one, if that gives what the array is itself."""
    if not isinstance(s, Bind) or not isinstance(s.fn, Ref) or len(s.targets) != 1 or \
            s.kwargs or len(s.args) != 2 or Star in map(type, s.args):
        return None
    fn = s.fn.object
    if getattr(fn, "__module__", "") != "_operator" or fn not in ops.IN_PLACE_ARITHMETIC:
        return None
    made = replace(s, fn=Ref(ops.IN_PLACE_ARITHMETIC[fn]))
    return made if _is_of(kind_of_atom(s.args[0], context), made, context) else None


def _filled(s: ir.Stmt, context: Context) -> str:
    """The array that a ufunc's result, which is of its shape and dtype, is written into."""
    if not isinstance(s, Bind) or not isinstance(s.fn, Ref) or s.targets or \
            not isinstance(s.fn.object, np.ufunc) or len(s.args) != s.fn.object.nin or \
            [k for k, _ in s.kwargs] != ["out"] or Star in map(type, s.args):
        return ""
    out = s.kwargs[0][1]
    own = kind_of_atom(out, context)
    return out.name if isinstance(out, Var) and _is_of(
        own, replace(s, targets=(out.name,), kwargs=()), context) else ""


def _is_of(own: Kind, made: Bind, context: Context) -> bool:
    """Whether a call gives what an array of numbers is itself, in shape and dtype."""
    if not own.is_array or own.shape is None or own.dtype is None or own.field == "int":
        return False
    found = result(made, [kind_of_atom(a, context) for a in made.args], context)
    return found.is_array and found.shape == own.shape and same_dtype(found, own)


def _alone(name: str, before: Block, after: Block, memory: Memory, itself: bool = False) -> bool:
    """An array was made here, nothing holds it, and no name that shows it is read afterwards;
    with `itself`, no other one."""
    own = memory.find(name)
    if memory.roots.get(own) or own in {memory.find(i) for i in memory.inside.values()}:
        return False
    names = {*memory.members(own), name}
    if not any(name in ir.defines(s) for s in before):
        return False  # made on the one of two ways, or in a round of a loop
    if any(names.intersection(_seen(s)) and _may_keep(s, memory) for s in ir.walk(before)):
        return False
    known = {t for s in ir.walk(before) for t in ir.defines(s)} & names
    if itself:
        known.discard(name)
    return known.isdisjoint(n for s in ir.walk(after) for n in _seen(s))


def _may_keep(s: ir.Stmt, memory: Memory) -> bool:
    """Whether a statement may put what it reads where others find it: what it writes is not known,
    or is no array."""
    if isinstance(s, (ir.Def, ir.Raw)):
        return True
    if not isinstance(s, (Bind, ir.With)):
        return False
    given = dict([*enumerate(s.args), *s.kwargs]) if isinstance(s, Bind) else {}
    return not all(k in given and memory.kind_of(given[k]).is_array for k in memory.effects(s))


def _seen(s: ir.Stmt) -> Iterator[str]:
    yield from ir.captured(s) if isinstance(s, ir.Def) else ir.reads(s)
