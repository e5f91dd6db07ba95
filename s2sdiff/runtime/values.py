"""Values that calls are made with: which of them have derivatives, and zeros for those."""

from __future__ import annotations

import collections
import io
import itertools
import sys
import types
import typing
from collections import deque
from collections.abc import Callable, ItemsView, KeysView, ValuesView
from typing import Any

import numpy as np

from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime.arrays import match
from s2sdiff.runtime.carried import Carried, CarriedArray
from s2sdiff.runtime.inert import NUMBERLESS, is_generator, is_inert
from s2sdiff.runtime.nested import MAKERS, OPERATORS, is_derivative
from s2sdiff.runtime.users_names import is_literal
from s2sdiff.runtime.walks import POOLING, Held, Walk

__all__ = [
    "HIDING", "Slots", "argument", "bounds", "check_iterable", "counted_outside", "endless",
    "has_source", "hides_nothing", "indices", "is_differentiable", "is_inert", "kept_outside",
    "keys_of", "next_place", "no_text", "nothing", "places", "places_back", "plain", "sequence",
    "undisturbed",
]

#: Differentiated arguments of a call, by position or keyword.
Slots = tuple[Any, ...]

_NUMBERS = (float, complex, np.inexact)
def has_source(fn: Any) -> bool:
    """A plain Python function, which is differentiated through its own source."""
    return isinstance(fn, types.FunctionType) and not is_derivative(fn) and \
        fn not in MAKERS and fn not in OPERATORS


def is_differentiable(value: Any) -> bool:
    """A number or array of a floating type, or a tuple, list or dict that holds one."""
    if type(value) is float:
        return True
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "fc"
    if isinstance(value, (tuple, list)):
        return any(is_differentiable(v) for v in value)
    if isinstance(value, dict):
        return any(is_differentiable(v) for v in value.values())
    if isinstance(value, (set, frozenset, deque)):
        return any(is_differentiable(v) for v in value)
    if isinstance(value, Walk):
        return is_differentiable(value.items)
    return isinstance(value, _NUMBERS)


#: What `dict.keys` gives.
KEYS = type({}.keys())


def plain(value: Any) -> bool:
    """What library rules speak of: exact arrays and numbers, containers of them, inert things."""
    t = type(value)
    if t is np.ndarray or t is CarriedArray:
        return value.dtype.kind in "fciub"
    if t in (tuple, list):
        return all(plain(v) for v in value)
    if t is dict:
        return all(plain(v) for v in value.values())
    if t in (set, frozenset, deque):
        return all(plain(v) for v in value)
    if t is KEYS:
        # Keys that are numbers have lost their derivative, if they had one.
        return not any(map(is_differentiable, value))
    if isinstance(value, Walk):
        return plain(value.items)
    return t in (float, complex, Carried) or isinstance(value, (np.generic, *NUMBERLESS)) or \
        is_generator(value)


def nothing(wrt: Slots, args: tuple, kwargs: dict[str, Any]) -> Callable[[Any], Any]:
    """The pullback of a call that no argument has a derivative in."""
    given = [argument(slot, args, kwargs) for slot in wrt]

    def pullback(_: Any) -> Any:
        # A list may be another one's, who has changed it since.
        entries = tuple(None if isinstance(x, (list, dict)) else match(None, x) for x in given)
        return entries[0] if len(entries) == 1 else entries

    return pullback


def argument(slot: Any, args: tuple, kwargs: dict[str, Any]) -> Any:
    """What a call was given in a slot."""
    return args[slot] if isinstance(slot, int) else kwargs.get(slot)


def kept_outside(value: Any, message: str) -> None:
    """Refuse to keep in a global what may have a derivative."""
    if not is_inert(value):
        raise UnsupportedError(message)


def counted_outside(value: Any, message: str) -> None:
    """Refuse to bind a global name to anything but a count, a switch, a text or a generator."""
    if not (isinstance(value, (int, str, bytes, type(None), np.integer, np.bool_))
            or is_generator(value)):
        raise UnsupportedError(message)


def bounds(*parts: Any) -> None:
    """Refuse a slice of numbers that may be active: it would keep them where nobody looks."""
    if any(isinstance(p, _NUMBERS) or (isinstance(p, np.ndarray) and p.dtype.kind in "fc")
           for p in parts):
        raise refusal(UnsupportedError, "slice of an active value has no derivative",
                      "keep active values in numbers, arrays, containers and objects")


#: What keeps its arguments where nobody looks for a derivative.
HIDING = (slice, type, collections.namedtuple, typing.NamedTuple)


def hides_nothing(fn: Any, wrt: Slots, args: tuple, kwargs: dict[str, Any]) -> None:
    """Refuse to make a slice or class that keeps active values."""
    if any(fn is f for f in HIDING) and (fn is not type or len(args) == 3) and not all(
            is_inert(argument(s, args, kwargs)) for s in wrt):
        raise refusal(UnsupportedError, f"{fn.__name__} of an active value has no derivative",
                      "keep active values in numbers, arrays, containers and objects")


