"""The statements without blocks inside, each as a line of text (or a few)."""

from __future__ import annotations

import ast
import operator
from typing import Any

import numpy as np

from s2sdiff import ir, ops
from s2sdiff.backend.expressions import IN_PLACE, expression, field, index, is_name, value
from s2sdiff.backend.names import Names, reference
from s2sdiff.backend.texts import unparse
from s2sdiff.backend.verbatim import renamed, to_ast

__all__ = ["bare", "pattern", "silent", "simple"]


def simple(names: Names, s: ir.Stmt) -> list[str]:
    """The text of a Bind, Store, Move, Exit or Raw."""
    writer: Any = _WRITERS.get(type(s))
    if writer is None:
        raise AssertionError(f"{type(s).__name__} has blocks")
    return writer(names, s)


def _pairs(s: ir.Move) -> list[tuple[str, Any]]:
    pairs = zip(s.targets, s.sources, strict=True)
    return [(t, a) for t, a in pairs if a is not ir.UNDEFINED and a != ir.Var(t)]


def silent(s: ir.Stmt) -> bool:
    """Whether a statement prints as nothing."""
    return type(s) is ir.Move and not _pairs(s)


def bare(node: ast.expr) -> str:
    """An expression where a tuple needs no brackets (older versions of `ast` print them)."""
    if isinstance(node, ast.Yield) and node.value is not None:
        return f"yield {bare(node.value)}"
    if not isinstance(node, ast.Tuple) or len(node.elts) < 2:
        return unparse(node)
    if any(isinstance(e, (ast.Lambda, ast.Starred, ast.IfExp)) for e in node.elts):
        return unparse(node)
    return ", ".join(unparse(e) for e in node.elts)


def pattern(target: ir.Pattern, outer: bool = False) -> str:
    """A loop target."""
    if isinstance(target, str):
        return target
    items = ", ".join(pattern(p) for p in target) + ("," if len(target) == 1 else "")
    return items if outer and len(target) > 1 else f"({items})"


def _bind(names: Names, s: ir.Bind) -> list[str]:
    target = s.fn.object if isinstance(s.fn, ir.Ref) else None
    if target is ops.unpack and len(s.args) == 3 and not s.kwargs:
        before, after = [a.value if isinstance(a, ir.Const) else None for a in s.args[1:]]
        targets = list(s.targets)
        if before is not None and after is not None:
            targets[before] = "*" + targets[before]
        left = ", ".join(targets)
        left = left if len(targets) > 1 else f"({left},)" if targets else "()"
        return [f"{left} = {bare(expression(names, s.args[0]))}"]
    known = not isinstance(target, ir.Opaque) and getattr(target, "__hash__", None) is not None
    if known and target in IN_PLACE and len(s.args) == 2 and len(s.targets) == 1 and not s.kwargs:
        return _in_place(names, s)
    symbol = s.fn.spelling if isinstance(s.fn, ir.Ref) else None
    if symbol in ("+=", "-=") and s.targets == (getattr(s.args[0], "name", ""),):
        return [f"{s.targets[0]} {symbol} {bare(expression(names, s.args[1]))}"]
    right = bare(value(names, s))
    return [f"{', '.join(s.targets)} = {right}" if s.targets else right]


def _in_place(names: Names, s: ir.Bind) -> list[str]:
    (name,) = s.targets
    into, amount = s.args
    symbol = _symbol(s.fn.object) if isinstance(s.fn, ir.Ref) else ""
    update = f"{name} {symbol}= {bare(expression(names, amount))}"
    if into == ir.Var(name):
        return [update]
    if name in _variables(amount):
        return [f"{name} = {unparse(value(names, s))}"]
    return [f"{name} = {bare(expression(names, into))}", update]


def _variables(atom: Any) -> set[str]:
    if isinstance(atom, ir.Inlined):
        return set(ir.reads(atom.bind))
    return {atom.name} if isinstance(atom, ir.Var) else set()


def _symbol(target: Any) -> str:
    left, right = ast.Name("a", ast.Load()), ast.Name("b", ast.Load())
    return unparse(ast.BinOp(left, IN_PLACE[target](), right))[2:-2]


def _store(names: Names, s: ir.Store) -> list[str]:
    attribute = s.place == "attribute" or s.fn in (setattr, delattr)
    if s.place == "name" and s.key is None:
        place: ast.expr = expression(names, s.target)
    elif attribute and is_name(s.key):
        place = field(names, s.target, s.key)
    elif attribute or s.fn is ops.scatter_add:
        args = [expression(names, a) for a in (s.target, s.key, s.value) if a is not None]
        fn = reference(names, s.fn) if attribute else ast.Attribute(
            reference(names, np.add), "at", ast.Load())
        return [unparse(ast.Call(fn, args, []))]
    else:
        place = ast.Subscript(expression(names, s.target), index(names, s.key), ast.Load())
    text = unparse(place)
    if s.fn in (operator.delitem, delattr):
        return [f"del {text}"]
    symbol = _symbol(s.fn) if s.fn in IN_PLACE else ""
    return [f"{text} {symbol}= {bare(expression(names, s.value))}"]


def _move(names: Names, s: ir.Move) -> list[str]:
    pairs = _pairs(s)
    left = ", ".join(t for t, _ in pairs)
    right = ", ".join(unparse(expression(names, a)) for _, a in pairs)
    if len(pairs) == 1:
        right = bare(expression(names, pairs[0][1]))
    before: set[str] = set()
    for t, a in pairs:
        if before & _variables(a):
            return [f"{left} = {right}"]
        before.add(t)
    if len(left) + len(right) < 60:
        return [f"{left} = {right}"]
    return [f"{t} = {bare(expression(names, a))}" for t, a in pairs]


def _exit(names: Names, s: ir.Exit) -> list[str]:
    if s.kind == "raise":
        parts = ["raise"]
        if s.value is not None:
            parts.append(unparse(expression(names, s.value)))
        if s.cause is not None:
            parts += ["from", unparse(expression(names, s.cause))]
        return [" ".join(parts)]
    if s.value is None:
        return [s.kind]
    return [f"{s.kind} {bare(expression(names, s.value))}"]


def _raw(names: Names, s: ir.Raw) -> list[str]:
    env: dict[str, ast.expr] = {old: ast.Name(new, ast.Load()) for old, new in s.writes}
    copies = []
    for name, atom in s.reads:
        if atom is ir.UNDEFINED:
            continue
        read = expression(names, atom)
        if name not in env:
            env[name] = read
        elif unparse(read) != unparse(env[name]):
            copies.append(f"{unparse(env[name])} = {unparse(read)}")
    return [*copies, ast.unparse(ast.fix_missing_locations(renamed(to_ast(s.node), env)))]


_WRITERS = {ir.Bind: _bind, ir.Store: _store, ir.Move: _move, ir.Exit: _exit, ir.Raw: _raw}
