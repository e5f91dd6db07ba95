"""What calls do to the classes of variables that may share memory."""

from __future__ import annotations

import operator
import types
from collections import deque
from typing import Any

from s2sdiff import ops, registry, runtime
from s2sdiff.ir import Bind, Const, Free, Opaque, Ref, Star, Var
from s2sdiff.runtime import cells, nested, values
from s2sdiff.runtime.views import VIEWS
from s2sdiff.transforms.alias_classes import Classes, PartOf
from s2sdiff.transforms.constants_of_classes import reads_constant
from s2sdiff.transforms.implicit import gives_back, is_text, of_user
from s2sdiff.transforms.keeping_outside import hands_on
from s2sdiff.transforms.known_effects import computes
from s2sdiff.transforms.new_memory import CONTAINED, INPLACE, copies, is_new
from s2sdiff.transforms.object_arrays import hands_on_items, makes_one

__all__ = ["DISPLAYS", "bind"]

DISPLAYS = (ops.tuple_, ops.list_, ops.dict_, ops.set_)

#: Of containers they give a new one, with the very items of their operands.
_COMBINING = (operator.add, operator.mul, operator.or_, operator.and_, operator.sub, operator.xor)

_SYNTAX = (operator.getitem, getattr)
#: They give what they are given, under its next name.
_SAME = (ops.growing, ops.appended, ops.item_of, ops.grown, ops.number, ops.named)


def bind(memory: Classes, s: Bind) -> None:
    """Join the classes that a call joins, and note what it writes."""
    targets = [*map(memory.target, s.targets)]
    arguments = [*s.args, *[a for _, a in s.kwargs]] if s.kwargs else s.args
    nodes = [*map(memory.of, arguments)]
    if not any(targets) and computes(s, memory.kind_of):
        return  # it gives a number, through which nothing is shared
    written = memory.effects(s)
    if written:
        _written_into(memory, s, written, nodes)
    fn = s.fn.object if isinstance(s.fn, Ref) else None
    if is_text(fn):
        for t in targets:
            memory.note_new(t)
        return
    if (fn in _SYNTAX or fn in INPLACE) and Star in map(type, s.args):
        fn = None  # which of its arguments is which, only the run tells
    rule = None if fn is None or isinstance(fn, Opaque) else registry.find(fn)
    alone = targets[0] if len(targets) == 1 else None
    if getattr(rule and rule.function, "__s2sdiff_stops__", False) or reads_constant(
            s, memory.kind_of) or (
            (fn in VIEWS or fn is operator.getitem or fn is getattr) and any(
                isinstance(a, Var) and a.name in memory.stopped for a in s.args[:1])):
        memory.stopped.update(s.targets)
    if makes_one(s) and alone is not None:
        memory.boxes.add(alone)
    boxes = memory.boxed(nodes) if hands_on_items(s) else []
    if boxes and alone is not None:
        for n in boxes:
            memory.unify(alone, n)
            memory.collapse(n)  # an item may come out, or a list of them
    elif fn is cells.own_cell or fn is globals:
        memory.outside(alone)
    elif fn is cells.seen:
        memory.unify(alone, nodes[1])
    elif fn is cells.cell or isinstance(fn, cells.Maker) or (
            isinstance(fn, types.FunctionType) and fn in nested.MAKERS):
        memory.note_new(alone)
        for n in nodes:
            if n is not None and alone is not None:
                memory.unify(memory.content(alone), n)
                memory.unify(memory.content(alone), memory.content(n))
    elif fn in DISPLAYS and alone is not None:
        for n, a in zip(nodes, arguments, strict=True):
            if isinstance(a, Star):
                memory.element(memory.content(alone), a.value)  # of an array, they are its views
            elif n is not None:
                memory.unify(memory.content(alone), n)
        memory.note_new(alone)
    elif fn is runtime.gradient and alone is not None:
        # It is built as the second argument is, of what is in the first.
        memory.mixed([alone, nodes[0]])
    elif fn is ops.unpack:
        for t in targets:
            memory.element(t, s.args[0])
    elif fn is ops.method and _of_container(memory, s):
        for t in targets:
            # An element, or a container of elements.
            if t is not None and nodes[0] is not None:
                memory.unify(t, memory.content(nodes[0]))
                memory.unify(memory.content(t), memory.content(nodes[0]))
            for n, a in zip(nodes[2:], arguments[2:], strict=True):
                if n is not None and t is not None and not memory.kind_of(a).is_fixed:
                    memory.unify(t, n)  # the default of `get` or `pop`
    elif fn is operator.getitem and alone is not None and nodes[0] is not None:
        _read_item(memory, alone, nodes[0], s)
    elif fn in _SAME and not any(nodes[1:]) and not any(targets[:-1]):
        memory.unify(targets[-1], nodes[0])
    elif fn is getattr and alone is not None and nodes[0] is not None:
        memory.unify(alone, memory.content(nodes[0]))
        if memory.kind_of(s.args[0]).type is None or _of_class(memory, s):
            memory.unify(alone, nodes[0])
        for n in nodes[2:]:  # what it gives where there is no such attribute
            memory.unify(alone, n)
    elif alone is not None and (_copies_items(memory, s, fn) or (
            fn is values.keys_of and not memory.kind_of(s.args[0]).drawn.inert)):
        memory.note_new(alone)
        for n in nodes:
            if n is not None:
                memory.unify(memory.content(alone), memory.content(n))
    elif gives_back(fn, (memory.kind_of(a) for a in arguments if not isinstance(a, Star))):
        _called(memory, s, targets, nodes)
    elif is_new(memory, s, fn):
        for t in targets:
            memory.note_new(t)
            _one_with_its_parts(memory, t)
            if memory.loose and fn in _COMBINING and t is not None:
                memory.combined.append((t, [n for n in nodes if n is not None]))
        _given_back(memory, s, written, targets, nodes)
    elif fn in ops.RESHAPING and memory.kind_of(s.args[0]).is_array:
        memory.note_new(alone)  # it stays so, or becomes a write, and is looked at again
    elif fn in (values.sequence, values.undisturbed, *ops.RESHAPING):
        memory.unify(alone, nodes[0])
    elif fn in INPLACE:
        memory.unify(alone, nodes[0])
        if nodes[1] is not None and nodes[0] is not None and \
                not memory.kind_of(s.args[0]).is_array:
            memory.unify(memory.content(nodes[0]), memory.content(nodes[1]))
    elif rule is not None and (fn in VIEWS or rule.pure):
        for name, t in zip(s.targets, targets, strict=True):
            kind = memory.kind_of(Var(name))
            # What `np.split` and its kin give holds views.
            view = fn in VIEWS and not (kind.type is list or kind.is_tuple)
            for n in nodes:
                if n is not None and t is not None:
                    memory.unify(t, n) if view else memory.maybe(t, n)
            _one_with_its_parts(memory, t)
    elif all(t is None for t in targets) and not written:
        return
    else:
        _called(memory, s, targets, nodes)


