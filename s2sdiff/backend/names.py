"""How a known object is written in generated text: a spelling that means it, or a cell."""

from __future__ import annotations

import ast
import builtins
import functools
import keyword
import re
import sys
import types
from dataclasses import dataclass, field
from typing import Any

import gast
import numpy as np

from s2sdiff import ir, runtime
from s2sdiff.runtime.outside import root_of
from s2sdiff.runtime.own_fields import said
from s2sdiff.runtime.spelling import importable

__all__ = ["LITERALS", "MISSING", "Names", "constant", "fresh", "lookup", "names_of", "reference",
           "same"]

LITERALS = (int, float, complex, str, bytes, bool, type(None), type(...))
MISSING = object()
_BOUND = (types.MethodType, types.BuiltinMethodType)


@dataclass(frozen=True, slots=True)
class Names:
    """What one printed function may call things.

    `bound` are the names the text binds, `taken` those that no new name may equal, `cells` the
    objects that travel with the text under new names, `written` the expressions that `reference`
    has found, by the object and how the user spelled it.
    """

    function: ir.Function
    bound: frozenset[str]
    taken: set[str]
    cells: dict[str, object] = field(default_factory=dict)
    written: dict[tuple[int, str | None], tuple[Any, ast.expr]] = field(default_factory=dict)


def names_of(function: ir.Function) -> Names:
    """The names of a function about to be printed, with no cells yet."""
    bound = {p.name for p in function.params} | {function.name}
    taken = set(function.names) | set(function.free)
    if function.origin is not None:
        taken.update(function.origin.__code__.co_freevars)
    for s in ir.statements(function):
        bound.update(ir.defines(s))
        if type(s) is ir.Def:
            bound.update(s.params)
        nodes: list[Any] = [s.node] if type(s) is ir.Raw else []
        for a in ir.atoms(s):
            t = type(a)
            if t is ir.Free:
                taken.add(a.name)
            elif t is ir.Ref and type(a.object) is ir.Opaque:
                nodes.append(a.object.node)
        for node in nodes:
            taken.update(n.id for n in gast.walk(node) if isinstance(n, gast.Name))
    return Names(function, frozenset(bound), taken | bound)


def fresh(names: Names, wanted: str) -> str:
    """`wanted`, or `wanted_1`, … where that is taken; taken from now on."""
    wanted = re.sub(r"\W+", "_", wanted).strip("_") or "constant"
    if wanted[0].isdigit():
        wanted = f"constant_{wanted}"
    if keyword.iskeyword(wanted):
        wanted = f"{wanted}_"
    return ir.unused(wanted, names.taken)


def same(a: Any, b: Any) -> bool:
    """Identity, where `np.add.at` (a new object each time it is read) is itself."""
    if a is b:
        return True
    return (
        isinstance(a, _BOUND) and type(a) is type(b) and a.__self__ is b.__self__
        and a.__name__ == b.__name__
    )


# ------------------------------------------------------------------------------- spellings


def lookup(function: ir.Function, name: str) -> Any:
    """What a name from outside means to a function; MISSING: nothing."""
    origin = function.origin
    space: dict[str, Any] = {}
    if origin is not None:
        if name in origin.__code__.co_freevars:
            cell = origin.__closure__[origin.__code__.co_freevars.index(name)]
            try:
                return cell.cell_contents
            except ValueError:  # not bound yet
                return MISSING
        space = origin.__globals__
    if name in space:
        return space[name]
    provided = space.get("__builtins__", builtins)
    provided = provided if isinstance(provided, dict) else vars(provided)
    return provided.get(name, MISSING)


def _means(names: Names, spelling: str, target: Any) -> bool:
    root, *path = spelling.split(".")
    if root in names.bound or root in names.cells or not root.isidentifier():
        return False
    found = lookup(names.function, root)
    for part in path:
        # Only modules, classes and SciPy's: reading another's attribute may run the user's code.
        if not isinstance(found, (types.ModuleType, type, np.ufunc)) and \
                root_of(type(found)) != "scipy":
            return False
        found = getattr(found, part, MISSING)
    return found is not MISSING and same(found, target)


def _dotted(spelling: str) -> ast.expr:
    root, *path = spelling.split(".")
    node: ast.expr = ast.Name(root, ast.Load())
    for part in path:
        node = ast.Attribute(node, part, ast.Load())
    return node


def _module(names: Names, module: types.ModuleType) -> ast.expr:
    preferred = {"numpy": "np", "s2sdiff.runtime": "rt"}.get(module.__name__)
    leaf = module.__name__.rpartition(".")[2]
    origin = names.function.origin
    space = origin.__globals__ if origin is not None else {}
    for name in (preferred or leaf, leaf):
        if _means(names, name, module):
            names.taken.add(name)
            return ast.Name(name, ast.Load())
    known = any(module is held for held in names.cells.values()) if names.cells else False
    for name in [] if known else [n for n, v in space.items() if v is module]:
        if _means(names, name, module):
            names.taken.add(name)
            return ast.Name(name, ast.Load())
    return _cell(names, module, preferred or leaf)


_NUMPY = ("numpy", "numpy.linalg", "numpy.fft", "numpy.random", "numpy.lib.stride_tricks")


def _numpy_members() -> dict[int, tuple[Any, str]]:
    # What is met in a program comes from modules that are loaded; asking `np` would load the rest.
    return _members_of(tuple([name for name in _NUMPY if name in sys.modules]))


