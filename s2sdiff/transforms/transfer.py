"""The kind of a call's result from the kinds of its arguments.

Types and dtypes are found by calling the function on small witnesses of the arguments' kinds, twice
with other sizes where the shape matters, so that no table repeats what NumPy knows.  Whatever
cannot be told is ANY.
"""

from __future__ import annotations

import functools
import itertools
import math
import operator
import types
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff import ops, runtime
from s2sdiff.ir import Bind, Const, Ref
from s2sdiff.kinds import (
    ANY,
    Growing,
    Kind,
    broadcast,
    is_fresh,
    join,
    kind_of,
    scalar,
    unknown_dim,
)
from s2sdiff.runtime import cells
from s2sdiff.transforms import parts, witness

__all__ = ["element", "is_elementwise", "result"]

_OPERATORS = (
    operator.add, operator.sub, operator.mul, operator.truediv, operator.floordiv, operator.mod,
    operator.pow, operator.neg, operator.pos, operator.lt, operator.le, operator.gt, operator.ge,
    operator.eq, operator.ne, operator.and_, operator.or_, operator.xor, operator.invert, abs,
    operator.iadd, operator.isub, operator.imul, operator.itruediv, operator.ifloordiv,
    operator.imod, operator.ipow, runtime.scaled,
)
_OPERATOR_IDS = frozenset(map(id, _OPERATORS))
#: What their functions give is known only when they run.
_AT_RUN_TIME = frozenset(f"s2sdiff.runtime.{m}" for m in (
    "calls", "rule_calls", "stars", "values", "by_place", "ruled", "shadows"))
_MATMUL = (operator.matmul, np.matmul, np.dot)
_TESTS = frozenset({operator.is_, operator.is_not, operator.not_, isinstance, callable, hasattr,
                    ops.contains, ops.not_contains, bool, any, all})


def result(bind: Bind, kinds: list[Kind], context: Any) -> Kind:
    """The kind of what `bind` computes, where its positional arguments have these kinds."""
    if not isinstance(bind.fn, Ref):
        return ANY
    fn = bind.fn.object
    if fn is ops.list_ and context is not None and context.lists_change and \
            not context.single.issuperset(bind.targets):
        return Kind(list)
    if is_elementwise(fn):
        return _elementwise(fn, kinds, bind)
    if getattr(fn, "__module__", None) in _AT_RUN_TIME:
        return ANY
    try:
        known, shaped = _KNOWN.get(fn), fn in witness.SHAPED
    except TypeError:
        return ANY
    if known is not None:
        return known(bind, kinds)
    if (fn is np.array or fn is np.asarray) and kinds and kinds[0].each is not None:
        return _arrayed(bind, kinds)
    if fn is ops.method and kinds and kinds[0].type is str:
        name = bind.args[1].value if isinstance(bind.args[1], Const) else ""
        given = type(getattr(str, name)("ab", *_STRING_METHODS[name])) \
            if name in _STRING_METHODS else None
        return scalar(given) if given in (int, bool) else Kind(given)
    if fn is np.reshape or fn is vars(np.ndarray)["reshape"]:
        found = parts.reshaped(bind, kinds)
        if found is not ANY:
            return found
    if shaped and not (getattr(fn, "__name__", "") == "squeeze" and len(bind.args) < 2
                       and not bind.kwargs):
        # Which axes go without being named depends on more than the rank.
        return witness.probe(fn, bind, kinds, context)
    if isinstance(fn, type) and _plainly_made(fn):
        return Kind(fn)
    if context is not None:
        return context.callee_kind(bind, tuple(kinds), context)
    return ANY


def _plainly_made(cls: type) -> bool:
    """A call of the class gives an object of it: it is written in Python, nothing is special."""
    return type(cls) is type and cls.__new__ is object.__new__ and all(
        c.__flags__ & 1 << 9 for c in cls.__mro__[:-1])


