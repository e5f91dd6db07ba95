"""Random helpers that write what they are given, or give out a view of it; and calls of them."""

from __future__ import annotations

from tests.fuzz import arrays_written, calls, draft, forms, regions, vectors, views
from tests.fuzz.draft import INT, REAL, Draft, Helper, Kind, Row, Scope, array, bind, indent
from tests.fuzz.places import (
    dict_of,
    list_of,
    new_name,
    object_of,
    one,
    record_of,
    some_kind,
    tuple_of,
)

Made = tuple[list[str], bool] | None


def register(d: Draft, feature: str, name: str, params: list[Kind], *results: Kind) -> None:
    d.helpers.append(Helper(name, tuple(params), results, feature))


def array_writer(d: Draft) -> list[str] | None:
    """Writes into an array, and returns it, a view of it, a number, or nothing."""
    if "arrays" not in d.allowed:
        return None
    name, shape = forms.named(d, "put"), d.rng.choice([(3,), (3,), (2,), (2, 3), (2, 2)])
    scope = forms.scope_of(["a", "x"], [array(shape), REAL], (), depth=2)
    body: list[str] = []
    for _ in range(d.rng.randint(1, 2)):
        maker = d.rng.choice([arrays_written.set_region, arrays_written.change_region,
                              arrays_written.whole, arrays_written.overlapping,
                              arrays_written.function_writes, views.through_view])
        made = maker(d, scope)
        body += made[0] if made else []
    view, part = views.view_of(d, scope, "a", shape)
    ends: list[tuple[str, tuple[Kind, ...]]] = [
        ("", ()), ("", ()), ("return", ()), ("return a", (array(shape),)),
        (f"return {view}", (array(part),)), ("return x * a.sum() * 0.2", (REAL,)),
        (f"return {forms.bounded(d, scope)}", (REAL,)), ("return a, a[0]", ())]
    end, results = d.rng.choice(ends)
    if d.rng.random() < 0.2:
        body = ["if x > 0.5:", *indent(body)]
    register(d, "helpers that write an array", name, [array(shape), REAL], *results)
    return [f"def {name}(a, x):", *indent([*body, end] if end else body)]


def two_writer(d: Draft) -> list[str] | None:
    """Two arrays of one shape, which may be the same one, or overlap."""
    if "arrays" not in d.allowed:
        return None
    name, shape = forms.named(d, "couple"), d.rng.choice([(3,), (3,), (2,), (2, 2)])
    lines = d.rng.choice([
        ["a[...] = 0.5 * (a + b)", "b[0] = 0.7 * a[-1]"], ["a[0] = b[1] * 0.5", "b[0] *= a[0]"],
        ["a += 0.3 * b", "b *= 0.5"], ["a[:] = b[::-1]"], ["b[1:] = a[:-1]", "a[0] = b[-1] * 0.6"],
        ["a[:], b[:] = np.sin(b), np.cos(a)"], ["np.copyto(b, a)", "a *= 0.3"],
        ["np.multiply(a, 0.5, out=b)", "np.add(a, b, out=a)"],
        ["saved = b * a", "a[...] = np.sin(b)", "b -= 0.3 * saved"],
    ])
    end, results = d.rng.choice([("", ()), ("return a", (array(shape),)),
                                 ("return np.sum(a * b) * 0.1", (REAL,))])
    register(d, "helpers that write two arrays", name, [array(shape), array(shape)], *results)
    return [f"def {name}(a, b):", *indent([*lines, end] if end else lines)]


def chooser(d: Draft) -> list[str] | None:
    """Gives out one of its arguments, or a part of it; nothing is written here."""
    if "arrays" not in d.allowed:
        return None
    name, shape = forms.named(d, "chosen"), d.rng.choice([(3,), (2,), (2, 3)])
    kind = array(shape)
    register(d, "helpers that return an argument", name, [kind, kind, REAL], kind)
    return [f"def {name}(a, b, x):", *d.rng.choice([
        ["    return a if x > 0.3 else b"], ["    return a[::-1]"], ["    return np.asarray(b)"],
        ["    if x > 0.3:", "        return a", "    return b[...]"],
        ["    return (a, b)[int(x > 0)]"],
        ["    return [a, b][-1]"], ["    return np.maximum(a, b) if x > 0.9 else a"]])]


