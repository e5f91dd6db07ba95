"""SciPy's `odeint`, in the language that is differentiated (see `standins_equations`).

The values are SciPy's.  Its steps are not told: those of DOP853 with the same tolerances are gone
through, or, where it took implicit ones, those of LSODA.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.runtime.carried_runs import carrying
from s2sdiff.runtime.standins_equations import Dense, solved_steps
from s2sdiff.runtime.standins_explicit import passed_by_odeint, passed_by_stiff_odeint
from s2sdiff.runtime.standins_solved import change_of, check_reads, plainly, refuse, unknown
from s2sdiff.runtime.standins_steps import went

__all__ = ["carries", "integrated", "is_stiff", "odeint", "steps_of_odeint"]

#: What `odeint` tells of how it went and is no count.
VARYING = ("hu", "tcur", "tolsf", "tsw")


def odeint(func: Any, y0: Any, t: Any, args: Any = (), Dfun: Any = None, col_deriv: Any = 0,
           full_output: Any = 0, ml: Any = None, mu: Any = None, rtol: Any = None,
           atol: Any = None, tcrit: Any = None, h0: float = 0.0, hmax: float = 0.0,
           hmin: float = 0.0, ixpr: Any = 0, mxstep: Any = 0, mxhnil: Any = 0,
           mxordn: Any = 12, mxords: Any = 5, printmessg: Any = 0, tfirst: bool = False) -> Any:
    given = args if isinstance(args, tuple) else (args,)
    found, diagnostics = integrated(func, y0, t, {
        "args": args, "Dfun": Dfun, "col_deriv": col_deriv, "ml": ml, "mu": mu, "rtol": rtol,
        "atol": atol, "tcrit": tcrit, "h0": h0, "hmax": hmax, "hmin": hmin, "ixpr": ixpr,
        "mxstep": mxstep, "mxhnil": mxhnil, "mxordn": mxordn, "mxords": mxords,
        "printmessg": printmessg, "tfirst": tfirst})
    within = {"method": "LSODA" if is_stiff(diagnostics) else "DOP853",
              "rtol": 1e-8 if rtol is None else rtol, "atol": 1e-8 if atol is None else atol}
    order = "ty" if tfirst else "yt"
    if is_stiff(diagnostics) and not carries():
        ts, sol = steps_of_odeint(func, y0, t, given, within, tfirst, True)
        same = passed_by_stiff_odeint(func, given, t, y0, ts, sol, order)
    elif is_stiff(diagnostics):
        same = passed_implicitly(func, given, t, y0, within, tfirst)
    else:
        ts = steps_of_odeint(func, y0, t, given, within, tfirst)
        same = passed_by_odeint(func, given, t, y0, ts, order)
    change = change_of(same)
    if not full_output:
        return found + change
    total = np.sum(change)
    info = {name: unknown(x, total, "what odeint tells of how it went has no derivative",
                          "compute with the solution") if name in VARYING else x
            for name, x in diagnostics.items()}
    return found + change, info


def passed_implicitly(func: Any, given: tuple, t: Any, y0: Any, within: dict,
                      tfirst: bool) -> Any:
    f = in_time(func, given, tfirst)
    ts, sol = steps_of_odeint(f, y0, t, (), within, True, True)
    known = (sol, None, ())
    times = [t[0] * 1.0, *[float(s) for s in ts[1:-1]], t[-1] * 1.0]
    states = went(f, times, np.atleast_1d(y0) * 1.0, None, known)
    dense = Dense(sol, ts, f, times, states, None, known)
    return np.stack([dense.at(s * 1.0) for s in t])


def carries() -> bool:
    return carrying() is not None


def in_time(func: Any, given: tuple, tfirst: bool) -> Any:
    if tfirst:
        return lambda s, y: np.asarray(func(s, y, *given))
    return lambda s, y: np.asarray(func(y, s, *given))


def steps_of_odeint(func: Any, y0: Any, t: Any, given: tuple, within: dict, tfirst: bool,
                    between: bool = False) -> Any:
    """Times of steps with SciPy's tolerances, and the solution `between`; no derivative."""
    fun = func if tfirst else lambda s, y, *more: func(y, s, *more)
    _, ts, _, sol = solved_steps(fun, (t[0], t[-1]), np.atleast_1d(y0), {
        **within, "args": given or None, "t_eval": None, "events": None, "dense_output": between})
    return (ts, sol) if between else ts


def integrated(func: Any, y0: Any, t: Any, options: dict) -> Any:
    """What `odeint` gives, and how it went; it has no derivative."""
    import scipy.integrate

    check_reads("odeint", func, options["Dfun"])
    found, info = plainly(scipy.integrate.odeint, func, y0, t, **options, full_output=True)
    if info["message"] != "Integration successful.":
        refuse(f"odeint ended early, {info['message']!r}, and what is no solution has no "
               "derivative", "allow more steps (mxstep=), or larger tolerances")
    return found, info


def is_stiff(diagnostics: dict) -> bool:
    """Whether LSODA took implicit steps."""
    return bool(np.any(diagnostics["mused"] == 2))
