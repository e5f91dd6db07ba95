"""Kinds of what derivatives give that are called in functions which are differentiated."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from s2sdiff.arguments import signature_names
from s2sdiff.ir import Bind, Ref, replace
from s2sdiff.kinds import ANY, Kind
from s2sdiff.runtime import nested
from s2sdiff.runtime.values import has_source

__all__ = ["gradient", "tangent"]

#: What a call gives for arguments of these kinds: the compiler's.
Result = Callable[[Bind, tuple[Kind, ...], Any], Kind]


def gradient(call: Bind, given: tuple[Kind, ...], context: Any, result: Result) -> Kind:
    """What `grad(f)` gives: each gradient is of its argument's kind; before them, `f`'s result."""
    fn: Any = call.fn.object if isinstance(call.fn, Ref) else None
    if "__s2sdiff_jacobian__" in fn.__dict__:
        return _jacobian(call, given, context, result)
    wrt, plain = fn.__dict__.get("__s2sdiff_wrt__"), nested.owner(fn)
    if call.kwargs or wrt is None or not has_source(plain):
        return ANY
    known = dict(zip(signature_names(plain)[0], given, strict=False))
    found = tuple([known.get(n, ANY) for n in wrt])
    if any(not k.is_number or k.inert for k in found):
        return ANY
    made = found[0] if len(found) == 1 else Kind(tuple, items=found)
    if not fn.__dict__["__s2sdiff_valued__"]:
        return made
    value = result(replace(call, fn=Ref(plain)), given, context)
    return Kind(tuple, items=(value, made)) if value.is_scalar and not value.inert else ANY


def _jacobian(call: Bind, given: tuple[Kind, ...], context: Any, result: Result) -> Kind:
    """An array of the result's dimensions and then the argument's, where those are known."""
    assert isinstance(call.fn, Ref)
    f, wrt = call.fn.object.__s2sdiff_jacobian__
    if call.kwargs or type(wrt) is not int or not 0 <= wrt < len(given):
        return ANY
    x, value = given[wrt], result(replace(call, fn=Ref(f)), given, context)
    same = value.dtype == x.dtype if value.is_array else value.is_float and x.dtype == float
    if not x.is_array or x.shape is None or value.shape is None or not same:
        return ANY
    return x._replace(shape=(*value.shape, *x.shape))


def tangent(call: Bind, given: tuple[Kind, ...], context: Any, result: Result) -> Kind:
    """What `jvp(f, primals, tangents)` gives: the tangent is of the result's kind."""
    fn: Any = call.args[0] if call.args else None
    primals = given[1].items if len(given) == 3 and given[1].type is tuple else None
    if call.kwargs or primals is None or not isinstance(fn, Ref):
        return ANY
    value = result(Bind(call.targets, fn, call.args[1:2], (), call.loc), primals, context)
    return Kind(tuple, items=(value, value)) if value.is_scalar and not value.inert else ANY
