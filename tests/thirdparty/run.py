"""Judges every function of the tables: `python -m tests.thirdparty.run [--refusals] [--time]`.

Without options it prints a line per function and totals, and writes `docs/thirdparty.md`.
Words restrict it to functions whose dotted name contains one of them; nothing is written then.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections import Counter, defaultdict
from pathlib import Path

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
    parser.add_argument("--plain", action="store_true", help="look at the originals only")
    parser.add_argument("--time", action="store_true", help="seconds of the first call of each")
    parser.add_argument("--full", action="store_true", help="print whole messages")
    asked = parser.parse_args()
    chosen = [c for c in cases() if not asked.words or any(w in c.name for w in asked.words)]
    if asked.time:
        timing.show(chosen)
        return 0
    verdicts = []
    for case in chosen:
        verdict = judge(case, asked.plain)
        verdicts.append(verdict)
        print(f"{verdict.word:8} {case.name:60.60}"
              f" {verdict.reason if asked.full else report.reason(verdict)[:120]}", flush=True)
    if asked.refusals:
        refusals(chosen, verdicts)
    counted = Counter(v.word for v in verdicts)
    print(f"\n{len(verdicts)} functions: " + ", ".join(
        f"{n} {word} ({n / len(verdicts):.1%})" for word, n in counted.most_common()))
    if not asked.words and not asked.plain:
        PAGE.write_text(report.page(chosen, verdicts), encoding="utf-8")
    return 1 if counted["wrong"] or counted["crash"] else 0


def cases() -> list[Case]:
    """All functions of the tables, in the order of the tables' names."""
    os.environ.setdefault("MPLBACKEND", "Agg")
    return [c for name in TABLES
            for c in importlib.import_module(f"tests.thirdparty.tables.{name}").CASES]


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
