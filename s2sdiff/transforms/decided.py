"""Tests that kinds decide: `x is None`, `isinstance(x, T)`, `o.flag`, and their negations.

An option that was left out is None in every call of that kind, and a flag that an object holds is
part of its kind, so that what is done with it, or without it, is no branch there.
"""

from __future__ import annotations

import operator

from s2sdiff.ir import Bind, Block, Const, Exit, If, Ref, Var
from s2sdiff.kinds import Kind

__all__ = ["branch", "note"]


def note(s: Bind, kinds: list[Kind], known: dict[str, bool]) -> None:
    """Put down in `known` what a test gives, where the kinds of what it asks tell."""
    found = _value(s, kinds, known) if len(s.targets) == 1 and not s.kwargs else None
    if found is not None:
        known[s.targets[0]] = found


def _flag(kind: Kind) -> bool | None:
    """The value of a bool that an object holds."""
    return kind.value if kind.type is bool else None


def _value(s: Bind, kinds: list[Kind], known: dict[str, bool]) -> bool | None:
    if s.calls(operator.not_) and isinstance(s.args[0], Var):
        inner = known.get(s.args[0].name, _flag(kinds[0]))
        return None if inner is None else not inner
    if len(s.args) != 2 or kinds[0].type is None:
        return None
    other = s.args[1]
    if (s.calls(operator.is_) or s.calls(operator.is_not)) and other == Const(None):
        return (kinds[0].type is type(None)) == s.calls(operator.is_)
    asked = other.object if s.calls(isinstance) and isinstance(other, Ref) else None
    # A class of classes may say otherwise.
    return issubclass(kinds[0].type, asked) if type(asked) is type else None


def branch(s: If, kind: Kind, known: dict[str, bool]) -> Block | None:
    """The block that is run in every call; None where the test is open, or the block leaves."""
    found = known.get(s.test.name, _flag(kind)) if isinstance(s.test, Var) else None
    if found is None:
        return None
    block = s.then if found else s.orelse
    return None if block and isinstance(block[-1], Exit) else block
