"""Straight-line helpers are written into their caller, so that small functions cost nothing."""

from __future__ import annotations

from typing import Any

from s2sdiff import errors, ir, registry
from s2sdiff.ir import (
    Bind,
    Block,
    Const,
    Exit,
    Free,
    Function,
    If,
    Move,
    Opaque,
    Raw,
    Ref,
    Star,
    Store,
    Var,
    replace,
)
from s2sdiff.runtime.values import has_source
from s2sdiff.transforms import resolve, unrolled
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.literals import literal_or_function
from s2sdiff.transforms.standing import standin
from s2sdiff.transforms.varying import may_vary

__all__ = ["arguments_of", "helpers"]

_LIMIT = 40
_DEPTH = 4
#: Of many alternatives few are ever taken: this deep in conditions, helpers longer than `_SMALL`
#: stay calls, whose derivatives are made where one is reached.
_NESTED, _SMALL = 5, 3
#: A function that reads one of these may look at its own frame.
_FRAMES = frozenset({"locals", "globals", "vars", "eval", "exec", "dir", "super", "__class__",
                     "inspect", "sys", "warnings", "warn"})


def helpers(function: Function, context: Context, again: bool = False) -> Function:
    """Paste the bodies of straight-line user functions that receive something that may vary.

    With `again`, or where the code is differentiated again, those of others, too.
    """
    varies = may_vary(function, context)
    inliner = _Inliner(function, context, varies, again or context.request.again)
    body = inliner.block(function.body, 0)
    return replace(function, body=body) if inliner.pasted else function


class _Inliner:
    def __init__(self, function: Function, context: Context, varies: set[str],
                 again: bool) -> None:
        self.function, self.context, self.varies = function, context, varies
        self.again = again
        self.locals = ir.all_defs(function.body) | {p.name for p in function.params}
        self.nested = 0
        self.pasted = False

    def block(self, block: Block, depth: int) -> Block:
        out: list[ir.Stmt] = []
        for s in block:
            body = self.call(s, depth) if isinstance(s, Bind) else None
            if body is not None:
                out += body
                continue
            inner = ir.blocks(s)
            if inner:
                self.nested += isinstance(s, If)
                s = ir.with_blocks(s, tuple([self.block(b, depth) for b in inner]))
                self.nested -= isinstance(s, If)
            out.append(s)
        return tuple(out)

    def call(self, s: Bind, depth: int) -> Block | None:
        fn = s.fn
        if depth >= _DEPTH or len(s.targets) != 1 or not isinstance(fn, Ref):
            return None
        if not has_source(fn.object) or fn.object.__module__ == "s2sdiff.ops" \
                or registry.find(fn.object) is not None or standin(s, self.context) is not None:
            return None
        if fn.object is self.function.origin or not any(n in self.varies for n in ir.reads(s)):
            return None
        self.context.rules[id(fn.object)] = (fn.object, None)
        try:
            helper = self.context.lowered(fn.object)
        except errors.DifferentiationError:
            return None
        helper = unrolled.for_call(helper, s)
        limit = _LIMIT if self.nested < _NESTED else _SMALL
        if helper.free & _FRAMES or not ((_straight(helper) and len(helper.body) <= limit) or (
                self.again and _whole(helper))):
            return None
        env = arguments_of(s, helper)
        if env is None:
            return None
        return self.paste(s, helper, env, depth)

    def paste(self, s: Bind, helper: Function, env: dict[str, ir.Atom], depth: int) -> Block | None:
        saved = dict(self.context.guards)
        resolved = resolve.callees(helper, self.context, helper.origin)
        if _generated(helper.origin):
            # What is said of it is said of the call.
            resolved = replace(resolved, body=_placed(resolved.body, s.loc))
        if not self.visible(resolved):
            self.context.guards = saved
            return None
        names = {n: self.context.names(n) for n in _in_order(resolved.body)}
        if not _straight(helper):
            body = ir.substituted(ir.rename(resolved.body, names), env)
            assert isinstance(body[-1], Exit)
            out = [*body[:-1], Move(s.targets, (body[-1].value or Const(None),), s.loc)]
            return self.pasted_as(out, names, depth)
        out = []
        for inner in resolved.body:
            if isinstance(inner, Exit):
                value = inner.value if inner.value is not None else Const(None)
                value = env.get(value.name, value) if isinstance(value, Var) else value
                out.append(Move(s.targets, (value,), s.loc))
                break
            inner = ir.rename_targets(ir.substitute(inner, env), names)
            env.update({old: Var(names[old]) for old in names if names[old] in ir.defines(inner)})
            out.append(inner)
        return self.pasted_as(out, names, depth)

    def pasted_as(self, out: list[ir.Stmt], names: dict[str, str], depth: int) -> Block:
        if any(isinstance(inner, Bind) and isinstance(inner.fn, Free) for inner in ir.walk(
                tuple(out))):
            # A function of the caller's was an argument, and is called here.
            called = replace(self.function, body=tuple(out))
            out = list(resolve.callees(called, self.context, self.function.origin).body)
        self.varies.update(names.values())
        self.pasted = self.context.pasted = True
        return self.block(tuple(out), depth + 1)

    def visible(self, helper: Function) -> bool:
        """What the helper still reads by name means the same in the caller."""
        free = {a.name for s in ir.statements(helper) for a in ir.atoms(s) if isinstance(a, Free)}
        if not free:
            return True
        origin, mine = helper.origin, self.function.origin
        if not _generated(origin) and free & set(origin.__code__.co_freevars):
            return False
        if origin.__globals__ is not mine.__globals__ or free & self.locals or \
                free & self.function.names:
            return False
        return not free & set(mine.__code__.co_freevars)


