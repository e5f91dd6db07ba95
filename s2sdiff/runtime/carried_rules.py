"""Rules that are called with values that carry tangents.

Most rules are plain NumPy, and run on such values as they are.  Where one computes with numbers
itself, what it gives has the tangent that forward mode gives it, and so has what its pullback
gives, as a function of the arguments and of the cotangent.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from s2sdiff import registry
from s2sdiff.errors import DifferentiationError
from s2sdiff.runtime import carried, nested, rule_calls
from s2sdiff.runtime.carried import CarriedArray, run_of
from s2sdiff.runtime.carried_asked import plain_parts
from s2sdiff.runtime.carried_calls import lifted
from s2sdiff.runtime.later import Later
from s2sdiff.runtime.nested import listed
from s2sdiff.runtime.structures import gradient
from s2sdiff.runtime.views import VIEWS

__all__ = ["opened"]


def opened(rule: Any, function: Callable[..., Any], args: tuple, kwargs: dict[str, Any]) -> Any:
    """What `function`, a rule's, returns: `(value, pullback)`."""
    if rule.of in _CONVERSIONS:
        _, pullback = function(*plain_parts(args), **plain_parts(kwargs))
        value = given_back(rule.of, args, kwargs) if type(args[0]) is CarriedArray else \
            carried.array_carried(*args, **kwargs)
        return value, pulled_with(function, pullback, args, kwargs)
    if rule.of is gradient:
        value, pulled = function(*args, **kwargs)
        return value, pulled_with(function, pulled, args, kwargs)
    # Of lists of numbers, nothing is a view.
    if rule.of in VIEWS and not rule.writes and not any(
            isinstance(a, (list, tuple)) and run_of(a) is not None for a in args):
        value, pulled = function(*args, **kwargs)
        return value, pulled_with(function, pulled, args, kwargs)
    # Some keep copies of their own: what they are given may be another one later.
    if rule.writes or getattr(function, "__s2sdiff_shares__", "") or \
            getattr(function, "__s2sdiff_copies__", False):
        return function(*args, **kwargs)
    run = run_of((args, kwargs))
    assert run is not None
    whole = _product(function, *listed(args, kwargs))
    value, pulled = None, None
    if function not in _BY_CODE and (has_body(rule.of) or is_helped(function)):
        _BY_CODE.add(function)
    if function not in _BY_CODE:
        try:
            value, pulled = run.tried(function, *args, **kwargs)
        except Exception:  # what is in C says in its own way that it was given no array
            _BY_CODE.add(function)
    if pulled is None:
        value = lifted(rule.of, args, kwargs)

    def pullback(bar: Any) -> Any:
        if pulled is not None and function not in _BY_CODE:
            try:
                return run.tried(pulled, bar)
            except DifferentiationError:
                _BY_CODE.add(function)
        return _made_by_code(function, whole, (bar, *args), kwargs)

    return value, pullback


def pulled_with(function: Any, pulled: Any, args: tuple, kwargs: dict[str, Any]) -> Any:
    """A pullback of a rule's, of which only the cotangent may carry a tangent that counts.

    Where it computes with the number itself, code is written for it, as in `opened`.
    """
    def pullback(bar: Any) -> Any:
        run = run_of(bar)
        if run is None:
            return pulled(bar)
        try:
            return run.tried(pulled, bar)
        except DifferentiationError:
            return _made_by_code(function, _product(function, *listed(args, kwargs)),
                                 (bar, *args), kwargs)

    return pullback


def has_body(fn: Any) -> bool:
    """Whether a call with values that carry tangents would run the function's own Python.

    Its rule tells what its derivative is, which need not be what follows from that.

    >>> import statistics
    >>> has_body(np.sin), has_body(np.mean), has_body(statistics.mean)
    (False, False, True)
    """
    return isinstance(fn, types.FunctionType) and not (fn.__module__ or "").startswith("numpy")


