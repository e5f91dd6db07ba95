"""Measure the text generated for single functions against derivatives written by hand.

    python -m benchmarks.rules              all of them
    python -m benchmarks.rules exp "x[1:]"  these
    python -m benchmarks.rules --quick      fewer rounds, for a look
    python -m benchmarks.rules --text exp   print what is timed

Timed is the generated text, without the few hundred nanoseconds in which `sd.grad` finds it, and
compares the gradient's shape where the text does not (`benchmarks.warm` measures both).  All
numbers are best of times taken in one process, turn by turn.
"""

from __future__ import annotations

import argparse
import platform
from typing import Any

import numpy as np

import s2sdiff as sd
from benchmarks import rule_algebra, rule_arrays, rule_shapes
from benchmarks.measure import disagreement, race, settle_allocator
from benchmarks.warm import generated

__all__ = ["CASES", "contestants_of", "main"]

CASES = (*rule_arrays.CASES, *rule_shapes.CASES, *rule_algebra.CASES)


def contestants_of(case: Any, arguments: tuple[Any, ...]) -> dict[str, Any]:
    """The function, its derivative by hand, and the generated text, as calls without arguments."""
    sd.grad(case.primal, wrt=case.wrt)(*arguments)
    text = generated(case.primal, "grad")
    return {
        "primal": lambda: case.primal(*arguments),
        "hand": lambda: case.hand(*arguments),
        "ours": lambda: text(*arguments),
    }


def options_of(arguments):
    parser = argparse.ArgumentParser(prog="benchmarks.rules",
                                     description=(__doc__ or "").split("\n")[0])
    parser.add_argument("cases", nargs="*", metavar="FUNCTION", help="names; all by default")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds")
    parser.add_argument("--text", action="store_true", help="print the generated text, too")
    parser.add_argument("--sizes", type=int, nargs="*", help="other sizes", metavar="SIZE")
    options = parser.parse_args(arguments)
    names = [case.name for case in CASES]
    for name in options.cases:
        if name not in names:
            parser.error(f"no function {name!r}; the functions are: {', '.join(names)}")
    return options


def main(arguments=None):
    options = options_of(arguments)
    rounds, seconds = (9, 0.004) if options.quick else (31, 0.02)
    settle_allocator()
    print(f"Python {platform.python_version()}, NumPy {np.__version__}, {platform.machine()}")
    print(f"{'function':16} {'size':>8} {'hand us':>10} {'grad/primal':>12} {'ours/hand':>10}")
    failed = False
    for case in CASES:
        if options.cases and case.name not in options.cases:
            continue
        sizes = options.sizes or case.sizes
        for size in sizes:
            given = case.inputs(size)
            calls = contestants_of(case, given)
            if options.text and size == sizes[0]:
                print(sd.source(case.primal, mode="grad", wrt=case.wrt, args=given))
            wrong = disagreement(case, calls)
            if wrong is not None:
                failed = True
                print(f"{case.name:16} {size:>8} not timed: {wrong}")
                continue
            best = race(calls, rounds, seconds)
            print(f"{case.name:16} {size:>8} {best['hand'] * 1e6:>10.1f}"
                  f" {best['ours'] / best['primal']:>12.2f}"
                  f" {best['ours'] / best['hand']:>10.2f}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