def list_writer(d: Draft) -> list[str]:
    name = forms.named(d, "push")
    lines, results = d.rng.choice([
        (["if len(items) < 6:", "    items.append(x * 0.5)"], ()),
        (["items[0] = math.sin(x)"], ()), (["items.reverse()", "return items[0]"], (REAL,)),
        (["items[-1] += 0.3 * x", "return items"], (list_of(REAL),)),
        (["items[:] = [0.5 * v + x for v in items]"], ()),
        (["if len(items) > 1:", "    return items.pop() * x", "return x"], (REAL,)),
        (["for i in range(len(items)):", "    items[i] *= math.cos(x)"], ()),
        (["items.sort()", "items[0] = x"], ()), (["items = items + [x]", "return items[-2]"],
                                                 (REAL,)),
    ])
    register(d, "helpers that write a list", name, [list_of(REAL), REAL], *results)
    return [f"def {name}(items, x):", *indent(lines)]


def dict_writer(d: Draft) -> list[str]:
    name = forms.named(d, "note")
    lines, results = d.rng.choice([
        (["table['p'] = x"], ()), (["table['q'] += 0.3 * x", "return table['p']"], (REAL,)),
        (["table.update({'r': x, 'p': 0.5 * x})"], ()), (["return table.setdefault('r', x)"],
                                                         (REAL,)),
        (["for key in list(table):", "    table[key] *= math.cos(x)", "return table"],
         (dict_of(REAL),)),
        (["table = dict(table, q=x)", "return sum(table.values()) * 0.3"], (REAL,)),
    ])
    register(d, "helpers that write a dict", name, [dict_of(REAL), REAL], *results)
    return [f"def {name}(table, x):", *indent(lines)]


def object_writer(d: Draft) -> list[str] | None:
    if not d.classes:
        return None
    name, cls = forms.named(d, "drive"), d.rng.choice(list(d.classes))
    made = d.classes[cls]
    ways: list[tuple[list[str], tuple[Kind, ...]]] = [
        (["obj.x = math.sin(x) * obj.x"], ()), (["obj.x += 0.3 * x", "return obj"],
                                               (object_of(cls),)),
        (["obj.step(x)", "return 0.5 * obj.x"], (REAL,)),
        (["for _ in range(2):", "    obj.step(0.5 * x)"], ()),
        (["before = obj.x", "obj.x = x", "return before * obj.x * 0.3"], (REAL,))]
    if "a" in made.fields:
        ways += [(["obj.a[0] = x", "return obj.a"], (made.fields["a"],)),
                 (["obj.a *= math.cos(x)"], ()), (["obj.a = obj.a * 0.5", "obj.a[-1] = x"], ())]
    lines, results = d.rng.choice(ways)
    register(d, "helpers that write an object", name, [object_of(cls), REAL], *results)
    return [f"def {name}(obj, x):", *indent(lines)]


def many_writer(d: Draft) -> list[str] | None:
    """Containers of arrays: parameters updated in place, arrays kept."""
    if "arrays" not in d.allowed:
        return None
    name, kind = forms.named(d, "update"), array(d.rng.choice([(3,), (2,)]))
    lines, params, results = d.rng.choice([
        (["for key in many:", "    many[key] -= 0.1 * x * many[key]"], dict_of(kind), ()),
        (["for key, v in many.items():", "    many[key] = v - 0.1 * x"], dict_of(kind), ()),
        (["many['p'][0] = x", "return many['q']"], dict_of(kind), (kind,)),
        (["for v in many:", "    v *= 0.5", "    v[0] = x"], list_of(kind), ()),
        (["many[0] = many[-1] * x * 0.3", "return many[0]"], list_of(kind), (kind,)),
        (["many[0], many[-1] = many[-1], many[0]", "many[0][-1] = x"], list_of(kind), ()),
        (["if len(many) < 5:", "    many.append(many[0])", "many[-1][0] = x"], list_of(kind), ()),
        (["return [v[::-1] for v in many]"], list_of(kind), (list_of(kind),)),
    ])
    register(d, "helpers that write containers of arrays", name, [params, REAL], *results)
    return [f"def {name}(many, x):", *indent(lines)]


