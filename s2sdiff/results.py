"""What a function of the user's gives, and what it writes, for arguments of given kinds.

The passes are run up to where its kinds are known, once for each set of kinds; a later compilation
of the function goes on from there (`begun`).
"""

from __future__ import annotations

import types
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from s2sdiff import begun, errors, nested_kinds, recursion, registry, variants
from s2sdiff.arguments import WORD
from s2sdiff.ir import Bind, Const, Function, Ref, replace
from s2sdiff.kinds import ANY, Dim, Kind, kind_of, unknown_dim
from s2sdiff.kinds_joined import join
from s2sdiff.recursion import Result
from s2sdiff.runtime import nested, suspects
from s2sdiff.runtime.datasets import is_of_datasets
from s2sdiff.runtime.values import has_source
from s2sdiff.transforms import (
    activity,
    effects,
    effects_of_bodies,
    kinds,
    notes,
    staying,
)
from s2sdiff.transforms.beginnings import as_it_is
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.early import REMEMBERED
from s2sdiff.transforms.known_effects import only_looks

__all__ = ["kind", "sets", "writes"]

#: What is nothing differentiable, and may be given attributes all the same.
_WITH_ATTRIBUTES = (types.FunctionType, types.ModuleType, type)

_results: dict[Any, Result] = {}


def kind(call: Bind, given: tuple[Kind, ...], context: Context) -> Kind:
    """What kind of value a user's function gives for arguments of these kinds."""
    fn: Any = call.fn.object if isinstance(call.fn, Ref) else None
    if getattr(fn, "__s2sdiff_kind__", None) == "first" and given:
        return given[0]
    if hasattr(fn, "__s2sdiff_entries__"):
        return _entries(fn.__s2sdiff_entries__, call, given, context)
    if nested.is_derivative(fn):
        return nested_kinds.gradient(call, given, context, kind)
    if getattr(fn, "__s2sdiff_kind__", None) == "tangent":
        return nested_kinds.tangent(call, given, context, kind)
    if not has_source(fn) or only_looks(fn, fn.__module__) or _compiles(fn):
        return ANY
    rule = registry.find(fn)
    if rule is None:
        return _of_body(fn, call, given, context)
    derivative: Any = rule.function
    if not has_source(derivative):
        return ANY
    plain = _of_body(fn, call, given, context)
    if not plain.is_number or recursion.runs(derivative.__code__):
        return plain  # which is what is called inside of its own derivative
    made = _of_body(derivative, call, given, context)
    return join(made.items[0], plain) if made.type is tuple and made.items else ANY


def _entries(slots: tuple[Any, ...], call: Bind, given: tuple[Kind, ...],
             context: Context) -> Kind:
    """What a rule's pullback gives for the arguments in `slots`: numbers of their kinds."""
    named = {k: kinds.kind_of_atom(a, context) for k, a in call.kwargs if k is not None}
    found = tuple([given[s] if isinstance(s, int) else named[s] for s in slots])
    if not all(k.is_number for k in found):
        return ANY
    return found[0] if len(found) == 1 else Kind(tuple, items=found)


def _is_plain(kind: Kind) -> bool:
    """Numbers, arrays, what is inert, and objects and containers of which all parts are known."""
    if kind.items is not None:
        return all(map(_is_plain, kind.items))
    return kind.is_number or kind.inert or kind.is_fixed or kind.is_array


def _compiles(fn: Any) -> bool:
    """Of the compiler itself, which code that finds out what it calls leads to, in the end."""
    package, _, module = (fn.__module__ or "").partition(".")
    return package == "s2sdiff" and module.partition(".")[0] not in _DIFFERENTIATED


_DIFFERENTIATED = ("nn", "ops", "rules", "runtime")


def _own(fn: Any) -> bool:
    """A helper of generated code, of which this would tell nothing that is not known."""
    return (fn.__module__ or "").startswith(("s2sdiff.ops", "s2sdiff.runtime."))


