"""The statements that exceptions pass through: `try` with handlers, `finally`, and `with`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from s2sdiff.ir.operands import Atom, Loc
    from s2sdiff.ir.records import Block

__all__ = ["Catch", "Try", "With"]


@dataclass(frozen=True, slots=True)
class Try:
    """`try` with handlers (and then `orelse`), or with `final`: never with both.

    A `try` that has both is one with `final` around one with handlers.  Each handler is a block in
    which a Catch stands behind what computes its type.
    """

    body: Block
    handlers: tuple[Block, ...]
    orelse: Block
    final: Block
    loc: Loc


@dataclass(frozen=True, slots=True)
class Catch:
    """`except type as name`, in the block of its handler; no type: everything is caught."""

    type: Atom | None
    name: str | None
    loc: Loc


@dataclass(frozen=True, slots=True)
class With:
    """`with manager as target: body`, one manager each.

    `swallows`: an exception in the body may end there; otherwise it surely does not.  `tame`: the
    manager surely writes nothing that code after it reads; `made`:
    the class whose call made it, where that is known.
    """

    manager: Atom
    target: str | None
    body: Block
    loc: Loc
    swallows: bool = True
    tame: bool = False
    made: type | None = None


def inside(s: Any) -> tuple[Block, ...]:
    """The blocks of one of these, in order of execution."""
    t = type(s)
    if t is Try:
        return (s.body, *s.handlers, s.orelse, s.final)
    return (s.body,) if t is With else ()


def around(s: Any, new: tuple[Block, ...]) -> Any:
    """The same statement around other blocks."""
    if type(s) is Try:
        return Try(new[0], new[1:-2], new[-2], new[-1], s.loc)
    return replace(s, body=new[0])


def read(s: Any) -> list[Any]:
    """The atoms that it reads itself."""
    t = type(s)
    if t is With:
        return [s.manager]
    return [s.type] if t is Catch and s.type is not None else []


def bound(s: Any) -> tuple[str, ...]:
    """The names that it binds itself; a `with` binds its target before its body runs."""
    t = type(s)
    name = s.target if t is With else s.name if t is Catch else None
    return () if name is None else (name,)


def read_as(s: Any, of: Any) -> Any:
    """The statement with `of(atom)` for what it reads itself."""
    if type(s) is With:
        return replace(s, manager=of(s.manager))
    return replace(s, type=of(s.type)) if type(s) is Catch else s


def bound_as(s: Any, names: Any) -> Any:
    """The statement with the name that it binds itself replaced."""
    if type(s) is With:
        return replace(s, target=names.get(s.target, s.target))
    return replace(s, name=names.get(s.name, s.name)) if type(s) is Catch else s
