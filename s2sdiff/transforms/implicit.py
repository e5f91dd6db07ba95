"""Methods that run without being called by name: operators, protocols, properties.

Of an object of a known class its methods are looked at.  Of anything else nothing is known, and it
is taken for a number or a container; but nobody reads `a.sum()` or `a.T` for nothing, so that what
is done only for what it does is taken for such a method.
"""

from __future__ import annotations

import copy
import functools
import inspect
import operator
import types
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from s2sdiff import ops
from s2sdiff.ir import Bind, Const, For, If, Opaque, Ref, Star, Store, While
from s2sdiff.kinds import Kind
from s2sdiff.runtime import suspects
from s2sdiff.runtime.datasets import is_dataset
from s2sdiff.runtime.marking import listed
from s2sdiff.runtime.outside import is_of_user, root_of
from s2sdiff.runtime.overloads import OPERATORS
from s2sdiff.transforms.given_iterators import walks_by_others
from s2sdiff.transforms.methods_run import METHODS, WALKED

__all__ = [
    "as_store", "asked_by_numpy", "attribute_writes", "compares_with_slope",
    "gives_back", "giving", "has_method", "is_text", "method_writes", "of_user",
    "RUNNING", "runs_what_was_met", "runs_what_writes", "statement_writes", "store_writes",
    "unseen", "writes",
]

_ALL = frozenset({"*"})
Summary = Callable[..., frozenset]


def giving(name: str) -> str:
    """How it is noted that an operator of some class gives back an operand, or a part of one."""
    return f"{name} gives"


def gives_back(fn: Any, kinds: Iterable[Kind]) -> bool:
    """Whether an operator of an unknown class may give back what some class's does."""
    if not suspects.state.names:
        return False
    try:
        names = METHODS.get(fn, ())
    except TypeError:
        return False
    return not all(k.is_number or k.is_fixed for k in kinds) and suspects.any_of(
        frozenset(map(giving, names)))


def compares_with_slope(fn: Any, kinds: list[Kind]) -> bool:
    """Whether a comparison of an unknown class may give something with a derivative."""
    return bool(suspects.state.names) and any(
        k.field is None and k.type in _HANDING_ON for k in kinds) and suspects.any_of(
            frozenset(map(suspects.varying, METHODS[fn])))


def asked_by_numpy(kinds: list[Kind]) -> bool:
    """Whether a class may take over what a function of NumPy gives that has no derivative."""
    return bool(suspects.state.names) and suspects.any_of(_BY_NUMPY) and any(
        k.field is None and (k.type in (*_HANDING_ON, np.ndarray) or of_user(k.type))
        for k in kinds)


_BY_NUMPY = frozenset({suspects.NUMPY})
#: Lists and tuples give what their first items that differ say.
_HANDING_ON = (None, list, tuple)


def runs_what_was_met(s: Bind, kind: Callable[[Any], Kind]) -> bool:
    """Whether a method of an unknown class runs here, by a name under which some class writes."""
    if not suspects.state.names:
        return False
    target = s.fn.object if isinstance(s.fn, Ref) else None
    try:
        names = METHODS.get(target, ()) if target in _FOLLOWED else ()
    except TypeError:
        return False
    given = [known.unless_none or known for known in map(kind, s.args)]
    return suspects.any_of(frozenset(names)) and any(
        known.type is None and not known.is_number for known in given)


#: Functions whose methods of users' classes are differentiated where they are called.
_FOLLOWED = frozenset({*OPERATORS, copy.copy, copy.deepcopy})


def runs_what_writes(s: Bind, kind: Callable[[Any], Kind], summary: Summary) -> bool:
    """Whether an operator or a builtin function may write."""
    target = s.fn.object if isinstance(s.fn, Ref) else None
    try:
        names = METHODS.get(target)
    except TypeError:
        return False
    if names is None:
        return _library_asks(s, target, kind)
    for a in s.args:
        known = kind(a.value if type(a) is Star else a)
        if known.type is None and not s.targets and not known.is_number:
            return True
        if of_user(known.type) and (any(
                writes(known.type, _found(known.type, name), summary) for name in names) or (
                    "__iter__" in names and walks_by_others(known.type))):
            return True
    return False


