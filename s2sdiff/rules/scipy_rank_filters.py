"""Filters that pick one of the elements around each: maxima, medians, ranks.

The cotangent goes to the elements that are equal to the one picked, in equal shares.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import ndimage, signal

from s2sdiff.registry import derivative
from s2sdiff.rules.boundaries import extended, folded
from s2sdiff.rules.scipy_ndimage_filters import MODES, plain, sequence
from s2sdiff.rules.shared import axes_of

__all__: list[str] = []


def picked_back(g: Any, x: Any, y: Any, footprint: Any, origins: Any, modes: Any, cval: Any) -> Any:
    """The cotangent of an array from whose neighbourhoods `y` was picked."""
    wide, before = x, []
    for axis, (size, origin, mode) in enumerate(
            zip(footprint.shape, origins, modes, strict=True)):
        before.append(size // 2 + origin)
        wide = extended(wide, axis, before[-1], size - 1 - before[-1], MODES[mode], cval)
    places = [tuple(slice(i, i + n) for i, n in zip(at, x.shape, strict=True))
              for at in np.argwhere(footprint).tolist()]
    count = np.zeros(x.shape, np.intp)
    for place in places:
        count += wide[place] == y
    share = g / np.maximum(count, 1)
    wide_bar = np.zeros(wide.shape, share.dtype)
    for place in places:
        wide_bar[place] += np.where(wide[place] == y, share, 0)
    for axis, mode in reversed(list(enumerate(modes))):
        wide_bar = folded(wide_bar, axis, before[axis], x.shape[axis], MODES[mode])
    return wide_bar


def around(x: Any, size: Any, footprint: Any, mode: Any, origin: Any, axes: Any) -> tuple:
    """Footprint, origins and modes for all axes of an array."""
    used = axes_of(axes, x.ndim)
    shape, origins, modes = [1] * x.ndim, [0] * x.ndim, ["constant"] * x.ndim
    sizes = sequence(size, len(used)) if footprint is None else np.shape(footprint)
    for axis, n, o, m in zip(used, sizes, sequence(origin, len(used)), sequence(mode, len(used)),
                             strict=True):
        shape[axis], origins[axis], modes[axis] = int(n), o, m
    chosen = np.ones(shape, bool)
    if footprint is not None:
        others = tuple(a for a in range(x.ndim) if a not in used)
        chosen[...] = np.expand_dims(np.asarray(footprint, bool), others)
    return chosen, origins, modes


def over_image(of: Any, input: Any, size: Any, footprint: Any, output: Any, mode: Any, cval: Any,
               origin: Any, axes: Any, *first: Any) -> tuple:
    """Value and pullback of a filter of images."""
    plain(of, output)
    y = of(input, *first, size=size, footprint=footprint, output=output, mode=mode, cval=cval,
           origin=origin, axes=axes)

    def pullback(y_bar):
        x = np.asarray(input)
        chosen, origins, modes = around(x, size, footprint, mode, origin, axes)
        return picked_back(y_bar, x, y, chosen, origins, modes, cval)

    return y, pullback


@derivative(of=ndimage.maximum_filter, wrt="input")
def maximum_filter(input, size=None, footprint=None, output=None, mode="reflect", cval=0.0,
                   origin=0, *, axes=None):
    return over_image(ndimage.maximum_filter, input, size, footprint, output, mode, cval, origin,
                      axes)


@derivative(of=ndimage.minimum_filter, wrt="input")
def minimum_filter(input, size=None, footprint=None, output=None, mode="reflect", cval=0.0,
                   origin=0, *, axes=None):
    return over_image(ndimage.minimum_filter, input, size, footprint, output, mode, cval, origin,
                      axes)


@derivative(of=ndimage.median_filter, wrt="input")
def median_filter(input, size=None, footprint=None, output=None, mode="reflect", cval=0.0,
                  origin=0, *, axes=None):
    return over_image(ndimage.median_filter, input, size, footprint, output, mode, cval, origin,
                      axes)


@derivative(of=ndimage.rank_filter, wrt="input")
def rank_filter(input, rank, size=None, footprint=None, output=None, mode="reflect", cval=0.0,
                origin=0, *, axes=None):
    return over_image(ndimage.rank_filter, input, size, footprint, output, mode, cval, origin,
                      axes, rank)


@derivative(of=ndimage.percentile_filter, wrt="input")
def percentile_filter(input, percentile, size=None, footprint=None, output=None, mode="reflect",
                      cval=0.0, origin=0, *, axes=None):
    return over_image(ndimage.percentile_filter, input, size, footprint, output, mode, cval,
                      origin, axes, percentile)


def along_axis(of: Any, input: Any, size: int, axis: int, output: Any, mode: Any, cval: Any,
               origin: int) -> tuple:
    """Value and pullback of a filter along one axis."""
    plain(of, output)
    y = of(input, size, axis, output, mode, cval, origin)

    def pullback(y_bar):
        x = np.asarray(input)
        chosen, origins, modes = around(x, size, None, mode, origin, axis)
        return picked_back(y_bar, x, y, chosen, origins, modes, cval)

    return y, pullback


@derivative(of=ndimage.maximum_filter1d, wrt="input")
def maximum_filter1d(input, size, axis=-1, output=None, mode="reflect", cval=0.0, origin=0):
    return along_axis(ndimage.maximum_filter1d, input, size, axis, output, mode, cval, origin)


@derivative(of=ndimage.minimum_filter1d, wrt="input")
def minimum_filter1d(input, size, axis=-1, output=None, mode="reflect", cval=0.0, origin=0):
    return along_axis(ndimage.minimum_filter1d, input, size, axis, output, mode, cval, origin)


# ----------------------------------------------------------------------------------- scipy.signal


def zeros_beyond(x: Any, y: Any, footprint: Any) -> Any:
    """The pullback of a filter that sees zeros beyond the ends."""
    none, modes = [0] * footprint.ndim, ["constant"] * footprint.ndim

    def pullback(y_bar):
        a = np.reshape(x, y.shape)
        return np.reshape(picked_back(y_bar, a, y, footprint, none, modes, 0), np.shape(x))

    return pullback


@derivative(of=signal.medfilt, wrt="volume")
def medfilt(volume, kernel_size: Any = None):
    y = signal.medfilt(volume, kernel_size)
    sizes = sequence(3 if kernel_size is None else kernel_size, y.ndim)
    return y, zeros_beyond(volume, y, np.ones([int(n) for n in sizes], bool))


@derivative(of=signal.medfilt2d, wrt="input")
def medfilt2d(input, kernel_size: Any = 3):
    y = signal.medfilt2d(input, kernel_size)
    return y, zeros_beyond(input, y, np.ones([int(n) for n in sequence(kernel_size, 2)], bool))


@derivative(of=signal.order_filter, wrt="a")
def order_filter(a, domain, rank):
    y = signal.order_filter(a, domain, rank)
    return y, zeros_beyond(a, y, np.asarray(domain, bool))
