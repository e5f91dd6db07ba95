"""Derivatives that a program takes itself, of functions that capture what it has."""

from __future__ import annotations

from tests.fuzz import closures, draft, scalars
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


#: What holds what is written, by name, with what is written there and what is read afterwards.
WRITTEN = [
    ("{{'n': 1, 'w': {x}}}", ["{c}['n'] = {c}.get('n', 0) + 1", "{c}['last'] = 'seen'"],
     "0.2 * {c}['n'] + 0.1 * len({c})"),
    ("{{'n': 1, 'w': {x}}}", ["{c}['w'] = 0.5 * {c}['w'] * {p}", "{c}['n'] += 1"],
     "0.2 * {c}['n'] + math.sin({c}['w'])"),
    ("[{x}, 0.3]", ["{c}.append('seen')"], "0.1 * len({c}) + 0.3 * {c}[0]"),
    ("[{x}, 0.3]", ["{c}.append(0.5 * {c}[0] * {p})", "{c}[0] *= 0.7"],
     "0.1 * len({c}) + 0.3 * math.sin({c}[0]) + 0.2 * {c}[-1]"),
    ("np.array([{x}, 0.3])", ["{c}[0] = 0.5 * {p}"], "0.3 * np.sum({c})"),
]
CALLED = ["grad({f})({x}, {c})", "value_and_grad({f})({x}, {c})[1]",
          "jvp({f}, ({x}, {c}), ({y}, None))[1]", "vjp({f}, {x}, {c})[1]({y})[0]"]


def writing(d: Draft, scope: Scope) -> Made:
    """A derivative of what writes an argument, or what it captures, which is read afterwards."""
    if scope.depth >= DEPTH or d.budget[0] < 0:
        return None
    names = [fresh(d, scope)]
    for _ in range(3):
        names.append(fresh(d, draft.inner(scope, names={
            **scope.names, **dict.fromkeys(names, REAL)})))
    name, function, kept, p = names
    x, y = (scalars.leaf(d, scope).text for _ in range(2))
    holder, lines, read = d.rng.choice(WRITTEN)
    # What is captured is for those who call the derivative to write, if it moves.
    captures = not any("{p}" in line for line in lines) and d.rng.random() < 0.5
    result = d.rng.choice(["math.sin(0.5 * {p}) * {p}", "max([{p}, 0.5 * {p} * {p}])",
                           "sum([{p} * {p}, 0.2][-2:])"]).format(p=p)
    called = d.rng.choice(WAYS if captures else CALLED).format(
        f=function, x=f"(0.5 * {x})", y=y, c=kept)
    bind(scope, name, REAL)
    return ["from s2sdiff import grad, jvp, value_and_grad, vjp",
            f"{kept} = {holder.format(x=x)}",
            f"def {function}({p}{'' if captures else f', {kept}'}):",
            *[f"    {line.format(c=kept, p=p)}" for line in lines],
            f"    return {result}",
            f"{name} = math.tanh(0.2 * {called}) + {read.format(c=kept)}"], True


ROWS = [Row("derivatives inside", 2, slope), Row("derivatives inside of what writes", 2, writing)]
