"""Objects in forward mode: attributes read and written, objects made, what holds arguments called.

What they hold has its tangent in the table of `dots`, under the place where it lies.  `Call` is how
a function is called with tangents: `call(fn, {slot: tangent}, args, kwargs)` gives value and
tangent.
"""

from __future__ import annotations

import enum
import functools
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff import registry
from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime import unseen
from s2sdiff.runtime.attributes import has_no_place
from s2sdiff.runtime.constant_values import of_field
from s2sdiff.runtime.constructors import is_generated, is_of_fields, steps_of_init
from s2sdiff.runtime.declared import is_constant
from s2sdiff.runtime.dots import Dots, zero_in
from s2sdiff.runtime.fields import FIELD, METHODS, frozen, in_class
from s2sdiff.runtime.methods import meant
from s2sdiff.runtime.named_tuples import like_fields
from s2sdiff.runtime.shadows import fields_of
from s2sdiff.runtime.values import argument, is_inert
from s2sdiff.runtime.writes_in_step import natively

__all__ = ["Call", "constructed", "delete", "filled", "method", "named_tuple", "read", "stored",
           "write"]

Call = Callable[[Any, dict[Any, Any], tuple, dict[str, Any]], tuple[Any, Any]]

_SHARED = (type, types.ModuleType, types.FunctionType, enum.Enum)


def method(dots: Dots, name: str, owner: Any, given: dict[Any, Any], args: tuple,
           kwargs: dict[str, Any], call: Call) -> tuple[Any, Any]:
    """`owner.name(*args, **kwargs)`; slot 0 is the owner."""
    unseen.check_method(owner, name)
    found, takes_owner = meant(owner, name)
    if takes_owner:
        return call(found, given, (owner, *args), kwargs)
    rest = {s - 1 if isinstance(s, int) else s: d for s, d in given.items() if s != 0}
    if found is None:
        found, _ = read(dots, name, owner, given.get(0), call)
    return call(found, rest, args, kwargs)


def read(dots: Dots, name: str, owner: Any, owner_dot: Any, call: Call) -> tuple[Any, Any]:
    """`owner.name`, through properties, too."""
    if isinstance(getattr(type(owner), "__getattribute__", None), types.FunctionType) and \
            not isinstance(owner, type):
        raise refusal(UnsupportedError,
                      f".{name} of a {type(owner).__name__} is read by __getattribute__",
                      "define a property, or __getattr__ for what is not there")
    if name == "__dict__" and not isinstance(owner, _SHARED):
        fields = owner.__dict__
        if fields is owner:
            return fields, zero_in(dots, owner) if owner_dot is None else owner_dot
        return fields, dots.shown(fields)
    if isinstance(owner, dict) and fields_of(owner) is owner:
        zero_in(dots, owner)
    if name == "__class__" or isinstance(owner, (type, types.ModuleType, enum.Enum)):
        value = getattr(owner, name)
        return value, zero_in(dots, value)
    if isinstance(owner, super):
        return _of_super(dots, owner, name, owner_dot, call)
    found = in_class(owner, name)
    unseen.met(type(owner))
    held = getattr(owner, "__dict__", None)
    stored = isinstance(held, dict) and name in held
    if isinstance(found, property):
        ruled = found.fget is None or registry.find(found) is not None
        return call(found if ruled else found.fget, {0: owner_dot}, (owner,), {})
    if isinstance(found, functools.cached_property) and not stored:
        value, dot = call(found.func, {0: owner_dot}, (owner,), {})
        owner.__dict__[name] = value
        dots.put(fields_of(owner), name, value, dot)
        return value, dot
    if isinstance(found, FIELD) and name in getattr(owner, "_fields", ()):
        value, at = getattr(owner, name), type(owner)._fields.index(name)  # type: ignore
        return value, zero_in(dots, value) if owner_dot is None else tuple.__getitem__(
            owner_dot, at)
    getter = getattr(type(found), "__get__", None) if found is not None else None
    if isinstance(getter, types.FunctionType) and (
            not stored or hasattr(type(found), "__set__") or hasattr(type(found), "__delete__")):
        return call(getter, {1: owner_dot}, (found, owner, type(owner)), {})
    dynamic = getattr(type(owner), "__getattr__", None)
    if dynamic is not None and found is None and not stored:
        return call(dynamic, {0: owner_dot}, (owner, name), {})
    value = getattr(owner, name)
    if is_constant(type(owner), name) and not is_inert(value):
        value = of_field(value, name, owner)
        return value, zero_in(dots, value)
    if isinstance(value, METHODS) and not stored:
        # The numbers that its owner is, or has in it, lie with the method.
        dots.put(value, "__self__", owner, owner_dot)
        return value, None
    if not type(owner).__flags__ & (1 << 9) and not isinstance(owner, _PLACES) and \
            not is_inert(value):
        raise refusal(UnsupportedError,
                      f"forward mode does not follow .{name} of a {type(owner).__name__}",
                      "use reverse mode (sd.vjp), or keep the value in a variable")
    return value, dots.get(fields_of(owner), name, value)


#: Of the library's classes, those whose attributes lie where they are written.
_PLACES = (types.SimpleNamespace, types.CellType, types.MethodType, types.FrameType, BaseException)


