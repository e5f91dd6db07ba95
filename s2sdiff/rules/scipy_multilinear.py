"""Differentials of SciPy's convolutions and correlations, which are linear in both operands."""

from __future__ import annotations

import numpy as np
from scipy import signal

from s2sdiff.registry import derivative
from s2sdiff.rules.multilinear import bilinear

__all__: list[str] = []


@derivative(of=signal.convolve, wrt=("in1", "in2"), mode="jvp")
def convolve(in1, in2, mode="full", method="auto"):
    return bilinear(signal.convolve, in1, in2, mode, method)


@derivative(of=signal.correlate, wrt=("in1", "in2"), mode="jvp")
def correlate(in1, in2, mode="full", method="auto"):
    return bilinear(signal.correlate, in1, in2, mode, method)


@derivative(of=signal.fftconvolve, wrt=("in1", "in2"), mode="jvp")
def fftconvolve(in1, in2, mode="full", axes=None):
    return bilinear(signal.fftconvolve, in1, in2, mode, axes)


@derivative(of=signal.oaconvolve, wrt=("in1", "in2"), mode="jvp")
def oaconvolve(in1, in2, mode="full", axes=None):
    return bilinear(signal.oaconvolve, in1, in2, mode, axes)


@derivative(of=[signal.convolve2d], wrt=("in1", "in2", "fillvalue"), mode="jvp")
def convolve2d(in1, in2, mode="full", boundary="fill", fillvalue=0):
    return planes(signal.convolve2d, in1, in2, mode, boundary, fillvalue)


@derivative(of=signal.correlate2d, wrt=("in1", "in2", "fillvalue"), mode="jvp")
def correlate2d(in1, in2, mode="full", boundary="fill", fillvalue=0):
    return planes(signal.correlate2d, in1, in2, mode, boundary, fillvalue)


def planes(function, in1, in2, mode, boundary, fillvalue):
    """A convolution of images, around whose tangents are zeros where `fillvalue` is around them."""

    def differential(in1_dot, in2_dot, fillvalue_dot):
        terms = []
        if in1_dot is not None:
            terms.append(function(in1_dot, in2, mode, boundary, 0))
        if in2_dot is not None:
            terms.append(function(in1, in2_dot, mode, boundary, fillvalue))
        if fillvalue_dot is not None:
            terms.append(function(np.zeros_like(in1), in2, mode, boundary, fillvalue_dot))
        return sum(terms[1:], terms[0])

    return function(in1, in2, mode, boundary, fillvalue), differential
