"""Names that are never live together become one again: the user's names come back.

Liveness gives the interference of all variables; versions of one name, and the two sides of a
Move, are merged where they do not interfere.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from s2sdiff import ir, ops
from s2sdiff.ir import (
    Bind,
    Block,
    Def,
    Exit,
    For,
    Function,
    If,
    Move,
    Raw,
    Ref,
    Var,
    While,
    replace,
)
from s2sdiff.transforms import dce, naming, order, tidy
from s2sdiff.transforms.dce import free_of

__all__ = ["run"]


def run(function: Function) -> Function:
    """Merge variables; parameters keep their names."""
    function = replace(function, body=dce.run(tidy.run(function.body), deletable=_idle))
    graph = _Interference(function)
    names = _Classes(function, graph).merged()
    body = _tidied(ir.rename(function.body, names))
    return replace(function, body=body)


def _idle(s: ir.Stmt) -> bool:
    """What `tidy` may leave behind: tuples whose parts are copied one by one, ranges of no loop."""
    return isinstance(s, Bind) and s.fn in (Ref(ops.tuple_), Ref(range))


class _Interference:
    def __init__(self, function: Function) -> None:
        self.edges: dict[str, set[str]] = {}
        self.moves: list[tuple[str, str]] = []
        params = [p.name for p in function.params]
        live = self.block(function.body, set(), None, None)
        for p in params:
            self.define(p, (live | set(params)) - {p})

    def define(self, name: str, live: set[str], but: str | None = None) -> None:
        mine = self.edges.setdefault(name, set())
        for other in live:
            if other != name and other != but:
                mine.add(other)
                self.edges.setdefault(other, set()).add(name)

    def block(self, block: Block, live: set[str], at_break: set[str] | None,
              at_continue: set[str] | None) -> set[str]:
        live = set(live)
        for s in reversed(block):
            match s:
                case Exit(kind):
                    live = set()
                    if kind == "break":
                        live = set(at_break or ())
                    elif kind == "continue":
                        live = set(at_continue or ())
                    live.update(ir.reads(s))
                case Move(targets, sources):
                    for t, a in zip(targets, sources, strict=True):
                        source = a.name if isinstance(a, Var) else None
                        self.define(t, live, source)
                        # A parallel Move reads all sources before it writes.
                        self.define(t, set(targets) - {t})
                        if source is not None:
                            self.moves.append((t, source))
                    live.difference_update(targets)
                    live.update(ir.reads(s))
                case If(_, then, orelse):
                    live = self.block(then, live, at_break, at_continue) | self.block(
                        orelse, live, at_break, at_continue)
                    live.update(ir.reads(s))
                case For() | While():
                    live = self.loop(s, live)
                case Def():
                    live = self.definition(s, live)
                case _:
                    targets = ir.defines(s)
                    for t in targets:
                        self.define(t, live | (set(targets) - {t}))
                    into = order.accumulated(s)
                    if isinstance(into, Var):
                        # `x_bar_1 = x_bar + v` is `x_bar += v` where the two become one.
                        self.moves.append((targets[0], into.name))
                    if not isinstance(s, Raw):
                        live.difference_update(targets)
                    live.update(ir.reads(s))
        return live

    def loop(self, s: For | While, after: set[str]) -> set[str]:
        targets = set(ir.defines(s))
        head = set(after)
        while True:
            end = head | after if isinstance(s, For) else head
            before = self.block(s.body, end, after, end)
            for t in targets:
                self.define(t, (before | end | targets) - {t})
            grown = head | (before - targets)
            if grown == head:
                break
            head = grown
        return (head | after if isinstance(s, For) else before) | set(ir.reads(s))

    def definition(self, s: Def, live: set[str]) -> set[str]:
        captured = free_of(s)
        self.block(s.body, set(), None, None)
        local = ir.all_defs(s.body) | set(s.params)
        for name in local:
            # A captured name that is also bound inside would be local there, and unbound.
            self.define(name, captured)
        for p in s.params:
            self.define(p, set(s.params) - {p})
            self.define(p, self.block(s.body, set(), None, None))
        self.define(s.name, live | captured | local)
        live.discard(s.name)
        return live | captured


class _Classes:
    def __init__(self, function: Function, graph: _Interference) -> None:
        self.function, self.graph = function, graph
        self.params = {p.name for p in function.params}
        self.users = set(function.names)
        defs = [s for s in ir.walk(function.body) if isinstance(s, Def)]
        self.seeds = {p for s in defs for p in s.params}
        self.parent: dict[str, str] = {}
        self.members: dict[str, set[str]] = {}

    def find(self, name: str) -> str:
        while self.parent.get(name, name) != name:
            name = self.parent[name]
        return name

    def merge(self, a: str, b: str) -> bool:
        a, b = self.find(a), self.find(b)
        if a == b:
            return True
        mine, other = self.members.setdefault(a, {a}), self.members.setdefault(b, {b})
        if len({self.suffix(n) for n in mine | other}) > 1 or self.strangers(mine | other):
            return False
        if len((mine | other) & self.params) > 1:
            return False
        edges = self.graph.edges
        if any(edges.get(m, set()) & other for m in mine):
            return False
        self.parent[b] = a
        self.members[a] = mine | other
        return True

    def strangers(self, names: set[str]) -> bool:
        """Values of two of the user's variables, or a pullback's parameter and something else."""
        stems = {self.stem(n) for n in names}
        owned = [s for s in stems if s.removesuffix(self.suffix(s)) in self.users]
        return len(owned) > 1 or (len(stems) > 1 and not names.isdisjoint(self.seeds))

    def merged(self) -> dict[str, str]:
        order = list(dict.fromkeys([*self.params_in_order(), *_in_order(self.function.body)]))
        for t, source in self.graph.moves:
            self.merge(source, t)
        groups: dict[str, list[str]] = {}
        for name in order:
            # Two values that only a generated name ties together keep two names.
            base, stem = self.function.bases.get(name, name), self.stem(name)
            if stem.removesuffix(self.suffix(name)) in self.users:
                groups.setdefault(base, []).append(name)
        for group in groups.values():
            for i, name in enumerate(group):
                for other in group[:i]:
                    if self.merge(other, name):
                        break
        return self.named(order)

    def params_in_order(self) -> list[str]:
        return [p.name for p in self.function.params]

    def named(self, order: list[str]) -> dict[str, str]:
        chosen: dict[str, str] = {}
        taken: set[str] = set(self.params) | set(self.function.free)
        classes = list(dict.fromkeys(self.find(n) for n in order))
        for root in classes:
            params = self.members.get(root, {root}) & self.params
            if params:
                chosen[root] = next(iter(params))
        # The user's own names are given out first, so that no temporary takes one.
        grouped: dict[str, list[str]] = {}
        for n in order:
            grouped.setdefault(self.find(n), []).append(n)
        wanted = {root: self.wishes(grouped[root]) for root in classes}
        for own in (True, False):
            for root in classes:
                wishes = wanted[root]
                if root in chosen or (own and not any(w in self.users for w in wishes)):
                    continue
                chosen[root] = next(w for w in self.numbered(wishes) if w not in taken and (
                    w in wishes or w not in self.users))
                taken.add(chosen[root])
        return {n: chosen[self.find(n)] for n in order if chosen[self.find(n)] != n}

    def wishes(self, members: list[str]) -> list[str]:
        """Names for a class, best first: the user's, then what its members were called at first."""
        names = list(dict.fromkeys(self.stem(n) for n in members))
        return sorted(names, key=lambda n: n.removesuffix(self.suffix(n)) not in self.users)

    def numbered(self, wishes: list[str]) -> Iterator[str]:
        known = [w for w in wishes if w.removesuffix(self.suffix(w)) in self.users]
        yield from known or wishes
        stem, _, number = (known or wishes)[0].rpartition("_")
        if not (stem and number.isdigit()):
            stem = (known or wishes)[0]
        yield from (f"{stem}_{n}" for n in itertools.count(1))

    def stem(self, name: str) -> str:
        seen = set()
        while name in self.function.bases and name not in seen:
            seen.add(name)
            name = self.function.bases[name]
        for suffix in naming.SUFFIXES:
            if name.endswith(suffix):
                return self.stem(name[:-len(suffix)]) + suffix
        return name

    def suffix(self, name: str) -> str:
        """What kind of value a name says it is: a cotangent never shares one with a value."""
        stem = self.stem(name)
        return next((s for s in naming.SUFFIXES if stem.endswith(s)), "")


def _in_order(block: Block) -> list[str]:
    found: list[str] = []
    for s in block:
        found += ir.defines(s)
        if isinstance(s, Def):
            found += s.params
        for inner in ir.blocks(s):
            found += _in_order(inner)
    return found


def _tidied(block: Block) -> Block:
    """Without the Moves that have become `x = x`."""
    out: list[ir.Stmt] = []
    for s in block:
        if isinstance(s, Move):
            pairs = [(t, a) for t, a in zip(s.targets, s.sources, strict=True) if a != Var(t)]
            if not pairs:
                continue
            s = Move(tuple(t for t, _ in pairs), tuple(a for _, a in pairs), s.loc)
        inner = ir.blocks(s)
        if inner:
            s = ir.with_blocks(s, tuple(_tidied(b) for b in inner))
        out.append(s)
    return tuple(out)
