"""Loops over active values become loops over an index, so that each element's read has a rule."""

from __future__ import annotations

import itertools
import operator
import sys
from typing import Any

from s2sdiff import ir, ops
from s2sdiff.errors import UnsupportedError
from s2sdiff.ir import Bind, Block, Const, For, Function, Move, Ref, Var, While, replace
from s2sdiff.kinds import ANY
from s2sdiff.runtime import values, walks
from s2sdiff.transforms import effects
from s2sdiff.transforms.activity import refuse
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds import kind_of_atom

__all__ = ["concerned", "index"]

#: They give an iterator, which is walked once.
_ITERATORS = (Ref(enumerate), Ref(zip), Ref(reversed), Ref(iter), Ref(map), Ref(filter))


def concerned(function: Function, context: Context) -> bool:
    """Whether there is a loop over what may be active, or an iterator of such."""
    for s in ir.walk(function.body):
        name = s.source.name if isinstance(s, For) and isinstance(s.source, Var) else \
            s.targets[0] if isinstance(s, Bind) and s.fn in _ITERATORS and s.targets else None
        if name is not None and not context.kinds.get(name, ANY).inert:
            return True
    return False


def index(function: Function, context: Context, varies: set[str]) -> Function:
    """`for x in xs` with active xs as `for i in range(len(xs)): x = xs[i]`; zip, enumerate too."""
    sources = {s.targets[0]: s for s in ir.walk(function.body)
               if isinstance(s, Bind) and len(s.targets) == 1}
    shared = _shared(function.body, varies)
    indexer = _Index(function.origin, context, varies, sources, shared)
    body = indexer.block(function.body)
    if indexer.opened:
        # What was an iterator is read by nobody now.
        read = ir.all_reads(body)
        body = _without(body, {n for n in indexer.opened if n not in read})
    return replace(function, body=body)


def _without(block: Block, names: set[str]) -> Block:
    out = [ir.with_blocks(s, tuple(_without(b, names) for b in ir.blocks(s))) for s in block
           if not (isinstance(s, Bind) and len(s.targets) == 1 and s.targets[0] in names)]
    return ir.unless_same(out, block)


def _shared(body: Block, varies: set[str]) -> set[str]:
    """Iterators over active values that more than one statement or round may draw from."""
    made = {s.targets[0] for s in ir.walk(body) if isinstance(s, Bind) and len(s.targets) == 1
            and s.targets[0] in varies and isinstance(s.fn, Ref) and s.fn in _ITERATORS}
    readers: dict[str, int] = {}
    inside: dict[str, int] = {}

    def visit(block: Block, depth: int) -> None:
        for s in block:
            for name in ir.reads(s):
                again = inside.get(name, depth) < depth
                readers[name] = readers.get(name, 0) + 1 + again
            inside.update(dict.fromkeys(ir.defines(s), depth))
            for inner in ir.blocks(s):
                visit(inner, depth + isinstance(s, (For, While)))

    visit(body, 0)
    origins = {name: {name} for name in made}
    while True:
        before = {t: set(names) for t, names in origins.items()}
        for s in ir.walk(body):
            for t, a in zip(s.targets, s.sources, strict=True) if isinstance(s, Move) else ():
                if isinstance(a, Var) and a.name in origins:
                    origins.setdefault(t, set()).update(origins[a.name])
        if origins == before:
            return set().union(*(names for t, names in origins.items() if readers.get(t, 0) > 1))


