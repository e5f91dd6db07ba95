"""Activity: what varies with the arguments asked for, and matters to the result.

Only what is both gets a cotangent.  Where an active value enters something that cannot be
differentiated, and something useful comes out, a refusal is planted in front of it.
"""

from __future__ import annotations

import operator
import types
from typing import Any

from s2sdiff import errors, ir, ops
from s2sdiff.ir import (
    Bind,
    Block,
    Catch,
    Const,
    Exit,
    For,
    Free,
    Function,
    Move,
    Raw,
    Ref,
    Store,
    Var,
    While,
    replace,
)
from s2sdiff.kinds import ANY
from s2sdiff.runtime import class_making, keys, managers, planted, suspects, unseen, values
from s2sdiff.transforms import (
    bound_anew,
    class_statements,
    common_names,
    frames,
    gathered,
    known_effects,
    logged,
    remembered,
    replaced,
    sent,
    standing,
    stopped_values,
    texts,
    tiers,
    warm_starts,
    watch,
)
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds import kind_of_atom
from s2sdiff.transforms.reaching import (
    MemoryClass,
    flows,
    is_inert,
    may_reach,
    ways_of,
    written_atoms,
)
from s2sdiff.transforms.varying import Ways, closed
from s2sdiff.transforms.verdicts import is_global, reads_text, refused_for
from s2sdiff.transforms.written_apart import checks

__all__ = ["depended_on", "mark", "mattering", "refuse", "result_of", "varying"]


def mark(function: Function, context: Context) -> Function:
    """Fill `context.active`; plant refusals; see whether the result depends on what is asked."""
    context.drawn = standing.drawn(function)
    ways = ways_of(function, context.shifts, context)
    context.varies = _varying(function, context, ways)
    context.brought = _varying(function, context, ways, False) if context.written_outside else set()
    context.texts = texts.made_of_active(function, context)
    context.holding_texts = texts.held(function, context)
    useful = _useful(function, context, ways)
    context.active = (context.varies & useful) | context.drawing
    context.common = common_names.found(function, context)
    body = _plant(function.body, context, useful, function)
    before, function = function, replace(function, body=body)
    function = remembered.watched(function, before, context, useful)
    function = sent.watched(function, before, context, useful)
    function = logged.watched(function, before, context, useful)
    function = warm_starts.watched(bound_anew.watched(function, context), context)
    function = replaced.watched(function, context)
    tiers.assign(function, context)
    return stopped_values.settled(function, context)


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


def refuse(
    cls: type[errors.DifferentiationError], reason: str, instead: str, loc: ir.Loc
) -> Bind:
    """A statement that raises a refusal when execution reaches it."""
    message = str(errors.refusal(cls, reason, instead))
    return Bind((), Ref(planted.refuse), (Const(cls.__name__), Const(message)), (), loc)


def _plant(block: Block, context: Context, useful: set[str], function: Function) -> Block:
    # What a handler catches is said in one expression: nothing is planted in it.
    head = next((i for i, s in enumerate(block) if type(s) is Catch), 0)
    out: list[ir.Stmt] = list(block[:head])
    active = context.active
    active.difference_update(*map(ir.defines, out))
    for s in block[head:]:
        t = type(s)
        if t is Catch:
            out += [s, *_carried(s, context, useful)]  # type: ignore[arg-type]
            continue
        reason = refused_for(s, context, useful, function)
        out += frames.checks(s, context)
        if reason is None and _may_read_text(s, context):
            held = [a for a in ir.atoms(s) if isinstance(a, Var)
                    and a.name in context.holding_texts and texts.may_be_looked_into(a, context)]
            if held:
                out.append(Bind((), Ref(values.no_text), tuple(dict.fromkeys(held)), (), s.loc))
        if reason is None and isinstance(s, Bind) and useful.intersection(
                s.targets) and reads_text(s, context):
            told = [Var(n) for n in ir.reads(s) if n in context.texts]
            out.append(Bind((), Ref(values.no_text), tuple(told), (), s.loc))
        elif reason is None and texts.converts(s, context):
            out.append(Bind((), Ref(values.no_text), (s.args[0],), (), s.loc))  # type: ignore[union-attr]
        if reason is not None and isinstance(s, Store) and s.value is not None and \
                _may_be_inert(s, context, function):
            # A count, a name or a switch may be kept outside.
            message = str(errors.refusal(errors.UnsupportedError, *reason))
            keep = values.counted_outside if is_global(s, context) else \
                values.kept_outside
            out.append(Bind((), Ref(keep), (s.value, Const(message)), (), s.loc))
        elif reason is not None:
            out.append(refuse(errors.UnsupportedError, *reason, s.loc))
            active.difference_update(ir.defines(s))
        elif isinstance(s, Bind) and s.calls(slice) and any(
                n in context.varies for n in ir.reads(s)):
            out.append(Bind((), Ref(values.bounds), s.args, (), s.loc))
        elif isinstance(s, Bind) and s.calls(slice) and any(
                context.may_change(a.name) for a in s.args if isinstance(a, (Var, Free))):
            s = replace(s, fn=Ref(keys.cut))
        elif context.writes:
            out += common_names.check(s, context)
            stop = _through_stop(s, context)
            out += [refuse(errors.AliasingError, *stop, s.loc)] if stop else \
                checks(s, context, function)
        out += common_names.defaults_shown(s, context)
        out += class_statements.checks(s, context) if isinstance(s, Bind) else []
        looked = _looks(s, context) if suspects.state.names else []
        if t is Bind or t is Move:
            out += looked
            out.append(s)
            continue
        inner = ir.blocks(s)
        if inner:
            s = ir.with_blocks(s, tuple(_plant(b, context, useful, function) for b in inner))
        if isinstance(s, While):
            s = replace(s, head=(*s.head, *looked))
        else:
            out += looked
        kept = s if isinstance(s, Raw) and s.what.startswith("class") else None
        if kept is not None and class_statements.stores_in_body(kept.node):
            out.append(refuse(errors.UnsupportedError, "the body of a class statement writes",
                              "write before or behind the class statement", s.loc))
        out.append(s)
        if kept is not None:
            # What is kept as it is written makes classes that nobody has looked at.
            out += [Bind((), Ref(class_making.check_made), (Var(n),), (), s.loc)
                    for _, n in kept.writes]
    return tuple(out)


