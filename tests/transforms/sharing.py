"""What the tests of memory share: who shares with whom when a function runs, and what is said."""

from __future__ import annotations

import functools
import sys
import types
from typing import Any

import numpy as np

from s2sdiff.transforms import effects
from tests.transforms.programs import stages

__all__ = [
    "Box", "changed", "covers", "found_in", "locals_of", "may_share", "really_share", "summary",
]


_PLAIN = (int, float, complex, str, type(None), type, types.ModuleType, np.generic)


class Box:
    """An object with one field, which stays an object: somebody sees it go."""

    def __init__(self, w: Any) -> None:
        self.w = w

    def __del__(self) -> None:
        pass

    def scale(self, by: Any) -> None:
        """Changes the field in place."""
        self.w *= by

    def field(self) -> Any:
        """The field itself."""
        return self.w

    @property
    def part(self) -> Any:
        """A view of the field."""
        return self.w[1:]


def locals_of(function: Any, *args: Any) -> dict[str, Any]:
    """The variables of a function when it returns."""
    found: dict[str, Any] = {}

    def seen(frame: Any, event: str, _: Any) -> None:
        if event == "return" and frame.f_code is function.__code__:
            found.update(frame.f_locals)

    sys.setprofile(seen)
    try:
        function(*args)
    finally:
        sys.setprofile(None)
    return found


def found_in(x: Any) -> list[Any]:
    """All arrays and mutable objects in a value, itself included."""
    found: dict[int, Any] = {}

    def visit(x: Any) -> None:
        if isinstance(x, _PLAIN) or id(x) in found:
            return
        if not isinstance(x, tuple):
            found[id(x)] = x
        if isinstance(x, dict):
            inside = list(x.values())
        elif isinstance(x, (list, tuple, set)):
            inside = list(x)
        elif isinstance(x, types.FunctionType):
            inside = [c.cell_contents for c in x.__closure__ or ()]
        elif isinstance(x, functools.partial):
            inside = [x.func, *x.args, *x.keywords.values()]
        elif isinstance(x, types.MethodType):
            inside = [x.__self__]
        else:
            inside = list(getattr(x, "__dict__", {}).values())
        for i in inside:
            visit(i)

    visit(x)
    return list(found.values())


def really_share(x: Any, y: Any) -> bool:
    """Whether a write by way of one value may be seen by way of the other."""
    return any(a is b or (isinstance(a, np.ndarray) and isinstance(b, np.ndarray)
                          and np.shares_memory(a, b))
               for a in found_in(x) for b in found_in(y))


def may_share(function: Any, args: tuple, *pair: str) -> bool:
    """What the analysis says of two variables of a function, of what is in them, too."""
    made = stages(function, *args)
    memory, bases = made["context"].memory, {**made["effects"].bases, **made["context"].names.bases}
    reached = []
    for name in pair:
        versions = [n for n in memory.parent if isinstance(n, str) and bases.get(n, n) == name]
        assert versions, f"{name} is not there any more"
        nodes = set()
        for node in map(memory.find, versions):
            while node is not None and node not in nodes:
                nodes.add(node)
                node = memory.inner(node)
        reached.append(nodes)
    return not reached[0].isdisjoint(reached[1])


def summary(function: Any) -> set[str]:
    """What the analysis says that a call of a function may write."""
    return set(effects.summary(function))


def covers(said: set[str], names: set[str]) -> bool:
    """Whether an answer allows for these parameters."""
    return "*" in said or names <= said


def changed(function: Any, args: dict[str, Any]) -> set[str]:
    """The arguments from which something is reached that a call changes."""
    before = {name: _contents(x) for name, x in args.items()}
    function(**args)
    return {name for name, x in args.items() if _contents(x) != before[name]}


def _contents(x: Any) -> list[Any]:
    found = []
    for part in found_in(x):
        if isinstance(part, np.ndarray):
            found.append(part.tobytes())
        elif isinstance(part, (list, dict, set)):
            found.append([id(i) if not isinstance(i, (int, float, str)) else i for i in (
                [*part, *part.values()] if isinstance(part, dict) else part)])
        else:
            found.append({k: id(v) if not isinstance(v, (int, float, str)) else v
                          for k, v in vars(part).items()} if hasattr(part, "__dict__") else None)
    return found
