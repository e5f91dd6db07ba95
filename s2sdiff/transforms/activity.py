"""Activity: what varies with the arguments asked for, and matters to the result.

Only what is both gets a cotangent.  Where an active value enters something that cannot be
differentiated, and something useful comes out, a refusal is planted in front of it.
"""

from __future__ import annotations

import builtins
import operator
import re
import types
from collections.abc import Sequence, Set
from typing import Any, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided

from s2sdiff import errors, ir, ops, registry
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
    Opaque,
    Raw,
    Ref,
    Store,
    Var,
    With,
    replace,
)
from s2sdiff.kinds import ANY
from s2sdiff.runtime import calls, cells, managers, values
from s2sdiff.runtime.views import VIEWS
from s2sdiff.transforms import effects, implicit, known_effects, standing, texts, tiers, writers
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds import kind_of_atom
from s2sdiff.transforms.resolve import namespace_value

__all__ = ["depended_on", "flows", "mark", "reaches", "refuse", "result_of",
           "varying"]

#: What may flow into what: names, or classes of variables, on both sides.
Ways = list[tuple[Sequence[Any], Sequence[Any]]]


def mark(function: Function, context: Context) -> Function:
    """Fill `context.active`; plant refusals; see whether the result depends on what is asked."""
    context.drawn = standing.drawn(function)
    ways = _ways(function, context.shifts, context)
    context.varies = _varying(function, context, ways)
    context.texts = texts.made_of_active(function, context)
    context.holding_texts = texts.held(function, context)
    useful = _useful(function, context, ways)
    context.active = context.varies & useful
    body = _plant(function.body, context, useful, function)
    function = replace(function, body=body)
    tiers.assign(function, context)
    return function


def result_of(function: Function) -> ir.Atom:
    """The atom that a tidied function returns."""
    last = function.body[-1] if function.body else None
    if isinstance(last, Exit) and last.kind == "return" and last.value is not None:
        return last.value
    return Const(None)


def varying(function: Function, context: Context) -> set[str]:
    """Variables that depend on the arguments asked for in a way that has a derivative."""
    return _varying(function, context, _ways(function, context.shifts, context))


def _varying(function: Function, context: Context, ways: Ways) -> set[str]:
    varies: set[Any] = {n for n in context.request.wrt if not _inert(n, context)}
    if context.request.places:
        # All that was made elsewhere may have a cotangent there.
        varies |= {p.name for p in function.params if not _fixed(p.name, context)}
        varies |= {t for s in ir.walk(function.body) if isinstance(s, Move)
                   for t, a in zip(s.targets, s.sources, strict=True) if isinstance(a, Free)
                   and not _inert(t, context)}
        # A function of which nothing is known, and what it calls, may capture such.
        varies |= {t for s in ir.walk(function.body)
                   if isinstance(s, Bind) and _may_reach(s, context)
                   for t in s.targets if not _inert(t, context)}
    found = [(sources, [n for n in targets if not _inert(n, context)])
             for targets, sources in ways]
    return _closed(varies, [way for way in found if way[1]])


def depended_on(function: Function, context: Context) -> set[str]:
    """Variables that the result depends on, be it through stop_gradient."""
    result = result_of(function)
    if not isinstance(result, Var) or _inert(result.name, context):
        return set()
    ways: Ways = [
        ([n for n in targets if not _inert(n, context)], sources)
        for targets, sources in _ways(function, frozenset(), context, True)]
    return _closed({result.name}, ways[::-1])


def _useful(function: Function, context: Context, ways: Ways) -> set[str]:
    """Variables that the result depends on (over-approximated: loops and branches joined)."""
    result = result_of(function)
    useful: set[Any] = {result.name} if isinstance(result, Var) else set()
    memory = context.memory
    if memory is not None and context.request.places:
        # What the caller sees afterwards matters to it.
        useful |= {_Class(n) for n in map(memory.find, list(memory.parent)) if memory.roots.get(n)}
    return _closed(useful, ways[::-1])


class _Class(NamedTuple):
    """A class of variables that share memory, among the names of variables."""

    node: Any


def _closed(names: set[Any], ways: Ways) -> set[Any]:
    """The names with all that is reached from them: any name on a way's left leads to its right."""
    while True:
        size = len(names)
        for left, right in ways:
            if not names.isdisjoint(left):
                names.update(right)
        if len(names) == size:
            return names


