"""What is planted beside statements: refusals, and looks at what only the run can tell.

Where an active value enters something that cannot be differentiated, and something useful comes
out, a refusal stands in front of it.
"""

from __future__ import annotations

import operator
import types

from s2sdiff import errors, ir, ops
from s2sdiff.ir import (
    Bind,
    Block,
    Catch,
    Const,
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
    asked_numbers,
    class_statements,
    common_names,
    frames,
    handed_texts,
    stopped_values,
    texts,
    watch,
)
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds import kind_of_atom
from s2sdiff.transforms.reaching import MemoryClass, flows, written_atoms
from s2sdiff.transforms.verdicts import is_global, reads_text, refused_for
from s2sdiff.transforms.written_apart import checks

__all__ = ["plant", "refuse"]


def refuse(
    cls: type[errors.DifferentiationError], reason: str, instead: str, loc: ir.Loc
) -> Bind:
    """A statement that raises a refusal when execution reaches it."""
    message = str(errors.refusal(cls, reason, instead))
    return Bind((), Ref(planted.refuse), (Const(cls.__name__), Const(message)), (), loc)


def plant(block: Block, context: Context, useful: set[str], function: Function) -> Block:
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
        if reason is None:
            look = handed_texts.look(s, context)
            out += [] if look is None else [look]
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
            out.append(Bind((), Ref(keys.bounds), s.args, (), s.loc))
        elif isinstance(s, Bind) and s.calls(slice) and any(
                context.may_change(a.name) for a in s.args if isinstance(a, (Var, Free))):
            s = replace(s, fn=Ref(keys.cut))
        elif context.writes:
            out += common_names.check(s, context)
            out += asked_numbers.checks(s, context)
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
            s = ir.with_blocks(s, tuple(plant(b, context, useful, function) for b in inner))
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
        if isinstance(s, Bind) and any(map(s.calls, watch.OF_ACTIVE)) and \
                getattr(look.atom, "name", None) not in context.varies:
            continue
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
