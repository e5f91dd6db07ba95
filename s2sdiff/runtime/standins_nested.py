"""SciPy's integrals over several variables, in the language that is differentiated.

They are sums over the last variable of sums over those before it (see `standins_integrals`).
"""

from __future__ import annotations

from typing import Any

from s2sdiff.runtime.markers import stop_gradient
from s2sdiff.runtime.standins_integrals import (
    FEW,
    POINTS,
    checked,
    estimate,
    pieces,
    subintervals,
    summed,
)
from s2sdiff.runtime.standins_solved import change_of, check_reads, plainly

__all__ = ["dblquad", "integrated", "nodes_of", "nquad", "options_of", "tplquad"]


def plain_inner(func: Any, ranges: Any, options: Any, outer: tuple, given: tuple) -> Any:
    """The integral over the first variables, as SciPy takes it; it has no derivative."""
    import scipy.integrate

    if len(ranges) == 0:
        return func(*outer, *given)
    return scipy.integrate.nquad(func, ranges, args=(*outer, *given), opts=list(options))[0]


def nodes_of(func: Any, a: Any, b: Any, options: dict) -> Any:
    """The integral, its subintervals, and how many points each needs; no derivative."""
    return plainly(_nodes, func, a, b, options)


def _nodes(func: Any, a: Any, b: Any, options: dict) -> Any:
    found, starts, ends = subintervals(func, a, b, (), options, plainly)
    cuts = pieces(starts, ends, options)
    few = summed(func, a, b, (), cuts, options, FEW)
    return found, cuts, FEW if abs(few - found[0]) <= 1e-12 * abs(found[0]) else POINTS


def options_of(opts: Any, count: int) -> list:
    """Options of each variable, as `nquad` reads them."""
    if opts is None:
        return [{} for _ in range(count)]
    return [opts] * count if isinstance(opts, dict) else list(opts)


def nested_integral(func: Any, ranges: Any, options: Any, outer: tuple, given: tuple) -> Any:
    """The sum over the last of the variables that are left, of sums over those before it."""
    k = len(ranges) - 1
    limits, chosen = ranges[k], options[k]
    both: Any = limits(*outer, *given) if callable(limits) else limits
    low, high = both
    taken: Any = chosen(*outer, *given) if callable(chosen) else chosen
    fixed = stop_gradient(outer), stop_gradient(given)
    found, cuts, count = nodes_of(
        lambda x: plain_inner(func, ranges[:k], options[:k], (x, *fixed[0]), fixed[1]),
        stop_gradient(low), stop_gradient(high), taken)
    if k == 0:
        total = summed(func, low, high, (*outer, *given), cuts, taken, count)
    else:
        total = summed(
            lambda x: nested_integral(func, ranges[:k], options[:k], (x, *outer), given),
            low, high, (), cuts, taken, count)
    checked(total, found, taken)
    return total


def nquad(func: Any, ranges: Any, args: Any = None, opts: Any = None,
          full_output: bool = False) -> Any:
    options = options_of(opts, len(ranges))
    check_reads("nquad", func, *ranges, *options)
    return integral(func, ranges, args, options, full_output)


def integral(func: Any, ranges: Any, args: Any, options: list, full_output: bool) -> Any:
    given = () if args is None else args if isinstance(args, tuple) else (args,)
    found = integrated(func, ranges, given, options, full_output)
    total = nested_integral(func, ranges, options, (), given)
    change = float(change_of(total))
    return (found[0] + change, estimate(found[1], change), *found[2:])


def integrated(func: Any, ranges: Any, given: tuple, options: list, full_output: bool) -> Any:
    """What `nquad` gives; it has no derivative."""
    import scipy.integrate

    return plainly(scipy.integrate.nquad, func, ranges, given, options, full_output)


def dblquad(func: Any, a: Any, b: Any, gfun: Any, hfun: Any, args: Any = (),
            epsabs: float = 1.49e-8, epsrel: float = 1.49e-8) -> Any:
    check_reads("dblquad", func, gfun, hfun)

    def first(x: Any, *rest: Any) -> Any:
        return (gfun(x) if callable(gfun) else gfun, hfun(x) if callable(hfun) else hfun)

    return integral(func, [first, [a, b]], args, options_of(
        {"epsabs": epsabs, "epsrel": epsrel}, 2), False)


def tplquad(func: Any, a: Any, b: Any, gfun: Any, hfun: Any, qfun: Any, rfun: Any, args: Any = (),
            epsabs: float = 1.49e-8, epsrel: float = 1.49e-8) -> Any:
    check_reads("tplquad", func, gfun, hfun, qfun, rfun)

    def first(y: Any, x: Any, *rest: Any) -> Any:
        return (qfun(x, y) if callable(qfun) else qfun, rfun(x, y) if callable(rfun) else rfun)

    def second(x: Any, *rest: Any) -> Any:
        return (gfun(x) if callable(gfun) else gfun, hfun(x) if callable(hfun) else hfun)

    return integral(func, [first, second, [a, b]], args, options_of(
        {"epsabs": epsabs, "epsrel": epsrel}, 3), False)
