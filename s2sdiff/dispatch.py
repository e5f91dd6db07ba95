"""The callables that derivatives are: those of public operators, and `g_vjp` in generated code.

A warm call tests that nothing has changed since the last one, finds the code by its check, and
calls it.  All that is in one body each time: a further Python call would cost as much as ten
guards.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff import boundary, errors, registry
from s2sdiff.arguments import signature_names
from s2sdiff.backend.loader import load
from s2sdiff.backend.printer import Printed
from s2sdiff.cache import PLAIN, is_ruled, record_of, state_of
from s2sdiff.errors import DifferentiationError, NestedDerivativeError, UnsupportedError
from s2sdiff.frontend.halves import halves
from s2sdiff.registry import overlay
from s2sdiff.runtime import (
    calls,
    iterated,
    match,
    nested,
    standins_managers,
    suspects,
    tangents,
    unseen,
)
from s2sdiff.runtime.nested import listed, spelled
from s2sdiff.runtime.outside import cannot_matter
from s2sdiff.runtime.rule_calls import rule_caller
from s2sdiff.runtime.tangents import gathered_dots
from s2sdiff.runtime.values import has_source
from s2sdiff.transforms import audits, effects, implicit, known_effects, plain_writes
from s2sdiff.transforms.context import Request

__all__ = ["derived", "dispatcher", "gradient", "link", "pushed"]


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
        function = None
        if state.epoch == registry.epoch and in_force() is PLAIN and fn.__code__ is state.code \
                and fn.__defaults__ is state.defaults and fn.__kwdefaults__ is state.keywords:
            try:
                for check, function in state.entries:  # noqa: B007 (read below)
                    if check(*args, **kwargs):
                        break
                else:
                    function = None
            except (NameError, AttributeError):
                function = None
        elif is_ruled(fn):
            return otherwise(*args, **kwargs)
        try:
            if function is None:
                function = state.found(args, kwargs, looked_at)
            made = function(*args, **kwargs)
        except DifferentiationError as error:
            raise boundary.leaving(error) from error.__cause__
        return made if finish is None else finish(made)

    def generated(args: tuple, kwargs: dict[str, Any]) -> Any:
        function = state.found(args, kwargs, looked_at)
        function = getattr(function, "__wrapped__", function)
        if finish is None:
            return function
        parameters, given = listed(args, kwargs)
        return spelled("gradients", given, parameters, function, finish)

    made: Any = derivative
    made.__s2sdiff_generated__, made.__s2sdiff_owner__ = generated, state.owner
    if finish is None and not request.value:
        made.__s2sdiff_wrt__ = request.wrt
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
            except (NameError, AttributeError):
                function = None
        if function is None:
            if places and fn is not None and cannot_matter(fn, args, kwargs):
                return fn(*args, **kwargs), nothing
            function = state.found(args, kwargs)
        return function(*args, **kwargs)

    places, count = request.places, len(request.wrt)

    def nothing(bar: Any, bars: Any) -> Any:
        return None if count == 1 else (None,) * count

    made: Any = derivative
    made.__s2sdiff_generated__, made.__s2sdiff_owner__ = state.found, owner
    return made


def derived(fn: Any, slots: tuple[Any, ...], kept: bool = False, places: bool = False,
            told: bool = False, lists: tuple[tuple[int, str], ...] = ()) -> Any:
    """The callable giving `(value, pullback)` of a Python function for the arguments in `slots`.

    Slots are positions or keywords of the call; with `kept` the callee copies what may be written
    before its pullback runs, with `places` it keeps cotangents by place, and with `told` the value
    is a pair of it and the exception that was raised.  `lists` are positions of lists of which the
    caller knows that all items are of the builtin type that is named: they are not looked through.
    """
    links, key = record_of(fn).links, (slots, kept, places, told, lists)
    found = links.get(key)
    return found if found is not None else links.setdefault(key, _link(fn, *key))


def link(fn: Any, slots: tuple[Any, ...]) -> Any:
    """`derived(fn, slots, kept=True)`, or None where a rule is in force for `fn` itself."""
    record = record_of(fn)
    if record.epoch == registry.epoch and overlay.get() is PLAIN:
        if record.ruled:
            return None
    elif is_ruled(fn):
        return None
    found = record.public.get(slots)
    if found is None:
        found = record.public[slots] = _link(fn, slots, True, False, outer=True)
    return found


def _link(fn: Any, slots: tuple[Any, ...], kept: bool, places: bool, told: bool = False,
          lists: tuple[tuple[int, str], ...] = (), outer: bool = False) -> Any:
    positional, star, keyword, _ = signature_names(fn)
    wrt, picks = _picked(fn, slots)
    volatile: frozenset[str] = frozenset()
    if kept:
        volatile = frozenset((*positional, *keyword, *([star] if star else []), "return"))
    known = tuple((positional[i], getattr(builtins, name)) for i, name in lists
                  if i < len(positional))
    made: Any = dispatcher(fn, Request("vjp", wrt, volatile, places=places, outer=outer,
                                       told=told, lists=known))
    if any(key is not None for _, key in picks) or [at for at, _ in picks] != list(range(len(wrt))):
        made = _slotted(made, len(wrt) == 1, picks)
    stem = fn.__name__ if fn.__name__.isidentifier() else "function"
    made.__name__ = made.__s2sdiff_name__ = f"{stem}_vjp"
    asked = {"kept": kept, "places": places, "told": told}
    how = "".join(f", {name}=True" for name, set_ in asked.items() if set_)
    how += f", lists={lists!r}" if lists else ""
    made.__s2sdiff_source__ = f"rt.derived({fn.__name__}, {slots!r}{how})"
    return made


def _picked(fn: Any, slots: tuple[Any, ...]) -> tuple[tuple[str, ...], list[tuple[int, Any]]]:
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


def _slotted(link: Callable[..., Any], single: bool,
             picks: list[tuple[int, Any]]) -> Callable[..., Any]:
    """A link whose slots lie in a star parameter: its cotangent is cut up for them."""

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
                if entry is None and not bars and isinstance(key, str):
                    entry = match(None, kwargs[key])
                found.append(entry)
            return found[0] if len(found) == 1 else tuple(found)

        return value, pull

    return derivative


def pushed(fn: Any, slots: tuple[Any, ...]) -> Any:
    """The callable giving `(value, tangent)`; after `fn`'s arguments come tangents of `slots`."""
    links, key = record_of(fn).links, (slots, "jvp")
    found = links.get(key)
    return found if found is not None else links.setdefault(key, _pushed(fn, slots))


