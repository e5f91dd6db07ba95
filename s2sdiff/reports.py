"""What the pipeline tells ahead of a run: its stages as text, and all that would be refused."""

from __future__ import annotations

import warnings
from typing import Any

from s2sdiff import boundary, errors, ir
from s2sdiff.arguments import described
from s2sdiff.backend.printer import print_function
from s2sdiff.compiler import lock, stages
from s2sdiff.errors import DifferentiationError
from s2sdiff.ir import Bind, Const, Ref
from s2sdiff.runtime import planted
from s2sdiff.transforms import NORMALISE

__all__ = ["check", "check_strictly", "stage_text"]


def stage_text(fn: Any, stage: str, mode: str = "vjp", wrt: Any = 0) -> str:
    """The text of a stage of the pipeline."""
    request, arguments = described(fn, mode, wrt)
    early = stage in {name for name, _, _ in NORMALISE}
    with lock:
        made = stages(fn, request, arguments, stage if early else "final")
    return print_function(made[stage], ()).text + "\n"


def check(fn: Any) -> list[str]:
    """Everything that would be refused, and what is inactive, ahead of time."""
    try:
        made = _described(fn)
    except DifferentiationError as error:
        return [str(error)]
    found = [str(error) for error in _planted(made)]
    if made["warning"] is not None:
        loc = made["final"].loc
        found.append(f"{loc.file}:{loc.line}: {made['warning']}")
    return found


def check_strictly(fn: Any) -> None:
    """Raise what would be refused in a function: the first error, with the messages of all."""
    found = _planted(_described(fn))
    if found:
        found[0].args = ("\n\n".join(str(error) for error in found),)
        raise found[0]


def _described(fn: Any) -> dict[str, Any]:
    request, arguments = described(fn, "vjp", None)
    with lock, boundary.generating(fn), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return stages(fn, request, arguments)


def _planted(made: dict[str, Any]) -> list[DifferentiationError]:
    found = []
    for s in ir.walk(made["final"].body):
        if isinstance(s, Bind) and s.fn == Ref(planted.refuse):
            kind, message = [a.value for a in s.args if isinstance(a, Const)]
            error = getattr(errors, kind)(message)
            errors.locate(error, s.loc)
            found.append(error)
    return found
