"""Second derivatives of random programs, in all combinations of modes, against differences.

What is differenced is the first gradient, which is itself compared with differences.
"""

from __future__ import annotations

import collections
import linecache
import traceback
import warnings
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

import s2sdiff
from tests.fuzz import differences
from tests.fuzz.check import (
    SECONDS,
    Outcome,
    TimeLimit,
    brief,
    culprit,
    refused,
    time_limit,
)
from tests.fuzz.differences import Unusable, pairing
from tests.fuzz.generate import Program, generate, load, main_of, unload
from tests.fuzz.given import built
from tests.fuzz.promises import Wrong, expect, run
from tests.fuzz.values import is_active, leaves

__all__ = ["LEFT_OUT", "WAYS", "check_order", "check_order_seed", "report"]

#: Results must be one real number in double precision.
LEFT_OUT = frozenset({"tuple result", "complex", "single precision"})


def check_order_seed(seed: int, size: int, features: frozenset[str],
                     briefly: bool = False) -> tuple[int, Outcome]:
    """Generate a program and judge its second derivatives.

    In brief, in one of the combinations of modes, each in its turn, and one of ten in all ways.
    """
    ways = [list(WAYS)[seed % _MODES]] if briefly and seed % 10 > 0 else list(WAYS)
    return seed, check_order(generate(seed, size, features - LEFT_OUT), among=ways)


def check_order(program: Program, engine: Any = s2sdiff, seconds: float = SECONDS,
                among: Sequence[str] = ()) -> Outcome:
    """Judge an engine's second derivatives by one program, in all ways or in some `among` them.

    It is "refused" where each of the ways is; what became of each is in `ways`.
    """
    ways: dict[str, str] = {}
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        kind, label, details = _judge(program, engine, seconds, ways, among or list(WAYS))
    if kind in ("ok", "discarded"):
        return Outcome(kind, label, ways=ways)
    head = f"seed {program.seed}: {kind}: {label}\n{details}"
    text = f"{head}\n--- program\n{program.text}--- called as\n{program.name}{program.args!r}\n"
    return Outcome(kind, label, text, ways)


def _judge(program: Program, engine: Any, seconds: float,
           ways: dict[str, str], among: Sequence[str]) -> tuple[str, str, str]:
    try:
        namespace = load(program)
        main_of(namespace, program)
    except Exception as error:
        return "discarded", f"does not load: {type(error).__name__}", ""
    try:
        with time_limit(seconds):
            return _at_point(namespace, program, engine, ways, among)
    except TimeLimit:
        # Each way generates code of its own: a large program may take long without being stuck.
        return "discarded", f"slow: {len(ways)} of {len(among)} ways in {seconds:.0f} s", ""
    except Unusable as reason:
        return "discarded", str(reason), ""
    except Wrong as error:
        return "wrong", error.args[0], error.args[1]
    except Exception as error:
        if refused(error):
            return "refused", f"gradient: {brief(error)}", str(error)
        return ("crash", f"{type(error).__name__} in {culprit(error)}",
                "".join(traceback.format_exception(error)))
    finally:
        unload(namespace)


def _at_point(namespace: dict[str, Any], program: Program, engine: Any,
              ways: dict[str, str], among: Sequence[str]) -> tuple[str, str, str]:
    function = main_of(namespace, program)

    def fresh() -> tuple[Any, ...]:
        return built(namespace, program.args)

    def quiet(f: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any) -> Any:
            made = run(namespace, lambda: f(*args))
            if made.error is not None:
                raise made.error
            return made.value
        return call

    slots = tuple(i for i, x in enumerate(program.args) if _moves(x))
    plain = run(namespace, lambda: function(*fresh()))
    if plain.error is not None or not slots or not _is_real(plain.value):
        return "discarded", "no real number of floats", ""
    gradient = engine.grad(function, slots)
    first = quiet(gradient)(*fresh())
    rng = np.random.default_rng(program.seed)
    direction = tuple(differences.like(x, rng) if i in slots else None
                      for i, x in enumerate(fresh()))
    cotangent = differences.like(first, rng)
    along = tuple(direction[i] for i in slots)
    slope, allowed = differences.slope(_finite(quiet(function)), fresh(), direction, 1.0)
    found = pairing(first, along)
    expect(abs(found - slope) <= 10 * allowed + 1e-5 * max(1.0, abs(slope)), "gradient",
           f"expected {slope!r}, found {found!r}")
    expected, doubt = differences.slope(_finite(quiet(gradient)), fresh(), direction, cotangent)
    case = _Case(namespace, program, engine, fresh, slots, direction, cotangent)
    reports: list[str] = []
    for name in among:
        way = WAYS[name]
        wanted, error = (slope, allowed) if way is _linearized else (expected, doubt)
        try:
            got = quiet(way)(case)
        except Exception as caught:
            if not refused(caught):
                raise
            ways[name] = brief(caught)
            reports.append(f"{name}: {caught}")
            continue
        ways[name] = "" if abs(wanted) > 1e-9 else "zero"
        expect(abs(got - wanted) <= 10 * error + 1e-5 * max(1.0, abs(wanted)), name,
               f"along {direction!r}", f"with cotangent {cotangent!r}",
               f"expected {wanted!r} +- {error:.1e}, found {got!r}")
    if len(reports) == len(among):
        return "refused", ways[among[0]], "\n".join(reports)
    return "ok", "", ""


