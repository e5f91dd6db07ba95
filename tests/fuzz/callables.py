"""Random functions as values: lambdas, tables, factories, arguments; and global constants."""

from __future__ import annotations

import dataclasses

from tests.fuzz import scalars
from tests.fuzz.draft import INT, REAL, WORD, Draft, array, chance, fit, indent
from tests.fuzz.forms import body, bounded, named, register, scope_of


def callables(d: Draft) -> list[str]:
    """Texts of functions of one float."""
    own = [
        h.name for h in d.helpers if h.params == (REAL,) and h.results == (REAL,) and h.call is None
    ]
    return ["math.sin", "math.tanh", "abs", "np.cos", "(lambda t: t * t * 0.2)", *own, *own]


def lambdas(d: Draft) -> list[str]:
    first, second = named(d, "first"), named(d, "second")
    one, two = scope_of(["t"], [REAL]), scope_of(["t", "u"], [REAL, REAL])
    lines = [f"{first}, {second} = lambda t: {bounded(d, one)}, lambda t, u=0.5: {bounded(d, two)}"]
    register(d, "lambdas", first, [REAL])
    register(d, "lambdas", second, [REAL, REAL])
    return lines


def higher_order(d: Draft) -> list[str]:
    name = named(d, "apply")
    lines = d.rng.choice(
        [
            [f"def {name}(f, x):", "    return 0.5 * f(x)"],
            [
                f"def {name}(f, x):",
                "    for _ in range(2):",
                "        x = math.sin(f(x))",
                "    return x",
            ],
            [f"def {name}(f, x, g=math.cos):", "    return f(g(x)) * 0.5"],
        ]
    )
    f = d.rng.choice(callables(d))
    register(d, "functions as arguments", name, [REAL], call=lambda a: f"{name}({f}, {a[0]})")
    return lines


def table(d: Draft) -> list[str]:
    name = named(d, "TABLE")
    choices = d.rng.choices(callables(d), k=3)
    if d.rng.random() < 0.5:
        pairs = zip(["'fast'", "'slow'", "'none'"], choices, strict=True)
        lines = [f"{name} = {{{', '.join(f'{k}: {v}' for k, v in pairs)}}}"]
        register(
            d,
            "function table",
            name,
            [WORD, REAL],
            call=lambda a: f"math.sin({name}[{a[0]}]({a[1]}))",
        )
    else:
        lines = [f"{name} = ({', '.join(choices)})"]
        register(
            d,
            "function table",
            name,
            [INT, REAL],
            call=lambda a: f"math.sin({name}[{a[0]} % 3]({a[1]}))",
        )
    return lines


def factory(d: Draft) -> list[str]:
    maker, made = named(d, "make"), named(d, "scaled")
    scope = scope_of(["x", "k", "shift"], [REAL, REAL, REAL])
    scope = dataclasses.replace(scope, locked=frozenset(["k", "shift"]))
    lines = [
        f"def {maker}(k):",
        "    shift = 0.3 * k",
        "    def scaled(x):",
        *indent(indent(body(d, scope, 1))),
        "    return scaled",
        f"{made} = {maker}({scalars.number(d).text})",
    ]
    register(d, "closure constant", made, [REAL])
    if d.rng.random() < 0.5:
        register(d, "factory call", maker, [REAL], call=lambda a: f"{maker}(0.5)({a[0]})")
    return lines


def shadowed(d: Draft) -> list[str]:
    """A parameter or a variable called `np`, as a number."""
    name = named(d)
    scope = scope_of(["np", "x"], [REAL, REAL], numpy=False)
    helpers = list(d.helpers)
    d.helpers.clear()  # an argument of theirs might be written with NumPy
    lines = [f"def {name}(x, np):"]
    if d.rng.random() < 0.4:
        lines = [f"def {name}(x, rt):", "    np = math.sin(rt) * x"]
    lines += [f"    return {bounded(d, scope, 3)}"]
    d.helpers.extend(helpers)
    register(d, "np shadowed", name, [REAL, REAL])
    return lines


def noisy(d: Draft) -> list[str]:
    name = named(d, "noisy")
    value = fit(d, scalars.scalar(d, scope_of(["x", "n"], [REAL, INT]), 2)).text
    lines = [
        f"def {name}(x, n):",
        "    log.append(n)",
        f"    print('{name}', n)",
        f"    return {value}",
    ]
    register(d, "effects in helper", name, [REAL, INT])
    return lines


def constants(d: Draft) -> list[str]:
    lines = []
    if "global constant" in d.allowed:
        name = f"RATE_{len(d.constants)}"
        d.constants[name] = REAL
        lines.append(f"{name} = {d.rng.choice(['0.3', '1.4', 'np.float64(0.8)', '-0.6'])}")
        if "arrays" in d.allowed and chance(d, "global array", 0.6):
            d.constants["WEIGHTS"] = array((3,))
            lines.append("WEIGHTS = np.array([0.4, -1.2, 0.9])")
    return lines