#: Methods of strings, with what to call them with to see what they give.
_STRING_METHODS: dict[str, tuple[Any, ...]] = {
    **dict.fromkeys((
        "lower", "upper", "strip", "lstrip", "rstrip", "title", "capitalize", "casefold",
        "swapcase", "format", "isdigit", "isalpha", "isnumeric", "isidentifier", "isupper",
        "islower", "isspace", "isalnum", "isdecimal", "split", "splitlines"), ()),
    **dict.fromkeys(("startswith", "endswith", "find", "rfind", "count", "removeprefix",
                     "removesuffix"), ("a",)),
    "replace": ("a", "b"), "zfill": (1,), "ljust": (1,), "rjust": (1,), "center": (1,),
    "join": (("a",),), "encode": (), "index": ("a",),
}


def is_elementwise(fn: Any) -> bool:
    """Operators and ufuncs that compute element by element, with broadcasting."""
    if id(fn) in _OPERATOR_IDS:
        return True
    return isinstance(fn, np.ufunc) and fn.signature is None and fn.nout == 1


def element(source: Kind) -> Kind:
    """The kind of the values that iterating over `source` gives."""
    if source.type is range:
        return scalar(int, "int")
    if source.is_array and source.shape:
        if len(source.shape) == 1:
            known = source.dtype is not None
            return scalar(source.dtype.type) if known else scalar(None, source.field)
        return Kind(np.ndarray, source.shape[1:], source.field, source.dtype)
    if source.type in (tuple, list) and source.items:
        return functools.reduce(join, source.items)
    if source.each is not None:
        return source.each
    if source.type in (enumerate, zip, reversed) and source.items:
        return source.items[0]
    return ANY


def _growing(items: tuple[Kind, ...] | None) -> Kind:
    """A list that is being made, which has these items."""
    if items is None:
        return Kind(Growing, items=(ANY,))
    return Kind(Growing, items=(functools.reduce(join, items),) if items else ())


def _test(bind: Bind, kinds: list[Kind]) -> Kind:
    return scalar(bool) if all(k.type is not None for k in kinds) else ANY


def _iterator(bind: Any, kinds: list[Kind]) -> Kind:
    fn = bind.fn.object
    given = tuple(element(k) for k in kinds)
    if fn is enumerate:
        return Kind(fn, items=(Kind(tuple, items=(scalar(int, "int"), given[0])),))
    return Kind(fn, items=(Kind(tuple, items=given),) if fn is zip else given[:1])


def _unpacked(bind: Bind, kinds: list[Kind]) -> Kind:
    source, (_, before, after) = kinds[0], bind.args
    if after != Const(None) or not isinstance(before, Const):
        return ANY
    if source.type in (tuple, list) and source.items is not None:
        return source
    each = element(source)
    return Kind(tuple, items=(each,) * before.value) if each is not ANY else ANY


def _placed(bind: Bind, kinds: list[Kind]) -> Kind:
    dims = kinds[1].items
    shape = tuple([i.dim or unknown_dim() for i in dims]) if dims is not None else None
    return Kind(np.ndarray, shape, kinds[0].field) if kinds[0].is_number else ANY


def _join_floats(bind: Bind, kinds: list[Kind]) -> Kind:
    if not all(k.is_scalar for k in kinds):
        return _elementwise(operator.truediv, kinds[:2], None)
    if any(k.field == "complex" for k in kinds):
        return scalar(None, "complex")
    return scalar(float) if all(k.type in (float, int) for k in kinds) else scalar()


def _elementwise(fn: Any, kinds: list[Kind], bind: Bind | None) -> Kind:
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


def _matmul(bind: Any, kinds: list[Kind]) -> Kind:
    fn, (a, b) = bind.fn.object, kinds[:2]
    if len(kinds) != 2 or not (a.is_number and b.is_number) or a.shape is None or b.shape is None:
        return ANY
    if fn is np.dot and (not a.shape or not b.shape):
        return _elementwise(operator.mul, kinds, None)
    if not a.shape or not b.shape or (fn is np.dot and max(len(a.shape), len(b.shape)) > 2):
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


def _field(bind: Bind, kinds: list[Kind]) -> Kind:
    """An attribute of an object of which all attributes are known."""
    name, owner = bind.args[1], kinds[0]
    if not isinstance(name, Const) or owner.items is None or owner.value is None or \
            owner.type in (dict, slice) or name.value not in owner.value:
        return ANY
    return owner.items[owner.value.index(name.value)]


