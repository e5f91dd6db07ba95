"""Linear filters of `scipy.ndimage`: the adjoint of a correlation is a convolution.

It runs over the cotangent with zeros around, and what it gives for places beyond the ends is added
to the elements that the filter saw there.
"""

from __future__ import annotations

import functools
import inspect
from typing import Any

import numpy as np
from scipy import ndimage

from s2sdiff.registry import derivative
from s2sdiff.rules.boundaries import extended, folded
from s2sdiff.rules.shared import axes_of, refuse_out, shaped, unsupported
from s2sdiff.runtime.later import Later

__all__ = ["MODES", "constant_back", "constant_share", "plain", "sequence", "step_back",
           "steps_back", "taps"]

#: What lies beyond the ends, by the names of `scipy.ndimage` and of `np.pad`.
MODES = {"reflect": "symmetric", "grid-mirror": "symmetric", "mirror": "reflect",
         "nearest": "edge", "wrap": "wrap", "grid-wrap": "wrap", "constant": "constant",
         "grid-constant": "constant"}


def plain(of: Any, output: Any) -> None:
    """Refuse an array that the result is written into, and rounding."""
    if isinstance(output, np.ndarray):
        refuse_out(f"scipy.ndimage.{of.__name__}")
    if output is not None and not np.issubdtype(np.dtype(output), np.inexact):
        raise unsupported(f"scipy.ndimage.{of.__name__} rounds to {np.dtype(output)}",
                          "leave `output` out")


def sequence(value: Any, count: int) -> list[Any]:
    """An option for each axis, where it may be one for all of them.

    >>> sequence(2, 3), sequence([1, 2], 2)
    ([2, 2, 2], [1, 2])
    """
    return [value] * count if isinstance(value, str) or np.ndim(value) == 0 else list(value)


def affine(rule: Any, of: Any, *parameters: str) -> None:
    """Register a filter that is linear in each parameter, where it is zero beyond the ends.

    The rule has the entries of these; that of the constant beyond the ends is what the filter makes
    of an image of zeros with a 1 there.
    """
    signature = inspect.signature(rule)
    count = len(parameters)

    def reader(args: tuple, kwargs: dict[str, Any]) -> Any:
        def read(image: Any, beyond: Any) -> Any:
            call = signature.bind(*args, **kwargs)
            call.arguments |= {"input": image, "cval": beyond}
            return of(*call.args, **call.kwargs)

        return read

    def reverse(*args: Any, **kwargs: Any) -> Any:
        y, pullback = rule(*args, **kwargs)

        def with_constant(y_bar: Any) -> Any:
            found = functools.cache(lambda: pullback(y_bar))
            made: dict[int, Any] = {0: found}
            if count > 1:
                made = {i: lambda i=i: found()[i] for i in range(count)}
            call = signature.bind(*args, **kwargs).arguments
            made[count] = lambda: constant_back(
                y_bar, reader(args, kwargs), call["input"], call.get("cval", 0.0))
            return Later(made)

        return y, with_constant

    def differential_of(*args: Any, **kwargs: Any) -> Any:
        plain(of, signature.bind(*args, **kwargs).arguments.get("output"))

        def differential(*dots: Any) -> Any:
            total: Any = 0.0
            for name, dot in zip(parameters, dots, strict=False):
                if dot is not None:
                    call = signature.bind(*args, **kwargs)
                    # The constant beyond the ends belongs to the input, and does not move.
                    call.arguments |= {name: dot} | ({"cval": 0.0} if name == "input" else {})
                    total = total + of(*call.args, **call.kwargs)
            if dots[count] is not None:
                image = signature.bind(*args, **kwargs).arguments["input"]
                total = total + dots[count] * constant_share(reader(args, kwargs), image)
            return total

        return of(*args, **kwargs), differential

    for made, mode in ((reverse, "vjp"), (differential_of, "jvp")):
        made.__signature__ = signature  # type: ignore[attr-defined]
        derivative(of=of, wrt=(*parameters, "cval"), mode=mode)(
            shaped(made) if mode == "vjp" else made)


