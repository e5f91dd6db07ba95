"""Random functions that a program's main function may call: one maker per way of writing them.

Each maker returns lines at module level and registers what it wrote in `draft.helpers`.
"""

from __future__ import annotations

from tests.fuzz import callables, conditions, statements, topics
from tests.fuzz.draft import (
    INT,
    REAL,
    Draft,
    Expr,
    Kind,
    Row,
    Scope,
    array,
    chance,
    indent,
)
from tests.fuzz.forms import body, bounded, named, register, scope_of


def make(d: Draft) -> list[str]:
    """The text of one helper, of a random form."""
    return topics.make(d, ROWS, topics.HELPERS) or []


def straight(d: Draft) -> list[str]:
    name, params = (
        named(d),
        d.rng.sample(["x", "y", "t", "result", "saved", "x_bar"], d.rng.randint(1, 3)),
    )
    scope = scope_of(params, [REAL] * len(params))
    lines = [f"def {name}({', '.join(params)}):"]
    for _ in range(d.rng.randint(0, 2)):
        lines += indent(statements.assign(d, scope)[0])
    lines += [f"    return {bounded(d, scope)}"]
    register(d, "straight helper", name, [REAL] * len(params))
    return lines


def winding(d: Draft) -> list[str]:
    """Loops, branches, early returns; scalars, an int, sometimes an array."""
    name, params, kinds = named(d), ["x", "y", "n"], [REAL, REAL, INT]
    if "arrays" in d.allowed and d.rng.random() < 0.4:
        kinds[1] = array(d.rng.choice([(3,), (2,), (2, 3)]))
    results: list[Kind] = [REAL]
    if kinds[1] != REAL and chance(d, "array helper", 0.3):
        results = [kinds[1]]
    if chance(d, "tuple helper", 0.25):
        results = [*results, REAL]
    scope = scope_of(params, kinds, results, depth=d.rng.choice([1, 2]))
    register_later = (d, "winding helper", name, kinds, results)
    lines = [f"def {name}({', '.join(params)}):", *indent(body(d, scope, d.rng.randint(2, 4)))]
    register(*register_later)
    return lines


def recursive(d: Draft) -> list[str]:
    name = named(d, "descend")
    scope = scope_of(["x", "n"], [REAL, INT])
    base, step = bounded(d, scope, 1), bounded(d, scope, 1)
    again = Expr(f"{name}({step}, n - 1)", 4.0)
    combine = d.rng.choice(
        ["0.5 * {0} + math.sin({1})", "math.sin({0}) * {1}", "{0} / (2 + {1} * {1})", "{0}"]
    )
    lines = [f"def {name}(x, n):", "    if n <= 0:", f"        return {base}"]
    if d.rng.random() < 0.4:
        lines += [
            f"    if {conditions.test(d, scope)}:",
            f"        return math.tanh({name}(0.7 * x, n - 1))",
        ]
    lines += [f"    return {combine.format(again.text, bounded(d, scope, 1))}"]
    register(d, "recursion", name, [REAL, INT])
    return lines


def mutual(d: Draft) -> list[str]:
    first, second = named(d, "even"), named(d, "odd")
    scope = scope_of(["x", "n"], [REAL, INT])
    lines = [
        f"def {first}(x, n):",
        f"    return {bounded(d, scope, 1)} if n < 1 else math.sin(x) * {second}(x * 0.9, n - 1)",
        f"def {second}(y, n):",
        "    if n < 1:",
        "        return y * y",
        f"    value = {first}(math.cos(y), n - 1)",
        "    return 0.4 * value + y",
    ]
    register(d, "mutual recursion", first, [REAL, INT])
    return lines


def defaults(d: Draft) -> list[str]:
    name = named(d)
    scope = scope_of(["x", "k", "n", "scale"], [REAL, REAL, INT, REAL])
    star = d.rng.choice(["", "*, "])
    lines = [
        f"def {name}(x, k=0.7, {star}n=2, scale={d.rng.choice(['1.3', 'np.pi / 4', '-0.5'])}):",
        *indent(body(d, scope, d.rng.randint(0, 2))),
    ]
    form = d.rng.choice(
        ["{0}", "{0}, {1}", "{0}, scale={1}", "k={1}, x={0}", "{0}, n=3, k={1}", "x={0}"]
    )
    register(
        d, "default arguments", name, [REAL, REAL], call=lambda a: f"{name}({form.format(*a)})"
    )
    if "=" in form:
        d.used.add("keyword arguments")
    return lines


def starred(d: Draft) -> list[str]:
    name = named(d, "total")
    lines = d.rng.choice(
        [
            [
                f"def {name}(*values):",
                "    s = 0.0",
                "    for v in values:",
                "        s = s + 0.3 * math.sin(v)",
                "    return s",
            ],
            [
                f"def {name}(first, *rest):",
                "    for r in rest:",
                "        first = first * math.cos(r)",
                "    return first * 0.5",
            ],
            [f"def {name}(*a):", "    return math.tanh(a[0] * a[-1]) + 0.1 * len(a)"],
            [
                f"def {name}(*a, **options):",
                "    return 0.5 * a[0] + math.sin(a[1]) * options.get('k', 0.5)",
            ],
        ]
    )
    form = d.rng.choice(["{0}, {1}, 0.3", "*({0}, {1})", "{0}, *[{1}, {0}]", "{0}, {1}"])
    register(d, "star arguments", name, [REAL, REAL], call=lambda a: f"{name}({form.format(*a)})")
    return lines


def vector_helper(d: Draft) -> list[str] | None:
    if "arrays" not in d.allowed:
        return None
    name, shape = named(d), d.rng.choice([(3,), (2,), (2, 3), (2, 2)])
    scope = scope_of(["a", "s"], [array(shape), REAL])
    result = d.rng.choice([(3,), (2,), (2, 3), shape, ()])
    scope = Scope(scope.names, returns=(array(result),), depth=2)
    lines = [f"def {name}(a, s):", *indent(body(d, scope, d.rng.randint(0, 2)))]
    register(d, "array helper", name, [array(shape), REAL], [array(result)])
    return lines


def pair(d: Draft) -> list[str]:
    name = named(d, "pair")
    scope = scope_of(["x", "y"], [REAL, REAL], (REAL, REAL))
    lines = [f"def {name}(x, y):", *indent(body(d, scope, d.rng.randint(0, 2)))]
    register(d, "tuple helper", name, [REAL, REAL], [REAL, REAL])
    return lines


ROWS = [
    Row("straight helper", 3, straight),
    Row("winding helper", 3, winding),
    Row("recursion", 1, recursive),
    Row("mutual recursion", 0.7, mutual),
    Row("default arguments", 1, defaults),
    Row("star arguments", 0.8, starred),
    Row("lambdas", 1, callables.lambdas),
    Row("functions as arguments", 1, callables.higher_order),
    Row("function table", 0.8, callables.table),
    Row("closure constant", 1, callables.factory),
    Row("np shadowed", 0.6, callables.shadowed),
    Row("array helper", 1.5, vector_helper),
    Row("tuple helper", 1, pair),
    Row("effects in helper", 0.7, callables.noisy),
]
