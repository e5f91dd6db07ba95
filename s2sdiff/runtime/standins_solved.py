"""What the stand-ins of SciPy's solvers share (see `standins_scipy`); it has no derivative."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime.bound_names import names_bound
from s2sdiff.runtime.carried import CARRIED, class_of, new_array, plain_value
from s2sdiff.runtime.carried_runs import carrying
from s2sdiff.runtime.solver_states import state_of

__all__ = ["change_of", "check_near", "check_reads", "counted", "counts", "jacobian_at",
           "known_once", "left_alone", "left_by", "noted", "plainly", "put_back", "refuse",
           "root", "root_by", "rows_at", "slope_at", "slopes_at", "solved", "unknown",
           "value_and_pullback", "value_at", "writes"]

#: How far a root may be from where one step of Newton's leads, in units of its own.
_NEAR = 1e-3


#: By identity: functions whose results are constant in one derivative, and move in the next.
known_once: dict[int, Any] = {}
#: Set by the public API: `opened.opened_call`.
opening: Any = None
#: Set by the compiler: whether calling a function may write what others see.
may_write: Callable[[Any], bool] | None = None


def refuse(reason: str, instead: str) -> None:
    raise refusal(UnsupportedError, reason, instead)


def solved(function: Any, called: Any, *args: Any, **kwargs: Any) -> Any:
    """What SciPy's function gives; it has no derivative."""
    return counted(function, called, *args, **kwargs)


def root_by(name: str, called: Any, value: Any, given: tuple, args: tuple, options: dict) -> Any:
    """What SciPy's function finds, a root of `value(x, *given)`; it has no derivative."""
    import scipy.optimize

    run, function = carrying(), getattr(scipy.optimize, name)
    if run is not None:
        from s2sdiff.runtime.carried_solutions import solution

        check_reads(name, called, *args, *options.values())
        return solution(function, called, value, given, args, options, run)
    return counted(function, called, *args, **options)


def plainly(function: Any, *args: Any, **kwargs: Any) -> Any:
    """What a call gives that counts as constant, whatever its arguments carry."""
    if carrying() is None:
        return function(*args, **kwargs)
    from s2sdiff.runtime import carried_solutions

    return carried_solutions.plainly(function, args, kwargs)


def check_reads(name: str, *called: Any) -> None:
    """Refuse functions that may write: they run more often than in the plain call."""
    if any(writes(f) and not _counts(f) for f in called):
        refuse_writes(name)


def refuse_writes(name: str) -> None:
    refuse(f"{name} is given a function that may write what others see",
           "give it one that writes nothing, or only counts: integers and texts")


def writes(function: Any) -> bool:
    """Whether something is called that may write what others see; it has no derivative."""
    assert may_write is not None
    return callable(function) and (may_write(function) or counts(function))


def _counts(function: Any) -> bool:
    """Nothing but a global name is counted up, which is no write to the compiler."""
    assert may_write is not None
    return counts(function) and not may_write(function)


def counts(function: Any) -> bool:
    """A global name gets a new value in it, which is no write to the compiler where that counts."""
    while isinstance(function, functools.partial):
        function = function.func
    code = getattr(getattr(function, "__func__", function), "__code__", None)
    return code is not None and _binds_names(code)


@functools.lru_cache(maxsize=1024)
def _binds_names(code: Any) -> bool:
    return bool(names_bound(code))


def counted(function: Any, /, *args: Any, unwatched: tuple[str, ...] = (), **kwargs: Any) -> Any:
    """What a plain run of a solver gives; refuse that functions write what has a derivative.

    That is what they lead to, and what they are given.  It has no derivative.
    """
    name = function.__name__
    writing = [f for f in (*args, *[a for k, a in kwargs.items() if k not in unwatched])
               if writes(f)]
    state = state_of(*writing) if writing and carrying() is None else None
    if state is None:
        # Where numbers carry tangents the run has copies of what holds some.
        if not all(map(_counts, writing)):
            refuse_writes(name)
        return plainly(function, *args, **kwargs)
    own = {id(f): _watched(name, f) for f in writing}
    try:
        with state.locked():
            return function(*[own.get(id(a), a) for a in args],
                            **{k: own.get(id(a), a) for k, a in kwargs.items()})
    except ValueError as error:
        if "read-only" in str(error):
            refuse_writes(name)
        raise
    finally:
        if not state.is_still():
            refuse_writes(name)


def _watched(name: str, f: Any) -> Any:
    @functools.wraps(f)
    def call(*args: Any, **kwargs: Any) -> Any:
        before = state_of(*args, *kwargs.values())
        made = f(*args, **kwargs)
        if before is None or not before.is_still():
            refuse_writes(name)
        return made

    return call


