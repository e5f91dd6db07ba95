"""Functions that call functions, in the language that is differentiated.

A rule cannot differentiate a function that it calls.  So code that calls `functools.reduce` with
active values calls `reduce` of this module, which is compiled as a user's function is.  What they
do, in which order they call, and what they raise is that of the originals.

`EAGER` are those that do all their work at once.  `WITH_KEY` are only to be used where a `key` is
given; without one there are rules.  What `LAZY` stand for makes an iterator: they give a list, so
that they serve only where it goes to one of `CONSUMERS`, which draw everything at once.
"""

from __future__ import annotations

import collections
import dataclasses
import functools
import heapq
import inspect
import io
import itertools
import math
import statistics
import types
from typing import Any

import numpy as np

from s2sdiff import registry
from s2sdiff.runtime import (
    drawing,
    resuming,
    standins_bottleneck,
    standins_caches,
    standins_comparisons,
    standins_containers,
    standins_dataclasses,
    standins_dispatching,
    standins_getters,
    standins_managers,
    standins_numba,
    standins_numpy,
    standins_polynomials,
    standins_printing,
    standins_scipy,
    standins_stats,
)
from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.drawing_itertools import grouped
from s2sdiff.runtime.matching_arguments import bound_places
from s2sdiff.runtime.named_tuples import plain_new
from s2sdiff.runtime.outside import is_of_library
from s2sdiff.runtime.plain_classes import hashes_itself
from s2sdiff.runtime.standins_iterators import (
    accumulate,
    chained,
    dropwhile,
    filter_,
    filterfalse,
    map_,
    nditer,
    starmap,
    takewhile,
)
from s2sdiff.runtime.standins_ordering import (
    MISSING,
    list_sort,
    max_,
    min_,
    nlargest,
    nsmallest,
    sorted_,
)

__all__ = [
    "CONSUMERS", "EAGER", "LAZY", "WITH_KEY", "for_call", "is_lazy", "is_standin",
    "standin",
]


def reduce(function: Any, iterable: Any, initial: Any = MISSING, /) -> Any:
    total = initial
    for x in iterable:
        total = x if total is MISSING else function(total, x)
    if total is MISSING:
        raise TypeError("reduce() of empty iterable with no initial value")
    return total


def sum_(iterable: Any, /, start: Any = 0) -> Any:
    """For items whose class says what `+` is."""
    total = start
    for x in iterable:
        total = total + x
    return total


# ------------------------------------------------------------------------------ with a `key`


def bind(self: Any, /, *args: Any, **kwargs: Any) -> Any:
    arguments = {}
    for name, at in bound_places(self, len(args), list(kwargs)):
        if isinstance(at, tuple):
            arguments[name] = args[at[0]:]
        elif isinstance(at, dict):
            arguments[name] = {key: kwargs[key] for key in at}
        else:
            arguments[name] = kwargs[at] if isinstance(at, str) else args[at]
    return inspect.BoundArguments(self, arguments)


# ------------------------------------------------------------- objects that are functions


def standin(function: Any) -> Any:
    """The function that stands for an object which calls or reads when it is called; or None.

    >>> import operator
    >>> standin(operator.itemgetter(1))([5.0, 6.0]), standin(len) is None
    (6.0, True)
    """
    if type(function) in _DESCRIPTORS:
        return None
    code = function.__code__ if type(function) is types.FunctionType else None
    if (code is not None and id(code) in _PLAIN) or (
            type(function) in _OF_PYTHON and function.__module__ in _WITHOUT):
        return None
    if code is not None and code.co_flags & inspect.CO_GENERATOR:
        return resuming.of_generator(function)
    found = _standin(function, code)
    if found is not None:
        registry.find(function)  # which loads the rules of what stands for it calls
    if found is None and code is not None and (
            not is_of_library(function) or function.__module__.startswith("s2sdiff.")):
        if len(_PLAIN) >= _REMEMBERED:
            _PLAIN.clear()
        _PLAIN[id(code)] = code
    return found


#: Code of users' functions, and of this library's, that nothing stands for.
_PLAIN: dict[int, types.CodeType] = {}
_REMEMBERED = 4096
#: Nothing stands for these, and for functions of these modules, but what the tables say.
_DESCRIPTORS = (types.MethodDescriptorType, types.WrapperDescriptorType)
_OF_PYTHON = (types.BuiltinFunctionType, types.BuiltinMethodType)
_WITHOUT = frozenset({"_operator", "builtins", "math", "cmath", "itertools"})


