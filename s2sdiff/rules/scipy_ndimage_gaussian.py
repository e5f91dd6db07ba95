"""Gaussian filters of `scipy.ndimage`, in the image and in how wide they are.

The weights are smooth in `sigma` while the number of them, which is rounded, stays the same.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import ndimage

from s2sdiff.registry import derivative
from s2sdiff.rules.scipy_ndimage_filters import (
    constant_back,
    constant_share,
    plain,
    sequence,
    step_back,
    taps,
)
from s2sdiff.rules.shared import axes_of, shaped
from s2sdiff.runtime.later import Later

__all__: list[str] = []


def weights_and_slopes(sigma: float, order: int, reach: int) -> tuple[Any, Any]:
    """The weights of a derivative of a Gaussian, and what they move by with `sigma`.

    >>> weights, slopes = weights_and_slopes(1.0, 0, 2)
    >>> bool(np.isclose(np.sum(weights), 1.0)), bool(np.isclose(np.sum(slopes), 0.0))
    (True, True)
    """
    x = np.arange(-reach, reach + 1)
    bell = np.exp(-0.5 / (sigma * sigma) * x**2)
    bell = bell / np.sum(bell)
    spread = x**2 / sigma**3
    bell_slope = bell * (spread - np.sum(bell * spread))
    # The polynomial that the bell is multiplied by, and its slope: p' - x p / sigma**2 each time.
    poly, slope = np.eye(order + 1)[0], np.zeros(order + 1)
    turn = np.diag(np.arange(1.0, order + 1), 1) - np.diag(np.ones(order) / sigma**2, -1)
    turn_slope = np.diag(2.0 * np.ones(order) / sigma**3, -1)
    for _ in range(order):
        poly, slope = turn @ poly, turn @ slope + turn_slope @ poly
    powers = x[:, None] ** np.arange(order + 1)
    values = powers @ poly
    return values * bell, powers @ slope * bell + values * bell_slope


def lines(ndim: int, sigma: Any, order: Any, mode: Any, truncate: float, radius: Any,
          axes: Any) -> list[tuple]:
    """What is done along each axis: its place among them, weights, their slopes and a mode."""
    used = axes_of(axes, ndim)
    options = zip(used, *(sequence(v, len(used)) for v in (sigma, order, mode, radius)),
                  strict=True)
    found = []
    for i, (axis, s, o, m, r) in enumerate(options):
        if s > 1e-15:
            reach = int(truncate * float(s) + 0.5) if r is None else int(r)
            found.append((i, axis, *weights_and_slopes(float(s), o, reach), m))
    return found


def along(x: Any, axis: int, weights: Any, mode: Any, cval: Any) -> Any:
    return ndimage.convolve1d(x, weights, axis, mode=mode, cval=cval)


def image_back(g: Any, steps: list[tuple]) -> Any:
    for _, axis, weights, _, mode in reversed(steps):
        g = step_back(g, taps(axis, weights[::-1], mode))
    return g


def widths_back(g: Any, x: Any, steps: list[tuple], cval: Any, sigma: Any) -> Any:
    """The cotangent of `sigma`, one or several."""
    before = [x]
    for _, axis, weights, _, mode in steps:
        before.append(along(before[-1], axis, weights, mode, cval))
    found = np.zeros(max([0, *[step[0] for step in steps]]) + 1 if np.ndim(sigma) == 0
                     else len(sigma))
    for (i, axis, weights, slopes, mode), was in zip(steps[::-1], before[-2::-1], strict=True):
        found[i] = np.real(np.sum(g * along(was, axis, slopes, mode, cval)))
        g = step_back(g, taps(axis, weights[::-1], mode))
    return shaped_like(sigma, found)


def shaped_like(sigma: Any, found: Any) -> Any:
    if np.ndim(sigma) == 0:
        return np.sum(found)
    return type(sigma)(found.tolist()) if isinstance(sigma, (list, tuple)) else found


def moved(x: Any, x_dot: Any, sigma_dot: Any, steps: list[tuple], cval: Any) -> Any:
    """The tangent of the filtered image."""
    total = None if x_dot is None else x_dot
    for i, axis, weights, slopes, mode in steps:
        total = None if total is None else along(total, axis, weights, mode, 0.0)
        if sigma_dot is not None:
            own = sigma_dot if np.ndim(sigma_dot) == 0 else sigma_dot[i]
            more = own * along(x, axis, slopes, mode, cval)
            total = more if total is None else total + more
            x = along(x, axis, weights, mode, cval)
    return np.zeros_like(x) if total is None else total


def with_constant(y_dot: Any, cval_dot: Any, read: Any, x: Any) -> Any:
    """A tangent with that of the constant beyond the ends."""
    return y_dot if cval_dot is None else y_dot + cval_dot * constant_share(read, x)


def all_back(bar: Any, x: Any, sigma: Any, steps: list[tuple], read: Any, cval: Any) -> Any:
    return Later({0: lambda: image_back(bar, steps),
                  1: lambda: widths_back(bar, x, steps, cval, sigma),
                  2: lambda: constant_back(bar, read, x, cval)})


def given(of: Any, input: Any, sigma: Any, order: Any, output: Any, mode: Any, cval: Any,
          truncate: float, radius: Any, axes: Any) -> tuple:
    """The image, what filters one with a constant beyond the ends, and the steps."""
    plain(of, output)
    x = np.asarray(input)

    def read(image: Any, beyond: Any) -> Any:
        if of is ndimage.gaussian_filter1d:
            return of(image, sigma, axes, order, output, mode, beyond, truncate, radius=radius)
        return of(image, sigma, order, output, mode, beyond, truncate, radius=radius, axes=axes)

    return x, read, lambda: lines(x.ndim, sigma, order, mode, truncate, radius, axes)


@derivative(of=ndimage.gaussian_filter1d, wrt=("input", "sigma", "cval"))
@shaped
def gaussian_filter1d(input, sigma, axis=-1, order=0, output=None, mode="reflect", cval=0.0,
                      truncate=4.0, *, radius=None):
    x, read, steps = given(ndimage.gaussian_filter1d, input, sigma, order, output, mode, cval,
                           truncate, radius, axis)
    return read(x, cval), lambda y_bar: all_back(y_bar, x, sigma, steps(), read, cval)


@derivative(of=ndimage.gaussian_filter1d, wrt=("input", "sigma", "cval"), mode="jvp")
def gaussian_filter1d_forward(input, sigma, axis=-1, order=0, output=None, mode="reflect",
                              cval=0.0, truncate=4.0, *, radius=None):
    x, read, steps = given(ndimage.gaussian_filter1d, input, sigma, order, output, mode, cval,
                           truncate, radius, axis)
    return read(x, cval), lambda input_dot, sigma_dot, cval_dot: with_constant(
        moved(x, input_dot, sigma_dot, steps(), cval), cval_dot, read, x)


@derivative(of=ndimage.gaussian_filter, wrt=("input", "sigma", "cval"))
@shaped
def gaussian_filter(input, sigma, order: Any = 0, output=None, mode: Any = "reflect", cval=0.0,
                    truncate=4.0, *, radius: Any = None, axes: Any = None):
    x, read, steps = given(ndimage.gaussian_filter, input, sigma, order, output, mode, cval,
                           truncate, radius, axes)
    return read(x, cval), lambda y_bar: all_back(y_bar, x, sigma, steps(), read, cval)


@derivative(of=ndimage.gaussian_filter, wrt=("input", "sigma", "cval"), mode="jvp")
def gaussian_filter_forward(input, sigma, order: Any = 0, output=None, mode: Any = "reflect",
                            cval=0.0, truncate=4.0, *, radius: Any = None, axes: Any = None):
    x, read, steps = given(ndimage.gaussian_filter, input, sigma, order, output, mode, cval,
                           truncate, radius, axes)
    return read(x, cval), lambda input_dot, sigma_dot, cval_dot: with_constant(
        moved(x, input_dot, sigma_dot, steps(), cval), cval_dot, read, x)


# ------------------------------------------------------------------- sums of second derivatives


def second_derivatives(ndim: int, sigma: Any, mode: Any, truncate: float, radius: Any,
                       axes: Any) -> list[list[tuple]]:
    """The steps of each term of a Laplace filter.

    The mode of the axis of the second derivative is that of all its steps.  Along no axes at all
    the filter hands back the image: one term, without steps.
    """
    used = axes_of(axes, ndim)
    if not used:
        return [[]]
    sigmas, places = [0.0] * ndim, [0] * ndim
    for i, (a, s) in enumerate(zip(used, sequence(sigma, len(used)), strict=True)):
        sigmas[a], places[a] = s, i
    terms = []
    for a, m in zip(used, sequence(mode, len(used)), strict=True):
        order = [2 * (i == a) for i in range(ndim)]
        steps = lines(ndim, sigmas, order, m, truncate, radius, None)
        terms.append([(places[axis], axis, *rest) for _, axis, *rest in steps])
    return terms


def laplace_of(input: Any, sigma: Any, output: Any, mode: Any, cval: Any, axes: Any,
               truncate: float, radius: Any) -> tuple:
    plain(ndimage.gaussian_laplace, output)
    x = np.asarray(input)

    def read(image: Any, beyond: Any) -> Any:
        return ndimage.gaussian_laplace(image, sigma, output, mode, beyond, axes=axes,
                                        truncate=truncate, radius=radius)

    return x, read, lambda: second_derivatives(x.ndim, sigma, mode, truncate, radius, axes)


def added(sigma: Any, parts: list) -> Any:
    if np.ndim(sigma) == 0:
        return sum(parts)
    return shaped_like(sigma, np.sum(np.array(parts), axis=0))


@derivative(of=ndimage.gaussian_laplace, wrt=("input", "sigma", "cval"))
@shaped
def gaussian_laplace(input, sigma: Any, output=None, mode: Any = "reflect", cval=0.0, *,
                     axes: Any = None, truncate=4.0, radius=None):
    x, read, terms = laplace_of(input, sigma, output, mode, cval, axes, truncate, radius)
    return read(x, cval), lambda y_bar: Later({
        0: lambda: sum(image_back(y_bar, steps) for steps in terms()),
        1: lambda: added(sigma, [widths_back(y_bar, x, steps, cval, sigma) for steps in terms()]),
        2: lambda: constant_back(y_bar, read, x, cval)})


@derivative(of=ndimage.gaussian_laplace, wrt=("input", "sigma", "cval"), mode="jvp")
def gaussian_laplace_forward(input, sigma: Any, output=None, mode: Any = "reflect", cval=0.0, *,
                             axes: Any = None, truncate=4.0, radius=None):
    x, read, terms = laplace_of(input, sigma, output, mode, cval, axes, truncate, radius)
    return read(x, cval), lambda input_dot, sigma_dot, cval_dot: with_constant(sum(
        moved(x, input_dot, sigma_dot, steps, cval) for steps in terms()), cval_dot, read, x)
