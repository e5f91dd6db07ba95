"""Generated code in the form in which it is differentiated again."""

from __future__ import annotations

from typing import Any

from s2sdiff.arguments import signature_names
from s2sdiff.cache import is_ruled, state_of
from s2sdiff.compiler import Compiled, compile_for
from s2sdiff.ir import replace
from s2sdiff.kinds import Kind
from s2sdiff.runtime import nested
from s2sdiff.runtime.rule_calls import RuleCaller
from s2sdiff.transforms.context import Request

__all__ = ["again", "code_for"]


def code_for(fn: Any, request: Request, kinds: tuple[Kind, ...]) -> Compiled | None:
    """What is generated for arguments of these kinds, to be differentiated again."""
    positional, star, keyword, mapping = signature_names(fn)
    if star or keyword or mapping or len(positional) != len(kinds) or is_ruled(fn):
        return None
    return compile_for(fn, replace(request, again=True), dict(zip(positional, kinds, strict=True)))


def again(function: Any, fn: Any, request: Request, args: tuple, kwargs: dict[str, Any]) -> Any:
    """Generated code as it is differentiated again: without closures of rules and callees.

    Nor with sums that are made in place, beside which all that is written would be followed.
    """
    if request.places or request.carried or request.many or not (hasattr(
            function, "__s2sdiff_sums__") or any(map(_is_called, function.__closure__ or ()))):
        return function
    state = state_of(fn, replace(request, again=True))
    made = state.warm(fn, args, kwargs) or state.found(args, kwargs)
    return getattr(made, "__wrapped__", made)


def _is_called(cell: Any) -> bool:
    """It holds what gives a value and a closure."""
    try:
        found = cell.cell_contents
    except ValueError:
        return False  # of a variable that is bound later
    return type(found) is RuleCaller or nested.is_derivative(found)
