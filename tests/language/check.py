"""`check(case)`: the derivative of one case against finite differences and a plain run."""

from __future__ import annotations

import contextlib
import inspect
import io
import linecache
import re
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

import s2sdiff as sd
from tests.fuzz.check import time_limit
from tests.language.slopes import slopes
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

__all__ = ["Missing", "NotRefused", "Wrong", "check", "is_refusal", "verdict"]

SECONDS = 60.0
_NUMBERS = (float, np.floating)


class Wrong(AssertionError):
    """A promise that is broken, or a number that is wrong."""


class Missing(Exception):
    """There is no gradient (None) where one is due: not there yet, but nobody is misled."""


class NotRefused(Exception):
    """What the table says is refused gave the right numbers."""


@dataclass(frozen=True)
class Run:
    """What a call gave, what it left in its arguments, and what it printed and warned of."""

    value: Any
    arguments: tuple
    effects: tuple[str, tuple[str, ...]]


def check(case: Case) -> None:
    """Return if all is as the table says.

    Raises
    ------
    Wrong, Missing, NotRefused
        What the classes say.
    DifferentiationError
        The case is refused and should not be.
    """
    with time_limit(SECONDS), np.errstate(all="ignore"):
        if case.error is None:
            _check_numbers(case)
            return
        refusals = [_refusal(case, made) for made in _ways(case)]
        if all(error is None for error in refusals):
            _check_numbers(case)
            raise NotRefused(f"{case.name} gives right numbers")
        for error in refusals:
            _check_message(case, error)


def verdict(case: Case) -> str:
    """In one line: "ok", "pending: ..." or "wrong: ..."."""
    try:
        check(case)
    except (Missing, NotRefused) as error:
        return f"pending: {type(error).__name__}: {error}"
    except Exception as error:
        kind = "pending" if is_refusal(error) else "wrong"
        lines = [n for n in str(error).splitlines() if n[:1] not in (" ", "/", "<")] or [""]
        return f"{kind}: {type(error).__name__}: {lines[0]}"
    return "ok"


def is_refusal(error: Exception) -> bool:
    """A refusal says what to write instead; one of a bug is none."""
    if isinstance(error, sd.InternalError):
        return False
    by_type = isinstance(error, TypeError) and re.search(r"Instead, [^\n]+\.$", str(error))
    return isinstance(error, sd.DifferentiationError) or bool(by_type)


# ----------------------------------------------------------------------------- right numbers


def _check_numbers(case: Case) -> None:
    start = case.arguments()
    plain = _run(case, case.function)
    pulls = []

    def by_vjp(*args: Any, **keywords: Any) -> Any:
        value, pullback = sd.vjp(case.function, *args, **keywords)
        pulls.append(pullback)
        return value

    first, second = _run(case, by_vjp), _run(case, by_vjp)
    for run in (first, second):
        _compare(plain, run, "vjp")
    cotangent = like(plain.value, np.random.default_rng(7))
    gradient = _pulled(pulls[0], cotangent, first, len(start))
    expect_same("the second vjp's gradient", _as_tuple(pulls[1](cotangent), len(start)), gradient)
    partial = slopes(case, cotangent)
    _check_gradient("vjp", start, gradient, partial, 1.0)
    value = plain.value
    if isinstance(value, _NUMBERS) or (isinstance(value, np.ndarray) and value.shape == ()):
        _check_grad(case, start, plain, partial, float(cotangent))


def _check_grad(case: Case, start: tuple, plain: Run, partial: Any, factor: float) -> None:
    names = list(inspect.signature(case.function).parameters.values())
    wrt = tuple(i for i, x in enumerate(start)
                if any(is_differentiable(leaf) for _, leaf in leaves(x)))
    named = all(p.kind is not p.VAR_POSITIONAL for p in names[:len(start)])
    made = []

    def by_grad(*args: Any, **keywords: Any) -> Any:
        value, gradient = sd.value_and_grad(case.function, wrt=wrt)(*args, **keywords)
        made.append(gradient)
        return value

    if not named or len(start) > len(names):
        return
    _compare(plain, _run(case, by_grad), "value_and_grad")
    by_place = dict(zip(wrt, made[0], strict=True))
    gradient = tuple(by_place.get(i) for i in range(len(start)))
    _check_gradient("grad", start, gradient, partial, factor)


def _run(case: Case, call: Any) -> Run:
    args, printed = case.arguments(), io.StringIO()
    with warnings.catch_warnings(record=True) as warned, contextlib.redirect_stdout(printed):
        warnings.simplefilter("always")
        value = call(*args, **case.keywords())
    said = tuple(str(w.message) for w in warned if w.category is not sd.ZeroDerivativeWarning)
    # A value may be, or hold, an argument: it is compared as it is now.
    return Run(value, args, (printed.getvalue(), said))


def _compare(plain: Run, made: Run, what: str) -> None:
    expect_same(f"{what}: the value", made.value, plain.value)
    expect_same(f"{what}: the arguments afterwards", made.arguments, plain.arguments)
    if made.effects != plain.effects:
        raise Wrong(f"{what}: printed and warned {made.effects}, expected {plain.effects}")