@functools.cache
def is_helped(rule: Callable[..., Any]) -> bool:
    """Whether some function that the code of a rule leads to is a helper with a rule of its own.

    What that one tells need not be what follows from the helper's body, either.
    """
    seen, waiting = set[Any](), [rule]
    while waiting:
        fn = waiting.pop()
        seen.add(fn)
        for x in _named_in(fn.__code__, fn.__globals__):
            if type(x) is types.FunctionType and x not in seen and \
                    x.__module__.startswith("s2sdiff.rules."):
                told = registry.find(x)
                if told is not None and not told.constant and not getattr(
                        told.function, "__s2sdiff_unknown__", False):
                    return True
                waiting.append(x)
    return False


def _named_in(code: types.CodeType, names: dict[str, Any]) -> Iterator[Any]:
    yield from [names[name] for name in code.co_names if name in names]
    for c in code.co_consts:
        if isinstance(c, types.CodeType):
            yield from _named_in(c, names)


#: Functions of C that make an array of one, and do not ask it how.
_CONVERSIONS = (np.array, np.asarray, np.asanyarray, np.ascontiguousarray, np.asfortranarray)


def given_back(fn: Any, args: tuple, kwargs: dict[str, Any]) -> Any:
    """An array made of one that carries a tangent, which is made alike."""
    if fn not in _CONVERSIONS or type(args[0]) is not CarriedArray:
        return fn(*args, **kwargs) if run_of((args, kwargs)) is None else _handed_on(
            fn, args, kwargs)
    x, *rest = args
    value = given_back(fn, (x.value, *rest), kwargs)
    if value is x.value:
        return x
    return CarriedArray(value, given_back(fn, (x.tangent, *rest), kwargs), x.run) \
        if value.dtype.kind in "fc" else value


def _handed_on(fn: Any, args: tuple, kwargs: dict[str, Any]) -> Any:
    """What several arrays are given back as, those that are left as they are themselves."""
    plain = {id(a.value): a for a in (*args, *kwargs.values()) if type(a) is CarriedArray}
    found = fn(*plain_parts(args), **plain_parts(kwargs))
    made = lifted(fn, args, kwargs)
    if isinstance(found, tuple):
        return tuple([plain.get(id(v), m) for v, m in zip(found, made, strict=True)])
    return plain.get(id(found), made)


carried.given_back = given_back


def _made_by_code(function: Any, whole: Any, args: tuple, kwargs: dict[str, Any]) -> Any:
    """What the pullback gives; entries that wait to be asked for do so here, too."""
    run = run_of((args, kwargs))
    if run is None:
        return whole(*args, **kwargs)
    plain = plain_parts((args, kwargs))
    made = whole(*plain[0], **plain[1])

    def entry(*path: Any) -> Callable[[], Any]:
        return lambda: lifted(_entry(function, *listed(args[1:], kwargs), path), args, kwargs)

    if isinstance(made, Later):
        return Later({key: entry(key) for key in made.made})
    if isinstance(made, tuple) and any(isinstance(e, Later) for e in made):
        return tuple([Later({key: entry(i, key) for key in e.made}) if isinstance(e, Later)
                      else entry(i)() for i, e in enumerate(made)])
    return lifted(whole, args, kwargs)


#: Rules that compute with numbers themselves, in C: code is written for their derivatives.
_BY_CODE: set[Any] = set()


@functools.lru_cache(maxsize=1024)
def _entry(function: Any, names: str, given: str, path: tuple) -> Any:
    """One entry of what the pullback of a rule gives, as `_product`."""
    text = (f"def entry({', '.join(['bar', *names.split(', ')] if names else ['bar'])}):\n"
            f"    value, pullback = function({given})\n"
            f"    return pullback(bar){''.join([f'[{key!r}]' for key in path])}\n")
    assert nested.load is not None
    return nested.load(text, "entry", {"function": function})


@functools.lru_cache(maxsize=1024)
def _product(function: Any, names: str, given: str) -> Any:
    """What the pullback of a rule gives, as a function of the cotangent and the arguments."""
    text = (f"def product({', '.join(['bar', *names.split(', ')] if names else ['bar'])}):\n"
            f"    value, pullback = function({given})\n    return pullback(bar)\n")
    assert nested.load is not None
    return nested.load(text, "product", {"function": function})


rule_calls.carried_opened, rule_calls.carried_pulled = opened, pulled_with
