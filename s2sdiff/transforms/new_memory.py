"""Calls whose result surely has memory of its own, and operations that change their operand."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from s2sdiff import ops, registry, runtime
from s2sdiff.ir import Bind, Const, Star
from s2sdiff.kinds import Kind
from s2sdiff.transforms.alias_classes import Classes
from s2sdiff.transforms.arithmetic import is_elementwise

__all__ = ["CONTAINED", "INPLACE", "MUTATORS", "copies", "is_new", "is_numbers_own", "makes_new"]

# Declared, as a checker of types would otherwise work out the union of all these for minutes.
_NEW: list[Any] = [
    float, int, complex, bool, len, hash, id, ord,
    operator.matmul, np.matmul, np.dot, np.sum, np.mean, np.prod, np.outer, np.inner, np.tensordot,
    np.einsum, np.concatenate, np.stack, np.vstack, np.hstack, np.zeros, np.ones, np.zeros_like,
    np.ones_like, np.full, np.eye, np.arange, np.linspace, np.where, np.clip, np.copy, np.cumsum,
    np.var, np.std, np.linalg.solve, np.linalg.inv, np.empty, np.empty_like, np.full_like, np.array,
    np.max, np.min, np.roll, np.diff, np.tile, np.repeat, np.pad, np.cross, np.kron, np.cumprod,
    np.linalg.norm, np.linalg.det, np.identity, np.column_stack, np.take, np.interp, np.trace,
    np.triu, np.tril, np.sort, np.argsort, np.random.rand, np.average, np.median,
    np.fft.fft, np.fft.ifft, np.fft.rfft, np.fft.irfft, np.fft.hfft, np.fft.ihfft,
    np.fft.fft2, np.fft.ifft2, np.fft.rfft2, np.fft.irfft2, np.fft.fftn, np.fft.ifftn,
    np.fft.rfftn, np.fft.irfftn, np.linalg.cholesky, np.linalg.eigh, np.linalg.eig,
    np.linalg.eigvalsh, np.linalg.eigvals, np.linalg.svd, np.linalg.qr, np.linalg.slogdet,
    np.linalg.lstsq, np.linalg.pinv, np.linalg.cond, np.convolve, np.correlate, np.append,
    np.insert, np.delete, np.block, np.dstack, np.cov, np.corrcoef, np.polyfit, np.vdot,
    np.nansum, np.nanmean, np.nanvar, np.nanstd, np.nanmax, np.nanmin, np.ptp, np.argmax,
    np.argmin, np.any, np.all, np.count_nonzero, np.select, np.bincount, np.searchsorted,
    np.digitize, np.take_along_axis, np.compress, np.extract, np.unique, np.tri,
    np.vander, np.logspace, np.geomspace, np.quantile, np.percentile, np.diagflat, np.lexsort,
    runtime.copy, runtime.scaled, runtime.masked, runtime.masked_evenly, runtime.zeros,
    runtime.place, runtime.divide, runtime.full, runtime.passed_on,
    *(vars(np.ndarray)[n] for n in (
        "copy", "sum", "mean", "prod", "dot", "cumsum", "var", "std", "flatten", "max", "min",
        "repeat", "take", "argsort", "trace", "tolist", "item", "__copy__")),
]
_MAKES_NEW = frozenset(_NEW)

#: Methods of containers and arrays that change their owner, and what they hand over to it.
MUTATORS = frozenset({
    "append", "extend", "insert", "pop", "remove", "clear", "sort", "reverse", "update",
    "setdefault", "add", "discard", "fill", "put", "itemset", "resize", "partition", "popitem",
    "appendleft", "extendleft", "rotate", "setflags", "setfield", "byteswap", "write", "send",
    "popleft", "__setitem__", "__delitem__", "__setattr__", "__delattr__", "__iadd__", "__imul__",
    "__isub__", "__itruediv__", "difference_update", "intersection_update",
    "symmetric_difference_update", "move_to_end", "subtract",
})
CONTAINED = MUTATORS | {"get", "items", "keys", "values", "copy", "index", "count"}

INPLACE = frozenset({*ops.IN_PLACE, operator.iconcat})


def is_new(memory: Classes, s: Bind, fn: Any) -> bool:
    """The call surely gives memory of its own (operators only where they are NumPy's)."""
    if fn is None:
        return False
    if _computes(fn):
        return memory.loose or all(
            memory.kind_of(a).is_number for a in s.args if not isinstance(a, Star))
    if fn in _ALONG_AXES and s.args and not isinstance(s.args[0], Star) and \
            memory.kind_of(s.args[0]).shape == ():
        return False
    return _owns(s, fn)


def is_numbers_own(s: Bind, fn: Any) -> bool:
    """`is_new` of a call in a rule, which computes with NumPy's numbers and arrays."""
    return _computes(fn) or _owns(s, fn)


def _computes(fn: Any) -> bool:
    return is_elementwise(fn) and fn not in INPLACE and fn is not operator.pos


def _owns(s: Bind, fn: Any) -> bool:
    try:
        if makes_new(fn):
            return not _may_share(s, fn)
        rule = registry.find(fn)
        return rule is not None and rule.constant
    except TypeError:
        return False


def makes_new(fn: Any) -> bool:
    """A function that mostly gives memory of its own."""
    return fn in _MAKES_NEW


def _may_share(s: Bind, fn: Any) -> bool:
    """What mostly makes new memory, but by its options may give a view or the argument itself."""
    options = dict(s.kwargs)  # under None, what only the run tells
    if fn is np.array:
        return "copy" in options or None in options
    if fn is np.einsum:
        # Of one operand, `ii->i` and `ij->ji` are views.
        return len(s.args) < 3 or not isinstance(s.args[0], Const)
    if fn is np.diff:
        return "n" in options or None in options or len(s.args) > 1
    if fn in _ALONG_AXES:
        # Along no axes, NumPy gives what it was given.
        given = [*s.args[1:], *(options.get(name) for name in ("s", "axes", None))]
        return not all(a is None or (isinstance(a, Const) and (a.value is None or (
            type(a.value) is tuple and a.value))) for a in given)
    return False


_ALONG_AXES = frozenset({np.fft.fft2, np.fft.ifft2, np.fft.fftn, np.fft.ifftn})


def copies(index: Kind) -> bool:
    """Indexing an array with this surely makes a new one: with arrays, lists or masks."""
    parts = index.items if index.type is tuple and index.items is not None else (index,)
    return any(p.type in (list, np.ndarray) for p in parts)
