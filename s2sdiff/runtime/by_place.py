"""Calls in code that may write: `value, pullback = call(wrt, fn, *args)`, `pullback(bar, bars)`.

`bars` is the table of shadows (`shadows`).  Only cotangents without a place travel as `bar` and as
entries, which are those of numbers and of the numbers in tuples; all others are in the table.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
import sys
import types
from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff import registry
from s2sdiff.errors import refusal
from s2sdiff.registry import Rule
from s2sdiff.runtime import (
    calls,
    cells,
    constructors,
    copies,
    fields,
    items,
    object_arrays,
    raising,
    reasons,
    standins,
    standins_managers,
    unseen,
)
from s2sdiff.runtime.arrays import copy, match
from s2sdiff.runtime.dispatched import implementation, run
from s2sdiff.runtime.iterated import iterated
from s2sdiff.runtime.outside import cannot_matter
from s2sdiff.runtime.proxies import through
from s2sdiff.runtime.rule_calls import place_of_out, rule_caller
from s2sdiff.runtime.shadows import (
    Bars,
    add_slot,
    deposit,
    of_fields,
    owner_of,
    parts,
    shadow,
    slot,
    slots,
    withdraw,
)
from s2sdiff.runtime.sharing import shared, shares
from s2sdiff.runtime.structures import holds_numbers
from s2sdiff.runtime.values import Slots, argument, is_inert, plain
from s2sdiff.runtime.views import VIEWS
from s2sdiff.runtime.walks import Walk

__all__ = [
    "applied", "apply_by_place", "attribute_by_place", "bare", "call_by_place", "call_writing",
    "called", "called_method", "method_by_place", "method_writing", "of_function", "of_partial",
    "shifted", "zeroed",
]

Pullback = Callable[[Any, Bars], Any]
Call = Callable[..., tuple[Any, Any]]


def call_by_place(wrt: Slots, fn: Any, /, *args: Any, **kwargs: Any) -> tuple[Any, Pullback]:
    """`fn(*args, **kwargs)`, of whatever it turns out to be."""
    unseen.check(fn, args)
    return call_writing(wrt, fn, *args, **kwargs)


def call_writing(wrt: Slots, fn: Any, /, *args: Any, **kwargs: Any) -> tuple[Any, Pullback]:
    """`call_by_place` in code that knows what an operator writes."""
    if fn is globals:
        # Those of the code that calls, and not of this module.
        return sys._getframe(2).f_globals, lambda bar, bars: ()
    value, pullback = called(fn, wrt, args, kwargs)
    return value, bare(pullback, wrt, args, kwargs)


def method_by_place(wrt: Slots, name: str, owner: Any, /, *args: Any,
                    **kwargs: Any) -> tuple[Any, Pullback]:
    """`owner.name(*args, **kwargs)`; slot 0 is the owner."""
    unseen.check_method(owner, name)
    return method_writing(wrt, name, owner, *args, **kwargs)


def method_writing(wrt: Slots, name: str, owner: Any, /, *args: Any,
                   **kwargs: Any) -> tuple[Any, Pullback]:
    """`method_by_place` in code that knows what the method writes."""
    value, pullback = called_method(wrt, name, owner, args, kwargs)
    return value, bare(pullback, wrt, (owner, *args), kwargs)


def attribute_by_place(wrt: Slots, name: str, owner: Any) -> tuple[Any, Pullback]:
    """`owner.name`, through properties, too."""
    value, pullback = fields.read(owner, name, called)
    return value, bare(pullback, (0,), (owner,), {}) if wrt else pullback


def apply_by_place(fn: Any, args: tuple, kwargs: dict[str, Any]) -> tuple[Any, Pullback]:
    """`fn(*args, **kwargs)`; the pullback gives a tuple and a dict of cotangents."""
    return applied(fn, args, kwargs, called)


def applied(fn: Any, args: tuple, kwargs: dict[str, Any],
            call: Call) -> tuple[Any, Pullback]:
    """`apply_by_place`, where `call` is `called` or `tried.attempted`."""
    wrt: Slots = tuple(i for i, a in enumerate(args) if not is_inert(a)) + tuple(
        k for k, v in kwargs.items() if not is_inert(v))
    value, pullback = call(fn, wrt, args, kwargs)

    def pull(bar: Any, bars: Bars) -> tuple[tuple, dict]:
        found = dict(zip(wrt, pullback(bar, bars), strict=True))
        return tuple(found.get(i) for i in range(len(args))), {k: found.get(k) for k in kwargs}

    return value, pull


def bare(pullback: Any, wrt: Slots, args: tuple, kwargs: dict[str, Any]) -> Pullback:
    """One entry is given as it is, several as a tuple; a number's is one, if only zero."""
    given = [argument(slot, args, kwargs) for slot in wrt]
    like = [x if isinstance(x, (float, complex, np.inexact)) else None for x in given]

    def bare(bar: Any, bars: Bars) -> Any:
        found = [e if x is None else match(e, x)
                 for e, x in zip(pullback(bar, bars), like, strict=True)]
        return found[0] if len(found) == 1 else tuple(found)

    return bare


