"""`check(program)`: differentiate a program and compare all that is promised with a plain run."""

from __future__ import annotations

import contextlib
import copy
import dataclasses
import gc
import re
import signal
import threading
import traceback
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

import s2sdiff
from s2sdiff.errors import DifferentiationError
from s2sdiff.runtime import suspects
from tests.fuzz.generate import Program, generate, load, main_of, unload
from tests.fuzz.given import built
from tests.fuzz.promises import (
    Run,
    Wrong,
    compare_forward,
    compare_pullback,
    compare_run,
    expect,
    run,
)
from tests.fuzz.tangents import compare_tangent
from tests.fuzz.values import holds_itself, same

SECONDS = 40.0
#: What a refusal names: texts, variables in brackets or in a row, classes, numbers.
NAMED = (
    r"""(['`"])[^'`"]*\1|(?<=\()[\w, ]+(?=\))|(?<=of )[\w, ]+(?= cannot be followed)"""
    r"""|(?<=exception )\w+(?= carries)|(?<=and )\w+(?= comes out of)"""
    r"""|(?<=rebinds )[\w, ]+?(?=, that sees| cannot)|fuzzed\.\w+|\d+"""
)


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise `TimeLimit` after so many seconds of processor time, as other work may run beside it;
    only the main thread can be interrupted."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: Any) -> None:
        raise TimeLimit

    previous = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, previous)


def check(program: Program, engine: Any = s2sdiff, seconds: float = SECONDS,
          briefly: bool = False) -> Outcome:
    """Judge an engine (anything with `vjp`, `grad`, `value_and_grad`) by one program.

    In brief, it is `vjp` and `jvp` at one set of arguments, which takes half the time or less.
    """
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        kind, label, details = judge(program, engine, seconds, briefly)
    if kind in ("ok", "discarded"):
        return Outcome(kind, label)
    head = f"seed {program.seed}: {kind}: {label}\n{details}"
    call = f"{program.name}{program.args!r}\nand again with {program.again!r}"
    return Outcome(kind, label, f"{head}\n--- program\n{program.text}--- called as\n{call}\n")


def check_seed(seed: int, size: int, features: frozenset[str],
               briefly: bool = False) -> tuple[int, Outcome]:
    """Generate and judge one program; importable, as the workers of a pool need it.

    In brief, one of ten is judged in full.
    """
    return seed, check(generate(seed, size, features), briefly=briefly and seed % 10 > 0)


def judge(program: Program, engine: Any, seconds: float, briefly: bool) -> tuple[str, str, str]:
    try:
        namespace = load(program)
        main_of(namespace, program)
    except Exception as error:
        return "discarded", f"does not load: {type(error).__name__}", ""
    seen = []
    try:
        # Plain runs take milliseconds: what does not end without the compiler is not counted.
        if stuck(program, seconds / 20):
            return "discarded", "slow", ""
        with time_limit(seconds):
            for args in (program.args, program.again)[:1 if briefly else 2]:
                seen.append(at_point(namespace, program, args, engine, briefly))
                if seen[-1][0] not in ("ok", "discarded"):
                    return seen[-1]
            # What the program reads may change between two calls of the function.
            for k in range(2 if "change" in namespace else 0):
                if run(namespace, lambda k=k: namespace["change"](k)).error is not None:
                    return "discarded", "cannot be changed", ""
                seen.append(at_point(namespace, program, program.args, engine, True))
                if seen[-1][0] not in ("ok", "discarded"):
                    return seen[-1]
    except TimeLimit:
        return "crash", "TimeLimit", f"not finished after {seconds} s"
    finally:
        unload(namespace)
    return min(seen, key=lambda s: s[0] != "ok")


def stuck(program: Program, seconds: float) -> bool:
    """Whether the program itself takes longer than so many seconds of processor time."""
    namespace = load(program)  # of its own: what a run leaves in it is not judged
    try:
        with time_limit(seconds):
            for args in (program.args, program.again):
                # Making the arguments may fail: that is judged where they are differentiated.
                run(namespace, lambda args=args: main_of(namespace, program)(
                    *built(namespace, args)))
    except TimeLimit:
        return True
    finally:
        unload(namespace)
    return False


