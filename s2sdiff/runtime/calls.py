"""Calls whose callee, or what it means for its arguments, is known only when they are made.

The protocol is that of generated code: `value, pullback = call(wrt, fn, *args)`, where `wrt` names
the differentiated arguments by position or keyword and `pullback(cotangent)` gives one entry for
each, bare where that is a single one.
"""

from __future__ import annotations

import fractions
import functools
import operator
import types
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff import ops, registry
from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.registry import Rule
from s2sdiff.runtime import nested, reasons, standins, unseen
from s2sdiff.runtime.attributes import must_be_inert, must_have_place, ruled, still, with_default
from s2sdiff.runtime.called_in_c import made_in_sight, searches_in_sight
from s2sdiff.runtime.carried import class_of, is_of_class
from s2sdiff.runtime.dispatched import implementation, run
from s2sdiff.runtime.in_force import in_force
from s2sdiff.runtime.kept_calls import called_again, called_forwards
from s2sdiff.runtime.keys import keyed
from s2sdiff.runtime.object_arrays import holds_nothing, holds_objects
from s2sdiff.runtime.overloads import joined
from s2sdiff.runtime.own_operators import (
    DUNDERS,
    asked,
    nobody_answers,
    number_of,
    of_arrays_or_tuples,
    truth_alone,
    walks_as_tuple,
)
from s2sdiff.runtime.sharing import hands_on
from s2sdiff.runtime.unfollowed import unfollowed
from s2sdiff.runtime.values import (
    Slots,
    argument,
    hides_nothing,
    is_differentiable,
    is_inert,
)
from s2sdiff.runtime.views import check_text, writes_text

__all__ = [
    "call", "call_kept", "call_method", "call_method_kept", "called", "called_method", "derived",
    "rule_of",
]

#: Set by the compiler, the one upward hook: (function, slots, kept, places) -> callable that gives
#: (value, pullback).
derive: Callable[..., Callable[..., Any]] | None = None
#: Set by the compiler, too: what it keeps with a function (`cache.Record`).
record_of: Callable[[Any], Any] | None = None


def derived(fn: Any, wrt: Slots, kept: bool = False, places: bool = False,
            lists: tuple[tuple[int, str], ...] = ()) -> Callable[..., Any]:
    """What generated code calls `fn_vjp`: a Python function with a pullback for slots `wrt`.

    `lists` are positions of lists that are known to have items of the type that is named.
    """
    assert derive is not None
    return derive(fn, wrt, kept, places, lists=lists)


def rule_of(fn: Any) -> Rule | None:
    """The rule in force for a callable."""
    return registry.find(fn)


def call(wrt: Slots, fn: Any, /, *args: Any, **kwargs: Any) -> tuple[Any, Any]:
    """`fn(*args, **kwargs)` with a pullback for the arguments that `wrt` names."""
    return called(fn, wrt, args, kwargs, False)


def call_kept(wrt: Slots, fn: Any, /, *args: Any, **kwargs: Any) -> tuple[Any, Any]:
    """`call` where arguments or value may be written before the pullback runs."""
    return called(fn, wrt, args, kwargs, True)


def call_method(wrt: Slots, name: str, owner: Any, /, *args: Any,
                **kwargs: Any) -> tuple[Any, Any]:
    """`owner.name(*args, **kwargs)`; slot 0 is the owner."""
    return called_method(wrt, name, owner, args, kwargs, False)


def call_method_kept(wrt: Slots, name: str, owner: Any, /, *args: Any,
                     **kwargs: Any) -> tuple[Any, Any]:
    """`call_method` where arguments or value may be written before the pullback runs."""
    return called_method(wrt, name, owner, args, kwargs, True)


def plainly(fn: Any, args: tuple, kwargs: dict[str, Any]) -> Any:
    """A call, or the attribute that a descriptor stands for."""
    if isinstance(fn, (types.GetSetDescriptorType, types.MemberDescriptorType)):
        return fn.__get__(args[0])
    unfollowed(fn, args)
    return fn(*args, **kwargs)


