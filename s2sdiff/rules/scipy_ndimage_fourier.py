"""Filters of `scipy.ndimage` for Fourier transforms: each number is multiplied by one.

That one is a product, of a factor for each axis, but for `fourier_ellipsoid`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import ndimage

from s2sdiff.registry import derivative
from s2sdiff.rules.scipy_ndimage_filters import plain, sequence
from s2sdiff.rules.shared import shaped
from s2sdiff.runtime import unbroadcast
from s2sdiff.runtime.joined import structured
from s2sdiff.runtime.later import Later

__all__: list[str] = []


def multiplied(of: Any, input: Any, by: Any, n: int, axis: int, output: Any,
               slope: Callable[[Any, Any], Any] | None, idle: float = 0.0) -> tuple:
    """Value and pullback of such a filter; its factors are what it makes of ones.

    `slope`: of an axis' factors, by frequencies and what they are made with; not known if None.
    `idle`: what makes factors of 1.
    """
    plain(of, output)

    def of_input(bar: Any) -> Any:
        found = bar * of(np.ones(np.shape(input), complex), by, n, axis)
        return found if np.iscomplexobj(input) else np.real(found)

    def of_factors(bar: Any) -> Any:
        assert slope is not None
        shape = np.shape(input)
        every, bars = sequence(by, len(shape)), []
        for k, f in enumerate(frequencies(shape, n, axis)):
            # What one axis does is left out.
            others = [idle if j == k else b for j, b in enumerate(every)]
            rest = bar * of(np.asarray(input, complex), others, n, axis)
            share = np.sum(rest, axis=tuple(j for j in range(len(shape)) if j != k))
            bars.append(np.sum(np.real(share * slope(f, every[k]))))
        return structured(unbroadcast(np.array(bars), np.shape(by)), by)

    def pullback(bar):
        if slope is None:
            return of_input(bar), NotImplemented
        return Later({0: lambda: of_input(bar), 1: lambda: of_factors(bar)})

    return of(input, by, n, axis, output), pullback


def frequencies(shape: tuple, n: int, axis: int) -> list[Any]:
    """Those along each axis, in cycles by element; of a real transform of n elements, along one.

    >>> [f.tolist() for f in frequencies((2, 3), 4, 1)]
    [[0.0, -0.5], [0.0, 0.25, 0.5]]
    """
    halved = axis % len(shape) if n >= 0 else None
    return [np.arange(m) / n if k == halved else np.fft.fftfreq(m) for k, m in enumerate(shape)]


@derivative(of=ndimage.fourier_gaussian, wrt=("input", "sigma"))
@shaped
def fourier_gaussian(input, sigma, n=-1, axis=-1, output=None):
    return multiplied(ndimage.fourier_gaussian, input, sigma, n, axis, output, gaussian_slope)


@derivative(of=ndimage.fourier_uniform, wrt=("input", "size"))
@shaped
def fourier_uniform(input, size, n=-1, axis=-1, output=None):
    # Of size 0, SciPy makes factors of 0.
    return multiplied(ndimage.fourier_uniform, input, size, n, axis, output, uniform_slope, 1e-9)


@derivative(of=ndimage.fourier_ellipsoid, wrt=("input", "size"))
@shaped
def fourier_ellipsoid(input, size, n=-1, axis=-1, output=None):
    return multiplied(ndimage.fourier_ellipsoid, input, size, n, axis, output, None)


@derivative(of=ndimage.fourier_shift, wrt=("input", "shift"))
@shaped
def fourier_shift(input, shift, n=-1, axis=-1, output=None):
    return multiplied(ndimage.fourier_shift, input, shift, n, axis, output, shift_slope)


def gaussian_slope(f: Any, sigma: Any) -> Any:
    turns = (2 * np.pi * f) ** 2
    return -sigma * turns * np.exp(-0.5 * turns * sigma**2)


def uniform_slope(f: Any, size: Any) -> Any:
    u = np.where(f == 0, 1.0, f * size)
    return np.where(f == 0, 0.0, f * (np.cos(np.pi * u) - np.sinc(u)) / u)


def shift_slope(f: Any, shift: Any) -> Any:
    return -2j * np.pi * f * np.exp(-2j * np.pi * f * shift)
