"""Random statements that make and change lists and dicts."""

from __future__ import annotations

from tests.fuzz import calls, containers, draft, scalars
from tests.fuzz.draft import REAL, Draft, Kind, Row, Scope, array, bind, fresh
from tests.fuzz.places import (
    KEY,
    bounded_growth,
    holder,
    list_of,
    new_name,
    one,
)

Made = tuple[list[str], bool] | None
WORDS = {"list": "rows", "dict": "table", "tuple": "pair", "record": "state"}


def create(d: Draft, scope: Scope) -> Made:
    kind = containers.new_kind(d, scope)
    text = containers.display(d, scope, kind)
    return [f"{new_name(d, scope, kind, WORDS[kind[0]])} = {text}"], True


def comprehension(d: Draft, scope: Scope) -> Made:
    """A list or dict that is computed of another, or of an array or a range."""
    sources = ["range(3)", f"({scalars.leaf(d, scope).text}, {scalars.leaf(d, scope).text})"]
    found = containers.a_list(d, scope, REAL)
    a = found.text if found and d.rng.random() < 0.7 else d.rng.choice(sources)
    inner = draft.inner(scope, names={**scope.names, "each": REAL})
    e, x = scalars.scalar(d, inner, 2).text, scalars.leaf(d, scope).text
    if d.rng.random() < 0.25:
        name = new_name(d, scope, ("dict", (REAL,)), "table")
        return [d.rng.choice([
            f"{name} = {{k: {e} for k, each in zip('pqr', [*{a}, {x}])}}",
            f"{name} = dict(zip(['p', 'q'], [*{a}, {x}]))",
            f"{name} = {{'q': {x}, **{{k: each * 0.5 for k, each in [('p', {x})]}}}}",
            f"{name} = dict([('p', {x}), ('q', 0.5 * {x})])",
        ])], True
    text = d.rng.choice([
        f"[{e} for each in {a}]", f"[{e} for each in {a} if each > 0.2] or [{x}]",
        f"[({e} if each < 1.0 else {x}) for each in {a}]", f"list(map(lambda each: {e}, {a}))",
        f"[math.sin(each * p) for each in {a} for p in (0.5, {x})][:4]",
        f"list(map(lambda each, p: each * 0.4 + p, {a}, {a}))", f"[*map(math.tanh, {a})]",
        f"list(filter(lambda each: each > 0.2, {a})) or [{x}]", f"sorted({a}, reverse=True)",
        f"[each for each in {a}][::-1]", f"list({e} for each in {a})", f"sorted([*{a}, {x}])",
        f"[0.5 * (p + q) for p, q in zip({a}, [{x}, *{a}])]",
        f"[(kept := math.sin({x}))] + [kept * kept]",
        f"[0.3 * k * each for k, each in enumerate({a})]", f"[0.2 * each for each in {a}] * 2",
    ])
    return [f"{new_name(d, scope, list_of(REAL), 'cells')} = ({text})[-6:]"], True


def other_name(d: Draft, scope: Scope) -> Made:
    """Another name for a container, or a shallow copy, which shares what is in it."""
    place = one(d, scope, lambda p: p.kind[0] in ("list", "dict", "record"))
    if place is None:
        return None
    a = place.text
    forms = [a, a, f"{a}.copy()"]
    forms += [f"{a}[:]", f"list({a})"] if place.kind[0] == "list" else [f"dict({a})", f"{{**{a}}}"]
    name = new_name(d, scope, place.kind, "other")
    return [f"{name} = {d.rng.choice(forms)}"], True