# ---------------------------------------------------------------------------- what is called


def called(fn: Any, wrt: Slots, args: tuple, kwargs: dict[str, Any]) -> tuple[Any, Any]:
    """A call; its pullback gives a tuple of entries, one for each slot."""
    if isinstance(fn, cells.Maker):
        return _made_function(fn, wrt, args, kwargs)
    if fn is cells.cell:
        made = cells.cell(*args)
        return made, lambda bar, bars: tuple(slot(bars, made, "cell_contents") for _ in wrt)
    if fn is vars and len(args) == 1:
        return vars(*args), lambda bar, bars: (None,) * len(wrt)
    if fn is np.frompyfunc or fn is super or constructors.decorates(fn):
        return fn(*args, **kwargs), lambda bar, bars: (None,) * len(wrt)
    if args and type(args[0]) is types.MappingProxyType:
        fn, args = through(fn, args)
    if type(kwargs.get("out")) is tuple:
        kwargs = {**kwargs, "out": _only(kwargs["out"])}
    other = standins.for_call(fn, kwargs)
    if other is not None:
        return called(other, wrt, args, kwargs)
    walked = iterated(fn, wrt, args, kwargs, called) if isinstance(fn, _DRAWING) else None
    if walked is not None:
        return walked
    special = SPECIAL.get(fn) if isinstance(fn, _LOOKED_UP) else None
    if special is not None and not kwargs:
        found = special(fn, wrt, args, called)
        if found is not None:
            return found
    if fn is _ASTYPE and object_arrays.holds_objects(args[0]):
        return object_arrays.converted(wrt, args, kwargs)
    rule = registry.find(fn)
    if rule is not None and _fills(fn, rule, args, kwargs):
        rule = registry.find(fn, "out") or rule
    if rule is not None:
        return _ruled(fn, rule, wrt, args, kwargs)
    if isinstance(fn, types.MethodType):
        return shifted(fn, fn.__func__, (fn.__self__,), wrt, args, kwargs)
    if isinstance(fn, functools.partial):
        return of_partial(fn, wrt, args, kwargs)
    if isinstance(fn, types.FunctionType):
        written = constructors.initialised(fn, wrt, args, kwargs, called)
        return of_function(fn, wrt, args, kwargs) if written is None else written
    owner = getattr(fn, "__self__", None)
    if isinstance(fn, types.MethodWrapperType):
        return shifted(fn, getattr(fn.__objclass__, fn.__name__), (owner,), wrt, args, kwargs)
    if isinstance(fn, types.BuiltinMethodType) and owner is not None \
            and not isinstance(owner, types.ModuleType) and hasattr(type(owner), fn.__name__) \
            and not isinstance(owner, type):
        return shifted(fn, _descriptor(fn, owner), (owner,), wrt, args, kwargs)
    if isinstance(fn, type):
        made = constructors.constructed(fn, wrt, args, kwargs, called)
        if made is not None:
            return made
    elif isinstance(getattr(type(fn), "__call__", None), types.FunctionType):  # noqa: B004
        return shifted(fn, type(fn).__call__, (fn,), wrt, args, kwargs)
    cached = isinstance(fn, functools._lru_cache_wrapper)
    if cached:
        # What was kept has no pullback; a pure function gives the same again.
        return called(fn.__wrapped__, wrt, args, kwargs)
    behind = implementation(fn, args, kwargs)
    if behind is not None:
        return run(fn, args, kwargs, lambda: called(behind, wrt, args, kwargs))
    plain_kind = isinstance(fn, (types.BuiltinFunctionType, np.ufunc, type,
                                 types.MethodWrapperType, *_DESCRIPTORS))
    if (plain_kind or not holds_numbers(fn)) and all(
            is_inert(argument(slot, args, kwargs)) for slot in wrt):
        return fn(*args, **kwargs), lambda bar, bars: (None,) * len(wrt)
    if fn in _FIELD_READERS:
        # With what has no such field it raises, as the plain call does.
        value = fn(*args, **kwargs)
        if is_inert(value):
            return value, lambda bar, bars: (None,) * len(wrt)
    raise reasons.unknown(fn)


