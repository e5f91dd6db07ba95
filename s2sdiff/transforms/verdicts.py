"""Why a statement is refused that an active value reaches, and what to write instead."""

from __future__ import annotations

import builtins
import collections
import io
import operator
import re
import types
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

from s2sdiff import ir, ops, registry
from s2sdiff.ir import Bind, Const, Free, Function, Move, Opaque, Raw, Ref, Store, Var, With
from s2sdiff.kinds import ANY, Kind
from s2sdiff.runtime import managers
from s2sdiff.runtime.datasets import INSTEAD, is_dataset
from s2sdiff.runtime.outside import is_of_library
from s2sdiff.runtime.values import HIDING
from s2sdiff.runtime.views import VIEWS
from s2sdiff.transforms import effects, frames, implicit, texts, writers
from s2sdiff.transforms.alias_calls import DISPLAYS
from s2sdiff.transforms.argument_places import arguments_for
from s2sdiff.transforms.arithmetic import is_elementwise
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.holding import has_hash
from s2sdiff.transforms.kinds import kind_of_atom
from s2sdiff.transforms.known_effects import computes
from s2sdiff.transforms.new_memory import makes_new
from s2sdiff.transforms.reaching import flows, written_atoms
from s2sdiff.transforms.varying import closed

__all__ = ["is_global", "reads_text", "refused_for"]


def refused_for(
    s: ir.Stmt, context: Context, useful: set[str], function: Function
) -> tuple[str, str] | None:
    """Why a statement is refused, and what to write instead; None: it is not."""
    varies, active = context.varies, context.active
    looked = frames.looks(s, function, useful) if varies else None
    if looked is not None:
        return looked
    read = ir.reads(s)
    touched = [] if varies.isdisjoint(read) else [n for n in read if n in varies]
    if varies and isinstance(s, Bind) and useful.intersection(s.targets) and _reads_frame(s):
        reason = ("variables are read from a frame, which has not those of the function while its "
                  "derivative runs")
        return reason, "hand them over as arguments, or return them"
    if not touched and not (
            isinstance(s, Raw) or (isinstance(s, (Bind, Store)) and (
                context.texts or context.holding_texts))):
        return None
    if isinstance(s, Move) or (isinstance(s, Bind) and not context.texts and computes(
            s, lambda a: kind_of_atom(a, context))):
        return None

    def kind(a: Any) -> Kind:
        return kind_of_atom(a, context)

    run = implicit.unseen(s, kind, effects.summary)
    if run is not None and touched:
        return (f"{run[1]} of a {run[0]} runs here without being called, and writes",
                "call a method by its name before")
    match s:
        case Raw(_, _, writes, what):
            frame = re.search(r"\b\w+\(\)", what)
            jump = re.search(r"\bwith (return|break|continue)\b", what)
            if jump and frame:
                return (f"{frame[0]} cannot be differentiated in a statement with {jump[1]}",
                        f"bind what {frame[0]} gives to a name first")
            if jump:
                kept = f"{'an' if what[0] in 'aeiou' else 'a'} {what.split()[0]} statement"
                return (f"{kept} with {jump[1]} cannot be differentiated",
                        f"{jump[1]} behind the statement")
            if touched and (s.memory or any(n in active for _, n in writes)):
                return _statement(what, _spelled(touched, context, function))
        case With(_, target) if managers.gives_nothing(s.made):
            active.discard(str(target))
        case With(manager, target) if touched and target in active and kind_of_atom(
                manager, context).type is not io.TextIOWrapper:
            who = _spelled(touched, context, function)
            active.discard(target)
            return (f"{who} enters a context manager, and {target} comes out of it",
                    "compute with it outside of that, or mark it with sd.stop_gradient")
        case Store(_, target) if touched and is_dataset(kind_of_atom(target, context).type):
            return f"{_spelled(touched, context, function)} is written into a table", INSTEAD
        case Store(_, Ref() | Free() as target) if touched:
            return _to_a_global(target, _spelled(touched, context, function))
        case Store(_, Var(name)) if name in context.written_outside and _puts_active(
                s, context, function):
            who = _spelled([n for n in touched if n != name], context, function)
            return _to_a_global(context.written_outside[name], who)
        case Store(_, target) | Bind(_, Ref(builtins.setattr), (target, *_)) if (
                touched and _of_all(target, context)):
            who = _spelled(touched, context, function)
            if isinstance(s, Store) and is_global(s, context) and isinstance(s.key, Const):
                return (f"{who} goes to the global name {s.key.value}, which anybody may read",
                        "store it in an object, or return it")
            reason = (f"{who} is written to an attribute of a class or module, which the whole "
                      "program shares")
            return reason, "store it in an object, or return it"
        case Store(_, target, _, Var(value)) if value in context.texts and (
                kind_of_atom(target, context).is_array
                or kind_of_atom(target, context).type is np.flatiter):
            return _READ_BACK
        case Store(_, target, key) | Bind(_, Ref(builtins.setattr), (target, key, *_)) | Bind(
                _, Ref(ops.method), (target, Const("__setattr__"), key, *_)) if (
                touched and key != Const("__wrapped__") and
                kind_of_atom(target, context).type is types.FunctionType):
            who = _spelled(touched, context, function)
            reason = (f"{who} is written to an attribute of a function, which the whole program "
                      "shares")
            return reason, "store it in an object, or return it"
        case Bind(targets) if targets and context.texts.issuperset(targets):
            active.difference_update(targets)
        case Bind(targets, Ref(Opaque(node))) if touched and any(t in active for t in targets):
            kept, instead = _EXPRESSIONS.get(type(node).__name__, ("this expression", _STATEMENTS))
            who = _spelled(touched, context, function)
            return f"{kept} of {who} cannot be differentiated", instead
        case Bind(targets) if useful.intersection(targets) and (
                texts.parses(s, context) or (
                    reads_text(s, context) and not texts.told_at_run_time(s))):
            return _READ_BACK
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


