"""Operators, elementwise functions and reductions: each rule beside the derivative by hand."""

import numpy as np

from benchmarks.problem import RuleCase

__all__ = ["CASES"]


def _normal(*shape):
    return np.random.default_rng(0).normal(size=shape)


def _uniform(*shape):
    return np.random.default_rng(1).uniform(0.5, 2.0, size=shape)


def one(size):
    return _uniform(size), _normal(size)


def signed(size):
    return _normal(size), _uniform(size)


def two(size):
    return _uniform(size), _uniform(size)[::-1].copy(), _normal(size)


def rows(size):
    return _normal(size // 5, 5), _normal(5)


def vector(size):
    return (_normal(size),)


# --------------------------------------------------------------------------------- operators


def add(x, y, w):
    return np.sum((x + y) ** 2 * w)


def add_by_hand(x, y, w):
    g = x + y
    g *= w
    g *= 2
    return g, g.copy()


def multiply(x, y, w):
    return np.sum(x * y * w)


def multiply_by_hand(x, y, w):
    return w * y, w * x


def divide(x, y, w):
    return np.sum(x / y * w)


def divide_by_hand(x, y, w):
    g = w / y
    h = x / y
    h *= g
    return g, np.negative(h, out=h)


def power(x, w):
    return np.sum(x**3.5 * w)


def power_by_hand(x, w):
    g = x**2.5
    g *= 3.5
    g *= w
    return g


# ------------------------------------------------------------------------------- elementwise


def exp(x, w):
    return np.sum(np.exp(x) * w)


def exp_by_hand(x, w):
    g = np.exp(x)
    g *= w
    return g


def log(x, w):
    return np.sum(np.log(x) * w)


def log_by_hand(x, w):
    return w / x


def sin(x, w):
    return np.sum(np.sin(x) * w)


def sin_by_hand(x, w):
    g = np.cos(x)
    g *= w
    return g


def tanh(x, w):
    return np.sum(np.tanh(x) * w)


def tanh_by_hand(x, w):
    g = np.tanh(x)
    g *= g
    np.subtract(1, g, out=g)
    g *= w
    return g


def sqrt(x, w):
    return np.sum(np.sqrt(x) * w)


def sqrt_by_hand(x, w):
    g = np.sqrt(x)
    if g.size and g[g.argmin()] > 0:
        np.divide(w, g, out=g)
        g *= 0.5
        return g
    # What counts for nothing has the slope 0 at 0, too, where 0 / 0 would be nan.
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(w == 0, 0.0, 0.5 * w / g)


def absolute(x, w):
    return np.sum(np.abs(x) * w)


def absolute_by_hand(x, w):
    g = np.sign(x)
    g *= w
    return g


def maximum(x, y, w):
    return np.sum(np.maximum(x, y) * w)


def maximum_by_hand(x, y, w):
    # `np.heaviside(x - y, 0.5)` takes a third of the time for few numbers, but makes nan of what is
    # infinite, and twice the time for many.
    above, level = x > y, x == y
    g = np.where(above, w, 0)
    h = np.where(above, 0, w)
    if level.any():
        # A half to either side where they are equal.
        g[level] = h[level] = 0.5 * w[level]
    return g, h


def where(x, y, w):
    return np.sum(np.where(w > 0, x, y) * w)


def where_by_hand(x, y, w):
    positive = w > 0
    return np.where(positive, w, 0), np.where(positive, 0, w)


def clip(x, w):
    return np.sum(np.clip(x, -0.5, 0.5) * w)


def clip_by_hand(x, w):
    # A product with the mask would make nan of an infinite weight outside.
    return np.where((x > -0.5) & (x < 0.5), w, 0.0)


# -------------------------------------------------------------------------------- reductions


def sum_of_columns(x, w):
    return np.sum(np.sum(x, axis=0) * w)


def sum_of_columns_by_hand(x, w):
    g = np.empty(x.shape, x.dtype)
    g[...] = w
    return g


def mean_of_columns(x, w):
    return np.sum(np.mean(x, axis=0) * w)


def mean_of_columns_by_hand(x, w):
    g = np.empty(x.shape, x.dtype)
    # No rows would be a division by zero, of which NumPy warns.
    g[...] = w / max(len(x), 1)
    return g


def var(x):
    return np.var(x)


def var_by_hand(x):
    g = x - np.mean(x)
    g *= 2 / x.size
    return g


def std(x):
    return np.std(x)


def std_by_hand(x):
    g = x - np.mean(x)
    s = np.sqrt(np.dot(g, g) / x.size)
    g *= 1 / (x.size * s)
    return g


def largest(x):
    return np.max(x)


def largest_by_hand(x):
    chosen = x == np.max(x)
    return chosen / np.count_nonzero(chosen)


def prod(x):
    return np.prod(x)


def prod_by_hand(x):
    # Products of what is before and behind, so that zeros do no harm.
    g = np.empty(x.shape)
    g[0] = 1.0
    np.multiply.accumulate(x[:-1], out=g[1:])
    g[:-1] *= np.multiply.accumulate(x[:0:-1])[::-1]
    return g


def cumsum(x, w):
    return np.sum(np.cumsum(x) * w)


def cumsum_by_hand(x, w):
    return np.cumsum(w[::-1])[::-1].copy()


CASES = (
    RuleCase("+", add, add_by_hand, two, wrt=(0, 1)),
    RuleCase("*", multiply, multiply_by_hand, two, wrt=(0, 1)),
    RuleCase("/", divide, divide_by_hand, two, wrt=(0, 1)),
    RuleCase("**", power, power_by_hand, one),
    RuleCase("exp", exp, exp_by_hand, one),
    RuleCase("log", log, log_by_hand, one),
    RuleCase("sin", sin, sin_by_hand, one),
    RuleCase("tanh", tanh, tanh_by_hand, one),
    RuleCase("sqrt", sqrt, sqrt_by_hand, one),
    RuleCase("abs", absolute, absolute_by_hand, signed),
    RuleCase("maximum", maximum, maximum_by_hand, two, wrt=(0, 1)),
    RuleCase("where", where, where_by_hand, two, wrt=(0, 1)),
    RuleCase("clip", clip, clip_by_hand, signed),
    RuleCase("sum", sum_of_columns, sum_of_columns_by_hand, rows),
    RuleCase("mean", mean_of_columns, mean_of_columns_by_hand, rows),
    RuleCase("var", var, var_by_hand, vector),
    RuleCase("std", std, std_by_hand, vector),
    RuleCase("max", largest, largest_by_hand, vector),
    RuleCase("prod", prod, prod_by_hand, vector),
    RuleCase("cumsum", cumsum, cumsum_by_hand, signed),
)