def left_alone(f: Any) -> Any:
    """The function for runs that no plain call makes: they leave its counts as they are."""
    if not writes(f):
        return f

    def once(*args: Any) -> Any:
        before = noted(f, args)
        value = f(*args)
        put_back(before)
        return value

    return once


def noted(f: Any, args: tuple) -> Any:
    """What a function leads to, and what it is given; it has no derivative."""
    return state_of(f, args)


def put_back(before: Any) -> None:
    """What was noted; it has no derivative."""
    if before is None:
        return  # a global name that counts, where numbers carry tangents
    if not before.is_still():
        refuse_writes("a solver")
    before.put_back()


def change_of(x: Any) -> Any:
    """Zero, that has the derivative of a number or an array.

    Written out, it would be a difference of two names of one memory.
    """
    return x - plain_value(x)


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


def check_near(step: Any, x: Any) -> None:
    """Refuse what is no root; it has no derivative of its own."""
    if not np.all(np.abs(plain_value(step)) <= _NEAR * (1.0 + np.abs(plain_value(x)))):
        refuse("the search ended where there is no root",
               "let it search longer, or begin closer to the root")


def slope_at(f: Any, x: Any, args: tuple) -> Any:
    """The derivative of a function of one number; it has no derivative of its own."""
    slope = any_slope_at(f, x, args)
    check_crossing(slope)
    return slope


def any_slope_at(f: Any, x: Any, args: tuple) -> Any:
    """The same, which may be zero."""
    number = x if type(x) in CARRIED else complex(x) if np.iscomplexobj(x) else float(x)
    value, pullback = value_and_pullback(lambda u: f(u, *args), (number,))
    one = np.ones_like(value) if isinstance(value, np.ndarray) else class_of(value)(1)
    slope = pullback(one)
    if type(number) is complex:
        check_proportional(pullback(one * 1j), slope * 1j, "is not holomorphic")
    return slope


def slopes_at(f: Any, x: Any, args: tuple) -> Any:
    """Those of as many functions, each of a number of its own; they have no derivative."""
    number = x if type(x) in CARRIED else np.array(x, np.result_type(x, float))
    value, pullback = value_and_pullback(lambda u: f(u, *args), (number,))
    slopes = pullback(np.ones_like(value))
    check_crossing(slopes)
    # Unequal weights come back as they are where no number matters to the function of another.
    weights = np.reshape(1.0 + np.sqrt(np.arange(1.0, np.size(x) + 1.0)), np.shape(x))
    check_proportional(pullback(np.ones_like(value) * weights), slopes * weights,
                       "is no function of each number alone")
    if np.iscomplexobj(plain_value(x)):
        check_proportional(pullback(np.ones_like(value) * 1j), slopes * 1j, "is not holomorphic")
    return slopes


def check_crossing(slopes: Any) -> None:
    if np.any(plain_value(slopes) == 0) or not np.all(np.isfinite(plain_value(slopes))):
        refuse(f"a root where the function's slope is {slopes} has no derivative",
               "choose a function that crosses zero there")


def check_proportional(found: Any, expected: Any, reason: str) -> None:
    found, expected = plain_value(found), plain_value(expected)
    if not np.allclose(found, expected, 1e-7, 1e-9 * np.max(np.abs(expected))):
        refuse(f"a root of what {reason} has no derivative here",
               "call scipy.optimize.root, for equations of several real numbers")


def jacobian_at(f: Any, x: np.ndarray, args: tuple) -> np.ndarray:
    """The Jacobian of a function of a vector, row by row; it has no derivative of its own."""
    found = rows_at(f, x, args)
    if np.linalg.matrix_rank(plain_value(found)) < x.size:
        refuse("a root where the Jacobian is singular has no derivative",
               "choose equations that determine it")
    return found


def left_by(f: Any, x: Any, args: tuple) -> Any:
    """The Jacobian of `x - f(x)`, at a fixed point; it has no derivative of its own."""
    rows = rows_at(f, x, args) if np.ndim(x) else np.reshape(
        any_slope_at(f, x, args), (1, 1))
    left = np.eye(np.size(x)) - rows
    if np.linalg.matrix_rank(plain_value(left)) < np.size(x):
        refuse("a fixed point where the function has the slope 1 has no derivative",
               "choose a function that crosses the diagonal there")
    return left


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
    found = new_array([pullback(start + row) for row in np.eye(value.size)])
    return found if found.ndim <= 2 else np.reshape(found, (len(found), -1))
