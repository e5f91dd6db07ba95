"""What `operator` makes to read items and attributes, and to call methods (see `standins`)."""

from __future__ import annotations

import operator
from typing import Any

__all__ = ["GETTERS", "standin"]

GETTERS = (operator.itemgetter, operator.attrgetter, operator.methodcaller)


def standin(getter: Any) -> Any:
    """The function that stands for one of these.

    >>> standin(operator.itemgetter(1))([5.0, 6.0])
    6.0
    """
    if isinstance(getter, operator.itemgetter):
        return item_getter(*getter.__reduce__()[1])
    if isinstance(getter, operator.attrgetter):
        return attribute_getter(*getter.__reduce__()[1])
    return method_caller(getter)


def item_getter(*keys: Any) -> Any:
    if len(keys) == 1:
        (key,) = keys
        return lambda owner: owner[key]
    return lambda owner: tuple([owner[key] for key in keys])


def attribute(owner: Any, path: str) -> Any:
    for name in path.split("."):
        owner = getattr(owner, name)
    return owner


def attribute_getter(*paths: str) -> Any:
    if len(paths) == 1:
        (path,) = paths
        return lambda owner: attribute(owner, path)
    return lambda owner: tuple([attribute(owner, path) for path in paths])


def method_caller(caller: Any) -> Any:
    made = caller.__reduce__()
    if made[0] is operator.methodcaller:
        (name, *args), keywords = made[1], {}
    else:
        # With keywords, it is pickled as a partial of its class.
        (name,), keywords = made[0].args, made[0].keywords
        args = list(made[1])
    return lambda owner: getattr(owner, name)(*args, **keywords)