def _standin(function: Any, code: types.CodeType | None) -> Any:
    if isinstance(function, standins_getters.GETTERS):
        return standins_getters.standin(function)
    if standins_managers.is_manager(function):
        return standins_managers.standin(function)
    if standins_managers.is_decorated(function):
        return standins_managers.decorated(function)
    if standins_comparisons.is_key(function):
        return standins_comparisons.key_of(function)
    if standins_caches.is_decorator(function):
        return standins_caches.decorator(function)
    found = standins_dispatching.dispatching(function) or standins_numpy.standin(function) or (
        standins_scipy.standin(function)) or standins_stats.standin(function) or (
        standins_numba.standin(function)) or standins_bottleneck.standin(function)
    if found is not None:
        return found
    if code is not None and code.co_filename == collections.__file__:
        # What `namedtuple` wrote into a class.
        return {"_replace": replaced, "_make": made}.get(code.co_name)
    return None


def replaced(self: Any, /, **changes: Any) -> Any:
    unknown = [name for name in changes if name not in self._fields]
    if unknown:
        raise ValueError(f"Got unexpected field names: {unknown!r}")
    new = plain_new(class_of(self))
    return new(class_of(self), *[changes.get(name, x) for name, x in zip(self._fields, self)])


def made(cls: Any, iterable: Any) -> Any:
    return plain_new(cls)(cls, *iterable)


# ------------------------------------------------------------------------------------ tables

EAGER: dict[Any, Any] = {
    functools.reduce: reduce, inspect.Signature.bind: bind, **standins_numpy.EAGER,
    np.poly1d.__truediv__: standins_polynomials.divided,
    functools.lru_cache: standins_caches.lru_cache, functools.cache: standins_caches.cache,
    set.__init__: standins_containers.set_init,
    vars(collections)["_count_elements"]: standins_containers.count_elements,
    heapq.nsmallest: nsmallest, heapq.nlargest: nlargest,
    functools.cmp_to_key: standins_comparisons.cmp_to_key,
    dataclasses.asdict: standins_dataclasses.asdict,
    dataclasses.astuple: standins_dataclasses.astuple, itertools.groupby: grouped,
    functools.singledispatchmethod.__get__: standins_dispatching.dispatched,
    **resuming.STANDINS, **drawing.STANDINS,
}

WITH_KEY: dict[Any, Any] = {
    sorted: sorted_, list.sort: list_sort, max: max_, min: min_,
}

LAZY: dict[Any, Any] = {
    map: map_, filter: filter_, itertools.filterfalse: filterfalse, itertools.starmap: starmap,
    itertools.accumulate: accumulate, itertools.takewhile: takewhile,
    itertools.dropwhile: dropwhile, itertools.chain.from_iterable: chained,
}

#: What gives views, in which what is written meanwhile is seen: a loop may draw all of it before.
VIEWING: dict[Any, Any] = {np.nditer: nditer}

#: Functions that draw everything from an iterator before anything else can happen.
CONSUMERS = frozenset({
    list, tuple, set, frozenset, dict, sorted, sum, min, max, collections.deque, math.fsum,
    math.prod, statistics.fmean, statistics.mean, list.extend,
})


def is_standin(module: str | None) -> bool:
    """Whether a module has functions that are compiled as a user's are.

    >>> is_standin(__name__), is_standin("s2sdiff.runtime.calls")
    (True, False)
    """
    return (module or "").startswith(("s2sdiff.runtime.standins", "s2sdiff.runtime.drawing",
                                    "s2sdiff.runtime.resuming"))


def is_lazy(fn: Any) -> bool:
    """Whether it makes an iterator that calls functions.

    >>> is_lazy(map), is_lazy(zip), is_lazy([])
    (True, False, False)
    """
    try:
        return fn in LAZY
    except TypeError:
        return False


def for_call(fn: Any, kwargs: dict[str, Any]) -> Any:
    """The function to call in the place of one that is found when the code runs, or None.

    >>> for_call(sorted, {"key": abs}) is sorted_, for_call(sorted, {})
    (True, None)
    """
    try:
        if hashes_itself(fn):
            return standin(fn)
        if fn in EAGER:
            return EAGER[fn]
        if fn in WITH_KEY and kwargs.get("key") is not None:
            return WITH_KEY[fn]
    except TypeError:
        pass  # it cannot be hashed
    if fn is print:
        return standins_printing.printed if standins_printing.shows(kwargs.get("file")) else None
    return standins_printing.written if fn is io.StringIO.write else standin(fn)
