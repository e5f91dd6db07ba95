"""Which methods of users' classes operators and builtin functions run."""

from __future__ import annotations

import builtins
import copy
import math
import operator
from typing import Any

from s2sdiff import ops
from s2sdiff.runtime import keys, values

__all__ = ["METHODS", "WALKED"]

_TWO = ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "and_", "or_", "xor",
        "lshift", "rshift")
_COMPARED = {"lt": "gt", "le": "ge", "gt": "lt", "ge": "le", "eq": "eq", "ne": "eq"}
#: By this NumPy asks a class what a ufunc does; its arrays' operators are ufuncs.
_BY_UFUNCS = "__array_ufunc__"
_REDUCED = ("__reduce_ex__", "__reduce__", "__getstate__")
WALKED = ("__iter__", "__next__", "__len__", "__getitem__")
#: By function: the methods that it may run of what it is given.
METHODS: dict[Any, tuple[str, ...]] = {
    **{getattr(operator, n): (f"__{n.strip('_')}__", f"__r{n.strip('_')}__", _BY_UFUNCS)
       for n in _TWO},
    operator.mul: ("__mul__", "__rmul__", _BY_UFUNCS, "__index__"),
    **{getattr(operator, n): (f"__{n}__", f"__{m}__", _BY_UFUNCS) for n, m in _COMPARED.items()},
    **{getattr(operator, n): (f"__{n}__",) for n in ("neg", "pos", "invert", "index")},
    **{getattr(builtins, n): (f"__{n}__",) for n in ("abs", "round", "hash", "repr", "bytes")},
    int: ("__int__", "__index__", "__trunc__"), float: ("__float__", "__index__"),
    complex: ("__complex__", "__float__", "__index__"),
    **dict.fromkeys((range, keys.cut, chr, bin, hex, oct), ("__index__",)),
    pow: ("__pow__", "__rpow__", _BY_UFUNCS),
    divmod: ("__divmod__", "__rdivmod__"),
    **dict.fromkeys((bool, operator.not_, operator.truth), ("__bool__", "__len__")),
    dir: ("__dir__",), copy.copy: ("__copy__", *_REDUCED),
    copy.deepcopy: ("__deepcopy__", *_REDUCED),
    str: ("__str__", "__repr__"), format: ("__format__", "__str__", "__repr__"),
    **{getattr(math, n): (f"__{n}__", "__float__", "__index__")
       for n in ("floor", "ceil", "trunc")},
    list.sort: ("__lt__", "__gt__"),
    len: ("__len__",), operator.getitem: ("__getitem__", "__missing__", "__index__"),
    **dict.fromkeys((ops.contains, ops.not_contains), ("__contains__", "__eq__", *WALKED)),
    **dict.fromkeys((
        iter, list, tuple, any, all, zip, enumerate, set, frozenset, dict, reversed, ops.unpack,
        values.sequence, values.undisturbed), (*WALKED, "__reversed__")),
    **dict.fromkeys((sorted, min, max), (*WALKED, "__lt__", "__gt__")),
    sum: (*WALKED, "__add__", "__radd__"),
}
