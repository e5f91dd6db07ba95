"""Random statements in which a default or a partial holds what is filled with floats later on."""

from __future__ import annotations

from tests.fuzz import draft, scalars
from tests.fuzz.draft import DEPTH, REAL, Draft, Row, Scope, bind, fresh

Made = tuple[list[str], bool] | None


def default(d: Draft, scope: Scope) -> Made:
    """A list or dict as a default, which is empty or holds ints until the function is called."""
    if scope.depth > DEPTH:
        return None
    name, out = names(d, scope)
    x, y = scalars.leaf(d, scope).text, scalars.scalar(d, scope, 1, 1.0).text
    made = d.rng.choice([
        ["seen = []", f"def {name}(p, into=seen):", "    into.append(math.sin(p))",
         "    return into", f"{name}({x})", f"{out} = 0.4 * sum({name}({y}))"],
        ["seen = [0, 1]", f"def {name}(p, into=seen, *, at=0):", "    into[at] = math.tanh(p)",
         "    return into[0] * into[1]", f"{name}({x}, at=1)",
         f"{out} = {name}({y}) + 0.3 * seen[1]"],
        ["seen = {}", f"def {name}(p, *, into=seen):", "    into['k'] = 0.5 * p",
         f"{name}({x})", f"{out} = math.sin(seen['k']) * {y}"],
        ["seen = ([0], {})", f"def {name}(p, into=seen):", "    into[0][0] += math.sin(p)",
         "    into[1]['k'] = into[0][0] * p", f"{name}({y})", f"{name}({x})",
         f"{out} = 0.3 * seen[0][0] - math.sin(seen[1]['k'])"],
        [f"def {name}(p, into=[]):", "    into.append(0.5 * p)", "    return sum(into)",
         f"{name}({x})", f"{out} = math.sin({name}({y}))"],
        ["seen = []", f"{name} = lambda p, into=seen: into.append(p) or len(into) * 0.1",
         f"{out} = {name}({x}) + {name}({y})",
         f"{out} = {out} * math.sin(seen[0]) + 0.2 * seen[1]"],
    ])
    bind(scope, out, REAL)
    return made, True


def partial(d: Draft, scope: Scope) -> Made:
    """A list or dict under a partial, which is empty or holds ints until it is called."""
    name, out = names(d, scope)
    x, y = scalars.leaf(d, scope).text, scalars.scalar(d, scope, 1, 1.0).text
    made = d.rng.choice([
        ["seen = []", f"{name} = partial(lambda kept, p: kept.append(math.sin(p)), seen)",
         f"{name}({x})", f"{name}({y})", f"{out} = seen[0] * 0.5 + seen[1] * 0.4"],
        ["seen = [0, None]", f"{name} = partial(operator.setitem, seen, 0)", f"{name}({x})",
         f"{out} = math.sin(seen[0]) * {y}"],
        ["seen = {}", f"{name} = partial(lambda k, p, into: into.update({{k: p}}), 'k', into=seen)",
         f"{name}({x})", f"{out} = math.sin(seen['k'] * {y})"],
        ["seen = [0]", f"{name} = partial(lambda p, kept: kept.insert(0, math.tanh(p)), kept=seen)",
         f"{name}({y})", f"{name}({x})", f"{out} = sum(seen) * 0.4 - 0.3 * seen[1]"],
        ["seen = []", f"{name} = partial(seen.append)", f"{name}({x})",
         f"{out} = math.sin(seen.pop()) + 0.2 * {y}"],
    ])
    bind(scope, out, REAL)
    return made, True


def names(d: Draft, scope: Scope) -> tuple[str, str]:
    """For the function, which nobody calls afterwards, and for what comes out."""
    name = fresh(d, scope)
    return name, draft.target(d, draft.inner(scope, locked=scope.locked | {name}), REAL)


ROWS = [
    Row("defaults filled later", 0.8, default),
    Row("partials filled later", 0.8, partial),
]
