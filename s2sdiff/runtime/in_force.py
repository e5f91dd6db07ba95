"""Which rule holds for a call, by the classes of its arguments."""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np

from s2sdiff.registry import Rule
from s2sdiff.runtime import ufunc_options
from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.own_operators import overload
from s2sdiff.runtime.values import plain

__all__ = ["in_force"]

_SEQUENCES = (tuple, list, dict, deque)


def in_force(rule: Rule, fn: Any, args: tuple, kwargs: dict[str, Any]) -> Rule | None:
    """What holds for these arguments of a function that has `rule`.

    None where a class of one of them, which the rule does not know, may have its say.

    >>> from s2sdiff import registry
    >>> rule = registry.find(np.sin)
    >>> in_force(rule, np.sin, (np.ones(2),), {}) is rule, in_force(rule, np.sin, (object(),), {})
    (True, None)
    """
    if ufunc_options.given(fn, kwargs):
        rule = ufunc_options.with_options(rule)
    if getattr(rule.function, "__s2sdiff_arrays__", False) and not (
            args and class_of(args[0]) is np.ndarray):
        return None
    otherwise = getattr(rule.function, "__s2sdiff_otherwise__", None)
    if otherwise is not None and class_of(args[0]) is not np.ndarray and (
            (isinstance(args[0], _SEQUENCES) and overload(fn, args) is None)
            or class_of(args[0]).__module__.startswith("numpy")):
        return Rule(rule.of, otherwise, rule.wrt, pure=True)
    special = getattr(rule.function, "__s2sdiff_any__", False) or not rule.pure
    return rule if special or all(plain(v) for v in (*args, *kwargs.values())) else None