def writes(call: Bind, given: Sequence[Kind], context: Context) -> frozenset | None:
    """The names of the parameters that a user's function writes, for arguments of these kinds.

    "*" is among them for whatever else; None: no more is known than of the function by itself.
    """
    fn: Any = call.fn.object if isinstance(call.fn, Ref) else None
    if not isinstance(fn, types.FunctionType) or nested.is_derivative(fn) or \
            registry.find(fn) is not None or not has_source(fn) or _own(fn):
        return None
    named = [kinds.kind_of_atom(a, context) for _, a in call.kwargs]
    if suspects.state.names or not all(map(_is_plain, (*given, *named))):
        return None  # what runs without being called is known by the function alone
    found = _asked(fn, call, given, context)
    if found is None or found[0].writes is None:
        return None
    _rest_on(fn, found[0], context)
    return found[0].writes


def sets(call: Bind, given: Sequence[Kind],
         context: Context) -> dict[str, bool | None] | None:
    """The names of the attributes that a user's function writes, as in `Context.fields_set`.

    That is for arguments of these kinds, and into lists and dicts it puts only what they hold;
    None: it may change more.
    """
    fn: Any = call.fn.object if isinstance(call.fn, Ref) else None
    if not isinstance(fn, types.FunctionType) or nested.is_derivative(fn) or \
            registry.find(fn) is not None or not has_source(fn) or _own(fn) or \
            suspects.state.names:
        return None
    found = _asked(fn, call, given, context)
    if found is None or found[0].sets is None:
        return None
    _rest_on(fn, found[0], context)
    return found[0].sets


def _sets(function: Function, context: Context) -> dict[str, bool | None] | None:
    change = staying.changes(function, context, kinds.kind_of_atom)
    if change is staying.Change.NONE:
        return {}
    plain = context.lists_alike and context.dicts_alike and not context.lists_real and \
        not context.lists_mixed
    return None if change is staying.Change.ALL or not plain else dict(context.fields_set)


def _of_body(fn: Any, call: Bind, given: Sequence[Kind], context: Context) -> Kind:
    asked = _asked(fn, call, given, context)
    if asked is None or asked[0].kind is ANY:
        return ANY
    found, dims = asked
    _rest_on(fn, found, context)
    return _named_here(found.kind, dims)


def _rest_on(fn: Any, found: Result, context: Context) -> None:
    """The caller's code holds as long as the callee means what it means now."""
    for guard in found.guards:
        context.guard(guard)
    context.rules[id(fn)] = (fn, registry.find(fn))
    context.rules.update((id(f), (f, rule)) for f, rule in found.rules)


def _asked(fn: Any, call: Bind, given: Sequence[Kind],
           context: Context) -> tuple[Result, dict[Dim, Dim]] | None:
    """What is known of a function for a call, and what its dimensions are called by the caller."""
    code = fn.__code__
    names = code.co_varnames[:code.co_argcount]
    only = code.co_varnames[code.co_argcount:code.co_argcount + code.co_kwonlyargcount]
    named = {k: _word(a) or kinds.kind_of_atom(a, context) for k, a in call.kwargs}
    if len(given) > len(names) or not _is_steady(fn) or is_of_datasets(fn) or not named.keys() <= {
            *names[len(given):], *only}:
        return None
    said = [_word(a) or k for a, k in zip(call.args, given, strict=False)] \
        if len(call.args) == len(given) else given
    here = {**dict(zip(names, said, strict=False)), **named}
    values = fn.__defaults__ or ()
    for name, value in (*zip(names[len(names) - len(values):], values, strict=True),
                        *(fn.__kwdefaults__ or {}).items()):
        here.setdefault(name, _word(Const(value)) or kind_of(value, name))
    arguments = {n: begun.as_given(kind, n) for n, kind in here.items()}
    key = variants.key_of(fn, arguments)
    found = _results.get(key)
    if found is None and variants.are_many(fn, arguments):
        here, arguments = variants.widened(here), variants.widened(arguments)
        key = variants.key_of(fn, arguments)
        found = _results.get(key)
    if found is None or not found.holds():
        found = recursion.found(key, fn.__code__, tuple(arguments.values()), context,
                                lambda: _result(fn, arguments), _keep)
    return None if found is None else (found, _dims(arguments, here))