#: What may draw all items of its first argument.
_DRAWING = (types.BuiltinFunctionType, types.FunctionType, types.MethodDescriptorType, type)

#: Of `cls.__dict__["name"]`: what gives the field of an object.
_FIELD_READERS = (types.MemberDescriptorType.__get__, types.GetSetDescriptorType.__get__)

_ASTYPE = vars(np.ndarray)["astype"]

#: What may have a way of its own.
_LOOKED_UP = (types.BuiltinFunctionType, types.FunctionType, type)

_DESCRIPTORS = (types.MethodDescriptorType, types.WrapperDescriptorType,
                types.ClassMethodDescriptorType)


def _descriptor(fn: Any, owner: Any) -> Any:
    """What a builtin method is in the class that it comes from: `super()` passes over others."""
    for cls in type(owner).__mro__:
        found = vars(cls).get(fn.__name__)
        if isinstance(found, _DESCRIPTORS) and found.__get__(owner, type(owner)) == fn:
            return found
    return getattr(type(owner), fn.__name__)


def _only(out: tuple) -> Any:
    """The one array in a tuple for `out=`."""
    if len(out) == 1:
        return out[0]
    raise refusal(calls.UnsupportedError, f"out= with a tuple of {len(out)}",
                  "call it without out=, and write into the arrays afterwards")


def shifted(holder: Any, fn: Any, first: tuple, wrt: Slots, args: tuple,
            kwargs: dict[str, Any], call: Call | None = None) -> tuple[Any, Any]:
    """A call of what holds its first arguments: their cotangents are in its slots."""
    n = len(first)
    own = tuple(i for i, a in enumerate(first) if not is_inert(a))
    moved = tuple(slot + n if isinstance(slot, int) else slot for slot in wrt)
    value, pullback = (call or called)(fn, (*own, *moved), (*first, *args), kwargs)

    def pull(bar: Any, bars: Bars) -> tuple:
        entries = pullback(bar, bars)
        for i, entry in zip(own, entries[:len(own)], strict=True):
            add_slot(bars, holder, i, entry)
        return entries[len(own):]

    return value, pull


def of_partial(fn: Any, wrt: Slots, args: tuple, kwargs: dict[str, Any],
               call: Call | None = None) -> tuple[Any, Any]:
    """A call of a `functools.partial`."""
    given = {k: v for k, v in fn.keywords.items() if k not in kwargs}
    names = tuple(k for k, v in given.items() if not is_inert(v))
    value, pullback = shifted(fn, fn.func, fn.args, (*names, *wrt), args, {**given, **kwargs},
                              call)

    def pull(bar: Any, bars: Bars) -> tuple:
        entries = pullback(bar, bars)
        for name, entry in zip(names, entries[:len(names)], strict=True):
            add_slot(bars, fn, name, entry)
        return entries[len(names):]

    return value, pull


