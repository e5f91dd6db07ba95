"""What s2sdiff refuses, and how it says so: place, source line with a caret, reason, way out.

Every refusal ends in a sentence that starts with "Instead,"; `refusal` composes the message so
that none can be forgotten.
"""

from __future__ import annotations

import linecache
from typing import TypeVar

from s2sdiff.ir import Loc

__all__ = [
    "AliasingError", "DifferentiationError", "InternalError", "MissingDerivativeError",
    "NestedDerivativeError", "ReplacedError", "RuleError", "SourceError", "UnsupportedError",
    "ZeroDerivativeWarning",
]


class DifferentiationError(Exception):
    """Base class of everything that s2sdiff refuses.

    Attributes
    ----------
    loc : Loc or None
        Where in the user's source.
    said : str or None
        The message without the place.
    """

    loc: Loc | None = None
    said: str | None = None


class SourceError(DifferentiationError):
    """The function's source cannot be had: builtins, C code, `exec`, a file that changed."""


class UnsupportedError(DifferentiationError):
    """A construct of the language that cannot be differentiated here."""


class MissingDerivativeError(DifferentiationError):
    """A function without source and without a registered derivative, reached by an active value."""


class AliasingError(DifferentiationError):
    """Two names share memory in a way that cannot be followed."""


class NestedDerivativeError(UnsupportedError):
    """A derivative of a derivative that this version cannot form."""


class ReplacedError(UnsupportedError):
    """Code that is running was replaced: another run would begin with what this one has left."""


class RuleError(DifferentiationError):
    """A registered derivative breaks the contract, or a registration clashes with another."""


class InternalError(DifferentiationError):
    """A bug of s2sdiff: generating code failed.  What went wrong is its `__cause__`."""


class ZeroDerivativeWarning(UserWarning):
    """The result provably cannot depend on an argument that was asked for."""


E = TypeVar("E", bound=DifferentiationError)


def excerpt(loc: Loc, line: str | None = None) -> str:
    """`file:line:column` with the source line and a caret below it."""
    text = (line if line is not None else linecache.getline(loc.file, loc.line)).rstrip("\n")
    head = f"{loc.file}:{loc.line}:{loc.column + 1}"
    if loc.function:
        head += f" in {loc.function}"
    if not text.strip():
        return head
    indent = len(text) - len(text.lstrip())
    caret = " " * max(0, loc.column - indent) + "^"
    return f"{head}\n    {text.strip()}\n    {caret}"


def refusal(
    cls: type[E], reason: str, instead: str, loc: Loc | None = None,
    line: str | None = None,
) -> E:
    """An error of `cls`: where, why, and what to write instead (no final full stops needed)."""
    error = cls(f"{reason.rstrip('.')}. Instead, {instead.rstrip('.')}.")
    if loc is not None:
        locate(error, loc, line)
    return error


def locate(error: DifferentiationError, loc: Loc, line: str | None = None) -> None:
    """Give an error its place, as its `loc` and above its message."""
    error.loc = loc
    if error.said is None and len(error.args) == 1 and isinstance(error.args[0], str):
        error.said = error.args[0]
    if error.said is not None:
        error.args = (f"{excerpt(loc, line)}\n{error.said}",)
