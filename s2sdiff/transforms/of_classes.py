"""Methods, properties and operators of objects whose class is known, as the functions they are.

Of an argument, the class and the names of its own attributes are known, so that it is certain what
`o.m(x)`, `o(x)`, `o.p` and `o + x` call.  Each is under a guard on the attribute of the class.
"""

from __future__ import annotations

import inspect
import operator
import types

from s2sdiff import ir, ops, registry
from s2sdiff.ir import Bind, Block, Const, Ref, Star, Var, replace
from s2sdiff.kinds import Kind
from s2sdiff.transforms.context import Context, Guard
from s2sdiff.transforms.staying import part_of

__all__ = ["called", "is_object"]

_UNARY = {
    operator.neg: "__neg__", operator.pos: "__pos__", abs: "__abs__", len: "__len__",
    operator.getitem: "__getitem__",
}
_BINARY = {
    getattr(operator, name): f"__{name.strip('_')}__"
    for name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul")
}


def is_object(kind: Kind) -> bool:
    """An object of a class that is written in Python, all of whose own attributes are known."""
    return kind.value is not None and kind.items is not None and \
        kind.type not in (dict, list, tuple, slice)


def called(s: Bind, kinds: list[Kind], context: Context) -> Block | None:
    """A call as that of the Python function which it comes to, or None.

    `kinds` are those of the positional arguments.
    """
    if isinstance(s.fn, Var):
        kind = context.kinds.get(s.fn.name)
        if kind is not None and callable(kind.value) and kind.field is None:
            # A generator is drawn from where it is made.
            drawn = not context.drawn_here.isdisjoint(ir.reads(s))
            return None if drawn else (replace(s, fn=Ref(kind.value)),)
        if kind is None or not is_object(kind):
            return None
        return _to(s, kind.type, "__call__", (s.fn, *s.args), context)
    if not isinstance(s.fn, Ref) or not kinds or not is_object(kinds[0]):
        return None
    fn, (kind, *others) = s.fn.object, kinds
    if any(isinstance(a, Star) for a in s.args[:2]):
        return None
    if fn is ops.method or fn is getattr:
        return _member(s, kind, context)
    name = _UNARY.get(fn) if fn in _UNARY else _BINARY.get(fn)
    if name is None or s.kwargs:
        return None
    if fn in _BINARY and (others[0].type is None or (
            others[0].type is not kind.type and issubclass(others[0].type, kind.type))):
        return None
    return _to(s, kind.type, name, s.args, context)


def _member(s: Bind, kind: Kind, context: Context) -> Block | None:
    owner, name, *rest = s.args
    if not isinstance(name, Const):
        return None
    if name.value in kind.value:
        return _held(s, part_of(kind, name.value), context) if s.calls(ops.method) else None
    if s.calls(ops.method):
        return _to(s, kind.type, name.value, (owner, *rest), context)
    found = inspect.getattr_static(kind.type, name.value, None)
    if type(found) is not property or registry.find(found) is not None or \
            not isinstance(found.fget, types.FunctionType):
        return None
    context.guard(Guard(kind.type, name.value, (), found))
    return (replace(s, fn=Ref(found.fget), args=(owner,)),)


def _held(s: Bind, part: Kind, context: Context) -> Block | None:
    """`o.part(x)`, where the object itself has the part."""
    owner, name, *rest = s.args
    assert isinstance(name, Const)
    if callable(part.value):
        return (replace(s, fn=Ref(part.value), args=tuple(rest)),)
    if not is_object(part):
        return None
    held = context.names(f"{getattr(owner, 'name', 'held')}_{name.value}")
    made = _to(s, part.type, "__call__", (Var(held), *rest), context)
    return None if made is None else (Bind((held,), Ref(getattr), (owner, name), (), s.loc), *made)


def _to(s: Bind, cls: type, name: str, args: tuple, context: Context) -> Block | None:
    found = inspect.getattr_static(cls, name, None)
    if isinstance(found, staticmethod):
        found, args = found.__func__, args[1:]
    if not isinstance(found, types.FunctionType):
        return None
    if name[:2] == "__" and name != "__call__" and "NotImplemented" in found.__code__.co_names:
        return None
    context.guard(Guard(cls, name, (), getattr(cls, name)))
    return (replace(s, fn=Ref(found), args=args),)
