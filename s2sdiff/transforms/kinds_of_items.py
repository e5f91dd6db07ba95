"""Kinds of what iterating gives: of containers, and of iterators that hand on their elements."""

from __future__ import annotations

import functools
import itertools
import types
from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff.ir import Bind, Const
from s2sdiff.kinds import ANY, Kind, scalar
from s2sdiff.kinds_joined import join
from s2sdiff.transforms import holders

__all__ = ["CHOOSING", "FIXED", "ITERATORS", "element"]


def element(source: Kind) -> Kind:
    """The kind of the values that iterating over `source` gives."""
    if source.type is range:
        return scalar(int, "int")
    if source.type is str:
        return source
    if source.is_array and source.shape:
        if len(source.shape) == 1:
            known = source.dtype is not None
            return scalar(source.dtype.type) if known else scalar(None, source.field)
        return Kind(np.ndarray, source.shape[1:], source.field, source.dtype)
    if source.items and (source.type is list or source.is_tuple):
        return functools.reduce(join, source.items)
    if source.each is not None:
        return source.each
    if source.type is deque and source.under is not None:
        return source.under
    if source.type in _GIVING_ITEMS and source.items:
        return source.items[0]
    return source.drawn


CHOOSING = (itertools.combinations, itertools.combinations_with_replacement,
             itertools.permutations)
#: What they give is fixed when they are made.
FIXED = (itertools.product, np.ndindex, *CHOOSING)
_GIVING_ITEMS = (enumerate, zip, reversed, types.GeneratorType, itertools.accumulate, *FIXED,
                 *holders.VIEWS.values())


def _iterator(bind: Any, kinds: list[Kind]) -> Kind:
    fn = bind.fn.object
    given = tuple(element(k) for k in kinds)
    if fn is enumerate:
        each = given[0] if given else ANY
        return Kind(fn, items=(Kind(tuple, items=(scalar(int, "int"), each)),))
    return Kind(fn, items=(Kind(tuple, items=given),) if fn is zip else given[:1])


def _accumulated(bind: Bind, kinds: list[Kind]) -> Kind:
    """Sums of floats one by one."""
    plain = len(kinds) == 1 and not bind.kwargs and element(kinds[0]).is_float
    return Kind(itertools.accumulate, items=(scalar(float),)) if plain else ANY


def _product(bind: Bind, kinds: list[Kind]) -> Kind:
    """An element of each iterable, as often as that is repeated."""
    times = dict(bind.kwargs).get("repeat", Const(1))
    given = tuple([element(k) for k in kinds[:len(bind.args)]])
    if not isinstance(times, Const) or type(times.value) is not int or len(bind.kwargs) > 1:
        return ANY
    return Kind(itertools.product, items=(Kind(tuple, items=given * times.value),))


def _chosen(bind: Any, kinds: list[Kind]) -> Kind:
    """So many elements of one iterable."""
    count = bind.args[1] if len(bind.args) == 2 and not bind.kwargs else None
    if not isinstance(count, Const) or type(count.value) is not int or count.value < 0:
        return ANY
    each = element(kinds[0])
    return Kind(bind.fn.object, items=(Kind(tuple, items=(each,) * count.value),))


def _indices(bind: Bind, kinds: list[Kind]) -> Kind:
    """The indices of an array of a shape, which is given as such or dimension by dimension."""
    shape = kinds[0].items if len(kinds) == 1 and kinds[0].type is tuple else kinds
    if shape is None or bind.kwargs or not all(k.type is int for k in shape):
        return ANY
    return Kind(np.ndindex, items=(Kind(tuple, items=(scalar(int, "int"),) * len(shape)),))


#: By what makes an iterator: the kind of that, which has the kind of its items.
ITERATORS: dict[Any, Callable[[Any, list[Kind]], Kind]] = {
    **dict.fromkeys((enumerate, zip, reversed), _iterator),
    itertools.accumulate: _accumulated,
    itertools.product: _product,
    **dict.fromkeys(CHOOSING, _chosen),
    np.ndindex: _indices,
}