def _straight(helper: Function) -> bool:
    if any(p.kind in ("star", "starstar") for p in helper.params):
        return False
    if not helper.body or not isinstance(helper.body[-1], Exit) or helper.body[-1].kind != "return":
        return False
    for s in helper.body[:-1]:
        if isinstance(s, (Raw, Store)) or not isinstance(s, (Bind, Move)):
            return False
        if isinstance(s, Bind) and isinstance(s.fn, Ref) and isinstance(s.fn.object, Opaque):
            return False
        if isinstance(s, Bind) and _in_place(s.fn) and len(s.args) == 2 and \
                s.targets == (getattr(s.args[0], "name", None),):
            return False
    return True


#: So many statements of a helper are written in where code is differentiated again.
_WHOLE = 80


def _whole(helper: Function) -> bool:
    """A body that is structured, and returns once, at its end.

    It is written in where the code is differentiated again: there, a call's pullback is a closure,
    of which nothing is known.
    """
    if any(p.kind in ("star", "starstar") for p in helper.params) or not helper.body:
        return False
    statements = list(ir.statements(helper))
    last = helper.body[-1]
    exits = [s for s in statements if isinstance(s, Exit) and s.kind == "return"]
    return len(statements) <= _WHOLE and exits == [last] and not any(
        isinstance(s, (Raw, ir.Def, ir.Try, ir.With, ir.Catch)) or (
            isinstance(s, Bind) and isinstance(s.fn, Ref) and isinstance(s.fn.object, Opaque)) or (
            isinstance(s, Exit) and s.kind == "raise") for s in statements)


def _generated(fn: Any) -> bool:
    """Generated code, whose cells hold what it calls, and nothing that changes."""
    return fn.__code__.co_filename.startswith("<s2sdiff ")


def _placed(block: Block, loc: ir.Loc) -> Block:
    """A block that stands where a call does."""
    out: list[ir.Stmt] = []
    for s in block:
        inner = ir.blocks(s)
        s = ir.with_blocks(s, tuple([_placed(b, loc) for b in inner])) if inner else s
        out.append(replace(s, loc=loc))
    return tuple(out)


def _in_place(fn: ir.Atom) -> bool:
    """`operator.iadd` and its kin."""
    return isinstance(fn, Ref) and getattr(fn.object, "__name__", "")[:1] == "i" and \
        getattr(fn.object, "__module__", "") == "_operator"


def arguments_of(s: Bind, helper: Function) -> dict[str, ir.Atom] | None:
    """Parameters paired with arguments; None where stars, or defaults that vary, are in play."""
    if any(isinstance(a, Star) for a in s.args) or any(k is None for k, _ in s.kwargs):
        return None
    env: dict[str, ir.Atom] = {}
    given, named = list(ir.plain_args(s)), dict(s.kwargs)
    defaults = _defaults(helper)
    for p in helper.params:
        if given and p.kind in ("plain", "posonly"):
            env[p.name] = given.pop(0)
        elif p.name in named:
            env[p.name] = named.pop(p.name)
        else:
            default = literal_or_function(defaults.get(p.name, ir.UNDEFINED))
            if default is None:
                return None
            env[p.name] = default
    return None if given or named else env


def _defaults(helper: Function) -> dict[str, Any]:
    origin = helper.origin
    found = dict(origin.__kwdefaults__ or {})
    names = [p.name for p in helper.params if p.kind in ("plain", "posonly")]
    values = origin.__defaults__ or ()
    found.update(zip(reversed(names), reversed(values), strict=False))  # there may be too many
    return found


def _in_order(block: Block) -> list[str]:
    return list(dict.fromkeys(n for s in ir.walk(block) for n in ir.defines(s)))
