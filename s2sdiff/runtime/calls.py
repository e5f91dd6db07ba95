"""Calls whose callee, or what it means for its arguments, is known only when they are made.

The protocol is that of generated code: `value, pullback = call(wrt, fn, *args)`, where `wrt` names
the differentiated arguments by position or keyword and `pullback(cotangent)` gives one entry for
each, bare where that is a single one.
"""

from __future__ import annotations

import functools
import inspect
import operator
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff import errors, registry
from s2sdiff.errors import MissingDerivativeError, UnsupportedError, refusal
from s2sdiff.registry import Rule
from s2sdiff.runtime import reasons
from s2sdiff.runtime.arrays import copy, match

__all__ = [
    "attribute", "attribute_kept", "call", "call_kept", "call_method", "call_method_kept",
    "has_source", "hooked", "is_inert", "refuse", "rule_caller",
]

#: Set by the compiler, the one upward hook: (function, slots, kept) -> callable giving (value, pullback).
derive: Callable[[Any, tuple, bool], Callable[..., Any]] | None = None

_NUMBERS = (float, complex, np.inexact)
_INERT = (int, str, bytes, type(None), type(Ellipsis), slice, range, types.ModuleType, type, np.dtype,
          np.integer, np.bool_, types.FunctionType, types.BuiltinFunctionType, np.ufunc,
          np.random.Generator)
_Slots = tuple[Any, ...]


def derived(fn: Any, wrt: _Slots, kept: bool = False) -> Callable[..., Any]:
    """What generated code calls `fn_vjp`: a Python function with a pullback for the slots in `wrt`."""
    assert derive is not None
    return derive(fn, wrt, kept)


def rule_of(fn: Any) -> Rule | None:
    """The rule in force for a callable."""
    return registry.find(fn)


def call(wrt: _Slots, fn: Any, /, *args: Any, **kwargs: Any) -> tuple[Any, Any]:
    """`fn(*args, **kwargs)` with a pullback for the arguments that `wrt` names."""
    return _call(fn, wrt, args, kwargs, False)


def call_kept(wrt: _Slots, fn: Any, /, *args: Any, **kwargs: Any) -> tuple[Any, Any]:
    """`call` where arguments or value may be written before the pullback runs."""
    return _call(fn, wrt, args, kwargs, True)


def call_method(wrt: _Slots, name: str, owner: Any, /, *args: Any, **kwargs: Any) -> tuple[Any, Any]:
    """`owner.name(*args, **kwargs)`; slot 0 is the owner."""
    return _method(wrt, name, owner, args, kwargs, False)


def call_method_kept(wrt: _Slots, name: str, owner: Any, /, *args: Any, **kwargs: Any) -> tuple[Any, Any]:
    """`call_method` where arguments or value may be written before the pullback runs."""
    return _method(wrt, name, owner, args, kwargs, True)


def attribute(wrt: _Slots, name: str, owner: Any) -> tuple[Any, Any]:
    """`owner.name` with a pullback."""
    return _attribute(wrt, name, owner, False)


def attribute_kept(wrt: _Slots, name: str, owner: Any) -> tuple[Any, Any]:
    """`attribute` where the owner or the value may be written before the pullback runs."""
    return _attribute(wrt, name, owner, True)


def refuse(kind: str, message: str) -> None:
    """Raise the refusal that the compiler planted here."""
    raise getattr(errors, kind)(message)


def hooked(fn: Callable[[Any], Any], x_bar: Any) -> Any:
    """Run the user's function on a private copy of a cotangent; None keeps what it left there."""
    if x_bar is None:
        return None
    private = copy(x_bar)
    replaced = fn(private)
    return private if replaced is None else match(replaced, x_bar)


class _Unbound:
    """What a name holds that the compiler copies before the user's code has bound it."""

    def __repr__(self) -> str:
        return "UNBOUND"


UNBOUND = _Unbound()


