"""The table: each function is a case, entered by the decorator above it."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

__all__ = ["AREAS", "PENDING", "Case", "area_of", "cases", "pending", "refused", "supported"]

#: Module of this folder -> its heading on the page, in the page's order.
AREAS = {
    "containers_lists": "Lists",
    "containers_dicts": "Dicts and sets",
    "comprehensions": "Comprehensions and iterators",
    "generators": "Generators",
    "unpacking": "Tuples and unpacking",
    "array_writes": "Writing into arrays",
    "array_views": "Views of arrays",
    "out_arguments": "Functions that write into an array",
    "aliasing": "Several names for one thing",
    "objects_fields": "Fields of objects",
    "objects_methods": "Methods",
    "dataclasses_and_inheritance": "Dataclasses and inheritance",
    "operators_of_users": "Classes that define operators",
    "attributes_of_users": "Classes that define attributes and loops",
    "classes_of_containers": "Classes derived from dict and list",
    "closures": "Nested functions",
    "decorators_and_recursion": "Decorators and recursion of nested functions",
    "callbacks": "Functions as values",
    "functional_tools": "map, reduce, functools and itertools",
    "control_flow": "Branches and loops",
    "try_and_with": "try and raise",
    "with_statements": "with",
    "match_and_walrus": "match, walrus and other statements",
    "looking": "Code that only looks",
    "calls": "Calls and arguments",
    "arguments": "Kinds of arguments and of results",
    "pairs": "Writes, views and loops within each other",
    "more_pairs": "Containers and functions within each other",
    "pairs_of_objects": "Objects within each other",
    "traps_of_arrays": "Where it is easy to be wrong: arrays",
    "traps_of_containers": "Where it is easy to be wrong: containers and objects",
    "settings": "Settings that are read by names from outside",
    "caches": "Caches that are written by hand",
    "random_and_markers": "Random numbers, checkpoints and hooks",
    "other_values": "Values of other kinds",
    "programs": "Small programs",
}

#: Names of the cases that this version does not differentiate yet, one a line.
PENDING = Path(__file__).parent / "pending.txt"

_CASES: dict[str, list[Case]] = {}


@dataclass(frozen=True)
class Case:
    """A function with arguments, and what is promised about its derivative.

    Attributes
    ----------
    construct : what it shows, as the page calls it
    arguments : makes the positional arguments of one call anew
    keywords : makes the keyword arguments; they have no gradient
    error, message, reason : for what is refused: the error's class, a regular expression for its
        text, and the reason as the page gives it
    """

    function: Callable[..., Any]
    construct: str
    arguments: Callable[[], tuple]
    keywords: Callable[[], dict[str, Any]] = field(default=dict)
    error: str | None = None
    message: str = ""
    reason: str = ""

    @property
    def area(self) -> str:
        return area_of(self.function)

    @property
    def name(self) -> str:
        return f"{self.area}.{self.function.__name__}"


def area_of(function: Any) -> str:
    """The module of this folder that defines a function or class."""
    return function.__module__.rpartition(".")[2]


def supported(
    construct: str, arguments: Callable[[], tuple],
    keywords: Callable[[], dict[str, Any]] = dict,
) -> Callable[[Any], Any]:
    """Enter the function below as one that is differentiated."""
    return lambda function: _entered(Case(function, construct, arguments, keywords))


def refused(
    construct: str, arguments: Callable[[], tuple], error: str, message: str, reason: str,
) -> Callable[[Any], Any]:
    """Enter the function below as one that is refused, at the line that ends in `# here`."""
    return lambda function: _entered(
        Case(function, construct, arguments, dict, error, message, reason))


def _entered(case: Case) -> Any:
    found = _CASES.setdefault(case.area, [])
    assert all(c.function.__name__ != case.function.__name__ for c in found), case.name
    found.append(case)
    # The function itself: what is tested is a plain function, as a user would write it.
    return case.function


def cases() -> list[Case]:
    """All cases, area by area, in the order in which they are written."""
    for area in AREAS:
        importlib.import_module(f"tests.language.{area}")
    return [case for area in AREAS for case in sorted(_CASES[area], key=_line)]


def _line(case: Case) -> int:
    return inspect.unwrap(case.function).__code__.co_firstlineno


def pending() -> frozenset[str]:
    """Names of the cases that fail today; none where there is no such file."""
    return frozenset(PENDING.read_text("utf-8").split()) if PENDING.exists() else frozenset()
