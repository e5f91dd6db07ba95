"""Random branches: if and elif, names bound on one side, early returns, break and continue."""

from __future__ import annotations

import dataclasses

from tests.fuzz import calls, conditions, statements
from tests.fuzz.draft import (
    BOOL,
    DEPTH,
    Draft,
    Scope,
    bind,
    chance,
    fresh,
    indent,
    inner,
    target,
)


def branch(d: Draft, scope: Scope) -> tuple[list[str], bool] | None:
    if scope.depth >= DEPTH:
        return None
    lines, ends = [], []
    tests = d.rng.choice([1, 1, 1, 2, 3])
    for word in ["if"] + ["elif"] * (tests - 1) + (["else"] if d.rng.random() < 0.6 else []):
        test = "" if word == "else" else " " + conditions.test(d, scope)
        inside = inner(scope)
        body, falls = statements.block(d, inside, d.rng.randint(1, 3))
        lines += [f"{word}{test}:", *indent(body)]
        ends += [inside.names] if falls else []
    if word != "else":
        ends.append(dict(scope.names))
    if ends:
        # Bound on every path that arrives, with one kind: only that may be read below.
        common = {n: k for n, k in ends[0].items() if all(e.get(n) == k for e in ends)}
        scope.names.clear()
        scope.names.update(common)
    return lines, bool(ends)


def one_sided(d: Draft, scope: Scope) -> tuple[list[str], bool] | None:
    """A name bound under a test, and read later only where the same test holds."""
    if scope.depth >= DEPTH - 1:
        return None
    flag, test, kind = fresh(d, scope), conditions.test(d, scope), statements.new_kind(d, scope)
    name = fresh(d, inner(scope, locked=scope.locked | {flag}))
    value = calls.expression(d, scope, kind, 2).text
    lines = [f"{flag} = {test}", f"if {flag}:", f"    {name} = {value}"]
    if chance(d, "other side too", 0.3):
        lines += [
            "else:",
            *indent(statements.assign(d, inner(scope, locked=scope.locked | {flag, name}))[0]),
        ]
    middle = dataclasses.replace(scope, locked=scope.locked | {flag, name})
    count = d.rng.randint(0, 2)
    body, falls = statements.block(d, middle, count) if count else ([], True)
    lines += body
    if not falls:
        return lines, False
    reading = inner(middle)
    bind(reading, name, kind)
    use, falls = statements.block(d, reading, 1)
    result = target(d, middle, kind)
    use_line = f"{result} = {name}" if kind[1] else f"{result} = 0.5 * {name}"
    use += [use_line] if falls else []
    lines += [f"if {flag}:", *indent(use)]
    if result not in scope.names:
        bind(scope, flag, BOOL)
    if chance(d, "unbound name", 0.08):
        lines.append(f"{name} = {name} * 1.0")
    return lines, True


def early_return(d: Draft, scope: Scope) -> tuple[list[str], bool] | None:
    if scope.depth > DEPTH or (scope.loop and not chance(d, "return in loop", 1.0)):
        return None
    return [
        f"if {conditions.test(d, scope)}:",
        f"    return {statements.returned(d, inner(scope))}",
    ], True


def leave_loop(d: Draft, scope: Scope) -> tuple[list[str], bool] | None:
    words = [word for word in ("break", "continue") if scope.loop and word in d.allowed]
    if not words:
        return None
    word = d.rng.choice(words)
    d.used.add(word)
    scope.marks.add("exit")
    inside = inner(scope)
    body = (
        statements.block(d, inside, 1)
        if d.rng.random() < 0.4 and scope.depth < DEPTH
        else ([], True)
    )
    body = [*body[0], word] if body[1] else body[0]
    return [f"if {conditions.test(d, scope)}:", *indent(body)], True
