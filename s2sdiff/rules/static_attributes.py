"""`inspect.getattr_static`: what an object has under a name, with nothing of the object run."""

from __future__ import annotations

import inspect
from typing import Any

from s2sdiff.registry import derivative
from s2sdiff.rules.containers import sharing

__all__: list[str] = []

_MISSING = object()


@derivative(of=inspect.getattr_static, wrt=("obj", "default"))
@sharing("element")
def getattr_static(obj: Any, attr: Any, default: Any = _MISSING):
    given = () if default is _MISSING else (default,)
    value = inspect.getattr_static(obj, attr, *given)
    fields = inspect.getattr_static(obj, "__dict__", None)
    held = getattr(obj, "__dict__", {}) if fields is not None else {}
    own = not isinstance(obj, type) and attr in held and held[attr] is value

    def pullback(value_bar):
        # A class's attributes are what the whole program shares: nothing is written there.
        return ({attr: value_bar} if own else None), value_bar if value is default else None

    return value, pullback


getattr_static.__s2sdiff_any__ = True  # type: ignore[attr-defined]
