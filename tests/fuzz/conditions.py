"""Random tests: of floats, ints, words, flags and arrays, and combinations of them."""

from __future__ import annotations

from tests.fuzz import scalars
from tests.fuzz.draft import (
    BOOL,
    INT,
    WORD,
    WORDS,
    Draft,
    Row,
    Scope,
    choose,
    one_of,
    variables,
)


def test(d: Draft, scope: Scope, depth: int = 2) -> str:
    """A condition."""
    made = choose(d, TESTS, scope, depth - 1)
    return made or f"{scalars.leaf(d, scope).text} > 0.3"


def compare(d: Draft, scope: Scope, depth: int) -> str:
    a = scalars.scalar(d, scope, max(depth, 0))
    b = scalars.leaf(d, scope) if d.rng.random() < 0.4 else scalars.number(d)
    return f"{a.text} {d.rng.choice(['<', '>', '<=', '>='])} {b.text}"


def chained(d: Draft, scope: Scope, depth: int) -> str:
    a, b = scalars.scalar(d, scope, max(depth, 0)), scalars.leaf(d, scope)
    return f"{d.rng.choice(['-0.5', '-1', '0.1'])} < {a.text} {d.rng.choice(['<', '<='])} {b.text}"


def logical(d: Draft, scope: Scope, depth: int) -> str | None:
    if depth <= 0:
        return None
    a, b = test(d, scope, depth), test(d, scope, depth)
    return d.rng.choice([f"({a} and {b})", f"({a} or {b})", f"not ({a})"])


def int_test(d: Draft, scope: Scope, depth: int) -> str | None:
    names = variables(scope, INT)
    if not names:
        return None
    name = one_of(d, names)
    return d.rng.choice(
        [f"{name} % 2 == 0", f"{name} > 1", f"{name}", f"{name} == 2", f"{name} in (1, 3)"]
    )


def word_test(d: Draft, scope: Scope, depth: int) -> str | None:
    names = variables(scope, WORD)
    if not names:
        return None
    name, word = d.rng.choice(names), d.rng.choice(WORDS)
    return d.rng.choice(
        [f"{name} == {word!r}", f"{name} != {word!r}", f"{name} in ('fast', 'none')"]
    )


def flag_test(d: Draft, scope: Scope, depth: int) -> str | None:
    names = variables(scope, BOOL)
    return d.rng.choice(names) if names else None


def array_test(d: Draft, scope: Scope, depth: int) -> str | None:
    names = [n for n, (field, shape) in scope.names.items() if field == "real" and shape]
    if not names or not scope.numpy:
        return None
    name = one_of(d, names)
    return d.rng.choice(
        [
            f"np.any({name} > 0.9)",
            f"np.all({name} < 1.2)",
            f"np.sum({name}) > 0.4",
            f"{name}.max() > 1.1",
            f"len({name}) > 2",
            f"{name}.ndim == 2",
        ]
    )


TESTS = [
    Row("compare", 5, compare),
    Row("chained comparison", 1, chained),
    Row("logical", 1, logical),
    Row("int test", 2, int_test),
    Row("word test", 2, word_test),
    Row("flag test", 2, flag_test),
    Row("array test", 1, array_test),
]
