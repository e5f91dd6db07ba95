"""`scipy.special`: Legendre functions and spherical harmonics; SciPy has their derivatives itself.

What is asked for with `diff_n` has its derivative from what `diff_n + 1` gives, as far as SciPy
goes: up to 2.
"""

from __future__ import annotations

import numpy as np
from scipy import special

from s2sdiff.registry import derivative
from s2sdiff.rules.shared import unsupported
from s2sdiff.runtime import scaled, unbroadcast

__all__: list[str] = []


def end_slope(m, v, x):
    """At 1 and -1, of the orders from 0 on: (1 - x*x)**(m/2) is in front of a polynomial."""
    v = np.where(np.less(v, -0.5), -1 - np.asarray(v), v)
    with np.errstate(all="ignore"):
        sign, once = np.power(x, v + 1.0), v * (v + 1) / 2
        steep_once = np.where(once == 0, 0.0, np.inf * once * x * sign)
    return np.select(
        [np.equal(m, 0), np.equal(m, 1), np.equal(m, 2), np.greater(m, 2)],
        [sign * once, steep_once, -(v - 1) * (v + 2) / 2 * once * sign, 0.0 * sign], np.nan)


@derivative(of=end_slope, wrt="x")
def end_slope_along(m, v, x):
    def pullback(bar):
        level = np.multiply(v, np.add(v, 1))
        curve = np.power(x, np.add(v, 2.0)) * (level * (level - 2) / 8)
        return scaled(bar, np.where(np.equal(m, 0), curve, np.nan))

    return end_slope(m, v, x), pullback


@derivative(of=special.lpmv, wrt=("m", "v", "x"))
def lpmv(m, v, x):
    shape = np.shape(x)
    value = special.lpmv(m, v, x)

    def pullback(bar):
        # DLMF 14.10.5, and its limit at the ends.
        end = np.equal(np.abs(x), 1)
        lower = special.lpmv(m, np.subtract(v, 1.0), x)
        rise = np.add(np.multiply(v, 1.0), m) * lower - v * x * value
        slope = rise / np.where(end, 1, (1 - x) * (1 + x))
        slope_ = np.where(end, end_slope(m, v, np.where(end, x, 1.0)), slope)[()]
        return None, NotImplemented, unbroadcast(scaled(bar, slope_), shape)

    return value, pullback


def check(name, diff_n):
    """Refuse the second derivatives: SciPy does not know the third ones."""
    if diff_n > 1:
        raise unsupported(f"{name}(..., diff_n={diff_n}), whose derivative SciPy does not have",
                          "ask for diff_n=0 or 1")


def harmonic(function, n, m, theta, phi, diff_n):
    """The rule of spherical harmonics, which give their own derivatives in both angles."""
    check(getattr(function, "__name__", "sph_harm_y"), diff_n)
    shapes = np.shape(theta), np.shape(phi)

    def pullback(bars):
        jets = function(n, m, theta, phi, diff_n=diff_n + 1)
        slopes = jets[1] if diff_n == 0 else jets[2]
        found = []
        for i in range(2):
            if diff_n == 0:
                g = bars * slopes[..., i]
            else:
                g = bars[0] * jets[1][..., i]
                g = g + np.sum(bars[1] * slopes[..., i], axis=-1)
            found.append(unbroadcast(g, shapes[i]))
        return tuple(found)

    return function(n, m, theta, phi, diff_n=diff_n), pullback


if hasattr(special, "sph_harm_y"):

    @derivative(of=special.sph_harm_y, wrt=("theta", "phi"))
    def sph_harm_y(n, m, theta, phi, *, diff_n=0):
        return harmonic(special.sph_harm_y, n, m, theta, phi, diff_n)

    @derivative(of=special.sph_harm_y_all, wrt=("theta", "phi"))
    def sph_harm_y_all(n, m, theta, phi, *, diff_n=0):
        return harmonic(special.sph_harm_y_all, n, m, theta, phi, diff_n)

    @derivative(of=special.sph_legendre_p, wrt="theta")
    def sph_legendre_p(n, m, theta, *, diff_n=0):
        check("sph_legendre_p", diff_n)
        shape = np.shape(theta)

        def pullback(bars):
            jets = special.sph_legendre_p(n, m, theta, diff_n=diff_n + 1)
            return unbroadcast(np.sum(bars * jets[1:], axis=0), shape)

        return special.sph_legendre_p(n, m, theta, diff_n=diff_n), pullback

    @derivative(of=special.sph_legendre_p_all, wrt="theta")
    def sph_legendre_p_all(n, m, theta, *, diff_n=0):
        check("sph_legendre_p_all", diff_n)
        shape = np.shape(theta)

        def pullback(bars):
            jets = special.sph_legendre_p_all(n, m, theta, diff_n=diff_n + 1)
            return unbroadcast(np.sum(bars * jets[1:], axis=0), shape)

        return special.sph_legendre_p_all(n, m, theta, diff_n=diff_n), pullback

    @derivative(of=special.assoc_legendre_p, wrt="z")
    def assoc_legendre_p(n, m, z, *, branch_cut=2, norm=False, diff_n=0):
        check("assoc_legendre_p", diff_n)
        shape = np.shape(z)

        def pullback(bars):
            jets = special.assoc_legendre_p(
                n, m, z, branch_cut=branch_cut, norm=norm, diff_n=diff_n + 1)
            return unbroadcast(np.sum(bars * jets[1:], axis=0), shape)

        value = special.assoc_legendre_p(
            n, m, z, branch_cut=branch_cut, norm=norm, diff_n=diff_n)
        return value, pullback

    @derivative(of=special.assoc_legendre_p_all, wrt="z")
    def assoc_legendre_p_all(n, m, z, *, branch_cut=2, norm=False, diff_n=0):
        check("assoc_legendre_p_all", diff_n)
        shape = np.shape(z)

        def pullback(bars):
            jets = special.assoc_legendre_p_all(
                n, m, z, branch_cut=branch_cut, norm=norm, diff_n=diff_n + 1)
            return unbroadcast(np.sum(bars * jets[1:], axis=0), shape)

        value = special.assoc_legendre_p_all(
            n, m, z, branch_cut=branch_cut, norm=norm, diff_n=diff_n)
        return value, pullback

    @derivative(of=special.legendre_p, wrt="z")
    def legendre_p(n, z, *, diff_n=0):
        check("legendre_p", diff_n)
        shape = np.shape(z)

        def pullback(bars):
            jets = special.legendre_p(n, z, diff_n=diff_n + 1)
            return unbroadcast(np.sum(bars * jets[1:], axis=0), shape)

        return special.legendre_p(n, z, diff_n=diff_n), pullback

    @derivative(of=special.legendre_p_all, wrt="z")
    def legendre_p_all(n, z, *, diff_n=0):
        check("legendre_p_all", diff_n)
        shape = np.shape(z)

        def pullback(bars):
            jets = special.legendre_p_all(n, z, diff_n=diff_n + 1)
            return unbroadcast(np.sum(bars * jets[1:], axis=0), shape)

        return special.legendre_p_all(n, z, diff_n=diff_n), pullback
