"""Arguments as they are before a derivative of a call is tried that may be refused halfway.

Where the text of a derivative cannot be differentiated, that is found when it runs, after it has
written some of what the call writes.  All of that is undone, and the function itself runs on its
arguments: what it leaves there has derivatives like what any function leaves.
"""

from __future__ import annotations

import types
from typing import Any

import numpy as np

from s2sdiff.carrying import can_carry, own_copies
from s2sdiff.directional import Directional
from s2sdiff.errors import DifferentiationError
from s2sdiff.runtime import by_place
from s2sdiff.runtime.arrays import add
from s2sdiff.runtime.contents import items_of
from s2sdiff.runtime.dots import Dots
from s2sdiff.runtime.leaves import leaves_of
from s2sdiff.runtime.noted import STATELESS, fill, note, slots, unchanged
from s2sdiff.runtime.shadow_slots import fields_of
from s2sdiff.runtime.shadows import Bars, owner_of
from s2sdiff.runtime.solver_states import State, state_of
from s2sdiff.runtime.structures import holds_numbers
from s2sdiff.runtime.tangents import Forward
from s2sdiff.runtime.values import is_inert
from s2sdiff.second import Gradient
from s2sdiff.transforms import effects

__all__ = ["Before", "are_constants", "function_of", "known_before", "primals_of", "pulled",
           "pushed", "run_on", "undone"]


def known_before(f: Any, args: tuple, copies: tuple | None = None, dots: Any = (),
                 table: Dots | None = None, captured: bool = False) -> Before | None:
    """What knows the arguments of a function that may write them; None for others.

    With `captured`, it knows, too, what the function leads to, or captures.
    """
    if (copies is None and not can_carry(args)) or not (written := effects.summary(f)):
        return None
    before = Before(args, copies, dots, table)
    before.outside = state_of(f) if captured and "*" in written else None
    if captured and "*" in written and before.outside is None:
        before.note([c.cell_contents for c in getattr(f, "__closure__", None) or ()
                     if c != types.CellType()])
    return before


def undone(before: Before, refused: DifferentiationError) -> None:
    """Undo what was done until a derivative was refused."""
    if before.shared:
        raise refused
    before.undo()


def run_on(before: Before | None, call: Gradient, args: tuple,
           refused: DifferentiationError) -> None:
    """Leave in the arguments what a plain call does."""
    if before is not None:
        undone(before, refused)
        call.f(*args, **call.kwargs)


def pulled(before: Before, call: Gradient | Directional, wrt: tuple[Any, ...],
           refused: DifferentiationError, in_places: Any) -> Any:
    """The pullback by place of a call that leaves in its arguments what its function does.

    `in_places` is that of what the call gives.
    """
    undone(before, refused)
    primals, slots = before.given, wrt
    if isinstance(call, Directional):
        slots = tuple([i for i, x in enumerate(primals) if holds_numbers(x)]) if 1 in wrt else ()
    kwargs = {} if isinstance(call, Directional) else call.kwargs
    value, pullback = by_place.called(function_of(call), slots, primals, kwargs)
    if before.shows(value):
        raise refused

    def pull(bar: Any, bars: Bars) -> tuple:
        # What the derivative itself reads was there before the function ran.
        left = tuple(pullback(None, bars))
        if isinstance(call, Directional):
            mine = dict(zip(slots, left, strict=True))
            whole = tuple([mine.get(i) for i in range(len(primals))])
            left = tuple([whole if s == 1 and any(x is not None for x in whole) else None
                          for s in wrt])
        return tuple(map(add, left, in_places(bar, bars)))

    return pull


def pushed(before: Before | None, call: Gradient | Directional, wrt: tuple[Any, ...],
           kept: Forward, kwargs: dict[str, Any], refused: DifferentiationError) -> None:
    """Leave in the arguments what the call's function does, and the tangents of that."""
    if before is None:
        return
    undone(before, refused)
    dots = dict(zip(wrt, kept.dots, strict=True))
    if isinstance(call, Directional):
        dots = dict(enumerate(dots.get(1) or ()))
    dots = {i: d for i, d in dots.items() if d is not None}
    value, _ = kept.call(function_of(call), dots, before.given, kwargs)
    if before.shows(value):
        raise refused


def function_of(call: Gradient | Directional) -> Any:
    """What a derivative's call is one of."""
    return call.gradient.f if isinstance(call, Directional) else call.f


def primals_of(call: Gradient | Directional) -> tuple:
    """What that function is given."""
    return call.gradient.args if isinstance(call, Directional) else call.args


