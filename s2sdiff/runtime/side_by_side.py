"""Walks through several values of one structure, side by side; tangents of their leaves."""

from __future__ import annotations

import types
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from s2sdiff.runtime.arrays import match
from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.contents import items_of
from s2sdiff.runtime.declared import constant_fields, registered
from s2sdiff.runtime.named_tuples import like_tuple
from s2sdiff.runtime.remaking import is_made, put, put_attribute, shell
from s2sdiff.runtime.structures import children_of, gradient, holds_numbers
from s2sdiff.runtime.values import is_differentiable

__all__ = ["Attribute", "Beside", "Path", "accepted_leaf", "attribute_tangents", "contents",
           "dtype_of", "has_objects", "leaves", "mapped", "part", "spelled"]

#: Where something is in a value: keys and indices, and names of attributes as `Attribute`.
Path = tuple[Any, ...]

#: By the value's id: the value, the others beside it, and what was made of it.
_Seen = dict[int, tuple[Any, tuple, Any]]


class Attribute(str):
    """The name of an attribute in a path."""

    __slots__ = ()


class Beside(Attribute):
    """The name of an attribute that a list or dict of a class of the user's has: a constant."""

    __slots__ = ()


def spelled(path: Path, root: str) -> str:
    """A path as one would write it behind the name of the value.

    >>> spelled((Attribute("layers"), 0), "model"), spelled((), "the value")
    ('model.layers[0]', 'the value')
    """
    return root + "".join(f".{k}" if isinstance(k, Attribute) else f"[{k!r}]" for k in path)


def contents(x: Any) -> list[tuple[Any, Any]] | None:
    """Keys and what is there; None for a leaf.

    Leaves are numbers, arrays, and objects that hold none of those, or cannot be made anew.
    Constant fields are left out.

    >>> contents([5.0, "a"]), contents("ab"), contents(len)
    ([(0, 5.0), (1, 'a')], None, None)
    """
    if isinstance(x, _LEAVES):
        return None
    if isinstance(x, _CONTAINERS):
        return items_of(x) or []
    if not holds_numbers(x) or not is_made(x):
        return None
    known = registered(class_of(x))
    if known is not None:
        return list(enumerate(known.flatten_func(x)[0]))
    constant = constant_fields(class_of(x))
    return [(Attribute(k), v) for k, v in items_of(x) or () if k not in constant]


_LEAVES = (int, float, complex, str, bytes, type(None), np.ndarray, np.generic)
_CONTAINERS = (tuple, list, dict, deque)
_SIMPLE = frozenset({float, int, str, bool, np.ndarray, np.float64, np.int64})


def has_objects(x: Any) -> bool:
    """Whether some of a value's numbers are in objects or deques, not in other containers alone.

    >>> has_objects([1.0, {"a": 2.0}])
    False
    """
    return _has_objects(x, {})


def _has_objects(x: Any, seen: dict[int, Any]) -> bool:
    if type(x) in (list, tuple) and _SIMPLE.issuperset(map(type, x)):
        return False
    if (items := contents(x)) is None or id(x) in seen:
        return False
    seen[id(x)] = x
    return not isinstance(x, (tuple, list, dict)) or any(_has_objects(v, seen) for _, v in items)


def attribute_tangents(dot: Any, x: Any) -> dict[Any, Any]:
    """The tangents of an object's attributes; those of a registered class are its children's."""
    known = registered(class_of(x)) if not isinstance(x, _CONTAINERS) else None
    if known is None or not isinstance(dot, class_of(x)):
        constant = constant_fields(class_of(x))
        return {k: d for k, d in items_of(dot) or () if k not in constant}
    # Two attributes may be one number or array: each is given one of its own, to be found by.
    marks = mapped(_mark, "tangent", dict(items_of(x) or ()), keeps=lambda v: v)
    found: dict[int, Any] = {}
    mapped(lambda _, mark, d: found.update({id(mark): d}), "tangent", children_of(known, x, marks),
           tuple(known.flatten_func(dot)[0]), root=f"children of a {type(x).__name__}, ")
    return mapped(lambda _, mark: found.get(id(mark)), "tangent", marks)


def _mark(_: Path, leaf: Any) -> Any:
    return leaf if not is_differentiable(leaf) else \
        leaf.copy() if isinstance(leaf, np.ndarray) else leaf + 0


def part(x: Any, path: Path) -> Any:
    """What is at a path in a value, whatever its class says of brackets."""
    for key in path:
        base: Any = next((cls for cls in _CONTAINERS if isinstance(x, cls)), None)
        x = base.__getitem__(x, key) if base is not None else dict(contents(x) or ())[key]
    return x


