"""What functions that solvers are given write, noted and put back.

A function may count its calls, or note what has no derivative: the solver's run leaves that as a
plain run does.  The runs at the solution leave all as they have found it.  What has a derivative
may be written by none of them, as nobody could tell how it depends on the way to the solution.
"""

from __future__ import annotations

import contextlib
import functools
import types
from collections import deque
from collections.abc import Iterator
from typing import Any

import numpy as np

from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.contents import items_of
from s2sdiff.runtime.inert import NUMBERLESS, is_inert
from s2sdiff.runtime.noted import fill, unchanged
from s2sdiff.runtime.outside import (
    CARRYING,
    bare_names,
    is_of_library,
    leads_to,
    looks_up,
    names_in_modules,
    root_of,
)
from s2sdiff.runtime.replay import GENERATORS, of_modules

__all__ = ["State", "seen_state", "state_of"]


class State:
    """What functions lead to, with what it held.

    Attributes
    ----------
    places : containers, objects and arrays, with copies of what they held
    names : tables of global names and classes, the name and what it meant
    cells : the captured variables, with what they were
    hidden : what has, or leads to, a state that nobody sees
    generators : of random numbers, which keep theirs
    common : those of modules, which functions draw from
    """

    def __init__(self) -> None:
        self.places: list[tuple[Any, Any]] = []
        self.names: list[tuple[Any, str, Any]] = []
        self.cells: list[tuple[types.CellType, Any]] = []
        self.hidden: list[Any] = []
        self.generators: list[Any] = []
        self.common: list[Any] = []

    def is_still(self) -> bool:
        """Whether nothing that has a derivative has changed."""
        return all(_is_still(_held(x), content) for x, content in self.places) and all(
            _same(was, now) for was, now in self._bound())

    def is_exact(self) -> bool:
        """Whether nothing at all has changed."""
        return all(was is now for was, now in self._bound()) and all(
            _is_exact(_held(x), content) for x, content in self.places)

    def renewed(self) -> State:
        """The same places, names and cells, with what they hold now."""
        state = State()
        state.places = [(x, x.copy() if isinstance(x, np.ndarray) else _held(x))
                        for x, _ in self.places]
        state.names = [(table, name, _meant(table, name)) for table, name, _ in self.names]
        state.cells = [(cell, _content(cell)) for cell, _ in self.cells]
        return state

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Around a run that may write no array of floats: NumPy raises there.

        What was written may be what was there before, so that no look behind the run tells.
        """
        arrays = [x for x, _ in self.places if isinstance(x, np.ndarray)
                  and x.dtype.kind in "fc" and x.flags.writeable]
        for x in arrays:
            x.flags.writeable = False
        try:
            yield
        finally:
            for x in sorted(arrays, key=lambda x: x.base is not None):
                x.flags.writeable = True  # first what views are of

    def moved(self) -> list[tuple[Any, Any, Any]] | None:
        """Containers, objects and cells, with the keys of what now has a derivative and is new.

        None where something else has changed: an array, or a global name.
        """
        found: list[tuple[Any, Any, Any]] = []
        for x, content in self.places:
            now = _held(x)
            if isinstance(x, np.ndarray):
                if not _is_still(now, content):
                    return None
                continue
            was = dict(content)
            found += [(x, k, v) for k, v in now if not _same(was.pop(k, _NOTHING), v)]
            if not all(map(is_inert, was.values())):
                return None
        found += [(c, "cell_contents", _content(c)) for c, was in self.cells
                  if not _same(was, _content(c))]
        same = all(_same(was, _meant(table, name)) for table, name, was in self.names)
        return found if same else None

    def _bound(self) -> Iterator[tuple[Any, Any]]:
        yield from ((was, _meant(table, name)) for table, name, was in self.names)
        yield from ((was, _content(cell)) for cell, was in self.cells)

    def put_back(self) -> None:
        """Let all of it be there again."""
        for x, content in self.places:
            now = _held(x)
            if isinstance(x, np.ndarray):
                if not _is_exact(x, content):
                    fill(x, content)
            elif not unchanged(now, content):
                fill(x, content)
        for table, name, was in self.names:
            if _meant(table, name) is not was:
                _bind(table, name, was)
        for cell, was in self.cells:
            if _content(cell) is not was:
                if was is _NOTHING:
                    del cell.cell_contents
                else:
                    cell.cell_contents = was


def state_of(*values: Any) -> State | None:
    """What functions and other values lead to now.

    None where something is among it of which nobody sees the state.

    >>> counts = {"n": 0}
    >>> state = state_of(counts)
    >>> counts["n"] += 1
    >>> state.is_still()
    True
    >>> state.put_back()
    >>> counts, state_of(iter([])) is None
    ({'n': 0}, True)
    """
    state = seen_state(*values)
    return None if state.hidden or state.generators else state


def seen_state(*values: Any, copies: bool = True) -> State:
    """What of the state of all that functions and other values lead to can be seen.

    Without `copies`, arrays are left out.

    >>> state = seen_state([1.0], iter([]), np.random.default_rng(0))
    >>> state.places, [type(x).__name__ for x in (*state.hidden, *state.generators)]
    ([([1.0], [(0, 1.0)])], ['list_iterator', 'Generator'])
    """
    state, seen, waiting = State(), {}, [*values]
    while waiting:
        x = waiting.pop()
        cls = class_of(x)
        if cls in _PLAIN or x is _NOTHING or id(x) in seen or isinstance(x, _STATELESS):
            continue
        seen[id(x)] = x
        if isinstance(x, np.ndarray):
            state.places += [(x, x.copy())] if copies else []
            waiting += x.ravel().tolist() if x.dtype.kind == "O" else []
        elif isinstance(x, types.FunctionType):
            if root_of(x) == "s2sdiff":
                waiting += [_content(cell) for cell in x.__closure__ or ()]
                if not x.__closure__:
                    continue  # a helper of generated code, of which there are many
            elif not is_of_library(x):
                if looks_up(x):
                    state.hidden.append(x)
                _note_function(state, x)
            waiting += leads_to(x)
        elif isinstance(x, type):
            if not is_of_library(x):
                state.names += [(x, n, v) for n, v in vars(x).items()
                                if n[:2] != "__" and not isinstance(v, _OF_CLASSES)]
            waiting += leads_to(x)
        elif isinstance(x, types.ModuleType):
            if not is_of_library(x):
                state.hidden.append(x)  # which of its names are read, nobody has said
        elif isinstance(x, (tuple, frozenset, *CARRYING)):
            waiting += leads_to(x)
        elif isinstance(x, GENERATORS):
            state.generators.append(x)
        elif is_compilers(cls):
            continue  # what it remembers leads to all that was ever compiled
        elif isinstance(x, _CONTAINERS) or _is_pythons(cls):
            _note_place(state, x, waiting)
        elif not isinstance(x, NUMBERLESS):
            state.hidden.append(x)
    return state


def is_compilers(cls: type) -> bool:
    """Whether objects of a class are the compiler's own, which no user's function reads.

    >>> is_compilers(State), is_compilers(dict)
    (True, False)
    """
    return root_of(cls) == "s2sdiff" and not cls.__module__.startswith("s2sdiff.nn")


def _note_function(state: State, f: types.FunctionType) -> None:
    state.cells += [(cell, _content(cell)) for cell in f.__closure__ or ()]
    state.names += [(f.__globals__, n, f.__globals__[n]) for n in bare_names(f.__code__)
                    if n in f.__globals__]
    state.names += [*names_in_modules(f)]
    state.names += [(vars(f), n, v) for n, v in vars(f).items() if n[:2] != "__"]
    state.common += of_modules(f)


def _note_place(state: State, x: Any, waiting: list[Any]) -> None:
    content = _held(x)
    state.places.append((x, content))
    waiting += [v for _, v in content]
    cls = class_of(x)
    if isinstance(x, dict):
        waiting += [k for k, _ in content]
    if isinstance(x, _CONTAINERS) and cls not in _CONTAINERS and hasattr(x, "__dict__"):
        waiting.append(x.__dict__)
    if not is_of_library(cls):
        waiting.append(cls)


_PLAIN = frozenset({int, float, complex, bool, str, bytes, type(None), types.EllipsisType,
                    np.float64})
_STATELESS = (int, float, complex, str, bytes, np.generic, np.ufunc, np.dtype, range, slice,
              types.CodeType, types.MethodDescriptorType, types.WrapperDescriptorType,
              types.MemberDescriptorType, types.GetSetDescriptorType)
_CONTAINERS = (list, dict, set, deque, types.SimpleNamespace)
_OF_CLASSES = (types.MemberDescriptorType, types.GetSetDescriptorType)
_OF_C = (types.MethodDescriptorType, types.WrapperDescriptorType)
_NOTHING = object()


@functools.lru_cache(maxsize=1024)
def _is_pythons(cls: type) -> bool:
    """Nothing in C stands behind a class, whose objects would have a state that nobody sees."""
    return all(c is object or (c.__flags__ & 1 << 9 and isinstance(
        vars(c).get("__new__"), (staticmethod, types.FunctionType, type(None))) and not any(
            isinstance(v, _OF_C) for v in vars(c).values())) for c in cls.__mro__)


def _held(x: Any) -> Any:
    return x if isinstance(x, np.ndarray) else items_of(x) or []


def _content(cell: types.CellType) -> Any:
    return cell.cell_contents if cell != _EMPTY else _NOTHING


_EMPTY = types.CellType()


def _meant(table: Any, name: str) -> Any:
    return (vars(table) if isinstance(table, type) else table).get(name, _NOTHING)


def _bind(table: Any, name: str, value: Any) -> None:
    if isinstance(table, type):
        setattr(table, name, value)
    else:
        table[name] = value


def _is_exact(now: Any, before: Any) -> bool:
    if not isinstance(before, np.ndarray):
        return unchanged(now, before)
    return now.shape == before.shape and now.dtype == before.dtype and _same_bytes(now, before)


def _same_bytes(one: np.ndarray, other: np.ndarray) -> bool:
    if not (one.flags.c_contiguous and other.flags.c_contiguous) or one.dtype.hasobject:
        return one.tobytes() == other.tobytes()
    words = np.uint64 if one.dtype.itemsize % 8 == 0 else np.uint8
    return np.array_equal(one.reshape(-1).view(words), other.reshape(-1).view(words))


def _is_still(now: Any, before: Any) -> bool:
    if isinstance(before, np.ndarray):
        return before.dtype.kind not in "fcO" or now.tobytes() == before.tobytes()
    was, found = dict(before), dict(now)
    return all(_same(was.get(k, _NOTHING), found.get(k, _NOTHING)) for k in {**was, **found})


def _same(was: Any, now: Any) -> bool:
    """The same, or nothing that has a derivative, before and after."""
    return was is now or all(v is _NOTHING or is_inert(v) for v in (was, now))
