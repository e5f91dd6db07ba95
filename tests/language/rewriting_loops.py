"""Loops and branches in other words: iterators, generators, reductions, `match`."""

from __future__ import annotations

import ast
from typing import Any

from tests.language.other_words import OPERATORS, has
from tests.language.words import INNER, Words, bindings, loaded, loose, written_as

__all__ = ["KINDS", "Loops"]

KINDS = ("drawn", "yielded", "reduced", "spelled", "branched", "tested")

#: Loops over ITER that bind TARGET, each of them with the body at its end.
DRAWN = (
    ("z_a = iter(ITER)\nwhile True:\n    try:\n        TARGET = next(z_a)\n"
    "    except StopIteration:\n        break\n    BODY"),
    ("z_a, z_b = iter(ITER), object()\nwhile (z_c := next(z_a, z_b)) is not z_b:\n"
    "    TARGET = z_c\n    BODY"),
    "z_a = list(ITER)\nfor z_b in range(len(z_a)):\n    TARGET = z_a[z_b]\n    BODY",
    ("z_a, z_b = tuple(ITER), 0\nwhile z_b < len(z_a):\n    TARGET = z_a[z_b]\n"
    "    z_b += 1\n    BODY"),
    "z_a = list(ITER)[::-1]\nwhile z_a:\n    TARGET = z_a.pop()\n    BODY",
    "z_a = z_collections.deque(ITER)\nwhile z_a:\n    TARGET = z_a.popleft()\n    BODY",
    "z_a = dict(enumerate(ITER))\nfor z_b in z_a:\n    TARGET = z_a[z_b]\n    BODY",
    "for TARGET, _ in zip(z_each(ITER), z_itertools.count()):\n    BODY",
    ("for z_a in z_itertools.count():\n    if z_a == 0:\n        z_b = z_each(ITER)\n"
    "    for TARGET in z_b:\n        break\n    else:\n        break\n    BODY"),
)
EXTENDED = (
    "OUT.extend(z_a())", "for z_b in z_a():\n    OUT.append(z_b)", "OUT += z_a()",
    "OUT[len(OUT):] = z_a()", "OUT += [*z_a()]",
    "def z_c():\n    yield from z_a()\nOUT.extend(z_c())",
)
REDUCED = (
    "X = z_functools.reduce(lambda ACC, ITEM: VALUE, ITER, X)",
    "*z_a, X = z_itertools.accumulate(ITER, lambda ACC, ITEM: VALUE, initial=X)",
    "def z_a(ACC, ITEM):\n    return VALUE\nX = z_functools.reduce(z_a, ITER, X)",
)
BRANCHED = (
    "match bool(TEST):\n    case True:\n        BODY\n    case _:\n        ELSE",
    "match z_zero:\n    case 0 if TEST:\n        BODY\n    case _:\n        ELSE",
    "if not TEST:\n    ELSE\nelse:\n    BODY",
    "try:\n    if not TEST:\n        raise z_Never\nexcept z_Never:\n    ELSE\nelse:\n    BODY",
    "if (z_a := bool(TEST)):\n    BODY\nif not z_a:\n    ELSE",
    "for z_a in [bool(TEST)]:\n    if z_a:\n        BODY\n    else:\n        ELSE",
)
_EMPTY = ast.parse("def f(): pass").body[0]
APPENDED = ("z_a.append(VALUE)", "z_a += [VALUE]", "z_a.insert(len(z_a), VALUE)",
            "z_a[len(z_a):] = [VALUE]", "z_a.extend((VALUE,))", "z_operator.iadd(z_a, [VALUE])")
ENTERED = ("z_a[KEY] = VALUE", "z_a.update({KEY: VALUE})", "z_a.update([(KEY, VALUE)])",
           "z_a |= {KEY: VALUE}", "z_operator.setitem(z_a, KEY, VALUE)")
COMPARED = {ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt", ast.GtE: "ge", ast.Eq: "eq",
            ast.NotEq: "ne"}


