"""Rules that are called with values that carry tangents.

Most rules are plain NumPy, and run on such values as they are.  Where one computes with numbers
itself, what it gives has the tangent that forward mode gives it, and so has what its pullback
gives, as a function of the arguments and of the cotangent.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from s2sdiff.errors import DifferentiationError
from s2sdiff.runtime import nested, rule_calls
from s2sdiff.runtime.carried import run_of
from s2sdiff.runtime.carried_calls import lifted
from s2sdiff.runtime.nested import listed
from s2sdiff.runtime.views import VIEWS

__all__ = ["opened"]


def opened(rule: Any, function: Callable[..., Any], args: tuple, kwargs: dict[str, Any]) -> Any:
    """What `function`, a rule's, returns: `(value, pullback)`."""
    # Some keep copies of their own: what they are given may be another one later.
    if rule.writes or rule.of in VIEWS or getattr(function, "__s2sdiff_shares__", "") or \
            getattr(function, "__s2sdiff_copies__", False):
        return function(*args, **kwargs)
    run = run_of((args, kwargs))
    assert run is not None
    whole = _product(function, *listed(args, kwargs))
    value, pulled = None, None
    if function not in _BY_CODE:
        try:
            value, pulled = run.tried(function, *args, **kwargs)
        except DifferentiationError:
            _BY_CODE.add(function)
    if pulled is None:
        value = lifted(rule.of, args, kwargs)

    def pullback(bar: Any) -> Any:
        if pulled is not None and function not in _BY_CODE:
            try:
                return run.tried(pulled, bar)
            except DifferentiationError:
                _BY_CODE.add(function)
        return lifted(whole, (bar, *args), kwargs)

    return value, pullback


#: Rules that compute with numbers themselves, in C: code is written for their derivatives.
_BY_CODE: set[Any] = set()


@functools.lru_cache(maxsize=1024)
def _product(function: Any, names: str, given: str) -> Any:
    """What the pullback of a rule gives, as a function of the cotangent and the arguments."""
    text = (f"def product({', '.join(['bar', *names.split(', ')] if names else ['bar'])}):\n"
            f"    value, pullback = function({given})\n    return pullback(bar)\n")
    assert nested.load is not None
    return nested.load(text, "product", {"function": function})


rule_calls.carried_opened = opened