def bound(value: Any, name: str) -> None:
    """Raise, as Python does, where a name is read that has no value yet."""
    if value is UNBOUND:
        raise UnboundLocalError(f"cannot access local variable '{name}' where it is not associated "
                                "with a value")


def has_source(fn: Any) -> bool:
    """A plain Python function, which is differentiated through its own source."""
    return isinstance(fn, types.FunctionType)


def is_inert(value: Any) -> bool:
    """Surely holds nothing differentiable."""
    if isinstance(value, np.ndarray):
        return value.dtype.kind not in "fcO"
    if isinstance(value, (tuple, list)):
        return all(is_inert(v) for v in value)
    return isinstance(value, _INERT)


def is_differentiable(value: Any) -> bool:
    """A number or array of a floating type, or a tuple, list or dict that holds one."""
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "fc"
    if isinstance(value, (tuple, list)):
        return any(is_differentiable(v) for v in value)
    if isinstance(value, dict):
        return any(is_differentiable(v) for v in value.values())
    return isinstance(value, _NUMBERS)


def _plain(value: Any) -> bool:
    """What library rules speak of: exact arrays and numbers, containers of them, inert things."""
    t = type(value)
    if t is np.ndarray:
        return value.dtype.kind in "fciub"
    if t in (tuple, list):
        return all(_plain(v) for v in value)
    if t is dict:
        return all(_plain(v) for v in value.values())
    return t in (float, complex) or isinstance(value, np.generic) or isinstance(value, _INERT)


def _nothing(wrt: _Slots, args: tuple, kwargs: dict[str, Any]) -> Callable[[Any], Any]:
    given = [_given(slot, args, kwargs) for slot in wrt]

    def pullback(_: Any) -> Any:
        entries = tuple(match(None, x) for x in given)
        return entries[0] if len(entries) == 1 else entries

    return pullback


def _given(slot: Any, args: tuple, kwargs: dict[str, Any]) -> Any:
    return args[slot] if isinstance(slot, int) else kwargs.get(slot)


#: The operator that an in-place operator is, on values that cannot be changed.
_PLAIN = {
    operator.iadd: operator.add, operator.isub: operator.sub, operator.imul: operator.mul,
    operator.itruediv: operator.truediv, operator.ipow: operator.pow,
    operator.ifloordiv: operator.floordiv, operator.imod: operator.mod,
    operator.imatmul: operator.matmul,
}


