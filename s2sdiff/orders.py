"""Forward mode, and derivatives of derivatives, for `check_grads`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from s2sdiff.api import grad
from s2sdiff.forward import jvp
from s2sdiff.runtime import nested
from s2sdiff.runtime.side_by_side import leaves, part, spelled
from s2sdiff.runtime.structures import holds_numbers
from s2sdiff.runtime.values import is_differentiable

__all__ = ["derivatives_of"]


def derivatives_of(f: Callable[..., Any], args: tuple, value: Any, cotangent: Any, dots: tuple,
                   modes: tuple[str, ...]) -> list[tuple[str, list[Callable[..., Any]]]]:
    """What `f`'s first derivative is as functions of the arguments: for each mode those of which
    the first is to be checked that is not refused.

    Backwards it is the gradient of `Re(sum(cotangent * f(*args)))`, forwards the tangent of `f`
    along `dots`; or that of the same sum, as tangents of one real number have symmetric products
    to fall back on.
    """
    slots = tuple([i for i, x in enumerate(args) if holds_numbers(x)])
    scalar = _paired(f, len(args), value, cotangent)
    found: dict[str, tuple[str, list[Callable[..., Any]]]] = {}
    if "rev" in modes:
        found["rev"] = "the gradient", [grad(scalar, slots if len(slots) != 1 else slots[0])]
    if "fwd" in modes:
        found["fwd"] = "the tangent", [_along(g, len(args), dots) for g in (f, scalar)]
    return [found[m] for m in modes]


def _paired(f: Any, n: int, value: Any, cotangent: Any) -> Callable[..., Any]:
    """`Re(sum(cotangent * f(a0, a1, …)))` as a text that names each part of the result."""
    names: dict[str, Any] = {"f": f, "np": np}
    terms = []
    for i, (path, c) in enumerate(_floating(value, cotangent)):
        names[f"c{i}"] = c
        whole = f"c{i} * value{path}"
        terms.append(f"np.real(np.sum({whole}))" if np.shape(c) or np.iscomplexobj(c) else whole)
    given = ", ".join(f"a{i}" for i in range(n))
    text = f"def paired({given}):\n    value = f({given})\n    return {' + '.join(terms)}\n"
    assert nested.load is not None
    return nested.load(text, "paired", names)


def _along(f: Any, n: int, dots: tuple) -> Callable[..., Any]:
    """The tangent of `f(a0, a1, …)` along `dots`."""
    given = ", ".join(f"a{i}" for i in range(n))
    text = f"def along({given}):\n    return jvp(f, ({given},), dots)[1]\n"
    assert nested.load is not None
    return nested.load(text, "along", {"f": f, "jvp": jvp, "dots": dots})


def _floating(value: Any, cotangent: Any) -> Iterator[tuple[str, Any]]:
    """Paths and cotangents of what is a floating number or array in a result."""
    for path, leaf in leaves(value):
        if is_differentiable(leaf):
            yield spelled(path, ""), part(cotangent, path)
