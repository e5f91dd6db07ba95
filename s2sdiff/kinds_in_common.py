"""The kind that all items of a long list have, or all that a dict has under its keys.

Items of one structure are looked at column by column: of tuples each position, of dicts each key,
of objects each attribute, and of arrays rank and dtype.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from s2sdiff.kinds import SCALARS, Kind, field_of_dtype, kind_of, scalar
from s2sdiff.runtime.carried import class_of

__all__ = ["as_key", "key_in_common", "kind_in_common"]

#: More items are not looked through at each call, nor are structures that are deeper.
MOST, DEPTH = 100_000, 4
#: Tuples of more parts are long ones.
TUPLE = 8


def kind_in_common(values: Sequence[Any], fields_of: Callable[[Any], dict[str, Any] | None],
                   depth: int = DEPTH) -> Kind | None:
    """What is known of each of the values; None where they have nothing in common.

    >>> kind_in_common([(1, 0.5), (2, 0.25)], lambda value: None).items[1].type
    <class 'float'>
    >>> kind_in_common([1.0, "a"], lambda value: None) is None
    True
    """
    if not 0 < len(values) <= MOST or depth < 0:
        return None
    classes = set(map(class_of, values))
    if len(classes) != 1:
        return None
    (t,) = classes
    if t in SCALARS:
        return SCALARS[t]
    if t is np.ndarray:
        return _of_arrays({(a.ndim, a.dtype) for a in values})
    if issubclass(t, np.generic):
        return scalar(t)

    def columns(rows: Sequence[Any]) -> tuple[Kind, ...] | None:
        found = [kind_in_common(column, fields_of, depth - 1)
                 for column in zip(*rows, strict=True)]
        known = tuple([k for k in found if k is not None])
        return known if len(known) == len(found) else None

    if t is tuple:
        lengths = set(map(len, values))
        items = columns(values) if len(lengths) == 1 and max(lengths) <= TUPLE else None
        return None if items is None else Kind(t, items=items)
    if t is list:
        each = kind_in_common(list(itertools.chain.from_iterable(values)), fields_of, depth - 1)
        return None if each is None or not all(values) else Kind(t, value=each)
    inside = values if t is dict else [fields_of(v) for v in values]
    held: list[dict[str, Any]] = [d for d in inside if d is not None]
    if t is not dict and (len(held) < len(inside) or kind_of(values[0]).inert):
        return Kind(t) if kind_of(values[0]).inert else None
    keys = set(map(tuple, held))
    if len(keys) != 1:
        return None
    (names,) = keys
    if t is dict and not (names and all(type(k) is str for k in names)):
        return None
    items = columns([tuple(d.values()) for d in held]) if names else ()
    return None if items is None else Kind(t, items=items, value=names)


def as_key(kinds: Sequence[Kind]) -> Kind | None:
    """The kind of keys that have one and no derivative: of texts, ints or tuples of such."""
    if not kinds or any(k.type is not kinds[0].type for k in kinds):
        return None
    kind = kinds[0]
    if kind.type is str:
        return Kind(str)
    if kind.type is not tuple:
        return SCALARS[kind.type] if kind.type in (int, bool) else None
    if not kind.items or any(len(k.items or ()) != len(kind.items) for k in kinds):
        return None
    items = tuple([as_key([k.items[i] for k in kinds if k.items]) for i in range(len(kind.items))])
    return None if None in items else Kind(tuple, items=items)  # type: ignore[arg-type]


def key_in_common(keys: Iterable[Any]) -> Kind | None:
    """What is known of each of the keys of a dict, where they have no derivative.

    >>> key_in_common({(1, "a"): 0.5}).items[1].type
    <class 'str'>
    """
    found = kind_in_common(list(keys), lambda value: None)
    return None if found is None else as_key([found])


def _of_arrays(met: set[tuple[int, Any]]) -> Kind | None:
    ((rank, dtype),) = met if len(met) == 1 else ((0, None),)
    field = None if dtype is None else field_of_dtype(dtype)
    dims = tuple([f"?{i}" for i in range(rank)])
    return None if field is None else Kind(np.ndarray, dims, field, dtype)
