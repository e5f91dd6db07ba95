"""Expressions as text, as `ast.unparse` writes them, which takes several times as long."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable
from typing import Any

__all__ = ["unparse"]

#: How tightly things bind, in the order of Python's grammar.
_TEST, _NOT, _COMPARE, _SUM, _TERM, _FACTOR, _POWER, _ATOM = range(8)
_BINARY: dict[Any, tuple[str, int, int, int]] = {
    # With what binds at least as tightly on the left and on the right.
    ast.Add: (" + ", _SUM, _SUM, _TERM), ast.Sub: (" - ", _SUM, _SUM, _TERM),
    ast.Mult: (" * ", _TERM, _TERM, _FACTOR), ast.Div: (" / ", _TERM, _TERM, _FACTOR),
    ast.FloorDiv: (" // ", _TERM, _TERM, _FACTOR), ast.Mod: (" % ", _TERM, _TERM, _FACTOR),
    ast.MatMult: (" @ ", _TERM, _TERM, _FACTOR), ast.Pow: (" ** ", _POWER, _ATOM, _POWER),
}
_UNARY: dict[Any, tuple[str, int]] = {
    ast.USub: ("-", _FACTOR), ast.UAdd: ("+", _FACTOR), ast.Invert: ("~", _FACTOR),
    ast.Not: ("not ", _NOT),
}
_COMPARISONS: dict[Any, str] = {
    ast.Lt: " < ", ast.LtE: " <= ", ast.Gt: " > ", ast.GtE: " >= ", ast.Eq: " == ",
    ast.NotEq: " != ", ast.Is: " is ", ast.IsNot: " is not ", ast.In: " in ", ast.NotIn: " not in ",
}


class _Rare(Exception):
    """Something that is left to `ast.unparse`."""


def unparse(node: ast.expr) -> str:
    """The text of an expression.

    >>> unparse(ast.parse("(a + b.c(d)[0]) * -x ** 2", mode="eval").body)
    '(a + b.c(d)[0]) * -x ** 2'
    """
    try:
        return _text(node, _TEST)
    except _Rare:
        return ast.unparse(node)


def _text(node: Any, least: int) -> str:
    """With brackets around it if it binds less tightly than `least`."""
    t = type(node)
    if t is ast.Name:
        return node.id
    writer = _WRITERS.get(t)
    if writer is None:
        raise _Rare
    return writer(node, least)


def _all(nodes: list[Any]) -> str:
    return ", ".join([_text(n, _TEST) for n in nodes])


def _constant(node: Any, least: int) -> str:
    value = node.value
    t = type(value)
    if getattr(node, "kind", None):
        raise _Rare  # u"..."
    if (t is float and math.isfinite(value)) or t in (int, str, bool, type(None)):
        return repr(value)
    raise _Rare


def _attribute(node: Any, least: int) -> str:
    if type(node.value) is ast.Constant:
        raise _Rare  # `1 .real`
    return f"{_text(node.value, _ATOM)}.{node.attr}"


def _call(node: Any, least: int) -> str:
    items = [_text(n, _TEST) for n in node.args]
    for k in node.keywords:
        if k.arg is None:
            raise _Rare
        items.append(f"{k.arg}={_text(k.value, _TEST)}")
    return f"{_text(node.func, _ATOM)}({', '.join(items)})"


def _subscript(node: Any, least: int) -> str:
    index = node.slice
    if type(index) is ast.Tuple:
        if len(index.elts) < 2:
            raise _Rare
        return f"{_text(node.value, _ATOM)}[{', '.join([_index(n) for n in index.elts])}]"
    return f"{_text(node.value, _ATOM)}[{_index(index)}]"


def _index(node: Any) -> str:
    if type(node) is not ast.Slice:
        return _text(node, _TEST)
    lower, upper, step = [None if n is None else _text(n, _TEST)
                          for n in (node.lower, node.upper, node.step)]
    return f"{lower or ''}:{upper or ''}{'' if step is None else f':{step}'}"


def _binary(node: Any, least: int) -> str:
    found = _BINARY.get(type(node.op))
    if found is None:
        raise _Rare
    symbol, own, left, right = found
    text = f"{_text(node.left, left)}{symbol}{_text(node.right, right)}"
    return f"({text})" if least > own else text


def _unary(node: Any, least: int) -> str:
    symbol, own = _UNARY[type(node.op)]
    text = f"{symbol}{_text(node.operand, own)}"
    return f"({text})" if least > own else text


def _compare(node: Any, least: int) -> str:
    text = _text(node.left, _SUM)
    for op, right in zip(node.ops, node.comparators, strict=True):
        text += _COMPARISONS[type(op)] + _text(right, _SUM)
    return f"({text})" if least > _COMPARE else text


def _tuple(node: Any, least: int) -> str:
    return f"({_all(node.elts)}{',' if len(node.elts) == 1 else ''})"


_WRITERS: dict[Any, Callable[[Any, int], str]] = {
    ast.Constant: _constant, ast.Attribute: _attribute, ast.Call: _call,
    ast.Subscript: _subscript, ast.BinOp: _binary, ast.UnaryOp: _unary, ast.Compare: _compare,
    ast.Tuple: _tuple, ast.List: lambda node, least: f"[{_all(node.elts)}]",
}