def _word(a: Any) -> Kind | None:
    """The kind of an option that is written down: which one it is."""
    known = isinstance(a, Const) and type(a.value) is str and len(a.value) <= WORD
    return Kind(str, value=a.value) if known else None


def _is_steady(fn: types.FunctionType) -> bool:
    """What it captures are functions and numbers, of which guards see whether they change."""
    try:
        # A proxy of what is gone may be asked for nothing.
        return all(issubclass(type(c.cell_contents), _CAPTURED) for c in fn.__closure__ or ())
    except ValueError:
        return False  # not bound yet


_CAPTURED = (types.FunctionType, types.BuiltinFunctionType, np.ufunc, float, int, str, type(None))


def _keep(key: Any, found: Result) -> None:
    if len(_results) >= REMEMBERED:
        del _results[next(iter(_results))]
    _results[key] = found


def _result(fn: Any, arguments: dict[str, Kind]) -> Result:
    from s2sdiff.compiler import stages

    try:
        made = stages(fn, begun.request_for(arguments), arguments, "propagate", kept=True)
    except errors.DifferentiationError:
        return Result(ANY)
    function, context = made["propagate"], made["context"]
    result = activity.result_of(function)
    found = _lasting(kinds.kind_of_atom(result, context))
    written = _written(function, fn, context)
    guards = tuple(replace(g, owner=fn) if g.owner is None else g for g in context.guards.values())
    return Result(found, written, _sets(function, context), guards,
                  tuple(context.rules.values()),
                  recursion.base_of(function, result, context, _lasting),
                  tuple([as_it_is(f) for f, _ in context.rules.values()
                         if type(f) is types.FunctionType and not _own(f)]))


def _written(function: Function, fn: Any, context: Context) -> frozenset:
    def kind(a: Any) -> Kind:
        known = kinds.kind_of_atom(a, context)
        return ANY if known.type in _WITH_ATTRIBUTES else known

    with notes.noting(context.guard, fn):
        return effects_of_bodies.of_known(
            function, fn, kind, lambda s: effects.written_by(s, fn, kind, context),
            effects.written_by)


def _lasting(kind: Kind) -> Kind:
    """What is known of a value that a caller may write into; of dicts and objects, nothing."""
    if kind.each is not None and kind.each.is_scalar:
        return staying.alike(kind)  # whoever writes another kind of item into it tells
    if kind.is_number:
        return kind._replace(value=None)
    if kind.items is not None and kind.is_tuple:
        return kind._replace(items=tuple(map(_lasting, kind.items)))
    # Of a text a caller must know that it is one: a number may be read back from it.
    return Kind(kind.type) if kind.type in (str, bytes) else ANY


def _dims(arguments: dict[str, Kind], here: dict[str, Kind]) -> dict[Dim, Dim]:
    """What the dimensions that a callee's arguments have are called by its caller."""
    return {p: q for n, k in arguments.items()
            for p, q in zip(_all_dims(k), _all_dims(here[n]), strict=True)}


def _all_dims(kind: Kind) -> Iterator[Dim]:
    yield from kind.shape or ()
    for item in kind.items or ():
        yield from _all_dims(item)


def _named_here(kind: Kind, dims: dict[Dim, Dim]) -> Kind:
    """A result's kind with the caller's dimensions; of others nothing is known."""
    if kind.items is not None:
        return kind._replace(items=tuple([_named_here(k, dims) for k in kind.items]))
    shape = kind.shape and tuple([
        d if d == 1 or d[0] == "#" else dims.get(d) or _another(d) for d in kind.shape])
    return kind._replace(shape=shape, dim=dims.get(kind.dim))


def _another(dim: str) -> Dim:
    """A dimension that is none of the caller's; whether it may be 1 is still known."""
    return unknown_dim() if dim[0] == "?" else unknown_dim().replace("?", "+")
