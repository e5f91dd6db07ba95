"""What builtins, operators and functions of libraries write, known beforehand."""

from __future__ import annotations

import operator
import random
import types
from typing import Any

import numpy as np

from s2sdiff import ir, ops, registry
from s2sdiff.runtime.bound_names import binds
from s2sdiff.runtime.outside import is_of_library
from s2sdiff.transforms.new_memory import INPLACE

__all__ = ["ALL", "NOTHING", "READING", "SHARED", "SILENT", "binds_outside", "computes",
           "gives_new", "has_rule", "only_looks", "operator_writes", "solves"]

SILENT = frozenset({
    print, len, range, enumerate, zip, reversed, sorted, isinstance, type, str, repr, int, float,
    bool, complex, tuple, list, dict, set, frozenset, slice, getattr, hasattr, callable, id, hash,
    min, max, sum, any, all, abs, round, divmod, pow, iter, format, issubclass, bytes,
    object, vars, ops.method,
})

#: What tables of data (pandas, xarray) are read by: none of them is told to work in place, and
#: none calls a function that it is given.
TABLES = frozenset({
    "between", "cummax", "cummin", "drop_duplicates", "droplevel", "dropna", "duplicated",
    "ewm", "expanding", "fillna", "get_group", "groupby", "head", "isel", "isin", "isna",
    "isnull", "iterrows", "itertuples", "median", "nlargest", "notna", "notnull", "nsmallest",
    "nunique", "pct_change", "pivot", "pivot_table", "quantile", "resample", "reset_index",
    "rolling", "sel", "set_index", "sort_index", "sort_values", "tail", "to_dict", "to_frame",
    "to_list", "to_numpy", "to_pandas", "to_records", "to_series", "unique", "unstack",
    "value_counts",
})

READING = frozenset({
    "get", "items", "keys", "values", "index", "count", "copy", "sum", "mean", "min", "max", "dot",
    "reshape", "ravel", "flatten", "transpose", "astype", "startswith", "endswith", "lower",
    "upper", "format", "join", "split", "strip", "item", "tolist", "any", "all", "conj", "std",
    "var", "prod", "cumsum", "clip", "round", "trace", "diagonal", "squeeze", "repeat", "argmax",
    "argmin", "isdtype", "asarray", "is_integer", "argsort", "swapaxes", "take", "nonzero",
    "conjugate", "cumprod", "_replace", "_asdict",
}) | TABLES

#: It writes, but nobody knows what.
ALL = frozenset({"*"})

NOTHING: frozenset = frozenset()
#: Beside "*": among it are attributes of what the whole program has and reads as constants.
SHARED = "*shared"

#: Modules whose functions write nothing that a user's program computes with.
LOOKING = frozenset({
    "time", "warnings", "_warnings", "logging", "os", "posixpath", "ntpath", "genericpath", "re",
    "enum", "fnmatch", "string", "textwrap", "json", "_pickle", "pickle",
})


#: Of SciPy's interpolants, what changes them.
_OF_INTERPOLANTS = {
    "__init__", "__setattr__", "__setstate__", "extend", "_reset_class", "_reset_nest",
    "set_smoothing_factor", "set_yi", "_set_yi", "add_xi", "fill_value", "x", "c", "axis",
    "extrapolate",
    "_derivative_inplace", "_antiderivative_inplace"}

#: Methods of classes in these modules give something new, which they fill after they have made it,
#: and keep nothing but what they would find again; all but these, and those that are given `out`.
_NEW = {
    "scipy.spatial.transform._rotation": {"__init__", "__setitem__", "__setstate__"},
    "numpy.polynomial._polybase": {"__init__", "__setstate__"},
    "numpy.lib._polynomial_impl": {"__init__", "__setitem__", "_coeffs", "coeffs", "variable"},
    "scipy.stats._distribution_infrastructure": {
        "__init__", "reset_cache", "_update_parameters", "tol", "validation_policy",
        "cache_policy"},
}


_NEW |= {f"scipy.interpolate.{name}": _OF_INTERPOLANTS for name in (
    "_cubic", "_interpolate", "_bsplines", "_polyint", "_fitpack2")}


def gives_new(method: Any) -> bool:
    """Whether it is a method of a library that changes nothing, and gives something new.

    What has a parameter `out` fills what it is given, such as `_evaluate` of `PPoly`.
    """
    written = _NEW.get(getattr(method, "__module__", None) or "")
    if written is None or "." not in getattr(method, "__qualname__", "") or \
            method.__name__ in written:
        return False
    code = getattr(method, "__code__", _NO_CODE)
    return "out" not in code.co_varnames[:code.co_argcount + code.co_kwonlyargcount]


