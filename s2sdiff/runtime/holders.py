"""Calls by place of what holds some of its arguments: bound methods, partials, defaults."""

from __future__ import annotations

import types
from collections.abc import Callable
from typing import Any

from s2sdiff.errors import refusal
from s2sdiff.runtime import calls, nested, raising, standins
from s2sdiff.runtime.attributes import must_have_place
from s2sdiff.runtime.handed_defaults import capturing
from s2sdiff.runtime.marking import written
from s2sdiff.runtime.outside import cannot_matter
from s2sdiff.runtime.shadow_slots import add_slot, slot
from s2sdiff.runtime.shadows import Bars
from s2sdiff.runtime.values import Slots, argument, is_inert

__all__ = ["Call", "captures", "made_function", "of_callable", "of_function", "of_partial",
           "shifted"]

Call = Callable[..., tuple[Any, Any]]


def shifted(holder: Any, fn: Any, first: tuple, wrt: Slots, args: tuple,
            kwargs: dict[str, Any], call: Call) -> tuple[Any, Any]:
    """A call of what holds its first arguments: their cotangents are in its slots."""
    n = len(first)
    own = tuple(i for i, a in enumerate(first) if not is_inert(a))
    moved = tuple(slot + n if isinstance(slot, int) else slot for slot in wrt)
    value, pullback = call(fn, (*own, *moved), (*first, *args), kwargs)

    def pull(bar: Any, bars: Bars) -> tuple:
        entries = pullback(bar, bars)
        for i, entry in zip(own, entries[:len(own)], strict=True):
            add_slot(bars, holder, i, entry)
        return entries[len(own):]

    return value, pull


def of_callable(fn: Any, wrt: Slots, args: tuple, kwargs: dict[str, Any],
                call: Call) -> tuple[Any, Any]:
    """A call of an object whose class has `__call__`, written in Python."""
    must_have_place(fn)
    return shifted(fn, type(fn).__call__, (fn,), wrt, args, kwargs, call)


def of_partial(fn: Any, wrt: Slots, args: tuple, kwargs: dict[str, Any],
               call: Call) -> tuple[Any, Any]:
    """A call of a `functools.partial`."""
    given = {k: v for k, v in fn.keywords.items() if k not in kwargs}
    names = tuple(k for k, v in given.items() if not is_inert(v))
    value, pullback = shifted(fn, fn.func, fn.args, (*names, *wrt), args, {**given, **kwargs},
                              call)

    def pull(bar: Any, bars: Bars) -> tuple:
        entries = pullback(bar, bars)
        for name, entry in zip(names, entries[:len(names)], strict=True):
            add_slot(bars, fn.keywords, name, entry)
        return entries[len(names):]

    return value, pull


def of_function(fn: Any, wrt: Slots, args: tuple, kwargs: dict[str, Any],
                call: Call, tries: bool = False) -> tuple[Any, Any]:
    """A call of a Python function; it `tries` where `call` gives what is raised."""
    stands_in = fn.__dict__.get("__s2sdiff_stands_in__")
    if stands_in is not None and not tries:
        # It is there for values that carry tangents; its derivative is that of the other one.
        of, finish = stands_in
        value, pullback = call(of, wrt, args, kwargs)
        return value if finish is None else finish(value), pullback
    target = nested.innermost(fn)
    held = _defaults(target, args, kwargs) if isinstance(target, types.FunctionType) and (
        target is fn or "<locals>" in target.__qualname__) and fn not in nested.OPERATORS else {}
    if held and target is not fn:
        return _with_defaults(fn, target, held, wrt, args, kwargs, call)
    inner, cells = capturing(fn, args, kwargs) if fn in nested.OPERATORS else (None, {})
    if cells:
        return _with_cells(fn, inner, cells, wrt, args, kwargs, call)
    if fn in nested.OPERATORS or target is not fn:
        def way() -> tuple[Any, Any]:
            return of_function(nested.again(fn, args, kwargs), wrt, args, kwargs, call, tries)

        return way() if tries or nested.backward is None else nested.backward(
            fn, wrt, args, kwargs, way, True)
    if fn.__module__ == "s2sdiff.ops":
        raise refusal(calls.UnsupportedError,
                      f"{fn.__doc__} with active values has no derivative",
                      "keep active values in floats, arrays and tuples")
    own = (fn.__module__ or "").startswith("s2sdiff.runtime") and \
        not standins.is_standin(fn.__module__) and not captures(fn) and \
        all(is_inert(argument(slot, args, kwargs)) for slot in wrt)
    if own or cannot_matter(fn, args, kwargs):
        return raising.unless_raised(fn, wrt, args, kwargs, tries)
    if held:
        return _with_defaults(fn, fn, held, wrt, args, kwargs, call)
    assert calls.derive is not None
    if tries:
        value, pullback = raising.outcome(fn, wrt, args, kwargs)
    else:
        value, pullback = calls.derive(fn, wrt, True, True)(*args, **kwargs)
    if len(wrt) == 1:
        return value, lambda bar, bars: (pullback(bar, bars),)
    return value, pullback


