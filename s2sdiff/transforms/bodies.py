"""Classes and functions that `unboxed` writes into their calls, and the statements of these."""

from __future__ import annotations

import inspect
import types
from typing import Any

import gast

from s2sdiff import errors, ir, ops, registry
from s2sdiff.ir import Bind, Block, Const, Def, Free, Function, Opaque, Ref, Var, replace
from s2sdiff.runtime import cells, standins_elementwise
from s2sdiff.runtime.values import has_source
from s2sdiff.transforms import members
from s2sdiff.transforms.context import Guard
from s2sdiff.transforms.early import lowered
from s2sdiff.transforms.meant import MISSING, namespace_value

__all__ = ["Captured", "body_of", "class_method_of", "class_of", "helper_of", "is_factory", "makes",
           "same_cell"]


def class_of(s: ir.Stmt, origin: Any) -> Any:
    """The plain class that a statement makes an object of, or None."""
    if not isinstance(s, Bind) or len(s.targets) != 1 or not isinstance(s.fn, (Free, Ref)):
        return None
    if isinstance(s.fn, Ref) and s.fn.object is ops.method:
        owner, name = s.args[:2]
        module = namespace_value(origin, owner.name) if isinstance(owner, Free) else None
        if not isinstance(module, types.ModuleType) or not isinstance(name, Const):
            return None
        cls = getattr(module, name.value, None)
    else:
        cls = s.fn.object if isinstance(s.fn, Ref) else namespace_value(origin, s.fn.name)
    return cls if isinstance(cls, type) and (
        cls is types.SimpleNamespace or members.is_plain(cls) or members.is_named(cls)) else None


def class_method_of(s: Bind, origin: Any) -> Any:
    """The class method or static method of a plain class that a statement calls, or None."""
    if not s.calls(ops.method) or not isinstance(s.args[0], Free) or \
            not isinstance(s.args[1], Const):
        return None
    cls = namespace_value(origin, s.args[0].name)
    if not isinstance(cls, type) or not members.is_plain(cls):
        return None
    found = inspect.getattr_static(cls, s.args[1].value, None)
    return found if isinstance(found, (classmethod, staticmethod)) else None


def helper_of(s: Bind, origin: Any) -> Any:
    """The function of the user's that a statement calls by name, or out of a table, or None."""
    fn = namespace_value(origin, s.fn.name) if isinstance(s.fn, Free) else \
        s.fn.object if isinstance(s.fn, Ref) else None
    if not isinstance(fn, types.FunctionType) or fn is origin or fn.__closure__ or (
            isinstance(s.fn, Ref) and str(fn.__module__).startswith("s2sdiff")
            and fn.__module__ != standins_elementwise.__name__):
        return None
    return fn if has_source(fn) and registry.find(fn) is None else None


def is_factory(fn: Any, depth: int = 3) -> bool:
    """Whether a function of the user's gives a function or an object that it makes."""
    if fn is None or not depth or not _may_make(fn, depth):
        return False
    try:
        function = lowered(fn)
    except errors.DifferentiationError:
        return False
    last = function.body[-1] if function.body else None
    if not isinstance(last, ir.Exit) or last.kind != "return" or not isinstance(last.value, Var):
        return False
    made = [s for s in ir.statements(function) if last.value.name in ir.defines(s)]
    s = made[0] if len(made) == 1 else None
    return isinstance(s, Bind) and s in function.body and (
        makes(s) or class_of(s, fn) is not None or class_method_of(s, fn) is not None
        or is_factory(helper_of(s, fn), depth - 1))


def _may_make(fn: types.FunctionType, depth: int) -> bool:
    """Whether there is a function in it, or the name of a class or of another such function.

    Most helpers are told apart so, and need not be looked at.
    """
    code = fn.__code__
    if any(isinstance(c, types.CodeType) and c.co_name not in _COMPREHENSIONS
           for c in code.co_consts):
        return True
    named = [fn.__globals__.get(n) for n in code.co_names]
    # A proxy of what is gone may be asked for nothing.
    return any(issubclass(type(v), type) and (
        members.is_plain(v) or members.is_named(v)) for v in named) or any(
        type(v) is types.FunctionType and depth > 1 and _may_make(v, depth - 1) for v in named)


