"""What holds numbers, and its tangent, in step: displays, parts, views, writes.

The tangent of a list is a list, that of a written array an array; each statement that makes, reads
or writes one is written twice.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff import errors, ir, ops, registry
from s2sdiff.ir import Atom, Bind, Const, Move, Ref, Star, Store, Var, replace
from s2sdiff.kinds import ANY, Kind
from s2sdiff.runtime import values, writes_in_step, zero_tangents
from s2sdiff.runtime.in_step import HOLDERS, METHODS
from s2sdiff.runtime.views import OF_ONE
from s2sdiff.runtime.zero_tangents import zero_tangent
from s2sdiff.transforms import factors, gathered, parts, planting, slots_in_step
from s2sdiff.transforms.choices import is_ours
from s2sdiff.transforms.emit import Emitter
from s2sdiff.transforms.slots_in_step import twice
from s2sdiff.transforms.tangents import Tangents

__all__ = ["bind", "store"]

Computed = Callable[[Bind, Emitter], dict[str, Any]]

_GIVING_BACK = (np.asarray, np.asanyarray)
_DISPLAYS = (ops.tuple_, ops.list_, ops.dict_)


def bind(s: Bind, emit: Emitter, tangents: Tangents) -> bool:
    """Emit a call that is done to the tangents, too; False for any other call."""
    fn = s.fn.object if isinstance(s.fn, Ref) else None
    if fn in gathered.FORMS:
        _gathered(s, emit, tangents)
    elif slots_in_step.bind(s, emit, tangents):
        pass
    elif fn in _DISPLAYS and not s.kwargs:
        s = replace(s, args=tuple([_drawn(a, emit, tangents) for a in s.args]))
        emit.out.append(s)
        args = [_of(a, emit, tangents, fn is ops.dict_ and i % 2 == 0)
                for i, a in enumerate(s.args)]
        twice(s, s.fn, args, (), emit, tangents)
    elif _joins(s, fn, emit):
        emit.out.append(s)
        one, two = s.args
        other = emit.atom(tangents.of(two, emit)) if fn is operator.add else two
        twice(s, s.fn, [emit.atom(tangents.of(one, emit)), other], (), emit, tangents)
    elif (fn is ops.unpack and _is_known(s.args[0], emit)) or (
            fn in _WALKS and s.args and _holds(s.args[0], emit)):
        dot = _drawn_of(tangents.of(s.args[0], emit), s.args[0], emit)
        emit.out.append(s)
        twice(s, s.fn, [dot, *s.args[1:]], s.kwargs, emit, tangents)
    elif fn is sum and _sums(s, emit):
        emit.context.rules[id(sum)] = sum, registry.find(sum)
        emit.out.append(s)
        twice(s, s.fn, [emit.atom(tangents.of(a, emit)) for a in s.args], (), emit, tangents)
    elif _gives_back(s, fn, emit) and s.targets and s.targets[0] in tangents.context.active:
        # Of what surely is an array they give that very one.
        emit.out += [s, Move((tangents.name(s.targets[0]),),
                             (emit.atom(tangents.of(s.args[0], emit)),), s.loc)]
    elif fn in (getattr, operator.getitem) and (
            at := factors.part(s, emit.kind(s.args[0]))) is not None:
        emit.out.append(s)
        dot = tangents.of(s.args[0], emit)
        twice(s, Ref(operator.getitem), [dot, Const(at)], (), emit, tangents)
    elif (fn is operator.getitem and _holds(s.args[0], emit)) or _is_view(s, fn, emit, tangents):
        emit.out.append(s)
        twice(s, s.fn, [tangents.of(s.args[0], emit), *s.args[1:]], s.kwargs, emit, tangents)
    elif fn is ops.method and isinstance(s.args[1], Const) and \
            isinstance(s.args[0], Var) and s.args[0].name in tangents.context.active and \
            s.args[1].value in METHODS.get(emit.kind(s.args[0]).type, ()) and not any(
                isinstance(a, Star) for a in s.args) and not s.kwargs:
        _method(s, emit, tangents)
    else:
        return False
    return True


#: What draws all items of its first argument.
_WALKS = (values.undisturbed, values.sequence, list, tuple)


def _holds(a: Any, emit: Emitter) -> bool:
    kind = emit.kind(a)
    return kind.type in HOLDERS or kind.is_array


def _is_known(a: Any, emit: Emitter) -> bool:
    """No class of the user's, which would say itself what it gives."""
    kind = emit.kind(a)
    return emit.context.bars is None or kind.is_array or kind.type in HOLDERS or \
        kind.is_tuple