class _Index:
    def __init__(self, origin: Any, context: Context, varies: set[str], sources: dict[str, Bind],
                 shared: set[str]) -> None:
        self.context, self.varies, self.sources = context, varies, sources
        self.origin, self.shared = origin, shared
        #: The iterators of which loops read the operands instead.
        self.opened: set[str] = set()
        #: In a loop that may write: what unknown operands gave, and those operands.
        self.walked: list[ir.Arg] | None = None
        self.arrays: tuple[tuple[str | None, ir.Atom], ...] = ()
        self.checks = True
        self.calm = False

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
        first: list[ir.Stmt] = []
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
        return [*before, replace(s, target=i, source=Var(source), body=(*first, *s.body))]

    def written(self, s: For) -> set[str]:
        """The sorts of what may be written while it is walked over."""
        memory = self.context.memory
        if memory is None or not isinstance(s.source, Var) or not effects.writes_in(
                s.body, self.origin, self.context):
            return set()
        if effects.written_anywhere(s.body, self.origin, self.context):
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

    def quiet(self, s: For) -> bool:
        """Whether a loop writes nothing that existed before, and is not left early."""
        return not effects.writes_in(s.body, self.origin, self.context) and not any(
            isinstance(e, ir.Exit) for e in ir.walk(s.body))

    def unknown(self, source: ir.Arg, before: list[ir.Stmt], loc: ir.Loc) -> Var:
        """What a walk over a value of unknown kind gives: a sequence, or a refusal."""
        how = values.undisturbed if self.calm else values.sequence
        items = self.made(how, [source], "items_1", before, loc)
        if self.walked is not None:
            self.walked += [items, source]
        return items

    def viewed(self, made: Bind) -> ir.Atom | None:
        """The dict of which a call gives a view, if it may be written meanwhile."""
        fn, memory = made.fn.object if isinstance(made.fn, Ref) else None, self.context.memory
        if memory is None or not made.args or made.kwargs or not isinstance(made.args[0], Var):
            return None
        views = [n for n in ("values", "items") if fn is getattr(dict, n) or (
            fn is ops.method and made.args[1:] == (Const(n),))]
        d = made.args[0]
        kind, node = kind_of_atom(d, self.context), memory.class_of(d.name)
        written = node is not None and "fields" in memory.sorts.get(node, ())
        return d if views and kind.type is dict and written else None

    def grows(self, walked: ir.Arg, before: list[ir.Stmt]) -> ir.Var | None:
        """A list that is walked over, and may be written meanwhile."""
        memory = self.context.memory
        if memory is None or not isinstance(walked, Var):
            return None
        name = walked.name
        made = next((b.args[0].name for b in before if isinstance(b, Bind) and b.targets == (name,)
                     and (b.calls(values.sequence) or b.calls(values.undisturbed))
                     and isinstance(b.args[0], Var)), name)
        node = memory.class_of(made)
        kind = self.context.kinds.get(made, ANY)
        if node is None or kind.is_array or kind.type is tuple:
            return None
        return Var(name) if "fields" in memory.sorts.get(node, ()) else None

    def item(self, source: ir.Arg, target: ir.Pattern, i: ir.Atom, before: list[ir.Stmt],
             first: list[ir.Stmt], loc: ir.Loc, known: bool = False) -> ir.Atom | None:
        """Statements that bind `target` to element i; the atom that holds the length."""
        if isinstance(source, ir.Star):
            return None
        made = self.sources.get(source.name) if isinstance(source, Var) else None
        d = self.viewed(made) if made is not None else None
        if d is not None and made is not None:
            return self.of_dict(made, d, target, i, before, first, loc)
        if made is not None and isinstance(made.fn, Ref) and not made.kwargs:
            fn = made.fn.object
            width = len(made.args) if fn is zip else 2 if fn is enumerate else 0
            if isinstance(target, str) and width and not any(
                    isinstance(a, ir.Star) for a in made.args):
                parts = tuple(self.context.names("item_1") for _ in range(width))
                length = self.item(source, parts, i, before, first, loc)
                if length is not None:
                    items = tuple(map(Var, parts))
                    first.append(Bind((target,), Ref(ops.tuple_), items, (), loc))
                return length
            self.opened.add(made.targets[0])
            if fn is enumerate and len(made.args) == 1 and isinstance(target, tuple) \
                    and len(target) == 2 and isinstance(target[0], str):
                first.append(ir.Move((target[0],), (i,), loc))
                return self.item(made.args[0], target[1], i, before, first, loc)
            if fn is zip and isinstance(target, tuple) and len(target) == len(made.args):
                lengths = [self.item(a, t, i, before, first, loc)
                           for a, t in zip(made.args, target, strict=True)]
                if any(n is None for n in lengths):
                    return None
                finite = [n for n in lengths if n != Const(sys.maxsize)]
                lengths = finite or lengths[:1]
                if len(lengths) == 1:
                    return lengths[0]
                return self.made(min, lengths, "length_1", before, loc)
            if fn is map and len(made.args) == 2 and isinstance(target, (str, tuple)) and not any(
                    isinstance(a, ir.Star) for a in made.args):
                given = self.context.names("item_1")
                length = self.item(made.args[1], given, i, before, first, loc)
                if length is None:
                    return None
                result = target if isinstance(target, str) else self.context.names("item_1")
                first.append(Bind((result,), made.args[0], (Var(given),), (), loc))
                if not isinstance(target, str):
                    self.unpack(Var(result), target, first, loc)
                return length
            if fn is reversed and len(made.args) == 1 and not isinstance(made.args[0], ir.Star):
                length = self.length(made.args[0], before, loc, known)
                if length is None:
                    return None
                last = self.made(operator.sub, [length, Const(1)], "last_1", before, loc)
                k = self.made(operator.sub, [last, i], "k_1", first, loc)
                self.bind(made.args[0], target, k, first, loc)
                return length
        if made is not None:
            length = self.endless(made, target, i, before, first, loc)
            if length is not None:
                return length
        length = self.length(source, before, loc, known)
        if length is None and self.walked is not None and self.sources_of(source) is None:
            source = self.unknown(source, before, loc)
            length = self.length(source, before, loc, True)
        if length is not None:
            self.bind(source, target, i, first, loc)
        return length

    def endless(self, made: Bind, target: ir.Pattern, i: ir.Atom, before: list[ir.Stmt],
                first: list[ir.Stmt], loc: ir.Loc) -> ir.Atom | None:
        """`count`, `cycle` and `repeat` have an item for each index, and no length."""
        fn = made.fn.object if isinstance(made.fn, Ref) else None
        args = made.args
        if made.kwargs or not args or any(isinstance(a, ir.Star) for a in args):
            return None
        kinds_ = [kind_of_atom(a, self.context) for a in args]
        if fn is itertools.count and all(k.type is int for k in kinds_) and isinstance(target, str):
            step = args[1] if len(args) > 1 else Const(1)
            ahead = i if step == Const(1) else self.made(operator.mul, [i, step], "k_1", first, loc)
            first.append(Bind((target,), Ref(operator.add), (args[0], ahead), (), loc))
            self.opened.add(made.targets[0])
            return Const(sys.maxsize)
        if fn is itertools.repeat and len(args) == 1 and isinstance(target, str):
            first.append(Move((target,), args, loc))
            self.opened.add(made.targets[0])
            return Const(sys.maxsize)
        kind, node = kinds_[0], None
        if self.context.memory is not None and isinstance(args[0], Var):
            node = self.context.memory.class_of(args[0].name)
        written = node is not None and self.context.memory.sorts.get(node)
        if fn is itertools.cycle and not written and (
                kind.is_array or kind.type in (tuple, list, range)):
            length = self.made(len, [args[0]], "length_1", first, loc)
            k = self.made(operator.mod, [i, length], "k_1", first, loc)
            self.bind(args[0], target, k, first, loc)
            whole = self.made(len, [args[0]], "length_1", before, loc)
            self.opened.add(made.targets[0])
            return self.made(values.endless, [whole], "length_1", before, loc)
        return None

    def sources_of(self, source: ir.Arg) -> Bind | None:
        """The call that made an iterator which takes its items from others."""
        made = self.sources.get(source.name) if isinstance(source, Var) else None
        return made if made is not None and isinstance(made.fn, Ref) and (
            made.fn in _ITERATORS) else None

    def of_dict(self, made: Bind, d: ir.Atom, target: ir.Pattern, i: ir.Atom,
                before: list[ir.Stmt], first: list[ir.Stmt], loc: ir.Loc) -> ir.Atom:
        """Values are read when their turn comes, as Python does."""
        keys = self.made(list, [d], "keys_1", before, loc)
        if self.walked is None:
            self.walked = []
        self.walked += [keys, d]
        length = self.made(len, [keys], "length_1", before, loc)
        pairs = "items" in (getattr(made.fn, "object", None).__name__, getattr(
            made.args[-1], "value", None))
        k = self.made(operator.getitem, [keys, i], "key_1", first, loc)
        if not pairs:
            self.bind(d, target, k, first, loc)
            return length
        value = self.made(operator.getitem, [d, k], "value_1", first, loc)
        if isinstance(target, tuple) and len(target) == 2:
            for part, atom in zip(target, (k, value), strict=True):
                if isinstance(part, str):
                    first.append(Move((part,), (atom,), loc))
                else:
                    self.unpack(atom, part, first, loc)
            return length
        pair = self.made(ops.tuple_, [k, value], "item_1", first, loc)
        if isinstance(target, str):
            first.append(Move((target,), (pair,), loc))
        else:
            self.unpack(pair, target, first, loc)
        return length

    def length(self, source: ir.Atom, before: list[ir.Stmt], loc: ir.Loc,
               known: bool) -> ir.Atom | None:
        kind = kind_of_atom(source, self.context)
        if not (known or kind.is_array or kind.type in (tuple, list, range)):
            return None
        return self.made(len, [source], "length_1", before, loc)

    def made(self, fn: Any, args: list, hint: str, out: list[ir.Stmt], loc: ir.Loc) -> Var:
        name = self.context.names(hint)
        spelled = Ref(fn, fn.__name__) if fn in (len, list, min) else Ref(fn)
        out.append(Bind((name,), spelled, tuple(args), (), loc))
        return Var(name)

    def bind(self, source: ir.Atom, target: ir.Pattern, i: ir.Atom, out: list[ir.Stmt],
             loc: ir.Loc) -> None:
        if isinstance(target, str):
            out.append(Bind((target,), Ref(operator.getitem), (source, i), (), loc))
            return
        item = self.made(operator.getitem, [source, i], "item_1", out, loc)
        self.unpack(item, target, out, loc)

    def unpack(self, item: ir.Atom, target: tuple, out: list[ir.Stmt], loc: ir.Loc) -> None:
        names = tuple(t if isinstance(t, str) else self.context.names("item_1") for t in target)
        out.append(Bind(names, Ref(ops.unpack), (item, Const(len(names)), Const(None)), (), loc))
        for name, t in zip(names, target, strict=True):
            if not isinstance(t, str):
                self.unpack(Var(name), t, out, loc)
