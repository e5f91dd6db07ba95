"""Functions marked, made and shown: `differentiable`, `checkpoint`, `source` and their kin."""

from __future__ import annotations

import functools
import types
from collections.abc import Callable
from typing import Any

from s2sdiff import arguments, boundary, compiler, errors, registry, reports
from s2sdiff.backend.printer import Printed
from s2sdiff.errors import DifferentiationError
from s2sdiff.frontend.lower import lower
from s2sdiff.nested_pullbacks import again_of
from s2sdiff.runtime import calls, nested
from s2sdiff.runtime.inert import is_inert
from s2sdiff.runtime.own_copies import check_unchanged, copied
from s2sdiff.runtime.structures import holds_numbers
from s2sdiff.surroundings import Surroundings

__all__ = ["checkpoint", "differentiable", "differentiable_function", "source"]


def differentiable(fn: Any = None, *, wrt: Any = None, strict: bool = False) -> Any:
    """Mark a function as differentiable; it stays the very function that it was.

    Parameters
    ----------
    fn : function, lambda, method or nested function
    wrt : index, name or tuple of them, optional
        Checked against the signature.
    strict : bool
        Report at once everything in it that cannot be differentiated.

    Raises
    ------
    DifferentiationError
        With `strict`, the first thing that would be refused.

    Examples
    --------
    >>> import s2sdiff as sd
    >>> @sd.differentiable
    ... def square(x):
    ...     return x * x
    >>> square(3.0), sd.grad(square)(3.0)
    (9.0, 6.0)
    """
    if fn is None:
        return functools.partial(differentiable, wrt=wrt, strict=strict)
    inner = fn.__func__ if isinstance(fn, (staticmethod, classmethod)) else fn
    if not callable(inner) and not isinstance(inner, property):
        raise TypeError(f"differentiable: expected a function, got {type(fn).__name__}. Instead, "
                        "decorate a function or a method.")
    if isinstance(inner, types.FunctionType):
        if wrt is not None:
            arguments.wrt_names(inner, wrt)
        if strict:
            try:
                reports.check_strictly(inner)
            except DifferentiationError as error:
                raise boundary.leaving(error) from error.__cause__
    return fn


def differentiable_function(vjp: Callable[..., Any]) -> Callable[..., Any]:
    """A differentiable function made of one that returns `(value, pullback)`.

    Examples
    --------
    >>> import s2sdiff as sd
    >>> cube = sd.differentiable_function(lambda x: (x**3, lambda v: v * 3 * x**2))
    >>> cube(2.0), sd.grad(cube)(2.0)
    (8.0, 12.0)
    """
    if not callable(vjp):
        raise TypeError(f"differentiable_function: expected a function, got {type(vjp).__name__}. "
                        "Instead, pass a function that returns (value, pullback).")

    def function(*args: Any, **kwargs: Any) -> Any:
        return vjp(*args, **kwargs)[0]

    functools.update_wrapper(function, vjp, assigned=("__module__", "__doc__"), updated=())
    name = getattr(vjp, "__name__", "function")
    function.__name__ = function.__qualname__ = name
    registry.derivative(of=function)(vjp)
    return function


