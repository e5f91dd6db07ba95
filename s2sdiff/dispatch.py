"""The callables that derivatives are: those of public operators, and `g_vjp` in generated code.

A warm call tests that nothing has changed since the last one, finds the code by its check, and
calls it.  All that is in one body each time: a further Python call would cost as much as ten
guards.
"""

from __future__ import annotations

import builtins
import functools
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff import boundary, nested_calls, registry
from s2sdiff.arguments import signature_names
from s2sdiff.cache import is_ruled, record_of, state_of
from s2sdiff.frontend.ends import ends_at
from s2sdiff.frontend.halves import halves
from s2sdiff.frontend.resumed import resumed
from s2sdiff.frontend.source import read
from s2sdiff.ir import replace
from s2sdiff.registry import PLAIN, overlay
from s2sdiff.runtime import (
    calls,
    drawing,
    iterated,
    match,
    nested,
    resuming,
    spelling,
    standins_managers,
    standins_solved,
    suspects,
    unseen,
)
from s2sdiff.runtime.batches import RUNS, apart, running
from s2sdiff.runtime.carried_runs import carrying
from s2sdiff.runtime.held_beside import own_arguments
from s2sdiff.runtime.nested import listed, spelled
from s2sdiff.runtime.outside import cannot_matter
from s2sdiff.runtime.outside_held import given_back, held_writes_refused
from s2sdiff.transforms import (
    audits,
    effects,
    implicit,
    known_effects,
    methods_run,
    plain_writes,
)
from s2sdiff.transforms.context import Request
from s2sdiff.written_again import again, code_for

__all__ = ["derived", "dispatcher", "gradient", "link", "linked", "picked"]


open_generators = resuming.OPEN


def gradient(fn: Any, request: Request, otherwise: Callable[..., Any],
             looked_at: Callable[[dict[str, Any]], None],
             finish: Callable[[Any], Any] | None) -> Callable[..., Any]:
    """The derivative of `fn` as a public operator gives it.

    Parameters
    ----------
    otherwise : called instead where a rule is in force for `fn` itself
    looked_at : is given the arguments by parameter before something is compiled for them
    finish : makes the result of what generated code returns; None: nothing to do
    """
    state = state_of(fn, request)
    in_force = overlay.get

    def derivative(*args: Any, **kwargs: Any) -> Any:
        if RUNS and running() is not None:
            # Made again, as what refers to itself stays until it is collected.
            again = gradient(fn, request, otherwise, looked_at, finish)
            return apart(again, *args, **kwargs)
        if RUNS and carrying() is not None and not request.carried:
            again = replace(request, carried=True)
            return gradient(fn, again, otherwise, looked_at, finish)(*args, **kwargs)
        function = None
        if state.epoch == registry.epoch and in_force() is PLAIN and fn.__code__ is state.code \
                and fn.__defaults__ is state.defaults and fn.__kwdefaults__ is state.keywords:
            try:
                for check, function in state.entries:  # noqa: B007 (read below)
                    if check(*args, **kwargs):
                        break
                else:
                    function = None
            except (NameError, AttributeError, LookupError):
                function = None
        elif is_ruled(fn):
            return otherwise(*args, **kwargs)
        before = open_generators.count
        try:
            if function is None:
                function = state.found(args, kwargs, looked_at)
            made = function(*args, **kwargs)
            if open_generators.frames:
                resuming.ended(before)
        except Exception as error:
            if open_generators.frames:
                resuming.forgotten(before)
            if (refusal := boundary.refused(error)) is None:
                raise
            raise refusal from refusal.__cause__
        return made if finish is None else finish(made)

    def generated(args: tuple, kwargs: dict[str, Any]) -> Any:
        function: Any = state.warm(fn, args, kwargs) or state.found(args, kwargs, looked_at)
        function = again(getattr(function, "__wrapped__", function), fn, request, args, kwargs)
        if finish is None:
            return function
        parameters, given = listed(args, kwargs)
        return spelled("gradients", given, parameters, function, finish)

    made: Any = derivative
    made.__s2sdiff_generated__, made.__s2sdiff_owner__ = generated, state.owner
    if finish is None:
        made.__s2sdiff_compiled__ = functools.partial(code_for, fn, request)
    if finish is None and not request.aux:
        made.__s2sdiff_wrt__, made.__s2sdiff_valued__ = request.wrt, request.value
    return made