def change_list(d: Draft, scope: Scope) -> Made:
    place = containers.a_list(d, scope)
    if place is None:
        return None
    a, kind = place.text, place.kind[1][0]
    x, y = (containers.item(d, scope, kind, 2) for _ in range(2))
    i = scalars.integer(d, scope).text
    grow = [f"{a}.append({x})", f"{a}.append({x})", f"{a}.insert(0, {x})", f"{a}.insert(1, {x})",
            f"{a}.extend([{x}, {y}])", f"{a}.extend({a}[:1])", f"{a} += [{x}]", f"{a}[1:1] = [{x}]",
            f"{a}.extend(each for each in [{x}, {y}])", f"{a}[len({a}):] = [{x}]"]
    keep = [f"{a}[0] = {x}", f"{a}[-1] = {x}", f"{a}[{i} % len({a})] = {x}", f"{a}.reverse()",
            f"{a}[0], {a}[-1] = {a}[-1], {a}[0]", f"{a}[:1] = [{x}]", f"{a}[:] = {a}[::-1]",
            f"{a}[:] = [{x}, {y}]", f"{a}[::-1] = list({a})"]
    shrink = [f"{a}.pop()", f"{a}.pop(0)", f"del {a}[0]", f"del {a}[-1:]", f"{a}[:1] = []"]
    if not place.settable:
        grow.remove(f"{a} += [{x}]")
    if kind == REAL:
        keep += [f"{a}.sort()", f"{a}.sort(reverse=True)", f"{a}.sort(key=lambda p: p * p)",
                 f"{a}[0] += 0.3 * {x}", f"{a}[-1] *= math.sin({x})",
                 f"for spot in range(len({a})): {a}[spot] = 0.7 * {a}[spot] + 0.1 * {x}",
                 f"{a}[:] = [0.5 * p for p in {a}]"]
        shrink += [f"{a}.remove({a}[0])"]
    way = d.rng.random()
    if way < 0.4:
        return bounded_growth(scope, a, d.rng.choice(grow)), True
    if way < 0.75:
        return [d.rng.choice(keep)], True
    if d.rng.random() < 0.5 and kind == REAL:
        name = draft.target(d, scope, REAL)
        bind(scope, name, REAL)
        first = d.rng.choice([f"{a}.pop()", f"{a}.pop(0)", f"{a}.pop(-1)"])
        return [f"{name} = {first} if len({a}) > 1 else {a}[0]"], True
    if d.rng.random() < 0.15:
        return [f"{a}.clear()", f"{a}.append({x})"] if x.isidentifier() and not x.startswith(a) \
            else [f"{a}[:] = [{x}]"], True
    return [f"if len({a}) > 1:", f"    {d.rng.choice(shrink)}"], True


def change_dict(d: Draft, scope: Scope) -> Made:
    place = holder(d, scope, "dict")
    if place is None:
        return None
    a, kind = place.text, place.kind[1][0]
    x, y = (containers.item(d, scope, kind, 2) for _ in range(2))
    keys = draft.variables(scope, KEY)
    key = d.rng.choice([*keys, "'p'", "'q'", "'r'", "'s'"])
    forms = [f"{a}[{key}] = {x}", f"{a}[{key}] = {x}", f"{a}.update({{'p': {x}, 'r': {y}}})",
             f"{a}.update(q={x})", f"{a}.setdefault({key}, {x})", f"{a}.pop('r', None)",
             f"{a}.update([('s', {x})])", f"{a}['p'], {a}['q'] = {a}['q'], {a}['p']",
             f"if 'r' in {a}: del {a}['r']", f"{a}['s'] = {a}.pop('r', {x})",
             f"{a}.setdefault('r', {x})", f"{a} |= {{'r': {x}}}" if place.settable else
             f"{a}.update(s={y})"]
    if kind == REAL:
        forms += [f"{a}['p'] += 0.3 * {x}", f"{a}['q'] *= math.sin({x})",
                  f"{a}['r'] = {a}.get('r', 0.0) * 0.5 + {x}",
                  f"for word in list({a}): {a}[word] = 0.6 * {a}[word] + 0.1 * {x}",
                  f"for word, entry in list({a}.items()): {a}[word] = math.sin(entry)"]
    if kind[0] == "real" and kind[1]:
        forms += [f"for word in sorted({a}): {a}[word] = {a}[word] - 0.1 * {a}['p']",
                  f"for entry in {a}.values(): entry *= 0.6", f"for word in {a}: {a}[word] *= 0.7",
                  f"for word, entry in {a}.items(): entry[0] = 0.5 * entry[-1]",
                  f"{a}['p'] += 0.3 * {x}"]
    if kind == list_of(REAL):
        s = scalars.scalar(d, scope, 1).text
        forms += bounded_one(scope, f"{a}['p']", f"{a}['p'].append({s})")
        forms += [f"{a}.setdefault('r', [0.5])[0] = {s}", f"{a}['q'][-1] = {s}"]
    return [d.rng.choice(forms)], True