def constant_share(of: Any, image: Any) -> Any:
    """What a 1 beyond the ends makes of an image of zeros."""
    return of(np.zeros(np.shape(image)), 1.0)


def constant_back(y_bar: Any, of: Any, image: Any, cval: Any) -> Any:
    """The cotangent of the constant beyond the ends."""
    bar = np.sum(y_bar * constant_share(of, image))
    return bar if np.iscomplexobj(cval) else np.real(bar)


# ------------------------------------------------------------------------ one step, and several


def step_back(g: Any, step: tuple) -> Any:
    """The cotangent of an array for that of its filtered one, of the same shape.

    A step is an axis, how far it sees before and behind, a mode, and its adjoint.
    """
    axis, before, behind, mode, adjoint = step
    shape = g.shape
    wide = adjoint(extended(g, axis, before, behind, "constant"))
    return folded(wide, axis, before, shape[axis], MODES[mode])


def steps_back(g: Any, steps: list[tuple]) -> Any:
    """The cotangent of an array for that of what several filters, one after the other, give."""
    for step in reversed(steps):
        g = step_back(g, step)
    return g


def taps(axis: int, weights: Any, mode: str, origin: int = 0) -> tuple:
    """The step of a correlation along an axis."""
    before = len(weights) // 2 + origin
    return axis, before, len(weights) - 1 - before, mode, lambda wide: ndimage.convolve1d(
        wide, weights, axis, mode="constant", origin=origin)