def _joins(s: Bind, fn: Any, emit: Emitter) -> bool:
    """`items + more` and `items * n`; beside an array, a list is one, too."""
    if fn not in (operator.add, operator.mul) or len(s.args) != 2:
        return False
    one, two = [emit.kind(a).type for a in s.args]
    return one in (list, tuple) and (two is one if fn is operator.add else two is int)


def _sums(s: Bind, emit: Emitter) -> bool:
    """Of floating numbers in a list or tuple: their tangents are numbers in such a one."""
    if s.kwargs or not s.args or not is_ours(sum):
        return False
    kind, *start = map(emit.kind, s.args)
    known = kind.items if kind.type is tuple else (kind.each,) if kind.each else kind.items
    return kind.type in (list, tuple) and bool(known) and all(
        k.is_scalar and k.field in ("real", "complex") for k in (*(known or ()), *start))


def _gives_back(s: Bind, fn: Any, emit: Emitter) -> bool:
    """`np.asarray(a)`, also with the dtype that `a` has."""
    if fn not in _GIVING_BACK or not s.args:
        return False
    kind, dtypes = emit.kind(s.args[0]), [*s.args[1:2], *[a for n, a in s.kwargs if n == "dtype"]]
    known = [a.object if isinstance(a, Ref) else a.value if isinstance(a, Const) else ""
             for a in dtypes]
    return kind.is_array and len(s.args) + len(s.kwargs) == 1 + len(dtypes) and all(
        d is not None and d in (float, np.float64, "float64") for d in known) and (
            not known or kind.dtype == "float64")


def _is_view(s: Bind, fn: Any, emit: Emitter, tangents: Tangents) -> bool:
    """A function of shapes alone, of one active array."""
    try:
        known = fn in OF_ONE
    except TypeError:
        return False
    active = tangents.context.active
    if known and (s.args[1:] or s.kwargs) and s.targets:
        # Given a dtype, it may make objects of the numbers, or fields of a structure.
        known = emit.kind(Var(s.targets[0])).field in ("real", "complex")
    return known and bool(s.args) and emit.kind(s.args[0]).is_array and \
        isinstance(s.args[0], Var) and s.args[0].name in active and \
        not any(n in active for n in ir.reads(s)[1:]) and \
        all(emit.kind(a).inert for a in s.args[1:])  # `np.atleast_1d(a, b)` is of several


def _drawn(a: Any, emit: Emitter, tangents: Tangents) -> Any:
    """Starred items without a tangent, drawn once: there are zeros for as many."""
    if not isinstance(a, Star) or (
            isinstance(a.value, Var) and a.value.name in tangents.context.active):
        return a
    return Star(emit.bind(Ref(tuple, "tuple"), [a.value], {}, "items_1"))


def _of(a: Any, emit: Emitter, tangents: Tangents, key: bool = False) -> Any:
    if key:
        return a
    if isinstance(a, Star):
        if isinstance(a.value, Var) and a.value.name in tangents.context.active:
            return Star(_drawn_of(Var(tangents.name(a.value.name)), a.value, emit))
        return Star(emit.bind(Ref(zero_tangent), [a.value], {}, "zero_1"))
    return emit.atom(tangents.of(a, emit))


def _drawn_of(dot: Any, a: Any, emit: Emitter) -> Any:
    """The tangents of what is drawn of a value, whose kind is perhaps not known."""
    kind = emit.kind(a)
    if kind.is_array or kind.type is list or kind.is_tuple:
        return dot
    return emit.bind(Ref(zero_tangents.item_tangents), [dot, a], {}, "items_1")


def _gathered(s: Bind, emit: Emitter, tangents: Tangents) -> None:
    """A step of a growing list as the user wrote it, and the same for the list of tangents."""
    source, target = s.args[0], s.targets[-1]
    whole = emit.atom(tangents.of(source, emit))
    emit.out += gathered.plain(s)
    if s.calls(ops.appended):
        item = emit.atom(tangents.of(s.args[1], emit))
        emit.effect(Ref(ops.method), [whole, Const("append"), item])
    elif s.calls(ops.item_of) and s.targets[0] in tangents.context.active:
        name = tangents.name(s.targets[0])
        emit.out.append(Bind((name,), Ref(operator.getitem), (whole, s.args[1]), (), s.loc))
    if target in tangents.context.active:
        emit.out.append(Move((tangents.name(target),), (whole,), s.loc))


