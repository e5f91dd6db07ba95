"""Filters that pick one of the elements around each: maxima, medians, ranks.

The cotangent goes to the elements that are equal to the one picked, in equal shares.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import ndimage, signal

from s2sdiff.registry import derivative
from s2sdiff.rules.boundaries import extended, folded
from s2sdiff.rules.scipy_ndimage_filters import MODES, plain, sequence
from s2sdiff.rules.shared import axes_of, shaped

__all__ = ["Around", "around", "picked_back", "picked_dot"]


@dataclass(frozen=True)
class Around:
    """What lies around each element of an array.

    Attributes
    ----------
    footprint, origins, modes : which places, from where, and what lies beyond the ends
    cval : the constant beyond the ends
    heights : what is added to each of those places, if anything is
    """

    footprint: Any
    origins: list[int]
    modes: list[str]
    cval: Any = 0
    heights: Any = None

    def before(self) -> list[int]:
        """How many elements are seen in front of each, along each axis."""
        return [n // 2 + o for n, o in zip(self.footprint.shape, self.origins, strict=True)]

    def seen(self, x: Any, cval: Any) -> list[Any]:
        """One array for each place of the footprint: what stands there."""
        wide = x
        for axis, (before, n) in enumerate(zip(self.before(), self.footprint.shape, strict=True)):
            wide = extended(wide, axis, before, n - 1 - before, MODES[self.modes[axis]], cval)
        return [wide[place] for place in self.places(x.shape)]

    def picked(self, x: Any, y: Any) -> list[Any]:
        """Where it is the result that stands there, raised and rounded to the result's type."""
        parts = self.seen(x, self.cval)
        if self.heights is None:
            return [part.astype(y.dtype) == y for part in parts]
        # SciPy adds the first height in double precision and others in that of the input.
        rounded = [np.finfo(t).eps for t in (y.dtype, x.dtype) if t.kind == "f" and t.itemsize < 8]
        slack = 4 * max(rounded, default=0.0)
        return [np.abs(part + h - y) <= slack * (np.abs(part) + abs(h))
                for part, h in zip(parts, self.heights[self.footprint], strict=True)]

    def places(self, shape: tuple[int, ...]) -> list[tuple]:
        """The parts of an extended array that are seen."""
        return [tuple(slice(i, i + n) for i, n in zip(at, shape, strict=True))
                for at in np.argwhere(self.footprint).tolist()]


def picked_back(g: Any, x: Any, y: Any, around: Around) -> Any:
    """The cotangent of an array from whose neighbourhoods `y` was picked."""
    equal = around.picked(x, y)
    share = g / np.maximum(sum(equal, np.zeros(y.shape, int)), 1)
    sizes = [n + m - 1 for n, m in zip(x.shape, around.footprint.shape, strict=True)]
    wide_bar = np.zeros(sizes, share.dtype)
    for place, here in zip(around.places(x.shape), equal, strict=True):
        wide_bar[place] += np.where(here, share, 0)
    for axis, before in reversed(list(enumerate(around.before()))):
        wide_bar = folded(wide_bar, axis, before, x.shape[axis], MODES[around.modes[axis]])
    return wide_bar


def picked_dot(x_dot: Any, x: Any, y: Any, around: Around) -> Any:
    """The tangent of `y`, that of the elements which are equal to it, or their mean."""
    count, total = np.zeros(y.shape, int), np.zeros(y.shape, x_dot.dtype)
    for here, dot in zip(around.picked(x, y), around.seen(x_dot, 0), strict=True):
        count += here
        total += np.where(here, dot, 0)
    return total / np.maximum(count, 1)


def picks(of: Any, parameter: str) -> Callable:
    """Register both modes of a filter, by what gives its value and what lies around each element.
    """

    def register(found: Callable) -> Callable:
        signature = inspect.signature(found)

        def opened(*args: Any, **kwargs: Any) -> tuple:
            given = np.asarray(signature.bind(*args, **kwargs).arguments[parameter])
            y, around = found(*args, **kwargs)
            return np.shape(given), np.reshape(given, y.shape), y, around

        def rule(*args: Any, **kwargs: Any) -> tuple:
            shape, x, y, around = opened(*args, **kwargs)
            return y, lambda y_bar: np.reshape(picked_back(y_bar, x, y, around()), shape)

        def differential_of(*args: Any, **kwargs: Any) -> tuple:
            _, x, y, around = opened(*args, **kwargs)
            return y, lambda x_dot: picked_dot(np.reshape(x_dot, y.shape), x, y, around())

        for function, mode in ((rule, "vjp"), (differential_of, "jvp")):
            function.__signature__ = signature  # type: ignore[attr-defined]
            function.__name__ = found.__name__
            derivative(of=of, wrt=parameter, mode=mode)(shaped(function))
        return found

    return register


