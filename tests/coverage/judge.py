"""The verdict on one sample: its derivative against finite differences."""

from __future__ import annotations

import functools
import importlib
import types
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

import s2sdiff as sd
from s2sdiff import registry
from tests.coverage import helpers
from tests.coverage.inputs import INPUTS, LIBRARIES, read_by
from tests.coverage.rows import SAMPLES
from tests.from_text import run_text
from tests.rules.values import combine, has_floats, magnitude, pair, random_like

__all__ = ["Verdict", "by_rule", "difference", "function_of", "judged", "libraries", "target_of"]

STEP = 1e-4


@dataclass(frozen=True)
class Verdict:
    """`kind` is "right", "wrong", "refused" or "broken" (neither); `why` for all but the first."""

    kind: str
    why: str = ""


@functools.cache
def libraries() -> dict[str, Any]:
    scope: dict[str, Any] = {name: getattr(helpers, name) for name in helpers.__all__}
    for line in LIBRARIES:
        path, _, name = line.partition(" as ")
        module = importlib.import_module(path)
        scope[name or path.partition(".")[0]] = module if name else importlib.import_module(
            path.partition(".")[0])
    return scope


def function_of(module: str, name: str, scope: dict[str, Any] | None = None) -> tuple[Any, tuple]:
    """The sample as a function, whose source can be read, and its arguments."""
    expression = SAMPLES[module, name]
    given = read_by(expression)
    text = f"def sample({', '.join(given)}):\n    return {expression}\n"
    file = f"<sample {module} {name}>"
    space = dict(libraries() if scope is None else scope, __name__="tests.coverage.sample")
    run_text(text, file, space)
    return space["sample"], tuple(_own(INPUTS[n]) for n in given)


def _own(x: Any) -> Any:
    if isinstance(x, np.ndarray):
        return x.copy()
    return type(x)(x)


def judged(module: str, name: str) -> Verdict:
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        function, args = function_of(module, name)
        try:
            value, pullback = sd.vjp(function, *args)
            z_bar = random_like(value, np.random.default_rng(3))
            entries = pullback(z_bar)
            written = [a for a in args if isinstance(a, np.ndarray) and a.dtype.kind in "fc"]
            for a in written:
                a[...] = a * a + 0.3
            again = pullback(z_bar) if written else entries
        except sd.DifferentiationError as error:
            return Verdict("refused", str(error).split("\n")[-1])
        except Exception as error:  # a verdict, not a failure of the page
            return Verdict("broken", f"{type(error).__name__}: {error}")
        args = function_of(module, name)[1]
        verdict = _compared(function, args, value, z_bar, entries)
        if verdict.kind != "right":
            return verdict
        # What the caller writes into an argument meanwhile does not matter.
        return _compared(function, args, value, z_bar, again)


def _compared(function: Any, args: tuple, value: Any, z_bar: Any, entries: Any) -> Verdict:
    entries = entries if len(args) > 1 else (entries,)
    moved = tuple(random_like(a, np.random.default_rng(5 + i)) for i, a in enumerate(args))
    slope = difference(function, args, moved)
    expected = pair(z_bar, slope) if has_floats(value) else 0.0
    got = sum(pair(e, m) for e, m in zip(entries, moved, strict=True))
    scale = max(1.0, abs(expected), magnitude(z_bar) * magnitude(slope))
    if not abs(got - expected) <= 2e-6 * scale:
        return Verdict("wrong", f"{got} is not {expected}")
    return Verdict("right")


def difference(function: Any, args: tuple, along: tuple) -> Any:
    """The derivative along a direction in all arguments at once: the five-point formula."""
    total = None
    for times, weight in ((1, 8.0), (-1, -8.0), (2, -1.0), (-2, 1.0)):
        moved = [combine(1.0, _own(a), times * STEP, m) for a, m in zip(args, along, strict=True)]
        value = function(*moved)
        part = combine(weight / (12 * STEP), value, 0.0, value)
        total = part if total is None else combine(1.0, total, 1.0, part)
    return total


def target_of(module: str, name: str) -> Any:
    """The function that a row is about; None for syntax."""
    homes = {"ndarray": np.ndarray, "builtins": importlib.import_module("builtins")}
    if module in ("operators", "module"):
        return None
    if module == "functools/itertools":
        module, _, name = name.rpartition(".")
        module = module or "builtins"
    found = homes.get(module) or importlib.import_module(module)
    for part in name.split("."):
        found = getattr(found, part, None)
    return found


def by_rule(module: str, name: str) -> str:
    """How its derivative is known: by a rule, its source, or as part of the language."""
    target = target_of(module, name)
    try:
        rule = registry.find(target) if target is not None else None
    except TypeError:
        rule = None
    if rule is not None:
        return "rule"
    return "source" if isinstance(target, (types.FunctionType, type)) else "language"
