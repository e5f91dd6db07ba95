"""The operators that users write inside functions: identities with a derivative of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from s2sdiff.runtime.batches import RUNS
from s2sdiff.runtime.carried import plain_value
from s2sdiff.runtime.carried_runs import carrying
from s2sdiff.runtime.side_by_side import mapped

__all__ = ["stop_gradient", "with_derivative"]


def stop_gradient(x: Any) -> Any:
    """The identity with derivative zero, on any value and structure.

    Examples
    --------
    >>> import s2sdiff as sd
    >>> sd.grad(lambda x: x * sd.stop_gradient(x))(3.0)
    3.0
    """
    return x if not RUNS or carrying() is None else mapped(
        lambda _, v: plain_value(v), "stop_gradient", x, keeps=lambda v: v)


def with_derivative(x: Any, fn: Callable[[Any], Any]) -> Any:
    """The identity; on the way back `fn(cotangent)` is called.

    A result other than None replaces the cotangent, and a cotangent array that `fn` changes in
    place counts (`fn` gets a private copy).  It is called once per use, and not at all where that
    use does not reach the result.

    Examples
    --------
    >>> import s2sdiff as sd
    >>> sd.grad(lambda x: sd.with_derivative(x * x, lambda v: 10.0 * v))(3.0)
    60.0
    """
    return x


for _marker in (stop_gradient, with_derivative):
    _marker.__s2sdiff_kind__ = "first"  # type: ignore[attr-defined]
