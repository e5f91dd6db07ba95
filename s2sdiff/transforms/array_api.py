"""Helpers of the array API, called with NumPy's arrays, as the NumPy functions that they come to.

https://data-apis.org/array-api/latest: the compatibility layer wraps functions of NumPy's for the
options that NumPy has not; without these a call is one of NumPy's own.
"""

from __future__ import annotations

import sys
import types
from typing import Any

import numpy as np

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Const, Move, Ref, Star, replace
from s2sdiff.kinds import ANY, Kind
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds_of_atoms import kind_of_atom

__all__ = ["numpys", "promoted"]

#: Wrappers that do what NumPy's functions of the same names do.
_SAME = frozenset({
    "arange", "asarray", "clip", "empty", "empty_like", "eye", "full", "full_like", "linspace",
    "ones", "ones_like", "reshape", "std", "var", "zeros", "zeros_like"})
#: What NumPy's functions know of other names.
_RENAMED = {"correction": "ddof"}
_UNKNOWN = frozenset({"device", "copy"})
#: Arguments that NumPy has had under these names since 2.1, by position.
_BY_POSITION = {"reshape": ("shape",), "clip": ("min", "max")}


def numpys(s: Bind, context: Context) -> Bind | None:
    """A call of such a wrapper as one of NumPy's function; None for others."""
    fn: Any = s.fn.object if isinstance(s.fn, Ref) else None
    if not isinstance(fn, types.FunctionType) or fn.__name__ not in _SAME or \
            "array_api_compat" not in (fn.__module__ or ""):
        return None
    given = {k: a for k, a in s.kwargs
             if k is not None and (k not in _UNKNOWN or not _says_nothing(k, a, context))}
    if any(k is None for k, _ in s.kwargs) or not _UNKNOWN.isdisjoint(given) or (
            fn.__name__ == "clip" and not _clips(s, context)):
        return None
    names = _BY_POSITION.get(fn.__name__, ())[len(s.args) - 1:]
    args = (*s.args, *[given.pop(k, Const(None)) for k in names])
    kwargs = tuple([(_RENAMED.get(k, k), a) for k, a in given.items()])
    return replace(s, fn=Ref(getattr(np, fn.__name__)), args=args, kwargs=kwargs)


def _says_nothing(name: str, a: Any, context: Context) -> bool:
    """An option that is left out, or the one device that NumPy's arrays are on."""
    return a == Const(None) or (name == "device" and kind_of_atom(a, context).type in (
        str, type(None)))


def _clips(s: Bind, context: Context) -> bool:
    """Whether the bounds leave the type of the array as it is, which the wrapper sees to."""
    kinds = [kind_of_atom(a, context) for a in (*s.args, *[a for _, a in s.kwargs])]
    return all(k.dtype == kinds[0].dtype is not None or k.type in (float, int, type(None))
               for k in kinds) and kinds[0].field == "real"


def promoted(s: Bind, context: Context) -> list[ir.Stmt] | None:
    """SciPy's `xp_promote` of NumPy's arrays: those of the common type are left as they are."""
    helpers = sys.modules.get("scipy._lib._array_api")
    fn = getattr(helpers, "xp_promote", None)
    if fn is None or not s.calls(fn) or len(s.targets) != 1 or not s.args or any(
            isinstance(a, Star) for a in s.args):
        return None
    whole = kind_of_atom(ir.Var(s.targets[0]), context)
    kinds = (whole,) if len(s.args) == 1 else whole.items or ()
    given = [kind_of_atom(a, context) for a in s.args]
    option: Any = dict(s.kwargs).get("broadcast", Const(False))
    shapes = {k.shape for k in given if k.type is not type(None)}
    if len(kinds) != len(given) or option not in (Const(False), Const(True)) or (
            option.value and len(shapes) > 1):
        return None
    out: list[ir.Stmt] = []
    atoms: list[Any] = []
    for a, before, after in zip(s.args, given, kinds, strict=True):
        if before.type is type(None) or _same(before, after):
            atoms.append(a)
        elif not after.is_array or after.dtype is None or before is ANY:
            return None
        else:
            name = context.names(s.targets[0])
            out.append(Bind((name,), Ref(np.asarray), (a,), (("dtype", _dtype(after)),), s.loc))
            atoms.append(ir.Var(name))
    if len(atoms) == 1:
        return [*out, Move(s.targets, (atoms[0],), s.loc)]
    return [*out, Bind(s.targets, Ref(ops.tuple_), tuple(atoms), (), s.loc)]


def _same(before: Kind, after: Kind) -> bool:
    return before.is_array and after.is_array and before.dtype == after.dtype is not None


def _dtype(kind: Kind) -> Ref:
    return Ref(kind.dtype.type)
