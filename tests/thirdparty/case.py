"""One entry of the tables: a published function and arguments to take its derivative at."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Case", "case"]


@dataclass(frozen=True)
class Case:
    """A function and a call of it.

    Attributes
    ----------
    name : the dotted name under which the package publishes the function
    function : what is differentiated: the function itself, or a few lines that call it
    args : the arguments that derivatives are taken for, with the integers and strings among them
    held : keyword arguments, which are held constant
    """

    name: str
    function: Callable[..., Any]
    args: tuple[Any, ...]
    held: dict[str, Any] = field(default_factory=dict)

    @property
    def package(self) -> str:
        return self.name.partition(".")[0]


def case(name: str, *args: Any, by: Callable[..., Any] | None = None, **held: Any) -> Case:
    """The call `name(*args, **held)`, or `by(*args, **held)`, which calls what `name` says."""
    function = pkgutil.resolve_name(name)
    return Case(name, by or function, args, held)
