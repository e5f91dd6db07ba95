"""What a round of a loop binds to its target, at an index, for all that loops can walk over."""

from __future__ import annotations

import itertools
import operator
import sys
from typing import Any

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Const, Move, Ref, Var, replace
from s2sdiff.runtime import values
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds import kind_of_atom

__all__ = ["DRAWN", "ITERATORS", "Items"]

#: They give an iterator, which is walked once.
ITERATORS = frozenset(map(Ref, (enumerate, zip, reversed, iter, map, filter)))
#: With those that have no end: each goes on where somebody has left it.
DRAWN = ITERATORS | frozenset(map(Ref, (itertools.count, itertools.cycle, itertools.repeat)))


class Items:
    """Statements that read the items of a loop one by one; `transforms.loops` uses them."""

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
        #: The loop writes nothing that existed before it.
        self.still = False

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

    def dict_of(self, source: ir.Arg) -> tuple[ir.Atom, str] | None:
        """The dict that a loop walks over, and what is drawn of it: keys, values or items."""
        made = self.sources.get(source.name) if isinstance(source, Var) else None
        if isinstance(source, Var) and kind_of_atom(source, self.context).type is dict:
            return (source, "keys") if kind_of_atom(source, self.context).drawn.inert else None
        if made is None or not made.args or made.kwargs or not isinstance(made.args[0], Var) or \
                kind_of_atom(made.args[0], self.context).type is not dict:
            return None
        names = [n for n in ("keys", "values", "items") if made.calls(getattr(dict, n)) or (
            made.calls(ops.method) and made.args[1:] == (Const(n),))]
        if not names:
            return None
        # Of keys that are objects, the loop reads what those hold.
        known = names[0] == "values" or kind_of_atom(made.args[0], self.context).drawn.inert
        return (made.args[0], names[0]) if known or self.viewed(made) is not None else None

    def of_its_dict(self, s: ir.For) -> ir.For:
        """A loop over `d.keys()` of keys that are no mere names, as one over the dict."""
        made = self.sources.get(s.source.name) if isinstance(s.source, Var) else None
        if made is None or made.kwargs or len(made.args) != 1 + made.calls(ops.method) or not (
                made.calls(dict.keys) or made.args[1:] == (Const("keys"),)):
            return s
        d = kind_of_atom(made.args[0], self.context)
        if d.type is not dict or d.drawn.inert:
            return s
        self.opened.add(made.targets[0])
        return replace(s, source=made.args[0])

    def item(self, source: ir.Arg, target: ir.Pattern, i: ir.Atom, before: list[ir.Stmt],
             first: list[ir.Stmt], loc: ir.Loc, known: bool = False) -> ir.Atom | None:
        """Statements that bind `target` to element i; the atom that holds the length."""
        if isinstance(source, ir.Star):
            return None
        made = self.sources.get(source.name) if isinstance(source, Var) else None
        found = self.dict_of(source)
        if found is not None:
            if isinstance(source, Var) and source != found[0]:
                self.opened.add(source.name)
            keys = self.keys(*found, before, loc)
            k = self.made(operator.getitem, [keys, i], "key_1", first, loc)
            self.of_dict(*found, target, k, first, loc)
            return self.made(len, [keys], "length_1", before, loc)
        if made is not None and isinstance(made.fn, Ref) and (
                not made.kwargs or (made.calls(enumerate) and made.kwargs[0][0] == "start")):
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
            if fn is iter and len(made.args) == 1:
                return self.item(made.args[0], target, i, before, first, loc, known)
            if fn is enumerate and 1 <= len(made.args) <= 2 and isinstance(target, tuple) \
                    and len(target) == 2 and isinstance(target[0], str) and self.number(
                        made, target[0], i, before, first, loc):
                return self.item(made.args[0], target[1], i, before, first, loc)
            if fn is zip and isinstance(target, tuple) and len(target) == len(made.args):
                # Of one of several, what is left when another ends may be drawn later.
                self.calm = self.calm and len(made.args) == 1
                lengths = [self.item(a, t, i, before, first, loc)
                           for a, t in zip(made.args, target, strict=True)]
                if any(n is None for n in lengths):
                    return None
                finite = [n for n in lengths if n != Const(sys.maxsize)]
                lengths = finite or lengths[:1]
                if len(lengths) == 1:
                    return lengths[0]
                return self.made(min, lengths, "length_1", before, loc)
            if fn is map and len(made.args) == 2 and isinstance(target, (str, tuple)) and \
                    not isinstance(made.args[0], ir.Star) and \
                    not isinstance(made.args[1], ir.Star):
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

    def number(self, made: Bind, target: str, i: ir.Atom, before: list[ir.Stmt],
               first: list[ir.Stmt], loc: ir.Loc) -> bool:
        """`target` is the number that `enumerate` gives; False where a star has the first one."""
        start = made.args[1] if len(made.args) > 1 else dict(made.kwargs).get("start")
        if start is None:
            first.append(Move((target,), (i,), loc))
        elif isinstance(start, ir.Star):
            return False
        else:
            if kind_of_atom(start, self.context).type is not int:
                # It has no derivative, whatever is known of it: `enumerate` takes whole numbers.
                start = self.made(operator.index, [start], "start_1", before, loc)
            first.append(Bind((target,), Ref(operator.add), (start, i), (), loc))
        return True

    def endless(self, made: Bind, target: ir.Pattern, i: ir.Atom, before: list[ir.Stmt],
                first: list[ir.Stmt], loc: ir.Loc) -> ir.Atom | None:
        """`count`, `cycle` and `repeat` have an item for each index, and no length."""
        fn = made.fn.object if isinstance(made.fn, Ref) else None
        if fn is itertools.count and not made.args and not made.kwargs:
            made = replace(made, args=(Const(0),))
        if made.kwargs or not made.args or any(isinstance(a, ir.Star) for a in made.args):
            return None
        args = ir.plain_args(made)
        kinds_ = [kind_of_atom(a, self.context) for a in args]
        if fn is itertools.count and all(k.type is int for k in kinds_) and isinstance(target, str):
            step = args[1] if args[1:] else Const(1)
            ahead = i if step == Const(1) else self.made(operator.mul, [i, step], "k_1", first, loc)
            first.append(Bind((target,), Ref(operator.add), (args[0], ahead), (), loc))
            self.opened.add(made.targets[0])
            return Const(sys.maxsize)
        if fn is itertools.repeat and len(args) == 1 and isinstance(target, str):
            first.append(Move((target,), args, loc))
            self.opened.add(made.targets[0])
            return Const(sys.maxsize)
        kind, node, memory = kinds_[0], None, self.context.memory
        if memory is not None and isinstance(args[0], Var):
            node = memory.class_of(args[0].name)
        written = memory is not None and node is not None and memory.sorts.get(node)
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
            made.fn in ITERATORS) else None

    def keys(self, d: ir.Atom, drawn: str, before: list[ir.Stmt], loc: ir.Loc) -> Var:
        """The keys of a dict; where the loop may write, Python's own walk over it goes along."""
        # Forward, tangents of what objects hold are kept by place, and float keys are refused.
        forward = self.context.request.mode == "jvp"
        if drawn != "values" and not forward and not kind_of_atom(d, self.context).drawn.inert:
            keys = self.made(list, [d], "keys_1", before, loc)
        else:
            unread = [Const(False)] if drawn == "values" else []
            keys = self.made(values.keys_of, [d, *unread], "keys_1", before, loc)
        if not self.still:
            self.walked = [*(self.walked or ()), keys, d]
        return keys

    def of_dict(self, d: ir.Atom, drawn: str, target: ir.Pattern, k: ir.Atom,
                first: list[ir.Stmt], loc: ir.Loc) -> None:
        """Values are read when their turn comes, as Python does."""
        if drawn == "values":
            self.bind(d, target, k, first, loc)
            return
        value = self.made(operator.getitem, [d, k], "value_1", first, loc) \
            if drawn == "items" else None
        if value is not None and isinstance(target, tuple) and len(target) == 2:
            for part, atom in zip(target, (k, value), strict=True):
                if isinstance(part, str):
                    first.append(Move((part,), (atom,), loc))
                else:
                    self.unpack(atom, part, first, loc)
            return
        item = k if value is None else self.made(ops.tuple_, [k, value], "item_1", first, loc)
        if isinstance(target, str):
            first.append(Move((target,), (item,), loc))
        else:
            self.unpack(item, target, first, loc)

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
