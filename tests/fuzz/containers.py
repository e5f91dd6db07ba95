"""Random lists, tuples and dicts as values: displays, reads, loops over them."""

from __future__ import annotations

from tests.fuzz import calls, draft, loops, scalars, vectors
from tests.fuzz.draft import INT, LIMIT, REAL, Draft, Expr, Kind, Row, Scope, array, fit
from tests.fuzz.places import (
    EXTRA,
    KEY,
    KEYS,
    Place,
    dict_of,
    holder,
    list_of,
    one,
    places,
    some_kind,
)


def value(d: Draft, scope: Scope, kind: Kind, depth: int = 2) -> Expr:
    """A container of this kind: one that is there already, under another name, or a new one."""
    known = [p for p in places(d, scope) if p.kind == kind]
    if known and d.rng.random() < 0.55:
        return Expr(d.rng.choice(known).text, LIMIT)
    return Expr(display(d, scope, kind, depth), LIMIT)


def display(d: Draft, scope: Scope, kind: Kind, depth: int = 2) -> str:
    field, parts = kind
    if field == "list":
        count = d.rng.randint(1, 3)
        if parts[0] == REAL and d.rng.random() < 0.2:
            return of_integers(d, count)
        if d.rng.random() < 0.08:
            return f"[{item(d, scope, parts[0], depth)}] * {count}"
        return f"[{', '.join(item(d, scope, parts[0], depth) for _ in range(count))}]"
    if field == "dict":
        keys = [*KEYS, *(k for k in EXTRA if d.rng.random() < 0.2)]
        texts = [(k, item(d, scope, parts[0], depth)) for k in keys]
        if d.rng.random() < 0.3:
            return f"dict({', '.join(f'{k}={t}' for k, t in texts)})"
        return f"{{{', '.join(f'{k!r}: {t}' for k, t in texts)}}}"
    if field == "record":
        return f"{{{', '.join(f'{k!r}: {item(d, scope, kind, depth)}' for k, kind in parts)}}}"
    return f"({', '.join(item(d, scope, kind, depth) for kind in parts)},)"


def of_integers(d: Draft, count: int) -> str:
    """A list of which it is known how it begins: what is written there later is something else."""
    return d.rng.choice([
        f"[0] * {count}", f"[each for each in range({count})]", f"list(range({count}))",
        f"[1, 2, -1, 1][:{count}]", f"sorted([2, 0, 1, 1])[:{count}]", f"[*range({count})]",
        f"[0.5 * each for each in range({count})]", f"list((1, 0, 2)[:{count}])",
        f"[1] + {[0] * (count - 1)}", f"list(map(int, '201'[:{count}]))",
    ])


def item(d: Draft, scope: Scope, kind: Kind, depth: int) -> str:
    """What goes into a container: arrays mostly by name, so that they are shared."""
    if kind[0] == "real" and kind[1] and d.rng.random() < 0.6:
        return vectors.leaf(d, scope, kind[1]).text
    return calls.expression(d, scope, kind, depth - 1).text


def a_list(d: Draft, scope: Scope, *kinds: Kind) -> Place | None:
    return holder(d, scope, "list", *kinds)


def items_read(d: Draft, scope: Scope, depth: int) -> Expr | None:
    """An item or an attribute that is a float."""
    place = one(d, scope, lambda p: p.kind == REAL and not p.name)
    return Expr(place.text, LIMIT) if place else None


def list_read(d: Draft, scope: Scope, depth: int) -> Expr | None:
    """What is computed of a list of floats."""
    place = a_list(d, scope, REAL)
    if place is None:
        return None
    a, x = place.text, scalars.leaf(d, scope).text
    index = scalars.integer(d, scope).text
    inner = draft.inner(scope, names={**scope.names, "each": REAL})
    of_each = scalars.scalar(d, inner, 1).text
    text, bound = d.rng.choice([
        (f"{a}[{index} % len({a})]", 4), (f"sum({a})", 24), (f"max({a})", 4), (f"min({a})", 4),
        (f"(0.2 * len({a}) * {x})", 5), (f"sum({of_each} for each in {a})", 24),
        (f"sum([{of_each} for each in {a}])", 24), (f"sum(map(math.sin, {a}))", 6),
        (f"reduce(lambda p, each: 0.5 * p + math.sin(each), {a}, {x})", 5),
        (f"reduce(operator.add, {a})", 24), (f"sorted({a})[0]", 4), (f"sorted({a})[-1]", 4),
        (f"sum(each * {x} for each in {a} if each > 0.2)", 96), (f"np.sum(np.array({a}))", 24),
        (f"np.mean({a})", 4), (f"sum(p * q for p, q in zip({a}, {a}[::-1]))", 96),
        (f"sum(k * each for k, each in enumerate({a}))", 90), (f"math.fsum({a})", 24),
        (f"max({a}, key=lambda each: each * each)", 4), (f"[*{a}, {x}][-2]", 4),
        (f"({a} + [{x}])[1]", 4), (f"sum({a}[1:], {x})", 28), (f"{a}[::-1][0]", 4),
        (f"next(iter({a}))", 4), (f"next(iter({a}), {x})", 4),
        (f"next(map(lambda each: each * {x}, {a}))", 8), (f"[*map(math.sin, {a}), {x}][-2]", 4),
        (f"(lambda it: next(it) + sum(it))(iter([*{a}, {x}]))", 30),
        (f"min(zip({a}, map(math.cos, {a})))[1]", 4),
        (f"next(reversed({a})) * next(iter({a}))", 16),
        (f"max(sum(p * each for p, each in zip(it, it)) for it in [iter([*{a}, {x}])])", 96),
        (f"sum(list({a})[:2])", 8), (f"tuple({a})[0]", 4),
        (f"sum(filter(lambda each: each > 0.3, {a}))", 24), (f"sum(reversed({a}))", 24),
        (f"math.prod([0.3 * each for each in {a}])", 5),
        (f"(1.0 if any(each > 1.4 for each in {a}) else {x})", 4),
        (f"list(itertools.accumulate({a}))[-1]", 24),
        (f"sum(itertools.chain({a}[:2], [{x}]))", 12), (f"({x} if {x} in {a} else 0.5)", 4),
    ] if scope.numpy else [(f"{a}[{index} % len({a})]", 4), (f"sum({a})", 24)])
    return fit(d, Expr(text, float(bound)))


