"""Which argument of a call a parameter of a signature gets, found without the arguments."""

from __future__ import annotations

import inspect
from typing import Any

__all__ = ["bound_places"]


def bound_places(signature: inspect.Signature, count: int, keys: list[str]) -> list:
    """Parameters with a position, a keyword, a tuple of positions or a dict of keywords.

    >>> def f(a, *rest, c): ...
    >>> bound_places(inspect.signature(f), 3, ["c"])
    [('a', 0), ('rest', (1, 2)), ('c', 'c')]
    """
    numbered: Any = signature.bind(*range(count), **{key: key for key in keys})
    return list(numbered.arguments.items())
