"""Whether what is in the lists, dicts and objects that a function is given stays what it is.

Where it does not, it may still be of one kind.  A list that is made with items of one kind, and
into which nobody writes any other, has items of that kind, by whatever name it is reached: all that
is known of a list was known where it was made.
"""

from __future__ import annotations

import enum
import operator
from collections import deque
from collections.abc import Sequence
from typing import Any

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Const
from s2sdiff.kinds import ANY, Kind, scalar
from s2sdiff.kinds_in_common import as_key
from s2sdiff.transforms import own_slots
from s2sdiff.transforms.arithmetic import elementwise
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.known_effects import computes
from s2sdiff.transforms.new_memory import MUTATORS

__all__ = ["Change", "alike", "blurred", "called_sets", "changes", "common", "field_set", "fits",
           "into", "keeps", "may_lead", "of_any_items", "part_of", "put_under", "real", "settable",
           "without_items", "writes"]


def part_of(kind: Kind, key: Any) -> Kind:
    """What is known of what a container or object has under a key."""
    if kind.items is None:
        return ANY
    if kind.value is not None and kind.type is not slice:
        return kind.items[kind.value.index(key)] if key in kind.value else ANY
    n = len(kind.items)
    return kind.items[key] if type(key) is int and -n <= key < n else ANY


def without_items(kind: Kind) -> Kind:
    """A kind that holds whatever happens to what is in there."""
    if kind.items is not None and kind.is_tuple:
        return kind._replace(items=tuple(map(without_items, kind.items)))
    has_items = kind.items is not None or kind.each is not None or kind.under is not None
    if has_items and kind.type is not tuple and kind.field is None:
        return Kind(kind.type)
    return kind


def of_any_items(kind: Kind, item: type) -> Kind:
    """The kind of a list of which it is known otherwise that its items are of a type."""
    return Kind(list) if kind.each is not None and kind.each.type is item else kind


def alike(kind: Kind, dicts: bool = True) -> Kind:
    """A kind that holds as long as lists, and `dicts`, get items of the kinds that they have."""
    if kind.items is not None and kind.is_tuple:
        return kind._replace(items=tuple([alike(k, dicts) for k in kind.items]))
    if _has_fields(kind):
        # What puts items into lists and dicts sets no attribute.
        return kind._replace(items=tuple([alike(k, dicts) for k in kind.items or ()]))
    each = kind.each or kind.under
    if kind.type in (list, dict) and kind.items:
        each = common(kind.items, dicts)
    elif each is not None:
        each = alike(each, dicts)
    if each is not None and keeps(each) and (dicts or kind.type is list):
        return Kind(kind.type, value=each, key=as_key([kind.drawn]))
    return without_items(kind)


def _has_fields(kind: Kind) -> bool:
    """An object of which it is known what its attributes hold."""
    return type(kind.value) is tuple and kind.items is not None and kind.type is not None and \
        not issubclass(kind.type, (list, tuple, dict, slice))


def settable(kind: Kind, names: dict[str, bool | None]) -> Kind:
    """A kind that holds while attributes are written, as `Context.fields_set` says of them."""
    if not _has_fields(kind):
        return kind
    items = tuple([settable(_set(k, names[n]) if n in names else k, names)
                   for n, k in zip(kind.value, kind.items or (), strict=True)])
    return kind._replace(items=items)


def _set(kind: Kind, real: bool | None) -> Kind:
    if real is None:
        return ANY
    if real and kind.is_scalar and kind.field in ("real", "int"):
        return REAL
    kind = blurred(kind)
    # What a flag or a function is was known as long as it stayed.
    return kind if isinstance(kind.value, Kind) or _has_fields(kind) or kind.items is not None \
        else kind._replace(value=None)


def field_set(s: ir.Stmt, kind: Any) -> tuple[Kind, str, Kind] | None:
    """Of a write of an attribute that an object is known to have: what it has there, and gets.

    With the attribute's name between them; None for all other statements.
    """
    if not isinstance(s, ir.Store) or s.place != "attribute" or s.fn is not setattr or \
            not isinstance(s.key, Const) or s.value is None:
        return None
    known, name = kind(s.target), s.key.value
    if not _has_fields(known) or name not in known.value or \
            known.type.__setattr__ is not object.__setattr__:
        return None
    return part_of(known, name), name, kind(s.value)


