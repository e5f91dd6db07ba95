"""`python -m tests.fuzz --programs 20000 --seed 0 --jobs 2 --size 12`: see `--help`.

One area: `--only views,objects`; all but one: `--without exceptions`; refused ones: `--refusals`.
NumPy's functions in chains: `--only compositions`.
Second derivatives: `--order 2`.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import functools
import multiprocessing
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from tests.fuzz import orders, topics
from tests.fuzz.check import Outcome, check, check_seed, settle, settle_among_writers
from tests.fuzz.generate import BASE, COMPOSED, FEATURES, features_of, generate
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
    parser.add_argument("--only", default="", help="besides the plain language, only these topics "
                        "or features, separated by commas; `plain` for none")
    parser.add_argument("--without", default="", help="topics or features to leave out")
    parser.add_argument("--order", type=int, choices=(1, 2), default=1, help="2: judge second "
                        "derivatives in all combinations of modes")
    parser.add_argument("--brief", action="store_true", help="nine of ten by `vjp` and `jvp` "
                        "alone, at one set of arguments; of second derivatives, in one of the "
                        "combinations of modes")
    parser.add_argument("--together", action="store_true", help="do not judge again, each in a "
                        "process of its own, what was refused beside others")
    parser.add_argument("--met", action="store_true", help="as in a process that has met classes "
                        "which write when they are walked over, read, added or compared")
    parser.add_argument("--show", action="store_true", help="print every program and its outcome")
    parser.add_argument("--shrink", action="store_true", help="make the printed failures small")
    parser.add_argument(
        "--refusals", action="store_true", help="print why programs were refused, how often, and "
        "the smallest example of each"
    )
    parser.add_argument("--features", action="store_true", help="list the features and leave")
    parser.add_argument("--coverage", action="store_true", help="count how many programs show "
                        "each feature, judge none")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    """Run, print a summary and the first failures; 1 if there are any."""
    chosen = options(argv)
    if chosen.features:
        for topic in topics.TOPICS:
            print(f"{topic}: {', '.join(sorted(topics.features(topic)))}\n")
        print(f"plain: {', '.join(sorted(BASE))}")
        return 0
    features = wanted(chosen.only, chosen.without)
    seeds = range(chosen.seed, chosen.seed + chosen.programs)
    if chosen.coverage:
        return coverage(seeds, chosen.size, features)
    features -= orders.LEFT_OUT if chosen.order == 2 else frozenset()
    judge = check_seed if chosen.order == 1 else orders.check_order_seed
    job = functools.partial(judge, size=chosen.size, features=features, briefly=chosen.brief)
    begin = settle_among_writers if chosen.met else settle
    began = time.perf_counter()
    results: list[tuple[int, Outcome]] = []
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    # A run that is stopped early says what it has found.
    with contextlib.suppress(KeyboardInterrupt):
        for pair in outcomes(job, seeds, chosen.jobs, begin):
            results.append(pair)
            if pair[1].kind in ("wrong", "crash") or len(results) % 1000 == 0:
                print(f"{len(results)} done; seed {pair[0]}: {pair[1].kind} {pair[1].label}",
                      file=sys.stderr, flush=True)
    refused = {seed for seed, outcome in results if outcome.kind == "refused"}
    if refused and not chosen.together and not chosen.met:
        # Classes that other programs have made are met by all that a process runs: a program of
        # which only these were the reason is judged by itself.
        results = [pair for pair in results if pair[0] not in refused]
        results += alone(job, sorted(refused))
    results.sort(key=lambda pair: pair[0])
    if chosen.show:
        for seed, outcome in results:
            print(generate(seed, chosen.size, features).text)
            print(f"seed {seed}: {outcome.kind} {outcome.label}\n")
    return summary(results, chosen, features, time.perf_counter() - began)


def wanted(only: str, without: str) -> frozenset[str]:
    """The features to make programs of."""
    if only == "compositions":
        return COMPOSED
    kept = FEATURES if not only else BASE | named(only)
    return kept - named(without)


def named(text: str) -> frozenset[str]:
    """Features by name, or all of a topic."""
    found: set[str] = set()
    for word in filter(None, map(str.strip, text.split(","))):
        if word != "plain" and word not in topics.TOPICS and word not in FEATURES:
            raise SystemExit(f"no topic or feature is called {word!r}: see --features")
        found |= topics.features(word) if word in topics.TOPICS else {word}
    return frozenset(found - {"plain"})


def coverage(seeds: range, size: int, features: frozenset[str]) -> int:
    """How many of the programs show each feature, topic by topic."""
    counts = collections.Counter(
        feature for seed in seeds for feature in features_of(seed, size, features))
    for topic in [*topics.TOPICS, "plain"]:
        print(f"{topic}:")
        own = BASE if topic == "plain" else topics.features(topic)
        for feature in sorted(own & features, key=lambda f: -counts[f]):
            print(f"{counts[feature]:8d}  {feature}")
    return 0


def outcomes(job: Any, seeds: range, jobs: int,
             begin: Callable[[], None]) -> Iterator[tuple[int, Outcome]]:
    if jobs == 1:
        begin()
        yield from map(job, seeds)
        return
    with multiprocessing.get_context("spawn").Pool(jobs, begin) as pool:
        yield from pool.imap_unordered(job, seeds, chunksize=20)


def alone(job: Any, seeds: list[int]) -> list[tuple[int, Outcome]]:
    """The outcomes of programs of which each has a process of its own."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1, settle, maxtasksperchild=1) as pool:
        return pool.map(job, seeds, chunksize=1)


def summary(
    results: list[tuple[int, Outcome]],
    chosen: argparse.Namespace,
    features: frozenset[str],
    seconds: float,
) -> int:
    """Counts by kind and label, then one full report of each of the first few labels."""
    bad = ("wrong", "crash")
    seeds = collections.defaultdict(list)
    for seed, outcome in results:
        seeds[outcome.kind, outcome.label].append(seed)
    kinds = collections.Counter(outcome.kind for _, outcome in results)
    rows = sorted(seeds.items(), key=lambda row: (row[0][0], -len(row[1])))
    failures = [(key, found) for key, found in rows if key[0] in bad]
    for (_, _), found in failures[: chosen.failures]:
        outcome = dict(results)[found[0]]
        if chosen.shrink:
            outcome = smallest(generate(found[0], chosen.size, features), outcome,
                               judge=check if chosen.order == 1 else orders.check_order)
        print(outcome.report)
    if chosen.refusals:
        refusals([(key[1], found) for key, found in rows if key[0] == "refused"], chosen.size,
                 features)
    for (kind, label), found in rows:
        print(f"{len(found):6d}  {kind:9s} {label}  (seeds {', '.join(map(str, found[:6]))})")
    if chosen.order == 2:
        print(orders.report(results))
    counts = ", ".join(f"{kinds[k]} {k}" for k in ("ok", "wrong", "crash", "refused", "discarded"))
    print(f"{len(results)} programs in {seconds:.0f} s: {counts}")
    return int(bool(kinds["wrong"] or kinds["crash"]))


def refusals(rows: list[tuple[str, list[int]]], size: int, features: frozenset[str]) -> None:
    """Each reason with the smallest program found that is refused for it."""
    for label, found in rows:
        program = min((generate(seed, size, features) for seed in found[:50]),
                      key=lambda p: len(p.text))
        outcome = check(program)
        if (outcome.kind, outcome.label) == ("refused", label):
            outcome = smallest(program, outcome, seconds=10.0)
        print(f"{len(found)} times: {outcome.report}\n")


if __name__ == "__main__":
    sys.exit(main())
