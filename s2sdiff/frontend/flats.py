"""Where arrays are walked over, read or written element by element, by their `.flat`."""

from __future__ import annotations

from typing import Any

import gast

__all__ = ["flats"]


def flats(body: Any) -> dict[int, bool | None]:
    """The reads of `.flat` that are walked over at once, and whether something is written then.

    None: those that have a name, of which all uses are known.
    """
    found: dict[int, bool | None] = dict.fromkeys(_named(body))
    nodes = [n for s in body for n in gast.walk(s)]
    for n in nodes:
        sources, writes = [], False
        if isinstance(n, (gast.For, gast.comprehension)):
            sources = [n.iter]
            writes = isinstance(n, gast.For) and any(
                isinstance(t, (gast.Subscript, gast.Attribute)) and isinstance(t.ctx, gast.Store)
                for s in n.body for t in gast.walk(s))
        elif isinstance(n, gast.Assign):
            # `a, b = m.flat` draws all of it before it binds a name.
            sources = [n.value] if all(isinstance(t, (gast.Tuple, gast.List))
                                       for t in n.targets) else []
        elif isinstance(n, gast.Call):
            of_numpy = isinstance(n.func, gast.Attribute) and \
                isinstance(n.func.value, gast.Name) and n.func.value.id in ("np", "numpy")
            name = n.func.attr if of_numpy else getattr(n.func, "id", "")
            sources = n.args if name in (_REDUCING if of_numpy else _WALKING) else []
        for source in sources:
            walked = [source]
            if isinstance(source, gast.Call) and isinstance(source.func, gast.Name) and \
                    source.func.id in ("enumerate", "zip"):
                walked = source.args
            for a in walked:
                if isinstance(a, gast.Attribute) and a.attr == "flat":
                    found[id(a)] = bool(found.get(id(a))) or writes
    return found


_REDUCING = frozenset({"sum", "mean", "max", "min", "prod", "array", "dot"})
_WALKING = frozenset({"sum", "list", "tuple", "max", "min", "sorted", "any", "all", "set"})


def _named(body: Any) -> set[int]:
    """The reads of `.flat` in `f = a.flat`, where f is only indexed, or drawn from by `next`."""
    nodes = [n for s in body for n in gast.walk(s)]
    made: dict[str, list[Any]] = {}
    uses: dict[str, int] = {}
    for n in nodes:
        if isinstance(n, gast.Name):
            uses[n.id] = uses.get(n.id, 0) + 1
        if isinstance(n, gast.Assign) and len(n.targets) == 1 and isinstance(
                n.targets[0], gast.Name) and isinstance(n.value, gast.Attribute) and (
                n.value.attr == "flat"):
            made.setdefault(n.targets[0].id, []).append(n.value)
    if not made:
        return set()
    for n in nodes:
        known: list[Any] = []
        if isinstance(n, gast.Subscript):
            known = [n.value]
        elif isinstance(n, gast.Call) and getattr(n.func, "id", "") in ("next", "len"):
            known = n.args
        for a in known:
            if isinstance(a, gast.Name) and a.id in made:
                uses[a.id] -= 1
    return {id(a) for name, reads in made.items() if uses[name] == len(reads) for a in reads}
