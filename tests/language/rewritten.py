"""The table's cases in other words: `python -m tests.language.rewritten --seeds 20`.

Each seed rewrites all modules of the table, helpers and classes among it.  The plain call must give
what the case gives as it is written; the derivative is right, or refused.
"""

from __future__ import annotations

import argparse
import collections
import functools
import linecache
import sys
import types
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from tests.fuzz.check import TimeLimit, settle, time_limit
from tests.language import second
from tests.language.check import SECONDS, is_refusal
from tests.language.prelude import PRELUDE
from tests.language.promises import Missing, by_grad, by_jvp, by_vjp, run
from tests.language.rewriting import rewritten
from tests.language.slopes import Unusable, slopes
from tests.language.structures import difference, like
from tests.language.table import AREAS, Case, cases

__all__ = ["as_written", "judged", "module"]

#: How long a case may run that is not differentiated.
PLAIN_SECONDS = 5.0


def module(area: str, seed: int, **options: Any) -> tuple[str, dict[str, Case]]:
    """The text of a module in other words, and its cases by name."""
    text = PRELUDE + rewritten(Path(__file__).with_name(f"{area}.py").read_text("utf-8"), seed,
                               **options)
    name = f"tests.language.rewritten_{area}_{seed}"
    file = f"<{name}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    found: dict[str, Case] = {}

    def entered(construct: str, arguments: Any, keywords: Any = dict, *rest: Any) -> Any:
        def enter(function: Any) -> Any:
            given = keywords if callable(keywords) else dict
            found[function.__name__] = Case(function, construct, arguments, given)
            return function

        return enter

    made = types.ModuleType(name)
    made.__file__ = file
    sys.modules[name] = made
    table = sys.modules["tests.language.table"]
    before = table.supported, table.refused  # type: ignore[attr-defined]
    table.supported = table.refused = entered  # type: ignore[attr-defined]
    try:
        exec(compile(text, file, "exec"), made.__dict__)
    finally:
        table.supported, table.refused = before  # type: ignore[attr-defined]
    return text, found


def judged(case: Case, plain: Any) -> str:
    """"ok", "refused: ...", "wrong: ..." or "discarded: ...": `plain` is the run as written."""
    said: list[str] = []
    with np.errstate(all="ignore"):
        try:
            with time_limit(PLAIN_SECONDS):
                own = run(case, case.function)
        except (Exception, TimeLimit) as error:
            return f"discarded: {type(error).__name__}: {error}"
    with time_limit(SECONDS), np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if difference(own.value, plain.value) or own.effects[0] != plain.effects[0]:
            return "discarded: another value"
        cotangent = like(own.value, np.random.default_rng(7))
        partial = functools.cache(lambda: slopes(case, cotangent))
        for way in (by_vjp, by_grad, by_jvp):
            try:
                way(case, own, cotangent, partial)
            except Unusable as error:
                return f"discarded: {error}"
            except TimeLimit:
                return f"wrong: {way.__name__}: not finished after {SECONDS} s"
            except Exception as error:
                lines = [n for n in str(error).splitlines() if n[:1] not in (" ", "/", "<")] or [""]
                if not (is_refusal(error) or isinstance(error, Missing)):
                    return f"wrong: {way.__name__}: {type(error).__name__}: {error}"
                said.append(f"refused: {way.__name__}: {lines[0]}")
    return said[0] if said else "ok"


def judged_twice(case: Case) -> str:
    """The same of the second derivatives of a function of which the first ones are right."""
    try:
        found = second.judged(case, SECONDS)
    except TimeLimit:
        return f"wrong: order 2: not finished after {SECONDS} s"
    except Exception as error:
        return f"wrong: order 2: {type(error).__name__}: {error}"
    bad = [f"{became.partition(':')[0]}: {way}:{became.partition(':')[2]}"
           for way, became in found.items() if became != "right"]
    return min(bad, key=lambda b: not b.startswith("wrong"), default="ok")


@functools.cache
def as_written() -> dict[str, tuple[Any, bool]]:
    """What each case gives as it is written, and whether it is differentiated."""
    found = {}
    for case in cases():
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                plain = run(case, case.function)
            except Exception:
                continue
        found[case.name] = plain, case.error is None
    return found


def main(argv: list[str] | None = None) -> int:
    """1 if anything is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.language.rewritten")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--rate", type=float, default=0.1)
    parser.add_argument("--kinds", type=int, default=4)
    parser.add_argument("--areas", default="")
    parser.add_argument("--only", default="", help="kinds of rewriting, instead of --kinds")
    parser.add_argument("--order", type=int, default=1, help="2: second derivatives, too")
    chosen = parser.parse_args(argv)
    settle()
    counts: collections.Counter[str] = collections.Counter()
    reasons: dict[str, list[str]] = collections.defaultdict(list)
    written = as_written()
    usual: dict[str, str] = {}
    for seed in range(chosen.seed, chosen.seed + chosen.seeds):
        for area in chosen.areas.split(",") if chosen.areas else AREAS:
            kinds = chosen.only.split(",") if chosen.only else chosen.kinds
            try:
                _, found = module(area, seed, rate=chosen.rate, kinds=kinds)
            except Exception as error:
                counts["modules that do not run"] += 1
                reasons[f"{type(error).__name__}: {error}"].append(f"{seed} {area}")
                continue
            for name, case in found.items():
                whole = f"{area}.{name}"
                if whole not in written:
                    continue
                said = judged(case, written[whole][0])
                if said == "ok" and chosen.order > 1:
                    said = judged_twice(case)
                kind = said.partition(":")[0]
                if kind == "refused":
                    if whole not in usual:
                        original = next(c for c in cases() if c.name == whole)
                        usual[whole] = judged(original, written[whole][0])
                        if usual[whole] == "ok" and chosen.order > 1:
                            usual[whole] = judged_twice(original)
                    kind = "refused as written" if usual[whole] == said else kind
                counts[kind] += 1
                if kind in ("refused", "discarded"):
                    reasons[said].append(f"{seed} {whole}")
                if kind == "wrong":
                    print(f"seed {seed} {whole}: {said}", flush=True)
    for reason, places in sorted(reasons.items(), key=lambda r: -len(r[1])):
        print(f"{len(places):5d} {reason} ({'; '.join(places[:4])})")
    print(dict(counts))
    return int(counts["wrong"] > 0)


if __name__ == "__main__":
    sys.exit(main())
