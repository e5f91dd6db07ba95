"""What all writers of other words have: chance, names, and what a function binds."""

from __future__ import annotations

import ast
import collections
import copy
import re
from random import Random
from typing import Any

from tests.language.other_words import FRAMES, has

__all__ = ["INNER", "LOOPS", "Names", "Words", "bindings", "loaded", "locals_of", "loose",
           "replaced", "written_as"]

INNER = (ast.FunctionDef, ast.ClassDef, ast.Lambda)
LOOPS = (ast.For, ast.While)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class Names:
    """Numbers for names that no writer has used."""

    def __init__(self) -> None:
        self.number = 0

    def __call__(self) -> str:
        self.number += 1
        return f"z_{self.number}"


class Words(ast.NodeTransformer):
    """Goes through a module; `scopes` are the variables of the functions that it is in."""

    def __init__(self, rng: Random, rate: float, kinds: frozenset[str], name: Names) -> None:
        self.rng, self.rate, self.kinds, self.name = rng, rate, kinds, name
        self.scopes: list[set[str]] = []
        self.frames = [False]  # whether something looks at the function's frame
        self.sealed = False  # in a class body
        self.hoisted: list[Any] = []  # goes in front of the module's statement

    def asked(self, kind: str, rate: float = 1.0) -> bool:
        return kind in self.kinds and bool(self.scopes) and not self.sealed and \
            not self.frames[-1] and self.rng.random() < rate * self.rate

    @property
    def local(self) -> set[str]:
        return set().union(*self.scopes)

    def visit_Module(self, node: ast.Module) -> Any:
        body: list[Any] = []
        for statement in node.body:
            made = self.visit(statement)
            body += self.hoisted + (made if isinstance(made, list) else [made])
            self.hoisted = []
        node.body = body
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> Any:
        before, self.sealed = self.sealed, True
        node.body = self.several(node.body)
        self.sealed = before
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> Any:
        before, self.sealed = self.sealed, False
        self.scopes.append(locals_of(node))
        self.frames.append(self.frames[-1] or any(
            isinstance(n, ast.Name) and n.id in FRAMES for n in ast.walk(node)))
        kept = node.body[:1] if ast.get_docstring(node) is not None else []
        body = self.function(node, self.several(node.body[len(kept):]))
        node.body = kept + (body or ([] if kept else [ast.Pass()]))
        self.scopes.pop()
        self.frames.pop()
        self.sealed = before
        return node

    def function(self, node: ast.FunctionDef, body: list[Any]) -> list[Any]:
        """The body of a function whose statements were gone through."""
        return body

    def several(self, body: list[Any]) -> list[Any]:
        out: list[Any] = []
        for statement in body:
            made = self.visit(statement)
            out += made if isinstance(made, list) else [made]
        return out

    def visit_AnnAssign(self, node: ast.AnnAssign) -> Any:
        if node.value is not None:
            node.value = self.visit(node.value)
        return node

    def visit_Delete(self, node: ast.Delete) -> Any:
        return node

    def visit_match_case(self, node: Any) -> Any:
        node.body = self.several(node.body)
        return node


def bindings(node: Any, body: list[Any] | None = None) -> collections.Counter[str]:
    """How often a function binds its variables: parameters, and what is in it or in `body`."""
    args = node.args
    found = collections.Counter(a.arg for a in ast.walk(args) if isinstance(a, ast.arg))
    declared: set[str] = set()

    def look(n: Any) -> None:
        if isinstance(n, (ast.FunctionDef, ast.ClassDef)):
            found[n.name] += 1
            return
        if isinstance(n, (ast.Lambda, *_COMPREHENSIONS)):
            return
        if isinstance(n, (ast.Global, ast.Nonlocal)):
            declared.update(n.names)
        if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store):
            found[n.id] += 1
        for child in ast.iter_child_nodes(n):
            look(child)

    for statement in node.body if body is None else body:
        look(statement)
    return collections.Counter({n: count for n, count in found.items() if n not in declared})


def locals_of(node: Any) -> set[str]:
    """The variables of a function."""
    return set(bindings(node))


def loaded(node: Any) -> list[str]:
    """Names that are read, once each, in their order."""
    return list(dict.fromkeys(n.id for n in ast.walk(node)
                              if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)))


def loose(body: list[Any]) -> bool:
    """Whether something leaves a loop around the statements, or goes on with it."""
    return has(body, ast.Break, ast.Continue, stop=(*INNER, *LOOPS))


def replaced(node: Any, given: dict[str, Any]) -> Any:
    """A copy with expressions (or lists of statements, for a name alone) instead of names."""

    class Fill(ast.NodeTransformer):
        def visit_Name(self, found: ast.Name) -> Any:
            made = copy.deepcopy(given.get(found.id, found))
            if isinstance(made, (ast.Name, ast.Attribute, ast.Subscript)):
                made.ctx = found.ctx
            return made

        def visit_Expr(self, found: ast.Expr) -> Any:
            name = found.value.id if isinstance(found.value, ast.Name) else None
            if isinstance(given.get(name or ""), list):
                return copy.deepcopy(given[name or ""]) or [ast.Pass()]
            return self.generic_visit(found)

    return Fill().visit(copy.deepcopy(node))


def written_as(text: str, name: Names, **given: Any) -> list[Any]:
    """Statements of a text: names in capitals stand for what is given, `z_a` for new names."""
    tree = ast.parse(text)
    names = {n: name() for n in sorted(set(re.findall(r"\bz_[a-z]\b", text)))}
    for n in ast.walk(tree):
        if isinstance(n, (ast.FunctionDef, ast.ClassDef)):
            n.name = names.get(n.name, n.name)
        if isinstance(n, ast.arg):
            n.arg = names.get(n.arg, n.arg)
        if isinstance(n, (ast.Nonlocal, ast.Global)):
            n.names = [names.get(x, x) for x in n.names]
    new = {n: ast.Name(made, ast.Load()) for n, made in names.items()}
    return replaced(tree, {**new, **given}).body
