"""What was computed already is not computed again, where it is kept for the way back anyway.

`0.5 * h` that a pullback needs three times is one temporary, and `sin(u)` that forward code has
recorded is not evaluated once more in backward code.  What is the same in every round of a loop is
made in front of it, and needs no record.  Only numbers, and items of arrays where nothing is
written.
"""

from __future__ import annotations

import operator
from typing import Any

from s2sdiff import ir
from s2sdiff.ir import Atom, Bind, Block, Const, For, If, Raw, Ref, Var, While
from s2sdiff.kinds import ANY
from s2sdiff.transforms import arithmetic, order
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds import kind_of_atom
from s2sdiff.transforms.reverse import Reversed

__all__ = ["run"]

#: They give a float for any floats.
_TOTAL = tuple(Ref(f) for f in (operator.add, operator.sub, operator.mul, operator.neg))
#: What holds the value of a computation at some place.
Known = dict[tuple, str]


def run(code: Reversed, names: frozenset[str], context: Context) -> Reversed:
    """The code with repeated computations of numbers read from where they were made first."""
    if any(isinstance(s, Raw) for s in ir.walk(code.forward)):
        return code  # verbatim code may leave early, or a name as it was
    sharing = _Sharing(names, ir.all_reads(code.backward), context)
    *body, last = code.forward
    forward = sharing.forward(tuple(body), {})
    loops = [s for s in ir.walk(forward) if type(s) is For or type(s) is While]
    sharing.loops = {s.label: s for s in loops}
    backward = sharing.backward(code.backward, forward, sharing.known(forward))
    last = ir.substitute(last, sharing.env)
    bars = {p: sharing.now(a) for p, a in code.bars.items()}
    return ir.replace(code, forward=(*forward, last), backward=backward, bars=bars)


class _Sharing:
    def __init__(self, names: frozenset[str], needed: set[str], context: Context) -> None:
        self.names, self.needed, self.context = names, needed, context
        self.env: dict[str, Atom] = {}
        self.loops: dict[int | None, For | While] = {}

    def now(self, a: Any) -> Any:
        return self.env.get(a.name, a) if isinstance(a, Var) else a

    def key(self, s: ir.Stmt) -> tuple | None:
        """What a statement computes, where that is a number made of numbers."""
        if not isinstance(s, Bind) or len(s.targets) != 1 or not isinstance(s.fn, Ref) or s.kwargs:
            return None
        target = s.fn.object
        if target is operator.getitem and self.is_item(s):
            return (s.fn, *s.args)
        if not (arithmetic.is_elementwise(target) or getattr(target, "__module__", "") == "math"):
            return None
        if not self.context.kinds.get(s.targets[0], ANY).is_scalar or not order.is_expression(s):
            return None
        for a in s.args:
            if (type(a) is not Var and type(a) is not Const) or \
                    not kind_of_atom(a, self.context).is_scalar:
                return None
        return (s.fn, *s.args)

    def is_item(self, s: Bind) -> bool:
        """A number out of an array that nobody writes."""
        if self.context.memory is not None or not isinstance(s.args[0], Var):
            return False
        of, at, item = [kind_of_atom(a, self.context) for a in (*s.args, Var(s.targets[0]))]
        return of.is_array and at.type is int and item.is_scalar

    def forward(self, block: Block, known: Known) -> Block:
        """Forward code in which what backward code reads is made once."""
        out: list[ir.Stmt] = []
        here: set[str] = set()
        for s in block:
            s = ir.substitute(s, self.env)
            key = self.key(s)
            if key is not None and isinstance(s, Bind):
                (name,) = s.targets
                first = known.setdefault(key, name)
                here.add(name)
                if first != name and self.serves(first, name, first in here):
                    self.env[name] = Var(first)
                    self.needed.add(first)
                    continue
            inner = ir.blocks(s)
            if not inner:
                out.append(s)
                continue
            outside = _outside(known, s) if isinstance(s, (For, While)) else known
            s = ir.with_blocks(s, tuple([self.forward(b, dict(outside)) for b in inner]))
            if isinstance(s, (For, While)):
                before, s = self.apart(s)
                out += before
                for b in before:
                    known[self.key(b) or ()] = b.targets[0]
            out.append(s)
        return tuple(out)

    def apart(self, s: For | While) -> tuple[list[Bind], For | While]:
        """What every round of a loop would record alike, and the loop without it."""
        before: list[Bind] = []
        rest: list[ir.Stmt] = []
        changed = ir.all_defs(s.body) | set(ir.defines(s))
        for b in s.body:
            if isinstance(b, Bind) and self.key(b) is not None and b.targets[0] in self.needed \
                    and not self.users(b.targets[0]) and self.never_raises(b) \
                    and changed.isdisjoint(ir.reads(b)):
                before.append(b)
                changed.discard(b.targets[0])
            else:
                rest.append(b)
        return before, ir.replace(s, body=tuple(rest))

    def never_raises(self, s: Bind) -> bool:
        """Arithmetic on Python floats that a loop without any round may as well have done."""
        if not all(kind_of_atom(a, self.context).is_float for a in (*s.args, Var(s.targets[0]))):
            return False
        by = s.args[-1]
        divides = s.fn == Ref(operator.truediv) and isinstance(by, Const) and bool(by.value)
        return s.fn in _TOTAL or divides

    def users(self, name: str) -> bool:
        """A variable of the user's, whose assignment stays where it was written."""
        return self.context.names.bases.get(name, name) in self.names

    def serves(self, first: str, name: str, here: bool) -> bool:
        """Whether a computation may as well be the first one: not to keep what nobody kept."""
        return not self.users(name) and (first in self.needed or (here and name in self.needed))

    def known(self, block: Block) -> Known:
        """What surely has been computed where the way back through a block begins."""
        found: Known = {}
        for s in block:
            key = self.key(s)
            if key is not None and isinstance(s, Bind) and s.targets[0] in self.needed:
                found.setdefault(key, s.targets[0])
        return found

    def backward(self, block: Block, mirrored: Block, known: Known) -> Block:
        """Backward code; `mirrored` is the block of forward code that it goes back through."""
        out: list[ir.Stmt] = []
        for s in block:
            s = ir.substitute(s, self.env)
            key = self.key(s)
            if key in known and isinstance(s, Bind):
                self.env[s.targets[0]] = Var(known[key])
                continue
            match s:
                case For(label=label) if label in self.loops:
                    loop = self.loops[label]
                    inside = {**_outside(known, loop), **self.known(loop.body)}
                    s = ir.replace(s, body=self.backward(s.body, loop.body, inside))
                case If(test):
                    sides = [(), ()]
                    found = [t for t in mirrored if isinstance(t, If) and t.test == test]
                    if len(found) == 1:
                        sides = list(ir.blocks(found[0]))
                    s = ir.with_blocks(s, tuple([
                        self.backward(b, m, {**known, **self.known(m)})
                        for b, m in zip(ir.blocks(s), sides, strict=True)]))
            out.append(s)
        return tuple(out)


def _outside(known: Known, loop: For | While) -> Known:
    """What is known inside of a loop from what was known around it."""
    changed = ir.all_defs(loop.body) | set(ir.defines(loop))
    return {key: name for key, name in known.items()
            if not changed & {name, *(a.name for a in key[1:] if isinstance(a, Var))}}
