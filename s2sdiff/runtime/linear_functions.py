"""Functions that are linear in what varies: their tangent is their value for the tangents.

`transforms.linear` writes such calls out where kinds are known; here are those that only the run
tells of.
"""

from __future__ import annotations

import functools
import inspect
import math
from typing import Any

import numpy as np

from s2sdiff import registry
from s2sdiff.registry import Rule
from s2sdiff.runtime.arrays import match
from s2sdiff.runtime.values import argument

__all__ = ["BILINEAR", "LINEAR", "OTHERWISE", "PADDED", "parameters", "pushed"]

#: By function: in which of its parameters, together, it is linear.
LINEAR: dict[Any, tuple[str, ...]] = {
    np.concatenate: ("arrays",), np.stack: ("arrays",), np.vstack: ("tup",), np.hstack: ("tup",),
    np.column_stack: ("tup",), np.dstack: ("tup",), np.append: ("arr", "values"),
    np.insert: ("arr", "values"), np.delete: ("arr",), np.tile: ("A",), np.repeat: ("a",),
    np.pad: ("array",), np.roll: ("a",), np.rot90: ("m",), np.diff: ("a", "prepend", "append"),
    np.ediff1d: ("ary", "to_end", "to_begin"), np.cumsum: ("a",), np.trapezoid: ("y",),
    np.gradient: ("f",), np.meshgrid: ("xi",), np.linspace: ("start", "stop"),
    np.average: ("a",), np.take: ("a",), np.take_along_axis: ("arr",), np.compress: ("a",),
    np.extract: ("arr",), np.tril: ("m",), np.triu: ("m",), np.diagflat: ("v",),
    np.interp: ("fp",), np.polyval: ("p",), np.polyder: ("p",), np.polyint: ("p",),
    np.select: ("choicelist", "default"), np.choose: ("choices",), np.full: ("fill_value",),
    np.add.reduceat: ("array",), np.add.accumulate: ("array",), np.add.reduce: ("array",),
    np.block: ("arrays",), np.resize: ("a",), np.trace: ("a",),
    **{getattr(np.fft, n): ("a",) for n in (
        "fft", "ifft", "rfft", "irfft", "fft2", "ifft2", "fftn", "ifftn", "rfft2", "irfft2",
        "rfftn", "irfftn", "hfft", "ihfft")},
    np.fft.fftshift: ("x",), np.fft.ifftshift: ("x",),
    np.array: ("object",), np.asarray: ("a",), math.fsum: ("seq",), sum: ("iterable", "start"),
}
#: In each of two parameters.
BILINEAR: dict[Any, tuple[str, str]] = {
    np.convolve: ("a", "v"), np.correlate: ("a", "v"), np.cross: ("a", "b"),
}
#: Options under which a function gives something else beside, or constants of its own.
OTHERWISE = frozenset({
    "out", "dtype", "constant_values", "end_values", "returned", "left", "right", "period", "where",
    "initial", "casting", "stat_length", "k", "ndmin", "subok", "like",
})
#: Ways of padding that are linear.
PADDED = frozenset({"constant", "edge", "reflect", "symmetric", "wrap"})

#: What puts arrays together, or adds them, into memory of its own.
_JOINING = frozenset({
    np.concatenate, np.stack, np.vstack, np.hstack, np.column_stack, np.dstack, np.append,
    np.insert, np.delete, np.tile, np.repeat, np.diff, np.cumsum, np.roll, sum})


@functools.cache
def parameters(function: Any) -> tuple[tuple[str, Any], ...]:
    """The names of the parameters that a function's rule has, or the function itself; their kinds.
    """
    rule = registry.find(function)
    said = function if rule is None else rule.function
    assert said is not None
    return tuple((n, p.kind) for n, p in inspect.signature(said).parameters.items())


def pushed(rule: Rule, slots: tuple, args: tuple, kwargs: dict[str, Any],
           dots: tuple) -> tuple[Any, Any] | None:
    """Value and tangent of what puts arrays of numbers together; None for any other call."""
    try:
        if rule.of not in _JOINING or not rule.function.__module__.startswith("s2sdiff.rules."):
            return None
    except TypeError:
        return None
    known = parameters(rule.of)
    given = [*zip([n for n, _ in known], range(len(args)), strict=False),
             *[(k, k) for k in kwargs]]
    if len(args) > len(given) - len(kwargs) or any(
            dict(known).get(k) is inspect.Parameter.POSITIONAL_ONLY for k in kwargs) or any(
            n in OTHERWISE and argument(at, args, kwargs) is not None for n, at in given):
        return None
    linear = [at for n, at in given if n in LINEAR[rule.of]]
    if not set(slots).issubset(linear) or not all(
            _is_plain(argument(at, args, kwargs)) for at in linear):
        return None
    moving = dict(zip(slots, dots, strict=True))
    if not all(d is None or _is_plain(d, True) for d in dots):
        return None
    made = {at: _filled(moving.get(at), argument(at, args, kwargs)) for at in linear}
    value = rule.of(*args, **kwargs)
    dot = rule.of(*[made.get(i, a) for i, a in enumerate(args)],
                  **{k: made.get(k, v) for k, v in kwargs.items()})
    return value, match(dot, value)


def _is_plain(x: Any, gaps: bool = False) -> bool:
    """Numbers, arrays of numbers, and lists and tuples of such; with `gaps`, or nothing."""
    if type(x) is list or type(x) is tuple:
        return all(_is_plain(v, gaps) for v in x)
    if type(x) is np.ndarray:
        return x.dtype.kind in "fciu"
    return isinstance(x, (int, float, complex, np.number)) or (gaps and x is None)


def _filled(dot: Any, x: Any) -> Any:
    """A tangent with zeros where there is none."""
    if type(x) is list or type(x) is tuple:
        return [_filled(d, v) for d, v in zip((None,) * len(x) if dot is None else dot, x,
                                              strict=True)]
    if dot is not None:
        return dot
    return np.zeros(x.shape) if type(x) is np.ndarray else 0.0
