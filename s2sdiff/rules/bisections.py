"""`bisect`: where a value belongs in a sorted list has no derivative; putting it there has one."""

from __future__ import annotations

import bisect
from typing import Any

from s2sdiff.registry import constant, derivative
from s2sdiff.rules.writes_lists import insert

__all__: list[str] = []

constant(bisect.bisect_left, bisect.bisect_right)


def insertion(place: Any) -> Any:
    """The rule of what inserts at the index that `place` finds."""

    def rule(a, x, lo=0, hi=None, *, key=None):
        at = place(a, x if key is None else key(x), lo, len(a) if hi is None else hi, key=key)
        _, put_back = insert(a, at, x)

        def pullback(_, a_bar):
            return None, put_back(None, a_bar)[2], None, None, None

        return None, pullback

    return rule


for _function, _place in ((bisect.insort_left, bisect.bisect_left),
                          (bisect.insort_right, bisect.bisect_right)):
    derivative(of=_function, writes="a")(insertion(_place))
