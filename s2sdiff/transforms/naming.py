"""The last word on generated names: what is left after folding is numbered anew.

A generated name is a stem (`sin_x`, `step`, `result_bar`) and a number only where one is needed.
The user's names, parameters and everything read from outside stay as they are.
"""

from __future__ import annotations

import builtins
import itertools
import keyword
import re
from collections.abc import Iterator

from s2sdiff import ir
from s2sdiff.ir import Def, Exit, Function, Inlined, Ref, Var, replace
from s2sdiff.runtime.own_fields import said
from s2sdiff.transforms.spread import RETURNED

__all__ = ["SUFFIXES", "run", "stem_of", "suffix_of"]

SUFFIXES = ("_bar", "_was", "_shape", "_pullback", "_parts")
_NUMBERED = re.compile(r"(.*[^_])_\d+")


def suffix_of(name: str) -> str:
    """What a name has behind that of the variable that it speaks of; mostly nothing."""
    if name.endswith(SUFFIXES):
        for suffix in SUFFIXES:
            if name.endswith(suffix):
                return suffix
    return ""


def stem_of(name: str, users: frozenset[str] | set[str]) -> str:
    """A name without the numbers that made it unique.

    >>> stem_of("step_3_bar_1", {"step"}), stem_of("x_1", {"x_1"})
    ('step_bar', 'x_1')
    """
    if name in users:
        return name
    if name.startswith(RETURNED):
        return "gradients"  # they stay in front of what a call could bind anew
    if name.endswith(SUFFIXES):
        for suffix in SUFFIXES:
            if name.endswith(suffix) and name != suffix:
                return stem_of(name[:-len(suffix)], users) + suffix
    found = _NUMBERED.fullmatch(name) if name[-1:].isdigit() else None
    return stem_of(found[1], users) if found else name


def run(function: Function) -> Function:
    """The function with its generated variables renamed."""
    found = _in_order(function.body)
    fixed = {p.name for p in function.params} | function.names | function.free
    fixed |= {s.name for s in ir.statements(function) if type(s) is Def}
    own = [n for n in found if n not in fixed]
    names = _Numbering(function, fixed | _outside(function), own).chosen
    changed = {old: new for old, new in names.items() if old != new}
    return replace(function, body=ir.rename(function.body, changed)) if changed else function


def _in_order(block: ir.Block) -> list[str]:
    found: dict[str, None] = {}
    for s in ir.walk(block):
        for name in ir.defines(s):
            found[name] = None
        if type(s) is Def:
            found.update(dict.fromkeys(s.params))  # type: ignore[union-attr]
    return list(found)


def _outside(function: Function) -> set[str]:
    """Names that mean something around the function, or may be written in it."""
    # An interactive session's last value is no name that code may mean.
    taken = {function.name, "np", "rt"}.union(keyword.kwlist, vars(builtins)) - {"_"}
    if function.origin is not None:
        taken.update(function.origin.__globals__, function.origin.__code__.co_freevars)
    seen: set[tuple[int, str | None]] = set()
    for s in ir.statements(function):
        for a in ir.atoms(s):
            if type(a) is Ref and (id(a.object), a.spelling) not in seen:
                seen.add((id(a.object), a.spelling))
                if a.spelling:
                    taken.add(a.spelling.partition(".")[0])
                own = said(a.object, "__s2sdiff_name__")
                if own:
                    taken.add(str(own).partition(".")[0])
    return taken


class _Numbering:
    """Chooses names, stem by stem; the value that the function returns comes first."""

    def __init__(self, function: Function, taken: set[str], own: list[str]) -> None:
        self.users, self.taken = function.names, taken
        self.chosen, self.given = dict[str, str](), set[str]()
        stems = {n: stem_of(n, self.users) for n in own}
        first = _important(function.body)
        plain = [n for n in own if not stems[n].endswith(SUFFIXES)]
        named_after = [n for n in own if stems[n].endswith(SUFFIXES)]
        # What is named after another variable follows it.
        for names in (plain, named_after):
            groups: dict[str, list[str]] = {}
            for n in names:
                groups.setdefault(stems[n], []).append(n)
            for stem, group in groups.items():
                self.name(stem, group, first)

    def name(self, stem: str, group: list[str], first: set[str]) -> None:
        rest = []
        for n in group:
            wish = self.followed(n)
            if wish is not None and wish not in self.taken:
                self.give(n, wish)
            else:
                rest.append(n)
        free = stem not in self.taken
        best = next((n for n in rest if n in first), None)
        if best is None and stem in rest and stem.partition("_")[0] != "result":
            best = stem
        # `result` is what the function returns, never a part of it; `y_bar` is that of y itself.
        whole = stem.partition("_")[0] == "result" or self.owner(stem) in self.users
        if free and (best or (len(rest) == 1 == len(group) and not whole)):
            chosen = best or rest[0]
            self.give(chosen, stem)
            rest.remove(chosen)
        candidates = (c for c in _numbered(stem) if self.is_free(c))
        for n, candidate in zip(rest, candidates, strict=False):
            self.give(n, candidate)

    def followed(self, name: str) -> str | None:
        """`y_1_bar` for the cotangent of what is now called `y_1`."""
        for suffix in SUFFIXES if name.endswith(SUFFIXES) else ():
            owner = name[:-len(suffix)]
            if name.endswith(suffix) and owner in self.chosen:
                return self.chosen[owner] + suffix
        return None

    def owner(self, name: str) -> str | None:
        """The variable that `y_bar`, `y_shape`, … speak of."""
        suffix = suffix_of(name)
        return name[:-len(suffix)] if suffix else None

    def is_free(self, candidate: str) -> bool:
        """Not taken, nor the cotangent of something else by its name."""
        return candidate not in self.taken and self.owner(candidate) not in self.given

    def give(self, name: str, chosen: str) -> None:
        self.chosen[name] = chosen
        self.given.add(chosen)
        self.taken.add(chosen)


def _numbered(stem: str) -> Iterator[str]:
    """`y_1`, `y_2`, …; `y_1_bar`, `y_2_bar`, …"""
    suffix = suffix_of(stem)
    owner = stem.removesuffix(suffix)
    yield from (f"{owner}_{n}{suffix}" for n in itertools.count(1))


def _important(body: ir.Block) -> set[str]:
    """What is returned, and a pullback's parameters: they get the plain name."""
    found: set[str] = set()
    for s in ir.walk(body):
        if type(s) is ir.Bind:
            continue
        if isinstance(s, Def):
            found.update(s.params)
        elif isinstance(s, Exit) and s.kind == "return":
            values = s.value.bind.args if isinstance(s.value, Inlined) else (s.value,)
            found.update(v.name for v in values if isinstance(v, Var))
    return found
