"""Which functions read, from globals and classes, what a program may have written there."""

from __future__ import annotations

import collections
import dis
import functools
import pathlib
import sys
import threading
import types
import weakref
from collections.abc import Iterator
from typing import Any

import numpy as np

from s2sdiff.runtime.bound_names import binds_inside
from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.cells_rebound import may_be_rebound
from s2sdiff.runtime.datasets import is_of_datasets
from s2sdiff.runtime.values import is_inert

__all__ = ["CARRYING", "LENDING", "bare_names", "cannot_matter", "is_installed", "is_of_library",
           "is_of_user", "leads_to", "looks_up", "meant", "names_in_modules", "reads_places",
           "root_of", "uses"]

_LIBRARIES = frozenset({*sys.stdlib_module_names, "numpy", "scipy", "s2sdiff"})

#: By code object: the names that it reads, with those of the functions that it makes.
_NAMES: Any = weakref.WeakKeyDictionary()
_BARE: Any = weakref.WeakKeyDictionary()


def cannot_matter(function: types.FunctionType, args: tuple, kwargs: dict[str, Any]) -> bool:
    """A call neither is given anything that may have a derivative, nor finds it outside.

    >>> cannot_matter(cannot_matter, (1, "a"), {}), cannot_matter(cannot_matter, (1.0,), {})
    (True, False)
    """
    if not is_inert(function) or not all(map(is_inert, (*args, *kwargs.values()))):
        return False
    return is_of_datasets(function) or not reads_places(function, (*args, *kwargs.values()))


def reads_places(function: types.FunctionType | type, args: tuple = ()) -> bool:
    """Whether a function, what it is given or what it calls finds a container or an object outside.

    >>> reads_places(reads_places)
    False
    """
    seen: set[int] = set()
    waiting: list[Any] = [function, *args]
    while waiting:
        x = waiting.pop()
        if class_of(x) in _PLAIN or id(x) in seen:
            continue
        if _is_place(x):
            return True
        seen.add(id(x))
        waiting.extend(leads_to(x))
    return False


_PLAIN = frozenset({int, float, complex, bool, str, bytes, type(None), types.EllipsisType})

#: Objects of libraries that hold what a program puts into them, whoever made their classes.
_HOLDING = (list, dict, set, collections.deque, types.SimpleNamespace, types.MappingProxyType,
            types.GeneratorType, collections.UserDict, collections.UserList, collections.ChainMap,
            threading.local)

#: They look up names that no code object lists.
_LOOKING_UP = frozenset({"globals", "eval", "exec", "__import__", "import_module", "modules",
                         "_getframe", "__globals__", "f_globals"})


#: Functions that keep what they give, of which differentiated code has got what it may write.
LENDING: Any = weakref.WeakSet()


def _is_place(x: Any) -> bool:
    if isinstance(x, np.ndarray):
        return x.dtype.kind in "fcO"
    if isinstance(x, functools._lru_cache_wrapper):
        return x in LENDING
    if isinstance(x, (type, types.FunctionType, types.ModuleType, tuple, frozenset, *CARRYING)):
        return isinstance(x, types.FunctionType) and _users(x) and (
            looks_up(x) or not _own(x) <= {"__wrapped__"}
            # What is no object yet may be one when it is read.
            or binds_inside(x.__code__) or may_be_rebound(x))
    # An object of a class of the user's, or an iterator over one's items.
    return isinstance(x, _HOLDING) or _users(class_of(x)) or (
        hasattr(class_of(x), "__next__") and not is_inert(x))


def looks_up(function: types.FunctionType) -> bool:
    """Whether a function may look up names that its code does not list.

    >>> looks_up(looks_up)
    False
    """
    return not _LOOKING_UP.isdisjoint(_names(function.__code__))


def uses(function: types.FunctionType, *names: str) -> bool:
    """Whether its code, or that of a function made in it, has one of these names.

    >>> uses(uses, "isdisjoint"), uses(uses, "random")
    (True, False)
    """
    return not frozenset(names).isdisjoint(_names(function.__code__))


def _own(function: types.FunctionType) -> set[str]:
    """The attributes that somebody gave a function, and that may have a derivative."""
    return {n for n, v in vars(function).items() if n not in _OURS and not is_inert(v)}


#: What this library keeps with a function.
_OURS = frozenset({"__s2sdiff__", "__s2sdiff_texts__", "__s2sdiff_spelled__"})


#: What is no place, but leads to others, as tuples do.
CARRYING = (functools.partial, types.MethodType, types.BuiltinFunctionType,
             functools._lru_cache_wrapper, staticmethod, classmethod, property,
             functools.cached_property, functools.partialmethod)


def leads_to(x: Any) -> Iterator[Any]:
    """What an object that is no place leads to: a function to globals, a class to its methods.

    >>> list(leads_to(functools.partial(sum, (1.0,))))
    [<built-in function sum>, (1.0,)]
    """
    match x:
        case types.FunctionType():
            yield from _of_function(x)
        case type() if _users(x):
            made_by: Any = class_of(x)
            for cls in (*x.__mro__[:-1], *made_by.__mro__[:-2]):
                if _users(cls):
                    yield from (v for n, v in list(vars(cls).items()) if n not in _OF_CLASSES)
        case tuple() | frozenset():
            yield from x
        case functools.partial() | functools.partialmethod():
            yield from (x.func, *x.args, *x.keywords.values())
        case types.MethodType():
            yield from (x.__func__, x.__self__)
        case types.BuiltinFunctionType() if not isinstance(x.__self__, types.ModuleType):
            yield x.__self__
        case staticmethod() | classmethod() | functools._lru_cache_wrapper():
            yield x.__wrapped__
        case property():
            yield from (x.fget, x.fset)
        case functools.cached_property():
            yield x.func


