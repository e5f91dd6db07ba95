"""Calls, in code that is differentiated again, of what holds some of its arguments.

Partials, methods, objects that are called, and functions with defaults: what they hold is read
where it lies, so that it is seen again.
"""

from __future__ import annotations

import functools
import types
from collections import deque
from dataclasses import dataclass
from typing import Any

import numpy as np

from s2sdiff import errors, registry
from s2sdiff.backend.loader import load
from s2sdiff.backend.printer import Printed
from s2sdiff.errors import NestedDerivativeError
from s2sdiff.runtime import nested
from s2sdiff.runtime.attributes import must_have_place
from s2sdiff.runtime.by_place import attribute_by_place
from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.declared import is_constant
from s2sdiff.runtime.dots import NUMBERS
from s2sdiff.runtime.fields import in_class
from s2sdiff.runtime.inert import is_inert
from s2sdiff.runtime.nested import listed
from s2sdiff.runtime.shadow_slots import add_slot, fields_of
from s2sdiff.runtime.special_fields import default_names
from s2sdiff.runtime.stars import item
from s2sdiff.runtime.users_names import by_name, unmarked

__all__ = ["Held", "applied", "attribute", "by_place", "found_when_run", "held", "of_text",
           "one_or_several"]


def of_text(text: str, name: str, names: dict[str, Any]) -> Any:
    """The function of a text, in a module of `names`."""
    text, names = unmarked(text, names)
    return load(Printed(text, {}, ()), name, None, names=names)


def found_when_run(fn: Any) -> Exception:
    """The refusal of a call of which there is no code."""
    return errors.refusal(
        NestedDerivativeError,
        f"this derivative is differentiated again, and what is called in it, "
        f"{getattr(fn, '__name__', type(fn).__name__)}, is found when it runs",
        "call the function by its own name, so that it can be seen in the source")


def one_or_several(entries: list[str]) -> str:
    return entries[0] if len(entries) == 1 else f"({''.join(f'{e}, ' for e in entries)})"


def held(fn: Any, args: tuple, kwargs: dict[str, Any]) -> Held | None:
    """What a call of `fn` takes from what that holds; None: nothing that may have a derivative."""
    if registry.find(fn) is not None:
        return None
    if isinstance(fn, types.FunctionType):
        return _of_defaults(fn, args, kwargs)
    if isinstance(fn, functools.partial):
        first = {f"holder.args[{i}]": a for i, a in enumerate(fn.args)}
        more = {k: v for k, v in fn.keywords.items() if k not in kwargs}
        return Held(fn, fn.func, first, more, {k: f"holder.keywords[{k!r}]" for k in more})
    if isinstance(fn, types.MethodType):
        return Held(fn, fn.__func__, {"holder.__self__": fn.__self__}, {}, {})
    call = getattr(class_of(fn), "__call__", None)  # noqa: B004 (what its class says is meant)
    if not isinstance(call, types.FunctionType):
        return None
    must_have_place(fn)
    return Held(fn, call, {"holder": fn}, {}, {})


def _of_defaults(fn: types.FunctionType, args: tuple, kwargs: dict[str, Any]) -> Held | None:
    code, values = fn.__code__, fn.__defaults__ or ()
    used = nested.defaults(fn, args, kwargs)
    if all(map(is_inert, used.values())):
        return None
    names = code.co_varnames[code.co_argcount - len(values):code.co_argcount]
    if not used.keys().isdisjoint(code.co_varnames[:code.co_posonlyargcount]):
        raise found_when_run(fn)
    return Held(fn, fn, {}, used, {
        k: f"holder.__defaults__[{names.index(k)}]" if k in names else
        f"holder.__kwdefaults__[{k!r}]" for k in used})


def by_place(holds: Held, code: Any, wrt: tuple[Any, ...], args: tuple,
             kwargs: dict[str, Any]) -> Any:
    """The call with cotangents by place: those of what is held are left where it lies.

    Parameters
    ----------
    code : gives value and pullback of the call that is made, for `holds.slots(wrt)`
    """
    names, _ = listed(args, kwargs)
    own = holds.own()
    count = len(own) + len(wrt)
    entries = ["found"] if count == 1 else [f"found[{i}]" for i in range(count)]
    kept = "".join(f"        add_slot(bars, {holds.place(slot)}, {slot!r}, {entry})\n"
                   for slot, entry in zip(own, entries, strict=False))
    text = (f"def held({names}):\n    value, pullback = function({holds.spelled(args, kwargs)})\n\n"
            f"    def pull(bar, bars):\n        found = pullback(bar, bars)\n{kept}"
            f"        return {one_or_several(entries[len(own):]) if wrt else '()'}\n\n"
            "    return value, pull\n")
    return of_text(text, "held", {"function": code, "holder": holds.holder, "add_slot": add_slot})


