"""`check_grads`: a derivative against finite differences, and against what a pullback promises."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from s2sdiff import boundary
from s2sdiff.api import vjp
from s2sdiff.errors import DifferentiationError
from s2sdiff.forward import jvp
from s2sdiff.orders import derivatives_of
from s2sdiff.runtime.arrays import copy
from s2sdiff.runtime.named_tuples import like_fields

__all__ = ["check_grads"]

#: Arguments with up to so many entries are differenced one by one, longer ones along directions.
FEW = 8


def check_grads(
    f: Callable[..., Any], args: tuple[Any, ...], order: int = 1, modes: Any = ("rev",)
) -> None:
    """Compare the derivative of `f` at `args` with finite differences.

    The pullback is called several times and must give the same each time, be linear, give each
    argument a cotangent of its own type, dtype and shape, and leave inputs, value and cotangent
    alone.  Complex numbers are paired as Re(sum(cotangent * tangent)).  Tolerances follow from the
    least precise dtype among arguments and results.

    Parameters
    ----------
    f : callable
        Smooth around `args`; any structure of floating results.
    args : tuple
        The positional arguments; those of integer type are held constant.
    order : int
        With 2 or more, the derivatives are differentiated in turn, each in all modes.
    modes : tuple of str
        "rev": pullbacks, "fwd": tangents along random directions.

    Raises
    ------
    AssertionError
        Names the worst entry where derivative and finite differences disagree, or the promise
        that the pullback breaks.
    DifferentiationError
        Execution reached something that cannot be differentiated.

    Examples
    --------
    >>> import numpy as np, s2sdiff as sd
    >>> sd.check_grads(lambda x, y: np.sin(x) * y, (np.array([1.0, 2.0]), 3.0))
    >>> def root(x):
    ...     return x**0.5
    >>> with sd.derivatives({root: lambda x: (x**0.5, lambda y_bar: y_bar)}):
    ...     sd.check_grads(root, (4.0,))
    Traceback (most recent call last):
    AssertionError: check_grads(root): argument 0: the pullback gives ...
    """
    try:
        modes = _asked(args, order, modes)
        _checked(f, tuple(args), order, modes, getattr(f, "__name__", repr(f)))
    except DifferentiationError as error:
        raise boundary.leaving(error) from error.__cause__


def _checked(f: Callable[..., Any], args: tuple[Any, ...], order: int, modes: tuple[str, ...],
             name: str) -> None:
    if "rev" in modes:
        _compare(f, args, f"check_grads({name})")
    if "fwd" in modes:
        _compare_forward(f, args, f"check_grads({name})")
    if order == 1:
        return
    rng = np.random.default_rng(order)
    value = f(*copy(args))
    cotangent = _filled(value, [_random(v, rng) for _, v in _leaves(value)])
    dots = _filled(args, [_random(v, rng) for _, v in _leaves(args)])
    for what, derivative in derivatives_of(f, args, value, cotangent, dots, modes):
        _checked(derivative, args, order - 1, modes, f"{what} of {name}")


def _compare_forward(f: Callable[..., Any], args: tuple[Any, ...], name: str) -> None:
    """The tangent along two random directions, which move every argument, and value and inputs."""
    rng = np.random.default_rng(1)
    for _ in range(2):
        after, given = copy(args), copy(args)
        expected = f(*after)
        dots = tuple(_filled(args, [_random(v, rng) for _, v in _leaves(args)]))
        kept = copy(dots)
        value, tangent = jvp(f, given, dots)
        _same(f"{name}: the value that jvp gives", value, expected, rounding=True)
        _same(f"{name}: the inputs after jvp", given, after)
        _same(f"{name}: the tangents after jvp", dots, kept)
        cotangent = _filled(value, [_random(v, rng) for _, v in _leaves(value)])
        pairs = zip(_leaves(cotangent, value), _leaves(tangent, value), strict=True)
        mine = float(sum(np.real(np.sum(c * t)) for (_, c), (_, t) in pairs if c is not None))
        case = _case(f, args, cotangent, value)
        slopes = [_slope(case, i, d) for i, (_, d) in enumerate(_leaves(dots, args))
                  if d is not None]
        theirs, doubt = sum(s for s, _ in slopes), sum(d for _, d in slopes)
        largest = max(abs(mine), abs(theirs), *[abs(s) for s, _ in slopes], 0.0)
        allowed = case.epsilon**0.4 * largest + 100 * case.epsilon**0.8 * case.size
        if not abs(mine - theirs) <= allowed + min(doubt, 1e-3 * largest):
            raise AssertionError(f"{name}: along a random direction the tangent gives {mine:.9g}, "
                                 f"finite differences {theirs:.9g}")


def _compare(f: Callable[..., Any], args: tuple[Any, ...], name: str) -> None:
    rng = np.random.default_rng(0)
    start, after = copy(args), copy(args)
    expected = f(*after)
    value, pullback = vjp(f, *args)
    _same(f"{name}: the value", value, expected, rounding=True)
    # What f itself writes into its arguments is f's business; vjp must do no more than that.
    _same(f"{name}: the inputs after vjp", args, after)
    cotangent = _filled(value, [_random(v, rng) for _, v in _leaves(value)])
    gradients = _pulled(name, pullback, cotangent, value, args)
    places = [(path, x, g) for (path, x), g in zip(_leaves(start), gradients, strict=True)]
    wrong = _compared(places, _case(f, start, cotangent, value), rng)
    if wrong:
        more = f" (of {len(wrong)} that disagree, the worst)" if len(wrong) > 1 else ""
        raise AssertionError(f"{name}: {max(wrong)[1]}{more}")
    doubled = pullback(_filled(cotangent, [_moved(c, c, 1) for _, c in _leaves(cotangent)]))
    found = _leaves((doubled,) if len(args) == 1 else doubled, args)
    for (path, g2), g in zip(found, gradients, strict=True):
        what = f"{name}: the cotangent of argument {path}, for twice the value's"
        _same(what, g2, _moved(g, g, 1), rounding=True)


def _asked(args: Any, order: int, modes: Any) -> tuple[str, ...]:
    if not isinstance(args, (tuple, list)):
        raise TypeError(f"check_grads: args is a {type(args).__name__}. Instead, pass the tuple of "
                        "arguments, (x,) for a single one.")
    modes = (modes,) if isinstance(modes, str) else tuple(modes)
    if isinstance(order, bool) or not isinstance(order, int) or order < 1:
        raise ValueError(f"check_grads(order={order!r}): no such order. Instead, pass order=1.")
    if not modes or set(modes) - {"rev", "fwd"}:
        raise ValueError(f"check_grads(modes={modes!r}): no such modes. Instead, say 'rev', 'fwd' "
                         "or both, ('rev', 'fwd').")
    return modes


# ------------------------------------------------------------------- promises of a pullback


def _pulled(name: str, pullback: Any, cotangent: Any, value: Any, args: tuple) -> list[Any]:
    """The gradients of all leaves of the arguments, after a look at what a pullback promises."""
    kept = copy((cotangent, value, args))
    result = pullback(cotangent)
    first = copy(result)
    _same(f"{name}: what the second call of the pullback gives", pullback(cotangent), first)
    named = ("the cotangent", "the value", "the inputs", "the first result")
    nows = (cotangent, value, args, result)
    for what, now, before in zip(named, nows, (*kept, first), strict=True):
        _same(f"{name}: {what} after the pullback", now, before)
    gradients = [g for _, g in _leaves((first,) if len(args) == 1 else first, args)]
    for (path, x), g in zip(_leaves(args), gradients, strict=True):
        wanted, got = _outline(x) if _floating(x) else "None", _outline(g)
        if got != wanted:
            raise AssertionError(f"{name}: argument {path}: the cotangent is {got}, not {wanted}")
    return gradients


def _same(what: str, a: Any, b: Any, rounding: bool = False) -> None:
    for (path, p), (_, q) in zip(_leaves(a), _leaves(b, a), strict=True):
        place = f" at {path}" if path else ""
        if _outline(p) != _outline(q):
            raise AssertionError(f"{what}{place} is {_outline(p)}, expected {_outline(q)}")
        if not isinstance(p, (np.ndarray, np.generic, int, float, complex)):
            continue
        tolerance = 1e3 * np.finfo(np.result_type(p)).eps if rounding and _floating(p) else 0.0
        equal = np.isclose(p, q, rtol=tolerance, atol=0.0, equal_nan=True)
        if not np.all(equal):
            at = tuple(int(i) for i in np.argwhere(~equal)[0])
            place += f"[{', '.join(map(str, at))}]" if at else ""
            got, wanted = np.asarray(p)[at], np.asarray(q)[at]
            raise AssertionError(f"{what}{place} is {got}, expected {wanted}")


# ---------------------------------------------------------------------- finite differences


@dataclass(frozen=True)
class _Case:
    """`Re(sum(cotangent * f(*args)))`, with the leaves of both sides in order."""

    f: Callable[..., Any]
    args: tuple[Any, ...]
    leaves: list[Any]
    cotangents: list[Any]
    epsilon: float
    size: float


def _case(f: Any, args: tuple, cotangent: Any, value: Any) -> _Case:
    leaves, results = [x for _, x in _leaves(args)], [v for _, v in _leaves(value)]
    cotangents = [c for _, c in _leaves(cotangent, value)]
    floating = [v for v in (*leaves, *results) if _floating(v)]
    epsilon = max((float(np.finfo(np.result_type(v)).eps) for v in floating), default=0.0)
    pairs = [(c, v) for c, v in zip(cotangents, results, strict=True) if c is not None]
    size = sum(float(np.sum(np.abs(c * v))) for c, v in pairs)
    return _Case(f, args, leaves, cotangents, epsilon, size)


def _compared(places: list[tuple[str, Any, Any]], case: _Case,
              rng: np.random.Generator) -> list[tuple[float, str]]:
    """Where finite differences and gradients disagree, and by how much."""
    wrong: list[tuple[float, str]] = []
    for at, (path, x, g) in enumerate(places):
        if not _floating(x):
            continue
        scale = np.clip(np.abs(x), 0.1, 1.0)
        long = np.size(x) > FEW
        blind = [(" along a random direction", _random(x, rng) * scale) for _ in range(2 * long)]
        found = _misses(case, at, path, g, blind)
        if found or not long:
            found = _misses(case, at, path, g, _units(x, scale)) or found
        wrong += found
    return wrong


def _misses(case: _Case, place: int, path: str, g: Any, directions: Any) -> list[tuple[float, str]]:
    found = []
    for where, direction in directions:
        mine = float(np.real(np.sum(g * direction)))
        theirs, doubt = _slope(case, place, direction)
        largest = max(abs(mine), abs(theirs))
        allowed = case.epsilon**0.4 * largest + 100 * case.epsilon**0.8 * case.size
        off = abs(mine - theirs)
        if off <= allowed + min(doubt, 1e-3 * largest):
            continue
        excess = off / allowed if np.isfinite(off) and allowed else float("inf")
        unit = float(np.max(np.abs(direction))) if np.count_nonzero(direction) == 1 else 1.0
        text = f"argument {path}{where}: the pullback gives {mine / unit:.9g}, "
        found.append((excess, text + f"finite differences {theirs / unit:.9g}"))
    return found


def _slope(case: _Case, place: int, direction: Any) -> tuple[float, float]:
    """Fourth-order central differences with three steps: the best of them, and its doubt."""
    estimates = []
    # The fifth root balances rounding against truncation of the fourth order.
    for h in case.epsilon**0.2 * np.array([1.0, 0.25, 0.0625]):
        near = _at(case, place, direction, h) - _at(case, place, direction, -h)
        far = _at(case, place, direction, 2 * h) - _at(case, place, direction, -2 * h)
        estimates.append((8 * near - far) / (12 * h))
    pairs = itertools.pairwise(estimates)
    doubts = [(abs(b - a), b) for a, b in pairs if np.isfinite([a, b]).all()]
    doubt, best = min(doubts, default=(0.0, estimates[-1]))
    return best, doubt


def _at(case: _Case, place: int, direction: Any, step: float) -> float:
    moved = [copy(x) for x in case.leaves]
    moved[place] = _moved(moved[place], direction, step)
    try:
        with np.errstate(all="ignore"):
            value = case.f(*_filled(case.args, moved))
    except (ArithmeticError, ValueError):
        # A step out of the domain of math.log: the shorter steps may still be inside.
        return float("nan")
    pairs = zip(case.cotangents, _leaves(value), strict=True)
    return float(sum(np.real(np.sum(c * v)) for c, (_, v) in pairs if c is not None))


def _units(x: Any, scale: Any) -> Iterator[tuple[str, Any]]:
    """A direction for each entry, two for a complex one, of the size of a fitting step."""
    parts = ((1, ""), (1j, " along the imaginary axis"))[:1 + np.iscomplexobj(x)]
    for index in np.ndindex(np.shape(x)):
        for unit, part in parts:
            direction = np.zeros(np.shape(x), np.result_type(x, np.float64))
            direction[index] = unit * np.asarray(scale)[index]
            yield (f"[{', '.join(map(str, index))}]" if index else "") + part, direction


# ------------------------------------------------------------------------------ structures


def _leaves(x: Any, like: Any = ..., path: str = "") -> Iterator[tuple[str, Any]]:
    """What a value is made of, with paths, in the structure of `like`; None is None throughout."""
    like = x if like is ... else like
    if isinstance(like, (tuple, list, dict)):
        keys = list(like) if isinstance(like, dict) else range(len(like))
        for k in keys:
            inner = f"{path}[{k!r}]" if path else str(k)
            yield from _leaves(None if x is None else x[k], like[k], inner)
    else:
        yield path, x


def _filled(like: Any, leaves: list[Any]) -> Any:
    """The same structure with these leaves, which are used up."""
    rest = iter(leaves)

    def fill(x: Any) -> Any:
        if isinstance(x, dict):
            return {k: fill(v) for k, v in x.items()}
        if isinstance(x, (tuple, list)):
            return like_fields(x, map(fill, x)) if hasattr(x, "_fields") else type(x)(map(fill, x))
        return next(rest)

    return fill(like)


def _floating(x: Any) -> bool:
    inexact = isinstance(x, np.ndarray) and x.dtype.kind in "fc"
    return inexact or isinstance(x, (float, complex, np.inexact))


def _outline(x: Any) -> str:
    if isinstance(x, np.ndarray):
        return f"an array of shape {x.shape}, dtype {x.dtype}"
    return "None" if x is None else f"of type {type(x).__name__}"


def _moved(x: Any, direction: Any, step: float) -> Any:
    """`x + step * direction` in the type of `x`."""
    if not _floating(x):
        return x
    moved = x + step * direction
    return np.asarray(moved, x.dtype) if isinstance(x, np.ndarray) else type(x)(moved)


def _random(x: Any, rng: np.random.Generator) -> Any:
    """Numbers of size one, of the type and shape of a value; None where it is not floating."""
    if not _floating(x):
        return None
    made = rng.uniform(0.5, 1.5, np.shape(x)) * rng.choice([-1.0, 1.0], np.shape(x))
    if np.iscomplexobj(x):
        made = made * np.exp(1j * rng.uniform(0.0, 6.0, np.shape(x)))
    return np.asarray(made, x.dtype) if isinstance(x, np.ndarray) else type(x)(made)