def may_lead(kind: Kind, other: Kind) -> bool:
    """Whether what is of a kind may be, or hold, what is of the other: an object, say."""
    if kind.is_fixed or kind.inert:
        return False
    parts = kind.items if kind.items is not None else [
        k for k in (kind.each, kind.under) if k is not None]
    known = kind.is_number or kind.items is not None or len(parts) == 1
    return not known or other.type in (None, kind.type) or any(
        may_lead(k, other) for k in parts)


def called_sets(s: ir.Stmt, kind: Any, context: Context) -> dict[str, bool | None] | None:
    """The attributes that a call writes, and with what; None: it may change more."""
    if not isinstance(s, Bind) or not isinstance(s.fn, ir.Ref) or any(
            isinstance(a, ir.Star) for a in s.args) or any(k is None for k, _ in s.kwargs):
        return None
    return context.callee_sets(s, [kind(a) for a in s.args], context)


def common(kinds: Sequence[Kind], dicts: bool = True) -> Kind | None:
    """The kind that all of these have, whatever is written into such."""
    first, *others = [blurred(alike(k, dicts)) for k in kinds]
    return first if all(k == first for k in others) else None


def blurred(kind: Kind) -> Kind:
    """A kind without what differs from one item to the next: which dimensions an array has."""
    if kind.is_array and kind.shape is not None:
        return kind._replace(shape=tuple([f"?{i}" for i in range(len(kind.shape))]))
    if kind.items is not None and kind.is_tuple:
        return kind._replace(items=tuple(map(blurred, kind.items)))
    return kind._replace(dim=None)


def keeps(kind: Kind) -> bool:
    """What items of a list have in common while others of that kind take their places."""
    if kind.items is not None and kind.is_tuple:
        return all(map(_lasts, kind.items))
    return _is_known(kind) or kind.each is not None or kind.under is not None or \
        kind.type is str or (
        kind.is_scalar and (kind.type is not None or kind.field == "real"))


def _lasts(kind: Kind) -> bool:
    """A part of a tuple of which the same is known whatever is put into lists and dicts."""
    if kind.items is not None and kind.is_tuple:
        return all(map(_lasts, kind.items))
    return kind.is_scalar or kind.type is str or kind == ANY or _is_known(kind) or \
        kind.each is not None or kind.under is not None


def _is_known(kind: Kind) -> bool:
    """An array of which rank and dtype are known."""
    return bool(kind.is_array and kind.shape and kind.dtype is not None)


def fits(value: Kind, each: Kind | None) -> bool:
    """Whether what is written is of the kind that the items have."""
    value = blurred(value)
    return (each is not None and value == blurred(each)) or (each == REAL and value.is_scalar and (
        value.field == "real" or value.type is int))


def real(kind: Kind, types: tuple[type, ...]) -> Kind:
    """A new list of floats, or of ints, as one into which both are written, if of such types."""
    each = kind.each
    return Kind(list, value=REAL) if each is not None and each.type in types else kind


#: What is a float or an int, or may be a float of NumPy's.
REAL = scalar()


#: By the id of a function's statement: what it writes.
Written = dict[int, frozenset]


class Change(enum.Enum):
    """What may become of what is in lists, dicts and objects."""

    NONE = "nothing is written"
    ITEMS = "single items are put into lists and dicts, and taken out"
    ALL = "anything may be in there"


def writes(s: ir.Stmt, function: ir.Function, kind: Any, context: Context,
           known: Written) -> frozenset:
    """What a call or a `with` writes, which is found out once while kinds stay what they are."""
    from s2sdiff.transforms import effects

    if not isinstance(s, (Bind, ir.With)):
        return frozenset()
    found = known.get(id(s))
    if found is None:
        found = known[id(s)] = effects.written_by(s, function.origin, kind, context)
    return found


