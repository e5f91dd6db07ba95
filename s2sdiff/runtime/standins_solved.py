"""What the stand-ins of SciPy's solvers share (see `standins_scipy`); it has no derivative."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime.carried import CARRIED, class_of, new_array, plain_value
from s2sdiff.runtime.carried_runs import carrying

__all__ = ["check_reads", "jacobian_at", "plainly", "refuse", "root", "rows_at", "slope_at",
           "solved", "unknown", "value_and_pullback", "value_at"]


#: Set by the public API: `opened.opened_call`.
opening: Any = None
#: Set by the compiler: whether calling a function may write what others see.
may_write: Callable[[Any], bool] | None = None


def refuse(reason: str, instead: str) -> None:
    raise refusal(UnsupportedError, reason, instead)


def solved(function: Any, called: Any, *args: Any, **kwargs: Any) -> Any:
    """What SciPy's function gives; it has no derivative."""
    check_reads(function.__name__, called)
    run = carrying()
    if run is not None:
        from s2sdiff.runtime.carried_solutions import solution

        return solution(function, called, args, kwargs, run)
    return function(called, *args, **kwargs)


def plainly(function: Any, *args: Any, **kwargs: Any) -> Any:
    """What a call gives that counts as constant, whatever its arguments carry."""
    if carrying() is None:
        return function(*args, **kwargs)
    from s2sdiff.runtime import carried_solutions

    return carried_solutions.plainly(function, args, kwargs)


def check_reads(name: str, *called: Any) -> None:
    """Refuse functions that may write: they run more often than in the plain call."""
    assert may_write is not None
    for function in called:
        if callable(function) and may_write(function):
            refuse(f"{name} is given a function that may write what others see",
                   "give it one that only returns a value")


def unknown(x: Any, change: Any, reason: str, instead: str) -> Any:
    """Something that changes with `change`, nobody knows how.

    A cotangent of it is refused; its tangent is nan, so that what needs it shows.  It is a copy:
    what shows the same memory has the same cotangent.
    """
    return x.copy() if isinstance(x, np.ndarray) else x


def root(total: Any) -> Any:
    """The square root; its rule gives the slope 0 at 0, as that of a norm does."""
    return np.sqrt(total)


def value_and_pullback(f: Any, args: Any) -> tuple[Any, Any]:
    """With respect to the first argument."""
    from s2sdiff.runtime import calls

    return calls.call((0,), f, *args)


def value_at(f: Any, *args: Any) -> Any:
    """What a user's function gives, also of numbers that carry tangents."""
    if carrying() is None:
        return f(*args)
    from s2sdiff.runtime import by_place

    return by_place.call_by_place(tuple(range(len(args))), f, *args)[0]


def slope_at(f: Any, x: Any, args: tuple) -> float:
    """The derivative of a function of one number; it has no derivative of its own."""
    value, pullback = value_and_pullback(
        lambda u: f(u, *args), (x if type(x) in CARRIED else float(x),))
    slope = pullback(np.ones_like(value) if isinstance(value, np.ndarray) else class_of(value)(1))
    if plain_value(slope) == 0 or not np.isfinite(plain_value(slope)):
        refuse(f"a root where the function's slope is {slope} has no derivative",
               "choose a function that crosses zero there")
    return slope


def jacobian_at(f: Any, x: np.ndarray, args: tuple) -> np.ndarray:
    """The Jacobian of a function of a vector, row by row; it has no derivative of its own."""
    found = rows_at(f, x, args)
    if np.linalg.matrix_rank(plain_value(found)) < x.size:
        refuse("a root where the Jacobian is singular has no derivative",
               "choose equations that determine it")
    return found


def rows_at(f: Any, x: np.ndarray, args: tuple) -> np.ndarray:
    """The same, singular or not."""
    x = x if type(x) in CARRIED else np.array(x, float)
    made = opening(f, (x, *args), {}) if carrying() is not None else None
    if made is not None:
        # What it captures is an argument: its code is seen through.
        value, pullback = value_and_pullback(*made)
    else:
        value, pullback = value_and_pullback(lambda u: np.ravel(np.asarray(f(u, *args))), (x,))
    # Where numbers carry tangents, all that the pullback adds up is to carry one.
    start = value * 0.0 if type(value) in CARRIED else 0.0
    return new_array([pullback(start + row) for row in np.eye(value.size)])
