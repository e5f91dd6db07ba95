"""Lists and dicts that keep items of one kind while items are written into them.

All that is known of a list was known where it was made.  So if each write puts into a list only
what is of the kind of its items, that stays true of it under all of its names.  What an empty list
will hold is guessed from what is written into it; the guess is tested as everything else is.
"""

from __future__ import annotations

import functools
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Move, Ref, Var
from s2sdiff.kinds import ANY, Kind, scalar
from s2sdiff.kinds_in_common import as_key
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.filled import Filled
from s2sdiff.transforms.known_effects import computes
from s2sdiff.transforms.staying import (
    REAL,
    Change,
    blurred,
    called_sets,
    changes,
    field_set,
    fits,
    into,
    keeps,
    put_under,
    writes,
)

__all__ = ["inferred", "tried"]


def inferred(function: ir.Function, context: Context, infer: Any,
             kind_of: Any) -> ir.Function | None:
    """With kinds of items that stay while single items are written; None where they do not."""
    context.lists_alike = context.dicts_alike = True
    context.lists_real = ()
    context.lists_mixed = set()
    context.fields_set = {}
    again: set[str] = set()
    while True:
        found = infer(function, context)
        more = _guessed(found, context, kind_of)
        if not more.keys() <= context.made_empty.keys():
            context.made_empty = {**more, **context.made_empty}
            continue
        known: dict[int, frozenset] = {}
        if changes(found, context, kind_of, known) is Change.ALL:
            break
        names = _fields_set(found, context, kind_of, known)
        if names != context.fields_set:
            context.fields_set = names
            continue
        other = _unlike(found, context, kind_of)
        if not other or (other == {dict} and not context.dicts_alike):
            return found
        keyed = _keyed_otherwise(found, context, kind_of)
        if keyed:
            for name, key in keyed.items():
                guess = None if name in again else key
                context.made_empty[name] = context.made_empty[name]._replace(key=guess)
            again |= keyed.keys()
            continue
        mixed = _mixed(found, context, kind_of)
        if not mixed <= context.lists_mixed:
            context.lists_mixed |= mixed
            continue
        if len(context.lists_real) < len(_WIDENED):
            # Lists of ints are left for last: what is written may be at places that they hold.
            context.lists_real = _WIDENED[:len(context.lists_real) + 1]
        elif list not in other:
            context.dicts_alike, context.lists_real = False, ()
        else:
            break
    context.lists_alike, context.lists_real, context.made_empty = False, (), {}
    context.lists_mixed = set()
    context.fields_set = {}
    return None


#: The items of new lists into which other numbers are written.
_WIDENED = (float, int)


def _fields_set(function: ir.Function, context: Context, kind_of: Any,
                known: dict[int, frozenset]) -> dict[str, bool | None]:
    """The names of attributes that are written, as in `Context.fields_set`."""
    def kind(a: Any) -> Kind:
        return kind_of(a, context)

    found = dict(context.fields_set)
    for s in ir.statements(function):
        write = field_set(s, kind)
        if write is None:
            for name, how in (_sets(s, function, kind, context, known) or {}).items():
                found[name] = max(found.get(name, False), how, key=_SURE.index)
            continue
        had, name, gets = write
        if name not in found:
            found[name] = False  # what it has is not known by a flag's value, or an array's sizes
        elif not fits(gets, had):
            real = had.is_scalar and gets.is_scalar and gets.field in ("real", "int")
            found[name] = True if real and found[name] is False else None
    return found


#: What is known of an attribute that is written, from most to least.
_SURE: list[bool | None] = [False, True, None]


def tried(function: ir.Function, context: Context, kind_of: Any,
          known: dict[int, frozenset]) -> bool:
    """Whether something is written into a list or a dict, so that it pays to know its items."""
    def kind(a: Any) -> Kind:
        return kind_of(a, context)

    return any(into(s, kind) is not None or field_set(s, kind) is not None
               or _sets(s, function, kind, context, known) is not None
               for s in ir.statements(function) if type(s) is not Bind or not computes(s, kind))


def _sets(s: ir.Stmt, function: ir.Function, kind: Any, context: Context,
          known: dict[int, frozenset]) -> dict[str, bool | None] | None:
    """The attributes that a call writes which writes something."""
    return called_sets(s, kind, context) if type(s) is Bind and writes(
        s, function, kind, context, known) else None


def _unlike(function: ir.Function, context: Context, kind_of: Any) -> set[type]:
    """Of lists, dicts and deques: into which something is written that their items are not."""
    return {list if known.type is list else dict
            for _, known, _ in _strange(function, context, kind_of)}


def _strange(function: ir.Function, context: Context,
             kind_of: Any) -> Iterator[tuple[ir.Atom, Kind, list[Kind]]]:
    """Into what is written that its items are not, the kind of that, and of what is written."""
    def kind(a: Any) -> Kind:
        return kind_of(a, context)

    for s in ir.statements(function):
        write = into(s, kind)
        known = kind(write[0]) if write is not None else None
        if write is None or known is None or known.type not in (list, dict, deque):
            continue
        key = put_under(s, kind) if known.key is not None else None
        if not all(fits(v, known.each or known.under) for v in write[1]) or (
                key is not None and as_key([key]) != known.key):
            yield write[0], known, write[1]