_READ_BACK = ("text or a file that was made of an active value is read back into the result",
              "use the number itself, or mark it with sd.stop_gradient")


def _reads_frame(s: Bind) -> bool:
    """What gives the variables of a function that runs, or calls a function that asks for them."""
    if s.calls(getattr):
        return isinstance(s.args[1], Const) and s.args[1].value in _FRAMES
    fn = s.fn.object if isinstance(s.fn, Ref) else None
    return isinstance(fn, types.FunctionType) and not is_of_library(fn) and \
        "f_locals" in fn.__code__.co_names


_FRAMES = ("f_locals", "gi_frame", "cr_frame", "ag_frame")


def _written_through(name: str, context: Context, function: Function) -> bool:
    """Whether an array, or a view of it, may be written here."""
    names = {name}
    ways = [(ir.defines(s), ir.reads(s)) for s in ir.statements(function)
            if isinstance(s, Move) or (isinstance(s, Bind) and isinstance(s.fn, Ref) and (
                s.fn.object is operator.getitem or s.fn.object is getattr
                or s.fn.object is ops.method or _is_view(s.fn.object)))]
    names = closed(names, [(reads, targets) for targets, reads in ways])
    return any(isinstance(a, Var) and a.name in names
               for s in ir.statements(function) for a in written_atoms(s, context))


def _is_view(fn: Any) -> bool:
    try:
        return fn in VIEWS
    except TypeError:
        return False


def _keeps(fn: Any, s: Bind, context: Context) -> bool:
    """What it makes holds its arguments where no derivative looks: slices and classes."""
    spread = any(isinstance(a, ir.Star) for a in s.args)
    if fn is slice:
        return any((context.kinds.get(n, ANY).is_scalar or spread) and n in context.varies
                   for n in ir.reads(s))
    return any(fn is f for f in HIDING) and (fn is not type or len(s.args) == 3 or spread)


def _to_a_global(target: Ref | Free, who: str) -> tuple[str, str]:
    return (f"{who} is written to the global {_outside(target)}, which anybody may read",
            "store it in an object, or return it")


def _puts_active(s: Store, context: Context, function: Function) -> bool:
    """Whether it leaves something active there, and not only what lay there before or is new."""
    put = [a.name for a in (s.key, s.value) if isinstance(a, Var) and a.name in context.brought]
    return bool(put) and not _made_of_literals(function).issuperset(put)


def _made_of_literals(function: Function) -> set[str]:
    """Variables that hold containers and arrays which are made of literals alone."""
    counts = collections.Counter(n for s in ir.statements(function) for n in ir.defines(s))
    found: set[str] = set()
    for s in ir.statements(function):
        if not isinstance(s, Bind) or not isinstance(s.fn, Ref) or not has_hash(s.fn.object):
            continue
        fn, given = s.fn.object, (*s.args, *[a for _, a in s.kwargs])
        if (fn in DISPLAYS or makes_new(fn) or is_elementwise(fn)) and all(
                isinstance(a, (Const, Ref)) or (isinstance(a, Var) and a.name in found)
                for a in given):
            found.update(t for t in s.targets if counts[t] == 1)
    return found


def _of_all(a: Any, context: Context) -> bool:
    """A class or a module."""
    kind = type(a.object) if isinstance(a, Ref) else kind_of_atom(a, context).type
    return isinstance(kind, type) and issubclass(kind, (type, types.ModuleType))


def is_global(s: Store, context: Context) -> bool:
    """A global name gets something: `globals()["n"] = n + 1`."""
    return s.place == "item" and isinstance(s.target, Var) and \
        kind_of_atom(s.target, context).type is types.ModuleType


def _outside(a: Ref | Free) -> str:
    return a.name if isinstance(a, Free) else a.spelling or getattr(a.object, "__name__", "object")


def reads_text(s: Bind, context: Context) -> bool:
    """Something other than text is made of such text, and not by putting it into a container."""
    read = flows(s)
    if s.calls(operator.getitem) or s.calls(getattr):
        read = [n for n in read if Var(n) == s.args[0]]  # a key only says which item
    elif texts.looks_up(s, lambda a: kind_of_atom(a, context)):
        read = [n for n in read if Var(n) in (s.args[0], *s.args[3:])]
    elif isinstance(s.fn, Ref) and not isinstance(s.fn.object, Opaque):
        read = [n for n in read if not _is_option(n, s, s.fn.object)]
    if context.texts.isdisjoint(read) or context.texts.intersection(s.targets):
        return False
    return not texts.is_display(s) and not texts.fills(s, context) and not all(
        context.kinds.get(t, ANY).inert for t in s.targets)


def _is_option(name: str, s: Bind, target: Any) -> bool:
    """Whether a rule of the library takes it only where it has no derivative: `np.pad(x, 1, mode)`.
    """
    rule = registry.find(target)
    if rule is None or not rule.wrt or not registry.is_own(target):
        return False
    places = arguments_for(frozenset(rule.wrt), s, target)
    given = {**dict(enumerate(s.args)), **dict(s.kwargs)}
    return "*" not in places and all(given.get(k) != Var(name) for k in places)


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