def recursive_writer(d: Draft) -> list[str] | None:
    if "arrays" not in d.allowed:
        return None
    name = forms.named(d, "walk")
    step = d.rng.choice(["a[n % 3] = math.sin(x) * a[(n + 1) % 3]", "a[1:] = 0.5 * a[:-1] + x",
                         "a *= math.cos(x)"])
    again = d.rng.choice([f"{name}(a, 0.5 * x, n - 1)", f"{name}(a[::-1], 0.5 * x, n - 1)"])
    register(d, "recursion that writes", name, [array((3,)), REAL, INT])
    return [f"def {name}(a, x, n):", "    if n > 0:", f"        {step}", f"        {again}"]


MAKERS = [
    Row("helpers that write an array", 3, array_writer),
    Row("helpers that write two arrays", 2, two_writer),
    Row("helpers that return an argument", 1, chooser),
    Row("helpers that write a list", 1.5, list_writer),
    Row("helpers that write a dict", 1, dict_writer),
    Row("helpers that write an object", 1.5, object_writer),
    Row("helpers that write containers of arrays", 1.5, many_writer),
    Row("recursion that writes", 0.7, recursive_writer),
]
_OWN = {row.feature for row in MAKERS}


def call(d: Draft, scope: Scope) -> Made:
    """A call of such a helper: with names, items, views, one thing twice."""
    found = [h for h in d.helpers if h.feature in _OWN and h.feature in d.allowed]
    if not found or not scope.numpy:
        return None
    helper = d.rng.choice(found)
    texts: list[str] = []
    for kind in helper.params:
        place = one(d, scope, lambda p, kind=kind: p.kind == kind)
        if texts and kind == helper.params[0] and kind[0] == "real" and kind[1] \
                and d.rng.random() < 0.35:
            texts.append(d.rng.choice([texts[0], f"{texts[0]}[::-1]"]))
        elif place and kind != REAL and d.rng.random() < 0.85:
            texts.append(place.text)
        elif kind[0] == "real" and kind[1] and d.rng.random() < 0.5:
            texts.append(part_of(d, scope, kind) or vectors.vector(d, scope, kind[1], 1).text)
        else:
            texts.append(calls.expression(d, scope, kind, 1).text)
    text = f"{helper.name}({', '.join(texts)})"
    if not helper.results or d.rng.random() < 0.2:
        return [text], True
    (kind,) = helper.results
    if kind == REAL:
        name = draft.target(d, scope, REAL)
        bind(scope, name, REAL)
        return [f"{name} = math.sin({text})"], True
    return [f"{new_name(d, scope, kind, 'given')} = {text}"], True


def part_of(d: Draft, scope: Scope, kind: Kind) -> str | None:
    """A view of this shape of something larger."""
    for _ in range(8):
        place = one(d, scope, lambda p: p.kind[0] == "real" and bool(p.kind[1]))
        if place is None:
            return None
        text, shape = regions.sliced(d, scope, place.kind[1])
        if shape == kind[1]:
            return f"{place.text}[{text}]"
        if place.kind[1][1:] == kind[1] and kind[1]:
            return f"{place.text}[{d.rng.choice([0, -1])}]"
    return None


ROWS = [Row("calls of helpers that write", 6, call)]

#: What main may take, besides numbers and arrays; each stands for a topic's values as arguments.
TAKEN = {"lists as arguments", "dicts as arguments", "tuples as arguments", "objects as arguments"}


def parameters(d: Draft) -> list[Kind]:
    """Kinds of containers and objects for main to take."""
    empty = Scope({}, depth=9)
    kinds: list[Kind] = []
    if draft.chance(d, "lists as arguments", 0.5):
        kinds.append(list_of(some_kind(d, empty)))
    if draft.chance(d, "dicts as arguments", 0.5):
        kinds.append(d.rng.choice([dict_of(some_kind(d, empty)), record_of(
            w=some_kind(d, empty, False), b=REAL, items=list_of(REAL))]))
    if draft.chance(d, "tuples as arguments", 0.3):
        kinds.append(tuple_of(some_kind(d, empty), REAL, some_kind(d, empty)))
    own = [name for name, made in d.classes.items()
           if not any(kind[0] == "object" for kind in made.params)]
    if own and draft.chance(d, "objects as arguments", 0.6):
        kinds.append(object_of(d.rng.choice(own)))
    return kinds
