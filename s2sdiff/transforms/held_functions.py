"""Functions that a solver's function finds in what it captures: tables, partials, objects.

When the solver is called they are there, each with its code.  What is found out of them holds for
other functions that capture the same of the same (`shape`).
"""

from __future__ import annotations

import contextlib
import contextvars
import functools
import inspect
import operator
import types
from collections.abc import Callable, Iterator
from typing import Any

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Const, Free, Ref, Var
from s2sdiff.transforms import early
from s2sdiff.transforms.context import Guard
from s2sdiff.transforms.implicit import of_user
from s2sdiff.transforms.known_effects import ALL, NOTHING
from s2sdiff.transforms.meant import MISSING, namespace_value
from s2sdiff.transforms.notes import note

__all__ = ["entered", "function_of", "is_plain", "maker_of", "of_held", "owned", "shape"]

Summary = Callable[..., frozenset]
#: The code of a method, the object that it is called on, where that is known, and whether that
#: call is what is looked at: of a call inside of it one knows no object.
_owned: contextvars.ContextVar[Any] = contextvars.ContextVar("owned", default=(None, None, False))


@contextlib.contextmanager
def owned(method: Any, owner: Any) -> Iterator[None]:
    """A method is asked for that is called on this object."""
    before = _owned.set((getattr(method, "__code__", None), owner, False))
    try:
        yield
    finally:
        _owned.reset(before)


@contextlib.contextmanager
def entered(target: types.FunctionType, cls: type | None) -> Iterator[None]:
    """A function is looked at, as a method of this class."""
    method, owner, begun = _owned.get()
    known = method is target.__code__ and not begun and cls is type(owner)
    before = _owned.set((method, owner, True) if known else (None, None, True))
    try:
        yield
    finally:
        _owned.reset(before)
#: So long tables are looked through.
_MOST = 32


def shape(x: Any, within: tuple = ()) -> Any:
    """What counts of what a function captures for what it writes: codes and classes."""
    if any(x is other for other in within):
        return None
    inside = (*within, x)
    if isinstance(x, types.FunctionType):
        cells = [c.cell_contents for c in x.__closure__ or () if c != _EMPTY]
        return x.__code__, *[shape(v, inside) for v in cells]
    if isinstance(x, types.MethodType):
        return types.MethodType, shape(x.__func__, inside), shape(x.__self__, inside)
    if type(x) is functools.partial:
        return functools.partial, shape(x.func, inside)
    if type(x) is types.SimpleNamespace or of_user(type(x)):
        held = getattr(x, "__dict__", {}).items()
        return type(x), *[(k, shape(v, inside)) for k, v in held if callable(v) or _is_own(x, k)]
    if _items(x):
        keys = tuple(x) if type(x) is dict else None
        return type(x), keys, *[shape(v, inside) for v in _items(x)]
    return type(x)


_EMPTY = types.CellType()


def _is_own(x: Any, name: str) -> bool:
    return type(x) is not types.SimpleNamespace and \
        inspect.getattr_static(type(x), name, MISSING) is not MISSING


def of_held(s: Bind, origin: Any, summary: Summary) -> frozenset | None:
    """What a call writes of a function that something captured holds; None where it is no such."""
    if isinstance(s.fn, Var):
        made_by = maker_of(s.fn, origin)
        if made_by is not None and made_by.calls(getattr) and _is_owner(made_by.args[0], origin):
            return _of_owner(made_by.args[1], summary)
        return _of_table(_table(made_by), origin, summary)
    if s.calls(ops.method) and _is_owner(s.args[0], origin):
        return _of_owner(s.args[1], summary)
    if isinstance(s.fn, Free):
        name, value = s.fn.name, namespace_value(origin, s.fn.name)
        if type(value) not in (functools.partial, types.MethodType):
            return None
    elif s.calls(ops.method) and isinstance(s.args[0], Free) and isinstance(s.args[1], Const):
        name = s.args[0].name
        owner, attribute = namespace_value(origin, name), str(s.args[1].value)
        value = _plain(owner, attribute)
        if value is None:
            return None
    else:
        return None
    function, cls = function_of(value)
    if function is None or not _is_captured(origin, name):
        return None
    return summary(function, cls)


def _plain(owner: Any, attribute: str) -> Any:
    """What an object has under a name of its own; None where its class says something else."""
    plain = type(owner) is types.SimpleNamespace or (
        of_user(type(owner)) and not _is_own(owner, attribute)
        and type(owner).__getattribute__ is object.__getattribute__)
    return getattr(owner, "__dict__", {}).get(attribute) if plain else None


def _is_owner(a: Any, origin: Any) -> bool:
    """Whether a variable is what the method is called on that is looked at."""
    method, _, begun = _owned.get()
    code: Any = getattr(origin, "__code__", None)
    return begun and method is not None and code is method and isinstance(a, Var) and \
        code.co_argcount > 0 and a.name == code.co_varnames[0]


def _of_owner(name: Any, summary: Summary) -> frozenset | None:
    value = _plain(_owned.get()[1], str(name.value)) if isinstance(name, Const) else None
    function, cls = function_of(value) if value is not None else (None, None)
    return None if function is None else summary(function, cls)


def function_of(value: Any) -> tuple[types.FunctionType | None, type | None]:
    """The function that runs where something is called, and the class of its first argument."""
    while type(value) is functools.partial:
        value = value.func
    if isinstance(value, types.FunctionType):
        return value, None
    bound = isinstance(value, types.MethodType)
    owner: Any = value.__self__ if bound else value
    function = value.__func__ if bound else inspect.getattr_static(type(value), "__call__", None)
    # An object may have something of its own in the place of a method.
    own = any(_is_own(owner, k) for k in getattr(owner, "__dict__", ()))
    known = isinstance(function, types.FunctionType) and of_user(type(owner)) and not own
    return (function, type(owner)) if known else (None, None)


def is_plain(a: Free, origin: Any) -> bool:
    """Whether something has attributes which are only read."""
    plain = type(namespace_value(origin, a.name)) is types.SimpleNamespace
    if plain:
        note([Guard(origin, a.name, ("__class__",), types.SimpleNamespace)])
    return plain


def _is_captured(origin: Any, name: str) -> bool:
    return isinstance(origin, types.FunctionType) and name in origin.__code__.co_freevars


def _of_table(name: str | None, origin: Any, summary: Summary) -> frozenset | None:
    if name is None or not _is_captured(origin, name):
        return None
    found = [function_of(f) for f in _items(namespace_value(origin, name))]
    if not found or any(f is None for f, _ in found):
        return None
    return ALL if any(summary(*f) for f in found) else NOTHING


def maker_of(a: Var, origin: Any) -> Bind | None:
    """The only statement that binds a variable."""
    makers = [s for s in ir.walk(early.numbered(origin).body) if a.name in ir.defines(s)]
    return makers[0] if len(makers) == 1 and isinstance(makers[0], Bind) else None


def _table(made_by: Bind | None) -> str | None:
    """The name of what is captured from which a variable is an item."""
    if made_by is None:
        return None
    fn, table = made_by.fn, made_by.args[0] if made_by.args else None
    read = isinstance(fn, Ref) and fn.object is operator.getitem
    return table.name if read and isinstance(table, Free) else None


def _items(table: Any) -> tuple[Any, ...]:
    """The items of a short table of what can be called."""
    if type(table) not in (dict, list, tuple) or not 0 < len(table) <= _MOST:
        return ()
    items = tuple(table.values() if type(table) is dict else table)
    return items if all(map(callable, items)) else ()
