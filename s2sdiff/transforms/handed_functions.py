"""Functions that are made in a function, which only calls them and gives them to helpers.

They are objects that `unboxed` does without.  What such a function captures is bound before it is
made: each of its cells is a variable, which it may bind anew, too, and a call of it, wherever that
stands, is its body.
"""

from __future__ import annotations

import dis
import inspect
import types
from typing import Any

from s2sdiff import ops
from s2sdiff.frontend.codes import nested_codes
from s2sdiff.ir import Bind, Block, Const, Function, Loc, Move, Ref, Star, Var, replace
from s2sdiff.runtime import cells
from s2sdiff.transforms.bodies import Captured, makes, same_cell
from s2sdiff.transforms.objects import Objects, Site

__all__ = ["Functions"]

#: Of an object that is a cell: the one thing in it.
_CONTENTS = "cell_contents"


class Functions(Objects):
    """Objects, functions among them: their captured names are their attributes."""

    def __init__(self, function: Function, banned: set[Site]) -> None:
        super().__init__(function)
        self.banned = banned
        #: The blocks around what is read now, by numbers; by cell, that in which it is made.
        self.blocks: list[int] = [0]
        self.made_in: dict[str, int] = {}
        #: The cells that are filled in a block, and surely only there.
        self.filled_in: dict[int, set[str]] = {}
        #: Objects that get attributes behind their constructors, by block.
        self.filled_later: dict[int, set[str]] = {}
        #: The code of functions that are written in, as functions are made in them.
        self.factories: list[types.CodeType] = []
        #: The displays of values that functions take by default, by their names.
        self.shown: dict[str, tuple[Any, ...]] = {}
        #: By function, the cells of what it captures.
        self.cells: dict[str, dict[str, str]] = {}
        #: By function, what its last parameters are if nobody says so.
        self.defaults: dict[str, tuple[Any, ...]] = {}

    def made(self, s: Bind) -> Block | None:
        """What stands for the making of a cell or of a function; None: it stays."""
        if s.calls(same_cell):
            return self.moved(Move(s.targets, (Var(s.args[0].value),), s.loc))  # type: ignore[union-attr]
        if s.calls(ops.tuple_) and len(s.targets) == 1 and s.targets[0] in self.once:
            self.shown[s.targets[0]] = s.args
            return None
        cell = s.calls(cells.cell) and len(s.args) < 2 and not s.kwargs
        if not (cell or makes(s)) or len(s.targets) != 1:
            return None
        (name,), site = s.targets, (s.loc.file, s.loc.line, s.loc.column)
        if site in self.banned or name not in self.once:
            return None
        if cell:
            self.objects[name], self.sites[name], self.fields[name] = cells.cell, {site}, {}
            self.made_in[name] = self.blocks[-1]
            return self.filled_cell(name, s.args[0], s.loc) if s.args else ()
        defaults = self.by_default(s)
        if defaults is None:
            return None
        assert isinstance(s.fn, Ref)
        maker: Any = s.fn.object
        held = [self.object_of(a) for a in s.args[1:]]
        captured, origin = maker.code.co_freevars, self.function.origin
        if origin is None or not any(maker.code in nested_codes(code)
                                     for code in (origin.__code__, *self.factories)):
            return None  # of a method that is written in, which may be in another module
        if len(held) != len(captured) or None in held or _unbinds(maker.code):
            return None
        owners = [str(n) for n in held]
        if any(self.objects[n] is not cells.cell or n not in self.complete for n in owners):
            return None
        self.objects[name], self.sites[name] = maker, self.sites_of(set(owners)) | {site}
        self.cells[name] = dict(zip(captured, owners, strict=True))
        self.fields[name] = {n: self.fields[c][_CONTENTS]
                             for n, c in zip(captured, owners, strict=True)}
        given: list[Any] = []
        made: Block = ()
        for i, a in enumerate(defaults):
            if not isinstance(a, Const):
                # What it is bound to later is another value.
                made = (*made, *self.put(name, f"default_{i}", a, s.loc))
                a = Var(self.fields[name][f"default_{i}"])
            given.append(a)
        self.defaults[name] = tuple(given)
        self.complete.add(name)
        return made

    def filled_cell(self, owner: str, value: Any, loc: Loc) -> Block:
        """A captured variable is bound: first where its cell is made, and then by anybody."""
        if _CONTENTS in self.fields[owner]:
            self.stored.add(owner)
        if owner not in self.complete and self.made_in[owner] != self.blocks[-1]:
            # Who is made behind this, in the same block, finds it bound.
            self.filled_in.setdefault(self.blocks[-1], set()).add(owner)
        contents = self.put(owner, _CONTENTS, value, loc)
        # No other code has its name; the text has that of the captured variable.
        self.names.bases[self.fields[owner][_CONTENTS]] = owner.rpartition("_cell")[0] or owner
        self.complete.add(owner)
        return contents

    def by_default(self, s: Bind) -> tuple[Any, ...] | None:
        """The atoms of what a function takes by default; None where they are not known."""
        given = dict(s.kwargs)
        shown = given.pop("defaults", None)
        if given:
            return None
        atoms = () if shown is None else self.shown.get(getattr(shown, "name", ""))
        known = atoms is not None and all(
            isinstance(a, (Const, Var)) and self.object_of(a) is None for a in atoms)
        return atoms if known else None

    def with_defaults(self, s: Bind, owner: str, code: types.CodeType) -> Bind:
        """A call of a function with the arguments that it leaves out."""
        names, defaults = code.co_varnames[:code.co_argcount], self.defaults.get(owner, ())
        if not defaults or any(isinstance(a, Star) for a in s.args) or None in dict(s.kwargs):
            return s
        given = {*names[:len(s.args)], *dict(s.kwargs)}
        rest = [(n, a) for n, a in zip(names[len(names) - len(defaults):], defaults, strict=True)
                if n not in given]
        return replace(s, kwargs=(*s.kwargs, *rest))

    def made_function(self, owner: str) -> tuple[types.FunctionType, Captured] | None:
        """A function as its code says it, and what it captures."""
        maker: Any = self.objects[owner]
        if type(maker) is not cells.Maker:
            return None
        code, origin = maker.code, self.function.origin
        assert origin is not None
        empty = tuple([types.CellType() for _ in code.co_freevars])
        made = types.FunctionType(code, origin.__globals__, code.co_name, None, empty or None)
        held = self.cells.get(owner, {})
        return made, {n: (Var(v), held.get(n)) for n, v in self.fields[owner].items()}


def _unbinds(code: types.CodeType) -> bool:
    """Whether a function, or one in it, may unbind what it captures, or stops on its way."""
    stops = code.co_flags & (inspect.CO_GENERATOR | inspect.CO_COROUTINE
                             | inspect.CO_ASYNC_GENERATOR)
    return bool(stops) or any(
        i.opname == "DELETE_DEREF" and i.argval in code.co_freevars
        for c in (code, *nested_codes(code)) for i in dis.get_instructions(c))