def changes(function: ir.Function, context: Context, kind_of: Any,
            known: Written | None = None) -> Change:
    """What may be written into a list, a dict or an object."""
    from s2sdiff.transforms import effects, implicit

    known = {} if known is None else known

    def kind(a: Any) -> Kind:
        return kind_of(a, context)

    found = Change.NONE
    for s in ir.statements(function):
        if type(s) is Bind and computes(s, kind):
            continue
        if implicit.unseen(s, kind, effects.summary):
            return Change.ALL
        t, written = type(s), False
        if t is ir.Move or t is ir.Exit:
            continue
        if isinstance(s, ir.Store):
            written = s.place == "attribute" or not kind(s.target).is_array
        elif isinstance(s, ir.Raw):
            written = s.memory
        elif isinstance(s, ir.With):
            written = bool(writes(s, function, kind, context, known))
        elif isinstance(s, Bind):
            names = writes(s, function, kind, context, known)
            if names:
                given = {**dict(enumerate(s.args)), **dict(s.kwargs)}
                written = any(
                    w == "*" or w not in given or not kind(given[w]).is_array for w in names)
        if own_slots.puts(s, context.own_slots):
            continue
        if written and into(s, kind) is None and field_set(s, kind) is None and \
                called_sets(s, kind, context) is None:
            return Change.ALL
        found = Change.ITEMS if written else found
    return found


def into(s: Any, kind: Any) -> tuple[ir.Atom, list[Kind]] | None:
    """The list or dict that a statement puts single items into, or takes some out of.

    With it the kinds of what it puts in; None for all other statements.
    """
    t = type(s)
    if t is not ir.Store and (t is not Bind or not s.calls(ops.method)):
        return None  # as most
    match s:
        case ir.Store(place="item", target=target, key=key, value=value) if key is not None:
            known = kind(target)
            if known.type is set or s.fn is operator.delitem:
                values = []
            elif known.type is list and kind(key).type is not int:
                return None
            elif s.fn is operator.setitem:
                values = [kind(value)]
            else:
                values = [_updated(known.each or known.under, s, kind(value))]
        case Bind(_, ir.Ref(fn), (target, Const(str(name)), *args), ()) if fn is ops.method:
            known = kind(target)
            if name not in MUTATORS or any(isinstance(a, ir.Star) for a in (target, *args)):
                return None
            first = _INTO.get(known.type, {}).get((name, len(args)))
            if known.type is set:
                values = []
            elif first is not None:
                values = [kind(a) for a in args[first:]]
            elif known.type in (dict, deque):
                values = [ANY]
            else:
                return None
        case _:
            return None
    return (target, values) if known.type in (list, dict, deque, set) else None


def put_under(s: Any, kind: Any) -> Kind | None:
    """The kind of the key that a statement puts something under in a dict; None for others."""
    if type(s) is ir.Store and s.place == "item" and s.fn is not operator.delitem:
        return kind(s.key) if kind(s.target).type is dict else None
    if not isinstance(s, Bind) or not s.calls(ops.method) or len(s.args) < 3:
        return None
    put = s.args[1] == Const("setdefault") and kind(s.args[0]).type is dict
    return kind(s.args[2]) if put else None


#: Methods, by number of arguments: from which one on these become items.
_INTO: dict[Any, dict[tuple[str, int], int]] = {
    list: {("append", 1): 0, ("insert", 2): 1, ("pop", 0): 0, ("pop", 1): 1, ("remove", 1): 1,
           ("clear", 0): 0, ("reverse", 0): 0, ("sort", 0): 0},
    dict: {("setdefault", 2): 1, ("pop", 1): 1, ("popitem", 0): 0, ("clear", 0): 0},
    deque: {("append", 1): 0, ("appendleft", 1): 0, ("pop", 0): 0, ("popleft", 0): 0,
            ("clear", 0): 0, ("reverse", 0): 0, ("rotate", 0): 0, ("rotate", 1): 1},
}


def _updated(each: Kind | None, s: ir.Store, value: Kind) -> Kind:
    """The kind of an item after `a[i] op= v`."""
    if each is None or not each.is_scalar or s.fn not in ops.IN_PLACE:
        return ANY
    return elementwise(ops.IN_PLACE[s.fn], [each, value], None)
