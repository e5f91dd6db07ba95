"""Shapes by example: a function is called on arrays of two sizes, and dimensions recognised."""

from __future__ import annotations

import itertools
import math
import warnings
from typing import Any

import numpy as np

from s2sdiff.ir import Bind, Const, Free, Ref, Var
from s2sdiff.kinds import ANY, Kind, is_fresh, join, kind_of, unknown_dim

__all__ = ["SHAPED", "probe"]

_PRIMES = ((7, 11, 13, 17, 19, 23), (29, 31, 37, 41, 43, 47))
_ALIKE = ((7,) * 6, (11,) * 6)
#: Of arrays of rank 4 and more, and of all pairs of elements, which would be large; no two lengths
#: differ by the same in both.
_COMPACT = ((7, 5, 3, 11, 2, 13), (5, 11, 7, 2, 13, 3))
_COMPACT_ALIKE = ((3,) * 6, (5,) * 6)
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
    "qr", "slogdet",
) | {len, float, complex, int, round, tuple, list, np.float32, np.float64, np.complex64,
     np.complex128, np.int64, np.int32, str, repr, np.add.reduce,
     np.add.accumulate, np.multiply.accumulate, np.maximum.accumulate, np.minimum.accumulate,
     np.maximum.reduce, np.minimum.reduce, np.multiply.reduce} | {
    f for f in vars(math).values() if callable(f)}


class _Unknown(Exception):
    pass


def probe(fn: Any, bind: Bind, kinds: list[Kind], context: Any) -> Kind:
    """The kind of `fn(*args, **kwargs)`, or ANY where the two calls do not tell."""
    from s2sdiff.transforms.kinds import kind_of_atom

    names = (None,) * len(bind.args) + tuple([k for k, _ in bind.kwargs])
    atoms = (*bind.args, *[a for _, a in bind.kwargs])
    kinds = [*kinds, *[kind_of_atom(a, context) for _, a in bind.kwargs]]
    # The same question comes several times per compilation, and from one compilation to the next.
    parts = tuple([a if isinstance(a, (Const, Ref)) else k
                   for a, k in zip(atoms, kinds, strict=True)])
    if not all(isinstance(a, (Const, Ref, Var, Free)) for a in atoms):
        return ANY
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
    if fn in _COUNTING and any(isinstance(p, Kind) and p.field == "real" for p in parts):
        return _loosened(found or ANY)
    if found is not None:
        return found
    # Where sizes must fit, all alike do: the rank and the dtype are the same with any.
    return _loosened(_tried(fn, names, parts, _COMPACT_ALIKE if large else _ALIKE) or ANY)


#: Functions of numbers that tell how many there are, which a float of any value may do.
_COUNTING = (np.arange, np.tri, np.repeat)


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
        (sizes_1, runs_1), (sizes_2, runs_2) = per_run
        for one, two in zip(runs_1, runs_2, strict=True):
            kind = _recognise(_call(fn, names, one), _call(fn, names, two), sizes_1, sizes_2)
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
    along = name == "axis" and part.type is int and part.dim is None and isinstance(first, Kind)
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
        if kind.shape is None or kind.field is None:
            raise _Unknown
        shape = tuple(1 if d == 1 else _size(d, sizes, primes) for d in kind.shape)
        if np.prod(shape, dtype=float) > _LIMIT:
            raise _Unknown
        dtypes = [kind.dtype] if kind.dtype is not None else {
            "real": [np.float64, np.float32], "complex": [np.complex128, np.complex64]}.get(
                kind.field, [np.int64])
        return [_filled(shape, dtype) for dtype in dtypes]
    if kind.type is type(None):
        return [None]
    if kind.dtype is not None and issubclass(kind.type or object, np.dtype):
        return [kind.dtype]
    if kind.type is int and kind.dim is not None:
        return [1 if kind.dim == 1 else _size(kind.dim, sizes, primes)]
    if kind.type in (tuple, list) and kind.items is not None:
        items = [_of_kind(i, sizes, primes)[0] for i in kind.items]
        return [kind.type(items)]
    if kind.is_scalar and kind.type is None:
        types = [complex, np.complex128] if kind.field == "complex" else [float, np.float64]
        return [t(1) for t in types]
    if kind.type is bool:
        # It may say how many axes there are.
        return [False, True]
    if kind.is_scalar and kind.type is not int:
        make: Any = kind.type
        return [make(1)]
    if kind.type is int:
        # An int of unknown value: a length or an axis; the rank is all that follows from it.
        return [_size(("int", len(sizes)), sizes, primes)]
    raise _Unknown


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


def _recognise(one: Any, two: Any, sizes_1: dict[Any, int], sizes_2: dict[Any, int]) -> Kind:
    if isinstance(one, (tuple, list)) and type(one) is type(two) and len(one) == len(two) <= 8:
        return Kind(type(one), items=tuple(
            _recognise(p, q, sizes_1, sizes_2) for p, q in zip(one, two, strict=True)))
    a, b = kind_of(one), kind_of(two)
    if type(one) is int and type(two) is int:
        dim = next((d for d, n in sizes_1.items() if n == one and sizes_2[d] == two), None)
        return Kind(int, (), "int", dim=1 if one == two == 1 else dim)
    if not a.is_array:
        return a if a == b else join(a, b)
    if not b.is_array or np.ndim(one) != np.ndim(two):
        raise _Unknown
    dims = []
    for n, m in zip(np.shape(one), np.shape(two), strict=True):
        dim = next((d for d, size in sizes_1.items() if size == n and sizes_2[d] == m), None)
        if isinstance(dim, tuple):
            dim = unknown_dim()
        # Equal in both runs, and the size of nothing that was given: it is always so long.
        constant = f"#{n}" if n == m else None
        dims.append(1 if n == m == 1 else dim or constant or unknown_dim())
    return Kind(np.ndarray, tuple(dims), a.field, a.dtype)