def dispatcher(fn: Any, request: Request) -> Callable[..., Any]:
    """The derivative of a Python function as generated code calls it."""
    state = state_of(fn, request)
    owner: Callable[[], Any] = state.owner
    in_force = overlay.get

    def derivative(*args: Any, **kwargs: Any) -> Any:
        fn: Any = owner()
        function: Any = None
        if fn is not None and state.epoch == registry.epoch and in_force() is PLAIN \
                and fn.__code__ is state.code and fn.__defaults__ is state.defaults \
                and fn.__kwdefaults__ is state.keywords:
            try:
                for check, function in state.entries:  # noqa: B007 (read below)
                    if check(*args, **kwargs):
                        break
                else:
                    function = None
            except (NameError, AttributeError, LookupError):
                function = None
        if function is None:
            if places and fn is not None and cannot_matter(fn, args, kwargs):
                return fn(*args, **kwargs), nothing
            function = state.found(args, kwargs)
        return function(*args, **kwargs)

    places, count = request.places, len(request.wrt)

    def nothing(bar: Any, bars: Any) -> Any:
        return None if count == 1 else (None,) * count

    def generated(args: tuple, kwargs: dict[str, Any]) -> Any:
        function = state.warm(owner(), args, kwargs) or state.found(args, kwargs)
        return again(function, owner(), request, args, kwargs)

    made: Any = derivative
    made.__s2sdiff_generated__, made.__s2sdiff_owner__ = generated, owner
    return made


def derived(fn: Any, slots: tuple[Any, ...], kept: bool = False, places: bool = False,
            told: bool = False, lists: tuple[tuple[int, str], ...] = ()) -> Any:
    """The callable giving `(value, pullback)` of a Python function for the arguments in `slots`.

    Slots are positions or keywords of the call; with `kept` the callee copies what may be written
    before its pullback runs, with `places` it keeps cotangents by place, and with `told` the value
    is a pair of it and the exception that was raised.  `lists` are positions of lists of which the
    caller knows that all items are of the builtin type that is named: they are not looked through.
    """
    key = (slots, kept, places, told, lists, running() is not None, carrying() is not None)
    links = record_of(fn).links
    found = links.get(key)
    return found if found is not None else links.setdefault(key, linked(fn, *key))


def link(fn: Any, slots: tuple[Any, ...]) -> Any:
    """`derived(fn, slots, kept=True)`, or None where a rule is in force for `fn` itself, or where
    arguments may carry tangents.
    """
    if RUNS and carrying() is not None:
        return None
    record = record_of(fn)
    if record.epoch == registry.epoch and overlay.get() is PLAIN:
        if record.ruled:
            return None
    elif is_ruled(fn):
        return None
    found = record.public.get(slots)
    if found is None:
        found = record.public[slots] = linked(fn, slots, True, False, outer=True)
    return found


def call_outer(fn: Any, slots: tuple[Any, ...], args: tuple,
               kwargs: dict[str, Any]) -> tuple[Any, Any]:
    """`calls.call_kept` where an operator, not generated code, makes the call."""
    if type(fn) is types.FunctionType and not is_ruled(fn):
        links = record_of(fn).links
        key = ("outer vjp", slots, running() is not None, carrying() is not None)
        found = links.get(key) or links.setdefault(key, linked(
            fn, slots, True, False, many=key[2], carried=key[3], outer=True))
        with held_writes_refused():
            return found(*args, **kwargs)
    with own_arguments(fn, args, kwargs) as own:
        value, pullback = calls.call_kept(slots, fn, *own, **kwargs)
    return given_back(value, args, own), pullback


