"""What compiling a function has begun with, kept for all that is asked of it.

A caller asks what a function gives before anybody asks for the function's derivative, and gradient,
pullback and tangents are asked for one after the other; up to there the passes are the same for
all.  What they made is kept as it was then: whoever goes on from there changes a copy.
"""

from __future__ import annotations

import types
from dataclasses import dataclass
from typing import Any

from s2sdiff import registry
from s2sdiff.ir import Function, replace
from s2sdiff.kinds import ANY, Kind
from s2sdiff.runtime import suspects
from s2sdiff.runtime.marking import marked
from s2sdiff.transforms.beginnings import as_it_is, is_as_before, reached
from s2sdiff.transforms.context import Context, Guard, Request
from s2sdiff.transforms.early import key_of
from s2sdiff.transforms.fresh_names import Names

__all__ = ["as_given", "keep", "key", "request_for", "take"]

#: So many are kept, the newest of each function.
_REMEMBERED, _VARIANTS = 256, 8


@dataclass(frozen=True, eq=False)
class _Begun:
    """A function after the first passes, what they know, and what that rests on."""

    function: Function
    context: Context
    asked: frozenset[str]
    guards: tuple[Guard, ...]
    rules: tuple[tuple[Any, Any], ...]
    helpers: tuple[tuple[Any, ...], ...]
    classes: tuple[tuple[type, dict[str, Any]], ...]
    epoch: int

    def holds(self, fn: Any) -> bool:
        """Whether the passes would come there again, for a function with the same code."""
        return self.epoch == registry.users_epoch and all(
            g.holds_of(reached(g, fn)) for g in self.guards) and all(
            registry.find(f) is rule for f, rule in self.rules) and \
            all(map(is_as_before, self.helpers)) and all(
            vars(c).keys() == was.keys() and all(vars(c)[n] is v for n, v in was.items())
            for c, was in self.classes)


_begun: dict[Any, list[_Begun]] = {}


def as_given(kind: Kind, name: str) -> Kind:
    """The kind of an argument as a call will have it: its dimensions are named after `name`.

    A caller names them after its own variables, and knows of some that are one and the same.  What
    is asked for, whether a number is given and of which type, follows from types and ranks; and so
    what has been begun is there when the call is made.
    """
    if kind.items is not None and (kind.type is list or kind.is_tuple):
        return kind._replace(items=tuple([
            as_given(k, f"{name}.{i}") for i, k in enumerate(kind.items)]))
    if kind.items is not None and type(kind.value) is tuple and kind.type is not slice:
        return kind._replace(items=tuple([
            as_given(k, f"{name}.{key}") for key, k in zip(kind.value, kind.items, strict=True)]))
    if kind.shape:
        return kind._replace(shape=tuple([
            1 if d == 1 else f"?{name}.{i}" if d[0] == "?" else f"{name}.{i}"
            for i, d in enumerate(kind.shape)]))
    return kind._replace(dim=None) if kind.dim is not None else kind


def key(fn: Any, request: Request, arguments: dict[str, Kind]) -> Any:
    """Under what a function's beginning is kept, when it begins; None: it is not kept."""
    if fn.__closure__ or request.told or not request.kinds:
        return None
    # Code objects of two files may be equal; their locations are not.
    return (fn.__code__, fn.__code__.co_filename, marked(fn), id(fn.__globals__), key_of(fn),
            suspects.state.names, registry.overlay.get()[0], tuple(arguments.items()),
            request.again)


def request_for(arguments: dict[str, Kind]) -> Request:
    """What is asked for until somebody says more: the derivative for all that may have one."""
    return Request("vjp", tuple([n for n, kind in arguments.items() if not kind.inert]))


def keep(key: Any, fn: Any, function: Function, context: Context) -> None:
    """Remember how far a function has come, under the key that it had when it began."""
    if not context.complete or key[5:7] != (
            suspects.state.names, registry.overlay.get()[0]):
        return
    guards = tuple(context.guards.values())
    met = [m for g in guards for m in (g.owner, g.object)]
    met += [f for f, _ in context.rules.values()]
    helpers = {id(f): as_it_is(f) for f in met if type(f) is types.FunctionType and f is not fn}
    classes = {base: dict(vars(base)) for c in met if isinstance(c, type)
               for base in c.__mro__[:-1]}
    begun = _Begun(replace(function, origin=None), _copied(context), _asked(
        context.request, context.arguments), guards, tuple(context.rules.values()),
        tuple(helpers.values()), tuple(classes.items()), registry.users_epoch)
    others = _begun.pop(key, [])
    if not others and len(_begun) >= _REMEMBERED:
        del _begun[next(iter(_begun))]
    _begun[key] = [begun, *[b for b in others if b.asked != begun.asked][:_VARIANTS - 1]]


def _asked(request: Request, arguments: dict[str, Kind]) -> frozenset[str]:
    return frozenset([n for n in request.wrt if not arguments.get(n, ANY).inert])


def take(key: Any, fn: Any, request: Request,
         arguments: dict[str, Kind]) -> tuple[Function, Context] | None:
    """The function and a context of its own, if they are the same for this request."""
    asked = _asked(request, arguments)
    for found in _begun.get(key, ()):
        # Where fewer arguments vary, other helpers are written in.
        same = asked == found.asked or (asked < found.asked and not found.context.pasted
                                        and not found.context.may_vary)
        if same and found.holds(fn):
            context = _copied(found.context)
            context.request = request
            return replace(found.function, origin=fn), context
    return None


def _copied(context: Context) -> Context:
    """The context with tables of its own: the passes add to them."""
    made = object.__new__(Context)
    made.__dict__.update({name: value.copy() if type(value) is dict or type(value) is set else value
                          for name, value in vars(context).items()})
    names = made.names = Names(context.names.taken)
    names.bases.update(context.names.bases)
    names.given += context.names.given
    names.numbers.update(context.names.numbers)
    return made
