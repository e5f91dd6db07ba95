"""Generators with each `yield` in a statement of its own, and none in `with`, `match`, `except`.

What an expression evaluates before a `yield` has a name then, so that it is evaluated before.
"""

from __future__ import annotations

import ast
import copy
from typing import Any

from s2sdiff.frontend.frames import Names, Unfit, made, relocated
from s2sdiff.frontend.yields import NESTED, in_loop, leaves, yields

__all__ = ["straightened"]

_SENT = "yield in a statement of its own, or take what is sent by `v = yield x`"


def straightened(body: list[Any], variables: set[str], names: Names) -> list[Any]:
    """The statements of a generator, whose own `variables` change where one sees it."""
    return _Straight(variables, names).block(body)


class _Straight:
    def __init__(self, variables: set[str], names: Names) -> None:
        self.variables, self.fresh, self.helper = variables, names.fresh, names.helper

    def block(self, nodes: list[Any]) -> list[Any]:
        out: list[Any] = []
        for s in nodes:
            if isinstance(s, NESTED) or not yields(s):
                out.append(s)
            else:
                self.statement(s, out)
        return out

    def statement(self, s: Any, out: list[Any]) -> None:
        match s:
            case ast.Expr(value=value) | ast.Assign(value=value) if isinstance(
                    value, (ast.Yield, ast.YieldFrom)):
                self.no_yield(*getattr(s, "targets", ()))
                self.handed_over(value, out)
                out.append(s)
            case ast.AnnAssign(target=target, value=value) if value is not None:
                self.statement(relocated(ast.Assign(targets=[target], value=value), s), out)
            case ast.AugAssign():
                self.augmented(s, out)
            case ast.Expr() | ast.Assign() | ast.Return() | ast.If() | ast.Raise() | ast.Match() | \
                    ast.Assert():
                self.first(s, out)
            case ast.For():
                self.no_yield(s.target)
                s.iter = self.value(s.iter, out)
                s.body, s.orelse = self.block(s.body), self.block(s.orelse)
                out.append(s)
            case ast.While():
                self.repeated(s, out)
            case ast.With():
                self.managed(s, out)
            case ast.Try():
                out += self.tried(s)
            case _:
                raise Unfit(f"that yields inside of a {type(s).__name__.lower()} statement", s,
                            _SENT)

    def first(self, s: Any, out: list[Any]) -> None:
        """What is evaluated before anything else is done."""
        name = {ast.If: "test", ast.Raise: "exc", ast.Match: "subject", ast.Assert: "test"}.get(
            type(s), "value")
        self.no_yield(*getattr(s, "targets", ()), getattr(s, "cause", None),
                      getattr(s, "msg", None))
        found = getattr(s, name)
        setattr(s, name, found and self.value(found, out))
        if isinstance(s, ast.If):
            s.body, s.orelse = self.block(s.body), self.block(s.orelse)
        if isinstance(s, ast.Match) and yields(s):
            out += self.matched(s)
        else:
            out.append(s)

    def no_yield(self, *nodes: Any) -> None:
        for n in nodes:
            if n is not None and yields(n):
                raise Unfit("that yields where a step cannot begin", n, _SENT)

    # --------------------------------------------------------------------------- expressions

    def value(self, node: Any, out: list[Any]) -> Any:
        """An expression without a `yield`, behind statements that have it."""
        if not yields(node):
            return node
        match node:
            case ast.Yield() | ast.YieldFrom():
                self.handed_over(node, out)
                return self.named(node, out, "sent")
            case ast.NamedExpr(target=target, value=value):
                got = self.named(self.value(value, out), out, "got")
                out += made("_ = _", node, target, got)
                return got
            case ast.BoolOp(op=op, values=values):
                return self.either(isinstance(op, ast.And), values, out, node)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                name = self.fresh("got")
                then: list[Any] = []
                other: list[Any] = []
                test = self.value(test, out)
                then += made(f"{name} = _", node, self.value(body, then))
                other += made(f"{name} = _", node, self.value(orelse, other))
                out.append(relocated(ast.If(test=test, body=then, orelse=other), node))
                return relocated(ast.Name(id=name, ctx=ast.Load()), node)
            case ast.Compare(ops=ops) if len(ops) > 1:
                self.no_yield(node)
        return self.parts(node, out)

    def handed_over(self, node: Any, out: list[Any]) -> None:
        if node.value is not None:
            node.value = self.value(node.value, out)

    def parts(self, node: Any, out: list[Any]) -> Any:
        found: list[tuple[Any, Any, Any]] = []
        for name, value in ast.iter_fields(node):
            items = enumerate(value) if isinstance(value, list) else [(None, value)]
            found += [(name, i, v) for i, v in items if isinstance(v, (ast.expr, ast.keyword))]
        if isinstance(node, ast.Dict):
            found.sort(key=lambda f: f[1])
        last = max(k for k, (_, _, v) in enumerate(found) if yields(v))
        for k, (name, i, v) in enumerate(found):
            if isinstance(v, ast.keyword):
                v.value = self.early(v.value, out, k < last)
                continue
            new = v if name == "func" and isinstance(v, ast.Name) else self.early(v, out, k < last)
            if i is None:
                setattr(node, name, new)
            else:
                getattr(node, name)[i] = new
        return node

    def early(self, node: Any, out: list[Any], before: bool) -> Any:
        if isinstance(node, ast.Starred):
            node.value = self.early(node.value, out, before)
            return node
        node = self.value(node, out)
        still = isinstance(node, ast.Constant) or (
            isinstance(node, ast.Name) and node.id in self.variables)
        return self.named(node, out, "part") if before and not still else node

    def named(self, node: Any, out: list[Any], hint: str) -> Any:
        name = self.fresh(hint)
        self.variables.add(name)
        out.append(relocated(ast.Assign(targets=[ast.Name(id=name, ctx=ast.Store())], value=node),
                             node))
        return relocated(ast.Name(id=name, ctx=ast.Load()), node)

    def either(self, both: bool, values: list[Any], out: list[Any], like: Any) -> Any:
        name = self.fresh("got")
        out += made(f"{name} = _", like, self.value(values[0], out))
        block = out
        for v in values[1:]:
            inner: list[Any] = []
            inner += made(f"{name} = _", like, self.value(v, inner))
            block += made(f"if {'' if both else 'not '}{name}: pass", like)
            block[-1].body = inner
            block = inner
        return relocated(ast.Name(id=name, ctx=ast.Load()), like)

    # ---------------------------------------------------------------------------- statements

    def augmented(self, s: Any, out: list[Any]) -> None:
        """The old value is read before, as Python does."""
        self.no_yield(s.target)
        target, old = s.target, self.fresh("old")
        if isinstance(target, (ast.Attribute, ast.Subscript)):
            target.value = self.named(target.value, out, "owner")
        if isinstance(target, ast.Subscript):
            target.slice = self.named(target.slice, out, "key")
        read: Any = copy.copy(target)
        read.ctx = ast.Load()
        out += made(f"{old} = _", s, relocated(read, target))
        value = self.value(s.value, out)
        name = ast.Name(id=old, ctx=ast.Store())
        out.append(relocated(ast.AugAssign(target=name, op=s.op, value=value), s))
        out.append(relocated(ast.Assign(targets=[target], value=ast.Name(id=old, ctx=ast.Load())),
                             s))

    def repeated(self, s: Any, out: list[Any]) -> None:
        if yields(s.test):
            if in_loop(s.orelse):
                raise Unfit("that yields in a loop with a break in its else", s, _SENT)
            head: list[Any] = []
            test = self.value(s.test, head)
            stop = [*s.orelse, ast.Break()]
            head.append(ast.If(test=ast.UnaryOp(op=ast.Not(), operand=test), body=stop, orelse=[]))
            s = ast.While(test=ast.Constant(value=True), body=[*head, *s.body], orelse=[])
            relocated(s, test)
        s.body, s.orelse = self.block(s.body), self.block(s.orelse)
        out.append(s)

    def matched(self, s: Any) -> list[Any]:
        """Which case it is, and then what is done there."""
        which = self.fresh("case")
        chain: list[Any] = []
        for i, c in reversed(list(enumerate(s.cases))):
            (case,) = made(f"if {which} == {i}: pass", s)
            case.body, case.orelse = self.block(c.body), chain
            c.body, chain = made(f"{which} = {i}", s), [case]
            self.no_yield(c.guard)
        return [*made(f"{which} = -1", s), s, *chain]

    def managed(self, s: Any, out: list[Any]) -> None:
        """What a `with` means (PEP 343), one after the other."""
        item, rest = s.items[0], s.items[1:]
        if len(s.items) > 1:
            s.body = [relocated(ast.With(items=rest, body=s.body, type_comment=None), s)]
        given = self.value(item.context_expr, out)
        if not any(map(yields, s.body)):
            item.context_expr, s.items = given, [item]
            out.append(s)
            return
        manager, failed, error = self.fresh("manager"), self.fresh("failed"), self.fresh("error")
        out += made(f"{manager} = _\n{self.helper('enterable')}({manager}, None)\n"
                    f"{failed} = False", s, given)
        entered = made(f"{manager}.__enter__()", s)
        if item.optional_vars is not None:
            entered = made("_ = _", s, item.optional_vars, entered[0].value)
        kind, trace = self.helper("kind_of"), self.helper("trace_of")
        (tried,) = made(f"try: pass\n"
                        f"except:\n"
                        f"    {failed} = True\n"
                        f"    {error} = {self.helper('raised')}()\n"
                        f"    if not {manager}.__exit__({kind}({error}), {error}, "
                        f"{trace}({error})): raise\n"
                        f"finally:\n"
                        f"    if not {failed}: {manager}.__exit__(None, None, None)", s)
        tried.body = self.block(s.body)
        out += [*entered, tried]

    def tried(self, s: Any) -> list[Any]:
        if any(map(yields, s.finalbody)):
            return self.final(s)
        s.body, s.orelse = self.block(s.body), self.block(s.orelse)
        if not any(map(yields, s.handlers)):
            return [s]
        which, caught = self.fresh("case"), self.fresh("caught")
        chain: list[Any] = []
        for i, h in reversed(list(enumerate(s.handlers))):
            (case,) = made(f"if {which} == {i}: pass", s)
            named = made(f"{h.name} = {caught}", h) if h.name else []
            raised = _Raised(caught)
            case.body = self.block([*named, *[raised.visit(n) for n in h.body]])
            case.orelse, chain = chain, [case]
            h.name, h.body = None, made(f"{which} = {i}\n{caught} = {self.helper('raised')}()", h)
        # What is done for an exception is not in the `try`, so that a step can begin there.
        final, s.finalbody = s.finalbody, []
        made_of = [*made(f"{which} = -1\n{caught} = None", s), s, *chain]
        return made_of if not final else [relocated(ast.Try(
            body=made_of, handlers=[], orelse=[], finalbody=final), s)]

    def final(self, s: Any) -> list[Any]:
        """A `finally` that yields comes behind the rest, which must not jump over it."""
        if any(map(leaves, [*s.body, *s.handlers, *s.orelse])):
            raise Unfit("that yields in a finally, and jumps to it", s, "yield behind it")
        failed, error = self.fresh("failed"), self.fresh("error")
        inner = s.body if not s.handlers else [relocated(ast.Try(
            body=s.body, handlers=s.handlers, orelse=s.orelse, finalbody=[]), s)]
        (tried,) = made(f"try: pass\nexcept BaseException as {error}: {failed} = {error}", s)
        tried.body = self.block(inner)
        again = made(f"if {failed} is not None: raise {failed}", s)
        return [*made(f"{failed} = None", s), tried, *self.block(s.finalbody), *again]


class _Raised(ast.NodeTransformer):
    """`raise` where the exception is no longer being handled."""

    def __init__(self, name: str) -> None:
        self.name = name

    def visit_Raise(self, node: Any) -> Any:
        if node.exc is None:
            node.exc = relocated(ast.Name(id=self.name, ctx=ast.Load()), node)
        return node

    def visit_Try(self, node: Any) -> Any:
        # In a handler inside, it is the inner exception that is raised again.
        node.body = [self.visit(n) for n in node.body]
        node.orelse = [self.visit(n) for n in node.orelse]
        return node

    def visit_FunctionDef(self, node: Any) -> Any:
        return node

    visit_Lambda = visit_ClassDef = visit_AsyncFunctionDef = visit_FunctionDef