def of_function(fn: Any, wrt: Slots, args: tuple, kwargs: dict[str, Any],
                call: Call | None = None) -> tuple[Any, Any]:
    """A call of a Python function; of `tried.attempted` where `call` is that."""
    if fn.__module__ == "s2sdiff.ops":
        raise refusal(calls.UnsupportedError,
                      f"{fn.__doc__} with active values has no derivative",
                      "keep active values in floats, arrays and tuples")
    own = (fn.__module__ or "").startswith("s2sdiff.runtime") and \
        not standins.is_standin(fn.__module__)
    if own or cannot_matter(fn, args, kwargs):
        return raising.unless_raised(fn, wrt, args, kwargs, call is not None)
    held = _defaults(fn, args, kwargs)
    if held:
        return _with_defaults(fn, held, wrt, args, kwargs, call)
    assert calls.derive is not None
    if call is None:
        value, pullback = calls.derive(fn, wrt, True, True)(*args, **kwargs)
    else:
        value, pullback = raising.outcome(fn, wrt, args, kwargs)
    if len(wrt) == 1:
        return value, lambda bar, bars: (pullback(bar, bars),)
    return value, pullback


def _made_function(fn: Any, wrt: Slots, args: tuple, kwargs: dict[str, Any]) -> tuple[Any, Any]:
    """A nested function: its cells and its defaults have their cotangents by place."""
    made = fn(*args, **kwargs)
    if isinstance(made, type):
        # What its methods capture has its cotangents in cells.
        return made, lambda bar, bars: (None,) * len(wrt)
    names = parameters_of(made)

    def pull(bar: Any, bars: Bars) -> tuple:
        found: dict[Any, Any] = {}
        if "defaults" in wrt:
            count = len(made.__defaults__ or ())
            plain = names[:made.__code__.co_argcount]
            found["defaults"] = tuple(slot(bars, made, n) for n in plain[len(plain) - count:])
        if "kwdefaults" in wrt:
            for n in made.__kwdefaults__ or {}:
                add_slot(bars, kwargs["kwdefaults"], n, slot(bars, made, n))
        return tuple(found.get(s) for s in wrt)

    return made, pull


def parameters_of(fn: Any) -> tuple[str, ...]:
    """The names of a function's parameters that are not stars, in order."""
    code = fn.__code__
    return code.co_varnames[:code.co_argcount + code.co_kwonlyargcount]


def _defaults(fn: Any, args: tuple, kwargs: dict[str, Any]) -> dict[str, Any]:
    """Defaults that a call uses and that may be differentiable, by parameter."""
    values, names = fn.__defaults__ or (), parameters_of(fn)
    if not values and not fn.__kwdefaults__:
        return {}
    count = fn.__code__.co_argcount
    found = dict(zip(names[count - len(values):count], values, strict=True))
    for name in names[:min(len(args), count)]:
        found.pop(name, None)
    found.update(fn.__kwdefaults__ or {})
    return {n: v for n, v in found.items() if n not in kwargs and not is_inert(v)}


def _with_defaults(fn: Any, held: dict[str, Any], wrt: Slots, args: tuple,
                   kwargs: dict[str, Any], call: Call | None) -> tuple[Any, Any]:
    """A call that uses defaults: they are handed over; their cotangents lie with the function."""
    names, values = parameters_of(fn), fn.__defaults__ or ()
    count, first = fn.__code__.co_argcount, fn.__code__.co_posonlyargcount
    if any(n in names[:first] for n in held):
        # Parameters without a keyword get their defaults by position, as do all before them.
        upto = max(i for i, n in enumerate(names[:first]) if n in held) + 1
        args = (*args, *values[len(args) - count + len(values):upto - count + len(values)])
    placed = names[:min(len(args), count)]
    slots = [names.index(n) if n in placed else n for n in held]
    named = {n: v for n, v in held.items() if n not in placed}
    value, pullback = (call or called)(fn, (*slots, *wrt), args, {**named, **kwargs})

    def pull(bar: Any, bars: Bars) -> tuple:
        entries = pullback(bar, bars)
        for name, entry in zip(held, entries[:len(held)], strict=True):
            add_slot(bars, fn, name, entry)
        return entries[len(held):]

    return value, pull


