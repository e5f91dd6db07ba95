"""Atoms and computations of the IR as `ast` expressions: calls of known functions become syntax."""

from __future__ import annotations

import ast
import functools
import keyword
import operator
import types
from typing import Any, TypeGuard

from s2sdiff import ir, ops
from s2sdiff.backend.names import Names, constant, reference
from s2sdiff.backend.verbatim import renamed, to_ast
from s2sdiff.runtime.cells import own_cell

__all__ = [
    "BINARY", "COMPARE", "IN_PLACE", "UNARY", "expression", "field", "index", "is_name", "value",
]

BINARY: dict[Any, type[ast.operator]] = {
    operator.add: ast.Add, operator.sub: ast.Sub, operator.mul: ast.Mult,
    operator.truediv: ast.Div, operator.floordiv: ast.FloorDiv, operator.mod: ast.Mod,
    operator.pow: ast.Pow, operator.matmul: ast.MatMult, operator.lshift: ast.LShift,
    operator.rshift: ast.RShift, operator.and_: ast.BitAnd, operator.or_: ast.BitOr,
    operator.xor: ast.BitXor,
}
IN_PLACE: dict[Any, type[ast.operator]] = {
    operator.iadd: ast.Add, operator.isub: ast.Sub, operator.imul: ast.Mult,
    operator.itruediv: ast.Div, operator.ifloordiv: ast.FloorDiv, operator.imod: ast.Mod,
    operator.ipow: ast.Pow, operator.imatmul: ast.MatMult, operator.ilshift: ast.LShift,
    operator.irshift: ast.RShift, operator.iand: ast.BitAnd, operator.ior: ast.BitOr,
    operator.ixor: ast.BitXor,
}
UNARY: dict[Any, type[ast.unaryop]] = {
    operator.neg: ast.USub, operator.pos: ast.UAdd, operator.invert: ast.Invert,
    operator.not_: ast.Not,
}
COMPARE: dict[Any, type[ast.cmpop]] = {
    operator.lt: ast.Lt, operator.le: ast.LtE, operator.gt: ast.Gt, operator.ge: ast.GtE,
    operator.eq: ast.Eq, operator.ne: ast.NotEq, operator.is_: ast.Is, operator.is_not: ast.IsNot,
    ops.contains: ast.In, ops.not_contains: ast.NotIn,
}
#: How often the last argument is a factor.
POWERS = {ops.cube: 3, ops.times_square: 2, ops.times_cube: 3}
_LOAD = ast.Load()


def expression(names: Names, atom: Any) -> ast.expr:
    """An atom, or `*atom`, as an expression."""
    t = type(atom)
    if t is ir.Var or t is ir.Free:
        return ast.Name(atom.name, _LOAD)
    if t is ir.Const:
        return constant(names, atom.value)
    if t is ir.Ref:
        return reference(names, atom.object, atom.spelling)
    if t is ir.Inlined:
        return value(names, atom.bind)
    if t is ir.Star:
        return ast.Starred(expression(names, atom.value), _LOAD)
    raise AssertionError(f"{atom!r} stands for no value")


def is_name(atom: Any) -> TypeGuard[ir.Const]:
    """A constant string that can stand behind a dot."""
    return (
        isinstance(atom, ir.Const) and isinstance(atom.value, str) and atom.value.isidentifier()
        and not keyword.iskeyword(atom.value)
    )


def field(names: Names, owner: Any, key: Any) -> ast.Attribute:
    """`owner.key`"""
    return ast.Attribute(expression(names, owner), key.value, _LOAD)


def index(names: Names, atom: Any) -> ast.expr:
    """What stands between brackets: there a slice is written with colons."""
    match atom:
        case ir.Const(slice() as content):
            parts = (content.start, content.stop, content.step)
            return _slice(names, tuple([ir.Const(p) for p in parts]))
        case ir.Const(tuple() as content) if content:
            return ast.Tuple([index(names, ir.Const(c)) for c in content], _LOAD)
        case ir.Inlined(ir.Bind(_, ir.Ref(target), args, ())) if not _starred(args):
            if target is slice and 1 <= len(args) <= 3:
                return _slice(names, args)
            if target is ops.tuple_ and args:
                return ast.Tuple([index(names, a) for a in args], _LOAD)
    return expression(names, atom)


def _slice(names: Names, args: tuple[Any, ...]) -> ast.Slice:
    parts = (None, args[0], None) if len(args) == 1 else (*args, None)[:3]
    nothing = ir.Const(None)
    return ast.Slice(*[None if p is None or p == nothing else expression(names, p) for p in parts])


def _starred(args: tuple[Any, ...]) -> bool:
    return ir.Star in map(type, args)


def value(names: Names, bind: ir.Bind) -> ast.expr:
    """The right-hand side of a Bind."""
    if isinstance(bind.fn, ir.Ref):
        if isinstance(bind.fn.object, ir.Opaque):
            return _verbatim(names, bind.fn.object, bind.args)
        found = _display(names, bind.fn.object, bind) or _syntax(names, bind.fn.object, bind)
        if found is not None:
            return found
    return _call(names, expression(names, bind.fn), bind.args, bind)


def _call(names: Names, function: ast.expr, args: tuple[Any, ...], bind: ir.Bind) -> ast.Call:
    positional = [expression(names, a) for a in args]
    keywords = [ast.keyword(k, expression(names, a)) for k, a in bind.kwargs]
    return ast.Call(function, positional, keywords)


