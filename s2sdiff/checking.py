"""`check_grads`: a derivative against finite differences, and against what a pullback promises."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff import boundary
from s2sdiff.differencing import case_of, compared, slope_of
from s2sdiff.errors import DifferentiationError, locate
from s2sdiff.forward import jvp
from s2sdiff.orders import derivatives_of
from s2sdiff.runtime.own_copies import copied
from s2sdiff.runtime.structures import holds_numbers
from s2sdiff.trees import is_floating, moved_by, outline, paths_of, random_tangent, refilled
from s2sdiff.vector_products import vjp

__all__ = ["check_grads"]


def check_grads(
    f: Callable[..., Any], args: tuple[Any, ...], order: int = 1,
    modes: Any = ("rev", "fwd")
) -> None:
    """Compare the derivative of `f` at `args` with finite differences, in both modes.

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
        "rev": pullbacks, "fwd": tangents along random directions.  Forward mode refuses more than
        reverse mode; `modes=("rev",)` leaves it out.

    Raises
    ------
    AssertionError
        Names the worst entry where derivative and finite differences disagree, or the promise
        that the pullback breaks.
    DifferentiationError
        Execution reached something that cannot be differentiated in one of the modes.

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
             name: str, derived: bool = False) -> None:
    # Each runs at the same point, be the arguments written or not.
    if "rev" in modes:
        _compare(f, copied(args), f"check_grads({name})", derived)
    if "fwd" in modes:
        try:
            _compare_forward(f, args, f"check_grads({name})", derived)
        except DifferentiationError as error:
            if "rev" in modes:
                _say_how_to_leave_out(error, name)
            raise
    if order == 1:
        return
    rng = np.random.default_rng(order)
    value = f(*copied(args))
    cotangent = random_tangent(value, rng)
    dots = random_tangent(args, rng)
    for what, ways in derivatives_of(f, args, value, cotangent, dots, modes):
        for way in ways:
            try:
                _checked(way, args, order - 1, modes, f"{what} of {name}", True)
                break
            except DifferentiationError as error:
                if way is not ways[-1]:
                    continue
                if what == "the tangent" and "rev" in modes and _WAY_OUT not in str(error):
                    _say_how_to_leave_out(error, name)
                raise


_WAY_OUT = "or pass modes=('rev',), which checks reverse mode alone"


def _say_how_to_leave_out(error: DifferentiationError, name: str) -> None:
    """What forward mode refuses need not concern somebody who takes gradients."""
    said = error.said or str(error)
    error.said = (f"check_grads({name}): reverse mode is right, forward mode is refused: "
                  f"{said.rstrip('.')}; {_WAY_OUT}.")
    error.args = (error.said,)
    if error.loc is not None:
        locate(error, error.loc)


def _compare_forward(f: Callable[..., Any], args: tuple[Any, ...], name: str,
                     derived: bool) -> None:
    """The tangent along two random directions, which move every argument, and value and inputs."""
    rng = np.random.default_rng(1)
    for _ in range(2):
        after, given = copied(args), copied(args)
        expected = f(*after)
        dots = random_tangent(args, rng)
        kept = copied(dots)
        value, tangent = jvp(f, given, dots)
        _same(f"{name}: the value that jvp gives", value, expected, rounding=True)
        if not derived:
            _same(f"{name}: the inputs after jvp", given, after)
        _same(f"{name}: the tangents after jvp", dots, kept)
        cotangent = random_tangent(value, rng)
        pairs = zip(paths_of(cotangent, value), paths_of(tangent, value), strict=True)
        mine = float(sum(np.real(np.sum(c * t)) for (_, c), (_, t) in pairs if c is not None))
        case = case_of(f, args, cotangent, value)
        slopes = [slope_of(case, i, d) for i, (_, d) in enumerate(paths_of(dots, args))
                  if d is not None]
        theirs, doubt = sum(s for s, _ in slopes), sum(d for _, d in slopes)
        largest = max(abs(mine), abs(theirs), *[abs(s) for s, _ in slopes], 0.0)
        allowed = case.epsilon**0.4 * largest + 100 * case.epsilon**0.8 * case.size
        if not abs(mine - theirs) <= allowed + min(doubt, 1e-3 * largest):
            raise AssertionError(f"{name}: along a random direction the tangent gives {mine:.9g}, "
                                 f"finite differences {theirs:.9g}")


