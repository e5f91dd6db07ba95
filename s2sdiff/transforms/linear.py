"""Linear functions forwards: the tangent of `np.concatenate((x, y))` is that of the tangents.

Their pullbacks have loops and tests, which cannot be transposed as text.  What is linear in all
that is active, whatever else it is given, is called again with the tangents in those places, and
with zeros for the rest of them.
"""

from __future__ import annotations

import functools
import inspect
import operator
from typing import Any

import numpy as np

from s2sdiff import registry
from s2sdiff.ir import Bind, Const, Ref, Star, Var
from s2sdiff.kinds import Kind
from s2sdiff.runtime.linear_functions import BILINEAR, LINEAR, OTHERWISE, PADDED, parameters
from s2sdiff.transforms.emit import Emitter
from s2sdiff.transforms.tangents import Tangents

__all__ = ["fits", "of_lists", "pushed"]

_ARRAYS, _WIDE = (np.array, np.asarray), (np.float64, np.complex128)


def fits(s: Bind, dots: dict[str, Any], emit: Emitter) -> list[Any] | None:
    """The places of the arguments that a call is linear in, and that are active or zero then.

    None for a call that is not, or whose arguments are not known to be numbers and arrays.
    """
    names = _parameters_of(s)
    given = None if names is None else _given(s)
    if names is None or given is None or len(s.targets) != 1:
        return None
    for name, at in given:
        a = _argument(s, at)
        if isinstance(a, Var) and a.name in dots and name not in names:
            return None
        if name in names and not (_is_known(emit.kind(a)) or a == Const(None)):
            return None
        if (name in OTHERWISE and a != Const(None)) or (
                name == "mode" and s.calls(np.pad) and getattr(a, "value", "") not in PADDED):
            return None
    if s.fn.object in _ARRAYS and emit.kind(Var(s.targets[0])).dtype not in _WIDE:  # type: ignore[union-attr]
        return None  # a float among narrow numbers, as a zero is, would make them wide
    return [at for name, at in given if name in names]


def of_lists(s: Bind, dots: dict[str, Any], emit: Emitter) -> bool:
    """Whether such a call is given a list of which it is not known how many numbers it holds."""
    return any(emit.kind(Var(n)).each is not None for n in dots) and \
        fits(s, dots, emit) is not None


def pushed(s: Bind, dots: dict[str, Any], emit: Emitter, tangents: Tangents
           ) -> dict[str, Any] | None:
    """Emit such a call for the values and for the tangents; None for any other."""
    places = fits(s, dots, emit)
    if places is None:
        return None
    emit.out.append(s)
    target, called = s.targets[0], s.fn.object  # type: ignore[union-attr]
    together = [places] if called in LINEAR else [
        [at] for at in places if getattr(_argument(s, at), "name", "") in dots]
    kind = emit.kind(Var(target))
    terms = [emit.bind(
        s.fn, [_of(a, emit, tangents) if i in some else a for i, a in enumerate(s.args)],
        {str(k): _of(a, emit, tangents) if k in some else a for k, a in s.kwargs}, f"{target}_dot")
        for some in together]
    if called in _ARRAYS and kind.is_array:
        emit.context.kinds.update({t.name: kind for t in terms})
    return {target: functools.reduce(lambda one, two: emit.call(
        Ref(operator.add), [one, two], {}, f"{target}_dot"), terms)}


def _argument(s: Bind, at: Any) -> Any:
    return s.args[at] if isinstance(at, int) else dict(s.kwargs)[at]


def _parameters_of(s: Bind) -> tuple[str, ...] | None:
    if not isinstance(s.fn, Ref) or any(isinstance(a, Star) for a in s.args) or any(
            k is None for k, _ in s.kwargs):
        return None
    try:
        names = LINEAR.get(s.fn.object) or BILINEAR.get(s.fn.object)
    except TypeError:
        return None
    if names is None or registry.find(s.fn.object, "jvp") is not None:
        return None
    rule = registry.find(s.fn.object)
    module = getattr(s.fn.object if rule is None else rule.function, "__module__", None) or ""
    return names if f"{module}.".startswith(("s2sdiff.rules.", "numpy.")) else None


def _given(s: Bind) -> list[tuple[str, Any]] | None:
    """The parameters that a call gives something to, with their places or names."""
    known = parameters(s.fn.object)  # type: ignore[union-attr]
    places: list[str] = []
    for name, kind in known:
        if kind is inspect.Parameter.VAR_POSITIONAL:
            places += [name] * len(s.args)
        elif kind is not inspect.Parameter.KEYWORD_ONLY:
            places.append(name)
    if len(s.args) > len(places) or any(
            dict(known).get(str(k)) is inspect.Parameter.POSITIONAL_ONLY for k, _ in s.kwargs):
        return None
    return [*zip(places, range(len(s.args)), strict=False), *[(str(k), k) for k, _ in s.kwargs]]


def _is_known(kind: Kind) -> bool:
    """A number, an array, or a list or tuple of such."""
    if kind.type in (list, tuple):
        items = kind.items or (() if kind.each is None else (kind.each,))
        return bool(items) and all(map(_is_known, items))
    return kind.is_number


def _of(a: Any, emit: Emitter, tangents: Tangents) -> Any:
    if a == Const(None):
        return a
    dot = tangents.of(a, emit)
    if isinstance(a, Var) and a.name not in tangents.context.active and \
            emit.kind(a).type in (list, tuple):
        return emit.bind(Ref(np.zeros_like), [a], {}, "zero_1")
    return emit.atom(dot) if dot != Const(None) else Const(0.0)
