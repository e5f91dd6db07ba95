"""Pasting: a straight-line rule becomes statements of its caller.

The rule's body is run symbolically: its parameters stand for the caller's atoms, tests on literals
and kinds are decided, what is left is emitted.  A body that is not straight-line raises
`NotStraight`.
"""

from __future__ import annotations

import functools
import types
from typing import Any

import numpy as np

from s2sdiff import ir, ops, registry
from s2sdiff.ir import Bind, Const, Exit, Free, If, Move, Ref, Star, Var
from s2sdiff.runtime.later import Later
from s2sdiff.transforms.emit import Emitter, Lazy
from s2sdiff.transforms.factors import parts
from s2sdiff.transforms.template import (
    Closure,
    Template,
    asked,
    closure_node,
    nested_at,
    of_types,
)

__all__ = ["NotStraight", "asked_for", "bind_arguments", "run", "surely_straight"]


#: A rule that changes something in place runs as it is written.
IN_PLACE = tuple(ops.IN_PLACE)


class NotStraight(Exception):
    """The rule cannot be pasted here; it is called instead."""


def bind_arguments(template: Template, args: tuple, kwargs: dict[Any, Any]) -> dict[str, Any]:
    """A rule's parameters paired with atoms (a star with a tuple); TypeError if they differ."""
    env: dict[str, Any] = {}
    given = list(args)
    if Star in map(type, given) or None in kwargs:
        raise NotStraight
    rest = dict(kwargs)
    for p in template.params:
        if p.kind == "star":
            env[p.name] = tuple(given)
            given = []
        elif p.kind == "starstar":
            if rest:
                raise NotStraight
            env[p.name] = {}
        elif given and p.kind in ("plain", "posonly"):
            env[p.name] = given.pop(0)
        elif p.name in rest:
            env[p.name] = rest.pop(p.name)
        elif p.name in template.defaults:
            value = template.defaults[p.name]
            env[p.name] = Const(value) if _is_literal(value) else Ref(value)
        else:
            raise TypeError(f"missing argument {p.name!r}")
    if given or rest:
        extra = ", ".join(rest) or f"{len(given)} positional"
        raise TypeError(f"unexpected argument {extra}")
    return env


def _is_literal(value: Any) -> bool:
    """Printed as it is; anything else is a name that the text is loaded with."""
    if type(value) is tuple:
        return all(map(_is_literal, value))
    return value is None or type(value) in (int, float, str, bool, complex)


def run(template: Template, env: dict[str, Any], emit: Emitter, hint: str,
        spared: frozenset[int] = frozenset()) -> Any:
    """What the body returns: atoms, static tuples, closures.  `hint` names the results.

    What is returned at the places `spared` is for nobody.
    """
    body = asked(template, spared) if spared else template.body
    if template.tested and body is template.body:
        kinds = {n: emit.kind(env[n]) for n in template.tested}
        if all(k.is_number for k in kinds.values()):  # as most are
            body = of_types(template, kinds)
    value = _Paste(template, env, emit, hint).block(body)
    if value is _FELL:
        raise NotStraight
    return value


def surely_straight(closure: Closure) -> bool:
    """A pullback without a test or a function in it, which runs to its end whatever it is given."""
    template = closure.template
    if template.captured is None or len(template.params) != 1:
        return False
    return all(map(_is_value, map(closure.env.get, template.captured)))


def _is_value(captured: Any) -> bool:
    """Not a function, a dict or nothing at all, nor a tuple of such."""
    t = type(captured)
    return t is Var or t is Const or t is Ref or t is Lazy or (
        isinstance(captured, (tuple, list)) and all(map(_is_value, captured)))


def asked_for(entry: Any, emit: Emitter, hint: str) -> Any:
    """An entry of a pullback; one that was left for later is computed here."""
    return run(entry.template, entry.env, emit, hint) if isinstance(entry, Closure) else entry


def _opened(args: list[Any]) -> list[Any]:
    """Arguments with those in the place of a star that it stands for."""
    out: list[Any] = []
    for a in args:
        if not isinstance(a, Star):
            out.append(a)
        elif isinstance(a.value, (tuple, list)):
            out += a.value
        else:
            raise NotStraight
    return out


@functools.lru_cache(maxsize=4096)
def _split(target: str) -> tuple[str, str]:
    """What is in front of a name's last underscore, and behind it; rules have few names."""
    head, _, tail = target.rpartition("_")
    return head, tail


_FELL = object()