def called_method(wrt: Slots, name: str, owner: Any, args: tuple,
                  kwargs: dict[str, Any], call: Call | None = None) -> tuple[Any, Any]:
    """A call of a method, as `called`; slot 0 is the owner."""
    call = call or called
    if type(owner) is contextlib._GeneratorContextManager:
        owner = standins_managers.converted(owner)
        if type(owner) is contextlib._GeneratorContextManager:
            return getattr(owner, name)(*args, **kwargs), lambda bar, bars: (None,) * len(wrt)
    # `super()` and modules have the method themselves; a field may hold a function.
    held = getattr(owner, "__dict__", None)
    direct = isinstance(owner, (type, types.ModuleType, super)) or (
        isinstance(held, dict) and name in held)
    raw = None if direct else inspect.getattr_static(type(owner), name, None)
    if not direct and (raw is None or isinstance(raw, (property, functools.cached_property))
                       or (isinstance(getattr(type(raw), "__get__", None), types.FunctionType)
                           and registry.find(raw) is None)):
        return _by_reading(wrt, name, owner, args, kwargs, call)
    found = None if direct else getattr(type(owner), name, None)
    if found is None or isinstance(found, property) or not callable(found):
        found, rest = getattr(owner, name), _rest(wrt)
        value, pullback = call(found, rest, args, kwargs)
        return value, lambda bar, bars: _with_owner(wrt, pullback(bar, bars))
    for cls in inspect.getmro(type(owner)):
        if name in vars(cls):
            raw = vars(cls)[name]
            break
    else:
        raw = found
    if isinstance(raw, (staticmethod, classmethod, types.GetSetDescriptorType, type)):
        value, pullback = call(getattr(owner, name), _rest(wrt), args, kwargs)
        return value, lambda bar, bars: _with_owner(wrt, pullback(bar, bars))
    return call(raw if not hasattr(raw, "__get__") or registry.find(raw) else found, wrt,
                  (owner, *args), kwargs)


def _by_reading(wrt: Slots, name: str, owner: Any, args: tuple, kwargs: dict[str, Any],
                call: Call) -> tuple[Any, Any]:
    """A call of what code of the class gives for an attribute."""
    method, back = fields.read(owner, name, call)
    if isinstance(method, raising.Raised):
        return method, lambda bar, bars: tuple(
            g if s == 0 else None for (g,) in [back(None, bars)] for s in wrt)
    value, pullback = call(method, _rest(wrt), args, kwargs)

    def pull(bar: Any, bars: Bars) -> tuple:
        entries = pullback(bar, bars)
        (mine,) = back(None, bars)
        return (mine, *entries) if 0 in wrt else entries

    return value, pull


def _rest(wrt: Slots) -> Slots:
    return tuple(s - 1 if isinstance(s, int) else s for s in wrt if s != 0)


def _with_owner(wrt: Slots, entries: tuple) -> tuple:
    return (None, *entries) if 0 in wrt else entries


# -------------------------------------------------------------------------------------- rules


def _ruled(fn: Any, rule: Rule, wrt: Slots, args: tuple,
           kwargs: dict[str, Any]) -> tuple[Any, Any]:
    given = [argument(slot, args, kwargs) for slot in wrt]
    if rule.constant or (not rule.writes and all(map(is_inert, given))):
        return calls.plainly(fn, args, kwargs), lambda bar, bars: (None,) * len(wrt)
    if rule.writes:
        return _mutated(rule, wrt, args, kwargs)
    if fn is sum and adds_objects(*args, *kwargs.values()):
        return called(standins.sum_, wrt, args, kwargs)
    if shares(rule):
        return shared(rule, wrt, args, kwargs)
    if rule.pure and not plain_enough(rule, (*args, *kwargs.values())):
        found = items.overloaded(fn, args)
        if found is not None:
            return called(found, wrt, args, kwargs)
    views = fn in VIEWS
    if views or _hands_on(fn, rule, (*args, *kwargs.values())):
        value, pullback = calls.called(fn, wrt, args, kwargs, False)
    else:
        value, pullback = _on_copies(fn, wrt, args, kwargs)
    stand_ins = [parts(x) for x in given]
    result = parts(value)

    def pull(bar: Any, bars: Bars) -> tuple:
        if _shows(value, given):
            return (None,) * len(wrt)
        seed = withdraw(bars, result, bar)
        if seed is None:
            return (None,) * len(wrt)
        entries = pullback(zeroed(seed, result))
        entries = (entries,) if len(wrt) == 1 else entries
        return tuple(deposit(bars, x, e) for x, e in zip(stand_ins, entries, strict=True))

    return value, pull


