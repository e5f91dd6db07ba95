"""Objects made inside of differentiated code: classes, dataclasses, named tuples."""

from __future__ import annotations

import collections
import dataclasses
import functools
import inspect
import types
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from s2sdiff import registry
from s2sdiff.runtime import class_making, unseen
from s2sdiff.runtime.attributes import has_no_place
from s2sdiff.runtime.bunches import bunch
from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.contents import parts
from s2sdiff.runtime.fields import frozen, write
from s2sdiff.runtime.named_tuples import is_plain_new
from s2sdiff.runtime.raising import Raised
from s2sdiff.runtime.shadow_slots import add_slot, fields_of, slot
from s2sdiff.runtime.shadows import Bars
from s2sdiff.runtime.values import is_inert

__all__ = ["SPECIAL", "constructed", "decorates", "initialised", "is_generated", "is_of_fields",
           "steps_of_init"]

Called = Callable[..., tuple[Any, Any]]


def decorates(fn: Any) -> bool:
    """A decorator of classes that runs none of their code, and keeps nothing of what it is given.

    >>> decorates(dataclasses.dataclass), decorates(dataclasses.dataclass(order=True))
    (True, True)
    """
    return fn is dataclasses.dataclass or fn is functools.total_ordering or (
        isinstance(fn, types.FunctionType) and fn.__module__ == "dataclasses"
        and fn.__name__ == "wrap")


def constructed(cls: type, wrt: tuple, args: tuple, kwargs: dict[str, Any],
                called: Called) -> tuple[Any, Any] | None:
    """`cls(*args, **kwargs)`; None for classes that are not made as those of Python are."""
    if issubclass(cls, tuple) and hasattr(cls, "_fields"):
        if hasattr(cls, "_extra_fields"):  # SciPy's
            return bunch(cls, wrt, args, kwargs)
        if is_of_fields(cls):
            return _named_tuple(cls, cls, wrt, args, kwargs)
        return _by_new(cls, wrt, args, kwargs, called)
    if cls.__new__ is tuple.__new__ and not kwargs and cls.__init__ is object.__init__:
        return _tuple(cls, wrt, args, called)
    if cls is np.vectorize:
        # What the function captures has its cotangent by place.
        return cls(*args, **kwargs), lambda bar, bars: (None,) * len(wrt)
    if cls is types.MappingProxyType:
        return cls(*args, **kwargs), lambda bar, bars: (None,) * len(wrt)
    if cls is types.MethodType:
        method = cls(*args, **kwargs)
        return method, lambda bar, bars: tuple(
            slot(bars, method, 0) if s == 1 else None for s in wrt)
    if cls is functools.partial:
        return _partial(wrt, args, kwargs)
    if cls is types.SimpleNamespace:
        return _namespace(wrt, args, kwargs)
    if class_of(cls).__call__ is not type.__call__ or issubclass(cls, (BaseException, type)):
        class_making.check_call(cls, args)
        return None
    if not cls.__flags__ & (1 << 9):
        return None  # not of the heap: a class of C, made in a way of its own
    unseen.met(cls)
    unseen.check_end(cls)
    new: Any = cls.__new__
    init: Any = cls.__init__
    contains = new in _FILLED
    if new is not object.__new__ and not contains and not isinstance(new, types.FunctionType):
        return None
    undo: list[Any] = []
    if isinstance(new, types.FunctionType):
        moved = tuple(s + 1 if isinstance(s, int) else s for s in wrt)
        made, pullback = called(new, moved, (cls, *args), kwargs)
        undo.append(pullback)
        if not isinstance(made, cls):
            return made, pullback  # perhaps Raised
        # It is initialised as what it is: that may be a class below this one.
        cls = class_of(made)
        init = cls.__init__
    else:
        if init is object.__init__ and (args or kwargs):
            return None
        made = new(cls)
    value: Any = None
    if is_generated(cls) and registry.find(init) is None:
        value, pullback = _filled(cls, made, wrt, args, kwargs, called)
        undo.append(pullback)
    elif isinstance(init, types.FunctionType) or contains or (
            undo and init is not object.__init__):
        # A tuple has no place: what its items matter for in there is an entry of its own.
        first = (0,) if has_no_place(made) else ()
        moved = (*first, *[s + 1 if isinstance(s, int) else s for s in wrt])
        value, pullback = called(init, moved, (made, *args), kwargs)
        undo.append(pullback)
    elif init is not object.__init__:
        return None

    def pull(bar: Any, bars: Bars) -> tuple:
        found: tuple = (None,) * len(wrt)
        bar = bar if has_no_place(made) else None
        for step in reversed(undo):
            entries = step(bar if step is undo[0] else None, bars)
            if len(entries) > len(wrt):
                bar, *entries = _sum(bar, entries[0]), *entries[1:]
            found = tuple(_sum(a, b) for a, b in zip(found, entries, strict=True))
        return found

    if contains and not isinstance(value, Raised):
        parts(made)
    return (value if isinstance(value, Raised) else made), pull


