"""Calls in code that is differentiated again: what each runs, written out for its arguments.

A helper such as `rt.call` finds out when it is called what a callee means.  By then the arguments
are known, and what it then does is a few lines of Python, which can be differentiated.
"""

from __future__ import annotations

import copy
import functools
import inspect
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff import nested_holders, ops, registry
from s2sdiff.nested_holders import found_when_run, of_text, one_or_several
from s2sdiff.registry import Rule
from s2sdiff.runtime import by_place, cells, nested, standins
from s2sdiff.runtime.arrays import match
from s2sdiff.runtime.contents import parts
from s2sdiff.runtime.in_force import in_force
from s2sdiff.runtime.inert import is_inert
from s2sdiff.runtime.items_again import known_entry, written_out
from s2sdiff.runtime.nested import listed, spelled
from s2sdiff.runtime.rule_calls import rule_caller
from s2sdiff.runtime.ruled import zeroed
from s2sdiff.runtime.stars import item
from s2sdiff.runtime.users_names import by_name, marked
from s2sdiff.runtime.views import VIEWS
from s2sdiff.runtime.whole_values import deposit, withdraw

__all__ = ["rule_again", "ruled", "slotted"]


def slotted(link: Callable[..., Any], single: bool, picks: list[tuple[int, Any]], args: tuple,
            kwargs: dict[str, Any], first: int) -> Any:
    """`value, pullback` of a link whose slots lie in star parameters, as code for these arguments.

    link : the generated function for all parameters asked for
    picks : for each slot which of them, and where in `*args` or `**kwargs`
    first : the position in a call where `*args` begin
    """
    names, given = listed(args, kwargs)
    wholes = ["found" if single else f"found[{at}]" for at, _ in picks]
    entries = [whole if key is None else f"item({whole}, {key!r})"
               for whole, (_, key) in zip(wholes, picks, strict=True)]
    for i, (_, key) in enumerate(picks):
        x, name = (None, "") if key is None else (kwargs[key], marked(key)) if isinstance(
            key, str) else (args[first + key], f"a{first + key}")
        if isinstance(x, (float, complex, np.inexact)):
            entries[i] = f"match({entries[i]}, {name})"  # it is a number, if only zero
    text = (f"def slotted({names}):\n    value, pullback = link({given})\n\n"
            "    def pull(bar, *bars):\n        found = pullback(bar, *bars)\n"
            f"        return {one_or_several(entries)}\n\n    return value, pull\n")
    return of_text(text, "slotted", {"link": link, "item": item, "match": match})


def rule_again(fn: Any, args: tuple, kwargs: dict[str, Any]) -> Rule | None:
    """The rule of a call that is differentiated again, as the call that is made once finds it.

    None where there is none; refuses what classes of arguments have a say in.
    """
    rule = registry.find(fn)
    if rule is None or rule.constant:
        return rule
    found = in_force(rule, fn, args, kwargs)
    if found is None:
        raise found_when_run(fn)
    return found


def ruled(rule: Rule, wrt: tuple[Any, ...], args: tuple, kwargs: dict[str, Any],
          places: bool = False, kept: bool = False) -> Any:
    """A rule as code of the call protocol: by value, or with cotangents by place.

    By place, or where arguments are `kept`, the rule is given copies: what it is given may be
    written before its pullback runs.
    """
    caller: Any = rule_caller(rule, wrt)
    names, given = listed(args, kwargs)
    of_arrays = [i for i, a in enumerate(args[:3])
                 if caller.of_arrays and i not in caller.axes and type(a) in (list, tuple) and a]
    made = "".join(f"    a{i} = array(a{i})\n" for i in of_arrays)
    # A container may be another one when the pullback runs.
    held = [i for i, a in enumerate(args) if places and isinstance(a, (list, tuple))]
    made += "".join(f"    p{i} = parts(a{i})\n" for i in held)
    for i, a in enumerate(args):
        if (places or kept) and isinstance(a, (np.ndarray, list, dict, tuple)):
            made += f"    c{i} = {'array' if isinstance(a, np.ndarray) else 'copied'}(a{i})\n"
            given = ", ".join(f"c{i}" if g == f"a{i}" else g for g in given.split(", "))
    single = len(caller.returned) == 1
    entries, absent = [], []
    for slot, (name, index) in zip(wrt, caller.places, strict=True):
        if name not in caller.returned:
            raise found_when_run(rule.of)
        entry = "found" if single else f"found[{caller.returned.index(name)}]"
        entry = entry if index is None else f"item({entry}, {index!r})"
        x = f"a{slot}" if isinstance(slot, int) else marked(slot)
        # Where the entry is not known, that matters for what has a derivative only.
        inert = is_inert(args[slot] if isinstance(slot, int) else kwargs[slot])
        entry = f"known({entry}, function)"
        if slot in held:
            entry = f"deposit(bars, p{slot}, {entry})"
        else:
            entry = f"match({entry}, {x})"
            entry = f"deposit(bars, {x}, {entry})" if places else entry
        entries.append("None" if inert else entry)
        # Who asks for a number's cotangent by place is given one, if only zero.
        number = isinstance(args[slot] if isinstance(slot, int) else kwargs[slot], _NUMBERS)
        absent.append("None" if inert or (places and not number) else f"match(None, {x})")
    body = [f"        found = pullback({_SEEDS[places, not rule.pure]})",
            f"        return {one_or_several(entries)}"]
    nothing = f" is None:\n            return {one_or_several(absent)}"
    body[:0] = [f"        if bar{nothing}"] if not places else [
        f"        seed = withdraw(bars, value, bar)\n        if seed{nothing}",
        f"        seed = zeroed(seed, value)\n        if seed{nothing}"]
    own = "    if isinstance(value, ndarray):\n        value = array(value)\n" \
        if places or kept else ""
    text = (f"def called({names}):\n{made}    value, pullback = function({given})\n{own}\n"
            f"    def entries(bar{', bars' * places}):\n" + "\n".join(body) +
            "\n\n    return value, entries\n")
    return _ruled(text, rule.function)


