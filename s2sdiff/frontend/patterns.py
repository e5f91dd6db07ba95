"""The patterns of a `match` statement as tests, one in the other."""

from __future__ import annotations

import builtins
import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gast

from s2sdiff import ops
from s2sdiff.frontend import scopes
from s2sdiff.frontend.context import Context, Verbatim, fresh, meaning
from s2sdiff.frontend.order import Lower
from s2sdiff.frontend.places import refuse_outside
from s2sdiff.ir import (
    Arg,
    Atom,
    Bind,
    Block,
    Const,
    If,
    Loc,
    Move,
    Ref,
    Stmt,
    Store,
    Var,
    replace,
)
from s2sdiff.runtime import matching

__all__ = ["Case", "Subject"]


@dataclass(frozen=True)
class Subject:
    """What is matched, with its items where a tuple is written down."""

    atom: Atom
    parts: tuple[Atom, ...] | None


class Case:
    """The tests of one case, each inside of the one before, and what it captures.

    `levels` are the blocks, from the outermost in; `tested` tells whether the innermost ends in a
    test, whose value `name` has.
    """

    def __init__(self, ctx: Context, name: str, lower: Lower, whole: Subject) -> None:
        self.ctx, self.name, self.lower, self.whole = ctx, name, lower, whole
        self.levels: list[tuple[list[Stmt], Loc | None]] = [([], None)]
        self.tested = self.asked = False
        self.captures: dict[str, Atom] = {}
        self.later: list[Stmt] = []

    @property
    def here(self) -> list[Stmt]:
        """Where all tests so far hold."""
        if self.tested:
            self.levels.append(([], self.last))
            self.tested = False
        return self.levels[-1][0]

    def require(self, fn: Any, args: tuple[Arg, ...], loc: Loc) -> None:
        """One more test."""
        self.here.append(Bind((self.name,), Ref(fn), args, (), loc))
        self.tested = self.asked = True
        self.last = loc

    def guard(self, node: Any) -> None:
        """The condition behind `if`."""
        loc = self.ctx.loc(node)
        atom = self.lower(self.ctx, node, self.here, "test", self._free_name(node))
        if atom != Var(self.name):
            self.here.append(Move((self.name,), (atom,), loc))
        self.tested = self.asked = True
        self.last = loc

    def _free_name(self, node: Any) -> str | None:
        return None if isinstance(node, (gast.Name, gast.NamedExpr, gast.Constant)) else self.name

    def block(self) -> Block:
        """All levels, one in the other."""
        made: Block = ()
        for statements, loc in reversed(self.levels):
            made = (*statements, *made)
            if loc is not None:
                made = (If(Var(self.name), made, (), loc),) if made else ()
        return made

    def bindings(self, node: Any) -> list[Stmt]:
        """What a case binds once it matches."""
        loc = self.ctx.loc(node)
        found: list[Stmt] = []
        if self.captures:
            found.append(Move(tuple(self.captures), tuple(self.captures.values()), loc))
        return [*found, *self.later]

    # ------------------------------------------------------------------------- patterns

    def pattern(self, node: Any, subject: Atom) -> None:
        """Ask for all that a pattern asks for, outer before inner."""
        loc = self.ctx.loc(node)
        match node:
            case gast.MatchValue(value=value):
                wanted = self.lower(self.ctx, value, self.here, "value")
                self.require(operator.eq, (subject, wanted), loc)
            case gast.MatchSingleton(value=value):
                self.require(operator.is_, (subject, Const(value)), loc)
            case gast.MatchAs(pattern=inner, name=name):
                if inner is not None:
                    self.pattern(inner, subject)
                if name is not None:
                    self.capture(name, subject)
            case gast.MatchStar(name=name):
                if name is not None:
                    self.capture(name, subject)
            case gast.MatchSequence(patterns=patterns):
                self.sequence(patterns, subject, loc)
            case gast.MatchMapping():
                self.mapping(node, subject, loc)
            case gast.MatchClass():
                self.instance(node, subject, loc)
            case gast.MatchOr(patterns=patterns):
                self.alternatives(patterns, subject, loc)
            case _:
                raise Verbatim("match")

    def capture(self, name: Any, subject: Atom) -> None:
        name = getattr(name, "id", name)
        refuse_outside(self.ctx, name)
        self.captures[name] = subject

    def take(self, patterns: list[Any], bind: Callable[[tuple[str, ...]], list[Stmt]]) -> None:
        """Bind the parts of the subject, and match what is inside of them."""
        if all(map(_plain, patterns)):
            captured = [_captured(p) for p in patterns]
            for name in filter(None, captured):
                refuse_outside(self.ctx, name)
            if any(captured):
                self.later += bind(tuple([n or fresh(self.ctx, "part") for n in captured]))
            return
        names = tuple([fresh(self.ctx, "part") for _ in patterns])
        self.here.extend(bind(names))
        for p, name in zip(patterns, names, strict=True):
            self.pattern(p, Var(name))

    def sequence(self, patterns: list[Any], subject: Atom, loc: Loc) -> None:
        stars = [i for i, p in enumerate(patterns) if isinstance(p, gast.MatchStar)]
        count = len(patterns) - len(stars)
        known = self.whole.parts if subject is self.whole.atom else None
        if known is not None and len(known) == count and not stars:
            for p, part in zip(patterns, known, strict=True):
                self.pattern(p, part)
            return
        self.require(matching.is_sequence, (subject,), loc)
        size = None
        if count or not stars:
            size = fresh(self.ctx, "size")
            self.here.append(Bind((size,), Ref(len, "len"), (subject,), (), loc))
            self.require(operator.ge if stars else operator.eq, (Var(size), Const(count)), loc)
        if all(_plain(p) and _captured(p) is None for p in patterns):
            return
        if stars and patterns[stars[0]].name is None:
            assert size is not None
            self.indexed(patterns, stars[0], subject, Var(size), loc)
            return
        before = stars[0] if stars else len(patterns)
        args = (subject, Const(before), Const(count - before if stars else None))
        self.take(patterns, lambda names: [Bind(names, Ref(ops.unpack), args, (), loc)])

    def indexed(self, patterns: list[Any], star: int, subject: Atom, size: Atom, loc: Loc) -> None:
        """`[first, *_, last]` looks at no more than it names."""
        chosen = [p for p in patterns if not isinstance(p, gast.MatchStar)]

        def bind(names: tuple[str, ...]) -> list[Stmt]:
            made: list[Stmt] = []
            for i, (p, name) in enumerate(zip(chosen, names, strict=True)):
                if _plain(p) and _captured(p) is None:
                    continue
                key: Atom = Const(i)
                if i >= star:
                    key = Var(fresh(self.ctx, "position"))
                    args = (size, Const(len(chosen) - i))
                    made.append(Bind((key.name,), Ref(operator.sub), args, (), loc))
                made.append(Bind((name,), Ref(operator.getitem), (subject, key), (), loc))
            return made

        self.take(chosen, bind)

    def mapping(self, node: Any, subject: Atom, loc: Loc) -> None:
        self.require(matching.is_mapping, (subject,), loc)
        keys = [self.lower(self.ctx, key, self.here, "key") for key in node.keys]
        for key in keys:
            self.require(ops.contains, (key, subject), loc)

        def bind(names: tuple[str, ...]) -> list[Stmt]:
            return [Bind((name,), Ref(operator.getitem), (subject, key), (), loc)
                    for name, key, p in zip(names, keys, node.patterns, strict=True)
                    if not _plain(p) or _captured(p) is not None]

        self.take(node.patterns, bind)
        if node.rest is None:
            return
        rest = fresh(self.ctx, "rest")
        self.here.append(Bind((rest,), Ref(dict, "dict"), (subject,), (), loc))
        self.here.extend([Store(operator.delitem, Var(rest), key, None, "item", loc)
                          for key in keys])
        self.capture(node.rest, Var(rest))

    def instance(self, node: Any, subject: Atom, loc: Loc) -> None:
        cls = self.lower(self.ctx, node.cls, self.here, "cls")
        self.require(builtins.isinstance, (subject, cls), loc)
        patterns = [*node.patterns, *node.kwd_patterns]
        if len(node.patterns) == 1 and self.means_itself(node.cls):
            self.pattern(node.patterns[0], subject)
            patterns = patterns[1:]
            fields: list[Atom] = []
        else:
            fields = [Var(fresh(self.ctx, "field")) for _ in node.patterns]
        for i, field in enumerate(fields):
            assert isinstance(field, Var)
            args = (cls, Const(i), Const(len(fields)))
            self.here.append(Bind((field.name,), Ref(matching.positional), args, (), loc))
        fields += map(Const, node.kwd_attrs)
        if fields:
            self.require(matching.has, (subject, *fields), loc)

        def bind(names: tuple[str, ...]) -> list[Stmt]:
            return [Bind((name,), Ref(getattr), (subject, field), (), loc)
                    for name, field in zip(names, fields, strict=True)]

        self.take(patterns, bind)

    def means_itself(self, cls: Any) -> bool:
        """`case float(x)` for a builtin class."""
        outside = isinstance(cls, gast.Name) and cls.id not in self.ctx.local and \
            cls.id not in self.ctx.origin.__code__.co_freevars
        return outside and any(meaning(self.ctx, cls) is c for c in matching.MATCH_SELF)

    def alternatives(self, patterns: list[Any], subject: Atom, loc: Loc) -> None:
        """`a | b`: the tests of each where those before it do not hold."""
        names = dict.fromkeys(name for name, _ in scopes.binding_sites(patterns[0]))
        shared = {n: fresh(self.ctx, "part") for n in names}
        blocks = []
        for p in patterns:
            one = Case(self.ctx, self.name, self.lower, self.whole)
            one.pattern(p, subject)
            bound = [replace(s, targets=tuple([shared.get(t, t) for t in s.targets]))
                     if isinstance(s, (Bind, Move)) else s for s in one.bindings(p)]
            if not one.asked:
                one.here.append(Move((self.name,), (Const(True),), self.ctx.loc(p)))
                one.tested, one.last = bool(bound), self.ctx.loc(p)
            if bound:
                one.here.extend(bound)
            blocks.append(one.block())
        made: Block = ()
        for block in reversed(blocks):
            made = (*block, If(Var(self.name), (), made, loc)) if made else block
        self.here.extend(made)
        self.tested = self.asked = True
        self.last = loc
        for n, part in shared.items():
            self.capture(n, Var(part))


def _plain(node: Any) -> bool:
    """A pattern that matches anything: a name, `_`, or a star."""
    return isinstance(node, gast.MatchStar) or (
        isinstance(node, gast.MatchAs) and node.pattern is None)


def _captured(node: Any) -> str | None:
    return getattr(node.name, "id", node.name)
