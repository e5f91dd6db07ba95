"""Judges every function of the tables: `python -m tests.thirdparty.run [--refusals] [--time]`.

Without options it prints a line per function and totals, and writes `docs/thirdparty.md`.
Words restrict it to functions whose dotted name contains one of them; nothing is written then, but
with `--keep`, by which the others keep the verdicts that the page has.  Each package is judged in a
process of its own, as its users would: which classes others have is nothing to it.
"""

from __future__ import annotations

import argparse
import importlib
import itertools
import multiprocessing
import os
import pickle
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from tests.thirdparty import report, timing
from tests.thirdparty.case import Case
from tests.thirdparty.judge import Verdict, judge

PAGE = Path(__file__).parents[2] / "docs" / "thirdparty.md"
TABLES = sorted(path.stem for path in (Path(__file__).parent / "tables").glob("[a-z]*.py"))


def main() -> int:
    """Run what the command line asks for; 1 where something is wrong or crashes."""
    parser = argparse.ArgumentParser(description="Judge the functions of published packages.")
    parser.add_argument("words", nargs="*", help="parts of dotted names")
    parser.add_argument("--refusals", action="store_true", help="group refusals by their reason")
    parser.add_argument("--keep", action="store_true", help="write the page; others keep theirs")
    parser.add_argument("--packages", action="store_true", help="words are names of packages")
    parser.add_argument("--plain", action="store_true", help="look at the originals only")
    parser.add_argument("--time", action="store_true", help="seconds of the first call of each")
    parser.add_argument("--full", action="store_true", help="print whole messages")
    asked = parser.parse_args()
    every = cases()
    chosen = [c for c in every if not asked.words or any(
        w == c.package if asked.packages else w in c.name for w in asked.words)]
    if asked.time:
        timing.show(chosen)
        return 0
    verdicts: list[Verdict] = []
    for _, group in itertools.groupby(chosen, lambda c: c.package):
        verdicts += apart(list(group), asked.plain, asked.full)
    if asked.refusals:
        refusals(chosen, verdicts)
    counted = Counter(v.word for v in verdicts)
    print(f"\n{len(verdicts)} functions: " + ", ".join(
        f"{n} {word} ({n / len(verdicts):.1%})" for word, n in counted.most_common()))
    if (asked.keep or not asked.words) and not asked.plain:
        known = committed(PAGE.read_text(encoding="utf-8")) if asked.keep else {}
        found = dict(zip([id(c) for c in chosen], verdicts, strict=True))
        at: Counter[str] = Counter()
        for c in every:
            found.setdefault(id(c), known.get((c.name, at[c.name]), Verdict("unjudged")))
            at[c.name] += 1
        PAGE.write_text(report.page(every, [found[id(c)] for c in every]), encoding="utf-8")
    return 1 if counted["wrong"] or counted["crash"] else 0


def cases() -> list[Case]:
    """All functions of the tables, in the order of the tables' names."""
    os.environ.setdefault("MPLBACKEND", "Agg")
    return [c for name in TABLES
            for c in importlib.import_module(f"tests.thirdparty.tables.{name}").CASES]


def apart(cases: list[Case], plain: bool = False, full: bool = False) -> list[Verdict]:
    """The verdicts on functions of one package, from a process of their own."""
    context = multiprocessing.get_context("fork")
    mine, theirs = context.Pipe(False)
    process = context.Process(target=_judge, args=(theirs, cases, plain, full))
    process.start()
    theirs.close()
    found: list[Verdict] = []
    while len(found) < len(cases):
        try:
            found.append(pickle.loads(mine.recv_bytes()))
        except EOFError:
            process.join()
            found.append(Verdict("crash", f"the process ended with {process.exitcode}"))
            found += apart(cases[len(found):], plain, full) if len(found) < len(cases) else []
    process.join()
    return found


def _judge(channel: Any, cases: list[Case], plain: bool, full: bool) -> None:
    for case in cases:
        verdict = judge(case, plain)
        said = report.reason(verdict)
        print(f"{verdict.word:8} {case.name:60.60} {verdict.reason if full else said[:120]}",
              flush=True)
        try:
            channel.send_bytes(pickle.dumps(verdict))
        except Exception:  # an error that holds what cannot be sent: what it says is enough
            channel.send_bytes(pickle.dumps(Verdict(verdict.word, said)))


def committed(text: str) -> dict[tuple[str, int], Verdict]:
    """The verdicts on a page, by name, and by number where a function is listed several times."""
    found: dict[tuple[str, int], Verdict] = {}
    at: Counter[str] = Counter()
    for name, word, said in re.findall(r"^\| `([\w.]+)` \| (\w+) \| (.*) ?\|$", text, re.M):
        found[name, at[name]] = Verdict(word, said.strip().replace("\\|", "|"))
        at[name] += 1
    return found


def refusals(chosen: list[Case], verdicts: list[Verdict]) -> None:
    """Print the refusals, grouped by what is refused, most frequent first."""
    groups = defaultdict(list)
    for case, verdict in zip(chosen, verdicts, strict=True):
        if verdict.word == "refused":
            groups[report.cause(verdict)].append((case, verdict))
    print()
    for cause, found in sorted(groups.items(), key=lambda group: (-len(group[1]), group[0])):
        print(f"{len(found):4} {cause}")
        for case, verdict in found[:3]:
            print(f"       {case.name}: {report.place(verdict)}: {report.line(verdict)}")


if __name__ == "__main__":
    sys.exit(main())