class _Paste:
    def __init__(self, template: Template, env: dict[str, Any], emit: Emitter, hint: str) -> None:
        self.template, self.env, self.emit, self.hint = template, dict(env), emit, hint

    def block(self, block: Any) -> Any:
        for s in block:
            t: Any = type(s)
            if t is Bind:
                self.bind(s)
            elif t is ir.Raw:
                self.closure(s)
            elif t is Move:
                values = [self.of(a) for a in s.sources]
                self.env.update(zip(s.targets, values, strict=True))
            elif t is If:
                value = self.block(s.then if self.truth(s.test) else s.orelse)
                if value is not _FELL:
                    return value
            elif t is Exit and s.kind == "return":
                return self.of(s.value) if s.value is not None else Const(None)
            else:
                raise NotStraight
        return _FELL

    def closure(self, s: Any) -> None:
        node = closure_node(s)
        inner = nested_at(self.template, node) if node is not None else None
        if inner is None:
            raise NotStraight
        # The environment itself, not a copy: a def sees what is bound after it.
        self.env[ir.defines(s)[0]] = Closure(inner, self.env)

    def truth(self, test: ir.Atom) -> bool:
        value = self.of(test)
        if isinstance(value, Const):
            return bool(value.value)
        if isinstance(value, (tuple, list, dict)):
            return bool(value)
        raise NotStraight

    def of(self, a: Any) -> Any:
        t = type(a)
        if t is Var or t is Free:
            try:
                return self.env[a.name]
            except KeyError:
                raise NotStraight from None
        return Star(self.of(a.value)) if t is Star else a

    def bind(self, s: Bind) -> None:
        of = self.of
        called: Any = s.fn
        if type(called) is Ref and type(called.object) is ir.Opaque:
            self.closure(s)
            return
        fn = called if type(called) is Ref else of(called)
        env: dict[str, Any] = self.env
        given: Any = s.args
        args: list[Any] = []
        try:
            for a in given:
                t = type(a)
                args.append(env[a.name] if t is Var or t is Free else
                            a if t is Const or t is Ref else of(a))
        except KeyError:
            raise NotStraight from None
        types = [*map(type, args)]
        if Star in types:
            args = _opened(args)
            types = [*map(type, args)]
        kwargs: dict[str, Any] = {}
        if s.kwargs:
            if any(k is None and of(a) != {} for k, a in s.kwargs):
                raise NotStraight  # a dict that only the run knows
            kwargs = {k: of(a) for k, a in s.kwargs if k is not None}
            types += map(type, kwargs.values())
        known = fn.object if type(fn) is Ref else None
        if type(fn) is Closure:
            value = self.inline(fn, args, kwargs)
        elif known is ops.tuple_:
            value = tuple(args)
        elif known is ops.dict_ and all(isinstance(a, Const) for a in args[::2]):
            value = dict(zip([a.value for a in args[::2]], args[1::2], strict=True))
        elif known is Later and dict in types and sorted(args[0]) == [*range(len(args[0]))]:
            value = tuple([args[0][i] for i in range(len(args[0]))])
        elif type(known) is ir.Opaque or Closure in types or dict in types:
            raise NotStraight
        elif known is ops.unpack:
            items = self.unpacked(s, args)
            if not isinstance(items, (tuple, list)) or len(items) != len(s.targets):
                raise NotStraight
            env.update(zip(s.targets, items, strict=True))
            return
        else:
            if known is getattr or known is ops.method:
                fn, args = self.member(fn, args)
            hint = self.named(s.targets[0]) if s.targets else self.hint
            value = self.emit.call(fn, args, kwargs, hint)
        if len(s.targets) == 1:
            env[s.targets[0]] = value
        elif s.targets:
            raise NotStraight

    def unpacked(self, s: Bind, args: list[Any]) -> Any:
        """What is unpacked: what stands for it, or new names for the parts of a known tuple."""
        kinds = parts(self.emit.kind(args[0])) if isinstance(args[0], Var) else None
        if kinds is None or len(kinds) != len(s.targets) or args[2] != Const(None):
            return args[0]
        context = self.emit.context
        names = tuple(map(context.names, s.targets))
        context.kinds.update(zip(names, kinds, strict=True))
        self.emit.out.append(Bind(names, s.fn, tuple(args), (), self.emit.loc))
        return tuple(map(Var, names))

    def inline(self, closure: Closure, args: list[Any], kwargs: dict[str, Any]) -> Any:
        env = {**closure.env, **bind_arguments(closure.template, tuple(args), kwargs)}
        return run(closure.template, env, self.emit, self.hint)

    def member(self, fn: Any, args: list[Any]) -> tuple[Any, list[Any]]:
        """`x.T` and `x.sum(…)` in a rule, as what they mean for an array or a scalar."""
        if isinstance(args[0], Ref) and isinstance(args[1], Const):
            # A method of a known object that has a derivative of its own.
            method = getattr(args[0].object, args[1].value, None)
            if isinstance(method, types.MethodType) and registry.has_own(method):
                return Ref(method), args[2:]
        kind = self.emit.kind(args[0])
        if not isinstance(args[1], Const) or kind.type is None or not kind.is_number:
            if kind.is_array or isinstance(args[0], Lazy):
                kind = self.emit.kind(args[0])
            else:
                return fn, args
        for cls in (kind.type or np.ndarray).__mro__:
            if args[1].value in vars(cls):
                return Ref(vars(cls)[args[1].value]), [args[0], *args[2:]]
        return fn, args

    def named(self, target: str) -> str:
        """A name for what the rule calls `target`, after what its parameters stand for here."""
        head, tail = _split(target)
        value = self.env.get(tail) if head else None
        return f"{head}_{value.name}" if type(value) is Var else self.hint
