"""Where steps of a differential equation are too long for what moves.

SciPy chooses them by the errors of the solution.  One that stays where it is has none, however
long they are: a system at rest, or one whose force has the factor 0; the derivative of such steps
is that of no solution.  So the equation is solved once more together with how a change of the
initial state and of all numbers in the function goes on (E. Hairer, S. P. Norsett and G. Wanner,
Solving Ordinary Differential Equations I, section I.14), by a quotient of differences, and where
that takes steps that are much shorter, the derivative takes these.
"""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["with_shown"]

#: How far numbers are moved, in units of their own; what is told apart is much larger.
_MOVED = 1e-5
#: So many times of steps lie in one that is too long: of high order, the error of one twice as
#: long is 256 times as large.
_SHORTER, _SHORTER_OF_HIGH_ORDER = 3, 2
#: So often the function is called at most, for each call of the solver's and in any case.
_CALLS, _CALLS_AT_LEAST = 20, 20_000
_FORWARDED = ("max_step", "first_step", "min_step")


def with_shown(fun: Any, t_span: Any, y0: Any, options: dict, ts: Any, calls: int) -> np.ndarray:
    """The times of steps, with those between them that what moves asks for."""
    y0 = np.asarray(y0)
    if y0.ndim != 1 or y0.size == 0 or len(ts) < 2:
        return np.asarray(ts)
    try:
        with np.errstate(all="ignore"):
            shown = _shown(fun, t_span, y0, options, _CALLS * calls + _CALLS_AT_LEAST)
    except Exception:
        # Beside the solution a function may be undefined, or another one; then nothing is shown.
        return np.asarray(ts)
    way = 1.0 if ts[-1] >= ts[0] else -1.0
    place = np.searchsorted(way * np.asarray(ts), way * shown)
    inside = (place > 0) & (place < len(ts)) & ~np.isin(shown, ts)
    least = _SHORTER_OF_HIGH_ORDER if options["method"] == "DOP853" else _SHORTER
    many = np.bincount(place[inside], minlength=len(ts) + 1) >= least
    more = shown[inside & many[place]]
    return way * np.sort(way * np.concatenate([ts, more]))


def _shown(fun: Any, t_span: Any, y0: np.ndarray, options: dict, most: int) -> np.ndarray:
    """The times of the steps that the solution takes together with what moves."""
    import scipy.integrate

    from s2sdiff.runtime.mapped_numbers import mapped

    args, n, random = tuple(options.get("args") or ()), len(y0), np.random.default_rng(0)
    beside, beside_args = mapped((fun, args), lambda x: _beside(x, random), lambda x: x)
    y0 = np.array(y0, np.result_type(y0, float))
    left = [most]

    def slope(f: Any, given: tuple, t: Any, y: np.ndarray) -> np.ndarray:
        left[0] -= 1
        if left[0] < 0:
            raise ArithmeticError("too many steps")
        found = f(t, y[:, None], *given) if options.get("vectorized") else f(t, y, *given)
        return np.ravel(np.asarray(found))

    def both(t: Any, z: np.ndarray) -> np.ndarray:
        y, moved = z[:n], z[n:]
        here = slope(fun, args, t, y)
        return np.concatenate([here, (slope(beside, beside_args, t, y + _MOVED * moved) - here)
                               / _MOVED])

    def rows(t: Any, z: np.ndarray) -> np.ndarray:
        y, found = z[:n], np.zeros((2 * n, 2 * n))
        here, h = slope(fun, args, t, y), 1e-7 * (1.0 + np.abs(y))
        for j in range(n):
            found[:n, j] = found[n:, n + j] = (
                slope(fun, args, t, y + h * (np.arange(n) == j)) - here) / h[j]
        return found

    moved = (_beside(y0, random) - y0) / _MOVED
    method, rtol = options["method"], max(options.get("rtol", 1e-3), 1e-6)
    given: dict[str, Any] = {k: options[k] for k in _FORWARDED if options.get(k) is not None}
    if method not in ("RK23", "RK45", "DOP853"):
        given["jac"] = rows
    found = scipy.integrate.solve_ivp(
        both, t_span, np.concatenate([y0, moved]), method=method, rtol=rtol,
        atol=np.concatenate([np.broadcast_to(options.get("atol", 1e-6), (n,)),
                             0.1 * rtol * np.abs(moved)]),
        **given)
    return found.t if found.status == 0 else found.t[:0]


def _beside(x: Any, random: np.random.Generator) -> Any:
    """Numbers close to these; those that are zero are moved up, where more is defined."""
    kind = np.result_type(x)
    if kind.kind not in "fc" or np.size(x) == 0:
        return x
    sizes = np.abs(x)
    largest = np.max(sizes)
    scale = np.maximum(sizes, largest if largest > 0 else 1.0)
    way = np.where(sizes > 0, random.choice([-1.0, 1.0], np.shape(x)), 1.0)
    by = _MOVED * scale * way * random.uniform(0.5, 1.0, np.shape(x))
    return np.asarray(x + by, kind) if isinstance(x, np.ndarray) else type(x)(x + by)
