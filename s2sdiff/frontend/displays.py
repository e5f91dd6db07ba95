"""Calls that make a list, a set, a dict or a tuple, as the display that makes the same."""

from __future__ import annotations

from typing import Any

import gast

from s2sdiff.frontend.consumers import listed
from s2sdiff.frontend.context import Context, fresh
from s2sdiff.frontend.looping import known

__all__ = ["displayed"]


def displayed(ctx: Context, node: Any) -> Any:
    """`[]` for `list()`, `{"a": x}` for `dict(a=x)`, `[… for …]` for `list(… for …)`, or None.

    What a comprehension has filled is new: another list of its items would be a copy.
    """
    if isinstance(node.func, gast.Attribute):
        return _of_keys(ctx, node)
    if not isinstance(node.func, gast.Name) or len(node.args) > 1 or any(
            isinstance(a, gast.Starred) for a in node.args):
        return None
    form = known(ctx, node.func)
    made = None
    names = [k.arg for k in node.keywords]
    if not node.args and names and form is dict and None not in names:
        made = gast.Dict([gast.copy_location(gast.Constant(n, None), node) for n in names],
                         [k.value for k in node.keywords])
    elif not node.args and not node.keywords and (form is dict or form is list or form is tuple):
        made = gast.Dict([], []) if form is dict else \
            gast.List([], gast.Load()) if form is list else gast.Tuple([], gast.Load())
    elif node.args and not node.keywords and (form is list or form is set):
        items = listed(ctx, node)[0]
        if items is not node.args[0] and isinstance(items, gast.ListComp):
            made = items if form is list else gast.SetComp(items.elt, items.generators)
    return None if made is None else gast.copy_location(made, node)


def _of_keys(ctx: Context, node: Any) -> Any:
    """`{key: x for key in keys}` for `dict.fromkeys(keys, x)` of a name or a literal, or None."""
    if node.func.attr != "fromkeys" or not isinstance(node.func.value, gast.Name) or \
            len(node.args) != 2 or node.keywords or isinstance(node.args[0], gast.Starred) or \
            not isinstance(node.args[1], (gast.Constant, gast.Name)) or \
            known(ctx, node.func.value) is not dict:
        return None
    keys, value = node.args
    name = fresh(ctx, "key")
    target = gast.copy_location(gast.Name(name, gast.Store(), None, None), node)
    key = gast.copy_location(gast.Name(name, gast.Load(), None, None), node)
    walk = gast.comprehension(target=target, iter=keys, ifs=[], is_async=0)
    return gast.copy_location(gast.DictComp(key, value, [walk]), node)
