"""What code writes: attributes, and names from outside, bound anew or filled by items and methods.

It is read from bytecode, as a look at the text of everything that lies about would cost more.
"""

from __future__ import annotations

import dis
import functools
import types
from collections.abc import Iterable
from typing import Any, NamedTuple

from s2sdiff.runtime.own_fields import own_fields

__all__ = ["Written", "captured", "fills_itself", "functions_behind", "functions_beside",
           "methods_of", "read_outside", "written_by", "written_in"]


class Written(NamedTuple):
    attributes: frozenset[str]
    names: frozenset[str]
    #: Texts under which something is put into dicts.
    keys: frozenset[str]


@functools.lru_cache(maxsize=8192)
def written_by(code: types.CodeType) -> Written:
    """The attributes, outer names and items that code, with all functions inside of it, writes.

    >>> def note(x):
    ...     global LAST
    ...     LAST, table.x = x, x
    ...     KNOWN[x], other.known[x] = x, x
    ...     table.pairs.append((x, limit))
    ...     setattr(table, "y", x)
    >>> found = written_by(note.__code__)
    >>> sorted(found.attributes), sorted(found.names)
    (['known', 'pairs', 'x', 'y'], ['KNOWN', 'LAST'])
    """
    attributes: set[str] = set()
    names: set[str] = set()
    keys: set[str] = set()
    steps = list(dis.get_instructions(code))
    for i, step in enumerate(steps):
        name = step.opname
        if name == "STORE_ATTR":
            attributes.add(step.argval)
        elif name in ("STORE_GLOBAL", "STORE_DEREF"):
            names.add(step.argval)
        elif name in _STORING:
            _add(steps, _before(steps, i, _STORING[name]), attributes, names)
            last = steps[i - 1]
            if last.opname == "LOAD_CONST" and isinstance(last.argval, str):
                keys.add(last.argval)
        elif name in _METHODS and step.argval in _MUTATORS:
            _add(steps, i - 1, attributes, names)
    if not _NAMING.isdisjoint(code.co_names):
        attributes.update(_texts(code.co_consts))
    if not _INTO.isdisjoint(code.co_names):
        attributes.update(s.argval for s in steps if s.opname in _METHODS)
        names.update(s.argval for s in steps if s.opname in _OUTER)
    for inner in code.co_consts:
        if isinstance(inner, types.CodeType):
            found = written_by(inner)
            attributes |= found.attributes
            names |= found.names - set(code.co_cellvars)
            keys |= found.keys
    return Written(frozenset(attributes), frozenset(names), frozenset(keys))


#: What is on the stack above the container that is written into.
_STORING = {"STORE_SUBSCR": 1, "DELETE_SUBSCR": 1, "STORE_SLICE": 2}
_METHODS = ("LOAD_ATTR", "LOAD_METHOD")
_OUTER = ("LOAD_GLOBAL", "LOAD_NAME", "LOAD_DEREF", "LOAD_CLASSDEREF")
_MUTATORS = frozenset({
    "append", "appendleft", "extend", "extendleft", "insert", "add", "update", "setdefault", "put",
    "fill", "__setitem__", "itemset"})
#: What attributes are written by that are named by a text.
_NAMING = frozenset({"setattr", "__setattr__", "__dict__", "vars"})
#: Functions that write into an argument: which one is not asked.
_INTO = frozenset({"setitem", "copyto", "place", "putmask", "heappush", "insort", "insort_left",
                   "insort_right"})


def _add(steps: list[dis.Instruction], i: int, attributes: set[str], names: set[str]) -> None:
    """What the step gives is written, or what it is a part of."""
    while i >= 0:
        step = steps[i]
        if step.opname in _METHODS:
            attributes.add(step.argval)
            return
        if step.opname in _OUTER:
            names.add(step.argval)
            return
        if step.opname != "BINARY_SUBSCR":
            return
        i = _before(steps, i, 1)


def _before(steps: list[dis.Instruction], i: int, count: int) -> int:
    """The step that puts on the stack what lies below so many others, in code without jumps."""
    i -= 1
    for _ in range(count):
        missing = 1
        while i >= 0 and missing > 0:
            missing -= dis.stack_effect(steps[i].opcode, steps[i].arg, jump=False)
            i -= 1
    while i >= 0 and steps[i].opname in _STILL:
        i -= 1
    return i


_STILL = ("CACHE", "PRECALL", "EXTENDED_ARG", "NOP")


def _texts(constants: Iterable[Any]) -> Iterable[str]:
    for c in constants:
        if isinstance(c, str) and c.isidentifier():
            yield c
        elif isinstance(c, tuple):
            yield from _texts(c)


_MAKING = ("__init__", "__new__", "__post_init__", "__setstate__", "__copy__", "__deepcopy__")
#: Where these have functions.  Others are asked for nothing: they may raise whatever is asked.
_WAYS: dict[type, tuple[str, ...]] = {
    property: ("fget", "fset"), classmethod: ("__func__",), staticmethod: ("__func__",),
    functools.cached_property: ("func",), functools.partialmethod: ("func",),
}


def methods_of(cls: type) -> list[types.FunctionType]:
    """The functions of a class and its bases, but for those that make an object."""
    return [g for c in cls.__mro__ for n, f in list(vars(c).items()) if n not in _MAKING
            for g in functions_behind(f)]


def fills_itself(cls: type) -> bool:
    """Whether methods of a list of the user's put something into it, as their names tell."""
    return any(not _MUTATORS.isdisjoint(f.__code__.co_names) for c in cls.__mro__
               if c.__module__ not in ("builtins", "collections")
               for member in list(vars(c).values()) for f in functions_behind(member))


def functions_behind(x: Any) -> list[types.FunctionType]:
    """A function, and those that it wraps, or that a descriptor calls."""
    ways = next((ways for cls, ways in _WAYS.items() if issubclass(type(x), cls)), ())
    wrapped = own_fields(x).get("__wrapped__")
    found: list[Any] = [x, wrapped, *[getattr(x, way) for way in ways]]
    return [f for f in found if issubclass(type(f), types.FunctionType)]


def functions_beside(function: types.FunctionType) -> list[types.FunctionType]:
    """The functions of a function's module, and those that it captures."""
    found = [*function.__globals__.values(), *captured(function)]
    return [g for f in found for g in functions_behind(f)]


def read_outside(function: types.FunctionType) -> list[Any]:
    """What a function reads by names from outside, and what it captures."""
    return [*[v for n in function.__code__.co_names for v in (function.__globals__.get(n),)
              if v is not None], *captured(function)]


def captured(function: types.FunctionType) -> list[Any]:
    """What a function's variables from around it hold."""
    found = []
    for cell in function.__closure__ or ():
        try:
            found.append(cell.cell_contents)
        except ValueError:
            continue  # it is empty yet
    return found


def written_in(functions: Iterable[types.FunctionType]) -> Written:
    found = [written_by(f.__code__) for f in functions]
    return Written(*[frozenset().union(*sets) for sets in zip(*found, strict=True)]) \
        if found else Written(*[frozenset()] * 3)
