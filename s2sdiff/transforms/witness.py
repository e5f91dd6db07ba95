"""Shapes by example: a function is called on arrays of three sizes, and dimensions recognised."""

from __future__ import annotations

import functools
import itertools
import math
import types
import warnings
from typing import Any

import numpy as np

from s2sdiff.ir import Bind, Const, Free, Ref, Var
from s2sdiff.kinds import ANY, Kind, is_fresh, kind_of, unknown_dim
from s2sdiff.kinds_joined import join

__all__ = ["SHAPED", "probe"]

#: Which of two is larger is not the same in all runs: the smaller of two dimensions is neither.
_PRIMES = ((7, 11, 13, 17, 19, 23), (29, 31, 37, 41, 43, 47), (43, 41, 31, 29, 17, 11))
_ALIKE = ((7,) * 6, (11,) * 6, (13,) * 6)
#: Of arrays of rank 4 and more, and of all pairs of elements, which would be large; no two lengths
#: differ by the same in all.
_COMPACT = ((7, 5, 3, 11, 2, 13), (5, 11, 7, 2, 13, 3), (3, 7, 11, 5, 13, 2))
_COMPACT_ALIKE = ((3,) * 6, (5,) * 6, (7,) * 6)
_LIMIT = 100_000
_OF_ALL_PAIRS = (np.kron, np.outer, np.tensordot, np.inner)


def _named(*names: str) -> set[Any]:
    found = set()
    for name in names:
        for owner in (np, np.ndarray, np.generic, np.linalg, np.fft):
            if hasattr(owner, name):
                found.add(vars(owner)[name] if name in vars(owner) else getattr(owner, name))
    return found


#: Functions whose result's rank and dtype follow from the ranks and dtypes of their arguments.
SHAPED = _named(
    "sum", "prod", "mean", "var", "std", "min", "max", "amin", "amax", "ptp", "cumsum", "cumprod",
    "nansum", "nanmean", "nanmax", "nanmin", "average", "median", "any", "all", "argmax", "argmin",
    "transpose", "T", "mT", "swapaxes", "moveaxis", "expand_dims", "broadcast_to", "ravel",
    "flatten", "atleast_1d", "atleast_2d", "flip", "fliplr", "flipud", "roll", "tril", "triu",
    "copy", "astype", "asarray", "asanyarray", "array", "ascontiguousarray", "zeros", "ones",
    "empty", "full", "eye", "zeros_like", "ones_like", "empty_like", "full_like", "arange",
    "linspace", "outer", "inner", "tensordot", "trace", "diff", "column_stack", "shape", "ndim",
    "size", "dtype", "real", "imag", "conj", "conjugate", "item", "repeat", "tile", "argsort",
    "sort", "reshape", "diag", "isscalar", "take_along_axis", "tri",
    "cross", "kron", "result_type", "take", "round", "norm", "einsum",
    "vdot", "diagonal", "identity", "squeeze", "searchsorted", "digitize", "interp", "polyval",
    "convolve", "correlate", "logspace", "nan_to_num", "unwrap", "heaviside",
    "fft", "ifft", "rfft", "irfft", "fft2", "ifft2", "fftn", "ifftn", "rfft2", "rfftn", "irfft2",
    "irfftn", "hfft", "ihfft", "fftshift", "ifftshift", "fftfreq", "rfftfreq",
    "quantile", "percentile", "nanmedian", "nanquantile", "nanpercentile", "nanvar", "nanstd",
    "nanprod", "geomspace", "matvec", "vecmat", "vecdot", "angle", "append", "asfortranarray",
    "atleast_3d", "diagflat", "ediff1d", "cov", "corrcoef", "cumulative_sum", "cumulative_prod",
    "nancumsum", "nancumprod", "block", "i0", "sinc", "partition", "resize", "rot90", "trapezoid",
    "matrix_transpose", "matrix_norm", "vector_norm", "matrix_power", "svdvals", "eigvalsh",
    "insert", "delete", "gradient", "vander", "select", "pad", "polyadd", "polysub",
    "polymul", "polyder", "polyint", "compress", "extract", "choose", "ix_", "eigh", "svd",
    "qr", "slogdet", "triu_indices", "tril_indices", "triu_indices_from", "tril_indices_from",
    "diag_indices", "diag_indices_from", "meshgrid", "nonzero", "flatnonzero", "argwhere",
    "pinv", "lstsq", "cond", "matmul", "multi_dot", "clip", "around", "fix", "divmod", "frexp",
    "modf", "isclose", "allclose", "array_equal", "isin", "indices", "lexsort",
    "count_nonzero", "dstack", "rollaxis", "polyfit",
) | {len, float, complex, int, round, divmod, tuple, list, np.float32, np.float64, np.complex64,
     np.complex128, np.int64, np.int32, str, repr, np.add.reduce,
     np.add.outer, np.multiply.outer, np.subtract.outer,
     np.add.accumulate, np.multiply.accumulate, np.maximum.accumulate, np.minimum.accumulate,
     np.maximum.reduce, np.minimum.reduce, np.multiply.reduce} | {
    f for f in vars(math).values() if callable(f)}