def _ways(
    function: Function, stopped: Set[str], context: Context, through_stops: bool = False
) -> Ways:
    """What statements bind, with what has a derivative on the way there, in order of the text."""
    found: Ways = []
    if context.memory is not None:
        found += _by_memory(function, context)
    for s in ir.walk(function.body):
        if isinstance(s, Move):
            found += [((t,), (a.name,)) for t, a in zip(s.targets, s.sources, strict=True)
                      if isinstance(a, Var)]
        elif isinstance(s, (Bind, For, Raw, With)) and stopped.isdisjoint(ir.defines(s)):
            found.append((ir.defines(s), flows(s, through_stops) if isinstance(s, Bind)
                          else ir.reads(s)))
    return found


def _by_memory(
    function: Function, context: Context
) -> Ways:
    """What is written into memory reaches all that holds it, or a container of it."""
    memory: Any = context.memory
    found: Ways = []
    for node in {memory.find(n) for n in list(memory.parent)}:
        if not memory.written_in(node):
            continue
        mine = _Class(node)
        for name in memory.members(node):
            if name in memory.stopped:
                continue
            found += [((mine,), (name,)), ((name,), (mine,))]
        inner = memory.inner(node)
        if inner is not None and inner != node:
            found += [((mine,), (_Class(inner),)), ((_Class(inner),), (mine,))]
    elsewhere = _Class(memory.find("*"))
    seen_there = bool(memory.written_in("*"))
    for s in ir.walk(function.body):
        if seen_there and isinstance(s, Bind) and s.targets and _may_reach(s, context):
            found.append((s.targets, (elsewhere,)))
        if isinstance(s, Store):
            into = [s.target]
        elif isinstance(s, Bind):
            written = memory.effects(s)
            given = [*enumerate(s.args), *s.kwargs]
            into = [a for key, a in given if "*" in written or key in written]
            if "*" in written:
                found.append(((_Class(memory.find("*")),), ir.reads(s)))
                into.append(s.fn)  # a bound method may write its owner
        elif isinstance(s, With):
            into = [s.manager] if memory.effects(s) else []
        else:
            continue
        for a in into:
            node = memory.of(a)
            if node is not None:
                found.append(((_Class(memory.find(node)),), ir.reads(s)))
    return found


def reaches(s: Bind, context: Context) -> bool:
    """A call that may write what is active without being given it: what it captures, globals."""
    memory = context.memory
    return memory is not None and _may_reach(s, context) and bool(memory.effects(s)) and (
        context.request.places or _Class(memory.find("*")) in context.active)


def _may_reach(s: Bind, context: Context) -> bool:
    if not isinstance(s.fn, Ref):
        return True
    fn = s.fn.object
    if fn is getattr and kind_of_atom(s.args[0], context).type in (type, types.ModuleType):
        return True
    return fn is cells.seen or fn is ops.method or (
        values.has_source(fn) and not (fn.__module__ or "").startswith("s2sdiff.ops")
        and (fn.__module__ or "").partition(".")[0] not in known_effects.LOOKING
        and registry.find(fn) is None)


def _fixed(name: str, context: Context) -> bool:
    return context.kinds.get(name, ANY).is_fixed


def _inert(name: Any, context: Context) -> bool:
    return isinstance(name, str) and context.kinds.get(name, ANY).inert


#: What they give has no derivative, whatever they are given.
_ASKING = (isinstance, hasattr, callable, type, id, len, str, repr, print, operator.is_,
           operator.is_not, operator.not_)


def flows(s: Bind, through_stops: bool = False) -> list[str]:
    """The variables through which a call's result has a derivative."""
    if isinstance(s.fn, Ref):
        fn = s.fn.object
        rule = None if isinstance(fn, Opaque) else registry.find(fn)
        if rule is not None and rule.constant:
            return []
        if not through_stops and getattr(rule and rule.function, "__s2sdiff_stops__", False):
            return []
        if fn in _ASKING:
            return []
    return ir.reads(s)


def refuse(
    cls: type[errors.DifferentiationError], reason: str, instead: str, loc: ir.Loc
) -> Bind:
    """A statement that raises a refusal when execution reaches it."""
    message = str(errors.refusal(cls, reason, instead))
    return Bind((), Ref(calls.refuse), (Const(cls.__name__), Const(message)), (), loc)


