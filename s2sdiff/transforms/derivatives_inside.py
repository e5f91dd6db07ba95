"""Calls of derivatives, in code that is differentiated: written in as the code that they run.

`grad(g)(p, x)` runs a function with a text.  A call of it has a pullback, of which nothing is known
where the code around is differentiated again; its text in the place of the call has none.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Sequence
from typing import Any

from s2sdiff import ir, ops
from s2sdiff.errors import DifferentiationError
from s2sdiff.ir import Bind, Const, Function, Ref, Star, replace
from s2sdiff.kinds import Kind
from s2sdiff.runtime import nested
from s2sdiff.runtime.asking import asks
from s2sdiff.transforms import inline
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds_of_atoms import kind_of_atom
from s2sdiff.transforms.varying import may_vary

__all__ = ["written"]


def written(function: Function, context: Context) -> Function:
    """The function with generated code for such calls; itself where there are none."""
    if not any(map(_calls_one, ir.statements(function))):
        return function
    varies = may_vary(function, context)
    body = ir.rewritten(function.body, _Writer(function, varies, context).statement)
    if body is function.body:
        return function
    return inline.helpers(replace(function, body=body), context, True)


def _calls_one(s: ir.Stmt) -> bool:
    return isinstance(s, Bind) and isinstance(s.fn, Ref) and nested.calls_function(s.fn.object)


class _Writer:
    def __init__(self, function: Function, varies: set[str], context: Context) -> None:
        self.varies, self.context = varies, context
        self.tuples = {s.targets[0]: s for s in ir.statements(function)
                       if isinstance(s, Bind) and s.calls(ops.tuple_) and len(s.targets) == 1}

    def statement(self, s: ir.Stmt) -> list[ir.Stmt] | None:
        found = self.called(s) if isinstance(s, Bind) else None
        return None if found is None else [found]

    def called(self, s: Bind) -> Bind | None:
        """A call of the generated function that a call of a derivative runs."""
        fn = s.fn.object if isinstance(s.fn, Ref) else None
        if s.kwargs or len(s.targets) != 1 or any(isinstance(a, Star) for a in s.args) or \
                self.varies.isdisjoint(ir.reads(s)):
            return None
        if isinstance(fn, types.FunctionType) and fn in nested.OPERATORS and \
                fn.__name__ == "jvp" and len(s.args) == 3:
            return self.along(s)
        code = self.code(fn, s.args) if nested.is_derivative(fn) else None
        return None if code is None else replace(s, fn=Ref(code))

    def code(self, fn: Any, args: Sequence[Any]) -> Any:
        """What a derivative runs, for what is known of its arguments."""
        return self.made(fn, lambda compiled, kinds: compiled(kinds), args)

    def along(self, s: Bind) -> Bind | None:
        """`jvp(f, primals, tangents)`, where both are written down."""
        target: Any = s.args[0].object if isinstance(s.args[0], Ref) else None
        given = [self.tuples.get(getattr(a, "name", "")) for a in s.args[1:]]
        if given[0] is None or given[1] is None or not isinstance(target, types.FunctionType):
            return None
        primals, tangents = given[0].args, given[1].args
        moving = [i for i, t in enumerate(tangents) if t != Const(None)]
        if len(primals) != len(tangents) or not moving or any(
                self.kind(primals[i])._replace(dim=None) != self.kind(tangents[i])._replace(
                    dim=None) or not self.kind(primals[i]).is_number for i in moving):
            return None
        if nested.is_derivative(target):
            target = self.code(target, primals)
        if target is None:
            return None
        wrt = tuple(moving)
        code = self.made(target, lambda _, kinds: _forward(target, wrt, kinds), primals)
        dots = [tangents[i] for i in moving]
        return None if code is None else replace(s, fn=Ref(code), args=(*primals, *dots))

    def made(self, fn: Any, compiled: Any, args: Sequence[Any]) -> Any:
        kinds = tuple([self.kind(a) for a in args])
        known = getattr(fn, "__s2sdiff_compiled__", None)
        if not all(k.is_number or k.inert for k in kinds) or (
                known is None and nested.is_derivative(fn)):
            return None
        try:
            made = compiled(known, kinds)
        except DifferentiationError:
            return None
        # What a closure captures has no name in the code around.
        if made is None or asks(made.function) or made.function.__code__.co_freevars:
            return None
        owner = nested.owner(fn) if nested.is_derivative(fn) else fn
        for guard in made.guards:
            self.context.guard(guard if guard.owner is not None else replace(guard, owner=owner))
        self.context.rules.update({id(f): (f, rule) for f, rule in made.rules})
        return made.function

    def kind(self, a: Any) -> Kind:
        return kind_of_atom(a, self.context)


def _forward(fn: Any, slots: tuple[int, ...], kinds: tuple[Kind, ...]) -> Any:
    assert forward is not None
    return forward(fn, slots, kinds)


#: Set by `pushing`: (function, slots, kinds) -> what is generated for forward mode.
forward: Callable[..., Any] | None = None
