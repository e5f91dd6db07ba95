"""Text made of active values: it may be printed and returned, but no number read back from it.

It may lie in a container among other things.  What comes out of such a container is looked at when
the code runs, before anything else than another container is made of it.
"""

from __future__ import annotations

import ast
import collections
import decimal
import fractions
import io
import json
import logging
import marshal
import operator
import pickle
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Function, Move, Ref, Var
from s2sdiff.kinds import ANY, Kind
from s2sdiff.runtime import values
from s2sdiff.runtime.outside import is_of_library
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.holding import has_hash
from s2sdiff.transforms.kinds import kind_of_atom
from s2sdiff.transforms.meant import namespace_value
from s2sdiff.transforms.reaching import written_atoms

__all__ = ["LOADING", "NUMBERS", "SAVING", "computes", "converts", "fills", "held",
           "is_display", "looks_up", "may_be_looked_into", "parses", "takes_out"]

_TEXTS = (str, bytes)


def held(function: Function, context: Context) -> set[str]:
    """The variables that may hold such text, or be it, without being known as text."""
    found: set[str] = set()
    context.own_displays = {t for s in ir.statements(function) if isinstance(s, Bind)
                            and is_display(s) for t in s.targets}
    put: set[Any] = set()  # classes of memory
    # What a library keeps is text of the user's where that is given to it, and read from it.
    looks = not is_of_library(function.origin)
    # Where there is no such text, nothing holds one.
    while context.texts:
        size = len(found), len(put)
        for s in ir.statements(function):
            given = found | context.texts
            if looks and isinstance(s, (Bind, ir.Store)) and not given.isdisjoint(
                    ir.reads(s)) and not _only_shows(s, function, context):
                put.update(_written(s, context))
            if isinstance(s, Move):
                # What is a number on another path is no text, but may be one.
                found.update(t for t, a in zip(s.targets, s.sources, strict=True)
                             if isinstance(a, Var) and a.name in given
                             and t not in context.texts)
            elif isinstance(s, ir.Store):
                if isinstance(s.target, Var) and any(
                        getattr(a, "name", None) in given for a in (s.value, s.key)):
                    found.add(s.target.name)
            elif isinstance(s, ir.For):
                if getattr(s.source, "name", None) in given:
                    found.update(ir.pattern_names(s.target))
            elif isinstance(s, Bind) and not given.isdisjoint(ir.reads(s)):
                if fills(s, context):
                    found.add(s.args[0].name)  # type: ignore[union-attr]
                if is_display(s) or (takes_out(s) and not found.isdisjoint(ir.reads(s))):
                    found.update(s.targets)
            elif _OUTSIDE in put and isinstance(s, Bind) and takes_out(s) and any(
                    isinstance(a, (Ref, ir.Free)) for a in s.args[:1]):
                found.update(s.targets)
        if _OUTSIDE in put:
            found.add(_OUTSIDE)
        if put:
            found.update(n for n in context.memory.parent if isinstance(n, str) and
                         not put.isdisjoint(context.memory.depths(n)))
        found -= {n for n in found if context.kinds.get(n, ANY).is_scalar}
        if (len(found), len(put)) == size:
            break
    return found


#: What writes numbers into files, and what reads them.
SAVING = frozenset({np.save, np.savez, np.savez_compressed, np.savetxt, pickle.dump, json.dump,
                     np.ndarray.tofile, np.ndarray.dump})
LOADING = frozenset({np.load, np.loadtxt, np.genfromtxt, np.fromfile, np.memmap, np.fromregex,
                      pickle.load, json.load})


def _only_shows(s: ir.Stmt, function: Function, context: Context) -> bool:
    """What goes into a log, which nobody reads, or into a file, which is looked at when it is read.
    """
    if not isinstance(s, Bind):
        return False
    fn = s.fn.object if isinstance(s.fn, Ref) else None
    if fn is ops.method:
        owner, name = s.args[0], getattr(s.args[1], "value", None)
        stands_for = next((b for m in ir.statements(function) if isinstance(m, Move)
                           for t, b in zip(m.targets, m.sources, strict=True)
                           if isinstance(b, ir.Free) and Var(t) == owner), owner)
        value = namespace_value(function.origin, stands_for.name) if isinstance(
            stands_for, ir.Free) else getattr(stands_for, "object", None)
        return name in ("write", "writelines") or isinstance(
            value, logging.Logger | logging.LoggerAdapter)
    return fn is print or getattr(fn, "__module__", None) == "logging" or (
        issubclass(getattr(fn, "__objclass__", object), io.IOBase))


_OUTSIDE = "*"


def _written(s: ir.Stmt, context: Context) -> set[Any]:
    """Where what a statement is given may be afterwards: classes of memory, or outside of all."""
    found: set[Any] = set()
    for a in written_atoms(s, context):
        node = context.memory.of(a)
        if node is None:
            found.add(_OUTSIDE)
        elif isinstance(s, ir.Store) or kind_of_atom(a, context).type in (dict, list, set):
            found.add(context.memory.find(node))  # itself, and not what else is in there
        else:
            found.update(context.memory.depths(node))
    return found