def dict_read(d: Draft, scope: Scope, depth: int) -> Expr | None:
    place = holder(d, scope, "dict", REAL)
    if place is None:
        return None
    a, x = place.text, scalars.leaf(d, scope).text
    keys = draft.variables(scope, KEY)
    key = d.rng.choice([*keys, "'p'", "'q'", "'r'"])
    text, bound = d.rng.choice([
        (f"{a}.get({key}, {x})", 4), (f"sum({a}.values())", 16), (f"max({a}.values())", 4),
        (f"sum(v for k, v in {a}.items() if k != 'p')", 12), (f"{a}.get('s', 0.5)", 4),
        (f"({a}['r'] if 'r' in {a} else {x})", 4), (f"sum([v * v for v in {a}.values()])", 64),
        (f"sum({a}[k] for k in sorted({a}))", 16), (f"{a}[max({a}, key={a}.get)]", 4),
        (f"(0.2 * len({a}) * {x})", 4), (f"{{**{a}, 'p': {x}}}['q']", 4), (f"dict({a})['p']", 4),
        (f"list({a}.values())[0]", 4), (f"({a} | {{'q': {x}}})['q']", 4),
    ])
    return fit(d, Expr(text, float(bound)))


def array_item(d: Draft, scope: Scope, shape: tuple[int, ...], depth: int) -> Expr | None:
    """An array out of a container or an object, as it is."""
    place = one(d, scope, lambda p: p.kind == array(shape) and not p.name)
    if place:
        return Expr(place.text, LIMIT)
    return None


def arrays_joined(d: Draft, scope: Scope, depth: int) -> Expr | None:
    """What is computed of a container of arrays."""
    place = one(d, scope, lambda p: p.kind[0] in ("list", "dict") and p.kind[1][0][0] == "real"
                and bool(p.kind[1][0][1]))
    if place is None or not scope.numpy:
        return None
    a = place.text if place.kind[0] == "list" else f"list({place.text}.values())"
    text, bound = d.rng.choice([
        (f"np.sum(np.stack({a}))", 150), (f"np.sum(np.concatenate({a}))", 150),
        (f"sum(np.sum(each * each) for each in {a})", 600), (f"np.mean(np.array({a}))", 4),
        (f"np.sum(sum({a}))", 150), (f"sum(each.ravel()[0] for each in {a})", 24),
        (f"np.sum(reduce(np.add, {a}))", 150), (f"np.max(np.stack({a})[-1])", 4),
        (f"sum([each.mean() for each in {a}])", 24), (f"np.vdot({a}[0], {a}[-1])", 150),
    ])
    return fit(d, Expr(text, float(bound)))


def tuple_read(d: Draft, scope: Scope, depth: int) -> Expr | None:
    """A display that is made and taken apart at once."""
    a, b = scalars.scalar(d, scope, depth - 1).text, scalars.leaf(d, scope).text
    return Expr(d.rng.choice([
        f"({a}, {b})[0]", f"[{a}, {b}][-1]", f"{{'p': {a}, 'q': {b}}}['p']",
        f"min(({a}, {b}), key=abs)", f"max([{a}, {b}])", f"((0.5, {a}), {b})[0][1]",
        f"[[{a}], [{b}, 0.5]][1][0]", f"[each * 0.5 for each in ({a}, {b})][1]",
        f"{{k: v for k, v in zip('pq', ({a}, {b}))}}['q']", f"sorted(({a}, {b}))[0]",
        f"0.5 * sum({{{a}, {b}}})", f"(*({a}, {b}), 0.3)[1]",
    ]), LIMIT)


