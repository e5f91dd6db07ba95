"""Tests that tell, by whatever computation, that an active value is one which is kept.

A cache that is written by hand has such a test: items are compared one by one, or the size of a
difference, or a text.  How it is told is not asked: a test is looked for to which both lead, what
is kept and what is active, and these are compared when the code runs.  What tells which number is
less has to be about next to nothing then.
"""

from __future__ import annotations

import functools
import inspect
import types
from collections.abc import Callable
from typing import Any, NamedTuple

from s2sdiff import ir, ops
from s2sdiff.ir import (
    UNDEFINED,
    Bind,
    Block,
    Const,
    Exit,
    Free,
    Function,
    If,
    Move,
    Ref,
    Store,
    Var,
)
from s2sdiff.runtime import known_points, remembered
from s2sdiff.runtime.outside import is_of_user, root_of
from s2sdiff.runtime.written_names import methods_of, written_by
from s2sdiff.transforms.comparing_calls import EQUAL, asks_by_method, orders, tells_equality
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kept_places import Place
from s2sdiff.transforms.kinds import kind_of_atom
from s2sdiff.transforms.known_meetings import Meetings, Met

__all__ = ["Tests"]


class _Look(NamedTuple):
    """A look at a test: what it is given beside the active variables, whole ones and parts."""

    check: Any
    given: tuple[Any, ...]
    whole: list[str]
    parts: list[str]
    behind: bool

    def at(self, loc: ir.Loc, defined: set[str]) -> Bind | None:
        """The call, with those variables that are there; None where what it needs is not."""
        whole, parts = [[Var(n) for n in names if n in defined]
                        for names in (self.whole, self.parts)]
        if not (whole or parts) or any(
                isinstance(a, Var) and a.name not in defined for a in self.given):
            return None
        args = (*self.given, Const(len(whole)), *whole, *parts)
        return Bind((), Ref(self.check), args, (), loc)


