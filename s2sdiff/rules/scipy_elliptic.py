"""`scipy.special`: elliptic integrals and functions, the arithmetic-geometric mean.

Derivatives in the parameter are written with Carlson's symmetric integrals (DLMF 19.25), in which
nothing cancels: the textbook's quotients by m and 1 - m lose all digits near 0 and 1.
"""

from __future__ import annotations

import math

import numpy as np
from scipy import special

from s2sdiff.registry import derivative
from s2sdiff.rules.shared import effectless
from s2sdiff.runtime import divide, scaled, steep, unbroadcast

__all__: list[str] = []


@derivative(of=special.ellipk)
def ellipk(m):
    # DLMF 19.4.1 with 19.25.1.
    return special.ellipk(m), lambda bar: scaled(bar, special.elliprd(0.0, 1.0, 1 - m) / 6)


@derivative(of=special.ellipkm1)
def ellipkm1(p):
    return special.ellipkm1(p), lambda bar: scaled(bar, special.elliprd(0.0, 1.0, p) / -6)


@derivative(of=special.ellipe)
def ellipe(m):
    # DLMF 19.4.2 with 19.25.1.
    return special.ellipe(m), lambda bar: scaled(bar, special.elliprd(0.0, 1 - m, 1.0) / -6)


@effectless
def first_slope(phi, m):
    """The derivative of the incomplete integral of the first kind in its parameter.

    Half of the integral of sin(t)**2 / (1 - m sin(t)**2)**1.5 from 0 to phi, by quasi-periods.
    """
    turns = np.rint(phi / math.pi)
    sine, cosine = np.sin(phi - math.pi * turns), np.cos(phi - math.pi * turns)
    within = sine**3 * special.elliprd(cosine * cosine, 1.0, 1 - m * sine * sine)
    # The whole integral may be infinite where no quasi-period is passed.
    return (within + scaled(2 * turns, special.elliprd(0.0, 1.0, 1 - m))) / 6


@effectless
def second_slope(phi, m):
    """The same of the integral of the second kind: with a power of one half, and negative."""
    turns = np.rint(phi / math.pi)
    sine, cosine = np.sin(phi - math.pi * turns), np.cos(phi - math.pi * turns)
    within = sine**3 * special.elliprd(cosine * cosine, 1 - m * sine * sine, 1.0)
    return (within + scaled(2 * turns, special.elliprd(0.0, 1 - m, 1.0))) / -6


@derivative(of=special.ellipkinc)
def ellipkinc(phi, m):
    shape_phi, shape_m = np.shape(phi), np.shape(m)

    def pullback(bar):
        slope = 1 / np.sqrt(1 - m * np.square(np.sin(phi)))
        return (unbroadcast(scaled(bar, slope), shape_phi),
                unbroadcast(scaled(bar, first_slope(phi, m)), shape_m))

    return special.ellipkinc(phi, m), pullback


@derivative(of=special.ellipeinc)
def ellipeinc(phi, m):
    shape_phi, shape_m = np.shape(phi), np.shape(m)

    def pullback(bar):
        slope = np.sqrt(1 - m * np.square(np.sin(phi)))
        return (unbroadcast(scaled(bar, slope), shape_phi),
                unbroadcast(scaled(bar, second_slope(phi, m)), shape_m))

    return special.ellipeinc(phi, m), pullback


@derivative(of=special.ellipj)
def ellipj(u, m):
    shape_u, shape_m = np.shape(u), np.shape(m)
    sn, cn, dn, ph = special.ellipj(u, m)

    def pullback(bars):
        # All are functions of the amplitude, whose integral of the first kind is u (DLMF 22.16.11).
        ph_bar = bars[0] * cn - bars[1] * sn + bars[3]
        u_bar = ph_bar * dn - bars[2] * (m * sn * cn)
        m_bar = -(first_slope(ph, m) * u_bar) - scaled(bars[2], sn * sn / (2 * dn))
        return unbroadcast(u_bar, shape_u), unbroadcast(m_bar, shape_m)

    return (sn, cn, dn, ph), pullback


def agm_slope(a, b):
    """The derivative of the arithmetic-geometric mean in a, which depends on their ratio alone.

    The mean is pi / 2 over Carlson's R_F(0, a**2, b**2) (DLMF 19.8.5), differentiated by 19.18.1.
    """
    size = np.maximum(np.abs(a), np.abs(b))
    none = np.equal(a, 0) | np.equal(b, 0) | np.isinf(size)
    p, q = (np.where(none, 1.0, np.abs(x) / np.where(none, 1.0, size)) for x in (a, b))
    slope = np.square(special.agm(p, q)) * p * special.elliprd(0.0, q * q, p * p) / (1.5 * math.pi)
    # At (0, 0) as where they are equal; beside an axis it is infinite as that of a root is.  What
    # bends there does so without end, which a root says whose slope is infinite.
    equal = np.abs(a) == np.abs(b)
    one, other = (np.where(none & np.isfinite(size), x, 0.0) for x in (a, b))
    root = np.sqrt(np.where(equal, one + other, one * other) + 0.0)
    edge = np.where(equal, root + 0.5, np.where(np.abs(a) < np.abs(b), divide(1.0, root), root))
    return np.where(np.sign(a) * np.sign(b) < 0, np.nan, np.where(none, edge, slope))[()]


@derivative(of=special.agm)
def agm(a, b):
    shape_a, shape_b = np.shape(a), np.shape(b)

    def pullback(bar):
        return (unbroadcast(steep(bar, agm_slope(a, b)), shape_a),
                unbroadcast(steep(bar, agm_slope(b, a)), shape_b))

    return special.agm(a, b), pullback