class _Unknown(Exception):
    pass


def probe(fn: Any, bind: Bind, kinds: list[Kind], context: Any) -> Kind:
    """The kind of `fn(*args, **kwargs)`, or ANY where the calls do not tell."""
    from s2sdiff.transforms.kinds import kind_of_atom

    names: tuple[str | None, ...] = (None,) * len(bind.args)
    atoms: tuple[Any, ...] = bind.args
    if bind.kwargs:
        names += tuple([k for k, _ in bind.kwargs])
        atoms = (*atoms, *[a for _, a in bind.kwargs])
        kinds = [*kinds, *[kind_of_atom(a, context) for _, a in bind.kwargs]]
    # The same question comes several times per compilation, and from one compilation to the next.
    given: list[Any] = []
    for a, k in zip(atoms, kinds, strict=True):
        t = type(a)
        if t is Const or t is Ref:
            given.append(a)
        elif t is Var or t is Free:
            given.append(k)
        else:
            return ANY
    parts = tuple(given)
    key = fn, names, parts
    try:
        found = _known.get(key)
    except TypeError:
        return _probed(fn, names, parts)
    if found is None:
        found = _probed(fn, names, parts)
        if not is_fresh(found) and not any(
                isinstance(getattr(p, "value", None), np.ndarray) for p in parts):
            if len(_known) > 4096:
                _known.clear()
            _known[key] = found
    return found


#: Results by function, argument names, and arguments: literals, or kinds with named dimensions.
_known: dict[Any, Kind] = {}


def _probed(fn: Any, names: tuple[str | None, ...], parts: tuple[Any, ...]) -> Kind:
    ranks = [len(p.shape or ()) for p in parts if isinstance(p, Kind)]
    large = max(ranks, default=0) > 3 or (fn in _OF_ALL_PAIRS and sum(ranks) > 4)
    found = _tried(fn, names, parts, _COMPACT if large else _PRIMES)
    first = parts[0] if parts else None
    if found is not None and fn not in _LENGTHS and getattr(first, "dim", None) is None:
        if found.type is int:
            return found._replace(dim=None)  # what ones are rounded to is no length
        if found.type is tuple and found.items and fn not in _SHAPES:
            found = found._replace(items=tuple([
                k._replace(dim=None) if k.type is int else k for k in found.items]))
    if fn in _CHOOSING or not _CHOSEN.isdisjoint(names) or (fn in _COUNTING and any(
            isinstance(p, Kind) and p.field == "real" for p in parts)):
        return _loosened(found or ANY)
    if found is not None:
        return found
    # Where sizes must fit, all alike do: the rank and the dtype are the same with any.
    return _loosened(_tried(fn, names, parts, _COMPACT_ALIKE if large else _ALIKE) or ANY)


