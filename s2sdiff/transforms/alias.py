"""Who may share memory with whom: variables fall into classes, each with what is inside of it.

Two variables are in one class if they may hold the same object or views of the same memory.  What
may be in a container or an object is a class of its own, its content.  A class knows where its
memory may come from (`roots`: parameters, "*" for everywhere else) and what sorts of places in it
may be written: "array", or "fields" for all others.
"""

from __future__ import annotations

import operator
import types
from typing import Any

from s2sdiff import ir, ops, registry
from s2sdiff.ir import (
    UNDEFINED,
    Bind,
    Block,
    Catch,
    Const,
    Exit,
    For,
    Free,
    If,
    Move,
    Opaque,
    Raw,
    Ref,
    Star,
    Store,
    Var,
    While,
    With,
)
from s2sdiff.transforms.alias_calls import DISPLAYS, bind
from s2sdiff.transforms.alias_classes import Classes, Effects, KindOf
from s2sdiff.transforms.implicit import of_user
from s2sdiff.transforms.new_memory import copies, is_new

__all__ = ["Memory"]


#: What the whole program has, and what may be given attributes.
_SHARED = (types.FunctionType, types.ModuleType, type)


class Memory(Classes):
    """The classes of a function's variables, from its statements."""

    def __init__(self, function: ir.Function, kind_of: KindOf, effects: Effects,
                 returned: Effects, loose: bool = False) -> None:
        super().__init__(kind_of, effects, returned, loose)
        for p in function.params:
            node = self.node(p.name)
            self.roots[self.find(node)] = {p.name}
        #: Whether attributes of what the whole program has are written here.
        self.shared = False
        self.body = function.body
        self.given = {p.name for p in function.params}
        self.pointed: dict[str, frozenset] | None = None
        self.block(function.body)
        self.fixed = None
        self.settle()
        self.origins = {p.name: frozenset(self.roots.get(self.find(p.name), ()))
                        for p in function.params if p.name in self.parent}
        self.origins.update({n: frozenset(self.roots.get(self.find(n), ()))
                             for n in self.parent if isinstance(n, str)})
        if not loose:
            self.together(function)

    def together(self, function: ir.Function) -> None:
        """If something that came from outside is written, all that did may be the same."""
        places = [p.name for p in function.params
                  if p.name in self.parent and not self.kind_of(Var(p.name)).is_fixed]
        each = self.kind_of(Var(places[0])).each if len(places) == 1 else None
        if each is not None and each.is_scalar:
            return  # one list of numbers, in which there is nothing that it could be
        given = [self.find(n) for n in places]
        if any(self.written_in(n) for n in given):
            self.mixed(given)

    # ----------------------------------------------------------------------------- statements

    def block(self, block: Block) -> None:
        for s in ir.walk(block):
            if type(s) is Bind:
                bind(self, s)
                continue
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
                    self.asked(s, source)
                case If(test) | While(test=test):
                    self.asked(s, test)
                case Store():
                    self.store(s)
                case Raw():
                    self.raw(s)
                case With():
                    self.managed(s)
                case Catch(name=str(name)):
                    # An exception may carry what was raised, here or elsewhere.
                    self.outside(self.target(name))
                    for raised in ir.walk(block):
                        if isinstance(raised, Exit) and raised.kind == "raise" and raised.value:
                            self.outside(self.of(raised.value))

    def asked(self, s: For | If | While, a: Any) -> None:
        """A loop and a test run methods of the object that they ask."""
        node = self.of(a)
        written = self.effects(s) if node is not None and of_user(self.kind_of(a).type) else ()
        if written:
            self.wrote_all(node)
        if "*" in written:
            self.wrote_all(self.elsewhere)

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

    def store(self, s: Store) -> None:
        a, v = self.of(s.target), self.of(s.value) if s.value is not None else None
        attribute = s.place == "attribute" or s.fn in (setattr, delattr)
        if a is None:
            if attribute and (isinstance(s.target, Ref)
                              or self.kind_of(s.target).type in _SHARED):
                self.wrote_all(self.elsewhere)
                self.shared = True
            return
        run = self.effects(s)
        if run or self.kind_of(s.target).type is None:
            # A property or a method of the user's class may write what the object holds.
            self.wrote_all(a)
        if run:
            self.mixed([a, v])
        if "*" in run:
            self.wrote_all(self.elsewhere)
        # `a.real = v`, `a.imag = v` and `a.flat = v` write an array's own memory.
        fields = attribute and (not isinstance(s.key, Const)
                                or s.key.value not in ("real", "imag", "flat", "shape"))
        for sort in ("fields",) if fields else self.sort_of(s.target):
            self.wrote(a, sort)
        if s.fn not in (operator.setitem, setattr, operator.delitem, delattr):
            # What is in there may change itself, as an array in a list does.
            for sort in ("array", "fields"):
                self.wrote(self.content(a), sort)
        if self.sort_of(s.target)[-1:] == ("fields",):
            # A loop over a dict gives its keys.
            k = self.of(s.key) if s.place == "item" and s.key is not None else None
            for held in (v, k):
                if held is not None:
                    self.unify(self.content(a), held)

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

    # ------------------------------------------------------------------------------ questions

    def comes_from(self, name: str) -> frozenset:
        """What a variable may hold, show or contain: parameters, "*", and what is made here.

        Finer than classes, which join what one variable is at different times.
        """
        node = self.class_of(name)
        if node is None:
            return frozenset({"*"})
        if "fields" in self.written_in(node):
            # What was put into it came another way.
            return frozenset({node}) | self._put_into(name)
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

    def _put_into(self, name: str) -> frozenset:
        """What may have been put into what a variable holds, after that was made."""
        node = self.class_of(name)
        if node is None or "fields" not in self.written_in(node):
            return frozenset()
        return frozenset(r for n in self.depths(node) for r in self.roots.get(n, ()))

    def _shown_by(self, s: Bind, fn: Any) -> list[Any]:
        """The arguments of a call that its result may be, hold or show."""
        if is_new(self, s, fn):
            return []
        if fn is operator.getitem and self.kind_of(s.args[0]).is_array and len(s.args) == 2:
            return [] if copies(self.kind_of(s.args[1])) else [s.args[0]]
        return [*s.args, *(a for _, a in s.kwargs)]

    def _pointed(self) -> dict[str, frozenset]:
        found: dict[str, frozenset] = {n: frozenset({n}) for n in self.given}
        ways: list[tuple[tuple[str, ...], list[Any], bool]] = []
        put: dict[str, frozenset] = {}
        for s in ir.walk(self.body):
            if isinstance(s, Move):
                ways += [((t,), [a], False) for t, a in zip(s.targets, s.sources, strict=True)
                         if a is not UNDEFINED]
            elif isinstance(s, For):
                ways.append((ir.defines(s), [s.source], False))
            elif isinstance(s, Bind) and s.targets:
                fn = s.fn.object if isinstance(s.fn, Ref) else None
                rule = None if fn is None or isinstance(fn, Opaque) else registry.find(fn)
                known = rule is not None or fn in DISPLAYS or fn in (ops.unpack, getattr)
                arguments = self._shown_by(s, fn)
                # What a class, a function or a module has lies outside, too.
                outside = fn is getattr and isinstance(s.args[0], (Free, Ref))
                ways.append((s.targets, arguments,
                             outside or (not known and bool(arguments or fn is None))))
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
                        if a.name not in put:
                            put[a.name] = self._put_into(a.name)
                        memory |= found.get(a.name, frozenset()) | put[a.name]
                for t in targets:
                    if not memory <= found.get(t, frozenset()) or t not in found:
                        found[t] = found.get(t, frozenset()) | memory
                        changed = True
            if not changed:
                return found
