"""Context managers in forward mode: entered and left by calls that have tangents."""

from __future__ import annotations

import contextlib
from typing import Any

from s2sdiff.errors import DifferentiationError
from s2sdiff.runtime.dots import Dots
from s2sdiff.runtime.managers import carried
from s2sdiff.runtime.pushed_by_place import push_in
from s2sdiff.runtime.standins_managers import converted

__all__ = ["entered_in"]


def entered_in(dots: Dots, manager: Any, manager_dot: Any) -> tuple[Any, Any, Any]:
    """What leaves a manager at the end of a `with`; what entering it has given, and its tangent."""
    if type(manager) is contextlib._GeneratorContextManager:
        manager = converted(manager)
    cls = type(manager)
    if not hasattr(cls, "__enter__") or not hasattr(cls, "__exit__"):
        with manager:  # which raises what Python raises
            raise AssertionError("unreachable")
    leave = cls.__exit__
    value, dot = push_in(dots, (0,), (manager_dot,), cls.__enter__, manager)
    return _Leaving(dots, leave, manager, manager_dot), value, dot


class _Leaving:
    """Leaves a manager as Python does; it never ends a refusal."""

    __slots__ = ("dot", "dots", "leave", "manager")

    def __init__(self, dots: Dots, leave: Any, manager: Any, dot: Any) -> None:
        self.dots, self.leave, self.manager, self.dot = dots, leave, manager, dot

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: Any, trace: Any) -> Any:
        refused = isinstance(error, DifferentiationError)
        if error is not None and not refused:
            carried(error)
        ended, _ = push_in(self.dots, (0,), (self.dot,), self.leave, self.manager, kind, error,
                           trace)
        return False if refused else ended
