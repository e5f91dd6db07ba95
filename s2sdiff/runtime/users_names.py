"""Names of the user's in texts that code is made of: keywords of calls, beside own names."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable
from typing import Any

__all__ = ["by_name", "is_literal", "marked", "unmarked"]


def marked(name: str) -> str:
    """A parameter that has the name of a keyword, which is the user's."""
    return _MARK + name


def by_name(kwargs: Iterable[str]) -> list[str]:
    """Keywords handed on under the names that they have."""
    return [f"{k}={marked(k)}" for k in kwargs]


_MARK = "named__"
_MARKED = re.compile(rf"\b{_MARK}(\w+)")


def unmarked(text: str, names: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """A text, and what it names, in which users' names are as they are, and own ones others.

    >>> unmarked("def f(a0, named__a0):\\n    return a0 + named__a0\\n", {})[0]
    'def f(a0_, a0):\\n    return a0_ + a0\\n'
    """
    users = set(_MARKED.findall(text))
    if not users:
        return text, names
    tree = ast.parse(text)
    # By the name of the function itself, only its module knows it.
    found = [(n, field) for n in ast.walk(tree) for kind, field in _NAMED
             if type(n) is kind and n is not tree.body[0]]
    own = {getattr(n, field) for n, field in found} | names.keys()
    others: dict[str, str] = {}
    for name in users & own:
        other = name + "_"
        while other in users or other in own:
            other += "_"
        others[name] = other
    if others:
        for n, field in found:
            setattr(n, field, others.get(getattr(n, field), getattr(n, field)))
        text = ast.unparse(tree) + "\n"
    return _MARKED.sub(r"\1", text), {others.get(n, n): value for n, value in names.items()}


_NAMED = ((ast.Name, "id"), (ast.arg, "arg"), (ast.FunctionDef, "name"))


def is_literal(text: Any) -> bool:
    """Whether a text is a literal that reads like a name: Python has one object for all of these.

    Text that is made while the code runs is another object, if it reads the same.

    >>> is_literal("x0"), is_literal("x{}".format(0)), is_literal("0")
    (True, False, False)
    """
    return type(text) is str and len(text) > 1 and text.isidentifier() and \
        sys.intern(text[:1] + text[1:]) is text
