"""Structured single assignment: a name has one value per iteration of its block.

Joins and loop carries become parallel Moves at the ends of blocks; only a loop's own header
variables change, and only at the ends of paths.  What is unbound on a path is UNDEFINED there.
"""

from __future__ import annotations

from typing import Any

import gast

from s2sdiff import ir
from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.ir import (
    UNDEFINED,
    Atom,
    Bind,
    Block,
    Catch,
    Const,
    Exit,
    For,
    Function,
    If,
    Move,
    Opaque,
    Raw,
    Ref,
    Try,
    Var,
    While,
    With,
    replace,
)
from s2sdiff.runtime import calls
from s2sdiff.transforms.exposed import exposed

__all__ = ["number", "shadowed"]

Env = dict[str, Atom]

#: Builtins that have used up what they are given, and called it the last time, when they return.
_CONSUMING = frozenset({
    "all", "any", "dict", "frozenset", "list", "max", "min", "set", "sorted", "sum", "tuple",
})


def shadowed(function: Any) -> frozenset[str]:
    """What numbering depends on beside the code: builtins that the module's own names hide."""
    names = function.__globals__
    return frozenset([n for n in _CONSUMING if n in names])


def number(function: Function) -> Function:
    """Give every assignment a name of its own and every join a Move.

    >>> import colorsys
    >>> from s2sdiff.frontend.lower import lower
    >>> number(lower(colorsys._v)).bases
    {'hue_1': 'hue'}
    """
    numberer = _Numberer(ir.all_defs(function.body), set(function.names) | set(function.free))
    env: Env = {p.name: Var(p.name) for p in function.params}
    numberer.first -= set(env)
    settled = _settled(function)
    numberer.kept = {name for s in ir.walk(settled) if isinstance(s, Raw)
                     for name, _ in s.reads if name in dict(s.writes)}
    body, _ = numberer.block(settled, env, None)
    if not (body and isinstance(body[-1], Exit) and body[-1].kind == "return"):
        # Later passes take the last statement for the return, in functions that only raise as well.
        body = (*body, Exit("return", Const(None), function.loc))
    return replace(function, body=body, bases={**function.bases, **numberer.bases},
                   watched=frozenset(numberer.headed))


def _settled(function: Function) -> Block:
    """The body without handlers' own names, and with refusals for what has no single value."""
    raws = [s for s in ir.walk(function.body) if isinstance(s, Raw)]
    handled = {h.name.id for s in raws for h in gast.walk(s.node)
               if isinstance(h, gast.ExceptHandler) and h.name is not None}
    others = {n for s in ir.walk(function.body) for n in (*ir.reads(s), *ir.defines(s))
              if not isinstance(s, Raw)}
    others |= {n for s in raws for n in _bound_otherwise(s.node)}
    others |= {p.name for p in function.params}

    def block(statements: Block, inner: bool) -> Block:
        out: list[ir.Stmt] = []
        for s in statements:
            if isinstance(s, Raw):
                # Python unbinds a handler's name at its end: it means nothing outside of the `try`.
                mine = handled - others
                s = replace(s, reads=tuple([p for p in s.reads if p[0] not in mine]),
                            writes=tuple([p for p in s.writes if p[0] not in mine]))
                why = _many_valued(s, handled & others if inner else set(), function)
                if why is not None:
                    error = refusal(UnsupportedError, *why)
                    args = (Const(UnsupportedError.__name__), Const(str(error)))
                    # What cannot be reached must not hold syntax that the printed names break.
                    names = tuple([now for _, now in s.writes])
                    out.append(Bind(names, Ref(calls.refuse), args, (), s.loc))
                    continue
            loop = isinstance(s, (For, While, If, Try, With))
            out.append(ir.with_blocks(s, tuple([block(b, inner or loop) for b in ir.blocks(s)])))
        return tuple(out)

    return block(function.body, False)


def _bound_otherwise(node: Any) -> set[str]:
    """Names that a statement binds by something else than an exception handler."""
    handlers = {id(n.name) for n in gast.walk(node) if isinstance(n, gast.ExceptHandler)}
    found = {n.name for n in gast.walk(node) if isinstance(n, (gast.FunctionDef, gast.ClassDef))}
    return found | {n.id for n in gast.walk(node) if isinstance(n, gast.Name)
                    and isinstance(n.ctx, (gast.Store, gast.Del)) and id(n) not in handlers}


