"""Texts of active values that are handed to code which reads numbers in them, and keeps those.

Such code is run as it is, as a text has no derivative; what it keeps would be taken for constant.
"""

from __future__ import annotations

import dis
import functools
import inspect
import types
from typing import Any

import numpy as np

from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.own_fields import all_fields
from s2sdiff.runtime.sent_out import codes_of
from s2sdiff.runtime.values import no_text
from s2sdiff.runtime.written_names import functions_behind

__all__ = ["FILLING", "keeps_numbers", "unless_beside_arrays", "unless_kept_by",
           "unless_kept_by_method", "writes_items"]


def unless_kept_by(called: Any, count: int, *given: Any) -> None:
    """Refuse texts with digits that are handed to a function, or a class, of that kind, behind so
    many other arguments.

    >>> unless_kept_by(print, 1, [1.0], "0.5")
    """
    arrays = any(map(_of_floats, given[:count]))
    if any(keeps_numbers(f) or (arrays and writes_items(f)) for f in _run_by(called)):
        no_text(*given[count:])


def unless_beside_arrays(count: int, *given: Any) -> None:
    """Refuse those that are handed over behind so many other arguments, if an array is among these.

    >>> unless_beside_arrays(1, [1.0], "0.5")
    """
    if any(map(_of_floats, given[:count])):
        no_text(*given[count:])


def _of_floats(x: Any) -> bool:
    x = x.base if isinstance(x, np.flatiter) else x
    return isinstance(x, np.ndarray) and x.dtype.kind in "fc"


def unless_kept_by_method(owner: Any, names: tuple[str, ...], *told: Any) -> None:
    """Refuse those that are handed to a method of that kind, or to one that runs unseen.

    >>> unless_kept_by_method([], ("append",), "0.5")
    """
    cls = class_of(owner)
    own = (getattr(owner, n, None) for n in names) if isinstance(
        owner, type | types.ModuleType) else (inspect.getattr_static(cls, n, None) for n in names)
    if _of_floats(owner) and not FILLING.isdisjoint(names):
        no_text(*told)
    arrays = any(map(_of_floats, all_fields(owner).values()))
    if any(keeps_numbers(f, cls) or (arrays and writes_items(f, cls))
           for found in own for f in _run_by(found)):
        no_text(*told)


def keeps_numbers(function: Any, cls: type | None = None) -> bool:
    """Whether a function, or one that it calls, may make a number of a text, and writes something.
    """
    codes = codes_of(function, cls)
    defaults = (*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()) \
        if isinstance(function, types.FunctionType) else ()
    return any(map(_stores, codes)) and (
        any(isinstance(d, type) for d in defaults) or
        any(not _READING.isdisjoint(c.co_names) or _reads_digits(c) for c in codes))


def _run_by(called: Any) -> list[Any]:
    while isinstance(called, functools.partial):
        called = called.func
    if isinstance(called, types.MethodType):
        called = called.__func__
    if isinstance(called, type):
        return [f for n in ("__new__", "__init__", "__post_init__", "__call__")
                for f in functions_behind(inspect.getattr_static(called, n, None))]
    if isinstance(called, types.FunctionType):
        return [called]
    found = functions_behind(called)
    return [*found, *[f for n in ("__call__", "__set__") for f in functions_behind(
        inspect.getattr_static(class_of(called), n, None))]]


def writes_items(function: Any, cls: type | None = None) -> bool:
    """An array makes a number of a text that is written into it."""
    return any(not FILLING.isdisjoint(c.co_names) or any(
        i.opname in ("STORE_SUBSCR", "STORE_SLICE") for i in dis.get_instructions(c))
        for c in codes_of(function, cls))


FILLING = frozenset({
    "fill", "copyto", "put", "place", "putmask", "itemset", "setitem", "__setitem__",
    "put_along_axis", "fill_diagonal"})


@functools.lru_cache(maxsize=4096)
def _reads_digits(code: types.CodeType) -> bool:
    """It has the digits, or the name of a kind of number as a text."""
    return any(isinstance(c, str) and ("0123456789" in c or c in _READING)
               for c in code.co_consts)


@functools.lru_cache(maxsize=4096)
def _stores(code: types.CodeType) -> bool:
    return not _PUTTING.isdisjoint(code.co_names) or any(
        i.opname in _STORING for i in dis.get_instructions(code))


_READING = frozenset({
    "float", "complex", "loads", "literal_eval", "fromhex", "fromstring", "frombuffer", "eval",
    "exec", "int", "Decimal", "Fraction", "astype", "double", "float16", "float32", "float64",
    "longdouble", "from_bytes", "fromiter", "ord", "loadtxt", "genfromtxt"})
_STORING = ("STORE_ATTR", "STORE_SUBSCR", "STORE_SLICE", "STORE_GLOBAL", "STORE_DEREF")
_PUTTING = frozenset({
    "append", "appendleft", "extend", "extendleft", "insert", "add", "update", "setdefault", "put",
    "fill", "__setitem__", "itemset", "__setattr__", "setattr", "push", "copyto"})
