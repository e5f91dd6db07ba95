"""Random loops, with else, over everything that can be iterated."""

from __future__ import annotations

import dataclasses

from tests.fuzz import scalars, statements, topics
from tests.fuzz.draft import (
    DEPTH,
    INT,
    REAL,
    Draft,
    Kind,
    Row,
    Scope,
    array,
    bind,
    chance,
    fresh,
    indent,
    inner,
    variables,
)

#: Targets with their kinds and limits, the iterable, and whether it surely has items.
Source = tuple[list[tuple[str, Kind, int | None]], str, bool]


def counted(d: Draft, scope: Scope) -> tuple[list[str], bool] | None:
    """A for loop."""
    if scope.depth >= DEPTH:
        return None
    targets, iterable, filled = topics.make(d, SOURCES, topics.SOURCES, scope)
    marks: set[str] = set()
    inside = inner(scope, loop="for", marks=marks)
    for name, kind, limit in targets:
        bind(inside, name, kind, limit)
    body, falls = statements.block(d, inside, d.rng.randint(1, 4))
    lines = [f"for {pattern([t[0] for t in targets], iterable)} in {iterable}:", *indent(body)]
    if filled and falls and not marks and chance(d, "read after loop", 0.6):
        for name, kind in inside.names.items():
            if name not in scope.locked and scope.names.get(name) in (None, kind):
                scope.names[name] = kind
    return after(d, scope, lines)


def after(d: Draft, scope: Scope, lines: list[str]) -> tuple[list[str], bool]:
    """The loop, perhaps with an else."""
    if scope.depth < DEPTH - 1 and chance(d, "loop else", 0.2):
        # Reached or not, depending on break: what it binds counts for nothing below.
        orelse, _ = statements.block(d, inner(scope), d.rng.randint(1, 2))
        lines += ["else:", *indent(orelse)]
    return lines, True


def pattern(names: list[str], iterable: str) -> str:
    if iterable.startswith("enumerate(zip"):
        return f"{names[0]}, ({', '.join(names[1:])})"
    return ", ".join(names)


def names_for(d: Draft, scope: Scope, count: int) -> list[str]:
    found: list[str] = []
    for word in ["i", "j", "k", "m"]:
        if word not in scope.names and word not in scope.locked and d.rng.random() < 0.7:
            found.append(word)
    while len(found) < count:
        found.append(fresh(d, inner(scope, locked=scope.locked | set(found))))
    return found[:count]


def over_range(d: Draft, scope: Scope) -> Source:
    (name,) = names_for(d, scope, 1)
    counts = variables(scope, INT)
    n = d.rng.randint(1, 4)
    text, limit, filled = d.rng.choice(
        [
            (f"range({n})", n, True),
            (f"range({n})", n, True),
            (f"range(1, {n + 1})", n + 1, True),
            (f"reversed(range({n}))", n, True),
            (f"range({n}, 0, -1)", n + 1, True),
            ("range(0, 5, 2)", 5, True),
        ]
    )
    if counts and d.rng.random() < 0.35:
        text, limit, filled = f"range({d.rng.choice(counts)})", 9, False
    return [(name, INT, limit)], text, filled


def values(d: Draft, scope: Scope) -> list[str]:
    return [scalars.scalar(d, scope, 1).text for _ in range(d.rng.randint(2, 3))]


def over_display(d: Draft, scope: Scope) -> Source:
    (name,) = names_for(d, scope, 1)
    items = ", ".join(values(d, scope))
    text = d.rng.choice(
        [f"[{items}]", f"({items})", f"reversed([{items}])", f"reversed(({items}))"]
    )
    return [(name, REAL, None)], text, True


def over_ints(d: Draft, scope: Scope) -> Source:
    (name,) = names_for(d, scope, 1)
    return [(name, INT, None)], d.rng.choice(["[1, 2]", "(0, 3, 1)", "[2, 2, 1]"]), True


def over_array(d: Draft, scope: Scope) -> Source | None:
    names = [n for n, (field, shape) in scope.names.items() if field == "real" and shape]
    if not names:
        return None
    source = d.rng.choice(names)
    first, second = names_for(d, scope, 2)
    shape = scope.names[source][1]
    item = array(shape[1:])
    if chance(d, "enumerate", 0.4):
        return [(first, INT, shape[0]), (second, item, None)], f"enumerate({source})", True
    text = d.rng.choice([source, source, f"reversed({source})", f"{source}[::-1]"])
    return [(second, item, None)], text, True


def over_enumerate(d: Draft, scope: Scope) -> Source:
    first, second, third = names_for(d, scope, 3)
    a = values(d, scope)
    if d.rng.random() < 0.3:
        items = ", ".join(f"({t}, {n})" for n, t in enumerate(a))
        return [(first, REAL, None), (second, INT, len(a))], f"[{items}]", True
    if d.rng.random() < 0.3:
        text = f"enumerate(zip([{', '.join(a)}], [{', '.join(values(d, scope))}]))"
        return [(first, INT, len(a)), (second, REAL, None), (third, REAL, None)], text, True
    return [(first, INT, len(a)), (second, REAL, None)], f"enumerate([{', '.join(a)}])", True


def over_zip(d: Draft, scope: Scope) -> Source:
    first, second = names_for(d, scope, 2)
    names = [n for n, (field, shape) in scope.names.items() if field == "real" and len(shape) == 1]
    left = (
        d.rng.choice(names)
        if names and d.rng.random() < 0.7
        else f"[{', '.join(values(d, scope))}]"
    )
    if d.rng.random() < 0.3:
        return [(first, REAL, None), (second, INT, 3)], f"zip({left}, range(3))", True
    return (
        [(first, REAL, None), (second, REAL, None)],
        f"zip({left}, ({', '.join(values(d, scope))}))",
        True,
    )


def tested(d: Draft, scope: Scope) -> tuple[list[str], bool] | None:
    """A while loop: a counter keeps it finite, data may end it earlier."""
    if scope.depth >= DEPTH:
        return None
    (counter,) = names_for(d, scope, 1)
    marks: set[str] = set()
    outer = dataclasses.replace(scope, locked=scope.locked | {counter})
    inside = inner(outer, loop="while", marks=marks)
    bind(inside, counter, INT)
    count = d.rng.randint(2, 4)
    test = f"{counter} < {count}"
    known = [n for n in variables(scope, REAL) if n not in scope.locked]
    shrinking = ""
    if known and chance(d, "data-dependent while", 0.6):
        name = d.rng.choice(known)
        shrinking = f"{name} = {d.rng.choice([0.5, 0.7])} * {name} - 0.1"
        test = d.rng.choice([f"{test} and {name} > 0.2", f"abs({name}) > 0.3 and {test}"])
    endless = chance(d, "while True", 0.25)
    body, falls = statements.block(d, inside, d.rng.randint(1, 3))
    # Counting first, so that `continue` cannot skip it.
    first = [f"{counter} += 1"]
    if endless:
        test, first = "True", [*first, f"if not ({test}):", "    break"]
    body = [*first, *body, *([shrinking] if shrinking and falls else [])]
    lines = [f"{counter} = 0", f"while {test}:", *indent(body)]
    return after(d, outer, lines)


SOURCES = [
    Row("range", 4, over_range),
    Row("display loop", 1.5, over_display),
    Row("int loop", 0.7, over_ints),
    Row("array loop", 2, over_array),
    Row("enumerate", 1, over_enumerate),
    Row("zip", 1.2, over_zip),
]
