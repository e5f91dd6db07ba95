"""Expressions of any kind: complex ones, calls of earlier functions, lambdas."""

from __future__ import annotations

from tests.fuzz import closures, containers, draft, objects, scalars, vectors
from tests.fuzz.draft import (
    INT,
    LIMIT,
    REAL,
    WORD,
    WORDS,
    Draft,
    Expr,
    Kind,
    Scope,
    fit,
    one_of,
    variables,
)

Shape = tuple[int, ...]


def expression(d: Draft, scope: Scope, kind: Kind, depth: int = 2) -> Expr:
    """An expression of any kind."""
    if kind == REAL:
        return scalars.scalar(d, scope, depth)
    if kind == INT:
        return scalars.integer(d, scope)
    if kind == WORD:
        return Expr(d.rng.choice([*variables(scope, WORD), repr(d.rng.choice(WORDS))]), 0)
    if kind[0] == "complex":
        return complex_value(d, scope, kind[1], depth)
    if kind[0] in ("list", "dict", "record", "tuple"):
        return containers.value(d, scope, kind, depth)
    if kind[0] == "object":
        return objects.value(d, scope, kind, depth)
    if kind[0] == "function":
        return Expr(closures.function(d, scope), LIMIT)
    return vectors.vector(d, scope, kind[1], depth)


def complex_value(d: Draft, scope: Scope, shape: Shape, depth: int) -> Expr:
    """A complex scalar or array."""
    names = variables(scope, ("complex", shape))
    if depth <= 0 or d.rng.random() < 0.2:
        made = Expr(one_of(d, names), LIMIT) if names else None
        x = vectors.vector(d, scope, shape, 0)
        return made or Expr(f"(1j * {x.text})", x.bound)
    a, b = complex_value(d, scope, shape, depth - 1), complex_value(d, scope, shape, depth - 2)
    x = vectors.vector(d, scope, shape, depth - 1)
    text, bound = d.rng.choice(
        [
            ("({0} * {1})", a.bound * b.bound),
            ("({0} + {1})", a.bound + b.bound),
            ("np.conj({0})", a.bound),
            ("({0} * {2})", a.bound * x.bound),
            ("({2} - {0})", a.bound + x.bound),
            ("np.exp(1j * {2})", 1.0),
            ("({0} ** 2)", a.bound**2),
            ("({0} / (2 + {1} * np.conj({1})))", a.bound / 2),
            ("np.sin(0.2 * {0})", 2.0),
            ("({2} + 1j * {2})", 1.5 * x.bound),
        ]
    )
    return fit(d, Expr(text.format(a.text, b.text, x.text), bound))


def call(d: Draft, scope: Scope, kind: Kind, depth: int) -> Expr | None:
    """A call of an earlier function with one result of this kind."""
    fitting = [h for h in d.helpers if h.results == (kind,) and h.feature in d.allowed]
    if not fitting:
        return None
    return Expr(call_text(d, scope, d.rng.choice(fitting), depth), LIMIT)


def call_text(d: Draft, scope: Scope, helper: draft.Helper, depth: int) -> str:
    """The text of a call of one helper, with random arguments."""
    d.used.add(helper.feature)
    texts = [expression(d, scope, kind, depth).text for kind in helper.params]
    return helper.call(texts) if helper.call else f"{helper.name}({', '.join(texts)})"


def lambda_text(d: Draft, scope: Scope) -> str:
    """A lambda of one float; it captures what is in scope, or nothing."""
    names = {**scope.names, "p": REAL} if d.rng.random() < 0.5 else {"p": REAL}
    return f"lambda p: {scalars.scalar(d, draft.inner(scope, names=names), 2).text}"


def inline_lambda(d: Draft, scope: Scope, depth: int) -> Expr:
    return Expr(f"({lambda_text(d, scope)})({scalars.scalar(d, scope, depth).text})", LIMIT)