def no_text(*held: Any) -> None:
    """Refuse text, also in containers: it was made of an active value, and a number may be read
    back from it, unless there is no digit in it, or it is a name that stands in some code.

    >>> no_text(["automatic", {"units": "SI"}, "x0"])
    """
    waiting, seen = list(held), set()
    while waiting:
        x = waiting.pop()
        if isinstance(x, bytes) or (
                isinstance(x, str) and any(map(str.isdigit, x)) and not is_literal(x)) or (
                isinstance(x, np.ndarray) and x.dtype.kind in "SU" and any(
                    map(str.isdigit, "".join(map(str, x.flat))))):
            raise refusal(UnsupportedError,
                          "text that was made of an active value may be read back into the result",
                          "use the number itself, or mark it with sd.stop_gradient")
        if id(x) not in seen:
            seen.add(id(x))
            if isinstance(x, dict):
                waiting.extend((*x, *x.values()))
            elif isinstance(x, (tuple, list, set, frozenset, deque, type({}.keys()),
                                type({}.values()), type({}.items()))):
                waiting.extend(x)
            elif isinstance(x, (io.StringIO, io.BytesIO)) and not x.closed:
                waiting.append(x.getvalue())


def indices(*sequences: Any, stop: int | None = None) -> Any:
    """The indices of sequences that may grow or shrink while they are walked over side by side.

    >>> items = [1]
    >>> for i in indices(items):
    ...     if len(items) < 3:
    ...         items.append(0)
    >>> i
    2
    """
    i = 0
    while (stop is None or i < stop) and i < min(map(len, sequences)):
        yield i
        i += 1


def places(*sequences: Any) -> Any:
    """What iterators over sequences, side by side, keep: the place of the next items.

    >>> it = places([5.0, 6.0], "ab")
    >>> next_place(it), next_place(it), next_place(it, -1)
    (0, 1, -1)
    """
    if len(sequences) > 1:
        return indices(*sequences)
    return _places_of(*sequences)


def _places_of(sequence: Any) -> Any:
    i = 0
    while i < len(sequence):
        yield i
        i += 1


def places_back(sequence: Any) -> Any:
    """What `reversed` keeps of a sequence: the place of the next item, from the last one on.

    >>> list(places_back("abc"))
    [2, 1, 0]
    """
    return _places_back(sequence, len(sequence) - 1)


def _places_back(sequence: Any, i: int) -> Any:
    while 0 <= i < len(sequence):
        yield i
        i -= 1


def next_place(drawn: Any, *default: Any) -> int:
    """The next place; as `next`, it raises where there is none, or gives the default."""
    return next(drawn, *default)


def undisturbed(items: Any) -> Any:
    """`sequence` for a loop that writes nothing, and that goes on to the end."""
    return _drawn(items) if type(items) in _WALKS else sequence(items)


def _drawn(items: Any) -> list[Any]:
    """What an iterator of Python's has left."""
    # It is used up here, as it would be by the loop; a rule would have made another object.
    drawn = list(items)
    if not is_inert(drawn):
        raise refusal(UnsupportedError, f"a loop over a {type(items).__name__} of unknown origin "
                      "that may give active values", "loop over an array, a list or a tuple")
    return drawn


#: Iterators that call no function of the user's.
_WALKS = (
    *POOLING, zip, enumerate, reversed, type(reversed([])), itertools.chain, itertools.islice,
    itertools.pairwise, itertools.zip_longest,
)


def endless(length: int) -> int:
    """How often one can go on through so many items, from the first again after the last."""
    return sys.maxsize if length else 0


#: The keys of a dict from the last.
_FROM_THE_LAST = type(reversed({}))
_VIEWS = (KeysView, ValuesView, ItemsView)


def keys_of(mapping: Any, read: bool = True) -> list[Any]:
    """The keys of a dict, which have no derivative: floats are refused where they are `read`.

    >>> keys_of({"a": 1.0, "b": 2.0})
    ['a', 'b']
    """
    found = list(mapping)
    if read and any(map(is_differentiable, found)):
        raise refusal(UnsupportedError, "a loop over the keys of a dict that are floats, which "
                      "have no derivative there",
                      "keep active values among the values, or use a list of pairs")
    return found


def check_iterable(x: Any) -> None:
    """Raise what a loop over something raises that cannot be walked over."""
    if not hasattr(type(x), "__iter__") and not hasattr(type(x), "__getitem__"):
        iter(x)


def sequence(items: Any) -> Any:
    """What a loop over active elements may run over: something that can be indexed."""
    if isinstance(items, (np.ndarray, tuple, list, range, Held)):
        return items
    if isinstance(items, (dict, _FROM_THE_LAST)):
        return keys_of(items)
    if isinstance(items, Walk):
        return items.take()
    if type(items) is deque:
        return items
    if type(items) in (set, frozenset, np.ndindex):
        return list(items)
    if type(items) in (str, bytes):
        return items
    if type(items) is np.nditer and items.nop == 1:
        return list(items)  # views, in which what is written is seen
    if isinstance(items, _VIEWS):
        return list(items)
    if type(items) in POOLING:
        return _drawn(items)
    check_iterable(items)
    raise refusal(UnsupportedError,
                  f"a loop over a {type(items).__name__} that may give active values",
                  "loop over an array, a list or a tuple")
