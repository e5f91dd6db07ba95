"""What is said of generated code: the lines above it, and the warning that it gives zeros."""

from __future__ import annotations

from typing import Any

from s2sdiff import ir
from s2sdiff.ir import Bind, Function, Ref
from s2sdiff.kinds import ANY, Kind
from s2sdiff.runtime import planted
from s2sdiff.transforms import activity
from s2sdiff.transforms.context import Context, Request

__all__ = ["header", "independent"]


def independent(function: Function, context: Context, fn: Any) -> str | None:
    """The warning for a result that provably cannot depend on an argument that was asked for."""
    if context.request.mode != "grad":
        return None
    if any(isinstance(s, Bind) and s.fn == Ref(planted.refuse) for s in ir.statements(function)):
        return None
    needed = activity.depended_on(function, context)
    idle = [n for n in context.request.wrt
            if n not in needed or context.kinds.get(n, ANY).inert]
    if not idle:
        return None
    names, its = ", ".join(idle), "its derivative is" if len(idle) == 1 else "their derivatives are"
    loc = function.loc
    return (f"{loc.file}:{loc.line}: the result of {fn.__qualname__} cannot depend on {names}: "
            f"{its} zero. If that is meant, say so with sd.stop_gradient.")


def header(function: Function, fn: Any, request: Request,
            arguments: dict[str, Kind]) -> tuple[str, ...]:
    loc = function.loc
    # What was never in a file may be called anything, its own text too.
    file = " ".join(loc.file.replace("\\", "/").rpartition("/")[2].splitlines())
    made = "gradient" if request.mode == "grad" else request.mode
    made = "value and gradient" if request.value else "tangent" if request.only else made
    asked = ", ".join(request.wrt)
    text = f"{made} of {fn.__qualname__} ({file}:{loc.line}) with respect to {asked}"
    known = ", ".join(f"{n}: {k}" for n, k in arguments.items())
    return (text, known) if known else (text,)
