"""The tangents that a caller gives: what fits its primal, and what is refused."""

from __future__ import annotations

import functools
from collections import deque
from typing import Any

import numpy as np

from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime.contents import items_of
from s2sdiff.runtime.declared import constant_fields, registered
from s2sdiff.runtime.leaves import leaves_of
from s2sdiff.runtime.named_tuples import like_fields
from s2sdiff.runtime.side_by_side import accepted_leaf, attribute_tangents
from s2sdiff.runtime.structures import holds_numbers
from s2sdiff.runtime.values import is_differentiable
from s2sdiff.runtime.zero_tangents import laid_out, zero_tangent

__all__ = ["accepted", "tuples"]


def tuples(primals: Any, tangents: Any, operator: str) -> tuple[tuple, tuple]:
    """The arguments of a call and their tangents, as many."""
    for name, given in (("primals", primals), ("tangents", tangents)):
        if not isinstance(given, (tuple, list)):
            raise TypeError(f"{operator}: {name} is a {type(given).__name__}. Instead, pass the "
                            "tuple of them, (x,) for a single one.")
    if len(primals) != len(tangents):
        raise TypeError(f"{operator}: {len(primals)} primals and {len(tangents)} tangents. "
                        "Instead, pass one tangent for each, None where it does not move.")
    return tuple(primals), tuple(tangents)


def accepted(tangents: tuple, primals: tuple, operator: str) -> list[Any]:
    """Tangents that fit their primals, in their dtypes; None where there is nothing to move."""
    seen: dict[tuple[int, int], Any] = {}
    # What most are needs no question, and a question takes as long as some steps of a loop.
    return [t if (type(t) is float and type(x) is float) or (t is None and type(x) in _STILL) else
            _accepted(t, x, str(i), operator, seen)
            for i, (x, t) in enumerate(zip(primals, tangents, strict=True))]


def _accepted(dot: Any, x: Any, path: str, operator: str, seen: dict[tuple[int, int], Any]) -> Any:
    """A tangent that fits its primal, in its dtype; None where there is nothing to move."""
    if type(x) is type(dot) is np.ndarray and dot.dtype is x.dtype and dot.shape == x.shape and \
            x.dtype.kind in "fc":
        return laid_out(dot, x)
    if type(x) in (list, tuple) and type(dot) in (list, tuple) and len(dot) == len(x) and \
            {*map(type, x)} == {*map(type, dot)} in _ALIKE:
        return type(x)(dot)
    unordered: bool = type(x) in (set, frozenset)
    if dot is not None and unordered and holds_numbers(list(x)):
        raise refusal(UnsupportedError,
                      f"{operator}: argument {path} is a {type(x).__name__}, and forward mode "
                      "takes floats, arrays, objects, and tuples, lists, deques and dicts of them",
                      "pass the numbers that it holds as arguments of their own")
    if isinstance(x, (tuple, list, dict, deque)):
        if dot is None:
            return None
        found = _structured(dot, x, path, operator, seen)
        return found if is_differentiable(x) or holds_numbers(x) else None
    if dot is not None and holds_numbers(x) and not is_differentiable(x):
        # An object that is found twice, or in itself, has one tangent.
        key = id(x), id(dot)
        if key not in seen:
            seen[key] = found = {}
            found.update(_of_object(dot, x, path, operator, seen))
        return seen[key]
    found = accepted_leaf(dot, x, f"argument {path}", operator)
    return laid_out(found, x) if isinstance(found, np.ndarray) else found


_STILL = (int, bool, str, float, type(None), np.ndarray)
_PLAIN = (list, tuple, dict, deque)
#: The types of numbers in lists that need not be looked at one by one.
_ALIKE = ({float}, {np.float64})


def _structured(dot: Any, x: Any, path: str, operator: str,
                seen: dict[tuple[int, int], Any]) -> Any:
    # Whatever the class says of its brackets.
    held, given = dict(items_of(x) or ()), dict(items_of(dot) or ())
    fits = isinstance(dot, dict if isinstance(x, dict) else (tuple, list, deque))
    if not fits or held.keys() != given.keys():
        raise TypeError(f"{operator}: argument {path} is a {type(x).__name__} of {len(x)}. "
                        "Instead, pass a tangent of the same structure.")
    if type(dot) not in _PLAIN and any(is_differentiable(v) and np.any(v) for v in leaves_of(
            getattr(dot, "__dict__", {}))):
        raise refusal(UnsupportedError,
                      f"{operator}: the tangent of argument {path}, a {type(x).__name__}, has "
                      "attributes, and those of a container stay as they are",
                      "pass a tangent without them, and what varies as an argument of its own")
    # Most numbers are floats, which need no name for a message.
    found = {k: given[k] if type(v) is type(given[k]) is float else
             _accepted(given[k], v, f"{path}[{k!r}]", operator, seen) for k, v in held.items()}
    found = {k: zero_tangent(held[k]) if d is None else d for k, d in found.items()}
    if isinstance(x, dict):
        return found
    items = list(found.values())
    if hasattr(type(x), "_fields"):
        return like_fields(x, items)
    if isinstance(x, deque):
        return deque(items, x.maxlen)
    return items if isinstance(x, list) else tuple(items)


def _of_object(dot: Any, x: Any, path: str, operator: str,
               seen: dict[tuple[int, int], Any]) -> dict[Any, Any]:
    """The tangents of what an object holds, by attribute."""
    held = hasattr(x, "__dict__") or hasattr(type(x), "__slots__")
    if isinstance(x, (set, frozenset, deque, functools.partial)) or not held:
        raise refusal(UnsupportedError,
                      f"{operator}: argument {path} is a {type(x).__name__}, and forward mode "
                      "takes floats, arrays, objects, and tuples, lists and dicts of them",
                      "pass the numbers that it holds as arguments of their own")
    held = dict(items_of(x) or ())
    given = dict(items_of(dot) or ())
    if isinstance(dot, (type(x), dict)):
        _check_constants(given, x, path, operator)
        given = attribute_tangents(dot, x)
    if isinstance(dot, (int, float, complex, np.ndarray, np.generic)) or not given.keys() <= \
            held.keys():
        raise TypeError(f"{operator}: argument {path} is a {type(x).__name__}, its tangent a "
                        f"{type(dot).__name__}. Instead, pass a tangent of the same attributes, as "
                        "an object of the same class, None for what does not move.")
    return {k: given.get(k) if type(v) is type(given.get(k)) is float else
            _accepted(given.get(k), v, f"{path}.{k}", operator, seen) for k, v in held.items()}


def _check_constants(given: dict[Any, Any], x: Any, path: str, operator: str) -> None:
    """Refuse a tangent of what does not move, as `hvp`, `linearize` and `move` do."""
    constant = constant_fields(type(x))
    if constant and registered(type(x)) is None:
        moved = next((k for k in constant if given.get(k) is not None), None)
        if moved is not None:
            raise TypeError(f"{operator}: argument {path} is a {type(x).__name__}, and its tangent "
                            f"has {moved!r}, which is a constant field, and does not move. "
                            "Instead, let it be None in the tangent, as it is in gradients.")
