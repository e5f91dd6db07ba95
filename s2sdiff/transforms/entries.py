"""The shares of arguments: the entries of a rule's pullback, for those that may vary."""

from __future__ import annotations

from typing import Any

from s2sdiff import errors, ir
from s2sdiff.ir import Atom, Bind, Const, Ref, Var
from s2sdiff.runtime import stars
from s2sdiff.transforms import paste, planting
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.emit import Emitter

__all__ = ["name_of", "shares_of", "takes"]


def shares_of(entries: Any, env: dict[str, Any], s: Bind, back: Emitter, context: Context,
              function: ir.Function) -> list[tuple[str, Any]]:
    """For each variable that may vary its share; `entries` are pairs of a parameter and its own."""
    found: list[tuple[str, Any]] = []
    for name, share in entries:
        given = env.get(name)
        if type(given) is not Var and isinstance(given, (tuple, list)):
            items = share if isinstance(share, (tuple, list)) else \
                back.tuples.get(getattr(share, "name", ""))
            if _is_none(share):
                continue
            if items is None:
                items = [back.call(Ref(stars.item), [share, Const(i)], {}, "item_1")
                         for i in range(len(given))]
            pairs = zip(given, items, strict=True)
        else:
            pairs = ((given, share),)
        for atom, part in pairs:
            if not isinstance(atom, Var) or atom.name not in context.active or _is_none(part):
                continue
            part = paste.asked_for(part, back, f"{atom.name}_bar")
            if getattr(part, "value" if isinstance(part, Const) else "object", 0) is NotImplemented:
                back.out.append(_unknown(s, name, function))
                continue
            found.append((atom.name, part))
    return found


def takes(given: Any, context: Context) -> bool:
    """Whether a cotangent of what a parameter stands for goes anywhere."""
    if type(given) is Var:
        return given.name in context.active
    if isinstance(given, (tuple, list)):
        return any(takes(a, context) for a in given)
    return False


def _is_none(share: Any) -> bool:
    return isinstance(share, Const) and share.value is None


def _unknown(s: Bind, name: str, function: ir.Function) -> Bind:
    return planting.refuse(
        errors.MissingDerivativeError,
        f"the derivative of {name_of(s.fn)} with respect to {name} is not known",
        f"keep {name} constant with sd.stop_gradient, or register a derivative", s.loc)


def name_of(fn: Atom) -> str:
    """What a message calls a function."""
    if isinstance(fn, Ref):
        return fn.spelling or getattr(fn.object, "__qualname__", None) or \
            getattr(fn.object, "__name__", repr(fn.object))
    return getattr(fn, "name", "the function")
