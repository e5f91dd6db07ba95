"""Elements that `numpy.random` chooses, with respect to what they are chosen from.

NumPy draws numbers of rows, as many for anything as long, and takes these: so do the rules, and
the samples are its own to the bit.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.registry import derivative

__all__: list[str] = []


def taken(a: Any, rows: Any, axis: int) -> tuple[Any, Any]:
    """The rows of an array, and what takes their cotangent to that of the array."""
    pool, count = np.asarray(a), np.ndim(rows)
    first = axis % pool.ndim

    def pull(bar):
        a_bar = np.zeros(pool.shape, np.result_type(bar))
        given = np.moveaxis(bar, range(first, first + count), range(count)) if count else bar
        np.add.at(np.moveaxis(a_bar, axis, 0), rows, given)
        return a_bar

    return np.take(pool, rows, axis), pull


def of_choice(draw: Any, after: int) -> Any:
    """`after` arguments come after `p` in what NumPy's own is called with."""
    def chosen(self, a, size, replace, p, more):
        axis = more[0] if more else 0
        if np.ndim(a) == 0:
            return draw(self, a, size, replace, p, *more), lambda bar: (None,) * (5 + after)
        # How they are drawn does not depend on which of the axes it is.
        rows = draw(self, np.shape(a)[axis], size, replace, p, *(0, *more[1:])[:after])
        sample, pull = taken(a, rows, axis)
        # The probabilities decide what is chosen, which has no slope that a sample shows.
        return sample, lambda bar: (None, pull(bar), None, None, NotImplemented, *(None,) * after)

    if after:
        def generator_choice(self, a, size=None, replace=True, p=None, axis=0, shuffle=True):
            return chosen(self, a, size, replace, p, (axis, shuffle))

        return generator_choice

    def choice(self, a, size=None, replace=True, p=None):
        return chosen(self, a, size, replace, p, ())

    return choice


def generator_permutation(self, x, axis=0):
    if np.ndim(x) == 0:
        return np.random.Generator.permutation(self, x, axis), lambda bar: (None, None, None)
    sample, pull = taken(x, np.random.Generator.permutation(self, np.shape(x)[axis]), axis)
    return sample, lambda bar: (None, pull(bar), None)


def permutation(self, x):
    if np.ndim(x) == 0:
        return np.random.RandomState.permutation(self, x), lambda bar: (None, None)
    sample, pull = taken(x, np.random.RandomState.permutation(self, np.shape(x)[0]), 0)
    return sample, lambda bar: (None, pull(bar))


for _of, _rule in (
        (np.random.Generator.choice, of_choice(np.random.Generator.choice, 2)),
        (np.random.RandomState.choice, of_choice(np.random.RandomState.choice, 0)),
        (np.random.Generator.permutation, generator_permutation),
        (np.random.RandomState.permutation, permutation)):
    _made: Any = _rule
    # A draw moves the generator on, also where nobody reads the sample.
    _made.__s2sdiff_effects__ = True
    derivative(of=_of)(_made)
