"""`scipy.fftpack`, which `scipy.fft` has replaced: the same transforms in other layouts.

`overwrite_x` is a permission that the rules do not use: arguments are never written to.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import fft as sf
from scipy import fftpack as fp

from s2sdiff.registry import constant, derivative
from s2sdiff.rules.fourier import axes_for, resized
from s2sdiff.rules.scipy_fft import TRANSPOSED, real_back
from s2sdiff.rules.shared import shaped

__all__: list[str] = []

constant(fp.next_fast_len, fp.rfftfreq)


# ------------------------------------------------------------------- complex Fourier transforms


def along_one(function: Any) -> Any:
    """The rule of `fft` or `ifft`, whose matrices are symmetric."""

    def rule(x, n=None, axis=-1, overwrite_x=False):
        shape = np.shape(x)
        return function(x, n, axis), lambda z_bar: resized(function(z_bar, None, axis), shape)

    return rule


def along_several(function: Any, default: Any) -> Any:
    """The rule of a transform along several axes."""

    def rule(x, shape=None, axes=default, overwrite_x=False):
        size = np.shape(x)

        def pullback(z_bar):
            return resized(function(z_bar, None, axes_for(len(size), shape, axes)), size)

        return function(x, shape, axes), pullback

    return rule


for _function in (fp.fft, fp.ifft):
    derivative(of=_function, wrt="x")(shaped(along_one(_function)))
for _function, _axes in ((fp.fft2, (-2, -1)), (fp.ifft2, (-2, -1)), (fp.fftn, None),
                         (fp.ifftn, None)):
    derivative(of=_function, wrt="x")(shaped(along_several(_function, _axes)))


# ---------------------------------------------------------------------- real Fourier transforms


def weighed(g: Any, axis: int, weight: float) -> Any:
    """`g` times n, and times `weight` n where cosines and sines come in pairs.

    The rows of the real transform's matrix are orthogonal, of the squared lengths n and n / 2: with
    these, its inverse is its transpose.
    """
    n = g.shape[axis]
    weights = np.full(n, weight * n, g.dtype)
    weights[0] = n
    if n % 2 == 0:
        weights[-1] = n
    return g * np.reshape(weights, [-1 if i == axis % g.ndim else 1 for i in range(g.ndim)])


@derivative(of=fp.rfft, wrt="x")
@shaped
def rfft(x, n=None, axis=-1, overwrite_x=False):
    shape = np.shape(x)

    def pullback(z_bar):
        return resized(fp.irfft(weighed(z_bar, axis, 0.5), None, axis), shape)

    return fp.rfft(x, n, axis), pullback


@derivative(of=fp.irfft, wrt="x")
@shaped
def irfft(x, n=None, axis=-1, overwrite_x=False):
    shape = np.shape(x)

    def pullback(z_bar):
        count = z_bar.shape[axis]
        return resized(weighed(fp.rfft(z_bar, None, axis), axis, 2.0) / count**2, shape)

    return fp.irfft(x, n, axis), pullback


# ---------------------------------------------------------------- cosine and sine transforms


def real_one(function: Any, forward: Any, inverse: bool) -> Any:
    """The rule of `dct`, `dst` or an inverse, which is the other type without a factor."""

    def rule(x, type=2, n=None, axis=-1, norm=None, overwrite_x=False):
        shape, kind = np.shape(x), TRANSPOSED[type] if inverse else type

        def pullback(z_bar):
            return resized(real_back(forward, z_bar, kind, axis, norm, None), shape)

        return function(x, type, n, axis, norm), pullback

    return rule


def real_several(function: Any, forward: Any, inverse: bool) -> Any:
    """The rule of `dctn`, `dstn` or an inverse: one axis after the other."""

    def rule(x, type=2, shape=None, axes=None, norm=None, overwrite_x=False):
        size, kind = np.shape(x), TRANSPOSED[type] if inverse else type

        def pullback(z_bar):
            for axis in axes_for(len(size), shape, axes):
                z_bar = real_back(forward, z_bar, kind, axis, norm, None)
            return resized(z_bar, size)

        return function(x, type, shape, axes, norm), pullback

    return rule


for _forward, _functions in ((sf.dct, (fp.dct, fp.idct, fp.dctn, fp.idctn)),
                             (sf.dst, (fp.dst, fp.idst, fp.dstn, fp.idstn))):
    for _function in _functions:
        _name = _function.__name__
        _made = real_several if _name.endswith("n") else real_one
        derivative(of=_function, wrt="x")(
            shaped(_made(_function, _forward, _name.startswith("i"))))


# ------------------------------------------------------------------------ periodic sequences

# Each multiplies the transform of its argument: by an even function of the frequency, where the
# matrix is symmetric, or by i times an odd one.  Of widths and periods no derivative is known here.


@derivative(of=fp.diff, wrt="x")
def diff(x, order=1, period=None):
    sign = -1.0 if order % 2 else 1.0
    return fp.diff(x, order, period), lambda z_bar: sign * fp.diff(z_bar, order, period)


@derivative(of=fp.shift, wrt="x")
def shift(x, a, period=None):
    def pullback(z_bar):
        n = len(z_bar)
        back = fp.shift(z_bar, -a, period)
        if n % 2:
            return back
        # Of an even number the highest frequency has cosine and sine in one real factor.
        turns = (1.0 if period is None else 2 * np.pi / period) * a * n / 2
        signs = np.resize([1.0, -1.0], n)
        return back + 2 * np.sin(turns) * np.mean(signs * z_bar) * signs

    return fp.shift(x, a, period), pullback


def without_width(function: Any) -> Any:
    def rule(x):
        return function(x), lambda z_bar: -function(z_bar)

    return rule


def of_one_width(function: Any) -> Any:
    def rule(x, h, period=None):
        return function(x, h, period), lambda z_bar: -function(z_bar, h, period)

    return rule


def of_two_widths(function: Any, sign: float) -> Any:
    def rule(x, a, b, period=None):
        return function(x, a, b, period), lambda z_bar: sign * function(z_bar, a, b, period)

    return rule


for _function in (fp.hilbert, fp.ihilbert):
    derivative(of=_function, wrt="x")(without_width(_function))
for _function in (fp.tilbert, fp.itilbert):
    derivative(of=_function, wrt="x")(of_one_width(_function))
for _function, _sign in ((fp.cs_diff, -1.0), (fp.sc_diff, -1.0), (fp.cc_diff, 1.0),
                         (fp.ss_diff, 1.0)):
    derivative(of=_function, wrt="x")(of_two_widths(_function, _sign))