def _call(fn: Any, wrt: _Slots, args: tuple, kwargs: dict[str, Any], kept: bool) -> tuple[Any, Any]:
    if all(is_inert(_given(slot, args, kwargs)) for slot in wrt):
        return fn(*args, **kwargs), _nothing(wrt, args, kwargs)
    if isinstance(fn, types.BuiltinFunctionType) and fn in _PLAIN:
        if isinstance(args[0], (np.ndarray, list, dict)):
            raise refusal(UnsupportedError,
                          f"an in-place update of a {type(args[0]).__name__} that is or receives an "
                          "active value", "write x = x + v, which makes a new one")
        fn = _PLAIN[fn]
    rule = registry.find(fn)
    if rule is not None:
        if rule.constant:
            return fn(*args, **kwargs), _nothing(wrt, args, kwargs)
        otherwise = getattr(rule.function, "__s2sdiff_otherwise__", None)
        if otherwise is not None and type(args[0]) is not np.ndarray and (
                isinstance(args[0], (tuple, list, dict)) or type(args[0]).__module__.startswith("numpy")):
            return rule_caller(Rule(rule.of, otherwise, rule.wrt, pure=True), wrt, kept)(*args, **kwargs)
        special = getattr(rule.function, "__s2sdiff_any__", False) or not rule.pure
        if special or all(_plain(v) for v in (*args, *kwargs.values())):
            return rule_caller(rule, wrt, kept)(*args, **kwargs)
        overloaded = _overload(fn, args)
        if overloaded is not None:
            return _call(overloaded, wrt, args, kwargs, kept)
        raise refusal(UnsupportedError,
                      f"{reasons.spelled(fn)} of ({', '.join(map(reasons.described, args))}) has no derivative",
                      "convert the arguments to floats or plain numpy arrays before the call")
    if isinstance(fn, types.MethodType):
        shifted = tuple(slot + 1 if isinstance(slot, int) else slot for slot in wrt)
        return _call(fn.__func__, shifted, (fn.__self__, *args), kwargs, kept)
    if isinstance(fn, functools.partial):
        n = len(fn.args)
        shifted = tuple(slot + n if isinstance(slot, int) else slot for slot in wrt)
        return _call(fn.func, shifted, (*fn.args, *args), {**fn.keywords, **kwargs}, kept)
    if isinstance(fn, types.FunctionType):
        if fn is sequence:
            return sequence(*args), lambda bar: bar
        if fn.__module__ == "s2sdiff.ops":
            raise refusal(UnsupportedError, f"{fn.__doc__} with active values has no derivative",
                          "keep active values in floats, arrays and tuples")
        assert derive is not None
        return derive(fn, wrt, kept)(*args, **kwargs)
    owner = getattr(fn, "__self__", None)
    if isinstance(fn, types.BuiltinMethodType) and isinstance(owner, (np.ndarray, np.generic)):
        descriptor = getattr(type(owner), fn.__name__)
        shifted = tuple(slot + 1 if isinstance(slot, int) else slot for slot in wrt)
        return _call(descriptor, shifted, (owner, *args), kwargs, kept)
    custom = getattr(type(fn), "__call__", None)
    if not isinstance(fn, type) and isinstance(custom, types.FunctionType):
        shifted = tuple(slot + 1 if isinstance(slot, int) else slot for slot in wrt)
        return _call(custom, shifted, (fn, *args), kwargs, kept)
    raise reasons.unknown(fn)


_DUNDERS = {
    operator.add: ("__add__", "__radd__"), operator.sub: ("__sub__", "__rsub__"),
    operator.mul: ("__mul__", "__rmul__"), operator.truediv: ("__truediv__", "__rtruediv__"),
    operator.pow: ("__pow__", "__rpow__"), operator.matmul: ("__matmul__", "__rmatmul__"),
    operator.neg: ("__neg__", None), operator.getitem: ("__getitem__", None), abs: ("__abs__", None),
}


def _overload(fn: Any, args: tuple) -> Any:
    """The Python method by which a user's class overloads an operator."""
    names = _DUNDERS.get(fn) if isinstance(fn, types.BuiltinFunctionType) else None
    if names is None or isinstance(args[0], np.ndarray):
        return None
    method = getattr(type(args[0]), names[0], None)
    return method if isinstance(method, types.FunctionType) else None


def _method(wrt: _Slots, name: str, owner: Any, args: tuple, kwargs: dict[str, Any],
            kept: bool) -> tuple[Any, Any]:
    if isinstance(owner, (np.ndarray, np.generic, float, complex, list, tuple, dict)):
        if 0 not in wrt or is_inert(owner):
            rest = tuple(slot - 1 if isinstance(slot, int) else slot for slot in wrt if slot != 0)
            if all(is_inert(_given(slot, args, kwargs)) for slot in rest):
                return getattr(owner, name)(*args, **kwargs), _nothing(wrt, (owner, *args), kwargs)
        return _call(getattr(type(owner), name), wrt, (owner, *args), kwargs, kept)
    rest = tuple(slot - 1 if isinstance(slot, int) else slot for slot in wrt if slot != 0)
    _must_be_inert(0 in wrt, owner, f".{name}()")
    value, pullback = _call(getattr(owner, name), rest, args, kwargs, kept)
    if 0 not in wrt:
        return value, pullback
    return value, _with_none(pullback, len(rest))