_OF_DECORATORS = (types.FunctionType, tuple, frozenset, *CARRYING)
#: Tables that every class has, or that `dataclass`, `Enum` and `copy` make.
_OF_CLASSES = frozenset({
    "__dict__", "__weakref__", "__annotations__", "__slotnames__", "__dataclass_fields__",
    "__dataclass_params__",
    "_member_map_", "_value2member_map_", "_member_names_", "_hashable_values_",
    "_unhashable_values_", "_unhashable_values_map_", "__abc_tpflags__", "_abc_impl",
})


def _of_function(function: types.FunctionType) -> Iterator[Any]:
    for cell in function.__closure__ or ():
        try:
            held = cell.cell_contents
        except ValueError:
            continue
        if _users(function):
            yield held
        else:
            # Decorators of libraries keep tables of their own.
            items = held.values() if isinstance(held, dict) else (held,)
            yield from [v for v in items if isinstance(v, _OF_DECORATORS)]
    if not _users(function):
        yield from [v for n, v in vars(function).items() if n == "__wrapped__"]
        return
    yield from function.__defaults__ or ()
    yield from (function.__kwdefaults__ or {}).values()
    yield from [v for n, v in vars(function).items() if n not in _OURS]
    for value in meant(function):
        if not isinstance(value, types.ModuleType):
            yield value
    yield from [value for _, _, value in names_in_modules(function)
                if not isinstance(value, types.ModuleType)]


def meant(function: types.FunctionType) -> list[Any]:
    """What the bare names in a function mean; None for those that mean nothing.

    >>> meant(meant)[0].__name__
    'bare_names'
    """
    space = function.__globals__
    return [space[name] if name in space else sys.modules.get(name)
            for name in bare_names(function.__code__)]


def names_in_modules(function: types.FunctionType) -> Iterator[tuple[dict[str, Any], str, Any]]:
    """What its code may find in modules of the user's: their tables, the names, what they mean.

    >>> list(names_in_modules(names_in_modules))
    []
    """
    names = _names(function.__code__)
    seen, waiting = set(), [v for v in meant(function) if isinstance(v, types.ModuleType)]
    while waiting:
        module = waiting.pop()
        if module in seen or not _users(module):
            continue
        seen.add(module)
        table = vars(module)
        for name in [n for n in names if n in table]:
            yield table, name, table[name]
            if isinstance(table[name], types.ModuleType):
                waiting.append(table[name])


def bare_names(code: types.CodeType) -> tuple[str, ...]:
    """The names that code, with the functions that it makes, reads of no object, or imports."""
    found = _BARE.get(code)
    if found is None:
        inner = [bare_names(c) for c in code.co_consts if isinstance(c, types.CodeType)]
        own = [i.argval for i in dis.get_instructions(code) if i.opname in _BARE_READS]
        found = _BARE[code] = tuple(dict.fromkeys([*own, *sum(inner, ())]))
    return found


#: The last is how classes' bodies read what is outside of them.
_BARE_READS = frozenset({"LOAD_GLOBAL", "LOAD_NAME", "IMPORT_NAME", "LOAD_FROM_DICT_OR_GLOBALS"})


def _names(code: types.CodeType) -> tuple[str, ...]:
    found = _NAMES.get(code)
    if found is None:
        inner = [_names(c) for c in code.co_consts if isinstance(c, types.CodeType)]
        found = _NAMES[code] = tuple(dict.fromkeys([*code.co_names, *sum(inner, ())]))
    return found


def is_of_library(x: Any) -> bool:
    """A part of Python's library, of NumPy or of SciPy."""
    return root_of(x) in _LIBRARIES


def is_of_user(fn: Any) -> bool:
    """A function in Python that is neither of such a library nor of this one.

    >>> is_of_user(is_of_user), is_of_user(dis.dis), is_of_user(len)
    (False, False, False)
    """
    return isinstance(fn, types.FunctionType) and not is_of_library(fn) and \
        root_of(fn) != "s2sdiff"


def root_of(x: Any) -> str:
    """The package that something is of, or the module of no package.

    >>> root_of(root_of), root_of(np.linalg.solve), root_of(1.0)
    ('s2sdiff', 'numpy', '')
    """
    module = x.__name__ if isinstance(x, types.ModuleType) else getattr(x, "__module__", None)
    # Metaclasses' attribute of that name is what makes it for classes.
    return module.partition(".")[0] if isinstance(module, str) else ""


@functools.lru_cache(maxsize=1024)
def is_installed(root: str) -> bool:
    """Whether a package lies where others' packages are installed.

    What is run is the user's, also where a program of others runs it.

    >>> is_installed("numpy"), is_installed("json"), is_installed("__main__")
    (True, False, False)
    """
    if root == "__main__":
        return False
    file = getattr(sys.modules.get(root), "__file__", None) or ""
    return not {"site-packages", "dist-packages"}.isdisjoint(pathlib.PurePath(file).parts)


def _users(x: Any) -> bool:
    return not is_of_library(x)