def _summed(bind: Bind, kinds: list[Kind]) -> Kind:
    """The sum of a list of numbers; an empty one's is the int 0."""
    each = kinds[0].each
    if each is None or not each.is_scalar or len(kinds) != 1 or bind.kwargs:
        return ANY
    return scalar(None, each.field) if each.field in ("real", "complex") else ANY


def _arrayed(bind: Bind, kinds: list[Kind]) -> Kind:
    """An array of a list of numbers."""
    each = kinds[0].each
    if each is None or not each.is_scalar or len(kinds) != 1 or bind.kwargs:
        return ANY
    dtype = np.dtype(each.type) if each.type in (float, complex) else each.dtype
    known = dtype is not None and dtype.kind in "fc"
    return Kind(np.ndarray, (unknown_dim(),), each.field, dtype) if known else ANY


def _one_of(bind: Bind, kinds: list[Kind]) -> Kind:
    """One of several numbers: those of one type give a number of that type."""
    plain = {k._replace(dim=None) for k in kinds}
    alike = len(kinds) > 1 and not bind.kwargs and kinds[0].is_scalar and len(plain) == 1
    return plain.pop() if alike else ANY


#: What always gives a float, whatever it accepts: with anything else it raises.
_FLOATS = (float, *(getattr(math, name) for name in (
    "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "cbrt", "copysign", "cos", "cosh",
    "degrees", "dist", "erf", "erfc", "exp", "exp2", "expm1", "fabs", "fmod", "fsum", "gamma",
    "hypot", "ldexp", "lgamma", "log", "log10", "log1p", "log2", "nextafter", "pow", "radians",
    "remainder", "sin", "sinh", "sqrt", "tan", "tanh", "ulp",
) if hasattr(math, name)))


#: Those whose results' kinds follow from their arguments' in a way of their own.
_KNOWN: dict[Any, Callable[[Any, list[Kind]], Kind]] = {
    type: lambda _, kinds: Kind(type) if len(kinds) == 1 else ANY,
    runtime.match: lambda _, kinds: kinds[1],
    runtime.zeros: lambda _, kinds: kinds[0],
    runtime.copy: lambda _, kinds: kinds[0],
    runtime.unbroadcast: lambda _, kinds: parts.unbroadcast(kinds),
    runtime.divide: _join_floats,
    runtime.power: _join_floats,
    runtime.place: _placed,
    # As the module itself, they hold nothing that has a derivative here.
    globals: lambda *_: Kind(types.ModuleType),
    cells.seen: lambda _, kinds: kinds[1],
    ops.tuple_: lambda _, kinds: Kind(tuple, items=tuple(kinds)),
    ops.list_: lambda _, kinds: Kind(list, items=tuple(kinds)),
    ops.unpack: _unpacked,
    ops.growing: lambda _, kinds: _growing(kinds[0].items if kinds[0].type is list else None),
    ops.appended: lambda _, kinds: join(kinds[0], _growing((kinds[1],))),
    ops.item_of: lambda _, kinds: Kind(tuple, items=((kinds[0].items or (ANY,))[0], kinds[0])),
    ops.grown: lambda _, kinds: Kind(list, value=kinds[0].items[0] if kinds[0].items else None),
    ops.dict_: lambda _, kinds: Kind(dict),
    getattr: lambda bind, kinds: _field(bind, kinds),
    slice: lambda _, kinds: Kind(slice),
    range: lambda _, kinds: Kind(range),
    enumerate: _iterator,
    zip: _iterator,
    reversed: _iterator,
    operator.getitem: parts.item,
    np.where: lambda bind, kinds: _elementwise(bind.fn.object, kinds, bind),
    np.clip: lambda bind, kinds: _elementwise(bind.fn.object, kinds, bind),
    sum: lambda bind, kinds: _summed(bind, kinds),
    min: _one_of,
    max: _one_of,
    **dict.fromkeys(parts.JOINS, parts.joined),
    **dict.fromkeys(parts.MATRICES, parts.matrix),
    **dict.fromkeys(_TESTS, _test),
    **dict.fromkeys(_FLOATS, lambda *_: scalar(float)),
    **dict.fromkeys((math.isfinite, math.isinf, math.isnan), lambda *_: scalar(bool)),
    **dict.fromkeys(_MATMUL, _matmul),
}