class Tests(Meetings):
    """Looks at such tests, where something that is kept may come out of the function."""

    def __init__(self, function: Function, context: Context, useful: set[Any],
                 telling: set[Any], looked_at: Callable[[Bind], bool]) -> None:
        super().__init__(function, context, telling)
        self.useful, self.looked_at = useful, looked_at
        self.found: dict[Any, list[_Look]] = {}

    def written(self, block: Block) -> Block:
        """A block with the looks, outside of loops where that can be."""
        # Generated code has its looks in its text.
        generated = self.function.loc.file.startswith("<s2sdiff ") or root_of(
            self.function.origin) == "s2sdiff"
        if generated or not (self.kept or self.outer):
            return block
        for s in ir.statements(self.function):
            looks = self._looks(s)
            if looks:
                self.found[_key(s)] = looks
        return self._block(block, {p.name for p in self.function.params}) if self.found else block

    def _block(self, block: Block, defined: set[str]) -> Block:
        out: list[ir.Stmt] = []
        for s in block:
            out += self._in_front(s, defined)
            inner = ir.blocks(s)
            if inner:
                known = [defined.union(ir.defines(s)) for _ in inner]
                s = ir.with_blocks(s, tuple([self._block(b, k) for b, k in zip(
                    inner, known, strict=True)]))
                if isinstance(s, If):
                    defined |= set.intersection(*known)
            elif isinstance(s, Move):
                # What is not bound on this path is no value.
                bound = {t for t, a in zip(s.targets, s.sources, strict=True)
                         if a is not UNDEFINED and (not isinstance(a, Var) or a.name in defined)}
                defined -= set(s.targets) - bound
                defined |= bound
            else:
                defined.update(ir.defines(s))
            out.append(s)
            out += [made for look in self.found.get(_key(s), ()) if look.behind
                    for made in (look.at(s.loc, defined),) if made is not None]
        return ir.unless_same(out, block)

    def _in_front(self, s: ir.Stmt, defined: set[str]) -> list[Bind]:
        """The looks at a statement, or at those inside of it that may stand here already."""
        found: list[Bind] = []
        for t in ir.walk((s,)):
            for look in self.found.get(_key(t), ()):
                made = None if look.behind else look.at(s.loc, defined)
                if made is not None and all(made.args != other.args for other in found):
                    found.append(made)
        return found

    # ----------------------------------------------------------------------- looks

    def _looks(self, s: ir.Stmt) -> list[_Look]:
        if isinstance(s, If):
            return self._looks_at(s, self.behind((s.test,))) if self._varies(s.test) else []
        if not isinstance(s, Bind):
            return []
        compares = orders(s) or id(getattr(s.fn, "object", None)) in EQUAL or asks_by_method(s)
        if not compares and any(t in self.context.varies for t in s.targets):
            return self._looks_at(s, self.behind(s.args), "anywhere") \
                if self._searches(s) else []
        if not (self._orders_what_is_near(s) if orders(s) else tells_equality(s)) or (
                not compares and self._only_does(s)):
            return []
        found = self._looks_at(s, self.behind(s.args))
        if found:
            self.ends.update(s.targets)
        return [] if self.looked_at(s) and not any(
            n in self.telling or self.is_key(n) for look in found for n in look.whole) else found

    def _only_does(self, s: Bind) -> bool:
        """A call of which nobody takes what it gives, and that compares nothing itself."""
        fn = s.fn.object if isinstance(s.fn, Ref) else None
        return isinstance(fn, types.FunctionType) and self.read.isdisjoint(s.targets) and \
            not remembered.tells(fn.__code__)

    @functools.cached_property
    def read(self) -> set[str]:
        return {n for s in ir.statements(self.function) for n in ir.reads(s)}

    def _orders_what_is_near(self, s: Bind) -> bool:
        """What is kept and what is active meet in a distance, or stand with a margin between."""
        if root_of(self.function.origin) == "scipy":
            return False  # its solvers ask how near they are; what it caches is told by equality
        sides = [self.behind((a,)) for a in s.args[:2]]
        if any(side.places and any(self.active_of(side.names, side.places)) for side in sides):
            return True
        (kept, given) = sides if sides[0].places else sides[::-1]
        if not kept.places or given.places:
            return False
        number = s.args[0 if given is sides[0] else 1]
        made = self.makers.get(getattr(number, "name", ""), ())
        return any(isinstance(m, Bind) for m in made) or len(
            [t for t in ir.statements(self.function) if isinstance(t, Bind) and orders(t)
             and number in t.args and kept.places.keys() & self.behind(t.args).places.keys()]) > 1

    def _searches(self, s: Bind) -> bool:
        """A call that is given what is kept, and what is active, and tells whether numbers are
        equal.
        """
        fn: Any = s.fn.object if isinstance(s.fn, Ref) else None
        if not is_of_user(fn) or not remembered.tells(fn.__code__):
            return False
        sides = [self.behind((a,)) for a in s.args]
        return any(side.places and not any(self.active_of(side.names)) for side in sides) and any(
            not side.places and any(self.active_of(side.names)) for side in sides)

    def _looks_at(self, s: Bind | If, met: Met, known: str | None = None) -> list[_Look]:
        ordered = isinstance(s, Bind) and orders(s)
        operands = s.args[:2] if isinstance(s, Bind) and ordered else ()
        listed = s.args[1] if isinstance(s, Bind) and (
            s.calls(ops.contains) or s.calls(ops.not_contains)) else None
        found = []
        for place in met.places:
            check = known_points.fresh_where_near if ordered else known_points.fresh_where_listed \
                if listed is not None and self._holder(listed) == place[:2] \
                else known_points.fresh_where_known
            answer = known or self.answer(place)
            whole, parts = self.active_of(met.names, (place,))
            if (whole or parts) and answer is not None:
                value = Free(place[1].value) if place[0] == Const(None) else Const(None)
                if place[0] != Const(None) and self._may_be_property(place):
                    # What lies there is what was read; where it lies, the class alone knows.
                    value, answer = self._as_read(place) or met.places[place], "anywhere"
                given = (*operands, *place[:2], value, Const(place[2]), Const(answer))
                found.append(_Look(check, given, whole, parts, ordered))
        return found

    def answer(self, place: Place) -> Any:
        """Where something may lie that a test of this place may let out of the function.

        That is "anywhere", somewhere in the "owner", under other names there, or "inside" of the
        place; None: nowhere.
        """
        kept = {other for name, other in self.kept.items() if name in self.useful}
        others = {p for p in kept if p[:2] != place[:2] and self._depends(p)}
        if any(p[0] != place[0] or place[0] == Const(None) for p in others) or (
                self._is_outer(self._result) and Const(self._result.name) != place[1]) or any(
                isinstance(s, Bind) and not self.useful.isdisjoint(s.targets)
                and self._may_answer(s, place) for s in ir.statements(self.function)):
            return "anywhere"
        if self.tells:
            return "anywhere" if place[0] == Const(None) or self._lies_inside(place[0]) \
                else "owner"
        if others:
            return tuple(sorted(str(p[1].value) for p in others))
        inside = any(p[:2] == place[:2] for p in kept) or any(
            isinstance(a, Free) and Const(a.name) == place[1] and place[0] == Const(None)
            and not self.useful.isdisjoint(ir.defines(s))
            for s in ir.statements(self.function) for a in ir.atoms(s))
        return "inside" if inside else None

    def _depends(self, place: Place) -> bool:
        """Unless all that writes it is here, and writes what does not come of the arguments."""
        owner, key, _ = place
        here = [s.value for s in ir.statements(self.function)
                if isinstance(s, Store) and s.place == "attribute" and s.key == key]
        cls = kind_of_atom(owner, self.context).type
        return not here or not isinstance(cls, type) or any(
            isinstance(v, Var) and v.name in self.of_arguments & self.context.varies
            for v in here) or any(
            key.value in written_by(f.__code__).attributes
            for f in methods_of(cls) if f is not self.function.origin)

    @functools.cached_property
    def tells(self) -> bool:
        """Whether the function gives nothing that has a derivative: it is asked, or told, for what
        its caller reads.
        """
        return not self._is_outer(self._result) and not self._varies(self._result)

    @functools.cached_property
    def _result(self) -> Any:
        last = self.function.body[-1] if self.function.body else None
        return last.value if isinstance(last, Exit) else None

    def _is_outer(self, a: Any) -> bool:
        return isinstance(a, Free) and a.name in self.outer

    def _may_answer(self, s: Bind, place: Place) -> bool:
        """A call that is given the owner, or that may read names from outside."""
        owner, key, _ = place
        if any(self._is_outer(a) and Const(a.name) != key for a in ir.atoms(s)):
            return True
        fn = s.fn.object if isinstance(s.fn, Ref) else None
        if fn is getattr:
            return s.args[0] == owner and s.args[1] != key and self._is_computed(s.args[1], owner)
        if fn is ops.method:
            return s.args[0] == owner
        return is_of_user(fn) and (owner in s.args or owner == Const(None))

    def _as_read(self, place: Place) -> Var | None:
        return next((Var(n) for n in self.kept if self._attribute(Var(n)) == place[:2]), None)

    def _may_be_property(self, place: Place) -> bool:
        owner, key, _ = place
        name = self._global(owner)
        cls = self.context.free_types.get(name) if name is not None else \
            kind_of_atom(owner, self.context).type
        if not isinstance(cls, type):
            return self._as_read(place) is not None
        return isinstance(inspect.getattr_static(cls, str(key.value), None), property)

    def _is_computed(self, key: Any, owner: Any) -> bool:
        """A property, or something else that a class computes when it is asked for it."""
        cls = kind_of_atom(owner, self.context).type
        return not isinstance(cls, type) or not isinstance(key, Const) or hasattr(
            inspect.getattr_static(cls, str(key.value), None), "__get__")


def _key(s: ir.Stmt) -> Any:
    """What a statement is found by, which may have other statements inside meanwhile."""
    return (s.loc, s.test) if isinstance(s, If) else id(s)
