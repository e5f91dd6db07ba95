"""Random functions as values: what they capture, when they see it, what they write there."""

from __future__ import annotations

from tests.fuzz import calls, conditions, draft, forms, scalars
from tests.fuzz.draft import (
    DEPTH,
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
    variables,
)
from tests.fuzz.places import FUNCTION, an_array, list_of, one

Made = tuple[list[str], bool] | None


def lambda_of(d: Draft, scope: Scope, depth: int = 2) -> str:
    """A lambda that captures what it likes; `p` is its own."""
    inner = draft.inner(scope, names={**scope.names, "p": REAL})
    text = scalars.scalar(d, inner, depth).text
    return f"lambda p: math.tanh(p) * {text}" if d.rng.random() < 0.3 else f"lambda p: {text}"


def function(d: Draft, scope: Scope, depth: int = 1) -> str:
    """A function of one float that gives one: a name, a lambda, a partial, a bound method."""
    known = one(d, scope, lambda p: p.kind == FUNCTION)
    if known and d.rng.random() < 0.6:
        return known.text
    x = scalars.leaf(d, scope).text
    ways = [f"({lambda_of(d, scope, depth)})", f"partial(lambda s, p: math.sin(s * p), {x})",
            "math.sin", "np.tanh" if scope.numpy else "math.tanh",
            f"(lambda s: lambda p: 0.5 * s * math.cos(p))({x})",
            f"(lambda p, s={x}: math.sin(p) * s)"]
    made = one(d, scope, lambda p: p.kind[0] == "object")
    if made and "self" not in scope.names:
        found = [m for m in d.classes[made.kind[1][0]].methods
                 if m.params == (REAL,) and m.result == REAL and m.name[:2] != "__"]
        ways += [f"{made.text}.{m.name}" for m in found] * 2
    ways += [h.name for h in d.helpers if h.params == (REAL,) and h.results == (REAL,)
             and h.call is None and h.feature in d.allowed]
    return d.rng.choice(ways)


def create(d: Draft, scope: Scope) -> Made:
    # A name of its own: what it captures may be out of scope where another name still is in it.
    text, name = function(d, scope, 2), fresh(d, scope)
    bind(scope, name, FUNCTION)
    return [f"{name} = {text}"], True


def call(d: Draft, scope: Scope, depth: int) -> Expr | None:
    place = one(d, scope, lambda p: p.kind == FUNCTION)
    if place is None:
        return None
    x = scalars.scalar(d, scope, depth - 1).text
    form = d.rng.choice(["{0}({1})", "{0}({1})", "(0.5 * {0}({0}({1})))", "sum(map({0}, [{1}]))",
                         "({0}({1}) - {0}(0.5))"])
    return draft.fit(d, Expr(form.format(place.text, x), 2 * LIMIT))


def local(d: Draft, scope: Scope) -> Made:
    """A nested function that writes what it captures, called at once or later, or in a loop."""
    if scope.depth > DEPTH:
        return None
    name = fresh(d, scope)
    inner = draft.inner(scope, names={**scope.names, "p": REAL}, loop="", returns=(REAL,))
    text = scalars.scalar(d, inner, 2).text
    numbers = [n for n in variables(scope, REAL) if n not in scope.locked | {name, "p"}]
    array = an_array(d, scope)
    cells = one(d, scope, lambda p: p.kind == list_of(REAL))
    ways = []
    if numbers:
        n = d.rng.choice(numbers)
        text_n = scalars.scalar(d, inner, 2, 1.0).text
        ways += [[f"nonlocal {n}", f"{n} = 0.6 * {n} + {text_n}", f"return {text}"],
                 [f"nonlocal {n}", f"{n} += {text_n}", f"return 0.5 * {n}"]] * 2
    if array:
        s = scalars.scalar(d, inner, 1, 1.0).text
        ways += [[f"{array.text}[0] = {s}", f"return {text}"],
                 [f"{array.text}[...] += 0.3 * {s}", f"return {text}"],
                 [f"{array.text}[-1] *= {s}", f"return math.sin({array.text}.sum())"]]
    if cells:
        ways += [[f"{cells.text}[0] = {text}", f"return {cells.text}[-1]"],
                 [f"if len({cells.text}) < 6:", f"    {cells.text}.append({text})",
                  f"return 0.3 * sum({cells.text}[:5])"]]
    if not ways:
        return None
    body = d.rng.choice(ways)
    bind(scope, name, FUNCTION)
    out = draft.target(d, draft.inner(scope, locked=scope.locked | {name}), REAL)
    x, y = scalars.leaf(d, scope).text, scalars.leaf(d, scope).text
    use = d.rng.choice([
        [f"{out} = math.sin({name}({x}))"], [f"{out} = {name}({x}) * 0.5 - 0.4 * {name}({y})"],
        [f"{name}({x})", f"{out} = math.sin({y})"],
        [f"for _ in range(2): {name}({x})", f"{out} = 0.5 * {y}"],
        [f"{out} = sum([math.sin({name}({x})) for _ in range(2)])"],
    ])
    bind(scope, out, REAL)
    return [f"def {name}(p):", *indent(body), *use], True


