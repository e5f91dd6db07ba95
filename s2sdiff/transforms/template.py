"""A rule's body as IR with its names resolved, ready to be pasted; made once per rule."""

from __future__ import annotations

import operator
import types
from dataclasses import dataclass, field, replace
from typing import Any

import gast
import numpy as np

from s2sdiff import errors, ir, ops, registry
from s2sdiff.frontend.lower import lower
from s2sdiff.ir import Bind, Block, Const, Free, Move, Opaque, Raw, Ref, Star
from s2sdiff.ir.making import quick
from s2sdiff.kinds import Kind
from s2sdiff.runtime import standing, steep
from s2sdiff.transforms import tested
from s2sdiff.transforms.arithmetic import is_elementwise
from s2sdiff.transforms.context import Context, Guard
from s2sdiff.transforms.meant import MISSING, namespace_value

__all__ = ["Closure", "Template", "asked", "of_types", "template_of"]


@dataclass(frozen=True, eq=False)
class Template:
    """A lowered function of a rule: its parameters' names, these, their defaults, and its body.

    `captured`: the names from outside of a body that is nothing but calls and a return (else None).
    `tested`: the parameters that it asks for their types.
    """

    function: Any
    names: tuple[str, ...]
    params: tuple[ir.Param, ...]
    defaults: dict[str, Any]
    body: Block
    place: tuple[int, int]
    nested: dict[tuple[int, int], Template] = field(default_factory=dict)
    captured: frozenset[str] | None = None
    tested: tuple[str, ...] = ()
    #: What `asked` has found, by the positions of entries.
    parts: dict[frozenset[int], Block] = field(default_factory=dict)
    #: What `of_types` has found, by the types of what is tested.
    settled: dict[tuple[Any, ...], Block] = field(default_factory=dict)


@quick
@dataclass(frozen=True, eq=False)
class Closure:
    """A pullback met while a rule is pasted: its template and the values that it captures."""

    template: Template
    env: dict[str, Any]


_templates: dict[Any, Template | None] = {}


def template_of(function: Any) -> Template | None:
    """The template of a rule's function; None where it has no source or is beyond pasting."""
    if not isinstance(function, types.FunctionType):
        return None
    key = function.__code__ if function.__closure__ is None else function
    if key in _templates:
        return _templates[key]
    try:
        made: Template | None = _make(function)
    except errors.DifferentiationError:
        made = None
    if function.__closure__ is None or _is_ours(function):
        _templates[key] = made
    return made


def _is_ours(function: types.FunctionType) -> bool:
    """A rule of the package: what it captures stays as it is, where others may bind theirs anew."""
    return str(function.__globals__.get("__name__")).startswith("s2sdiff.rules.")


_COMPREHENSIONS = ("<list", "<gen", "<dict", "<set")


def _make(function: Any) -> Template:
    lowered = lower(function, verbatim=True)
    body = _resolved(lowered.body, function, {p.name for p in lowered.params})
    nested = {}
    outer = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)) \
        if _is_ours(function) else {}
    for code in function.__code__.co_consts:
        if isinstance(code, types.CodeType) and not code.co_name.startswith(_COMPREHENSIONS):
            cells = tuple([outer.get(n) or types.CellType() for n in code.co_freevars])
            space = function.__globals__
            part = _make(types.FunctionType(code, space, code.co_name, None, cells or None))
            nested[part.place] = replace(part, body=_standing(part.body, part.params))
    defaults = dict(function.__kwdefaults__ or {})
    names = [p.name for p in lowered.params if p.kind in ("plain", "posonly")]
    values = function.__defaults__ or ()
    defaults.update(zip(names[len(names) - len(values):], values, strict=True))
    place = function.__code__.co_firstlineno, lowered.loc.column
    captured = _captured(body, {p.name for p in lowered.params})
    every = tuple([p.name for p in lowered.params])
    return Template(function, every, lowered.params, defaults, body, place, nested, captured,
                    tested.tested(body, lowered.params))


def _standing(body: Block, params: Any) -> Block:
    """A pullback's body in which products with a number of the function keep the zero that wins."""
    moved = {p.name for p in params}
    out: list[ir.Stmt] = []
    for s in body:
        if moved.isdisjoint(ir.reads(s)):
            if isinstance(s, Bind) and s.fn == Ref(steep):
                s = ir.replace(s, fn=Ref(standing))
        else:
            moved.update(ir.defines(s))
        out.append(s)
    return tuple(out)


def _captured(body: Block, known: set[str]) -> frozenset[str] | None:
    found: set[str] = set()
    for s in body:
        if isinstance(s, Bind):
            plain = len(s.targets) == 1 and s.fn != Ref(ops.unpack) and closure_node(s) is None
            starred = any(isinstance(a, ir.Star) for a in s.args) or any(not k for k, _ in s.kwargs)
            if not plain or starred or isinstance(getattr(s.fn, "object", None), Opaque):
                return None
        elif not isinstance(s, ir.Exit) or s.kind != "return":
            return None
        found |= {a.name for a in ir.atoms(s) if isinstance(a, (ir.Var, Free))} - known
        known = known.union(ir.defines(s))
    return frozenset(found)