def _compare(f: Callable[..., Any], args: tuple[Any, ...], name: str, derived: bool) -> None:
    rng = np.random.default_rng(0)
    start, after = copied(args), copied(args)
    expected = f(*after)
    value, pullback = vjp(f, *args)
    _same(f"{name}: the value", value, expected, rounding=True)
    # What f itself writes into its arguments is f's business; vjp must do no more than that.  What
    # is a derivative itself may have run on copies.
    if not derived:
        _same(f"{name}: the inputs after vjp", args, after)
    cotangent = random_tangent(value, rng)
    gradients = _pulled(name, pullback, cotangent, value, args, start)
    places = [(path, x, g) for (path, x), g in zip(paths_of(start), gradients, strict=True)]
    wrong = compared(places, case_of(f, start, cotangent, value), rng)
    if wrong:
        more = f" (of {len(wrong)} that disagree, the worst)" if len(wrong) > 1 else ""
        raise AssertionError(f"{name}: {max(wrong)[1]}{more}")
    doubled = pullback(refilled(cotangent, [moved_by(c, c, 1) for _, c in paths_of(cotangent)]))
    found = paths_of((doubled,) if len(args) == 1 else doubled, start)
    for (path, g2), g in zip(found, gradients, strict=True):
        what = f"{name}: the cotangent of argument {path}, for twice the value's"
        _same(what, g2, moved_by(g, g, 1), rounding=True)


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


def _pulled(name: str, pullback: Any, cotangent: Any, value: Any, args: tuple,
            start: tuple) -> list[Any]:
    """The gradients of all leaves of the arguments, after a look at what a pullback promises.

    Parameters
    ----------
    start : the arguments before the call, which may have given them further attributes
    """
    kept = copied((cotangent, value, args))
    result = pullback(cotangent)
    first = copied(result)
    _same(f"{name}: what the second call of the pullback gives", pullback(cotangent), first)
    named = ("the cotangent", "the value", "the inputs", "the first result")
    nows = (cotangent, value, args, result)
    for what, now, before in zip(named, nows, (*kept, first), strict=True):
        _same(f"{name}: {what} after the pullback", now, before)
    gradients = [g for _, g in paths_of((first,) if len(args) == 1 else first, start)]
    for (path, x), g in zip(paths_of(start), gradients, strict=True):
        if not is_floating(x) and not isinstance(x, _NUMBERLESS) and not holds_numbers(g):
            continue  # an object without numbers, or what stands for it
        wanted, got = outline(x) if is_floating(x) else "None", outline(g)
        if got != wanted:
            raise AssertionError(f"{name}: argument {path}: the cotangent is {got}, not {wanted}")
    return gradients


_NUMBERLESS = (int, str, bytes, type(None), np.ndarray, np.generic)


def _same(what: str, a: Any, b: Any, rounding: bool = False) -> None:
    for (path, p), (_, q) in zip(paths_of(a), paths_of(b, a), strict=True):
        place = f" at {path}" if path else ""
        if outline(p) != outline(q):
            raise AssertionError(f"{what}{place} is {outline(p)}, expected {outline(q)}")
        if not isinstance(p, (np.ndarray, np.generic, int, float, complex)):
            continue
        tolerance = 1e3 * np.finfo(np.result_type(p)).eps if rounding and is_floating(p) else 0.0
        equal = np.isclose(p, q, rtol=tolerance, atol=0.0, equal_nan=True)
        if not np.all(equal):
            at = tuple(int(i) for i in np.argwhere(~equal)[0])
            place += f"[{', '.join(map(str, at))}]" if at else ""
            got, wanted = np.asarray(p)[at], np.asarray(q)[at]
            raise AssertionError(f"{what}{place} is {got}, expected {wanted}")