def called(fn: Any, wrt: Slots, args: tuple, kwargs: dict[str, Any],
           kept: Any) -> tuple[Any, Any]:
    """A call, of whatever it turns out to be; with copies of arguments and value where `kept`.

    In place of that bool, what makes calls in another way may be given (`tangents.Forward`).
    """
    if not isinstance(kept, bool):
        made = kept.special(fn, wrt, args, kwargs)
        if made is not None:
            return made
    if fn is operator.getitem and type(args[0]) is defaultdict:
        made_in_sight(*args)
    searches_in_sight(fn, kwargs)
    if all(holds_nothing(argument(slot, args, kwargs)) for slot in wrt):
        return still(plainly(fn, args, kwargs), wrt, args, kwargs, kept)
    if fn is operator.getitem and holds_objects(args[0]):
        value = args[0][args[1]]
        if holds_nothing(value):
            return still(value, wrt, args, kwargs, kept)
    if isinstance(fn, types.BuiltinFunctionType) and fn in ops.IN_PLACE_ARITHMETIC:
        if isinstance(args[0], (np.ndarray, list, dict)):
            raise refusal(UnsupportedError,
                          f"an in-place update of a {type(args[0]).__name__} that is or receives "
                          "an active value", "write x = x + v, which makes a new one")
        fn = ops.IN_PLACE_ARITHMETIC[fn]
    if fn is getattr and len(args) == 3:
        return with_default(wrt, args, kept)
    other = standins.for_call(fn, kwargs)
    if other is not None:
        return called(other, wrt, args, kwargs, kept)
    unfollowed(fn, args)
    rule = registry.find(fn)
    if rule is not None:
        if rule.constant:
            found = _of_class(fn, wrt, args, kwargs, kept)
            if found is not None:
                return found
            hides_nothing(fn, wrt, args, kwargs)
            value = truth_alone(fn, args, plainly(fn, args, kwargs))
            if writes_text(fn) and any(
                    is_differentiable(argument(slot, args, kwargs)) for slot in wrt):
                check_text(value)  # code that knows what it calls follows where text goes
            return still(value, wrt, args, kwargs, kept)
        args = keyed(fn, args)
        if fn in _MEETING_FRACTIONS and any(type(a) is fractions.Fraction for a in args):
            # Beside a float, a fraction is one.
            return called(fn, wrt, tuple([float(a) if type(a) is fractions.Fraction else a
                                          for a in args]), kwargs, kept)
        if (fn is float or fn is complex) and len(args) == 1:
            found = number_of(fn, class_of(args[0]))
            if found is not None:
                return called(found, wrt, args, kwargs, kept)
        holds = in_force(rule, fn, args, kwargs)
        if holds is not None:
            return ruled(holds, wrt, args, kwargs, kept)
        found = _of_class(fn, wrt, args, kwargs, kept)
        if found is not None:
            return found
        if (fn not in DUNDERS or of_arrays_or_tuples(fn, args)) and all(
                map(walks_as_tuple, (*args, *kwargs.values()))):
            return ruled(rule, wrt, args, kwargs, kept)
        found = _of_objects(fn, rule, wrt, args, kwargs, kept)
        if found is not None:
            return found
        if nobody_answers(fn, args):
            plainly(fn, args, kwargs)
        shown = args[:1] if fn is ops.unpack else args
        raise refusal(UnsupportedError,
                      f"{reasons.spelled(fn)} of ({reasons.described_all(shown, kwargs)}) has "
                      "no derivative",
                      "convert the arguments to floats or plain numpy arrays before the call")
    if isinstance(fn, types.MethodType):
        shifted = tuple(slot + 1 if isinstance(slot, int) else slot for slot in wrt)
        return called(fn.__func__, shifted, (fn.__self__, *args), kwargs, kept)
    if isinstance(fn, functools.partial):
        n = len(fn.args)
        shifted = tuple(slot + n if isinstance(slot, int) else slot for slot in wrt)
        return called(fn.func, shifted, (*fn.args, *args), {**fn.keywords, **kwargs}, kept)
    if isinstance(fn, functools._lru_cache_wrapper):
        again: Any = functools.partial(called_again, fn, wrt) if isinstance(kept, bool) else \
            functools.partial(called_forwards, kept, fn, wrt)
        return again(args, kwargs, lambda f: called(f, wrt, args, kwargs, kept),
                            lambda f: still(f(*args, **kwargs), wrt, args, kwargs, kept))
    behind = implementation(fn, args, kwargs)
    if behind is not None:
        return run(fn, args, kwargs, lambda: called(behind, wrt, args, kwargs, kept))
    if isinstance(fn, types.FunctionType):
        if fn in nested.OPERATORS or nested.is_derivative(fn):
            return of_derivative(fn, wrt, args, kwargs, kept)
        if fn.__module__ == "s2sdiff.ops":
            raise refusal(UnsupportedError, f"{fn.__doc__} with active values has no derivative",
                          "keep active values in floats, arrays and tuples")
        return _derived(fn, wrt, args, kwargs, kept)
    owner = getattr(fn, "__self__", None)
    if isinstance(owner, types.FunctionType) and fn.__name__ == "__call__":
        return called(owner, wrt, args, kwargs, kept)
    if isinstance(fn, types.BuiltinMethodType) and isinstance(owner, (np.ndarray, np.generic)):
        descriptor = getattr(class_of(owner), fn.__name__)
        shifted = tuple(slot + 1 if isinstance(slot, int) else slot for slot in wrt)
        return called(descriptor, shifted, (owner, *args), kwargs, kept)
    custom = getattr(type(fn), "__call__", None)  # noqa: B004 (what its class says is meant)
    if not isinstance(fn, type) and isinstance(custom, types.FunctionType):
        must_have_place(fn)
        shifted = tuple(slot + 1 if isinstance(slot, int) else slot for slot in wrt)
        return called(custom, shifted, (fn, *args), kwargs, kept)
    raise reasons.unknown(fn)


