"""What gives the elements of its arguments again, in another order or in groups, or some of them.

Most of `itertools` is one rule: the same function, run on numbers in the place of the elements,
tells where each one comes from.
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from s2sdiff.registry import derivative
from s2sdiff.rules.containers import sharing
from s2sdiff.rules.sequences import drawn, in_order, parts_back, walked
from s2sdiff.rules.shared import unsupported
from s2sdiff.runtime import add, drawing_others
from s2sdiff.runtime.carried import as_array
from s2sdiff.runtime.joined import structured
from s2sdiff.runtime.values import KEYS, keys_of
from s2sdiff.runtime.views import check_numbered
from s2sdiff.runtime.walks import POOLING, Anew, View, Walk

__all__: list[str] = []


def again(values: Any) -> Any:
    """The values, if they can be walked over a second time."""
    if isinstance(values, Walk) and not isinstance(values, View):
        # Drawn from through the iterator that is made of it, and by nobody else.
        values.take()
        return Anew(values.make)
    if type(values) is KEYS:
        return keys_of(values)
    if not walked(values):
        raise unsupported(f"walking over a {type(values).__name__} here uses it up",
                          "make a list of it first")
    return values


@derivative(of=drawing_others.other)
def other(source, /):
    return drawing_others.Other(source, True), lambda _bar: None


other.__s2sdiff_any__ = True  # type: ignore[attr-defined]


@derivative(of=reversed)
@sharing("items")
def reversed_(sequence, /):
    source = again(sequence)
    items = list(source)
    return Walk(lambda: reversed(source)), lambda items_bar: parts_back(
        in_order(items_bar, len(items))[::-1], items, sequence)


@derivative(of=enumerate, wrt="iterable")
@sharing("items")
def enumerate_(iterable, start=0):
    source = again(iterable)
    items = list(source)

    def pullback(rows_bar):
        rows = in_order(rows_bar, len(items))
        return parts_back([None if row is None else row[1] for row in rows], items, iterable)

    return Walk(lambda: enumerate(source, start)), pullback


@derivative(of=zip, wrt="iterables")
@sharing("items")
def zip_(*iterables, strict=False):
    sources = [again(s) for s in iterables]
    items = [list(s) for s in sources]
    if strict and len(set(map(len, items))) > 1:
        # Python raises behind the last round, when the others have done what they do.
        raise unsupported("zip(..., strict=True) of iterables of different lengths",
                          "compare their lengths before")
    value = Walk(lambda: zip(*sources, strict=strict))
    count = len(value.items)

    def pullback(rows_bar):
        rows = [[None] * len(items) if r is None else r for r in in_order(rows_bar, count)]
        bars = []
        for k, (source, column) in enumerate(zip(iterables, items, strict=True)):
            mine = [row[k] for row in rows] + [None] * (len(column) - count)
            bars.append(parts_back(mine, column, source))
        return tuple(bars)

    return value, pullback


def numbered(function: Any, iterables: tuple, *options: Any, fill: Any = None,
             **named: Any) -> tuple[Any, Any]:
    """The rule of `function(*iterables)`, by running it on the numbers of the elements.

    The pullback gives the cotangents of the iterables in a tuple, and that of `fill`, which the
    function puts in for the number -1.
    """
    sources = [again(s) for s in iterables]
    items = [list(s) for s in sources]
    flat = [x for column in items for x in column]
    ends = list(itertools.accumulate([len(column) for column in items], initial=0))
    ranges = [range(i, j) for i, j in itertools.pairwise(ends)]
    if function in POOLING:
        sources = items
    origins = list(function(*ranges, *options, **named))
    if "fillvalue" in named:
        named = {"fillvalue": fill}

    def pull(bars):
        found: list[Any] = [None] * (len(flat) + 1)
        for origin, g in zip(origins, in_order(bars, len(origins)), strict=True):
            if g is None:
                continue
            pairs = zip(origin, g, strict=True) if isinstance(origin, tuple) else ((origin, g),)
            for at, part in pairs:
                found[at] = add(found[at], part)
        cut = tuple(parts_back(found[r.start:r.stop], column, source)
                    for r, column, source in zip(ranges, items, iterables, strict=True))
        return cut, found[-1]

    return Walk(lambda: function(*sources, *options, **named)), pull


@derivative(of=itertools.chain)
@sharing("items")
def chain(*iterables):
    value, pull = numbered(itertools.chain, iterables)
    return value, lambda bars: pull(bars)[0]


@derivative(of=itertools.product, wrt="iterables")
@sharing("items")
def product(*iterables, repeat=1):
    value, pull = numbered(itertools.product, iterables, repeat=repeat)
    return value, lambda bars: pull(bars)[0]


@derivative(of=itertools.zip_longest, wrt=("iterables", "fillvalue"))
@sharing("items")
def zip_longest(*iterables, fillvalue=None):
    return numbered(itertools.zip_longest, iterables, fill=fillvalue, fillvalue=-1)


@derivative(of=itertools.pairwise)
@sharing("items")
def pairwise(iterable, /):
    value, pull = numbered(itertools.pairwise, (iterable,))
    return value, lambda bars: pull(bars)[0][0]


def of_size(function: Any) -> Any:
    """The rule for what takes an iterable and a number of elements."""

    def rule(iterable, r):
        value, pull = numbered(function, (iterable,), r)
        return value, lambda bars: pull(bars)[0][0]

    return sharing("items")(rule)


for _function in (itertools.combinations, itertools.combinations_with_replacement):
    derivative(of=_function, wrt="iterable")(of_size(_function))


@derivative(of=itertools.permutations, wrt="iterable")
@sharing("items")
def permutations(iterable, r=None):
    value, pull = numbered(itertools.permutations, (iterable,), r)
    return value, lambda bars: pull(bars)[0][0]


@derivative(of=itertools.islice, wrt="iterable")
@sharing("items")
def islice(iterable, /, *bounds):
    value, pull = numbered(itertools.islice, (iterable,), *bounds)
    return value, lambda bars: pull(bars)[0][0]


@derivative(of=itertools.compress, wrt="data")
@sharing("items")
def compress(data, selectors):
    chosen = [bool(s) for s in drawn(selectors)]
    value, pull = numbered(itertools.compress, (data,), chosen)
    return value, lambda bars: pull(bars)[0][0]


@derivative(of=itertools.repeat, wrt="object")
@sharing("items")
def repeat(object, times=None):
    if times is None:
        raise unsupported("itertools.repeat without a number of times never ends",
                          "say how many times")

    def pullback(bars):
        total = None
        for g in in_order(bars, max(times, 0)):
            total = add(total, g)
        return total

    return Walk(lambda: itertools.repeat(object, times)), pullback


@derivative(of=np.ndenumerate, wrt="arr")
@sharing("items")
def ndenumerate(arr):
    check_numbered(arr)
    source = as_array(arr)
    places = list(np.ndindex(source.shape))

    def pullback(rows_bar):
        arr_bar = np.zeros_like(source)
        for at, row in zip(places, in_order(rows_bar, len(places)), strict=True):
            if row is not None and row[1] is not None:
                arr_bar[at] = row[1]
        return structured(arr_bar, arr)

    return Walk(lambda: np.ndenumerate(source)), pullback


@derivative(of=[iter, np.ndarray.__iter__])
@sharing("items")
def iter_(iterable, sentinel: Any = None, /):
    source = again(iterable)
    items = list(source)
    return Walk(lambda: iter(source)), lambda items_bar: (
        parts_back(in_order(items_bar, len(items)), items, iterable), None)
