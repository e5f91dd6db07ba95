"""`scipy.fft`: Fourier transforms, and the cosine and sine transforms of all four types.

`overwrite_x` is a permission that the rules do not use: arguments are never written to.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import fft as sf

from s2sdiff.registry import constant, derivative
from s2sdiff.rules.fourier import (
    axes_for,
    irfft_back,
    irfftn_back,
    opposite,
    resized,
    rfft_back,
    rfftn_back,
)
from s2sdiff.rules.shared import shaped, unsupported

__all__: list[str] = []

constant(sf.next_fast_len, sf.prev_fast_len, sf.get_workers)


# -------------------------------------------------------------------------- along one axis


def along_one(function: Any, back: Any) -> Any:
    """The rule of a transform along one axis.

    `back(z_bar, n, axis, norm)` is the cotangent of what it transforms, padded or cut to `n`.
    """

    def rule(x, n=None, axis=-1, norm=None, overwrite_x=False, workers=None, *, plan=None):
        shape = np.shape(x)

        def pullback(z_bar):
            with sf.set_workers(workers or sf.get_workers()):
                return resized(back(z_bar, n or shape[axis], axis, norm), shape)

        return function(x, n, axis, norm, workers=workers, plan=plan), pullback

    return rule


BACK: dict[Any, Any] = {
    sf.fft: lambda g, n, axis, norm: sf.fft(g, axis=axis, norm=norm),
    sf.ifft: lambda g, n, axis, norm: sf.ifft(g, axis=axis, norm=norm),
    sf.rfft: lambda g, n, axis, norm: rfft_back(sf, g, n, axis, norm),
    sf.irfft: lambda g, n, axis, norm: irfft_back(sf, g, axis, norm),
    # hfft(x) is irfft(conj(x)), and ihfft(x) is conj(rfft(x)), both with the opposite norm.
    sf.hfft: lambda g, n, axis, norm: np.conj(irfft_back(sf, g, axis, opposite(norm))),
    sf.ihfft: lambda g, n, axis, norm: rfft_back(sf, np.conj(g), n, axis, opposite(norm)),
}

for _function, _back in BACK.items():
    derivative(of=_function, wrt="x")(shaped(along_one(_function, _back)))


# ---------------------------------------------------------------------- along several axes


def along_several(function: Any, default: Any, back: Any) -> Any:
    """The rule of a transform along several axes.

    `back(z_bar, shape, s, axes, norm)` is the cotangent of an argument of the shape.
    """

    def rule(x, s=None, axes=default, norm=None, overwrite_x=False, workers=None, *, plan=None):
        z = function(x, s, axes, norm, workers=workers, plan=plan)
        shape = np.shape(x)

        def pullback(z_bar):
            with sf.set_workers(workers or sf.get_workers()):
                return back(z_bar, shape, s, axes, norm)

        return z, pullback

    return rule


SEVERAL: dict[str, Any] = {
    "fft": lambda g, shape, s, axes, norm: resized(
        sf.fftn(g, axes=axes_for(len(shape), s, axes), norm=norm), shape),
    "ifft": lambda g, shape, s, axes, norm: resized(
        sf.ifftn(g, axes=axes_for(len(shape), s, axes), norm=norm), shape),
    "rfft": lambda g, shape, s, axes, norm: rfftn_back(sf, g, shape, s, axes, norm),
    "irfft": lambda g, shape, s, axes, norm: irfftn_back(sf, g, shape, s, axes, norm),
    "hfft": lambda g, shape, s, axes, norm: np.conj(
        irfftn_back(sf, g, shape, s, axes, opposite(norm))),
    "ihfft": lambda g, shape, s, axes, norm: rfftn_back(
        sf, np.conj(g), shape, s, axes, opposite(norm)),
}

for _name, _back in SEVERAL.items():
    for _suffix, _default in (("2", (-2, -1)), ("n", None)):
        _function = getattr(sf, _name + _suffix)
        derivative(of=_function, wrt="x")(shaped(along_several(_function, _default, _back)))


# ---------------------------------------------------------------------- order of frequencies


@derivative(of=sf.fftshift, wrt="x")
@shaped
def fftshift(x, axes=None):
    return sf.fftshift(x, axes), lambda z_bar: sf.ifftshift(z_bar, axes)


@derivative(of=sf.ifftshift, wrt="x")
@shaped
def ifftshift(x, axes=None):
    return sf.ifftshift(x, axes), lambda z_bar: sf.fftshift(z_bar, axes)


# ---------------------------------------------------------------- cosine and sine transforms


#: The type whose matrix is the transpose of that of a type, but for a factor at one end.
TRANSPOSED = {1: 1, 2: 3, 3: 2, 4: 4}


def at_ends(g: Any, axis: int, first: float, last: float) -> Any:
    """`g` with its first and its last entries along an axis times factors."""
    weights = np.ones(g.shape[axis], g.real.dtype)
    weights[0] *= first
    weights[-1] *= last
    return g * np.reshape(weights, [-1 if i == axis % g.ndim else 1 for i in range(g.ndim)])


def real_back(forward: Any, g: Any, type: int, axis: int, norm: Any, orthogonalize: Any) -> Any:
    """The transposed `dct` or `dst` along one axis.

    The matrices are those of SciPy's documentation: K type I of `dct` has the ends of its
    arguments once and the others twice; the types II and III are each other's transposes but for
    the entry that III takes once; IV, and I of `dst`, are symmetric.  Where both ends are made
    orthogonal, no factor is left.
    """
    cosine = forward is sf.dct
    if norm == "ortho" if orthogonalize is None else orthogonalize:
        before = after = (1.0, 1.0)
    elif type == 1 and cosine:
        before, after = (2.0, 2.0), (0.5, 0.5)
    elif type in (2, 3):
        single = (2.0, 1.0) if cosine else (1.0, 2.0)
        before = single if type == 2 else (1.0, 1.0)
        after = (1 / single[0], 1 / single[1]) if type == 3 else (1.0, 1.0)
    else:
        before = after = (1.0, 1.0)
    g = forward(at_ends(g, axis, *before), TRANSPOSED[type], axis=axis, norm=norm,
                orthogonalize=orthogonalize)
    return at_ends(g, axis, *after)


def check_parts(x: Any, norm: Any, orthogonalize: Any) -> None:
    """Refuse the option that SciPy, up to 1.17 at least, ignores where numbers are complex."""
    if np.iscomplexobj(x) and orthogonalize not in (None, norm == "ortho"):
        raise unsupported("scipy.fft does not look at `orthogonalize` where numbers are complex",
                          "transform the real and the imaginary parts")


def real(function: Any, back: Any) -> Any:
    """The rule of `dct`, `dst`, an inverse or one of several axes; `back` is its transpose.

    The transpose of that is the function itself, of as many entries.
    """

    def back_rule(g, shape, type, n, axis, norm, workers, orthogonalize):
        made = back(g, shape, type, n, axis, norm, workers, orthogonalize)
        return made, lambda h: function(h, type, n, axis, norm, workers=workers,
                                        orthogonalize=orthogonalize)

    def back_forward(g, shape, type, n, axis, norm, workers, orthogonalize):
        made = back(g, shape, type, n, axis, norm, workers, orthogonalize)
        return made, lambda g_dot: back(g_dot, shape, type, n, axis, norm, workers, orthogonalize)

    derivative(of=back, wrt="g")(shaped(back_rule))
    derivative(of=back, wrt="g", mode="jvp")(back_forward)

    def rule(x, type=2, n=None, axis=-1, norm=None, overwrite_x=False, workers=None,
             orthogonalize=None):
        check_parts(x, norm, orthogonalize)
        shape = np.shape(x)
        z = function(x, type, n, axis, norm, workers=workers, orthogonalize=orthogonalize)
        return z, lambda z_bar: back(z_bar, shape, type, n, axis, norm, workers, orthogonalize)

    def rule_of_several(x, type=2, s=None, axes=None, norm=None, overwrite_x=False, workers=None,
                        orthogonalize=None):
        check_parts(x, norm, orthogonalize)
        shape = np.shape(x)
        z = function(x, type, s, axes, norm, workers=workers, orthogonalize=orthogonalize)
        return z, lambda z_bar: back(z_bar, shape, type, s, axes, norm, workers, orthogonalize)

    return rule_of_several if function.__name__.endswith("n") else rule


def real_one(function: Any, forward: Any) -> Any:
    """The rule of `dct`, `dst` or an inverse of them, along one axis."""
    inverse = function is not forward

    def back(g, shape, type, n, axis, norm, workers, orthogonalize):
        kind, norm_of = (TRANSPOSED[type], opposite(norm)) if inverse else (type, norm)
        with sf.set_workers(workers or sf.get_workers()):
            return resized(real_back(forward, g, kind, axis, norm_of, orthogonalize), shape)

    return real(function, back)


def real_several(function: Any, forward: Any, inverse: bool) -> Any:
    """The rule of `dctn`, `dstn` or an inverse of them: one axis after the other."""

    def back(g, shape, type, n, axis, norm, workers, orthogonalize):
        kind, norm_of = (TRANSPOSED[type], opposite(norm)) if inverse else (type, norm)
        with sf.set_workers(workers or sf.get_workers()):
            for one in axes_for(len(shape), n, axis):
                g = real_back(forward, g, kind, one, norm_of, orthogonalize)
        return resized(g, shape)

    return real(function, back)


for _forward, _inverse in ((sf.dct, sf.idct), (sf.dst, sf.idst)):
    for _function in (_forward, _inverse):
        derivative(of=_function, wrt="x")(shaped(real_one(_function, _forward)))
for _several, _one, _inverse in (
        (sf.dctn, sf.dct, False), (sf.idctn, sf.dct, True),
        (sf.dstn, sf.dst, False), (sf.idstn, sf.dst, True)):
    derivative(of=_several, wrt="x")(shaped(real_several(_several, _one, _inverse)))


# -------------------------------------------------------------- the fast Hankel transform

# Hamilton 2000, equations 169 to 173: a circulant matrix with its columns in reverse order, between
# powers that are the same before and after but for a constant.  All of it is symmetric.  Of the
# spacing, the order and the exponent, no derivative is known here.


@derivative(of=sf.fht)
def fht(a, dln, mu, offset=0.0, bias=0.0):
    def pullback(z_bar):
        return (sf.fht(z_bar, dln, mu, offset, bias), NotImplemented, NotImplemented,
                NotImplemented, NotImplemented)

    return sf.fht(a, dln, mu, offset, bias), pullback


@derivative(of=sf.ifht)
def ifht(A, dln, mu, offset=0.0, bias=0.0):
    def pullback(z_bar):
        return (sf.ifht(z_bar, dln, mu, offset, bias), NotImplemented, NotImplemented,
                NotImplemented, NotImplemented)

    return sf.ifht(A, dln, mu, offset, bias), pullback
