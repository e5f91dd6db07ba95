"""Nested functions that travel, made as Python makes them: from their code and from cells."""

from __future__ import annotations

import builtins
import sys
import types
from collections.abc import Iterator
from typing import Any

from s2sdiff.runtime import class_making

__all__ = ["ClassMaker", "Maker", "cell", "filled", "maker", "own_cell", "seen", "unset"]


def cell(*value: Any) -> types.CellType:
    """A cell, the place of a captured variable, with a value or without one.

    >>> cell(2.0).cell_contents
    2.0
    """
    return types.CellType(*value)


def own_cell(name: str) -> types.CellType:
    """The cell of a name that the running function captures: `(lambda: name).__closure__[0]`."""
    raise AssertionError(f"the cell of {name} is written out in generated code")


def seen(cell: types.CellType, value: Any) -> Any:
    """A captured variable's value, read from its cell."""
    return value


def filled(cell: types.CellType, name: str) -> None:
    """Raise, as Python does, where a captured variable has no value."""
    try:
        cell.cell_contents  # noqa: B018
    except ValueError:
        raise unbound(name) from None


def unbound(name: str) -> UnboundLocalError:
    """What Python raises where a name is read that has no value yet."""
    return UnboundLocalError(
        f"local variable '{name}' referenced before assignment" if sys.version_info < (3, 11) else
        f"cannot access local variable '{name}' where it is not associated with a value")


def unset(name: str, captured: bool) -> None:
    """Raise what Python does where a generator's variable, or what captures it, has no value."""
    if captured and sys.version_info >= (3, 11):
        raise NameError(f"cannot access free variable '{name}' where it is not associated with a "
                        "value in enclosing scope")
    if captured:
        raise NameError(f"free variable '{name}' referenced before assignment in enclosing scope")
    raise unbound(name)


class Maker:
    """Makes functions of one `def` or `lambda`, which differ in their cells and defaults."""

    def __init__(self, code: types.CodeType, qualname: str, source: str | None = None) -> None:
        self.code, self.qualname = code, qualname
        stem = code.co_name.strip("<>").strip("_") or "function"
        self.__name__ = f"make_{stem}"
        if source is not None:
            self.__s2sdiff_source__ = source

    def __call__(self, space: dict[str, Any], *cells: types.CellType,
                 defaults: tuple | None = None, kwdefaults: dict[str, Any] | None = None,
                 annotations: tuple = ()) -> types.FunctionType:
        """A function in the globals `space`; `annotations` are names and notes in turn."""
        made = types.FunctionType(self.code, space, self.code.co_name, defaults, cells or None)
        made.__kwdefaults__ = kwdefaults
        if annotations:
            made.__annotations__ = dict(zip(annotations[::2], annotations[1::2], strict=True))
        if sys.version_info < (3, 11):
            made.__qualname__ = self.qualname
        return made


class ClassMaker(Maker):
    """Makes classes of one statement; its bases and keywords have names (`class_making`)."""

    def __call__(self, space: dict[str, Any], *cells: types.CellType, **given: Any) -> type:
        body = types.FunctionType(self.code, space, self.code.co_name, None, cells or None)
        return class_making.made(self.code.co_name, body, builtins.__build_class__, given)


def maker(function: Any, name: str, line: int) -> Maker:
    """The maker of a function that another one defines on a line.

    >>> def outer(x):
    ...     return lambda y: x * y
    >>> line = outer.__code__.co_firstlineno + 1
    >>> maker(outer, "<lambda>", line)(globals(), cell(3.0))(2.0)
    6.0
    """
    (code,) = {c for c in _nested(function.__code__)
               if c.co_name == name and c.co_firstlineno == line}
    return Maker(code, f"{function.__qualname__}.<locals>.{name}")


def _nested(code: types.CodeType) -> Iterator[types.CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield constant
            yield from _nested(constant)