def _one_with_its_parts(memory: Classes, t: Any) -> None:
    """A rule gives back the cotangent of a tuple as a whole: it is by place if its items are."""
    if t is not None and memory.kind_of(Var(t)).is_tuple:
        memory.collapse(t)


def _called(memory: Classes, s: Bind, targets: list[Any], nodes: list[Any]) -> None:
    """A call of a user's function, or of nobody knows what."""
    given = memory.returned(s)
    keys = [*range(len(s.args)), *(k for k, _ in s.kwargs)]
    some = [n for key, n in zip(keys, nodes, strict=True) if key in given or "*" in given]
    atoms = [*s.args, *(a for _, a in s.kwargs)]
    parts = [n for key, n, a in zip(keys, nodes, atoms, strict=True)
             if PartOf(key) in given and n is not None and not memory.kind_of(a).is_number]
    for t in filter(None, targets if parts else ()):
        if memory.loose:
            memory.combined.append((t, parts))
        else:
            for n in parts:
                memory.unify(memory.content(t), memory.content(n))
    if not some:
        for t in targets:
            memory.note_new(t)
    memory.mixed([*targets, *some])
    if "*" in given:
        for t in targets:
            memory.outside(t)
        called = memory.of(s.fn) if isinstance(s.fn, (Var, Free)) else None
        if called is not None:
            # A bound method may give its owner, or a part of it.
            memory.mixed([called, *targets])


_COPYING = (operator.add, operator.mul, ops.method, list)


def _copies_items(memory: Classes, s: Bind, fn: Any) -> bool:
    """What gives a new list of the items of lists, as `a + b`, `a * n`, `list(a)` do."""
    if fn not in _COPYING or s.kwargs:
        return False
    kinds = [memory.kind_of(a) for a in s.args]
    if not any(k.type in (list, tuple) for k in kinds):
        return False
    if fn is operator.add or fn is operator.mul:
        return all(k.type is list or k.is_fixed for k in kinds)
    if fn is ops.method:
        return kinds[0].type is list and s.args[1:] == (Const("copy"),)
    return fn is list and len(kinds) == 1