def bounded_one(scope: Scope, text: str, line: str) -> list[str]:
    guarded = bounded_growth(scope, text, line)
    return ["\n".join(guarded)] if len(guarded) == 1 else [f"{guarded[0]} {guarded[1].strip()}"]


def set_item(d: Draft, scope: Scope) -> Made:
    """An item or attribute bound anew, or changed, wherever it is."""
    place = one(d, scope, lambda p: p.settable and not p.name
                and (p.kind[0] == "real" or p.kind[0] in ("list", "dict")))
    if place is None:
        return None
    a, kind = place.text, place.kind
    text = calls.expression(d, scope, kind, 2).text
    if kind != REAL or d.rng.random() < 0.6:
        return [f"{a} = {text}"], True
    s = scalars.scalar(d, scope, 1, 1.0).text
    return [d.rng.choice([f"{a} += {s}", f"{a} -= {s}", f"{a} *= {s}", f"{a} /= 2 + abs({s})"])], \
        True


def taken_apart(d: Draft, scope: Scope) -> Made:
    """Unpacking with a star, nested patterns, names for items."""
    place = one(d, scope, lambda p: p.kind[0] in ("list", "tuple"))
    if place is None:
        return None
    a, (field, parts) = place.text, place.kind
    if field == "tuple":
        names: list[str] = []
        for kind in parts:
            names.append(fresh(d, draft.inner(scope, locked=scope.locked | set(names))))
            bind(scope, names[-1], kind)
        return [f"{', '.join(names)} = {a}"], True
    first = fresh(d, scope)
    bind(scope, first, parts[0])
    if parts[0] == REAL:
        text = d.rng.choice([f"{first}, *rest = {a}", f"*rest, {first} = {a}",
                             f"({first}, *rest), tail = {a}, 0.5", f"[{first}, *_] = [*{a}, 0.5]"])
        return [text], True
    return [d.rng.choice([f"{first}, *rest = {a}", f"{first} = {a}[0]", f"*_, {first} = {a}"])], \
        True


def emptied(d: Draft, scope: Scope) -> Made:
    """A list that is taken apart by a while loop, and a sum of it."""
    place = containers.a_list(d, scope, REAL)
    if place is None or scope.depth > 2:
        return None
    name = draft.target(d, scope, REAL)
    start = scalars.scalar(d, scope, 1).text
    bind(scope, name, REAL)
    return [f"{name} = {start}", f"while len({place.text}) > 1:",
            f"    {name} = math.sin({name} + {place.text}.pop({d.rng.choice(['', '0', '-1'])}))"], \
        True


def collected(d: Draft, scope: Scope) -> Made:
    """The commonest loop of all: a list filled round by round, and used after it."""
    if scope.depth > 2:
        return None
    kind: Kind = REAL
    if "arrays" in d.allowed and scope.numpy and d.rng.random() < 0.4:
        kind = array((3,))
    state, value = fresh(d, scope), calls.expression(d, scope, kind, 2).text
    inside = draft.inner(scope)
    bind(inside, state, kind)
    step = calls.expression(d, inside, kind, 2).text
    out = new_name(d, draft.inner(scope, locked=scope.locked | {state}), list_of(kind), "out")
    bind(scope, out, list_of(kind))
    append = d.rng.choice([f"{out}.append({state})", f"{out} += [{state}]",
                           f"{out}.insert(0, {state})", f"{out}.extend([{state}])"])
    lines = [f"{state} = {value}", f"{out} = [{state}]", f"for _ in range({d.rng.randint(1, 4)}):",
             f"    {state} = {step}", f"    {append}"]
    bind(scope, state, kind)
    return lines, True


ROWS = [
    Row("containers made", 2.5, create),
    Row("comprehensions", 1.5, comprehension),
    Row("containers shared", 1, other_name),
    Row("lists changed", 3, change_list),
    Row("dicts changed", 2, change_dict),
    Row("items set", 2, set_item),
    Row("containers taken apart", 1, taken_apart),
    Row("lists emptied", 0.4, emptied),
    Row("lists collected", 1, collected),
]
