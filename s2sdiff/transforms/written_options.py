"""What a call writes because of how it is called: `overwrite_input=True`, an `out` by position."""

from __future__ import annotations

import inspect
import json
import re
import types
from typing import Any

import numpy as np

from s2sdiff import ops, registry
from s2sdiff.ir import Bind, Const, Ref, Star, replace
from s2sdiff.runtime.rule_signatures import parameters
from s2sdiff.transforms.argument_places import NEVER_INTO, out_given

__all__ = ["by_options", "may_overwrite"]


def by_options(s: Bind, target: Any) -> set[Any]:
    """Positions and keywords that a call's options have it write, or "*", beside `out=`."""
    if target is ops.method:
        return _of_method(s)
    if not s.kwargs and Star not in map(type, s.args) and \
            getattr(target, "__module__", None) in NEVER_INTO:
        return set()  # no function in there is told by others than keywords
    found: set[Any] = set()
    if may_overwrite(s, target):
        found |= {i for i, a in enumerate(s.args) if not isinstance(a, Const)} | {
            k for k, a in s.kwargs if not isinstance(a, Const)}
    found |= _given_output(s, target)
    if target is np.nan_to_num:
        found |= _without_copy(s)
    if (target in _CALLING and not _plain_text(s)) or _spreads_out(s, target):
        found.add("*")
    return found


def may_overwrite(s: Bind, target: Any) -> bool:
    """A call permits its function to use what it is given as memory."""
    return any(k is not None and k.startswith("overwrite") and _is_on(a) for k, a in s.kwargs) or \
        any(i < len(s.args) and _is_on(s.args[i]) for i in _overwriting(target))


def _given_output(s: Bind, target: Any) -> set[Any]:
    """Where a filter of `scipy.ndimage` is given what may be an array that it writes into."""
    if not (getattr(target, "__module__", None) or "").startswith("scipy.ndimage"):
        return set()
    rule = registry.find(target)
    names = [] if rule is None or rule.function is None else [
        p.name for p in parameters(rule.function)]
    if "output" not in names:
        return set()
    at = names.index("output")
    given = [*enumerate(s.args), *s.kwargs]
    return {k for k, a in given if k in (at, "output") and not isinstance(a, (Const, Ref))}


def _without_copy(s: Bind) -> set[Any]:
    """What `copy=False` has written in place: the first argument."""
    given = [*enumerate(s.args), *s.kwargs]
    if any(k in (1, "copy") and not (isinstance(a, Const) and a.value) for k, a in given):
        return {k for k, _ in given if k in (0, "x")}
    return set()


def _spreads_out(s: Bind, target: Any) -> bool:
    """Among what stars spread there may be an `out`."""
    if Star not in map(type, s.args) and not (s.kwargs and any(k is None for k, _ in s.kwargs)):
        return False
    return isinstance(target, np.ufunc) or registry.find(target, "out") is not None or \
        out_given(target, len(s.args)) is not None


def _is_on(a: Any) -> bool:
    return not (isinstance(a, Const) and not a.value)


def _of_method(s: Bind) -> set[Any]:
    """`a.cumsum(0, None, b)`, whatever `a` is: the methods of arrays take `out` by position."""
    name = s.args[1]
    method = vars(np.ndarray).get(name.value) if isinstance(name, Const) and \
        isinstance(name.value, str) else None
    if method is None:
        return set()
    if _spreads_out(replace(s, args=s.args[2:]), method):
        return {"*"}
    if any(isinstance(a, Star) for a in s.args):
        return set()
    at = out_given(method, len(s.args) - 1)
    # The name stands between the array and the other arguments.
    return set() if at is None or at + 1 >= len(s.args) or s.args[at + 1] == Const(None) \
        else {at + 1}


#: Functions that only look, but for what they call.
_CALLING = (re.sub, re.subn, json.dump, json.dumps, json.load, json.loads)
_HOOKS = frozenset({"default", "cls", "object_hook", "object_pairs_hook", "parse_float",
                    "parse_int", "parse_constant"})


def _plain_text(s: Bind) -> bool:
    """No function is given that is called."""
    named = dict(s.kwargs)
    if s.fn is not None and getattr(s.fn, "object", None) in (re.sub, re.subn):
        given = s.args[1] if len(s.args) > 1 else named.get("repl")
        return isinstance(given, Const)
    return _HOOKS.isdisjoint(named)


#: By function, where it takes parameters that say whether it may use its arguments as memory.
_known: dict[int, tuple[Any, tuple[int, ...]]] = {}


def _overwriting(target: Any) -> tuple[int, ...]:
    found = _known.get(id(target))
    if found is None:
        code = getattr(inspect.unwrap(target), "__code__", None) if callable(target) else None
        names = code.co_varnames[:code.co_argcount] if isinstance(code, types.CodeType) else ()
        found = _known[id(target)] = target, tuple(
            i for i, name in enumerate(names) if name.startswith("overwrite"))
    return found[1]