#: What a rule's pullback is given: by place or not, of a user's rule or not.
_SEEDS = {(False, False): "bar", (False, True): "match(bar, value)",
          (True, False): "seed", (True, True): "seed"}


@functools.lru_cache(maxsize=1024)
def _ruled(text: str, function: Any) -> Any:
    names = {"function": function, "array": np.array, "ndarray": np.ndarray, "match": match,
             "known": known_entry, "item": item, "deposit": deposit, "parts": parts,
             "withdraw": withdraw, "zeroed": zeroed, "copied": copy.deepcopy}
    return of_text(text, "called", names)


# ------------------------------------------------------------------------------- by place


def _call_by_place(args: tuple, kwargs: dict[str, Any]) -> Any:
    """`rt.call_by_place(wrt, fn, *args)` as the code that it runs."""
    wrt, fn, *rest = args
    made = _by_place(fn, wrt, tuple(rest), kwargs)
    names, _ = listed(args, kwargs)
    given = ", ".join([*[f"a{i + 2}" for i in range(len(rest))], *by_name(kwargs)])
    return spelled("by_place", given, names, made)


def _by_place(fn: Any, wrt: tuple[Any, ...], args: tuple, kwargs: dict[str, Any]) -> Any:
    """What gives `value` and `pullback(bar, bars)` of a call: generated code, or a rule's."""
    if type(fn) is types.BuiltinFunctionType and fn in ops.IN_PLACE and \
            isinstance(args[0], _NUMBERS):
        fn = ops.IN_PLACE[fn]  # nothing can write a number
    if isinstance(fn, types.FunctionType) and registry.find(fn) is None:
        if fn.__code__.co_filename == "<string>":  # a library's, whose text is nowhere
            fn = standins.for_call(fn, kwargs) or fn
        if fn in nested.OPERATORS or nested.is_derivative(fn):
            fn = nested.again(fn, args, kwargs)
        if (fn.__module__ or "") == "s2sdiff.ops" or derived is None:
            raise found_when_run(fn)
        if nested_holders.held(fn, args, kwargs) is None:
            return nested.generated(derived(fn, wrt, True, True), args, kwargs)
    holds = nested_holders.held(fn, args, kwargs)
    if holds is not None:
        code = _by_place(holds.function, holds.slots(wrt), (*holds.first.values(), *args),
                         {**holds.more, **kwargs})
        return nested_holders.by_place(holds, code, wrt, args, kwargs)
    if isinstance(fn, cells.Maker) and not any(isinstance(slot, str) for slot in wrt):
        return _made(*listed(args, kwargs), len(wrt), fn)
    known = None if kwargs else written_out(fn, args)
    if known is not None:
        numbers = tuple([s for s in wrt if isinstance(args[s], _NUMBERS) and not is_inert(args[s])])
        return _picked(wrt, len(args), known, numbers)
    rule = rule_again(fn, args, kwargs)
    values = (*args, *kwargs.values())
    if rule is None or not _makes_anew(rule, fn, args, kwargs) or not all(map(_is_plain, values)):
        raise found_when_run(fn)
    return ruled(rule, wrt, args, kwargs, True)


