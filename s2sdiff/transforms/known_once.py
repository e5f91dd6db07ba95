"""What a solver is asked where it is differentiated is constant, but only once.

The slope of an equation at its root moves with what the root does.  In code that a derivative made
there is no tangent of it; so that code is not taken for a second derivative, which is then found
by numbers that carry their tangents (`runtime.carried_solutions`).
"""

from __future__ import annotations

from typing import Any

from s2sdiff import errors, ir
from s2sdiff.ir import Function
from s2sdiff.runtime import standins_solved

__all__ = ["check"]


def check(function: Function) -> None:
    """Refuse generated code that asks for such things.

    Raises
    ------
    NestedDerivativeError
        It does.
    """
    code = getattr(function.origin, "__code__", None)
    if code is None or not code.co_filename.startswith("<s2sdiff "):
        return
    once: dict[int, Any] = standins_solved.known_once
    for key in ir.called(function) & once.keys():
        raise errors.refusal(
            errors.NestedDerivativeError,
            f"this derivative is differentiated again, and {once[key].__name__} in it is known for "
            "one derivative alone", "differentiate the function that calls the solver")
