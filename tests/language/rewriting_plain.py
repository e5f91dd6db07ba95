"""Names, calls, operators, assignments and blocks in other words."""

from __future__ import annotations

import ast
from random import Random
from typing import Any

from tests.language.other_words import (
    AROUND,
    FRAMES,
    ITERATORS,
    OPERATORS,
    READS,
    expression,
    frames,
    has,
    read,
    statements,
)
from tests.language.words import INNER, LOOPS, Names, Words

__all__ = ["KINDS", "Plain"]


class Plain(Words):
    def __init__(self, rng: Random, rate: float, kinds: frozenset[str], name: Names) -> None:
        super().__init__(rng, rate, kinds, name)
        self.depth = 0  # of functions

    def asked(self, kind: str, rate: float = 1.0) -> bool:
        return kind in self.kinds and self.depth > 0 and not self.sealed and \
            self.rng.random() < rate * self.rate

    # ------------------------------------------------------------------------ definitions

    def visit_ClassDef(self, node: ast.ClassDef) -> Any:
        before, self.sealed = self.sealed, True
        node.body = self.block(node.body)
        self.sealed = before
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> Any:
        before, self.sealed = self.sealed, False
        self.depth += 1
        docstring = node.body[:1] if ast.get_docstring(node) is not None else []
        body = self.block(node.body[len(docstring):])
        here = node.name.startswith("__") or node.decorator_list
        if body and self.asked("inner", 3.0) and not has(
                body, ast.Yield, ast.YieldFrom, ast.Nonlocal, ast.Global, stop=INNER) and \
                not frames(body):
            body = self.inner(node.args, body)
        node.body = docstring + (body or ([] if docstring else [ast.Pass()]))
        self.depth -= 1
        self.sealed = before
        if self.depth == 0 and not self.sealed and not here and "decorated" in self.kinds and \
                self.rng.random() < 3 * self.rate and not frames(node.body):
            node.decorator_list = [ast.Name("z_plain", ast.Load())]
        return node

    def inner(self, args: ast.arguments, body: list[Any]) -> list[Any]:
        """The body in a function of its own, which is given all parameters."""
        names = [a.arg for a in [*args.posonlyargs, *args.args, *args.kwonlyargs]]
        names += [a.arg for a in (args.vararg, args.kwarg) if a is not None]
        made = ast.parse(f"def z_inside({', '.join(names)}):\n    pass\n"
                         f"return z_inside({', '.join(names)})").body
        made[0].body = body  # type: ignore[attr-defined]
        return made

    def visit_Lambda(self, node: ast.Lambda) -> Any:
        before, self.sealed = self.sealed, False
        self.depth += 1
        node.body = self.visit(node.body)
        self.depth -= 1
        self.sealed = before
        return node

    # ------------------------------------------------------------------------- statements

    def block(self, body: list[Any]) -> list[Any]:
        out = self.several(body)
        if out and self.asked("around", 1.5):
            start = self.rng.randrange(len(out))
            stop = self.rng.randint(start + 1, len(out))
            part = out[start:stop]
            loose = (ast.Break, ast.Continue)
            if not has(part, *loose, stop=(*INNER, *LOOPS)) and not has(
                    part, ast.Global, ast.Nonlocal, ast.Import, ast.ImportFrom, ast.ClassDef,
                    stop=INNER):
                out[start:stop] = statements(self.rng.choice(AROUND), part)
        return out

    def generic_visit(self, node: Any) -> Any:
        for field in ("body", "orelse", "finalbody"):
            found = getattr(node, field, None)
            if isinstance(found, list) and found and isinstance(found[0], ast.stmt):
                setattr(node, field, self.block(found))
        for field, value in ast.iter_fields(node):
            if isinstance(value, list):
                if value and isinstance(value[0], ast.stmt):
                    continue
                setattr(node, field, [self.visit(v) if isinstance(v, ast.AST) else v
                                      for v in value])
            elif isinstance(value, ast.AST):
                setattr(node, field, self.visit(value))
        return node

    def visit_Match(self, node: Any) -> Any:
        node.subject = self.visit(node.subject)
        for case in node.cases:
            case.body = self.block(case.body)
        return node

    def visit_Assign(self, node: ast.Assign) -> Any:
        self.generic_visit(node)
        target = node.targets[0]
        if len(node.targets) > 1 or not self.asked("assigned", 2.0):
            return node
        value = node.value
        plain = isinstance(target, ast.Name)
        if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name) and \
                isinstance(target.slice, (ast.Name, ast.Constant)) and not has(
                    value, ast.Call, ast.NamedExpr):
            index: Any = target.slice
            owner = target.value
            return self.rng.choice([
                lambda: ast.Expr(expression("z_operator.setitem({}, {}, {})", read(owner), index,
                                             value)),
                lambda: ast.Expr(expression("{}.__setitem__({}, {})", read(owner), index, value)),
            ])()
        if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and not has(
                value, ast.Call, ast.NamedExpr) and not target.attr.startswith("__"):
            return ast.Expr(expression("setattr({}, {}, {})", read(target.value),
                                        ast.Constant(target.attr), value))
        if not plain:
            return node
        other = self.name()
        return self.rng.choice([
            lambda: ast.Assign([ast.Tuple([target], ast.Store())],
                               ast.Tuple([value], ast.Load())),
            lambda: ast.Assign([ast.List([target], ast.Store())], ast.List([value], ast.Load())),
            lambda: ast.Assign([target, ast.Name(other, ast.Store())], value),
            lambda: ast.Assign([ast.Tuple([target, ast.Name(other, ast.Store())], ast.Store())],
                               ast.Tuple([value, ast.Constant(None)], ast.Load())),
            lambda: ast.For(target, ast.Tuple([value], ast.Load()), [ast.Pass()], []),
            lambda: ast.With([ast.withitem(expression("z_contextlib.nullcontext({})", value),
                                           target)], [ast.Pass()]),
            lambda: ast.Expr(ast.NamedExpr(target, value)),
            lambda: ast.Assign([ast.Tuple([ast.Starred(ast.Name(other, ast.Store()), ast.Store()),
                                           target], ast.Store())], ast.Tuple([value], ast.Load())),
        ])()

    def visit_AugAssign(self, node: ast.AugAssign) -> Any:
        node.value = self.visit(node.value)
        word = OPERATORS.get(type(node.op))
        target = node.target
        if word is None or not self.asked("augmented", 4.0):
            return node
        call = f"z_operator.i{word}({{}}, {{}})"
        if isinstance(target, ast.Name):
            return ast.Assign([target], expression(call, read(target), node.value))
        simple = isinstance(target.value, ast.Name) and not has(
            node.value, ast.Call, ast.NamedExpr)
        if simple and (isinstance(target, ast.Attribute) or isinstance(
                target.slice, (ast.Name, ast.Constant))):
            return ast.Assign([target], expression(call, read(target), node.value))
        return node

    def visit_Return(self, node: ast.Return) -> Any:
        self.generic_visit(node)
        if node.value is None or not self.asked("returned", 3.0):
            return node
        other = self.name()
        shape = self.rng.choice([
            "z_1 = VALUE\nreturn z_1", "try:\n    return VALUE\nfinally:\n    pass",
            "for z_1 in [VALUE]:\n    return z_1", "z_1 = [VALUE]\nreturn z_1.pop()",
            "def z_1():\n    return VALUE\nreturn z_1()",
            "with z_contextlib.nullcontext(VALUE) as z_1:\n    return z_1"])
        if shape.startswith("def") and has(node.value, ast.Yield, ast.YieldFrom, ast.NamedExpr):
            return node
        value = node.value

        class Fill(ast.NodeTransformer):
            def visit_Name(self, found: ast.Name) -> Any:
                if found.id == "VALUE":
                    return value
                return ast.Name(other, found.ctx) if found.id == "z_1" else found

            def visit_FunctionDef(self, found: ast.FunctionDef) -> Any:
                found.name = other
                return self.generic_visit(found)

        return Fill().visit(ast.parse(shape)).body

    def visit_For(self, node: ast.For) -> Any:
        self.generic_visit(node)
        if self.asked("looped", 4.0):
            if self.rng.random() < 0.3:
                pair = self.name()
                node.target = ast.Tuple([ast.Name(pair, ast.Store()), node.target], ast.Store())
                node.iter = expression("enumerate({})", node.iter)
            else:
                node.iter = expression(self.rng.choice(ITERATORS), node.iter)
        return node

    # ------------------------------------------------------------------------ expressions

    def visit_Name(self, node: ast.Name) -> Any:
        if isinstance(node.ctx, ast.Load) and node.id not in FRAMES and self.asked("read", 0.7):
            return expression(self.rng.choice(READS), node)
        return node

    def visit_NamedExpr(self, node: ast.NamedExpr) -> Any:
        node.value = self.visit(node.value)
        return node

    def visit_BinOp(self, node: ast.BinOp) -> Any:
        self.generic_visit(node)
        word = OPERATORS.get(type(node.op))
        if word is not None and self.asked("operators"):
            shape = self.rng.choice(["{}({{}}, {{}})", "(lambda a, b: {}(a, b))({{}}, {{}})"])
            return expression(shape.format(f"z_operator.{word}"), node.left, node.right)
        return node

    def visit_Call(self, node: ast.Call) -> Any:
        if isinstance(node.func, ast.Name) and node.func.id in FRAMES:
            return node
        self.generic_visit(node)
        if not self.asked("called") or not node.args or any(
                isinstance(a, ast.Starred) for a in node.args):
            return node
        if any(isinstance(a, ast.GeneratorExp) for a in node.args):
            return node
        if self.rng.random() < 0.5:
            node.args = [ast.Starred(ast.List(node.args, ast.Load()), ast.Load())]
            return node
        return ast.Call(ast.Name("z_call", ast.Load()), [node.func, *node.args], node.keywords)

    def visit_Attribute(self, node: ast.Attribute) -> Any:
        self.generic_visit(node)
        if isinstance(node.ctx, ast.Load) and not node.attr.startswith("__") and \
                self.asked("attributes"):
            return expression("getattr({}, {})", node.value, ast.Constant(node.attr))
        return node

    def visit_Subscript(self, node: ast.Subscript) -> Any:
        self.generic_visit(node)
        if isinstance(node.ctx, ast.Load) and not has(node.slice, ast.Slice) and \
                self.asked("items", 2.0):
            if isinstance(node.slice, ast.Constant) and self.rng.random() < 0.5:
                return expression("z_operator.itemgetter({})({})", node.slice, node.value)
            return expression("z_operator.getitem({}, {})", node.value, node.slice)
        return node

    def visit_ListComp(self, node: ast.ListComp) -> Any:
        return self.comprehension(node, "list({})")

    def visit_SetComp(self, node: ast.SetComp) -> Any:
        return self.comprehension(node, "set({})")

    def comprehension(self, node: Any, shape: str) -> Any:
        self.generic_visit(node)
        if self.asked("comprehensions", 4.0) and not has(node, ast.NamedExpr):
            return expression(shape, ast.GeneratorExp(node.elt, node.generators))
        return node


KINDS = ("inner", "decorated", "around", "assigned", "augmented", "returned", "looped", "read",
         "operators", "called", "attributes", "items", "comprehensions")
