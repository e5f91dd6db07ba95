"""Who may share memory with whom: variables fall into classes, each with what is inside of it.

Two variables are in one class if they may hold the same object or views of the same memory.  What
may be in a container or an object is a class of its own, its content.  A class knows where its
memory may come from (`roots`: parameters, "*" for everywhere else) and what sorts of places in it
may be written: "array", or "fields" for all others.
"""

from __future__ import annotations

import operator
import types
from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff import ir, ops, registry, runtime
from s2sdiff.ir import (
    UNDEFINED,
    Bind,
    Block,
    Catch,
    Const,
    Exit,
    For,
    Free,
    Move,
    Opaque,
    Raw,
    Ref,
    Star,
    Store,
    Var,
    With,
)
from s2sdiff.kinds import Kind
from s2sdiff.runtime import cells, values
from s2sdiff.runtime.views import VIEWS
from s2sdiff.transforms.transfer import is_elementwise

__all__ = ["MUTATORS", "Memory", "copies"]

# Declared, as a checker of types would otherwise work out the union of all these for minutes.
_NEW: list[Any] = [
    float, int, complex, bool, len, hash, id, ord,
    operator.matmul, np.matmul, np.dot, np.sum, np.mean, np.prod, np.outer, np.inner, np.tensordot,
    np.einsum, np.concatenate, np.stack, np.vstack, np.hstack, np.zeros, np.ones, np.zeros_like,
    np.ones_like, np.full, np.eye, np.arange, np.linspace, np.where, np.clip, np.copy, np.cumsum,
    np.var, np.std, np.linalg.solve, np.linalg.inv, np.empty, np.empty_like, np.full_like, np.array,
    np.max, np.min, np.roll, np.diff, np.tile, np.repeat, np.pad, np.cross, np.kron, np.cumprod,
    np.linalg.norm, np.linalg.det, np.identity, np.column_stack, np.take, np.interp, np.trace,
    np.triu, np.tril, np.sort, np.argsort, np.random.rand, np.average, np.median,
    runtime.copy, runtime.scaled, runtime.zeros, runtime.place, runtime.divide,
    *(vars(np.ndarray)[n] for n in (
        "copy", "sum", "mean", "prod", "dot", "cumsum", "var", "std", "flatten", "max", "min",
        "repeat", "take", "argsort", "trace", "tolist", "item", "__copy__")),
]
_MAKES_NEW = frozenset(_NEW)

#: Methods of containers and arrays that change their owner, and what they hand over to it.
MUTATORS = frozenset({
    "append", "extend", "insert", "pop", "remove", "clear", "sort", "reverse", "update",
    "setdefault", "add", "discard", "fill", "put", "itemset", "resize", "partition", "popitem",
    "appendleft", "extendleft", "rotate", "setflags", "setfield", "byteswap", "write", "send",
    "popleft", "__setitem__", "__delitem__", "__setattr__", "__delattr__", "__iadd__", "__imul__",
    "__isub__", "__itruediv__", "difference_update", "intersection_update",
    "symmetric_difference_update", "move_to_end", "subtract",
})
_CONTAINED = MUTATORS | {"get", "items", "keys", "values", "copy", "index", "count"}

_INPLACE = frozenset({
    operator.iadd, operator.isub, operator.imul, operator.itruediv, operator.ipow,
    operator.ifloordiv, operator.imod, operator.imatmul, operator.iand, operator.ior,
    operator.ixor, operator.ilshift, operator.irshift, operator.iconcat,
})
KindOf = Callable[[Any], Kind]
#: Which positions or keywords of a call may be written; True: all and what is elsewhere.
Effects = Callable[[Any], Any]


