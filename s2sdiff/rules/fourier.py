"""The transposes of Fourier transforms, for the rules of `numpy.fft` and of `scipy.fft`.

The matrix of a discrete Fourier transform is symmetric: cotangents go back by the same transform,
with the same norm.  Transforms of real data use half a spectrum, whose middle counts twice.
The argument `module` is the one whose transforms are called: `numpy.fft` or `scipy.fft`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.registry import constant, derivative
from s2sdiff.rules.shared import like, shaped, unsupported

__all__ = ["axes_for", "irfft_back", "irfftn_back", "opposite", "resized", "rfft_back",
           "rfftn_back"]


def resized(g: Any, shape: tuple[int, ...]) -> Any:
    """`g` cut off, or filled up by zeros, at the end of each axis: padding transposed.

    >>> resized(np.array([[1.0, 2.0, 3.0]]), (2, 2))
    array([[1., 2.],
           [0., 0.]])
    """
    if g.shape == shape:
        return g
    kept = tuple(slice(min(n, m)) for n, m in zip(g.shape, shape, strict=True))
    result = np.zeros(shape, g.dtype)
    result[kept] = g[kept]
    return result


@derivative(of=resized, wrt="g")
@shaped
def resized_(g, shape):
    return resized(g, shape), lambda bar: resized(bar, g.shape)


@derivative(of=resized, wrt="g", mode="jvp")
def resized_forward(g, shape):
    return resized(g, shape), lambda g_dot: resized(g_dot, shape)


def opposite(norm: Any) -> Any:
    """The norm with which the inverse transform has the factor that `norm` gives this one.

    >>> opposite(None), opposite("ortho"), opposite("forward")
    ('forward', 'ortho', 'backward')
    """
    return {None: "forward", "backward": "forward", "forward": "backward"}.get(norm, norm)


def axes_for(ndim: int, s: Any, axes: Any) -> tuple[int, ...]:
    """The axes that an n-dimensional transform works on; sizes alone speak of the last ones.

    >>> axes_for(3, None, None), axes_for(3, (4, 5), None), axes_for(3, None, -1)
    ((0, 1, 2), (1, 2), (2,))
    """
    if axes is None:
        return tuple(range(0 if s is None else ndim - np.size(s), ndim))
    found = tuple(int(a) % ndim for a in np.atleast_1d(axes))
    if len(set(found)) < len(found):
        raise unsupported(f"a Fourier transform that repeats an axis (axes={axes!r})",
                          "transform along that axis twice")
    return found


@like(0)
def doubled(g: Any, n: int, axis: int, factor: float) -> Any:
    """Half a spectrum of `n` real numbers, times a factor where it stands for two frequencies.

    >>> doubled(np.ones(3), 4, 0, 2.0), doubled(np.ones(3), 5, 0, 2.0)
    (array([1., 2., 1.]), array([1., 2., 2.]))
    """
    weights = np.full(g.shape[axis], factor, g.real.dtype)
    weights[0] = 1
    if n % 2 == 0:
        weights[-1] = 1
    return g * np.reshape(weights, [-1 if i == axis % g.ndim else 1 for i in range(g.ndim)])


@derivative(of=doubled, wrt="g")
def doubled_(g, n, axis, factor):
    return doubled(g, n, axis, factor), lambda bar: doubled(bar, n, axis, factor)


def rfft_back(module: Any, z_bar: Any, n: int, axis: int, norm: Any) -> Any:
    """The cotangent of the `n` real numbers along an axis whose `rfft` has the cotangent `z_bar`.

    It is the real part of `fft(z_bar, n)`, which one transform of half the length gives.
    """
    return module.irfft(doubled(np.conj(z_bar), n, axis, 0.5), n, axis, opposite(norm))


def irfft_back(module: Any, y_bar: Any, axis: int, norm: Any) -> Any:
    """The cotangent of half a spectrum whose `irfft` along an axis has the cotangent `y_bar`."""
    z_bar = np.conj(module.rfft(y_bar, axis=axis, norm=opposite(norm)))
    return doubled(z_bar, y_bar.shape[axis], axis, 2.0)


def rfftn_back(module: Any, z_bar: Any, shape: tuple[int, ...], s: Any, axes: Any,
               norm: Any) -> Any:
    """The cotangent of real numbers of `shape` whose `rfftn` has the cotangent `z_bar`.

    The real transform, along the last of the axes, comes first.
    """
    *others, last = axes_for(len(shape), s, axes)
    g = module.fftn(z_bar, axes=others, norm=norm)
    n = -1 if s is None else np.atleast_1d(s)[-1]
    n = shape[last] if n in (-1, None) else n
    return resized(rfft_back(module, g, n, last, norm), shape)


def irfftn_back(module: Any, y_bar: Any, shape: tuple[int, ...], s: Any, axes: Any,
                norm: Any) -> Any:
    """The cotangent of a spectrum of `shape` whose `irfftn` has the cotangent `y_bar`."""
    *others, last = axes_for(len(shape), s, axes)
    g = irfft_back(module, y_bar, last, norm)
    return resized(module.ifftn(g, axes=others, norm=norm), shape)


constant(opposite, axes_for)
