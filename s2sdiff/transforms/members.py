"""What the attributes of objects of a plain class are, asked of the class."""

from __future__ import annotations

import abc
import dataclasses
import functools
import inspect
import types
from typing import Any

from s2sdiff import registry
from s2sdiff.runtime import named_tuples

__all__ = ["constructor", "gives_way", "in_fields", "is_named", "is_plain", "is_value", "member",
           "settable"]

_PLAIN = ("__setattr__", "__getattribute__", "__delattr__")
_METACLASSES = (type, abc.ABCMeta)


def is_plain(cls: Any) -> bool:
    """A class whose objects are made, read and written as `object` says, and nobody sees go."""
    if type(cls) not in _METACLASSES or registry.find(cls) is not None or \
            cls.__new__ is not object.__new__ or (
                cls.__init__ is not object.__init__ and registry.find(cls.__init__) is not None):
        return False
    if any(not c.__flags__ & 1 << 9 for c in cls.__mro__[:-1]):
        return False  # a class of C is among them
    frozen = in_fields(cls) and cls.__dataclass_params__.frozen
    return not hasattr(cls, "__getattr__") and not hasattr(cls, "__del__") and all(
        getattr(cls, name) is getattr(object, name) or (frozen and name in vars(cls))
        for name in _PLAIN)


def is_named(cls: Any) -> bool:
    """A class of named tuples that are made and read as `namedtuple` says."""
    return named_tuples.is_named(cls) and registry.find(cls) is None


def in_fields(cls: Any) -> bool:
    """Its constructor is the one that `dataclass` wrote."""
    init = vars(cls).get("__init__")
    return "__dataclass_fields__" in vars(cls) and isinstance(init, types.FunctionType) and \
        init.__code__.co_filename == "<string>"


def constructor(cls: Any) -> types.FunctionType | None:
    """`__init__` as it is written; None where there is none, or nobody wrote it down."""
    init = cls.__init__
    return init if isinstance(init, types.FunctionType) and not in_fields(cls) else None


def member(cls: Any, name: str) -> Any:
    """A method, property or static method of the class.

    None: an object of it may have the attribute itself.  NotImplemented: something else.
    """
    found = inspect.getattr_static(cls, name, None)
    if found is None or isinstance(
            found, (types.MemberDescriptorType, named_tuples.GETTER)):
        return None
    if isinstance(found, (types.FunctionType, staticmethod)) or type(found) is property:
        inner = found.__func__ if isinstance(found, staticmethod) else found
        ruled = registry.find(inner) or (
            registry.find(inner.fget) if isinstance(inner, property) else None)
        return NotImplemented if ruled is not None else found
    if type(found) is functools.cached_property:
        return found if registry.find(found) is None and registry.find(found.func) is None else \
            NotImplemented
    return None if is_value(found) or isinstance(found, dataclasses.Field) else NotImplemented


def is_value(found: Any) -> bool:
    """What an object has as its class has it: no method, and nothing that is asked for it.

    >>> is_value(2.0), is_value([1.0]), is_value(property(len)), is_value(lambda o: o)
    (True, True, False, False)
    """
    return not hasattr(type(found), "__get__")


def settable(cls: Any, name: str) -> bool:
    """An object's attribute of this name may be written, which writes nothing else."""
    if not isinstance(cls, type):
        return True  # a cell's contents
    if issubclass(cls, tuple):
        return False
    frozen = in_fields(cls) and cls.__dataclass_params__.frozen
    found = inspect.getattr_static(cls, name, None)
    if isinstance(found, types.MemberDescriptorType):
        return not frozen
    # Without a dict, there are the attributes that `__slots__` names, and no others.
    return not frozen and cls.__dictoffset__ != 0 and not hasattr(type(found), "__get__")


def gives_way(cls: Any, name: str) -> bool:
    """`a + b` of an `a` of this class may be `b.__radd__(a)`: Python asks subclasses first."""
    compared = {"__lt__": "__gt__", "__le__": "__ge__", "__gt__": "__lt__", "__ge__": "__le__",
                "__eq__": "__eq__", "__ne__": "__ne__"}
    turned = compared.get(name, f"__r{name[2:]}")
    # What compares is asked first in any subclass, what computes where it is another one.
    own = getattr(object if name in compared else cls, turned, None)
    waiting = cls.__subclasses__()
    while waiting:
        below = waiting.pop()
        if getattr(below, turned, None) is not own:
            return True
        waiting += below.__subclasses__()
    return False