#: Functions of numbers that tell how many there are, which a float of any value may do.
_COUNTING = (np.arange, np.tri, np.repeat)
#: What they tell is how many there are of something.
_LENGTHS = _named("ndim", "size") | {len}
#: What gives several of them.
_SHAPES = _named("shape") | {np.broadcast_shapes}
#: How much they give depends on what is in an array.
_CHOOSING = (np.compress, np.extract, np.ndarray.compress, np.nonzero, np.ndarray.nonzero,
             np.flatnonzero, np.argwhere, np.unique)
#: Options by which results are chosen by their values.
_CHOSEN = frozenset({"subset_by_value", "select"})


def _loosened(kind: Kind) -> Kind:
    """A kind without what was found of its dimensions."""
    items = None if kind.items is None else tuple(map(_loosened, kind.items))
    shape = kind.shape and tuple(unknown_dim() for _ in kind.shape)
    return kind._replace(shape=shape, items=items, dim=None)


def _tried(fn: Any, names: tuple[str | None, ...], parts: tuple[Any, ...],
           sizes_of_runs: tuple[tuple[int, ...], ...]) -> Kind | None:
    """The kind that examples give; None where the function raises for them."""
    found: Kind | None = None
    try:
        per_run = []
        for primes in sizes_of_runs:
            sizes: dict[Any, int] = {}
            choices = [_any_option(fn, name, part, parts[0]) or _values(part, sizes, primes)
                       for name, part in zip(names, parts, strict=True)]
            per_run.append((sizes, list(itertools.islice(itertools.product(*choices), 32))))
        every = [sizes for sizes, _ in per_run]
        for values in zip(*[runs for _, runs in per_run], strict=True):
            kind = _recognise([_call(fn, names, given) for given in values], every)
            found = kind if found is None else join(found, kind)
    except _Unknown:
        return None
    return found or ANY


def _any_option(fn: Any, name: str | None, part: Any, first: Any) -> list[Any]:
    """All that an option may be whose value is not known; nothing if this is none."""
    if not isinstance(part, Kind):
        return []
    if name == "keepdims":  # by whatever number it is said
        return [False, True]
    along = name == "axis" and _is_whole(part.type) and part.dim is None and \
        isinstance(first, Kind)
    # A new axis may stand behind all others, too.
    return list(range(len(first.shape or ()) + (fn is np.expand_dims))) if along else []


def _call(fn: Any, names: tuple[str | None, ...], values: tuple) -> Any:
    args = [v for n, v in zip(names, values, strict=True) if n is None]
    kwargs = {n: v for n, v in zip(names, values, strict=True) if n is not None}
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            if hasattr(fn, "__get__") and not callable(fn):
                return fn.__get__(args[0])
            return fn(*args, **kwargs)
    except Exception as error:
        # Whatever a witness provokes only means that nothing is known.
        raise _Unknown from error


def _values(part: Any, sizes: dict[Any, int], primes: tuple[int, ...]) -> list[Any]:
    if isinstance(part, Const):
        return [part.value]
    if isinstance(part, Ref):
        return [part.object]
    return _of_kind(part, sizes, primes)


