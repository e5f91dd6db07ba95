"""Samples of `numpy.random`, with respect to what the distribution is moved and stretched by.

What the generator draws is a constant, and a sample a function of it: `loc + scale * z` for those
with a place and a scale (D. Kingma and M. Welling, Auto-Encoding Variational Bayes, 2014, section
2.4).  The constant is read off the sample, which stays NumPy's own to the bit.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.registry import derivative
from s2sdiff.rules.shared import unsupported
from s2sdiff.runtime import unbroadcast
from s2sdiff.runtime.later import Later

__all__: list[str] = []


def drawn(sample: Any, loc: Any, scale: Any) -> Any:
    """What was drawn for a sample, as far as it shows it.

    >>> drawn(np.array([3.0, 2.0]), 1.0, 2.0).tolist()
    [1.0, 0.5]
    """
    if np.any(np.equal(scale, 0.0)):
        raise unsupported("a sample of scale 0 does not show what was drawn, which is its slope",
                          "write loc + scale * generator.standard_normal()")
    return (sample - loc) / scale


def of_place_and_scale(draw: Any) -> Any:
    def rule(self, loc=0.0, scale=1.0, size=None):
        sample = draw(self, loc, scale, size)

        def pullback(bar):
            return Later({
                0: lambda: None, 1: lambda: unbroadcast(bar, np.shape(loc)),
                2: lambda: unbroadcast(bar * drawn(sample, loc, scale), np.shape(scale)),
                3: lambda: None})

        return sample, pullback

    return rule


def of_scale(draw: Any) -> Any:
    def rule(self, scale=1.0, size=None):
        sample = draw(self, scale, size)

        def pullback(bar):
            return None, unbroadcast(bar * drawn(sample, 0.0, scale), np.shape(scale)), None

        return sample, pullback

    return rule


def uniform(draw: Any) -> Any:
    def rule(self, low=0.0, high=1.0, size=None):
        sample = draw(self, low, high, size)

        def pullback(bar):
            share = drawn(sample, low, np.subtract(high, low))
            return (None, unbroadcast(bar * (1.0 - share), np.shape(low)),
                    unbroadcast(bar * share, np.shape(high)), None)

        return sample, pullback

    return rule


def lognormal(draw: Any) -> Any:
    """The exponential of a normal sample."""
    def rule(self, mean=0.0, sigma=1.0, size=None):
        sample = draw(self, mean, sigma, size)

        def pullback(bar):
            g = bar * sample
            return Later({
                0: lambda: None, 1: lambda: unbroadcast(g, np.shape(mean)),
                2: lambda: unbroadcast(g * drawn(np.log(sample), mean, sigma), np.shape(sigma)),
                3: lambda: None})

        return sample, pullback

    return rule


def weibull(draw: Any) -> Any:
    """The power 1 / a of an exponential sample."""
    def rule(self, a, size=None):
        sample = draw(self, a, size)

        def pullback(bar):
            return None, unbroadcast(bar * (-sample * np.log(sample) / a), np.shape(a)), None

        return sample, pullback

    return rule


def gamma(draw: Any) -> Any:
    """How a sample moves with the shape depends on how it was found: that is not known here."""
    def rule(self, shape, scale=1.0, size=None):
        sample = draw(self, shape, scale, size)

        def pullback(bar):
            return (None, NotImplemented,
                    unbroadcast(bar * drawn(sample, 0.0, scale), np.shape(scale)), None)

        return sample, pullback

    return rule


for _name, _rule in (
        ("normal", of_place_and_scale), ("laplace", of_place_and_scale),
        ("gumbel", of_place_and_scale), ("logistic", of_place_and_scale),
        ("exponential", of_scale), ("rayleigh", of_scale), ("uniform", uniform),
        ("lognormal", lognormal), ("weibull", weibull), ("gamma", gamma)):
    for _owner in (np.random.Generator, np.random.RandomState):
        _made: Any = _rule(getattr(_owner, _name))
        # A draw moves the generator on, also where nobody reads the sample.
        _made.__s2sdiff_effects__ = True
        derivative(of=getattr(_owner, _name))(_made)