def applied(fn: Any, args: tuple, kwargs: dict[str, Any], made: Any, places: bool) -> Any:
    """A call with stars, `(fn, args, kwargs)`, as one of so many arguments, by these names.

    Parameters
    ----------
    made : gives the code of the call for slots, which gives value and pullback
    """
    if not all(k.isidentifier() for k in kwargs):
        raise found_when_run(fn)
    wrt = tuple([i for i, a in enumerate(args) if not is_inert(a)] +
                [k for k, v in kwargs.items() if not is_inert(v)])
    entries = dict(zip(wrt, ["found"] if len(wrt) == 1 else [
        f"found[{i}]" for i in range(len(wrt))], strict=True))
    given = ", ".join([*[f"a1[{i}]" for i in range(len(args))],
                       *[f"{k}=a2[{k!r}]" for k in kwargs]])
    found = "".join(f"{entries.get(i, 'None')}, " for i in range(len(args)))
    by_name = ", ".join(f"{k!r}: {entries.get(k, 'None')}" for k in kwargs)
    if not wrt and not places:
        call = f"    value = function({given})\n\n    def pull(bar):\n"
    else:
        bars = "bar, bars" if places else "bar"
        call = (f"    value, pullback = function({given})\n\n    def pull({bars}):\n"
                f"        found = pullback({bars})\n")
    text = (f"def apply(a0, a1, a2):\n{call}        return ({found}), {{{by_name}}}\n\n"
            "    return value, pull\n")
    return of_text(text, "apply", {"function": made(wrt) if wrt or places else fn})


def attribute(wrt: tuple[Any, ...], name: str, owner: Any) -> Any:
    """`rt.attribute_by_place(wrt, name, owner)` of what lies with the owner under that name."""
    found, held = in_class(owner, name), getattr(owner, "__dict__", {})
    if isinstance(owner, types.FunctionType) and _is_place(getattr(owner, name, None)):
        # What it holds has its derivative there, and not with the function.
        raise found_when_run(attribute_by_place)
    if isinstance(owner, functools.partial) and name in ("args", "keywords"):
        back = [f"add_slot(bars, a2, {i}, item(bar, {i}))" for i in range(len(owner.args))
                if name == "args"]
    elif isinstance(owner, types.FunctionType) and name == "__defaults__":
        back = [f"add_slot(bars, a2, {n!r}, item(bar, {i}))"
                for i, n in enumerate(default_names(owner))]
    elif isinstance(owner, (type, types.ModuleType)) or is_constant(class_of(owner), name):
        raise found_when_run(attribute_by_place)
    elif isinstance(found, types.MemberDescriptorType) or (
            not hasattr(found, "__get__") if found is not None else name in held):
        back = ["add_slot(bars, fields_of(a2), a1, bar)"]
    else:
        raise found_when_run(attribute_by_place)
    body = "".join(f"        {line}\n" for line in back)
    text = (f"def attribute(a0, a1, a2):\n    value = a2.{name}\n\n"
            f"    def pull(bar, bars):\n{body}        return {'None' if wrt else '()'}\n\n"
            "    return value, pull\n")
    return of_text(text, "attribute", {"add_slot": add_slot, "fields_of": fields_of, "item": item})


def _is_place(x: Any) -> bool:
    """A container or an object, or a tuple of such, which others may write."""
    if isinstance(x, tuple):
        return any(map(_is_place, x))
    return not isinstance(x, (*NUMBERS, np.ndarray)) and (
        isinstance(x, (list, dict, set, deque)) or not is_inert(x))


@dataclass(frozen=True)
class Held:
    """What is called, and what it holds.

    Attributes
    ----------
    holder : what is called
    function : what that calls
    first : the arguments that it holds, by how they are read
    more : those that it hands over by name
    named : how these are read
    """

    holder: Any
    function: Any
    first: dict[str, Any]
    more: dict[str, Any]
    named: dict[str, str]

    def own(self) -> list[Any]:
        """The slots of what is held and may have a derivative."""
        return [*[i for i, a in enumerate(self.first.values()) if not is_inert(a)],
                *[k for k, v in self.more.items() if not is_inert(v)]]

    def shifted(self, wrt: tuple[Any, ...]) -> tuple[Any, ...]:
        """Slots of the call as those of the call that is made."""
        return tuple([s + len(self.first) if isinstance(s, int) else s for s in wrt])

    def slots(self, wrt: tuple[Any, ...]) -> tuple[Any, ...]:
        """All that may have a derivative in the call that is made."""
        return (*self.own(), *self.shifted(wrt))

    def place(self, slot: Any) -> str:
        """Where the cotangent of what is held lies."""
        return "holder.keywords" if isinstance(slot, str) and isinstance(
            self.holder, functools.partial) else "holder"

    def spelled(self, args: tuple, kwargs: dict[str, Any], first: int = 0) -> str:
        """The arguments of the call that is made; of `args` the first few are not among them."""
        given = [f"a{i + first}" for i in range(len(args))]
        return ", ".join([*self.first, *given, *by_name(kwargs),
                          *[f"{k}={how}" for k, how in self.named.items()]])
