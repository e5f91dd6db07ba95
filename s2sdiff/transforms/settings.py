"""What is read of settings: numbers and texts in modules, classes, objects, dicts and lists.

`constants.G`, `Config.dt`, `CONFIG["model"]["mu"]`: of which kind they are is seen when code is
made, under a guard that follows the same path at each call; the values are read by the code, as
ever.  What statements of the function itself may write on the way is not known (`written`).
"""

from __future__ import annotations

import inspect
import operator
import types
from typing import Any, NamedTuple

import gast

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Const, Free, Opaque, Ref, Store, Var, With
from s2sdiff.kinds import ANY, Kind
from s2sdiff.kinds_of_arguments import kind_of_outside
from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.datasets import is_dataset
from s2sdiff.runtime.marking import is_made_anew
from s2sdiff.runtime.named_tuples import is_named
from s2sdiff.transforms.context import Context, Guard, Item, Step
from s2sdiff.transforms.early_kinds import kind_outside
from s2sdiff.transforms.implicit import of_user, writes
from s2sdiff.transforms.meant import MISSING, namespace_value

__all__ = ["Place", "counted_on", "kinds_read", "named_kinds", "note", "step_of", "then",
           "value_at",
           "written"]


class Place(NamedTuple):
    """Where a name or a variable leads: the guard's way there, and what is there now."""

    #: What is asked of first: a name from outside, or a module's or class's identity.
    root: Any
    owner: Any
    #: The guard's path to the root.
    path: tuple[Step, ...]
    steps: tuple[Step, ...]
    value: Any

    def guard(self, kind: Kind, named: str) -> Guard:
        name, *steps = (*self.path, *self.steps)
        return Guard(self.owner, str(name), tuple(steps), None, kind, named)


def step_of(s: Bind) -> Step | None:
    """The step that a statement takes from what it reads of to what it gives."""
    fn = s.fn.object if type(s.fn) is Ref else None
    if (fn is not getattr and fn is not operator.getitem) or len(s.args) != 2 or s.kwargs or \
            type(s.args[1]) is not Const or len(s.targets) != 1:
        return None
    key = s.args[1].value
    if fn is getattr:
        return key if type(key) is str else None
    return Item(key) if type(key) in (str, int) else None


def then(place: Place, step: Step, context: Context) -> Place | None:
    """One step further; where numbers or text are, their kind is noted, and guarded."""
    value = value_at(place.value, step)
    if value is MISSING:
        return None
    found = place._replace(steps=(*place.steps, step), value=value)
    note(found, context)
    cls = class_of(place.value)
    own = inspect.getattr_static(cls, step, MISSING) if type(step) is str and of_user(cls) else \
        MISSING
    if own is not MISSING and not hasattr(type(own), "__set__"):
        # A property that takes its place is code, which may do more than give a number.
        context.guard(Guard(cls, step, (), None, Kind(type(own))))
    return found


def note(place: Place, context: Context) -> None:
    """Note of which kind a place's value is, with a guard for where it is counted on."""
    named = f"{place.root}.{place.steps}"
    kind = kind_of_outside(place.value, named)
    if kind.is_number or type(place.value) in _PLAIN or _holds(place.value, kind):
        context.settings[place.root, place.steps] = kind
        context.settled[place.root, place.steps] = place.guard(kind, named)


#: None is not among them: something may take its place when it is first asked for.
_PLAIN = (bool, int, str, bytes)


def _holds(value: Any, kind: Kind) -> bool:
    """Whether something else is read of it, for which its class is to be known."""
    return kind.type in (dict, list, tuple) or is_dataset(kind.type) or (
        kind.type is class_of(value) and not callable(value) and not isinstance(
            value, types.ModuleType) and (kind.type is types.SimpleNamespace or of_user(kind.type)))


def value_at(value: Any, step: Step) -> Any:
    """What a step leads to; MISSING where reading it may run anybody's code."""
    cls = class_of(value)
    if isinstance(step, Item):
        if cls is dict:
            return value.get(step.key, MISSING)
        inside = cls in (list, tuple) and type(step.key) is int and \
            -len(value) <= step.key < len(value)
        return value[step.key] if inside else MISSING
    if isinstance(value, types.ModuleType):
        return vars(value).get(step, MISSING)
    if is_named(cls) and step in cls._fields:
        return value[cls._fields.index(step)]
    is_class = isinstance(value, type)
    if is_class and ("<locals>" in value.__qualname__ or is_made_anew(value)):
        return MISSING
    asked = type(value) if is_class else cls
    if asked.__getattribute__ not in _PLAINLY or (
            is_class and hasattr(type(inspect.getattr_static(asked, step, None)), "__set__")):
        return MISSING
    found = inspect.getattr_static(value, step, MISSING)
    if isinstance(found, types.MemberDescriptorType):
        return getattr(value, step, MISSING)
    return MISSING if hasattr(type(found), "__get__") else found


_PLAINLY = (object.__getattribute__, type.__getattribute__,
            types.SimpleNamespace.__getattribute__)


def counted_on(context: Context) -> None:
    """Guard all but what the function itself may write, which may be another at each call."""
    for key, guard in context.settled.items():
        if key not in context.unsettled:
            context.guard(guard)


