"""What `vjp`, `grad` and `value_and_grad` promise, compared with plain runs and differences."""

from __future__ import annotations

import contextlib
import copy
import dataclasses
import io
import itertools
from collections.abc import Callable
from random import Random
from typing import Any

import numpy as np

from tests.fuzz import differences
from tests.fuzz.differences import Unusable
from tests.fuzz.generate import Program, main_of
from tests.fuzz.values import (
    is_active,
    is_object,
    is_single,
    leaves,
    parts,
    pruned,
    same,
    scrambled,
    sharing,
    wide,
)


def run(namespace: dict[str, Any], call: Callable[[], Any]) -> Run:
    """Make a call, with what it prints and logs."""
    namespace["log"].clear()
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        try:
            value, error = call(), None
        except Exception as caught:
            value, error = None, caught
    return Run(value, error, (printed.getvalue(), list(namespace["log"])))


def expect(condition: bool, label: str, *details: Any) -> None:
    if not condition:
        raise Wrong(label, "\n".join(map(str, details)))


def compare_run(plain: Run, made: Run, after: tuple[Any, ...], args: tuple[Any, ...]) -> None:
    """Value, effects and what is left in the arguments: `vjp` against the plain call."""
    value = made.value[0]
    expect(same(value, plain.value), "value", f"{plain.value!r} became {value!r}")
    expect(made.effects == plain.effects, "effects", plain.effects, "became", made.effects)
    expect(same(args, after), "inputs changed", f"{after!r} became {args!r}")
    one, other = sharing(plain.value, after), sharing(value, args)
    expect(one == other, "sharing", f"{sorted(one)} became {sorted(other)}")


def compare_pullback(
    namespace: dict[str, Any],
    program: Program,
    fresh: Callable[[], tuple[Any, ...]],
    args: tuple[Any, ...],
    engine: Any,
    made: tuple[Any, Any],
    forward: Callable[..., None] | None = None,
    briefly: bool = False,
) -> str:
    """The pullback's promises; returns why the derivative cannot be judged, or an empty string."""
    function, (value, pullback), before = main_of(namespace, program), made, fresh()
    rng = np.random.default_rng(program.seed)
    cotangent = differences.like(value, rng)
    kept = copy.deepcopy((args, value, cotangent))
    once, twice = (run(namespace, lambda: pullback(cotangent)) for _ in range(2))
    for made_run in (once, twice):
        if made_run.error is not None:
            raise made_run.error
        expect(made_run.effects == ("", []), "effects of the pullback", made_run.effects)
    expect(
        same(once.value, twice.value), "second pullback", f"{once.value!r} became {twice.value!r}"
    )
    expect(
        same((args, value, cotangent), kept),
        "pullback changes",
        f"{kept!r} became {(args, value, cotangent)!r}",
    )
    gradient = entries(once.value, before)
    compare_types(gradient, before)
    compare_again(namespace, function, fresh, args, engine, made, cotangent, once.value)
    direction = pruned(differences.like(before, rng), gradient)
    # Seen through a run that swallows effects; the plain function is what is differenced.
    expected, error, size = judged(namespace, function, before, direction, cotangent)
    if expected is None:
        return error
    found = differences.pairing(gradient, direction)
    single = is_single(before)
    terms = [abs(differences.pairing(g, v)) for g, v in zip(gradient, direction, strict=True)]
    allowed = 10 * size + (2e-3 if single else 1e-5) * max(abs(expected), *terms, 1e-2)
    expect(
        abs(found - expected) <= allowed,
        "gradient",
        f"along {direction!r}",
        f"with cotangent {cotangent!r}",
        f"expected {expected!r} +- {allowed:.1e}, found {found!r}",
        f"entries: {gradient!r}",
    )
    if forward is not None:
        forward(direction, cotangent, (expected, allowed))
    if not briefly and (isinstance(value, float) or (
        isinstance(value, np.ndarray) and value.shape == () and is_active(value)
    )):
        tolerance = 1e-4 if single else 1e-9
        whole = run(namespace, lambda: engine.vjp(function, *fresh()))
        compare_grad(namespace, function, fresh, engine, whole.value, Random(program.seed),
                     tolerance)
    return ""


def compare_forward(
    namespace: dict[str, Any],
    program: Program,
    fresh: Callable[[], tuple[Any, ...]],
    plain: Run,
    forward: Callable[..., None],
) -> None:
    """`jvp` where reverse mode is refused, against differences alone."""
    before, rng = fresh(), np.random.default_rng(program.seed)
    cotangent, direction = differences.like(plain.value, rng), differences.like(before, rng)
    expected, _, size = judged(namespace, main_of(namespace, program), before, direction, cotangent)
    if expected is not None:
        share = 2e-3 if is_single(before) else 1e-5
        forward(direction, cotangent, (expected, 10 * size + share * max(abs(expected), 1.0)))


def compare_again(
    namespace: dict[str, Any],
    function: Callable[..., Any],
    fresh: Callable[[], tuple[Any, ...]],
    args: tuple[Any, ...],
    engine: Any,
    made: tuple[Any, Any],
    cotangent: Any,
    first: Any,
) -> None:
    """The pullback after the caller has written inputs and value; and that of a second `vjp`."""
    value, pullback = made
    scrambled((args, value))
    third = run(namespace, lambda: pullback(cotangent))
    label = "pullback after the caller's writes"
    if third.error is not None:
        raise Wrong(label, repr(third.error)) from third.error
    expect(same(third.value, first), label, f"{first!r} became {third.value!r}")
    again = run(namespace, lambda: engine.vjp(function, *fresh())[1](cotangent))
    if again.error is not None:
        raise Wrong("second vjp", repr(again.error)) from again.error
    # A set of objects is walked over by where they lie in memory, which rounds sums otherwise.
    expect(same(again.value, first, rounding=64), "second vjp", f"{first!r} became {again.value!r}")


