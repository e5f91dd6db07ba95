"""`scipy.special`: Bessel functions that are scaled, Hankel's and the spherical ones.

DLMF 10.6, 10.29, 10.51.  What is scaled by exp(-|Re z|) or exp(-|Im z|) is not holomorphic: the
modulus adds a real part, as the pairing Re(cotangent * tangent) asks for.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special

from s2sdiff.registry import derivative
from s2sdiff.rules.scipy_bessel import scaled_slope
from s2sdiff.rules.scipy_bessel_orders import ive_order, jv_order, kve_order, yv_order
from s2sdiff.runtime import scaled, steep, unbroadcast

__all__: list[str] = []


@derivative(of=special.kve)
def kve(v, z):
    shape_v, shape_z = np.shape(v), np.shape(z)
    value = special.kve(v, z)

    def pullback(bar):
        slope = value - (special.kve(np.subtract(v, 1.0), z) + special.kve(np.add(v, 1.0), z)) / 2
        if not np.iscomplexobj(z):
            slope = scaled_slope(v, z, value, 1, slope)
        return (NotImplemented if np.iscomplexobj(z) else
                unbroadcast(scaled(bar, kve_order(v, z)), shape_v),
                unbroadcast(scaled(bar, slope), shape_z))

    return value, pullback


@derivative(of=special.ive)
def ive(v, z):
    shape_v, shape_z = np.shape(v), np.shape(z)
    value = special.ive(v, z)

    def pullback(bar):
        lower = np.where(np.equal(z, 0), special.iv(np.subtract(v, 1.0), z),
                         special.ive(np.subtract(v, 1.0), z))
        slope = (lower + special.ive(np.add(v, 1.0), z)) / 2
        if np.iscomplexobj(z):
            z_bar = steep(bar, slope) - np.sign(np.real(z)) * np.real(bar * value)
        else:
            z_bar = steep(bar, scaled_slope(v, z, value, -1, slope - np.sign(z) * value))
        return (NotImplemented if np.iscomplexobj(z) else
                unbroadcast(scaled(bar, ive_order(v, z)), shape_v), unbroadcast(z_bar, shape_z))

    return value, pullback


@derivative(of=special.jve)
def jve(v, z):
    shape_v, shape_z = np.shape(v), np.shape(z)
    value = special.jve(v, z)

    def pullback(bar):
        lower = np.where(np.equal(z, 0), special.jv(np.subtract(v, 1.0), z),
                         special.jve(np.subtract(v, 1.0), z))
        slope = (lower - special.jve(np.add(v, 1.0), z)) / 2
        if np.iscomplexobj(z):
            v_bar = NotImplemented
            z_bar = steep(bar, slope) + 1j * np.sign(np.imag(z)) * np.real(bar * value)
        else:
            v_bar = unbroadcast(scaled(bar, jv_order(v, z)), shape_v)
            z_bar = steep(bar, slope)
        return v_bar, unbroadcast(z_bar, shape_z)

    return value, pullback


@derivative(of=special.yve)
def yve(v, z):
    shape_v, shape_z = np.shape(v), np.shape(z)
    value = special.yve(v, z)

    def pullback(bar):
        slope = (special.yve(np.subtract(v, 1.0), z) - special.yve(np.add(v, 1.0), z)) / 2
        if np.iscomplexobj(z):
            v_bar = NotImplemented
            z_bar = steep(bar, slope) + 1j * np.sign(np.imag(z)) * np.real(bar * value)
        else:
            v_bar = unbroadcast(scaled(bar, yv_order(v, z)), shape_v)
            z_bar = steep(bar, slope)
        return v_bar, unbroadcast(z_bar, shape_z)

    return value, pullback


def hankel_order(v: Any, z: Any, unit: complex) -> Any:
    """The derivative in the order, of real arguments (DLMF 10.4.3)."""
    return jv_order(v, z) + unit * yv_order(v, z)


@derivative(of=special.hankel1)
def hankel1(v, z):
    shape_v, shape = np.shape(v), np.shape(z)

    def pullback(bar):
        slope = (special.hankel1(np.subtract(v, 1.0), z) - special.hankel1(np.add(v, 1.0), z)) / 2
        return (NotImplemented if np.iscomplexobj(z) else
                unbroadcast(scaled(bar, hankel_order(v, z, 1j)), shape_v),
                unbroadcast(scaled(bar, slope), shape))

    return special.hankel1(v, z), pullback


@derivative(of=special.hankel2)
def hankel2(v, z):
    shape_v, shape = np.shape(v), np.shape(z)

    def pullback(bar):
        slope = (special.hankel2(np.subtract(v, 1.0), z) - special.hankel2(np.add(v, 1.0), z)) / 2
        return (NotImplemented if np.iscomplexobj(z) else
                unbroadcast(scaled(bar, hankel_order(v, z, -1j)), shape_v),
                unbroadcast(scaled(bar, slope), shape))

    return special.hankel2(v, z), pullback


@derivative(of=special.hankel1e)
def hankel1e(v, z):
    shape_v, shape = np.shape(v), np.shape(z)
    value = special.hankel1e(v, z)

    def pullback(bar):
        slope = (special.hankel1e(np.subtract(v, 1.0), z) - special.hankel1e(np.add(v, 1.0), z)) / 2
        return (NotImplemented if np.iscomplexobj(z) else
                unbroadcast(scaled(bar, np.exp(-1j * z) * hankel_order(v, z, 1j)), shape_v),
                unbroadcast(scaled(bar, slope - 1j * value), shape))

    return value, pullback


@derivative(of=special.hankel2e)
def hankel2e(v, z):
    shape_v, shape = np.shape(v), np.shape(z)
    value = special.hankel2e(v, z)

    def pullback(bar):
        slope = (special.hankel2e(np.subtract(v, 1.0), z) - special.hankel2e(np.add(v, 1.0), z)) / 2
        return (NotImplemented if np.iscomplexobj(z) else
                unbroadcast(scaled(bar, np.exp(1j * z) * hankel_order(v, z, -1j)), shape_v),
                unbroadcast(scaled(bar, slope + 1j * value), shape))

    return value, pullback


# --------------------------------------------------- what `spherical_jn` and its kin compute with


def spherical(name, sign, scale):
    """The rules of a spherical function and its slope, by its neighbours (10.51.2 and 10.51.5)."""
    value, slope = (getattr(special._ufuncs, f"_spherical_{name}{end}") for end in ("", "_d"))

    @derivative(of=value, wrt="z")
    def spherical_value(n, z):
        shape = np.shape(z)
        return value(n, z), lambda bar: unbroadcast(scaled(bar, slope(n, z)), shape)

    @derivative(of=slope, wrt="z")
    def spherical_slope(n, z):
        shape = np.shape(z)

        def pullback(bar):
            lower = n * slope(np.subtract(np.maximum(n, 1), 1), z)
            upper = sign * np.add(n, 1) * slope(np.add(n, 1), z)
            rise = (lower + upper) / (scale * (2 * np.asarray(n) + 1))
            return unbroadcast(scaled(bar, rise), shape)

        return slope(n, z), pullback


for _name, _sign, _scale in (("jn", -1, 1), ("yn", -1, 1), ("in", 1, 1), ("kn", 1, -1)):
    if hasattr(special._ufuncs, f"_spherical_{_name}"):
        spherical(_name, _sign, _scale)