def converts(s: ir.Stmt, context: Context) -> bool:
    """Something that varies becomes a number, of which it is not known that it is no text."""
    return isinstance(s, Bind) and isinstance(s.fn, Ref) and id(s.fn.object) in NUMBERS and \
        len(s.args) == 1 and isinstance(s.args[0], Var) and s.args[0].name in context.varies and \
        context.kinds.get(s.args[0].name, ANY).type is None


NUMBERS = frozenset(map(id, (
    float, complex, np.float32, np.float64, np.longdouble, np.complex64, np.complex128,
    float.fromhex, fractions.Fraction, decimal.Decimal, json.loads, pickle.loads, marshal.loads,
    ast.literal_eval, np.fromstring, np.frombuffer)))


def parses(s: Bind, context: Context) -> bool:
    """What gives numbers of what is kept as text or in a file, be such in its owner or outside."""
    if isinstance(s.fn, Ref) and has_hash(s.fn.object) and s.fn.object in LOADING:
        return not context.texts.isdisjoint(ir.reads(s))  # a file that is named by it
    return s.calls(ops.method) and s.args[1] in _PARSING and not context.holding_texts.isdisjoint(
        {_OUTSIDE, getattr(s.args[0], "name", "")})


#: Those of `configparser`.
_PARSING = (ir.Const("getfloat"), ir.Const("getint"))


def told_at_run_time(s: Bind) -> bool:
    """A call of the user's code that is given such text, which may be a word without a digit."""
    fn = s.fn.object if isinstance(s.fn, Ref) else None
    if fn is None:
        return True
    return isinstance(fn, (type, types.FunctionType)) and not is_of_library(fn) and \
        id(fn) not in NUMBERS


def fills(s: Bind, context: Context) -> bool:
    """A call that puts what it is given into its owner, a container that is made here."""
    return s.calls(ops.method) and len(s.args) > 1 and \
        getattr(s.args[0], "name", None) in context.own_displays and \
        getattr(s.args[1], "value", None) in (
        "append", "appendleft", "add", "extend", "insert", "setdefault", "update", "__setitem__")


def takes_out(s: Bind) -> bool:
    """A call that gives what is in its first argument, or some of it, or a part of a text."""
    if s.calls(ops.method):
        return len(s.args) > 1 and getattr(s.args[1], "value", None) in _GIVING
    return isinstance(s.fn, Ref) and id(s.fn.object) in _PASSING


def may_be_looked_into(a: Any, context: Context) -> bool:
    """Whether `no_text` may find any in there: not in numbers, nor in objects."""
    kind = kind_of_atom(a, context)
    if kind.is_number:
        return False
    return kind.type is None or (isinstance(kind.type, type) and issubclass(kind.type, (
        *_TEXTS, np.ndarray, dict, list, tuple, set, frozenset, collections.deque)))


def computes(s: Bind) -> bool:
    """Arithmetic, which raises where it is given a text, or gives one."""
    fn = s.fn.object if isinstance(s.fn, Ref) else None
    return isinstance(fn, np.ufunc) or getattr(fn, "__module__", None) == "_operator"


#: Methods of containers, and those of texts alone.
_GIVING = (
    "get", "pop", "popitem", "popleft", "items", "values", "keys", "copy", "__getitem__",
    "startswith", "endswith", "split", "strip", "lstrip", "rstrip", "upper", "lower", "replace",
    "title", "join", "encode", "decode", "format", "splitlines", "find", "isdigit", "isalpha",
    "read", "readline", "readlines", "getvalue", "setdefault")
#: Functions that hand on, and tests.
_PASSING = frozenset(map(id, (
    operator.getitem, getattr, vars, operator.add, operator.mod, operator.mul, ops.unpack,
    ops.item_of, ops.grown, values.sequence, values.indices, values.keys_of, len, list, tuple, set,
    dict, sorted, reversed, enumerate, zip, max, min, iter, ops.contains, ops.not_contains,
    operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge,
)))


def looks_up(s: Bind, kind: Callable[[Any], Kind]) -> bool:
    """A call of a dict's method whose key only says which item: `{"central": 2}.get(method)`."""
    return s.calls(ops.method) and len(s.args) > 2 and \
        getattr(s.args[1], "value", None) in ("get", "pop") and \
        (type(s.args[0].object) if isinstance(s.args[0], Ref) else kind(s.args[0]).type) is dict


def is_display(s: Bind) -> bool:
    """A call that puts values into a container."""
    return isinstance(s.fn, Ref) and id(s.fn.object) in _DISPLAYS


_DISPLAYS = frozenset(map(id, (
    ops.tuple_, ops.list_, ops.dict_, ops.set_, ops.growing, ops.appended)))
