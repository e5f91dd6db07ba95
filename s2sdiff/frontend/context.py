"""What lowering knows about the function at hand, and the names it gives to temporaries."""

from __future__ import annotations

import builtins
import types
from dataclasses import dataclass, field
from typing import Any

import gast

from s2sdiff.frontend.nested import Nested
from s2sdiff.ir import Atom, Bind, Const, Free, Loc, Ref, Stmt, Var

__all__ = [
    "Context", "Unfit", "Verbatim", "bind", "call_name", "fresh", "harmless", "meaning", "outside",
    "rooted_outside",
]

#: Packages whose functions neither rebind a user's name nor write what they are not told to.
_TAME = frozenset({"builtins", "cmath", "math", "numpy", "operator", "scipy"})
_RUNS_CODE = frozenset({"apply_along_axis", "eval", "exec", "filter", "map", "next", "setattr"})
_TAME_METHODS = frozenset({
    "all", "any", "argmax", "argmin", "astype", "clip", "conj", "conjugate", "copy", "cumprod",
    "cumsum", "diagonal", "dot", "flatten", "get", "item", "items", "keys", "max", "mean", "min",
    "nonzero", "prod", "ravel", "repeat", "reshape", "round", "squeeze", "std", "sum", "swapaxes",
    "take", "tolist", "trace", "transpose", "values", "var",
})
_LONGEST = 24


class Verbatim(Exception):
    """Raised inside lowering: the statement at hand has to be kept whole; its text says why."""


class Unfit(Exception):
    """Raised inside lowering: the nested function at the node that it has is kept as it is."""


@dataclass(frozen=True)
class Context:
    """Facts about one function.

    `local` are its variables, `free` the names that it reads from outside, `declared` what it
    declares `global` or `nonlocal`, `rebindable` the outside names that a call may rebind, `sites`
    all (name, node) that bind, in order of the text, `loops` the loop statements, `lines` the
    source text, `walrus` whether expressions may bind, `taken` all names in use and `made` the
    temporaries so far, `nested` the nested functions that are only called, `own` the names that
    their variables have taken, `kept` the nodes of nested functions that have to be functions,
    `bases` which temporaries may be called as a variable is, `guarded` whether an exception may end
    around the code at hand, inside of the function, `captured` what functions inside see, `shared`
    what they bind, `outer` what it declares `nonlocal` itself, `verbatim` whether nested functions
    are kept as they are written, `deletes` whether a `del` of a name need not be one,
    `generators` the nested generator functions, `delayed` the iterators that are written into the
    loop that draws from them, `delayable` the assignments of such, `lists` the variables that only
    ever are lists, `weaving` the generators that are being written down, `borrowed` the outside
    names that woven ones read, `entered` the paths of outside names that managers are made by, and
    `hinted` those of which it played a part what they mean, and `stands` names that were put into
    the text, with the objects that they stand for.
    """

    file: str
    function: str
    #: A function; of one in a record, checkers of types believe that it becomes a method.
    origin: Any
    local: frozenset[str]
    free: frozenset[str]
    declared: frozenset[str]
    rebindable: frozenset[str]
    sites: tuple[tuple[str, Any], ...]
    loops: tuple[Any, ...]
    lines: dict[int, str]
    walrus: bool = True
    guarded: bool = False
    taken: set[str] = field(default_factory=set)
    made: set[str] = field(default_factory=set)
    nested: dict[str, Nested] = field(default_factory=dict)
    own: set[str] = field(default_factory=set)
    kept: set[Any] = field(default_factory=set)
    bases: dict[str, str] = field(default_factory=dict)
    captured: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()
    outer: frozenset[str] = frozenset()
    verbatim: bool = False
    deletes: bool = True
    generators: dict[str, Any] = field(default_factory=dict)
    delayed: dict[str, Any] = field(default_factory=dict)
    delayable: dict[int, Any] = field(default_factory=dict)
    lists: set[str] = field(default_factory=set)
    weaving: tuple[Any, ...] = ()
    flats: dict[int, bool | None] = field(default_factory=dict)
    borrowed: set[str] = field(default_factory=set)
    entered: set[tuple[str, ...]] = field(default_factory=set)
    hinted: set[tuple[str, ...]] = field(default_factory=set)
    stands: dict[str, Any] = field(default_factory=dict)

    def loc(self, node: Any) -> Loc:
        """Where a node stands."""
        line = self.lines.get(node.lineno, "")
        column = node.col_offset
        if not line.isascii():
            # Python counts the bytes of UTF-8.
            column = len(line.encode()[:column].decode(errors="replace"))
        return Loc(self.file, node.lineno, column, self.function)

    def atom(self, name: str) -> Atom:
        """A read of a name."""
        if name in self.stands:
            return Ref(self.stands[name])
        return Var(name) if name in self.local else Free(name)


