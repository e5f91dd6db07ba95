"""Peepholes: what a call is known to be without making it.

Each row answers with a value (an atom, a static tuple, a Lazy) or NOTHING.  None may change a
number: a row that drops an operation does so only where the kinds say that it does nothing.
"""

from __future__ import annotations

import operator
import types
from typing import Any

import numpy as np

from s2sdiff import ir, kinds_joined, ops, runtime
from s2sdiff.ir import Const, Ref, Var
from s2sdiff.kinds import Kind, same_dtype
from s2sdiff.runtime import choosing, joined
from s2sdiff.transforms import as_methods, joining, products, several, small_under_masks
from s2sdiff.transforms.meant import MISSING, constant_value
from s2sdiff.transforms.products import NOTHING, definition
from s2sdiff.transforms.tested import is_instance

__all__ = ["NOTHING", "call"]

#: As a method: half the cost of `np.sum`, which looks for other kinds of arrays first.
_SUM = vars(np.ndarray)["sum"]
_SQUEEZE = vars(np.ndarray)["squeeze"]

_FOLDED = frozenset({
    operator.add, operator.sub, operator.mul, operator.neg, operator.eq, operator.ne, operator.lt,
    operator.le, operator.gt, operator.ge, operator.not_, operator.truediv, operator.pow, max,
})


