"""Python's builtins on numbers and sequences of numbers, and those that have no derivative."""

from __future__ import annotations

import builtins
import itertools
import operator
from typing import Any

import numpy as np

from s2sdiff.registry import constant, derivative
from s2sdiff.rules.containers import sharing
from s2sdiff.rules.powers import pow_
from s2sdiff.rules.sequences import in_order, items_of, parts_back
from s2sdiff.runtime import place, scaled, unbroadcast
from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.choosing import for_each, of_reals

__all__ = ["first_best"]

#: Stands for an argument that was not given, where None is a value as any other.
MISSING = object()


def own(name: str) -> list[Any]:
    """A special method of every type of floating numbers and of arrays, each object once."""
    owners = (float, complex, np.ndarray, np.generic, np.float16, np.float32, np.float64,
              np.longdouble, np.complex64, np.complex128, np.clongdouble)
    return list({id(f): f for f in (getattr(c, name, None) for c in owners) if f}.values())


@derivative(of=[abs, operator.abs, *own("__abs__")])
def absolute(x):
    return abs(x), lambda z_bar: z_bar * np.conj(np.sign(x))


@derivative(of=builtins.pow, wrt=("base", "exp"))
def power_builtin(base, exp, mod=None):
    if mod is not None:
        # Three arguments are integers, in Python and here.
        return pow(base, exp, mod), lambda z_bar: (None, None)
    return pow_(base, exp)


@derivative(of=builtins.divmod)
def divmod_(x, y):
    shape_x, shape_y = np.shape(x), np.shape(y)
    q, r = divmod(x, y)

    def pullback(z_bar):
        _, r_bar = z_bar
        return unbroadcast(r_bar, shape_x), unbroadcast(scaled(r_bar, -q), shape_y)

    return (q, r), pullback


@derivative(of=[float, *own("__float__")])
def float_(x=0.0):
    shape = np.shape(x)
    return float(x), lambda z_bar: unbroadcast(z_bar, shape)


@derivative(of=[complex, *own("__complex__")])
def complex_(real=0.0, imag=None):
    if imag is None:
        shape = np.shape(real)
        return complex(real), lambda z_bar: (unbroadcast(z_bar, shape), None)
    shape_real, shape_imag = np.shape(real), np.shape(imag)

    def pullback(z_bar):
        return unbroadcast(z_bar, shape_real), unbroadcast(1j * z_bar, shape_imag)

    return complex(real, imag), pullback


# --------------------------------------------------------------------------------- sequences


@derivative(of=sum)
@sharing("parts")
def sum_(iterable, /, start=0):
    if of_reals(iterable):
        count = len(iterable)
        return sum(iterable, start), lambda z_bar: (
            for_each(z_bar, count, iterable), unbroadcast(z_bar, np.shape(start)))
    if isinstance(iterable, np.ndarray) and np.ndim(iterable) == 1:
        length, shape_first = np.shape(iterable), np.shape(start)
        return sum(iterable, start), lambda z_bar: (
            np.broadcast_to(unbroadcast(z_bar, ()), length), unbroadcast(z_bar, shape_first))
    if isinstance(iterable, np.ndarray):
        shape, shape_item, shape_zero = iterable.shape, iterable.shape[1:], np.shape(start)

        def pullback(z_bar):
            item_bar = unbroadcast(z_bar, shape_item)
            return np.broadcast_to(item_bar, shape), unbroadcast(z_bar, shape_zero)

        return sum(iterable, start), pullback
    if isinstance(start, (list, tuple)):
        return joined(iterable, start)
    items = items_of(iterable)
    z = sum(items, start)
    shape_start = np.shape(start)
    shapes = [() if class_of(x) is float else np.shape(x) for x in items]

    def pullback_of_list(z_bar):
        bars = [unbroadcast(z_bar, shape) for shape in shapes]
        return parts_back(bars, items, iterable), unbroadcast(z_bar, shape_start)

    return z, pullback_of_list


def joined(iterable, start):
    """The rule for `sum(lists, [])`, which joins lists and not numbers."""
    items = items_of(iterable)
    ends = np.cumsum([len(start), *[len(x) for x in items]]).tolist()
    kinds = [class_of(x) for x in items]

    def pullback(z_bar):
        parts = in_order(z_bar, ends[-1])
        bars = [kind(parts[i:j]) for kind, (i, j) in zip(kinds, itertools.pairwise(ends))]
        return parts_back(bars, items, iterable), class_of(start)(parts[: ends[0]])

    return sum(items, start), pullback


def first_best(choose, args, key, default):
    """The rule for `max` and `min`: the derivative follows the item chosen, the first of equals."""
    items = args if len(args) > 1 else items_of(args[0])
    if not len(items):
        value = choose(items) if default is MISSING else default
        return value, lambda z_bar: ((None,), z_bar)
    ranks = items if key is None else [key(x) for x in items]
    chosen = choose(range(len(items)), key=lambda i: ranks[i])
    # A list may be shorter when the pullback runs.
    single, count = len(args) == 1, len(items)
    shape = np.shape(items) if isinstance(items, np.ndarray) else None

    def pullback(z_bar):
        if shape is not None:
            return (place(z_bar, shape, chosen),), None
        bars = [None] * count
        bars[chosen] = z_bar
        return ((parts_back(bars, items, args[0]),) if single else tuple(bars)), None

    return items[chosen], pullback


@derivative(of=max, wrt=("args", "default"))
@sharing("element")
def max_(*args, key=None, default=MISSING):
    return first_best(max, args, key, default)


@derivative(of=min, wrt=("args", "default"))
@sharing("element")
def min_(*args, key=None, default=MISSING):
    return first_best(min, args, key, default)


constant(
    all, any, ascii, bin, bool, bytes, callable, chr, format, globals, hasattr, hash, hex, id, int,
    isinstance, issubclass, len, oct, ord, range, repr, round, slice, str, type,
)
#: It does nothing, and raises where it is given anything.
constant(object.__init__)
