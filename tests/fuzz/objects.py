"""Random statements with objects of the program's own classes: made, called, shared, written."""

from __future__ import annotations

from tests.fuzz import calls, classes, conditions, draft, scalars
from tests.fuzz.draft import LIMIT, REAL, Draft, Expr, Kind, Method, Row, Scope, array, bind, fresh
from tests.fuzz.places import Place, list_of, new_name, object_of, one

Made = tuple[list[str], bool] | None


def usable(d: Draft, scope: Scope) -> list[str]:
    return list(d.classes) if scope.numpy else []


def an_object(d: Draft, scope: Scope) -> Place | None:
    return one(d, scope, lambda p: p.kind[0] == "object") if scope.numpy else None


def methods(d: Draft, scope: Scope, place: Place) -> list[Method]:
    """What may be called: a method that is being written calls none, so nothing calls itself."""
    known = d.classes[place.kind[1][0]].methods
    return [] if "self" in scope.names else known


def text_of(d: Draft, scope: Scope, place: Place, method: Method) -> str:
    texts = [calls.expression(d, scope, kind, 1).text for kind in method.params]
    return method.form.format(place.text, method.name, ", ".join(texts))


def value(d: Draft, scope: Scope, kind: Kind, depth: int = 2) -> Expr:
    """An object of a class: one that is there already, or a new one."""
    known = one(d, scope, lambda p: p.kind == kind)
    if known and d.rng.random() < 0.6:
        return Expr(known.text, LIMIT)
    return Expr(classes.constructed(d, scope, d.classes[kind[1][0]]), LIMIT)


def create(d: Draft, scope: Scope) -> Made:
    if not usable(d, scope):
        return None
    name = d.rng.choice(usable(d, scope))
    text = classes.constructed(d, scope, d.classes[name])
    return [f"{new_name(d, scope, object_of(name), 'obj')} = {text}"], True


def call_method(d: Draft, scope: Scope) -> Made:
    """A call for what it writes, for its result, or for both."""
    place = an_object(d, scope)
    found = methods(d, scope, place) if place else []
    if place is None or not found:
        return None
    writing = [m for m in found if m.result is None]
    method = d.rng.choice([*found, *writing, *writing])
    text = text_of(d, scope, place, method)
    if method.result is None or " = " in method.form:
        return [text], True
    if method.result == REAL:
        name = draft.target(d, scope, REAL)
        bind(scope, name, REAL)
        return [f"{name} = {text}"], True
    return [f"{new_name(d, scope, method.result, 'made')} = {text}"], True


def method_read(d: Draft, scope: Scope, depth: int) -> Expr | None:
    place = an_object(d, scope)
    found = [m for m in methods(d, scope, place) if m.result == REAL] if place else []
    if place is None or not found:
        return None
    return Expr(f"math.sin({text_of(d, scope, place, d.rng.choice(found))})", 1.0)


def array_method(d: Draft, scope: Scope, shape: tuple[int, ...], depth: int) -> Expr | None:
    place = an_object(d, scope)
    found = [m for m in methods(d, scope, place) if m.result == array(shape)] if place else []
    if place is None or not found:
        return None
    return Expr(text_of(d, scope, place, d.rng.choice(found)), LIMIT)


def share(d: Draft, scope: Scope) -> Made:
    """Another name for an object, one of two, a shallow copy, or several in a list."""
    place = an_object(d, scope)
    if place is None:
        return None
    other = one(d, scope, lambda p: p.kind == place.kind)
    second = other.text if other else place.text
    way = d.rng.randrange(4)
    if way == 0:
        made = classes.constructed(d, scope, d.classes[place.kind[1][0]])
        text = d.rng.choice([f"[{place.text}, {second}]", f"[{place.text}, {made}]"])
        return [f"{new_name(d, scope, list_of(place.kind), 'things')} = {text}"], True
    if way == 1:
        text = f"{place.text} if {conditions.test(d, scope, 1)} else {second}"
    elif way == 2:
        text = f"copy.copy({place.text})" if d.rng.random() < 0.3 else second
    else:
        text = place.text
    return [f"{new_name(d, scope, place.kind, 'twin')} = {text}"], True


#: The operators of methods that are called by `+=` and the like.
IN_PLACE = {"__iadd__": "+=", "__imul__": "*=", "__isub__": "-=", "__itruediv__": "/="}


def in_place(d: Draft, scope: Scope) -> Made:
    """`+=` of an object, under another name or where it lies in a holder."""
    place = an_object(d, scope)
    found = [m for m in methods(d, scope, place) if m.name in IN_PLACE] if place else []
    if place is None or not found:
        return None
    method, x = d.rng.choice(found), scalars.scalar(d, scope, 1, 1.0).text
    change = f"{IN_PLACE[method.name]} {x}"
    if place.settable and not place.name and place.kind == method.result:
        return [f"{place.text} {change}"], True
    assert method.result is not None
    name = new_name(d, scope, method.result, "twin")
    return [f"{name} = {place.text}", f"{name} {change}"], True


