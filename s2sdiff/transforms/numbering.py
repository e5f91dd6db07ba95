"""What names stand for on a path: new names for assignments, joins, and names without a value."""

from __future__ import annotations

from s2sdiff import ir
from s2sdiff.ir import UNDEFINED, Atom, Bind, Block, Catch, Const, Move, Opaque, Raw, Ref, Var
from s2sdiff.runtime import planted

__all__ = ["Env", "Numbering"]

Env = dict[str, Atom]


class Numbering:
    """Names of variables that have one value each, and the Moves where paths meet."""

    def __init__(self, first: set[str], names: set[str]) -> None:
        self.first, self.users = first, names
        self.taken = first | names
        self.counts: dict[str, int] = {}
        self.bases: dict[str, str] = {}
        self.loose: set[str] = set()
        self.kept: set[str] = set()
        #: For each place around where an exception may end: variables by what they stand for.
        self.watched: list[dict[str, str]] = []
        self.headed: set[str] = set()

    def now(self, name: str, env: Env) -> Atom:
        """What a name stands for on a path; what verbatim code may leave alone needs a value."""
        found = env.get(name, UNDEFINED)
        return Const(None) if found is UNDEFINED and name in self.kept else found

    def fresh(self, name: str) -> str:
        if name in self.first:
            self.first.discard(name)
            return name
        n = self.counts.get(name, 0)
        while True:
            n += 1
            candidate = f"{name}_{n}"
            if candidate not in self.taken:
                break
        self.counts[name] = n
        self.taken.add(candidate)
        self.bases[candidate] = name
        return candidate

    def noted(self, names: dict[str, str], s: ir.Stmt) -> Block:
        """What handlers around are to see of names that have just been bound."""
        if not self.watched:
            return ()
        pairs = [(watched[old], new) for watched in reversed(self.watched)
                 for old, new in names.items() if old in watched]
        if not pairs:
            return ()
        targets = tuple([t for t, _ in pairs])
        if isinstance(s, Catch):
            # Python unbinds the name of an exception before anybody else can read it.
            self.loose.update(targets)
            return (Move(targets, (Ref(planted.UNBOUND),) * len(targets), s.loc),)
        sources: tuple[Atom, ...] = tuple([Var(new) for _, new in pairs])
        self.note(targets, sources)
        return (Move(targets, sources, s.loc),)

    def note(self, targets: tuple[str, ...], sources: tuple[Atom, ...]) -> None:
        """Remember which joins may stand for a name that is not bound."""
        self.loose.update(t for t, a in zip(targets, sources, strict=True) if a is UNDEFINED or (
            isinstance(a, Var) and a.name in self.loose))

    def headers(self, names: list[str], env: Env, s: ir.Stmt, out: list[ir.Stmt]) -> dict[str, str]:
        """Variables that hold what names stand for at any moment in the body of a statement."""
        headers = {n: self.fresh(n) for n in names}
        self.headed.update(headers.values())
        if headers:
            init = tuple(self.now(n, env) for n in headers)
            self.note(tuple(headers.values()), init)
            out.append(Move(tuple(headers.values()), init, s.loc))
        return headers

    def joined(self, sides: list[tuple[Block, Env | None]], env: Env, loc: ir.Loc) -> list[Block]:
        """The blocks with what they hand on; `env` becomes what holds behind all of them."""
        reached = [e for _, e in sides if e is not None]
        env.clear()
        env.update(reached[0] if reached else {})
        names = [n for n in dict.fromkeys(n for e in reached for n in e)
                 if any(e.get(n) != reached[0].get(n) for e in reached)]
        if not names:
            return [b for b, _ in sides]
        fresh = {n: self.fresh(n) for n in names}
        targets, blocks = tuple(fresh.values()), []
        for block, e in sides:
            if e is not None:
                sources = tuple(self.now(n, e) for n in names)
                self.note(targets, sources)
                block = (*block, Move(targets, sources, loc))
            blocks.append(block)
        env.update({n: Var(new) for n, new in fresh.items()})
        return blocks

    def unbound(self, s: ir.Stmt, env: Env) -> list[ir.Stmt]:
        """Reads that raise, or may raise, in Python, of copies that will not stay as statements."""
        read = ir.reads(s)
        t = type(s)
        if not read or t is Raw or t is Catch or (
                type(s) is Bind and type(s.fn) is Ref and type(s.fn.object) is Opaque):
            return []
        checks: list[ir.Stmt] = []
        # What `exits` made (flags, results) is read only where it is bound.
        for name in dict.fromkeys(read):
            now = env.get(name)
            if now is None or now is UNDEFINED:
                args = (Ref(planted.UNBOUND), Const(name))
                checks.append(Bind((), Ref(planted.bound), args, (), s.loc))
            elif t is Move and isinstance(now, Var) and now.name in self.loose \
                    and name in self.users:
                checks.append(Bind((), Ref(planted.bound), (now, Const(name)), (), s.loc))
        return checks

    def carry(self, out: list[ir.Stmt], env: Env, carried: dict[str, str], loc: ir.Loc) -> None:
        if carried:
            sources = tuple(self.now(name, env) for name in carried)
            self.note(tuple(carried.values()), sources)
            out.append(Move(tuple(carried.values()), sources, loc))