def _method(s: Bind, emit: Emitter, tangents: Tangents) -> None:
    owner, name, *args = s.args
    assert isinstance(name, Const)
    emit.out.append(s)
    at = METHODS[emit.kind(owner).type][name.value]
    given = [_of(a, emit, tangents) if i + 1 in at else a for i, a in enumerate(args)]
    if name.value in ("extend", "__init__") and args:
        given[0] = _drawn_of(given[0], args[0], emit)
    twice(s, s.fn, [tangents.of(owner, emit), name, *given], s.kwargs, emit, tangents)


# ------------------------------------------------------------------------------------ writes


def store(s: Store, emit: Emitter, tangents: Tangents, computed: Computed) -> None:
    """A write into what is active, and into its tangent."""
    kind = emit.kind(s.target)
    if s.fn is operator.setitem and (kind == ANY or _may_spread(s, kind, emit)):
        given: list[Any] = [s.target, s.key, s.value]
        pushed = [emit.atom(tangents.of(a, emit)) for a in (s.target, s.value)]
        emit.effect(Ref(writes_in_step.write_in_step), [*pushed, *given])
        return
    if kind.is_scalar and s.place != "attribute":
        emit.out.append(s)  # a number has no items: it raises, and perhaps somebody handles that
        return
    if s.place == "attribute" or not (kind.is_array or kind.type in HOLDERS):
        emit.out += [planting.refuse(
            errors.UnsupportedError, "forward mode does not go through this write",
            "use reverse mode (sd.vjp), or bind a new value", s.loc), s]
        return
    target = emit.atom(tangents.of(s.target, emit))
    if s.fn is operator.delitem:
        emit.out += [s, replace(s, target=target)]
        return
    active = isinstance(s.value, Var) and s.value.name in tangents.context.active
    if s.fn is operator.setitem:
        value = _value(s, kind, active, emit, tangents)
        emit.out += [s, replace(s, target=target, value=value)]
    elif s.fn in (operator.iadd, operator.isub, ops.scatter_add):
        emit.out.append(s)
        if active:
            dot = tangents.of(s.value, emit)
            value = emit.atom(_drawn_of(dot, s.value, emit) if kind.type is list else dot)
            emit.out.append(replace(s, target=target, value=value))
    else:
        _in_place(s, target, emit, tangents, computed)


def _may_spread(s: Store, kind: Kind, emit: Emitter) -> bool:
    """A slice of a list may be given the items of a set or a dict."""
    given = emit.kind(s.value)
    return kind.type is list and emit.kind(s.key).type is not int and not (
        given.is_scalar or given.is_array or given.type in (list, tuple))


def _value(s: Store, kind: Kind, active: bool, emit: Emitter, tangents: Tangents) -> Atom:
    if kind.is_array and not active:
        return Const(0.0)
    return emit.atom(tangents.of(s.value, emit))


def _in_place(s: Store, target: Atom, emit: Emitter, tangents: Tangents,
              computed: Computed) -> None:
    """`a[k] *= v`: the tangent of the product, which reads what was there, before the write."""
    context, value = tangents.context, s.value
    assert value is not None
    old: Any = s.target
    if s.key is not None:
        old = Var(context.names("old_1"))
        context.active.add(old.name)
        read = Bind((old.name,), Ref(operator.getitem), (s.target, s.key), (), s.loc)
        context.kinds[old.name] = _item(s, emit)
        bind(read, emit, tangents)
    new = context.names("new_1")
    context.active.add(new)
    context.kinds[new] = context.kinds.get(old.name, ANY)
    made = computed(Bind((new,), Ref(ops.IN_PLACE[s.fn]), (old, value), (), s.loc), emit)
    dot = emit.atom(made[new])
    key = s.key if s.key is not None else Const(...)
    emit.out += [s, Store(operator.setitem, target, key, dot, "item", s.loc)]


def _item(s: Store, emit: Emitter) -> Kind:
    assert s.key is not None
    read = Bind((), Ref(operator.getitem), (s.target, s.key), (), s.loc)
    return parts.item(read, [emit.kind(s.target), emit.kind(s.key)])

