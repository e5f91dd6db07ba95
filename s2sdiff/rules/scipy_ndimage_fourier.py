"""Filters of `scipy.ndimage` for Fourier transforms: each number is multiplied by one."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import ndimage

from s2sdiff.registry import derivative
from s2sdiff.rules.scipy_ndimage_filters import plain
from s2sdiff.rules.shared import shaped

__all__: list[str] = []


def multiplied(of: Any, input: Any, by: Any, n: int, axis: int, output: Any) -> tuple:
    """Value and pullback of such a filter; its factors are what it makes of ones."""
    plain(of, output)

    def pullback(bar):
        factors = of(np.ones(np.shape(input), complex), by, n, axis)
        found = bar * factors
        return (found if np.iscomplexobj(input) else np.real(found)), NotImplemented

    return of(input, by, n, axis, output), pullback


@derivative(of=ndimage.fourier_gaussian, wrt=("input", "sigma"))
@shaped
def fourier_gaussian(input, sigma, n=-1, axis=-1, output=None):
    return multiplied(ndimage.fourier_gaussian, input, sigma, n, axis, output)


@derivative(of=ndimage.fourier_uniform, wrt=("input", "size"))
@shaped
def fourier_uniform(input, size, n=-1, axis=-1, output=None):
    return multiplied(ndimage.fourier_uniform, input, size, n, axis, output)


@derivative(of=ndimage.fourier_ellipsoid, wrt=("input", "size"))
@shaped
def fourier_ellipsoid(input, size, n=-1, axis=-1, output=None):
    return multiplied(ndimage.fourier_ellipsoid, input, size, n, axis, output)


@derivative(of=ndimage.fourier_shift, wrt=("input", "shift"))
@shaped
def fourier_shift(input, shift, n=-1, axis=-1, output=None):
    return multiplied(ndimage.fourier_shift, input, shift, n, axis, output)