def _of_kind(kind: Kind, sizes: dict[Any, int], primes: tuple[int, ...]) -> list[Any]:
    if kind.type is np.ndarray:
        if kind.shape is None or kind.field is None or (
                kind.field == "int" and all(d == 1 for d in kind.shape)):
            raise _Unknown  # a single int may say how many there are
        shape = tuple(1 if d == 1 else _size(d, sizes, primes) for d in kind.shape)
        if np.prod(shape, dtype=float) > _LIMIT:
            raise _Unknown
        dtypes = [kind.dtype] if kind.dtype is not None else {
            "real": [np.float64, np.float32], "complex": [np.complex128, np.complex64]}.get(
                kind.field, [np.int64])
        return [_filled(shape, dtype) for dtype in dtypes]
    if kind.type is type(None):
        return [None]
    if kind.type is types.ModuleType and kind.value is not None:
        return [kind.value]
    if kind.dtype is not None and issubclass(kind.type or object, np.dtype):
        return [kind.dtype]
    if kind.type is int and kind.dim is not None:
        return [1 if kind.dim == 1 else _size(kind.dim, sizes, primes)]
    if kind.type in (tuple, list) and kind.items is not None:
        items = [_of_kind(i, sizes, primes)[0] for i in kind.items]
        return [kind.type(items)]
    if kind.is_scalar and kind.field == "int":
        return _whole(kind.type, sizes, primes)
    if kind.is_scalar and kind.type is None:
        makers = [complex, np.complex128] if kind.field == "complex" else [float, np.float64]
        return [make(1) for make in makers]
    if kind.is_scalar:
        make: Any = kind.type
        return [make(1)]
    raise _Unknown


def _whole(make: Any, sizes: dict[Any, int], primes: tuple[int, ...]) -> list[Any]:
    """Ints of unknown value: lengths or axes; the rank is all that follows from them."""
    if make is bool or make is np.bool_:
        # It may say how many axes there are.
        return [make(False), make(True)]
    size = _size(("int", len(sizes)), sizes, primes)
    return [make(size)] if make is not None else [size, np.int64(size), False, True]


def _is_whole(cls: Any) -> bool:
    return cls is int or (isinstance(cls, type) and issubclass(cls, np.integer))


def _filled(shape: tuple[int, ...], dtype: Any) -> Any:
    """Ones; a square matrix is one that can be inverted, and has roots and factors."""
    ones = np.full(shape, 1, dtype)
    if len(shape) == 2 and shape[0] == shape[1] > 1 and ones.dtype.kind in "fc":
        ones[np.diag_indices(shape[0])] = shape[0] + 1
    return ones


def _size(dim: Any, sizes: dict[Any, int], primes: tuple[int, ...]) -> int:
    if dim not in sizes:
        if len(sizes) >= len(primes):
            raise _Unknown
        sizes[dim] = primes[len(sizes)]
    return sizes[dim]


def _recognise(values: list[Any], sizes: list[dict[Any, int]]) -> Kind:
    """The kind of the results of all runs, given the length of each dimension in each."""
    one = values[0]
    if isinstance(one, (tuple, list)) and all(
            type(v) is type(one) and len(v) == len(one) <= 8 for v in values):
        return Kind(type(one), items=tuple(
            _recognise(list(parts), sizes) for parts in zip(*values, strict=True)))
    kinds = list(map(kind_of, values))
    if all(type(v) is int for v in values):
        dim = 1 if set(values) == {1} else _dimension(values, sizes)
        return Kind(int, (), "int", dim=None if isinstance(dim, tuple) else dim)
    if not kinds[0].is_array:
        return functools.reduce(join, kinds)
    if not all(k.is_array and np.ndim(v) == np.ndim(one)
               for k, v in zip(kinds, values, strict=True)):
        raise _Unknown
    dims = []
    for lengths in zip(*map(np.shape, values), strict=True):
        dim, n = _dimension(lengths, sizes), lengths[0]
        if isinstance(dim, tuple):
            dim = unknown_dim()
        # Equal in all runs, and the size of nothing that was given: it is always so long; but
        # nothing is left where a number was too large.
        constant = f"#{n}" if n > 0 and len(set(lengths)) == 1 else None
        dims.append(1 if constant == "#1" else dim or constant or unknown_dim())
    return Kind(np.ndarray, tuple(dims), kinds[0].field, kinds[0].dtype)


def _dimension(lengths: Any, sizes: list[dict[Any, int]]) -> Any:
    """What has these lengths in the runs; None if nothing has."""
    return next((d for d in sizes[0] if all(
        of_run[d] == n for of_run, n in zip(sizes, lengths, strict=True))), None)
