"""What surely holds nothing differentiable."""

from __future__ import annotations

import datetime
import decimal
import enum
import fractions
import inspect
import itertools
import random
import re
import sys
import types
import typing
import weakref
from collections import OrderedDict
from typing import Any

import numpy as np

from s2sdiff.runtime.broadcasts import Broadcast
from s2sdiff.runtime.datasets import is_dataset
from s2sdiff.runtime.own_fields import own_fields
from s2sdiff.runtime.standins_numpy import made_into

__all__ = ["EXACT", "NUMBERLESS", "is_generator", "is_inert"]

#: Nothing with a derivative is made into such a number.
EXACT = (fractions.Fraction, decimal.Decimal)

_INERT = (re.Pattern, re.Match, type(None), type(Ellipsis), slice, range, types.ModuleType, type,
          np.dtype, type(np.empty(0).flags), np.integer, np.bool_,
          types.MethodDescriptorType,
          types.WrapperDescriptorType, types.GetSetDescriptorType, types.MemberDescriptorType,
          types.ClassMethodDescriptorType, np.datetime64, np.timedelta64, datetime.date,
          datetime.time, datetime.timedelta, datetime.tzinfo, types.GenericAlias,
          types.UnionType, Broadcast, type(list[int]), typing.TypeVar, *EXACT)

#: Numbers and text, to which a class of the user's may add fields.
_WITH_FIELDS = (enum.Enum, int, str, bytes)
_PLAIN = frozenset({int, bool, str, bytes, type(None)})
_ACTIVE = frozenset({float, complex, np.float64, np.float32, np.complex128})

#: What has no derivative of its own, whatever else it may hold.
NUMBERLESS = (*_INERT, *_WITH_FIELDS, types.FunctionType, types.BuiltinFunctionType, np.ufunc)


def is_inert(value: Any) -> bool:
    """Surely holds nothing differentiable."""
    if type(value) in _PLAIN:
        return True
    if type(value) in _ACTIVE:
        return False
    if isinstance(value, np.ndarray):
        return value.dtype.kind not in "fcO"
    if isinstance(value, _HOLDERS):
        return not _reaches(value)
    if isinstance(value, _WITH_FIELDS):
        # An enum's member has, beside its value, what somebody gave it.
        fields = own_fields(value).items()
        return all(n[:1] == "_" or is_inert(v) for n, v in fields)
    if isinstance(value, type) and "<locals>" in value.__qualname__ and _captures(value):
        return False
    return isinstance(value, _INERT) or is_dataset(type(value)) or is_generator(
        value) or _drives_generators(value) or (
        type(value) is itertools.count and _OF_INTS.fullmatch(repr(value)) is not None)


#: Where an `itertools.count` stands is told by its text alone.
_OF_INTS = re.compile(r"count\(-?\d+(, -?\d+)?\)")


_CAPTURING: Any = weakref.WeakKeyDictionary()


def _captures(cls: type) -> bool:
    """A class with methods, of its own or of a base, that capture variables."""
    found = _CAPTURING.get(cls)
    if found is None:
        functions = [getattr(f, "__func__", getattr(f, "fget", f))
                     for c in cls.__mro__ for f in vars(c).values()]
        found = _CAPTURING[cls] = any(
            set(f.__code__.co_freevars) - {"__class__"} if isinstance(f, types.FunctionType) else
            hasattr(f, "__dict__") and not isinstance(f, type) for f in functions)
    return found


_KEYS = (type({}.keys()), type(OrderedDict().keys()))
_HOLDERS = (tuple, list, types.FunctionType, types.BuiltinFunctionType, types.MappingProxyType,
            inspect.Signature, inspect.Parameter, np.ufunc, property, *_KEYS)


def _reaches(value: Any) -> bool:
    """It holds, captures, has as a default, or is bound to what may have a derivative."""
    seen, waiting = {id(value)}, _held(value)
    while waiting:
        x = waiting.pop()
        if not isinstance(x, _HOLDERS):
            if not is_inert(x):
                return True
        elif id(x) not in seen:
            seen.add(id(x))
            waiting.extend(_held(x))
    return False


def is_generator(value: Any) -> bool:
    """NumPy loads `np.random` when it is asked for, which takes long: before, there is no such."""
    if type(value) in (random.Random, random.SystemRandom):
        return True
    numpy_random = sys.modules.get("numpy.random")
    return numpy_random is not None and isinstance(
        value, (getattr(numpy_random, "Generator", ()), getattr(numpy_random, "RandomState", ())))


def _drives_generators(value: Any) -> bool:
    """Where a generator of NumPy's has its bits from, which SciPy asks whether it was seeded."""
    bits = sys.modules.get("numpy.random.bit_generator")
    return bits is not None and isinstance(value, (bits.BitGenerator, bits.SeedSequence))


def _held(value: Any) -> list[Any]:
    if isinstance(value, _KEYS):
        return list(value)
    if isinstance(value, (tuple, list)):
        # A class of the user's may have fields beside the items.
        fields = {} if type(value) in (tuple, list) else own_fields(value)
        return [*value, *fields.values()]
    if isinstance(value, types.MappingProxyType):
        return [*value.keys(), *value.values()]
    if isinstance(value, inspect.Signature):
        return [value.return_annotation, *value.parameters.values()]
    if isinstance(value, inspect.Parameter):
        return [value.default, value.annotation]
    if isinstance(value, types.BuiltinFunctionType):
        owner = value.__self__
        return [] if owner is None or isinstance(owner, types.ModuleType) else [owner]
    if isinstance(value, np.ufunc):
        return [made_into(value)]
    if isinstance(value, property):
        return [value.fget, value.fset, value.fdel]
    held = [*(value.__defaults__ or ()), *(value.__kwdefaults__ or {}).values()]
    for cell in value.__closure__ or ():
        try:
            held.append(cell.cell_contents)
        except ValueError:
            held.append(0.0)  # it may be filled later, with anything
    return held