def fresh(ctx: Context, hint: str, exact: bool = False) -> str:
    """A new name: `hint` itself if `exact` and not taken, else `hint_1`, `hint_2`, …"""
    name, count = hint, 0
    while name in ctx.taken or not (exact or count):
        count += 1
        name = f"{hint}_{count}"
    ctx.taken.add(name)
    ctx.made.add(name)
    return name


_ATOMS = frozenset({Var, Free, Const, Ref})


def bind(ctx: Context, out: list[Stmt], target: str, fn: Any, args: Any, node: Any,
         kwargs: Any = ()) -> Var:
    """Append `target = fn(*args)`; `fn` is an atom or a known object."""
    if type(fn) not in _ATOMS:
        fn = Ref(fn)
    out.append(Bind((target,), fn, tuple(args), tuple(kwargs), ctx.loc(node)))
    return Var(target)


def call_name(ctx: Context, called: str, items: list[Atom]) -> str | None:
    """`sin_x` for a call of `sin` in which `x` is the only name, else None."""
    names = [a.name for a in items if isinstance(a, (Var, Free))]
    others = [a for a in items if not isinstance(a, (Var, Free, Const))]
    if len(names) != 1 or others or names[0] in ctx.made:
        return None
    name = f"{called}_{names[0]}".strip("_")
    usable = len(name) <= _LONGEST and name.isidentifier() and not called.startswith("__")
    return name if usable else None


def rooted_outside(ctx: Context, node: Any) -> bool:
    """Whether a node is a path like `np` or `np.linalg` that starts at an outside name."""
    while isinstance(node, gast.Attribute):
        node = node.value
    return isinstance(node, gast.Name) and node.id not in ctx.local


def outside(function: Any, name: str) -> Any:
    """What an outside name means to a function now (None if nothing), for hints only."""
    captured = function.__code__.co_freevars
    if name in captured:
        try:
            return function.__closure__[captured.index(name)].cell_contents
        except ValueError:
            return None
    space = function.__globals__
    return space[name] if name in space else getattr(builtins, name, None)


def meaning(ctx: Context, node: Any) -> Any:
    """What a path of names means while lowering, for hints only; None if nothing."""
    if isinstance(node, gast.Name):
        ctx.hinted.add((node.id,))
        return outside(ctx.origin, node.id)
    if not isinstance(node, gast.Attribute):
        return None
    owner = meaning(ctx, node.value)
    if isinstance(owner, (types.ModuleType, type)):
        ctx.hinted.add(path_of(node))
    return getattr(owner, node.attr, None) if isinstance(owner, types.ModuleType) else None


def path_of(node: Any) -> tuple[str, ...]:
    """The names in `a.b.c`."""
    return (node.id,) if isinstance(node, gast.Name) else (*path_of(node.value), node.attr)


def meant(function: Any, names: tuple[str, ...]) -> Any:
    """What a path of names, through modules and classes, means to a function now."""
    found = outside(function, names[0])
    for name in names[1:]:
        if not isinstance(found, (types.ModuleType, type)):
            return None
        found = getattr(found, name, None)
    return found


def harmless(ctx: Context, node: Any) -> bool:
    """Whether no call inside an expression may write an object or rebind a name."""
    for n in gast.walk(node):
        if isinstance(n, (gast.NamedExpr, gast.Await)):
            return False
        if isinstance(n, gast.Call) and not _tame(ctx, n):
            return False
    return True


def _tame(ctx: Context, call: Any) -> bool:
    if any(k.arg in (None, "out") for k in call.keywords):
        return False
    if rooted_outside(ctx, call.func):
        known = meaning(ctx, call.func)
        name = getattr(known, "__name__", "") or ""
        owner = getattr(known, "__module__", None) or type(known).__module__
        if known is not None and owner.partition(".")[0] in _TAME:
            return name not in _RUNS_CODE
        if known is not None:
            return False
    return isinstance(call.func, gast.Attribute) and call.func.attr in _TAME_METHODS