def kinds_read(function: ir.Function, context: Context) -> dict[str, Kind]:
    """The kinds of variables that are bound once, to what is read of settings."""
    counts: dict[str, int] = dict.fromkeys((p.name for p in function.params), 2)
    reads: list[tuple[Bind, Step]] = []
    for s in ir.statements(function):
        for name in ir.defines(s):
            counts[name] = counts.get(name, 0) + 1
        step = step_of(s) if isinstance(s, Bind) else None
        if isinstance(s, Bind) and step is not None:
            reads.append((s, step))
    found: dict[str, Kind] = {}
    ways: dict[str, tuple[Any, tuple[Step, ...]]] = {}
    for s, step in reads:
        base: Any = s.args[0]
        way: Any = (base.name, ()) if type(base) is Free else \
            (id(base.object), ()) if type(base) is Ref else \
            ways.get(base.name) if type(base) is Var else None
        if way is None or counts[s.targets[0]] != 1:
            continue
        root, steps = ways[s.targets[0]] = way[0], (*way[1], step)
        kind = context.settings.get((root, steps))
        if kind is not None and (root, steps) not in context.unsettled:
            found[s.targets[0]] = kind
    return found


def named_kinds(context: Context) -> dict[str, Kind]:
    """Those of lists, tuples and dicts that names from outside mean; ANY where they may change."""
    return {key[0]: ANY if key in context.unsettled else k
            for key, k in context.settings.items() if not key[1]}


def written(function: ir.Function, context: Context, kind: Any) -> set[Any]:
    """The settings that statements of the function may write."""
    from s2sdiff.transforms import effects, implicit

    names: set[str] = set()
    into: set[Any] = set()
    everything = set(context.settings)

    def outside(a: Any) -> Kind:
        return kind_outside(a, function.origin, kind)

    made = _displays(function)

    def holds_names(a: Any) -> bool:
        return getattr(a, "name", None) not in made and \
            kind(a).type in (dict, None, types.ModuleType)

    for s in ir.statements(function):
        if implicit.unseen(s, outside, effects.summary) or _texts_write(
                s, function, effects.summary):
            return everything
        if s.loc.backward:
            continue
        if isinstance(s, Store):
            # What a class does when it is written may be to write another attribute.
            if s.place not in ("attribute", "item") or implicit.store_writes(
                    s, outside, effects.summary):
                return everything
            if s.place == "attribute":
                if not isinstance(s.key, Const):
                    return everything
                names.add(s.key.value)
            elif not kind(s.target).is_array:
                if _may_be_name(s.key, kind) and holds_names(s.target):
                    # The names of a module or of an object: `vars(settings)["scale"] = 2.0`.
                    if not isinstance(s.key, Const):
                        return everything
                    names.add(s.key.value)
                into.add(kind(s.target).type)
        elif isinstance(s, ir.Raw):
            if s.memory:
                return everything
        elif isinstance(s, (Bind, With)):
            given = {} if isinstance(s, With) else {**dict(enumerate(s.args)), **dict(s.kwargs)}
            for w in effects.written_by(s, function.origin, kind, context):
                known = kind(given[w]) if w in given else Kind()
                if not known.is_array and (known.type not in _CONTAINERS or holds_names(given[w])):
                    return everything
                if not known.is_array:
                    into.add(known.type)

    def changes(root: Any, steps: tuple[Step, ...]) -> bool:
        if type(steps[-1]) is str:
            return steps[-1] in names
        holder = context.settings.get((root, steps[:-1]), ANY).type
        return bool(into) and (None in into or holder is None or holder in into)

    # What a container has in it may change, too, and a name of the function's own module.
    return {key for key in everything if key[0] in names or context.settings[key].type in into or
            any(changes(key[0], key[1][:i + 1]) for i in range(len(key[1])))}


_CONTAINERS = (list, dict, set)


def _may_be_name(key: Any, kind: Any) -> bool:
    return type(key.value) is str if isinstance(key, Const) else kind(key).type in (str, None)


def _displays(function: ir.Function) -> set[str]:
    """Variables that hold dicts which are made here, and nothing else."""
    counts: dict[str, int] = {}
    made: set[str] = set()
    for s in ir.statements(function):
        for name in ir.defines(s):
            counts[name] = counts.get(name, 0) + 1
        if isinstance(s, Bind) and (s.calls(ops.dict_) or s.calls(dict)):
            made.update(s.targets)
    return {name for name in made if counts[name] == 1}


def _texts_write(s: ir.Stmt, function: ir.Function, summary: Any) -> bool:
    """Whether showing something from outside in a text writes: its name is no argument there."""
    text = getattr(getattr(s, "fn", None), "object", None)
    if not isinstance(text, Opaque):
        return False
    names = [n.id for n in gast.walk(text.node) if isinstance(n, gast.Name)]
    return any(_shown_writes(class_of(namespace_value(function.origin, n)), m, summary)
               for n in names if n in function.free for m in _SHOWING)


_SHOWING = ("__format__", "__str__", "__repr__")


def _shown_writes(cls: type, name: str, summary: Any) -> bool:
    return of_user(cls) and writes(cls, inspect.getattr_static(cls, name, None), summary)