def asked(template: Template, spared: frozenset[int]) -> Block:
    """The body of a straight pullback without what only the entries at these places are made of."""
    found = template.parts.get(spared)
    if found is None:
        found = template.parts[spared] = _without(template, spared) if spared else template.body
    return found


def of_types(template: Template, kinds: dict[str, Kind]) -> Block:
    """The body for numbers of these types: without the tests that are decided by that."""
    key = tuple([k.type for k in kinds.values()])
    found = template.settled.get(key)
    if found is None:
        found = template.settled[key] = tested.settled(template.body, kinds)
    return found


def _without(template: Template, spared: frozenset[int]) -> Block:
    body = template.body
    last = body[-2:]
    if len(last) < 2 or not isinstance(last[0], Bind) or not last[0].calls(ops.tuple_) or \
            Star in map(type, last[0].args) or getattr(
                last[1], "value", None) != ir.Var(last[0].targets[0]):
        return body
    entries = tuple([Const(None) if i in spared else a for i, a in enumerate(last[0].args)])
    out: list[ir.Stmt] = [last[1], ir.replace(last[0], args=entries)]
    read = set(ir.reads(out[1]))
    for s in reversed(body[:-2]):
        if read.isdisjoint(ir.all_defs((s,))) and all(map(_only_computes, ir.walk((s,)))):
            continue
        read.update(*map(ir.reads, ir.walk((s,))))
        out.append(s)
    return tuple(reversed(out))


def _only_computes(s: ir.Stmt) -> bool:
    """Nothing happens but that something new is computed of numbers, or asked of them."""
    if isinstance(s, (ir.If, Move)):
        return True
    if not isinstance(s, Bind) or not isinstance(s.fn, Ref):
        return False
    if is_elementwise(s.fn.object) or any(s.fn.object is f for f in _ASKING):
        return True
    rule = registry.find(s.fn.object)
    return rule is not None and rule.pure and not rule.writes


#: How rules ask of which kind numbers are.
_ASKING = (isinstance, np.ndim, *[
    getattr(operator, n) for n in ("eq", "ne", "lt", "le", "gt", "ge")])


def nested_at(template: Template, node: Any) -> Template | None:
    """The template of the def or lambda that stands at a syntax node."""
    return template.nested.get((node.lineno, node.col_offset))


def _resolved(block: Block, function: Any, captured: set[str]) -> Block:
    """Free names of the rule's module as the objects they are; captured variables stay Free."""
    env: dict[str, ir.Atom] = {}
    local = set(function.__code__.co_freevars)

    def of(a: Any) -> Any:
        if isinstance(a, ir.Star):
            return ir.Star(of(a.value))
        if isinstance(a, ir.Var):
            return env.get(a.name, a)
        if isinstance(a, Free) and (a.name not in local or _has_cell(function, a.name)):
            value = namespace_value(function, a.name)
            if value is not MISSING:
                return Ref(value, a.name)
        return a

    out: list[ir.Stmt] = []
    for s in block:
        if isinstance(s, Bind):
            fn, args = of(s.fn), tuple(of(a) for a in s.args)
            if fn == Ref(ops.method) and isinstance(args[0], Ref) and \
                    isinstance(args[0].object, types.ModuleType):
                found = getattr(args[0].object, args[1].value)
                fn, args = Ref(found, f"{args[0].spelling}.{args[1].value}"), args[2:]
            elif fn == Ref(getattr) and isinstance(args[0], Ref) and \
                    isinstance(args[1], Const) and \
                    isinstance(args[0].object, (types.ModuleType, type)):
                found = getattr(args[0].object, args[1].value)
                env[s.targets[0]] = Ref(found, f"{args[0].spelling}.{args[1].value}")
                continue
            s = Bind(s.targets, fn, args, tuple((k, of(a)) for k, a in s.kwargs), s.loc)
        elif isinstance(s, ir.Move):
            s = ir.Move(s.targets, tuple(of(a) for a in s.sources), s.loc)
        elif isinstance(s, ir.If):
            s = ir.If(of(s.test), _resolved(s.then, function, captured),
                      _resolved(s.orelse, function, captured), s.loc)
        elif isinstance(s, ir.Exit):
            s = ir.Exit(s.kind, of(s.value), s.loc, of(s.cause))
        out.append(s)
    return tuple(out)


def _has_cell(function: Any, name: str) -> bool:
    code = function.__code__
    if not function.__closure__ or name not in code.co_freevars:
        return False
    try:
        _ = function.__closure__[code.co_freevars.index(name)].cell_contents
    except ValueError:
        return False
    return True


def guards_of(template: Template, context: Context) -> None:
    """A user's rule reads its own module: what it found there is taken for granted under guards."""
    for name in template.function.__code__.co_names:
        value = namespace_value(template.function, name)
        if value is not MISSING and callable(value):
            context.guard(Guard(template.function, name, (), value))


def closure_node(s: ir.Stmt) -> Any:
    """The def or lambda that a statement makes a function of, or None."""
    if isinstance(s, Bind):
        target = s.fn.object if isinstance(s.fn, Ref) else None
        return target.node if isinstance(target, Opaque) and \
            isinstance(target.node, gast.Lambda) else None
    return s.node if isinstance(s, Raw) and isinstance(s.node, gast.FunctionDef) else None