def copies(d: Draft, scope: Scope) -> Made:
    """A copy of an object, shallow or deep, of which one is written afterwards."""
    place = an_object(d, scope)
    if place is None:
        return None
    o, x = place.text, scalars.scalar(d, scope, 1, 1.0).text
    text = d.rng.choice([f"copy.copy({o})", f"copy.deepcopy({o})", f"copy.deepcopy([{o}, {o}])[1]",
                         f"copy.deepcopy({{'k': {o}}})['k']", f"copy.copy([{o}])[0]"])
    name = new_name(d, scope, place.kind, "double")
    fields = d.classes[place.kind[1][0]].fields
    writes = ["{0}.x = {1}", "{0}.x *= math.cos({1})"]
    writes += ["{0}.a[0] = {1}", "{0}.a = {0}.a * 0.5"] * ("a" in fields)
    writes += ["{0}.items[0] = {1}"] * ("items" in fields)
    changed = d.rng.choice([name, o]) if not o.startswith(name) else name
    return [f"{name} = {text}", d.rng.choice(writes).format(changed, x)], True


def attributes(d: Draft, scope: Scope) -> Made:
    """Writes of attributes that depend on what they were, on other objects, by setattr."""
    place = an_object(d, scope)
    if place is None:
        return None
    o, x = place.text, scalars.scalar(d, scope, 1, 1.0).text
    other = one(d, scope, lambda p: p.kind[0] == "object")
    p = other.text if other else o
    forms = [f"{o}.x = {x}", f"{o}.x += {x}", f"{o}.x *= {x}", f"{o}.x -= 0.3 * {p}.x",
             f"{o}.x, {p}.x = {p}.x, {o}.x", f"setattr({o}, 'x', {x})",
             f"{o}.x = getattr({p}, 'x') * 0.5", f"{o}.x = {p}.x = {x}",
             f"{o}.x = math.sin({o}.x) + 0.2 * {x}", f"{o}.fresh = {x}; {o}.x = 0.5 * {o}.fresh"
             if d.classes[place.kind[1][0]].feature != "slots" else f"{o}.x = -{x}",
             f"{o}.__dict__['x'] = {x}" if d.classes[place.kind[1][0]].feature == "classes" else
             f"{o}.x /= 2 + {x}"]
    fields = d.classes[place.kind[1][0]].fields
    if "a" in fields:
        forms += [f"{o}.a[0] = {x}", f"{o}.a *= 0.7", f"{o}.a = {o}.a + 0.1", f"{o}.a[...] = {x}",
                  f"{o}.a = np.sin({o}.a); {o}.a[-1] = {x}"]
    return [d.rng.choice(forms)], True


def asked(d: Draft, scope: Scope) -> Made:
    """A switch on an object's class."""
    place = an_object(d, scope)
    if place is None:
        return None
    own, other = place.kind[1][0], d.rng.choice(list(d.classes))
    x, y = scalars.scalar(d, scope, 1).text, scalars.scalar(d, scope, 1).text
    name = draft.target(d, scope, REAL)
    bind(scope, name, REAL)
    test = d.rng.choice([f"isinstance({place.text}, {other})", f"type({place.text}) is {own}",
                         f"hasattr({place.text}, 'y')", f"{place.text} is not None"])
    return [f"{name} = {place.text}.x if {test} else {x}", f"{name} = 0.5 * {name} + 0.3 * {y}"], \
        True


def simulated(d: Draft, scope: Scope) -> Made:
    """Rounds over objects in a list, each of which is written in every round."""
    if not usable(d, scope) or scope.depth > 2 or "self" in scope.names:
        return None
    name = d.rng.choice(usable(d, scope))
    made = d.classes[name]
    texts = [classes.constructed(d, scope, made) for _ in range(d.rng.randint(1, 3))]
    dt = scalars.scalar(d, scope, 1, 1.0).text
    things, total = fresh(d, scope), draft.target(d, scope, REAL)
    if total == things:
        return None
    bind(scope, things, list_of(object_of(name)))
    bind(scope, total, REAL)
    body = d.rng.choice([f"each.step({dt})", "each.x = 0.6 * each.x + 0.2",
                         f"each.x += 0.2 * {things}[0].x"])
    return [f"{things} = [{', '.join(texts)}]", f"for _ in range({d.rng.randint(1, 3)}):",
            f"    for each in {things}:", f"        {body}",
            f"{total} = math.sin(sum(each.x for each in {things}))"], True


ROWS = [
    Row("objects made", 3, create),
    Row("method calls", 3, call_method),
    Row("objects shared", 1.5, share),
    Row("objects changed in place", 1, in_place),
    Row("objects copied", 0.8, copies),
    Row("attribute writes", 2, attributes),
    Row("class switches", 0.6, asked),
    Row("objects in rounds", 0.8, simulated),
]
SCALARS = [Row("methods read", 2.5, method_read)]
VECTORS = [Row("arrays of methods", 1.5, array_method)]


def a_class(style: str, feature: str) -> Row:
    return Row(feature, 2, lambda d: classes.new_class(d, feature, style))


def a_derived(d: Draft) -> list[str] | None:
    if not d.classes:
        return None
    base = d.classes[d.rng.choice(list(d.classes))]
    return classes.derived(d, base)


MAKERS = [
    a_class("plain", "classes"),
    a_class("dataclass", "dataclasses"),
    a_class("slots", "slots"),
    Row("inheritance", 2, a_derived),
]