def linked(fn: Any, slots: tuple[Any, ...], kept: bool, places: bool, told: bool = False,
          lists: tuple[tuple[int, str], ...] = (), many: bool = False, carried: bool = False,
          outer: bool = False) -> Any:
    positional, star, keyword, _ = signature_names(fn)
    wrt, picks = picked(fn, slots)
    volatile: frozenset[str] = frozenset()
    if kept:
        volatile = frozenset((*positional, *keyword, *([star] if star else []), "return"))
    known = tuple((positional[i], getattr(builtins, name)) for i, name in lists
                  if i < len(positional))
    made: Any = dispatcher(fn, Request("vjp", wrt, volatile, places=places, outer=outer,
                                       told=told, lists=known, many=many, carried=carried))
    if any(key is not None for _, key in picks) or [at for at, _ in picks] != list(range(len(wrt))):
        made = _slotted(made, len(wrt) == 1, picks, len(positional))
    made.__name__ = made.__s2sdiff_name__ = f"{spelling.stem(fn)}_vjp"
    asked = {"kept": kept, "places": places, "told": told}
    how = "".join(f", {name}=True" for name, set_ in asked.items() if set_)
    how += f", lists={lists!r}" if lists else ""
    made.__s2sdiff_source__ = f"rt.derived({spelling.spelled(fn)}, {slots!r}{how})"
    made.__s2sdiff_from__ = spelling.importable(fn)
    return made


def picked(fn: Any, slots: tuple[Any, ...]) -> tuple[tuple[str, ...], list[tuple[int, Any]]]:
    """The parameters that slots are in; for each which one, and where in `*args`, `**kwargs`."""
    positional, star, keyword, mapping = signature_names(fn)
    wrt: list[str] = []
    picks: list[tuple[int, Any]] = []
    for slot in slots:
        key: Any = None
        if isinstance(slot, int):
            if slot < len(positional):
                name = positional[slot]
            elif star is not None:
                name, key = star, slot - len(positional)
            else:
                name = positional[-1] if positional else ""
        elif slot in positional or slot in keyword:
            name = slot
        else:
            name, key = mapping or "", slot
        if name not in wrt:
            wrt.append(name)
        picks.append((wrt.index(name), key))
    return tuple(wrt), picks


def _slotted(link: Callable[..., Any], single: bool, picks: list[tuple[int, Any]],
             first: int) -> Callable[..., Any]:
    """A link whose slots lie in a star parameter: its cotangent is cut up for them.

    `first` is the position in a call where `*args` begin.
    """

    def derivative(*args: Any, **kwargs: Any) -> Any:
        value, pullback = link(*args, **kwargs)

        def pull(bar: Any, *bars: Any) -> Any:
            entries = pullback(bar, *bars)
            entries = (entries,) if single else entries
            found = []
            for at, key in picks:
                entry = entries[at]
                if key is not None and entry is not None:
                    # Of a mapping that was written into, what is not there is zero.
                    entry = entry.get(key) if isinstance(entry, dict) else entry[key]
                if entry is None and key is not None:
                    x = kwargs[key] if isinstance(key, str) else args[first + key]
                    # By place, a number's cotangent is given all the same.
                    if not bars or isinstance(x, (float, complex, np.inexact)):
                        entry = match(None, x)
                found.append(entry)
            return found[0] if len(found) == 1 else tuple(found)

        return value, pull

    def code(args: tuple, kwargs: dict[str, Any]) -> Any:
        whole = nested.generated(link, args, kwargs)
        return nested_calls.slotted(whole, single, picks, args, kwargs, first)

    made: Any = derivative
    made.__s2sdiff_generated__, made.__s2sdiff_owner__ = code, link.__s2sdiff_owner__
    return made


calls.derive = nested_calls.derived = derived
calls.record_of = record_of
standins_managers.split = halves
resuming.resumed = resumed
resuming.ends_at, resuming.shown = ends_at, read
iterated.may_write = drawing.may_write = effects.function_writes
standins_solved.may_write = effects.writes_in_solver
iterated.writes_by_name = lambda fn: effects.function_writes(fn, by_name=True)
resuming.writes_by_name = iterated.writes_by_name
unseen.writes = plain_writes.writes
unseen.writes_when_it_goes = plain_writes.writes_when_it_goes
suspects.judge, suspects.named_alike = audits.judge, audits.putting
unseen.surely = lambda cls, method: implicit.writes(cls, method, effects.summary)
unseen.methods, unseen.reading = methods_run.METHODS, known_effects.READING
