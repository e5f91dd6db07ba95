"""Loops over active values become loops over an index, so that each element's read has a rule."""

from __future__ import annotations

import operator

from s2sdiff import ir
from s2sdiff.errors import UnsupportedError
from s2sdiff.ir import Bind, Block, Const, For, Function, Move, Ref, Var, While, replace
from s2sdiff.kinds import ANY
from s2sdiff.runtime import values, walks
from s2sdiff.transforms import writing
from s2sdiff.transforms.activity import mattering
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds import kind_of_atom
from s2sdiff.transforms.loop_items import DRAWN, ITERATORS, Items
from s2sdiff.transforms.planting import refuse

__all__ = ["concerned", "index", "looked_at", "shared"]


def concerned(function: Function, context: Context) -> bool:
    """Whether there is a loop over what may be active, or an iterator of such."""
    for s in ir.statements(function):
        name = s.source.name if isinstance(s, For) and isinstance(s.source, Var) else \
            s.targets[0] if isinstance(s, Bind) and s.fn in ITERATORS and s.targets else None
        if name is not None and not context.kinds.get(name, ANY).inert:
            return True
    return False


def index(function: Function, context: Context, varies: set[str]) -> Function:
    """`for x in xs` with active xs as `for i in range(len(xs)): x = xs[i]`; zip, enumerate too."""
    sources = {s.targets[0]: s for s in ir.statements(function)
               if isinstance(s, Bind) and len(s.targets) == 1}
    indexer = _Index(function.origin, context, varies - looked_at(function, context, varies),
                     sources, shared(function, context, varies))
    body = indexer.block(function.body)
    waiting = indexer.opened
    while waiting:
        # What was an iterator is read by nobody now; those that it walked over may be next.
        read = ir.all_reads(body)
        unread = {n for n in waiting if n not in read}
        body = _without(body, unread)
        waiting = waiting - unread if unread else set()
    return replace(function, body=body)


def looked_at(function: Function, context: Context, varies: set[str]) -> set[str]:
    """What loops walk over of which no item matters to a derivative."""
    walked = [s for s in ir.statements(function) if isinstance(s, For) and isinstance(s.source, Var)
              and s.source.name in varies]
    if not walked:
        return set()
    matters = mattering(function, context)
    names = {True: set[str](), False: set[str]()}
    for s in walked:
        names[matters.isdisjoint(ir.defines(s))].update(ir.reads(s))
    return names[True] - names[False]


def _without(block: Block, names: set[str]) -> Block:
    out: list[ir.Stmt] = []
    for s in block:
        if isinstance(s, Bind):
            if len(s.targets) == 1 and s.targets[0] in names:
                continue
        else:
            s = ir.with_blocks(s, tuple([_without(b, names) for b in ir.blocks(s)]))
        out.append(s)
    return ir.unless_same(out, block)


def shared(function: Function, context: Context, varies: set[str]) -> set[str]:
    """Iterators over active values that more than one statement or round may draw from."""
    body, varies = function.body, varies - looked_at(function, context, varies)
    made = {s.targets[0] for s in ir.walk(body) if isinstance(s, Bind) and len(s.targets) == 1
            and s.targets[0] in varies and isinstance(s.fn, Ref) and s.fn in DRAWN}
    readers: dict[str, int] = {}
    _count_readers(body, 0, readers, {})
    origins = {name: {name} for name in made}
    while True:
        before = {t: set(names) for t, names in origins.items()}
        for s in ir.walk(body):
            for t, a in zip(s.targets, s.sources, strict=True) if isinstance(s, Move) else ():
                if isinstance(a, Var) and a.name in origins:
                    origins.setdefault(t, set()).update(origins[a.name])
        if origins == before:
            return set().union(*(names for t, names in origins.items() if readers.get(t, 0) > 1))