def _of_super(dots: Dots, owner: Any, name: str, owner_dot: Any, call: Call) -> tuple[Any, Any]:
    """`super().name`; the tangent of a tuple is that of `super()`."""
    me, start = owner.__self__, owner.__thisclass__
    mro = owner.__self_class__.__mro__
    for cls in mro[mro.index(start) + 1:]:
        found = vars(cls).get(name)
        if isinstance(found, property) and found.fget is not None and not isinstance(me, type):
            dot = zero_in(dots, me) if owner_dot is None else owner_dot
            return call(found.fget, {0: dot}, (me,), {})
        if name in vars(cls):
            break
    value = getattr(owner, name)
    if has_no_place(me) and not isinstance(value, types.FunctionType) and not is_inert(value):
        if not isinstance(value, METHODS):
            raise refusal(UnsupportedError, f"super().{name} of a {type(me).__name__} is no method",
                          "read it by the name of its class")
        dots.put(value, "__self__", me, zero_in(dots, me) if owner_dot is None else owner_dot)
    return value, zero_in(dots, value)


def write(dots: Dots, owner: Any, name: str, value: Any, dot: Any, call: Call) -> None:
    """`owner.name = value`."""
    if name == "__dict__" and not isinstance(owner, _SHARED) and isinstance(value, dict):
        # Its items are the object's fields, and have their tangents as one and as the other.
        dots.keep(value, zero_in(dots, value) if dot is None else dot)
        object.__setattr__(owner, name, value)
        return
    if isinstance(owner, np.ndarray) or name == "__dict__" or (
            isinstance(owner, _SHARED) and not is_inert(value) and name != "__wrapped__"):
        raise refusal(UnsupportedError, f"forward mode does not follow a write to .{name} of a "
                      f"{type(owner).__name__}", "store the value in an object, or return it")
    unseen.met(type(owner))
    unseen.kept(owner, name, value)
    own = getattr(type(owner), "__setattr__", None)
    if getattr(own, "__name__", "") != "__setattr__" or (
            isinstance(own, types.FunctionType) and not frozen(own)):
        call(own, {0: zero_in(dots, owner), 2: dot}, (owner, name, value), {})
        return
    stored(dots, owner, name, value, dot, call)


def _place(dots: Dots, owner: Any) -> Any:
    """What the tangents of an object's fields lie under."""
    place = fields_of(owner)
    if place is owner and isinstance(owner, dict):
        zero_in(dots, owner)  # its items are its fields
    return place


def stored(dots: Dots, owner: Any, name: str, value: Any, dot: Any, call: Call) -> None:
    """`object.__setattr__(owner, name, value)`."""
    found = in_class(owner, name)
    if isinstance(found, property) and found.fset is not None:
        call(found.fset, {1: dot}, (owner, value), {})
        return
    setter = getattr(type(found), "__set__", None) if found is not None else None
    if isinstance(setter, types.FunctionType):
        call(setter, {2: dot}, (found, owner, value), {})
        return
    place = _place(dots, owner)
    object.__setattr__(owner, name, value)
    dots.put(place, name, value, dot)


def delete(dots: Dots, owner: Any, name: str, call: Call) -> None:
    """`del owner.name`."""
    unseen.met(type(owner))
    found = in_class(owner, name)
    own = getattr(type(owner), "__delattr__", None)
    deleter = getattr(type(found), "__delete__", None) if found is not None else None
    if getattr(own, "__name__", "") != "__delattr__" or (
            isinstance(own, types.FunctionType) and not frozen(own)):
        call(own, {0: zero_in(dots, owner)}, (owner, name), {})
    elif isinstance(found, property) and found.fdel is not None:
        call(found.fdel, {}, (owner,), {})
    elif isinstance(deleter, types.FunctionType):
        call(deleter, {}, (found, owner), {})
    else:
        place = _place(dots, owner)
        delattr(owner, name)
        dots.drop(place, name)


# -------------------------------------------------------------------------------- objects made


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


def _of_user(dots: Dots, cls: Any, given: dict[Any, Any], args: tuple, kwargs: dict[str, Any],
             call: Call) -> tuple[Any, Any] | None:
    """An object of a class that is written in Python."""
    if tuple in cls.__mro__:
        if cls.__new__ is not tuple.__new__ or cls.__init__ is not object.__init__ or \
                not natively(tuple.__new__(cls)):
            return None
        value, dot = call(tuple, given, args, kwargs)
        made = tuple.__new__(cls, value)
        return made, dot
    holds = cls.__new__ in (list.__new__, dict.__new__) and natively(cls.__new__(cls))
    of_python = isinstance(cls.__new__, types.FunctionType)
    plain = type(cls).__call__ is type.__call__ and cls.__flags__ & (1 << 9) and \
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
        return _initialised(dots, made, given, args, kwargs, call)
    if init is object.__init__:
        return (cls(), None) if not args and not kwargs else None
    if not isinstance(init, types.FunctionType) and not holds:
        return None
    return _initialised(dots, cls.__new__(cls), given, args, kwargs, call)


def _initialised(dots: Dots, made: Any, given: dict[Any, Any], args: tuple,
                 kwargs: dict[str, Any], call: Call) -> tuple[Any, Any]:
    cls: Any = type(made)
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
        for key, value in [*enumerate(inner.args), *inner.keywords.items()]:
            dots.put(made, key, value, dots.get(inner, key, value))
    for slot, dot in given.items():
        if slot != 0:
            key = slot + shift if isinstance(slot, int) else slot
            dots.put(made, key, made.args[key] if isinstance(key, int) else kwargs[key], dot)
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
    post = getattr(type(made), "__post_init__", None)
    if post is not None:
        slots = {i + 1: known[n] for i, n in enumerate(only) if n in known}
        call(post, slots, (made, *only.values()), {})
