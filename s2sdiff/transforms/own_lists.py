"""Lists of floats that are written, and that one name alone leads to: their cotangent is a list.

`out = [0.0] * n`, a list that has grown, or an argument, of which nothing is done but to read and
write items and to hand it to functions that make numbers or new lists of what is in it.  Its length
stays, so that the list of cotangents is a variable beside it, `out_bar[i] += …`, where other lists
have slots in the table of shadows.
"""

from __future__ import annotations

import math
import operator
from typing import Any

import numpy as np

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Const, Function, If, Ref, Store, Var, While
from s2sdiff.kinds import ANY, Kind
from s2sdiff.runtime import choosing
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.grown_lists import lists

__all__ = ["copies", "joins", "own_lists", "read_by_index", "slices"]

#: They make a number or an array, or another list, of what is in a list.
_READERS: tuple[Any, ...] = (len, sum, min, max, math.fsum, np.array, np.sum, np.mean, list, tuple)


def own_lists(function: Function, context: Context) -> dict[str, set[str]]:
    """The names of such lists, with those that they had while they grew."""
    memory = context.memory
    if context.request.told or not any(
            isinstance(n, str) and _is_of_floats(n, context) for n in memory.parent):
        return {}
    made: set[str] = set()
    bound: dict[str, int] = {}
    for s in ir.statements(function):
        if isinstance(s, (ir.Try, ir.With, ir.Raw, ir.Def)):
            return {}  # an exception may leave them half written; others may see them
        for t in ir.defines(s):
            bound[t] = bound.get(t, 0) + 1
        if isinstance(s, Bind) and len(s.targets) == 1 and _makes(s, context):
            made.add(s.targets[0])
    own = {t for t in made if bound[t] == 1}
    own |= _given(function, context) - bound.keys()
    own = {t for t in own if t in memory.parent and _is_of_floats(t, context)}
    if not own:
        return {}
    before = {whole: {first, *steps} for first, steps, whole in lists(function, context)}
    classes: dict[Any, list[str]] = {}
    for name in memory.parent:
        if isinstance(name, str):
            classes.setdefault(memory.find(name), []).append(name)
    inside = {memory.find(i) for i in memory.inside.values()}
    found = {t for t in own if set(classes[memory.find(t)]) == {t, *before.get(t, ())}
             and memory.find(t) not in inside and not memory.roots.get(memory.find(t), set()) - {t}
             and "fields" in memory.sorts.get(memory.find(t), ())}
    for s in ir.statements(function) if found else ():
        found.difference_update([n for n in ir.reads(s) if n in found
                                 and not _only_reads(s, n, context)])
    return {t: before.get(t, set()) for t in found}


def read_by_index(function: Function, context: Context) -> set[str]:
    """Lists of floats, made here or given, in which nobody writes, and of which an index picks.

    Nobody need have them alone; a list beside them adds up what a dict by index would.
    """
    if id(operator.getitem) not in ir.called(function):
        return set()
    found: set[str] = set()
    for s in ir.statements(function):
        if isinstance(s, Bind) and s.calls(operator.getitem) and isinstance(s.args[0], Var) and (
                isinstance(s.args[1], Var) or context.kinds.get(s.args[0].name, ANY).each) and \
                _is_of_floats(s.args[0].name, context):
            found.add(s.args[0].name)
    if not found:
        return found
    made: dict[str, int] = {}
    for s in ir.statements(function):
        for t in ir.defines(s):
            made[t] = made.get(t, 0) + (1 if isinstance(s, Bind) and len(s.targets) == 1
                                        and _makes(s, context) else 2)
    found &= {t for t, n in made.items() if n == 1} | (_given(function, context) - made.keys())
    for s in ir.statements(function) if found else ():
        if isinstance(s, (ir.Try, ir.With, ir.Raw, ir.Def)):
            return set()
        found.difference_update([n for n in ir.reads(s) if n in found
                                 and not _only_reads(s, n, context)])
    return found


def _given(function: Function, context: Context) -> set[str]:
    """Arguments that nobody changes before this function has run backwards."""
    request = context.request
    alone = request.mode == "grad" and not request.places
    return {p.name for p in function.params if alone and p.name in request.wrt}


def _makes(s: Bind, context: Context) -> bool:
    made = any(map(s.calls, (ops.list_, operator.mul, operator.add, list, ops.grown))) or \
        copies(s, context)
    return made and ir.Star not in map(type, s.args)


def copies(s: Bind, context: Context) -> bool:
    """What it gives has items of a list, and is another one: `xs[1:]`, `xs.copy()`."""
    return slices(s, context) or (s.calls(ops.method) and s.args[1:] == (Const("copy"),))


def joins(s: Bind, context: Context) -> bool:
    """It gives a list of the items of two."""
    return s.calls(operator.add) and len(s.args) == 2 and all(
        not isinstance(a, ir.Star) and _kind(a, context).type is list for a in s.args)


def slices(s: Bind, context: Context) -> bool:
    """It reads items of a list by a slice."""
    return s.calls(operator.getitem) and len(s.args) == 2 and not isinstance(
        s.args[1], ir.Star) and _kind(s.args[1], context).type is slice


def _is_of_floats(name: str, context: Context) -> bool:
    kind = context.kinds.get(name, ANY)
    if kind.type is list and kind.items:
        return all(k.is_float or (k.is_scalar and k.dtype == np.float64) for k in kind.items)
    each = kind.each
    return each is not None and each.is_scalar and each.field == "real" and (
        each.dtype is None or each.dtype == np.float64)


def _only_reads(s: ir.Stmt, name: str, context: Context) -> bool:
    """It reads or writes items, or reads all of them."""
    if isinstance(s, (If, While)):
        return True
    if isinstance(s, Store):
        return s.place == "item" and s.fn is operator.setitem and s.target == Var(name) \
            and _kind(s.key, context).type is int and s.value != Var(name)
    if not isinstance(s, Bind) or not isinstance(s.fn, Ref) or s.kwargs or len(s.targets) != 1:
        return False
    if s.calls(operator.getitem):
        return s.args[0] == Var(name) and _kind(s.args[1], context).type in (int, slice)
    if s.calls(choosing.place_of):
        return s.args[1] == Var(name)
    return (any(s.fn.object is f for f in _READERS) and s.args == (Var(name),)) or (
        copies(s, context) and s.args[0] == Var(name)) or joins(s, context)


def _kind(a: Any, context: Context) -> Kind:
    from s2sdiff.transforms.kinds import kind_of_atom

    return kind_of_atom(a, context)
