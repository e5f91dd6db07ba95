"""`a[i] = v`, `del a[i]`, `a += v` and their kin, on whatever `a` turns out to be.

On what cannot be changed, `a += v` is `a + v`: nothing is written and the shadow is left alone.
"""

from __future__ import annotations

import operator
from collections import deque
from typing import Any

import numpy as np

from s2sdiff import ops
from s2sdiff.registry import derivative, find
from s2sdiff.rules.shared import rule_of, unsupported
from s2sdiff.rules.writes_arrays import array_setitem, check_written, returned
from s2sdiff.rules.writes_deques import deque_delitem, deque_iadd, deque_imul, deque_setitem
from s2sdiff.rules.writes_dicts import dict_delitem, dict_ior, dict_setitem
from s2sdiff.rules.writes_lists import list_delitem, list_iadd, list_imul, list_setitem
from s2sdiff.rules.writes_sets import set_in_place
from s2sdiff.runtime import copy, match
from s2sdiff.runtime.carried import as_array

__all__: list[str] = []


def chosen(rules: dict[type, Any], owner: Any, what: str, *operands: Any) -> Any:
    """The rule for the type of an object; what has no items raises as it does by itself."""
    if operands and not hasattr(type(owner), f"__{operands[0].__name__}__"):
        operands[0](owner, *operands[1:])
    for cls, rule in rules.items():
        if isinstance(owner, cls):
            return rule
    raise unsupported(f"{what} of a {type(owner).__name__}",
                      "use a list, a dict, a deque or an array")


SETITEM = {np.ndarray: array_setitem, list: list_setitem, dict: dict_setitem, deque: deque_setitem}
DELITEM = {list: list_delitem, dict: dict_delitem, deque: deque_delitem}


@derivative(of=operator.setitem, writes="a")
def setitem(a, b, c, /):
    return chosen(SETITEM, a, "item assignment", operator.setitem, b, c)(a, b, c)


@derivative(of=operator.delitem, writes="a")
def delitem(a, b, /):
    return chosen(DELITEM, a, "item deletion", operator.delitem, b)(a, b)


def plainly(function: Any, a: Any, b: Any) -> Any:
    """The rule of an in-place operator on a left side that cannot be changed."""
    rule = find(function)
    if rule is None or rule.constant:
        return function(a, b), lambda value_bar, a_bar: (None, None)
    value, pull = rule_of(function)(a, b)
    return value, lambda value_bar, a_bar: pull(value_bar)


def in_place(function: Any, plain: Any, containers: dict[type, Any], array_rule: Any) -> Any:
    """The rule of an in-place operator: of a container, an array, or anything else."""

    def rule(a, b, /):
        if isinstance(a, np.ndarray):
            return array_rule(a, b)
        if isinstance(a, (list, deque)) and isinstance(b, (np.ndarray, np.inexact)):
            # The right side is asked first whether it can add a list, and makes an array.
            return plainly(plain, a, b)
        for cls, container_rule in containers.items():
            if isinstance(a, cls):
                made = container_rule(a, b)
                if made[0] is not NotImplemented:
                    return made
                return function(a, b), lambda value_bar, a_bar: (None, None)
        if hasattr(a, f"__{function.__name__}__"):
            raise unsupported(f"an in-place operator of a {type(a).__name__}",
                              "write x = x + v, which makes a new one")
        return plainly(plain, a, b)

    return rule


def sums(function: Any, sign: float) -> Any:
    """The rule for `a += b` and `a -= b` on arrays: the shadow stays, nothing is kept."""

    def rule(a, b):
        if not check_written(a):
            return function(a, b), lambda _, a_bar: (None, None)
        back = returned(b)
        function(a, b)
        # The core may add what is returned to a view of the very shadow that it is made of.
        return a, lambda _, a_bar: (None, back(sign * a_bar))

    return rule


def rounding(function: Any) -> Any:
    """The rule for in-place operators on arrays whose results have no derivative."""

    def rule(a, b):
        function(a, b)

        def pullback(_, a_bar):
            if a.dtype.kind in "fc":
                a_bar[...] = 0
            return None, None

        return a, pullback

    return rule


def updated(function: Any, plain: Any) -> Any:
    """The rule for `a *= b` and others on arrays, by that of the operator on copies."""

    def rule(a, b):
        if not check_written(a):
            return function(a, b), lambda _, a_bar: (None, None)
        back = returned(b)
        before, other = copy(a), copy(b)
        # The rule speaks of arrays: a list is made one by NumPy, too.
        pull = rule_of(plain)(before, as_array(other) if isinstance(
            other, (list, tuple)) else other)[1]
        function(a, b)

        def pullback(_, a_bar):
            old_bar, b_bar = pull(a_bar.copy())
            a_bar[...] = 0 if old_bar is None else match(old_bar, before)
            return None, None if b_bar is None else back(b_bar)

        return a, pullback

    return rule


CONTAINERS: dict[str, dict[type, Any]] = {
    "iadd": {list: list_iadd, deque: deque_iadd},
    "imul": {list: list_imul, deque: deque_imul},
    "ior": {dict: dict_ior, set: set_in_place[set.__ior__]},
    "iand": {set: set_in_place[set.__iand__]},
    "ixor": {set: set_in_place[set.__ixor__]},
    "isub": {set: set_in_place[set.__isub__]},
    "iconcat": {list: list_iadd, deque: deque_iadd},
}
PLAIN = {
    **{f.__name__: plain for f, plain in ops.IN_PLACE.items() if not f.__name__.endswith("shift")},
    "iconcat": operator.concat,
}

for _name, _plain in PLAIN.items():
    _function = getattr(operator, _name)
    if _name in ("iadd", "isub"):
        _array = sums(_function, 1.0 if _name == "iadd" else -1.0)
    else:
        _smooth = _name in ("imul", "itruediv", "ipow", "imatmul", "imod")
        _array = updated(_function, _plain) if _smooth else rounding(_function)
    derivative(of=_function, writes="a")(
        in_place(_function, _plain, CONTAINERS.get(_name, {}), _array))
    if hasattr(np.ndarray, f"__{_name}__"):
        derivative(of=getattr(np.ndarray, f"__{_name}__"), writes="a")(_array)
