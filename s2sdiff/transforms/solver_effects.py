"""What is written in functions that solvers are given, of which only that is asked.

There, a call of another solver writes what the functions do that it is given, an interpolant
writes nothing, and functions that are made around or inside are what they are now.
"""

from __future__ import annotations

import contextvars
import functools
import inspect
import types
from collections.abc import Callable
from typing import Any

from s2sdiff import ir, ops
from s2sdiff.ir import Arg, Bind, Const, Free, Ref, Star, Var
from s2sdiff.kinds import Kind
from s2sdiff.runtime import standins_scipy
from s2sdiff.runtime.cells import Maker
from s2sdiff.transforms.calling_effects import CALLING
from s2sdiff.transforms.context import Guard
from s2sdiff.transforms.held_functions import is_plain, maker_of, of_held, owned, shape
from s2sdiff.transforms.implicit import attribute_writes, of_user
from s2sdiff.transforms.known_effects import ALL, NOTHING, gives_new, solves
from s2sdiff.transforms.meant import MISSING, namespace_value
from s2sdiff.transforms.notes import is_anew, looked_up, note
from s2sdiff.transforms.quiet_parameters import is_quiet, taken

__all__ = ["asking", "called_on", "is_interpolant", "runs", "written"]

Summary = Callable[..., frozenset]
#: That is asked now, of a function that captures this (`held_functions.shape`).
asking: contextvars.ContextVar[Any] = contextvars.ContextVar("asking", default=False)
#: What may be among the options of a solver and is called; and those that call several arguments.
_CALLED = ("fun", "func", "f", "jac", "hess", "hessp", "fprime", "fprime2", "Dfun")
_UNKNOWN = ("events", "callback", "constraints")
_OF_SEVERAL = ("dblquad", "tplquad", "nquad")


def written(s: Bind, origin: Any, kind: Callable[[Any], Kind],
            summary: Summary) -> frozenset | None:
    """What the call writes; None where it is none of these, or where nothing is known."""
    if s.calls(getattr):
        # What a solver gives is new, and a property of it keeps what it finds there.
        if isinstance(s.args[0], Free):
            if is_plain(s.args[0], origin):
                return NOTHING
            cls = _class_of(s.args[0], origin, kind)
            quiet = cls is not None and not attribute_writes(s, lambda a: Kind(cls), summary)
            return NOTHING if quiet else None
        made_by = maker_of(s.args[0], origin) if isinstance(s.args[0], Var) else None
        return NOTHING if made_by is not None and not made_by.calls(getattr) and \
            _solver(made_by, origin) is not None else None
    method = _method(s, origin, kind)
    if method is not None:
        return None if _of_method(s, method, origin, summary) else NOTHING
    if is_quiet(s.fn, origin) or _calls_quiet(s, origin, kind, summary):
        return NOTHING
    held = of_held(s, origin, summary)
    if held is not None:
        return None if held else NOTHING
    if isinstance(s.fn, Var):
        return None if _of_function(s.fn, origin, kind, summary) else NOTHING
    if isinstance(s.fn, Free):
        value = namespace_value(origin, s.fn.name)
        if not isinstance(value, (types.FunctionType, type)):
            return _of_interpolant(value, s.fn.name, origin)
        if is_anew(origin, s.fn.name, value):
            return None if summary(looked_up(origin, s.fn.name)) else NOTHING
    if isinstance(s.fn, Ref) and any(s.fn.object is f for f in CALLING):
        quiet = bool(s.args) and isinstance(s.args[0], Var) and not _of_function(
            s.args[0], origin, kind, summary)
        return NOTHING if quiet and not s.kwargs else None
    found = _solver(s, origin)
    if found is None or any(k in _UNKNOWN for k, _ in s.kwargs):
        return None
    solver, given = found
    called = given if solver.__name__ in _OF_SEVERAL else given[:1]
    for a in (*called, *[a for k, a in s.kwargs if k in _CALLED]):
        if _of_function(a, origin, kind, summary):
            return None
    return NOTHING


def _calls_quiet(s: Bind, origin: Any, kind: Callable[[Any], Kind], summary: Summary) -> bool:
    """Whether a function of the user's writes nothing, as what it is given to call does not."""
    callee = s.fn.object if isinstance(s.fn, Ref) else \
        looked_up(origin, s.fn.name) if isinstance(s.fn, Free) else None
    if not isinstance(callee, types.FunctionType):
        return False

    def quiet(a: Any) -> bool:
        call = ir.replace(s, fn=a, args=(), kwargs=())
        return not _of_function(a, origin, kind, summary) or (
            isinstance(a, (Var, Free)) and written(call, origin, kind, summary) == NOTHING)

    with taken(s, callee, quiet) as more:
        return more and not summary(callee)


def _solver(s: Bind, origin: Any) -> tuple[Any, tuple[Arg, ...]] | None:
    """The solver that is called, and what it is given in order; or None."""
    value, given = _called(s, origin)
    made = standins_scipy.standin(value) if isinstance(value, types.FunctionType) else None
    if made is None or not solves(made) or not given or any(isinstance(a, Star) for a in given):
        return None
    return value, given


