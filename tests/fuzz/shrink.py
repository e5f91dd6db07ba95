"""Make a failing program small: delete statements, unwrap blocks, keep parts of expressions."""

from __future__ import annotations

import ast
import copy
import dataclasses
import time
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import s2sdiff
from tests.fuzz.check import Outcome, check
from tests.fuzz.generate import Program

Edit = Callable[[ast.Module], bool]
BLOCKS = ("body", "orelse", "finalbody")


def shrink(program: Program, fails: Callable[[Program], bool], seconds: float = 60.0) -> Program:
    """The smallest program found on which `fails` holds.

    Deletes greedily, largest pieces first, and starts again until nothing can go; `seconds`
    bounds the time that this takes.
    """
    tree = ast.parse(program.text)
    progress, end = True, time.monotonic() + seconds
    while progress and time.monotonic() < end:
        progress = False
        place = 0
        while time.monotonic() < end:
            candidates = list(edits(tree))
            if place >= len(candidates):
                break
            smaller = copy.deepcopy(tree)
            changed = list(edits(smaller))[place](smaller)
            candidate = rendered(program, smaller) if changed else None
            if (
                candidate is not None
                and len(candidate.text) < len(ast.unparse(tree)) + 1
                and fails(candidate)
            ):
                tree, progress = smaller, True
            else:
                place += 1
        smaller = next(filter(fails, fewer(program, tree)), None)
        if smaller is not None:
            program, tree, progress = smaller, ast.parse(smaller.text), True
    return rendered(program, tree) or program


def fewer(program: Program, tree: ast.Module) -> Iterator[Program]:
    """The program with one parameter less, for each that main has, and its argument."""
    definition = next((s for s in ast.walk(tree) if isinstance(s, ast.FunctionDef)
                       and s.name == program.name), None)
    for i in range(len(definition.args.args) if definition and len(program.args) > 1 else 0):
        smaller = copy.deepcopy(tree)
        own = next(s for s in ast.walk(smaller) if isinstance(s, ast.FunctionDef)
                   and s.name == program.name)
        del own.args.args[i]
        args, again = (x[:i] + x[i + 1:] for x in (program.args, program.again))
        made = rendered(dataclasses.replace(program, args=args, again=again), smaller)
        if made is not None:
            yield made


def smallest(
    program: Program, outcome: Outcome, engine: Any = s2sdiff, seconds: float = 60.0,
    judge: Callable[..., Outcome] = check,
) -> Outcome:
    """The outcome of the smallest program that fails in the same way."""

    def fails(candidate: Program) -> bool:
        made = judge(candidate, engine, seconds=3.0)
        return (made.kind, made.label) == (outcome.kind, outcome.label)

    return judge(shrink(program, fails, seconds), engine)


def rendered(program: Program, tree: ast.Module) -> Program | None:
    """The program with another text, or None where that is no program any more."""
    try:
        text = ast.unparse(ast.fix_missing_locations(tree)) + "\n"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(text, "<shrink>", "exec")
    except (SyntaxError, ValueError):
        return None
    return dataclasses.replace(program, text=text)


def edits(tree: ast.Module) -> Iterator[Edit]:
    """Everything that could be made smaller, in a stable order: statements, blocks, expressions."""
    blocks = [
        (node, name)
        for node in ast.walk(tree)
        for name in BLOCKS
        if isinstance(getattr(node, name, None), list) and getattr(node, name)
    ]
    for node, name in blocks:
        block = getattr(node, name)
        for size in sorted({len(block), len(block) // 2, 1} - {0}, reverse=True):
            for start in range(0, len(block), size):
                yield lambda _, b=block, s=start, n=size, o=(name != "body"): delete(b, s, n, o)
    for node, name in blocks:
        block = getattr(node, name)
        for i, statement in enumerate(block):
            for new in insides(statement):
                yield lambda _, b=block, i=i, new=new: unwrap(b, i, new)
    for node in ast.walk(tree):
        yield from shorter(node)
        for field, old in ast.iter_fields(node):
            if isinstance(old, ast.expr) and not (isinstance(node, ast.Call) and field == "func"):
                for new in simpler(old):
                    yield lambda _, n=node, f=field, new=new: put(n, f, new)
            elif isinstance(old, list) and not isinstance(node, ast.Delete):
                for i, item in enumerate(old):
                    if isinstance(item, ast.expr):
                        for new in simpler(item):
                            yield lambda _, o=old, i=i, new=new: put_item(o, i, new)


def insides(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    """The blocks that could stand for a statement that holds them."""
    if isinstance(statement, (ast.If, ast.For, ast.While, ast.With, ast.Try)):
        yield from filter(None, (getattr(statement, name, []) for name in BLOCKS[:3]))
    if isinstance(statement, ast.Try):
        yield from (handler.body for handler in statement.handlers)
    if isinstance(statement, ast.Match):
        yield from (case.body for case in statement.cases)


def shorter(node: ast.AST) -> Iterator[Edit]:
    """Lists of which one item could go: handlers, cases, elements, bases, decorators."""
    for field in ("handlers", "cases", "elts", "decorator_list", "bases", "ifs", "keywords"):
        held = getattr(node, field, None)
        for i in range(len(held) if isinstance(held, list) else 0):
            yield lambda _, held=held, i=i: not held.pop(i) or True
    if isinstance(node, ast.Dict):
        for i in range(len(node.keys)):
            yield lambda _, node=node, i=i: not (node.keys.pop(i), node.values.pop(i)) or True
    if isinstance(node, ast.AugAssign):
        yield lambda _, node=node: put(node, "op", ast.Add())


def simpler(node: ast.expr) -> list[ast.expr]:
    """The parts that could stand for an expression."""
    if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
        return []
    parts = [p for p in ast.iter_child_nodes(node) if isinstance(p, ast.expr)]
    if isinstance(node, ast.Call):
        parts = [*node.args, *(k.value for k in node.keywords)]
    if isinstance(node, (ast.Lambda, ast.Name, ast.Constant, ast.JoinedStr)):
        return []
    if len(ast.unparse(node)) > 3:
        parts.append(ast.Constant(0.5))
    return [p.value if isinstance(p, ast.Starred) else p for p in parts]


def delete(block: list[ast.stmt], start: int, size: int, may_empty: bool) -> bool:
    # The checker clears `log` itself, so its definition stays with the imports.
    if any(
        ast.unparse(s) in ("log = []", "import math", "import numpy as np")
        for s in block[start : start + size]
    ):
        return False
    if block[start : start + size] == block and isinstance(block[0], ast.Pass):
        return False
    del block[start : start + size]
    if not block and not may_empty:
        block.append(ast.Pass())
    return True


def unwrap(block: list[ast.stmt], place: int, inside: list[ast.stmt]) -> bool:
    block[place : place + 1] = inside
    return True


def put(node: ast.AST, field: str, new: ast.expr) -> bool:
    setattr(node, field, new)
    return True


def put_item(items: list[ast.expr], place: int, new: ast.expr) -> bool:
    items[place] = new
    return True