def _finite(f: Callable[..., Any]) -> Callable[..., Any]:
    def call(*args: Any) -> Any:
        try:
            return f(*args)
        except Exception as error:
            raise Unusable(f"raises {type(error).__name__} nearby") from error
    return call


def _moves(x: Any) -> bool:
    """An argument that is differentiated: a number, an array, or a container of those."""
    found = leaves(x) if isinstance(x, (tuple, list, dict)) else [x]
    return bool(found) and all(map(is_active, found))


def _is_real(x: Any) -> bool:
    return is_active(x) and not np.iscomplexobj(x) and np.shape(x) == ()


# --------------------------------------------------------------------- ways to the same number


class _Case:
    """A program at a point, with a direction and a cotangent of its gradient."""

    def __init__(self, namespace: dict[str, Any], program: Program, engine: Any,
                 fresh: Callable[[], tuple[Any, ...]], slots: tuple[int, ...],
                 direction: tuple[Any, ...], cotangent: tuple[Any, ...]) -> None:
        self.namespace, self.program, self.engine = namespace, program, engine
        self.fresh, self.slots, self.direction = fresh, slots, direction
        self.cotangent = cotangent
        self.function = main_of(namespace, program)
        self.gradient = engine.grad(self.function, slots)

    def spread(self) -> tuple[Any, ...]:
        """The gradient's cotangent as a direction of the arguments."""
        mine = dict(zip(self.slots, self.cotangent, strict=True))
        return tuple(mine.get(i) for i in range(len(self.program.args)))

    def tangent(self) -> Any:
        """The derivative along the direction, as a function that can be differentiated."""
        given = ", ".join(f"a{i}" for i in range(len(self.program.args)))
        text = f"def along({given}):\n    return jvp(main_, ({given},), direction_)[1]\n"
        file = f"{self.namespace['__file__'][:-1]} along>"
        linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
        names = {"__name__": "fuzzed", "jvp": self.engine.jvp, "main_": self.function,
                 "direction_": self.direction}
        exec(compile(text, file, "exec", dont_inherit=True), names)
        return names["along"]


def _jvp_of_grad(case: _Case) -> float:
    dot = case.engine.jvp(case.gradient, case.fresh(), case.direction)[1]
    return pairing(case.cotangent, dot)


def _vjp_of_grad(case: _Case) -> float:
    _, pullback = case.engine.vjp(case.gradient, *case.fresh())
    once, found = pullback(case.cotangent), pullback(case.cotangent)
    one = pairing((found,) if len(case.program.args) == 1 else found, case.direction)
    again = pairing((once,) if len(case.program.args) == 1 else once, case.direction)
    expect(one == again, "second pullback of grad", f"{again!r} became {one!r}")
    return one


def _grad_of_jvp(case: _Case) -> float:
    found = case.engine.grad(case.tangent(), case.slots)(*case.fresh())
    return pairing(found, case.cotangent)


def _jvp_of_jvp(case: _Case) -> float:
    return float(case.engine.jvp(case.tangent(), case.fresh(), case.spread())[1])


def _hvp(case: _Case) -> float:
    found = case.engine.hvp(case.function, case.fresh(), case.direction)
    found = (found,) if len(case.program.args) == 1 else found
    return pairing(case.cotangent, tuple(found[i] for i in case.slots))


def _linearized(case: _Case) -> float:
    _, differential = case.engine.linearize(case.function, *case.fresh())
    return float(differential(*case.direction))


WAYS: dict[str, Callable[[_Case], float]] = {
    "jvp of grad": _jvp_of_grad, "vjp of grad": _vjp_of_grad, "grad of jvp": _grad_of_jvp,
    "jvp of jvp": _jvp_of_jvp, "hvp": _hvp, "linearize": _linearized,
}
#: The first of them: forward and reverse over forward and reverse.
_MODES = 4


def report(results: Iterable[tuple[int, Outcome]]) -> str:
    """How often each way was judged, and why it was refused."""
    counts: collections.Counter[tuple[str, str]] = collections.Counter()
    seeds = collections.defaultdict(list)
    for seed, outcome in results:
        for way, became in outcome.ways.items():
            counts[way, became if became in ("", "zero") else "refused"] += 1
            if became not in ("", "zero"):
                seeds[way, became].append(seed)
    lines = [f"{way}: {counts[way, '']} right, {counts[way, 'zero']} right and zero, "
             f"{counts[way, 'refused']} refused" for way in WAYS]
    rows = sorted(seeds.items(), key=lambda row: (list(WAYS).index(row[0][0]), -len(row[1])))
    lines += [f"{len(found):6d}  {way}: {reason}  (seeds {', '.join(map(str, found[:6]))})"
              for (way, reason), found in rows]
    return "\n".join(lines)
