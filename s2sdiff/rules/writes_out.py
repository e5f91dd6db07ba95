"""`out=`: the rule of the same function without it, and then its result written into `out`.

Made for any ufunc and any function whose rule takes `out`, when `registry.find(f, "out")` asks.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff import registry
from s2sdiff.registry import Rule, derivative
from s2sdiff.rules.shared import unsupported
from s2sdiff.rules.writes_arrays import check_written, returned, taken
from s2sdiff.runtime import copy, match, unbroadcast
from s2sdiff.runtime.batched_shapes import zeros_now
from s2sdiff.runtime.carried import as_array, new_array
from s2sdiff.runtime.ufunc_options import OPTIONS

__all__ = ["out_rule"]

Keyword = inspect.Parameter.KEYWORD_ONLY
Plain = inspect.Parameter.POSITIONAL_OR_KEYWORD


def out_rule(target: Any, plain: Rule) -> Rule | None:
    """The rule for calls of `target` with `out=`; None where it takes none."""
    signature = ufunc_signature(target, plain.function) if isinstance(target, np.ufunc) else \
        signature_with_out(target, own_signature(target, plain))
    if signature is None:
        return None
    function = ufunc_into(target, signature) if isinstance(target, np.ufunc) else \
        into(target, signature)
    function.__signature__ = signature  # type: ignore[attr-defined]
    function.__name__ = f"{getattr(target, '__name__', 'function')}_out"
    return Rule(target, function, mode="out", writes=("out",))


def own_signature(target: Any, plain: Rule) -> inspect.Signature | None:
    """The signature of a rule; of a function without derivative, its own, or its namesake's."""
    if plain.function is not None:
        return inspect.signature(plain.function)
    namesake = getattr(np, target.__name__, None) if vars(np.ndarray).get(
        getattr(target, "__name__", "")) is target else target
    if namesake is None:
        return None
    try:
        return inspect.signature(namesake)
    except (TypeError, ValueError):
        return None


def ufunc_signature(ufunc: np.ufunc, function: Callable | None) -> inspect.Signature:
    """The inputs as the rule names them, then what every ufunc takes."""
    inputs = [inspect.Parameter(f"x{i}", Plain) for i in range(ufunc.nin)] if function is None \
        else list(inspect.signature(function).parameters.values())[:ufunc.nin]
    return inspect.Signature([
        *[p.replace(kind=Plain) for p in inputs], inspect.Parameter("out", Plain, default=None),
        *[inspect.Parameter(name, Keyword, default=default) for name, default in UFUNC_OPTIONS],
    ])


UFUNC_OPTIONS = (("where", True), ("casting", None), ("order", None), ("dtype", None),
                 ("subok", None), ("signature", None), ("sig", None), ("axes", None),
                 ("axis", None), ("keepdims", None))


#: Functions whose rules say nothing of `out`, and after which parameter it comes.
UNSAID = {np.clip: "a_max", np.ndarray.clip: "a_max"}


def signature_with_out(target: Any,
                       signature: inspect.Signature | None) -> inspect.Signature | None:
    """The signature of a rule, which may leave out `out`; None where the function has none."""
    if signature is None:
        return None
    if "out" in signature.parameters:
        return signature
    if target not in UNSAID:
        return None
    parameters = list(signature.parameters.values())
    at = [p.name for p in parameters].index(UNSAID[target]) + 1
    return signature.replace(parameters=[
        *parameters[:at], inspect.Parameter("out", Plain, default=None), *parameters[at:],
        *(inspect.Parameter(name, Keyword, default=None) for name in sorted(OPTIONS))])


def arrays_of(out: Any) -> tuple:
    """The arrays that `out=` names; NumPy takes a tuple of them, too."""
    arrays = out if isinstance(out, tuple) else (out,)
    for a in arrays:
        if not isinstance(a, np.ndarray):
            raise unsupported(f"out={type(a).__name__}, where an array is expected",
                              "give out= an array for every result")
    return arrays


def pulled(plain_value: Any, outs: tuple, mask: Any) -> Callable[[Any], Any]:
    """What takes the cotangents of the results out of the shadows of `out`.

    Refuses to round active results into arrays of integers.
    """
    several = isinstance(plain_value, tuple)
    values = plain_value if several else (plain_value,)
    active = [check_written(a, v) for a, v in zip(outs, values, strict=True)]
    likes = [np.empty(np.shape(v), as_array(v).dtype) for v in values]

    def taken_from(bar: Any, like: np.ndarray, is_active: bool) -> Any:
        g: Any = zeros_now(like.shape, like.dtype)
        if bar is not None and is_active:
            # What was there before is gone, whatever is written over it.
            over = taken(bar, ... if mask is None else mask)
            if like.dtype.kind in "fc":
                g = match(as_array(unbroadcast(over, like.shape)), like)
        return g[()]

    def take(out_bar: Any) -> Any:
        bars = out_bar if isinstance(out_bar, (tuple, list)) else (out_bar,)
        found = tuple(map(taken_from, bars, likes, active))
        return found if several else found[0]

    return take


def by_names(names: tuple[str, ...], entries: Any) -> dict[str, Any]:
    """The entries of the plain rule by the names of its parameters."""
    return dict(zip(names, (entries,) if len(names) == 1 else entries, strict=True))


def returned_names(rule: Rule) -> tuple[str, ...]:
    """The parameters that a rule's pullback returns entries for."""
    assert rule.function is not None
    return rule.wrt if rule.wrt is not None else tuple(
        inspect.signature(rule.function).parameters)


