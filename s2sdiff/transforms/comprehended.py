"""Comprehensions over tuples, lists and dicts of known length, written as displays.

`tuple(a + h * b for a, b in zip(y, d))` of two tuples of three is three sums, and so is a dict of
which each item is computed from those under the same key.  As a loop, it is a list that grows, and
what all around is, is not known.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable
from typing import Any

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Block, Const, For, Function, Move, Ref, Store, Var, replace
from s2sdiff.kinds import ANY, Kind
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.written_out import Writer, holds_code, rounds_of

__all__ = ["Collecting", "is_whole", "written"]

#: So many rounds are written out, and so many statements may come of it.
_ROUNDS, _STATEMENTS = 8, 64


class Collecting:
    """The comprehensions of a function, and how many items each makes under what is known."""

    def __init__(self, function: Function) -> None:
        #: By the name of the list that a loop carries, and by that of a dict: the loop.
        self.lists: dict[str, For] = {}
        self.dicts: dict[str, For] = {}
        self.names: dict[int, str] = {}
        self.readers: dict[str, int] = {}
        self.made: dict[str, Bind] = {}
        called = ir.called(function)
        if id(ops.grown) not in called and id(ops.dict_) not in called:
            return
        short = {id(s) for s in ir.statements(function)
                 if type(s) is For and not s.orelse and _short(s)}
        if not short:
            return
        self.made = {s.targets[0]: s for s in ir.statements(function)
                     if isinstance(s, Bind) and len(s.targets) == 1}
        for s in ir.statements(function):
            for n in ir.reads(s):
                self.readers[n] = self.readers.get(n, 0) + 1
        for block in _blocks(function.body):
            self._search(block, self.readers, short)
        self.names = {id(s): n for n, s in (*self.lists.items(), *self.dicts.items())}

    def _search(self, block: Block, readers: dict[str, int], short: set[int]) -> None:
        for i, s in enumerate(block):
            if type(s) is not For or id(s) not in short:
                continue
            inside = dict.fromkeys(ir.all_defs(s.body).union(ir.pattern_names(s.target)), 0)
            for t in ir.walk(s.body):
                for n in ir.reads(t):
                    if n in inside:
                        inside[n] += 1
            carried = s.body[-1].targets if isinstance(s.body[-1], Move) else ()
            if any(readers.get(n, 0) != count for n, count in inside.items()
                   if n not in carried):
                continue
            if len(carried) == 1 and self._is_list(block[:i], s, carried[0]) and \
                    self._is_whole(block[i + 1:], s, carried[0]):
                self.lists[carried[0]] = s
            elif not carried:
                name = self._dict_of(block[:i], s)
                if name is not None:
                    self.dicts[name] = s

    def _is_list(self, before: Block, s: For, name: str) -> bool:
        appends = [t for t in s.body if isinstance(t, Bind) and t.calls(ops.appended)
                   and t.args[0] == Var(name)]
        if len(appends) != 1 or s.body[-1].sources != (Var(appends[0].targets[0]),) or sum(  # type: ignore[union-attr]
                name in ir.reads(t) for t in ir.walk(s.body)) != 1:
            return False
        start = next((a for t in before if isinstance(t, Move)
                      for n, a in zip(t.targets, t.sources, strict=True) if n == name), None)
        growing = self.made.get(getattr(start, "name", ""))
        if growing is None or not growing.calls(ops.growing) or growing not in before:
            return False
        display = self.made.get(getattr(growing.args[0], "name", ""))
        return display is not None and display.calls(ops.list_) and not display.args

    def _is_whole(self, behind: Block, s: For, name: str) -> bool:
        """Whether nothing else is put into the list: another loop may go on with it."""
        inside = sum(list(ir.reads(t)).count(name) for t in ir.walk(s.body))
        return self.readers.get(name, 0) == inside + 1 and any(
            isinstance(t, Bind) and t.calls(ops.grown) and t.args == (Var(name),) for t in behind)

    def _dict_of(self, before: Block, s: For) -> str | None:
        stores = [t for t in ir.walk(s.body) if isinstance(t, Store)]
        if len(stores) != 1 or stores[0] not in s.body or \
                stores[0].fn is not operator.setitem or not isinstance(stores[0].target, Var):
            return None
        name, key = stores[0].target.name, stores[0].key
        made = self.made.get(name)
        if made is None or not made.calls(ops.dict_) or made.args or made not in before or \
                not isinstance(key, Var) or key.name not in ir.pattern_names(s.target) or \
                stores[0].value == Var(name):
            return None
        between = (*before[before.index(made) + 1:], *s.body)
        reading = [t for t in ir.walk(between) if name in ir.reads(t)]
        return name if reading == stores else None

    def count(self, s: For, kind: Any) -> int | None:
        """How many rounds a loop has."""
        found = self.rounds(s, kind)
        return None if found is None else len(found)

    def rounds(self, s: For, kind: Any) -> list[Any] | None:
        if not is_whole(self.item(s, kind)):
            return None
        found = rounds_of(s.source, self.made, kind, _any)
        if found is None or not 0 < len(found) <= _ROUNDS or \
                len(found) * sum(1 for _ in ir.walk(s.body)) > _STATEMENTS:
            return None
        return found

    def item(self, s: For, kind: Any) -> Kind:
        """What is known of all that a loop puts into its list or dict."""
        name = self.names[id(s)]
        if name in self.dicts:
            return kind(self.stored(s).value)
        growing = kind(Var(name))
        return growing.items[0] if growing.items else ANY

    def keys(self, name: str, kind: Any) -> tuple[str, ...] | None:
        """The keys of a dict that a loop makes."""
        s = self.dicts[name]
        found = self.rounds(s, kind)
        key: Any = self.stored(s).key
        keys = [_drawn(s.target, drawn, key.name) for drawn in found or ()]
        known = [k.value for k in keys if isinstance(k, Const) and type(k.value) is str]
        return tuple(known) if keys and len(set(known)) == len(keys) else None


    def stored(self, s: For) -> Store:
        """What puts an item into the dict that a loop makes."""
        return next(t for t in s.body if isinstance(t, Store))


def written(function: Function, context: Context, kind: Any) -> Function:
    """The function with such loops written as displays; itself where there are none."""
    found = Collecting(function)
    if not found.lists and not found.dicts:
        return function
    writer = _Displays(function, context, found, kind)
    body = writer.block(function.body)
    return function if body is function.body else replace(function, body=body)


class _Displays(Writer):
    def __init__(self, function: Function, context: Context, found: Collecting,
                 kind: Any) -> None:
        super().__init__(function, context)
        self.found, self.kind_of = found, kind
        #: What was only looped over: `zip(...)`, `d.items()`.
        self.unread: set[str] = set()
        #: What is in a display, by the name of the list that a loop carried, and by that of a
        #: list that one statement reads.
        self.items: dict[str, list[Any]] = {}
        self.lists: dict[str, list[Any]] = {}

    def block(self, block: Block) -> Block:
        out: list[ir.Stmt] = []
        for s in block:
            name = self.found.names.get(id(s))
            if name is not None and isinstance(s, For):
                out += self.display(s, name)
            elif isinstance(s, Bind) and s.calls(ops.grown) and \
                    getattr(s.args[0], "name", "") in self.items:
                items = self.items[s.args[0].name]  # type: ignore[union-attr]
                out.append(replace(s, fn=Ref(ops.list_), args=tuple(items)))
                if self.found.readers.get(s.targets[0]) == 1:
                    self.lists[s.targets[0]] = items
            elif isinstance(s, Bind) and s.calls(tuple) and len(s.args) == 1 and \
                    getattr(s.args[0], "name", "") in self.lists:
                items = self.lists[s.args[0].name]  # type: ignore[union-attr]
                out.append(replace(s, fn=Ref(ops.tuple_), args=tuple(items)))
            else:
                inner = ir.blocks(s)
                new = tuple(map(self.block, inner))
                same = all(map(operator.is_, new, inner))
                out.append(s if same else ir.with_blocks(s, new))
        gone = [i for i, s in enumerate(out) if isinstance(s, Bind) and len(s.targets) == 1 and (
            s.targets[0] in self.unread or (
                s.calls(ops.dict_) and not s.args and s.targets[0] in self.items))]
        return ir.unless_same([s for i, s in enumerate(out) if i not in gone], block)

    def display(self, s: For, name: str) -> Block:
        drawn = self.found.rounds(s, self.kind_of)
        of_dict = name in self.found.dicts
        if drawn is None or (of_dict and self.found.keys(name, self.kind_of) is None):
            return (s,)
        made = self.in_rounds(s, drawn)
        if made is None:
            return (s,)
        out: list[ir.Stmt] = []
        items: list[Any] = []
        for t in made:
            if isinstance(t, Bind) and t.calls(ops.appended):
                items.append(t.args[1])
            elif of_dict and isinstance(t, Store) and t.target == Var(name):
                items += [t.key, t.value]
            else:
                out.append(t)
        self.items[name] = items
        source = getattr(s.source, "name", "")
        made_by = self.found.made.get(source)
        if made_by is not None and self.found.readers.get(source) == 1 and any(
                made_by.calls(f) for f in (zip, enumerate, reversed, ops.method)):
            self.unread.add(source)
        if of_dict:
            out.append(Bind((name,), Ref(ops.dict_), tuple(items), (), s.loc))
        return tuple(out)


def _blocks(block: Block) -> Iterable[Block]:
    yield block
    for s in block:
        if type(s) is not Bind and type(s) is not Move:
            for inner in ir.blocks(s):
                yield from _blocks(inner)


def _short(s: For) -> bool:
    """A loop whose rounds do nothing but compute."""
    return bool(s.body) and all(
        isinstance(t, (Bind, Move, Store, ir.If)) and not (
            isinstance(t, Move) and ir.UNDEFINED in t.sources) for t in ir.walk(s.body))


def is_whole(kind: Kind) -> bool:
    """Numbers, arrays, objects, and tuples of such; a list or a dict may be written later."""
    if kind.items is not None and kind.is_tuple:
        return all(map(is_whole, kind.items))
    return kind.is_number or kind.is_array or holds_code(kind) or (
        kind.inert and kind.type not in (None, list, dict))


def _any(kinds: Iterable[Kind]) -> bool:
    return True


def _drawn(pattern: ir.Pattern, drawn: Any, name: str) -> Any:
    """What a round gives to a name of a loop's target."""
    if pattern == name:
        return drawn
    if isinstance(pattern, str) or not isinstance(drawn, list) or len(drawn) != len(pattern):
        return None
    found = [_drawn(p, d, name) for p, d in zip(pattern, drawn, strict=True)]
    return next((d for d in found if d is not None), None)
