"""The steps of a plan: what forward code hands to backward code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from s2sdiff import ir
from s2sdiff.ir import Bind, Block, Exit, For, If, Try, While, With
from s2sdiff.ir.making import quick
from s2sdiff.transforms.pull import Pull

__all__ = ["Attempt", "Branch", "Call", "Group", "Loop", "Mark", "Region", "Sure",
           "Within", "raises", "read_by"]


@quick
@dataclass(frozen=True, eq=False)
class Call:
    """An active call; `kept` says which variables' copies backward code reads instead."""

    statement: Bind
    pull: Pull
    kept: dict[Any, ir.Atom]


@quick
@dataclass(frozen=True, eq=False)
class Branch:
    """An `if`, with the plans of its sides."""

    statement: If
    then: list[Any]
    orelse: list[Any]


@quick
@dataclass(frozen=True, eq=False)
class Loop:
    """A loop, with the plan of its body, its header variables and all that it binds.

    `written` are arrays of which it writes parts; `writes`: it deals with cotangents by place;
    `region`: a body whose counter, `first` where the loop begins, moves in it.
    """

    statement: For | While
    body: list[Any]
    headers: tuple[str, ...]
    inside: frozenset[str]
    written: frozenset[str] = frozenset()
    writes: bool = False
    region: Any = None
    first: int = 0


@dataclass(eq=False)
class Region:
    """A body that an exception may leave: its counter, and the names that matter outside of it.

    `last` is what the counter is at the body's end, None where it has none; `broken`: at which
    numbers of which counter one cannot tell what was done, why, and where; `inner`: counters of
    bodies inside that are looked at when this one has been left; `rounds`: what then records the
    rounds that loops have not finished; `moves`: something in it matters by itself.
    """

    counter: str
    outside: set[str]
    count: int = 0
    last: int | None = None
    broken: list[tuple[str, int, str, ir.Loc]] = field(default_factory=list)
    inner: list[str] = field(default_factory=list)
    rounds: list[ir.Stmt] = field(default_factory=list)
    moves: bool = False


@dataclass(frozen=True, eq=False)
class Mark:
    """Here the counter of a region becomes `number`."""

    region: Region
    number: int


@dataclass(frozen=True, eq=False)
class Group:
    """Steps that count if a region's counter came to `number`."""

    region: Region
    number: int
    steps: list[Any]


@dataclass(frozen=True, eq=False)
class Sure:
    """From here back these names are bound, so that cotangents of arrays may be whole ones."""

    names: frozenset[str]


@dataclass(frozen=True, eq=False)
class Within:
    """Steps that only run where these names are bound; before and behind they may not be."""

    names: frozenset[str]
    steps: list[Any]


@dataclass(frozen=True, eq=False)
class Attempt:
    """A `try` or `with`, with the plans of its blocks.

    `sides` are the handlers: each with its block and plan.  `entry`: the number that the region
    `around` has when it is entered; `follow`: that region, and its number when the statement has
    come to its end, where one cannot count on that.
    """

    statement: Try | With
    region: Region
    body: list[Any]
    sides: list[tuple[Block, list[Any]]]
    last: list[Any]
    caught: str
    around: Region | None
    entry: int | None
    follow: tuple[Region, int | None] | None = None

    def plans(self) -> list[list[Any]]:
        """The plans of all its blocks."""
        return [self.body, *(p for _, p in self.sides), self.last]


def read_by(plan: list[Any]) -> Iterator[str]:
    """The variables that the calls of a plan read, from its end."""
    for step in reversed(plan):
        if isinstance(step, Call):
            yield from ir.reads(step.statement)
        elif isinstance(step, Branch):
            yield from read_by(step.then)
            yield from read_by(step.orelse)
        elif isinstance(step, Loop):
            yield from read_by(step.body)


def raises(block: Block) -> bool:
    """Whether a block ends in a `raise`."""
    last = block[-1] if block else None
    return isinstance(last, Exit) and last.kind == "raise"
