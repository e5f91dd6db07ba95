"""`scipy.ndimage`'s filters made of filters, in the language that is differentiated.

The original has them write into arrays; here they give new ones.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.runtime.standins_solved import root

__all__ = ["along_axes", "axes_of", "first_order", "gaussian_gradient_magnitude",
           "generic_gradient_magnitude", "generic_laplace", "gives_what_it_writes", "kind_of",
           "modes_of"]


def modes_of(mode: Any, count: int) -> tuple:
    """A mode for each axis; it has no derivative."""
    return (mode,) * count if isinstance(mode, str) else tuple(mode)


def axes_of(axes: Any, ndim: int) -> tuple:
    """The axes that are meant, from the front; it has no derivative."""
    if axes is None:
        return tuple(range(ndim))
    return tuple(a % ndim for a in (axes if isinstance(axes, (tuple, list)) else (axes,)))


def kind_of(output: Any, x: Any) -> Any:
    """The dtype of a result; it has no derivative."""
    from s2sdiff.errors import UnsupportedError, refusal

    if isinstance(output, np.ndarray):
        raise refusal(UnsupportedError, "a filter writes its result into an existing array",
                      "assign the result")
    return x.dtype if output is None else np.dtype(output)


def gaussian_gradient_magnitude(input: Any, sigma: Any, output: Any = None, mode: Any = "reflect",
                                cval: Any = 0.0, *, axes: Any = None, truncate: float = 4.0,
                                radius: Any = None) -> Any:
    import scipy.ndimage

    x = np.asarray(input)
    used, kind = axes_of(axes, np.ndim(x)), kind_of(output, x)
    if len(used) == 0:
        return x.astype(kind)
    modes, total = modes_of(mode, len(used)), None
    for i in range(len(used)):
        order: Any = first_order(used[i], np.ndim(x))
        part = scipy.ndimage.gaussian_filter(x, sigma, order, kind, modes[i], cval, truncate,
                                             radius=radius)
        total = part * part if total is None else total + part * part
    return root(total)


def generic_gradient_magnitude(input: Any, derivative: Any, output: Any = None,
                               mode: Any = "reflect", cval: Any = 0.0, extra_arguments: Any = (),
                               extra_keywords: Any = None, *, axes: Any = None) -> Any:
    found = along_axes(input, derivative, output, mode, cval, extra_arguments, extra_keywords, axes)
    if len(found) == 0:
        return np.asarray(input).astype(kind_of(output, input))
    total = found[0] * found[0]
    for part in found[1:]:
        total = total + part * part
    return root(total)


def generic_laplace(input: Any, derivative2: Any, output: Any = None, mode: Any = "reflect",
                    cval: Any = 0.0, extra_arguments: Any = (), extra_keywords: Any = None, *,
                    axes: Any = None) -> Any:
    found = along_axes(input, derivative2, output, mode, cval, extra_arguments, extra_keywords,
                       axes)
    if len(found) == 0:
        return np.asarray(input).astype(kind_of(output, input))
    total = found[0]
    for part in found[1:]:
        total = total + part
    return total


def along_axes(input: Any, derivative: Any, output: Any, mode: Any, cval: Any, arguments: Any,
               keywords: Any, axes: Any) -> list[Any]:
    """What a filter gives along each axis."""
    x = np.asarray(input)
    used, kind = axes_of(axes, np.ndim(x)), kind_of(output, x)
    modes, options = modes_of(mode, len(used)), {} if keywords is None else keywords
    found = [derivative(x, used[i], kind, modes[i], cval, *arguments, **options)
             for i in range(len(used))]
    if len(used) > 0 and not is_filter(derivative):
        gives_what_it_writes(derivative, x, used[0], kind, modes[0], cval, arguments, options,
                             found[0])
    return found


def is_filter(derivative: Any) -> bool:
    """Whether it is one of the library's filters; it has no derivative."""
    return getattr(derivative, "__module__", "").startswith("scipy.ndimage")


def gives_what_it_writes(derivative: Any, x: Any, axis: int, kind: Any, mode: Any, cval: Any,
                         arguments: Any, options: Any, given: Any) -> None:
    """Refuse a user's filter whose result is not what it writes; it has no derivative.

    Along the first axis the original hands it an array, and counts what is written there.
    """
    from s2sdiff.errors import UnsupportedError, refusal

    written = np.zeros(x.shape, kind)
    derivative(x, axis, written, mode, cval, *arguments, **options)
    if not np.allclose(written, given, rtol=1e-6, atol=0.0, equal_nan=True):
        raise refusal(UnsupportedError, "a filter that a filter of scipy.ndimage is made of gives "
                      "something else than it writes into its output",
                      "call the filter along each axis, and add up what it gives")


def first_order(axis: int, ndim: int) -> tuple:
    """The first derivative along an axis; it has no derivative."""
    return tuple(int(a == axis) for a in range(ndim))
