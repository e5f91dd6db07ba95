"""Generator functions as functions that make an iterator, whose every step is a call.

    def powers(x):                  def step(frame):
        n = 0                           at, frame.at = frame.at, -1
        while True:                     x, n = frame.x, frame.n
            yield x ** n                if at == 0:
            n += 1                          n = 0
                                        while True:
    def powers(x):                          if at == 0:
        frame = Resumed(step, "powers")         item = x ** n
        frame.x, frame.n = x, None              frame.n, frame.at = n, 1
        return frame                            return item
                                            at = 0
                                            n += 1

Statements keep their order, and their place in loops: a step skips what was done before (`at` is
not 0 then) until it comes to the `yield` that it was left at.
"""

from __future__ import annotations

import ast
import types
import weakref
from typing import Any

import gast

from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.frontend import source
from s2sdiff.frontend.codes import FUTURE
from s2sdiff.frontend.frames import Unfit
from s2sdiff.frontend.mangling import mangled
from s2sdiff.frontend.steps_written import staged
from s2sdiff.ir import Loc
from s2sdiff.runtime import drawing_others, managers, planted, resuming
from s2sdiff.runtime.cells import unset
from s2sdiff.runtime.marking import START, STEP

__all__ = ["resumed"]

#: What the generated text calls, by the names that it calls it by.
_HELPERS: dict[str, Any] = {
    "iter": iter, "drawn": resuming.drawn, "given": resuming.given,
    "returned": resuming.returned, "thrown": resuming.thrown, "Resumed": resuming.Resumed,
    "END": drawing_others.END, "UNBOUND": planted.UNBOUND, "unset": unset,
    "enterable": managers.enterable, "raised": managers.raised,
    "kind_of": managers.kind_of, "trace_of": managers.trace_of}

_known: weakref.WeakKeyDictionary[Any, Any] = weakref.WeakKeyDictionary()


def resumed(function: types.FunctionType) -> types.FunctionType:
    """The function that makes what goes on step by step as the generator does.

    Raises
    ------
    UnsupportedError
        A `yield` stands where a step cannot begin.
    """
    known = _known.get(function)
    if known is None or known.__code__ is not function.__code__ or \
            known.start.__defaults__ is not function.__defaults__:
        parsed = source.read(function, generators=True, stepped=True)
        _known[function] = known = _Made(function, _start(function, parsed))
    return known.start


class _Made:
    __slots__ = ("__code__", "start")

    def __init__(self, function: Any, start: Any) -> None:
        self.__code__, self.start = function.__code__, start


#: By the code of the generator: the nodes and the code of the two functions.
_pairs: dict[Any, Any] = {}


def _start(function: types.FunctionType, parsed: source.Parsed) -> Any:
    key = function.__code__, function.__code__.co_filename
    if key not in _pairs:
        _pairs[key] = _parted(function, parsed)
    names, (step_code, start_code) = _pairs[key]
    free = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))
    cells = {**free, **{name: types.CellType(_HELPERS[n]) for n, name in names.items()
                       if n in _HELPERS}}
    step = _function(step_code, cells, function)
    step.__name__, step.__qualname__ = f"{function.__name__}_step", function.__qualname__
    setattr(step, STEP, function)
    start = _function(start_code, {**cells, names["step"]: types.CellType(step)}, function)
    setattr(start, START, function)
    start.__defaults__, start.__kwdefaults__ = function.__defaults__, function.__kwdefaults__
    return start


def _function(code: types.CodeType, cells: dict[str, Any], like: Any) -> Any:
    made = types.FunctionType(code, like.__globals__, like.__name__, None,
                              tuple([cells[n] for n in code.co_freevars]) or None)
    made.__qualname__, made.__module__ = like.__qualname__, like.__module__
    return made


def _parted(function: types.FunctionType, parsed: source.Parsed) -> Any:
    syntax = mangled(parsed.node, parsed.private, parsed.lines)
    if isinstance(syntax, gast.Lambda):
        loc = Loc(parsed.file, syntax.lineno, syntax.col_offset, function.__name__)
        raise refusal(UnsupportedError, f"{function.__qualname__} is a generator that is a lambda",
                      "write it as a function with `def`", loc)
    node: Any = gast.gast_to_ast(syntax)
    free = function.__code__.co_freevars
    try:
        step, start, names = staged(syntax, node, function.__qualname__, "__class__" in free)
    except Unfit as found:
        reason, at, instead = found.args
        loc = Loc(parsed.file, at.lineno, at.col_offset, function.__name__)
        raise refusal(UnsupportedError, f"{function.__qualname__} is a generator {reason}",
                      instead, loc) from None
    around: Any = ast.parse(f"def around({', '.join([*free, *names.values()])}): pass").body[0]
    around.body = [step, start]
    module = ast.fix_missing_locations(ast.Module(body=[around], type_ignores=[]))
    flags = function.__code__.co_flags & FUTURE
    outer = compile(module, parsed.file, "exec", flags, dont_inherit=True)
    codes = [c for c in outer.co_consts if isinstance(c, types.CodeType)]
    made = [c for c in codes[0].co_consts if isinstance(c, types.CodeType)]
    found = tuple(next(c for c in made if c.co_name == n.name) for n in (step, start))
    for n, code in zip((step, start), found, strict=True):
        source.enter(code, n, parsed)
    return names, found