def pushed_code(fn: Any, slots: tuple[Any, ...], args: tuple) -> Any:
    """The generated function of forward mode for these positional arguments."""
    if nested.is_derivative(fn):
        fn = nested.generated(fn, args, {})
    wrt, picks = _picked(fn, slots)
    if any(key is not None for _, key in picks):
        raise errors.refusal(UnsupportedError, "forward mode inside a function that is "
                             "differentiated, of a function with *args",
                             "give it named parameters")
    return state_of(fn, Request("jvp", wrt)).found(args, {})


def _of_text(text: str, name: str, names: dict[str, Any]) -> Any:
    return load(Printed(text, {}, ()), name, None, names=names)


def _pushed(fn: Any, slots: tuple[Any, ...]) -> Any:
    wrt, picks = _picked(fn, slots)
    state = state_of(fn, Request("jvp", wrt))
    owner: Callable[[], Any] = state.owner
    in_force = overlay.get
    count = len(slots)
    plain = not any(key is not None for _, key in picks) and [at for at, _ in picks] == [
        *range(len(wrt))]

    def code(args: tuple, kwargs: dict[str, Any]) -> Any:
        function = state.found(args[:-count], kwargs)
        names, _ = listed(args, kwargs)
        given = [f"a{i}" for i in range(len(args) - count)] + [f"{k}={k}" for k in kwargs]
        given += [f"{d}=a{len(args) - count + i}"
                  for i, d in enumerate(function.__s2sdiff_dots__)]
        return spelled("jvp_of", ", ".join(given), names, function)

    def derivative(*args: Any, **kwargs: Any) -> Any:
        args, dots = args[:-count], args[-count:]
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
            except (NameError, AttributeError):
                function = None
        if function is None:
            function = state.found(args, kwargs)
        if not plain:
            dots = gathered_dots(fn, wrt, picks, dots, args, kwargs)
        return function(*args, **kwargs, **dict(zip(function.__s2sdiff_dots__, dots, strict=True)))

    stem = fn.__name__ if fn.__name__.isidentifier() else "function"
    made: Any = derivative
    made.__s2sdiff_generated__, made.__s2sdiff_owner__ = code, owner
    made.__name__ = made.__s2sdiff_name__ = f"{stem}_jvp"
    made.__s2sdiff_source__ = f"rt.pushed({fn.__name__}, {slots!r})"
    return made


