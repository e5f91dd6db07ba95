"""The grammar of the intermediate representation, stage by stage: what each pass may count on.

==============  ================================================================================
from            holds
==============  ================================================================================
every stage     a place of the source on every statement; nothing after an Exit in its block;
                a Move has as many sources as targets and no target twice; UNDEFINED stands only
                in Moves and where a verbatim statement would keep an old value; `break` and
                `continue` only in loops; what is called is a Var, a Free or a Ref
until `save`    no Inlined
exits           one `return`, the last statement of all, with a value (even where all paths
                raise); no `continue`; no loop `else`; a while is
                `While((), Const(True), body, ())`
versions        a name is bound once, or only by Moves, each of them at the end of a path or in
                front of a loop; a name is read only where it is bound, or may be; a parameter is
                bound by nobody else
reverse         loops are numbered; a loop of the backward code has the label of the one it undoes
save            the only Inlined are displays, `reversed` and indices; they have no target
assembled       at most the last statement but one is a Def, and no Def is inside another
fold            an Inlined has at most one target
==============  ================================================================================

Stages have the names of `transforms.STAGES`.
"""

from __future__ import annotations

from collections.abc import Iterator

from s2sdiff import bindings, ir
from s2sdiff.ir import (
    UNDEFINED,
    Bind,
    Block,
    Catch,
    Const,
    Def,
    Exit,
    For,
    Free,
    Function,
    Inlined,
    Loc,
    Move,
    Raw,
    Ref,
    Store,
    Try,
    Var,
    While,
)

__all__ = ["GrammarError", "check"]

_FRONT = (
    "closures", "exits", "versions", "sweep", "constants", "resolve", "inline", "kinds",
    "augmented", "propagate", "effects", "loops", "shifts", "squares", "activity", "powers",
)
#: Fields that hold what a statement reads.
_READ = ("fn", "args", "kwargs", "target", "key", "value", "sources", "test", "source", "cause",
         "manager", "type")
_REVERSED = ("forward", "backward")
_WHOLE = ("assembled", "final")


class GrammarError(AssertionError):
    """A pass gave what the next one does not expect: a bug of the compiler, never of a user."""


def check(function: Function, stage: str) -> None:
    """Raise GrammarError where a function breaks the grammar of a stage.

    >>> import colorsys
    >>> from s2sdiff.frontend.lower import lower
    >>> check(lower(colorsys.hls_to_rgb), "lower")
    >>> check(lower(colorsys.hls_to_rgb), "exits")  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    GrammarError: hls_to_rgb after exits: line 101: a return that is not last of all
    """
    for loc, fault in _faults(function, stage):
        line = f"line {loc.line}: " if loc is not None else ""
        raise GrammarError(f"{function.name} after {stage}: {line}{fault}")


def _faults(function: Function, stage: str) -> Iterator[tuple[Loc | None, str]]:
    yield from _anywhere(function.body, False)
    if stage != "final":
        yield from _expressions(function.body, stage in (*_REVERSED, *_WHOLE))
    if stage not in ("lower", "closures"):
        yield from _exits(function.body, stage)
    if stage in _FRONT[2:]:
        yield from bindings.faults(function)
    if stage in _REVERSED:
        yield from _labels(function.body)
    if stage in _WHOLE:
        yield from _definitions(function.body)
    elif stage not in ("lower", "backward"):
        yield from ((s.loc, "a Def") for s in ir.statements(function) if isinstance(s, Def))
    if stage == "final":
        yield from _folded(function.body)


