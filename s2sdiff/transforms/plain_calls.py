"""What calls give and write as anybody sees, for `plain_writes`."""

from __future__ import annotations

import inspect
import re
import types
from collections.abc import Callable, Hashable
from typing import Any

from s2sdiff import ops
from s2sdiff.ir import Const, Star
from s2sdiff.transforms.arithmetic import is_elementwise
from s2sdiff.transforms.implicit import is_text
from s2sdiff.transforms.new_memory import MUTATORS, makes_new

__all__ = [
    "DISPLAYS", "MUTATING", "functions_of", "given_own", "hashable", "is_called_back",
    "is_counted", "is_of_class", "keeps_to_itself", "makes", "makes_object", "options",
]


def makes_object(value: Any) -> bool:
    """A class whose objects are made as those of `object`, or of Python's containers, are."""
    return isinstance(value, type) and value.__new__ in _NEW and \
        type(value).__call__ is type.__call__


_NEW = tuple(c.__new__ for c in (object, dict, list, set))


def given_own(function: types.FunctionType, args: tuple, kwargs: tuple,
              is_own: Callable[[Any], bool]) -> frozenset[str]:
    """The parameters for which a call gives what its caller has made, or a default number."""
    code = function.__code__
    count, values = code.co_argcount, function.__defaults__ or ()
    names = code.co_varnames[:count + code.co_kwonlyargcount]
    if len(args) > count or any(isinstance(a, Star) for a in args) or any(
            not isinstance(k, str) for k, _ in kwargs):
        return frozenset()
    given = {**dict(zip(names, args, strict=False)), **dict(kwargs)}
    defaults = {**(function.__kwdefaults__ or {}),
                **dict(zip(names[count - len(values):count], values, strict=True))}
    return frozenset(n for n in names if (is_own(given[n]) if n in given else isinstance(
        defaults.get(n, names), (int, float, complex, str, bytes, type(None)))))


def makes(value: Any) -> bool:
    """What gives something that is made in the call, or a number."""
    return value in DISPLAYS or is_counted(value) or is_elementwise(value) or \
        makes_new(value) or makes_object(value)


DISPLAYS = (ops.list_, ops.dict_, ops.set_)
MUTATING = tuple(map(Const, MUTATORS))
#: Packages whose functions, as long as they have no rule that says so, write into no object.
OTHERS = ("s2sdiff", "numpy")
#: Of Python's library: their functions write into what is their own, such as patterns they keep.
KEEPING = ("re", "warnings", "textwrap", "string", "posixpath", "ntpath", "keyword", "locale")


def keeps_to_itself(value: types.FunctionType) -> bool:
    """Whether a function writes nothing that somebody else has."""
    return (value.__module__ or "").partition(".")[0] in (*OTHERS, *KEEPING)


def options(code: types.CodeType) -> frozenset[str]:
    """The name of `**options`, a dict that is made for each call.

    >>> def f(*args, a=1, **kwargs): pass
    >>> options(f.__code__)
    frozenset({'kwargs'})
    """
    at = code.co_argcount + code.co_kwonlyargcount + bool(code.co_flags & inspect.CO_VARARGS)
    return frozenset(code.co_varnames[at:at + 1] if code.co_flags & inspect.CO_VARKEYWORDS else ())


def is_called_back(value: Any, given: tuple) -> bool:
    """Whether a function of the library may call one that it is given, among these atoms."""
    return (value is re.sub or value is re.subn) and not (
        len(given) > 1 and isinstance(given[1], Const))


def is_counted(value: Any) -> bool:
    """What gives a number, a switch or a text without a derivative is called."""
    return is_text(value) or (isinstance(value, Hashable) and value in _COUNTING)


_COUNTING = frozenset({len, hash, id, str, repr, bool, isinstance, format, type, iter})


def hashable(value: Any) -> Any:
    try:
        hash(value)
    except TypeError:
        return None
    return value


def functions_of(value: Any) -> list[types.FunctionType]:
    """The functions that a class has under one name."""
    if isinstance(value, property):
        found = [value.fget, value.fset, value.fdel]
    else:
        value = getattr(value, "__func__", value)
        found = [getattr(value, "func", value)]  # of a cached property
    return [f for f in found if isinstance(f, types.FunctionType)]


def is_of_class(cls: type, method: types.FunctionType) -> bool:
    """Whether a class has a function as a class method, which is given the class."""
    found = inspect.getattr_static(cls, method.__name__, None)
    return isinstance(found, classmethod) and found.__func__ is method and \
        method.__code__.co_argcount > 0