def _pulled(pullback: Any, cotangent: Any, run: Run, n: int) -> tuple:
    """The gradient of the first of three calls, after a look at what a pullback promises."""
    kept = rebuilt((cotangent, run.value, run.arguments), _copied)
    given = pullback(cotangent)
    gradient = rebuilt(_as_tuple(given, n), _copied)
    expect_same("after the pullback: cotangent, value, arguments",
                (cotangent, run.value, run.arguments), kept)
    # What a caller does with what it was given, and with its own arguments, is its own business.
    overwrite(given)
    expect_same("the pullback's second call", _as_tuple(pullback(cotangent), n), gradient)
    overwrite(run.arguments)
    overwrite(run.value)
    expect_same("the pullback after writes of the caller", _as_tuple(pullback(cotangent), n),
                gradient)
    return gradient


def _copied(_: str, leaf: Any) -> Any:
    return leaf.copy() if isinstance(leaf, np.ndarray) else leaf


def _as_tuple(given: Any, n: int) -> tuple:
    return (given,) if n == 1 else given


def expect_same(what: str, a: Any, b: Any) -> None:
    found = difference(a, b)
    if found:
        raise Wrong(f"{what}: {found}")


def _check_gradient(what: str, start: Any, gradient: Any, partial: dict[str, Any],
                    factor: float, path: str = "") -> None:
    """Structure, types and numbers of a gradient, `factor` times which is the slope."""
    where = f"{what}: the gradient of argument {path}"
    inner = parts(start)
    if inner is None and not is_differentiable(start):
        if gradient is not None:
            raise Wrong(f"{where} is {gradient!r}, expected None")
    elif inner is None:
        if gradient is None:
            raise Missing(where)
        if type(gradient) is not type(start) or \
                getattr(gradient, "dtype", None) != getattr(start, "dtype", None) or \
                np.shape(gradient) != np.shape(start):
            raise Wrong(f"{where} is {gradient!r}, of another type than {start!r}")
        expected, size = partial[path]
        low = np.asarray(start).dtype.name in ("float32", "complex64")
        allowed = (5e-4 if low else 2e-6) * size
        off = np.abs(np.asarray(gradient) * factor - expected)
        if not np.all(off <= allowed):
            raise Wrong(f"{where} is {gradient!r}, expected {expected / factor!r}")
    elif gradient is None:
        if any(is_differentiable(leaf) for _, leaf in leaves(start)):
            raise Missing(where)
    else:
        entries = parts(gradient)
        if type(gradient) is not type(start) or entries is None or \
                [n for n, _ in entries] != [n for n, _ in inner]:
            raise Wrong(f"{where} has another structure: {gradient!r}")
        for (label, x), (_, g) in zip(inner, entries, strict=True):
            _check_gradient(what, x, g, partial, factor, path + label)


# --------------------------------------------------------------------------------- refusals


def _ways(case: Case) -> list[Any]:
    """Calls of vjp (with one pullback) and, for numbers, of grad, each on new arguments."""

    def by_vjp() -> None:
        value, pullback = sd.vjp(case.function, *case.arguments(), **case.keywords())
        pullback(like(value, np.random.default_rng(7)))

    def by_grad() -> None:
        sd.grad(case.function)(*case.arguments(), **case.keywords())

    value = case.function(*case.arguments(), **case.keywords())
    return [by_vjp, by_grad] if isinstance(value, _NUMBERS) else [by_vjp]


def _refusal(case: Case, made: Any) -> Exception | None:
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        try:
            made()
        except Exception as error:
            return error
    return None


def _check_message(case: Case, error: Exception | None) -> None:
    if error is None:
        raise Wrong(f"{case.name}: refused by one of vjp and grad only")
    if not is_refusal(error):
        raise error
    text = str(error)
    place = re.match(r"(.+):(\d+):\d+( in \S+)?$", text.splitlines()[0])
    shown = linecache.getline(place[1], int(place[2])) if place else ""
    asked = getattr(sd, str(case.error))
    good = isinstance(error, asked) and "# here" in shown and re.search(case.message, text) \
        and re.search(r"\bInstead, [^\n]+\.$", text)
    if not good:
        # A refusal all the same, so it is raised as one.
        said = sd.UnsupportedError(f"not as the table says ({case.error}, {case.message!r}, at "
                                   f"the line marked '# here'): {type(error).__name__}: {text}")
        raise said from error


def gradient_size(case: Case) -> float:
    """The largest partial derivative: a case whose result depends on nothing shows nothing."""
    cotangent = like(case.function(*case.arguments(), **case.keywords()),
                     np.random.default_rng(7))
    assert np.isfinite(pairing(cotangent, case.function(*case.arguments(), **case.keywords())))
    return max((float(np.max(np.abs(s))) for s, _ in slopes(case, cotangent).values() if s.size),
               default=0.0)