def call(emit: Any, fn: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """The value of `fn(*args, **kwargs)` where it is known or simpler than a call."""
    if not isinstance(fn, Ref):
        return NOTHING
    f = fn.object
    if (f is ops.tuple_ or f is ops.list_) and ir.Star not in map(type, args):
        return tuple(args) if f is ops.tuple_ else list(args)
    try:
        row = _ROWS.get(f)
    except TypeError:
        return NOTHING
    if row is not None:
        found = row(emit, args, kwargs)
        if found is not NOTHING:
            return found
    if type(f) is types.FunctionType and hasattr(f, "__s2sdiff_static__") and not kwargs:
        return _now(f, args)
    if f in _FOLDED and not kwargs and Var not in map(type, args):
        return _fold(f, args)
    return NOTHING


def _now(f: Any, args: list[Any]) -> Any:
    """What a helper of rules gives that decides, by literals alone, what is to be written."""
    if any(type(a) is not Const for a in args):
        return NOTHING
    value = f(*[a.value for a in args])
    return tuple(map(Const, value)) if type(value) is tuple else Const(value)


def _fold(f: Any, args: list[Any]) -> Any:
    values = [constant_value(a) if not isinstance(a, (tuple, list)) else MISSING for a in args]
    if any(type(v) not in (int, float, bool, complex, str) for v in values):
        return NOTHING
    try:
        value = f(*values)
    except (ArithmeticError, TypeError):
        return NOTHING
    return Const(value) if type(value) in (int, float, bool) else NOTHING


def _shape(emit: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    kind = emit.kind(args[0])
    if kind.is_scalar:
        return ()
    if kind.is_array and isinstance(args[0], Var):
        return emit.bind(Ref(vars(np.ndarray)["shape"]), [args[0]], {}, f"{args[0].name}_shape")
    return NOTHING


def _ndim(emit: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    kind = emit.kind(args[0])
    if kind.is_scalar or (kind.is_array and kind.shape is not None):
        return Const(len(kind.shape))
    return NOTHING


def _len(emit: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    items = joining.static_items(emit, args[0])
    return Const(len(items)) if items is not None else NOTHING


def _getitem(emit: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    items, key = joining.static_items(emit, args[0]), args[1]
    if items is not None and isinstance(key, Const) and type(key.value) is int and \
            -len(items) <= key.value < len(items):
        return items[key.value]
    if items is None and isinstance(key, Const) and type(key.value) is int:
        return _known_length(emit.kind(args[0]), key.value)
    return NOTHING


def _known_length(shape: Kind, axis: int) -> Any:
    """A dimension that was written as a number, as in `x.reshape(-1, 5)`."""
    if shape.type is not tuple or shape.items is None or not -len(shape.items) <= axis < len(
            shape.items):
        return NOTHING
    dim = shape.items[axis].dim
    return Const(int(dim[1:])) if isinstance(dim, str) and dim[0] == "#" else NOTHING


def _is(emit: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    a, b = (constant_value(x) if not isinstance(x, (tuple, list)) else MISSING for x in args)
    if a is not MISSING and b is not MISSING:
        return Const(a is b)
    if b is None:
        kind = emit.kind(args[0])
        if kind.type is not None or kind.field is not None:
            return Const(kind.type is type(None))
    return NOTHING


def _is_not(emit: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    found = _is(emit, args, kwargs)
    return Const(not found.value) if found is not NOTHING else NOTHING


def _isinstance(emit: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    kind: Kind = emit.kind(args[0])
    wanted: Any = constant_value(args[1]) if isinstance(args[1], Ref) else MISSING
    told = None if wanted is MISSING else is_instance(kind, wanted)
    return NOTHING if told is None else Const(told)


def _unbroadcast(emit: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    g, shape = args
    g_kind, target = emit.kind(g), _shape_kind(emit, shape)
    if target is None or target.shape is None or not g_kind.is_number or g_kind.shape is None:
        return NOTHING
    if kinds_joined.resolves(g_kind, target):
        return g
    from s2sdiff.transforms.emit import Lazy

    if isinstance(g, Lazy):
        g = emit.full(g)
    extra = len(g_kind.shape) - len(target.shape)
    if extra < 0:
        return NOTHING
    if not target.shape:
        return _total(emit, g)
    rest = g_kind.shape[extra:]
    kept = [i for i, (p, q) in enumerate(zip(rest, target.shape, strict=True)) if q == 1 and p != 1]
    if any(p != q and q != 1 and q[0] == "?" for p, q in zip(rest, target.shape, strict=True)) or \
            any(rest[i][0] == "?" for i in kept):
        return NOTHING
    if extra:
        axes = tuple(range(extra))
        g = emit.bind(Ref(_SUM), [g], {"axis": Const(axes if extra > 1 else 0)}, "sum_1")
    if kept:
        axis = Const(tuple(kept) if len(kept) > 1 else kept[0])
        g = emit.bind(Ref(_SUM), [g], {"axis": axis, "keepdims": Const(True)}, "sum_1")
    return g


def _total(emit: Any, g: Any) -> Any:
    """The sum of all entries; of a product of vectors, their product."""
    made = products.product(emit, g, here=True)
    if made is not None:
        a, b = (emit.kind(x) for x in made.args)
        if a.is_array and a.dtype is not None and a.dtype == b.dtype and a.shape == b.shape and \
                b.is_array and a.shape is not None and len(a.shape) == 1:
            return emit.bind(Ref(operator.matmul), list(made.args), {}, "sum_1")
    return emit.bind(Ref(_SUM), [g], {}, "sum_1")


def _place(emit: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """What was read with new axes only, `x[:, None]`, goes back without them."""
    g, shape, index = args
    key = index.value if isinstance(index, Const) else None
    whole = (slice(None), Ellipsis, None)
    if type(key) is not tuple or None not in key or any(k not in whole for k in key) or \
            not emit.backward or not emit.kind(g).is_array:
        return NOTHING
    if key.count(None) == 1 and (Ellipsis not in key or emit.kind(g).shape):
        # What the dots stand for begins where they are.
        dots, axis, more = key.index(...) if ... in key else len(key), key.index(None), 0
        if dots < axis:
            more = len(emit.kind(g).shape) - len(key)
        found = _squeeze(emit, [g, Const(axis + more)], {})
        if found is not NOTHING:
            return found
    return several.with_shape(emit, g, shape)


def _shape_kind(emit: Any, shape: Any) -> Kind | None:
    """The kind of an array that has the shape that an atom holds."""
    if isinstance(shape, tuple) and not shape:
        return Kind(float, (), "real")
    kind = emit.kind(shape)
    if kind.type is tuple and kind.items is not None and all(i.dim is not None for i in kind.items):
        return Kind(np.ndarray, tuple(i.dim for i in kind.items), "real")
    return None


def _broadcast_to(emit: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    from s2sdiff.transforms.emit import Lazy

    if kwargs or len(args) != 2:
        return NOTHING
    g, shape = args
    target = _shape_kind(emit, shape)
    kind = emit.kind(g)
    if target is None or target.shape is None or not kind.is_number or kind.shape is None:
        return NOTHING
    if not target.shape:
        return g if not kind.shape and emit.backward else NOTHING
    if isinstance(g, Lazy):
        g = g.atom
    made = definition(emit, g)
    if made is not None and made.fn == Ref(operator.getitem) and made.args[1] == Const((None,)):
        g, _ = ir.plain_args(made)  # broadcasting puts a leading axis there itself
    return Lazy(g, emit.atom(shape), Kind(np.ndarray, target.shape, kind.field))


def _expand_dims(emit: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """`g[:, None]`: an index costs a tenth of the call."""
    from s2sdiff.transforms.emit import Lazy

    kind = emit.kind(args[0])
    axis = constant_value(args[1]) if len(args) == 2 and not isinstance(args[1], tuple) else MISSING
    if kind.shape == () and emit.backward and axis == (-2, -1):
        return args[0]
    if isinstance(args[0], Lazy) or kind.shape is None or not kind.is_number or \
            not emit.backward or type(axis) is not int:
        return NOTHING
    rank = len(kind.shape)
    if not rank:
        # Leading new axes change nothing about how a cotangent broadcasts.
        return args[0] if axis in (0, -1) else NOTHING
    if not -rank - 1 <= axis <= rank:
        return NOTHING
    index = (slice(None),) * (axis % (rank + 1)) + (None,)
    return emit.bind(Ref(operator.getitem), [args[0], Const(index)], {}, "column_1")


def _squeeze(emit: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    """A sum that kept an axis which goes at once never kept it."""
    made = definition(emit, args[0])
    if made is not None and made.fn == Ref(operator.neg):
        found = _squeeze(emit, [made.args[0], *args[1:]], kwargs)
        return found if found is NOTHING else emit.call(made.fn, [found], {}, "sum_1")
    if made is None or made.fn != Ref(_SUM) or len(made.args) != 1 or len(args) != 2:
        return NOTHING
    options, rank = dict(made.kwargs), len(emit.kind(made.args[0]).shape or ())
    axis, gone = options.get("axis"), constant_value(args[1])
    if options.get("keepdims") != Const(True) or not isinstance(axis, Const) or \
            type(axis.value) is not int or type(gone) is not int or axis.value != gone % rank:
        return NOTHING
    return emit.bind(Ref(_SUM), list(made.args), {"axis": axis}, "sum_1")


def _iscomplexobj(emit: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    field = emit.kind(args[0]).field
    return Const(field == "complex") if field is not None else NOTHING


def _conj(emit: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    # In forward code it is an array of its own, and of a Python float one of NumPy's.
    kind = emit.kind(args[0])
    same = emit.backward or (kind.is_scalar and kind.dtype is not None)
    return args[0] if same and kind.field == "real" else NOTHING


def _sign(emit: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    # What NumPy gives makes one of its numbers of all that comes after, and these are slow.
    plain = emit.backward and not kwargs and len(args) == 1 and emit.kind(args[0]).type is float
    return emit.call(Ref(runtime.sign), args, {}, "sign_1") if plain else NOTHING


def _match(emit: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
    g, x = args
    a, b = emit.kind(g), emit.kind(x)
    exact = a.type is not None and a.type is b.type and same_dtype(a, b) and a.field == b.field
    return g if exact and a.is_number and not isinstance(g, tuple) else NOTHING


_ROWS: dict[Any, Any] = {
    operator.mul: products.multiply, np.multiply: products.multiply,
    operator.neg: products.negate, operator.truediv: products.divide,
    np.divide: products.divide, operator.pow: products.power, runtime.scaled: products.scaled,
    runtime.divide: products.quotient,
    np.shape: _shape, np.ndim: _ndim, len: _len, operator.getitem: _getitem,
    operator.is_: _is, operator.is_not: _is_not, isinstance: _isinstance,
    runtime.literal: lambda emit, args, kwargs: Const(type(args[0]) is Const),
    runtime.unbroadcast: _unbroadcast, np.broadcast_to: _broadcast_to,
    np.expand_dims: _expand_dims, _SQUEEZE: _squeeze, runtime.match: _match,
    np.iscomplexobj: _iscomplexobj, np.conj: _conj, np.sign: _sign, runtime.place: _place,
    joined.shapes_of: joining.shapes_of, joined.lengths_of: joining.lengths_of,
    joined.pieces: joining.pieces, joined.layers: joining.layers,
    joined.structured: joining.structured,
    choosing.of_reals: joining.of_reals, choosing.for_each: joining.for_each,
    **as_methods.ROWS, **several.ROWS, **small_under_masks.ROWS,
}
