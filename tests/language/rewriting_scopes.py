"""Where values are kept and computed in other words: boxes, globals, classes, `nonlocal`."""

from __future__ import annotations

import ast
from typing import Any

from tests.language.other_words import has
from tests.language.words import Words, bindings, loaded, locals_of, replaced, written_as

__all__ = ["KINDS", "Scopes"]

KINDS = ("outlined", "nonlocal", "boxed", "methods")

#: Expressions for VALUE, which reads the variables PS; BOUND is `p=p` for each.
OUTLINED = (
    "(lambda PS: VALUE)(PS)", "z_functools.partial(lambda PS: VALUE)(PS)",
    "z_functools.partial(lambda PS: VALUE, PS)()", "{'f': lambda PS: VALUE}['f'](PS)",
    "(lambda PS: VALUE)(**dict(BOUND))", "(lambda BOUND: VALUE)()", "(lambda *, PS: VALUE)(BOUND)",
    "z_functools.partial(lambda PS: VALUE, BOUND)()", "next(map(lambda PS: VALUE, LISTS))",
    "z_types.SimpleNamespace(f=lambda PS: VALUE).f(PS)", "z_Called(lambda PS: VALUE)(PS)",
    "z_functools.wraps(z_same)(lambda PS: VALUE)(PS)",
)
#: The same with a function or class in front, which is a module's or the function's own.
DEFINED = (
    ("def z_a(PS):\n    return VALUE", "z_a(PS)"),
    ("def z_a(*, PS):\n    return VALUE", "z_a(**dict(BOUND))"),
    ("def z_a(PS):\n    yield VALUE", "next(z_a(PS))"),
    ("@z_plain\ndef z_a(PS):\n    return VALUE", "z_a(PS)"),
    ("class z_a:\n    @staticmethod\n    def of(PS):\n        return VALUE", "z_a.of(PS)"),
    ("class z_a:\n    @classmethod\n    def of(cls, PS):\n        return VALUE", "z_a.of(PS)"),
    ("class z_a:\n    def of(self, PS):\n        return VALUE", "z_a().of(PS)"),
    ("class z_a:\n    def __call__(self, PS):\n        return VALUE", "z_a()(PS)"),
    ("class z_a:\n    def __getitem__(self, p):\n        (PS,) = p\n        return VALUE",
     "z_a()[(PS,)]"),
)
#: The variables are an object's fields, which VALUE reads from `self`.
FIELDS = (
    (("class z_a:\n    def __init__(self, PS):\n        KEPT\n    def of(self):\n"
     "        return VALUE"), "z_a(PS).of()"),
    (("class z_a:\n    def __init__(self, PS):\n        KEPT\n    @property\n    def v(self):\n"
     "        return VALUE"), "z_a(PS).v"),
    ("class z_a:\n    def __init__(self, PS):\n        KEPT\n        self.found = VALUE",
     "z_a(PS).found"),
    (("class z_a:\n    __slots__ = (QUOTED,)\n    def __init__(self, PS):\n        KEPT\n"
     "    def __call__(self):\n        return VALUE"), "z_a(PS)()"),
    ("@z_dataclasses.dataclass\nclass z_a:\n    FIELDS\n    def of(self):\n        return VALUE",
     "z_a(BOUND).of()"),
    (("@z_dataclasses.dataclass(frozen=True)\nclass z_a:\n    FIELDS\n    @property\n"
     "    def v(self):\n        return VALUE"), "z_a(PS).v"),
    (("@z_dataclasses.dataclass\nclass z_a:\n    FIELDS\n    def __post_init__(self):\n"
     "        self.found = VALUE"), "z_a(PS).found"),
)
#: Where a variable is kept, and as what.
BOXES = (
    ("z_a = z_types.SimpleNamespace()", "z_a.NAME"), ("z_a = {}", "z_a['NAME']"),
    ("z_a = [None]", "z_a[0]"),
    ("z_a = z_Setter()", "z_a.held"), ("z_a = z_Slot()", "z_a.v"),
    ("z_a = [0.0, [None]]", "z_a[1][0]"), ("z_a = z_collections.deque([None])", "z_a[0]"),
    ("z_a = z_collections.defaultdict(float)", "z_a['NAME']"), ("z_a = z_Box(None)", "z_a.v"),
    ("z_a = z_Own()", "z_a['NAME']"), ("z_a = {'k': [z_Box(None)]}", "z_a['k'][0].v"),
)
METHODS = (
    ("@staticmethod", "", "z_a.f"), ("@classmethod", "cls", "z_a.f"), ("", "self", "z_a().f"),
    ("@staticmethod", "", "z_a().f"), ("", "self", "z_functools.partial(z_a.f, z_a())"),
)


