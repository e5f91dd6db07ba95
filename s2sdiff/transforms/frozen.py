"""Methods of SciPy's frozen distributions: of the distribution, with the parameters that it has.

`norm(m, s).logpdf(x)` is `norm.logpdf(x, m, s)` wherever nothing bound `m` or `s` anew in between,
and nothing but such methods is asked of the object.
"""

from __future__ import annotations

import inspect
import types
from typing import Any

from s2sdiff import ir, ops, registry
from s2sdiff.ir import Bind, Const, Free, Function, Ref, Star, Var, replace
from s2sdiff.runtime.outside import root_of
from s2sdiff.transforms.context import Context, Guard

__all__ = ["called"]

#: Methods whose first argument is where they are asked; the frozen ones only add the parameters.
_METHODS = frozenset({"pdf", "logpdf", "pmf", "logpmf", "cdf", "logcdf", "sf", "logsf", "ppf",
                      "isf"})


def called(function: Function, context: Context) -> Function:
    """The function with such calls written out; itself where there are none."""
    made = {s.targets[0]: s for s in ir.statements(function) if isinstance(s, Bind)
            and isinstance(s.fn, Ref) and _is_distribution(s.fn.object)
            and isinstance(s.targets[0] if len(s.targets) == 1 else None, str)}
    if not made:
        return function
    counts = dict.fromkeys((p.name for p in function.params), 1)
    for s in ir.statements(function):
        for name in ir.defines(s):
            counts[name] = counts.get(name, 0) + 1
    made = {n: s for n, s in made.items() if _is_steady(s, counts)}
    asked: set[str] = set()
    for s in ir.statements(function):
        owner = _asked(s, made)
        if owner is not None and isinstance(s, Bind):
            asked.add(owner)
            s = replace(s, args=s.args[1:])
        for name in ir.reads(s):
            made.pop(name, None)
    made = {n: s for n, s in made.items() if n in asked}

    def written(s: ir.Stmt) -> tuple[ir.Stmt, ...] | None:
        if isinstance(s, Bind) and len(s.targets) == 1 and made.get(s.targets[0]) is s:
            return ()
        owner = _asked(s, made)
        if owner is None or not isinstance(s, Bind):
            return None
        frozen = made[owner]
        of: Any = frozen.fn
        dist, name = of.object, s.args[1].value  # type: ignore[union-attr]
        method = getattr(dist, name)
        context.guard(Guard(type(dist), name, (), method.__func__))
        own = registry.has_own(method)
        fn = Ref(method, f"{of.spelling}.{name}" if of.spelling else None) \
            if own else Ref(method.__func__)
        before = () if own else (of,)
        return (replace(s, fn=fn, args=(*before, *s.args[2:], *frozen.args),
                        kwargs=frozen.kwargs),)

    return replace(function, body=ir.rewritten(function.body, written)) if made else function


def _is_distribution(x: Any) -> bool:
    cls = type(x)
    return root_of(cls) == "scipy" and any(c.__name__ == "rv_generic" for c in cls.__mro__)


def _is_steady(s: Bind, counts: dict[str, int]) -> bool:
    """Parameters that the distribution has, none of which is bound a second time."""
    atoms = (*s.args, *[a for _, a in s.kwargs])
    if any(isinstance(a, (Star, Free)) for a in atoms) or any(k is None for k, _ in s.kwargs) or \
            not all(counts.get(n) == 1 for n in (*s.targets, *ir.reads(s))):
        return False
    dist: Any = s.fn.object  # type: ignore[union-attr]
    try:
        # What does not fit is refused where the object is made.
        inspect.signature(dist._parse_args).bind(*s.args, **{str(k): a for k, a in s.kwargs})
    except TypeError:
        return False
    return True


def _asked(s: ir.Stmt, made: dict[str, Bind]) -> str | None:
    """The frozen distribution whose method a statement calls at one place."""
    if not isinstance(s, Bind) or not s.calls(ops.method) or len(s.args) != 3 or s.kwargs or \
            isinstance(s.args[2], Star) or not isinstance(s.args[0], Var):
        return None
    frozen, name = made.get(s.args[0].name), s.args[1]
    if frozen is None or not isinstance(name, Const) or name.value not in _METHODS:
        return None
    method = getattr(frozen.fn.object, name.value, None)  # type: ignore[union-attr]
    known = isinstance(method, types.MethodType) and registry.find(method.__func__) is not None
    return s.args[0].name if known else None
