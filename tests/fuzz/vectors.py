"""Random array and complex expressions, reductions to scalars, calls of earlier functions."""

from __future__ import annotations

import math

from tests.fuzz import calls, conditions, scalars, topics
from tests.fuzz.draft import (
    INT,
    LIMIT,
    SHAPES,
    Draft,
    Expr,
    Row,
    Scope,
    array,
    fit,
    one_of,
    variables,
)

Shape = tuple[int, ...]


def vector(d: Draft, scope: Scope, shape: Shape, depth: int = 2, limit: float = LIMIT) -> Expr:
    """A real array of this shape, within the limit; a scalar for the shape ()."""
    if not shape:
        return scalars.scalar(d, scope, depth, limit)
    made = topics.make(d, ROWS, topics.VECTORS, scope, shape, depth - 1) if depth > 0 else None
    return fit(d, made or leaf(d, scope, shape), limit, ["np.tanh", "np.sin"])


def leaf(d: Draft, scope: Scope, shape: Shape) -> Expr:
    names = variables(scope, array(shape))
    names += [n for n, kind in d.constants.items() if kind == array(shape) and d.rng.random() < 0.2]
    if names and d.rng.random() < 0.95:
        name = one_of(d, names)
        # A copy where programs write: nothing may be left in a global by one run for the next.
        copied = name in d.constants and not d.allowed.isdisjoint(topics.new())
        return Expr(f"(1.0 * {name})" if copied else name, LIMIT)
    s = scalars.leaf(d, scope)
    size = repr(shape if len(shape) > 1 else shape[0])
    return Expr(
        d.rng.choice([f"({s.text} * np.ones({size}))", f"np.full({size}, {s.text})"]), s.bound
    )


def partner(d: Draft, shape: Shape) -> Shape:
    """A shape that broadcasts to this one."""
    cut = shape[d.rng.randint(0, len(shape)) :] if d.rng.random() < 0.4 else shape
    return tuple(1 if d.rng.random() < 0.1 else n for n in cut)


def operators(d: Draft, scope: Scope, shape: Shape, depth: int) -> Expr:
    a, b = vector(d, scope, shape, depth), vector(d, scope, partner(d, shape), depth)
    a, b = d.rng.sample([a, b], 2)
    op = d.rng.choice(["+", "-", "*", "*"])
    return Expr(f"({a.text} {op} {b.text})", a.bound * b.bound if op == "*" else a.bound + b.bound)


def division(d: Draft, scope: Scope, shape: Shape, depth: int) -> Expr:
    a, b = vector(d, scope, shape, depth), leaf(d, scope, shape)
    return Expr(f"({a.text} / (1.5 + {b.text} * {b.text}))", a.bound / 1.5)


def elementwise(d: Draft, scope: Scope, shape: Shape, depth: int) -> Expr:
    a = vector(d, scope, shape, depth)
    way = d.rng.choice(
        [
            "np.sin({0})",
            "np.cos({0})",
            "np.tanh({0})",
            "np.exp(-0.2 * {0} * {0})",
            "np.log(2.0 + {0} ** 2)",
            "np.sqrt(1.5 + np.square({0}))",
            "np.abs({0})",
            "(-{0})",
            "({0} ** 2)",
            "np.arctan({0})",
            "np.negative({0})",
            "np.add({0}, 0.5)",
            "np.multiply({0}, {0})",
            "(0.3 * {0} * {0} * {0})",
            "({0} * {0} * {0})",
        ]
    )
    return Expr(
        way.format(a.text),
        max(a.bound, 1.0) ** way.count("* {0}")
        * max(a.bound, 1.0) * (a.bound if "** 2)" in way or "multiply" in way else 2),
    )


def choice(d: Draft, scope: Scope, shape: Shape, depth: int) -> Expr | None:
    if not scope.numpy:
        return None
    a, b = vector(d, scope, shape, depth), vector(d, scope, shape, 0)
    way = d.rng.choice(
        [
            "np.where({0} > 0.2, {0}, {1})",
            "np.where({1} < {0}, 0.5 * {1}, {0})",
            "np.clip({0}, -0.8, 0.9)",
            "np.maximum({0}, {1})",
            "np.minimum({0}, 0.7)",
            "np.maximum({0}, {1})",
        ]
    )
    # Of scalars, where makes a 0-d array, which `y += 1` would change in place.
    text = way.format(a.text, b.text)
    return Expr(text if shape or "where" not in way else f"(1.0 * {text})", max(a.bound, b.bound))


