"""`python -m tests.language.page` prints the table as docs/language.md."""

from __future__ import annotations

import functools
import inspect
import itertools
import textwrap
import types
from pathlib import Path
from typing import Any

from tests.language.table import AREAS, Case, area_of, cases, pending

__all__ = ["PAGE", "main", "text"]

PAGE = Path(__file__).parents[2] / "docs" / "language.md"

_INTRODUCTION = """\
# The language that is differentiated

What numeric Python is written in, construct by construct: whether it is differentiated, and one
example of each. This page is printed from the table in `tests/language/` by `python -m
tests.language.page`. The tests run all of it, {count} functions: value and written arguments are
compared bit for bit with the plain call, gradients with finite differences, and every pullback is
called three times, the last time after the caller has overwritten the arguments.

* **supported**: right, to any depth of nesting, alone and together with the others.
* **refused**: raises a `DifferentiationError` where execution reaches it with a value that has a
  derivative. The message says where, why, and what to write instead. Code that is not reached, or
  that has nothing to do with the derivative, refuses nothing.
{waiting}
A function may write into its arguments: the gradient is with respect to what they were on entry,
and afterwards they are as after the plain call.
"""

_WAITING = """\
* **not yet**: meant to be supported, and refused by this version.
"""


def text() -> str:
    """The page, the same for the same table."""
    table, waiting = cases(), pending()
    shown = _shown(table, waiting)
    lines = [_INTRODUCTION.format(count=len(table),
                                  waiting=_WAITING if waiting else "")]
    for area, title in AREAS.items():
        mine = [case for case in shown if case.area == area]
        lines += [f"## {title}\n", _overview(mine, waiting), ""]
        for case in mine:
            lines += [f"### {_capital(case.construct)}\n", _reason(case, waiting), "",
                      "```python", _source(case), "```", ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def _shown(table: list[Case], waiting: frozenset[str]) -> list[Case]:
    """One case for each construct of an area: the first that is differentiated or refused."""
    chosen: dict[tuple[str, str], Case] = {}
    for case in table:
        key = case.area, case.construct
        if key not in chosen or (chosen[key].name in waiting and case.name not in waiting):
            chosen[key] = case
    return list(chosen.values())


def _overview(shown: list[Case], waiting: frozenset[str]) -> str:
    rows = ["| | |", "|---|---|"]
    groups = itertools.groupby(sorted(shown, key=lambda c: _verdict(c, waiting)),
                               lambda c: _verdict(c, waiting))
    order = ["supported", "not yet", "refused"]
    found = {name: [c.construct for c in group] for name, group in groups}
    rows += [f"| {name} | {'; '.join(found[name])} |" for name in order if name in found]
    return "\n".join(rows)


def _verdict(case: Case, waiting: frozenset[str]) -> str:
    if case.error is not None:
        return "refused"
    return "not yet" if case.name in waiting else "supported"


def _reason(case: Case, waiting: frozenset[str]) -> str:
    if case.error is None:
        return f"*{_capital(_verdict(case, waiting))}.*"
    return f"*Refused* (`{case.error}`): {case.reason}."


def _capital(words: str) -> str:
    return words if words.startswith("`") else words[:1].upper() + words[1:]


def _source(case: Case) -> str:
    """The function, after those functions and classes of its module that it needs."""
    found: dict[str, Any] = {}
    _needed(case.function, area_of(case.function), found)
    others = [thing for thing in found.values() if thing is not case.function]
    others.sort(key=lambda thing: inspect.getsourcelines(thing)[1])
    return "\n\n\n".join([*(_text(thing) for thing in others), _function_text(case.function)])


def _needed(thing: Any, area: str, found: dict[str, Any]) -> None:
    name = getattr(thing, "__qualname__", "")
    plain = inspect.unwrap(thing) if callable(thing) else thing
    if name in found or not isinstance(plain, (type, types.FunctionType)) or \
            getattr(thing, "__module__", "").rpartition(".")[2] != area:
        return
    found[name] = thing
    scope = vars(inspect.getmodule(plain))
    if isinstance(plain, type):
        codes = [c for member in vars(plain).values() for c in _codes(member)]
        for base in plain.__mro__[1:]:
            _needed(base, area, found)
    else:
        codes = _codes(plain)
    for used in sorted({n for code in codes for n in code.co_names}):
        if used in scope:
            _needed(scope[used], area, found)


def _codes(member: Any) -> list[types.CodeType]:
    """The code of a function, of what a method or property wraps, and of all nested in it."""
    parts = [getattr(member, n, None) for n in ("fget", "fset", "__func__")]
    if isinstance(member, functools.cached_property):
        parts.append(member.func)
    functions = [f for f in (inspect.unwrap(member) if callable(member) else None, *parts) if f]
    codes = [f.__code__ for f in functions if isinstance(f, types.FunctionType)]
    for code in codes:
        codes += [c for c in code.co_consts if isinstance(c, types.CodeType)]
    return codes


def _function_text(function: Any) -> str:
    """A function without the decorator that enters it into the table."""
    lines = inspect.getsource(function).rstrip().splitlines()
    start = next(i for i, line in enumerate(lines)
                 if line.startswith("def ") or (line.startswith("@") and not _enters(line)))
    return "\n".join(lines[start:])


def _enters(line: str) -> bool:
    return line.startswith(("@supported", "@refused"))


def _text(thing: Any) -> str:
    found = textwrap.dedent(inspect.getsource(thing)).rstrip()
    return _function_text(thing) if found.startswith(("@supported", "@refused")) else found


def main() -> None:
    """Write the page."""
    PAGE.write_text(text(), "utf-8")


if __name__ == "__main__":
    main()
