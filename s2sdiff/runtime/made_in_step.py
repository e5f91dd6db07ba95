"""Objects made in forward mode: by constructors, of classes in Python, named tuples and partials.

What they hold has its tangent in the table of `dots`, as `objects_in_step` reads it.
"""

from __future__ import annotations

import functools
import types
from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff.runtime import standins, unseen
from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.constructors import is_generated, is_of_fields, steps_of_init
from s2sdiff.runtime.dots import Dots, zero_in
from s2sdiff.runtime.named_tuples import like_fields
from s2sdiff.runtime.objects_in_step import Call, write
from s2sdiff.runtime.ruled import adds_objects
from s2sdiff.runtime.shadow_slots import fields_of
from s2sdiff.runtime.values import argument, plain
from s2sdiff.runtime.writes_in_step import natively

__all__ = ["constructed", "filled", "named_tuple", "new_tuple", "of_objects"]


def constructed(dots: Dots, cls: Any, given: dict[Any, Any], args: tuple,
                kwargs: dict[str, Any], call: Call) -> tuple[Any, Any] | None:
    """`cls(*args, **kwargs)`; None for classes that are not made as those of Python are."""
    if issubclass(cls, tuple) and hasattr(cls, "_fields"):
        if hasattr(cls, "_extra_fields"):  # SciPy's
            return _bunch(dots, cls, given, args, kwargs)
        if is_of_fields(cls):
            return named_tuple(dots, cls, cls, given, args, kwargs)
        new: Any = cls.__new__
        return _by_new(cls, given, args, kwargs, call) if isinstance(new, types.FunctionType) and \
            cls.__init__ is object.__init__ else None
    if cls is types.MappingProxyType:
        if given.get(0) is not None:
            dots.keep(args[0], given[0])
        return cls(*args), None
    if cls is functools.partial or cls is types.MethodType:
        return _holding(dots, cls, given, args, kwargs)
    if cls is types.SimpleNamespace and not args:
        made: Any = types.SimpleNamespace(**kwargs)
        for name, dot in given.items():
            dots.put(fields_of(made), name, kwargs[name], dot)
        return made, None
    return _of_user(dots, cls, given, args, kwargs, call)


_OF_CONTAINERS = (list.__new__, dict.__new__, deque.__new__)


def _of_user(dots: Dots, cls: Any, given: dict[Any, Any], args: tuple, kwargs: dict[str, Any],
             call: Call) -> tuple[Any, Any] | None:
    """An object of a class that is written in Python."""
    if issubclass(cls, tuple):
        return _tuple(cls, given, args, kwargs, call)
    holds = cls.__new__ in _OF_CONTAINERS and natively(cls.__new__(cls))
    of_python = isinstance(cls.__new__, types.FunctionType)
    plain = class_of(cls).__call__ is type.__call__ and cls.__flags__ & (1 << 9) and \
        not {BaseException, type} & {*cls.__mro__} and (
            holds or of_python or cls.__new__ is object.__new__)
    if not plain:
        return None
    unseen.met(cls)
    unseen.check_end(cls)
    init: Any = cls.__init__
    if of_python:
        made, dot = _by_new(cls, given, args, kwargs, call)
        # It is initialised as what it is: that may be a class below this one.
        if not isinstance(made, cls):
            return made, dot
        made, own = _initialised(dots, made, given, args, kwargs, call)
        # What an array of a class below NumPy's shows of the arguments, only `__new__` tells.
        return made, dot if isinstance(made, np.ndarray) else own
    if init is object.__init__:
        return (cls(), None) if not args and not kwargs else None
    if not isinstance(init, types.FunctionType) and not holds:
        return None
    return _initialised(dots, cls.__new__(cls), given, args, kwargs, call)


def _tuple(cls: Any, given: dict[Any, Any], args: tuple, kwargs: dict[str, Any],
           call: Call) -> tuple[Any, Any] | None:
    """An object of a class below tuple, of which the tangent travels with it."""
    new, init = cls.__new__, cls.__init__
    if isinstance(new, types.FunctionType):
        made, dot = _by_new(cls, given, args, kwargs, call)
        if not isinstance(made, cls):
            return made, dot
        init = class_of(made).__init__
    elif new is tuple.__new__ and (init is object.__init__ or isinstance(init, types.FunctionType)):
        made, dot = new_tuple({s + 1: d for s, d in given.items()}, (cls, *args), call)
    else:
        return None
    if isinstance(init, types.FunctionType):
        moved = {s + 1 if isinstance(s, int) else s: d for s, d in given.items()}
        call(init, {0: dot, **moved}, (made, *args), kwargs)
    return made, dot