def uniform(axis: int, size: int, mode: str, origin: int) -> tuple:
    """The step of a mean, which is one itself: it sees before what the other sees behind."""
    before = size // 2 + origin
    behind = size - 1 - before
    return axis, before, behind, mode, lambda wide: ndimage.uniform_filter1d(
        wide, size, axis, mode="constant", origin=behind - size // 2)


# ---------------------------------------------------------------------------- weights of one's own


def correlation_back(g, x, weights, modes, cval, origins):
    """The cotangents of an array and of weights, neither of which is conjugated."""
    wide, places = x, []
    for axis, (size, origin, mode) in enumerate(zip(weights.shape, origins, modes, strict=True)):
        before = size // 2 + origin
        behind = size - 1 - before
        places.append((before, behind))
        wide = extended(wide, axis, before, behind, MODES[mode], cval)
    weights_bar = np.zeros(weights.shape, np.result_type(g, x))
    for at in np.ndindex(weights.shape):
        window = wide[tuple(slice(i, i + n) for i, n in zip(at, g.shape, strict=True))]
        weights_bar[at] = np.sum(g * window)
    padded = np.pad(g, places) if places else g
    x_bar = ndimage.convolve(padded, weights, mode="constant", origin=origins)
    for axis, mode in reversed(list(enumerate(modes))):
        x_bar = folded(x_bar, axis, places[axis][0], x.shape[axis], MODES[mode])
    return x_bar, weights_bar


def filtered(of: Any, input: Any, weights: Any, output: Any, mode: Any, cval: Any, origin: Any,
             axes: Any) -> tuple:
    """Value and pullback of a filter with weights; a convolution has them reversed."""
    plain(of, output)
    line = of in (ndimage.correlate1d, ndimage.convolve1d)
    y = of(input, weights, axes, output, mode, cval, origin) if line else of(
        input, weights, output, mode, cval, origin, axes=axes)
    turned = of in (ndimage.convolve, ndimage.convolve1d)

    def pullback(y_bar):
        x, w = np.asarray(input), np.asarray(weights)
        used = axes_of(axes, x.ndim)
        others = tuple(a for a in range(x.ndim) if a not in used)
        taken = np.flip(w) if turned else np.conj(w)
        origins = [0] * x.ndim
        for axis, size, o in zip(used, w.shape, sequence(origin, len(used)), strict=True):
            origins[axis] = -o - (size % 2 == 0) if turned else o
        modes = [mode if a in used else "constant" for a in range(x.ndim)]
        x_bar, taken_bar = correlation_back(
            y_bar, x, np.expand_dims(taken, others), modes, cval, origins)
        taken_bar = np.reshape(taken_bar, w.shape)
        return x_bar, np.flip(taken_bar) if turned else np.conj(taken_bar)

    return y, pullback


def correlate(input, weights, output=None, mode="reflect", cval=0.0, origin=0, *, axes=None):
    return filtered(ndimage.correlate, input, weights, output, mode, cval, origin, axes)


def convolve(input, weights, output=None, mode="reflect", cval=0.0, origin=0, *, axes=None):
    return filtered(ndimage.convolve, input, weights, output, mode, cval, origin, axes)


def correlate1d(input, weights, axis=-1, output=None, mode="reflect", cval=0.0, origin=0):
    return filtered(ndimage.correlate1d, input, weights, output, mode, cval, origin, axis)


def convolve1d(input, weights, axis=-1, output=None, mode="reflect", cval=0.0, origin=0):
    return filtered(ndimage.convolve1d, input, weights, output, mode, cval, origin, axis)


# ------------------------------------------------------------------------------- filters by name


def uniform_filter1d(input, size, axis=-1, output=None, mode="reflect", cval=0.0, origin=0):
    plain(ndimage.uniform_filter1d, output)
    y = ndimage.uniform_filter1d(input, size, axis, output, mode, cval, origin)
    return y, lambda y_bar: step_back(y_bar, uniform(axis % y.ndim, size, mode, origin))


def uniform_filter(input, size: Any = 3, output=None, mode: Any = "reflect", cval=0.0,
                   origin: Any = 0, *, axes: Any = None):
    plain(ndimage.uniform_filter, output)
    y = ndimage.uniform_filter(input, size, output, mode, cval, origin, axes=axes)

    def pullback(y_bar):
        used = axes_of(axes, y.ndim)
        options = zip(used, *(sequence(v, len(used)) for v in (size, mode, origin)), strict=True)
        return steps_back(y_bar, [uniform(a, int(n), m, o) for a, n, m, o in options if n > 1])

    return y, pullback


def smoothed_difference(of: Any, weights: Any, input: Any, axis: int, output: Any, mode: Any,
                        cval: Any) -> tuple:
    """Value and pullback of a difference along an axis, smoothed along the others."""
    plain(of, output)
    y = of(input, axis, output, mode, cval)

    def pullback(y_bar):
        modes, at = sequence(mode, y.ndim), axis % y.ndim
        others = [taps(a, weights, modes[a]) for a in range(y.ndim) if a != at]
        return steps_back(y_bar, [taps(at, [-1, 0, 1], modes[at]), *others])

    return y, pullback


def sobel(input, axis=-1, output=None, mode: Any = "reflect", cval=0.0):
    return smoothed_difference(ndimage.sobel, [1, 2, 1], input, axis, output, mode, cval)


def prewitt(input, axis=-1, output=None, mode: Any = "reflect", cval=0.0):
    return smoothed_difference(ndimage.prewitt, [1, 1, 1], input, axis, output, mode, cval)


def laplace(input, output=None, mode: Any = "reflect", cval=0.0, *, axes: Any = None):
    plain(ndimage.laplace, output)
    y = ndimage.laplace(input, output, mode, cval, axes=axes)

    def pullback(y_bar):
        used = axes_of(axes, y.ndim)
        return y_bar if not used else sum(step_back(y_bar, taps(a, [1, -2, 1], m))
                   for a, m in zip(used, sequence(mode, len(used)), strict=True))

    return y, pullback


for _rule in (correlate, convolve, correlate1d, convolve1d):
    affine(_rule, getattr(ndimage, _rule.__name__), "input", "weights")
for _rule in (uniform_filter1d, uniform_filter, sobel, prewitt, laplace):
    affine(_rule, getattr(ndimage, _rule.__name__), "input")
