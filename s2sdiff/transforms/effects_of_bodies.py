"""What a function's own code writes, and what of its arguments its result may be, hold or show.

Here a whole body is looked at, and remembered; `effects` says what a single call writes, which it
hands down as `written_by`.
"""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, TypeAlias

from s2sdiff import errors, ir, registry, runtime
from s2sdiff.ir import Bind, Const, Free, Ref, Store, Var, With
from s2sdiff.kinds import ANY, Kind, kind_of
from s2sdiff.runtime import resuming, suspects
from s2sdiff.runtime.marking import listed
from s2sdiff.transforms import (
    audits,
    early,
    known_effects,
    resolve,
    solver_effects,
    watch,
)
from s2sdiff.transforms.alias import Memory
from s2sdiff.transforms.alias_classes import PartOf
from s2sdiff.transforms.argument_places import arguments_for
from s2sdiff.transforms.drawn_readers import hands_out
from s2sdiff.transforms.early_kinds import note_numbers
from s2sdiff.transforms.implicit import RUNNING
from s2sdiff.transforms.known_effects import ALL, NOTHING, SHARED, only_looks
from s2sdiff.transforms.notes import is_anew, looked_up, note_bound, of_anew
from s2sdiff.transforms.summaries import remembered

__all__ = ["ANYTHING", "UNSEEN", "looked_at", "of_known", "shown", "shown_by"]

#: What a call of a function may write: `effects.written_by`.
Written: TypeAlias = Callable[[Any, Any, Any], frozenset]

#: It may write anything, by a method that runs without being called.
UNSEEN = frozenset(["*"])
assert UNSEEN is not ALL


def shown(target: Any, written_by: Written) -> frozenset:
    """The names of the parameters that a call's result may be, hold or show; "*" for whatever."""
    if not isinstance(target, types.FunctionType) or target in ANYTHING or \
            registry.find(target) is not None or \
            only_looks(target, target.__module__) or _compiles(target.__module__):
        return ALL
    return looked_at(target, written_by)[1]


#: Helpers of generated code that call what they are given, or read what may be a property: they
#: give back anything.  To look at them says no more, and leads through most of the others.
ANYTHING = frozenset({
    runtime.attribute_by_place, runtime.attribute_in, runtime.call, runtime.call_by_place,
    runtime.call_kept, runtime.call_method, runtime.call_method_kept, runtime.call_writing,
    runtime.method_by_place, runtime.method_in, runtime.method_writing, runtime.method_writing_in,
    runtime.push, runtime.push_in, runtime.push_method, runtime.try_by_place,
    runtime.try_method_by_place,
})


def _compiles(module: str | None) -> bool:
    """The compiler itself, which may hand on all that it is given."""
    package, _, inner = (module or "").partition(".")
    return package == "s2sdiff" and inner.partition(".")[0] not in (
        "nn", "ops", "rules", "runtime")


def looked_at(target: types.FunctionType, written_by: Written, owner: type | None = None,
              by_name: bool = False) -> tuple[frozenset, frozenset]:
    """What a function writes, and what its result may be or show, by names of its parameters.

    `owner` is the class of its first argument, if known; with `by_name`, what methods write that
    run in it without being called does not count.
    """
    def find(guard: Any) -> tuple[frozenset, frozenset]:
        try:
            return _of_function(target, written_by, owner, guard, by_name)
        except errors.DifferentiationError:
            return ALL, ALL

    try:
        made = resuming.of_generator(target)
    except errors.DifferentiationError:
        return ALL, ALL
    if made is None:
        return remembered(target, (owner, by_name, solver_effects.asking.get()), find)
    # What it writes when somebody draws from what it gives counts as written by the call, so that
    # what it gives is followed; and from now on whatever draws from something may write.
    written = looked_at(listed(target), written_by, owner, by_name)[0]
    if written and not by_name and not suspects.is_tame(target.__module__):
        suspects.expect(_DRAWN)
    return written, looked_at(made, written_by, owner)[1]


_DRAWN = frozenset({"__next__"})


