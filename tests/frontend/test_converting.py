"""Syntax nodes are converted as gast itself converts them."""

import ast
import pathlib

import gast
import pytest

import s2sdiff
from s2sdiff.frontend.converting import converted

FILES = sorted(pathlib.Path(s2sdiff.__file__).parent.rglob("*.py"))[::12]
CASES = """
async def f(a: int = 1, /, *b: str, c=2, **d) -> float:
    async for x in y: await z
    with a as b, c: pass
    try: pass
    except (A, B) as e: raise e from None
    except C: pass
    lambda p, *q: (yield)
    del a.b, c[1:2, ...]
    global g
@decorated
class K(Base, metaclass=M):
    x: int = 3
match v:
    case {"a": [1, *rest], **others} | P(x, y=2) as whole if u: pass
import a.b as c
from . import d
print(*a, **b, c=f"{x!r:>{w}}", d=u"text", e=b"bytes", f=1j)
[i for i in j if k], {i: j for i in k}, {*a}, (n := 1), not a < b <= c
"""


def content(node):
    if isinstance(node, gast.AST):
        return type(node), [(name, content(v)) for name, v in sorted(vars(node).items())]
    if isinstance(node, list):
        return [content(v) for v in node]
    return type(node), repr(node)


@pytest.mark.parametrize("text", [CASES, *[f.read_text() for f in FILES]],
                         ids=["cases", *[f.stem for f in FILES]])
def test_a_tree_is_what_gast_makes_of_it(text):
    tree = ast.parse(text)
    assert content(converted(tree)) == content(gast.ast_to_gast(tree))
