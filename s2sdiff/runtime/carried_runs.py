"""Runs in which values carry tangents, and the error of what such a value cannot do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from s2sdiff.errors import DifferentiationError
from s2sdiff.runtime.batches import RUNS

__all__ = ["Carrying", "carrying", "not_carried", "outside", "running_with"]


class NotCarried(DifferentiationError):
    """What is done can be done to a plain number or array only; it never reaches a user."""


class Carrying:
    """A run in which values carry tangents: one level of derivatives around another run, or none.

    Attributes
    ----------
    failed : what could not be done, if something could not
    trials : what failed in each call that has another way, the innermost last
    done : it is over; what is left of its values somewhere is plain numbers from then on
    """

    __slots__ = ("done", "failed", "level", "outer", "trials")

    def __init__(self, outer: Carrying | None) -> None:
        self.outer = outer
        self.level: int = 1 if outer is None else outer.level + 1
        self.failed: DifferentiationError | None = None
        self.done = False
        self.trials: list[DifferentiationError | None] = []

    def fail(self, error: DifferentiationError) -> DifferentiationError:
        if self.trials:
            self.trials[-1] = error
        else:
            self.failed = self.failed or error
        return error

    def tried(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """A call that changes nothing, and that may be made in another way where it fails."""
        self.trials.append(None)
        try:
            made = fn(*args, **kwargs)
        finally:
            error = self.trials.pop()
        if error is not None:
            raise error
        return made


_running: ContextVar[Carrying | None] = ContextVar("carrying", default=None)

#: The run with tangents that this is in; None for any other.
carrying = _running.get


@contextmanager
def running_with() -> Iterator[Carrying]:
    """A run in which values carry tangents."""
    run = Carrying(_running.get())
    token = _running.set(run)
    RUNS.append(run)  # type: ignore[arg-type]  (that there are some is what is asked)
    try:
        yield run
    finally:
        RUNS.pop()
        _running.reset(token)
        run.done = True


def outside(run: Carrying | None, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """A call as it is made in another run, or in none."""
    token = _running.set(run)
    try:
        return fn(*args, **kwargs)
    finally:
        _running.reset(token)


def not_carried(what: str, run: Carrying) -> DifferentiationError:
    """The error of what a value cannot do while it carries a tangent."""
    return run.fail(NotCarried(f"{what} of a value that carries its tangent"))