def adds_objects(items: Any, start: Any = 0) -> bool:
    """What `sum` is given may be objects of the user's, which say what adding is."""
    known = isinstance(items, (list, tuple, set, frozenset, dict, deque, Walk))
    inside = items.items if isinstance(items, Walk) else items
    return not plain(start) or (known and not all(map(plain, inside)))


def _hands_on(fn: Any, rule: Rule, values: tuple) -> bool:
    """What it is given may be in what it gives, as an item of a list is."""
    owner = getattr(fn, "__objclass__", None)
    module = getattr(fn, "__module__", None) or getattr(owner, "__module__", "") or ""
    if owner is not None and issubclass(owner, (list, dict, tuple, set, deque)):
        return True
    return module.partition(".")[0] in _CONTAINING and any(
        isinstance(v, (list, dict, tuple, set, deque)) or not plain(v) for v in values)


_CONTAINING = frozenset({
    "builtins", "_operator", "operator", "itertools", "collections", "copy", "functools",
    "_functools", "s2sdiff", "dataclasses",
})


def _on_copies(fn: Any, wrt: Slots, args: tuple, kwargs: dict[str, Any]) -> tuple[Any, Any]:
    """A rule's call on copies, which nobody writes; what it gives of them is given as it is."""
    own = tuple(copy(a) for a in args), {k: copy(v) for k, v in kwargs.items()}
    value, pullback = calls.called(fn, wrt, *own, False)
    rule = registry.find(fn)
    if rule is not None and not rule.pure:
        _unchanged(fn, (*args, *kwargs.values()), (*own[0], *own[1].values()))
    if isinstance(value, (np.ndarray, tuple, list)) and \
            _shows_some(value, [*own[0], *own[1].values()]):
        # A view, or the argument itself: that of what was given.
        return fn(*args, **kwargs), pullback
    return (copy(value) if isinstance(value, np.ndarray) else value), pullback


def _unchanged(fn: Any, given: tuple, own: tuple) -> None:
    """Refuse a user's derivative that writes into what it is given and does not say so."""
    for x, mine in zip(given, own, strict=True):
        if isinstance(x, np.ndarray) and x.dtype.kind in "fciub" and not np.array_equal(
                x, mine, equal_nan=x.dtype.kind in "fc"):
            raise refusal(calls.UnsupportedError,
                          f"{reasons.name_of(fn)} writes into an array that it is given, and its "
                          "derivative does not know it",
                          "register it with writes=, or let it work on a copy")


def _shows_some(value: Any, given: list[Any]) -> bool:
    leaves = value if isinstance(value, (tuple, list)) else (value,)
    owners = {id(owner_of(a)) for a in given if isinstance(a, np.ndarray)}
    return any(isinstance(v, np.ndarray) and id(owner_of(v)) in owners for v in leaves)


