"""Text that is made of what has no derivative, such as the keys `f"W{i}"` and `"W" + str(i)`."""

from __future__ import annotations

import functools
import operator
from typing import Any

import gast

from s2sdiff.ir import Bind, Const, Opaque
from s2sdiff.kinds import Kind
from s2sdiff.kinds_joined import join

__all__ = ["of_text", "under"]


def of_text(bind: Bind, fn: Any, kinds: list[Kind]) -> Kind | None:
    """The kind of text that a call makes of texts and ints, with its ends; None for all else.

    >>> kind = of_text(Bind(("k",), None, (), (), None), str, [Kind(int, (), "int")])
    >>> kind.type, kind.key
    (<class 'str'>, ('', ''))
    """
    if not kinds or not all(k.type in (str, int, bool) for k in kinds):
        return None
    if type(fn) is Opaque:
        return Kind(str, key=_ends(fn.node)) if isinstance(fn.node, gast.JoinedStr) else None
    if fn is operator.add and all(k.type is str for k in kinds):
        one, two = [str(a.value) if type(a) is Const else "" for a in bind.args]
        return Kind(str, key=(one, two))
    return Kind(str, key=("", "")) if fn is str and len(kinds) == 1 else None


def _ends(node: gast.JoinedStr) -> tuple[str, str]:
    """What an f-string surely begins and ends with."""
    first, last = [getattr(node.values[i], "value", "") for i in (0, -1)]
    return tuple([v if isinstance(v, str) else "" for v in (first, last)])  # type: ignore[return-value]


def under(table: Kind, key: Kind) -> Kind:
    """The kind of what a dict of known keys has under a text that is one of them."""
    assert table.items is not None
    first, last = key.key or ("", "")
    found = [item for k, item in zip(table.value, table.items, strict=True)
             if isinstance(k, str) and k.startswith(first) and k.endswith(last)]
    return functools.reduce(join, found or table.items)