def _with_none(pullback: Callable[[Any], Any], n: int) -> Callable[[Any], Any]:
    if n == 0:
        return lambda _: None
    return lambda bar: (None, *((pullback(bar),) if n == 1 else pullback(bar)))


def _must_be_inert(active: bool, owner: Any, what: str) -> None:
    if active and not is_inert(owner):
        raise refusal(UnsupportedError,
                      f"{what} of a {type(owner).__name__} that may hold active values",
                      "pass the numbers it holds as arguments of their own")


def _attribute(wrt: _Slots, name: str, owner: Any, kept: bool) -> tuple[Any, Any]:
    if type(owner) in (float, complex) and name in ("real", "imag"):
        # The real part of a float is the float; a complex one hands on a multiple of one or -i.
        factor = 1.0 if name == "real" else -1j if type(owner) is complex else 0.0
        return getattr(owner, name), lambda bar: match(bar * factor, owner)
    if isinstance(owner, (np.ndarray, np.generic, float, complex)):
        for cls in type(owner).__mro__:
            if name in vars(cls):
                rule = registry.find(vars(cls)[name])
                if rule is not None and not rule.constant and type(owner) is not float:
                    return rule_caller(rule, wrt, kept)(owner)
                if rule is not None or is_inert(getattr(owner, name)):
                    return getattr(owner, name), _nothing(wrt, (owner,), {})
                break
        raise refusal(MissingDerivativeError, f".{name} of a {type(owner).__name__} has no derivative here",
                      "use a function of numpy that has one")
    _must_be_inert(bool(wrt), owner, f".{name}")
    return getattr(owner, name), _nothing(wrt, (owner,), {})


# ------------------------------------------------------------------------------ rules called


@functools.lru_cache(maxsize=4096)
def rule_caller(rule: Rule, wrt: _Slots, kept: bool = False) -> Callable[..., tuple[Any, Any]]:
    """A rule as a callable of the call protocol, for these differentiated arguments."""
    return _RuleCaller(rule, wrt, kept)


