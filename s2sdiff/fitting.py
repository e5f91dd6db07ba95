"""Gradients whose shapes are compared with those of the arguments.

A gradient is taken without the value where nothing needs it, so that a product of two arrays whose
shapes do not go together, which is an error, may not be computed at all.  What is made of one of
them then has the other one's shape.
"""

from __future__ import annotations

import inspect
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff.errors import InternalError

__all__ = ["fitting"]


def fitting(gradient: Callable[..., Any], fn: Any, names: tuple[str, ...]) -> Callable[..., Any]:
    """`gradient` of `fn` for the parameters `names`, or the error that the plain call raises."""
    by_position = [n for n, p in inspect.signature(fn).parameters.items() if p.kind in (
        inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)]
    places: Any = [by_position.index(n) if n in by_position else None for n in names]
    # What is remembered with a function must not keep it alive.
    plain = weakref.ref(fn)

    def compare(gradients: tuple[Any, ...], args: Any, kwargs: Any) -> None:
        for name, at, g in zip(names, places, gradients, strict=True):
            x = args[at] if at is not None and at < len(args) else kwargs.get(name)
            if type(g) is np.ndarray and type(x) is np.ndarray and g.shape != x.shape:
                called = plain()
                if called is not None:
                    called(*args, **kwargs)
                raise InternalError(f"the gradient with respect to {name!r} has shape {g.shape}, "
                                    f"and the argument has {x.shape}")

    # Nearly all are arrays of the right shapes, given by position: a look finds that they are.
    first = places[0]

    def checked(*args: Any, **kwargs: Any) -> Any:
        made = gradient(*args, **kwargs)
        try:
            if made.shape == args[first].shape:
                return made
        except (AttributeError, IndexError, TypeError):
            pass
        compare((made,), args, kwargs)
        return made

    def all_checked(*args: Any, **kwargs: Any) -> Any:
        made = gradient(*args, **kwargs)
        try:
            for at, g in zip(places, made, strict=True):
                if g.shape != args[at].shape:
                    break
            else:
                return made
        except (AttributeError, IndexError, TypeError):
            pass
        compare(made, args, kwargs)
        return made

    found = checked if len(names) == 1 else all_checked
    found.__wrapped__ = gradient  # type: ignore[attr-defined]
    return found