def _of_container(memory: Classes, s: Bind) -> bool:
    """A method of exactly a list, dict, set or deque that only deals with what is in it."""
    if len(s.args) < 2 or not isinstance(s.args[1], Const) or any(
            k == "key" for k, _ in s.kwargs):
        return False
    kind = memory.kind_of(s.args[0])
    return kind.type in (list, dict, set, deque) and s.args[1].value in CONTAINED and not (
        kind.type is list and s.args[1:] == (Const("copy"),))


def _of_class(memory: Classes, s: Bind) -> bool:
    """An attribute found in the class: a method, which holds its owner, or a property."""
    cls, name = memory.kind_of(s.args[0]).type, s.args[1]
    return not isinstance(name, Const) or not isinstance(
        getattr(cls, str(name.value), None), (types.MemberDescriptorType, type(None)))


def _read_item(memory: Classes, t: Any, a: Any, s: Bind) -> None:
    kind, index = memory.kind_of(s.args[0]), memory.kind_of(s.args[1])
    if kind.is_array:
        if not copies(index):
            memory.unify(t, a)
        else:
            memory.note_new(t)
    elif kind.type in (list, tuple, dict) and index.type is not slice:
        memory.unify(t, memory.content(a))
    else:
        if kind.type in (list, tuple) and index.type is slice:
            memory.note_new(t)
            memory.unify(memory.content(t), memory.content(a))
            return
        memory.unify(t, memory.content(a))
        if kind.type in (list, tuple):
            memory.unify(memory.content(t), memory.content(a))
        else:
            memory.unify(t, a)


def _written_into(memory: Classes, s: Bind, written: Any, nodes: list[Any]) -> None:
    keys = [*range(len(s.args)), *(k for k, _ in s.kwargs)]
    called = memory.of(s.fn) if isinstance(s.fn, (Var, Free)) else None
    atoms = [*s.args, *(a for _, a in s.kwargs)]
    known = isinstance(s.fn, Ref) and (
        s.fn.object is ops.method or s.fn.object in INPLACE or registry.find(s.fn.object))
    for key, a, n in zip(keys, atoms, nodes, strict=True):
        if n is not None and ("*" in written or key in written):
            unknown = memory.kind_of(a).type is None and isinstance(s.fn, Ref) and \
                s.fn.object in (setattr, delattr)
            spread = isinstance(a, Star) or key is None
            # An operator or a function runs a method of its own.
            runs = "*" in written and not s.calls(ops.method) and of_user(memory.kind_of(a).type)
            if not known or unknown or spread or runs or memory.kind_of(a).is_tuple:
                memory.wrote_all(n)
            for sort in memory.sort_of(a):
                memory.wrote(n, sort)
            if key == "out" and not memory.kind_of(a).is_array:
                # A tuple of the arrays that are written.
                memory.wrote(memory.content(n), "array")
            whole = not _puts_one(memory, s)
            for other in nodes:
                if other is not None and other is not n and not memory.kind_of(a).is_array:
                    memory.unify(memory.content(n), other)
                    if whole:
                        memory.unify(memory.content(n), memory.content(other))
    if "*" in written:
        memory.wrote_all(memory.elsewhere)
        if called is not None:
            # A bound method or a closure may keep what it is given, or hand out what it holds.
            memory.mixed([called, *nodes])
            memory.wrote_all(called)
        if not known or hands_on(s, atoms, memory):
            # So may one that writes outside, and one that a library is given (`sorted(key=keep)`).
            memory.mixed([memory.elsewhere, *filter(None, [called]), *nodes])


def _puts_one(memory: Classes, s: Bind) -> bool:
    """A method of a list that puts in what it is given, and nothing of what that holds."""
    return s.fn == Ref(ops.method) and memory.kind_of(s.args[0]).type is list and s.args[1] in (
        Const("append"), Const("insert"))


def _given_back(memory: Classes, s: Bind, written: Any, targets: list[Any],
                nodes: list[Any]) -> None:
    """What a function writes its result into is its result (`out=`)."""
    if not written:
        return  # as most
    keys = [*range(len(s.args)), *(k for k, _ in s.kwargs)]
    atoms = [*s.args, *(a for _, a in s.kwargs)]
    for key, a, n in zip(keys, atoms, nodes, strict=True):
        if n is not None and ("*" in written or key in written):
            for t in filter(None, targets):
                memory.unify(t, n) if memory.kind_of(a).is_array else memory.maybe(t, n)
