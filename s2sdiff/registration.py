"""What a registration says is checked: that there is such a target, and such parameters."""

from __future__ import annotations

import inspect
from typing import Any

from s2sdiff.errors import RuleError

__all__ = ["check", "parameters", "targets"]


def targets(of: Any) -> list[Any]:
    """The functions that a derivative is for, in a list."""
    found = of if isinstance(of, (list, tuple)) else [of]
    return [getattr(t, "__s2sdiff_target__", t) for t in found]


def check(function: Any, of: Any, wrt: Any, mode: str,
          writes: Any = None) -> tuple[str, ...] | None:
    """The names that `wrt` means, after all else has been looked at."""
    if mode not in ("vjp", "jvp", "out"):
        raise RuleError(f"derivative(mode={mode!r}): no such mode. Instead, say 'vjp' or 'jvp'.")
    for target in targets(of):
        if not (callable(target) or isinstance(target, property)
                or inspect.isdatadescriptor(target)):
            raise RuleError(
                f"derivative(of={target!r}): a {type(target).__name__} is not callable. "
                "Instead, name a function, a method of a class or a property."
            )
        if getattr(target, "__name__", "") == "__init__" and writes is None:
            raise RuleError(
                f"derivative(of={getattr(target, '__qualname__', target)}): __init__ writes into "
                "its first argument. Instead, register a derivative of the class itself, which "
                "returns (object, pullback), or say writes='self'."
            )
    if not callable(function):
        raise RuleError(
            f"derivative: the rule is a {type(function).__name__}. Instead, decorate a function."
        )
    return None if wrt is None else parameters(function, "wrt", wrt)


def parameters(function: Any, option: str, wanted: Any) -> tuple[str, ...]:
    """The names of the rule's parameters that `wrt` or `writes` speak of."""
    names = list(inspect.signature(function).parameters)
    chosen = []
    for w in wanted if isinstance(wanted, (tuple, list)) else (wanted,):
        if isinstance(w, int) and not isinstance(w, bool) and -len(names) <= w < len(names):
            w = names[w]
        if w not in names:
            raise RuleError(
                f"derivative({option}={wanted!r}): the rule has no parameter {w!r}, only "
                f"{', '.join(names)}. Instead, name one of these."
            )
        chosen.append(w)
    return tuple(chosen)