@functools.cache
def _members_of(modules: tuple[str, ...]) -> dict[int, tuple[Any, str]]:
    found: dict[int, tuple[Any, str]] = {}
    for home in modules:
        module, prefix = sys.modules[home], home.partition(".")[2]
        public = getattr(module, "__all__", None) or ["as_strided", "sliding_window_view"]
        for name in public:
            value = vars(module).get(name)
            if not (callable(value) or isinstance(value, types.ModuleType)):
                continue
            better = not prefix and name == getattr(value, "__name__", None)
            if better or id(value) not in found:
                found[id(value)] = value, f"{prefix}.{name}" if prefix else name
    return found


def _stdlib(target: Any) -> tuple[types.ModuleType, str] | None:
    home = getattr(target, "__module__", None)
    path = getattr(target, "__qualname__", None)
    if not isinstance(home, str) or not isinstance(path, str) or not home:
        return None
    if home.partition(".")[0] not in sys.stdlib_module_names or home == "__main__":
        return None
    for name in (home.lstrip("_"), home):
        module = sys.modules.get(name)
        if module is not None and _along(module, path) is target:
            return module, path
    return None


def _along(found: Any, path: str) -> Any:
    for part in path.split("."):
        found = getattr(found, part, MISSING)
    return found


def reference(names: Names, target: Any, spelling: str | None = None) -> ast.expr:
    """An expression that evaluates to `target` where the text runs."""
    key = id(target), spelling
    found = names.written.get(key)
    if found is None:
        # With the object itself, so that no other one gets its identity meanwhile.
        found = names.written[key] = target, _reference(names, target, spelling)
    return found[1]


def _reference(names: Names, target: Any, spelling: str | None) -> ast.expr:
    if spelling and _means(names, spelling, target):
        names.taken.add(spelling.partition(".")[0])
        return _dotted(spelling)
    if isinstance(target, types.ModuleType):
        return _module(names, target)
    if type(target) in LITERALS:
        return constant(names, target)
    own = getattr(target, "__name__", None)
    own = own if isinstance(own, str) else None
    if own and getattr(builtins, own, None) is target and _means(names, own, target):
        names.taken.add(own)  # `ops.list_` would be called `list`
        return ast.Name(own, ast.Load())
    for owner in (getattr(target, "__objclass__", None), getattr(target, "__self__", None)):
        # np.ndarray.sum, np.add.reduce, dict.fromkeys
        if own and isinstance(owner, (type, np.ufunc)) and same(getattr(owner, own, None), target):
            return ast.Attribute(reference(names, owner), own, ast.Load())
    if own and getattr(runtime, own, None) is target:
        return ast.Attribute(_module(names, runtime), own, ast.Load())
    known = _numpy_members().get(id(target))
    if known is not None and known[0] is target:
        path = known[1]
        if spelling and _along(np, spelling.partition(".")[2]) is target:
            path = spelling.partition(".")[2]
        return _dotted(f"{ast.unparse(_module(names, np))}.{path}")
    owned = importable(target) if isinstance(target, types.FunctionType) else None
    if owned is not None and "." in target.__qualname__ and owned[0].__name__ != "__main__":
        # A method of a class of a module: `rv_continuous.logpdf`.
        cls = ast.unparse(reference(names, vars(owned[0])[owned[1]]))
        return _dotted(cls + target.__qualname__[len(owned[1]):])
    member = _stdlib(target)
    if member is not None and member[0] is not builtins:
        return _dotted(f"{ast.unparse(_module(names, member[0]))}.{member[1]}")
    return _cell(names, target, _wanted(target, spelling))


def _wanted(target: Any, spelling: str | None) -> str:
    name = said(target, "__s2sdiff_name__") or said(target, "__name__")
    if not isinstance(name, str) or name == "<lambda>":
        name = (spelling or type(target).__name__.lower()).rpartition(".")[2]
    if str(getattr(target, "__module__", "")).startswith("s2sdiff.rules."):
        name = f"{name.rstrip('_')}_rule"
    return name


def _cell(names: Names, target: Any, wanted: str) -> ast.expr:
    for name, value in names.cells.items():
        if same(value, target):
            return ast.Name(name, ast.Load())
    name = fresh(names, wanted)
    names.cells[name] = target
    return ast.Name(name, ast.Load())


# -------------------------------------------------------------------------------- constants


def constant(names: Names, value: Any) -> ast.expr:
    """A literal where there is one that reads back as the very same value, else a cell."""
    if type(value) is slice:
        parts = [constant(names, v) for v in (value.start, value.stop, value.step)]
        return ast.Call(reference(names, slice), parts, [])
    if type(value) is tuple:
        return ast.Tuple([constant(names, v) for v in value], ast.Load())
    if type(value) is float and (value != value or value in (float("inf"), -float("inf"))):
        if _means(names, "float", float) and not (value != value and str(value) != "nan"):
            return ast.Call(ast.Name("float", ast.Load()), [ast.Constant(str(value))], [])
        return _cell(names, value, "constant")
    if type(value) in (int, float) and (value < 0 or str(value) == "-0.0"):
        return ast.UnaryOp(ast.USub(), ast.Constant(-value))
    if type(value) is complex and repr(_evaluated(value)) != repr(value):
        return _cell(names, value, "constant")
    if type(value) in LITERALS:
        return ast.Constant(value)
    return _cell(names, value, said(value, "__s2sdiff_name__") or "constant")


def _evaluated(value: complex) -> Any:
    text = repr(value)
    return None if "nan" in text or "inf" in text else eval(text, {"__builtins__": {}})
