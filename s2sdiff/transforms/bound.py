"""Where names may be unbound: one pass forward over the paths through a function.

A name that only one path binds, or only the rounds of a loop that may not run, has no value on the
others.  A read that would have raised is passed only with a value, so what follows it is safe.
"""

from __future__ import annotations

from s2sdiff import ir, ops
from s2sdiff.ir import (
    UNDEFINED,
    Bind,
    Block,
    Const,
    Def,
    Exit,
    For,
    If,
    Move,
    Opaque,
    Raw,
    Ref,
    Try,
    Var,
    While,
    With,
)
from s2sdiff.runtime import planted

#: Sources of a Move that stand for no value: the one of a path, the other of a call that begins.
_NOTHING = (UNDEFINED, Ref(planted.UNBOUND))

__all__ = ["doubtful", "is_record"]


def loose_names(body: Block) -> set[str]:
    """Names that a path may leave unbound."""
    copies = [(t, a) for s in ir.walk(body) if type(s) is Move
              for t, a in zip(s.targets, s.sources, strict=True)]
    loose = {t for t, a in copies if type(a) is not Var and a in _NOTHING}
    while True:
        size = len(loose)
        loose.update([t for t, a in copies if isinstance(a, Var) and a.name in loose])
        if len(loose) == size:
            return loose


def doubtful(body: Block) -> dict[int, set[str]]:
    """For each statement, by identity, the names that it reads and that may be unbound there."""
    loose = loose_names(body)
    if not loose:
        return {}
    if any(isinstance(s, Raw) for s in ir.walk(body)):
        # Verbatim code may leave a loop, or names as they were.
        return {id(s): loose.intersection(ir.reads(s)) for s in ir.walk(body)}
    paths = _Paths(loose, _counting(body))
    paths.block(body, set(), [])
    return paths.found


def _counting(body: Block) -> set[str]:
    """Ranges that surely have a first number."""
    ranges: set[str] = set()
    others: set[str] = set()
    for s in ir.walk(body):
        match s:
            case Bind((name,), Ref(fn), (Const(stop),), ()) if fn is range and type(stop) is int \
                    and stop > 0:
                ranges.add(name)
            case _:
                others.update(ir.defines(s))
    return ranges - others


def is_record(s: ir.Stmt) -> bool:
    """`saved.append(…)`, which `save` wrote."""
    return isinstance(s, Bind) and not s.targets and s.calls(ops.method) and \
        len(s.args) == 3 and s.args[1] == Const("append") and \
        isinstance(s.args[0], Var) and s.args[0].name.startswith("saved")


def _evaluates(s: ir.Stmt) -> bool:
    """A statement that raises where what it reads has no value: no copy, and not kept verbatim."""
    if is_record(s) or isinstance(s, Def):
        return False
    return not (isinstance(s, Bind) and isinstance(s.fn, Ref) and isinstance(s.fn.object, Opaque))


class _Paths:
    def __init__(self, loose: set[str], counting: set[str]) -> None:
        self.loose, self.counting = loose, counting
        self.found: dict[int, set[str]] = {}
        #: For each place around that exceptions end at: what is surely bound there.
        self.raised: list[set[str]] = []

    def block(self, block: Block, sure: set[str], breaks: list[set[str]]) -> set[str] | None:
        """Which loose names are bound behind a block, whatever the path; None: it has no end."""
        sure = set(sure)
        for s in block:
            unsure = {n for n in ir.reads(s) if n in self.loose and n not in sure}
            self.found.setdefault(id(s), set()).update(unsure)
            for behind in self.raised:
                behind &= sure
            if isinstance(s, Move):
                bound = [not (a in _NOTHING or (isinstance(a, Var) and a.name in unsure))
                         for a in s.sources]
                sure.difference_update(s.targets)
                sure.update(t for t, b in zip(s.targets, bound, strict=True) if b)
                continue
            if not s.loc.backward and _evaluates(s):
                sure |= unsure
            match s:
                case Exit(kind):
                    if kind == "break":
                        breaks.append(sure)
                    return None
                case If(_, then, orelse):
                    ends = [self.block(b, sure, breaks) for b in (then, orelse)]
                case For() | While():
                    ends = self.loop(s, sure)
                case Try():
                    ends = self.attempt(s, sure, breaks)
                case With():
                    ends = self.managed(s, sure, breaks)
                case Def():
                    self.block(s.body, sure, [])
                    ends = [sure]
                case _:
                    sure.update(ir.defines(s))
                    continue
            found = [e for e in ends if e is not None]
            if not found:
                return None
            sure = set.intersection(*found)
        return sure

    def attempt(self, s: Try, sure: set[str], breaks: list[set[str]]) -> list[set[str] | None]:
        self.raised.append(set(sure))
        end = self.block(s.body, sure, breaks)
        behind = self.raised.pop()
        if s.final:
            last = self.block(s.final, behind if end is None else behind & end, breaks)
            if last is None or end is None:
                return [None]
            return [end - ir.all_defs(s.final) | last]
        ends = [self.block(s.orelse, end, breaks) if end is not None else None]
        return ends + [self.block(h, behind, breaks) for h in s.handlers]

    def managed(self, s: With, sure: set[str], breaks: list[set[str]]) -> list[set[str] | None]:
        inside = sure | set(ir.defines(s))
        self.raised.append(set(inside))
        end = self.block(s.body, inside, breaks)
        behind = self.raised.pop()
        return [end, behind] if s.swallows else [end]

    def loop(self, s: For | While, sure: set[str]) -> list[set[str] | None]:
        """The states in which a loop is left."""
        head = set(sure)
        while True:
            breaks: list[set[str]] = []
            end = self.block(s.body, head | set(ir.defines(s)), breaks)
            again = head if end is None else head & end
            if again == head:
                break
            head = again
        if isinstance(s, While):
            endless = s.test == Const(True) and not s.head
            return [*breaks, *(() if endless else (head,))]
        once = isinstance(s.source, Var) and s.source.name in self.counting
        return [*breaks, end if once else head]
