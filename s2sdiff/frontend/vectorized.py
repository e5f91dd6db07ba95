"""`np.vectorize(f)` that is only called, as the loop that it is.

    square = np.vectorize(lambda v: v * v)        square = lambda v: v * v
    return square(x)                              return of_one(square, x)

What is called there is known; an `np.vectorize` is an object that anything may be done to.
"""

from __future__ import annotations

import dis
import types
from typing import Any

import gast
import numpy as np

from s2sdiff.frontend import scopes, source
from s2sdiff.frontend.codes import nested_codes
from s2sdiff.frontend.context import meant, path_of
from s2sdiff.frontend.lifting_scopes import with_statements
from s2sdiff.frontend.standing_names import Standing
from s2sdiff.runtime.standins_elementwise import MADE, MADE_AS

__all__ = ["vectorized"]

_FRAMES = frozenset({"locals", "vars", "eval", "exec", "dir"})


def vectorized(node: Any, parsed: source.Parsed) -> dict[str, Any]:
    """Write a function's node anew; what its new names mean."""
    code = parsed.function.__code__
    names = {n for c in (code, *nested_codes(code)) for n in (*c.co_names, *c.co_freevars)}
    known = any(n == "vectorize" or _is_known(meant(parsed.function, (n,))) for n in names)
    if not known or names & _FRAMES:
        return {}
    whole = with_statements(node)
    written = _Written(whole, parsed)
    for call in [n for s in whole.body for n in gast.walk(s) if isinstance(n, gast.Call)]:
        written.at_once(call)
        written.from_outside(call)
    for s in [n for t in whole.body for n in gast.walk(t)]:
        if isinstance(s, gast.Assign):
            written.bound(s)
    if written.stands:
        written.look(whole)
        node.body = whole.body
    return written.stands


def _gives_one(function: Any) -> bool:
    """Whether a function's code makes no tuple, which would be several results."""
    return isinstance(function, types.FunctionType) and not any(
        i.opname == "BUILD_TUPLE" for i in dis.get_instructions(function.__code__))


def _is_known(found: Any) -> bool:
    """`np.vectorize`, or one of a function that is given single numbers by their places."""
    return found is np.vectorize or (
        type(found) is np.vectorize and found.signature is None and not found.excluded
        and not found.cache and _gives_one(found.pyfunc)
        and (found.otypes is None or (len(found.otypes) == 1 and np.dtype(
            found.otypes[0]).kind in "biufc")))


class _Written(Standing):
    def __init__(self, node: Any, parsed: source.Parsed) -> None:
        super().__init__("of elements ")
        self.parsed, self.node = parsed, node
        self.local = frozenset([*scopes.parameters(node.args),
                                *[n for n, _ in scopes.binding_sites(node.body)]])

    def at_once(self, call: Any) -> None:
        """`np.vectorize(f)(x)`"""
        made, count = call.func, _count(call)
        if isinstance(made, gast.Call) and self.makes(made) and count in MADE:
            self.checked(made.func, np.vectorize)
            self.call(call, made.args[0], [k.value.elts[0] for k in made.keywords])

    def from_outside(self, call: Any) -> None:
        """`g(x)`, of what a module has made by `np.vectorize`."""
        name, count = call.func, _count(call)
        found = meant(self.parsed.function, (name.id,)) if isinstance(
            name, gast.Name) and name.id not in self.local and count in MADE else None
        if found is None or found is np.vectorize or not _is_known(found):
            return
        held = gast.Attribute(name, "pyfunc", gast.Load())
        self.checked(name, found)
        self.checked(held, found.pyfunc)
        told = [] if found.otypes is None else [self.standing(np.dtype(found.otypes[0]).type)]
        self.call(call, self.standing(found.pyfunc), told)

    def bound(self, s: Any) -> None:
        """`g = np.vectorize(f)`"""
        if len(s.targets) == 1 and isinstance(s.targets[0], gast.Name) and isinstance(
                s.value, gast.Call) and self.makes(s.value, typed=False):
            calls = self.calls(s.targets[0].id)
            if calls:
                self.checked(s.value.func, np.vectorize)
                s.value = s.value.args[0]
                for call in calls:
                    self.call(call, call.func, [])

    def call(self, call: Any, function: Any, told: list[Any]) -> None:
        call.func = self.standing((MADE_AS if told else MADE)[len(call.args)])
        call.args = [function, *told, *call.args]

    def makes(self, call: Any, typed: bool = True) -> bool:
        """It is given a function, and maybe the type of what that gives, and nothing else."""
        if not self.is_vectorize(call.func) or len(call.args) != 1 or not self.gives_one(
                call.args[0]):
            return False
        return not call.keywords or (
            typed and [k.arg for k in call.keywords] == ["otypes"]
            and isinstance(call.keywords[0].value, (gast.List, gast.Tuple))
            and len(call.keywords[0].value.elts) == 1
            and not isinstance(call.keywords[0].value.elts[0], gast.Starred))

    def gives_one(self, node: Any) -> bool:
        """Whether an expression is a function whose code makes no tuple."""
        if isinstance(node, gast.Name) and node.id not in self.local:
            return _gives_one(meant(self.parsed.function, (node.id,)))
        name = node.id if isinstance(node, gast.Name) else None
        made = [node] if isinstance(node, gast.Lambda) else [
            s for t in self.node.body for s in gast.walk(t)
            if isinstance(s, gast.FunctionDef) and s.name == name]
        return len(made) == 1 and not any(isinstance(n, gast.Tuple) for n in gast.walk(made[0]))

    def is_vectorize(self, node: Any) -> bool:
        if not isinstance(node, (gast.Name, gast.Attribute)):
            return False
        root = node
        while isinstance(root, gast.Attribute):
            root = root.value
        return isinstance(root, gast.Name) and root.id not in self.local and meant(
            self.parsed.function, path_of(node)) is np.vectorize

    def calls(self, name: str) -> list[Any]:
        """The calls of a variable that is bound once and only called; none for any other."""
        if [n for n, _ in scopes.binding_sites(self.node.body)].count(name) != 1:
            return []
        calls = [n for n in gast.walk(self.node) if isinstance(n, gast.Call)
                 and isinstance(n.func, gast.Name) and n.func.id == name]
        called = {id(n.func) for n in calls}
        others = any(
            (isinstance(n, gast.Name) and n.id == name and id(n) not in called
             and not isinstance(n.ctx, gast.Store))
            or (isinstance(n, (gast.Nonlocal, gast.Global)) and name in n.names)
            for n in gast.walk(self.node))
        return [] if others or not all(_count(n) in MADE for n in calls) else calls


def _count(call: Any) -> int | None:
    plain = not call.keywords and not any(isinstance(a, gast.Starred) for a in call.args)
    return len(call.args) if plain else None