class Scopes(Words):
    def visit_Assign(self, node: ast.Assign) -> Any:
        self.generic_visit(node)
        if len(node.targets) > 1:
            return node
        made = self.outlined(node.value)
        if made is not None:
            node.value = made[1]
            return [*made[0], node]
        return self.from_inside(node, node.targets[0])

    def visit_AugAssign(self, node: ast.AugAssign) -> Any:
        self.generic_visit(node)
        return self.from_inside(node, node.target)

    def visit_Return(self, node: ast.Return) -> Any:
        self.generic_visit(node)
        made = self.outlined(node.value)
        if made is None:
            return node
        node.value = made[1]
        return [*made[0], node]

    def from_inside(self, node: Any, target: Any) -> Any:
        """An assignment in a function of its own."""
        if not isinstance(target, ast.Name) or not self.scopes or has(
                node.value, ast.Yield, ast.YieldFrom, ast.NamedExpr) or \
                self.others.get(target.id, 0) < 2 or not self.asked("nonlocal", 2.0):
            return node
        self.others[target.id] -= 1  # one binding must stay the function's
        return written_as("def z_a():\n    nonlocal X_\n    STORE\nz_a()".replace(
            "X_", target.id), self.name, STORE=[node])

    def outlined(self, value: Any) -> Any:
        """Statements and an expression that gives the value."""
        if value is None or isinstance(value, (ast.Name, ast.Constant)) or has(
                value, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp,
                ast.NamedExpr, ast.Yield, ast.YieldFrom, ast.Starred):
            return None
        names = [n for n in loaded(value) if n in self.local]
        private = any(isinstance(n, ast.Attribute) and n.attr.startswith("__")
                      for n in ast.walk(value))
        if not names or private or "self" in names or not self.asked("outlined", 1.5):
            return None
        text = self.rng.choice([*OUTLINED, *DEFINED, *FIELDS])
        given = {"VALUE": value}
        if text in FIELDS:
            given = {"VALUE": replaced(value, {
                n: ast.Attribute(ast.Name("self", ast.Load()), n, ast.Load()) for n in names})}
        words = {"PS": ", ".join(names), "BOUND": ", ".join(f"{n}={n}" for n in names),
                 "LISTS": ", ".join(f"[{n}]" for n in names),
                 "QUOTED": ", ".join(map(repr, names)),
                 "KEPT": "; ".join(f"self.{n} = {n}" for n in names),
                 "FIELDS": "; ".join(f"{n}: object" for n in names)}
        front, end = ("", text) if isinstance(text, str) else text
        whole = f"{front}\n{end}"
        for word, meant in words.items():
            whole = whole.replace(word, meant)
        *made, last = written_as(whole, self.name, **given)
        if made and self.rng.random() < 0.5:
            self.hoisted += made
            made = []
        return made, last.value  # type: ignore[attr-defined]

    others: dict[str, int]

    def visit_FunctionDef(self, node: ast.FunctionDef) -> Any:
        before = getattr(self, "others", {})
        self.others = dict(bindings(node))
        made = super().visit_FunctionDef(node)
        self.others = before
        if not self.scopes and not self.sealed:
            return self.method(node)
        return made

    def method(self, node: ast.FunctionDef) -> Any:
        """A module's function as a method of a class."""
        if node.decorator_list or "methods" not in self.kinds or self.rng.random() > 3 * self.rate:
            return node
        if any(isinstance(n, ast.Name) and n.id.startswith("__") for n in ast.walk(node)) or has(
                node, ast.Global):
            return node
        decorator, first, taken = self.rng.choice(METHODS)
        made = written_as(f"class z_a:\n    {decorator}\n    def f(): pass\nX = {taken}", self.name,
                          X=ast.Name(node.name, ast.Store()))
        inner = made[0].body[0]  # type: ignore[attr-defined]
        name, inner.name = inner.name, "f"
        inner.args, inner.body = node.args, node.body
        if first:
            where = node.args.posonlyargs or node.args.args
            where.insert(0, ast.arg(f"z_{first}"))
        assert name == "f"
        return made

    # ------------------------------------------------------------------------------- boxes

    def function(self, node: ast.FunctionDef, body: list[Any]) -> list[Any]:
        if not self.asked("boxed", 3.0):
            return body
        names = sorted(n for n in bindings(node, body) if boxable(n, node, body))
        if not names:
            return body
        name = self.rng.choice(names)
        start, place = self.rng.choice(BOXES)
        is_parameter = any(isinstance(a, ast.arg) and a.arg == name for a in ast.walk(node.args))
        text = f"{start}\n{place.replace('NAME', name)}"
        *made, last = written_as(text, self.name)
        at = last.value  # type: ignore[attr-defined]
        inside = [_without(replaced(s, {name: at}), name) for s in body]
        if is_parameter:
            made.append(ast.Assign([replaced(ast.Name(name, ast.Store()), {name: at})],
                                   ast.Name(name, ast.Load())))
        return made + inside


def boxable(name: str, node: ast.FunctionDef, body: list[Any]) -> bool:
    """Whether a function's variable may be an attribute or an item as well."""
    for n in (m for s in body for m in ast.walk(s)):
        if isinstance(n, ast.FunctionDef) and (n.name == name or name in locals_of(n)):
            return False
        if isinstance(n, ast.ClassDef) and (n.name == name or _in_class(name, n)):
            return False
        if isinstance(n, ast.arg) and n.arg == name or isinstance(n, ast.Global):
            return False
        if isinstance(n, ast.NamedExpr) and n.target.id == name:
            return False
        if isinstance(n, ast.comprehension) and any(
                isinstance(m, ast.Name) and m.id == name for m in ast.walk(n.target)):
            return False
        if isinstance(n, (ast.Import, ast.ImportFrom, ast.Delete, ast.AnnAssign)):
            return False
        if isinstance(n, ast.ExceptHandler) and n.name == name:
            return False
        if isinstance(n, (ast.MatchAs, ast.MatchStar, ast.MatchMapping)) and name in (
                getattr(n, "name", None), getattr(n, "rest", None)):
            return False
    return True


def _in_class(name: str, node: ast.ClassDef) -> bool:
    return any(isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Store)
               for n in ast.walk(node))


def _without(statement: Any, name: str) -> Any:
    """A statement in which nobody says that a name is of a function around."""
    class Drop(ast.NodeTransformer):
        def visit_Nonlocal(self, node: ast.Nonlocal) -> Any:
            node.names = [n for n in node.names if n != name]
            return node if node.names else ast.Pass()

    return Drop().visit(statement)