def _looks(s: ir.Stmt, context: Context) -> list[ir.Stmt]:
    """Looks at what a statement is given, where that may run a method that writes unseen."""
    found: list[ir.Stmt] = []
    for look in watch.looks(s, lambda a: kind_of_atom(a, context)):
        names = [Const(None if n is None else tuple(sorted(n))) for n in look[1:]]
        if isinstance(s, Bind) and s.calls(ops.method):
            given = (*names, look.atom, *s.args[:2])
            found.append(Bind((), Ref(unseen.look_into), given, (), s.loc))
        else:
            found.append(Bind((), Ref(unseen.look), (*names, look.atom), (), s.loc))
    return found


def _may_be_inert(s: Store, context: Context, function: Function) -> bool:
    """What is written outside is only known when it runs: an attribute, an item, an argument."""
    if kind_of_atom(s.target, context).type is types.FunctionType:
        return True
    if is_global(s, context):
        kind = kind_of_atom(s.value, context)
        return not (kind.is_number or kind.is_array)
    known = kind_of_atom(s.target, context).type
    of_class = isinstance(known, type) and issubclass(known, type)
    outside = isinstance(s.target, (Ref, Free)) or getattr(
        s.target, "name", "") in context.written_outside
    if not (outside or of_class) or not isinstance(s.value, Var) or \
            context.kinds.get(s.value.name, ANY) != ANY:
        return False
    made = [b for b in ir.statements(function) if s.value.name in ir.defines(b)]
    return all(isinstance(b, Bind) and any(b.calls(f) for f in (
        getattr, operator.getitem, ops.method, *_COUNTING)) for b in made)


#: A count that a class or module keeps is made by these, and is an int when it runs.
_COUNTING = (operator.iadd, operator.isub, operator.add, operator.sub)


def _carried(s: Catch, context: Context, useful: set[str]) -> list[ir.Stmt]:
    """An exception may have been made with active values: none may come out of it again."""
    if s.name not in useful or not context.varies:
        return []
    return [Bind((), Ref(managers.carried), (Var(s.name),), (), s.loc)]


def _through_stop(s: ir.Stmt, context: Context) -> tuple[str, str] | None:
    """A write to what stop_gradient gave, where the same memory has a derivative."""
    memory = context.memory
    if isinstance(s, Bind) and stopped_values.runs_code(s):
        return None  # it is given a copy, and looked at afterwards
    for a in written_atoms(s, context):
        if isinstance(a, Var) and a.name in memory.stopped and (
                MemoryClass(memory.find(a.name)) in context.varies
                or any(n in context.varies for n in ir.reads(s))):
            reason = (f"{a.name} is what stop_gradient or a constant field gave, and is written: "
                      "the memory would have a derivative under one name and none under the other")
            return reason, "write to a copy of it, or give the field a new array, o.field = …"
    return None


def _may_read_text(s: ir.Stmt, context: Context) -> bool:
    """Something that is neither text nor a container may be made of text in a container."""
    if isinstance(s, Store):
        # An array reads the number in a text that is written into it.
        return kind_of_atom(s.target, context).is_array and \
            getattr(s.value, "name", None) in context.holding_texts
    if not isinstance(s, Bind) or context.holding_texts.isdisjoint(ir.reads(s)):
        return False
    if texts.is_display(s) or texts.fills(s, context) or texts.takes_out(s) or texts.computes(s):
        return False
    return bool(flows(s)) and not all(
        context.kinds.get(t, ANY).inert for t in s.targets) and not context.texts.intersection(
            s.targets)
