"""Functions made of single lines: each line alone, in a branch, a loop, a helper, a closure, ...

`python -m tests.language.lines` judges every line in every context, and prints what is wrong; with
the beginnings of names, only those.
"""

from __future__ import annotations

import bisect
import collections
import copy
import functools
import heapq
import io
import itertools
import math
import operator
import random
import sys
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np

from tests.from_text import run_text
from tests.language.check import verdict
from tests.language.lines_that_write import ARRAYS, DICTS, LISTS, OBJECTS
from tests.language.slopes import slopes
from tests.language.structures import like
from tests.language.table import Case

__all__ = ["CONTEXTS", "judged", "programs"]


class Pair:
    """Two numbers, and twice the first."""

    def __init__(self, v, w=2.0):
        self.v = v
        self.w = w

    def grow(self, k):
        self.v = self.v * k + self.w

    @property
    def double(self):
        return 2.0 * self.v

    @double.setter
    def double(self, value):
        self.v = 0.5 * value


#: What a line finds: the name it changes, how that is made of x, and how it is measured.
SUBJECTS = {
    "array": ("a", ARRAYS, "np.array([0.3, 1.2, 2.0]) * x",
              "np.sum(np.ravel({}) ** 2 * np.arange(1.0, 1 + np.size({})))"),
    "list": ("v", LISTS, "[x, 2.0, x * x]", "({}[0] * {}[len({}) // 2] + sum({}) * {}[-1])"),
    "dict": ("d", DICTS, "{{'a': x, 'b': x * x}}",
             "({}.get('a', 0.5) * sum({}.values()) + {}.get('b', x) ** 2 * len({}))"),
    "object": ("o", OBJECTS, "Pair(x * x)", "({}.v * {}.w * x + {}.v)"),
}

#: How a line stands in a function; `before` and `after` measure what it changes.
CONTEXTS = {
    "alone": "LINE\nreturn before * 0.5 + after",
    "branch": "if x > y - 9.0:\n    LINE\nreturn before * after",
    "loop": "for k_ in range(3):\n    if k_ == 1:\n        LINE\nreturn before + after * x",
    "helper": "def change(NAME, x, y):\n    LINE\nchange(NAME, x, y)\nreturn before * 0.5 + after",
    "closure": "def change():\n    LINE\nchange()\nreturn before * 0.5 + after * y",
    "alias": "other = NAME\nLINE\nNAME = other\nreturn before * 0.5 + after",
    "held": "holder = (NAME, [NAME])\nLINE\nNAME = holder[1][0]\nreturn before * 0.5 + after",
    "try": "try:\n    LINE\nfinally:\n    x = x * y\nreturn before * 0.5 + after * x",
    "twice": "s_ = AFTER\nfor _ in range(2):\n    s_ = s_ * 0.1 + AFTER\n    if s_ > -1e9:\n"
             "        LINE\n    break\nreturn before * s_ + after",
}
_LOOPS = ("for ", "while ", "if ")


def programs(everything: bool = False) -> Iterator[tuple[str, str]]:
    """Names and texts; each line in all contexts, or each in one that changes from line to line."""
    count = 0
    for subject, (name, lines, made, measure) in SUBJECTS.items():
        texts = lines.strip().splitlines()
        texts += [line.replace("5.0", "y") for line in texts
                  if "5.0" in line and "exec" not in line]
        for line in texts:
            chosen = list(CONTEXTS) if everything else [list(CONTEXTS)[count % len(CONTEXTS)]]
            count += 1
            for context in chosen:
                after = measure.format(*[name] * 5)
                body = CONTEXTS[context].replace("AFTER", after)
                body = body.replace("after", after).replace("NAME", name)
                indents = [t[:len(t) - len(t.lstrip())] for t in body.splitlines()
                           if t.strip() == "LINE"]
                inner = line.replace("; ", f"\n{indents[0]}") if not line.startswith(_LOOPS) \
                    else line
                text = f"{name} = {made.format()}\nbefore = {after}\n" + body.replace("LINE", inner)
                yield f"{subject}: {line} ({context})", _function(text)


def _function(body: str) -> str:
    return "def program(x, y):\n" + "".join(f"    {line}\n" for line in body.splitlines())


def judged(name: str, text: str) -> str:
    """The verdict on a program: "ok", "pending: ...", "wrong: ..." or "discarded"."""
    file = f"<line {name}>"
    scope: dict[str, Any] = {
        "bisect": bisect, "collections": collections, "copy": copy, "functools": functools,
        "heapq": heapq, "io": io, "itertools": itertools, "math": math, "np": np,
        "operator": operator, "Pair": Pair, "random": random, "__name__": __name__,
    }
    run_text(text, file, scope)
    case = Case(scope["program"], name, lambda: (1.3, 0.7))
    try:
        with np.errstate(all="ignore"):
            slopes(case, like(case.function(*case.arguments()), np.random.default_rng(7)))
    except Exception:  # Unusable, or no good in this context: a name that is bound elsewhere
        return "discarded"
    return verdict(case)


def main(beginnings: tuple[str, ...]) -> int:
    """1 if anything is wrong."""
    warnings.simplefilter("ignore")
    counts: collections.Counter[str] = collections.Counter()
    for name, text in programs(everything=True):
        if not name.startswith(beginnings or ("",)):
            continue
        found = judged(name, text)
        counts[found.partition(":")[0]] += 1
        if found.startswith("wrong"):
            print(f"{name}: {found}", flush=True)
    print(dict(counts))
    return int(counts["wrong"] > 0)


if __name__ == "__main__":
    sys.exit(main(tuple(sys.argv[1:])))
