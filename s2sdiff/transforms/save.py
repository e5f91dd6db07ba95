"""What backward loops read of forward iterations: one tuple per iteration, read and never popped.

Every backward loop has its forward loop's label.  Names that its body reads and the forward body
binds go into a tuple at the first point of each path where all of them have their values; the
backward loop unpacks it.  A range that nothing else is needed of is simply run backwards.
"""

from __future__ import annotations

from typing import Any

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Block, Const, For, If, Move, Ref, Var, While, replace
from s2sdiff.kinds import ANY
from s2sdiff.transforms.attempts import UNFINISHED
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.record import Recorder, breaks, headers_of, left_with

__all__ = ["insert", "unclash"]


def insert(forward: Block, backward: Block, context: Context) -> tuple[Block, Block]:
    """Record in forward loops what backward loops read, and let these read it."""
    saver = _Saver(forward, context)
    backward = saver.backward(backward)
    return saver.left(saver.forward, None, ()), backward


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
        body, guards = _guarded(fore, back)
        headers = headers_of(fore.body)
        bound = ir.all_defs(fore.body) | set(ir.defines(fore)) | headers
        order = {n: i for i, n in enumerate(_bindings(fore))}
        need = sorted((n for n in _free(body) if n in bound), key=lambda n: order.get(n, -1))
        simple = self.counted(fore, back, need) if not guards else None
        if simple is not None:
            return replace(simple, body=body)
        record = self.context.names("saved")
        counted = self.context.unfinished.get(back.label)
        recorder = Recorder(need, record, headers - left_with(fore.body), guards, fore.loc, counted)
        new_body = recorder.run(fore)
        init = Bind((record,), Ref(ops.list_), (), (), fore.loc)
        if counted is not None:
            self.unfinished(back.label, recorder, counted, need)
        self.forward = _replace_loop(self.forward, back.label, init, replace(fore, body=new_body))
        source = self.context.names(f"{record}_reversed")
        self.context.kinds.pop(source, None)
        pattern: Any = tuple(need) if len(need) != 1 else need[0]
        if not need:
            pattern = self.context.names("_")
        if counted is not None and counted[0] in need:
            # The counter is read outside of the loop as well.
            here = self.context.names(counted[0])
            body = ir.rename(body, {counted[0]: here})
            pattern = here if isinstance(pattern, str) else \
                tuple(here if n == counted[0] else n for n in pattern)
        return replace(back, body=body, target=pattern, source=_reversed(record))

    def unfinished(self, label: int | None, recorder: Recorder, counted: tuple[str, int, int],
                   need: list[str]) -> None:
        """Where an exception ends that left a round: a record of what the round had done."""
        counter, between, end = counted
        test = self.context.names("test_1")
        loc = recorder.loc
        numbers = Const(tuple(range(between + 1, end + 1)))
        kept = (Bind((test,), Ref(ops.contains), (Var(counter), numbers), (), loc),
                If(Var(test), (recorder.append(set(need)),), (), loc))
        self.forward = self.left(self.forward, label, kept)
        fore = _find(self.forward, label)
        inside = {id(s) for s in ir.walk((fore,))}
        around = {n for s in ir.walk(self.forward) if id(s) not in inside for n in ir.defines(s)}
        around |= set(self.context.arguments)
        names = [n for n in need if n not in around]
        if names:
            empty = ir.Move(tuple(names), (Const(None),) * len(names), loc)
            self.forward = _replace_loop(self.forward, label, empty, fore)

    def left(self, block: Block, label: int | None, kept: Block) -> Block:
        """A block with `kept` for what stands for a loop's unfinished rounds (None: for all)."""
        out: list[ir.Stmt] = []
        for s in block:
            if (isinstance(s, Bind) and s.calls(UNFINISHED.object)
                    and (label is None or s.args == (Const(label),))):
                out += kept
                continue
            inner = ir.blocks(s)
            out.append(ir.with_blocks(s, tuple(self.left(b, label, kept) for b in inner))
                       if inner else s)
        return tuple(out)

    def counted(self, fore: Any, back: For, need: list[str]) -> For | None:
        """A loop over a range that is never left early needs no record beside its range."""
        if not isinstance(fore, For) or not isinstance(fore.target, str) or breaks(fore.body):
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


def _bindings(fore: For | While) -> list[str]:
    """What a loop binds, in the order of the text: its headers and targets first."""
    found = dict.fromkeys((*sorted(headers_of(fore.body)), *ir.defines(fore)))
    for s in ir.walk(fore.body):
        found.update(dict.fromkeys(ir.defines(s)))
    return list(found)


def _guarded(fore: For | While, back: For) -> tuple[Block, dict[ir.Atom, tuple[bool, bool]]]:
    """What rounds do that count, and the tests, with the sides taken, that say which rounds do.

    Rounds that took the other side of an `if` did nothing that counts: they leave no record.
    """
    body, block = back.body, fore.body
    guards: dict[ir.Atom, tuple[bool, bool]] = {}
    while len(body) == 1 and isinstance(body[0], If) and isinstance(body[0].test, Var) and \
            not (body[0].then and body[0].orelse):
        test, then, orelse = body[0].test, body[0].then, body[0].orelse
        found = [s for s in ir.walk(fore.body) if isinstance(s, If) and s.test == test]
        if len(found) != 1 or not any(s is found[0] for s in block):
            break
        guards[test] = bool(then), bool(orelse)
        body = then or orelse
        if block[-1] is not found[0]:
            break
        block = found[0].then if then else found[0].orelse
    return body, guards


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
        t = type(s)
        if t is For:
            _collect(s.body, bound | set(ir.defines(s)), found)  # type: ignore[union-attr]
            continue
        if isinstance(s, If):
            bound |= _collect(s.then, bound, found) & _collect(s.orelse, bound, found)
        bound.update(ir.defines(s))
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
        if type(s) is not Bind and type(s) is not Move:
            inner = ir.blocks(s)
            if inner:
                s = ir.with_blocks(s, tuple([_replace_loop(b, label, init, loop) for b in inner]))
        out.append(s)
    return ir.unless_same(out, block)


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
                    context.kinds[new] = context.kinds.get(old, context.kinds.get(new, ANY))
                s = ir.rename_targets(replace(s, body=ir.rename(s.body, names)), names)
        inner = ir.blocks(s)
        if inner:
            s = ir.with_blocks(s, tuple(_unclash(b, outside, context) for b in inner))
        out.append(s)
    return tuple(out)
