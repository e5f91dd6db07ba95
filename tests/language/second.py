"""Second derivatives of the table's cases, judged by differences of the first ones.

`python -m tests.language.second [area ...]` says of each case whether its Hessian's products are
right, refused or wrong, forwards over the gradient and backwards.
"""

from __future__ import annotations

import collections
import contextlib
import io
import sys
import warnings
from typing import Any

import numpy as np

import s2sdiff as sd
from tests.fuzz.check import time_limit
from tests.language.check import is_refusal
from tests.language.slopes import wide
from tests.language.structures import is_differentiable, leaves, like, pairing, rebuilt
from tests.language.table import Case, cases

__all__ = ["WAYS", "judged"]

WAYS = ("hvp", "vjp of grad")


def judged(case: Case, seconds: float = 60.0) -> dict[str, str]:
    """By way "right", "refused: why" or "wrong: why"; empty where differences cannot tell."""
    with time_limit(seconds), np.errstate(all="ignore"), warnings.catch_warnings(), \
            contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        return _judged(case)


def _judged(case: Case) -> dict[str, str]:
    keywords = case.keywords
    value = case.function(*case.arguments(), **keywords())
    slots = tuple([i for i, x in enumerate(case.arguments())
                   if any(is_differentiable(leaf) for _, leaf in leaves(x))])
    if not isinstance(value, (float, np.floating)) and not (
            isinstance(value, np.ndarray) and value.shape == () and value.dtype.kind == "f"):
        return {}
    if not slots or any(is_differentiable(leaf) and np.iscomplexobj(leaf)
                        for x in case.arguments() for _, leaf in leaves(x)):
        return {}

    def f(*args: Any) -> Any:
        return case.function(*args, **keywords())

    call = f if keywords() else case.function
    gradient = sd.grad(call, slots)

    def plain(step: float) -> float:
        args = case.arguments()
        moved = tuple([_moved(x, along[i], step) if i in slots else x
                       for i, x in enumerate(args)])
        return pairing(cotangent, gradient(*moved))

    try:
        first = gradient(*case.arguments())
    except (sd.DifferentiationError, TypeError):
        return {}
    draw = np.random.default_rng(5)
    along = {i: like(case.arguments()[i], draw) for i in slots}
    cotangent = like(first, draw)
    expected, doubt = _slope(plain)
    if not np.isfinite(expected) or doubt > 1e-4 * max(1.0, abs(expected)):
        return {}
    found = {}
    for way in WAYS:
        try:
            got = _product(way, call, gradient, case.arguments(), slots, along, cotangent)
        except Exception as error:
            if not is_refusal(error) and not isinstance(error, TypeError):
                raise
            found[way] = f"refused: {type(error).__name__}: {str(error).splitlines()[-1]}"
            continue
        single = any(np.asarray(leaf).dtype == np.float32
                     for x in case.arguments() for _, leaf in leaves(x))
        allowed = (1e-2 if single else 1e-5) * max(1.0, abs(expected)) + 10 * doubt
        found[way] = "right" if abs(got - expected) <= allowed else \
            f"wrong: {got!r} for {expected!r}"
    return found


def _product(way: str, f: Any, gradient: Any, args: tuple, slots: tuple[int, ...],
             along: dict[int, Any], cotangent: Any) -> float:
    if way == "hvp":
        made = sd.hvp(f, args, tuple([along.get(i) for i in range(len(args))]))
        made = (made,) if len(args) == 1 else made
        return pairing(cotangent, tuple([made[i] for i in slots]))
    _, pullback = sd.vjp(gradient, *args)
    made = pullback(cotangent)
    made = (made,) if len(args) == 1 else made
    return pairing(tuple([along[i] for i in slots]), tuple([made[i] for i in slots]))


def _moved(x: Any, direction: Any, step: float) -> Any:
    steps = dict(leaves(direction))

    def moved(path: str, leaf: Any) -> Any:
        if not is_differentiable(leaf):
            return leaf
        leaf = wide(leaf)
        new = leaf + step * np.asarray(steps[path], float)
        return new if isinstance(leaf, np.ndarray) else type(leaf)(new)

    return rebuilt(x, moved)


def _slope(at: Any) -> tuple[float, float]:
    def central(h: float) -> float:
        return (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h)

    one, other = central(1e-3), central(3e-4)
    return other, abs(one - other)


def main(areas: list[str]) -> None:
    counts: collections.Counter[tuple[str, str]] = collections.Counter()
    for case in cases():
        if case.error is not None or (areas and case.area not in areas):
            continue
        try:
            found = judged(case)
        except Exception as error:
            found = {"case": f"crash: {type(error).__name__}: {error}"}
        for way, became in found.items() or [("case", "no")]:
            counts[way, became.partition(":")[0]] += 1
            if became not in ("right", "no"):
                print(f"{case.name}: {way}: {became[:200]}", flush=True)
    print(dict(counts))


if __name__ == "__main__":
    main(sys.argv[1:])
