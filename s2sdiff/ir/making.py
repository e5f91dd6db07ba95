"""Making records: a good part of compile time goes by in it."""

from __future__ import annotations

import dataclasses
from typing import Any, TypeVar

__all__ = ["quick", "replace"]

T = TypeVar("T")
#: By class and the fields that change: a function that makes the record anew.
_makers: dict[tuple[Any, ...], Any] = {}


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
    make = _makers.get((type(record), *changes))
    return (make or _maker(type(record), *changes))(record, **changes)


def _maker(cls: Any, *changed: str) -> Any:
    names = cls.__match_args__
    for name in changed:
        if name not in names:
            raise TypeError(f"{cls.__name__} has no field {name}")
    values = [n if n in changed else f"_record.{n}" for n in names]
    space: dict[str, Any] = {"_class": cls}
    exec(f"def make(_record, {', '.join(changed)}): return _class({', '.join(values)})", space)
    made = _makers[(cls, *changed)] = space["make"]
    return made
