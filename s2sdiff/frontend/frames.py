"""The variables of a generator, some of which are kept in a frame between two steps."""

from __future__ import annotations

import ast
import copy
from typing import Any

from s2sdiff import ir
from s2sdiff.runtime.resuming import Resumed

__all__ = ["Frame", "Unfit", "Names", "made", "relocated"]

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_FIELDS = frozenset({*dir(Resumed), "at", "step", "name", "sent", "result", "error", "held",
                     "tried", "handing", "followed"})


class Unfit(Exception):
    """Raised inside: why a generator has no steps, the node where one sees it, and what to do."""


def relocated(node: Any, like: Any) -> Any:
    """A new node, and those that are new in it, in the place of another one."""
    for n in ast.walk(node):
        if isinstance(n, (ast.expr, ast.stmt, ast.ExceptHandler)) and not hasattr(n, "lineno"):
            ast.copy_location(n, like)
    return node


def made(text: str, like: Any, *holes: Any) -> list[Any]:
    """The statements of a text, with nodes in the place of each `_`."""
    body = ast.parse(text).body
    rest = iter(holes)
    for s in body:
        for n in ast.walk(s):
            n.__dict__.pop("lineno", None)
    if holes:
        body = [_Filled(rest).visit(s) for s in body]
    return [relocated(s, like) for s in body]


class Names:
    """Fresh names beside those that are taken; helpers are called by one each."""

    def __init__(self, taken: set[str]) -> None:
        self.taken = taken
        self.helpers: dict[str, str] = {}

    def fresh(self, hint: str) -> str:
        return ir.unused(hint, self.taken)

    def helper(self, name: str) -> str:
        if name not in self.helpers:
            self.helpers[name] = self.fresh(name)
        return self.helpers[name]


class Frame:
    """The names in a step.

    `variables` are the generator's own, `boxed` those that functions inside see after they were
    bound: they are fields everywhere.  What is `unset` may be read before it is bound.
    """

    def __init__(self, variables: list[str], boxed: frozenset[str], names: Names,
                 owner: str | None, unset: set[str]) -> None:
        self.fresh, self.helper, self.boxed, self.owner = names.fresh, names.helper, boxed, owner
        self.unset = unset
        self.variables = [v for v in variables if v not in boxed]
        self.fields = {v: v if v not in _FIELDS else f"{v}_" for v in variables}
        self.frame, self.at, self.item = map(self.fresh, ("frame", "at", "item"))
        self.got = self.fresh("got")
        self.extra: list[str] = []
        self.segment = 0
        #: Where each variable is seen, and whether it is bound there before it is read.
        self.seen: dict[str, set[Any]] = {}
        self.begins: dict[str, bool] = {}

    def kept(self, hint: str) -> str:
        """A new variable that the next step has, too."""
        name = self.fresh(hint)
        self.fields[name] = name
        self.extra.append(name)
        return name

    def next_segment(self) -> None:
        self.segment += 1

    # ------------------------------------------------------------------------ new statements

    def name(self, name: str) -> Any:
        return ast.Name(id=name, ctx=ast.Load())

    def when(self, test: str, body: list[Any], like: Any) -> Any:
        return relocated(ast.If(test=made(test, like)[0].value, body=body, orelse=[]), like)

    def left(self, k: int, like: Any) -> list[Any]:
        """What is done before the item is given; which variables are stored is known later."""
        return [_Left(k, like)]

    # ----------------------------------------------------------------------- the user's own

    def plain(self, node: Any) -> list[Any]:
        """A statement that does not yield."""
        self._note(node, self.segment)
        found = _Renamed(self).visit(node)
        return found if isinstance(found, list) else [found]

    def expression(self, node: Any) -> Any:
        """An expression that is evaluated at the end of a segment."""
        self._note(ast.Expr(value=node), self.segment)
        return _Renamed(self).visit(node)

    def shared(self, node: Any) -> Any:
        """An expression that is evaluated in no segment."""
        self._note(ast.Expr(value=node), object())
        return _Renamed(self).visit(node)

    def handler(self, node: Any) -> Any:
        self._note(ast.Module(body=[node], type_ignores=[]), object())
        return _Renamed(self).visit(node)

    def _note(self, node: Any, where: Any) -> None:
        found = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)} | {
            n.name for n in ast.walk(node) if isinstance(n, (ast.FunctionDef, ast.ClassDef))}
        for v in found:
            if v not in self.seen:
                self.begins[v] = _binds_first(node, v)
            self.seen.setdefault(v, set()).add(where)

    def state(self, params: list[str]) -> list[str]:
        """The variables that a step begins with."""
        return [v for v in (*self.variables, *self.extra) if v in params or v in self.extra or not (
            len(self.seen.get(v, ())) == 1 and self.begins[v])]


