"""Where a call has the arguments that its callee's parameters get."""

from __future__ import annotations

import inspect
from typing import Any

from s2sdiff import ir, registry
from s2sdiff.ir import Bind
from s2sdiff.kinds import kind_of
from s2sdiff.runtime.rule_signatures import parameters, place_of_out, positional
from s2sdiff.transforms.known_effects import ALL

__all__ = ["NEVER_INTO", "arguments_for", "moved", "out_given"]

#: Modules whose functions take no `out`.
NEVER_INTO = frozenset({"_operator", "s2sdiff.ops", "builtins"})


def out_given(target: Any, count: int) -> int | None:
    """At which position a function takes `out`, where it has so many arguments."""
    if getattr(target, "__module__", None) in NEVER_INTO:
        return None
    rule = registry.find(target)
    if rule is None:
        return None
    if rule.function is None or count > positional(rule.function):
        into = registry.find(target, "out")
        if into is not None and into.function is not None:
            return place_of_out(into.function)
    return None if rule.function is None else place_of_out(rule.function)


def moved(written: frozenset, by: int) -> frozenset:
    """What a call writes, where `by` arguments stand before its own."""
    return frozenset(w + by if isinstance(w, int) else w for w in written)


def arguments_for(names: frozenset, s: Bind, target: Any) -> frozenset:
    """Where a call has the arguments for these parameters."""
    args: list[Any] = list(s.args)
    if isinstance(target, type):
        args = [None, *args]
    rule = registry.find(target)
    try:
        params = parameters(rule.function) if rule is not None and rule.function is not None else \
            list(inspect.signature(
                target.__init__ if isinstance(target, type) else target).parameters.values())
    except (TypeError, ValueError):
        return ALL
    found: set[Any] = set()
    by_name = {p.name: i for i, p in enumerate(params)}
    if any(isinstance(a, ir.Star) for a in args) or any(k is None for k, _ in s.kwargs):
        return ALL
    star = next((i for i, p in enumerate(params) if p.kind is p.VAR_POSITIONAL), len(params))
    for name in names:
        at = by_name.get(name)
        if at is None:
            return ALL
        if at >= star:
            found.update(range(star, len(args)))
            found.update(k for k, _ in s.kwargs if k not in by_name or k == name)
        elif at < len(args):
            found.add(at)
        elif name in dict(s.kwargs):
            found.add(name)
        elif params[at].kind is params[at].VAR_KEYWORD:
            found.update(k for k, _ in s.kwargs if k not in by_name)
        elif not kind_of(params[at].default).is_fixed:
            # A default is the same object in every call.
            found.add("*")
    shift = 1 if isinstance(target, type) else 0
    return frozenset({f - shift if isinstance(f, int) else f for f in found} - {-1})