class _RuleCaller:
    """`rule.function` with its entries brought into the order of the call's slots."""

    def __init__(self, rule: Rule, wrt: _Slots, kept: bool) -> None:
        assert rule.function is not None
        self.rule, self.function, self.kept = rule, rule.function, kept
        self.__name__ = getattr(rule.function, "__name__", "rule")
        signature = inspect.signature(rule.function)
        self.params = list(signature.parameters.values())
        names = [p.name for p in self.params]
        self.returned = rule.wrt if rule.wrt is not None else tuple(names)
        self.wrt = wrt
        self.places = [self._place(slot) for slot in wrt]

    @property
    def __s2sdiff_source__(self) -> str:
        return f"rt.rule_caller(rt.rule_of({reasons.name_of(self.rule.of)}), {self.wrt!r}, {self.kept!r})"

    def _place(self, slot: Any) -> tuple[str, Any]:
        if isinstance(slot, str):
            return self._keyword(slot)
        for i, p in enumerate(self.params):
            if p.kind is inspect.Parameter.VAR_POSITIONAL and slot >= i:
                return p.name, slot - i
            if i == slot and p.kind is not inspect.Parameter.KEYWORD_ONLY:
                return p.name, None
        return "", None

    def _keyword(self, slot: str) -> tuple[str, Any]:
        if any(p.name == slot for p in self.params):
            return slot, None
        mapping = next((p.name for p in self.params if p.kind is inspect.Parameter.VAR_KEYWORD), "")
        return mapping, slot

    def __call__(self, *args: Any, **kwargs: Any) -> tuple[Any, Any]:
        if self.kept:
            args = tuple(copy(a) for a in args)
            kwargs = {k: copy(v) for k, v in kwargs.items()}
        try:
            made = self.function(*args, **kwargs)
        except TypeError as error:
            if error.__traceback__ is not None and error.__traceback__.tb_next is None:
                raise refusal(MissingDerivativeError,
                              f"the derivative of {reasons.name_of(self.rule.of)} takes other arguments: {error}",
                              "call it with the arguments that its derivative knows") from None
            raise
        if not (isinstance(made, tuple) and len(made) == 2 and callable(made[1])):
            raise refusal(errors.RuleError, f"the derivative of {reasons.name_of(self.rule.of)} returned "
                          f"{type(made).__name__}", "return (value, pullback)")
        value, pullback = made
        if isinstance(value, (str, bytes)):
            raise refusal(UnsupportedError, "text made of an active value goes into the result",
                          "use the number itself, or mark it with sd.stop_gradient")
        if self.kept:
            value = copy(value)
        users = value if not self.rule.pure else None
        given = [_given(slot, args, kwargs) for slot in self.wrt]

        def entries(bar: Any) -> Any:
            if bar is None and not is_differentiable(value):
                zeros = tuple(match(None, x) for x in given)
                return zeros[0] if len(zeros) == 1 else zeros
            found = self._entries(self._pulled(pullback, bar if users is None else match(bar, users)))
            return match_entry(found[0], given[0], self) if len(found) == 1 else tuple(
                match_entry(e, x, self) for e, x in zip(found, given, strict=True))

        return value, entries

    def _pulled(self, pullback: Callable[[Any], Any], bar: Any) -> Any:
        try:
            return pullback(bar)
        except TypeError as error:
            if error.__traceback__ is not None and error.__traceback__.tb_next is None:
                raise refusal(errors.RuleError,
                              f"the pullback of {reasons.name_of(self.rule.of)} must take one cotangent ({error})",
                              "return (value, pullback) with a pullback of one parameter") from None
            raise

    def _entries(self, result: Any) -> list[Any]:
        if len(self.returned) == 1:
            result = (result,)
        if not isinstance(result, tuple) or len(result) != len(self.returned):
            raise refusal(errors.RuleError,
                          f"the pullback of {reasons.name_of(self.rule.of)} must return "
                          f"{len(self.returned)} entries: {', '.join(self.returned)}",
                          "return one cotangent for each parameter, None where there is none")
        by_name = dict(zip(self.returned, result, strict=True))
        found = []
        for name, index in self.places:
            # An active argument that the rule says nothing of has an unknown derivative.
            entry = by_name.get(name, NotImplemented)
            found.append(entry[index] if index is not None and entry is not None
                         and entry is not NotImplemented else entry)
        return found


def match_entry(entry: Any, x: Any, caller: Any) -> Any:
    """One entry of a rule's pullback, in the type of its argument; NotImplemented is a refusal."""
    if entry is NotImplemented and is_differentiable(x):
        raise refusal(MissingDerivativeError,
                      f"a derivative of {reasons.name_of(caller.rule.of)} that was asked for is not known",
                      "keep that argument constant with sd.stop_gradient")
    if not is_differentiable(x):
        return None
    try:
        return match(entry, x)
    except (TypeError, ValueError, AttributeError):
        raise refusal(errors.RuleError,
                      f"the pullback of {reasons.name_of(caller.rule.of)} returned {reasons.described(entry)} for an "
                      f"argument that is {reasons.described(x)}",
                      "return a cotangent of the argument's own type and shape") from None


# ---------------------------------------------------------------------------- calls with stars


def apply(fn: Any, args: tuple, kwargs: dict[str, Any]) -> tuple[Any, Any]:
    """`fn(*args, **kwargs)`; the pullback gives a tuple and a dict of cotangents."""
    return _apply(lambda wrt: _call(fn, wrt, args, kwargs, True), args, kwargs)


def apply_method(name: str, args: tuple, kwargs: dict[str, Any]) -> tuple[Any, Any]:
    """`args[0].name(*args[1:], **kwargs)`; the pullback gives a tuple and a dict of cotangents."""
    return _apply(lambda wrt: _method(wrt, name, args[0], args[1:], kwargs, True), args, kwargs)


