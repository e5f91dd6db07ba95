"""What compiling a function begins with: its early stages, without objects that it can spare."""

from __future__ import annotations

import operator
import types
from dataclasses import dataclass
from typing import Any

from s2sdiff import ir, registry
from s2sdiff.ir import Function, replace
from s2sdiff.transforms import (
    by_keys,
    fields_replaced,
    function_tables,
    listed_views,
    pooled,
    staying,
    unboxed,
)
from s2sdiff.transforms.context import Context, Guard, following
from s2sdiff.transforms.early import REMEMBERED, key_of, steps
from s2sdiff.transforms.meant import namespace_value

__all__ = ["as_it_is", "beginning", "is_as_before", "reached"]


@dataclass(frozen=True, eq=False)
class _Known:
    """The stages of a function that makes objects, and what they rest on."""

    stages: tuple[Function, ...]
    names: frozenset[str]
    guards: tuple[Guard, ...]
    rules: dict[int, tuple[Any, Any]]
    classes: tuple[tuple[type, dict[str, Any]], ...]
    helpers: tuple[tuple[Any, ...], ...]

    def holds(self, fn: Any) -> bool:
        return all(g.holds_of(reached(g, fn)) for g in self.guards) and \
            all(map(is_as_before, self.helpers)) and all(
            vars(c).keys() == was.keys() and all(vars(c)[n] is v for n, v in was.items())
            for c, was in self.classes)


_known: dict[Any, _Known] = {}


def as_it_is(fn: Any) -> tuple[Any, ...]:
    """A function, what it does and takes by default; its keywords' defaults may change in place."""
    keywords = fn.__kwdefaults__ or {}
    return fn, fn.__code__, fn.__defaults__, *keywords, *keywords.values()


def is_as_before(was: tuple[Any, ...]) -> bool:
    """Whether a function is `as_it_is` still."""
    now = as_it_is(was[0])
    return len(was) == len(now) and all(map(operator.is_, was, now))


def reached(guard: Guard, fn: Any = None) -> Any:
    """What a guard's path leads to now; `fn` is the function at hand."""
    return following(namespace_value(fn if guard.owner is None else guard.owner, guard.name),
                     guard.attributes)


def beginning(function: Function, context: Context,
              plain: tuple[Function, ...]) -> tuple[Function, ...]:
    """The function after each of the early stages, which are `plain` where it makes no objects.

    A function's result is often asked for before its derivative is: what its objects' methods
    become is found once for both.
    """
    fn: Any = function.origin
    chosen = by_keys.written(function_tables.written(function, context), context)
    chosen = fields_replaced.written(listed_views.written(chosen, context), context)
    if chosen is not function:
        function, plain = chosen, steps(chosen)
        context.names.taken |= set().union(*[ir.all_defs(f.body) for f in (function, *plain)])
    if not unboxed.concerns(function):
        return plain
    key: Any = (key_of(fn), registry.epoch, by_keys.sites(function),
                function_tables.sites(function))
    kinds = (*key, tuple([(n, staying.blurred(k)) for n, k in context.arguments.items()]))
    known = None if registry.overlay.get()[1] else _known.get(key) or _known.get(kinds)
    if known is None or not known.holds(fn):
        without = pooled.run(function, context)
        if without is function:
            return plain
        stages = steps(without)
        bodies = {id(f.body): f.body for f in (without, *stages)}
        names = frozenset().union(*map(ir.all_defs, bodies.values()))
        guards = tuple(context.guards.values())
        made = {c for g in guards for c in (g.owner, g.object) if isinstance(c, type)}
        classes = {base: dict(vars(base)) for c in made for base in c.__mro__[:-1]}
        known = _Known(tuple([replace(f, origin=None) for f in stages]), names, guards,
                       dict(context.rules), tuple(classes.items()),
                       tuple([as_it_is(f) for f, _ in context.rules.values()
                              if type(f) is types.FunctionType and f is not fn]))
        if not registry.overlay.get()[1]:
            if len(_known) >= REMEMBERED:
                del _known[next(iter(_known))]
            # Where something is assumed of arguments, it is so for such as these.
            _known[kinds if context.assumes else key] = known
    for guard in known.guards:
        context.guard(guard)
    context.rules.update(known.rules)
    context.names.taken |= known.names
    return tuple([replace(f, origin=fn) for f in known.stages])
