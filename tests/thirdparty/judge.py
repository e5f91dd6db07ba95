"""The verdict on one function: right, refused, wrong, or crashed."""

from __future__ import annotations

import signal
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

import s2sdiff as sd
from s2sdiff.errors import InternalError
from tests.thirdparty.case import Case
from tests.thirdparty.differences import derivative_along
from tests.thirdparty.structure import copied, cotangent, equal, flat, is_floating, moved, pairing

__all__ = ["Verdict", "judge"]

#: Arguments with so many numbers are differenced one by one, longer ones along directions.
FEW = 24
#: How far a derivative may be off, relative to the largest of its argument.
TOLERANCE = 1e-6
#: What two step sizes may differ by before the point counts as badly chosen.
UNCLEAR = 1e-4
SECONDS = 60


@dataclass(frozen=True)
class Verdict:
    """What came out: `word` is right, refused, wrong, crash or unclear (a badly chosen point)."""

    word: str
    reason: str = ""
    error: BaseException | None = None


class Wrong(Exception):
    """What a derivative does not fulfil."""


class Unclear(Exception):
    """The original has no clear derivative at the chosen point."""


def judge(case: Case, plain: bool = False) -> Verdict:
    """Compare a derivative with differences of the original; `plain`: look at those only."""
    try:
        with quiet(), limited(SECONDS):
            compare(case, plain)
    except Wrong as error:
        return Verdict("wrong", str(error), error)
    except Unclear as error:
        return Verdict("unclear", str(error), error)
    except InternalError as error:
        return Verdict("crash", f"InternalError: {error}", error)
    except sd.DifferentiationError as error:
        return Verdict("refused", str(error), error)
    except Exception as error:
        return Verdict("crash", f"{type(error).__name__}: {error}", error)
    return Verdict("right")


def compare(case: Case, plain: bool) -> None:
    start, after, args = copied(case.args), copied(case.args), copied(case.args)
    expected = case.function(*after, **copied(case.held))
    bar = cotangent(expected, np.random.default_rng(0))

    def loss(*moving: Any) -> float:
        return pairing(bar, case.function(*moving, **copied(case.held)))

    if plain:
        found = [d for _, _, d, _ in differences(loss, start)]
        if not any(found):
            raise Unclear("no argument matters at this point")
        return
    value, pullback = sd.vjp(case.function, *args, **copied(case.held))
    if not equal(value, expected, 1e-13):
        raise Wrong(f"the value is {value!r}, not {expected!r}")
    if not equal(args, after):
        raise Wrong("the arguments are left otherwise than by the plain call")
    first = copied(pulled(pullback, copied(bar), len(args)))
    kept = copied((value, args))
    second = pulled(pullback, bar, len(args))
    if not equal(first, second):
        raise Wrong("the pullback gives something else the second time")
    if not equal((value, args), kept):
        raise Wrong("the pullback changes the value or the arguments")
    check(list(flat(list(first))), loss, start)


def pulled(pullback: Callable[[Any], Any], bar: Any, count: int) -> list[Any]:
    found = pullback(bar)
    return [found] if count == 1 else list(found)


def check(gradients: list[Any], loss: Callable[..., float], args: tuple[Any, ...]) -> None:
    leaves = [x for x in flat(args)]
    for x, g in zip(leaves, gradients, strict=True):
        if is_floating(x) and (np.shape(g) != np.shape(x) or not is_floating(g)):
            raise Wrong(f"the gradient of {x!r} is {g!r}")
    for n, direction, expected, tolerance in differences(loss, args):
        along = np.real(np.sum(np.asarray(gradients[n]) * np.asarray(direction)))
        if not abs(along - expected) <= tolerance:
            raise Wrong(f"argument {n}: the derivative is {along:.10g}, differences give "
                        f"{expected:.10g} (tolerance {tolerance:.2g})")


def differences(
    loss: Callable[..., float], args: tuple[Any, ...]
) -> Iterator[tuple[int, Any, float, float]]:
    """For each leaf of the arguments: its number, a direction, the derivative, its tolerance."""
    leaves = list(flat(args))
    level = abs(loss(*copied(args)))
    for n, x in enumerate(leaves):
        if not is_floating(x):
            continue
        size = float(np.max(np.abs(x), initial=0.0)) or 1.0
        made = []
        for direction in directions(x):
            place = [direction if k == n else None for k in range(len(leaves))]
            made.append((direction, *derivative_along(
                lambda t, place=place: loss(*moved(args, place, t)), size)))
        largest = max((abs(d) for _, d, _ in made), default=0.0)
        for direction, expected, spread in made:
            scale = largest + 1e-9 * level / size
            if not 10 * spread <= UNCLEAR * scale:
                raise Unclear(f"argument {n}: two step sizes differ by {spread:.2g} "
                              f"in {expected:.6g}")
            yield n, direction, expected, TOLERANCE * scale + 10 * spread


def directions(x: Any) -> Iterator[Any]:
    """Along which an argument is moved: each of its numbers alone, or some mixtures of them."""
    count, units = np.size(x), [1.0, 1j] if np.iscomplexobj(x) else [1.0]
    if not isinstance(x, np.ndarray):
        yield from units
        return
    rng = np.random.default_rng(1)
    rows = np.eye(count) if count <= FEW else rng.choice([-1.0, 1.0], (4, count))
    for row in rows:
        for unit in units:
            yield (unit * row.reshape(x.shape)).astype(x.dtype)


@contextmanager
def quiet() -> Iterator[None]:
    """Without the warnings of the packages, which are theirs."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


@contextmanager
def limited(seconds: int) -> Iterator[None]:
    """Raises where the body takes too much of the processor, whatever else runs beside it."""

    def ring(*_: Any) -> None:
        raise TimeoutError(f"more than {seconds} s")

    before = signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
