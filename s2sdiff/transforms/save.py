"""What backward loops read of forward iterations: one tuple per iteration, read and never popped.

Every backward loop has its forward loop's label.  Names that its body reads and the forward body
binds go into a tuple at the first point of each path where all of them have their values; the
backward loop unpacks it.  A range that nothing else is needed of is simply run backwards.
"""

from __future__ import annotations

from typing import Any

from s2sdiff import ir, ops
from s2sdiff.ir import (
    UNDEFINED,
    Bind,
    Block,
    Const,
    Exit,
    For,
    If,
    Move,
    Ref,
    Var,
    While,
    replace,
)
from s2sdiff.transforms.context import Context

__all__ = ["insert", "unclash"]


def insert(forward: Block, backward: Block, context: Context) -> tuple[Block, Block]:
    """Record in forward loops what backward loops read, and let these read it."""
    saver = _Saver(forward, context)
    backward = saver.backward(backward)
    return saver.forward, backward


class _Saver:
    def __init__(self, forward: Block, context: Context) -> None:
        self.forward, self.context = forward, context

    def backward(self, block: Block) -> Block:
        out: list[ir.Stmt] = []
        for s in block:
            inner = ir.blocks(s)
            if inner:
                s = ir.with_blocks(s, tuple(self.backward(b) for b in inner))
            if isinstance(s, For) and s.label is not None and s.source == Const(None):
                s = self.loop(s)
            out.append(s)
        return tuple(out)

    def loop(self, back: For) -> For:
        fore = _find(self.forward, back.label)
        body, guard, sides = back.body, None, (True, True)
        if len(body) == 1 and isinstance(body[0], If) and isinstance(body[0].test, Var) and \
                not (body[0].then and body[0].orelse) and _tests(fore.body, body[0].test):
            # Rounds that took the other side did nothing that counts: they leave no record.
            guard, sides = body[0].test, (bool(body[0].then), bool(body[0].orelse))
            body = body[0].then or body[0].orelse
        headers = _headers(fore.body)
        bound = ir.all_defs(fore.body) | set(ir.defines(fore)) | headers
        need = [n for n in _free(body) if n in bound]
        simple = self.counted(fore, back, need) if guard is None else None
        if simple is not None:
            return replace(simple, body=body)
        record = self.context.names("saved")
        recorder = _Recorder(need, record, headers, guard, sides, fore.loc)
        new_body = recorder.run(fore, self.context)
        init = Bind((record,), Ref(ops.list_), (), (), fore.loc)
        self.forward = _replace_loop(self.forward, back.label, init, replace(fore, body=new_body))
        source = self.context.names(f"{record}_reversed")
        self.context.kinds.pop(source, None)
        pattern: Any = tuple(need) if len(need) != 1 else need[0]
        if not need:
            pattern = self.context.names("_")
        return replace(back, body=body, target=pattern, source=_reversed(record))

    def counted(self, fore: Any, back: For, need: list[str]) -> For | None:
        """A loop over a range that is never left early needs no record beside its range."""
        if not isinstance(fore, For) or not isinstance(fore.target, str) or _breaks(fore.body):
            return None
        if not isinstance(fore.source, Var) or set(need) - {fore.target}:
            return None
        if self.context.kinds.get(fore.source.name) is None or \
                self.context.kinds[fore.source.name].type is not range:
            return None
        if need:
            return replace(back, target=fore.target, source=_reversed(fore.source.name))
        return replace(back, target=self.context.names("_"), source=fore.source)


def _reversed(name: str) -> Any:
    loc = ir.Loc("", 0, 0)
    return ir.Inlined(Bind((), Ref(reversed, "reversed"), (Var(name),), (), loc))


