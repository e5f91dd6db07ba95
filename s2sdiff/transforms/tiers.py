"""Where a variable's cotangent is kept: as a value, in a local shadow, or in the table of shadows.

"value": nobody writes what it holds, so that its cotangent is a value as any other.  "local": an
array, or a list of floats (`own_lists`), that is written, and that nothing but this variable leads
to: its shadow is a variable.
"shared": what it holds may be written, and may be reached in another way: its cotangent is in
`bars`, by place.
"""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from s2sdiff import ir
from s2sdiff.ir import Bind, Block, Exit, For, Function, If, Ref, Store, Var, While
from s2sdiff.kinds import ANY
from s2sdiff.runtime.views import VIEWS
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.later import Order
from s2sdiff.transforms.new_memory import copies
from s2sdiff.transforms.own_lists import own_lists, read_by_index

__all__ = ["assign", "basic", "changes", "is_view", "once", "several", "written"]


def assign(function: Function, context: Context) -> None:
    """Fill `context.tiers` for all variables that are not "value"."""
    memory = context.memory
    if not context.request.places and not context.request.told:
        context.tiers.update(dict.fromkeys(read_by_index(function, context), "local"))
    if memory is None:
        return
    owners = _owners(function, context)
    lists = own_lists(function, context)
    growing = set().union(*lists.values())
    for name in [n for n in memory.parent if isinstance(n, str) and n != "*"]:
        kind = context.kinds.get(name, ANY)
        if kind.is_fixed or name in growing or (
                context.local(name) and not memory.written_in(memory.find(name))):
            continue
        if name in lists:
            context.tiers[name] = "local"
            continue
        node = memory.find(name)
        sorts = memory.sorts.get(node, set()) if kind.is_array else memory.written_in(node)
        relevant = "array" in sorts if kind.is_array else bool(sorts)
        outside = context.request.places and bool(memory.roots.get(node))
        if not relevant and not outside:
            continue
        if not outside and owners.get(node) is not None:
            # Views of it are read at once, as copies of parts would be.
            if owners[node] == name:
                context.tiers[name] = "local"
        else:
            context.tiers[name] = "shared"


def changes(name: str, result: ir.Atom | None, context: Context, order: Order,
            at: ir.Stmt) -> bool:
    """May somebody write, before the pullback has run, what a variable holds at a statement?"""
    kind = context.kinds.get(name, ANY)
    memory = context.memory
    if kind.is_fixed or memory is None:
        return False
    node = memory.class_of(name)
    if node is None:
        # A variable that came later, of which nothing is known.
        return context.writes or bool(context.request.volatile)
    sorts = memory.sorts.get(node, set()) if kind.is_array else memory.written_in(node)
    written = "array" in sorts if kind.is_array else bool(sorts)
    if written and order.after(at, node):
        return True
    volatile = context.request.volatile
    if not volatile:
        return False
    mine = memory.comes_from(name)
    if mine & volatile or "*" in mine:
        return True
    if "return" in volatile and isinstance(result, Var):
        # What is handed out may be written by whoever has it.
        other = memory.class_of(result.name)
        if other is not None and node in memory.depths(other):
            # What was put into it later is not followed by name.
            return "fields" in memory.written_in(other) or bool(
                mine & memory.comes_from(result.name))
    return False


def written(name: str, context: Context) -> bool:
    """Whether this function may write what a variable holds."""
    memory = context.memory
    node = None if memory is None else memory.class_of(name)
    if memory is None or node is None:
        return context.writes
    kind = context.kinds.get(name, ANY)
    return "array" in memory.sorts.get(node, ()) if kind.is_array else bool(
        memory.written_in(node))


def is_view(s: ir.Stmt, context: Context) -> bool:
    """The statement surely binds a view of an array, or the array itself."""
    if not isinstance(s, Bind) or len(s.targets) != 1 or not isinstance(s.fn, Ref) or not s.args:
        return False
    target = context.kinds.get(s.targets[0], ANY)
    if not target.is_array:
        return False
    source = context.kinds.get(_name(s.args[0]), ANY)
    if not source.is_array:
        return False
    fn = s.fn.object
    if fn is vars(np.ndarray)["imag"]:
        return source.field == "complex"
    if fn is operator.getitem:
        return not copies(_kind(s.args[1], context)) and basic(_kind(s.args[1], context))
    return fn in _SURE_VIEWS


def basic(kind: Any) -> bool:
    """An index of this kind names each element once, and gives a view or a number."""
    parts = kind.items if kind.items is not None and kind.is_tuple else (kind,)
    return all(p.type in (int, slice, type(None), type(Ellipsis)) or p.is_scalar for p in parts)


def once(kind: Any) -> bool:
    """An index of this kind names each element once: so does a mask, which gives a copy."""
    return basic(kind) or (kind.is_array and kind.dtype == bool)


def several(kind: Any) -> bool:
    """An index of this kind may name an element several times: arrays or lists of whole numbers."""
    parts = kind.items if kind.items is not None and kind.is_tuple else (kind,)
    picks = [(p.is_array and p.dtype is not None and p.field == "int" and p.dtype != bool) or (
        p.type is list and bool(p.items) and all(i.type is int for i in p.items)) for p in parts]
    return any(picks) and all(pick or basic(p) for pick, p in zip(picks, parts, strict=True))


