"""Kinds of what derivatives give that are called in functions which are differentiated."""

from __future__ import annotations

from typing import Any

from s2sdiff.arguments import signature_names
from s2sdiff.kinds import ANY, Kind
from s2sdiff.runtime import nested
from s2sdiff.runtime.values import has_source

__all__ = ["gradient"]


def gradient(fn: Any, given: tuple[Kind, ...]) -> Kind:
    """What `grad(f)` gives: each gradient is of its argument's kind."""
    wrt, plain = fn.__dict__.get("__s2sdiff_wrt__"), nested.owner(fn)
    if wrt is None or not has_source(plain):
        return ANY
    known = dict(zip(signature_names(plain)[0], given, strict=False))
    found = tuple([known.get(n, ANY) for n in wrt])
    if any(not k.is_number or k.inert for k in found):
        return ANY
    return found[0] if len(found) == 1 else Kind(tuple, items=found)
