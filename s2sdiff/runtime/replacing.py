"""Attributes that functions write while they run, as their bytecode says."""

from __future__ import annotations

import dis
import types

from s2sdiff.runtime.bound_names import with_nested

__all__ = ["ANY_NAME", "BY_NAME", "WRITERS", "names_replaced"]

#: Which names are written is only known when the code runs.
ANY_NAME = "*"
#: What writes or deletes the attribute that it is given the name of.
WRITERS = (setattr, delattr, object.__setattr__, object.__delattr__, type.__setattr__,
           type.__delattr__)
_STORES = frozenset(dis.opmap[name] for name in ("STORE_ATTR", "DELETE_ATTR", "STORE_GLOBAL"))
#: Who asks for one of these may write any attribute.
_WRITERS = frozenset({"setattr", "delattr", "__setattr__", "__delattr__", "exec"})
#: Dicts in which others look for names, where they are written.
_DICTS = frozenset({"vars", "globals", "__dict__", "__globals__"})
BY_NAME = _WRITERS | _DICTS
_WRITING = frozenset({"update", "setdefault", "pop", "popitem", "clear"})


def names_replaced(code: types.CodeType) -> frozenset[str]:
    """The names of attributes, and global names, that a function binds."""
    found: set[str] = set()
    for c in with_nested(code):
        if not _WRITERS.isdisjoint(c.co_names) or (
                not _DICTS.isdisjoint(c.co_names) and (
                    not _WRITING.isdisjoint(c.co_names) or _ITEM in c.co_code[::2])):
            found.add(ANY_NAME)
        if "__kwdefaults__" in c.co_names:
            found.add("__kwdefaults__")
        if not _STORES.isdisjoint(c.co_code[::2]):
            found.update(i.argval for i in dis.get_instructions(c) if i.opcode in _STORES)
    return frozenset(found)


_ITEM = dis.opmap["STORE_SUBSCR"]
