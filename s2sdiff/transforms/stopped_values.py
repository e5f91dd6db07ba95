"""Constants that leave the names under which they are known to be such.

What `stop_gradient` or a constant field gives is the very array that has a derivative under other
names.  Where cotangents are kept by place, whoever gets it by a call, a container or an attribute
would leave them there; so it is given a copy that has a place of its own, and must not write into
that.
"""

from __future__ import annotations

from typing import Any

from s2sdiff import errors, ir, registry
from s2sdiff.ir import Bind, Block, Exit, For, Function, Move, Opaque, Ref, Store, Var, replace
from s2sdiff.kinds import ANY
from s2sdiff.runtime import constant_values, planted, values
from s2sdiff.runtime.views import VIEWS
from s2sdiff.transforms.alias_calls import DISPLAYS
from s2sdiff.transforms.constants_of_classes import reads_constant
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds import kind_of_atom
from s2sdiff.transforms.reaching import ASKING, written_atoms

__all__ = ["runs_code", "settled"]


def settled(function: Function, context: Context) -> Function:
    """The function with copies of constants, if any of them leaves it or is kept somewhere."""
    memory = context.memory
    if memory is None or not memory.stopped:
        return function
    mixed = _mixed(function, memory.stopped)
    # A function that is nowhere else than here leads to nothing that has a derivative.
    called = any(isinstance(s, Bind) and _begins(s, context) and isinstance(s.args[0], Var)
                 and s.args[0].name in context.active for s in ir.statements(function))
    if not mixed and not any(_leaves(s, memory.stopped, called) for s in ir.statements(function)):
        return function
    made: dict[str, Var] = {}
    return replace(function, body=_block(function.body, function, context, made, ()))


def _mixed(function: Function, stopped: set[str]) -> bool:
    """Some name means a constant on one way and something else on another."""
    given = {t: a for s in ir.walk(function.body) if isinstance(s, Move)
             for t, a in zip(s.targets, s.sources, strict=True)
             if not (isinstance(a, Var) and a.name in stopped) and a is not ir.UNDEFINED}
    return any(isinstance(a, Var) and a.name in stopped and t in given
               for s in ir.walk(function.body) if isinstance(s, Move)
               for t, a in zip(s.targets, s.sources, strict=True))


def _leaves(s: ir.Stmt, stopped: set[str], called: bool) -> bool:
    def among(atoms: Any) -> bool:
        return any(isinstance(a, Var) and a.name in stopped for a in atoms)

    match s:
        case Store(value=value):
            return among((value,))
        case Exit(value=value):
            return among((value,))
        case Bind(_, fn):
            if among((fn,)):
                return called  # what a function captures is asked for when it is called
            if not among((*s.args, *(a for _, a in s.kwargs))):
                return False
            target = fn.object if isinstance(fn, Ref) else None
            if target is None or isinstance(target, Opaque):
                return True
            if target in ASKING or target in VIEWS or target is getattr:
                return False
            rule = registry.find(target)
            # A display holds it, as does what is made of the items of something.
            return rule is None or bool(rule.writes) or not (rule.function or rule.constant) or \
                target in DISPLAYS or hasattr(rule.function, "__s2sdiff_shares__")
        case Move() | For():
            return False
    return not isinstance(s, (ir.If, ir.While)) and among(ir.atoms(s))


def _block(block: Block, function: Function, context: Context, made: dict[str, Var],
           kept: tuple[str, ...]) -> Block:
    """`made` has what the copies are copies of; `kept` are those that something holds by now."""
    out: list[ir.Stmt] = []
    for s in block:
        inner = ir.blocks(s)
        if inner:
            s = ir.with_blocks(s, tuple([_block(b, function, context, made, kept)
                                         for b in inner]))
        kind = context.kinds.get(s.targets[0], ANY) if isinstance(s, Bind) and s.targets else ANY
        if not isinstance(s, Bind) or kind.is_fixed or not _begins(s, context):
            out.append(s)
            if isinstance(s, Bind) and runs_code(s):
                # A call may write what is kept, or what that is a copy of, under any name.
                out += [Bind((), Ref(constant_values.unwritten), (Var(n), made[n]), (), s.loc)
                        for n in dict.fromkeys((*ir.reads(s), *kept)) if n in made]
            kept += tuple([n for n in _held(s) if n in made and n not in kept])
            continue
        held = s.args[0]
        of_field = s.calls(getattr)
        if of_field:
            held = Var(context.names(f"{s.targets[0]}_1"))
            context.kinds[held.name] = kind
            out.append(replace(s, targets=(held.name,)))
        if _written(function, context, s):
            error = errors.refusal(
                errors.AliasingError,
                "what stop_gradient or a constant field gave is kept or handed on, and the memory "
                "may be written: it would have a derivative under one name and none under the "
                "other", "stop a copy of it, sd.stop_gradient(x).copy()")
            out.append(Bind((), Ref(planted.refuse), (ir.Const(type(error).__name__),
                                               ir.Const(str(error))), (), s.loc))
        fn = constant_values.of_known_field if of_field else constant_values.stopped
        out.append(Bind(s.targets, Ref(fn), (held, s.args[0]) if of_field else (held,), (), s.loc))
        if not of_field and isinstance(held, Var) and len(s.targets) == 1:
            made[s.targets[0]] = held
    return tuple(out)


def _held(s: ir.Stmt) -> tuple[str, ...]:
    """The names of what a statement may put somewhere."""
    if isinstance(s, Store):
        return (s.value.name,) if isinstance(s.value, Var) else ()
    return tuple(ir.reads(s)) if isinstance(s, Bind) else ()


def runs_code(s: Bind) -> bool:
    """A call of code of the user's, of which one does not know that it writes nothing."""
    return not isinstance(s.fn, Ref) or (
        not isinstance(s.fn.object, Opaque) and registry.find(s.fn.object) is None
        and values.has_source(s.fn.object))


def _begins(s: Bind, context: Context) -> bool:
    rule = registry.find(s.fn.object) if isinstance(s.fn, Ref) and not isinstance(
        s.fn.object, Opaque) else None
    return bool(s.args) and (
        getattr(rule and rule.function, "__s2sdiff_stops__", False)
        or reads_constant(s, lambda a: kind_of_atom(a, context)))


def _written(function: Function, context: Context, made: Bind) -> bool:
    """The memory of a constant may be written once it is made, not just perhaps by a function that
    is given it."""
    memory, name = context.memory, made.targets[0]
    array = context.kinds.get(name, ANY).is_array
    for s in _from(function.body, made):
        if (isinstance(s, Store) and s.place == "attribute" and array) or (
                isinstance(s, Bind) and runs_code(s)):
            continue
        if any(memory.of(a) is not None and memory.find(memory.of(a)) == memory.find(name)
               for a in written_atoms(s, context)):
            return True
    return False


def _from(block: Block, made: ir.Stmt) -> list[ir.Stmt]:
    """What may run after a statement: what stands behind it, and all of a loop around it."""
    for i, s in enumerate(block):
        if s is made:
            return list(ir.walk(block[i + 1:]))
        inner = ir.blocks(s)
        if inner and any(t is made for b in inner for t in ir.walk(b)):
            rest = list(ir.walk(block[i + 1:]))
            if isinstance(s, (For, ir.While, ir.Try, ir.With)):
                return [*ir.walk((s,)), *rest]
            return [*(t for b in inner for t in _from(b, made)), *rest]
    return []