def _count_readers(block: Block, depth: int, readers: dict[str, int],
                   inside: dict[str, int]) -> None:
    """Add up the readers of each name, twice where a loop around lies inside of the name's."""
    for s in block:
        for name in ir.reads(s):
            again = inside.get(name, depth) < depth
            readers[name] = readers.get(name, 0) + 1 + again
        inside.update(dict.fromkeys(ir.defines(s), depth))
        for inner in ir.blocks(s):
            _count_readers(inner, depth + isinstance(s, (For, While)), readers, inside)


def _counted(s: For, i: str) -> For:
    """A loop over an index, of which a number of the user's that is a copy takes the place."""
    for m in s.body:
        if isinstance(m, Move) and m.sources == (Var(i),):
            (t,) = m.targets
            if sum(t in ir.defines(other) for other in ir.walk(s.body)) == 1:
                body = tuple([other for other in s.body if other is not m])
                return replace(s, target=t, body=ir.rename(body, {i: t}))
    return s


class _Index(Items):
    """Loops over what varies, each as a loop over an index."""

    def block(self, block: Block) -> Block:
        out: list[ir.Stmt] = []
        for s in block:
            inner = ir.blocks(s)
            if inner:
                s = ir.with_blocks(s, tuple(self.block(b) for b in inner))
            if isinstance(s, Bind) and self.shared.intersection(s.targets):
                out.append(refuse(UnsupportedError,
                                  "an iterator over active values is used more than once",
                                  "make one for each use, or loop over an array, a list or a tuple",
                                  s.loc))
            if not isinstance(s, For):
                s = self.seen_now(s, out)
            if isinstance(s, For) and isinstance(s.source, Var) and s.source.name in self.varies:
                out += self.loop(s)
            else:
                out.append(s)
        return ir.unless_same(out, block)

    def seen_now(self, s: ir.Stmt, out: list[ir.Stmt]) -> ir.Stmt:
        """A statement that reads a view of a dict which may have been written: of the dict now."""
        for name in dict.fromkeys(ir.reads(s)):
            made = self.sources.get(name)
            if made is not None and self.viewed(made) is not None:
                anew = self.context.names(name)
                self.sources[anew] = replace(made, targets=(anew,), loc=getattr(s, "loc", made.loc))
                out.append(self.sources[anew])
                s = ir.substitute(s, {name: Var(anew)})
                self.opened.add(name)
        return s

    def loop(self, s: For) -> list[ir.Stmt]:
        before: list[ir.Stmt] = []
        i = self.context.names("i")
        self.walked, self.arrays, self.checks, self.calm = None, (), True, False
        self.still = not writing.writes_in(s.body, self.origin, self.context, self.keeps_length)
        first: list[ir.Stmt] = []
        s = self.of_its_dict(s)
        found = self.dict_of(s.source)
        if found is not None and self.still:
            return self.over_keys(s, *found)
        length = self.item(s.source, s.target, Var(i), before, first, s.loc)
        if length is None:
            # An iterator of unknown kind: what it gives must be a sequence, or it is refused.
            before.clear()
            first.clear()
            written = self.written(s)
            self.walked, self.checks = [], bool(written)
            self.arrays = () if "array" in written else (("arrays", Const(False)),)
            self.calm = self.quiet(s)
            if written or self.sources_of(s.source) is not None:
                length = self.item(s.source, s.target, Var(i), before, first, s.loc)
            if length is None:
                before.clear()
                first.clear()
                self.walked = []
                items = self.unknown(s.source, before, s.loc)
                length = self.item(items, s.target, Var(i), before, first, s.loc, True)
        source = self.context.names("range_1")
        assert length is not None
        if not self.growing(before, source, s.loc):
            before.append(Bind((source,), Ref(range, "range"), (length,), (), s.loc))
        return [*before, _counted(replace(s, target=i, source=Var(source),
                                          body=(*first, *s.body)), i)]

    def over_keys(self, s: For, d: ir.Atom, drawn: str) -> list[ir.Stmt]:
        """A loop over a dict, or a view of one, as a loop over its keys."""
        before: list[ir.Stmt] = []
        first: list[ir.Stmt] = []
        key = s.target if drawn == "keys" and isinstance(s.target, str) else None
        if s.source != d:
            assert isinstance(s.source, Var)
            self.opened.add(s.source.name)
        keys = self.keys(d, drawn, before, s.loc)
        if key is None:
            key = self.context.names("key")
            self.of_dict(d, drawn, s.target, Var(key), first, s.loc)
        return [*before, _counted(replace(s, target=key, source=keys, body=(*first, *s.body)),
                                  key)]

    def written(self, s: For) -> set[str]:
        """The sorts of what may be written while it is walked over."""
        memory = self.context.memory
        if memory is None or not isinstance(s.source, Var) or not writing.writes_in(
                s.body, self.origin, self.context):
            return set()
        if writing.written_anywhere(s.body, self.origin, self.context):
            return {"array", "fields"}
        node = memory.class_of(s.source.name)
        return set() if node is None else memory.written_in(node)

    def growing(self, before: list[ir.Stmt], source: str, loc: ir.Loc) -> bool:
        """Where lists that are walked over may be written meanwhile, each round asks for lengths.

        What is walked over from its end has the length that it had at first.
        """
        binds = [b for b in before if isinstance(b, Bind)]
        lengths = {b.targets[0]: b.args[0] for b in binds if b.calls(len)}
        # How long it is that `cycle` goes through is no limit.
        limits = {b.args[0].name: b.targets[0] for b in binds if b.calls(values.endless)
                  and isinstance(b.args[0], Var)}
        backwards = {b.args[0].name for b in binds if b.calls(operator.sub)
                     and isinstance(b.args[0], Var)}
        along = self.walked if self.walked is not None and self.checks else []
        steady = {a for a, _ in zip(along[::2], along[1::2], strict=True)}
        grow = {n: a for n, a in lengths.items()
                if n not in backwards and n not in limits
                and (a in steady or self.grows(a, before))}
        if not grow:
            return False
        before[:] = [b for b in before if not isinstance(b, Bind)
                     or not (b.calls(min) or b.targets[0] in grow)]
        fixed = [Var(limits.get(n, n)) for n in lengths if n not in grow]
        stop = fixed[0] if fixed else None
        if len(fixed) > 1:
            stop = self.made(min, fixed, "length_1", before, loc)
        kwargs = (("stop", stop),) if stop is not None else ()
        if along:
            pairs = [x for a in grow.values() if a not in steady for x in (a, a)]
            before.append(Bind((source,), Ref(walks.steps), (*pairs, *along),
                               (*kwargs, *self.arrays), loc))
        else:
            before.append(Bind((source,), Ref(values.indices), tuple(grow.values()), kwargs, loc))
        return True

    def keeps_length(self, s: ir.Stmt) -> bool:
        """An item of an array or a list is written, which leaves as many of them as there were."""
        if not isinstance(s, ir.Store) or s.place != "item" or s.fn is operator.delitem or \
                s.key is None:
            return False
        kind = kind_of_atom(s.target, self.context)
        # In place, an item that is a list gets longer, and that may be what is walked over.
        return kind.is_array or (kind.type is list and s.fn is operator.setitem
                                 and kind_of_atom(s.key, self.context).type is int)

    def quiet(self, s: For) -> bool:
        """Whether a loop writes nothing that existed before, and is not left early."""
        return not writing.writes_in(s.body, self.origin, self.context) and not any(
            isinstance(e, ir.Exit) for e in ir.walk(s.body))

    def grows(self, walked: ir.Arg, before: list[ir.Stmt]) -> ir.Var | None:
        """A list that is walked over, and may be written meanwhile."""
        memory = self.context.memory
        if memory is None or self.still or not isinstance(walked, Var):
            return None
        name = walked.name
        made = next((b.args[0].name for b in before if isinstance(b, Bind) and b.targets == (name,)
                     and (b.calls(values.sequence) or b.calls(values.undisturbed))
                     and isinstance(b.args[0], Var)), name)
        node = memory.class_of(made)
        kind = self.context.kinds.get(made, ANY)
        if node is None or kind.is_array or kind.is_tuple:
            return None
        return Var(name) if "fields" in memory.sorts.get(node, ()) else None

