"""Whether a rule is called though it could be pasted: what it keeps, and leaves out."""

from __future__ import annotations

from typing import Any

from s2sdiff.ir import Bind, Star, Var
from s2sdiff.registry import Rule
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.emit import Emitter
from s2sdiff.transforms.template import Closure

__all__ = ["to_be_called"]


def to_be_called(s: Bind, rule: Rule, env: dict[str, Any], value: Any, closure: Closure,
                 emit: Emitter, context: Context) -> bool:
    """Whether only a call copies, or looks at, what there is to be copied or looked at."""
    # What an argument that the rule says nothing of holds is seen when it is called.
    others = [given for name, given in env.items() if name not in rule.wrt] if rule.wrt else ()
    unsaid = [v for v in _variables(others) if v.name in context.active] if others else []
    if rule.pure:
        if unsaid and not all(emit.kind(v).inert for v in unsaid):
            return True
        own = _own(s, value, closure) if _may_be_written(context) else ()
        return bool(own) and any(_hides(v, emit) for v in own)
    return bool(unsaid) or _reads_views(s, value, closure, emit, context)


def _reads_views(s: Bind, value: Any, closure: Closure, emit: Emitter, context: Context) -> bool:
    """Whether a rule keeps an array that may share memory with its arguments or its value.

    Those have names that the passes before have seen, and are copied where they are written.  What
    a rule calls by names of its own came later: unless it surely has memory of its own, a call of
    the rule copies what it is given and gives.
    """
    if not _may_be_written(context):
        return False
    known = _given(s)
    held = [v for v in _variables([closure]) if not emit.kind(v).is_fixed]
    if not all(emit.kind(v).is_number for v in held if v.name in known):
        return True  # containers and objects are not copied where they are written
    kept = [v for v in _own(s, value, closure) if not emit.kind(v).is_fixed]
    mine = [*kept, *_variables([value])] if kept else []
    return any(v.name not in emit.fresh and not emit.kind(v).is_scalar for v in mine)


def _may_be_written(context: Context) -> bool:
    return context.writes or bool(context.request.volatile)


def _given(s: Bind) -> set[str]:
    atoms = (*s.args, *[a for _, a in s.kwargs]) if s.kwargs else s.args
    return {a.name for a in _variables(atoms)}


def _own(s: Bind, value: Any, closure: Closure) -> list[Var]:
    """What a rule's pullback captures under names of the rule's own."""
    known = _given(s)
    return [v for v in _variables([closure]) if v.name not in known and v != value]


def _hides(v: Var, emit: Emitter) -> bool:
    """What a helper gave: it may be a function that captures memory, of which copies have none."""
    kind = emit.kind(v)
    return not (kind.is_number or kind.is_fixed or kind.inert or v.name in emit.fresh)


def _variables(atoms: Any) -> list[Var]:
    found: list[Var] = []
    _add_variables(atoms, (), found)
    return found


def _add_variables(atoms: Any, seen: tuple[Closure, ...], found: list[Var]) -> None:
    for a in atoms:
        t = type(a)
        if t is Var:
            found.append(a)
        elif t is Star:
            _add_variables((a.value,), seen, found)
        elif t is Closure:
            # A function that calls itself captures itself.
            if not any(a is c for c in seen):
                names = a.template.captured
                held = a.env.values() if names is None else map(a.env.get, names)
                _add_variables(held, (*seen, a), found)
        elif isinstance(a, (tuple, list)):
            _add_variables(a, seen, found)
        elif isinstance(a, dict):
            _add_variables(a.values(), seen, found)
