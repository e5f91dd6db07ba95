"""Making records: a good part of compile time goes by in it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any, TypeVar

__all__ = ["quick", "replace"]

T = TypeVar("T")


def quick(cls: type[T]) -> type[T]:
    """A frozen dataclass that takes a third of the time to make.

    Its fields are set as those of any object; that nobody sets them again is left to the checker of
    types, for which the class is as frozen as before.  Fields that are no parameters start as None:
    they are for what is worked out of the others, once.
    """
    made: Any = cls
    names = made.__match_args__
    fields = made.__dataclass_fields__
    made_anew = {n: fields[n].default_factory for n in names
                 if fields[n].default_factory is not dataclasses.MISSING}
    space: dict[str, Any] = {f"make_{n}": make for n, make in made_anew.items()}
    space["absent"] = made.__init__.__defaults__[-1] if made_anew else None
    text = f"def __init__(self, {', '.join(names)}):\n"
    text += "".join([f"    if {n} is absent: {n} = make_{n}()\n" for n in made_anew])
    derived = [n for n in fields if n not in names]
    exec(text + "".join([*[f"    self.{n} = {n}\n" for n in names],
                         *[f"    self.{n} = None\n" for n in derived]]), space)
    init = space["__init__"]
    init.__defaults__ = made.__init__.__defaults__
    init.__qualname__ = f"{cls.__qualname__}.__init__"
    made.__init__ = init
    del made.__setattr__, made.__delattr__
    return cls


def replace(record: T, **changes: Any) -> T:
    """The record with other values for some fields."""
    key = type(record), *changes
    make = _makers.get(key)
    if make is None:
        make = _makers[key] = _maker(*key)
    return make(record, *changes.values())


#: By class and names of fields: what takes a record and these fields' values.
_makers: dict[tuple[Any, ...], Callable[..., Any]] = {}


def _maker(cls: Any, *changed: str) -> Callable[..., Any]:
    """A function that makes a record of another one and of values for the fields that change.

    It is written out, as `replace` is called for every other statement that is made.
    """
    names = cls.__match_args__
    for name in changed:
        if name not in names:
            raise TypeError(f"{cls.__name__} has no field {name}")
    values = [f"new_{name}" if name in changed else f"record.{name}" for name in names]
    given = ", ".join(["record", *[f"new_{name}" for name in changed]])
    text = f"lambda {given}: cls({', '.join(values)})"
    return eval(text, {"cls": cls})