def _anywhere(block: Block, looped: bool) -> Iterator[tuple[Loc | None, str]]:
    for i, s in enumerate(block):
        if not isinstance(s.loc, Loc):
            yield None, f"{type(s).__name__} without a place"
        match s:
            case Exit(kind):
                # A function that only raises has its return all the same.
                if i != len(block) - 1 and not (kind == "raise" and _returns(block[i + 1])):
                    yield s.loc, "code after an exit"
                if kind in ("break", "continue") and not looped:
                    yield s.loc, f"{kind} outside of a loop"
                if kind not in ("return", "break", "continue", "raise"):
                    yield s.loc, f"an exit of kind {kind!r}"
            case Move(targets, sources):
                if len(targets) != len(sources) or len(set(targets)) != len(targets) or not targets:
                    yield s.loc, "a Move whose targets and sources are no pairs"
            case Bind(targets, fn):
                if not isinstance(fn, (Var, Free, Ref, Inlined)):
                    yield s.loc, f"a call of {fn!r}"
                if not all(isinstance(t, str) for t in targets):
                    yield s.loc, "a target that is no name"
            case Try(_, handlers, _, final) if bool(handlers) == bool(final):
                yield s.loc, "a try with both handlers and finally, or with neither"
            case Try(_, handlers) if not all(any(isinstance(c, Catch) for c in h)
                                             for h in handlers):
                yield s.loc, "a handler that says not what it catches"
            case Store(place=place) if place not in ("item", "attribute", "name"):
                yield s.loc, f"a Store at {place!r}"
        if not isinstance(s, (Move, Raw)) and any(a is UNDEFINED for a in ir.atoms(s)):
            yield s.loc, "UNDEFINED outside of a Move"
        for inner in ir.blocks(s):
            inside = isinstance(s, (For, While)) or (looped and not isinstance(s, Def))
            yield from _anywhere(inner, inside)


def _returns(s: ir.Stmt | None) -> bool:
    return isinstance(s, Exit) and s.kind == "return"


def _direct(s: ir.Stmt) -> Iterator[ir.Atom]:
    """The atoms of a statement, each Inlined as one."""
    for value in (getattr(s, name) for name in _READ if hasattr(s, name)):
        for a in value if isinstance(value, tuple) else (value,):
            a = a[1] if isinstance(a, tuple) else a
            if isinstance(a, (Var, Free, Const, Ref, Inlined, ir.Star)):
                yield a.value if isinstance(a, ir.Star) else a


def _expressions(body: Block, saved: bool) -> Iterator[tuple[Loc | None, str]]:
    for s in ir.walk(body):
        for a in _direct(s):
            if isinstance(a, Inlined) and (not saved or a.bind.targets):
                yield s.loc, "an Inlined before folding"


def _exits(body: Block, stage: str) -> Iterator[tuple[Loc | None, str]]:
    last = body[-1] if body else None
    for s in _own(body):
        match s:
            case Exit("return", value):
                if s is not last:
                    yield s.loc, "a return that is not last of all"
                if value is None:
                    yield s.loc, "a return without a value"
            case Exit("continue"):
                yield s.loc, "continue"
            case For(orelse=orelse) if orelse:
                yield s.loc, "a loop with an else"
            case While(head, test, _, orelse) if head or orelse or test != Const(True):
                yield s.loc, "a while that is not `while True`"
    if stage in _FRONT[1:] and not _returns(last):
        yield None, "a body that does not end in its return"


def _own(block: Block) -> Iterator[ir.Stmt]:
    """Every statement but those of nested functions."""
    for s in block:
        yield s
        if not isinstance(s, Def):
            for inner in ir.blocks(s):
                yield from _own(inner)


# ------------------------------------------------------------------------------ later stages


def _labels(body: Block) -> Iterator[tuple[Loc | None, str]]:
    seen: set[int] = set()
    for s in ir.walk(body):
        if isinstance(s, (For, While)):
            if s.label in seen:
                yield s.loc, f"two loops have the label {s.label}"
            if s.label is not None:
                seen.add(s.label)


def _definitions(body: Block) -> Iterator[tuple[Loc | None, str]]:
    for i, s in enumerate(body):
        if isinstance(s, Def) and i != len(body) - 2:
            yield s.loc, "a Def that is not the last statement but one"
        for inner in ir.blocks(s):
            for d in ir.walk(inner):
                if isinstance(d, Def):
                    yield d.loc, "a Def inside a block"


def _folded(body: Block) -> Iterator[tuple[Loc | None, str]]:
    for s in ir.walk(body):
        for a in _direct(s):
            if isinstance(a, Inlined) and len(a.bind.targets) > 1:
                yield s.loc, "an Inlined with several targets"
