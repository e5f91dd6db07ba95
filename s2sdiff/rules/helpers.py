"""Rules of the helpers that generated code and rules call, so that both can be differentiated."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff import runtime
from s2sdiff.registry import constant, derivative
from s2sdiff.runtime import (
    divide,
    full,
    match,
    match_number,
    place,
    power,
    scaled,
    steep,
    unbroadcast,
    weighed,
)
from s2sdiff.runtime.batched_functions import array_now
from s2sdiff.runtime.in_step import zero_tangent
from s2sdiff.runtime.items_again import known_entry
from s2sdiff.runtime.joined import in_rows, structured
from s2sdiff.runtime.leaves import filled_with
from s2sdiff.runtime.masking import masked, masked_evenly
from s2sdiff.runtime.outside_held import unless_held
from s2sdiff.runtime.shadows import address, overlaps, owner_of

constant(runtime.zeros, runtime.zeros_now, runtime.parts, runtime.sign, zero_tangent, filled_with,
         owner_of, overlaps, address)


# In text of the compiler's own a product or a sum may stand for `scaled` and `unbroadcast`, where
# it knows enough of a cotangent; what they are called with here is any value, so that two functions
# that it does not know do what they do.
def product(g: Any, d: Any) -> Any:
    """`scaled`, as it is.

    >>> product(0.0, float("inf"))
    0.0
    """
    return scaled(g, d)


def spread(g: Any, shape: tuple[int, ...]) -> Any:
    """`unbroadcast`, or back from what it gave.

    >>> spread(np.ones((3, 1)), (3, 2)).shape
    (3, 2)
    """
    return unbroadcast(g, shape)


@derivative(of=[scaled, weighed, steep, product])
def scaled_(g, d):
    shape_g, shape_d = np.shape(g), np.shape(d)

    def pullback(y_bar):
        return unbroadcast(product(y_bar, d), shape_g), unbroadcast(product(y_bar, g), shape_d)

    return product(g, d), pullback


@derivative(of=[unbroadcast, spread], wrt="g")
def unbroadcast_(g, shape):
    before = np.shape(g)

    def pullback(y_bar):
        return spread(y_bar, before)

    return spread(g, shape), pullback


@derivative(of=full, wrt="value")
def full_(shape, value, dtype=None):
    before = np.shape(value)

    def pullback(y_bar):
        return spread(y_bar, before)

    return full(shape, value, dtype), pullback


@derivative(of=place, wrt="g")
def place_(g, shape, index):
    return place(g, shape, index), lambda y_bar: y_bar[index]


def any_structure(rule: Any) -> Any:
    """Mark a rule that holds for containers, too."""
    rule.__s2sdiff_any__ = True
    return rule


@derivative(of=match)
@any_structure
def match_(g, x):
    def pullback(y_bar):
        return None if g is None else match(y_bar, g), None

    return match(g, x), pullback


@derivative(of=known_entry, wrt="entry")
@any_structure
def known_entry_(entry, rule):
    return known_entry(entry, rule), lambda y_bar: y_bar


@derivative(of=match_number)
@any_structure
def match_number_(g, x):
    def pullback(y_bar):
        return None if g is None else match(y_bar, g), None

    return match_number(g, x), pullback


@derivative(of=runtime.passed_on)
def passed_on_(x, /):
    return x, lambda y_bar: y_bar


@derivative(of=runtime.add)
@any_structure
def add_(a, b):
    def pullback(y_bar):
        return match(y_bar, a), match(y_bar, b)

    return runtime.add(a, b), pullback


@derivative(of=divide)
def divide_(a, b):
    shape_a, shape_b = np.shape(a), np.shape(b)
    quotient = divide(a, b)

    def pullback(y_bar):
        # Of 0 / 0, which is 0 here, it is no number how that moves with what it is divided by.
        b_bar = -steep(y_bar, divide(quotient, b))
        return unbroadcast(divide(y_bar, b), shape_a), unbroadcast(b_bar, shape_b)

    return quotient, pullback


def logarithm(x: Any) -> Any:
    """That of 0 is -inf, and nobody is warned of it.

    >>> logarithm(0.0)
    np.float64(-inf)
    """
    with np.errstate(all="ignore"):
        return np.log(x)


@derivative(of=power)
def power_(x, p):
    value = power(x, p)

    def pullback(y_bar):
        # It is the slope of something, whose limit counts where x is 0.
        x_bar = scaled(y_bar, steep(p, power(x, p - 1)))
        return x_bar, steep(y_bar, steep(value, logarithm(x)))

    return value, pullback


@derivative(of=in_rows)
@any_structure
def in_rows_(bar, like):
    return in_rows(bar, like), lambda y_bar: (y_bar, None)


@derivative(of=structured)
@any_structure
def structured_(g, like):
    def pullback(y_bar):
        if isinstance(like, (list, tuple)):
            y_bar = array_now(in_rows(y_bar, like))
        return y_bar, None

    return structured(g, like), pullback


@derivative(of=unless_held)
@any_structure
def unless_held_(x, *outside):
    return unless_held(x, *outside), lambda y_bar: (y_bar, (None,) * len(outside))


# What is held outside is only looked at, whatever it is.
unless_held_.__s2sdiff_first__ = True  # type: ignore[attr-defined]


@derivative(of=array_now)
@any_structure
def array_now_(items):
    return array_now(items), lambda y_bar: structured(y_bar, items)


@derivative(of=masked, wrt="g")
def masked_(g, mask):
    shape = np.shape(g)

    def pullback(y_bar):
        return unbroadcast(masked(y_bar, mask), shape)

    return masked(g, mask), pullback


@derivative(of=masked_evenly, wrt="g")
def masked_evenly_(g, above, level):
    shape = np.shape(g)

    def pullback(y_bar):
        return unbroadcast(masked_evenly(y_bar, above, level), shape)

    return masked_evenly(g, above, level), pullback
