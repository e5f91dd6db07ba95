"""Names that are never live together become one again: the user's names come back.

Liveness gives the interference of all variables; versions of one name, and the two sides of a
Move, are merged where they do not interfere.
"""

from __future__ import annotations

from dataclasses import dataclass

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Block, Def, Function, Move, Var, replace
from s2sdiff.ir.making import quick
from s2sdiff.transforms import dce, naming, tidy
from s2sdiff.transforms.interference import Interference

__all__ = ["run"]


def run(function: Function) -> Function:
    """Merge variables; parameters keep their names."""
    function = replace(function, body=dce.run(tidy.run(function.body), deletable=_idle))
    graph = Interference(function)
    classes = _Classes(function, graph)
    body = _tidied(ir.rename(function.body, classes.merged()))
    return replace(function, body=body, bases={**function.bases, **classes.numbered})


def _idle(s: ir.Stmt) -> bool:
    """What `tidy` may leave behind: tuples whose parts are copied one by one, ranges of no loop."""
    return isinstance(s, Bind) and (s.calls(ops.tuple_) or s.calls(range)) and \
        not getattr(s.fn, "writes", False)


@quick
@dataclass(frozen=True, slots=True)
class _Class:
    """Variables that share a name.

    `members` and `edges` as in `Interference`, `stems` what they are called, `owned` which of
    these are the user's variables, `seed` whether a pullback's parameter is among them.
    """

    members: int
    edges: int
    suffix: str
    stems: frozenset[str]
    owned: frozenset[str]
    seed: bool
    param: str | None