def _keeps(node: Any, function: Function) -> bool:
    """Whether a function or generator that a statement makes may be used after the statement."""
    used_up: set[int] = set()
    for n in gast.walk(node):
        if isinstance(n, gast.Call) and isinstance(n.func, gast.Name) and n.func.id in _CONSUMING \
                and n.func.id not in ir.all_defs(function.body) \
                and n.func.id not in {p.name for p in function.params} \
                and not (function.origin and n.func.id in shadowed(function.origin)):
            used_up |= {id(a) for a in (*n.args, *(k.value for k in n.keywords))}
    closures = (gast.Lambda, gast.FunctionDef, gast.AsyncFunctionDef, gast.GeneratorExp)
    return any(isinstance(n, closures) and id(n) not in used_up for n in gast.walk(node))


def _many_valued(s: Raw, unbinds: set[str], function: Function) -> tuple[str, str] | None:
    """Why a verbatim statement cannot go with variables that have one value each."""
    if "that sees later values of" in s.what and _keeps(s.node, function):
        return (f"a {s.what} cannot be followed",
                ("give it the value as a default argument (lambda v=v: ...), or define it "
                 "afterwards"))
    if "the outside name" in s.what:
        return (f"{s.what} is not made from generated code",
                "return the new value and assign it outside")
    if "that rebinds" in s.what:
        return f"a {s.what} cannot be followed", "return the new value and assign it outside"
    names = sorted(unbinds.intersection(n for n, _ in s.writes))
    if names:
        return (f"{names[0]} is the name of a caught exception and of a variable",
                "use a name of its own for the exception")
    return None