#: How containers are made that their `__init__` fills.
_FILLED = (dict.__new__, list.__new__, set.__new__, collections.deque.__new__)


def _tuple(cls: Any, wrt: tuple, args: tuple, called: Called) -> tuple[Any, Any]:
    """An object of a class below tuple; `parts` refuses one that walks in a way of its own."""
    value, pullback = called(tuple, wrt, args, {})
    if isinstance(value, Raised):
        return value, pullback
    made = tuple.__new__(cls, value)
    parts(made)
    return made, pullback


def _new_tuple(fn: Any, wrt: tuple, args: tuple, called: Called) -> Any:
    """`tuple.__new__(cls, items)`."""
    made, pullback = _tuple(args[0], tuple(s - 1 for s in wrt if s != 0), args[1:], called)
    return made, lambda bar, bars: (*(None,) * (0 in wrt), *pullback(bar, bars))


#: The class's own way of making what it makes.
SPECIAL: dict[Any, Any] = {tuple.__new__: _new_tuple}


def _by_new(cls: type, wrt: tuple, args: tuple, kwargs: dict[str, Any],
            called: Called) -> tuple[Any, Any] | None:
    """A named tuple of a class with a `__new__` of the user's."""
    new = cls.__new__
    if cls.__init__ is not object.__init__ or not isinstance(new, types.FunctionType):
        return None
    moved = tuple(s + 1 if isinstance(s, int) else s for s in wrt)
    return called(new, moved, (cls, *args), kwargs)


def _sum(a: Any, b: Any) -> Any:
    from s2sdiff.runtime.arrays import add

    return add(a, b)


def _partial(wrt: tuple, args: tuple, kwargs: dict[str, Any]) -> tuple[Any, Any]:
    made = functools.partial(*args, **kwargs)
    # A partial of a partial has the arguments of both.
    shift = len(made.args) - len(args)
    inner = args[0] if isinstance(args[0], functools.partial) else None

    def pull(bar: Any, bars: Bars) -> tuple:
        found = tuple(None if s == 0 else slot(bars, made, s + shift) if isinstance(s, int)
                      else slot(bars, made.keywords, s) for s in wrt)
        if inner is not None:
            for i in range(len(inner.args)):
                add_slot(bars, inner, i, slot(bars, made, i))
            for k in inner.keywords:
                if k not in kwargs:
                    add_slot(bars, inner.keywords, k, slot(bars, made.keywords, k))
        return found

    return made, pull


def _namespace(wrt: tuple, args: tuple, kwargs: dict[str, Any]) -> tuple[Any, Any] | None:
    if args:
        return None
    made = types.SimpleNamespace(**kwargs)
    return made, lambda bar, bars: tuple(slot(bars, fields_of(made), s) for s in wrt)


def is_of_fields(cls: type) -> bool:
    """A named tuple that is made of its fields as they are given."""
    return cls.__init__ is object.__init__ and is_plain_new(cls.__new__)


def _named_tuple(cls: Any, make: Any, wrt: tuple, args: tuple,
                 kwargs: dict[str, Any]) -> tuple[Any, Any]:
    made = make(*args, **kwargs)

    def pull(bar: Any, bars: Bars) -> tuple:
        if bar is None:
            return (None,) * len(wrt)
        return tuple(bar[s] if isinstance(s, int) else bar[cls._fields.index(s)] for s in wrt)

    return made, pull


def is_generated(cls: type) -> bool:
    """Its __init__ is the one that `dataclass` wrote."""
    return dataclasses.is_dataclass(cls) and \
        getattr(cls.__init__, "__code__", None) is not None and \
        cls.__init__.__code__.co_filename == "<string>"