class Loops(Words):
    def visit_For(self, node: ast.For) -> Any:
        self.generic_visit(node)
        return self.yielded(node) or self.reduced(node) or self.drawn(node) or node

    def drawn(self, node: ast.For) -> Any:
        if node.orelse or not self.asked("drawn", 4.0):
            return None
        shape = self.rng.choice(DRAWN)
        if has(node.target, ast.Starred):
            return None
        return written_as(shape, self.name, ITER=node.iter, TARGET=node.target, BODY=node.body)

    def yielded(self, node: ast.For) -> Any:
        """A loop that appends to one list, as a generator of what it appends."""
        last = node.body[-1]
        call = last.value if isinstance(last, ast.Expr) else None
        if node.orelse or not (isinstance(call, ast.Call) and isinstance(
                call.func, ast.Attribute) and isinstance(call.func.value, ast.Name) and
                call.func.attr == "append" and len(call.args) == 1):
            return None
        if has(node.body, ast.Return, ast.Yield, ast.YieldFrom, ast.Global, ast.Nonlocal,
               ast.NamedExpr, stop=INNER) or not self.asked("yielded", 6.0):
            return None
        # What the loop binds and others read stays the function's.
        everywhere, here = bindings(self.nodes[-1]), bindings(_EMPTY, [node])
        inside = {id(n) for n in ast.walk(node)}
        others = {n.id for n in ast.walk(self.nodes[-1])
                  if isinstance(n, ast.Name) and id(n) not in inside}
        shared = sorted(n for n in here if n in others)
        if any(everywhere[n] <= here[n] for n in shared):
            return None
        return written_as(
            "def z_a():\n    DECLARED\n    for TARGET in ITER:\n        BODY\n"
            "        yield VALUE\n" + self.rng.choice(EXTENDED), self.name,
            OUT=call.func.value, TARGET=node.target,
            ITER=node.iter, BODY=node.body[:-1], VALUE=call.args[0],
            DECLARED=[ast.Nonlocal(shared)] if shared else [])

    nodes: list[Any]

    def visit_FunctionDef(self, node: ast.FunctionDef) -> Any:
        self.nodes = [*getattr(self, "nodes", []), node]
        made = super().visit_FunctionDef(node)
        self.nodes.pop()
        return made

    def reduced(self, node: ast.For) -> Any:
        if node.orelse or len(node.body) > 1 or not isinstance(node.target, ast.Name):
            return None
        statement = node.body[0]
        if has(statement, ast.Yield, ast.YieldFrom, ast.NamedExpr, ast.Await):
            return None
        if isinstance(statement, ast.AugAssign):
            target, word = statement.target, OPERATORS.get(type(statement.op))
            value: Any = statement.value
        elif isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            target, word, value = statement.targets[0], None, statement.value
        else:
            return None
        if not isinstance(target, ast.Name) or target.id == node.target.id or \
                not self.asked("reduced", 6.0):
            return None
        if word == "add" and target.id not in loaded(value) and self.rng.random() < 0.4:
            return written_as("X = sum((VALUE for TARGET in ITER), X)", self.name, X=target,
                              VALUE=value, TARGET=node.target, ITER=node.iter)
        if word is not None:
            value = ast.Call(ast.Attribute(ast.Name("z_operator", ast.Load()), f"i{word}",
                                           ast.Load()),
                             [ast.Name(target.id, ast.Load()), value], [])
        elif isinstance(statement, ast.AugAssign):
            return None
        text = self.rng.choice(REDUCED).replace("ACC", target.id).replace("ITEM", node.target.id)
        return written_as(text, self.name, X=target, VALUE=value, ITER=node.iter)

    def visit_Assign(self, node: ast.Assign) -> Any:
        self.generic_visit(node)
        value = node.value
        if not isinstance(value, (ast.ListComp, ast.DictComp)) or len(value.generators) > 1 or \
                has(value, ast.NamedExpr) or not self.asked("spelled", 6.0):
            return node
        loop = value.generators[0]
        if {n.id for n in ast.walk(loop.target) if isinstance(n, ast.Name)} & self.local:
            return node
        given: dict[str, Any] = {"ITER": loop.iter, "TARGET": loop.target}
        if isinstance(value, ast.ListComp):
            given["VALUE"] = value.elt
            start, step = "[]", self.rng.choice(APPENDED)
        else:
            given["KEY"], given["VALUE"] = value.key, value.value
            start, step = "{}", self.rng.choice(ENTERED)
        given["TEST"] = ast.BoolOp(ast.And(), loop.ifs) if len(loop.ifs) > 1 else (
            loop.ifs or [ast.Constant(True)])[0]
        given["X"] = node.targets[0]
        return written_as(f"z_a = {start}\nfor TARGET in ITER:\n    if TEST:\n        {step}\n"
                          "X = z_a", self.name, **given)

    def visit_If(self, node: ast.If) -> Any:
        self.generic_visit(node)
        if not self.asked("branched", 4.0):
            return node
        both = [*node.body, *node.orelse]
        first, other = node.body[0], node.orelse[0] if node.orelse else None
        if len(both) == 1 + len(node.orelse) <= 2 and isinstance(first, ast.Assign) and isinstance(
                first.targets[0], ast.Name) and (other is None or isinstance(
                    other, ast.Assign) and ast.dump(other.targets[0]) == ast.dump(
                        first.targets[0])):
            if other is not None or first.targets[0].id in self.local:
                return written_as("X = A if TEST else B", self.name, X=first.targets[0],
                                  TEST=node.test, A=first.value, B=first.targets[0] if other is None
                                  else other.value)  # type: ignore[attr-defined]
        shape = self.rng.choice(BRANCHED)
        if loose(both) and ("for " in shape or "try" in shape):
            shape = BRANCHED[2]
        return written_as(shape, self.name, TEST=node.test, BODY=node.body, ELSE=node.orelse)

    def visit_Compare(self, node: ast.Compare) -> Any:
        self.generic_visit(node)
        word = COMPARED.get(type(node.ops[0]))
        if len(node.ops) > 1 or word is None or not self.asked("tested", 3.0):
            return node
        shape = self.rng.choice([
            f"z_operator.{word}(A, B)", f"(lambda z_a, z_b: z_operator.{word}(z_a, z_b))(A, B)",
            f"A.__{word}__(B)"] if not isinstance(node.left, ast.Constant) else [
                f"z_operator.{word}(A, B)"])
        made = written_as(shape, self.name, A=node.left, B=node.comparators[0])
        return made[0].value  # type: ignore[attr-defined]