def late(d: Draft, scope: Scope) -> Made:
    """A captured name that is bound anew after the function was made, or in each round."""
    name = fresh(d, scope)
    numbers = [n for n in variables(scope, REAL) if n not in scope.locked | {name, "p"}]
    if not numbers:
        return None
    n = d.rng.choice(numbers)
    inner = draft.inner(scope, names={**scope.names, "p": REAL})
    body = f"math.sin({n} * p) + 0.3 * {scalars.leaf(d, inner).text}"
    value = scalars.scalar(d, scope, 2).text
    funs, out = "funs", draft.target(d, draft.inner(scope, locked=scope.locked | {name, n}), REAL)
    x = scalars.leaf(d, scope).text
    made = d.rng.choice([
        [f"{name} = lambda p: {body}", f"{n} = {value}", f"{out} = {name}({x})"],
        [f"{name} = lambda p, {n}={n}: {body}", f"{n} = {value}", f"{out} = {name}({x})"],
        [f"{funs} = []", "for k_1 in range(3):", f"    {funs}.append(lambda p: {body} * k_1)",
         f"{name} = {funs}[0]", f"{out} = sum([math.sin(g(0.5)) for g in {funs}])"],
        [f"{funs} = [lambda p, k=k: k * ({body}) * 0.3 for k in range(3)]", f"{n} = {value}",
         f"{name} = {funs}[1]", f"{out} = {name}({x})"],
        [f"{funs} = {{'f': lambda p: {body}, 'g': math.cos}}", f"{n} = {value}",
         f"{name} = {funs}['f']", f"{out} = {name}({x}) + {funs}['g']({n})"],
        [f"{name} = lambda p: {body}", f"{out} = {name}({x})", f"{n} = {value}",
         f"{out} = 0.5 * {out} - 0.5 * {name}({out})"],
    ])
    bind(scope, out, REAL)
    bind(scope, name, FUNCTION)
    return made, True


def handed_over(d: Draft, scope: Scope) -> Made:
    """A function handed to a helper of the program's, or to map and reduce."""
    own = [h for h in d.helpers if FUNCTION in h.params and h.results == (REAL,)
           and h.feature in d.allowed]
    name = draft.target(d, scope, REAL)
    if own and d.rng.random() < 0.8:
        text = calls.call_text(d, scope, d.rng.choice(own), 1)
    else:
        f, x = function(d, scope), scalars.leaf(d, scope).text
        text = d.rng.choice([f"sum(map({f}, [{x}, 0.4]))", f"list(map({f}, ({x}, 0.7)))[-1]",
                             f"reduce(lambda p, q: p * 0.5 + math.sin(q), [{x}, 0.3], 0.1)",
                             f"max([{x}, 0.5], key={f})", f"[{f}][0]({x})",
                             f"sorted([{x}, 0.8], key={f})[0]"])
    bind(scope, name, REAL)
    return [f"{name} = math.sin({text})"], True


def recursive(d: Draft, scope: Scope) -> Made:
    """A nested function that calls itself and captures."""
    if scope.depth > DEPTH:
        return None
    name, x = fresh(d, scope), scalars.leaf(d, scope).text
    out = draft.target(d, draft.inner(scope, locked=scope.locked | {name}), REAL)
    start, n = scalars.scalar(d, scope, 1).text, d.rng.randint(1, 3)
    bind(scope, out, REAL)
    test = conditions.test(d, draft.inner(scope, names={"p": REAL}), 1)
    return [f"def {name}(p, n):", f"    if n == 0 or {test}:", f"        return p * {x}",
            f"    return math.sin({name}(0.7 * p + 0.2 * {x}, n - 1))",
            f"{out} = {name}({start}, {n})"], True


ROWS = [
    Row("functions bound", 1.5, create),
    Row("captured and written", 2, local),
    Row("late binding", 1.5, late),
    Row("functions handed over", 2, handed_over),
    Row("nested recursion", 0.6, recursive),
]
SCALARS = [Row("function values called", 2, call)]


# ------------------------------------------------------------------------- helpers


