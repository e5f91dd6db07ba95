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
from tests.fuzz.differences import Unusable, is_active
from tests.fuzz.generate import Program, main_of


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


def same(a: Any, b: Any) -> bool:
    """Equal to the bit, in type, dtype and shape."""
    if type(a) is not type(b):
        return False
    if isinstance(a, (tuple, list)):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[k], b[k]) for k in a)
    if is_active(a):
        x, y = np.asarray(a), np.asarray(b)
        return x.dtype == y.dtype and x.shape == y.shape and x.tobytes() == y.tobytes()
    return bool(np.array_equal(a, b))


def expect(condition: bool, label: str, *details: Any) -> None:
    if not condition:
        raise Wrong(label, "\n".join(map(str, details)))


def compare_run(plain: Run, made: Run, args: tuple[Any, ...], kept: tuple[Any, ...]) -> None:
    """Value, effects and inputs of `vjp` against the plain call's."""
    value = made.value[0]
    expect(same(value, plain.value), "value", f"{plain.value!r} became {value!r}")
    expect(made.effects == plain.effects, "effects", plain.effects, "became", made.effects)
    expect(same(args, kept), "inputs changed", f"{kept!r} became {args!r}")


def compare_pullback(
    namespace: dict[str, Any],
    program: Program,
    args: tuple[Any, ...],
    engine: Any,
    made: tuple[Any, Any],
) -> str:
    """The pullback's promises; returns why the derivative cannot be judged, or an empty string."""
    function, (value, pullback) = main_of(namespace, program), made
    rng = np.random.default_rng(program.seed)
    cotangent = differences.rebuild(value, lambda v: differences.like(v, rng))
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
    gradient = entries(once.value, args)
    compare_types(gradient, args)
    direction = tuple(differences.like(x, rng) for x in args)
    # Seen through a run that swallows effects; the plain function is what is differenced.
    expected, error, size = judged(namespace, function, args, direction, cotangent)
    if expected is None:
        return error
    found = differences.pairing(gradient, direction)
    single = any(getattr(x, "dtype", None) == np.float32 for x in args)
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
    if isinstance(value, float) or (
        isinstance(value, np.ndarray) and value.shape == () and is_active(value)
    ):
        tolerance = 1e-4 if single else 1e-9
        compare_grad(namespace, function, args, engine, made, Random(program.seed), tolerance)
    return ""


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
        if any(getattr(x, "dtype", None) == np.float32 for x in args):
            narrow, full = quiet(*args), quiet(*map(differences.wide, args))
            pairs = itertools.zip_longest(differences.leaves(narrow), differences.leaves(full))
            if not all(
                np.shape(a) == np.shape(b) and np.allclose(a, b, 1e-3, 1e-4) for a, b in pairs
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


def compare_types(gradient: tuple[Any, ...], args: tuple[Any, ...]) -> None:
    """A cotangent has its argument's type, dtype and shape; what is not differentiable has None."""
    for g, x in zip(gradient, args, strict=True):
        if not is_active(x):
            expect(g is None, "cotangent of an int", f"{g!r} for {x!r}")
            continue
        fits = type(g) is type(x) and np.shape(g) == np.shape(x)
        fits = fits and np.asarray(g).dtype == np.asarray(x).dtype
        expect(fits, "cotangent's type", f"{type(g)} {g!r} for {type(x)} {x!r}")


def compare_grad(
    namespace: dict[str, Any],
    function: Callable[..., Any],
    args: tuple[Any, ...],
    engine: Any,
    made: tuple[Any, Any],
    rng: Random,
    tolerance: float,
) -> None:
    """`grad` or `value_and_grad`, for one argument and for several, against the pullback at one."""
    value, pullback = made
    active = [i for i, x in enumerate(args) if is_active(x)]
    one = np.ones((), value.dtype) if isinstance(value, np.ndarray) else type(value)(1.0)
    expected = entries(pullback(one), args)
    several = tuple(sorted(rng.sample(active, rng.randint(1, len(active)))))
    plain = run(namespace, lambda: function(*args))
    # Each compiles anew: the four pairs come up in the long run.
    for wrt, both in zip((several, rng.choice(active)), rng.sample([True, False], 2)):
        operator = engine.value_and_grad if both else engine.grad
        each = run(namespace, lambda wrt=wrt, f=operator: f(function, wrt=wrt)(*args))
        if each.error is not None:
            raise each.error
        expect(each.effects == plain.effects, "effects of grad", f"wrt={wrt}", each.effects)
        found = each.value
        if both:
            expect(same(found[0], value), "value of value_and_grad", f"wrt={wrt}", found)
            found = found[1]
        got, places = (found, wrt) if isinstance(wrt, tuple) else ((found,), (wrt,))
        want = [expected[i] for i in places]
        compare_types(tuple(got), tuple(args[i] for i in places))
        near = [
            np.allclose(g, w, rtol=tolerance, atol=0.1 * tolerance, equal_nan=True)
            for g, w in zip(got, want, strict=True)
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