def leaves(x: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """All leaves with their paths; what is found twice is walked through once."""
    return _leaves(x, path, {})


def _leaves(x: Any, path: Path, seen: dict[int, Any]) -> Iterator[tuple[Path, Any]]:
    if (items := contents(x)) is None:
        yield path, x
    elif isinstance(x, tuple) or id(x) not in seen:
        seen[id(x)] = x  # `flatten` may make what nobody else keeps
        for k, v in items:
            yield from _leaves(v, (*path, k), seen)


def mapped(make: Callable[..., Any], operator: str, x: Any, *others: Any,
           keeps: Callable[[Any], Any] | None = None, root: str = "x") -> Any:
    """The structure of `x` with `make(path, leaf, *leaves of the others)` at each leaf.

    Lists, dicts and objects that are found twice are walked through once, and are one in the
    result; objects are made without their constructors.  Constant fields are None in it, or what
    `keeps` makes of them.

    Raises
    ------
    TypeError
        One of the others has another structure; None fits any, and stands for None at each leaf.
    """
    return _Walk(make, operator, keeps or _none, root, {}).value((), x, others)


def _none(_: Any) -> None:
    return None


@dataclass(frozen=True, eq=False)
class _Walk:
    make: Callable[..., Any]
    operator: str
    keeps: Callable[[Any], Any]
    root: str
    seen: _Seen

    def value(self, path: Path, x: Any, others: tuple) -> Any:
        items = contents(x)
        if items is None:
            return self.make(path, x, *others)
        if isinstance(x, tuple):
            found = [g for _, g in self.items(path, x, items, others)]
            made = like_tuple(x, found)
            if type(made) is type(x):
                for name, v in getattr(x, "__dict__", {}).items():
                    put_attribute(made, name, self.keeps(v))
            return made
        if id(x) in self.seen:
            return self.again(path, x, others)
        known = None if isinstance(x, _CONTAINERS) else registered(class_of(x))
        made = shell(x) if known is None else None
        self.seen[id(x)] = x, others, made
        found = self.items(path, x, items, others)
        if known is not None:
            made = known.unflatten_func(known.flatten_func(x)[1], tuple([g for _, g in found]))
            self.seen[id(x)] = x, others, made
            return made
        if isinstance(x, _CONTAINERS):
            for key, g in found:
                put(made, key, g)
            if self.keeps is not _none:
                for name, v in getattr(x, "__dict__", {}).items():
                    put_attribute(made, name, self.value((*path, Beside(name)), v,
                                                         (None,) * len(others)))
            return made
        fields = dict(found)
        for key, v in items_of(x) or ():
            put(made, key, fields[key] if key in fields else self.keeps(v))
        return made

    def again(self, path: Path, x: Any, others: tuple) -> Any:
        """What was made of a value that is found a second time."""
        _, before, made = self.seen[id(x)]
        if not all(q is None or p is q for p, q in zip(before, others, strict=True)):
            raise TypeError(f"{self.operator}: {spelled(path, self.root)} is found twice in it, "
                            "and has two tangents. Instead, give it one and the same in both "
                            "places.")
        if made is None:
            raise TypeError(f"{self.operator}: {spelled(path, self.root)} is found in itself, "
                            f"and its class, {type(x).__qualname__}, is registered. Instead, let "
                            "flatten leave out what leads back.")
        return made

    def items(self, path: Path, x: Any, items: list, others: tuple) -> Iterator[tuple[Any, Any]]:
        rest = [self.beside(o, x, [k for k, _ in items], path) for o in others]
        for i, (key, v) in enumerate(items):
            yield key, self.value((*path, key), v, tuple([o[i] for o in rest]))

    def beside(self, other: Any, x: Any, keys: list, path: Path) -> list:
        """What is beside the items of a value in another one of its structure."""
        if other is None:
            return [None] * len(keys)
        attributes = bool(keys) and isinstance(keys[0], Attribute)
        known = None if isinstance(x, _CONTAINERS) else registered(class_of(x))
        if attributes and isinstance(other, dict):
            given = other
        elif known is not None and isinstance(other, dict):
            given = dict(enumerate(children_of(known, x, {
                k: other.get(k) if holds_numbers(v) else v for k, v in items_of(x) or ()})))
        elif isinstance(x, dict):
            given = other if isinstance(other, dict) else None
        elif isinstance(x, _CONTAINERS):
            same = isinstance(other, (list, tuple, deque))
            given = dict(enumerate(other)) if same else None
        elif isinstance(other, dict):
            given = _children_of(other, x)
        else:
            given = _fields(other, class_of(x)) if isinstance(other, class_of(x)) else None
        where = f"{self.operator}: {spelled(path, self.root)}"
        if given is None or (given.keys() != set(keys) and not attributes):
            raise TypeError(f"{where} is {_described(x)}, and its tangent is {_described(other)}. "
                            "Instead, pass a tangent of the same structure, None for what does not "
                            "move.")
        strange = next((k for k, g in given.items() if k not in set(keys) and g is not None), None)
        if strange is not None:
            constant = strange in constant_fields(class_of(x))
            why = "a constant field, and does not move" if constant else "none of its attributes"
            raise TypeError(f"{where} is a {type(x).__name__}, and its tangent has {strange!r}, "
                            f"which is {why}. Instead, give those of {', '.join(map(str, keys))}.")
        return [given.get(k) for k in keys]


def _fields(x: Any, cls: type) -> dict[Any, Any]:
    """What is in an object of a class, be there numbers in it or not."""
    known = registered(cls)
    return dict(enumerate(known.flatten_func(x)[0])) if known is not None else \
        dict(items_of(x) or ())


def _children_of(dots: dict[Any, Any], x: Any) -> dict[Any, Any] | None:
    """The tangents of a registered class's children, of those of attributes; None: others'."""
    known, held = registered(class_of(x)), dict(items_of(x) or ())
    if known is None or not dots.keys() <= held.keys():
        return None
    return dict(enumerate(children_of(known, x, {
        k: v if not holds_numbers(v) else gradient(None, v) if dots.get(k) is None else dots[k]
        for k, v in held.items()})))


def _described(x: Any) -> str:
    of = f" of {len(x)}" if isinstance(x, (list, tuple, deque)) else \
        f" with the keys {list(x)}" if isinstance(x, dict) else ""
    return f"a {type(x).__name__}{of}"


# ----------------------------------------------------------------------------------- leaves


_PROXY: Any = types.MappingProxyType


def accepted_leaf(dot: Any, x: Any, what: str, operator: str) -> Any:
    """The tangent of what is no container, in its dtype; None where there is nothing to move."""
    if not is_differentiable(x):
        told = isinstance(x, (int, str, bytes, bool, type(None), np.ndarray, np.generic))
        shown: Any = dict(dot) if isinstance(dot, _PROXY) else dot
        if dot is not None and (np.any(dot) if told else holds_numbers(shown)):
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
