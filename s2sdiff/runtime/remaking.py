"""Containers and objects made anew: empty ones of a class, and what is put into them."""

from __future__ import annotations

import types
from collections import OrderedDict, defaultdict, deque
from typing import Any

from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.walks import Walk

__all__ = ["empty", "is_made", "put", "put_attribute", "shell"]


def shell(x: Any) -> Any:
    """An empty list, deque or dict, or an object without attributes, of the class of `x`.

    No constructor is run.  None where there is no such; a list for what is drawn of an iterator.

    >>> shell(deque([1], maxlen=2)), shell({"a": 1})
    (deque([], maxlen=2), {})
    """
    if isinstance(x, Walk):
        return []
    made = _made(class_of(x))
    if isinstance(x, deque):
        deque.__init__(made, (), x.maxlen)
    if isinstance(x, defaultdict):
        made.default_factory = x.default_factory
    return made


def is_made(x: Any) -> bool:
    """Whether there is an empty one of a value's class."""
    return _made(class_of(x)) is not None


def empty(x: Any) -> None:
    """Take out of a container all that is in it, whatever its class says.

    >>> x = OrderedDict(a=1)
    >>> empty(x)
    >>> x
    OrderedDict()
    """
    next(cls for cls in _CONTAINERS if isinstance(x, cls)).clear(x)


_CONTAINERS: tuple[Any, ...] = (OrderedDict, dict, list, deque)


def put(made: Any, key: Any, value: Any) -> None:
    """Put an item or an attribute into what `shell` made; those of lists in order.

    Frozen classes and those with a `__setattr__` of their own are filled like any other.
    """
    if isinstance(made, list):
        list.append(made, value)
    elif isinstance(made, deque):
        deque.append(made, value)
    elif isinstance(made, OrderedDict):
        OrderedDict.__setitem__(made, key, value)
    elif isinstance(made, dict):
        dict.__setitem__(made, key, value)
    else:
        put_attribute(made, key, value)


def put_attribute(made: Any, name: str, value: Any) -> None:
    for cls in class_of(made).__mro__:
        found = vars(cls).get(name)
        if isinstance(found, types.MemberDescriptorType):
            found.__set__(made, value)
            return
    # A property of the same name, or a descriptor, is not asked.
    vars(made)[name] = value


def _made(cls: Any) -> Any:
    # A `__new__` of the user's is passed over where a class of C stands behind it.
    builtin = next(c for c in cls.__mro__ if not c.__flags__ & 1 << 9)
    for new in (builtin.__new__, cls.__new__):
        try:
            return new(cls)
        except TypeError:
            continue
    return None
