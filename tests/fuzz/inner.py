"""Derivatives that a program takes itself, of functions that capture what it has."""

from __future__ import annotations

from tests.fuzz import closures, scalars
from tests.fuzz.draft import DEPTH, REAL, Draft, Row, Scope, bind, fresh

Made = tuple[list[str], bool] | None

WAYS = ["grad({f})({x})", "value_and_grad({f})({x})[1]", "jvp({f}, ({x},), ({y},))[1]",
        "vjp({f}, {x})[1]({y})", "sum(value_and_grad({f})({x}))"]


def slope(d: Draft, scope: Scope) -> Made:
    """A number's derivative, by any of the operators."""
    if scope.depth >= DEPTH or d.budget[0] < 0:
        return None
    function, name = closures.function(d, scope), fresh(d, scope)
    x, y = (scalars.leaf(d, scope).text for _ in range(2))
    found = d.rng.choice(WAYS).format(f=function, x=f"(0.5 * {x})", y=y)
    bind(scope, name, REAL)
    return ["from s2sdiff import grad, jvp, value_and_grad, vjp",
            f"{name} = math.tanh(0.2 * {found})"], True


ROWS = [Row("derivatives inside", 2, slope)]