def _plant(block: Block, context: Context, useful: set[str], function: Function) -> Block:
    out: list[ir.Stmt] = []
    active = context.active
    for s in block:
        if isinstance(s, Catch):
            out += [s, *_carried(s, context, useful)]
            continue
        reason = _reason(s, context, useful, function)
        if reason is None and _may_read_text(s, context):
            held = [a for a in ir.atoms(s) if isinstance(a, Var)
                    and a.name in context.holding_texts]
            out.append(Bind((), Ref(values.no_text), tuple(dict.fromkeys(held)), (), s.loc))
        if reason is not None and isinstance(s, Store) and s.value is not None and \
                isinstance(s.target, (Ref, Free)) and _may_be_inert(s, context, function):
            # A count, a name or a switch may be kept outside.
            message = str(errors.refusal(errors.UnsupportedError, *reason))
            out.append(Bind((), Ref(values.kept_outside), (s.value, Const(message)), (), s.loc))
        elif reason is not None:
            out.append(refuse(errors.UnsupportedError, *reason, s.loc))
            active.difference_update(ir.defines(s))
        elif isinstance(s, Bind) and s.calls(slice) and any(
                n in context.varies for n in ir.reads(s)):
            out.append(Bind((), Ref(values.bounds), s.args, (), s.loc))
        elif context.writes:
            stop = _through_stop(s, context)
            out += [refuse(errors.AliasingError, *stop, s.loc)] if stop else \
                _apart(s, context, function)
        inner = ir.blocks(s)
        if inner:
            s = ir.with_blocks(s, tuple(_plant(b, context, useful, function) for b in inner))
        out.append(s)
    return tuple(out)


def _may_be_inert(s: Store, context: Context, function: Function) -> bool:
    """What is written outside is only known when it runs: an attribute, an item, an argument."""
    if kind_of_atom(s.target, context).type is types.FunctionType:
        return True
    if not isinstance(s.value, Var) or context.kinds.get(s.value.name, ANY) != ANY:
        return False
    made = [b for b in ir.walk(function.body) if s.value.name in ir.defines(b)]
    return all(isinstance(b, Bind) and any(b.calls(f) for f in (
        getattr, operator.getitem, ops.method)) for b in made)


def _carried(s: Catch, context: Context, useful: set[str]) -> list[ir.Stmt]:
    """An exception may have been made with active values: none may come out of it again."""
    if s.name not in useful or not context.varies:
        return []
    return [Bind((), Ref(managers.carried), (Var(s.name),), (), s.loc)]


def _through_stop(s: ir.Stmt, context: Context) -> tuple[str, str] | None:
    """A write to what stop_gradient gave, where the same memory has a derivative."""
    memory = context.memory
    for a in _written(s, context):
        if isinstance(a, Var) and a.name in memory.stopped and (
                _Class(memory.find(a.name)) in context.varies
                or any(n in context.varies for n in ir.reads(s))):
            reason = (f"{a.name} is what stop_gradient gave, and is written: the memory would have "
                      "a derivative under one name and none under the other")
            return reason, "write to a copy of it"
    return None


def _written(s: ir.Stmt, context: Context) -> list[Any]:
    """The atoms whose memory a statement may write."""
    memory = context.memory
    if memory is None:
        return []
    if isinstance(s, Store):
        return [s.target]
    if not isinstance(s, Bind):
        return []
    written = memory.effects(s)
    return [a for key, a in [*enumerate(s.args), *s.kwargs] if "*" in written or key in written]


def _apart(s: ir.Stmt, context: Context, function: Function) -> list[ir.Stmt]:
    """Checks that what is written is no argument under another name, nor shares its memory."""
    memory = context.memory
    if context.request.places or memory is None:
        return []
    found: list[ir.Stmt] = []
    for a in dict.fromkeys(_written(s, context)):
        if not isinstance(a, (Var, Free)) or kind_of_atom(a, context).is_fixed:
            continue
        mine = memory.origin_of(a.name) if isinstance(a, Var) else {"*"}
        if not mine:
            continue
        others = [p.name for p in function.params if p.name not in mine
                  and not context.kinds.get(p.name, ANY).is_fixed]
        asked = [n for n in others if n in context.varies]
        if isinstance(a, Var) and (a.name in context.varies
                                   or _Class(memory.find(a.name)) in context.varies):
            asked = others
        # A global or captured array may be what was passed.
        outside = [f for f in _free(function) if f != a and context.kinds.get(
            a.name, ANY).is_array] if "*" not in mine and mine & context.varies else []
        if asked or outside:
            found.append(Bind((), Ref(values.apart), (a, *map(Var, asked), *outside), (), s.loc))
    return found


