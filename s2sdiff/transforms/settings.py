"""What is read of settings: numbers and texts in modules, classes, objects, dicts and lists.

`constants.G`, `Config.dt`, `CONFIG["model"]["mu"]`: of which kind they are is seen when code is
made, under a guard that follows the same path at each call; the values are read by the code, as
ever.  What statements of the function itself may write on the way is not known
(`settings_written`).
"""

from __future__ import annotations

import inspect
import operator
import types
from typing import Any, NamedTuple

from s2sdiff import ir
from s2sdiff.ir import Bind, Const, Free, Move, Ref, Var
from s2sdiff.kinds import ANY, Kind
from s2sdiff.kinds_of_arguments import kind_of_outside
from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.datasets import is_dataset
from s2sdiff.runtime.marking import is_made_anew
from s2sdiff.runtime.named_tuples import is_named
from s2sdiff.transforms.context import Context, Guard, Item, Step
from s2sdiff.transforms.implicit import of_user
from s2sdiff.transforms.meant import MISSING

__all__ = ["Place", "counted_on", "kinds_read", "named_kinds", "note", "step_of", "then",
           "value_at"]


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
    own = inspect.getattr_static(cls, step, MISSING) if isinstance(step, str) and of_user(cls) \
        else MISSING
    if isinstance(step, str) and own is not MISSING and not hasattr(type(own), "__set__"):
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
    ways: dict[str, tuple[Any, tuple[Step, ...]]] = {}
    for s in ir.statements(function):
        if isinstance(s, Move):
            ways.update({t: (a.name, ()) for t, a in zip(s.targets, s.sources, strict=True)
                         if type(a) is Free})
        for name in ir.defines(s):
            counts[name] = counts.get(name, 0) + 1
        step = step_of(s) if isinstance(s, Bind) else None
        if isinstance(s, Bind) and step is not None:
            reads.append((s, step))
    found: dict[str, Kind] = {}
    ways = {t: way for t, way in ways.items() if counts[t] == 1}
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