def _fills(fn: Any, rule: Rule, args: tuple, kwargs: dict[str, Any]) -> bool:
    """The result is written into an argument."""
    out = kwargs.get("out")
    if (out is not None and out is not ...) or kwargs.get("copy") is False:
        return True
    if isinstance(fn, np.ufunc):
        return any(a is not None for a in args[fn.nin:])
    if len(args) < 2:
        return False
    if rule.function is None:
        into = registry.find(fn, "out")
        at = None if into is None else place_of_out(into.function)
        return at is not None and any(a is not None for a in args[at:at + 1])
    at = place_of_out(rule.function)
    kinds = [p.kind for p in inspect.signature(rule.function).parameters.values()]
    if at is None and inspect.Parameter.VAR_POSITIONAL not in kinds and len(args) > sum(
            kind in (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
            for kind in kinds):
        return registry.find(fn, "out") is not None
    return at is not None and any(a is not None for a in args[at:at + 1])


def plain_enough(rule: Rule, values: tuple) -> bool:
    """A library rule speaks of these arguments."""
    return getattr(rule.function, "__s2sdiff_any__", False) or all(plain(v) for v in values)


def _shows(value: Any, given: list[Any]) -> bool:
    """A value is a view of an argument, or made of such."""
    leaves = value if isinstance(value, (tuple, list)) else (value,)
    owners = {id(owner_of(a)) for a in given if isinstance(a, np.ndarray)}
    return bool(owners) and bool(leaves) and all(
        isinstance(v, np.ndarray) and id(owner_of(v)) in owners for v in leaves)


def zeroed(seed: Any, value: Any) -> Any:
    """A cotangent for a called pullback: zeros where a number's or an array's is absent."""
    if isinstance(value, (float, complex, np.generic, np.ndarray)):
        return match(seed, value)
    if isinstance(value, tuple):
        known = (None,) * len(value) if seed is None else seed
        found = [zeroed(g, v) for g, v in zip(known, value, strict=True)]
        return type(value)(*found) if hasattr(value, "_fields") else tuple(found)
    return seed


def _mutated(rule: Rule, wrt: Slots, args: tuple, kwargs: dict[str, Any]) -> tuple[Any, Any]:
    """A call of what changes arguments in place: their shadows are changed back in place."""
    caller = rule_caller(rule, wrt)
    bound = caller.bound(args, kwargs)
    targets = [bound[name] for name in rule.writes]
    given = [parts(argument(slot, args, kwargs)) for slot in wrt]
    if isinstance(targets[0], np.ndarray):
        # What it reads on the way back may be written by others until then.
        args = tuple(_own(a, targets) for a in args)
        kwargs = {k: _own(a, targets) for k, a in kwargs.items()}
    value, pullback = caller.function(*args, **kwargs)

    def pull(bar: Any, bars: Bars) -> tuple:
        shadows = [_shadow(bars, t) for t in targets]
        if any(value is t for t in targets):
            seed = bar
        else:
            # What an operator made anew instead is nobody else's.
            seed = zeroed(withdraw(bars, value, bar) if rule.of in items.IN_PLACE else bar, value)
        entries = caller._entries(pullback(seed, *(s for s, _ in shadows)))
        for made, back in shadows:
            back(made)
        return tuple(deposit(bars, x, e) for x, e in zip(given, entries, strict=True))

    return value, pull


def _own(a: Any, targets: list[Any]) -> Any:
    return copy(a) if isinstance(a, np.ndarray) and not any(a is t for t in targets) else a


def _shadow(bars: Bars, target: Any) -> tuple[Any, Callable[[Any], None]]:
    """A shadow as mutators' rules see it, and how it is put back."""
    if isinstance(target, tuple):
        # Several arrays for several results, as `out=` takes them.
        each = [_shadow(bars, t) for t in target]

        def put_back(made: Any) -> None:
            for (_, back), mine in zip(each, made, strict=True):
                back(mine)

        return tuple(mine for mine, _ in each), put_back
    if not isinstance(target, np.ndarray):
        return slots(bars, of_fields(target)), lambda made: None
    mine = shadow(bars, target)
    if target.dtype.kind != "c":
        return mine, lambda made: None
    return np.conj(mine), lambda made: mine.__setitem__(..., np.conj(made))


# ------------------------------------------------------------------------------- attributes


def _getattr(fn: Any, wrt: Slots, args: tuple, called: Any) -> Any:
    owner, name = args[:2]
    try:
        value, pullback = fields.read(owner, name, called)
    except AttributeError:
        if len(args) == 2:
            raise
        return args[2], lambda bar, bars: tuple(bar if s == 2 else None for s in wrt)

    def pull(bar: Any, bars: Bars) -> tuple:
        (mine,) = pullback(bar, bars)
        return tuple(mine if s == 0 else None for s in wrt)

    return value, pull


def _setattr(fn: Any, wrt: Slots, args: tuple, called: Any) -> Any:
    if isinstance(args[0], np.ndarray):
        return None
    owner, name, value = args
    ended, pullback = fields.write(owner, name, value, called)

    def pull(bar: Any, bars: Bars) -> tuple:
        (share,) = pullback(None, bars)
        return tuple(share if s == 2 else None for s in wrt)

    return ended, pull


def _delattr(fn: Any, wrt: Slots, args: tuple, called: Any) -> Any:
    _, pullback = fields.delete(*args)

    def pull(bar: Any, bars: Bars) -> tuple:
        pullback(None, bars)
        return (None,) * len(wrt)

    return None, pull


#: Builtin functions that look at the type of what they are given before rules are asked.
SPECIAL: dict[Any, Any] = {
    **items.SPECIAL, **copies.SPECIAL, getattr: _getattr, setattr: _setattr, delattr: _delattr,
}
