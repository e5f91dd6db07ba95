"""The forms of what means the same, and syntax made of text."""

from __future__ import annotations

import ast
from typing import Any

__all__ = ["AROUND", "FRAMES", "ITERATORS", "OPERATORS", "READS", "expression",
           "frames", "has", "read", "statements"]

#: Calls that look at the frame that they are in.
FRAMES = frozenset({"super", "locals", "globals", "vars", "dir", "eval", "exec", "__class__"})
OPERATORS = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "truediv", ast.Pow: "pow",
    ast.MatMult: "matmul", ast.Mod: "mod", ast.FloorDiv: "floordiv"}
READS = (
    "z_same({})", "({},)[0]", "[{}][z_zero]", "{{'k': {}}}['k']", "(lambda: {})()",
    "(lambda v: v)({})", "({} if z_true else None)", "z_Box({}).v", "z_Box({}).take()",
    "z_Pair({}).held", "next(iter([{}]))", "z_held({})", "z_functools.partial(z_same, {})()",
    "z_maker({})()", "next(z_each([{}]))", "z_call(z_same, {})", "[z_ for z_ in [{}]][0]",
    "(None, {})[-1]", "next(z_ for z_ in ({},))", "dict(k={})['k']", "list(map(z_same, [{}]))[0]",
    "getattr(z_Box({}), 'v')", "z_functools.reduce(lambda a, b: b, [None, {}])",
    "z_Data({}).v", "z_Data.of({}).v", "z_through_global({})", "z_through_cell({})",
    "z_matched({})", "z_operator.attrgetter('v')(z_Box({}))", "z_Box({}).__dict__['v']",
    "z_operator.methodcaller('take')(z_Box({}))", "z_operator.itemgetter(0)([{}])",
    "(lambda *p: p[0])({})", "(lambda **k: k['v'])(v={})", "(lambda v={}: v)()", "[*({},)][0]",
    "z_Called(z_same)({})", "z_dataclasses.replace(z_Data(None), v={}).v",
    "z_dataclasses.asdict(z_Data({}))['v']", "z_collections.deque([{}]).pop()",
    "z_collections.ChainMap({{'k': {}}})['k']", "z_Own(k={})['k']",
    "z_types.SimpleNamespace(v={}).v",
)
ITERATORS = (
    "iter({})", "(z_ for z_ in {})", "map(z_same, {})", "z_itertools.chain({})", "z_each({})",
    "z_itertools.chain.from_iterable([{}])",
)
#: Blocks that do what is in them once, and let `return` through.
AROUND = (
    "if z_true:\n    BODY", "if not z_true:\n    raise z_Never\nelse:\n    BODY",
    "for z_k in range(1):\n    BODY", "with z_contextlib.nullcontext():\n    BODY",
    "try:\n    BODY\nfinally:\n    pass", "try:\n    BODY\nexcept z_Never:\n    raise",
    "while True:\n    BODY\n    break", "match z_zero:\n    case 0:\n        BODY",
    "try:\n    z_k = 0\nexcept z_Never:\n    pass\nelse:\n    BODY",
    "for z_k in range(2):\n    if z_k == 1:\n        break\n    BODY",
    "with z_contextlib.suppress(z_Never):\n    BODY",
    "with z_entered(0):\n    BODY", "with z_Context() as z_c:\n    BODY",
    "with z_contextlib.ExitStack() as z_c:\n    z_c.enter_context(z_entered(1))\n    BODY",
    "try:\n    BODY\nexcept z_Never as z_c:\n    pass\nfinally:\n    z_k = 1",
    "for z_k in iter([0]):\n    BODY", ("while z_true:\n    try:\n        BODY\n    finally:\n"
    "        pass\n    break"),
)


def expression(text: str, *parts: Any) -> Any:
    """An expression with a syntax node for each `{}`."""
    names = [f"z_part_{i}" for i in range(len(parts))]
    made = ast.parse(text.format(*names), mode="eval").body
    given = dict(zip(names, parts, strict=True))

    class Fill(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> Any:
            return given.get(node.id, node)

    return Fill().visit(made)


def statements(text: str, body: list[Any]) -> list[Any]:
    class Fill(ast.NodeTransformer):
        def visit_Expr(self, node: ast.Expr) -> Any:
            is_body = isinstance(node.value, ast.Name) and node.value.id == "BODY"
            return body if is_body else node

    return Fill().visit(ast.parse(text)).body


def has(nodes: Any, *types: type, stop: tuple[type, ...] = ()) -> bool:
    """Whether there is such a node, not inside of nodes of the types in `stop`."""
    for node in nodes if isinstance(nodes, list) else [nodes]:
        if isinstance(node, types):
            return True
        if not isinstance(node, stop) and any(
                has(child, *types, stop=stop) for child in ast.iter_child_nodes(node)):
            return True
    return False


def read(node: Any) -> Any:
    """The same place, to be read."""
    if isinstance(node, ast.Name):
        return ast.Name(node.id, ast.Load())
    if isinstance(node, ast.Attribute):
        return ast.Attribute(node.value, node.attr, ast.Load())
    return ast.Subscript(node.value, node.slice, ast.Load())


def frames(body: list[Any]) -> bool:
    """Whether some call looks at the frame that it is in."""
    return any(isinstance(n, ast.Name) and n.id in FRAMES for s in body for n in ast.walk(s))
