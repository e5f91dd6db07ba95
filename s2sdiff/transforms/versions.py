"""Structured single assignment: a name has one value per iteration of its block.

Joins and loop carries become parallel Moves at the ends of blocks; only a loop's own header
variables change, and only at the ends of paths.  What is unbound on a path is UNDEFINED there.
"""

from __future__ import annotations

from s2sdiff import ir
from s2sdiff.ir import (
    UNDEFINED,
    Bind,
    Block,
    Catch,
    Const,
    Exit,
    For,
    Function,
    If,
    Move,
    Raw,
    Ref,
    Try,
    Var,
    While,
    With,
    replace,
)
from s2sdiff.runtime import planted
from s2sdiff.transforms.exposed import exposed
from s2sdiff.transforms.many_valued import settled_body
from s2sdiff.transforms.numbering import Env, Numbering

__all__ = ["number"]


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
    settled = settled_body(function)
    numberer.kept = {name for s in ir.walk(settled) if isinstance(s, Raw)
                     for name, _ in s.reads if name in dict(s.writes)}
    body, _ = numberer.block(settled, env, None)
    if not (body and isinstance(body[-1], Exit) and body[-1].kind == "return"):
        # Later passes take the last statement for the return, in functions that only raise as well.
        body = (*body, Exit("return", Const(None), function.loc))
    return replace(function, body=body, bases={**function.bases, **numberer.bases},
                   watched=frozenset(numberer.headed))


class _Numberer(Numbering):
    def block(self, block: Block, env: Env, carried: dict[str, str] | None) -> tuple[Block, bool]:
        """The block renumbered, and whether its end is reached; `env` is updated in place.

        `carried`: the header variables of the loop whose body's paths end here (None: no loop's).
        """
        out: list[ir.Stmt] = []
        for i, s in enumerate(block):
            last = i == len(block) - 1
            checks = self.unbound(s, env)
            out += checks
            if type(s) is Bind and not checks:
                self.bound(ir.substitute(s, env), env, out)
                continue
            if isinstance(s, Raw):
                pairs = tuple((k, env.get(a.name, UNDEFINED) if isinstance(a, Var) else a)
                              for k, a in s.reads)
                s = replace(s, reads=pairs)
            else:
                # What a check before it does not let pass reads no variable of another path.
                missing = {c.args[1].value: c.args[0] for c in checks
                           if isinstance(c, Bind) and c.args[0] == Ref(planted.UNBOUND)
                           and isinstance(c.args[1], Const)} if checks else {}
                s = ir.substitute(s, {**env, **missing} if missing else env)
            if isinstance(s, Exit):
                if s.kind == "break" and carried is not None:
                    self.carry(out, env, carried, s.loc)
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
                self.bound(s, env, out)
        if carried is not None:
            self.carry(out, env, carried, block[-1].loc if block else self.loc)
        return tuple(out), True

    def bound(self, s: ir.Stmt, env: Env, out: list[ir.Stmt]) -> None:
        """A statement that has no block in it, with new names for what it binds."""
        names: dict[str, str] = {}
        for old in ir.defines(s):
            if old not in names:
                names[old] = self.fresh(old)
        out.append(ir.rename_targets(s, names))
        for old, new in names.items():
            env[old] = Var(new)
        out += self.noted(names, s)

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
            env_of.update({c.name: UNDEFINED for c in handler if isinstance(c, Catch)
                           and c.name is not None and not _unbinds(handler[-1], c.name)})
            sides.append((made, env_of if falls else None))
        blocks = self.joined(sides, env, s.loc)
        if orelse:
            orelse = blocks[0]
        else:
            body = blocks[0]
        out.append(Try(body, tuple(blocks[1:]), orelse, (), s.loc))
        return any(e is not None for _, e in sides)

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
            joined = [n for n in dict.fromkeys([*one, *two])
                      if one.get(n) is not two.get(n) and one.get(n) != two.get(n)]
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


def _unbinds(last: ir.Stmt, name: str) -> bool:
    """Whether a handler's end says itself that the name of its exception has no value now."""
    block = last.final if isinstance(last, Try) else (last,)
    return block[:1] == (Move((name,), (Ref(planted.UNBOUND),), last.loc),)