def initialised(fn: Any, wrt: tuple, args: tuple, kwargs: dict[str, Any],
                called: Called) -> tuple[Any, Any] | None:
    """`super().__init__(...)`, where `dataclass` wrote that; None for other functions.

    Or `super().__new__(cls, ...)`, where `namedtuple` wrote it.
    """
    if fn.__name__ == "__new__" and is_plain_new(fn) and args:
        moved = tuple(s - 1 if isinstance(s, int) else s for s in wrt if s != 0)
        made, undo = _named_tuple(args[0], functools.partial(fn, args[0]), moved, args[1:], kwargs)
        return made, lambda bar, bars: ((None,) if 0 in wrt else ()) + undo(bar, bars)
    if fn.__name__ != "__init__" or fn.__code__.co_filename != "<string>" or not args:
        return None
    cls = next((c for c in class_of(args[0]).__mro__ if vars(c).get("__init__") is fn), None)
    if cls is None or not is_generated(cls):
        return None
    moved = tuple(s - 1 if isinstance(s, int) else s for s in wrt if s != 0)
    ended, undo = _filled(cls, args[0], moved, args[1:], kwargs, called)

    def pull(bar: Any, bars: Bars) -> tuple:
        entries = undo(None, bars)
        return (None, *entries) if 0 in wrt else entries

    return ended if isinstance(ended, Raised) else None, pull


def described(cls: type, name: str) -> bool:
    """A field that is set by a property, or by a descriptor of the user's."""
    found = inspect.getattr_static(cls, name, None)
    return isinstance(found, property) or isinstance(
        inspect.getattr_static(class_of(found), "__set__", None), types.FunctionType)


def steps_of_init(cls: Any, made: Any, args: tuple, kwargs: dict[str, Any]) -> tuple[
        list[str], dict[str, Any], Iterator[tuple[str, Any, bool]]]:
    """What the __init__ does that `dataclass` wrote, but for `__post_init__`.

    Returns
    -------
    The names of its parameters; the arguments of those that are no fields, which `__post_init__`
    is given; and, one by one, fields, their values, and whether they are just set.
    """
    signature = inspect.signature(cls)
    bound = signature.bind(*args, **kwargs)
    bound.apply_defaults()
    names, fields = list(signature.parameters), cls.__dataclass_fields__
    only = {n: bound.arguments[n] for n, f in fields.items()
            if f._field_type is dataclasses._FIELD_INITVAR}  # type: ignore[attr-defined]
    own = class_of(made).__setattr__
    direct = not isinstance(own, types.FunctionType) or frozen(own)

    def set_one_by_one() -> Iterator[tuple[str, Any, bool]]:
        for name, field in fields.items():
            made_here = field.default_factory is not dataclasses.MISSING
            if field._field_type is not dataclasses._FIELD or not (  # type: ignore[attr-defined]
                    field.init or made_here):
                continue
            explicit = field.init and (name in kwargs or names.index(name) < len(args))
            value = bound.arguments[name] if explicit or not made_here else field.default_factory()
            yield name, value, direct and not described(class_of(made), name)

    return names, only, set_one_by_one()


def _filled(cls: Any, made: Any, wrt: tuple, args: tuple, kwargs: dict[str, Any],
            called: Called) -> Any:
    """What a dataclass's __init__ does: its fields are set, then __post_init__ runs."""
    names, only, steps = steps_of_init(cls, made, args, kwargs)
    stored: dict[str, Any] = {}
    ended: Any = None
    for name, value, direct in steps:
        if direct:
            object.__setattr__(made, name, value)
            continue
        ended, stored[name] = write(made, name, value, called)
        if isinstance(ended, Raised):
            break
    after: Any = None
    post = getattr(class_of(made), "__post_init__", None)
    if post is not None and not isinstance(ended, Raised):
        active = tuple(i + 1 for i, v in enumerate(only.values()) if not is_inert(v))
        ended, after = called(post, active, (made, *only.values()), {})

    def pull(bar: Any, bars: Bars) -> tuple:
        extra: dict[str, Any] = {}
        if after is not None:
            entries = after(None, bars)
            held = list(only)
            extra = {held[i - 1]: e for i, e in zip(active, entries, strict=True)}
        for name in reversed(stored):
            (extra[name],) = stored[name](None, bars)
        found = []
        for s in wrt:
            name = names[s] if isinstance(s, int) else s
            found.append(extra.get(name) if name in only or name in stored
                         else slot(bars, fields_of(made), name))
        return tuple(found)

    return ended, pull