def _mixed(function: ir.Function, context: Context, kind_of: Any) -> set[str]:
    """The variables that lists and dicts are made in which get real numbers of other types."""
    found: set[str] = set()
    before: dict[str, set[str]] = {}
    for target, known, values in _strange(function, context, kind_of):
        each = known.each or known.under
        if not isinstance(target, Var) or not all(
                v.is_scalar and v.field in ("real", "int") for v in (*values, each or REAL)):
            continue
        if not before:
            before = _copies(function)
        found |= _origins(target.name, before) - before.keys()
    return found


def _copies(function: ir.Function) -> dict[str, set[str]]:
    """By variable that is bound by copying: those that it is copied from."""
    before: dict[str, set[str]] = {}
    for s in ir.statements(function):
        for t, a in zip(s.targets, s.sources, strict=True) if isinstance(s, Move) else ():
            if isinstance(a, Var):
                before.setdefault(t, set()).add(a.name)
    return before


_EMPTY = frozenset(map(id, (ops.list_, list, ops.dict_, dict, deque)))


def _guessed(function: ir.Function, context: Context, kind_of: Any) -> dict[str, Kind]:
    """By variable that an empty list or dict is bound to: its kind, by what is written into it."""
    def kind(a: Any) -> Kind:
        return kind_of(a, context)

    made = {s.targets[0] for s in ir.statements(function)
            if isinstance(s, Bind) and len(s.targets) == 1 and not s.args and not s.kwargs
            and isinstance(s.fn, Ref) and id(s.fn.object) in _EMPTY}
    if not made:
        return {}
    filled = Filled(function)

    def as_far(a: Any) -> Kind:
        known = kind(a)
        holder = filled.holder(a) if known == ANY else None
        return known if holder is None else Kind(holder)

    puts: dict[str, list[tuple[Kind, set[str]]]] = {}
    keys: dict[str, list[Kind]] = {}
    for s in ir.statements(function):
        write = into(s, as_far)
        if write is None or not isinstance(write[0], Var):
            continue
        names, key = made & filled.of(write[0]), put_under(s, as_far)
        for name in names:
            last = s.args[-1] if isinstance(s, Bind) else getattr(s, "value", None)
            puts.setdefault(name, []).extend([(v, made & filled.of(last)) for v in write[1]])
            if key is not None:
                keys.setdefault(name, []).append(key)
    found: dict[str, Kind] = {}

    def guess(name: str, around: frozenset[str] = frozenset()) -> None:
        """What is in one of them, which may be others that are asked first."""
        known, unknown = list[Kind](), list[Kind]()
        for value, inner in puts.get(name, ()) if name not in around | found.keys() else ():
            if inner and not keeps(value):
                for n in inner:
                    guess(n, around | {name})
                known += [found[n] for n in inner if n in found]
            else:
                # What is computed of items of which nothing is known yet is most often a float.
                (known if keeps(value) else unknown).append(
                    blurred(value) if keeps(value) else scalar(float))
        each = functools.reduce(_either, known or unknown, None)
        if each is not None:
            found[name] = Kind(filled.type[name], value=each, key=_key(keys.get(name, ())))

    for name in puts:
        guess(name)
    return found


def _either(each: Kind | None, other: Kind) -> Kind:
    """What is guessed of items that have one kind or the other: the last, or a real number."""
    if each is None or each in (other, ANY):
        return other
    if each.is_tuple and other.is_tuple and each.items and other.items and \
            each._replace(items=None) == other._replace(items=None) and \
            len(each.items) == len(other.items):
        return each._replace(items=tuple(map(_either, each.items, other.items)))
    return each if other == ANY else REAL if other.type in (int, float) else other


def _key(keys: Sequence[Kind]) -> Kind | None:
    """The kind of keys, of which some are not known yet: they are most often texts."""
    known = [k for k in keys if k != ANY]
    return as_key(known or [Kind(str)]) if keys else None


def _keyed_otherwise(function: ir.Function, context: Context,
                     kind_of: Any) -> dict[str, Kind | None]:
    """By variable that a dict is made in whose keys are not what they were guessed to be: a key."""
    def kind(a: Any) -> Kind:
        return kind_of(a, context)

    guessed = {n for n, k in context.made_empty.items() if k.key is not None}
    found: dict[str, Kind | None] = {}
    before = _copies(function) if guessed else {}
    for s in ir.statements(function) if guessed else ():
        key, write = put_under(s, kind), into(s, kind)
        if key is not None and write is not None and isinstance(write[0], Var):
            for n in guessed & _origins(write[0].name, before):
                if as_key([key]) != context.made_empty[n].key:
                    found[n] = as_key([key])
    return found


def _origins(name: str, before: dict[str, set[str]]) -> set[str]:
    found, waiting = set(), [name]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += before.get(name, ())
    return found
