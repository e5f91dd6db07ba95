"""What runs when a class is made: refused where it writes, for nobody follows it."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator
from typing import Any

from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime.inert import is_inert
from s2sdiff.runtime.marking import mark_made_anew
from s2sdiff.runtime.outside import is_of_library

__all__ = ["METACLASS", "base_name", "check_bases", "check_call", "check_keywords", "check_made",
           "check_making", "check_statement", "hooks", "is_hooked", "keyword_name", "made", "parts"]

#: Set by the compiler: whether a method that runs when a class is made writes.
writes: Callable[[type, Any], bool] | None = None
#: Set by the compiler: what writes in the body of a class statement, with these globals.
body_writes: Callable[[types.CodeType, dict[str, Any]], str] | None = None

#: How the parts of a class statement are called as keywords of what makes the class.
METACLASS = "with_metaclass"


def base_name(at: int) -> str:
    return f"base_{at}"


def keyword_name(name: str) -> str:
    return f"with_{name}"


def is_hooked(name: str) -> bool:
    """Whether what has this name may run code when the class is made."""
    return name == METACLASS or name == "bases" or name.startswith("base_")


def parts(given: dict[str, Any]) -> tuple[tuple, dict[str, Any]]:
    """The bases and the keywords of a class statement.

    >>> parts({"base_0": int, "with_box": 3})
    ((<class 'int'>,), {'box': 3})
    """
    bases = given.get("bases", ())
    return (*[v for k, v in given.items() if k.startswith("base_")], *bases), \
        {k.removeprefix("with_"): v for k, v in given.items() if k.startswith("with_")}


def made(name: str, body: types.FunctionType, build: Any, given: dict[str, Any]) -> type:
    """The class that a statement makes."""
    bases, keywords = parts(given)
    assert body_writes is not None
    what = body_writes(body.__code__, body.__globals__)
    if what:
        raise refusal(UnsupportedError, f"{what} in the body of class {name} writes",
                      "write before or behind the class statement")
    check_making(bases, keywords)
    cls = build(body, name, *bases, **keywords)
    check_made(cls)
    if isinstance(cls, type):
        mark_made_anew(cls)
    return cls


def hooks(bases: tuple, metaclass: Any) -> Iterator[tuple[type, types.FunctionType]]:
    """Functions of the user's that run when a class is made of these."""
    for b in bases:
        if isinstance(b, type):
            yield from _functions(b, ("__init_subclass__",))
        else:
            yield from _functions(type(b), ("__mro_entries__",))
    makers = [type(b) for b in bases if isinstance(b, type)]
    if isinstance(metaclass, type):
        makers.append(metaclass)
    elif isinstance(metaclass, types.FunctionType) and not is_of_library(metaclass):
        yield type, metaclass
    for m in makers:
        yield from _functions(m, ("__new__", "__init__", "__prepare__"))
        yield from _functions(type(m), ("__call__",))


def _functions(cls: type, names: tuple[str, ...]) -> Iterator[tuple[type, types.FunctionType]]:
    for c in cls.__mro__:
        for name in names:
            found = vars(c).get(name)
            found = getattr(found, "__func__", found)
            if isinstance(found, types.FunctionType) and not is_of_library(c):
                yield c, found


def check_making(bases: tuple, keywords: dict[str, Any]) -> None:
    """Refuse to make a class of bases that run what writes."""
    _check(hooks(bases, keywords.get("metaclass")))


def check_bases(bases: Any) -> None:
    """`check_making` of a class that a function of Python's makes."""
    if isinstance(bases, tuple):
        check_making(bases, {})


def check_statement(**hooked: Any) -> None:
    """`check_making` of a class statement, whose keywords are looked at as well."""
    check_making(*parts(hooked))


def check_keywords(*values: Any) -> None:
    """Refuse keywords of a class statement, and what a class is asked for, that may be active."""
    if not all(map(is_inert, values)):
        raise refusal(UnsupportedError, "an active value is handed to what makes a class",
                      "hand it to an object of the class")


def check_made(cls: Any) -> None:
    """Refuse a class whose making has run what writes."""
    if not isinstance(cls, type):
        return
    _check(hooks((*cls.__bases__, *[b for b in vars(cls).get("__orig_bases__", ())
                                    if not isinstance(b, type)]), type(cls)))
    for value in list(vars(cls).values()):
        if not isinstance(value, type):
            _check(_functions(type(value), ("__set_name__",)))


def check_call(cls: type, args: tuple) -> None:
    """Refuse a call of a metaclass, or of a class that is called in a way of its own."""
    if issubclass(cls, type):
        check_making(args[1] if len(args) == 3 else (), {"metaclass": cls})
    _check(_functions(type(cls), ("__call__",)))


def _check(found: Iterator[tuple[type, types.FunctionType]]) -> None:
    assert writes is not None
    for cls, method in found:
        if writes(cls, method):
            raise refusal(UnsupportedError, f"{method.__qualname__} writes, and a class "
                          "statement runs it", "write before or behind the class statement")