def _binds_first(s: Any, name: str) -> bool:
    if not isinstance(s, ast.Assign):
        return False
    reads = any(isinstance(n, ast.Name) and n.id == name for n in ast.walk(s.value))
    return not reads and any(
        isinstance(n, ast.Name) and n.id == name for t in s.targets
        for n in (t.elts if isinstance(t, (ast.Tuple, ast.List)) else [t]))


class _Left(ast.stmt):
    """Stands where a step ends with an item."""

    def __init__(self, k: int, like: Any) -> None:
        super().__init__()
        self.k, self.like = k, like


class _Filled(ast.NodeTransformer):
    def __init__(self, holes: Any) -> None:
        self.holes = holes

    def visit_Name(self, node: Any) -> Any:
        if node.id != "_":
            return node
        hole = next(self.holes)
        if isinstance(node.ctx, ast.Store) and hasattr(hole, "ctx"):
            hole.ctx = node.ctx
        return hole


class _Renamed(ast.NodeTransformer):
    """Variables that are boxed are fields of the frame; `return` ends a step for good."""

    def __init__(self, frame: Frame) -> None:
        self.frame, self.depth = frame, 0
        self.boxed = frame.boxed

    def visit_Name(self, node: Any) -> Any:
        frame = self.frame
        found = node if node.id not in self.boxed else relocated(ast.Attribute(
            value=ast.Name(id=frame.frame, ctx=ast.Load()), attr=frame.fields[node.id],
            ctx=node.ctx), node)
        if node.id not in frame.unset or not isinstance(node.ctx, ast.Load) or (
                self.depth and found is node):
            return found
        return made(f"_ if _ is not {frame.helper('UNBOUND')} else "
                    f"{frame.helper('unset')}({node.id!r}, {self.depth > 0})", node,
                    found, copy.deepcopy(found))[0].value

    def visit_AugAssign(self, node: Any) -> Any:
        before = copy.deepcopy(node.target)
        node = self.generic_visit(node)
        if self.depth or not isinstance(before, ast.Name) or before.id not in self.frame.unset:
            return node
        before.ctx = ast.Load()
        return [relocated(ast.Expr(value=self.visit_Name(before)), node), node]

    def visit_Return(self, node: Any) -> Any:
        node = self.generic_visit(node)
        if self.depth:
            return node
        frame = self.frame
        if node.value is None:
            return made(f"return {frame.helper('END')}", node)
        return [*made(f"{frame.frame}.result = _", node, node.value),
                *made(f"return {frame.helper('END')}", node)]

    def visit_Call(self, node: Any) -> Any:
        owner = self.frame.owner
        if not self.depth and owner is not None and isinstance(node.func, ast.Name) and \
                node.func.id == "super" and not node.args and not node.keywords:
            # Without arguments it would be given what the step is.
            node = copy.copy(node)
            node.args = [ast.Name(id="__class__", ctx=ast.Load()),
                         ast.Name(id=owner, ctx=ast.Load())]
            return self.generic_visit(relocated(node, node))
        return self.generic_visit(node)

    def visit_FunctionDef(self, node: Any) -> Any:
        inner = self._inside(node)
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name in self.boxed and \
                not self.depth:
            field = ast.Attribute(value=self.frame.name(self.frame.frame),
                                  attr=self.frame.fields[node.name], ctx=ast.Store())
            return [inner, relocated(ast.Assign(targets=[field],
                                                value=self.frame.name(node.name)), node)]
        return inner

    visit_AsyncFunctionDef = visit_Lambda = visit_ClassDef = visit_FunctionDef

    def _inside(self, node: Any) -> Any:
        before = self.boxed
        if isinstance(node, _FUNCTIONS):
            a = node.args
            # Defaults and decorators are evaluated outside of the function.
            a.defaults = [self.visit(n) for n in a.defaults]
            a.kw_defaults = [n and self.visit(n) for n in a.kw_defaults]
            if not isinstance(node, ast.Lambda):
                node.decorator_list = [self.visit(n) for n in node.decorator_list]
            own = {p.arg for p in ast.walk(a) if isinstance(p, ast.arg)}
            body = node.body if isinstance(node.body, list) else []
            own |= {n.id for s in body for n in ast.walk(s)
                    if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
            self.boxed = before - own
        self.depth += 1
        inner = self.generic_visit(node)
        self.depth -= 1
        self.boxed = before
        return inner