def _called(s: Bind, origin: Any) -> tuple[Any, tuple[Arg, ...]]:
    """What is called, as far as its name says that, and what it is given in order."""
    if isinstance(s.fn, Free):
        value = namespace_value(origin, s.fn.name)
        return (looked_up(origin, s.fn.name) if isinstance(value, types.FunctionType)
                else value), s.args
    if s.calls(ops.method) and isinstance(s.args[0], Free) and isinstance(s.args[1], Const):
        owner = namespace_value(origin, s.args[0].name)
        if isinstance(owner, types.ModuleType):
            return getattr(owner, s.args[1].value, None), s.args[2:]
    return (s.fn.object if isinstance(s.fn, Ref) else None), s.args


def _of_interpolant(value: Any, name: str, origin: Any) -> frozenset | None:
    if value is MISSING or not is_interpolant(value):
        return None
    note([Guard(origin, name, ("__class__",), type(value))])
    return NOTHING


def is_interpolant(x: Any) -> bool:
    """Something of SciPy's that gives values when it is called, and changes nothing."""
    return not isinstance(x, type) and gives_new(getattr(type(x), "__call__", None))  # noqa: B004


def called_on(target: Any) -> Any:
    """The object of which something is a method, or that is called itself."""
    while type(target) is functools.partial:
        target = target.func
    return target.__self__ if isinstance(target, types.MethodType) else target


def runs(target: Any) -> tuple[Any, type | None]:
    """The function that a call of something runs, and the class of what it is called on.

    Of an object's class it is known what a read of an attribute does.
    """
    while type(target) is functools.partial:
        target = target.func
    held = called_on(target)
    found = target.__func__ if held is not target else _of_class(type(held), "__call__")
    if found is None or has_its_own(held):
        return target, None
    return found, type(held)


def _method(s: Bind, origin: Any, kind: Callable[[Any], Kind]) -> tuple[Any, type] | None:
    """The method that is called, or read, of an object whose class is known, and that class."""
    a, name = (s.args[0], s.args[1]) if s.calls(ops.method) or s.calls(getattr) else (
        s.fn, Const("__call__"))
    cls = _class_of(a, origin, kind)
    found = _of_class(cls, name.value) if cls is not None and isinstance(name, Const) else None
    return None if found is None or cls is None else (found, cls)


def _of_method(s: Bind, method: tuple[Any, type], origin: Any, summary: Summary) -> frozenset:
    """What a method writes; of something captured one knows what functions it holds."""
    a = s.args[0] if s.calls(ops.method) or s.calls(getattr) else s.fn
    if not isinstance(a, Free):
        return summary(*method)
    owner = namespace_value(origin, a.name)
    asked = asking.set((asking.get(), shape(owner)))
    try:
        with owned(method[0], owner):
            return summary(*method)
    finally:
        asking.reset(asked)


def _class_of(a: Any, origin: Any, kind: Callable[[Any], Kind]) -> Any:
    """The user's class of an object whose method is looked at, or that is captured; or None."""
    if not isinstance(a, Free):
        cls = kind(a).type if isinstance(a, Var) else None
        return cls if of_user(cls) else None
    value = namespace_value(origin, a.name)
    cls = type(value)
    if value is MISSING or isinstance(value, type) or not of_user(cls) or has_its_own(value):
        return None
    note([Guard(origin, a.name, ("__class__",), cls)])
    return cls


def captures_its_own(target: Any) -> bool:
    """Whether a function captures an object that has something in the place of a method.

    Another one of the same class may have been looked at before.
    """
    cells = target.__closure__ or () if isinstance(target, types.FunctionType) else ()
    return any(has_its_own(c.cell_contents) for c in cells if c != _EMPTY)


_EMPTY = types.CellType()


def has_its_own(x: Any) -> bool:
    """Whether an object has something in the place of a method, which no look at a class shows."""
    return any(_of_class(type(x), name) for name in getattr(x, "__dict__", ()))


def _of_class(cls: Any, name: str) -> types.FunctionType | None:
    found = inspect.getattr_static(cls, name, None)
    return found if isinstance(found, types.FunctionType) else None


def _of_function(a: Arg, origin: Any, kind: Callable[[Any], Kind],
                 summary: Summary) -> frozenset:
    """What the calls write of something that a solver is given."""
    if isinstance(a, Const) or is_quiet(a, origin):
        return NOTHING
    if isinstance(a, Ref):
        return summary(a.object)
    if isinstance(a, Free):
        value = looked_up(origin, a.name)
        if value is MISSING:
            found = _of_interpolant(namespace_value(origin, a.name), a.name, origin)
            return ALL if found is None else found
        return summary(value)
    made_by = maker_of(a, origin) if isinstance(a, Var) else None
    if made_by is not None:
        value, given = _called(made_by, origin)
        if value is functools.partial and given:
            return _of_function(given[0], origin, kind, summary)
        method = _method(made_by, origin, kind) if made_by.calls(getattr) else None
        if method is not None:
            return summary(*method)
    function = _made(a, origin) if isinstance(a, Var) else None
    return ALL if function is None else summary(function)


def _made(a: Var, origin: Any) -> types.FunctionType | None:
    """The function that a name has which is defined in `origin`, as far as it captures the same."""
    made_by = maker_of(a, origin)
    maker = made_by.fn.object if made_by is not None and isinstance(made_by.fn, Ref) else None
    if type(maker) is not Maker:
        return None
    around = dict(zip(origin.__code__.co_freevars, origin.__closure__ or (), strict=True))
    cells = tuple([around.get(n, types.CellType()) for n in maker.code.co_freevars])
    return types.FunctionType(maker.code, origin.__globals__, closure=cells)
