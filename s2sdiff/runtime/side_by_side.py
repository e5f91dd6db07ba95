"""Walks through several values of one structure, side by side; tangents of their leaves."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff.runtime.arrays import match
from s2sdiff.runtime.declared import constant_fields, registered
from s2sdiff.runtime.named_tuples import like_fields
from s2sdiff.runtime.remaking import is_made, put, shell
from s2sdiff.runtime.structures import holds_numbers
from s2sdiff.runtime.values import is_differentiable
from s2sdiff.runtime.whole_values import items_of

__all__ = ["accepted_leaf", "dtype_of", "mapped"]

#: By the value's id: the value, the others beside it, and what was made of it.
_Seen = dict[int, tuple[Any, tuple, Any]]


def mapped(make: Callable[..., Any], operator: str, x: Any, *others: Any) -> Any:
    """The structure of `x` with `make(path, leaf, *leaves of the others)` at each leaf.

    Leaves are numbers, arrays, and what holds none of those.  Lists, dicts and objects that are
    found twice are walked through once; objects are made without their constructors.

    Raises
    ------
    TypeError
        One of the others has another structure; None fits any, and stands for None at each leaf.
    """
    return _mapped(make, operator, "", x, others, {})


def _mapped(make: Any, operator: str, path: str, x: Any, others: tuple, seen: _Seen) -> Any:
    if not _is_node(x):
        return make(path, x, *others)
    if id(x) in seen:
        _, before, made = seen[id(x)]
        if not all(q is None or p is q for p, q in zip(before, others, strict=True)):
            raise TypeError(f"{operator}: {path} is found twice in the value, and has two "
                            "tangents. Instead, give it one and the same in both places.")
        if made is None:
            raise TypeError(f"{operator}: {path} is found in itself, and its class, "
                            f"{type(x).__qualname__}, is registered. Instead, let flatten leave "
                            "out what leads back.")
        return made
    if isinstance(x, tuple):
        found = _items(make, operator, path, x, others, seen)
        items = [g for _, g in found]
        return like_fields(x, items) if hasattr(x, "_fields") else \
            tuple(items) if hasattr(x, "_extra_fields") else tuple.__new__(type(x), items)
    known = None if isinstance(x, (list, dict, deque)) else registered(type(x))
    if known is not None:
        seen[id(x)] = x, others, None
        found = _items(make, operator, path, x, others, seen)
        made = known.unflatten_func(known.flatten_func(x)[1], tuple([g for _, g in found]))
        seen[id(x)] = x, others, made
        return made
    made = shell(x)
    seen[id(x)] = x, others, made
    for key, g in _items(make, operator, path, x, others, seen):
        put(made, key, g)
    return made


def _is_node(x: Any) -> bool:
    if isinstance(x, _LEAVES):
        return False
    return isinstance(x, (tuple, list, dict, deque)) or (
        holds_numbers(x) and items_of(x) is not None and is_made(x))


_LEAVES = (int, float, complex, str, bytes, type(None), np.ndarray, np.generic)


def _items(make: Any, operator: str, path: str, x: Any, others: tuple, seen: _Seen) -> Any:
    keyed, attributes = _contents(x)
    rest = [_others(o, x, keyed, attributes, path, operator) for o in others]
    constant = frozenset() if not attributes else constant_fields(type(x))
    for i, (key, v) in enumerate(keyed):
        inside = f"{path}.{key}" if attributes else f"{path}[{key!r}]"
        beside = tuple([o[i] for o in rest])
        if key in constant:
            yield key, v
        else:
            yield key, _mapped(make, operator, inside, v, beside, seen)


def _contents(x: Any) -> tuple[list[tuple[Any, Any]], bool]:
    """Keys and items of a node, and whether the keys are names of attributes."""
    if isinstance(x, (tuple, list, dict, deque)):
        return items_of(x) or [], False
    known = registered(type(x))
    if known is not None:
        return list(enumerate(known.flatten_func(x)[0])), False
    return items_of(x) or [], True


def _others(other: Any, x: Any, keyed: list, attributes: bool, path: str, operator: str) -> Any:
    """What is beside the items of a node in another value."""
    if other is None:
        return [None] * len(keyed)
    keys = [k for k, _ in keyed]
    if attributes and isinstance(other, dict):
        given = other
    elif isinstance(x, dict):
        given = other if isinstance(other, dict) else None
    elif isinstance(x, (list, tuple, deque)):
        given = dict(enumerate(other)) if isinstance(other, (list, tuple, deque)) else None
    else:
        given = dict(_contents(other)[0]) if isinstance(other, type(x)) else None
    if given is None or (given.keys() != set(keys) and not attributes):
        raise TypeError(f"{operator}: {path or 'the value'} is {_described(x)}, and its tangent is "
                        f"{_described(other)}. Instead, pass a tangent of the same structure, None "
                        "for what does not move.")
    strange = next((k for k in given if k not in set(keys)), None)
    if strange is not None:
        raise TypeError(f"{operator}: {path or 'the value'} is a {type(x).__name__}, and its "
                        f"tangent has {strange!r}, which is none of its attributes. Instead, give "
                        f"those of {', '.join(map(str, keys))}.")
    return [given.get(k) for k in keys]


def _described(x: Any) -> str:
    of = f" of {len(x)}" if isinstance(x, (list, tuple, deque)) else \
        f" with the keys {list(x)}" if isinstance(x, dict) else ""
    return f"a {type(x).__name__}{of}"


# ----------------------------------------------------------------------------------- leaves


def accepted_leaf(dot: Any, x: Any, what: str, operator: str) -> Any:
    """The tangent of what is no container, in its dtype; None where there is nothing to move."""
    if not is_differentiable(x):
        told = isinstance(x, (int, str, bytes, bool, type(None), np.ndarray, np.generic))
        if dot is not None and (np.any(dot) if told else holds_numbers(dot)):
            raise TypeError(f"{operator}: {what} is of type {type(x).__name__}"
                            f"{dtype_of(x)}, and does not move. Instead, pass None for its "
                            "tangent, or a float in its place.")
        return None
    if dot is None:
        return None
    if not isinstance(dot, (int, float, complex, np.generic, np.ndarray)):
        raise TypeError(f"{operator}: {what} has shape {np.shape(x)}, its tangent is of type "
                        f"{type(dot).__name__}. Instead, pass a tangent of that shape.")
    if np.shape(dot) != np.shape(x):
        raise TypeError(f"{operator}: {what} has shape {np.shape(x)}, its tangent "
                        f"{np.shape(dot)}. Instead, pass a tangent of that shape.")
    field, mine = np.result_type(dot).kind, np.result_type(x).kind
    if field not in "fciub" or (field == "c" and mine != "c"):
        raise TypeError(f"{operator}: {what} has dtype {np.result_type(x)}, its tangent "
                        f"{np.result_type(dot)}. Instead, pass a tangent of that dtype.")
    return match(dot, x)


def dtype_of(x: Any) -> str:
    """The dtype of an array, for a message that has named its type; nothing for what has none."""
    return f" and dtype {x.dtype}" if isinstance(x, (np.ndarray, np.generic)) else ""
