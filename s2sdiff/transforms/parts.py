"""Kinds of what indexing, slicing, reshaping and undoing broadcasting make of a value."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from s2sdiff.ir import Bind, Const, Ref, Star
from s2sdiff.kinds import ANY, Kind, field_of_dtype, scalar, unknown_dim
from s2sdiff.kinds_joined import broadcast, join
from s2sdiff.transforms import texts_made
from s2sdiff.transforms.picked import picked, sliced

__all__ = ["JOINS", "MATRICES", "convolved", "flattened", "interpolated", "item", "joined",
           "matrix", "product", "reshaped", "unbroadcast"]

#: Functions that join arrays, which have one shape but along the axis: what they do with it.
JOINS = {np.concatenate: None, np.stack: None, np.vstack: 0, np.hstack: 1}

#: Functions of square matrices, on which a matrix of ones would not be a witness.
MATRICES = {np.linalg.inv: 1, np.linalg.cholesky: 1, np.linalg.solve: 2, np.linalg.det: 1}


def item(bind: Bind, kinds: list[Kind]) -> Kind:
    """The kind of `a[index]`."""
    a, index = kinds
    key = bind.args[1]
    if a.type is range or a.type is str:
        # A part of either is one again; a range gives ints whatever it counts.
        one = scalar(int, "int") if a.type is range else a
        return a if index.type is slice else one if index.type is int else ANY
    if a.type is dict and a.items is not None and isinstance(key, Const) and key.value in a.value:
        return a.items[a.value.index(key.value)]
    if a.type is dict and a.items and index.type is str:
        return texts_made.under(a, index)
    if a.items is not None and (a.type is list or issubclass(a.type or object, tuple)):
        n = len(a.items)
        if isinstance(key, Const) and type(key.value) is int and -n <= key.value < n:
            return a.items[key.value]
        if isinstance(key, Const) and type(key.value) is slice:
            return Kind(list if a.type is list else tuple, items=a.items[key.value])
        if a.type is list and index.type is slice and a.items and a.items[0].is_scalar and \
                a.items.count(a.items[0]) == n:
            return Kind(list, value=a.items[0])
        return functools.reduce(join, a.items) if a.items and index.type is int else ANY
    if a.under is not None:
        return a.under
    if a.each is not None:
        return a.each if index.type is int else a if index.type is slice else ANY
    if not (a.is_array or _is_numpys(a)) or a.shape is None:
        return ANY
    parts = index.items if index.type is tuple and index.items is not None else (index,)
    if index.type is tuple and index.items is None:
        return ANY
    if len(parts) > 1 and any(p.is_array or p.type is list for p in parts):
        return picked(a, parts)
    used = sum(p.type in (int, slice) or issubclass(p.type or object, np.integer) for p in parts)
    if used > len(a.shape):
        return ANY  # too many indices, which raises when it runs
    dims, axis = [], 0
    for p in parts:
        if p.type is type(None):
            dims.append(1)
        elif p.type is type(Ellipsis):
            skip = len(a.shape) - used
            dims += a.shape[axis:axis + skip]
            axis += skip
        elif axis < len(a.shape) and p.type is slice:
            dims.append(sliced(a.shape[axis], p.value))
            axis += 1
        elif axis < len(a.shape) and (p.type is int or (p.type and issubclass(p.type, np.integer))):
            axis += 1
        elif len(parts) == 1 and p.type is list and p.items and all(
                i.type is int for i in p.items):
            dims.append(1 if len(p.items) == 1 else f"#{len(p.items)}")
            axis += 1
        elif len(parts) == 1 and p.is_array and p.field == "int" and p.shape is not None:
            if p.dtype is not None and p.dtype.kind == "b":
                dims += [unknown_dim()]
                axis += len(p.shape)
            else:
                dims += p.shape
                axis += 1
        else:
            return ANY
    dims += a.shape[axis:]
    if not dims and any(p.type is type(Ellipsis) for p in parts):
        return Kind(np.ndarray, (), a.field, a.dtype)  # a view, which a number is not
    if not dims:
        return scalar(a.dtype.type) if a.dtype is not None else scalar(None, a.field)
    return Kind(np.ndarray, tuple(dims), a.field, a.dtype)


def _is_numpys(a: Kind) -> bool:
    """A number that may be given axes, as `x.sum(-1)[..., None]` does to that of a vector."""
    return a.is_scalar and a.type is not None and issubclass(a.type, np.number)


def reshaped(bind: Bind, kinds: list[Kind]) -> Kind:
    """The kind of `np.reshape(a, shape)`, from what is written for the shape."""
    a, rest = kinds[0], bind.args[1:]
    if not a.is_number or bind.kwargs or not rest:
        return ANY
    if len(rest) == 1 and isinstance(rest[0], Const) and type(rest[0].value) is tuple:
        values: list[Any] = list(rest[0].value)
    elif all(isinstance(r, Const) and type(r.value) is int for r in rest) and (
            bind.fn != Ref(np.reshape) or len(rest) == 1):
        values = [r.value for r in rest if isinstance(r, Const)]
    elif bind.fn != Ref(np.reshape) and not any(isinstance(r, Star) for r in rest) and (
            len(rest) > 1 or kinds[1].type is int):
        # `a.reshape(m, n)`: each is the length of an axis.
        values = [r.value if isinstance(r, Const) else k.dim
                  for r, k in zip(rest, kinds[1:], strict=True)]
    elif len(rest) == 1 and kinds[1].type is tuple and kinds[1].items is not None:
        values = [i.dim for i in kinds[1].items]
    else:
        return ANY
    dims = []
    for v in values:
        if type(v) is int and v >= 1:
            dims.append(1 if v == 1 else f"#{v}")
        elif v == -1 and not any(w != 1 for w in values if w != -1):
            dims.append(_product(a.shape))
        else:
            dims.append(v if isinstance(v, str) else unknown_dim())
    if not dims and a.is_scalar and a.type not in (float, complex, int, bool):
        # A number of NumPy's stays one.
        return a if a.type is not None else ANY
    return Kind(np.ndarray, tuple(dims), a.field, a.dtype)


def flattened(bind: Bind, kinds: list[Kind]) -> Kind | None:
    """The kind of `a.ravel()` and its like; None where the dimensions of `a` are unknown."""
    a = kinds[0]
    if not a.is_array or a.shape is None:
        return None
    return Kind(np.ndarray, (_product(a.shape),), a.field, a.dtype)


def _product(dims: tuple[Any, ...] | None) -> Any:
    """The number of entries as a dimension, which is 1 only if all dimensions are."""
    if dims is None:
        return unknown_dim()
    longer = sorted(d for d in dims if d != 1)
    if len(longer) < 2:
        return longer[0] if longer else 1
    if all(d[0] == "?" for d in longer):
        return unknown_dim()
    return f"({'*'.join(longer)})".replace("~", "-")


def unbroadcast(kinds: list[Kind]) -> Kind:
    """The kind of a cotangent summed to the shape that is asked for."""
    g, shape = kinds
    if shape.items is None or not g.is_number:
        return ANY
    if not shape.items:
        return scalar(None, g.field)
    return Kind(np.ndarray, tuple(i.dim or unknown_dim() for i in shape.items), g.field, g.dtype)


def joined(bind: Bind, kinds: list[Kind]) -> Kind:
    """The kind of `np.concatenate((x, y))`, `np.stack(...)` and the like."""
    fn = bind.fn.object if isinstance(bind.fn, Ref) else None
    items = kinds[0].items if kinds and kinds[0].type in (tuple, list) else None
    many = kinds[0].each if kinds else None
    items = (many, many) if many is not None else items
    items = items and tuple(map(_as_array, items))
    if not items or any(not k.is_number or k.shape is None for k in items):
        return ANY
    ranks = {len(k.shape or ()) for k in items}
    options: dict[str, Any] = dict(zip(("axis",), bind.args[1:], strict=False))
    options.update({k: a for k, a in bind.kwargs if k is not None})
    axis = options.pop("axis", Const(0))
    if fn is np.vstack and ranks == {1, 2}:
        ranks = {2}
    if fn is np.hstack and ranks == {0, 1}:
        ranks = {1}
    if len(ranks) != 1 or options or not isinstance(axis, Const) or type(axis.value) is not int:
        return ANY
    (rank,) = ranks
    along = axis.value
    shapes = [list(k.shape or ()) for k in items]
    if fn is np.vstack and rank < 3:
        shapes, rank = [[1] * (2 - len(s)) + s for s in shapes], 2
    if fn is np.hstack:
        shapes, rank = [s or [1] for s in shapes], max(rank, 1)
        along = min(rank - 1, 1)
    new = fn is np.stack
    if not -rank - new <= along < rank + new:
        return ANY
    along %= rank + new
    # The other dimensions are equal, or the call has raised: the one most is known of speaks.
    dims = [min(ds, key=lambda d: (d == 1, d != 1 and d[0] == "?")) for ds in
            zip(*shapes, strict=True)]
    if new:
        count = unknown_dim() if many is not None else f"#{len(items)}"
        dims.insert(along, 1 if len(items) == 1 else count)
    else:
        dims[along] = dims[along] if len(items) == 1 else _total([s[along] for s in shapes])
    dtypes = [np.dtype(k.type) if k.type in (int, float, complex) else k.dtype for k in items]
    arrays = [np.empty(0, d) if d is not None else None for d in dtypes]
    fields = {k.field for k in items}
    dtype = np.result_type(*arrays) if all(a is not None for a in arrays) else None
    if dtype is None and all(k.is_float for k in items):
        dtype = np.dtype(float)
    field = "complex" if "complex" in fields else "real" if "real" in fields else "int"
    return Kind(np.ndarray, tuple(dims), field, dtype)


def _as_array(k: Kind) -> Kind:
    """The kind of the vector that a list or tuple of some numbers is taken for."""
    items = k.items if k.type in (list, tuple) and k.items else ()
    dtypes = [np.dtype(i.type) if i.type in (int, float, complex) else i.dtype for i in items]
    if not items or any(d is None for d in dtypes) or not all(i.is_scalar for i in items):
        return k
    dtype = np.result_type(*[np.empty(0, d) for d in dtypes])
    dim = 1 if len(items) == 1 else f"#{len(items)}"
    return Kind(np.ndarray, (dim,), field_of_dtype(dtype), dtype)


def _total(lengths: list[Any]) -> Any:
    """The length of arrays together; it is 1 only where one of them has length 1, or may have."""
    ones = lengths.count(1)
    known = ones != 1 and all(d == 1 or d[0] != "?" for d in lengths)
    return unknown_dim().replace("?", "+") if known else unknown_dim()


def convolved(kinds: list[Kind]) -> Kind | None:
    """The kind of the full convolution of two arrays that have more than one entry each."""
    if len(kinds) != 2 or not all(
            k.is_array and k.dtype is not None and k.shape is not None and len(k.shape) == 1
            and k.shape[0] != 1 and k.shape[0][0] != "?" for k in kinds):
        return None
    dtype = np.result_type(*[k.dtype for k in kinds if k.dtype is not None])
    return Kind(np.ndarray, (unknown_dim().replace("?", "+"),), field_of_dtype(dtype), dtype)


def contracted(subscripts: str, kinds: list[Kind]) -> Kind | None:
    """The kind of a sum of products by plain subscripts, as `np.einsum` takes them."""
    terms, _, result = subscripts.replace(" ", "").partition("->")
    dims: dict[str, Any] = {}
    labels = terms.split(",")
    if "->" not in subscripts or "." in subscripts or len(labels) != len(kinds) or not result:
        return None
    for term, k in zip(labels, kinds, strict=True):
        if not k.is_array or k.dtype is None or k.shape is None or len(k.shape) != len(term):
            return None
        for c, d in zip(term, k.shape, strict=True):
            old = dims.setdefault(c, d)
            # A length 1 broadcasts, and what is unknown may be 1.
            if old == 1 or (old[0] == "?" and d != 1 and d[0] != "?"):
                dims[c] = d
            elif old[0] == "?" and d not in (1, old):
                dims[c] = unknown_dim()
    dtype = np.result_type(*[k.dtype for k in kinds if k.dtype is not None])
    return Kind(np.ndarray, tuple([dims[c] for c in result]), field_of_dtype(dtype), dtype)


def product(bind: Bind, kinds: list[Kind]) -> Kind | None:
    """The kind of an `np.einsum` or `np.inner`; None where it takes an example to tell."""
    fn, first = bind.fn, bind.args[0] if bind.args else None
    if bind.kwargs or not kinds:
        return None
    if fn == Ref(np.einsum):
        subscripts = first.value if isinstance(first, Const) else None
        return contracted(subscripts, kinds[1:]) if isinstance(subscripts, str) else None
    matrices = all(k.shape is not None and len(k.shape) == 2 for k in kinds)
    return contracted("ac,bc->ab", kinds) if matrices and len(kinds) == 2 else None


def interpolated(kinds: list[Kind]) -> Kind | None:
    """The kind of `np.interp`: at each point one number."""
    x = kinds[0]
    real = len(kinds) == 3 and all(k.field == "real" for k in kinds) and x.is_array
    return Kind(np.ndarray, x.shape, "real", np.dtype(float)) if real and x.shape else None


def matrix(bind: Bind, kinds: list[Kind]) -> Kind:
    """The kind of an inverse, a Cholesky factor, a solution or a determinant."""
    fn = bind.fn.object if isinstance(bind.fn, Ref) else None
    arrays = [k for k in kinds if k.is_array and k.shape is not None and k.dtype is not None]
    if bind.kwargs or not arrays or len(arrays) != len(kinds) or len(kinds) != MATRICES[fn]:
        return ANY
    a, x = arrays[0], arrays[-1]
    # Whole numbers become floats; single precision stays.
    dtype = np.result_type(*[k.dtype if k.dtype.kind in "fc" else np.float64 for k in arrays])
    field = "complex" if dtype.kind == "c" else "real"
    stack, shape = (a.shape or ())[:-2], x.shape or ()
    if len(a.shape or ()) < 2:
        return ANY
    if fn is np.linalg.det:
        return Kind(np.ndarray, stack, field, dtype) if stack else scalar(dtype.type)
    if fn is np.linalg.solve and (stack or len(shape) > 2):
        if len(shape) != len(stack) + 2:
            return ANY
        shape = (*broadcast([stack, shape[:-2]]), *shape[-2:])
    return Kind(np.ndarray, shape, field, dtype)
