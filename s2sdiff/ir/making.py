"""Making records: a good part of compile time goes by in it."""

from __future__ import annotations

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
    space: dict[str, Any] = {}
    text = f"def __init__(self, {', '.join(names)}):\n"
    derived = [n for n in made.__dataclass_fields__ if n not in names]
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
    made: Any = record
    cls, names = type(made), type(made).__match_args__
    if not changes.keys() <= set(names):
        raise TypeError(f"{cls.__name__} has no field {', '.join(changes.keys() - set(names))}")
    return cls(*[changes[n] if n in changes else getattr(made, n) for n in names])