def _apply(made: Callable[[_Slots], tuple[Any, Any]], args: tuple, kwargs: dict[str, Any]) -> tuple[Any, Any]:
    wrt: _Slots = tuple(i for i, a in enumerate(args) if not is_inert(a)) + tuple(
        k for k, v in kwargs.items() if not is_inert(v))
    value, pullback = made(wrt)

    def pull(bar: Any) -> tuple[tuple, dict]:
        entries = pullback(bar) if wrt else ()
        found = dict(zip(wrt, (entries,) if len(wrt) == 1 else entries, strict=True))
        return tuple(found.get(i) for i in range(len(args))), {k: found.get(k) for k in kwargs}

    return value, pull


def item(bar: Any, key: Any) -> Any:
    """One part of a container's cotangent; None where there is none."""
    return None if bar is None else bar[key]


def split(bar: Any, starred: tuple[bool, ...], *values: Any) -> tuple:
    """The cotangent of `(a, *b, c)` cut up for `a`, `b` and `c`."""
    if bar is None:
        return (None,) * len(values)
    parts: list[Any] = []
    at = 0
    for star, value in zip(starred, values, strict=True):
        if not star:
            parts.append(bar[at])
            at += 1
            continue
        n = len(value)
        items = bar[at:at + n]
        at += n
        if isinstance(value, np.ndarray):
            parts.append(np.stack([match(g, x) for g, x in zip(items, value, strict=True)]) if n else None)
        elif isinstance(value, (tuple, list)):
            parts.append(type(value)(items))
        else:
            raise refusal(UnsupportedError, f"*{type(value).__name__} with active elements",
                          "star an array, a list or a tuple")
    return tuple(parts)


def mapping_share(bar: dict[str, Any], value: dict[str, Any]) -> dict[str, Any]:
    """The part of a call's keyword cotangents that belongs to a `**mapping`."""
    return {k: None if bar is None else bar.get(k) for k in value}


def packed(value: Any, *parts: Any) -> Any:
    """The cotangent of something that was unpacked, of its own kind."""
    if isinstance(value, np.ndarray):
        return np.stack([np.asarray(match(p, x)) for p, x in zip(parts, value, strict=True)])
    if isinstance(value, (tuple, list)):
        return type(value)(parts)
    raise refusal(UnsupportedError, f"unpacking a {type(value).__name__} with active elements",
                  "unpack an array, a list or a tuple")


def sequence(items: Any) -> Any:
    """What a loop over active elements may run over: something that can be indexed."""
    if isinstance(items, (np.ndarray, tuple, list, range)):
        return items
    raise refusal(UnsupportedError, f"a loop over a {type(items).__name__} that may give active values",
                  "loop over an array, a list or a tuple")


def scalar_result(value: Any) -> None:
    """Refuse, in grad, a result that is not one real number."""
    if isinstance(value, (float, int, np.floating, np.integer)):
        return
    if isinstance(value, np.ndarray) and value.ndim == 0 and value.dtype.kind in "fiu":
        return
    if isinstance(value, (complex, np.ndarray, np.generic)):
        what = f"shape {np.shape(value)}, dtype {getattr(value, 'dtype', type(value).__name__)}"
    else:
        what = f"an object of type {type(value).__name__}"
    raise TypeError(f"grad needs a function with one real result, this one returned {what}. Instead, "
                    "reduce it (np.sum, np.mean), or use sd.vjp.")


def loss_of(result: Any) -> Any:
    """The loss in `(loss, anything)`, which a function returns to a gradient with `has_aux`."""
    if isinstance(result, (tuple, list)) and len(result) == 2:
        return result[0]
    raise TypeError(f"grad with has_aux=True needs a function that returns (loss, anything), this one "
                    f"returned an object of type {type(result).__name__}. Instead, return a pair.")
