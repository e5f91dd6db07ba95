"""Which calls of functions that call functions are made of a stand-in, written in the language."""

from __future__ import annotations

import itertools
from typing import Any

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Const, Function, Ref, Star, Var
from s2sdiff.runtime import standins
from s2sdiff.transforms.context import Context

__all__ = ["drawn", "standin"]


def drawn(function: Function) -> set[str]:
    """The variables that are read once, by a call that draws all that they give at once."""
    readers: dict[str, list[bool]] = {}
    for s in ir.walk(function.body):
        takes = isinstance(s, Bind) and isinstance(s.fn, Ref) and _consumes(s.fn.object)
        for a in s.args if isinstance(s, Bind) else ():
            if isinstance(a, Star) and isinstance(a.value, Var):
                readers.setdefault(a.value.name, []).append(True)
        for name in ir.reads(s):
            starred = isinstance(s, Bind) and any(
                isinstance(a, Star) and a.value == Var(name) for a in s.args)
            if not starred:
                readers.setdefault(name, []).append(takes)
    return {name for name, found in readers.items() if found == [True]}


def _consumes(fn: Any) -> bool:
    try:
        return fn is ops.unpack or fn in standins.CONSUMERS
    except TypeError:
        return False


def standin(s: Bind, context: Context) -> Any:
    """The function that is called in the place of the one that is written, or None."""
    if not isinstance(s.fn, Ref):
        return None
    fn = s.fn.object
    try:
        if fn in standins.EAGER:
            return standins.EAGER[fn]
        if fn in standins.WITH_KEY and any(k == "key" and a != Const(None) for k, a in s.kwargs):
            return standins.WITH_KEY[fn]
        if fn in standins.LAZY and s.targets and context.drawn.issuperset(s.targets):
            if fn is itertools.accumulate and len(s.args) < 2 and not s.kwargs:
                return None
            return standins.LAZY[fn]
    except TypeError:
        pass
    return None
