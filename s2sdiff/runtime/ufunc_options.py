"""Keywords of ufuncs that say how, and not what, is computed: `dtype=`, `casting=`, `out=...`.

`np.clip` hands such keywords on to a ufunc.  `where=` is one of them as long as it leaves nothing
out: what it leaves out of a new array is whatever was in memory.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff.errors import MissingDerivativeError, refusal
from s2sdiff.registry import Rule
from s2sdiff.runtime.arrays import match, unbroadcast

__all__ = ["HANDING_ON", "OPTIONS", "given", "with_options"]

#: They choose the loop that is run, and the memory that the result is in.
OPTIONS = frozenset({"casting", "dtype", "order", "sig", "signature", "subok"})

HANDING_ON = (np.clip, np.ndarray.clip, np.generic.clip)


def given(fn: Any, kwargs: dict[str, Any]) -> bool:
    """A call of a ufunc has keywords that its rule does not know, and need not know.

    >>> given(np.add, {"dtype": float}), given(np.add, {"axis": 0}), given(np.add, {})
    (True, False, False)
    """
    if isinstance(fn, np.ufunc):
        return bool(kwargs) and all(
            k in OPTIONS or k == "where" or (k == "out" and (v is ... or v is None))
            for k, v in kwargs.items())
    return bool(kwargs) and fn in HANDING_ON and not OPTIONS.isdisjoint(kwargs)


@functools.lru_cache(maxsize=512)
def with_options(rule: Rule) -> Rule:
    """The rule of a ufunc for calls with such keywords: the derivative is the same."""
    plain: Callable[..., Any] = rule.function  # type: ignore[assignment]
    inputs = list(inspect.signature(plain).parameters.values())
    if isinstance(rule.of, np.ufunc):
        # A ufunc's are given by position.
        inputs = [p.replace(kind=p.POSITIONAL_OR_KEYWORD) for p in inputs[:rule.of.nin]]
    wrt = rule.wrt if rule.wrt is not None else tuple(p.name for p in inputs)

    extra = OPTIONS | {"out"}
    if isinstance(rule.of, np.ufunc):
        extra |= {"where"}

    def function(*args: Any, **options: Any) -> Any:
        if not np.all(options.get("where", True)):
            raise refusal(
                MissingDerivativeError,
                f"np.{rule.of.__name__}(..., where=...) without out= leaves entries as they were "
                "in memory",
                "give it out= with the values that these should have")
        value = rule.of(*args, **options)
        usual, pull = plain(*args, **{k: v for k, v in options.items() if k not in extra})

        def pullback(bar: Any) -> Any:
            return pull(_as_usual(bar, usual))

        return value, pullback

    function.__signature__ = inspect.Signature([  # type: ignore[attr-defined]
        *inputs, *(inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None)
                   for name in sorted(extra))])
    function.__name__ = rule.of.__name__
    return Rule(rule.of, function, wrt, pure=rule.pure)


def _as_usual(bar: Any, usual: Any) -> Any:
    """A cotangent in the dtype that the result would have had without keywords."""
    if isinstance(usual, tuple):
        return tuple(map(_as_usual, bar, usual))
    if np.asarray(usual).dtype.kind not in "fc":
        return bar
    found = match(unbroadcast(bar, np.shape(usual)), np.asarray(usual))
    return found if isinstance(usual, np.ndarray) else found[()]
