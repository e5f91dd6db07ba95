"""Activity: what varies with the arguments asked for, and matters to the result.

Only what is both gets a cotangent.  What is planted beside statements then is in `planting`.
"""

from __future__ import annotations

from typing import Any

from s2sdiff import ir
from s2sdiff.ir import (
    Bind,
    Const,
    Exit,
    For,
    Free,
    Function,
    Move,
    Var,
    replace,
)
from s2sdiff.kinds import ANY
from s2sdiff.transforms import (
    bound_anew,
    common_names,
    gathered,
    known_effects,
    logged,
    planting,
    remembered,
    replaced,
    sent,
    standing,
    stopped_values,
    telling_texts,
    texts,
    tiers,
    warm_starts,
)
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.implicit import is_text
from s2sdiff.transforms.reaching import (
    MemoryClass,
    is_inert,
    may_reach,
    ways_of,
)
from s2sdiff.transforms.varying import Ways, closed

__all__ = ["depended_on", "mark", "mattering", "result_of", "varying"]


def mark(function: Function, context: Context) -> Function:
    """Fill `context.active`; plant refusals; see whether the result depends on what is asked."""
    context.drawn = standing.drawn(function)
    ways = ways_of(function, context.shifts, context)
    context.varies = _varying(function, context, ways)
    context.brought = _varying(function, context, ways, False) if context.written_outside else set()
    context.texts = telling_texts.made_of_active(function, context)
    context.holding_texts = texts.held(function, context)
    useful = _useful(function, context, _without_texts(function, ways))
    context.active = (context.varies & useful) | context.drawing
    context.common = common_names.found(function, context)
    body = planting.plant(function.body, context, useful, function)
    before, function = function, replace(function, body=body)
    function = remembered.watched(function, before, context, useful)
    function = sent.watched(function, before, context, useful)
    function = logged.watched(function, before, context, useful)
    function = warm_starts.watched(bound_anew.watched(function, context), context)
    function = replaced.watched(function, context)
    tiers.assign(function, context)
    return stopped_values.settled(function, context)


def _without_texts(function: Function, ways: Ways) -> Ways:
    """Without the ways into f-strings: what only they show does not matter to the result."""
    shown = {t for s in ir.statements(function)
             if isinstance(s, Bind) and isinstance(s.fn, ir.Ref) and is_text(s.fn.object)
             for t in s.targets}
    return [way for way in ways if not way[0] or not shown.issuperset(way[0])] if shown else ways


def result_of(function: Function) -> ir.Atom:
    """The atom that a tidied function returns."""
    last = function.body[-1] if function.body else None
    if isinstance(last, Exit) and last.kind == "return" and last.value is not None:
        return last.value
    return Const(None)


def varying(function: Function, context: Context) -> set[str]:
    """Variables that depend on the arguments asked for in a way that has a derivative."""
    return _varying(function, context, ways_of(function, context.shifts, context))


def _varying(function: Function, context: Context, ways: Ways, outside: bool = True) -> set[str]:
    """With `outside`, what a caller may have put into what names from outside mean varies."""
    varies: set[Any] = {n for n in context.request.wrt if not is_inert(n, context)}
    if context.request.places:
        # All that was made elsewhere may have a cotangent there.
        varies |= {p.name for p in function.params if not _fixed(p.name, context)}
        if outside:
            varies |= {t for s in ir.statements(function) if isinstance(s, Move)
                       for t, a in zip(s.targets, s.sources, strict=True) if isinstance(a, Free)
                       and not is_inert(t, context)}
            varies |= {t for s in ir.statements(function)
                       if isinstance(s, For) and isinstance(s.source, Free)
                       for t in ir.defines(s) if not is_inert(t, context)}
        # A function of which nothing is known, and what it calls, may capture such.
        varies |= {t for s in ir.statements(function)
                   if isinstance(s, Bind) and may_reach(s, context)
                   for t in s.targets if not is_inert(t, context)}
    inert = {n for n, kind in context.kinds.items() if kind.inert}
    found: Ways = []
    for targets, sources in ways:
        if inert.isdisjoint(targets):
            found.append((sources, targets))
        elif len(targets) > 1:
            found.append((sources, [n for n in targets if n not in inert]))
    return closed(varies, found)


def mattering(function: Function, context: Context) -> set[str]:
    """Variables that the result may depend on in a way that has a derivative."""
    return _useful(function, context, ways_of(function, context.shifts, context))


def depended_on(function: Function, context: Context) -> set[str]:
    """Variables that the result depends on, be it through stop_gradient."""
    result = result_of(function)
    if not isinstance(result, Var) or is_inert(result.name, context):
        return set()
    ways: Ways = [
        ([n for n in targets if not is_inert(n, context)], sources)
        for targets, sources in ways_of(function, frozenset(), context, True)]
    return closed({result.name}, ways[::-1])


def _useful(function: Function, context: Context, ways: Ways) -> set[str]:
    """Variables that the result depends on (over-approximated: loops and branches joined)."""
    result = result_of(function)
    useful: set[Any] = {result.name} if isinstance(result, Var) else set()
    memory = context.memory
    if memory is not None and (context.request.places or context.request.mode == "jvp"):
        # What the caller sees afterwards matters to it.
        useful |= {MemoryClass(n) for n in map(memory.find, list(memory.parent))
                   if memory.roots.get(n)}
    if memory is not None and any(isinstance(s, Bind) and known_effects.SHARED in memory.effects(s)
                                  for s in ir.statements(function)):
        # What is read of that is taken for constant, and no name leads from here to there.
        useful.add(MemoryClass(memory.find("*")))
    return closed(useful, [*ways[::-1], *gathered.ends(function)])


def _fixed(name: str, context: Context) -> bool:
    return context.kinds.get(name, ANY).is_fixed