def _free(function: Function) -> list[Free]:
    """The arrays that a function reads from outside."""
    found = dict.fromkeys(a for s in ir.walk(function.body) for a in ir.atoms(s)
                          if isinstance(a, Free))
    return [a for a in found
            if isinstance(namespace_value(function.origin, a.name), np.ndarray)]


def _reason(
    s: ir.Stmt, context: Context, useful: set[str], function: Function
) -> tuple[str, str] | None:
    varies, active = context.varies, context.active
    touched = [n for n in ir.reads(s) if n in varies]
    if not touched and not (isinstance(s, Raw) or (isinstance(s, Bind) and context.texts)):
        return None
    run = implicit.unseen(s, lambda a: kind_of_atom(a, context), effects.summary)
    if run is not None and touched:
        return (f"{run[1]} of a {run[0]} runs here without being called, and writes",
                "call a method by its name before")
    match s:
        case Raw(_, _, writes, what):
            jump = re.search(r"\bwith (return|break|continue)\b", what)
            if jump:
                kept = f"{'an' if what[0] in 'aeiou' else 'a'} {what.split()[0]} statement"
                return (f"{kept} with {jump[1]} cannot be differentiated",
                        f"{jump[1]} behind the statement")
            if varies and re.search(r"\b(exec|eval)\(\)", what):
                return (f"{what} runs code whose source is not known beforehand",
                        "write that code into the function")
            if touched and (s.memory or any(n in active for _, n in writes)):
                return _statement(what, _spelled(touched, context, function))
        case With(_, target) if touched and target in active:
            who = _spelled(touched, context, function)
            active.discard(target)
            return (f"{who} enters a context manager, and {target} comes out of it",
                    "compute with it outside of that, or mark it with sd.stop_gradient")
        case Store(_, Ref() | Free() as target) if touched:
            who = _spelled(touched, context, function)
            reason = f"{who} is written to the global {_outside(target)}, which anybody may read"
            return reason, "store it in an object, or return it"
        case Store(_, target) | Bind(_, Ref(builtins.setattr), (target, *_)) if (
                touched and _of_all(target, context)):
            who = _spelled(touched, context, function)
            reason = (f"{who} is written to an attribute of a class or module, which the whole "
                      "program shares")
            return reason, "store it in an object, or return it"
        case Bind(targets) if targets and context.texts.issuperset(targets):
            active.difference_update(targets)
        case Bind(targets, Ref(Opaque(node))) if touched and any(t in active for t in targets):
            kept, instead = _EXPRESSIONS.get(type(node).__name__, ("this expression", _STATEMENTS))
            who = _spelled(touched, context, function)
            return f"{kept} of {who} cannot be differentiated", instead
        case Bind(targets) if useful.intersection(targets) and _reads_text(s, context):
            return ("text that was made of an active value is read back into the result",
                    "use the number itself, or mark it with sd.stop_gradient")
        case Bind((target,), Ref(fn)) if fn is as_strided and touched and _written_through(
                target, context, function):
            return (f"as_strided shows memory several times, and {target} is written",
                    "write into the array itself")
        case Bind(_, Ref(fn)) if touched and _keeps(fn, s, context):
            who = _spelled(touched, context, function)
            return (f"{fn.__name__} of {who} has no derivative",
                    "keep active values in numbers, arrays, containers and objects")
        case Bind(_, Ref(ops.dict_), args) if any(
                isinstance(a, Var) and a.name in varies and context.kinds.get(a.name, ANY).is_scalar
                for a in args[::2]):
            return ("an active number is the key of a dict, which keeps no derivative for its keys",
                    "use its index, or mark it with sd.stop_gradient")
        case Bind(_, Ref(Opaque() as opaque)) if touched:
            return writers.verdict(opaque, touched)
    return None


