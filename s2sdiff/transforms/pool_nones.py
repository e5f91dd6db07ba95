"""Where None may lie instead of an object that has a place, an attribute is None's, too.

`node.next.value` raises AttributeError at the end of a chain.  A place is looked at before the
first attribute that is read or written by a name, unless it is known by then that it is none.
"""

from __future__ import annotations

import operator
from typing import Any

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Block, Const, Def, Exit, If, Move, Ref, Store, Var, While
from s2sdiff.transforms.fresh_names import Names
from s2sdiff.transforms.pool_rules import means
from s2sdiff.transforms.pool_statements import Shapes

__all__ = ["before_call", "checked"]

#: What the names of the tests end with.
_TEST = "_is_none"


def checked(block: Block, shapes: Shapes, names: Names) -> Block:
    """The block, with a look at what may be None before its attributes are."""
    return _Checks(shapes, names).block(block, set())


def before_call(s: Bind, cls: type, name: str, args: tuple, names: Names) -> Block | None:
    """A look at what may be None, before a method is written in; None: who knows what it gives."""
    if s.calls(ops.method) or s.calls(getattr):
        return _look(args[0], names, Ref(getattr), (Const(None), Const(name)), s.loc)
    if name == "__call__" or hasattr(cls, f"__r{name[2:]}"):
        return None
    return _look(args[0], names, s.fn, (Const(None),) * len(args), s.loc)


def _look(a: Var, names: Names, fn: Any, given: tuple[Any, ...], loc: ir.Loc) -> Block:
    """A call that raises, with None, what Python does; if that is what a variable holds."""
    test = names(f"{a.name}{_TEST}")
    return (Bind((test,), Ref(operator.is_), (a, Const(None)), (), loc),
            If(Var(test), (Bind((), fn, given, (), loc),), (), loc))


class _Checks:
    def __init__(self, shapes: Shapes, names: Names) -> None:
        self.shapes, self.names = shapes, names
        #: By a test's name, the name that is looked at, and what the test is where that is no None.
        self.tests: dict[str, tuple[str, bool]] = {}

    def block(self, block: Block, sure: set[str]) -> Block:
        """`sure` are names that hold no None; as they are after the block in the end."""
        out: list[ir.Stmt] = []
        for s in block:
            name, field = self.asked(s)
            if name is not None and name not in sure:
                given = Const(None), Const(field)
                out += _look(Var(name), self.names, Ref(getattr), given, s.loc)
                sure.add(name)
            looked = self.looked_at(s)
            if looked is not None and out and list(ir.defines(out[-1])) == ir.reads(s):
                if looked in sure:
                    # The test that was made for it goes, too.
                    out.pop()
                    continue
                sure.add(looked)
            out.append(self.inner(s, sure) if ir.blocks(s) else s)
            self.learn(s, sure)
        return tuple(out)

    def asked(self, s: ir.Stmt) -> tuple[str | None, Any]:
        """The name whose attribute is read or written here, and may be None, and the attribute."""
        if isinstance(s, Store) and s.place == "attribute":
            owner, key = s.target, s.key
        elif isinstance(s, Bind) and len(s.args) == 2 and \
                means(s.fn, self.shapes.function) is getattr:
            owner, key = s.args
        else:
            return None, None
        if not isinstance(owner, Var) or not isinstance(key, Const) or \
                self.shapes.object_of(owner) is None or not self.shapes.of(owner).none:
            return None, None
        return owner.name, key.value

    def looked_at(self, s: ir.Stmt) -> str | None:
        """The name that `_look` is for, where this is one."""
        if not isinstance(s, If) or s.orelse or len(s.then) != 1 or not isinstance(s.test, Var):
            return None
        name, holds = self.tests.get(s.test.name, (None, True))
        (only,) = s.then
        raises = isinstance(only, Bind) and not only.targets and only.args[:1] == (Const(None),)
        made = s.test.name.startswith(f"{name}{_TEST}")
        return name if raises and made and not holds else None

    def inner(self, s: Any, sure: set[str]) -> ir.Stmt:
        """A statement with its blocks, each by what is known where it begins."""
        if isinstance(s, If):
            ways, tests = [], self.tests
            for way, holds in ((s.then, True), (s.orelse, False)):
                known, self.tests = sure | self.told(s.test, holds), dict(tests)
                ways.append((self.block(way, known), known))
                self.tests = tests
            ends = [known for made, known in ways if not made or not isinstance(made[-1], Exit)]
            after = set.intersection(*ends) if ends else set()
            sure.clear()
            sure |= after
            return ir.with_blocks(s, tuple([made for made, _ in ways]))
        # What is bound in it may be bound anew by the time that a block begins.
        sure -= ir.all_defs((s,))
        self.tests = {}
        if isinstance(s, Def):
            return ir.with_blocks(s, (self.block(s.body, set()),))
        if isinstance(s, While):
            known = set(sure)
            head = self.block(s.head, known)
            body = self.block(s.body, known | self.told(s.test, True))
            self.tests = {}
            return ir.with_blocks(s, (head, body, self.block(s.orelse, set(sure))))
        made = []
        for b in ir.blocks(s):
            made.append(self.block(b, set(sure)))
            self.tests = {}
        return ir.with_blocks(s, tuple(made))

    def told(self, test: Any, holds: bool) -> set[str]:
        found = self.tests.get(test.name) if isinstance(test, Var) else None
        return {found[0]} if found is not None and found[1] is holds else set()

    def learn(self, s: ir.Stmt, sure: set[str]) -> None:
        """What a statement says of the names that it binds."""
        if isinstance(s, Move):
            held = {t for t, a in zip(s.targets, s.sources, strict=True)
                    if isinstance(a, Var) and a.name in sure | self.shapes.made.keys()}
            sure -= set(s.targets)
            sure |= held
        elif not isinstance(s, If):
            sure -= set(ir.defines(s))
        bound = ir.all_defs((s,))
        self.tests = {t: (n, h) for t, (n, h) in self.tests.items()
                      if t not in bound and n not in bound}
        if isinstance(s, Bind) and len(s.args) == 2 and s.args[1] == Const(None) and \
                isinstance(s.args[0], Var) and (s.calls(operator.is_) or s.calls(operator.is_not)):
            self.tests[s.targets[0]] = s.args[0].name, s.calls(operator.is_not)
