"""What all makers of helper functions share: names, scopes, bodies, registration."""

from __future__ import annotations

from collections.abc import Sequence

from tests.fuzz import scalars, statements
from tests.fuzz.draft import REAL, Draft, Helper, Kind, Scope

WORDS = ["helper", "mix", "energy", "layer", "blend", "kernel", "phase", "sine", "gain", "term"]


def named(d: Draft, word: str = "") -> str:
    return f"{word or d.rng.choice(WORDS)}_{len(d.helpers) + len(d.constants)}"


def register(
    d: Draft,
    feature: str,
    name: str,
    params: Sequence[Kind],
    results: Sequence[Kind] = (REAL,),
    call: object = None,
) -> None:
    d.helpers.append(Helper(name, tuple(params), tuple(results), feature, call))


def scope_of(
    names: Sequence[str],
    kinds: Sequence[Kind],
    returns: Sequence[Kind] = (REAL,),
    numpy: bool = True,
    depth: int = 2,
) -> Scope:
    return Scope(
        dict(zip(names, kinds, strict=True)), returns=tuple(returns), numpy=numpy, depth=depth
    )


def bounded(d: Draft, scope: Scope, depth: int = 2) -> str:
    return scalars.scalar(d, scope, depth).text


def body(d: Draft, scope: Scope, count: int) -> list[str]:
    """Statements and the return at the end."""
    lines, falls = statements.block(d, scope, count)
    d.budget[0] += count
    return lines + ([f"return {statements.returned(d, scope)}"] if falls else [])