def maker(d: Draft) -> list[str]:
    """A function that returns a function, or two that share a variable."""
    name = forms.named(d, "maker")
    scope = forms.scope_of(["k", "p"], [REAL, REAL])
    e, g = forms.bounded(d, scope), forms.bounded(d, scope, 1)
    way = d.rng.randrange(4)
    if way == 0:
        lines = [f"def {name}(k):", "    def inner(p):", f"        return {e}", "    return inner"]
        forms.register(d, "closures returned", name, [REAL], [FUNCTION])
    elif way == 1:
        lines = [f"def {name}(k):", "    total = k", "    def add(p):", "        nonlocal total",
                 "        total = 0.5 * total + math.sin(p)", f"        return total + 0.1 * {g}",
                 "    return add"]
        forms.register(d, "closures returned", name, [REAL], [FUNCTION])
    elif way == 2:
        lines = [f"def {name}(k, m):", f"    return lambda p: math.sin({e}) * m"]
        forms.register(d, "closures returned", name, [REAL, REAL], [FUNCTION])
    else:
        lines = [f"def {name}(k):", "    def put(p):", "        nonlocal k", f"        k = {g}",
                 "        return k", f"    return put, lambda p: {e}"]
        forms.register(d, "closures returned", name, [REAL], [FUNCTION, FUNCTION])
    return lines


def taker(d: Draft) -> list[str]:
    """A function that is given functions."""
    name = forms.named(d, "taker")
    lines = d.rng.choice([
        [f"def {name}(f, x):", "    return f(x) * 0.5 + f(0.3)"],
        [f"def {name}(f, x):", "    for _ in range(3):", "        x = math.sin(f(x))",
         "    return x"],
        [f"def {name}(f, x):", "    kept = [f(x), f(0.5 * x)]", "    return sum(kept) * 0.5"],
        [f"def {name}(f, x):", "    g = lambda p: 0.5 * f(p) + x", "    return g(x)"],
        [f"def {name}(f, x):", "    return x if f is None else math.tanh(f(x))"],
        [f"def {name}(f, x, *args, **options):", "    return 0.7 * f(x, *args, **options)"],
    ])
    call = None
    if d.rng.random() < 0.2:
        def call(a: list[str]) -> str:
            return f"{name}(x={a[1]}, f={a[0]})"
    forms.register(d, "functions taken", name, [FUNCTION, REAL], call=call)
    return lines


def decorated(d: Draft) -> list[str]:
    """A helper under a decorator of the program's own."""
    deco, name = forms.named(d, "scaled_by"), forms.named(d, "inside")
    scope = forms.scope_of(["x"], [REAL])
    around = d.rng.choice(["math.sin(f(*args, **kwargs)) * k", "f(*args, **kwargs) * 0.5 + k",
                           "k - f(*[0.5 * a for a in args], **kwargs)"])
    e = forms.bounded(d, scope)
    if d.rng.random() < 0.4:
        lines = [f"def {deco}(f):", "    k = 0.7", "    @wraps(f)",
                 "    def wrapped(*args, **kwargs):", f"        return {around}",
                 "    return wrapped", f"@{deco}"]
    else:
        lines = [f"def {deco}(k):", "    def decorate(f):", "        @wraps(f)",
                 "        def wrapped(*args, **kwargs):", f"            return {around}",
                 "        return wrapped", "    return decorate", f"@{deco}(0.6)"]
    forms.register(d, "decorators", name, [REAL])
    return [*lines, f"def {name}(x):", f"    return {e}"]


def composed(d: Draft) -> list[str]:
    """Functions made of functions at module level."""
    name = forms.named(d, "composed")
    f, g = function(d, forms.scope_of([], [])), function(d, forms.scope_of([], []))
    forms.register(d, "composition", name, [REAL])
    return d.rng.choice([
        [f"{name} = (lambda f, g: lambda x: math.sin(f(g(x))))({f}, {g})"],
        [f"{name} = partial(lambda a, x: a * math.tanh(x), 0.7)"],
        [f"def {name}(x):", f"    return reduce(lambda v, f: math.sin(f(v)), [{f}, {g}], x)"],
        [f"def {name}(x):", f"    fs = [{f}, {g}]", "    return sum(f(x) for f in fs) * 0.4"],
    ])


def array_taker(d: Draft) -> list[str] | None:
    """A function that applies another to the rows of an array, and writes what comes out."""
    if "arrays" not in d.allowed:
        return None
    name = forms.named(d, "apply")
    kind: Kind = draft.array((3,))
    lines = d.rng.choice([
        [f"def {name}(f, a):", "    out = np.empty(3)", "    for i, v in enumerate(a):",
         "        out[i] = f(v)", "    return out"],
        [f"def {name}(f, a):", "    for i in range(3):", "        a[i] = 0.5 * f(a[i])",
         "    return a"],
        [f"def {name}(f, a):", "    return np.array([f(v) for v in a])"],
        [f"def {name}(f, a):", "    a[...] = np.array(list(map(f, a)))", "    return a[::-1]"],
    ])
    forms.register(d, "functions over arrays", name, [FUNCTION, kind], [kind])
    return lines


MAKERS = [
    Row("closures returned", 2, maker),
    Row("functions taken", 2, taker),
    Row("decorators", 1, decorated),
    Row("composition", 1, composed),
    Row("functions over arrays", 1, array_taker),
]
