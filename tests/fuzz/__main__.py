"""`python -m tests.fuzz --programs 20000 --seed 0 --jobs 2 --size 12`: see `--help`."""

from __future__ import annotations

import argparse
import collections
import contextlib
import functools
import multiprocessing
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from typing import Any

from tests.fuzz.check import Outcome, check_seed
from tests.fuzz.generate import FEATURES, generate
from tests.fuzz.shrink import smallest


def options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument(
        "--programs", type=int, default=1000, help="how many seeds, one after the other"
    )
    parser.add_argument("--seed", type=int, default=0, help="the first seed")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--size", type=int, default=12, help="statements in the main function")
    parser.add_argument(
        "--failures", type=int, default=3, help="how many different failures to print"
    )
    parser.add_argument("--without", default="", help="features to leave out, separated by commas")
    parser.add_argument("--show", action="store_true", help="print every program and its outcome")
    parser.add_argument("--shrink", action="store_true", help="make the printed failures small")
    parser.add_argument(
        "--refusals", action="store_true", help="print refused programs like failures"
    )
    parser.add_argument("--features", action="store_true", help="list the features and leave")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    """Run, print a summary and the first failures; 1 if there are any."""
    chosen = options(argv)
    if chosen.features:
        print("\n".join(sorted(FEATURES)))
        return 0
    features = FEATURES - {word.strip() for word in chosen.without.split(",")}
    job = functools.partial(check_seed, size=chosen.size, features=features)
    seeds = range(chosen.seed, chosen.seed + chosen.programs)
    began = time.perf_counter()
    results: list[tuple[int, Outcome]] = []
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    # A run that is stopped early says what it has found.
    with contextlib.suppress(KeyboardInterrupt):
        for pair in outcomes(job, seeds, chosen.jobs):
            results.append(pair)
            if pair[1].kind in ("wrong", "crash") or len(results) % 1000 == 0:
                print(f"{len(results)} done; seed {pair[0]}: {pair[1].kind} {pair[1].label}",
                      file=sys.stderr, flush=True)
    results.sort(key=lambda pair: pair[0])
    if chosen.show:
        for seed, outcome in results:
            print(generate(seed, chosen.size, features).text)
            print(f"seed {seed}: {outcome.kind} {outcome.label}\n")
    return summary(results, chosen, features, time.perf_counter() - began)


def outcomes(job: Any, seeds: range, jobs: int) -> Iterator[tuple[int, Outcome]]:
    if jobs == 1:
        yield from map(job, seeds)
        return
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        yield from pool.imap_unordered(job, seeds, chunksize=20)


def summary(
    results: list[tuple[int, Outcome]],
    chosen: argparse.Namespace,
    features: frozenset[str],
    seconds: float,
) -> int:
    """Counts by kind and label, then one full report of each of the first few labels."""
    bad = ("wrong", "crash", "refused") if chosen.refusals else ("wrong", "crash")
    seeds = collections.defaultdict(list)
    for seed, outcome in results:
        seeds[outcome.kind, outcome.label].append(seed)
    kinds = collections.Counter(outcome.kind for _, outcome in results)
    rows = sorted(seeds.items(), key=lambda row: (row[0][0], -len(row[1])))
    failures = [(key, found) for key, found in rows if key[0] in bad]
    for (_, _), found in failures[: chosen.failures]:
        outcome = dict(results)[found[0]]
        if chosen.shrink:
            outcome = smallest(generate(found[0], chosen.size, features), outcome)
        print(outcome.report)
    for (kind, label), found in rows:
        print(f"{len(found):6d}  {kind:9s} {label}  (seeds {', '.join(map(str, found[:6]))})")
    counts = ", ".join(f"{kinds[k]} {k}" for k in ("ok", "wrong", "crash", "refused", "discarded"))
    print(f"{len(results)} programs in {seconds:.0f} s: {counts}")
    return int(bool(kinds["wrong"] or kinds["crash"]))


if __name__ == "__main__":
    sys.exit(main())
