"""Objects of one class that lie in lists become places in lists of their attributes.

`bodies = [Body(...), ...]`, where `Body` is a plain class: each object is a number, the place that
its attributes have in `body_x`, `body_vx` and so on, which are lists of plain values.  What is one
object under two names is one number, so that whoever writes by one name is seen by the other.
Methods are written into their calls, as `unboxed` does.  Any use of such an object but reading and
writing attributes, calling methods, asking whether it is another one, and putting it into lists,
dicts and tuples, and the class keeps its objects.
"""

from __future__ import annotations

import types
from typing import Any

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Function, Ref, Var, replace
from s2sdiff.transforms import closures, unboxed
from s2sdiff.transforms.assumptions import Assumptions
from s2sdiff.transforms.bodies import class_of
from s2sdiff.transforms.context import Context, Guard
from s2sdiff.transforms.fresh_names import Names
from s2sdiff.transforms.objects import Outlived, Seen, Site
from s2sdiff.transforms.pool_calls import Pooler
from s2sdiff.transforms.pool_families import Family, Kept, Together, joined
from s2sdiff.transforms.pool_nones import checked
from s2sdiff.transforms.pool_statements import Shapes, strange
from s2sdiff.transforms.pool_writing import Writer

__all__ = ["run"]

#: How often methods are written in whose objects are known only then; and how long a function gets.
_ROUNDS, _LIMIT = 8, 600


def run(function: Function, context: Context) -> Function:
    """The function without the objects that can be done without."""
    plain = unboxed.run(function, context)
    kept: set[type] = set()
    families: dict[type, Family] = {}
    while True:
        left = {c for s in ir.statements(plain) if (c := class_of(s, function.origin)) is not None
                and c is not types.SimpleNamespace and type(s) is Bind}
        if not left - kept:
            return plain
        try:
            return _Pools(function, context, left - kept, families).written()
        except Together as found:
            families = joined(families, found.fields)
        except Kept as found:
            if found.classes <= kept:
                return plain
            kept |= found.classes


class _Pools:
    """One attempt, for objects of some classes."""

    def __init__(self, function: Function, context: Context, classes: set[type],
                 families: dict[type, Family]) -> None:
        self.function, self.context, self.classes = function, context, classes
        self.families = families
        #: By class, the list that each attribute lies in; the variables that have new objects.
        self.fields: dict[type, dict[str, str]] = {}
        self.made: dict[str, type] = {}
        self.banned: set[Site] = set()
        self.guards: list[Guard] = []
        self.methods: list[Any] = []
        self.assumptions = Assumptions()

    def written(self) -> Function:
        current, shapes = closures.written_in(self.function), None
        for _ in range(_ROUNDS):
            before = current
            current = self.round(current, shapes)
            if current is before:
                break
            if sum(1 for _ in ir.statements(current)) > _LIMIT:
                raise Kept(self.classes)
            shapes = Shapes(current, self.made, self.fields, self.families)
            together = shapes.together()
            if together:
                raise Together({c: set(self.fields[c]) for c in together})
        else:
            raise Kept(self.classes)
        if not self.fields:
            raise Kept(self.classes)
        assert shapes is not None
        wrong = shapes.mixed().union(*[shapes.classes(shapes.of(Var(n)))
                                       for _, n in strange(shapes)])
        if wrong:
            raise Kept(wrong)
        names = Names({*current.names, *ir.all_names(current.body)})
        body = Writer(shapes, self.fields, names).block(checked(current.body, shapes, names))
        loc = self.function.loc
        lists = {n for fields in self.fields.values() for n in fields.values()}
        lists |= {n for c in self.fields if (f := self.families.get(c)) for n in f.lists}
        start = [Bind((name,), Ref(ops.list_), (), (), loc) for name in sorted(lists)]
        for guard in self.guards:
            self.context.guard(guard)
        self.context.rules.update((id(f), (f, None)) for f in self.methods)
        made, unmet = self.assumptions.settled(
            replace(current, body=(*start, *body), names=frozenset(names.taken),
                    bases={**current.bases, **names.bases}), self.context)
        if unmet:
            raise Kept(self.classes)
        return made

    def round(self, function: Function, shapes: Shapes | None) -> Function:
        """With the methods written in that are known to be called by now."""
        apart: set[str] = set()
        while True:
            made, fields = dict(self.made), {c: dict(f) for c, f in self.fields.items()}
            pooler = Pooler(function, self, apart, shapes)
            try:
                body = pooler.block(function.body, ())
                pooler.nothing_left(body)
            except Seen as seen:
                if not seen.sites or seen.sites <= self.banned:
                    raise Kept(self.classes) from None
                self.banned |= seen.sites
            except Outlived as outlived:
                if outlived.name in apart:
                    raise Kept(self.classes) from None
                apart.add(outlived.name)
            else:
                if not pooler.objects and not pooler.written:
                    return function
                self.guards += pooler.guards
                self.methods += pooler.methods
                names = function.names | {n for f in self.fields.values() for n in f.values()}
                names |= {n for f in self.families.values() for n in f.lists}
                return replace(function, body=body, names=names,
                               bases={**function.bases, **pooler.names.bases})
            self.made, self.fields = made, fields