def _written_through(name: str, context: Context, function: Function) -> bool:
    """Whether an array, or a view of it, may be written here."""
    names = {name}
    ways = [(ir.defines(s), ir.reads(s)) for s in ir.walk(function.body)
            if isinstance(s, Move) or (isinstance(s, Bind) and isinstance(s.fn, Ref) and (
                s.fn.object is operator.getitem or s.fn.object is getattr
                or s.fn.object is ops.method or _is_view(s.fn.object)))]
    names = _closed(names, [(reads, targets) for targets, reads in ways])
    return any(isinstance(a, Var) and a.name in names
               for s in ir.walk(function.body) for a in _written(s, context))


def _is_view(fn: Any) -> bool:
    try:
        return fn in VIEWS
    except TypeError:
        return False


def _keeps(fn: Any, s: Bind, context: Context) -> bool:
    """What it makes holds its arguments where no derivative looks: slices and classes."""
    if fn is slice:
        return any(context.kinds.get(n, ANY).is_scalar and n in context.varies
                   for n in ir.reads(s))
    return fn is type and len(s.args) == 3


def _of_all(a: Any, context: Context) -> bool:
    """A class or a module."""
    kind = type(a.object) if isinstance(a, Ref) else kind_of_atom(a, context).type
    return isinstance(kind, type) and issubclass(kind, (type, types.ModuleType))


def _outside(a: Ref | Free) -> str:
    return a.name if isinstance(a, Free) else a.spelling or getattr(a.object, "__name__", "object")


def _reads_text(s: Bind, context: Context) -> bool:
    """Something other than text is made of such text, and not by putting it into a container."""
    read = flows(s)
    if s.calls(operator.getitem) or s.calls(getattr):
        read = [n for n in read if Var(n) == s.args[0]]  # a key only says which item
    if context.texts.isdisjoint(read) or context.texts.intersection(s.targets):
        return False
    return not texts.is_display(s) and not texts.fills(s, context) and not all(
        context.kinds.get(t, ANY).inert for t in s.targets)


def _may_read_text(s: ir.Stmt, context: Context) -> bool:
    """Something that is neither text nor a container may be made of text in a container."""
    if isinstance(s, Store):
        # An array reads the number in a text that is written into it.
        return kind_of_atom(s.target, context).is_array and \
            getattr(s.value, "name", None) in context.holding_texts
    if not isinstance(s, Bind) or context.holding_texts.isdisjoint(ir.reads(s)):
        return False
    if texts.is_display(s) or texts.fills(s, context) or texts.takes_out(s):
        return False
    return bool(flows(s)) and not all(
        context.kinds.get(t, ANY).inert for t in s.targets) and not context.texts.intersection(
            s.targets)


# ---------------------------------------------------------------------------------- wording

_STATEMENTS = "write it as statements of their own"
_LOOP = "add or stack the items in a loop, or compute with a whole array"
_ARGUMENT = "hand it over as an argument"

#: Expressions that are kept as written: what they are called, and what to write instead.
_EXPRESSIONS = {
    "ListComp": ("a list comprehension", _LOOP), "GeneratorExp": ("a generator expression", _LOOP),
    "DictComp": ("a dict comprehension", _LOOP), "SetComp": ("a set comprehension", _LOOP),
    "Lambda": ("a lambda", _ARGUMENT),
    "Await": ("await", "await outside of the function"),
}

def _spelled(names: list[str], context: Context, function: Function) -> str:
    """Active variables as the user named them."""
    bases = {**context.names.bases, **function.bases}
    known = dict.fromkeys(bases.get(n, n) for n in names)
    users = [n for n in known if n in function.names]
    return f"an active value ({', '.join(users)})" if users else "an active value"


def _statement(what: str, who: str) -> tuple[str, str]:
    """Why a statement that is kept as written is refused."""
    first, _, rest = what.partition(" ")
    if first == "nested":
        return f"a {what} captures {who}", _ARGUMENT
    if what.startswith("assignment to the outside name"):
        return f"{who} goes to{rest.removeprefix('to')}", "return it, and assign it outside"
    if first == "del":
        return f"del of a name for {who} cannot be differentiated", "leave the name alone"
    article = "an" if first[0] in "aeiou" else "a"
    kind = what if rest else f"{first} statement"
    return (f"{who} enters {article} {kind}",
            "compute with it outside of that, or mark it with sd.stop_gradient")
