"""SciPy's solvers of differential equations, in the language that is differentiated.

The values are SciPy's, and so are its steps, which count as constant.  What is added is zero and
has the derivative: an explicit method is gone through again, step by step; of the others the same
steps are taken by the Radau IIA method of order 7 (E. Hairer and G. Wanner, Solving Ordinary
Differential Equations II, section IV.5), linear about the solution that is known.  An event is a
root in time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from s2sdiff.runtime.carried import class_of, new_array, plain_value
from s2sdiff.runtime.carried_runs import carrying
from s2sdiff.runtime.markers import stop_gradient
from s2sdiff.runtime.standins_explicit import passed
from s2sdiff.runtime.standins_pilots import with_shown
from s2sdiff.runtime.standins_solved import (
    change_of,
    check_reads,
    counted,
    left_alone,
    plainly,
    refuse,
    value_and_pullback,
    value_at,
    writes,
)
from s2sdiff.runtime.standins_steps import EXPLICIT, between, interval_of, step, tableau, went

__all__ = ["Dense", "ended", "event_slope", "event_value", "events_of", "flow",
           "goes_by_name", "led_time", "solve_ivp", "solved_steps"]

_IMPLICIT = ("Radau", "BDF", "LSODA")


# ------------------------------------------------------------- what has no derivative of its own


def solved_steps(fun: Any, t_span: Any, y0: Any, options: dict) -> Any:
    """What SciPy gives, the times of steps, which of them are its own, and the solution between.

    It has no derivative.
    """
    import scipy.integrate

    method = options["method"]
    if not (method in EXPLICIT or method in _IMPLICIT):
        refuse(f"solve_ivp with the method {method!r} has no derivative here",
               f"choose one of {', '.join(EXPLICIT + _IMPLICIT)}, by its name")
    plain = counted(scipy.integrate.solve_ivp, fun, t_span, y0, **options)
    if writes(fun):
        fun = left_alone(fun)
    if plain.status < 0:
        refuse(f"solve_ivp ended early, {plain.message!r}, and what is no solution has no "
               "derivative", "choose another method, or a shorter span")
    if method not in EXPLICIT and np.iscomplexobj(plain.y):
        refuse(f"solve_ivp with the method {method} and complex values has no derivative here",
               "write real and imaginary parts apart, or choose RK45")
    own, sol = plain.t, plain.sol
    if sol is None and not (options["t_eval"] is None and method in EXPLICIT):
        sol = plainly(scipy.integrate.solve_ivp, fun, t_span, y0,
                      **{**options, "dense_output": True}).sol
    if sol is not None:
        own = sol.ts
    ts = plainly(with_shown, fun, t_span, y0, options, own, plain.nfev)
    return plain, ts, np.flatnonzero(np.isin(ts, own)), sol


def goes_by_name(options: dict) -> bool:
    """Whether all that is asked of the steps are states, and so their function is only called.

    Numbers that carry tangents go another way through implicit steps.
    """
    return options["events"] is None and not (
        options["dense_output"] or options["vectorized"] or np.size(options["t_eval"]) == 0) and (
        options["method"] in EXPLICIT or carrying() is None)


def events_of(events: Any) -> tuple:
    return () if events is None else (events,) if callable(events) else tuple(events)


def ended(found: Any, events: Any) -> int:
    """Which event ended the integration; -1 if none did.

    It is the one that was met last, as often as it may be met at most.
    """
    if found.status != 1:
        return -1
    met = [k for k, e in enumerate(events_of(events)) if getattr(e, "terminal", False)
           and len(found.t_events[k]) >= int(e.terminal)]
    return max(met, key=lambda k: abs(found.t_events[k][-1] - found.t[0]), default=-1)


def event_slope(event: Any, f: Any, t: float, y: Any, args: tuple) -> Any:
    """How fast an event's function changes along the solution."""
    value, pullback = value_and_pullback(lambda u: event(u[0], u[1:], *args),
                                         (new_array([t, *y]),))
    slopes = pullback(np.ones_like(value) if isinstance(value, np.ndarray)
                      else class_of(value)(1))
    slope = slopes[0] + slopes[1:] @ value_at(f, t, y)
    if plain_value(slope) == 0 or not np.isfinite(plain_value(slope)):
        refuse(f"an event whose function has the slope {slope} there has no derivative in time",
               "choose an event that crosses zero")
    return slope


def flow(f: Any, t: Any, y: Any) -> Any:
    """How fast the solution changes in time."""
    return value_at(f, t, y)


def led_time(event: Any, f: Any, dense: Any, time: float, args: tuple) -> Any:
    """The time of an event, with the tangent that it has where numbers carry theirs."""
    run = carrying()
    if run is None:
        return time
    from s2sdiff.runtime import carried_solutions

    return carried_solutions.event_time(event, f, dense, time, args, run)


