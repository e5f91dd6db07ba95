"""What statements of the IR read and call: variables, names from outside, literals and objects.

Places in the source, which every statement has, are here, too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from s2sdiff.ir.making import quick

if TYPE_CHECKING:
    from s2sdiff.ir.records import Bind

__all__ = [
    "Arg", "Atom", "Const", "Free", "Inlined", "Loc", "Opaque", "Pattern", "Ref", "Star",
    "UNDEFINED", "Undefined", "Var",
]


@quick
@dataclass(frozen=True, slots=True)
class Loc:
    """A place in the user's source: 1-based line, 0-based column, and the name of the function.

    `backward` marks code that the reverse pass made for this place; the printer puts the source
    line above each group of it.
    """

    file: str
    line: int
    column: int
    function: str = ""
    backward: bool = False


@quick
@dataclass(frozen=True, slots=True)
class Var:
    """A local variable of the function (after `versions`: one value per iteration of its block)."""

    name: str


@quick
@dataclass(frozen=True, slots=True)
class Free:
    """A name read from the function's globals, builtins or closure cells, at every execution."""

    name: str


class Const:
    """A literal. `Const(1)` and `Const(1.0)` and `Const(True)` differ, as do 0.0 and -0.0."""

    __slots__ = ("value",)
    __match_args__ = ("value",)

    def __init__(self, value: Any) -> None:
        object.__setattr__(self, "value", value)

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError("a Const is immutable")

    def __eq__(self, other: object) -> bool:
        if type(other) is not Const or type(self.value) is not type(other.value):
            return False
        return self.value is other.value or repr(self.value) == repr(other.value)

    def __hash__(self) -> int:
        return hash((type(self.value), repr(self.value)))

    def __repr__(self) -> str:
        return f"Const({self.value!r})"


class Ref:
    """A known object, compared by identity, with the spelling the user gave it (or None).

    `writes` notes of an operator that what it is called on here has a method that writes.
    """

    __slots__ = ("object", "spelling", "writes")
    __match_args__ = ("object", "spelling")

    def __init__(self, object: Any, spelling: str | None = None, writes: bool = False) -> None:
        self.object = object
        self.spelling = spelling
        self.writes = writes

    def __eq__(self, other: Any) -> bool:
        return type(other) is Ref and self.object is other.object

    def __hash__(self) -> int:
        return id(self.object)

    def __repr__(self) -> str:
        name = self.spelling or getattr(self.object, "__name__", None) or repr(self.object)
        return f"Ref({name})"


class Undefined:
    """The source of a Move that stands for "unbound on this path"; the Move prints as nothing."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "UNDEFINED"


UNDEFINED = Undefined()


@quick
@dataclass(frozen=True, slots=True)
class Star:
    """`*items` among the arguments of a call or of a display."""

    value: Atom


@quick
@dataclass(frozen=True, slots=True, eq=False)
class Opaque:
    """An expression kept verbatim as if a function of `params`: `Bind(t, Ref(Opaque), reads)`.

    What `lower` has no case for (a comprehension, a lambda, an f-string) becomes one.  `node` is a
    gast expression that reads the names in `params`; the Bind's arguments say what they are now.
    """

    node: Any
    params: tuple[str, ...]


@quick
@dataclass(frozen=True, slots=True)
class Inlined:
    """A single-use computation that `fold` has put back into the expression that reads it."""

    bind: Bind
    #: What `transforms.measures` has found: how many operations and columns it prints.
    measures: tuple[int, int] | None = field(init=False, repr=False, compare=False)


Atom: TypeAlias = "Var | Free | Const | Ref | Undefined | Inlined"
Arg: TypeAlias = "Atom | Star"
Pattern: TypeAlias = "str | tuple[Pattern, ...]"
