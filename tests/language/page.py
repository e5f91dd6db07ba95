"""`python -m tests.language.page` prints the table as docs/language.md."""

from __future__ import annotations

import collections
import inspect
import types
from dataclasses import dataclass
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
    lines = [_INTRODUCTION.format(count=len(table), waiting=_WAITING if waiting else "")]
    for area, title in AREAS.items():
        mine = _shown([case for case in table if case.area == area], waiting)
        lines += [f"## {title}\n", _overview(mine, waiting), ""]
        needed = {case.name: _needed(case) for case in mine}
        counts = collections.Counter(n for names in needed.values() for n in names)
        common = {n: thing for names in needed.values() for n, thing in names.items()
                  if counts[n] > 1 and thing not in [case.function for case in mine]}
        if common:
            lines += ["Used by several examples:\n", _code(common, None), ""]
        for case in mine:
            own = {n: thing for n, thing in needed[case.name].items() if n not in common}
            lines += [f"**{_capital(case.construct)}**: {_reason(case, waiting)}\n",
                      _code(own, case.function), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def _shown(table: list[Case], waiting: frozenset[str]) -> list[Case]:
    """The shortest case of each construct, one that is differentiated or refused before others."""

    def unfit(case: Case) -> tuple[bool, int]:
        return case.name in waiting, len(_code(_needed(case), case.function).splitlines())

    constructs = list(dict.fromkeys(case.construct for case in table))
    return [min((case for case in table if case.construct == construct), key=unfit)
            for construct in constructs]


# -------------------------------------------------------------------------------- verdicts


def _overview(shown: list[Case], waiting: frozenset[str]) -> str:
    rows = ["| | |", "|---|---|"]
    for verdict in ("supported", "not yet", "refused"):
        found = [case.construct for case in shown if _verdict(case, waiting) == verdict]
        if found:
            rows.append(f"| {verdict} | {'; '.join(found).replace('|', chr(92) + '|')} |")
    return "\n".join(rows)


def _verdict(case: Case, waiting: frozenset[str]) -> str:
    if case.error is not None:
        return "refused"
    return "not yet" if case.name in waiting else "supported"


def _reason(case: Case, waiting: frozenset[str]) -> str:
    if case.error is None:
        return f"{_verdict(case, waiting)}."
    kind = "" if case.error == "DifferentiationError" else f" (`{case.error}`)"
    return f"refused{kind}: {case.reason}."


def _capital(words: str) -> str:
    return words if words.startswith("`") else words[:1].upper() + words[1:]


# ------------------------------------------------------------------------------------ code


def _code(others: dict[str, Any], function: Any) -> str:
    """A block with a function, after the functions, classes and constants that it needs."""
    ordered = sorted(others.values(), key=_line)
    constants = [thing for thing in ordered if isinstance(thing, _Constant)]
    made = [_text(t) for t in ordered if not isinstance(t, _Constant) and t is not function]
    top = ["\n".join(c.text for c in constants)] if constants else []
    last = [_text(function)] if function is not None else []
    return "\n".join(["```python", "\n\n\n".join([*top, *made, *last]), "```"])


@dataclass(frozen=True)
class _Constant:
    """A global name that is bound to neither a function nor a class."""

    text: str
    line: int


def _needed(case: Case) -> dict[str, Any]:
    """What a case needs of its module, by name, and what that needs."""
    found: dict[str, Any] = {}
    _gather(case.function, case.area, found)
    scope = vars(inspect.getmodule(case.function))
    for used in case.arguments.__code__.co_names:
        if isinstance(scope.get(used), type):
            _gather(scope[used], case.area, found)
    del found[case.function.__name__]
    return found


def _gather(thing: Any, area: str, found: dict[str, Any]) -> None:
    plain = inspect.unwrap(thing)
    name = plain.__name__
    if name in found or area_of(plain) != area:
        return
    module = inspect.getmodule(plain)
    if _constant(name, module, found):  # a namedtuple
        return
    found[name] = thing
    for base in plain.__mro__[1:] if isinstance(plain, type) else ():
        _gather(base, area, found)
    codes = [c for m in vars(plain).values() for c in _codes(m)] if isinstance(plain, type) \
        else _codes(plain)
    for used in sorted({n for code in codes for n in code.co_names if n in vars(module)}):
        value = vars(module)[used]
        if isinstance(inspect.unwrap(value) if callable(value) else value,
                      (type, types.FunctionType)):
            _gather(value, area, found)
        elif used not in found and not isinstance(value, types.ModuleType):
            _constant(used, module, found)


def _constant(name: str, module: Any, found: dict[str, Any]) -> bool:
    for number, line in enumerate(inspect.getsource(module).splitlines()):
        if line.startswith(f"{name} = "):
            found[name] = _Constant(line, number)
    return name in found


def _codes(member: Any) -> list[types.CodeType]:
    """The code of a function, of what a method or property wraps, and of all nested in it."""
    wrapped = [getattr(member, n, None) for n in ("fget", "fset", "__func__", "func")]
    if callable(member) and not isinstance(member, type):
        wrapped.append(inspect.unwrap(member))
    codes = [f.__code__ for f in wrapped if isinstance(f, types.FunctionType)]
    for code in codes:
        codes += [c for c in code.co_consts if isinstance(c, types.CodeType)]
    return codes


def _line(thing: Any) -> int:
    return thing.line if isinstance(thing, _Constant) else inspect.getsourcelines(thing)[1]


def _text(thing: Any) -> str:
    """The source, without the decorator that enters it into the table."""
    lines = inspect.getsource(thing).rstrip().splitlines()
    if lines[0].startswith(("@supported", "@refused")):
        starts = [i for i, line in enumerate(lines[1:], 1) if line.startswith(("def ", "@"))]
        lines = lines[starts[0]:]
    return "\n".join(lines)


def main() -> None:
    """Write the page."""
    PAGE.write_text(text(), "utf-8")


if __name__ == "__main__":
    main()
