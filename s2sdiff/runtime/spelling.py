"""How generated text calls a function of the user's, and what it imports for that."""

from __future__ import annotations

import sys
import types
from typing import Any

__all__ = ["importable", "spelled", "stem"]


def spelled(fn: Any) -> str:
    """`Class.method` or `function`, by which its module has it; else its name.

    >>> import json
    >>> spelled(json.JSONEncoder.encode), spelled(lambda: 0)
    ('JSONEncoder.encode', '<lambda>')
    """
    return fn.__qualname__ if importable(fn) is not None else fn.__name__


def importable(fn: Any) -> tuple[types.ModuleType, str] | None:
    """The module that has a function, and the name in it that leads there; None: nowhere."""
    module: Any = sys.modules.get(fn.__module__ or "")
    root, *path = fn.__qualname__.split(".")
    found = vars(module).get(root) if isinstance(module, types.ModuleType) else None
    for name in path:
        found = vars(found).get(name) if isinstance(found, type) else None
    return (module, root) if found is fn else None


def stem(fn: Any) -> str:
    """What names of its derivatives begin with: for `Class.__call__` it is `Class_call`.

    >>> import json
    >>> stem(json.JSONEncoder.encode), stem(json.JSONEncoder.__init__), stem(lambda: 0)
    ('encode', 'JSONEncoder_init', 'function')
    """
    name = fn.__name__
    if name[:2] == name[-2:] == "__":
        owner = fn.__qualname__.split(".")[-2:-1]
        name = "_".join([*[o for o in owner if o.isidentifier()], name.strip("_")])
    return name if name.isidentifier() else "function"