def _of_function(target: types.FunctionType, written_by: Written, owner: type | None,
                 guard: Any, by_name: bool) -> tuple[frozenset, frozenset]:
    suspects.expect(audits.inside(target.__code__))
    note_bound(target)
    function = early.numbered(target)
    blind: Any = SimpleNamespace(guard=guard, free_kinds={}, free_types={}, settings=None)
    function = resolve.callees(function, blind)
    known: dict[str, Kind] = {}
    if owner is not None and function.params:
        known[function.params[0].name] = Kind(owner)

    def kind(a: Any) -> Kind:
        if isinstance(a, Var):
            return known.get(a.name, ANY)
        if isinstance(a, (Const, Ref)):
            return kind_of(a.value if isinstance(a, Const) else a.object)
        return blind.free_kinds.get(a.name, ANY) if isinstance(a, Free) else ANY

    for s in ir.statements(function):
        note_numbers(s, known, kind)

    def effects(s: Any) -> frozenset:
        found = written_by(s, target, kind)
        unseen = by_name and (found is UNSEEN or (isinstance(s, Bind) and s.calls(getattr)))
        return NOTHING if unseen else found

    return _from_statements(function, target, kind, effects, by_name,
                            lambda s: shown_by(s, target, written_by))


def of_known(function: ir.Function, target: types.FunctionType, kind: Callable[[Any], Kind],
             effects: Callable[[Any], frozenset], written_by: Written) -> frozenset:
    """What a function writes, by names of its parameters, where the kinds in it are known."""
    if not known_effects.binds_outside(target, function.body) and not _hands_out(function) and \
            not any(watch.runs(s, kind) or (effects(s) if isinstance(s, (Bind, With, *RUNNING)) else
                                            isinstance(s, (Store, ir.Raw)))
                    for s in ir.statements(function)):
        return NOTHING
    return _from_statements(function, target, kind, effects, False,
                            lambda s: shown_by(s, target, written_by))[0]


def _hands_out(function: ir.Function) -> bool:
    """Whether what it gives is drawn from elsewhere: loops ask `__iter__` in a way of their own."""
    return function.name not in ("__iter__", "__reversed__") and hands_out(function)


def _from_statements(function: ir.Function, target: types.FunctionType,
                     kind: Callable[[Any], Kind], effects: Callable[[Any], frozenset],
                     by_name: bool, shown: Callable[[Any], frozenset]
                     ) -> tuple[frozenset, frozenset]:
    memory = Memory(function, kind, effects, shown, loose=True)
    found: set[str] = set()
    for node in {memory.find(n) for n in list(memory.parent)}:
        if memory.sorts.get(node):
            found |= memory.roots.get(node, set())
    # What draws from an iterator changes it: what gives one is followed as what writes is.
    if known_effects.binds_outside(target, function.body) or _hands_out(function) or any(
            (not by_name and watch.runs(s, kind))
            or (isinstance(s, (Bind, With, *RUNNING)) and "*" in effects(s))
            for s in ir.statements(function)):
        found.add("*")
    if memory.shared or any(isinstance(s, Bind) and SHARED in effects(s)
                            for s in ir.statements(function)):
        found |= {"*", SHARED}
    last = function.body[-1] if function.body else None
    node = memory.of(last.value) if isinstance(last, ir.Exit) and isinstance(
        last.value, (Var, Free)) else None
    given, parts = memory.shown(node) if node is not None else (set(), set())
    return frozenset(found), frozenset({*given, *map(PartOf, parts - given)})


def shown_by(s: Bind | With, origin: Any, written_by: Written) -> frozenset:
    """Positions and keywords of the arguments that a call's result may be or hold; "*": others."""
    if isinstance(s, With):
        enter = getattr(s.made, "__enter__", None)
        if not isinstance(enter, types.FunctionType):
            return ALL
        own = next(iter(inspect.signature(enter).parameters), "")
        found = shown(enter, written_by)
        return ALL if found - {own} else frozenset({0} if found else ())
    target = s.fn.object if isinstance(s.fn, Ref) else \
        looked_up(origin, s.fn.name) if isinstance(s.fn, Free) else None
    if not isinstance(target, types.FunctionType):
        return ALL
    anew = isinstance(s.fn, Free) and is_anew(origin, s.fn.name, target)
    names = of_anew(lambda: shown(target, written_by), target, ALL) if anew else \
        shown(target, written_by)
    parts = {n.key for n in names if isinstance(n, PartOf)}
    found = arguments_for(frozenset(n for n in names if isinstance(n, str)) - ALL, s, target)
    inside = arguments_for(frozenset(parts) - ALL, s, target)
    return found | (names & ALL) | frozenset(map(PartOf, inside - ALL)) | (inside & ALL) | (
        ALL if "*" in parts else NOTHING)