class _Classes:
    def __init__(self, function: Function, graph: Interference) -> None:
        self.function, self.graph = function, graph
        self.params = {p.name for p in function.params}
        self.users = set(function.names)
        defs = [s for s in ir.statements(function) if type(s) is Def]
        self.seeds = {p for s in defs for p in s.params}
        self.parent: dict[str, str] = {}
        self.classes: dict[str, _Class] = {}
        self.stems: dict[str, str] = {}
        self.suffixes: dict[str, str] = {}
        self.own: dict[str, bool] = {}
        #: By stem: the numbers below are given.
        self.numbers: dict[str, int] = {}
        #: Names with a number that stand for the user's: `a_2` for `a_1`, as for `a`.
        self.numbered: dict[str, str] = {}

    def find(self, name: str) -> str:
        parent, root = self.parent, name
        while root in parent:
            root = parent[root]
        while name != root:  # so that the way is short the next time
            parent[name], name = root, parent[name]
        return root

    def of(self, root: str) -> _Class:
        found = self.classes.get(root)
        if found is None:
            stem, graph = self.stem(root), self.graph
            found = self.classes[root] = _Class(
                graph.bit(root), graph.edges.get(root, 0), self.suffix(root), frozenset({stem}),
                frozenset({stem} if self.is_users(stem) else ()), root in self.seeds,
                root if root in self.params else None)
        return found

    def merge(self, a: str, b: str) -> bool:
        a, b = self.find(a), self.find(b)
        if a == b:
            return True
        one, two = self.of(a), self.of(b)
        if one.edges & two.members or two.edges & one.members or one.suffix != two.suffix:
            return False
        if one.param is not None and two.param is not None:
            return False
        # Values of two of the user's variables, or a pullback's parameter and something else.
        stems, owned = one.stems | two.stems, one.owned | two.owned
        seed = one.seed or two.seed
        if len(owned) > 1 or (seed and len(stems) > 1):
            return False
        self.parent[b] = a
        self.classes[a] = _Class(
            one.members | two.members, one.edges | two.edges, one.suffix, stems, owned, seed,
            one.param if one.param is not None else two.param)
        return True

    def merged(self) -> dict[str, str]:
        order = list(dict.fromkeys([*self.params_in_order(), *_in_order(self.function.body)]))
        for source, t in self.graph.moves:
            self.merge(source, t)
        groups: dict[str, list[str]] = {}
        for name in order:
            # Two values that only a generated name ties together keep two names.
            if self.is_users(self.stem(name)):
                groups.setdefault(self.function.bases.get(name, name), []).append(name)
        for group in groups.values():
            roots: dict[str, None] = {}
            for name in group:
                for root in roots:
                    if self.merge(root, name):
                        break
                else:
                    roots[self.find(name)] = None
        return self.named(order)

    def params_in_order(self) -> list[str]:
        return [p.name for p in self.function.params]

    def named(self, order: list[str]) -> dict[str, str]:
        chosen: dict[str, str] = {}
        taken: set[str] = set(self.params) | set(self.function.free)
        classes = list(dict.fromkeys(self.find(n) for n in order))
        for root in classes:
            made = self.classes.get(root)  # most variables were never asked to join another one
            param = made.param if made is not None else root if root in self.params else None
            if param is not None:
                chosen[root] = param
        # The user's own names are given out first, so that no temporary takes one.
        grouped: dict[str, list[str]] = {}
        for n in order:
            grouped.setdefault(self.find(n), []).append(n)
        wanted = {root: self.wishes(grouped[root]) for root in classes}
        # What has a user's very name keeps it before what was named like it.
        classes.sort(key=lambda root: self.users.isdisjoint(grouped[root]))
        for own in (True, False):
            for root in classes:
                wishes = wanted[root]
                if root in chosen or (own and self.users.isdisjoint(wishes)):
                    continue
                chosen[root] = self.choice(wishes, taken)
                taken.add(chosen[root])
        found = {n: chosen[root] for root, members in grouped.items() for n in members}
        return {n: found[n] for n in order if found[n] != n}

    def wishes(self, members: list[str]) -> list[str]:
        """Names for a class, best first: the user's, then what its members were called at first."""
        names = list(dict.fromkeys(map(self.stem, members)))
        return names if len(names) < 2 else sorted(names, key=lambda n: not self.is_users(n))

    def choice(self, wishes: list[str], taken: set[str]) -> str:
        """The first wish that is free, or a number behind it."""
        if len(wishes) > 1:
            wishes = [w for w in wishes if self.is_users(w)] or wishes
        for w in wishes:
            if w not in taken:
                return w
        stem, _, number = wishes[0].rpartition("_")
        if not (stem and number.isdigit()):
            stem = wishes[0]
        n = self.numbers.get(stem, 1)
        while (name := f"{stem}_{n}") in taken or name in self.users:
            n += 1
        self.numbers[stem] = n
        self.numbered[name] = wishes[0]
        return name

    def stem(self, name: str) -> str:
        """What a name was called at first."""
        found = self.stems.get(name)
        if found is None:
            found = self.stems[name] = self.traced(name)
        return found

    def traced(self, name: str) -> str:
        seen = set()
        while name in self.function.bases and name not in seen:
            seen.add(name)
            name = self.function.bases[name]
        suffix = naming.suffix_of(name)
        return self.stem(name[:-len(suffix)]) + suffix if suffix else name

    def suffix(self, name: str) -> str:
        """What kind of value a name says it is: a cotangent never shares one with a value."""
        found = self.suffixes.get(name)
        if found is None:
            found = self.suffixes[name] = naming.suffix_of(self.stem(name))
        return found

    def is_users(self, stem: str) -> bool:
        """Whether a stem, or what it speaks of, is the user's variable."""
        found = self.own.get(stem)
        if found is None:
            found = self.own[stem] = stem.removesuffix(self.suffix(stem)) in self.users
        return found


def _in_order(block: Block) -> list[str]:
    found: list[str] = []
    for s in block:
        found += ir.defines(s)
        if type(s) is Bind or type(s) is Move:
            continue
        if isinstance(s, Def):
            found += s.params
        for inner in ir.blocks(s):
            found += _in_order(inner)
    return found


def _tidied(block: Block) -> Block:
    """Without the Moves that have become `x = x`."""
    out: list[ir.Stmt] = []
    for s in block:
        if type(s) is Bind:
            out.append(s)
            continue
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
