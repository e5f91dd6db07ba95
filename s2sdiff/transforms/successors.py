"""Arrays that each round of a loop makes anew and fills, and hands on to the next one.

    for _ in range(n):                            for _ in range(n):
        new = u.copy()                                new = u.copy()
        new[1:-1] = (u[2:] + u[:-2]) / 2              new[1:-1] = (u[2:] + u[:-2]) / 2
        u = new                                       u = passed_on(new)

What `u` holds was written under the name `new` alone, and before it was `u`: nobody writes it from
then on.  Said so, `u` is a value as any other, and `new` an array that nobody else has; by their
names alone both would be one memory, whose cotangents are kept by place.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from s2sdiff import ir, runtime
from s2sdiff.ir import Bind, Block, Exit, For, Function, If, Move, Ref, Store, Var, While, replace
from s2sdiff.kinds import ANY
from s2sdiff.transforms import new_memory
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.tiers import is_view

__all__ = ["named"]


def named(function: Function, context: Context) -> Function:
    """The function with such arrays handed on; itself where there are none."""
    if context.memory is None or context.request.places or context.request.told:
        return function
    found: dict[int, set[str]] = {}
    for one in _candidates(function, context):
        found.setdefault(id(one.last), set()).add(one.name)
    if not found:
        return function

    def handing(s: ir.Stmt) -> Block | None:
        if id(s) not in found or not isinstance(s, Move):
            return None
        before: list[ir.Stmt] = []
        sources = list(s.sources)
        for i, a in enumerate(sources):
            if isinstance(a, Var) and a.name in found[id(s)]:
                made = context.names(a.name)
                context.kinds[made] = context.kinds[a.name]
                before.append(Bind((made,), Ref(runtime.passed_on), (a,), (), s.loc))
                sources[i] = Var(made)
        return (*before, replace(s, sources=tuple(sources)))

    return replace(function, body=ir.rewritten(function.body, handing))


class _Candidate(NamedTuple):
    """An array, the move to the next round, what may lead to it, and the statements of a round."""

    name: str
    last: Move
    own: set[str]
    alike: set[str]
    here: set[int]


def _candidates(function: Function, context: Context) -> list[_Candidate]:
    """The arrays that are only handed on; several may become one variable."""
    found = [made for loop in ir.walk(function.body) if isinstance(loop, (For, While))
             for made in _handed(loop, context)]
    while True:
        left = [one for one in found if all(
            _leaves_alone(s, one, found, context) for s in ir.statements(function)
            if not one.alike.isdisjoint((*ir.reads(s), *ir.defines(s))))]
        if len(left) == len(found):
            return left
        found = left


def _handed(loop: For | While, context: Context) -> Iterator[_Candidate]:
    body = loop.body
    last = body[-1] if body else None
    if isinstance(last, If):
        # `while a and b`, or a `break` at the head, leaves in one branch.
        going = [b for b in (last.then, last.orelse) if not (b and isinstance(b[-1], Exit))]
        body = going[0] if len(going) == 1 else ()
        last = body[-1] if body else None
    if not isinstance(last, Move):
        return
    names = [a.name for a in last.sources if isinstance(a, Var)]
    for name in names:
        if context.kinds.get(name, ANY).is_array and names.count(name) == 1:
            yield from _made_here(name, last, body, context)


def _made_here(name: str, last: Move, body: Block, context: Context) -> Iterator[_Candidate]:
    memory = context.memory
    assert memory is not None
    node = memory.class_of(name)
    made = next((s for s in body if name in ir.defines(s)), None)
    # What comes from outside may be in itself, as far as classes tell; no array is.
    if node is None or "array" not in memory.sorts.get(node, ()) or "*" in memory.roots.get(
            node, ()) or any(memory.find(i) == node != memory.find(holder)
                             for holder, i in memory.inside.items()):
        return
    if not isinstance(made, Bind) or not isinstance(made.fn, Ref) or not new_memory.is_new(
            memory, made, made.fn.object):
        return
    # The array of this round, and views of it.
    own, inside = {name}, list(ir.walk(body))
    for s in inside:
        if isinstance(s, Bind) and is_view(s, context) and own.intersection(ir.reads(s)):
            own.update(s.targets)
    alike = {n for n in memory.parent if isinstance(n, str) and memory.find(n) == node}
    if all(context.kinds.get(n, ANY).is_array for n in alike):
        yield _Candidate(name, last, own, alike, set(map(id, inside)))


def _leaves_alone(s: ir.Stmt, one: _Candidate, found: list[_Candidate], context: Context) -> bool:
    """Whether a statement writes the array as that of this round alone, and gives it to nobody."""
    memory = context.memory
    assert memory is not None
    mine = one.own.intersection(ir.reads(s))
    if mine and id(s) not in one.here:
        return False
    if s is one.last:
        return mine <= {one.name}
    if isinstance(s, Store):
        target, value = getattr(s.target, "name", None), getattr(s.value, "name", None)
        if target not in one.alike:
            return context.kinds.get(str(target), ANY).is_array or value not in one.alike
        return s.place in ("item", "name") and any(
            target in other.own and id(s) in other.here for other in found)
    if isinstance(s, Bind):
        return not memory.effects(s) and not isinstance(getattr(s.fn, "object", None), ir.Opaque)
    if isinstance(s, Move):
        return not mine
    return isinstance(s, (If, For, While)) or (isinstance(s, Exit) and not mine)
