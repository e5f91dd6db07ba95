"""The body of a generator as that of a step, which begins where the last one has yielded."""

from __future__ import annotations

import ast
from typing import Any

from s2sdiff.frontend.ends import may_catch
from s2sdiff.frontend.frames import Frame, Unfit, made, relocated
from s2sdiff.frontend.yields import in_loop, yields

__all__ = ["Stager", "labels"]

_INSTEAD = "write it as a function that gives a list"


def labels(nodes: list[Any]) -> int:
    """How often some statements yield, as they are written."""
    return sum(map(yields, nodes))


class Stager:
    """Statements in order; `count` yields have been met.

    Where a block begins, `at` is 0, or the number of a `yield` in it or behind it: one before would
    have set it to 0 again.
    """

    def __init__(self, frame: Frame) -> None:
        self.frame, self.count = frame, 0
        #: The numbers of yields that stand in a `try`, of those where that does something when a
        #: generator ends, and of those that hand on to another one.
        self.tried_in: list[int] = []
        self.held: list[int] = []
        self.handing: list[int] = []
        self.tries = self.ends = 0

    def block(self, nodes: list[Any], later: bool, first: tuple[Any, ...] = ()) -> list[Any]:
        """The statements; `later`: whether some statement behind the block yields.

        `first` are statements that go before them, and are skipped as they are.
        """
        out: list[Any] = []
        segment = list(first)
        for i, s in enumerate(nodes):
            if not labels([s]):
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
            case ast.If(test=test, body=body, orelse=orelse):
                test = self.frame.expression(test)
                self.flush(segment, out)
                return self.guarded(s, out, later, lambda end: self.branches(
                    s, test, body, orelse, end))
            case ast.While(test=test, body=body, orelse=orelse):
                self.flush(segment, out)
                return self.guarded(s, out, later, lambda end: self.repeated(
                    s, self.frame.shared(test), body, orelse, end))
            case ast.For(target=target, iter=source, body=body, orelse=orelse):
                it = self.frame.kept("items")
                segment += made(f"{it} = {self.frame.helper('iter')}(_)", s,
                                           self.frame.expression(source))
                self.flush(segment, out)
                return self.guarded(s, out, later, lambda end: self.walked(
                    s, it, target, body, orelse, end))
            case ast.Try():
                self.flush(segment, out)
                return self.guarded(s, out, later, lambda end: self.tried(s, end))
        raise AssertionError(type(s))

    def guarded(self, s: Any, out: list[Any], later: bool, make: Any) -> list[Any]:
        """A statement with a block that yields, to be skipped where a later one goes on."""
        first = self.count
        inner = make(self.count + labels([s]))
        assert self.count > first
        out += [self.frame.when(f"{self.frame.at} <= {self.count}", inner, s)] if later else inner
        return []

    def yielded(self, value: Any, s: Any, segment: list[Any], out: list[Any], later: bool,
                takes: bool = False) -> list[Any]:
        frame = self.frame
        at, item = frame.at, frame.item
        if isinstance(value, ast.YieldFrom):
            it = frame.kept("it")
            segment += made(f"{it} = {frame.helper('iter')}(_)", s,
                                  frame.expression(value.value))
            self.flush(segment, out)
            k = self.numbered()
            self.handing.append(k)
            draw = [*made(f"{item} = {frame.helper('drawn')}({it})", s),
                    frame.when(f"{frame.helper('given')}({item})", frame.left(k, s), s),
                    *made(f"{at} = 0", s)]
            out += [frame.when(f"{at} <= {k}", draw, s)] if later else draw
            got = f"{frame.got} = {frame.helper('returned')}({it}, {item})"
            return made(got, s) if takes else []
        given = frame.expression(value.value) if value.value is not None else \
            relocated(ast.Constant(value=None), s)
        k = self.numbered()
        segment += [*made(f"{item} = _", s, given), *frame.left(k, s)]
        self.flush(segment, out)
        on = made(f"{at} = 0", s)
        if self.tries:
            on += made(f"{frame.helper('thrown')}({frame.frame})", s)
        if takes:
            on += made(f"{frame.got} = {frame.frame}.sent", s)
        out += [frame.when(f"{at} == {k}", on, s)] if later else on
        return []

    def numbered(self) -> int:
        self.count += 1
        if self.tries:
            self.tried_in.append(self.count)
        if self.ends:
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
            return made(f"{at} == 0 and _", s, test)[0].value
        begins = test if isinstance(test, ast.Constant) and test.value is True and not others else \
            made(f"{at} != 0 or _", s, test)[0].value
        return made(f"{at} <= {last} and _", s, begins)[0].value if others else begins

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
        if in_loop(orelse):
            raise Unfit("that yields in a loop with a break in its else", s, _INSTEAD)
        at, item, last = frame.at, frame.item, self.count + labels(body)
        draw = made(f"{item} = {frame.helper('drawn')}({it})", s)
        bound = frame.plain(relocated(ast.Assign(targets=[target], value=frame.name(item)), s))
        stop = relocated(ast.Break(), s)
        if not labels(orelse):
            ended = [*[t for n in orelse for t in frame.plain(n)], stop]
            first = [*draw, frame.when(f"not {frame.helper('given')}({item})", ended, s), *bound]
            inner = self.block(body, False, tuple(first))
        else:
            ended_name = frame.fresh("ended")
            head = [*made(f"{ended_name} = {at} > {last}", s),
                    frame.when(f"{at} == 0", [*draw, *made(
                        f"{ended_name} = not {frame.helper('given')}({item})", s)], s)]
            rounds = self.block(body, False, tuple(bound))
            ended = [*self.block(orelse, False), stop]
            inner = [*head, frame.when(ended_name, ended, s), *rounds]
        return [relocated(ast.While(test=ast.Constant(value=True), body=inner, orelse=[]), s)]

    def tried(self, s: Any, end: int) -> list[Any]:
        frame = self.frame
        catches = any(may_catch(h.type) for h in s.handlers)
        self.tries += 1
        self.ends += bool(s.finalbody) or catches
        body = self.block(s.body, labels(s.orelse) > 0)
        self.ends -= catches and not s.finalbody
        handlers = [frame.handler(h) for h in s.handlers]
        orelse = self.block(s.orelse, False)
        self.ends -= bool(s.finalbody)
        self.tries -= 1
        final = [t for n in s.finalbody for t in frame.plain(n)]
        if final:
            # What leaves by `yield` will come back.
            final = [frame.when(f"{frame.frame}.at == -1", final, s)]
        return [relocated(ast.Try(body=body, handlers=handlers, orelse=orelse, finalbody=final), s)]
