"""Dicts and lists of cotangents in backward code, when that is itself differentiated.

`xs_bar = {}` gets the cotangents of a list's items one by one, and `rt.shares(xs_bar, n)` is a list
of them, of which a growing list's are taken.  Nobody else has these, and they hold numbers and
arrays alone: what is written there changes nothing that is known of lists and dicts.
"""

from __future__ import annotations

from typing import Any

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Const, Function, Move, Ref, Var
from s2sdiff.kinds import Kind
from s2sdiff.runtime import slots, stars

__all__ = ["found", "holds_numbers", "kind_of", "makes", "puts", "takes"]

_PUTTING = (slots.put, slots.give, slots.put_all, slots.add_share)
_IDS = frozenset(map(id, (*_PUTTING, slots.shares)))


def puts(s: Any, own: frozenset[str]) -> bool:
    """A statement that does nothing but put a cotangent into such a dict or list."""
    return isinstance(s, Bind) and isinstance(s.fn, Ref) and s.fn.object in _PUTTING and \
        not s.kwargs and isinstance(s.args[0], Var) and s.args[0].name in own


def takes(s: Any, own: frozenset[str]) -> bool:
    """A statement that takes a cotangent out of such a dict or list, or reads it there."""
    if not isinstance(s, Bind) or s.kwargs or not s.args or not isinstance(s.args[0], Var) or \
            s.args[0].name not in own:
        return False
    return s.calls(stars.item) or (s.calls(ops.method) and s.args[1:] == (Const("pop"),))


def makes(s: Any, own: frozenset[str]) -> bool:
    """A statement that makes such a list."""
    return isinstance(s, Bind) and s.calls(slots.shares) and s.targets[0] in own


def found(function: Function) -> frozenset[str]:
    """The variables that hold such dicts and lists, all of which are made here."""
    if _IDS.isdisjoint(ir.called(function)):
        return frozenset()
    binds = [s for s in ir.statements(function) if isinstance(s, Bind)]
    own = {s.args[0].name for s in binds if isinstance(s.fn, Ref) and s.fn.object in _PUTTING
           and isinstance(s.args[0], Var)}
    own |= {s.targets[0] for s in binds if s.calls(slots.shares) and len(s.targets) == 1}
    pairs = [(t, a) for s in ir.statements(function) if isinstance(s, Move)
             for t, a in zip(s.targets, s.sources, strict=True)]
    made = {s.targets[0] for s in binds if len(s.targets) == 1 and (
        s.calls(slots.shares) or s.calls(list) or (
            s.calls(ops.dict_) and not s.args and not s.kwargs))}
    moved = {t for t, _ in pairs}
    found: set[str] = set()
    while own:
        family = {own.pop()}
        while True:
            more = {n for t, a in pairs if isinstance(a, Var) and {t, a.name} & family
                    for n in (t, a.name)} - family
            if not more:
                break
            family |= more
        own -= family
        if family <= made | moved and not any(
                t in family and not isinstance(a, Var) for t, a in pairs):
            found |= family
    return frozenset(found)


def kind_of(s: Bind) -> Kind:
    """The kind of such a dict or list, where it is made: what it holds is not told."""
    return Kind(dict if s.calls(ops.dict_) else list)


def holds_numbers(kind: Kind) -> bool:
    """A number, an array, or a tuple, list or dict of such: no object, and nothing unknown."""
    if kind.is_number:
        return True
    if kind.items is not None and (kind.type in (list, dict) or kind.is_tuple):
        return all(map(holds_numbers, kind.items))
    each = kind.each or kind.under
    return each is not None and holds_numbers(each)