class Memory:
    """The classes of a function's variables, from its statements.

    Parameters
    ----------
    kind_of : what is known of an atom's kind
    effects : what a call may write: a set of the positions and keywords of arguments, and "*"
    returned : what a call's result may be or hold, in the same terms
    loose : no kinds are known; operators are taken for those of numbers and arrays
    """

    def __init__(self, function: ir.Function, kind_of: KindOf, effects: Effects,
                 returned: Effects, loose: bool = False) -> None:
        self.kind_of, self.effects, self.loose = kind_of, effects, loose
        self.returned = returned
        self.parent: dict[Any, Any] = {}
        self.inside: dict[Any, Any] = {}
        self.roots: dict[Any, set[str]] = {}
        self.sorts: dict[Any, set[str]] = {}
        self.made: dict[Any, set[str]] = {}
        #: What stop_gradient gave, and views of it: no derivative goes through these names.
        self.stopped: set[str] = set()
        self.elsewhere = self.node("*")
        self.roots["*"] = {"*"}
        self.collapse("*")
        for p in function.params:
            node = self.node(p.name)
            self.roots[self.find(node)] = {p.name}
        self.body = function.body
        self.given = {p.name for p in function.params}
        self.pointed: dict[str, frozenset] | None = None
        self.block(function.body)
        self.origins = {p.name: frozenset(self.roots.get(self.find(p.name), ()))
                        for p in function.params if p.name in self.parent}
        self.origins.update({n: frozenset(self.roots.get(self.find(n), ()))
                             for n in self.parent if isinstance(n, str)})
        if not loose:
            self.together(function)

    def together(self, function: ir.Function) -> None:
        """If something that came from outside is written, all that did may be the same."""
        given = [self.find(p.name) for p in function.params
                 if p.name in self.parent and not self.kind_of(Var(p.name)).is_fixed]
        if any(self.written_in(n) for n in given):
            self.mixed(given)

    # ------------------------------------------------------------------------- union and find

    def node(self, name: Any) -> Any:
        if name not in self.parent:
            self.parent[name] = name
        return name

    def find(self, node: Any) -> Any:
        parent = self.parent
        above = parent.setdefault(node, node)
        while above != node:
            above = parent[node] = parent[above]
            node, above = above, parent[above]
        return node

    def unify(self, a: Any, b: Any) -> None:
        if a is None or b is None:
            return
        a, b = self.find(a), self.find(b)
        if a == b:
            return
        self.parent[b] = a
        for table in (self.roots, self.sorts, self.made):
            if b in table:
                table.setdefault(a, set()).update(table.pop(b))
        one, two = self.inside.get(a), self.inside.pop(b, None)
        if two is not None:
            if one is None:
                self.inside[a] = two
            else:
                self.unify(one, two)

    def content(self, node: Any) -> Any:
        """The class of what may be inside of what a class holds."""
        node = self.find(node)
        if node not in self.inside:
            made = self.inside[node] = ("in", node)
            self.parent[made] = made
            if self.roots.get(node):
                self.roots[made] = set(self.roots[node])
        return self.find(self.inside[node])

    def collapse(self, node: Any) -> None:
        """What is inside of it may be the thing itself."""
        self.unify(node, self.content(node))

    # ----------------------------------------------------------------------------- statements

    def of(self, a: Any) -> Any:
        """The node of an atom that may hold memory; None for numbers and literals."""
        if isinstance(a, Star):
            a = a.value
        if isinstance(a, Ref) and isinstance(a.object, type) and not a.object.__flags__ & 1 << 8:
            return self.elsewhere  # a class, whose attributes may be written
        if isinstance(a, (Var, Free)) and not self.kind_of(a).is_fixed:
            if isinstance(a, Var):
                return self.node(a.name)
            node = self.node(("free", a.name))
            self.outside(node)
            return node
        return None

    def target(self, name: str) -> Any:
        return None if self.kind_of(Var(name)).is_fixed else self.node(name)

    def block(self, block: Block) -> None:
        for s in ir.walk(block):
            match s:
                case Move(targets, sources):
                    for t, a in zip(targets, sources, strict=True):
                        if a is not UNDEFINED:
                            self.unify(self.target(t), self.of(a))
                        if isinstance(a, Var) and a.name in self.stopped:
                            self.stopped.add(t)
                case For(target, source):
                    for t in ir.pattern_names(target):
                        self.element(self.target(t), source, not isinstance(target, str))
                case Store():
                    self.store(s)
                case Raw():
                    self.raw(s)
                case Bind():
                    self.bind(s)
                case With():
                    self.managed(s)
                case Catch(name=str(name)):
                    # An exception may carry what was raised, here or elsewhere.
                    self.outside(self.target(name))
                    for raised in ir.walk(block):
                        if isinstance(raised, Exit) and raised.kind == "raise" and raised.value:
                            self.outside(self.of(raised.value))

    def managed(self, s: With) -> None:
        """Entering and leaving a manager of which nothing is known may write what it knows of."""
        manager = self.of(s.manager)
        if s.target is not None:
            target, given = self.target(s.target), self.returned(s)
            self.note_new(target)
            if given:
                self.mixed([target, manager])
            if "*" in given:
                self.outside(target)
        written = self.effects(s)
        if written:
            self.wrote_all(manager)
        if "*" in written:
            self.wrote_all(self.elsewhere)

    def element(self, t: Any, source: Any, deep: bool = False) -> None:
        """`t` is an element of `source`, or in one."""
        a = self.of(source)
        if t is None or a is None:
            return
        kind = self.kind_of(source)
        if kind.is_array:
            self.unify(t, a)
            return
        inside = self.content(a)
        self.unify(t, self.content(inside) if deep else inside)
        if deep or kind.type not in (list, tuple, dict, set):
            self.unify(t, a)
            self.collapse(a)

    def wrote(self, node: Any, sort: str) -> None:
        if node is not None:
            self.sorts.setdefault(self.find(node), set()).add(sort)

    def sort_of(self, a: Any) -> tuple[str, ...]:
        kind = self.kind_of(a)
        if kind.type is None or (issubclass(kind.type, np.ndarray) and not kind.is_array):
            # An array of objects holds what is written into it.
            return "array", "fields"
        return ("array",) if kind.is_array else ("fields",)

    def store(self, s: Store) -> None:
        a, v = self.of(s.target), self.of(s.value) if s.value is not None else None
        if a is None:
            return
        attribute = s.place == "attribute" or s.fn in (setattr, delattr)
        # `a.real = v`, `a.imag = v` and `a.flat = v` write an array's own memory.
        fields = attribute and (not isinstance(s.key, Const)
                                or s.key.value not in ("real", "imag", "flat", "shape"))
        for sort in ("fields",) if fields else self.sort_of(s.target):
            self.wrote(a, sort)
        if s.fn not in (operator.setitem, setattr, operator.delitem, delattr):
            # What is in there may change itself, as an array in a list does.
            for sort in ("array", "fields"):
                self.wrote(self.content(a), sort)
        if v is not None and self.sort_of(s.target)[-1:] == ("fields",):
            self.unify(self.content(a), v)

    def raw(self, s: Raw) -> None:
        nodes = [self.of(a) for _, a in s.reads]
        for name in ir.defines(s):
            t = self.target(name)
            self.outside(t)
            nodes.append(t)
        self.mixed(nodes)
        if s.memory:
            for n in nodes:
                self.wrote_all(n)

    def outside(self, node: Any) -> None:
        if node is not None:
            self.unify(self.elsewhere, node)

    def wrote_all(self, node: Any) -> None:
        seen = set()
        while node is not None and self.find(node) not in seen:
            seen.add(self.find(node))
            self.wrote(node, "array")
            self.wrote(node, "fields")
            node = self.inside.get(self.find(node))

    def mixed(self, nodes: list[Any]) -> None:
        """All these, and what is in them, may be one another."""
        nodes = [n for n in nodes if n is not None]
        for n in nodes:
            self.collapse(n)
            self.unify(nodes[0], n)

    def bind(self, s: Bind) -> None:
        arguments = [*s.args, *(a for _, a in s.kwargs)]
        nodes = [self.of(a) for a in arguments]
        targets = [self.target(t) for t in s.targets]
        written = self.effects(s)
        if written:
            self.written(s, written, nodes)
        fn = s.fn.object if isinstance(s.fn, Ref) else None
        rule = None if fn is None or isinstance(fn, Opaque) else registry.find(fn)
        alone = targets[0] if len(targets) == 1 else None
        if getattr(rule and rule.function, "__s2sdiff_stops__", False) or (
                (fn in VIEWS or fn is operator.getitem or fn is getattr) and any(
                    isinstance(a, Var) and a.name in self.stopped for a in s.args[:1])):
            self.stopped.update(s.targets)
        if fn is cells.own_cell:
            self.outside(alone)
        elif fn is cells.seen:
            self.unify(alone, nodes[1])
        elif fn is cells.cell or isinstance(fn, cells.Maker):
            self.note_new(alone)
            for n in nodes:
                if n is not None and alone is not None:
                    self.unify(self.content(alone), n)
                    self.unify(self.content(alone), self.content(n))
        elif fn in _DISPLAYS and alone is not None:
            for n, a in zip(nodes, arguments, strict=True):
                if n is not None:
                    self.unify(self.content(alone), n if not isinstance(a, Star)
                               else self.content(n))
            self.note_new(alone)
        elif fn is ops.unpack:
            for t in targets:
                self.element(t, s.args[0])
        elif fn is ops.method and self.of_container(s):
            for t in targets:
                # An element, or a container of elements.
                if t is not None and nodes[0] is not None:
                    self.unify(t, self.content(nodes[0]))
                    self.unify(self.content(t), self.content(nodes[0]))
                for n, a in zip(nodes[2:], arguments[2:], strict=True):
                    if n is not None and t is not None and not self.kind_of(a).is_fixed:
                        self.unify(t, n)  # the default of `get` or `pop`
        elif fn is operator.getitem and alone is not None and nodes[0] is not None:
            self.read_item(alone, nodes[0], s)
        elif fn is getattr and alone is not None and nodes[0] is not None:
            self.unify(alone, self.content(nodes[0]))
            if self.kind_of(s.args[0]).type is None or self.of_class(s):
                self.unify(alone, nodes[0])
        elif self.is_new(s, fn):
            for t in targets:
                self.note_new(t)
            self.given_back(s, written, targets, nodes)
        elif fn in (values.sequence, values.undisturbed):
            self.unify(alone, nodes[0])
        elif fn in _INPLACE_FUNCTIONS:
            self.unify(alone, nodes[0])
            if nodes[1] is not None and nodes[0] is not None and \
                    not self.kind_of(s.args[0]).is_array:
                self.unify(self.content(nodes[0]), self.content(nodes[1]))
        elif rule is not None and (fn in VIEWS or rule.pure):
            for t in targets:
                for n in nodes:
                    if n is not None and t is not None:
                        self.unify(t, n) if fn in VIEWS else self.maybe(t, n)
        elif all(t is None for t in targets) and not written:
            return
        else:
            self.called(s, targets, nodes)

    def called(self, s: Bind, targets: list[Any], nodes: list[Any]) -> None:
        """A call of a user's function, or of nobody knows what."""
        given = self.returned(s)
        keys = [*range(len(s.args)), *(k for k, _ in s.kwargs)]
        some = [n for key, n in zip(keys, nodes, strict=True) if key in given or "*" in given]
        if not some:
            for t in targets:
                self.note_new(t)
        self.mixed([*targets, *some])
        if "*" in given:
            for t in targets:
                self.outside(t)

    def of_container(self, s: Bind) -> bool:
        """A method of exactly a list, dict, set or deque that only deals with what is in it."""
        if len(s.args) < 2 or not isinstance(s.args[1], Const) or any(
                k == "key" for k, _ in s.kwargs):
            return False
        kind = self.kind_of(s.args[0])
        return kind.type in (list, dict, set, deque) and s.args[1].value in _CONTAINED

    def maybe(self, t: Any, n: Any) -> None:
        """A call without effects may give its argument, what is in it, or a container of it."""
        self.unify(self.content(t), self.content(n))
        self.unify(self.content(t), n)
        self.unify(t, n)

    def of_class(self, s: Bind) -> bool:
        """An attribute found in the class: a method, which holds its owner, or a property."""
        cls, name = self.kind_of(s.args[0]).type, s.args[1]
        return not isinstance(name, Const) or not isinstance(
            getattr(cls, str(name.value), None), (types.MemberDescriptorType, type(None)))

    def note_new(self, node: Any) -> None:
        if node is not None:
            self.made.setdefault(self.find(node), set()).add(str(node))

    def read_item(self, t: Any, a: Any, s: Bind) -> None:
        kind, index = self.kind_of(s.args[0]), self.kind_of(s.args[1])
        if kind.is_array:
            if not copies(index):
                self.unify(t, a)
            else:
                self.note_new(t)
        elif kind.type in (list, tuple, dict) and index.type is not slice:
            self.unify(t, self.content(a))
        else:
            self.unify(t, self.content(a))
            if kind.type in (list, tuple):
                self.unify(self.content(t), self.content(a))
            else:
                self.unify(t, a)

    def written(self, s: Bind, written: Any, nodes: list[Any]) -> None:
        keys = [*range(len(s.args)), *(k for k, _ in s.kwargs)]
        called = self.of(s.fn) if isinstance(s.fn, (Var, Free)) else None
        atoms = [*s.args, *(a for _, a in s.kwargs)]
        known = isinstance(s.fn, Ref) and (
            s.fn.object is ops.method or s.fn.object in _INPLACE or registry.find(s.fn.object))
        for key, a, n in zip(keys, atoms, nodes, strict=True):
            if n is not None and ("*" in written or key in written):
                if not known or self.kind_of(a).type is tuple:
                    self.wrote_all(n)
                for sort in self.sort_of(a):
                    self.wrote(n, sort)
                if key == "out" and not self.kind_of(a).is_array:
                    # A tuple of the arrays that are written.
                    self.wrote(self.content(n), "array")
                for other in nodes:
                    if other is not None and other is not n and not self.kind_of(a).is_array:
                        self.unify(self.content(n), other)
                        self.unify(self.content(n), self.content(other))
        if "*" in written:
            self.wrote_all(self.elsewhere)
            if called is not None:
                # A bound method or a closure may keep what it is given.
                self.mixed([called, *nodes])
                self.wrote_all(called)

    def given_back(self, s: Bind, written: Any, targets: list[Any], nodes: list[Any]) -> None:
        """What a function writes its result into is its result (`out=`)."""
        keys = [*range(len(s.args)), *(k for k, _ in s.kwargs)]
        atoms = [*s.args, *(a for _, a in s.kwargs)]
        for key, a, n in zip(keys, atoms, nodes, strict=True):
            if n is not None and ("*" in written or key in written):
                for t in filter(None, targets):
                    self.unify(t, n) if self.kind_of(a).is_array else self.maybe(t, n)

    def is_new(self, s: Bind, fn: Any) -> bool:
        """The call surely gives memory of its own (operators only where they are NumPy's)."""
        if fn is None:
            return False
        if is_elementwise(fn) and fn not in _INPLACE and fn is not operator.pos:
            return self.loose or all(
                self.kind_of(a).is_number for a in s.args if not isinstance(a, Star))
        try:
            if fn in _MAKES_NEW:
                return not _may_share(s, fn)
            rule = registry.find(fn)
            return rule is not None and rule.constant
        except TypeError:
            return False

    # ------------------------------------------------------------------------------ questions

    def class_of(self, name: str) -> Any:
        """What stands for a variable's class; None where it holds no memory."""
        return self.find(name) if name in self.parent else None

    def inner(self, node: Any) -> Any:
        """The content's class, where anything was ever looked at or put in there."""
        made = self.inside.get(self.find(node))
        return None if made is None else self.find(made)

    def comes_from(self, name: str) -> frozenset:
        """What a variable may hold, show or contain: parameters, "*", and what is made here.

        Finer than classes, which join what one variable is at different times.
        """
        node = self.class_of(name)
        if node is None:
            return frozenset({"*"})
        if "fields" in self.written_in(node):
            # What was put into it came another way.
            return frozenset({node, *(r for n in self.depths(node)
                                      for r in self.roots.get(n, ()))})
        if self.pointed is None:
            self.pointed = self._pointed()
        return self.pointed.get(name, frozenset({"*"}))

    def origin_of(self, name: str) -> frozenset:
        """The parameters whose memory a variable shows, and "*"; empty where it was made here."""
        if name in self.given:
            return frozenset({name})
        if "fields" in self.written_in(name):
            return self.origins.get(name, frozenset())
        return frozenset(n for n in self.comes_from(name) if isinstance(n, str))

    def _pointed(self) -> dict[str, frozenset]:
        found: dict[str, frozenset] = {n: frozenset({n}) for n in self.given}
        ways: list[tuple[tuple[str, ...], list[Any], bool]] = []
        for s in ir.walk(self.body):
            if isinstance(s, Move):
                ways += [((t,), [a], False) for t, a in zip(s.targets, s.sources, strict=True)
                         if a is not UNDEFINED]
            elif isinstance(s, For):
                ways.append((ir.defines(s), [s.source], False))
            elif isinstance(s, Bind) and s.targets:
                fn = s.fn.object if isinstance(s.fn, Ref) else None
                rule = None if fn is None or isinstance(fn, Opaque) else registry.find(fn)
                known = rule is not None or fn in _DISPLAYS or fn in (ops.unpack, getattr)
                arguments = [] if self.is_new(s, fn) else [*s.args, *(a for _, a in s.kwargs)]
                ways.append((s.targets, arguments, not known and bool(arguments or fn is None)))
                for t in s.targets:
                    found[t] = frozenset({("new", t)})
            elif ir.defines(s):
                ways.append((ir.defines(s), [], True))
        while True:
            changed = False
            for targets, sources, unknown in ways:
                memory = frozenset({"*"}) if unknown else frozenset()
                for a in sources:
                    a = a.value if isinstance(a, Star) else a
                    if isinstance(a, Free) and not self.kind_of(a).is_fixed:
                        memory |= {"*"}
                    elif isinstance(a, Var) and not self.kind_of(a).is_fixed:
                        memory |= found.get(a.name, frozenset())
                for t in targets:
                    if not memory <= found.get(t, frozenset()) or t not in found:
                        found[t] = found.get(t, frozenset()) | memory
                        changed = True
            if not changed:
                return found

    def depths(self, node: Any) -> list[Any]:
        """A class, that of what is in it, that of what is in there, and so on."""
        found: list[Any] = []
        while node is not None and self.find(node) not in found:
            found.append(self.find(node))
            node = self.inside.get(found[-1])
        return found

    def written_in(self, node: Any) -> set[str]:
        """The sorts of places that are written in a class, or in what is inside of it."""
        sorts = self.sorts
        return set().union(*[sorts[n] for n in self.depths(node) if n in sorts]) if sorts else set()

    def members(self, node: Any) -> list[str]:
        """The variables in a class."""
        node = self.find(node)
        return [n for n in self.parent if isinstance(n, str) and self.find(n) == node]


def _may_share(s: Bind, fn: Any) -> bool:
    """What mostly makes new memory, but by its options may give a view or the argument itself."""
    options = dict(s.kwargs)
    if fn is np.array:
        return "copy" in options
    if fn is np.einsum:
        # Of one operand, `ii->i` and `ij->ji` are views.
        return len(s.args) < 3 or not isinstance(s.args[0], Const)
    if fn is np.diff:
        return "n" in options or len(s.args) > 1
    return False


_DISPLAYS = (ops.tuple_, ops.list_, ops.dict_, ops.set_)
_INPLACE_FUNCTIONS = _INPLACE


def copies(index: Kind) -> bool:
    """Indexing an array with this surely makes a new one: with arrays, lists or masks."""
    parts = index.items if index.type is tuple and index.items is not None else (index,)
    return any(p.type in (list, np.ndarray) for p in parts)
