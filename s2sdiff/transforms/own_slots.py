"""Dicts of cotangents in backward code, when that is itself differentiated.

`xs_bar = {}` gets the cotangents of a list's items one by one.  Nobody else has it, and it holds
numbers and arrays alone: what is written there changes nothing that is known of lists and dicts.
"""

from __future__ import annotations

from typing import Any

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Function, Move, Ref, Var
from s2sdiff.kinds import Kind
from s2sdiff.runtime import slots

__all__ = ["found", "holds_numbers", "puts"]

_PUTTING = (slots.put, slots.give, slots.put_all)
_IDS = frozenset(map(id, _PUTTING))


def puts(s: Any, own: frozenset[str]) -> bool:
    """A statement that does nothing but put a cotangent into such a dict."""
    return isinstance(s, Bind) and isinstance(s.fn, Ref) and s.fn.object in _PUTTING and \
        not s.kwargs and isinstance(s.args[0], Var) and s.args[0].name in own


def found(function: Function) -> frozenset[str]:
    """The variables that hold dicts into which cotangents are put, and which are made here."""
    if _IDS.isdisjoint(ir.called(function)):
        return frozenset()
    own = {s.args[0].name for s in ir.statements(function)
           if isinstance(s, Bind) and isinstance(s.fn, Ref) and s.fn.object in _PUTTING
           and isinstance(s.args[0], Var)}
    if not own:
        return frozenset()
    pairs = [(t, a) for s in ir.statements(function) if isinstance(s, Move)
             for t, a in zip(s.targets, s.sources, strict=True)]
    while True:
        more = {n for t, a in pairs if isinstance(a, Var) and {t, a.name} & own
                for n in (t, a.name)} - own
        if not more:
            break
        own |= more
    made = {s.targets[0] for s in ir.statements(function) if isinstance(s, Bind)
            and len(s.targets) == 1 and s.calls(ops.dict_) and not s.args and not s.kwargs}
    moved = {t for t, _ in pairs}
    if any(t in own and not isinstance(a, Var) for t, a in pairs) or not own <= made | moved:
        return frozenset()
    return frozenset(own)


def holds_numbers(kind: Kind) -> bool:
    """A number, an array, or a tuple, list or dict of such: no object, and nothing unknown."""
    if kind.is_number:
        return True
    if kind.type in (tuple, list, dict) and kind.items is not None:
        return all(map(holds_numbers, kind.items))
    each = kind.each or kind.under
    return each is not None and holds_numbers(each)
