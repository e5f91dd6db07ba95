"""What `vjp`, its pullback, and `grad` promise, looked at for one case."""

from __future__ import annotations

import contextlib
import functools
import inspect
import io
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

import s2sdiff as sd
from tests.language.structures import (
    difference,
    is_differentiable,
    leaves,
    like,
    overwrite,
    pairing,
    parts,
    rebuilt,
)
from tests.language.table import Case

__all__ = ["NUMBERS", "Missing", "Run", "Wrong", "by_grad", "by_jvp", "by_vjp", "run"]

NUMBERS = (float, np.floating)
#: Per path of a leaf: its partial derivatives, and the size of what was differenced.
Partial = dict[str, tuple[np.ndarray, float]]


class Wrong(AssertionError):
    """A promise that is broken, or a number that is wrong."""


class Missing(Exception):
    """There is no gradient (None) where one is due: not there yet, but nobody is misled."""


@dataclass(frozen=True)
class Run:
    """What a call gave, what it left in its arguments, and what it printed and warned of."""

    value: Any
    arguments: tuple
    effects: tuple[str, tuple[str, ...]]


def run(case: Case, call: Any) -> Run:
    """A call of a function with a case's arguments, made anew."""
    args, printed = case.arguments(), io.StringIO()
    with warnings.catch_warnings(record=True) as warned, contextlib.redirect_stdout(printed):
        warnings.simplefilter("always")
        value = call(*args, **case.keywords())
    said = tuple(str(w.message) for w in warned if w.category is not sd.ZeroDerivativeWarning)
    return Run(value, args, (printed.getvalue(), said))


# ------------------------------------------------------------------------------ two operators


def by_vjp(case: Case, plain: Run, cotangent: Any, partial: Callable[[], Partial]) -> None:
    """Two calls of `vjp`, of whose pullbacks the first is called three times."""
    start = case.arguments()
    pulls = []

    def called(*args: Any, **keywords: Any) -> Any:
        value, pullback = sd.vjp(case.function, *args, **keywords)
        pulls.append(pullback)
        return value

    first, second = run(case, called), run(case, called)
    for made in (first, second):
        _compare(plain, made, "vjp")
    gradient = _pulled(pulls[0], cotangent, first, len(start))
    _same("the second vjp's gradient", _as_tuple(pulls[1](cotangent), len(start)), gradient)
    _check_gradient("vjp", start, gradient, partial(), 1.0)


def by_grad(case: Case, plain: Run, cotangent: Any, partial: Callable[[], Partial]) -> bool:
    """`value_and_grad` for all arguments together, and for each alone; False for other results."""
    value, start = plain.value, case.arguments()
    zero_d = isinstance(value, np.ndarray) and value.shape == () and value.dtype.kind == "f"
    parameters = list(inspect.signature(case.function).parameters.values())[:len(start)]
    named = len(parameters) == len(start) and \
        all(p.kind is not p.VAR_POSITIONAL for p in parameters)
    if not named or not (isinstance(value, NUMBERS) or zero_d):
        return False
    every = tuple(i for i, x in enumerate(start)
                  if any(is_differentiable(leaf) for _, leaf in leaves(x)))
    for wrt in (every, *((i,) for i in every if len(every) > 1)):
        gradients: list[Any] = []

        def called(*args: Any, **keywords: Any) -> Any:
            value, gradient = sd.value_and_grad(case.function, wrt=wrt)(*args, **keywords)
            gradients.append(gradient)
            return value

        _compare(plain, run(case, called), f"value_and_grad with wrt={wrt}")
        for i, gradient in zip(wrt, gradients[0], strict=True):
            _check_gradient(f"grad with wrt={wrt}", start[i], gradient, partial(),
                            float(cotangent), f"[{i}]")
    return True


