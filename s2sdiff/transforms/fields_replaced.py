"""`dataclasses.replace(o, x=v)` of an argument, as a call of its class with all of its fields.

What is made so is an object like others, which may need no memory (`unboxed`).
"""

from __future__ import annotations

import dataclasses
import inspect
from typing import Any

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Block, Const, Free, Function, Ref, Star, Var, replace
from s2sdiff.kinds import Kind
from s2sdiff.transforms import members
from s2sdiff.transforms.context import Context, Guard
from s2sdiff.transforms.fresh_names import Names
from s2sdiff.transforms.meant import namespace_value
from s2sdiff.transforms.of_classes import is_object

__all__ = ["fields_of", "written"]


def written(function: Function, context: Context) -> Function:
    """The function with such calls written out; itself where there are none."""
    bound = ir.all_defs(function.body)
    classes = {p.name: cls for p in function.params if p.name not in bound
               and (cls := _class(context.arguments.get(p.name))) is not None}
    names = Names({*function.names, *function.free, *ir.all_names(function.body)})
    body = ir.rewritten(function.body, lambda s: _of_class(s, classes, names, context, function)
                        if classes and isinstance(s, Bind) and s.kwargs else None)
    if body == function.body:
        return function
    context.assumes = True
    return replace(function, body=body, names=frozenset(names.taken),
                   bases={**function.bases, **names.bases})


def _class(kind: Kind | None) -> type | None:
    """The class of an argument that is made of its fields alone."""
    cls: Any = kind.type if kind is not None and is_object(kind) else None
    return cls if cls is not None and members.is_plain(cls) and fields_of(cls) else None


def fields_of(cls: type) -> tuple[str, ...] | None:
    """The fields of a dataclass whose constructor takes all of them, and nothing else."""
    if not members.in_fields(cls):
        return None
    names = tuple([f.name for f in dataclasses.fields(cls) if f.init])
    asked = set(inspect.signature(cls.__init__).parameters) - {"self"}
    return names if asked == set(names) and len(names) == len(dataclasses.fields(cls)) else None


def _of_class(s: Bind, classes: dict[str, type], names: Names, context: Context,
              function: Function) -> Block | None:
    at, path = (2, ("replace",)) if s.calls(ops.method) else (0, ())
    if len(s.args) != at + 1 or len(s.targets) != 1 or any(k is None for k, _ in s.kwargs):
        return None
    source, root = s.args[at], s.args[0] if path else s.fn
    if isinstance(source, Star) or not isinstance(source, Var) or source.name not in classes or \
            not isinstance(root, Free) or (path and s.args[1] != Const("replace")):
        return None
    meant = namespace_value(function.origin, root.name)
    if (getattr(meant, "replace", None) if path else meant) is not dataclasses.replace:
        return None
    cls, given = classes[source.name], dict(s.kwargs)
    held = fields_of(cls) or ()
    if not given.keys() <= set(held):
        return None
    context.guard(Guard(None, root.name, path, dataclasses.replace))
    reads: list[ir.Stmt] = []
    for n in held:
        if n not in given:
            made = names(f"{source.name}_{n}")
            reads.append(Bind((made,), Ref(getattr), (source, Const(n)), (), s.loc))
            given[n] = Var(made)
    return (*reads, replace(s, fn=Ref(cls), args=(), kwargs=tuple([(n, given[n]) for n in held])))
