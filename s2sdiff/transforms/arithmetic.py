"""Kinds of what operators and ufuncs compute of numbers and arrays."""

from __future__ import annotations

import functools
import itertools
import operator
import warnings
from typing import Any

import numpy as np

from s2sdiff import runtime
from s2sdiff.ir import Bind, Const
from s2sdiff.kinds import ANY, Kind, is_fresh, kind_of, scalar
from s2sdiff.kinds_joined import broadcast, join
from s2sdiff.rules.helpers import product

__all__ = ["MATMUL", "elementwise", "is_elementwise", "matrix_product"]

_OPERATORS = (
    operator.add, operator.sub, operator.mul, operator.truediv, operator.floordiv, operator.mod,
    operator.pow, operator.neg, operator.pos, operator.lt, operator.le, operator.gt, operator.ge,
    operator.eq, operator.ne, operator.and_, operator.or_, operator.xor, operator.invert, abs,
    operator.iadd, operator.isub, operator.imul, operator.itruediv, operator.ifloordiv,
    operator.imod, operator.ipow, runtime.scaled, runtime.masked, runtime.masked_evenly,
    product,
)

_COMPARISONS = (operator.lt, operator.le, operator.gt, operator.ge)
_OPERATOR_IDS = frozenset(map(id, _OPERATORS))

_DOT = (np.dot, np.ndarray.dot)
MATMUL = (operator.matmul, np.matmul, *_DOT)


def is_elementwise(fn: Any) -> bool:
    """Operators and ufuncs that compute element by element, with broadcasting."""
    if id(fn) in _OPERATOR_IDS:
        return True
    return type(fn) is np.ufunc and fn.signature is None and fn.nout == 1


def elementwise(fn: Any, kinds: list[Kind], bind: Bind | None) -> Kind:
    """The kind of what a function that computes element by element gives."""
    if bind is not None and bind.kwargs:
        return ANY
    if fn in (operator.pow, operator.ipow):
        return _computed(fn, kinds, bind)  # an exponent's value matters, too
    key = fn, *kinds
    found = _known_results.get(key)
    if found is None:
        found = _computed(fn, kinds, bind)
        if not is_fresh(found):
            if len(_known_results) > 4096:
                _known_results.clear()
            _known_results[key] = found
    return found


#: What functions give elementwise, by function and kinds with named dimensions.
_known_results: dict[tuple[Any, ...], Kind] = {}


def _computed(fn: Any, kinds: list[Kind], bind: Bind | None) -> Kind:
    if fn in _COMPARISONS:
        kinds = [k.unless_none or k for k in kinds]  # None raises
    numbers = [k for k in kinds if k.is_number]
    if fn in (operator.eq, operator.ne) and all(k.type in _COMPARED for k in kinds):
        return scalar(bool)
    if len(numbers) < len(kinds) and not all(k.is_number or k.type is type(None) for k in kinds):
        return ANY
    if fn is np.where and len(kinds) != 3:
        return ANY
    shapes = [k.shape for k in numbers if k.shape is not None]
    if fn is operator.pow and kinds[0].type is int and kinds[1].type is int:
        return scalar()
    if fn in (operator.pow, operator.ipow) and _may_be_complex(kinds, bind):
        return scalar(None, "complex")
    shape = broadcast(shapes) if len(shapes) == len(numbers) else None
    base = _dtype_of(fn, tuple([_bare(k) for k in kinds]))
    if base is None:
        return ANY
    if base.is_scalar and shape == ():
        return base
    if shape == () and base.type is not np.ndarray:
        return base
    return Kind(np.ndarray, shape, base.field, base.dtype) if base.field is not None else ANY


#: Python's own, whose comparison gives True or False.
_COMPARED = (str, bytes, type(None), bool, int, float, complex)


def _may_be_complex(kinds: list[Kind], bind: Bind | None) -> bool:
    """Python's floats leave the real numbers where a negative one is raised to a fraction."""
    python = (float, int, bool, None)
    if bind is None or len(kinds) != 2 or any(k.type not in python or k.shape != () for k in kinds):
        return False
    if kinds[1].type not in (float, None) or "complex" in (kinds[0].field, kinds[1].field):
        return False
    base, exponent = bind.args
    positive = isinstance(base, Const) and base.value > 0
    return not positive and not (isinstance(exponent, Const) and float(exponent.value).is_integer())


def _bare(kind: Kind) -> Kind:
    """The kind without its dimensions: a rank is all that decides between arrays and scalars."""
    if kind.type is np.ndarray:
        rank = "?" if kind.shape is None else "1" if kind.shape else ""
        return Kind(np.ndarray, tuple(rank), kind.field, kind.dtype)
    return Kind(kind.type, kind.shape, kind.field, kind.dtype)


@functools.lru_cache(maxsize=4096)
def _dtype_of(fn: Any, kinds: tuple[Kind, ...]) -> Kind | None:
    found = None
    for values in itertools.islice(itertools.product(*(_witnesses(k) for k in kinds)), 16):
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                kind = kind_of(fn(*values))
        except (TypeError, ValueError, ArithmeticError):
            continue
        kind = Kind(kind.type, () if kind.shape == () else None, kind.field, kind.dtype)
        found = kind if found is None else join(found, kind)
    return found


def _witnesses(kind: Kind, shape: tuple[int, ...] | None = None) -> list[Any]:
    """Values of a kind, so few that trying them all says what types a function gives."""
    if kind.type is type(None):
        return [None]
    if kind.type is np.ndarray:
        dims = ((2,) if kind.shape else ()) if shape is None else shape
        dtypes = [kind.dtype] if kind.dtype is not None else {
            "real": [np.float64, np.float32], "complex": [np.complex128, np.complex64]}.get(
                kind.field or "", [np.int64])
        return [np.full(dims, 2, dtype) for dtype in dtypes]
    if kind.type is None:
        types: list[Any] = [complex, np.complex128, np.complex64] if kind.field == "complex" \
            else [float, np.float64, np.float32]
        return [t(2) for t in types]
    if issubclass(kind.type, np.generic) or kind.type in (float, int, complex, bool):
        return [kind.type(1) if kind.type in (bool, np.bool_) else kind.type(2)]
    return []


def matrix_product(bind: Any, kinds: list[Kind]) -> Kind:
    """The kind of a product of vectors and matrices."""
    if len(kinds) != 2:
        return ANY  # an operand by its name, or more than operands
    fn, (a, b) = bind.fn.object, kinds
    if not (a.is_number and b.is_number) or a.shape is None or b.shape is None:
        return ANY
    if fn in _DOT and (not a.shape or not b.shape):
        return elementwise(operator.mul, kinds, None)
    if not a.shape or not b.shape or (fn in _DOT and max(len(a.shape), len(b.shape)) > 2):
        return ANY
    base = _dtype_of(operator.mul, (_bare(a), _bare(b)))
    # A vector on either side loses its dimension; what is in front of matrices broadcasts.
    rows = a.shape[-2:-1]
    columns = b.shape[-1:] if len(b.shape) >= 2 else ()
    shape = (*broadcast([a.shape[:-2], b.shape[:-2]]), *rows, *columns)
    if base is None or base.field is None:
        return ANY
    if not shape:
        return scalar(base.dtype.type) if base.dtype is not None else scalar(None, base.field)
    return Kind(np.ndarray, shape, base.field, base.dtype)
