"""Settings that programs read by names from outside, and write: within a call, or between calls.

What is written within a call is what it was when the call ends, so that each call does the same.
The rest is changed by `change(k)`, which whoever judges the program calls between two calls: to
other numbers, of other types, under other keys, in a class or in its objects.  Whoever makes
arguments calls `restore()`.
"""

from __future__ import annotations

from tests.fuzz import scalars
from tests.fuzz.draft import (
    DEPTH,
    INT,
    LIMIT,
    REAL,
    Draft,
    Expr,
    Kind,
    Row,
    Scope,
    bind,
    fresh,
    indent,
)
from tests.fuzz.settings_forms import (
    CHANGES,
    PLACES,
    READS,
    TEXT,
    WRITES,
    Place,
)

__all__ = ["MAKERS", "ROWS", "SCALARS", "SOURCES", "VECTORS"]

Made = tuple[list[str], bool] | None
NAME = "CFG"


def maker(d: Draft) -> list[str]:
    """The settings, once in a program, and how they change between calls."""
    if NAME in d.constants:
        return []
    within = tuple(i for i in range(len(PLACES)) if d.rng.random() < 0.5)
    d.constants[NAME] = ("settings", within)
    between = [p for i, p in enumerate(PLACES) if i not in within]
    # What a refusal left half-written is as it was when arguments are made for the next call:
    # at first the objects that others are in.
    back = [_direct(PLACES[i], PLACES[i].begin)
            for i in sorted(within, key=lambda i: PLACES[i].kind not in ("table", "parts"))]
    lines = [*TEXT, "def restore():", *indent([*back, "pass"]), "def change(k):"]
    for k in range(2):
        some = d.rng.sample(between, min(len(between), d.rng.randint(3, 9)))
        steps = [_direct(p, d.rng.choice(p.others)) for p in some if p.others]
        steps += [text for name, text in d.rng.sample(CHANGES, 2)
                  if any(name == p.text for p in between)]
        # What one has changed, another cannot always change.
        lines += indent([f"if k == {k}:", "    pass"])
        for s in steps:
            lines += indent(indent(["with contextlib.suppress(Exception):",
                                    *indent(s.split("\n"))]))
    return lines


def _direct(p: Place, value: str) -> str:
    return f"{p.text} = {value}" if p.sort != "frozen" else \
        f"object.__setattr__({p.owner}, '{p.key}', {value})"


def settings(d: Draft) -> list[Place]:
    return [] if NAME not in d.constants else list(PLACES)


def may_write(d: Draft) -> list[Place]:
    return [PLACES[i] for i in d.constants[NAME][1]]


def _leaf(d: Draft, scope: Scope) -> str:
    return scalars.leaf(d, scope).text


def _reading(d: Draft, scope: Scope, p: Place) -> list[str]:
    form = d.rng.choice(READS[p.kind])
    return form.format(p=p.text, x=_leaf(d, scope), y=_leaf(d, scope)).split("\n")


def _writing(d: Draft, scope: Scope, p: Place) -> list[str]:
    value = d.rng.choice(p.others)
    if p.kind == "number" and d.rng.random() < 0.25:
        value = d.rng.choice(["{x}", "total", "0.5 * {x} * {y}"]).format(
            x=_leaf(d, scope), y=_leaf(d, scope))
    forms = WRITES[p.sort] + WRITES.get(p.text, []) + (WRITES[p.kind] if p.kind in WRITES else [])
    inside = "\n    ".join(_reading(d, scope, p))
    return d.rng.choice(forms).format(o=p.owner, a=p.key, p=p.text, v=value,
                                      read=inside).split("\n")


def block(d: Draft, scope: Scope) -> Made:
    """Settings that are read and written in turns, and are what they were at the end."""
    if NAME not in d.constants or scope.depth >= DEPTH or d.budget[0] < 0 or not scope.numpy:
        return None
    writable = may_write(d)
    some = d.rng.sample(writable, min(len(writable), d.rng.randint(1, 2)))
    others = d.rng.sample(PLACES, 2)
    name, lines, wrote = fresh(d, scope), ["total = 0.2"], []
    for _ in range(d.rng.randint(2, 6)):
        p = d.rng.choice([*some, *some, *others])
        if p in some and d.rng.random() < 0.5:
            lines += _writing(d, scope, p)
            wrote += [p] * (p not in wrote)
        else:
            lines += _reading(d, scope, p)
    for p in wrote:
        lines += _reading(d, scope, p)
        undo = d.rng.choice(WRITES["undo"]) if p.sort == "object" else "{p} = {v}"
        lines += (_direct(p, p.begin) if p.sort == "frozen" else
                  undo.format(o=p.owner, a=p.key, p=p.text, v=p.begin)).split("\n")
        lines += _reading(d, scope, p)
    bind(scope, name, REAL)
    return [*lines, f"{name} = math.sin(total)"], True


def number(d: Draft, scope: Scope, depth: int) -> Expr | None:
    """A number among the settings."""
    found = [p for p in settings(d) if p.kind == "number"]
    return Expr(f"(0.5 * {d.rng.choice(found).text})", 1.0) if found else None


def vector(d: Draft, scope: Scope, shape: tuple[int, ...], depth: int) -> Expr | None:
    """An array among them."""
    found = [p for p in settings(d) if p.kind == "array"] if shape == (3,) and scope.numpy else []
    return Expr(f"(0.6 * {d.rng.choice(found).text})", LIMIT) if found else None


def over_counts(d: Draft, scope: Scope) -> tuple[list[tuple[str, Kind, int | None]], str, bool] | \
        None:
    """A loop of as many rounds as a setting says, or over a list of numbers."""
    found = [p for p in settings(d) if p.kind in ("count", "list")]
    if not found:
        return None
    p = d.rng.choice(found)
    name = fresh(d, scope)
    return ([(name, INT, 4)], f"range({p.text})", False) if p.kind == "count" else (
        [(name, REAL, None)], p.text, False)


ROWS = [Row("settings written and read in turns", 2.5, block)]
SCALARS = [Row("numbers among settings", 2, number)]
VECTORS = [Row("arrays among settings", 2, vector)]
SOURCES = [Row("loops that settings tell of", 2, over_counts)]
MAKERS = [Row("settings", 3, maker)]
