"""Functions that are made in a function, which only calls them and gives them to helpers.

They are objects that `unboxed` does without.  What such a function captures is bound before it is
made, and never again: its cells stand for the values in them, and a call of it, wherever that
stands, is its body.
"""

from __future__ import annotations

import dis
import inspect
import types
from typing import Any

from s2sdiff.frontend.codes import nested_codes
from s2sdiff.ir import Bind, Block, Function, Ref, Var
from s2sdiff.runtime import cells
from s2sdiff.transforms.bodies import makes
from s2sdiff.transforms.objects import Objects, Site

__all__ = ["Functions"]

#: Of an object that is a cell: the one thing in it.
_CONTENTS = "contents"


class Functions(Objects):
    """Objects, functions among them: their captured names are their attributes."""

    def __init__(self, function: Function, banned: set[Site]) -> None:
        super().__init__(function)
        self.banned = banned
        #: The code of functions that are written in, as functions are made in them.
        self.factories: list[types.CodeType] = []

    def made(self, s: Bind) -> Block | None:
        """What stands for the making of a cell or of a function; None: it stays."""
        cell = s.calls(cells.cell) and len(s.args) == 1
        if not (cell or makes(s)) or s.kwargs or len(s.targets) != 1:
            return None
        (name,), site = s.targets, (s.loc.file, s.loc.line, s.loc.column)
        if site in self.banned or name not in self.once:
            return None
        if cell:
            self.objects[name], self.sites[name], self.fields[name] = cells.cell, {site}, {}
            contents = self.put(name, _CONTENTS, s.args[0], s.loc)
            self.complete.add(name)
            return contents
        assert isinstance(s.fn, Ref)
        maker: Any = s.fn.object
        held = [self.object_of(a) for a in s.args[1:]]
        captured, origin = maker.code.co_freevars, self.function.origin
        if origin is None or not any(maker.code in nested_codes(code)
                                     for code in (origin.__code__, *self.factories)):
            return None  # of a method that is written in, which may be in another module
        if len(held) != len(captured) or None in held or _rebinds(maker.code):
            return None
        owners = [str(n) for n in held]
        if any(self.objects[n] is not cells.cell for n in owners):
            return None
        self.objects[name], self.sites[name] = maker, self.sites_of(set(owners)) | {site}
        self.fields[name] = {n: self.fields[c][_CONTENTS]
                             for n, c in zip(captured, owners, strict=True)}
        self.complete.add(name)
        return ()

    def made_function(self, owner: str) -> tuple[types.FunctionType, dict[str, Var]] | None:
        """A function as its code says it, and the variables for what it captures."""
        maker: Any = self.objects[owner]
        if type(maker) is not cells.Maker:
            return None
        code, origin = maker.code, self.function.origin
        assert origin is not None
        empty = tuple([types.CellType() for _ in code.co_freevars])
        made = types.FunctionType(code, origin.__globals__, code.co_name, None, empty or None)
        return made, {n: Var(v) for n, v in self.fields[owner].items()}


def _rebinds(code: types.CodeType) -> bool:
    """Whether a function, or one in it, may bind what it captures, or stops on its way."""
    stops = code.co_flags & (inspect.CO_GENERATOR | inspect.CO_COROUTINE
                             | inspect.CO_ASYNC_GENERATOR)
    return bool(stops) or any(
        i.opname in ("STORE_DEREF", "DELETE_DEREF") and i.argval in code.co_freevars
        for c in (code, *nested_codes(code)) for i in dis.get_instructions(c))