def of_derivative(fn: Any, wrt: Slots, args: tuple, kwargs: dict[str, Any],
                  kept: Any) -> tuple[Any, Any]:
    """A call of a derivative: of the code that it runs, or in another way where that is refused."""
    def way() -> tuple[Any, Any]:
        return called(nested.again(fn, args, kwargs), wrt, args, kwargs, kept)

    if nested.backward is None or nested.forward is None:
        return way()
    if isinstance(kept, bool):
        return nested.backward(fn, wrt, args, kwargs, way)
    return nested.forward(fn, wrt, args, kwargs, kept, way)


def _of_objects(fn: Any, rule: Rule, wrt: Slots, args: tuple, kwargs: dict[str, Any],
                kept: Any) -> tuple[Any, Any] | None:
    """What makes containers of objects, of which it asks nothing; None for other functions."""
    unseen.check(fn, args)
    if hands_on(rule, (*args, *kwargs.values())):
        return ruled(rule, wrt, args, kwargs, kept)
    if not isinstance(kept, bool):
        return None
    if fn is sum:
        return called(standins.sum_, wrt, args, kwargs, kept)
    if fn in (operator.add, operator.mul):
        return joined(fn, wrt, args, lambda f, w, a, k: called(f, w, a, k, kept))
    return None


def _of_class(fn: Any, wrt: Slots, args: tuple, kwargs: dict[str, Any],
              kept: bool) -> tuple[Any, Any] | None:
    """What the classes of operands say of an operator."""
    def call(method: Any, slots: Slots, given: tuple) -> tuple[Any, Any]:
        unseen.check(fn, args)
        return called(method, slots, given, kwargs, kept)

    return asked(fn, wrt, args, call)


_MEETING_FRACTIONS = (operator.add, operator.sub, operator.mul, operator.truediv, operator.pow,
                      operator.mod)


def called_method(wrt: Slots, name: str, owner: Any, args: tuple, kwargs: dict[str, Any],
                  kept: Any) -> tuple[Any, Any]:
    """A call of a method, as `called`; slot 0 is the owner."""
    unseen.check_method(owner, name)
    if isinstance(owner, (np.ndarray, np.generic, float, complex, list, tuple, dict)):
        if 0 not in wrt or is_inert(owner):
            rest = tuple(slot - 1 if isinstance(slot, int) else slot for slot in wrt if slot != 0)
            if all(is_inert(argument(slot, args, kwargs)) for slot in rest):
                value = getattr(owner, name)(*args, **kwargs)
                return still(value, wrt, (owner, *args), kwargs, kept)
        if not is_of_class(class_of(owner), name) and callable(getattr(class_of(owner), name)):
            return called(getattr(class_of(owner), name), wrt, (owner, *args), kwargs, kept)
    else:
        must_be_inert(0 in wrt, owner, f".{name}()")
    rest = tuple(slot - 1 if isinstance(slot, int) else slot for slot in wrt if slot != 0)
    how = kept if isinstance(kept, bool) else kept.only(wrt, tuple(s for s in wrt if s != 0))
    value, pullback = called(getattr(owner, name), rest, args, kwargs, how)
    if 0 not in wrt or not isinstance(kept, bool):
        return value, pullback
    return value, _with_none(pullback, len(rest))


def _with_none(pullback: Callable[[Any], Any], n: int) -> Callable[[Any], Any]:
    if n == 0:
        return lambda _: None
    return lambda bar: (None, *((pullback(bar),) if n == 1 else pullback(bar)))


def _derived(fn: Any, wrt: Slots, args: tuple, kwargs: dict[str, Any],
             kept: Any) -> tuple[Any, Any]:
    if not isinstance(kept, bool):
        return kept.derived(fn, wrt, args, kwargs)
    assert derive is not None
    return derive(fn, wrt, kept)(*args, **kwargs)