def checkpoint(f: Callable[..., Any]) -> Callable[..., Any]:
    """`f`, keeping only its inputs: the body runs once forward and once more per pullback call.

    What it reads outside of its arguments is then as it was at the call, and is left as it has
    become since; random generators give the same numbers again.

    Raises
    ------
    UnsupportedError
        When it is differentiated: `f` writes into its arguments, draws from an iterator outside,
        or gives something else when it is run again.

    Examples
    --------
    >>> import s2sdiff as sd
    >>> sd.grad(sd.checkpoint(lambda x: x**3))(2.0)
    12.0
    """
    f = arguments.target_of(f, "checkpoint")

    def original(*args: Any, **kwargs: Any) -> Any:
        return f(*args, **kwargs)

    latest: list[Surroundings | None] = [None]

    def recomputed(*args: Any, **kwargs: Any) -> Any:
        slots = tuple(i for i, a in enumerate(args) if holds_numbers(a)) + tuple(
            k for k, a in kwargs.items() if holds_numbers(a))
        kept, kept_kwargs = copied((args, kwargs))
        around = latest[0] = Surroundings(f, (*args, *kwargs.values()), "sd.checkpoint", latest[0])
        value = f(*args, **kwargs)
        around.gave(value)
        check_unchanged(original, (args, kwargs), (kept, kept_kwargs), numbers=True)

        def pullback(bar: Any) -> Any:
            if not slots:
                return _entries((), kept, kept_kwargs, None)
            # What the body writes into its arguments, it writes into copies of this run.
            args, kwargs = copied((kept, kept_kwargs))
            with around.again():
                again, back = calls.call(slots, f, *args, **kwargs)
                around.gives(again)
                return _entries(slots, args, kwargs, back(bar))

        return value, pullback

    recomputed.__s2sdiff_generated__ = lambda args, kwargs: again_of(  # type: ignore[attr-defined]
        f, args, kwargs)
    recomputed.__s2sdiff_owner__ = lambda: f  # type: ignore[attr-defined]
    # Nothing is kept in forward mode.
    recomputed.__s2sdiff_forward__ = f  # type: ignore[attr-defined]
    recomputed.__s2sdiff_copies__ = True  # type: ignore[attr-defined]
    functools.update_wrapper(original, f, updated=())
    registry.derivative(of=original)(recomputed)
    return original


@registry.derivative(of=checkpoint)
def checkpoint_inside(f: Any) -> Any:
    """`checkpoint` in a function that is differentiated, of what captures nothing that may vary.

    The body runs again when the pullback does, which gives cotangents to its arguments alone.
    """
    if not is_inert(f):
        raise errors.refusal(
            errors.NestedDerivativeError, "checkpoint is given a function that holds what may vary",
            "let it take that as arguments: sd.checkpoint(step)(x, w)")
    return checkpoint(f), lambda bar: None


checkpoint_inside.__s2sdiff_any__ = True  # type: ignore[attr-defined]
nested.WRAPPERS.add(checkpoint)


def _entries(slots: tuple, args: tuple, kwargs: dict[str, Any], found: Any) -> tuple:
    by_slot = dict(zip(slots, (found,) if len(slots) == 1 else found or (), strict=True))
    return (tuple(by_slot.get(i) for i in range(len(args))), {k: by_slot.get(k) for k in kwargs})


def source(f: Callable[..., Any], mode: str = "vjp", wrt: Any = 0,
           args: tuple[Any, ...] | None = None) -> str:
    """The generated source of a derivative, which runs as printed in the namespace of `f`.

    Parameters
    ----------
    f : Python function
    mode : "vjp", "grad" or "jvp"
    wrt : index, name or tuple of them
    args : tuple, optional
        Positional arguments as an example: the text is the one for arguments of their types, dtypes
        and ranks.  Without them annotations (float, np.ndarray, …) say what is known.

    Raises
    ------
    TypeError
        The function does not take these arguments.

    Examples
    --------
    >>> import s2sdiff as sd
    >>> def square(x):
    ...     return x * x
    >>> print(sd.source(square, mode="grad", args=(3.0,)).splitlines()[-1].strip())
    return 2 * x
    """
    try:
        return _source(arguments.target_of(f, "source"), mode, wrt, args)
    except DifferentiationError as error:
        raise boundary.leaving(error) from error.__cause__


def _source(f: Any, mode: str, wrt: Any, args: tuple[Any, ...] | None) -> str:
    if mode not in ("vjp", "grad", "jvp"):
        raise ValueError(f"source(mode={mode!r}): no such mode. Instead, say 'vjp', 'grad' or "
                         "'jvp'.")
    if isinstance(f, types.MethodType):
        f = f.__func__
    if not arguments.is_python(f):
        lower(f)
    request, kinds = arguments.described(f, mode, wrt)
    if args is not None:
        if not isinstance(args, tuple):
            raise TypeError(f"source(args=...): expected a tuple, not {type(args).__name__}. "
                            "Instead, write args=(x,).")
        kinds = arguments.arguments_of(f, args, {})
    return text_of(compiler.compile_for(f, request, kinds).printed)


def text_of(printed: Printed) -> str:
    """Printed code with the lines in front of it that make it run by itself."""
    head = "".join(f"{line}\n" for line in printed.prelude)
    return f"{head}\n\n{printed.text.strip()}\n" if head else f"{printed.text.strip()}\n"