class Before:
    """What arguments hold, and their tangents.

    Parameters
    ----------
    given : the arguments
    copies : of them, one for each, which nobody writes into
    dots : the tangents of code that goes forwards
    table : those that it keeps by place

    Attributes
    ----------
    shared : the copies have objects in common with the arguments that somebody may write: those
        that hold no numbers are not copied
    """

    def __init__(self, given: tuple, copies: tuple | None = None, dots: Any = (),
                 table: Dots | None = None) -> None:
        self.given = given
        self.copies = own_copies(given) if copies is None else copies
        self.shared = not all(isinstance(x, _LEAVES) for x in given) and \
            _shares(given, self.copies, set())
        self.outside: State | None = None
        self._held: list[tuple[Any, Any]] = []
        self._tangents: list[tuple[Any, Any]] = []
        self._captured: list[tuple[Any, Any]] = []
        self._entries: list[tuple[dict[int, Any], int, Any]] = []
        self._memory: set[int] = set()
        note(given, self._held, seen := set())
        note(dots, self._tangents, seen)
        if table is not None:
            self._note_table(table, seen)
        for x, _ in self._held:
            if isinstance(x, np.ndarray):
                self._memory.add(id(owner_of(x)))

    def note(self, held: list[Any]) -> None:
        """Know what others hold, too, but for arrays."""
        note(held, self._captured, {id(x) for x, _ in self._held}, arrays=False)

    def _note_table(self, table: Dots, seen: set[int]) -> None:
        for x, _ in [*self._held]:
            if isinstance(x, np.ndarray):
                found = table.arrays.get(id(owner_of(x)))
                note(None if found is None else found[1], self._tangents, seen)
                continue
            # An object's own dict, which somebody may have as such.
            for place in {id(p): p for p in (x, fields_of(x))}.values():
                held, whole = table.held.get(id(place)), table.containers.get(id(place))
                self._entries += [(table.held, id(place), held),
                                  (table.containers, id(place), whole)]
                if held is not None:
                    self._tangents.append((held[1], [*held[1].items()]))
                    note([dot for _, dot in held[1].values()], self._tangents, seen)
                note(None if whole is None else whole[1], self._tangents, seen)

    def undo(self) -> None:
        """Let all of it be there again."""
        if self.outside is not None:
            self.outside.put_back()
        # Of what others hold, only what has changed is touched.
        changed = [(x, content) for x, content in self._captured
                   if not unchanged(slots(x), content)]
        for x, content in (*self._held, *self._tangents, *changed):
            fill(x, content)
        for table, key, entry in self._entries:
            table.pop(key, None)
            if entry is not None:
                table[key] = entry

    def moved(self) -> bool:
        """Whether a number is another one, or elsewhere."""
        return any(_moved(x, content) for x, content in self._held)

    def shows(self, value: Any) -> bool:
        """Whether a value is, or has a view of, an array in the arguments."""
        return any(isinstance(v, np.ndarray) and id(owner_of(v)) in self._memory
                   for v in leaves_of(value))


def are_constants(args: tuple) -> bool:
    """Whether nobody can write any of the arguments.

    >>> are_constants((1.0, "a", None, np.sin)), are_constants((np.ones(2),))
    (True, False)
    """
    return all(isinstance(x, STATELESS) for x in args)


_LEAVES = (np.ndarray, int, float, complex, str, type(None), np.generic)


def _shares(x: Any, like: Any, seen: set[int]) -> bool:
    if id(x) in seen or isinstance(x, (*STATELESS, np.ndarray)):
        return False
    seen.add(id(x))
    if x is like and not isinstance(x, tuple):
        return items_of(x) is not None
    return any(_shares(v, w, seen) for (_, v), (_, w) in zip(
        slots(x), slots(like), strict=False))


def _moved(x: Any, content: Any) -> bool:
    if isinstance(x, np.ndarray):
        return x.dtype.kind in "fcO" and x.tobytes() != content.tobytes()
    before, now = dict(content), dict(slots(x))
    other = [k for k in now if k not in before or not _same(now[k], before[k])]
    gone = [k for k in before if k not in now]
    return not all(map(is_inert, (*[now[k] for k in other],
                                  *[before[k] for k in (*other, *gone) if k in before])))


def _same(a: Any, b: Any) -> bool:
    return a is b or (type(a) is type(b) and isinstance(a, STATELESS) and (
        a == b or (a != a and b != b)))