def by_jvp(case: Case, plain: Run, cotangent: Any, partial: Callable[[], Partial]) -> None:
    """Forward mode along two random directions, which move every number in the arguments."""
    for seed in (3, 4):
        start, found = case.arguments(), []
        dots = tuple(like(x, np.random.default_rng(seed + i)) for i, x in enumerate(start))
        kept = rebuilt(dots, _copied)

        def called(*args: Any, **keywords: Any) -> Any:
            function = functools.partial(case.function, **keywords) if keywords else case.function
            value, tangent = sd.jvp(function, args, dots)
            found.append(tangent)
            return value

        _compare(plain, run(case, called), "jvp")
        _same("jvp: the tangents afterwards", dots, kept)
        mine = pairing(cotangent, found[0])
        terms = [(float(np.real(np.sum(partial()[path][0] * d))), partial()[path][1])
                 for (path, _), (_, d) in zip(leaves(start), leaves(dots), strict=True)
                 if d is not None and path in partial()]
        low = any(np.asarray(x).dtype.name in ("float32", "complex64")
                  for _, x in (*leaves(start), *leaves(plain.value)) if is_differentiable(x))
        slope, size = sum(t for t, _ in terms), max([1.0, *[s for _, s in terms]])
        if not abs(mine - slope) <= (2e-3 if low else 1e-5) * max(size, abs(slope)):
            raise Wrong(f"jvp: the tangent is {mine}, expected {slope}")


def _compare(plain: Run, made: Run, what: str) -> None:
    _same(f"{what}: the value", made.value, plain.value)
    _same(f"{what}: the arguments afterwards", made.arguments, plain.arguments)
    if made.effects != plain.effects:
        raise Wrong(f"{what}: printed and warned {made.effects}, expected {plain.effects}")


# ---------------------------------------------------------------------------------- pullbacks


def _pulled(pullback: Any, cotangent: Any, made: Run, n: int) -> tuple:
    """The gradient of the first of three calls, after a look at what a pullback promises."""
    kept = rebuilt((cotangent, made.value, made.arguments), _copied)
    given = pullback(cotangent)
    gradient = rebuilt(_as_tuple(given, n), _copied)
    _same("after the pullback: cotangent, value, arguments",
          (cotangent, made.value, made.arguments), kept)
    # What a caller does with what it was given, and with its own arguments, is its own business.
    overwrite(given)
    _same("the pullback's second call", _as_tuple(pullback(cotangent), n), gradient)
    overwrite(made.arguments)
    overwrite(made.value)
    _same("the pullback after writes of the caller", _as_tuple(pullback(cotangent), n), gradient)
    return gradient


def _copied(_: str, leaf: Any) -> Any:
    return leaf.copy() if isinstance(leaf, np.ndarray) else leaf


def _as_tuple(given: Any, n: int) -> tuple:
    return (given,) if n == 1 else given


def _same(what: str, a: Any, b: Any) -> None:
    found = difference(a, b)
    if found:
        raise Wrong(f"{what}: {found}")


# ---------------------------------------------------------------------------------- gradients


def _check_gradient(what: str, start: Any, gradient: Any, partial: Partial, factor: float,
                    path: str = "") -> None:
    """Structure, types and numbers of a gradient, `factor` times which is the slope."""
    missing = [m for m in _disagreements(start, gradient, partial, factor, path)
               if _raised_unless_missing(what, m)]
    if missing:
        raise Missing(f"{what}: {', '.join(missing)}")


def _raised_unless_missing(what: str, found: str) -> bool:
    if not found.endswith("has no gradient"):
        raise Wrong(f"{what}: {found}")
    return True


def _disagreements(start: Any, gradient: Any, partial: Partial, factor: float,
                   path: str) -> list[str]:
    """What is wrong, leaf by leaf."""
    inner, where = parts(start), f"argument {path}"
    if inner is None and not is_differentiable(start):
        return [] if gradient is None else [f"{where} has {gradient!r}, expected None"]
    if gradient is None:
        due = any(is_differentiable(leaf) for _, leaf in leaves(start))
        return [f"{where} has no gradient"] if due else []
    if type(gradient) is not type(start):
        return [f"{where} has {gradient!r}, of another type than {start!r}"]
    if inner is not None:
        entries = parts(gradient)
        if entries is None or [n for n, _ in entries] != [n for n, _ in inner]:
            return [f"{where} has {gradient!r}, of another structure"]
        return [text for (n, x), (_, g) in zip(inner, entries, strict=True)
                for text in _disagreements(x, g, partial, factor, path + n)]
    if getattr(gradient, "dtype", None) != getattr(start, "dtype", None) or \
            np.shape(gradient) != np.shape(start):
        return [f"{where} has {gradient!r}, of another dtype or shape"]
    expected, size = partial[path]
    low = np.asarray(start).dtype.name in ("float32", "complex64")
    off = np.abs(np.asarray(gradient) * factor - expected)
    if np.all(off <= (5e-4 if low else 2e-6) * size):
        return []
    return [f"{where} has {gradient!r}, expected {expected / factor!r}"]
