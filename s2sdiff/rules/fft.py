"""`numpy.fft`: discrete Fourier transforms of any size, along any axes, with any norm."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.registry import derivative
from s2sdiff.rules.fourier import (
    axes_for,
    irfft_back,
    irfftn_back,
    opposite,
    resized,
    rfft_back,
    rfftn_back,
)
from s2sdiff.rules.shared import refuse_out

__all__: list[str] = []


# -------------------------------------------------------------------------- along one axis


@derivative(of=np.fft.fft, wrt="a")
def fft(a, n=None, axis=-1, norm: Any = None, out=None):
    if out is not None:
        refuse_out("np.fft.fft")
    if n is None:
        return np.fft.fft(a, axis=axis, norm=norm), lambda z_bar: np.fft.fft(
            z_bar, axis=axis, norm=norm)
    shape = np.shape(a)

    def pullback(z_bar):
        return resized(np.fft.fft(z_bar, axis=axis, norm=norm), shape)

    return np.fft.fft(a, n, axis, norm), pullback


@derivative(of=np.fft.ifft, wrt="a")
def ifft(a, n=None, axis=-1, norm: Any = None, out=None):
    if out is not None:
        refuse_out("np.fft.ifft")
    if n is None:
        return np.fft.ifft(a, axis=axis, norm=norm), lambda z_bar: np.fft.ifft(
            z_bar, axis=axis, norm=norm)
    shape = np.shape(a)

    def pullback(z_bar):
        return resized(np.fft.ifft(z_bar, axis=axis, norm=norm), shape)

    return np.fft.ifft(a, n, axis, norm), pullback


@derivative(of=np.fft.rfft, wrt="a")
def rfft(a, n=None, axis=-1, norm: Any = None, out=None):
    if out is not None:
        refuse_out("np.fft.rfft")
    shape = np.shape(a)

    def pullback(z_bar):
        size = shape[axis] if n is None else n
        return resized(rfft_back(np.fft, z_bar, size, axis, norm), shape)

    return np.fft.rfft(a, n, axis, norm), pullback


@derivative(of=np.fft.irfft, wrt="a")
def irfft(a, n=None, axis=-1, norm: Any = None, out=None):
    if out is not None:
        refuse_out("np.fft.irfft")
    shape = np.shape(a)

    def pullback(y_bar):
        return resized(irfft_back(np.fft, y_bar, axis, norm), shape)

    return np.fft.irfft(a, n, axis, norm), pullback


@derivative(of=np.fft.hfft, wrt="a")
def hfft(a, n=None, axis=-1, norm: Any = None, out=None):
    if out is not None:
        refuse_out("np.fft.hfft")
    shape = np.shape(a)

    def pullback(y_bar):
        # hfft(a) is irfft(conj(a)) with the opposite norm.
        a_bar = np.conj(irfft_back(np.fft, y_bar, axis, opposite(norm)))
        return resized(a_bar, shape)

    return np.fft.hfft(a, n, axis, norm), pullback


@derivative(of=np.fft.ihfft, wrt="a")
def ihfft(a, n=None, axis=-1, norm: Any = None, out=None):
    if out is not None:
        refuse_out("np.fft.ihfft")
    shape = np.shape(a)

    def pullback(z_bar):
        # ihfft(a) is conj(rfft(a)) with the opposite norm.
        size = shape[axis] if n is None else n
        a_bar = rfft_back(np.fft, np.conj(z_bar), size, axis, opposite(norm))
        return resized(a_bar, shape)

    return np.fft.ihfft(a, n, axis, norm), pullback


# ---------------------------------------------------------------------- along several axes


@derivative(of=np.fft.fft2, wrt="a")
def fft2(a, s: Any = None, axes: Any = (-2, -1), norm: Any = None, out=None):
    if out is not None:
        refuse_out("np.fft.fft2")
    if s is None:
        return np.fft.fft2(a, axes=axes, norm=norm), lambda z_bar: np.fft.fft2(
            z_bar, axes=axes, norm=norm)
    shape = np.shape(a)

    def pullback(z_bar):
        along = axes_for(len(shape), s, axes)
        return resized(np.fft.fft2(z_bar, axes=along, norm=norm), shape)

    return np.fft.fft2(a, s, axes, norm), pullback


@derivative(of=np.fft.ifft2, wrt="a")
def ifft2(a, s: Any = None, axes: Any = (-2, -1), norm: Any = None, out=None):
    if out is not None:
        refuse_out("np.fft.ifft2")
    if s is None:
        return np.fft.ifft2(a, axes=axes, norm=norm), lambda z_bar: np.fft.ifft2(
            z_bar, axes=axes, norm=norm)
    shape = np.shape(a)

    def pullback(z_bar):
        along = axes_for(len(shape), s, axes)
        return resized(np.fft.ifft2(z_bar, axes=along, norm=norm), shape)

    return np.fft.ifft2(a, s, axes, norm), pullback


@derivative(of=np.fft.fftn, wrt="a")
def fftn(a, s: Any = None, axes: Any = None, norm: Any = None, out=None):
    if out is not None:
        refuse_out("np.fft.fftn")
    if s is None:
        return np.fft.fftn(a, axes=axes, norm=norm), lambda z_bar: np.fft.fftn(
            z_bar, axes=axes, norm=norm)
    shape = np.shape(a)

    def pullback(z_bar):
        along = axes_for(len(shape), s, axes)
        return resized(np.fft.fftn(z_bar, axes=along, norm=norm), shape)

    return np.fft.fftn(a, s, axes, norm), pullback


@derivative(of=np.fft.ifftn, wrt="a")
def ifftn(a, s: Any = None, axes: Any = None, norm: Any = None, out=None):
    if out is not None:
        refuse_out("np.fft.ifftn")
    if s is None:
        return np.fft.ifftn(a, axes=axes, norm=norm), lambda z_bar: np.fft.ifftn(
            z_bar, axes=axes, norm=norm)
    shape = np.shape(a)

    def pullback(z_bar):
        along = axes_for(len(shape), s, axes)
        return resized(np.fft.ifftn(z_bar, axes=along, norm=norm), shape)

    return np.fft.ifftn(a, s, axes, norm), pullback


@derivative(of=np.fft.rfft2, wrt="a")
def rfft2(a, s: Any = None, axes: Any = (-2, -1), norm: Any = None, out=None):
    if out is not None:
        refuse_out("np.fft.rfft2")
    shape = np.shape(a)

    def pullback(z_bar):
        return rfftn_back(np.fft, z_bar, shape, s, axes, norm)

    return np.fft.rfft2(a, s, axes, norm), pullback


@derivative(of=np.fft.rfftn, wrt="a")
def rfftn(a, s: Any = None, axes: Any = None, norm: Any = None, out=None):
    if out is not None:
        refuse_out("np.fft.rfftn")
    shape = np.shape(a)

    def pullback(z_bar):
        return rfftn_back(np.fft, z_bar, shape, s, axes, norm)

    return np.fft.rfftn(a, s, axes, norm), pullback


@derivative(of=np.fft.irfft2, wrt="a")
def irfft2(a, s: Any = None, axes: Any = (-2, -1), norm: Any = None, out=None):
    if out is not None:
        refuse_out("np.fft.irfft2")
    shape = np.shape(a)

    def pullback(y_bar):
        return irfftn_back(np.fft, y_bar, shape, s, axes, norm)

    return np.fft.irfft2(a, s, axes, norm), pullback


@derivative(of=np.fft.irfftn, wrt="a")
def irfftn(a, s: Any = None, axes: Any = None, norm: Any = None, out=None):
    if out is not None:
        refuse_out("np.fft.irfftn")
    shape = np.shape(a)

    def pullback(y_bar):
        return irfftn_back(np.fft, y_bar, shape, s, axes, norm)

    return np.fft.irfftn(a, s, axes, norm), pullback


# ---------------------------------------------------------------------- order of frequencies


@derivative(of=np.fft.fftshift, wrt="x")
def fftshift(x, axes=None):
    return np.fft.fftshift(x, axes), lambda z_bar: np.fft.ifftshift(z_bar, axes)


@derivative(of=np.fft.ifftshift, wrt="x")
def ifftshift(x, axes=None):
    return np.fft.ifftshift(x, axes), lambda z_bar: np.fft.fftshift(z_bar, axes)