def around(x: Any, size: Any, footprint: Any, mode: Any, cval: Any, origin: Any,
           axes: Any) -> Around:
    """What lies around each element, by the options of an image's filter."""
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
    return Around(chosen, origins, modes, cval)


def over_image(of: Any, input: Any, size: Any, footprint: Any, output: Any, mode: Any, cval: Any,
               origin: Any, axes: Any, *first: Any) -> tuple:
    """Value of a filter of images, and what gives what lies around each element."""
    plain(of, output)
    y = of(input, *first, size=size, footprint=footprint, output=output, mode=mode, cval=cval,
           origin=origin, axes=axes)

    return y, lambda: around(np.asarray(input), size, footprint, mode, cval, origin, axes)


@picks(ndimage.maximum_filter, "input")
def maximum_filter(input, size=None, footprint=None, output=None, mode="reflect", cval=0.0,
                   origin=0, *, axes=None):
    return over_image(ndimage.maximum_filter, input, size, footprint, output, mode, cval, origin,
                      axes)


@picks(ndimage.minimum_filter, "input")
def minimum_filter(input, size=None, footprint=None, output=None, mode="reflect", cval=0.0,
                   origin=0, *, axes=None):
    return over_image(ndimage.minimum_filter, input, size, footprint, output, mode, cval, origin,
                      axes)


@picks(ndimage.median_filter, "input")
def median_filter(input, size=None, footprint=None, output=None, mode="reflect", cval=0.0,
                  origin=0, *, axes=None):
    return over_image(ndimage.median_filter, input, size, footprint, output, mode, cval, origin,
                      axes)


@picks(ndimage.rank_filter, "input")
def rank_filter(input, rank, size=None, footprint=None, output=None, mode="reflect", cval=0.0,
                origin=0, *, axes=None):
    return over_image(ndimage.rank_filter, input, size, footprint, output, mode, cval, origin,
                      axes, rank)


@picks(ndimage.percentile_filter, "input")
def percentile_filter(input, percentile, size=None, footprint=None, output=None, mode="reflect",
                      cval=0.0, origin=0, *, axes=None):
    return over_image(ndimage.percentile_filter, input, size, footprint, output, mode, cval,
                      origin, axes, percentile)


def along_axis(of: Any, input: Any, size: int, axis: int, output: Any, mode: Any, cval: Any,
               origin: int) -> tuple:
    """The same of a filter along one axis."""
    plain(of, output)
    y = of(input, size, axis, output, mode, cval, origin)

    return y, lambda: around(np.asarray(input), size, None, mode, cval, origin, axis)


@picks(ndimage.maximum_filter1d, "input")
def maximum_filter1d(input, size, axis=-1, output=None, mode="reflect", cval=0.0, origin=0):
    return along_axis(ndimage.maximum_filter1d, input, size, axis, output, mode, cval, origin)


@picks(ndimage.minimum_filter1d, "input")
def minimum_filter1d(input, size, axis=-1, output=None, mode="reflect", cval=0.0, origin=0):
    return along_axis(ndimage.minimum_filter1d, input, size, axis, output, mode, cval, origin)


# ----------------------------------------------------------------------------------- scipy.signal


def zeros_beyond(footprint: Any) -> Around:
    """What a filter sees that has zeros beyond the ends."""
    return Around(footprint, [0] * footprint.ndim, ["constant"] * footprint.ndim)


@picks(signal.medfilt, "volume")
def medfilt(volume, kernel_size: Any = None):
    y = signal.medfilt(volume, kernel_size)
    sizes = sequence(3 if kernel_size is None else kernel_size, y.ndim)
    return y, lambda: zeros_beyond(np.ones([int(n) for n in sizes], bool))


@picks(signal.medfilt2d, "input")
def medfilt2d(input, kernel_size: Any = 3):
    sizes = [int(n) for n in sequence(kernel_size, 2)]
    return signal.medfilt2d(input, kernel_size), lambda: zeros_beyond(np.ones(sizes, bool))


@picks(signal.order_filter, "a")
def order_filter(a, domain, rank):
    return signal.order_filter(a, domain, rank), lambda: zeros_beyond(np.asarray(domain, bool))