def plain_rule(target: Any) -> tuple[Callable, tuple[str, ...]]:
    """The rule in force for a function without `out`, and the names of its entries."""
    rule = registry.find(target)
    assert rule is not None
    if rule.function is None:
        return lambda *args, **kwargs: (target(*args, **kwargs), lambda _: ()), ()
    return rule.function, returned_names(rule)


def into(target: Any, signature: inspect.Signature) -> Callable:
    """The rule of a function that is no ufunc, written into `out`."""

    def rule(*args: Any, **kwargs: Any) -> Any:
        arguments = signature.bind(*args, **kwargs).arguments
        outs = arrays_of(arguments.pop("out", None))
        function, names = plain_rule(target)
        # The arrays that are read may be those that are written.
        kept = inspect.BoundArguments(signature, {  # type: ignore[arg-type]
            k: copy(v) for k, v in arguments.items()
            if target not in UNSAID or k not in OPTIONS})
        value, pull = call_without_out(function, kept)
        take = pulled(value, outs, None)
        written = target(*args, **kwargs)
        # Of a scalar of NumPy, its methods give a scalar beside what they write.
        beside = isinstance(written, np.generic) and np.ndim(outs[0]) == 0
        if not beside and not any(written is each for each in (
                outs[0], kwargs.get("out"), outs)):
            # NumPy 2.4's ifft2, irfft2 and hfft lose their out=, and give a new array.
            raise unsupported(f"{target.__name__}(..., out=...) gave another array than out",
                              "leave out= out, and assign the result")

        def pullback(written_bar: Any, out_bar: Any) -> tuple:
            value_bar = take(out_bar)
            found = by_names(names, pull(value_bar + written_bar if beside else value_bar))
            return tuple(found.get(name) for name in signature.parameters)

        return written, pullback

    return rule


def call_without_out(function: Callable, kept: inspect.BoundArguments) -> Any:
    """Call a rule with the arguments that were given, where `out` may stand among them."""
    args, kwargs = [], {}
    passed = False
    for name, p in kept.signature.parameters.items():
        if name == "out":
            passed = True
        elif name in kept.arguments:
            value = kept.arguments[name]
            if p.kind is p.VAR_POSITIONAL:
                args += value
            elif p.kind is p.VAR_KEYWORD:
                kwargs.update(value)
            elif p.kind is Keyword or passed:
                kwargs[name] = value
            else:
                args.append(value)
        else:
            # What follows an argument that was left out is given by name.
            passed = True
    return function(*args, **kwargs)


def ufunc_into(ufunc: np.ufunc, signature: inspect.Signature) -> Callable:
    """The rule of a ufunc, written into `out`, everywhere or at the places of `where=`."""
    parameters = list(signature.parameters)

    def rule(*args: Any, **kwargs: Any) -> Any:
        if len(args) > ufunc.nin + 1:
            args, kwargs = args[:ufunc.nin], {**kwargs, "out": args[ufunc.nin:]}
        bound = signature.bind(*args, **kwargs).arguments
        if any(bound.get(name) is not None for name in ("axes", "axis", "keepdims")):
            raise unsupported(f"np.{ufunc.__name__} with axes and out=", "move the axes first")
        outs = arrays_of(bound.get("out"))
        if len(outs) < ufunc.nout:
            raise unsupported(f"np.{ufunc.__name__} into an array for one of its results only",
                              "call it without out=, and write into the array afterwards")
        backs = [returned(x) for x in args[:ufunc.nin]]
        inputs = [new_array(x) if isinstance(x, (list, tuple)) else copy(x)
                  for x in args[:ufunc.nin]]
        mask = bound.get("where", True)
        mask = None if mask is True else np.array(np.broadcast_to(mask, outs[0].shape))
        if mask is not None:
            inputs = [np.broadcast_to(x, mask.shape)[mask] for x in inputs]
        function, names = plain_rule(ufunc)
        with np.errstate(all="ignore"):
            value, pull = function(*inputs)
        take = pulled(value, outs, mask)
        written = ufunc(*args, **kwargs)

        def pullback(_: Any, out_bar: Any) -> tuple:
            found = by_names(names, pull(take(out_bar)))
            entries = [found.get(name) for name in parameters[:ufunc.nin]]
            return (*map(spread, entries, backs), *(None for _ in parameters[ufunc.nin:]))

        def spread(g: Any, back: Any) -> Any:
            if g is None or g is NotImplemented:
                return g
            if mask is None:
                return back(g)
            whole = zeros_now(mask.shape, np.result_type(g))
            whole[mask] = g
            return back(whole)

        return written, pullback

    return rule


@derivative(of=np.nan_to_num, mode="out", writes="x")
def nan_to_num(x, copy=True, nan=0.0, posinf=None, neginf=None):
    function, _ = plain_rule(np.nan_to_num)
    if not isinstance(x, np.ndarray):
        np.nan_to_num(x, copy=False)  # which raises
    active = check_written(x)
    pull = function(x.copy(), True, nan, posinf, neginf)[1] if active else None
    written = np.nan_to_num(x, copy=False, nan=nan, posinf=posinf, neginf=neginf)

    def pullback(written_bar, x_bar):
        if pull is None:
            return (None,) * 5
        # Of an array of no dimension it gives a number beside what it writes.
        bar, *rest = pull(x_bar.copy() if written is x else x_bar + written_bar)
        x_bar[...] = bar
        return None, None, *rest

    return written, pullback


registry.make_out = out_rule
