"""Code that looks at the variables of the running function: its derivative has others.

`locals()`, `vars()` and `dir()` give what the frame has, `eval` and `exec` look names up there;
generated code names its variables anew, leaves some out and has more.  What is made of such a look
may be the text of an exception, which nobody computes with.
"""

from __future__ import annotations

import re

from s2sdiff import ir
from s2sdiff.ir import Bind, Exit, Function, Move, Raw, Ref

__all__ = ["looks"]

#: With so many arguments or fewer they look at the frame that calls them.
_LOOKING = {"locals": 0, "vars": 0, "dir": 0, "eval": 1, "exec": 1}


def looks(s: ir.Stmt, function: Function) -> tuple[str, str] | None:
    """Why such a statement is refused, and what to write instead; None: it is not."""
    name = _asked(s)
    if name is None or (_LOOKING[name] == 0 and _only_raised(set(ir.defines(s)), s, function)):
        return None
    if _LOOKING[name]:
        return (f"{name}() runs code whose source is not known beforehand",
                "write that code into the function")
    return (f"{name}() gives the variables of the function that runs; its derivative has others",
            "name those that are meant, as in {'x': x}")


def _asked(s: ir.Stmt) -> str | None:
    """The builtin function that a statement looks at its frame by."""
    if isinstance(s, Raw):
        found = re.search(r"\b(locals|vars|dir|eval|exec)\(\)", s.what)
        return None if found is None else found[1]
    fn = s.fn.object if isinstance(s, Bind) and isinstance(s.fn, Ref) else None
    name = getattr(fn, "__name__", "") if type(fn) is type(locals) else ""
    known = name in _LOOKING and fn is _BUILTIN[name]
    return name if known and isinstance(s, Bind) and len(s.args) <= _LOOKING[name] else None


_BUILTIN = {f.__name__: f for f in (locals, vars, dir, eval, exec)}


def _only_raised(names: set[str], made: ir.Stmt, function: Function) -> bool:
    """What is made of these goes into exceptions, and nowhere else."""
    if not names:
        return False
    statements = [s for s in ir.statements(function) if s is not made]
    before = -1
    while before != len(names):
        before = len(names)
        for s in statements:
            if not names.isdisjoint(ir.reads(s)):
                if isinstance(s, (Bind, Move)) and s.targets:
                    names.update(s.targets)
                elif not (isinstance(s, Exit) and s.kind == "raise"):
                    return False
    return True