def _display(names: Names, target: Any, bind: ir.Bind) -> ast.expr | None:
    if target is ops.dict_:
        if _starred(bind.args) or len(bind.args) % 2:
            return None
        items = [expression(names, a) for a in bind.args]
        keys = [*items[::2], *[None if k is None else ast.Constant(k) for k, _ in bind.kwargs]]
        return ast.Dict(keys, [*items[1::2], *[expression(names, a) for _, a in bind.kwargs]])
    if bind.kwargs:
        return None
    if target is ops.tuple_:
        return ast.Tuple([expression(names, a) for a in bind.args], _LOAD)
    if target is ops.list_:
        return ast.List([expression(names, a) for a in bind.args], _LOAD)
    if target is ops.set_:
        # `{*()}` is the empty set where the name `set` may mean something else.
        items = [expression(names, a) for a in bind.args]
        return ast.Set(items or [ast.Starred(ast.Tuple([], _LOAD), _LOAD)])
    return None


def _syntax(names: Names, target: Any, bind: ir.Bind) -> ast.expr | None:
    args = bind.args
    if target is ops.method and len(args) >= 2 and not _starred(args[:2]) and is_name(args[1]):
        return _call(names, field(names, args[0], args[1]), args[2:], bind)
    if isinstance(target, types.MethodDescriptorType) and args and not _starred(args[:1]):
        name = ir.Const(target.__name__)
        if is_name(name):
            return _call(names, field(names, args[0], name), args[1:], bind)
    if bind.kwargs or _starred(args):
        return None
    if len(args) == 2 and getattr(target, "__module__", None) == "_operator":
        return _binary(names, target, args)
    try:
        hash(target)
    except TypeError:
        return None
    if target is own_cell and args and is_name(args[0]):
        seen = ast.Lambda(ast.arguments([], [], None, [], [], None, []),
                          ast.Name(args[0].value, _LOAD))
        return ast.Subscript(ast.Attribute(seen, "__closure__", _LOAD), ast.Constant(0), _LOAD)
    if target in POWERS and args:
        factors = [*args[:-1], *[args[-1]] * POWERS[target]]
        parts = [expression(names, a) for a in factors]
        return functools.reduce(lambda a, b: ast.BinOp(a, ast.Mult(), b), parts)
    if len(args) == 1:
        if target in UNARY:
            return _unary(names, UNARY[target], args[0])
        if isinstance(target, (types.GetSetDescriptorType, types.MemberDescriptorType)):
            return field(names, args[0], ir.Const(target.__name__))
    if len(args) == 2:
        if target is ops.named:
            return _named(names, args[0], args[1])
        if target is getattr and is_name(args[1]):
            return field(names, args[0], args[1])
        return _binary(names, target, args)
    return None


def _binary(names: Names, target: Any, args: tuple[Any, ...]) -> ast.expr | None:
    if target in BINARY:
        left, right = expression(names, args[0]), expression(names, args[1])
        if target is operator.pow and isinstance(right, ast.UnaryOp):
            right = _signed(right)
        return ast.BinOp(left, BINARY[target](), right)
    if target in COMPARE:
        left, right = expression(names, args[0]), expression(names, args[1])
        return ast.Compare(left, [COMPARE[target]()], [right])
    if target is operator.getitem:
        return ast.Subscript(expression(names, args[0]), index(names, args[1]), _LOAD)
    return None


def _signed(node: ast.UnaryOp) -> ast.expr:
    """`-2` without brackets around it, as one may write it behind `**`."""
    if isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
        value = node.operand.value
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return ast.Constant(-value)
    return node


def _unary(names: Names, operation: type[ast.unaryop], atom: Any) -> ast.expr:
    if operation is ast.USub and isinstance(atom, ir.Const) and type(atom.value) in (int, float):
        return ast.UnaryOp(ast.USub(), constant(names, atom.value))
    return ast.UnaryOp(operation(), expression(names, atom))


def _verbatim(names: Names, opaque: ir.Opaque, args: tuple[Any, ...]) -> ast.expr:
    env = {}
    for name, atom in zip(opaque.params, args, strict=True):
        if atom is not ir.UNDEFINED:
            env[name] = expression(names, atom)
    return _flat(renamed(to_ast(opaque.node), env))


def _flat(node: Any) -> Any:
    """`a and (b and c)` without the brackets, which change nothing."""
    if isinstance(node, ast.BoolOp):
        items: list[ast.expr] = []
        for v in node.values:
            if isinstance(v, ast.BoolOp) and type(v.op) is type(node.op):
                items += v.values
            else:
                # `ast.unparse` brackets the third operand and later ones; as a name it does not.
                plain = isinstance(v, (ast.Compare, ast.BinOp, ast.UnaryOp))
                items.append(ast.Name(ast.unparse(v), _LOAD) if plain else v)
        return ast.BoolOp(node.op, items)
    return node


def _named(names: Names, items: Any, cls: Any) -> ast.expr:
    """A call of a class of named tuples."""
    shown = items.bind.args if isinstance(items, ir.Inlined) and items.bind.calls(ops.tuple_) \
        else (ir.Star(items),)
    return ast.Call(expression(names, cls), [expression(names, a) for a in shown], [])