_SURE_VIEWS = {v for v in VIEWS if getattr(v, "__name__", "") in (
    "T", "mT", "real", "transpose", "swapaxes", "moveaxis", "expand_dims")}


def _kind(a: Any, context: Context) -> Any:
    from s2sdiff.transforms.kinds import kind_of_atom

    return kind_of_atom(a, context)


def _name(a: Any) -> str:
    return a.name if isinstance(a, Var) else ""


# ------------------------------------------------------------------------------ local shadows


def _owners(function: Function, context: Context) -> dict[Any, str]:
    """For classes that one variable alone leads to: that variable.

    All others in the class are views that are read at once, before anything in it is written.
    """
    memory = context.memory
    assert memory is not None
    made: dict[Any, list[str]] = {}
    for name in memory.parent:
        if isinstance(name, str) and name != "*":
            made.setdefault(memory.find(name), []).append(name)
    candidates: dict[Any, str] = {}
    params = {p.name for p in function.params}
    bound = {t: s for s in ir.statements(function) for t in ir.defines(s)}
    inside = {memory.find(i) for i in memory.inside.values()}
    for node, names in made.items():
        roots = memory.roots.get(node, set())
        if node in inside or "*" in roots or "array" not in memory.sorts.get(node, set()):
            continue
        heads = [n for n in names if n in params or not _views_one_of(bound.get(n), names, context)]
        if len(heads) != 1 or not context.kinds.get(heads[0], ANY).is_array or \
                not context.kinds[heads[0]].shape:
            continue
        (head,) = heads
        if head in params and (context.request.places or head not in context.request.wrt):
            continue
        maker = bound.get(head)
        if head not in params and not (isinstance(maker, Bind) and roots == set()):
            continue
        if all(context.kinds.get(n, ANY).is_array for n in names):
            candidates[node] = head
    if not candidates:
        return {}
    bad = _Fleeting(candidates, context).run(function.body)
    return {node: head for node, head in candidates.items() if node not in bad}


def _views_one_of(s: Any, names: list[str], context: Context) -> bool:
    return isinstance(s, Bind) and is_view(s, context) and _name(s.args[0]) in names


class _Fleeting:
    """Finds the classes in which a view outlives a write, or goes where it may be kept."""

    def __init__(self, heads: dict[Any, str], context: Context) -> None:
        self.heads, self.context = heads, context
        self.bad: set[Any] = set()

    def run(self, block: Block) -> set[Any]:
        self.block(block, {})
        return self.bad

    def node(self, name: str) -> Any:
        memory = self.context.memory
        assert memory is not None
        node = memory.class_of(name)
        return node if node in self.heads else None

    def block(self, block: Block, live: dict[str, Any]) -> None:
        """`live`: the views that have been made in this block since the last write."""
        live = dict(live)
        for s in block:
            for name in ir.reads(s):
                node = self.node(name)
                if node is None or name == self.heads[node]:
                    continue
                if live.get(name) is not s and name not in live:
                    self.bad.add(node)
            self.uses(s)
            for node in self.written(s):
                live = {n: m for n, m in live.items() if self.node(n) != node}
            for name in ir.defines(s):
                if self.node(name) is not None and isinstance(s, Bind) and is_view(s, self.context):
                    live[name] = s
            for inner in ir.blocks(s):
                self.block(inner, {} if isinstance(s, (For, While)) else live)
                gone = {node for w in ir.walk(inner) for node in self.written(w)}
                live = {n: m for n, m in live.items() if self.node(n) not in gone}

    def written(self, s: ir.Stmt) -> set[Any]:
        if isinstance(s, Store):
            return {self.node(_name(s.target))} - {None}
        if isinstance(s, Bind) and s.targets and isinstance(s.fn, Ref) and self.harmless(s):
            return set()
        if isinstance(s, Bind):
            return {self.node(n) for n in ir.reads(s)} - {None}
        return set()

    def harmless(self, s: Bind) -> bool:
        """It writes nothing, and what it gives is not of the class, but for plain views."""
        memory = self.context.memory
        assert memory is not None
        if memory.effects(s):
            return False
        nodes = {self.node(n) for n in ir.reads(s)}
        return is_view(s, self.context) or not any(self.node(t) in nodes - {None}
                                                   for t in s.targets)

    def uses(self, s: ir.Stmt) -> None:
        """Nothing but plain reads, writes with numbers of it, and the return may have it."""
        names = {n for n in ir.reads(s) if self.node(n) is not None}
        if not names:
            return
        if isinstance(s, Bind) and self.harmless(s):
            return
        if isinstance(s, Store) and s.place in ("item", "name") and (
                s.key is None or once(_kind(s.key, self.context))
                or several(_kind(s.key, self.context))):
            if _name(s.target) in names and self.heads[self.node(_name(s.target))] == \
                    _name(s.target):
                if s.value is None or _name(s.value) not in names:
                    return
                # A view of itself that is written into it is read in full before; not by a mask.
                plain = s.key is None or basic(_kind(s.key, self.context))
                if plain and (s.fn is operator.setitem or _name(s.value) != _name(s.target)):
                    return
            elif _name(s.target) not in names:
                return
        if isinstance(s, Exit) and s.kind == "return" and isinstance(s.value, Var) and \
                s.value.name == self.heads[self.node(s.value.name)]:
            return
        if isinstance(s, If):
            return
        self.bad.update(self.node(n) for n in names)