class _Recorder:
    """Puts `saved.append((…))` where, on each path, all that is needed has its value."""

    def __init__(self, need: list[str], record: str, headers: set[str], guard: Var | None,
                 sides: tuple[bool, bool], loc: ir.Loc) -> None:
        self.need, self.record, self.headers = need, record, headers
        self.guard, self.sides, self.loc = guard, sides, loc

    def run(self, fore: Any, context: Context) -> Block:
        seen = set(ir.defines(fore)) | self.headers
        return self.block(fore.body, seen, True)

    def append(self, seen: set[str]) -> ir.Stmt:
        atoms = tuple(Var(n) if n in seen else Const(None) for n in self.need)
        value: Any = ir.Inlined(Bind((), Ref(ops.tuple_), atoms, (), self.loc))
        if len(atoms) == 1:
            value = atoms[0]
        return Bind((), Ref(ops.method), (Var(self.record), Const("append"), value), (), self.loc)

    def block(self, block: Block, seen: set[str], records: bool) -> Block:
        seen = set(seen)
        out: list[ir.Stmt] = []
        for i, s in enumerate(block):
            rest = block[i:]
            if not records:
                return (*out, *rest)
            splits = isinstance(s, If) and s.test == self.guard and self.guard is not None
            if not splits and not set(self.need) - seen and not self._guards(rest):
                return (*out, self.append(seen), *rest)
            last = i == len(block) - 1
            if isinstance(s, If) and (splits or (last and (_leaves(s) or self._guards((s,))))):
                if splits and not last:
                    # What follows the test belongs to both sides; the record is made inside one.
                    then = self.side(s.then, seen, self.sides[0], rest[1:])
                    orelse = self.side(s.orelse, seen, self.sides[1], rest[1:])
                    return (*out, replace(s, then=then, orelse=orelse), *rest[1:])
                then = self.block(s.then, seen, not splits or self.sides[0])
                orelse = self.block(s.orelse, seen, not splits or self.sides[1])
                return (*out, replace(s, then=then, orelse=orelse))
            if isinstance(s, Exit):
                if s.kind == "raise":
                    return (*out, s)
                return (*out, self.append(seen), s)
            ends = last or (len(rest) == 2 and isinstance(rest[1], Exit))
            if ends and isinstance(s, Move) and set(s.targets) <= self.headers:
                if isinstance(rest[-1], Exit) and rest[-1].kind == "raise":
                    return (*out, *rest)
                return (*out, self.append(seen), *rest)
            s = self.joined(s, seen)
            out.append(s)
            seen |= _surely(s) - _later(rest[1:])
        return (*out, self.append(seen)) if records else tuple(out)

    def side(self, block: Block, seen: set[str], records: bool, rest: Block) -> Block:
        if not records:
            return block
        inner = set(seen)
        out = [self.joined(s, seen) for s in block]
        for s in out:
            inner |= _surely(s)
        return (*out, self.append(inner))

    def _guards(self, rest: Block) -> bool:
        return self.guard is not None and any(
            isinstance(s, If) and s.test == self.guard for s in rest)

    def joined(self, s: ir.Stmt, seen: set[str]) -> ir.Stmt:
        """A needed name that one side binds gets None on the other, so that a record can hold it."""
        if not isinstance(s, If):
            return s
        then, orelse = self.joined_block(s.then, seen), self.joined_block(s.orelse, seen)
        one, two = _bound(then), _bound(orelse)
        needed = [n for n in self.need if (n in one or n in two) and n not in seen]
        then += _nones([n for n in needed if n not in one], s.loc)
        orelse += _nones([n for n in needed if n not in two], s.loc)
        return replace(s, then=then, orelse=orelse)

    def joined_block(self, block: Block, seen: set[str]) -> Block:
        return tuple(self.joined(s, seen) for s in block)


def _nones(names: list[str], loc: ir.Loc) -> Block:
    return (Move(tuple(names), (Const(None),) * len(names), loc),) if names else ()


def _bound(block: Block) -> set[str]:
    found: set[str] = set()
    for s in block:
        found |= _surely(s)
    return found


def _surely(s: ir.Stmt) -> set[str]:
    """Names that are bound once a statement has run (inside loops: their headers come before them)."""
    if isinstance(s, Move):
        return {t for t, a in zip(s.targets, s.sources, strict=True) if a is not UNDEFINED}
    if isinstance(s, If):
        one, two = _bound(s.then), _bound(s.orelse)
        if _raising(s.then):
            return two
        if _raising(s.orelse):
            return one
        return one & two
    if isinstance(s, (For, While)):
        return _headers(s.body)
    return set(ir.defines(s))


