"""Elementwise functions that choose between their arguments: where, clip, maximum, copysign."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.registry import derivative
from s2sdiff.rules.shared import unsupported
from s2sdiff.runtime import masked, masked_evenly, unbroadcast

__all__: list[str] = []


@derivative(of=np.where)
def where(condition, x=None, y: Any = None):
    if x is None:
        return np.where(condition), lambda z_bar: (None, None, None)
    shape_x, shape_y = np.shape(x), np.shape(y)

    def pullback(z_bar):
        x_bar = unbroadcast(np.where(condition, z_bar, 0), shape_x)
        return None, x_bar, unbroadcast(np.where(condition, 0, z_bar), shape_y)

    return np.where(condition, x, y), pullback


@derivative(of=np.maximum)
def maximum(x, y):
    z = np.maximum(x, y)
    if np.iscomplexobj(x) or np.iscomplexobj(y):
        x, y = np.asarray(x), np.asarray(y)  # Python's own complex numbers are in no order
    shape_x, shape_y = np.shape(x), np.shape(y)

    def pullback(z_bar):
        x_bar = unbroadcast(masked_evenly(z_bar, x > y, x >= y), shape_x)
        return x_bar, unbroadcast(masked_evenly(z_bar, y > x, y >= x), shape_y)

    return z, pullback


@derivative(of=np.minimum)
def minimum(x, y):
    z = np.minimum(x, y)
    if np.iscomplexobj(x) or np.iscomplexobj(y):
        x, y = np.asarray(x), np.asarray(y)  # Python's own complex numbers are in no order
    shape_x, shape_y = np.shape(x), np.shape(y)

    def pullback(z_bar):
        x_bar = unbroadcast(masked_evenly(z_bar, x < y, x <= y), shape_x)
        return x_bar, unbroadcast(masked_evenly(z_bar, y < x, y <= x), shape_y)

    return z, pullback


@derivative(of=np.fmax)
def fmax(x, y):
    z = np.fmax(x, y)
    if np.iscomplexobj(x) or np.iscomplexobj(y):
        x, y = np.asarray(x), np.asarray(y)  # Python's own complex numbers are in no order
    shape_x, shape_y = np.shape(x), np.shape(y)

    def pullback(z_bar):
        # Unlike maximum, a nan loses against a number.
        tie_bar = np.where(x == y, 0.5 * z_bar, 0)
        x_bar = unbroadcast(np.where((x > y) | np.isnan(y), z_bar, tie_bar), shape_x)
        return x_bar, unbroadcast(np.where((y > x) | np.isnan(x), z_bar, tie_bar), shape_y)

    return z, pullback


@derivative(of=np.fmin)
def fmin(x, y):
    z = np.fmin(x, y)
    if np.iscomplexobj(x) or np.iscomplexobj(y):
        x, y = np.asarray(x), np.asarray(y)  # Python's own complex numbers are in no order
    shape_x, shape_y = np.shape(x), np.shape(y)

    def pullback(z_bar):
        tie_bar = np.where(x == y, 0.5 * z_bar, 0)
        x_bar = unbroadcast(np.where((x < y) | np.isnan(y), z_bar, tie_bar), shape_x)
        return x_bar, unbroadcast(np.where((y < x) | np.isnan(x), z_bar, tie_bar), shape_y)

    return z, pullback


@derivative(of=[np.clip, np.ndarray.clip, np.generic.clip])
def clip(a, a_min: Any = None, a_max: Any = None, *, min=None, max=None):
    # At a bound the subgradient of smallest norm for `a`; the bound takes what is left.
    if min is not None:
        a_min = min
    if max is not None:
        a_max = max
    shape, shape_min, shape_max = np.shape(a), np.shape(a_min), np.shape(a_max)
    if a_min is None and a_max is None:
        return np.clip(a, None, None), lambda z_bar: (z_bar, None, None, None, None)
    if a_min is None:
        z = np.clip(a, None, a_max)
        if np.iscomplexobj(a) or np.iscomplexobj(a_max):
            a, a_max = np.asarray(a), np.asarray(a_max)

        def pullback_below(z_bar):
            a_bar = unbroadcast(masked(z_bar, a < a_max), shape)
            high_bar = unbroadcast(np.where(a < a_max, 0, z_bar), shape_max)
            return a_bar, None, high_bar, None, high_bar

        return z, pullback_below
    if a_max is None:
        z = np.clip(a, a_min, None)
        if np.iscomplexobj(a) or np.iscomplexobj(a_min):
            a, a_min = np.asarray(a), np.asarray(a_min)

        def pullback_above(z_bar):
            a_bar = unbroadcast(masked(z_bar, a > a_min), shape)
            low_bar = unbroadcast(np.where(a > a_min, 0, z_bar), shape_min)
            return a_bar, low_bar, None, low_bar, None

        return z, pullback_above
    z = np.clip(a, a_min, a_max)
    if np.iscomplexobj(a) or np.iscomplexobj(a_min) or np.iscomplexobj(a_max):
        a, a_min, a_max = np.asarray(a), np.asarray(a_min), np.asarray(a_max)

    def pullback(z_bar):
        a_bar = unbroadcast(masked(z_bar, (a > a_min) & (a < a_max)), shape)
        low_bar = unbroadcast(masked(z_bar, (a <= a_min) & (a_min < a_max)), shape_min)
        high_bar = unbroadcast(masked(z_bar, (a >= a_max) | (a_min >= a_max)), shape_max)
        return a_bar, low_bar, high_bar, low_bar, high_bar

    return z, pullback


@derivative(of=np.copysign)
def copysign(x, y):
    shape_x = np.shape(x)
    z = np.copysign(x, y)
    return z, lambda z_bar: (
        unbroadcast(z_bar * (np.sign(x) * np.sign(z)), shape_x), None)


@derivative(of=np.heaviside)
def heaviside(x, y):
    shape_y = np.shape(y)

    def pullback(z_bar):
        return None, unbroadcast(np.where(x == 0, z_bar, 0), shape_y)

    return np.heaviside(x, y), pullback


def there(z_bar: Any, x: Any, is_so: Any) -> Any:
    """The cotangents of those entries, or of those real and imaginary parts, that are so."""
    found = np.where(is_so(np.real(x)), np.real(z_bar), 0)
    return found - np.where(is_so(np.imag(x)), np.imag(z_bar), 0) if np.iscomplexobj(x) else found


@derivative(of=np.nan_to_num, wrt=("x", "nan", "posinf", "neginf"))
def nan_to_num(x, copy=True, nan=0.0, posinf=None, neginf=None):
    if not copy:
        raise unsupported(
            "np.nan_to_num(..., copy=False) writes into its argument",
            "assign the result of np.nan_to_num(x)",
        )

    def pullback(z_bar):
        if np.iscomplexobj(x):
            # Each part is replaced on its own.
            x_bar = (np.where(np.isfinite(np.real(x)), np.real(z_bar), 0)
                     + 1j * np.where(np.isfinite(np.imag(x)), np.imag(z_bar), 0))
        else:
            x_bar = np.where(np.isfinite(x), z_bar, 0)
        found = [None if given is None else unbroadcast(there(z_bar, x, is_so), np.shape(given))
                 for given, is_so in ((nan, np.isnan), (posinf, np.isposinf),
                                      (neginf, np.isneginf))]
        return x_bar, *found

    return np.nan_to_num(x, True, nan, posinf, neginf), pullback