def new_tuple(given: dict[Any, Any], args: tuple, call: Call) -> tuple[Any, Any]:
    """`tuple.__new__(cls, items)`."""
    items, dot = call(tuple, {s - 1: d for s, d in given.items() if s != 0}, args[1:], {})
    return tuple.__new__(args[0], items), dot


def _initialised(dots: Dots, made: Any, given: dict[Any, Any], args: tuple,
                 kwargs: dict[str, Any], call: Call) -> tuple[Any, Any]:
    cls: Any = class_of(made)
    if is_generated(cls):
        filled(dots, cls, made, given, args, kwargs, call)
    elif cls.__init__ is not object.__init__:
        moved = {s + 1 if isinstance(s, int) else s: d for s, d in given.items()}
        call(cls.__init__, {0: zero_in(dots, made), **moved}, (made, *args), kwargs)
    return made, zero_in(dots, made)


def _by_new(cls: Any, given: dict[Any, Any], args: tuple, kwargs: dict[str, Any],
            call: Call) -> tuple[Any, Any]:
    """What a `__new__` in Python makes."""
    moved = {s + 1 if isinstance(s, int) else s: d for s, d in given.items()}
    return call(cls.__new__, moved, (cls, *args), kwargs)


def _bunch(dots: Dots, cls: Any, given: dict[Any, Any], args: tuple,
           kwargs: dict[str, Any]) -> tuple[Any, Any]:
    """A tuple with further attributes: all that it holds are its arguments (see `bunches`)."""
    made = cls(*args, **kwargs)
    known = [(argument(s, args, kwargs), d) for s, d in given.items()]

    def dot_of(x: Any) -> Any:
        return next((d for v, d in known if v is x), zero_in(dots, x))

    for name, value in vars(made).items():
        dots.put(fields_of(made), name, value, dot_of(value))
    return made, tuple(map(dot_of, made))


def named_tuple(dots: Dots, cls: Any, make: Any, given: dict[Any, Any], args: tuple,
                kwargs: dict[str, Any]) -> tuple[Any, Any]:
    """What `make` makes of fields as they are given."""
    made = make(*args, **kwargs)
    items = [zero_in(dots, v) for v in made]
    for slot, dot in given.items():
        items[slot if isinstance(slot, int) else cls._fields.index(slot)] = dot
    return made, like_fields(made, items)


def _holding(dots: Dots, cls: Any, given: dict[Any, Any], args: tuple,
             kwargs: dict[str, Any]) -> tuple[Any, Any]:
    """A partial, or a method, which has tangents of the arguments that it holds by their place."""
    made = cls(*args, **kwargs)
    if cls is types.MethodType:
        dots.put(made, "__self__", args[1], given.get(1))
        return made, None
    inner = args[0] if isinstance(args[0], functools.partial) else None
    shift = len(made.args) - len(args)
    if inner is not None:
        for key, value in enumerate(inner.args):
            dots.put(made, key, value, dots.get(inner, key, value))
        for name, value in inner.keywords.items():
            dots.put(made.keywords, name, value, dots.get(inner.keywords, name, value))
    for slot, dot in given.items():
        if isinstance(slot, str):
            dots.put(made.keywords, slot, kwargs[slot], dot)
        elif slot != 0:
            dots.put(made, slot + shift, made.args[slot + shift], dot)
    return made, None


def filled(dots: Dots, cls: Any, made: Any, given: dict[Any, Any], args: tuple,
           kwargs: dict[str, Any], call: Call) -> None:
    """What a dataclass's __init__ does: its fields are set, then __post_init__ runs."""
    names, only, steps = steps_of_init(cls, made, args, kwargs)
    known = {names[s] if isinstance(s, int) else s: d for s, d in given.items()}
    for name, value, direct in steps:
        if direct:
            object.__setattr__(made, name, value)
            dots.put(fields_of(made), name, value, known.get(name))
        else:
            write(dots, made, name, value, known.get(name), call)
    post = getattr(class_of(made), "__post_init__", None)
    if post is not None:
        slots = {i + 1: known[n] for i, n in enumerate(only) if n in known}
        call(post, slots, (made, *only.values()), {})


def of_objects(fn: Any, given: dict[Any, Any], args: tuple, kwargs: dict[str, Any],
               zero: Callable[[Any], Any]) -> tuple | None:
    """What to call, with its tangents, where a builtin function adds or chooses objects."""
    if fn is sum and adds_objects(*args, *kwargs.values()):
        return standins.sum_, given, args, kwargs
    if (fn is max or fn is min) and len(args) > 1 and not all(map(plain, args)):
        # From a list objects are chosen as they are from arguments.
        dots = [given[i] if i in given else zero(a) for i, a in enumerate(args)]
        return fn, {0: dots}, (list(args),), kwargs
    return None