def judged(
    namespace: dict[str, Any],
    function: Callable[..., Any],
    args: tuple[Any, ...],
    direction: Any,
    cotangent: Any,
) -> tuple[float | None, str, float]:
    """The expected slope, or None and why there is none; and its error."""

    def quiet(*moved_args: Any) -> Any:
        made = run(namespace, lambda: function(*moved_args))
        if made.error is not None:
            raise Unusable(f"raises {type(made.error).__name__} nearby")
        return made.value

    try:
        expected, error = differences.slope(quiet, args, direction, cotangent)
        if is_single(args):
            narrow, full = quiet(*copy.deepcopy(args)), quiet(*copy.deepcopy(wide(args)))
            pairs = itertools.zip_longest(leaves(narrow), leaves(full))
            if not all(
                np.shape(a) == np.shape(b) and np.allclose(a, b, 1e-4, 1e-5) for a, b in pairs
            ):
                raise Unusable("single precision takes another path")
    except Unusable as reason:
        return None, str(reason), 0.0
    return expected, "", error


def entries(cotangents: Any, args: tuple[Any, ...]) -> tuple[Any, ...]:
    """One cotangent for each argument."""
    if len(args) == 1:
        return (cotangents,)
    expect(
        isinstance(cotangents, tuple) and len(cotangents) == len(args), "entries", repr(cotangents)
    )
    return cotangents


def compare_types(gradient: Any, args: Any) -> None:
    """A cotangent has its argument's structure, types and shapes; what has none is None."""
    for g, x in zip(gradient, args, strict=True):
        if isinstance(x, (list, tuple, dict)):
            fits = g is not None and type(g) is type(x) and len(g) == len(x)
            fits = fits and (not isinstance(x, dict) or list(g) == list(x))
            expect(fits or not any(map(is_active, leaves(x))), "cotangent's structure",
                   f"{g!r} for {x!r}")
            if fits:
                compare_types(parts(g), parts(x))
        elif is_object(x):
            # None: an object that is no record of numbers to the engine, but a thing.
            expect(g is None or type(g) is type(x), "cotangent's type", f"{g!r} for {x!r}")
            if g is not None:
                compare_types(parts(g), parts(x))
        elif not is_active(x):
            expect(g is None, "cotangent of an int", f"{g!r} for {x!r}")
        else:
            fits = type(g) is type(x) and np.shape(g) == np.shape(x)
            fits = fits and np.asarray(g).dtype == np.asarray(x).dtype
            expect(fits, "cotangent's type", f"{type(g)} {g!r} for {type(x)} {x!r}")


def compare_grad(
    namespace: dict[str, Any],
    function: Callable[..., Any],
    fresh: Callable[[], tuple[Any, ...]],
    engine: Any,
    made: tuple[Any, Any],
    rng: Random,
    tolerance: float,
) -> None:
    """`grad` or `value_and_grad`, for one argument and for several, against the pullback at one."""
    value, pullback = made
    one = np.ones((), value.dtype) if isinstance(value, np.ndarray) else type(value)(1.0)
    after, before = fresh(), fresh()
    expected = entries(pullback(one), before)
    active = [i for i, x in enumerate(before)
              if expected[i] is not None and any(map(is_active, leaves(x)))]
    if not active:
        return
    several = tuple(sorted(rng.sample(active, rng.randint(1, len(active)))))
    plain = run(namespace, lambda: function(*after))
    # Each compiles anew: the four pairs come up in the long run.
    for wrt, both in zip((several, rng.choice(active)), rng.sample([True, False], 2)):
        operator, args = engine.value_and_grad if both else engine.grad, fresh()
        each = run(namespace, lambda wrt=wrt, f=operator, args=args: f(function, wrt=wrt)(*args))
        if each.error is not None:
            raise each.error
        expect(each.effects == plain.effects, "effects of grad", f"wrt={wrt}", each.effects)
        expect(same(args, after), "inputs changed by grad", f"{after!r} became {args!r}")
        found = each.value
        if both:
            expect(same(found[0], value), "value of value_and_grad", f"wrt={wrt}", found)
            found = found[1]
        got, places = (found, wrt) if isinstance(wrt, tuple) else ((found,), (wrt,))
        want = [expected[i] for i in places]
        compare_types(tuple(got), tuple(before[i] for i in places))
        near = [
            np.allclose(g, w, rtol=tolerance, atol=0.1 * tolerance, equal_nan=True)
            for g, w in zip(leaves(got), leaves(want), strict=True) if is_active(w)
        ]
        expect(all(near), "grad against vjp", f"wrt={wrt}", f"{want!r} became {got!r}")


class Wrong(Exception):
    """A promise that was not kept: a label for the kind, then the details."""


@dataclasses.dataclass(frozen=True)
class Run:
    """One call: its value or its exception, what it printed and logged."""

    value: Any
    error: BaseException | None
    effects: tuple[str, list[Any]]