def _later(rest: Block) -> set[str]:
    """Names that later statements of a block bind again: an inner loop's headers."""
    return {n for s in rest if isinstance(s, (For, While)) for n in _headers(s.body)}


def _raising(block: Block) -> bool:
    return bool(block) and isinstance(block[-1], Exit) and block[-1].kind == "raise"


def _headers(block: Block) -> set[str]:
    if not block:
        return set()
    last = block[-1]
    if isinstance(last, Exit):
        last = block[-2] if len(block) > 1 else None
    if isinstance(last, Move):
        return set(last.targets)
    if isinstance(last, If):
        return _headers(last.then) | _headers(last.orelse)
    return set()


def _leaves(s: If) -> bool:
    """An `if` whose sides end the round by themselves."""
    return any(isinstance(inner, Exit) and inner.kind == "break"
               for b in ir.blocks(s) for inner in _own(b))


def _own(block: Block):
    for s in block:
        yield s
        if isinstance(s, If):
            yield from _own(s.then)
            yield from _own(s.orelse)


def _breaks(block: Block) -> bool:
    return any(isinstance(s, Exit) and s.kind == "break" for s in _own(block))


def _tests(block: Block, test: ir.Atom) -> bool:
    """The test is that of an `if` in the very block of the loop, or of a tail of it."""
    for s in block:
        if isinstance(s, If):
            if s.test == test:
                return True
            if s is block[-1] and (_tests(s.then, test) or _tests(s.orelse, test)):
                return False
    return False


def _free(block: Block) -> list[str]:
    """Names that a block reads from outside of itself, in order."""
    found: dict[str, None] = {}
    _collect(block, set(), found)
    return list(found)


def _collect(block: Block, bound: set[str], found: dict[str, None]) -> set[str]:
    bound = set(bound)
    for s in block:
        for name in ir.reads(s):
            if name not in bound:
                found.setdefault(name)
        if isinstance(s, For):
            _collect(s.body, bound | set(ir.defines(s)), found)
        elif isinstance(s, If):
            bound |= _collect(s.then, bound, found) & _collect(s.orelse, bound, found)
        bound |= set(ir.defines(s)) if not isinstance(s, For) else set()
    return bound


def _find(block: Block, label: int | None) -> Any:
    for s in ir.walk(block):
        if isinstance(s, (For, While)) and s.label == label:
            return s
    raise AssertionError(f"no forward loop {label}")


def _replace_loop(block: Block, label: int | None, init: ir.Stmt, loop: ir.Stmt) -> Block:
    out: list[ir.Stmt] = []
    for s in block:
        if isinstance(s, (For, While)) and s.label == label:
            out += [init, loop]
            continue
        inner = ir.blocks(s)
        if inner:
            s = ir.with_blocks(s, tuple(_replace_loop(b, label, init, loop) for b in inner))
        out.append(s)
    return tuple(out)


def unclash(backward: Block, params: set[str], context: Context) -> Block:
    """Rename what a backward loop unpacks where the same name is also read from outside it."""
    outside = set(_free(backward)) | params
    return _unclash(backward, outside, context)


def _unclash(block: Block, outside: set[str], context: Context) -> Block:
    out: list[ir.Stmt] = []
    for s in block:
        if isinstance(s, For):
            clashes = [n for n in ir.defines(s) if n in outside]
            if clashes:
                names = {n: context.names(n) for n in clashes}
                for old, new in names.items():
                    context.kinds[new] = context.kinds.get(old, context.kinds.get(new))
                s = ir.rename_targets(replace(s, body=ir.rename(s.body, names)), names)
        inner = ir.blocks(s)
        if inner:
            s = ir.with_blocks(s, tuple(_unclash(b, outside, context) for b in inner))
        out.append(s)
    return tuple(out)
