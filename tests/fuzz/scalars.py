"""Random scalar expressions and tests."""

from __future__ import annotations

from tests.fuzz import calls, conditions, draft, topics, vectors
from tests.fuzz.draft import (
    COMPLEX,
    INT,
    LIMIT,
    POINT,
    REAL,
    Draft,
    Expr,
    Row,
    Scope,
    fit,
    one_of,
    variables,
)

MATH = ["sin", "cos", "tanh", "atan", "sin", "tanh"]


def scalar(d: Draft, scope: Scope, depth: int = 2, limit: float = LIMIT) -> Expr:
    """A float expression within the limit."""
    made = topics.make(d, ROWS, topics.SCALARS, scope, depth - 1) if depth > 0 else None
    squash = ["math.tanh", "math.sin", "np.tanh"] if scope.numpy else ["math.tanh", "math.sin"]
    return fit(d, made or leaf(d, scope), limit, squash)


def leaf(d: Draft, scope: Scope) -> Expr:
    """A variable or a number."""
    names = variables(scope, REAL)
    if names and d.rng.random() < 0.92:
        return Expr(one_of(d, names), LIMIT)
    return number(d)


def number(d: Draft) -> Expr:
    """A literal; one or two digits, so that ties with random arguments do not happen."""
    value = d.rng.choice([0.5, 1.5, 0.3, 0.7, 1.1, 1.3, 2.0, 0.25])
    return Expr(repr(value), value)


def integer(d: Draft, scope: Scope) -> Expr:
    """A small int, mostly a variable."""
    names = variables(scope, INT)
    if names and d.rng.random() < 0.8:
        name = one_of(d, names)
        return Expr(d.rng.choice([name, name, f"({name} + 1)", f"({name} % 2)"]), 6.0)
    return Expr(str(d.rng.randint(1, 3)), 3.0)


def operators(d: Draft, scope: Scope, depth: int) -> Expr:
    a, b = scalar(d, scope, depth), scalar(d, scope, depth - d.rng.randint(0, 1))
    if a.text == b.text:
        b = leaf(d, scope)
    op = d.rng.choice(["+", "-", "*", "*", "+"])
    return Expr(f"({a.text} {op} {b.text})", a.bound * b.bound if op == "*" else a.bound + b.bound)


def negation(d: Draft, scope: Scope, depth: int) -> Expr:
    a = scalar(d, scope, depth)
    return Expr(f"(-{a.text})", a.bound)


def division(d: Draft, scope: Scope, depth: int) -> Expr:
    a, b = scalar(d, scope, depth), leaf(d, scope)
    below = d.rng.choice(
        [f"(2 + {b.text} * {b.text})", f"(1.5 + abs({b.text}))", f"(2.5 + {b.text} ** 2)"]
    )
    return Expr(f"({a.text} / {below})", a.bound / 1.5)


def power(d: Draft, scope: Scope, depth: int) -> Expr:
    a = scalar(d, scope, depth)
    way = d.rng.randrange(7)
    if way > 4:
        product = d.rng.choice(
            ["({0} * {0} * {0})", "(0.3 * {0} * {0})", "({1} * {0} * {0} * {0})"]
        )
        a, b = leaf(d, scope), leaf(d, scope)
        return Expr(product.format(a.text, b.text), max(a.bound, 1.0) ** 3 * max(b.bound, 1.0))
    if way < 2:
        exponent = d.rng.choice([2, 2, 3, 2.0])
        return Expr(f"({a.text} ** {exponent})", a.bound**exponent)
    if way == 2:
        return Expr(
            f"((1.5 + {a.text} * {a.text}) ** {d.rng.choice([0.5, -0.5, -1, 0.7])})", a.bound + 1.5
        )
    b = scalar(d, scope, depth, limit=1.0)
    if way == 3:
        return Expr(f"((1.5 + math.tanh({a.text})) ** {b.text})", 2.5)
    return Expr(f"({d.rng.choice([2.0, 1.5, 2])} ** {b.text})", 2.0)


def functions(d: Draft, scope: Scope, depth: int, module: str) -> Expr:
    a = scalar(d, scope, depth, limit=6.0)
    way = d.rng.randrange(9)
    if way < 5:
        name = d.rng.choice(MATH)
        name = {"atan": "arctan"}.get(name, name) if module == "np" else name
        return Expr(f"{module}.{name}({a.text})", 1.6)
    if way == 5:
        return Expr(f"{module}.sqrt(1.2 + {a.text} * {a.text})", a.bound + 1.1)
    if way == 6:
        return Expr(f"{module}.log(2.2 + {a.text} * {a.text})", 4.0)
    if way == 7:
        return Expr(f"{module}.exp(-0.3 * {a.text} * {a.text})", 1.0)
    return Expr(f"{module}.hypot({a.text}, 1.3)", a.bound + 1.3)


def mathematics(d: Draft, scope: Scope, depth: int) -> Expr:
    return functions(d, scope, depth, "math")


def numpy_scalar(d: Draft, scope: Scope, depth: int) -> Expr | None:
    return functions(d, scope, depth, "np") if scope.numpy else None


