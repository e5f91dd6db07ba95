"""`scipy.special.softmax`, `log_softmax` and `logsumexp`, in the forms that do not overflow."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special

from s2sdiff.registry import derivative
from s2sdiff.rules.shared import like, shaped
from s2sdiff.runtime import scaled, unbroadcast

__all__: list[str] = []


@derivative(of=special.softmax, wrt="x")
@shaped
def softmax(x, axis=None):
    y = special.softmax(x, axis)

    def pullback(y_bar):
        weighted = y_bar * y
        return weighted - y * np.sum(weighted, axis=axis, keepdims=True)

    return y, pullback


@derivative(of=special.log_softmax, wrt="x")
@shaped
def log_softmax(x, axis=None):
    y = special.log_softmax(x, axis)
    return y, lambda y_bar: y_bar - np.exp(y) * np.sum(y_bar, axis=axis, keepdims=True)


@derivative(of=special.logsumexp, wrt=("a", "b"))
@shaped
def logsumexp(a, axis=None, b: Any = None, keepdims=False, return_sign=False):
    if axis is None and b is None and not keepdims and not return_sign:
        return special.logsumexp(a), lambda z_bar: (scaled(z_bar, shares(a)), None)
    elif axis is not None and b is None and not return_sign and not np.iscomplexobj(a):
        z: Any = special.logsumexp(a, axis, keepdims=keepdims)
        # Of nothing but -inf, all shares are zero.
        if keepdims:
            return z, lambda z_bar: (
                scaled(z_bar, np.exp(a - np.where(z == -np.inf, 0.0, z))), None)
        else:
            return z, lambda z_bar: (scaled(np.expand_dims(z_bar, axis), np.exp(
                a - np.expand_dims(np.where(z == -np.inf, 0.0, z), axis))), None)
    else:
        return general_logsumexp(a, axis, b, keepdims, return_sign)


@like(0)
def shares(a: Any) -> Any:
    """`exp(a)` over its sum, without overflow; 0 where all is -inf.

    >>> shares(np.array([0.0, 0.0, -np.inf]))
    array([0.5, 0.5, 0. ])
    """
    a = np.asarray(a)
    if a.dtype.kind == "c":
        return np.exp(a - special.logsumexp(a))
    top = a.max() if a.size else 0.0
    if top == -np.inf:
        return np.zeros(a.shape, a.dtype)
    e = np.exp(a - top)
    return e / np.add.reduce(e, None)


def general_logsumexp(a, axis, b, keepdims, return_sign):
    """`logsumexp` along axes, with weights or with a sign."""
    result: Any = special.logsumexp(a, axis, b, keepdims, return_sign)
    z, sign = result if return_sign else (result, 1.0)
    shape_a, shape_b = np.shape(a), np.shape(b)
    rank = np.ndim(a) if b is None else np.broadcast(a, b).ndim

    def pullback(result_bar):
        z_bar, sign_bar = result_bar if return_sign else (result_bar, None)
        # That of a real number jumps; a complex one turns with the sum.
        if sign_bar is not None and np.iscomplexobj(sign):
            turn = 1j * np.imag(sign_bar * sign)
            z_bar = turn if z_bar is None else z_bar + turn
        if z_bar is None:
            return None, None
        # Of nothing but -inf, all shares are zero.
        shift, share = np.where(np.isneginf(np.real(z)), 0.0, z), z_bar * np.conj(sign)
        if not keepdims:
            axes = tuple(range(rank)) if axis is None else axis
            shift, share = np.expand_dims(shift, axes), np.expand_dims(share, axes)
        share = scaled(share, np.exp(a - shift))
        if b is None:
            return share, None
        return unbroadcast(share * b, shape_a), unbroadcast(share * np.ones_like(b), shape_b)

    return result, pullback
