"""Python's `statistics` of numbers: means, variances, medians, covariances.

The values are those of the library, which adds exact fractions.
"""

from __future__ import annotations

import statistics
from typing import Any

from s2sdiff.registry import derivative
from s2sdiff.rules.sequences import drawn, parts_back
from s2sdiff.rules.shared import unsupported
from s2sdiff.runtime import divide, scaled

__all__: list[str] = []


def numbers(data: Any) -> list:
    """The numbers, which may not be arrays."""
    items = drawn(data)
    if not all(isinstance(x, (int, float)) for x in items):
        raise unsupported("statistics of what are not floats", "convert the numbers to floats")
    return items


@derivative(of=statistics.mean)
def mean(data):
    items = numbers(data)
    n = len(items)
    return statistics.mean(items), lambda z_bar: parts_back([z_bar / n] * n, items, data)


@derivative(of=statistics.fmean)
def fmean(data, weights=None):
    items = numbers(data)
    if weights is None:
        n = len(items)
        return statistics.fmean(items), lambda z_bar: (
            parts_back([z_bar / n] * n, items, data), None)
    shares = numbers(weights)
    # Python 3.10 has no weights, and says so.
    weighted: Any = statistics.fmean
    z = weighted(items, shares)
    total = sum(shares)

    def pullback(z_bar):
        g = z_bar / total
        return (parts_back([g * w for w in shares], items, data),
                parts_back([g * (x - z) for x in items], shares, weights))

    return z, pullback


@derivative(of=statistics.geometric_mean)
def geometric_mean(data):
    items = numbers(data)
    z = statistics.geometric_mean(items)
    return z, lambda z_bar: parts_back(
        [divide(z_bar * z / len(items), x) for x in items], items, data)


@derivative(of=statistics.harmonic_mean)
def harmonic_mean(data, weights=None):
    items = numbers(data)
    shares = [1] * len(items) if weights is None else numbers(weights)
    z = statistics.harmonic_mean(items) if weights is None else \
        statistics.harmonic_mean(items, shares)
    total = sum(shares)

    def pullback(z_bar):
        g = z_bar * z / total
        bars = [divide(g * w * z, x * x) for x, w in zip(items, shares, strict=True)]
        if weights is None:
            return parts_back(bars, items, data), None
        of_weights = [g * (1 - divide(z, x)) for x in items]
        return parts_back(bars, items, data), parts_back(of_weights, shares, weights)

    return z, pullback


def middle(function: Any) -> Any:
    """The rule of a median: the middle one, or two, of the numbers in order."""

    def rule(data):
        items = numbers(data)
        order = sorted(range(len(items)), key=items.__getitem__)
        n = len(items)
        chosen = {order[(n - 1) // 2], order[n // 2]} if n else set()
        if function is not statistics.median and n:
            chosen = {order[(n - 1) // 2 if function is statistics.median_low else n // 2]}

        def pullback(z_bar):
            bars = [z_bar / len(chosen) if i in chosen else None for i in range(n)]
            return parts_back(bars, items, data)

        return function(items), pullback

    return rule


for _function in (statistics.median, statistics.median_low, statistics.median_high):
    derivative(of=_function)(middle(_function))


def spread(function: Any, ddof: int, root: bool) -> Any:
    """The rule of a variance or a standard deviation, around the mean or a number that is given."""

    def rule(data, center=None):
        items = numbers(data)
        z = function(items, center) if center is not None else function(items)
        n = len(items)
        c = sum(items) / n if center is None else center

        def pullback(z_bar):
            if root:
                # Zero over zero, where all numbers are equal, is zero.
                bars = [scaled(z_bar, divide(x - c, z * (n - ddof))) for x in items]
            else:
                bars = [z_bar * (2 * (x - c)) / (n - ddof) for x in items]
            return parts_back(bars, items, data), None if center is None else -sum(bars)

        return z, pullback

    return rule


@derivative(of=statistics.variance)
def variance(data, xbar=None):
    return spread(statistics.variance, 1, False)(data, xbar)


@derivative(of=statistics.stdev)
def stdev(data, xbar=None):
    return spread(statistics.stdev, 1, True)(data, xbar)


@derivative(of=statistics.pvariance)
def pvariance(data, mu=None):
    return spread(statistics.pvariance, 0, False)(data, mu)


@derivative(of=statistics.pstdev)
def pstdev(data, mu=None):
    return spread(statistics.pstdev, 0, True)(data, mu)


@derivative(of=statistics.covariance)
def covariance(x, y, /):
    xs, ys = numbers(x), numbers(y)
    z = statistics.covariance(xs, ys)
    n = len(xs)
    mean_x, mean_y = sum(xs) / n, sum(ys) / n

    def pullback(z_bar):
        g = z_bar / (n - 1)
        return (parts_back([g * (b - mean_y) for b in ys], xs, x),
                parts_back([g * (a - mean_x) for a in xs], ys, y))

    return z, pullback