def ternary(d: Draft, scope: Scope, shape: Shape, depth: int) -> Expr:
    a, b = vector(d, scope, shape, depth), vector(d, scope, shape, 0)
    return Expr(f"({a.text} if {conditions.test(d, scope)} else {b.text})", max(a.bound, b.bound))


def reduction(d: Draft, scope: Scope, depth: int) -> Expr | None:
    names = [n for n, (field, shape) in scope.names.items() if field == "real" and shape]
    if not names or not scope.numpy:
        return None
    shape = scope.names[one_of(d, names)][1]
    a = vector(d, scope, shape, depth)
    size = math.prod(shape)
    if len(shape) == 1 and d.rng.random() < 0.3:
        b = vector(d, scope, shape, depth - 1)
        way = d.rng.choice(["np.dot({0}, {1})", "({0} @ {1})", "{0}.dot({1})"])
        return Expr(way.format(a.text, b.text), size * a.bound * b.bound)
    way = d.rng.choice(
        ["np.sum({0})", "{0}.sum()", "np.mean({0})", "np.max({0})", "{0}.min()", "{0}.mean()"]
    )
    return Expr(way.format(f"({a.text})"), a.bound * (size if "sum" in way else 1))


def reduce_axis(d: Draft, scope: Scope, shape: Shape, depth: int) -> Expr | None:
    way = d.rng.choice(["sum", "mean", "max", "sum"])
    if 1 in shape:
        axis = shape.index(1)
        source = (*shape[:axis], 3 if len(shape) == 1 else 2, *shape[axis + 1 :])
        keep = ", keepdims=True"
    elif len(shape) == 1:
        axis, keep = d.rng.randint(0, 1), ""
        source = (2, *shape) if axis == 0 else (*shape, 2)
        axis = axis if d.rng.random() < 0.6 else axis - 2
    else:
        return None
    a = vector(d, scope, source, depth)
    call = f"np.{way}({a.text}, axis={axis}{keep})"
    if d.rng.random() < 0.4:
        call = f"({a.text}).{way}(axis={axis}{keep})"
    return Expr(call, a.bound * (3 if way == "sum" else 1))


def matmul(d: Draft, scope: Scope, shape: Shape, depth: int) -> Expr:
    between = d.rng.choice([2, 3])
    if len(shape) == 1:
        left, right = d.rng.choice(
            [((between,), (between, shape[0])), ((shape[0], between), (between,))]
        )
    else:
        left, right = (shape[0], between), (between, shape[1])
    a, b = vector(d, scope, left, depth), vector(d, scope, right, depth - 1)
    way = d.rng.choice(["({0} @ {1})", "np.dot({0}, {1})", "np.matmul({0}, {1})"])
    return Expr(way.format(a.text, b.text), between * a.bound * b.bound)


def outer(d: Draft, scope: Scope, shape: Shape, depth: int) -> Expr | None:
    if len(shape) != 2:
        return None
    a, b = vector(d, scope, shape[:1], depth), vector(d, scope, shape[1:], depth)
    way = d.rng.choice(
        ["np.outer({0}, {1})", "({0}[:, None] * {1})", "({0}[:, np.newaxis] * {1}[None, :])"]
    )
    return Expr(way.format(f"({a.text})", f"({b.text})"), a.bound * b.bound)


def reshape(d: Draft, scope: Scope, shape: Shape, depth: int) -> Expr:
    size = math.prod(shape)
    sources = [s for s in SHAPES if math.prod(s) == size and s != shape]
    a = vector(d, scope, d.rng.choice(sources or [(size,)]), depth)
    full = repr(shape)
    ways = [f"np.reshape({a.text}, {full})", f"({a.text}).reshape({full[1:-1].rstrip(',')})"]
    ways += [f"np.ravel({a.text})", f"({a.text}).reshape(-1)"] if len(shape) == 1 else []
    return Expr(d.rng.choice(ways), a.bound)