def _library_asks(s: Bind, target: Any, kind: Callable[[Any], Kind]) -> bool:
    """Whether a function of a library is given an object that may write by a special method.

    Which of them it asks for, nobody tells.
    """
    given: list[Any] = [*s.args, *[a for _, a in s.kwargs]]
    if target is ops.method:
        if of_user(kind(given[0]).type) or getattr(given[1], "value", None) in _TAKING:
            return False  # what is called, or takes an object as it is
        given = given[2:]
    elif is_of_user(target) or (isinstance(target, type) and of_user(target)) or (
            target is not slice and root_of(target) in ("s2sdiff", "builtins", "_operator")):
        return False
    classes = {kind(a.value if type(a) is Star else a).type for a in given}
    return any(suspects.of_user(cls) and not is_dataset(cls) and (
        bool(suspects.special(suspects.of(cls))) or walks_by_others(cls)) for cls in classes)


_TAKING = ("append", "appendleft", "insert")


def unseen(s: Any, kind: Callable[[Any], Kind], summary: Summary) -> tuple[str, str] | None:
    """The class and the method that a test, a loop or a formatted text runs, where it writes."""
    if type(s) is Bind and type(s.fn) is Ref and type(s.fn.object) is not Opaque:
        return None  # as most
    if isinstance(s, RUNNING):
        given, names = _asked(s)
    elif isinstance(s, Bind) and is_text(getattr(s.fn, "object", None)):
        given, names = s.args, ("__format__", "__str__", "__repr__")
    else:
        return None
    for a in given:
        for name in names:
            cls = kind(a).type
            if writes(cls, _found(cls, name), summary):
                return cls.__name__, name
    return None


#: Statements that ask an object by methods which nobody calls.
RUNNING = (If, While, For)


def _asked(s: If | While | For) -> tuple[list[Any], tuple[str, ...]]:
    return ([s.source], WALKED) if isinstance(s, For) else ([s.test], ("__bool__", "__len__"))


def statement_writes(s: If | While | For, kind: Callable[[Any], Kind],
                     summary: Summary) -> frozenset:
    """What a test or a loop writes by methods of the object that it asks: it (0), or anything."""
    (given,), names = _asked(s)
    cls = kind(given).type
    if not suspects.of_user(cls) or is_dataset(cls):
        return frozenset()
    found = {n: _found(cls, n) for n in names}
    written = frozenset().union(*[
        summary(listed(f) if inspect.isgeneratorfunction(f) else f, cls)
        for f in found.values() if isinstance(f, types.FunctionType)
        and f.__code__.co_filename != "<string>"])
    hands_on = isinstance(s, For) and walks_by_others(cls)
    return _ALL if "*" in written or hands_on else frozenset({0} if written else ())


def is_text(target: Any) -> bool:
    return isinstance(target, Opaque) and type(target.node).__name__ == "JoinedStr"


def method_writes(s: Bind, known: Any, summary: Summary) -> frozenset:
    """What a method of the type `known`, or None, writes that is named as one that only reads."""
    name = s.args[1].value if isinstance(s.args[1], Const) else ""
    if known is None:
        # `get` of a class of the user's may keep what it finds; what arrays have does not.
        return _ALL if not s.targets else frozenset({0} if name in _OF_DICTS else ())
    found = _found(known, name)
    return _ALL if writes(known, getattr(found, "__func__", found), summary) else frozenset()


_OF_DICTS = ("get", "items", "keys", "values")