@dataclass(frozen=True, eq=False)
class Dense:
    """Stands for SciPy's `OdeSolution`."""

    sol: Any
    ts: Any
    f: Any
    times: Any
    states: Any
    table: Any
    known: Any

    def __call__(self, t: Any) -> Any:
        at = np.asarray(t)
        if np.ndim(at) == 0:
            same = self.at(at * 1.0)
        else:
            same = np.stack([self.at(at[i] * 1.0) for i in range(len(at))], axis=-1)
        return between(self.sol, at) + change_of(same)

    def at(self, t: Any) -> Any:
        n = interval_of(self.ts, stop_gradient(t))
        return step(self.f, self.times[n], self.states[n], t - self.times[n], self.table,
                    self.known)

    @property
    def t_min(self) -> Any:
        return self.sol.t_min

    @property
    def t_max(self) -> Any:
        return self.sol.t_max


# ------------------------------------------------------------------------------------- solutions


def at_event(event: Any, f: Any, dense: Any, time: float, args: tuple) -> tuple[Any, Any]:
    """The time of an event and the state there: a root along the solution."""
    time = led_time(event, f, dense, time, args)
    y = dense.at(time)
    value = event(time, y, *args)
    slope = event_slope(event, f, time, y, args)
    late = change_of(value) / slope
    late = np.sum(late)
    return time - late, y - late * flow(f, time, y)


def event_value(event: Any, dense: Any, time: Any, args: tuple) -> Any:
    return np.sum(event(time, dense.at(time), *args))


def column(f: Any, args: tuple, vectorized: bool) -> Any:
    """The right-hand side as a function of a time and a vector."""
    if vectorized:
        return lambda t, y: np.ravel(f(t, np.reshape(y, (-1, 1)), *args))
    return lambda t, y: np.asarray(f(t, y, *args))


def solve_ivp(fun: Any, t_span: Any, y0: Any, method: Any = "RK45", t_eval: Any = None,
              dense_output: bool = False, events: Any = None, vectorized: bool = False,
              args: Any = None, **options: Any) -> Any:
    check_reads("solve_ivp", options.get("jac"), *events_of(events))
    found, t, y, sol, t_events, y_events = solution(fun, t_span, y0, {
        "method": method, "t_eval": t_eval, "dense_output": dense_output, "events": events,
        "vectorized": vectorized, "args": args, **options})
    found.t, found.y, found.sol = t, y, sol
    found.t_events, found.y_events = t_events, y_events
    return found


def solution(fun: Any, t_span: Any, y0: Any, options: dict) -> Any:
    method, t_eval, events = options["method"], options["t_eval"], options["events"]
    given = () if options["args"] is None else tuple(options["args"])
    found, ts, own, sol = solved_steps(fun, t_span, y0, options)
    if writes(fun):
        fun = left_alone(fun)
    if goes_by_name(options):
        times, states = passed(fun, given, method, t_span, t_eval, y0, ts, own, sol,
                               options.get("jac"))
        return (found, found.t + change_of(times),
                found.y + np.transpose(change_of(states)), None, None, None)
    f = column(fun, given, options["vectorized"])
    known = (sol, options.get("jac"), given)
    start, end = t_span
    last = ended(found, events)
    times = [start * 1.0, *[float(t) for t in ts[1:-1]], float(ts[-1]) if last >= 0 else end * 1.0]
    table = tableau(method)
    states = went(f, times, np.asarray(y0) * 1.0, table, known)
    dense = Dense(sol, ts, f, times, states, table, known)
    t_events, y_events = None, None
    if events is not None:
        met = [[at_event(event, f, dense, float(t), given) for t in found.t_events[k]]
               for k, event in enumerate(events_of(events))]
        if last >= 0:
            times = [*times[:-1], met[last][-1][0]]
            states = [*states[:-1], met[last][-1][1]]
        t_events = [with_rows(found.t_events[k], [m[0] for m in met[k]]) for k in range(len(met))]
        y_events = [with_rows(found.y_events[k], [m[1] for m in met[k]]) for k in range(len(met))]
    if t_eval is None:
        times, states = [times[i] for i in own], [states[i] for i in own]
    else:
        times = [t * 1.0 for t in t_eval[:len(found.t)]]
        states = [dense.at(t) for t in times]
    return (found, with_rows(found.t, times),
            np.transpose(with_rows(np.transpose(found.y), states)),
            dense if options["dense_output"] else None, t_events, y_events)


def with_rows(value: Any, same: list) -> Any:
    """An array with the derivative of a list of the same rows."""
    if len(same) == 0:
        return value
    rows = np.stack(same)
    return value + change_of(rows)
