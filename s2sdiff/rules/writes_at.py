"""`np.add.at` and its kin: entries that an index names several times are worked on in rounds.

In each round every entry comes once, in the order of the index, so that the rule of the ufunc
itself speaks of it.  Sums need no rounds: their shadow stays as it is.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.registry import derivative, find
from s2sdiff.rules.shared import rule_of, unsupported
from s2sdiff.rules.writes_arrays import check_written, returned
from s2sdiff.runtime import copy, match
from s2sdiff.runtime.batched_shapes import zeros_now

__all__: list[str] = []


def sum_at(ufunc: np.ufunc, sign: float) -> Any:
    """The rule for `np.add.at` and `np.subtract.at`."""

    def rule(a, indices, b, /):
        active = check_written(a)
        indices, back = copy(indices), returned(b)
        ufunc.at(a, indices, b)

        def pullback(_, a_bar):
            return None, None, back(sign * a_bar[indices]) if active else None

        return None, pullback

    return rule


def at(ufunc: np.ufunc) -> Any:
    """The rule for `ufunc.at` of any ufunc of one or two arguments that has a rule."""

    def rule(a, indices, b: Any = None, /):
        rest = () if ufunc.nin == 1 else (b,)
        if not check_written(a):
            ufunc.at(a, indices, *rest)
            return None, lambda _, a_bar: (None, None, None)
        numbers = np.reshape(np.arange(a.size), a.shape)[indices]
        places = np.ravel(numbers)
        flat = a.flatten()
        other = np.ravel(np.broadcast_to(b, numbers.shape)) if rest else None
        pulls = []
        for chosen in rounds(places):
            where = places[chosen]
            operands = (flat[where],) if other is None else (flat[where], other[chosen])
            with np.errstate(all="ignore"):
                flat[where], pull = rule_of(ufunc)(*operands)
            pulls.append((where, chosen, pull, operands))
        back, shape = returned(b), numbers.shape
        ufunc.at(a, indices, *rest)
        if not np.allclose(a.ravel(), flat, equal_nan=True, rtol=1e-4):
            raise unsupported(f"np.{ufunc.__name__}.at worked in another order than that of the "
                              "indices", "name each entry once")

        def pullback(_, a_bar):
            g = a_bar.flatten()
            b_bar = zeros_now(places.size, np.result_type(g, *rest))
            for where, chosen, pull, operands in reversed(pulls):
                entries = pull(g[where])
                entry, *more = (entries,) if other is None else entries
                g[where] = match(entry, operands[0])
                if more and more[0] is not None:
                    b_bar[chosen] = more[0]
            a_bar[...] = np.reshape(g, a_bar.shape)
            return None, None, back(np.reshape(b_bar, shape)) if rest else None

        return None, pullback

    return rule


def rounds(places: np.ndarray) -> list[np.ndarray]:
    """Positions in a list of places, such that in each round every place comes once at most.

    >>> [r.tolist() for r in rounds(np.array([5, 7, 5, 5]))]
    [[0, 1], [2], [3]]
    """
    order = np.argsort(places, kind="stable")
    firsts = np.r_[True, np.diff(places[order]) != 0][:places.size]
    starts = np.flatnonzero(firsts)
    counts = np.diff(np.r_[starts, places.size])
    nth = np.empty(places.size, int)
    nth[order] = np.arange(places.size) - np.repeat(starts, counts)
    return [np.flatnonzero(nth == k) for k in range(int(counts.max(initial=0)))]


def with_rules() -> list[np.ufunc]:
    """NumPy's ufuncs of one or two arguments and one result whose derivatives are known."""
    found = {id(f): f for f in vars(np).values() if isinstance(f, np.ufunc)}
    known = [f for f in found.values()
             if f.nin <= 2 and f.nout == 1 and f.signature is None]
    return [f for f in known if (rule := find(f)) is not None and not rule.constant]


derivative(of=np.add.at, writes="a")(sum_at(np.add, 1.0))
derivative(of=np.subtract.at, writes="a")(sum_at(np.subtract, -1.0))
for _ufunc in with_rules():
    if _ufunc not in (np.add, np.subtract):
        derivative(of=_ufunc.at, writes="a")(at(_ufunc))
