"""Code that looks at the variables of the running function: its derivative has others.

`locals()`, `vars()` and `dir()` give what the frame has, `eval` and `exec` look names up there;
generated code names its variables anew, leaves some out and has more.  What is made of such a look
may be the text of an exception, which nobody computes with.
"""

from __future__ import annotations

import gc
import re
import types
from typing import Any

from s2sdiff import ir, ops, registry
from s2sdiff.ir import Bind, Const, Exit, Function, Move, Raw, Ref
from s2sdiff.runtime import datasets, suspects
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds import kind_of_atom

__all__ = ["checks", "looks"]

#: With so many arguments or fewer they look at the frame that calls them.
_LOOKING = {"locals": 0, "vars": 0, "dir": 0, "eval": 1, "exec": 1}
_BUILTIN = {id(f): f.__name__ for f in (locals, vars, dir, eval, exec)}
#: By no name, but by where they lie in memory.
_FINDING = frozenset(map(id, (gc.get_objects, gc.get_referents, gc.get_referrers)))
_IN_C, _IN_PYTHON = types.BuiltinFunctionType, types.FunctionType


def looks(s: ir.Stmt, function: Function, useful: set[str]) -> tuple[str, str] | None:
    """Why such a statement is refused, and what to write instead; None: it is not."""
    name = None
    if isinstance(s, Raw):
        asked = re.search(r"\b(locals|vars|dir|eval|exec)\(\)", s.what)
        name = None if asked is None else asked[1]
    elif isinstance(s, Bind) and type(s.fn) is Ref:
        fn: Any = s.fn.object
        if type(fn) is _IN_PYTHON:
            if _reads_frames(fn.__code__, fn):
                reason = "what is called reads variables of its caller, and a derivative has others"
                return reason, "hand over what is read, or write the expression into the function"
            finds = fn.__module__ == "ctypes" and fn.__name__ == "cast"
        elif type(fn) is _IN_C:
            finds, name = id(fn) in _FINDING, _BUILTIN.get(id(fn))
            name = name if name is None or len(s.args) <= _LOOKING[name] else None
        else:
            return None
        if finds and useful.intersection(s.targets):
            return (f"{fn.__module__}.{fn.__name__} finds objects by no name of theirs",
                    "name the object that is meant")
    if name is None or (_LOOKING[name] == 0 and _only_raised(set(ir.defines(s)), s, function)):
        return None
    if _LOOKING[name]:
        return (f"{name}() runs code whose source is not known beforehand",
                "write that code into the function")
    return (f"{name}() gives the variables of the function that runs; its derivative has others",
            "name those that are meant, as in {'x': x}")


def checks(s: ir.Stmt, context: Context) -> list[Bind]:
    """A look at the owner of `table.eval("a + @b")`, which may be something else."""
    if not context.varies or not isinstance(s, Bind) or not s.calls(ops.method) or \
            s.args[1] not in _OF_TABLES:
        return []
    known = kind_of_atom(s.args[0], context).type
    return [Bind((), Ref(datasets.not_looking), s.args[:2], (), s.loc)] \
        if known is None or datasets.is_dataset(known) else []


_OF_TABLES = (Const("eval"), Const("query"))


#: By code and depth, for which functions need not be kept; the hash of code costs more than a look.
_known: dict[tuple[int, int], tuple[bool, types.CodeType]] = {}
_REMEMBERED = 4096


def _reads_frames(code: types.CodeType, fn: types.FunctionType, depth: int = 3) -> bool:
    """Whether a function, or one that it calls by its name, asks frames for their variables."""
    known = _known.get((id(code), depth))
    if known is None:
        if len(_known) >= _REMEMBERED:
            _known.clear()
        known = _known[id(code), depth] = _asks(code, fn, depth), code
    return known[0]


def _asks(code: types.CodeType, fn: types.FunctionType, depth: int) -> bool:
    if fn.__module__ == "pandas.core.computation.eval":
        return True
    if suspects.is_tame(fn.__module__) or registry.find(fn) is not None:
        return False
    called = [fn.__globals__.get(name) for name in code.co_names] if depth > 1 else []
    return "f_locals" in code.co_names or any(
        type(f) is types.FunctionType and _reads_frames(f.__code__, f, depth - 1)
        for f in called)


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
