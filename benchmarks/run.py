"""Measure s2sdiff against hand-written adjoints, HIPS autograd and JAX: `make bench`.

    python -m benchmarks.run                    everything
    python -m benchmarks.run "scalar loop" mlp  these problems
    python -m benchmarks.run --quick            fewer rounds, for a look

All numbers are ratios of times taken in the same process, turn by turn, the least of many.  A
gradient that is not the hand-written one's is reported and not timed.
"""

from __future__ import annotations

import argparse
import json
import platform

import numpy as np

from benchmarks.measure import (
    contestants,
    disagreement,
    first_call,
    import_cost,
    installed,
    race,
    settle_allocator,
)
from benchmarks.problems import PROBLEMS
from benchmarks.tree import seconds_of_tree
from benchmarks.warm import report

PEERS = ("autograd", "jax")

#: Column heading, the time above the line, the time below it.
RATIOS = (
    ("ours/primal", "ours", "primal"),
    ("ours/hand", "ours", "hand"),
    ("autograd/ours", "autograd", "ours"),
    ("jax/ours", "jax", "ours"),
)


def row(problem, size, best):
    """One line of the table; a dash where a peer did not take part."""
    cells = [
        f"{best[above] / best[below]:.2f}" if above in best else "-" for _, above, below in RATIOS
    ]
    primal = f"{best['primal'] * 1e6:.1f}"
    return f"{problem.name:12} {size:>8} {primal:>12}" + "".join(f"{c:>14}" for c in cells)


def heading():
    names = "".join(f"{name:>14}" for name, _, _ in RATIOS)
    return f"{'problem':12} {'size':>8} {'primal us':>12}" + names


def options_of(arguments):
    parser = argparse.ArgumentParser(prog="benchmarks.run", description=__doc__.split("\n")[0])
    parser.add_argument("problems", nargs="*", metavar="PROBLEM", help="names; all by default")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds")
    parser.add_argument("--no-peers", action="store_true", help="leave autograd and JAX out")
    parser.add_argument("--json", metavar="FILE", help="write the times in seconds there, too")
    options = parser.parse_args(arguments)
    names = [problem.name for problem in PROBLEMS]
    for name in options.problems:
        if name not in names:
            parser.error(f"no problem {name!r}; the problems are: {', '.join(names)}")
    return options


def main(arguments=None):
    options = options_of(arguments)
    rounds, seconds = (5, 0.002) if options.quick else (30, 0.02)
    peers = () if options.no_peers else tuple(name for name in PEERS if installed(name))
    if not options.no_peers:
        for name in PEERS:
            if name not in peers:
                print(f"{name} is not installed, its column stays empty (pip install {name})")
    settle_allocator()
    print(f"Python {platform.python_version()}, NumPy {np.__version__}, {platform.machine()}")
    print(heading())
    times, failed = [], False
    for problem in PROBLEMS:
        if options.problems and problem.name not in options.problems:
            continue
        for size in problem.sizes:
            calls = contestants(problem, problem.inputs(size), peers)
            wrong = disagreement(problem, calls)
            if wrong is not None:
                failed = True
                print(f"{problem.name:12} {size:>8} not timed: {wrong}")
                continue
            best = race(calls, rounds, seconds)
            times.append({"problem": problem.name, "size": size, "seconds": best})
            print(row(problem, size, best), flush=True)
    if not options.problems:
        print(f"first call of a 20-line function: {first_call(5) * 1e3:.1f} ms")
        seconds, lines = seconds_of_tree(3)
        print(f"first call of a call tree of {lines} lines: {seconds:.2f} s of processor time, "
              f"{seconds / lines * 1e3:.2f} ms per line")
        print(f"import s2sdiff, on top of numpy: {import_cost(5) * 1e3:.0f} ms")
        for line in report():
            print(line)
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(times, file, indent=1)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