def at_point(
    namespace: dict[str, Any], program: Program, given: tuple[Any, ...], engine: Any,
    briefly: bool
) -> tuple[str, str, str]:
    """Kind, label and details for one set of arguments."""
    function = main_of(namespace, program)

    def fresh() -> tuple[Any, ...]:
        return built(namespace, given)

    try:
        after = fresh()
    except Exception as error:
        return "discarded", f"arguments: {type(error).__name__}", ""
    plain = run(namespace, lambda: function(*after))
    if holds_itself((plain.value, after)):
        return "discarded", "a container in itself", ""
    if not repeatable(namespace, function, fresh, plain, after):
        return "discarded", "not the same when run again", ""
    args = fresh()
    # Whoever writes what is held elsewhere has no derivative, not even by differences.
    seen_elsewhere = "hold" in namespace and not same(after, args)
    try:
        made = run(namespace, lambda: engine.vjp(function, *args))
        if plain.error is not None:
            expect(made.error is not None, "no exception", f"plain: {plain.error!r}")
            if refused(made.error):
                return "refused", brief(made.error), str(made.error)
            expect(
                type(made.error) is type(plain.error) or _without_value(made, plain),
                "exception",
                f"{plain.error!r} became",
                trace(made),
            )
            expect(made.effects == plain.effects, "effects", plain.effects, "became", made.effects)
            expect(same(args, after), "inputs changed", f"{after!r} became {args!r}")
            return "ok", "same exception", ""
        refusals: list[str] = []

        def forward(direction: Any, cotangent: Any, expected: Any) -> None:
            refusals.append(compare_tangent(namespace, function, fresh, plain, after, engine,
                                            direction, cotangent, expected))

        if made.error is not None:
            if refused(made.error) and hasattr(engine, "jvp"):
                compare_forward(namespace, program, fresh, plain, forward)
            raise made.error
        compare_run(plain, made, after, args)
        if seen_elsewhere:
            return "discarded", "writes what is held elsewhere", ""
        label = compare_pullback(namespace, program, fresh, args, engine, made.value,
                                 forward if hasattr(engine, "jvp") else None, briefly)
    except Wrong as error:
        return "wrong", error.args[0], error.args[1]
    except Exception as error:
        if refused(error):
            if seen_elsewhere and not the_same_apart(namespace, function, fresh, plain):
                return "discarded", "writes what is held and read elsewhere", ""
            return "refused", brief(error), str(error)
        return (
            "crash",
            f"{type(error).__name__} in {culprit(error)}",
            "".join(traceback.format_exception(error)),
        )
    if label:
        return "discarded", label, ""
    return "ok", f"jvp: {refusals[0]}" if any(refusals) else "", ""


def _without_value(made: Run, plain: Run) -> bool:
    """A name in a comprehension is one of a function around it, before Python 3.12."""
    return type(plain.error) is NameError and type(made.error) is UnboundLocalError


def repeatable(
    namespace: dict[str, Any],
    function: Any,
    fresh: Any,
    plain: Run,
    after: tuple[Any, ...],
) -> bool:
    """Whether a second plain run does the same: nothing is left anywhere for the next."""
    args = fresh()
    again = run(namespace, lambda: function(*args))
    return (type(again.error) is type(plain.error) and again.effects == plain.effects
            and same((again.value, args), (plain.value, after)))


def the_same_apart(namespace: dict[str, Any], function: Any, fresh: Any, plain: Run) -> bool:
    """Whether a plain run with copies of the arguments gives the value of one with what is held.

    If not, the value at the arguments is no limit of those beside them: it has no derivative.
    """
    copies = copy.deepcopy(fresh())
    alone = run(namespace, lambda: function(*copies))
    return alone.error is None and same(alone.value, plain.value)


def refused(error: BaseException | None) -> bool:
    # An internal error is a bug that says so, not a refusal.
    return isinstance(error, DifferentiationError) and type(error).__name__ != "InternalError"


def brief(error: BaseException) -> str:
    """The refusal's reason: its first line that is no place and no source, without names."""
    lines = [line for line in str(error).splitlines() if line[:1] not in " <"]
    text = re.sub(NAMED, "_", lines[0]) if lines else ""
    return f"{type(error).__name__}: {text[:90]}"


def culprit(error: BaseException) -> str:
    """The innermost place in s2sdiff that an exception came through, or generated code."""
    frames = traceback.extract_tb(error.__traceback__)
    package = Path(s2sdiff.__file__).parent
    own = [f for f in frames if package in Path(f.filename).parents]
    if not own or frames[-1].filename.startswith("<"):
        return "generated code"
    return f"{Path(own[-1].filename).relative_to(package).as_posix()}:{own[-1].name}"


def trace(made: Run) -> str:
    return "".join(traceback.format_exception(made.error)) if made.error else repr(made.value)


class TimeLimit(BaseException):
    """Not an Exception, so that no handler in a program or in the compiler swallows it."""


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What became of one program.

    Attributes
    ----------
    kind : "ok", "wrong", "crash", "refused" or "discarded"
    label : the reason in a few words, the same for failures that look the same
    report : all that a reader needs: seed, text, arguments, what was expected
    ways : of second derivatives, what became of each way: "", "zero", or why it is refused
    """

    kind: str
    label: str
    report: str = ""
    ways: dict[str, str] = dataclasses.field(default_factory=dict)


#: What classes in random programs write under.
_UNDER = frozenset({
    "__add__", "__add__ gives", "__mul__", "__eq__", "__eq__ gives", "__lt__ gives", "__getitem__",
    "__iter__", "__iter__ yields", "__next__", "__len__", "__bool__", "__repr__", "half", "total",
    "pairs yields", "values yields"})


def settle_among_writers() -> None:
    """As where classes were met that write unseen, which decides what code is made."""
    settle()
    suspects.expect(_UNDER)


def settle() -> None:
    """The collector need not walk all that was imported, nor all that is compiled, so often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