#: Where code that finds out what it calls ends up when that has to be compiled.
_COMPILING = ("s2sdiff.backend", "s2sdiff.frontend", "s2sdiff.ir", "s2sdiff.transforms")


def only_looks(target: Any, module: Any) -> bool:
    """A function of a library that has no rule, and writes nothing but its own state.

    Those of NumPy that write into arguments have rules, apart from what `out=` says.
    """
    if isinstance(target, type(np.histogram)):
        return target not in (np.apply_along_axis, np.apply_over_axes, np.piecewise)
    if gives_new(target):
        return True
    owner = type(getattr(target, "__self__", None))
    draws = owner is random.Random or owner.__module__.startswith("numpy.random")
    draws = draws and target.__name__ not in ("shuffle", "permuted")
    return draws or module in LOOKING or (module or "").startswith(_COMPILING)


def computes(s: ir.Bind, kind: Any) -> bool:
    """Arithmetic of numbers: most statements are that, and their effects are often asked for.

    So is `np.r_[a, b]` of numbers and arrays.
    """
    called = s.fn.object if type(s.fn) is ir.Ref else None
    if called is operator.getitem and type(s.args[0]) is ir.Ref and type(
            s.args[0].object) in _CONCATENATORS:
        items = kind(s.args[1]).items
        return items is not None and all(k.is_number for k in items)
    if id(called) not in _ARITHMETIC or s.kwargs:
        return False
    for a in s.args:
        if (type(a) is not ir.Var and type(a) is not ir.Const) or not kind(a).is_number:
            return False
    return True


_CONCATENATORS = (type(np.r_), type(np.c_))
_ARITHMETIC = frozenset(map(id, (
    operator.add, operator.sub, operator.mul, operator.truediv, operator.floordiv, operator.mod,
    operator.pow, operator.neg, operator.pos, operator.lt, operator.le, operator.gt, operator.ge,
    operator.eq, operator.ne, abs,
)))


#: What stands for SciPy's solvers, which look at the functions that they are given before all else.
_SOLVERS = frozenset(f"s2sdiff.runtime.standins_{name}" for name in (
    "equations", "explicit", "fits", "implicit", "integrals", "minimize", "nested", "odeint",
    "roots", "searches", "steps"))


def solves(standin: Any) -> bool:
    """Whether it is what stands for a solver."""
    return standin.__module__ in _SOLVERS


def of_rules(origin: Any, s: Any) -> bool:
    """Whether a statement is one of the library's rules, of which most change nothing.

    What they call at most computes; mutators do more, and what a user gave as a `key`.  Solvers
    refuse functions that may write before they call one that they were given.
    """
    module = getattr(origin, "__module__", None) or ""
    if not module.startswith("s2sdiff.") or (
            # What derivatives of theirs call are pullbacks, which capture what varies.
            isinstance(getattr(s, "fn", None), ir.Var) and getattr(
                origin, "__code__", _NO_CODE).co_filename.startswith("<s2sdiff ")):
        return False
    if module in _SOLVERS:
        return isinstance(getattr(s, "fn", None), ir.Var)
    return module.startswith("s2sdiff.rules.") and not module.startswith(
        "s2sdiff.rules.writes_") and getattr(getattr(s, "fn", None), "name", "") != "key"


_NO_CODE = compile("", "", "exec")


def operator_writes(target: Any) -> frozenset:
    """What a function of `operator`, `math` and the like writes."""
    name = getattr(target, "__name__", "")
    return ALL if name in ("setitem", "delitem") or target in INPLACE else NOTHING


def binds_outside(target: types.FunctionType, body: ir.Block) -> bool:
    """A function that binds global names to what it is given, or does what nobody knows."""
    return binds(target.__code__) or any(
        isinstance(s, ir.Raw) and s.memory for s in ir.walk(body))


def has_rule(s: Any, kind: Any) -> bool:
    """A method of a library's object that is known, with a rule by which it writes nothing.

    `scipy.stats.t.logpdf(x, df)`, of numbers: the object is nobody's place, and nothing is called.
    """
    owner, name = s.args[:2] if s.calls(ops.method) and len(s.args) > 1 else (None, None)
    if not isinstance(owner, ir.Ref) or not isinstance(name, ir.Const) or \
            isinstance(owner.object, (type, types.ModuleType)):
        return False
    if ir.Star in map(type, s.args) or not all(kind(a).is_number for a in (
            *s.args[2:], *[a for _, a in s.kwargs])):
        return False
    cls = type(owner.object)
    method = getattr(cls, name.value, None)
    if not isinstance(method, types.FunctionType) or not is_of_library(cls) or \
            name.value in getattr(owner.object, "__dict__", ()):
        return False
    rule = registry.find(method)
    return rule is not None and not rule.writes
