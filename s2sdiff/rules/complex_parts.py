"""Parts of complex numbers, the functions that are not holomorphic: abs, sign, conj, real, angle.

Everywhere the pairing is Re(g dz), so `conj` answers with the conjugate of its cotangent.
"""

from __future__ import annotations

import math

import numpy as np

from s2sdiff.registry import derivative
from s2sdiff.runtime import scaled

__all__: list[str] = []


@derivative(of=np.absolute)
def absolute(x):
    # sign is x / |x| of complex numbers too, and 0 at 0: the subgradient of smallest norm.
    return np.absolute(x), lambda z_bar: z_bar * np.conj(np.sign(x))


@derivative(of=np.fabs)
def fabs(x):
    return np.fabs(x), lambda z_bar: z_bar * np.sign(x)


@derivative(of=np.sign)
def sign(x):
    z = np.sign(x)

    def pullback(z_bar):
        # On the unit circle only the component along the circle moves: dz = iz Im(dx / z) / |x|.
        if np.iscomplexobj(x):
            x_bar = scaled(np.imag(z_bar * z), 1j * np.conj(z) / np.abs(x))
        else:
            x_bar = None
        return x_bar

    return z, pullback


@derivative(of=[
    np.conjugate, np.ndarray.conj, np.ndarray.conjugate, np.generic.conj, np.generic.conjugate,
])
def conjugate(x):
    return np.conj(x), lambda z_bar: np.conj(z_bar)


@derivative(of=[float.conjugate, complex.conjugate])
def conjugate_number(x):
    return x.conjugate(), lambda z_bar: z_bar.conjugate()


@derivative(of=np.real)
def real(val):
    return np.real(val), lambda z_bar: z_bar


@derivative(of=[np.ndarray.real, np.generic.real, float.real, complex.real])
def real_attribute(x):
    return x.real, lambda z_bar: z_bar


@derivative(of=np.imag)
def imag(val):
    return np.imag(val), lambda z_bar: -1j * z_bar


@derivative(of=[np.ndarray.imag, np.generic.imag, float.imag, complex.imag])
def imag_attribute(x):
    return x.imag, lambda z_bar: -1j * z_bar


@derivative(of=np.real_if_close, wrt="a")
def real_if_close(a, tol=100):
    return np.real_if_close(a, tol), lambda z_bar: z_bar


@derivative(of=np.angle, wrt="z")
def angle(z, deg=False):
    def pullback(phi_bar):
        if deg:
            phi_bar = phi_bar * (180 / math.pi)
        if np.iscomplexobj(z):
            z_bar = scaled(phi_bar, np.divide(-1j, z))
        else:
            z_bar = None
        return z_bar

    return np.angle(z, deg), pullback
