"""The body of a generator as that of a step, which begins where the last one has yielded."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from s2sdiff.frontend.frames import Frame, Unfit, relocated

__all__ = ["Stager", "labels"]

_NESTED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_INSTEAD = "write it as a function that gives a list"


def own(node: Any) -> Iterator[Any]:
    """A node and those in it that are not in functions inside."""
    yield node
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, _NESTED):
            yield from own(child)


def labels(nodes: list[Any]) -> int:
    """How often some statements yield, as they are written."""
    return sum(isinstance(n, (ast.Yield, ast.YieldFrom)) for s in nodes if not isinstance(
        s, _NESTED) for n in own(s))


class Stager:
    """Statements in order; `count` yields have been met.

    Where a block begins, `at` is 0, or the number of a `yield` in it or behind it: one before would
    have set it to 0 again.
    """

    def __init__(self, frame: Frame) -> None:
        self.frame, self.count = frame, 0
        #: The numbers of yields that stand in a `try`, and of those that hand on to another one.
        self.held: list[int] = []
        self.handing: list[int] = []
        self.tries = 0

    def block(self, nodes: list[Any], later: bool, first: tuple[Any, ...] = ()) -> list[Any]:
        """The statements; `later`: whether some statement behind the block yields.

        `first` are statements that go before them, and are skipped as they are.
        """
        out: list[Any] = []
        segment = list(first)
        for i, s in enumerate(nodes):
            if isinstance(s, _NESTED) or not labels([s]):
                segment += self.frame.plain(s)
                continue
            behind = later or labels(nodes[i + 1:]) > 0
            segment = self.statement(s, segment, out, behind)
        self.flush(segment, out)
        return out

    def flush(self, segment: list[Any], out: list[Any]) -> None:
        if segment:
            out.append(self.frame.when(f"{self.frame.at} == 0", segment, segment[0]))
        self.frame.next_segment()

    def statement(self, s: Any, segment: list[Any], out: list[Any], later: bool) -> list[Any]:
        """A statement that yields behind a segment; what the next segment begins with."""
        match s:
            case ast.Expr(value=ast.Yield() | ast.YieldFrom() as value):
                return self.yielded(value, s, segment, out, later)
            case ast.Assign(value=ast.Yield() | ast.YieldFrom() as value):
                sent = self.yielded(value, s, segment, out, later, True)
                return [*sent, *self.frame.plain(relocated(ast.Assign(
                    targets=s.targets, value=self.frame.name(self.frame.got)), s))]
            case ast.AnnAssign(target=target, value=ast.Yield() | ast.YieldFrom() as value):
                return self.statement(relocated(ast.Assign(targets=[target], value=value), s),
                                      segment, out, later)
            case ast.Return(value=ast.YieldFrom() as value):
                got = self.yielded(value, s, segment, out, later, True)
                return [*got, *self.frame.plain(relocated(ast.Return(
                    value=self.frame.name(self.frame.got)), s))]
            case ast.If(test=test, body=body, orelse=orelse):
                self.no_yield(test)
                test = self.frame.expression(test)
                self.flush(segment, out)
                return self.guarded(s, out, later, lambda end: self.branches(
                    s, test, body, orelse, end))
            case ast.While(test=test, body=body, orelse=orelse):
                self.no_yield(test)
                self.flush(segment, out)
                return self.guarded(s, out, later, lambda end: self.repeated(
                    s, self.frame.shared(test), body, orelse, end))
            case ast.For(target=target, iter=source, body=body, orelse=orelse):
                self.no_yield(source, target)
                it = self.frame.kept("items")
                segment += self.frame.made(f"{it} = {self.frame.helper('iter')}(_)", s,
                                           self.frame.expression(source))
                self.flush(segment, out)
                return self.guarded(s, out, later, lambda end: self.walked(
                    s, it, target, body, orelse, end))
            case ast.Try():
                self.flush(segment, out)
                return self.guarded(s, out, later, lambda end: self.tried(s, end))
        where = "with statement" if isinstance(s, ast.With) else \
            "place where a step cannot begin" if isinstance(s, (ast.Expr, ast.AugAssign, ast.Return,
                                                                ast.Assign)) else \
            f"{type(s).__name__.lower()} statement"
        raise Unfit(f"that yields inside of a {where}", s,
                    "yield in a statement of its own, or take what is sent by `v = yield x`")

    def no_yield(self, *nodes: Any) -> None:
        if labels(list(nodes)):
            raise Unfit("that yields inside of an expression", nodes[0],
                        "yield in a statement of its own, or take what is sent by `v = yield x`")

    def guarded(self, s: Any, out: list[Any], later: bool, make: Any) -> list[Any]:
        """A statement with a block that yields, to be skipped where a later one goes on."""
        first = self.count
        made = make(self.count + labels([s]))
        assert self.count > first
        out += [self.frame.when(f"{self.frame.at} <= {self.count}", made, s)] if later else made
        return []

    def yielded(self, value: Any, s: Any, segment: list[Any], out: list[Any], later: bool,
                takes: bool = False) -> list[Any]:
        frame = self.frame
        at, item = frame.at, frame.item
        if value.value is not None:
            self.no_yield(value.value)
        if isinstance(value, ast.YieldFrom):
            it = frame.kept("it")
            segment += frame.made(f"{it} = {frame.helper('iter')}(_)", s,
                                  frame.expression(value.value))
            self.flush(segment, out)
            k = self.numbered()
            self.handing.append(k)
            draw = [*frame.made(f"{item} = {frame.helper('drawn')}({it})", s),
                    frame.when(f"{frame.helper('given')}({item})", frame.left(k, s), s),
                    *frame.made(f"{at} = 0", s)]
            out += [frame.when(f"{at} <= {k}", draw, s)] if later else draw
            return frame.made(f"{frame.got} = {frame.helper('returned')}({it})", s) if takes else []
        given = frame.expression(value.value) if value.value is not None else \
            relocated(ast.Constant(value=None), s)
        k = self.numbered()
        segment += [*frame.made(f"{item} = _", s, given), *frame.left(k, s)]
        self.flush(segment, out)
        on = frame.made(f"{at} = 0", s)
        if self.tries:
            on += frame.made(f"{frame.helper('thrown')}({frame.frame})", s)
        if takes:
            on += frame.made(f"{frame.got} = {frame.frame}.sent", s)
        out += [frame.when(f"{at} == {k}", on, s)] if later else on
        return []

    def numbered(self) -> int:
        self.count += 1
        if self.tries:
            self.held.append(self.count)
        return self.count

    def branches(self, s: Any, test: Any, body: list[Any], orelse: list[Any],
                 end: int) -> list[Any]:
        last = self.count + labels(body)
        asked = self.asked(test, last, labels(body) > 0, labels(orelse) > 0, s)
        then = self.block(body, False)
        return [relocated(ast.If(test=asked, body=then or [ast.Pass()],
                                 orelse=self.block(orelse, False)), s)]

    def asked(self, test: Any, last: int, yields: bool, others: bool, s: Any) -> Any:
        """Whether the block with yields up to the number `last` goes on, or begins."""
        at = self.frame.at
        if not yields:
            return self.frame.made(f"{at} == 0 and _", s, test)[0].value
        begins = test if isinstance(test, ast.Constant) and test.value is True and not others else \
            self.frame.made(f"{at} != 0 or _", s, test)[0].value
        return self.frame.made(f"{at} <= {last} and _", s, begins)[0].value if others else begins

    def repeated(self, s: Any, test: Any, body: list[Any], orelse: list[Any],
                 end: int) -> list[Any]:
        last = self.count + labels(body)
        asked = self.asked(test, last, labels(body) > 0, labels(orelse) > 0, s)
        inner = self.block(body, False)
        return [relocated(ast.While(test=asked, body=inner, orelse=self.block(orelse, False)), s)]

    def walked(self, s: Any, it: str, target: Any, body: list[Any], orelse: list[Any],
               end: int) -> list[Any]:
        """A round draws an item first, unless it is one that goes on."""
        frame = self.frame
        if any(isinstance(n, (ast.Break, ast.Continue)) for n in _jumps(orelse)):
            raise Unfit("that yields in a loop with a break in its else", s, _INSTEAD)
        at, item, last = frame.at, frame.item, self.count + labels(body)
        draw = frame.made(f"{item} = {frame.helper('drawn')}({it})", s)
        bound = frame.plain(relocated(ast.Assign(targets=[target], value=frame.name(item)), s))
        stop = relocated(ast.Break(), s)
        if not labels(orelse):
            ended = [*[t for n in orelse for t in frame.plain(n)], stop]
            first = [*draw, frame.when(f"not {frame.helper('given')}({item})", ended, s), *bound]
            inner = self.block(body, False, tuple(first))
        else:
            ended_name = frame.fresh("ended")
            head = [*frame.made(f"{ended_name} = {at} > {last}", s),
                    frame.when(f"{at} == 0", [*draw, *frame.made(
                        f"{ended_name} = not {frame.helper('given')}({item})", s)], s)]
            rounds = self.block(body, False, tuple(bound))
            ended = [*self.block(orelse, False), stop]
            inner = [*head, frame.when(ended_name, ended, s), *rounds]
        return [relocated(ast.While(test=ast.Constant(value=True), body=inner, orelse=[]), s)]

    def tried(self, s: Any, end: int) -> list[Any]:
        if labels([*s.handlers, *s.finalbody]):
            raise Unfit("that yields in an except or finally", s, "yield behind it")
        frame = self.frame
        self.tries += 1
        body = self.block(s.body, labels(s.orelse) > 0)
        handlers = [frame.handler(h) for h in s.handlers]
        orelse = self.block(s.orelse, False)
        self.tries -= 1
        final = [t for n in s.finalbody for t in frame.plain(n)]
        if final:
            # What leaves by `yield` will come back.
            final = [frame.when(f"{frame.frame}.at == -1", final, s)]
        return [relocated(ast.Try(body=body, handlers=handlers, orelse=orelse, finalbody=final), s)]


def _jumps(nodes: list[Any]) -> Iterator[Any]:
    """What is in some statements, but for loops and functions inside."""
    for n in nodes:
        if isinstance(n, _NESTED):
            continue
        yield n
        if isinstance(n, (ast.For, ast.While)):
            yield from _jumps(n.orelse)
        else:
            yield from _jumps(list(ast.iter_child_nodes(n)))
