"""Rules that are in force inside of a `with` block only."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from s2sdiff.errors import RuleError
from s2sdiff.registration import check, targets
from s2sdiff.registry import Rule, key_of, overlay

__all__ = ["derivatives"]


@contextmanager
def derivatives(rules: Mapping[Any, Callable[..., Any]]) -> Iterator[None]:
    """Put derivatives in force for the calls made inside the `with` block, in this context only.

    Parameters
    ----------
    rules : mapping from a callable to its rule, a function returning `(value, pullback)`

    Examples
    --------
    >>> import numpy as np, s2sdiff as sd
    >>> with sd.derivatives({np.sign: lambda x: (np.sign(x), lambda y_bar: y_bar)}):
    ...     print(sd.grad(lambda x: 3.0 * np.sign(x))(2.0))
    3.0
    """
    if not isinstance(rules, Mapping):
        raise RuleError(f"derivatives: expected a dict, got {type(rules).__name__}. Instead, pass "
                        "{function: derivative}.")
    _, outer = overlay.get()
    scoped = dict(outer)
    kept = []
    for target, function in rules.items():
        check(function, target, None, "vjp")
        (target,) = targets([target])
        kept.append(target)
        scoped[key_of(target)] = {"vjp": Rule(target, function)}
    token = (tuple(sorted((str(k), id(v["vjp"].function)) for k, v in scoped.items())), kept)
    reset = overlay.set((_Token(token[0], kept), scoped))
    try:
        yield
    finally:
        overlay.reset(reset)


class _Token:
    """Equal for equal sets of rules, so that code compiled in one `with` block serves the next."""

    __slots__ = ("kept", "key")

    def __init__(self, key: tuple, kept: list[Any]) -> None:
        self.key, self.kept = key, kept

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Token) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)
