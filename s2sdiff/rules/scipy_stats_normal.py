"""`scipy.stats.norm`: densities and probabilities in closed form, as one writes them by hand.

The rules of all distributions deal with SciPy's checks and shapes; these of the commonest one are
short enough to be written into generated code.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import stats

from s2sdiff.registry import derivative
from s2sdiff.rules.operators import SEQUENCES
from s2sdiff.rules.shared import like, shaped, static
from s2sdiff.runtime import scaled, unbroadcast
from s2sdiff.runtime.joined import structured

__all__ = ["bell", "of_lists", "precision"]


@static
def standard(loc: Any, scale: Any) -> bool:
    """Whether location and scale are those that are left out."""
    return loc == 0 and scale == 1


@like(0)
def precision(scale: Any) -> Any:
    """The reciprocal of a scale; 0 where it is not positive, and the density nan.

    >>> precision(2.0), precision(np.array([4.0, 0.0]))
    (0.5, array([0.25, 0.  ]))
    """
    if not np.ndim(scale):
        return 1 / scale if scale > 0 else 0.0 * scale
    with np.errstate(all="ignore"):
        return np.where(np.asarray(scale) > 0, 1 / np.asarray(scale), 0)


@derivative(of=precision)
def precision_(scale):
    inverse = precision(scale)
    return inverse, lambda y_bar: -scaled(scaled(y_bar, inverse), inverse)


def of_lists(rule: Any, *args: Any) -> Any:
    """A rule for lists, by that of arrays."""
    value, back = rule(*[np.asarray(v, float) for v in args])

    def pullback(bar):
        return tuple([g if g is None or g is NotImplemented else structured(g, v)
                      for g, v in zip(back(bar), args, strict=True)])

    return value, pullback


@derivative(of=stats.norm.logpdf)
@shaped
def logpdf(x, loc: Any = 0, scale: Any = 1):
    if isinstance(x, SEQUENCES) or isinstance(loc, SEQUENCES) or isinstance(scale, SEQUENCES):
        return of_lists(logpdf, x, loc, scale)
    if isinstance(loc, int) and isinstance(scale, int) and standard(loc, scale):
        return stats.norm.logpdf(x), lambda z_bar: (scaled(z_bar, -x), None, None)
    shape_x, shape_loc, shape_scale = np.shape(x), np.shape(loc), np.shape(scale)

    def pullback(z_bar):
        inverse = precision(scale)
        y = (1.0 * x - loc) * inverse
        part = z_bar * inverse
        y_bar = scaled(part, y)
        return (unbroadcast(-y_bar, shape_x), unbroadcast(y_bar, shape_loc),
                unbroadcast(scaled(y_bar, y) - part, shape_scale))

    return stats.norm.logpdf(x, loc, scale), pullback


@derivative(of=stats.norm.pdf)
@shaped
def pdf(x, loc: Any = 0, scale: Any = 1):
    if isinstance(x, SEQUENCES) or isinstance(loc, SEQUENCES) or isinstance(scale, SEQUENCES):
        return of_lists(pdf, x, loc, scale)
    shape_x, shape_loc, shape_scale = np.shape(x), np.shape(loc), np.shape(scale)

    def pullback(p_bar):
        inverse = precision(scale)
        y = (1.0 * x - loc) * inverse
        part = p_bar * (bell(y) * inverse * inverse)
        y_bar = scaled(part, y)
        return (unbroadcast(-y_bar, shape_x), unbroadcast(y_bar, shape_loc),
                unbroadcast(scaled(y_bar, y) - part, shape_scale))

    return stats.norm.pdf(x, loc, scale), pullback


@derivative(of=stats.norm.cdf)
@shaped
def cdf(x, loc: Any = 0, scale: Any = 1):
    if isinstance(x, SEQUENCES) or isinstance(loc, SEQUENCES) or isinstance(scale, SEQUENCES):
        return of_lists(cdf, x, loc, scale)
    shape_x, shape_loc, shape_scale = np.shape(x), np.shape(loc), np.shape(scale)

    def pullback(p_bar):
        inverse = precision(scale)
        y = (1.0 * x - loc) * inverse
        x_bar = p_bar * (bell(y) * inverse)
        return (unbroadcast(x_bar, shape_x), unbroadcast(-x_bar, shape_loc),
                unbroadcast(-scaled(x_bar, y), shape_scale))

    return stats.norm.cdf(x, loc, scale), pullback


@like(0)
def bell(y: Any) -> Any:
    """The standard normal density."""
    with np.errstate(over="ignore"):
        return np.exp(y * y * -0.5) * (1 / math.sqrt(2 * math.pi))
