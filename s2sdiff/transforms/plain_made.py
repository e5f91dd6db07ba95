"""Which variables of a method hold what is made in it, or counts and texts, for `plain_writes`."""

from __future__ import annotations

import collections
from collections.abc import Callable, Iterator
from typing import Any

from s2sdiff import ir
from s2sdiff.ir import Bind, Const, Move, Ref, Var
from s2sdiff.transforms import plain_calls
from s2sdiff.transforms.methods_run import METHODS
from s2sdiff.transforms.new_memory import INPLACE
from s2sdiff.transforms.plain_calls import is_counted

__all__ = ["COUNTED", "COUNTERS", "is_text_or_count", "made"]

#: Containers of Python's library, written in Python, that write into themselves alone.
COUNTERS = (collections.Counter, collections.OrderedDict)
COUNTED = (*METHODS[iter], "__hash__", "__eq__")


def is_text_or_count(value: Any) -> bool:
    """A constant that has no derivative.

    >>> is_text_or_count(2), is_text_or_count(2.0)
    (True, False)
    """
    return value is None or isinstance(value, (int, str, bytes))


def made(look: Any, makes: Callable[[Any], bool],
         constant: Callable[[Any], bool] = lambda value: True) -> frozenset[str]:
    """The variables that hold nothing but what such functions make here, and such constants.

    `look` is a `plain_writes.Look`: it knows what its method's calls call, and what copies.
    """
    found: dict[str, list[Any]] = {}
    for name, a in _sources(look, makes):
        found.setdefault(name, []).append(a)
    own, given = set(found), look.first if makes is plain_calls.makes else frozenset()
    while True:
        shared = {name for name in own for a in found[name] if a is not None and not (
            (isinstance(a, Const) and constant(a.value))
            or (isinstance(a, Var) and (a.name in own or a.name in given)))}
        if not shared:
            return frozenset(own)
        own -= shared


def _sources(look: Any, makes: Callable[[Any], bool]) -> Iterator[tuple[str, Any]]:
    """Names, with None where something is made, and else with what they hold."""
    counting, anything = makes is is_counted, makes is plain_calls.makes
    counters = {t: look.called(s) for s in ir.walk(look.body) if isinstance(s, Bind)
                and look.called(s) in (enumerate, range) for t in s.targets}
    for s in ir.walk(look.body):
        if isinstance(s, Move):
            yield from zip(s.targets, s.sources, strict=True)
            continue
        source: Any = Ref(None)
        if isinstance(s, Bind) and s.targets:
            value = look.called(s)
            if value in INPLACE:
                source = Ref(None) if counting else s.args[0]
            elif makes(value) or (anything and look.copies(s)):
                source = None
        if isinstance(s, ir.For):
            counter = counters.get(getattr(s.source, "name", ""))
            number = s.target if counter is range else \
                s.target[0] if counter is enumerate and isinstance(s.target, tuple) else None
            yield from ((name, None if name == number else source) for name in ir.defines(s))
            continue
        for name in ir.defines(s):
            yield name, source
