"""The operators that give gradients: `grad` and `value_and_grad`."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff import arguments, boundary, cache, dispatch, opened
from s2sdiff.asked import asked_of, foreign, is_foreign, slot_of
from s2sdiff.carrying import own_copies
from s2sdiff.errors import DifferentiationError, ReplacedError
from s2sdiff.runtime import calls, losses, nested
from s2sdiff.runtime.arrays import match
from s2sdiff.runtime.batches import RUNS, apart, running
from s2sdiff.runtime.contents import parts
from s2sdiff.runtime.datasets import is_dataset
from s2sdiff.runtime.held_beside import own_arguments
from s2sdiff.runtime.kept_in_run import RUN, at_the_end
from s2sdiff.runtime.nested import generated, is_derivative, maker, written
from s2sdiff.runtime.structures import gradient_beside, holds_numbers
from s2sdiff.runtime.values import is_differentiable
from s2sdiff.transforms.context import Request

__all__ = ["grad", "request_of", "value_and_grad"]


@maker
def grad(f: Callable[..., Any], wrt: Any = 0, has_aux: bool = False) -> Callable[..., Any]:
    """The gradient of a function with one real result.

    Parameters
    ----------
    f : callable
        Any Python function, or a callable with a registered derivative; it need not be decorated.
    wrt : int, str or tuple of them
        Parameters by index or name (keyword-only ones too); a tuple gives a tuple of gradients.
    has_aux : bool
        `f` returns `(loss, anything)`; the gradient function returns `(gradient, anything)`.

    Returns
    -------
    callable
        Takes `f`'s arguments; returns the gradient with the argument's type, shape and dtype.

    Raises
    ------
    TypeError
        The result is not one real number, or an argument in `wrt` is not of a floating type.
    DifferentiationError
        Execution reached something that cannot be differentiated.

    Examples
    --------
    >>> import s2sdiff as sd
    >>> sd.grad(lambda x, y: x * x * y)(3.0, 2.0)
    12.0
    """
    return _gradient(f, wrt, has_aux, False)


@maker
def value_and_grad(
    f: Callable[..., Any], wrt: Any = 0, has_aux: bool = False
) -> Callable[..., Any]:
    """Value and gradient in one run: `(value, gradient)`; see `grad`.

    Examples
    --------
    >>> import s2sdiff as sd
    >>> sd.value_and_grad(lambda x: x**3)(2.0)
    (8.0, 12.0)
    """
    return _gradient(f, wrt, has_aux, True)


def _gradient(f: Any, wrt: Any, has_aux: bool, value: bool) -> Callable[..., Any]:
    name = "value_and_grad" if value else "grad"
    f = arguments.target_of(f, name)
    if is_derivative(f):
        return _of_derivative(f, wrt, has_aux, value)
    if not arguments.is_python(f) or cache.is_ruled(f) or arguments.lies_in_star(f, wrt):
        return _called_gradient(f, wrt, has_aux, value)
    request, alone = request_of(f, wrt, has_aux, value)

    def looked_at(values: dict[str, Any]) -> None:
        for n in request.wrt:
            _floating(values[n], n, f)

    def otherwise(*args: Any, **kwargs: Any) -> Any:
        return _called_gradient(f, wrt, has_aux, value)(*args, **kwargs)

    made = dispatch.gradient(f, request, otherwise, looked_at,
                             _finish(request.value, alone, value) if alone or has_aux else None)
    made.__s2sdiff_asked__ = f, wrt, has_aux, value  # type: ignore[attr-defined]
    made.__module__, made.__doc__ = f.__module__, f.__doc__
    made.__name__ = made.__qualname__ = f"{f.__name__}_{name}"
    made.__wrapped__ = f  # type: ignore[attr-defined]
    return made


@functools.cache
def _finish(valued: bool, alone: bool, value: bool) -> Callable[[Any], Any]:
    """What makes the result of that of generated code; it can be differentiated, as that can."""
    if not valued:
        return written("finish", "made", "(made,)")
    gradients = "(made[1],)" if alone else "made[1]"
    return written("finish", "made",
                   f"(made[0], {gradients})" if value else f"({gradients}, made[0][1])")


def _of_derivative(f: Any, wrt: Any, has_aux: bool, value: bool) -> Callable[..., Any]:
    """The gradient of what an operator gave: that of the code which it runs."""

    def of(args: tuple, kwargs: dict[str, Any]) -> Callable[..., Any]:
        return _gradient(generated(f, args, kwargs), wrt, has_aux, value)

    def gradient(*args: Any, **kwargs: Any) -> Any:
        before = own_copies(args)
        try:
            given = opened.opened_call(f, args, kwargs)
            if given is None:
                return of(args, kwargs)(*args, **kwargs)
            made = generated(*given, {})
            return _gradient(made, opened.by_slots(f, wrt, args), has_aux, value)(*given[1])
        except ReplacedError:
            raise
        except DifferentiationError as error:
            # Where the code is refused, the gradient is a pullback, in the way that is left.
            return _called_gradient(f, wrt, has_aux, value, error)(*before, **kwargs)

    gradient.__s2sdiff_generated__ = lambda args, kwargs: generated(  # type: ignore[attr-defined]
        of(args, kwargs), args, kwargs)
    gradient.__s2sdiff_asked__ = f, wrt, has_aux, value  # type: ignore[attr-defined]
    gradient.__wrapped__ = f  # type: ignore[attr-defined]
    return gradient


def request_of(f: Any, wrt: Any, has_aux: bool, value: bool) -> tuple[Request, bool]:
    """What is asked of `f`, and whether a tuple of one name was; remembered with `f`."""
    known = cache.record_of(f).requests
    # True is 1 to a dict, and a list is no key: such things are looked at each time.
    parts = wrt if type(wrt) is tuple else (wrt,)
    key = (wrt, has_aux, value) if _NAMING.issuperset(map(type, parts)) else None
    if key is not None and key in known:
        return known[key]
    names = arguments.wrt_names(f, wrt)
    made = (Request("grad", names, value=value or has_aux, aux=has_aux, outer=True),
            isinstance(wrt, (tuple, list)) and len(names) == 1)
    if key is not None:
        known[key] = made
    return made


_NAMING = frozenset({int, str})


def _floating(value: Any, name: str, f: Any) -> None:
    if (is_differentiable(value) or holds_numbers(value)) and not (
            type(value) is functools.partial or is_dataset(type(value))):
        return
    numeric = isinstance(value, (np.ndarray, np.generic))
    if not numeric and is_foreign(value):
        raise TypeError(f"grad: argument {name!r} of {getattr(f, '__qualname__', f)} is "
                        f"{foreign(value)}")
    what = f"has shape {value.shape} and dtype {value.dtype}" if numeric else \
        f"is of type {type(value).__name__}"
    where = f"argument {name!r} of {getattr(f, '__qualname__', f)}"
    scalar = isinstance(value, (int, np.generic)) or (numeric and value.ndim == 0)
    hint = "a float: float(...)" if scalar else "floats, or an array of them: x.astype(float)"
    raise TypeError(f"grad: {where} {what}, and has no gradient. Instead, pass {hint}.")


def _called_gradient(f: Any, wrt: Any, has_aux: bool, value: bool,
                     refused: DifferentiationError | None = None) -> Callable[..., Any]:
    """Gradients of what has no source of its own: registered functions, methods, partials.

    `refused` is why the code that a derivative runs does not do.
    """

    def of_code(args: tuple, kwargs: dict[str, Any]) -> Any:
        slots = tuple([slot_of(f, w, args, kwargs) for w in asked_of(wrt)])
        made = _gradient(nested.called(f, args, kwargs),
                         slots if isinstance(wrt, (tuple, list)) else slots[0], has_aux, value)
        return generated(made, args, kwargs)

    def gradient(*args: Any, **kwargs: Any) -> Any:
        if RUNS and running() is not None:
            return apart(_called_gradient(f, wrt, has_aux, value, refused), *args, **kwargs)
        asked = asked_of(wrt)
        slots = tuple(slot_of(f, w, args, kwargs) for w in asked)
        for slot in slots:
            _floating(args[slot] if isinstance(slot, int) else kwargs[slot], str(slot), f)
        noted, RUN.kept = RUN.kept, {}
        try:
            values = [parts(args[s] if isinstance(s, int) else kwargs[s]) for s in slots]
            with own_arguments(f, args, kwargs) as own:
                result, pullback = calls.call(slots, f, *own, **kwargs) if refused is None else \
                    _otherwise(f, slots, own, kwargs, refused)
            loss = losses.loss_of(result) if has_aux else result
            losses.scalar_result(loss)
            seed = match(1.0, loss) if not has_aux else (
                match(1.0, loss), *match((None,) * len(result[1:]), result[1:]))
            entries = pullback(seed)
            if RUN.kept:
                at_the_end()
        except DifferentiationError as error:
            raise boundary.leaving(error) from error.__cause__
        finally:
            RUN.kept = noted
        entries = (entries,) if len(slots) == 1 else entries
        mine: dict[Any, Any] = {}
        found = tuple(gradient_beside(e, v, mine) for e, v in zip(entries, values, strict=True))
        gradients = found if isinstance(wrt, (tuple, list)) else found[0]
        if value:
            return result, gradients
        return (gradients, result[1]) if has_aux else gradients

    gradient.__s2sdiff_generated__ = of_code  # type: ignore[attr-defined]
    gradient.__s2sdiff_asked__ = f, wrt, has_aux, value  # type: ignore[attr-defined]
    gradient.__wrapped__ = f  # type: ignore[attr-defined]
    return gradient


def _otherwise(f: Any, slots: tuple[Any, ...], args: tuple, kwargs: dict[str, Any],
               refused: DifferentiationError) -> tuple[Any, Any]:
    def way() -> Any:
        raise refused

    assert nested.backward is not None
    return nested.backward(f, slots, args, kwargs, way, outer=True)


opened.gradient = _gradient