_COMPREHENSIONS = frozenset({"<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>"})


def makes(s: Any) -> bool:
    """Whether a statement makes a function."""
    return isinstance(s, Bind) and isinstance(s.fn, Ref) and type(s.fn.object) is cells.Maker


#: By name, the variable for what a function captures, and the object for its cell, if it is known.
Captured = dict[str, tuple[Var, str | None]]


def body_of(method: Any, here: Function, guards: list[Guard],
            captured: Captured | None = None) -> Block | None:
    """The statements of a method, where its names mean the same `here`; None where they do not.

    What a function has `captured` is in these variables.
    """
    function = lowered(method)
    if any(isinstance(b, (ir.Raw, Def, ir.Try, ir.With)) for b in ir.statements(function)):
        return None
    code, env = method.__code__, {}
    own = here.origin is not None and method.__globals__ is here.origin.__globals__
    if not own and any(isinstance(b, Bind) and b.calls(globals) for b in ir.statements(function)):
        return None
    opened = _with_parameters(function.body, captured or {})
    for a in dict.fromkeys((*[a for b in ir.walk(opened) for a in ir.atoms(b)],
                            *map(Free, _verbatim(opened)))):
        if not isinstance(a, Free):
            continue
        if captured is not None and a.name in captured:
            env[a] = captured[a.name][0]
        elif a.name == "__class__" and "__class__" in code.co_freevars:
            at = code.co_freevars.index("__class__")
            env[a] = Ref(method.__closure__[at].cell_contents)
        elif method.__module__ == standins_elementwise.__name__:
            env[a] = Ref(namespace_value(method, a.name))
        elif a.name in code.co_freevars or _means_another(a.name, method, here, guards):
            return None
    body = ir.substituted(opened, env) if env else opened
    return _with_cells(body, captured or {})


def _with_parameters(body: Block, captured: Captured) -> Block:
    """A body in which expressions that are kept verbatim are given what they name of `captured`."""
    def given(b: ir.Stmt) -> list[ir.Stmt] | None:
        named = [n for n in _named_in(b) if n in captured]
        if not named or not isinstance(b, Bind) or not isinstance(b.fn, Ref):
            return None
        opaque = b.fn.object
        return [replace(b, fn=Ref(Opaque(opaque.node, (*opaque.params, *named))),
                        args=(*b.args, *map(Free, named)))]

    return ir.rewritten(body, given) if captured else body


def _verbatim(body: Block) -> list[str]:
    """The names from outside in expressions that are kept verbatim."""
    return [n for b in ir.walk(body) for n in _named_in(b)]


def _named_in(b: ir.Stmt) -> list[str]:
    opaque = b.fn.object if isinstance(b, Bind) and isinstance(b.fn, Ref) else None
    if not isinstance(opaque, Opaque):
        return []
    names = [n for n in gast.walk(opaque.node) if isinstance(n, gast.Name)]
    inside = {n.id for n in names if not isinstance(n.ctx, gast.Load)}
    return sorted({n.id for n in names} - inside - set(opaque.params))


def same_cell(name: str) -> Any:
    """Where a body is written in: the cell that is an object there, of which this is the name."""
    raise AssertionError(name)


def _with_cells(body: Block, captured: Captured) -> Block | None:
    """A body in which what is captured once more has the cell that it had."""
    made: dict[int, Bind] = {}
    for b in ir.walk(body):
        if isinstance(b, Bind) and b.calls(cells.own_cell):
            name = ir.plain_args(b)[0]
            _, cell = captured.get(str(getattr(name, "value", "")), (None, None))
            if cell is None:
                return None
            made[id(b)] = replace(b, fn=Ref(same_cell), args=(Const(cell),))
    return ir.rewritten(body, lambda b: [made[id(b)]] if id(b) in made else None)


def _means_another(name: str, method: Any, here: Function, guards: list[Guard]) -> bool:
    origin = here.origin
    if origin is None or name in here.names - here.free:
        return True
    mine = namespace_value(origin, name)
    if mine is MISSING or namespace_value(method, name) is not mine:
        return True
    if method.__globals__ is not origin.__globals__:
        guards.append(Guard(method, name, (), mine))
    return False