def builtins(d: Draft, scope: Scope, depth: int) -> Expr:
    a, b = scalar(d, scope, depth), leaf(d, scope)
    bound = max(a.bound, b.bound)
    way = d.rng.choice(
        ["abs({0})", "min({0}, {1})", "max({1}, {0})", "float({0})", "max({0}, {1}, 0.4)"]
    )
    return Expr(way.format(a.text, b.text), bound)


def builtin_sum(d: Draft, scope: Scope, depth: int) -> Expr:
    terms = [scalar(d, scope, depth - 1) for _ in range(d.rng.randint(2, 3))]
    return Expr(f"sum([{', '.join(t.text for t in terms)}])", sum(t.bound for t in terms))


def ternary(d: Draft, scope: Scope, depth: int) -> Expr:
    a, b = scalar(d, scope, depth), scalar(d, scope, depth)
    return Expr(f"({a.text} if {conditions.test(d, scope)} else {b.text})", max(a.bound, b.bound))


def short_circuit(d: Draft, scope: Scope, depth: int) -> Expr:
    a, b = scalar(d, scope, depth), scalar(d, scope, depth)
    way = d.rng.choice(["({0} and {1})", "({0} or {1})", "(({2} and {0}) or {1})"])
    return Expr(way.format(a.text, b.text, conditions.test(d, scope)), max(a.bound, b.bound))


def walrus(d: Draft, scope: Scope, depth: int) -> Expr:
    # The name is bound to something new and forgotten: whether this is evaluated is not known.
    a, name = scalar(d, scope, depth), draft.fresh(d, scope)
    op = d.rng.choice(["*", "+"])
    return Expr(f"(({name} := {a.text}) {op} {name})", a.bound**2 if op == "*" else 2 * a.bound)


def int_in_float(d: Draft, scope: Scope, depth: int) -> Expr:
    n, a = integer(d, scope), scalar(d, scope, depth)
    way = d.rng.choice(
        ["(0.2 * {0} * {1})", "({1} + {0})", "({0} / 4 - {1})", "({1} - float({0}))"]
    )
    return Expr(way.format(n.text, a.text), a.bound + 6.0)


def index(d: Draft, scope: Scope, depth: int) -> Expr | None:
    names = [n for n, (field, shape) in scope.names.items() if field == "real" and shape]
    if not names or not scope.numpy:
        return None
    name = one_of(d, names)
    places = [str(d.rng.choice([0, n - 1, -1])) for n in scope.names[name][1]]
    form = "][" if d.rng.random() < 0.3 else ", "
    return Expr(f"{name}[{form.join(places)}]", LIMIT)


def loop_index(d: Draft, scope: Scope, depth: int) -> Expr | None:
    names = [n for n, (field, shape) in scope.names.items() if field == "real" and shape]
    counters = variables(scope, INT)
    if not names or not counters or not scope.numpy:
        return None
    name = one_of(d, names)
    places = []
    for size in scope.names[name][1]:
        below = [c for c in counters if scope.limits.get(c, 9) <= size]
        places.append(d.rng.choice(below) if below else f"{one_of(d, counters)} % {size}")
    return Expr(f"{name}[{', '.join(places)}]", LIMIT)


def global_constant(d: Draft, scope: Scope, depth: int) -> Expr | None:
    names = [n for n, kind in d.constants.items() if kind == REAL]
    if not names:
        return None
    a = scalar(d, scope, depth)
    return Expr(f"({d.rng.choice(names)} * {a.text})", 1.5 * a.bound)


def zero_dimensional(d: Draft, scope: Scope, depth: int) -> Expr | None:
    names = variables(scope, POINT)
    if not names:
        return None
    a = scalar(d, scope, depth)
    way = d.rng.choice(["({0} * {1})", "({1} - {0})", "(np.sin({0}) + {1})", "({0} ** 2 + {1})"])
    return Expr(way.format(d.rng.choice(names), a.text), 3.5 * a.bound + 9)


def complex_to_real(d: Draft, scope: Scope, depth: int) -> Expr | None:
    if not variables(scope, COMPLEX):
        return None
    z = calls.complex_value(d, scope, (), depth)
    way = d.rng.choice(["np.real({0})", "np.imag({0})", "abs({0})", "{0}.real", "np.abs({0})"])
    return Expr(way.format(z.text), z.bound)


ROWS = [
    Row("operators", 9, operators),
    Row("negation", 1, negation),
    Row("division", 2, division),
    Row("power", 2, power),
    Row("math", 4, mathematics),
    Row("numpy on scalars", 2, numpy_scalar),
    Row("builtins", 1.5, builtins),
    Row("builtin sum", 0.4, builtin_sum),
    Row("ternary", 1, ternary),
    Row("short circuit", 0.7, short_circuit),
    Row("walrus", 0.4, walrus),
    Row("int in float", 1.5, int_in_float),
    Row("index", 2, index),
    Row("loop index", 2, loop_index),
    Row("global constant", 1, global_constant),
    Row("0-d array", 3, zero_dimensional),
    Row("complex", 3, complex_to_real),
    Row("reduction", 3, lambda d, scope, depth: vectors.reduction(d, scope, depth)),
    Row("choice", 0.7, lambda d, scope, depth: vectors.choice(d, scope, (), depth)),
    Row("call", 3, lambda d, scope, depth: calls.call(d, scope, REAL, depth)),
    Row("inline lambda", 0.5, lambda d, scope, depth: calls.inline_lambda(d, scope, depth)),
]