def transpose(d: Draft, scope: Scope, shape: Shape, depth: int) -> Expr | None:
    if len(shape) != 2:
        return None
    a = vector(d, scope, shape[::-1], depth)
    return Expr(
        d.rng.choice([f"({a.text}).T", f"np.transpose({a.text})", f"np.swapaxes({a.text}, 0, 1)"]),
        a.bound,
    )


def slicing(d: Draft, scope: Scope, shape: Shape, depth: int) -> Expr | None:
    ways = []
    for name, (field, source) in scope.names.items():
        if field != "real" or not source:
            continue
        if source == shape:
            ways += [f"{name}[::-1]", f"{name}[...]"]
        if len(source) == len(shape) and source[1:] == shape[1:] and source[0] == shape[0] + 1:
            ways += [f"{name}[1:]", f"{name}[:-1]"]
        if source[1:] == shape and shape:
            counters = [c for c in variables(scope, INT) if scope.limits.get(c, 9) <= source[0]]
            ways += [f"{name}[0]", f"{name}[-1]", *(f"{name}[{c}]" for c in counters)]
        if len(source) == 2 and source[:1] == shape:
            ways += [f"{name}[:, 0]", f"{name}[..., -1]"]
        if (1, *source) == shape:
            ways += [f"{name}[None, :]"]
        if (*source, 1) == shape:
            ways += [f"{name}[:, None]"]
    return Expr(d.rng.choice(ways), LIMIT) if ways else None


def joined(d: Draft, scope: Scope, shape: Shape, depth: int) -> Expr | None:
    if shape[0] < 2:
        return None
    rest = shape[1:]
    if rest and d.rng.random() < 0.5:
        parts = [vector(d, scope, rest, depth) for _ in range(shape[0])]
        name = d.rng.choice(["stack", "vstack"])
    else:
        parts = [
            vector(d, scope, (1, *rest), depth),
            vector(d, scope, (shape[0] - 1, *rest), depth),
        ]
        name = "concatenate"
    return Expr(f"np.{name}([{', '.join(p.text for p in parts)}])", max(p.bound for p in parts))


def shifted(d: Draft, scope: Scope, shape: Shape, depth: int) -> Expr | None:
    """What people write for stable exponentials, and what looks like it and is something else."""
    if len(shape) != 2 or not scope.numpy:
        return None
    x = vector(d, scope, shape, 0)
    axis, other = d.rng.choice([0, 1, -1]), d.rng.choice([0, 1, 1])
    top = f"np.max({x.text}, axis={axis}, keepdims=True)"
    e = f"np.exp(0.5 * ({x.text} - {top}))" if d.rng.random() < 0.2 else \
        f"np.exp({x.text} - {top})"
    sums = f"np.sum({e}, axis={axis if d.rng.random() < 0.7 else other}, keepdims=True)"
    way = d.rng.choice(["({e} / {s})", "({t} + np.log({s}) + 0.0 * {x})", "({x} - np.log({s}))"])
    return Expr(way.format(e=e, s=sums, t=top, x=x.text), x.bound + 3.0)


def display(d: Draft, scope: Scope, shape: Shape, depth: int) -> Expr | None:
    if len(shape) != 1:
        return None
    parts = [scalars.scalar(d, scope, depth - 1) for _ in range(shape[0])]
    return Expr(f"np.array([{', '.join(p.text for p in parts)}])", max(p.bound for p in parts))


ROWS = [
    Row("array operators", 9, operators),
    Row("array division", 1, division),
    Row("elementwise", 4, elementwise),
    Row("choice", 2, choice),
    Row("array ternary", 0.5, ternary),
    Row("reduce axis", 2, reduce_axis),
    Row("matmul", 2, matmul),
    Row("outer", 1, outer),
    Row("reshape", 1, reshape),
    Row("transpose", 1, transpose),
    Row("slicing", 2, slicing),
    Row("joining", 1, joined),
    Row("array display", 1, display),
    Row("shift", 0.7, shifted),
    Row("array call", 4, lambda d, scope, shape, depth: calls.call(d, scope, array(shape), depth)),
]