def captures(fn: Any) -> bool:
    """A pullback of a helper's, say: its cells may hold what varies."""
    return any(c != _EMPTY and not is_inert(c.cell_contents) for c in fn.__closure__ or ())


_EMPTY = types.CellType()


def made_function(fn: Any, wrt: Slots, args: tuple, kwargs: dict[str, Any]) -> tuple[Any, Any]:
    """A nested function: its cells and its defaults have their cotangents by place."""
    made = fn(*args, **kwargs)
    if isinstance(made, type):
        # What its methods capture has its cotangents in cells.
        return made, lambda bar, bars: (None,) * len(wrt)
    names = _parameters_of(made)

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


def _parameters_of(fn: Any) -> tuple[str, ...]:
    """The names of a function's parameters that are not stars, in order."""
    code = fn.__code__
    return code.co_varnames[:code.co_argcount + code.co_kwonlyargcount]


def _defaults(fn: Any, args: tuple, kwargs: dict[str, Any]) -> dict[str, Any]:
    """Defaults that a call uses and that may be differentiable, by parameter."""
    if not fn.__defaults__ and not fn.__kwdefaults__:
        return {}
    found = nested.defaults(fn, args, kwargs)
    return {n: v for n, v in found.items() if not is_inert(v)}


def _with_cells(fn: Any, inner: Any, cells: dict[str, Any], wrt: Slots, args: tuple,
                kwargs: dict[str, Any], call: Call) -> tuple[Any, Any]:
    """An operator's call of a function with defaults: what the cells get of it lies with that."""
    value, pullback = call(fn, wrt, (inner, *args[1:]), kwargs)

    def pull(bar: Any, bars: Bars) -> tuple:
        entries = pullback(bar, bars)
        for name, cell in cells.items():
            add_slot(bars, written(args[0]), name, slot(bars, cell, "cell_contents"))
        return entries

    return value, pull


def _with_defaults(fn: Any, of: Any, held: dict[str, Any], wrt: Slots, args: tuple,
                   kwargs: dict[str, Any], call: Call) -> tuple[Any, Any]:
    """A call that uses the defaults `of` a function, of that or of a derivative of it: they are
    handed over; their cotangents lie with the function."""
    names, values = _parameters_of(of), of.__defaults__ or ()
    count = of.__code__.co_argcount
    # A derivative with respect to one of them takes it by position.
    first = count if of is not fn and kwargs.keys().isdisjoint(names[:count]) and \
        len(args) >= count - len(values) else of.__code__.co_posonlyargcount
    if any(n in names[:first] for n in held):
        # Parameters without a keyword get their defaults by position, as do all before them.
        upto = max(i for i, n in enumerate(names[:first]) if n in held) + 1
        args = (*args, *values[len(args) - count + len(values):upto - count + len(values)])
    placed = names[:min(len(args), count)]
    slots = [names.index(n) if n in placed else n for n in held]
    named = {n: v for n, v in held.items() if n not in placed}
    value, pullback = call(fn, (*slots, *wrt), args, {**named, **kwargs})

    def pull(bar: Any, bars: Bars) -> tuple:
        entries = pullback(bar, bars)
        for name, entry in zip(held, entries[:len(held)], strict=True):
            add_slot(bars, written(of), name, entry)
        return entries[len(held):]

    return value, pull