def _makes_anew(rule: Rule, fn: Any, args: tuple, kwargs: dict[str, Any]) -> bool:
    """A function with a derivative that changes nothing, and whose result shares no memory."""
    if fn is sum and type(args[0]) in (list, tuple):
        return all(isinstance(v, _NUMBERS) for v in args[0])
    into = kwargs.get("out") is not None or (isinstance(fn, np.ufunc) and len(args) > fn.nin)
    shares = fn in VIEWS or fn in ops.IN_PLACE or fn is np.ndarray.__getitem__ or (
        fn is np.einsum and len(args) < 3) or getattr(rule.function, "__s2sdiff_shares__", "")
    # What of the language itself is given a container may give an item of it.
    hands_on = (getattr(fn, "__module__", None) in (None, "builtins", "_operator")
                and any(isinstance(a, (list, tuple)) for a in args))
    return not (rule.constant or rule.writes or into or shares or hands_on) and \
        standins.for_call(fn, kwargs) is None


@functools.lru_cache(maxsize=256)
def _picked(wrt: tuple[int, ...], count: int, function: Any, numbers: tuple[int, ...]) -> Any:
    """Of a pullback that gives an entry for each argument, those of the slots."""
    names = ", ".join(f"a{i}" for i in range(count))
    entries = one_or_several([f"match(found[{slot}], a{slot})" if slot in numbers
                              else f"found[{slot}]" for slot in wrt])
    text = (f"def item({names}):\n    value, pullback = function({names})\n\n"
            "    def pull(bar, bars):\n        found = pullback(bar, bars)\n"
            f"        return {entries}\n\n    return value, pull\n")
    return of_text(text, "item", {"function": function, "match": match})


@functools.lru_cache(maxsize=256)
def _made(names: str, given: str, count: int, maker: Any) -> Any:
    """A nested function, whose cells have their cotangents by place."""
    text = (f"def made({names}):\n    value = maker({given})\n\n    def pull(bar, bars):\n"
            f"        return {one_or_several(['None'] * count) if count else '()'}\n\n"
            "    return value, pull\n")
    return of_text(text, "made", {"maker": maker})


def _method_by_place(args: tuple, kwargs: dict[str, Any]) -> Any:
    """`rt.method_by_place(wrt, name, owner, *args)`, as `_call_by_place`."""
    wrt, name, owner, *rest = args
    method = inspect.getattr_static(type(owner), name, None)
    if not isinstance(method, (types.FunctionType, types.MethodDescriptorType)) or \
            name in getattr(owner, "__dict__", {}):
        raise found_when_run(getattr(owner, name))
    made = _by_place(method, wrt, (owner, *rest), kwargs)
    names, _ = listed(args, kwargs)
    given = [f"a{i + 2}" for i in range(len(rest) + 1)] + by_name(kwargs)
    return spelled("method", ", ".join(given), names, made)


def _apply_by_place(args: tuple, kwargs: dict[str, Any]) -> Any:
    """`rt.apply_by_place(fn, args, kwargs)`: a call of so many arguments, by these names."""
    fn, given, named = args
    return nested_holders.applied(
        fn, given, named, lambda wrt: _by_place(fn, wrt, given, named), True)


def _attribute_by_place(args: tuple, kwargs: dict[str, Any]) -> Any:
    """`rt.attribute_by_place(wrt, name, owner)`: a property is called, as is what gives a part of a
    number, which is no place.
    """
    wrt, name, owner = args
    getter = inspect.getattr_static(type(owner), name, None)
    if isinstance(owner, _NUMBERS) and isinstance(getter, _PARTS):
        return spelled("attribute", "a2", "a0, a1, a2", _by_place(getter, wrt, (owner,), {}))
    if not isinstance(getter, property) or registry.find(getter) is not None:
        return nested_holders.attribute(wrt, name, owner)
    return spelled("attribute", "a2", "a0, a1, a2", _by_place(getter.fget, wrt, (owner,), {}))


_NUMBERS = (int, float, complex, np.number, np.bool_)
_PARTS = (types.GetSetDescriptorType, types.MemberDescriptorType)


def _is_plain(x: Any) -> bool:
    """A number, an array of them, or a container of such; or what has no derivative at all."""
    if type(x) in (list, tuple):
        return all(map(_is_plain, x))
    return isinstance(x, _NUMBERS) or (type(x) is np.ndarray and x.dtype.kind != "O") or is_inert(x)


#: Set by `dispatch`: (function, slots, kept, places) -> callable that gives (value, pullback).
derived: Callable[..., Any] | None = None


nested.OPERATORS[by_place.call_by_place] = _call_by_place
nested.OPERATORS[by_place.call_writing] = _call_by_place
nested.OPERATORS[by_place.apply_by_place] = _apply_by_place
nested.OPERATORS[by_place.attribute_by_place] = _attribute_by_place
nested.OPERATORS[by_place.method_by_place] = _method_by_place
nested.OPERATORS[by_place.method_writing] = _method_by_place
