"""Numbers that are None at first, `best = None`, are numbers where the code has asked.

Where a test says that such a variable is not None, or where arithmetic would raise, `x_1 =
ops.number(x)` gives the number that it is a name, of which then all is known that is known of
numbers.  In the end both are one variable again.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Mapping
from typing import Any

from s2sdiff import ir, ops
from s2sdiff.ir import (
    Bind,
    Block,
    Const,
    Def,
    Exit,
    For,
    Function,
    If,
    Move,
    Ref,
    Var,
    While,
    replace,
)
from s2sdiff.kinds import ANY
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds_of_atoms import kind_of_atom

__all__ = ["ARITHMETIC", "asked", "settled", "told"]

#: What a test says: the variables that are not None if it holds, and if it does not.  None instead
#: of a set: it never comes to that.
_Facts = tuple[frozenset[str] | None, frozenset[str] | None]
_NO_FACTS: _Facts = (frozenset(), frozenset())

#: Of None, these raise a TypeError.
ARITHMETIC = frozenset(map(id, (
    operator.add, operator.sub, operator.mul, operator.truediv, operator.pow, operator.neg,
    operator.pos, abs, *[f for f in ops.IN_PLACE_ARITHMETIC if f is not operator.imatmul],
    *[f for n, f in vars(math).items() if callable(f) and n[0] != "_"])))
#: What may be asked of a value without making use of the number that it may be.
_TESTS = frozenset(map(id, (
    operator.is_, operator.is_not, operator.not_, operator.eq, operator.ne, operator.lt,
    operator.le, operator.gt, operator.ge, bool, isinstance, ops.number)))


def asked(function: Function, context: Context) -> Function:
    """With names for the numbers that variables which are None at first are known to be."""
    names = _none_at_first(function)
    if not names:
        return function
    body = _Asking(names, function.bases, context).block(function.body, {}, set())
    return function if body is function.body else replace(function, body=body)


def told(function: Function, context: Context) -> Function:
    """Without those names, where it is not known that variables hold numbers or None."""
    if id(ops.number) not in ir.called(function):
        return function

    def copied(s: ir.Stmt) -> Block | None:
        found = _of_number(s)
        if found is None or kind_of_atom(found[1], context).unless_none is not None:
            return None
        return (Move(found[:1], found[1:], s.loc),)

    body = ir.rewritten(function.body, copied)
    return function if body is function.body else replace(function, body=body)


def settled(function: Function, context: Context) -> Function:
    """With one variable again for both; what may be None is a number where only tests ask for it.

    Nothing is asked of kinds any more that None would answer otherwise.
    """
    maybe = {n for n, k in context.kinds.items() if k.unless_none is not None}
    if not maybe and id(ops.number) not in ir.called(function):
        return function
    for s in ir.statements(function):
        known = id(s.fn.object) if isinstance(s, Bind) and isinstance(s.fn, Ref) else 0
        if isinstance(s, Bind) and s.calls(operator.getitem) and kind_of_atom(
                s.args[0], context).type in (list, tuple):
            maybe.difference_update(ir.reads(s)[:1])
        elif not isinstance(s, (Move, If)) and known not in _TESTS:
            maybe.difference_update(ir.reads(s))
            if not isinstance(s, Bind):
                maybe.difference_update(ir.defines(s))
    # No zeros are made of an array that may be None.
    maybe = {n for n in maybe if not (context.kinds[n].unless_none or ANY).is_array}
    for name, kind in list(context.kinds.items()):
        if kind.unless_none is not None:
            context.kinds[name] = kind.unless_none if name in maybe else ANY
    names = [n for s in ir.statements(function) if (n := _of_number(s)) is not None]
    same = {new: a for new, a in names if isinstance(a, Var) and a.name in maybe}

    counted_on = {n for n, (_, by_test) in context.asked.items() if not by_test}
    if counted_on:
        context.counted_on.update(
            (getattr(same.get(n), "name", n), s.loc) for s in ir.statements(function)
            for n in counted_on.intersection(ir.reads(s)))

    def copied(s: ir.Stmt) -> Block | None:
        found = _of_number(s)
        if found is None:
            return None
        # The other is bound anew when this one is gone.
        return () if found[0] in same else (Move(found[:1], found[1:], s.loc),)

    return replace(function, body=ir.substituted(ir.rewritten(function.body, copied), same))


def _of_number(s: ir.Stmt) -> tuple[str, Any] | None:
    """The name that a statement gives the number that a variable is, and the variable."""
    return (s.targets[0], s.args[0]) if isinstance(s, Bind) and s.calls(ops.number) else None


def _none_at_first(function: Function) -> set[str]:
    """Variables that are None on some way, and something else on another, or may come of such."""
    moves = [s for s in ir.statements(function) if type(s) is Move]
    found: set[str] = set()
    for s in moves:
        for t, a in zip(s.targets, s.sources, strict=True):
            if type(a) is Const and a.value is None:
                found.add(t)
    if not found:
        return found
    pairs = [(t, a) for s in moves for t, a in zip(s.targets, s.sources, strict=True)]
    while True:
        more = {t for t, a in pairs if t not in found and isinstance(a, Var) and a.name in found}
        if not more:
            break
        found |= more
    found &= {t for t, a in pairs if type(a) is not Const or a.value is not None}
    if found:
        # Backward code takes what was recorded of them out of tuples.
        found |= {t for s in ir.statements(function) if isinstance(s, Bind) and s.calls(ops.unpack)
                  for t in s.targets}
    return found


class _Asking:
    def __init__(self, names: set[str], bases: Mapping[str, str], context: Context) -> None:
        self.names, self.bases, self.context = names, bases, context
        self.tests: dict[str, _Facts] = {}

    def block(self, block: Block, env: dict[str, str], sure: set[str]) -> Block:
        """The block, where numbers have the names in `env`, and where those in `sure` are none.

        Both are left as they are at the end of the block.
        """
        out: list[ir.Stmt] = []
        for s in block:
            again = self.again(s, env, sure)
            if again is not None:
                out.append(again)
                continue
            new = self.statement(s, env, sure, out)
            for name in ir.defines(s):
                self.forget(name, env, sure)
            self.note(new)
            out.append(new)
        return ir.unless_same(out, block)

    def again(self, s: ir.Stmt, env: dict[str, str], sure: set[str]) -> ir.Stmt | None:
        """A name that was given before, when less was known, perhaps."""
        new = s.targets[0] if isinstance(s, (Bind, Move)) and len(s.targets) == 1 else ""
        name, by_test = self.context.asked.get(new, ("", False))
        if not name or name not in ir.reads(s):
            return None
        if by_test:
            env[name] = new
            sure.add(name)
        return s if isinstance(s, Bind) else Bind((new,), Ref(ops.number), (Var(name),), (), s.loc)

    def statement(self, s: ir.Stmt, env: dict[str, str], sure: set[str],
                  out: list[ir.Stmt]) -> ir.Stmt:
        read = self.names.intersection(ir.reads(s))
        if read:
            known = {n: Var(env[n]) for n in read if n in env}
            for n in read & sure - known.keys():
                # It was known before the blocks that ask met.
                known[n] = Var(self.named(n, out, s.loc, by_test=True))
                env[n] = known[n].name
            if isinstance(s, Bind) and isinstance(s.fn, Ref) and id(s.fn.object) in ARITHMETIC:
                for n in read - known.keys():
                    # Nothing follows from it: what else is in there may take None.
                    known[n] = Var(self.named(n, out, s.loc, by_test=False))
            s = ir.substitute(s, known)
        inner = ir.blocks(s)
        if isinstance(s, If):
            return self.branch(s, env, sure)
        if isinstance(s, Def):
            return s  # what it reads may be bound anew by the time that it runs
        if not inner:
            return s
        if isinstance(s, (For, While)):
            for name in (n for b in inner for n in ir.all_defs(b)):
                self.forget(name, env, sure)
        made: list[Block] = []
        for b in inner:
            mine, known_here = dict(env), set(sure)
            if isinstance(s, While) and b is s.body and made:
                self.hold(self.of(s.test)[0], known_here)
            made.append(self.block(b, mine, known_here))
        for name in (n for b in inner for n in ir.all_defs(b)):
            self.forget(name, env, sure)
        return ir.with_blocks(s, tuple(made))

    def named(self, name: str, out: list[ir.Stmt], loc: ir.Loc, by_test: bool) -> str:
        new = self.context.names(self.bases.get(name, name))
        self.context.asked[new] = name, by_test
        out.append(Bind((new,), Ref(ops.number), (Var(name),), (), loc))
        return new

    def branch(self, s: If, env: dict[str, str], sure: set[str]) -> ir.Stmt:
        ways: list[tuple[Block, set[str]]] = []
        for block, facts in zip((s.then, s.orelse), self.of(s.test), strict=True):
            mine, known = dict(env), set(sure)
            self.hold(facts, known)
            ways.append((self.block(block, mine, known), known))
        (then, if_true), (orelse, if_false) = ways
        bound = {*ir.all_defs(then), *ir.all_defs(orelse)}
        tests = self.joined(s.test, [(then, if_true), (orelse, if_false)])
        for name in bound:
            self.forget(name, env, sure)
        self.tests.update((name, facts) for name, facts in tests.items()
                          if not any(f and f & bound for f in facts))
        left = [known for block, known in ways if not (block and isinstance(block[-1], Exit))]
        if len(left) == 1:
            sure |= left[0]
        return ir.with_blocks(s, (then, orelse))

    def joined(self, test: ir.Atom, ways: list[tuple[Block, set[str]]]) -> dict[str, _Facts]:
        """What variables that both ways bind say, where they are tests."""
        ends = [{t: a for s in block if isinstance(s, Move)
                 for t, a in zip(s.targets, s.sources, strict=True)} for block, _ in ways]
        found: dict[str, _Facts] = {}
        for name in ends[0].keys() & ends[1].keys():
            (yes, no), (yes_too, no_too) = [
                self.at_end(Const(way) if end[name] == test else end[name], sure)
                for way, end, (_, sure) in zip((True, False), ends, ways, strict=True)]
            facts = _both(yes, yes_too), _both(no, no_too)
            if facts != _NO_FACTS:
                found[name] = facts
        return found

    def at_end(self, a: Any, sure: set[str]) -> _Facts:
        """What a test says that is `a` at the end of a way on which those in `sure` are none."""
        if isinstance(a, Const):
            here = frozenset(sure)
            return (here, None) if a.value else (None, here)
        yes, no = self.of(a)
        return (None if yes is None else yes | sure), (None if no is None else no | sure)

    def of(self, a: Any) -> _Facts:
        if not isinstance(a, Var):
            return _NO_FACTS
        if a.name in self.names:
            return frozenset({a.name}), frozenset()
        return self.tests.get(a.name, _NO_FACTS)

    @staticmethod
    def hold(facts: frozenset[str] | None, sure: set[str]) -> None:
        if facts is not None:
            sure |= facts

    def note(self, s: ir.Stmt) -> None:
        """What a test says that a statement makes."""
        if not isinstance(s, Bind) or len(s.targets) != 1 or not s.args or \
                not isinstance(s.fn, Ref):
            return
        fn, a = s.fn.object, s.args[0]
        name = a.name if isinstance(a, Var) and a.name in self.names else None
        found = _NO_FACTS
        if fn in (operator.is_, operator.is_not) and name and s.args[1] == Const(None):
            found = frozenset(), frozenset({name})
            found = found if fn is operator.is_ else found[::-1]
        elif fn is operator.not_:
            found = self.of(a)[::-1]
        elif fn is bool:
            found = self.of(a)
        elif fn is isinstance and name and isinstance(s.args[1], Ref) and \
                type(s.args[1].object) is type and not isinstance(None, s.args[1].object):
            found = frozenset({name}), frozenset()
        if found != _NO_FACTS:
            self.tests[s.targets[0]] = found  # type: ignore[assignment]

    def forget(self, name: str, env: dict[str, str], sure: set[str]) -> None:
        """A variable is bound anew: nothing is known of it."""
        env.pop(name, None)
        sure.discard(name)
        self.tests.pop(name, None)
        if name in self.names:
            for test, facts in list(self.tests.items()):
                if any(f is not None and name in f for f in facts):
                    del self.tests[test]


def _both(a: frozenset[str] | None, b: frozenset[str] | None) -> frozenset[str] | None:
    """What holds on both ways, where None stands for a way that nothing takes."""
    return b if a is None else a if b is None else a & b
