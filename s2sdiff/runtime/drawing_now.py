"""Items for functions that are done with each before the next one is drawn, as `sum` is.

What draws them all first has to keep each as it is when its turn comes: what gives them may fill
one array, or one list, again and again.
"""

from __future__ import annotations

import copy
import math
from collections import OrderedDict
from typing import Any

import numpy as np

from s2sdiff.runtime.drawing import END, Lazy, OfClass, begin, following

__all__ = ["TURNING", "all_now", "as_now", "items_ahead", "rest_now", "turning"]

#: Functions that go on with an item before they draw the next one, and keep none as it is.
TURNING = (sum, math.prod, math.fsum, np.fromiter, dict, OrderedDict)


def turning(fn: Any) -> bool:
    """Whether a function is one of these.

    >>> turning(sum), turning(list)
    (True, False)
    """
    return any(fn is f for f in TURNING)


def as_now(x: Any, /) -> Any:
    """An item as it is now, whoever writes it later.

    >>> a = [1.0]
    >>> as_now(a) is a, as_now(a) == a, as_now(2.0)
    (False, True, 2.0)
    """
    if type(x) is np.ndarray or type(x) is list:
        return copy.copy(x)
    return x


def items_ahead(source: Any, /) -> Any:
    """What a set is filled from, drawn before it is: a set itself, as its order counts.

    >>> items_ahead({1.0}), items_ahead([1.0])
    ({1.0}, (1.0,))
    """
    return source if isinstance(source, (set, frozenset)) else (*source,)


def rest_now(it: Any, /) -> list:
    """`drawing.rest_of`, for functions that are done with an item before they draw another one."""
    return _drawn_now(it if isinstance(it, Lazy) else OfClass(it))


def _drawn_now(it: Any, /) -> list:
    items: list = []
    while True:
        item = following(it)
        if item is END:
            return items
        items.append(as_now(item))


def all_now(source: Any, /) -> list:
    """`drawing.all_of` for these."""
    return _drawn_now(begin(source))