def over_list(d: Draft, scope: Scope) -> loops.Source | None:
    place = a_list(d, scope)
    if place is None:
        return None
    first, second = loops.names_for(d, scope, 2)
    a, kind = place.text, place.kind[1][0]
    if d.rng.random() < 0.3:
        return [(first, INT, None), (second, kind, None)], f"enumerate({a})", True
    if d.rng.random() < 0.2:
        return [(first, kind, None), (second, kind, None)], f"zip({a}, {a}[::-1])", True
    text = d.rng.choice([a, a, f"reversed({a})", f"list({a})", f"{a}[:2]", f"{a}[::-1]",
                         f"[*{a}]", f"tuple({a})", f"iter({a})"])
    return [(second, kind, None)], text, True


def over_dict(d: Draft, scope: Scope) -> loops.Source | None:
    place = holder(d, scope, "dict")
    if place is None:
        return None
    first, second = loops.names_for(d, scope, 2)
    a, kind = place.text, place.kind[1][0]
    way = d.rng.randrange(4)
    if way == 0:
        # The keys are told in advance: the body may add some.
        return [(first, KEY, None)], d.rng.choice([f"list({a})", f"sorted({a})", "['q', 'p']"]), \
            True
    if way == 1:
        return [(second, kind, None)], f"list({a}.values())", True
    text = f"list({a}.items())" if way == 2 else f"sorted({a}.items(), key=lambda kv: kv[0])"
    return [(first, KEY, None), (second, kind, None)], text, True


def over_lazily(d: Draft, scope: Scope) -> loops.Source | None:
    """Generators, and what gives items one by one, over lists that the body may write."""
    place = a_list(d, scope, REAL)
    if place is None or not scope.numpy:
        return None
    first, second = loops.names_for(d, scope, 2)
    a, x = place.text, scalars.leaf(d, scope).text
    if d.rng.random() < 0.3:
        text = d.rng.choice([
            f"zip({a}, itertools.chain({a}[::-1], [{x}]))", f"zip({a}, itertools.repeat({x}))",
            f"zip(reversed({a}), itertools.cycle(({x}, 0.4)))",
            f"itertools.product({a}[:2], [{x}])",
            f"((each, {x}) for each in {a})", f"zip(map(math.sin, {a}), {a})",
            *side_by_side(a, x),
        ])
        return [(first, REAL, None), (second, REAL, None)], text, False
    if d.rng.random() < 0.2:
        text = d.rng.choice([
            f"enumerate(map(lambda each: 0.5 * each + {x}, {a}))", f"enumerate(iter({a}))",
            f"enumerate(each for each in {a} if each > 0.1)",
        ])
        return [(first, INT, None), (second, REAL, None)], text, False
    text = d.rng.choice([
        f"map(lambda each: math.sin(each) * {x}, {a})", f"filter(lambda each: each > 0.2, {a})",
        f"itertools.chain({a}, [{x}])", f"itertools.chain.from_iterable([{a}, ({x},)])",
        f"(math.cos(each * {x}) for each in {a} if each > 0.1)", f"itertools.islice({a}, 1, None)",
        f"itertools.takewhile(lambda each: each > 0.2, {a})", f"(*{a}, {x})",
        f"(p for each in ({a}, [{x}]) for p in each)", f"{{'p': {x}, 'q': 0.3}}.values()",
    ])
    return [(second, REAL, None)], text, False


def side_by_side(a: str, x: str) -> list[str]:
    """What gives pairs by drawing from what calls functions, or from one iterator twice."""
    return [
        f"zip(map(math.sin, {a}), map(lambda each: each * {x}, {a}))",
        f"zip({a}, filter(lambda each: each > 0.2, {a}))",
        f"zip(map(math.tanh, {a}), reversed({a}))",
        f"zip(*[iter([*{a}, {x}])] * 2)", f"itertools.pairwise([*{a}, {x}])",
        f"itertools.zip_longest(map(math.cos, {a}), {a}[1:], fillvalue={x})",
        f"zip(itertools.accumulate(map(math.sin, {a})), itertools.chain({a}, [{x}]))",
    ]


def new_kind(d: Draft, scope: Scope) -> Kind:
    """The kind of a new container."""
    item_kind = some_kind(d, scope)
    way = d.rng.random()
    if way < 0.5:
        return list_of(item_kind)
    if way < 0.8:
        return dict_of(item_kind)
    if way < 0.9:
        return ("tuple", (item_kind, REAL, some_kind(d, scope)))
    return ("record", (("w", item_kind), ("b", REAL), ("items", list_of(REAL))))


SCALARS = [
    Row("items read", 2.5, items_read),
    Row("lists read", 2, list_read),
    Row("dicts read", 1.2, dict_read),
    Row("containers of arrays read", 1.5, arrays_joined),
    Row("displays read at once", 0.5, tuple_read),
]
VECTORS = [Row("arrays out of containers", 2, array_item)]
SOURCES = [Row("loops over lists", 2, over_list), Row("loops over dicts", 1.2, over_dict),
           Row("lazy loops", 1.5, over_lazily)]