def attribute_writes(s: Bind, kind: Callable[[Any], Kind], summary: Summary) -> frozenset:
    """What reading an attribute may write: the owner (0), or "*", anything."""
    known, name = kind(s.args[0]), s.args[1]
    if known.type is None:
        # A property may keep what it gives in its owner; arrays and containers have none such.
        plain = known.field is not None or (
            isinstance(name, Const) and any(hasattr(c, str(name.value)) for c in _BUILT_IN))
        return _ALL if not s.targets else frozenset(() if plain else {0})
    if not isinstance(name, Const) or not of_user(known.type):
        return frozenset()
    found = _found(known.type, name.value)
    if isinstance(found, functools.cached_property):
        return _ALL if summary(found.func) else frozenset({0})
    cls = known.type
    writer = writes(cls, found.fget, summary) if isinstance(found, property) else \
        found is None and writes(cls, _found(cls, "__getattr__"), summary)
    writer = writer or writes(cls, _found(cls, "__getattribute__"), summary) or (
        not isinstance(found, (types.FunctionType, property))
        and writes(type(found), _found(type(found), "__get__"), summary))
    return _ALL if writer else frozenset()


_BUILT_IN = (np.ndarray, list, dict, set, str)


def _found(cls: Any, name: str) -> Any:
    return inspect.getattr_static(cls, name, None) if of_user(cls) else None


def of_user(cls: Any) -> bool:
    """A class that is written in Python, or made of one."""
    return isinstance(cls, type) and bool(cls.__flags__ & 1 << 9)


def store_writes(s: Store, kind: Callable[[Any], Kind], summary: Summary) -> frozenset:
    """What storing into an object of a user's class writes by the code that this runs.

    Nothing, the object and what it holds (0), or "*", anything; the object's own fields apart.
    """
    cls = kind(s.target).type
    if not of_user(cls):
        return frozenset()
    hooks = _attribute_hooks(s, cls) if s.place == "attribute" or s.fn in (setattr, delattr) else \
        [_found(cls, name) for name in _HOOKS.get(s.fn, ("__getitem__", "__setitem__"))]
    if s.place == "name":
        hooks = [_found(cls, f"__{s.fn.__name__}__")]
    written = frozenset().union(*[summary(f, cls) for f in hooks
                                  if isinstance(f, types.FunctionType)])
    return _ALL if "*" in written else frozenset({0} if written else ())


def as_store(s: Bind) -> Store:
    """`setattr(o, name, value)` and `delattr(o, name)` as the statements that they stand for."""
    assert isinstance(s.fn, Ref)
    target, key = s.args[0], s.args[1] if len(s.args) > 1 else Const(None)
    owner: Any = target.value if isinstance(target, Star) else target
    name: Any = key.value if isinstance(key, Star) else key
    return Store(s.fn.object, owner, name, None, "attribute", s.loc)


_HOOKS: dict[Any, tuple[str, ...]] = {
    operator.setitem: ("__setitem__",), operator.delitem: ("__delitem__",)}


def _attribute_hooks(s: Store, cls: type) -> list[Any]:
    gone = s.fn is delattr
    hooks = [_found(cls, "__delattr__" if gone else "__setattr__")]
    names = [str(s.key.value)] if isinstance(s.key, Const) else [
        name for c in cls.__mro__ for name in vars(c)]
    for name in names:
        found = _found(cls, name)
        if isinstance(found, property):
            hooks += [found.fdel] if gone else [found.fset, found.fget]
        elif found is not None:
            ways = ("__delete__",) if gone else ("__set__", "__get__")
            hooks += [inspect.getattr_static(type(found), way, None) for way in ways]
    return hooks


def has_method(cls: Any, name: str) -> bool:
    """Whether a class has a method in Python; what `dataclass` and `namedtuple` write has no file.
    """
    found = _found(cls, name)
    return isinstance(found, types.FunctionType) and found.__code__.co_filename != "<string>"


def writes(cls: Any, method: Any, summary: Summary) -> bool:
    """Whether a method, of an object that is of class `cls` and of no other, writes."""
    if is_dataset(cls):
        return False
    # What `dataclass` and `namedtuple` write has no file, and writes nothing.
    method = inspect.unwrap(method) if isinstance(method, types.FunctionType) else method
    if inspect.isgeneratorfunction(method):
        method = listed(method)
    return isinstance(method, types.FunctionType) and \
        method.__code__.co_filename != "<string>" and bool(summary(method, cls))
