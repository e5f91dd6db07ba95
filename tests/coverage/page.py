"""`python -m tests.coverage.page` judges all samples, and prints docs/functions.md and the table.

The table, `s2sdiff/functions.tsv`, is what `s2sdiff functions` shows.  With `--others`, autograd
and JAX are judged by the same samples (the `bench` extra installs them).
"""

from __future__ import annotations

import argparse
import collections
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.coverage import others
from tests.coverage.judge import Verdict, by_rule, judged
from tests.coverage.reasons import reason_for
from tests.coverage.rows import SAMPLES

__all__ = ["PAGE", "TABLE", "entry", "main", "page", "read_table"]

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "functions.md"
TABLE = ROOT / "s2sdiff" / "functions.tsv"
OTHERS = Path(__file__).with_name("others.tsv")

_HEAD = """\
# Functions

Every function that users of NumPy and SciPy call most, and whether it is differentiated. One
expression for each is judged by finite differences, in all arguments at once; the tests run all of
them. `s2sdiff functions [PATTERN]` prints this table, `python -m tests.coverage.page` makes it.

* **rule**: right, by a rule of s2sdiff's own;
* **source**: right, through the function's own Python source;
* **language**: right; syntax, or part of the compiler;
* **none**: has no derivative, or one that is zero, for the reason given;
* **refused**: raises a `DifferentiationError` that says what to write instead.

"""


def entry(module: str, name: str) -> tuple[str, str]:
    """How a function is differentiated, and why not, as the table says it."""
    verdict = judged(module, name)
    if verdict.kind != "right":
        return verdict.kind, _short(verdict)
    reason = reason_for(module, name)
    if reason:
        return "none", reason
    return by_rule(module, name), ""


def _short(verdict: Verdict) -> str:
    return verdict.why.partition(". Instead")[0]


def read_table() -> dict[tuple[str, str], tuple[str, str]]:
    rows = [line.split("\t") for line in TABLE.read_text("utf-8").splitlines()]
    return {(module, name): (how, why) for module, name, how, why in rows}


def page(table: dict[tuple[str, str], tuple[str, str]], rivals: dict) -> str:
    lines = [_HEAD, *_summary(table, rivals)]
    by_module = collections.defaultdict(list)
    for (module, name), row in table.items():
        by_module[module].append((name, row))
    for module, rows in by_module.items():
        names = list(rivals)
        lines += [f"\n## {module}\n", "| function | s2sdiff | " + " | ".join(names) + " |",
                  "|---" * (2 + len(names)) + "|"]
        for name, (how, why) in rows:
            cells = ["right" if rivals[n].get((module, name)) else "–" for n in names]
            told = f"{how}: {why}" if why else how
            shown = name.replace("|", "\\|")
            lines.append(f"| `{shown}` | {told} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _summary(table: dict[tuple[str, str], tuple[str, str]], rivals: dict) -> list[str]:
    total = len(table)
    right = sum(how not in ("refused", "wrong", "broken") for how, _ in table.values())
    lines = [f"| of {total} functions | right |", "|---|---|", f"| s2sdiff | {right} |"]
    return lines + [f"| {name} | {sum(found.values())} |" for name, found in rivals.items()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--others", action="store_true", help="judge autograd and JAX anew")
    parser.add_argument("--jobs", type=int, default=2)
    chosen = parser.parse_args()
    if chosen.others:
        others.write(OTHERS)
    with ProcessPoolExecutor(chosen.jobs) as pool:
        entries = list(pool.map(entry, *zip(*SAMPLES, strict=True), chunksize=8))
    table = dict(zip(SAMPLES, entries, strict=True))
    TABLE.write_text("".join(f"{m}\t{n}\t{how}\t{why}\n" for (m, n), (how, why) in table.items()),
                     "utf-8")
    PAGE.write_text(page(table, others.read(OTHERS)), "utf-8")
    print(collections.Counter(how for how, _ in entries))


if __name__ == "__main__":
    main()