def _call_of(args: tuple, kwargs: dict[str, Any]) -> Any:
    """`rt.call(wrt, fn, *args)` as the generated code that it runs, where that is one function."""
    wrt, fn, *rest = args
    rule = registry.find(fn)
    otherwise = getattr(rule and rule.function, "__s2sdiff_otherwise__", None)
    if rule is not None and otherwise is not None and type(rest[0]) is not np.ndarray:
        rule = registry.Rule(rule.of, otherwise, rule.wrt, pure=True)
    made: Any = rule_caller(rule, wrt, False) if rule is not None and not rule.constant else \
        _code_of(fn, lambda f: _link(f, wrt, False, False), tuple(rest), kwargs)
    names, _ = listed(args, kwargs)
    given = ", ".join([*[f"a{i + 2}" for i in range(len(rest))], *[f"{k}={k}" for k in kwargs]])
    return spelled("call_of", given, names, made)


def _push_of(args: tuple, kwargs: dict[str, Any]) -> Any:
    """`rt.push(wrt, dots, fn, *args)`, as `_call_of`."""
    wrt, _, fn, *rest = args
    made = _code_of(fn, lambda f: pushed(f, wrt), tuple(rest), kwargs)
    names, _ = listed(args, kwargs)
    given = [f"a{i + 3}" for i in range(len(rest))] + [f"{k}={k}" for k in kwargs]
    given += [f"{d}=a1[{i}]" for i, d in enumerate(made.__s2sdiff_dots__)]
    return spelled("push_of", ", ".join(given), names, made)


def _code_of(fn: Any, link: Callable[[Any], Any], args: tuple, kwargs: dict[str, Any]) -> Any:
    if nested.is_derivative(fn):
        fn = nested.generated(fn, args, kwargs)
    if not has_source(fn) or registry.find(fn) is not None:
        raise errors.refusal(
            NestedDerivativeError,
            f"this derivative is differentiated again, and what is called in it, "
            f"{getattr(fn, '__name__', type(fn).__name__)}, is found when it runs",
            "call the function by its own name, so that it can be seen in the source")
    return nested.generated(link(fn), args, kwargs)


for operator in (calls.call, calls.call_kept):
    nested.OPERATORS[operator] = _call_of
nested.OPERATORS[tangents.push] = _push_of

calls.derive = derived
tangents.forward = pushed
nested.load = _of_text
standins_managers.split = halves
iterated.may_write = effects.function_writes
iterated.writes_by_name = lambda fn: effects.function_writes(fn, by_name=True)
unseen.writes = plain_writes.writes
unseen.writes_when_it_goes = plain_writes.writes_when_it_goes
suspects.judge = audits.judge
unseen.surely = lambda cls, method: implicit.writes(cls, method, effects.summary)
unseen.methods, unseen.reading = implicit.METHODS, known_effects.READING
