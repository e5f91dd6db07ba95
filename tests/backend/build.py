"""IR written by hand: a word is a variable, anything else an operand as it is."""

from __future__ import annotations

from typing import Any

from s2sdiff import ir
from s2sdiff.backend.loader import load
from s2sdiff.backend.printer import print_function
from s2sdiff.transforms import fold

__all__ = ["atom", "block_text", "call", "function", "give", "loaded", "move", "put", "text"]


def atom(operand: Any) -> Any:
    """`"x"` is a variable, a callable a known object, anything else a constant."""
    if isinstance(operand, (ir.Var, ir.Const, ir.Ref, ir.Free, ir.Star, ir.Undefined, ir.Inlined)):
        return operand
    if isinstance(operand, str):
        return ir.Var(operand)
    return ir.Ref(operand) if callable(operand) else ir.Const(operand)


def place(line: int, backward: bool = False) -> ir.Loc:
    """A line of the file that `function` pretends to come from."""
    return ir.Loc("model.py", abs(line), 4, "f", backward or line < 0)


def call(targets: str, fn: Any, *args: Any, line: int = 2, **kwargs: Any) -> ir.Bind:
    """`targets = fn(*args)`; a negative line is that of backward code."""
    pairs = tuple((k, atom(v)) for k, v in kwargs.items())
    names = tuple(targets.replace(",", " ").split())
    return ir.Bind(names, atom(fn), tuple(map(atom, args)), pairs, place(line))


def move(targets: str, *sources: Any, line: int = 2) -> ir.Move:
    """`targets = sources`"""
    return ir.Move(tuple(targets.split()), tuple(map(atom, sources)), place(line))


def put(fn: Any, target: Any, key: Any, value: Any, kind: str = "item", line: int = 2) -> ir.Store:
    """A write into an object."""
    parts = [None if p is None else atom(p) for p in (key, value)]
    return ir.Store(fn, atom(target), parts[0], parts[1], kind, place(line))


def give(value: Any, line: int = 3) -> ir.Exit:
    """`return value`"""
    return ir.Exit("return", atom(value), place(line))


def function(
    name: str, params: str, *body: ir.Stmt, names: str = "", source: str = "", origin: Any = None
) -> ir.Function:
    """A function whose user wrote the names in `names` and the lines of `source`."""
    lines = dict(enumerate(source.split("\n"), 1))
    kept = frozenset(names.split()) | frozenset(params.split())
    found = tuple(ir.Param(p) for p in params.split())
    return ir.Function(name, found, body, place(1), origin, kept, frozenset(), lines)


def text(f: ir.Function, folded: bool = True) -> str:
    """What is printed."""
    return print_function(fold.run(f) if folded else f).text


def block_text(*body: ir.Stmt, params: str = "x y", folded: bool = False, **more: Any) -> str:
    """The lines of a body, without the `def` and its indentation."""
    lines = text(function("f", params, *body, **more), folded).splitlines()[1:]
    return "\n".join(line[4:] for line in lines)


def loaded(f: ir.Function, folded: bool = True) -> Any:
    """The function that the printed text defines."""
    return load(print_function(fold.run(f) if folded else f), f.name, f.origin)
