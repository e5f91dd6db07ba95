"""Functions of arrays as their methods and attributes, which cost a fraction of the call."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from s2sdiff.ir import Free, Ref, Var
from s2sdiff.runtime import transposed
from s2sdiff.transforms.products import NOTHING, definition

__all__ = ["ROWS"]

_SIZE, _T = (Ref(vars(np.ndarray)[name]) for name in ("size", "T"))

_PRODUCTS = (Ref(operator.mul), Ref(np.multiply))
#: What has an attribute in the text by its name: a variable, or one from outside.
_NAMES = (Var, Free)


def _size(emit: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    if len(args) != 1 or kwargs or not isinstance(args[0], Var) or not emit.kind(args[0]).is_array:
        return NOTHING
    return emit.bind(_SIZE, [args[0]], {}, f"{args[0].name}_size")


def _transposed(emit: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    if len(args) != 1 or kwargs or not isinstance(args[0], _NAMES) or \
            not emit.kind(args[0]).is_array:
        return NOTHING
    made = definition(emit, args[0])
    if made is not None and made.fn == _T:
        return made.args[0]
    factors = definition(emit, args[0], True)
    if factors is not None and factors.fn in _PRODUCTS and not factors.kwargs and all(
            isinstance(a, _NAMES) and emit.kind(a).is_array and emit.kind(a).shape is not None
            for a in factors.args) and \
            len({len(emit.kind(a).shape) for a in factors.args}) == 1:
        # In the order of the argument's memory, through which NumPy goes in one go.
        turned = [_transposed(emit, [a], {}) for a in factors.args]
        return emit.bind(factors.fn, turned, {}, "transpose_1")
    return emit.bind(_T, [args[0]], {}, "transpose_1")


def _itself(emit: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """`np.asarray` of an array."""
    if len(args) != 1 or kwargs or not isinstance(args[0], Var) or not emit.kind(args[0]).is_array:
        return NOTHING
    return args[0]


def _flat(emit: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """`np.ravel` of a vector, which in forward code may be written as the view that it is."""
    kind = emit.kind(args[0]) if isinstance(args[0], Var) else None
    if not emit.backward or len(args) != 1 or kwargs or kind is None or not kind.is_array or \
            kind.shape is None or len(kind.shape) != 1:
        return NOTHING
    return args[0]


def _as_method(f: Any) -> Any:
    method = Ref(vars(np.ndarray)[f.__name__])

    def row(emit: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
        # A third positional argument of `np.reshape` is a name in the method.
        if not emit.backward or not isinstance(args[0], Var) or len(args) > 2 or \
                not emit.kind(args[0]).is_array:
            return NOTHING
        plain = [emit.atom(a) for a in args], {k: emit.atom(v) for k, v in kwargs.items()}
        return emit.bind(method, *plain, f"{f.__name__}_1")

    return row


def _matrix(emit: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """`runtime.transposed` of a single matrix."""
    shape = emit.kind(args[0]).shape
    return _transposed(emit, args, kwargs) if shape is not None and len(shape) == 2 else NOTHING


#: By function; in forward code most stay as the user wrote them.
ROWS: dict[Any, Any] = {
    np.size: _size, np.transpose: _transposed, vars(np.ndarray)["T"]: _transposed,
    transposed: _matrix,
    np.asarray: _itself, np.asanyarray: _itself, np.ravel: _flat,
    **{f: _as_method(f) for f in (np.mean, np.reshape, np.cumsum)},
}
