"""What a call may write: memory that others see, so that its cotangents are kept by place."""

from __future__ import annotations

import collections
import functools
import heapq
import inspect
import itertools
import random
import types
from types import SimpleNamespace
from typing import Any

import numpy as np

from s2sdiff import errors, ir, ops, registry
from s2sdiff.ir import (
    Bind,
    Block,
    Const,
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
from s2sdiff.kinds import ANY, Kind, kind_of
from s2sdiff.runtime import cells, managers, standins, standins_numpy
from s2sdiff.runtime.iterated import LISTED
from s2sdiff.runtime.rule_calls import place_of_out, positional
from s2sdiff.transforms import early, kinds, resolve
from s2sdiff.transforms.alias import _INPLACE, MUTATORS, Memory
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.implicit import attribute_writes, method_writes, runs_what_writes
from s2sdiff.transforms.kinds import kind_of_atom
from s2sdiff.transforms.resolve import MISSING, namespace_value

__all__ = ["READING", "analyse", "function_writes", "summary", "writes", "written_by"]

_SILENT = frozenset({
    print, len, range, enumerate, zip, reversed, sorted, isinstance, type, str, repr, int, float,
    bool, complex, tuple, list, dict, set, frozenset, slice, getattr, hasattr, callable, id, hash,
    min, max, sum, any, all, abs, round, divmod, pow, iter, format, issubclass, bytes,
    object, vars, ops.method,
})
READING = frozenset({
    "get", "items", "keys", "values", "index", "count", "copy", "sum", "mean", "min", "max", "dot",
    "reshape", "ravel", "flatten", "transpose", "astype", "startswith", "endswith", "lower",
    "upper", "format", "join", "split", "strip", "item", "tolist", "any", "all", "conj", "std",
    "var", "prod", "cumsum", "clip", "round", "trace", "diagonal", "squeeze", "repeat", "argmax",
    "argmin", "isdtype", "asarray", "is_integer", "argsort", "swapaxes", "take", "nonzero",
    "conjugate", "cumprod", "_replace", "_asdict",
})
#: It writes, but nobody knows what.
ALL = frozenset({"*"})
NOTHING: frozenset = frozenset()
_known: dict[Any, tuple[frozenset, frozenset]] = {}

def analyse(function: Function, context: Context) -> Function:
    """Fill `context.memory` if some statement may write memory that backward code knows of."""
    def kind(a: Any) -> Kind:
        return kind_of_atom(a, context)

    def looked_at(function: Function) -> Memory:
        known: dict[int, tuple[ir.Stmt, frozenset]] = {}
        moves = [(t, a) for s in ir.walk(function.body) if type(s) is Move
                 for t, a in zip(s.targets, s.sources, strict=True)]
        outside: dict[Any, ir.Atom] = {t: a for t, a in moves if type(a) is Free}
        if outside:
            counts = collections.Counter([t for t, _ in moves])
            outside = {t: a for t, a in outside.items() if counts[t] == 1}

        def effects(s: Bind) -> frozenset:
            # Several passes ask for each statement, and kinds stay what they are.
            found = known.get(id(s))
            if found is None:
                read: Any = ir.substitute(s, outside) if outside else s
                found = known[id(s)] = s, written_by(read, function.origin, kind)
            return found[1]

        return Memory(function, kind, effects, lambda s: returned_by(s, function.origin))

    context.writes = any(_writes(s, function.origin, kind) for s in ir.walk(function.body))
    if context.writes or context.request.volatile or context.request.places:
        context.memory = looked_at(function)
        if context.request.places or context.memory.written_in("*"):
            captured = function.origin.__code__.co_freevars if context.request.places and \
                function.origin is not None else ()
            named = replace(function, body=_named(function.body, context, captured))
            if named.body is not function.body:
                function = kinds.infer(named, context)
                context.memory = looked_at(function)
    return function


def _named(block: Block, context: Context, captured: tuple[str, ...]) -> Block:
    """What is read from outside, and may be written there, in variables, which have cotangents.

    Those in cells are seen there: a number has no place but its cell.
    """
    out: list[ir.Stmt] = []
    for s in block:
        given = {}
        seen = {} if not captured else {
            a: Var(context.names(a.name)) for a in dict.fromkeys(ir.atoms(s))
            if isinstance(a, Free) and a.name in captured and not kind_of_atom(a, context).inert
            and not isinstance(s, ir.Raw)}
        for a, v in seen.items():
            cell = context.names(f"{a.name}_cell")
            out.append(Bind((cell,), Ref(cells.own_cell), (Const(a.name),), (), s.loc))
            out.append(Bind((v.name,), Ref(cells.seen), (Var(cell), a), (), s.loc))
        if seen:
            s = _seen(s, seen)
        for a in ir.atoms(s) if isinstance(s, (Bind, Store)) else ():
            # A write to a global itself is refused under its name.
            free = isinstance(a, Free) and not kind_of_atom(a, context).is_fixed and not (
                isinstance(s, Store) and a == s.target)
            if free and a not in given and a != getattr(s, "fn", None):
                given[a] = Var(context.names(a.name))
        if given:
            out.append(Move(tuple(v.name for v in given.values()), tuple(given), s.loc))
            s = _with(s, given)
        inner = ir.blocks(s)
        if inner:
            s = ir.with_blocks(s, tuple(_named(b, context, captured) for b in inner))
        out.append(s)
    return ir.unless_same(out, block)


def _seen(s: Any, seen: dict[Any, Var]) -> ir.Stmt:
    """A statement that reads variables where it read from outside."""
    def new(a: Any) -> Any:
        if isinstance(a, ir.Star):
            return ir.Star(new(a.value))
        return seen.get(a, a) if isinstance(a, Free) else a

    match s:
        case Bind():
            return replace(s, fn=new(s.fn), args=tuple(map(new, s.args)),
                           kwargs=tuple((k, new(a)) for k, a in s.kwargs))
        case Store():
            return replace(s, target=new(s.target), key=new(s.key), value=new(s.value))
        case Move():
            return replace(s, sources=tuple(map(new, s.sources)))
        case ir.If() | ir.While():
            return replace(s, test=new(s.test))
        case ir.For():
            return replace(s, source=new(s.source))
        case ir.Exit():
            return replace(s, value=new(s.value), cause=new(s.cause))
    return s


def _with(s: Any, given: dict[Any, Var]) -> ir.Stmt:
    def new(a: Any) -> Any:
        if isinstance(a, ir.Star):
            return ir.Star(new(a.value))
        return given.get(a, a) if isinstance(a, Free) else a

    if isinstance(s, Store):
        return replace(s, key=new(s.key), value=new(s.value))
    return replace(s, args=tuple(map(new, s.args)), kwargs=tuple((k, new(a)) for k, a in s.kwargs))


def writes(s: ir.Stmt, origin: Any, context: Context) -> bool:
    """Whether a statement may write memory."""
    return _writes(s, origin, lambda a: kind_of_atom(a, context))


def writes_in(block: Block, origin: Any, context: Context) -> bool:
    """Whether a block may write anything that existed before."""
    def kind(a: Any) -> Kind:
        return kind_of_atom(a, context)

    return any(_writes(s, origin, kind) for s in ir.walk(block))


def written_anywhere(block: Block, origin: Any, context: Context) -> bool:
    """Whether a block may write what nobody knows."""
    def kind(a: Any) -> Kind:
        return kind_of_atom(a, context)

    return any((isinstance(s, Raw) and s.memory) or (isinstance(s, (Bind, With))
               and "*" in written_by(s, origin, kind)) for s in ir.walk(block))


def _writes(s: ir.Stmt, origin: Any, kind: Any) -> bool:
    match s:
        case Store():
            return True
        case Raw():
            return s.memory
        case Bind() | With():
            return bool(written_by(s, origin, kind))
    return False


def written_by(s: Bind | With, origin: Any, kind: Any) -> frozenset:
    """Positions and keywords of the arguments that a call may write; "*": anything."""
    if isinstance(s, With):
        return _of_manager(s)
    outs: set[Any] = {k for k, a in s.kwargs if k == "out" and a != Const(None)} \
        if s.kwargs else set()
    fn = s.fn
    if isinstance(fn, Free):
        value = namespace_value(origin, fn.name)
        return ALL if value is MISSING else _of_callee(value, s, kind) | outs
    if not isinstance(fn, Ref):
        return ALL
    target = fn.object
    if isinstance(target, Opaque):
        return NOTHING
    if isinstance(target, np.ufunc) and len(s.args) > target.nin:
        outs |= set(range(target.nin, len(s.args)))
    elif len(s.args) > 1:
        at = _place_of_out(target, len(s.args))
        if at is not None and any(a != Const(None) for a in s.args[at:at + 1]):
            outs.add(at)
    if target is getattr:
        return attribute_writes(s, kind, summary)
    if runs_what_writes(s, lambda a: _kind_outside(a, origin, kind), summary):
        return ALL
    if target is collections.defaultdict and s.args:
        return frozenset({0})  # reading may call what it is given, and puts in what that gives
    if target is ops.method:
        return _of_method(s, origin, kind) | outs
    if target is print:
        return frozenset(k for k, a in s.kwargs if k == "file" and a != Const(None))
    if target in _CALLING:
        return _of_called(s, origin, kind)
    if target in _INPLACE:
        first = kind(s.args[0])
        return NOTHING if first.is_fixed or first.type in (tuple, str) else frozenset({0})
    return _of_callee(target, s, kind) | outs


def _kind_outside(a: Any, origin: Any, kind: Any) -> Kind:
    """The kind of an atom; of a global of which nothing else is known, that of what it is now.

    Should it be another object when the code runs, then a method that writes is refused there.
    """
    found: Kind = kind(a)
    if type(a) is Free and found.type is None and not found.is_number:
        value = namespace_value(origin, a.name)
        if value is not MISSING and type(value).__flags__ & 1 << 9:
            return Kind(type(value))
    return found


#: Modules whose functions take no `out`.
_NEVER_INTO = frozenset({"_operator", "s2sdiff.ops", "builtins"})


def _place_of_out(target: Any, count: int) -> int | None:
    """At which position a function takes `out`, where it has so many arguments."""
    if getattr(target, "__module__", None) in _NEVER_INTO:
        return None
    rule = registry.find(target)
    if rule is None:
        return None
    if rule.function is None or count > positional(rule.function):
        into = registry.find(target, "out")
        if into is not None and into.function is not None:
            return place_of_out(into.function)
    return None if rule.function is None else place_of_out(rule.function)


#: They call what they are given: as the first argument, as the second, or as `key`.
_FIRST = (map, filter, functools.reduce, itertools.filterfalse, itertools.starmap,
          itertools.takewhile, itertools.dropwhile)
_CALLING = (*_FIRST, itertools.accumulate, itertools.groupby, sorted, min, max,
            heapq.nsmallest, heapq.nlargest)


def _of_called(s: Bind, origin: Any, kind: Any) -> frozenset:
    target = s.fn.object if isinstance(s.fn, Ref) else None
    given = [a for k, a in s.kwargs if k in ("key", "func", "function")]
    if target in _FIRST:
        given += s.args[:1]
    elif target in (itertools.accumulate, itertools.groupby):
        given += s.args[1:2]
    for a in given:
        target = a.object if isinstance(a, Ref) else \
            namespace_value(origin, a.name) if isinstance(a, Free) else MISSING
        if a != Const(None) and (target is MISSING or function_writes(target)):
            return ALL
    return NOTHING


def _of_manager(s: With) -> frozenset:
    """What entering and leaving may write: the manager (0), or anything."""
    cls = s.made
    if s.tame or cls is None:
        return NOTHING if s.tame else ALL
    ways = [getattr(cls, name, None) for name in ("__enter__", "__exit__")]
    written = {(n, next(iter(inspect.signature(f).parameters), "")) for f in ways
               if isinstance(f, types.FunctionType) for n in summary(f)}
    known = all(isinstance(f, types.FunctionType) for f in ways)
    return ALL if not known or any(n != own for n, own in written) else \
        frozenset({0} if written else ())


def _of_method(s: Bind, origin: Any, kind: Any) -> frozenset:
    owner, name = s.args[:2]
    if isinstance(owner, (Free, Ref)):
        value = owner.object if isinstance(owner, Ref) else namespace_value(origin, owner.name)
        if isinstance(value, (types.ModuleType, type)) and isinstance(name, Const):
            shifted = ir.replace(s, args=s.args[2:])
            return _moved(_of_callee(getattr(value, name.value, None), shifted, kind), 2)
    first = kind(owner)
    if first.type in (type, types.ModuleType):
        # `type(a).fill(a, 1.0)`: a function of which nothing is known.
        return ALL
    if first.is_fixed or first.type in (str, bytes):
        return NOTHING
    if not isinstance(name, Const):
        return ALL
    if name.value in READING:
        known = first.type
        if isinstance(owner, Free) and known is None:
            value = namespace_value(origin, owner.name)
            known = None if value is MISSING else type(value)
        return method_writes(s, known, summary)
    if name.value in MUTATORS and (first.type is None or issubclass(
            first.type, (list, dict, set, np.ndarray))):
        # An object of another class may do anything in a method of this name.
        return frozenset({0}) if first.type is not None else ALL
    return frozenset({0}) if first.is_array else ALL


def _moved(written: frozenset, by: int) -> frozenset:
    return frozenset(w + by if isinstance(w, int) else w for w in written)


def _of_callee(target: Any, s: Bind, kind: Any) -> frozenset:
    """What a call of a known callable writes, in terms of the call's arguments."""
    names = summary(target)
    if not names or "*" in names:
        return names
    found = _given(names, s, target)
    given = {**dict(enumerate(s.args)), **dict(s.kwargs)}
    kinds = {f: kind(given[f]) for f in found if f in given}
    if any(isinstance(k.type, type) and issubclass(k.type, (type, types.ModuleType))
           for k in kinds.values()):
        return ALL  # an attribute of a class or a module, which anybody may read
    return frozenset(f for f in found if f not in kinds or not kinds[f].is_fixed)


def _given(names: frozenset, s: Bind, target: Any) -> frozenset:
    """Where a call has the arguments for these parameters."""
    args: list[Any] = list(s.args)
    if isinstance(target, type):
        args = [None, *args]
    rule = registry.find(target)
    try:
        params = list(inspect.signature(
            rule.function if rule is not None and rule.function is not None else
            target.__init__ if isinstance(target, type) else target).parameters.values())
    except (TypeError, ValueError):
        return ALL
    found: set[Any] = set()
    by_name = {p.name: i for i, p in enumerate(params)}
    if any(isinstance(a, ir.Star) for a in args) or any(k is None for k, _ in s.kwargs):
        return ALL
    star = next((i for i, p in enumerate(params) if p.kind is p.VAR_POSITIONAL), len(params))
    for name in names:
        at = by_name.get(name)
        if at is None:
            return ALL
        if at >= star:
            found.update(range(star, len(args)))
            found.update(k for k, _ in s.kwargs if k not in by_name or k == name)
        elif at < len(args):
            found.add(at)
        elif name in dict(s.kwargs):
            found.add(name)
        elif params[at].kind is params[at].VAR_KEYWORD:
            found.update(k for k, _ in s.kwargs if k not in by_name)
        elif not kind_of(params[at].default).is_fixed:
            # A default is the same object in every call.
            found.add("*")
    shift = 1 if isinstance(target, type) else 0
    return frozenset({f - shift if isinstance(f, int) else f for f in found} - {-1})


def function_writes(target: Any) -> bool:
    """May calling it write memory that others see?"""
    return bool(summary(target))


def summary(target: Any) -> frozenset:
    """The names of the parameters that a callable may write, "*" for whatever else."""
    try:
        if target in _SILENT:
            return NOTHING
    except TypeError:
        return ALL
    module = getattr(target, "__module__", None)
    if managers.tame(target):
        return NOTHING
    made = standins_numpy.made_into(target) if isinstance(target, np.ufunc) else None
    if made is not None:
        return ALL if function_writes(made) else NOTHING
    if isinstance(target, np.ufunc) or module in ("_operator", "s2sdiff.ops", "math", "cmath"):
        return _operators(target)
    rule = registry.find(target)
    if rule is not None:
        return frozenset(rule.writes)
    if isinstance(module, str) and module.startswith("s2sdiff.runtime") and \
            not standins.is_standin(module):
        return NOTHING
    if _only_looks(target, module):
        return NOTHING
    if isinstance(target, type):
        return _of_class(target)
    if module == "builtins":
        return ALL if getattr(target, "__name__", "") in ("setattr", "delattr", "next", "exec") \
            else NOTHING
    if isinstance(target, functools._lru_cache_wrapper):
        return summary(target.__wrapped__)
    if not isinstance(target, types.FunctionType):
        return ALL
    return _looked_at(target)[0]


#: Modules whose functions write nothing that a user's program computes with.
LOOKING = frozenset({
    "time", "warnings", "_warnings", "logging", "os", "posixpath", "ntpath", "genericpath", "re",
    "enum", "fnmatch", "string", "textwrap",
})


def _only_looks(target: Any, module: Any) -> bool:
    """A function of a library that has no rule, and writes nothing but its own state.

    Those of NumPy that write into arguments have rules, apart from what `out=` says.
    """
    if isinstance(target, type(np.histogram)):
        return target not in (np.apply_along_axis, np.apply_over_axes, np.piecewise)
    owner = type(getattr(target, "__self__", None))
    draws = owner is random.Random or owner.__module__.startswith("numpy.random")
    return module in LOOKING or (draws and target.__name__ not in ("shuffle", "permuted"))


def returned(target: Any) -> frozenset:
    """The names of the parameters that a call's result may be, hold or show; "*" for whatever."""
    if not isinstance(target, types.FunctionType) or registry.find(target) is not None:
        return ALL
    return _looked_at(target)[1]


def _looked_at(target: types.FunctionType) -> tuple[frozenset, frozenset]:
    code = target.__code__, hasattr(target, LISTED)
    if code not in _known:
        _known[code] = NOTHING, ALL
        try:
            _known[code] = _of_function(target)
        except errors.DifferentiationError:
            _known[code] = ALL, ALL
    return _known[code]


def _operators(target: Any) -> frozenset:
    name = getattr(target, "__name__", "")
    return ALL if name in ("setitem", "delitem") or target in _INPLACE else NOTHING


def _of_class(cls: type) -> frozenset:
    if issubclass(cls, (BaseException, tuple)) or cls.__module__ in ("builtins", "numpy"):
        return NOTHING
    made = cls.__init__
    if not isinstance(made, types.FunctionType) or hasattr(cls, "__dataclass_fields__"):
        return NOTHING if made is object.__init__ or (hasattr(cls, "__dataclass_fields__") and \
            not hasattr(cls, "__post_init__")) else ALL
    first = next(iter(inspect.signature(made).parameters), "")
    return summary(made) - {first}


def _of_function(target: types.FunctionType) -> tuple[frozenset, frozenset]:
    function = early.numbered(target)
    blind: Any = SimpleNamespace(guard=lambda guard: None, free_kinds={})
    function = resolve.callees(function, blind)
    known: dict[str, Kind] = {}

    def kind(a: Any) -> Kind:
        if isinstance(a, Var):
            return known.get(a.name, ANY)
        if isinstance(a, (Const, Ref)):
            return kind_of(a.value if isinstance(a, Const) else a.object)
        return blind.free_kinds.get(a.name, ANY) if isinstance(a, Free) else ANY

    for s in ir.walk(function.body):
        _note(s, known, kind)
    memory = Memory(function, kind, lambda s: written_by(s, target, kind),
                    lambda s: returned_by(s, target), loose=True)
    found: set[str] = set()
    for node in {memory.find(n) for n in list(memory.parent)}:
        if memory.sorts.get(node):
            found |= memory.roots.get(node, set())
    for s in ir.walk(function.body):
        if isinstance(s, (Bind, With)) and "*" in written_by(s, target, kind):
            found.add("*")
    last = function.body[-1] if function.body else None
    given: set[str] = set()
    if isinstance(last, ir.Exit) and isinstance(last.value, (Var, Free)):
        node = memory.of(last.value)
        seen: set[Any] = set()
        while node is not None and memory.find(node) not in seen:
            seen.add(memory.find(node))
            given |= memory.roots.get(memory.find(node), set())
            node = memory.inside.get(memory.find(node))
    return frozenset(found), frozenset(given)


def returned_by(s: Bind | With, origin: Any) -> frozenset:
    """Positions and keywords of the arguments that a call's result may be or hold; "*": others."""
    if isinstance(s, With):
        enter = getattr(s.made, "__enter__", None)
        if not isinstance(enter, types.FunctionType):
            return ALL
        own = next(iter(inspect.signature(enter).parameters), "")
        return ALL if returned(enter) - {own} else frozenset({0} if returned(enter) else ())
    target = s.fn.object if isinstance(s.fn, Ref) else \
        namespace_value(origin, s.fn.name) if isinstance(s.fn, Free) else None
    if not isinstance(target, types.FunctionType):
        return ALL
    names = returned(target)
    return _given(names - {"*"}, s, target) | (names & ALL)


def _note(s: ir.Stmt, known: dict[str, Kind], kind: Any) -> None:
    """Numbers that are surely numbers, so that adding to them writes nothing."""
    if isinstance(s, Bind) and len(s.targets) == 1 and isinstance(s.fn, Ref):
        fn = s.fn.object
        if fn in (range, str):
            known[s.targets[0]] = Kind(fn)
        elif fn in (float, int, len):
            known[s.targets[0]] = kind_of(0.0 if fn is float else 0)
        elif fn is ops.list_ or fn is ops.dict_ or fn is ops.tuple_:
            known[s.targets[0]] = Kind({ops.list_: list, ops.dict_: dict}.get(fn, tuple))
    elif isinstance(s, ir.For) and isinstance(s.target, str) and kind(s.source).type is range:
        known[s.target] = kind_of(0)