class _Numberer:
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

    def block(self, block: Block, env: Env, carried: dict[str, str] | None) -> tuple[Block, bool]:
        """The block renumbered, and whether its end is reached; `env` is updated in place.

        `carried`: the header variables of the loop whose body's paths end here (None: no loop's).
        """
        out: list[ir.Stmt] = []
        for i, s in enumerate(block):
            last = i == len(block) - 1
            checks = self.unbound(s, env)
            out += checks
            if isinstance(s, Raw):
                pairs = tuple((k, env.get(a.name, UNDEFINED) if isinstance(a, Var) else a)
                              for k, a in s.reads)
                s = replace(s, reads=pairs)
            else:
                # What a check before it does not let pass reads no variable of another path.
                missing = {c.args[1].value: c.args[0] for c in checks
                           if isinstance(c, Bind) and c.args[0] == Ref(calls.UNBOUND)
                           and isinstance(c.args[1], Const)}
                s = ir.substitute(s, {**env, **missing} if missing else env)
            if isinstance(s, Exit):
                if s.kind == "break" and carried is not None:
                    self._carry(out, env, carried, s.loc)
                out.append(s)
                return tuple(out), False
            if isinstance(s, If):
                reached = self._if(s, env, carried if last else None, last, out)
                if not reached:
                    return tuple(out), False
            elif isinstance(s, (For, While)):
                self._loop(s, env, out)
            elif isinstance(s, Try):
                if not (self._finally if s.final else self._try)(s, env, out):
                    return tuple(out), False
            elif isinstance(s, With):
                if not self._with(s, env, out):
                    return tuple(out), False
            else:
                names = {old: self.fresh(old) for old in dict.fromkeys(ir.defines(s))}
                out.append(ir.rename_targets(s, names))
                env.update({old: Var(new) for old, new in names.items()})
                out += self.noted(names, s)
        if carried is not None:
            self._carry(out, env, carried, block[-1].loc if block else self.loc)
        return tuple(out), True

    def noted(self, names: dict[str, str], s: ir.Stmt) -> Block:
        """What handlers around are to see of names that have just been bound."""
        pairs = [(watched[old], new) for watched in reversed(self.watched)
                 for old, new in names.items() if old in watched]
        if not pairs:
            return ()
        targets = tuple([t for t, _ in pairs])
        if isinstance(s, Catch):
            # Python unbinds the name of an exception before anybody else can read it.
            self.loose.update(targets)
            return (Move(targets, (Ref(calls.UNBOUND),) * len(targets), s.loc),)
        sources: tuple[Atom, ...] = tuple([Var(new) for _, new in pairs])
        self.note(targets, sources)
        return (Move(targets, sources, s.loc),)

    def headers(self, names: list[str], env: Env, s: ir.Stmt, out: list[ir.Stmt]) -> dict[str, str]:
        """Variables that hold what names stand for at any moment in the body of a statement."""
        headers = {n: self.fresh(n) for n in names}
        self.headed.update(headers.values())
        if headers:
            init = tuple(self.now(n, env) for n in headers)
            self.note(tuple(headers.values()), init)
            out.append(Move(tuple(headers.values()), init, s.loc))
        return headers

    def _body(self, s: Try | With, headers: dict[str, str], env: Env) -> tuple[Block, bool]:
        self.watched.append(headers)
        body, ends = self.block(s.body, env, None)
        self.watched.pop()
        return body, ends

    def _try(self, s: Try, env: Env, out: list[ir.Stmt]) -> bool:
        sure = {n for n, a in env.items() if a is not UNDEFINED and not (
            isinstance(a, Var) and a.name in self.loose)} | (ir.all_defs(s.body) - self.users)
        found = exposed(s.body, sure)
        headers = self.headers(sorted(found, key=_order(s, [])), env, s, out)
        inner = dict(env)
        body, ends = self._body(s, headers, inner)
        orelse: Block = ()
        if ends and s.orelse:
            orelse, ends = self.block(s.orelse, inner, None)
        sides: list[tuple[Block, Env | None]] = [(orelse or body, inner if ends else None)]
        for handler in s.handlers:
            env_of = {**env, **{n: Var(h) for n, h in headers.items()}}
            at = next(i for i, c in enumerate(handler) if isinstance(c, Catch))
            watched, self.watched = self.watched, []
            head, _ = self.block(handler[:at], env_of, None)
            self.watched = watched
            made, falls = self.block(handler[at:], env_of, None)
            made = (*head, *made)
            for n in ir.all_defs(handler[:at]):
                del env_of[n]  # printed as a part of `except`
            env_of.update({c.name: UNDEFINED for c in handler
                           if isinstance(c, Catch) and c.name is not None})
            sides.append((made, env_of if falls else None))
        blocks = self._joined(sides, env, s.loc)
        if orelse:
            orelse = blocks[0]
        else:
            body = blocks[0]
        out.append(Try(body, tuple(blocks[1:]), orelse, (), s.loc))
        return any(e is not None for _, e in sides)

    def _joined(self, sides: list[tuple[Block, Env | None]], env: Env, loc: ir.Loc) -> list[Block]:
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

    def _finally(self, s: Try, env: Env, out: list[ir.Stmt]) -> bool:
        last = ir.all_reads(s.final) | ir.all_defs(s.final)
        names = [n for n in sorted(ir.all_defs(s.body), key=_order(s, [])) if n in last]
        headers = self.headers(names, env, s, out)
        inner = dict(env)
        body, ends = self._body(s, headers, inner)
        behind = {**env, **{n: Var(h) for n, h in headers.items()}}
        final, final_ends = self.block(s.final, behind, None)
        env.clear()
        env.update(inner)
        env.update({n: behind.get(n, UNDEFINED) for n in ir.all_defs(s.final)})
        out.append(Try(body, (), (), final, s.loc))
        return ends and final_ends

    def _with(self, s: With, env: Env, out: list[ir.Stmt]) -> bool:
        names: dict[str, str] = {}
        headers: dict[str, str] = {}
        if s.swallows:
            found = sorted(ir.all_defs(s.body), key=_order(s, []))
            headers = self.headers(found, env, s, out)
        if s.target is not None:
            names[s.target] = self.fresh(s.target)
            env[s.target] = Var(names[s.target])
        inner = dict(env) if s.swallows else env
        first = self.noted(names, s)
        if s.target in headers:
            assert s.target is not None
            first = (*first, Move((headers[s.target],), (Var(names[s.target]),), s.loc))
        body, ends = self._body(s, headers, inner)
        made = ir.rename_targets(replace(s, body=(*first, *body)), names)
        out.append(made)
        env.update({n: Var(h) for n, h in headers.items()})
        return ends or s.swallows

    def unbound(self, s: ir.Stmt, env: Env) -> list[ir.Stmt]:
        """Reads that raise, or may raise, in Python, of copies that will not stay as statements."""
        if isinstance(s, (Raw, Catch)) or (isinstance(s, Bind) and isinstance(s.fn, Ref)
                                           and isinstance(s.fn.object, Opaque)):
            return []
        checks: list[ir.Stmt] = []
        # What `exits` made (flags, results) is read only where it is bound.
        for name in dict.fromkeys(ir.reads(s)):
            now = env.get(name)
            if now is None or now is UNDEFINED:
                args = (Ref(calls.UNBOUND), Const(name))
                checks.append(Bind((), Ref(calls.bound), args, (), s.loc))
            elif isinstance(s, Move) and isinstance(now, Var) and now.name in self.loose \
                    and name in self.users:
                checks.append(Bind((), Ref(calls.bound), (now, Const(name)), (), s.loc))
        return checks

    def _carry(self, out: list[ir.Stmt], env: Env, carried: dict[str, str], loc: ir.Loc) -> None:
        if carried:
            sources = tuple(self.now(name, env) for name in carried)
            self.note(tuple(carried.values()), sources)
            out.append(Move(tuple(carried.values()), sources, loc))

    def note(self, targets: tuple[str, ...], sources: tuple[Atom, ...]) -> None:
        """Remember which joins may stand for a name that is not bound."""
        self.loose.update(t for t, a in zip(targets, sources, strict=True) if a is UNDEFINED or (
            isinstance(a, Var) and a.name in self.loose))

    def _if(self, s: If, env: Env, carried, last: bool, out: list[ir.Stmt]) -> bool:
        self.loc = s.loc
        if last and carried is not None and _exits(s):
            then, _ = self.block(s.then, dict(env), carried)
            orelse, _ = self.block(s.orelse, dict(env), carried)
            out.append(replace(s, then=then, orelse=orelse))
            return False
        one, two = dict(env), dict(env)
        then, then_ends = self.block(s.then, one, None)
        orelse, else_ends = self.block(s.orelse, two, None)
        if then_ends and else_ends:
            joined = [n for n in dict.fromkeys([*one, *two]) if one.get(n) != two.get(n)]
            if joined:
                names = {n: self.fresh(n) for n in joined}
                targets = tuple(names.values())
                then += (Move(targets, tuple(self.now(n, one) for n in joined), s.loc),)
                orelse += (Move(targets, tuple(self.now(n, two) for n in joined), s.loc),)
                self.note(targets, then[-1].sources)
                self.note(targets, orelse[-1].sources)
                env.update({n: Var(names[n]) for n in joined})
        else:
            env.clear()
            env.update(one if then_ends else two)
        out.append(replace(s, then=then, orelse=orelse))
        return then_ends or else_ends

    def _loop(self, s: For | While, env: Env, out: list[ir.Stmt]) -> None:
        self.loc = s.loc
        targets = list(ir.pattern_names(s.target)) if isinstance(s, For) else []
        assigned = sorted(ir.all_defs(s.body) | set(targets), key=_order(s, targets))
        headers = {n: self.fresh(n) for n in assigned}
        if headers:
            init = tuple(self.now(n, env) for n in headers)
            self.note(tuple(headers.values()), init)
            out.append(Move(tuple(headers.values()), init, s.loc))
        env.update({n: Var(h) for n, h in headers.items()})
        inner = dict(env)
        if isinstance(s, For):
            names = {t: self.fresh(t) for t in targets}
            renamed = ir.rename_targets(s, names)
            assert isinstance(renamed, For)
            s = renamed
            inner.update({t: Var(new) for t, new in names.items()})
            first = self.noted(names, s)
        else:
            first = ()
        body, _ = self.block(s.body, inner, headers)
        out.append(replace(s, body=(*first, *body)))


def _order(s: ir.Stmt, targets: list[str]):
    """Names in the order of their first assignment, so that output never depends on hashing."""
    order: dict[str, int] = {}
    for name in targets:
        order.setdefault(name, len(order))
    for inner in ir.walk((s,)):
        for name in ir.defines(inner):
            order.setdefault(name, len(order))
    return lambda name: order.get(name, -1)


def _exits(s: If) -> bool:
    for block in (s.then, s.orelse):
        for inner in block:
            if isinstance(inner, Exit) and inner.kind == "break":
                return True
            if isinstance(inner, If) and _exits(inner):
                return True
    return False
