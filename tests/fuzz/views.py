"""Random views, other names for arrays, and writes through them; loops that write rows."""

from __future__ import annotations

import math

from tests.fuzz import arrays_written, conditions, draft, regions, scalars, statements, vectors
from tests.fuzz.draft import DEPTH, INT, REAL, SHAPES, Draft, Row, Scope, array, bind, fresh, indent
from tests.fuzz.places import an_array, new_name, one

Shape = tuple[int, ...]
Made = tuple[list[str], bool] | None


def view_of(d: Draft, scope: Scope, a: str, shape: Shape) -> tuple[str, Shape]:
    """An expression that shares an array's memory, mostly, and its shape."""
    ways: list[tuple[str, Shape]] = [
        (a, shape), (f"{a}[:]", shape), (f"{a}[::-1]", shape), (f"{a}.view()", shape),
        (f"np.asarray({a})", shape), (f"{a}.ravel()", (math.prod(shape),)),
        (f"{a}.reshape(-1)", (math.prod(shape),)), (f"{a}[...]", shape), (f"{a}.real", shape),
        (f"{a}[None]", (1, *shape)), (f"np.atleast_1d({a})", shape),
        (f"{a}.copy()", shape), (f"np.array({a})", shape), (f"np.ascontiguousarray({a})", shape),
        (f"({a} if {conditions.test(d, scope, 1)} else {a}[::-1])", shape),
    ]
    for other in SHAPES:
        if math.prod(other) == math.prod(shape) and other != shape:
            ways.append((f"np.reshape({a}, {other})", other))
    text, part = regions.sliced(d, scope, shape)
    if math.prod(part) and part:
        ways += [(f"{a}[{text}]", part)] * 4
    if len(shape) == 2:
        ways += [(f"{a}.T", shape[::-1])] * 3 + [(f"{a}[0]", shape[1:]), (f"{a}[-1]", shape[1:])]
        ways += [(f"{a}[:, 0]", shape[:1]), (f"np.swapaxes({a}, 0, 1)", shape[::-1])]
        ways += [(f"{a}.T[1:]", (shape[1] - 1, shape[0]))] if shape[1] > 1 else []
        ways += [(f"np.squeeze({a})", tuple(n for n in shape if n > 1))] if math.prod(shape) > 1 \
            else []
    return d.rng.choice(ways)


def bound_view(d: Draft, scope: Scope) -> Made:
    """A name for a view, at times followed by a write through either."""
    place = an_array(d, scope)
    if place is None:
        return None
    text, shape = view_of(d, scope, place.text, place.kind[1])
    name = new_name(d, scope, array(shape), d.rng.choice(["part", "view", "alias", "head"]))
    lines = [f"{name} = {text}"]
    if d.rng.random() < 0.5:
        into, size = d.rng.choice([(name, shape), (place.text, place.kind[1])])
        index, region = regions.region(d, scope, size)
        lines.append(f"{into}[{index}] = {arrays_written.value(d, scope, region)}")
    return lines, True


def through_view(d: Draft, scope: Scope) -> Made:
    """A write through a view that has no name."""
    place = an_array(d, scope)
    if place is None:
        return None
    a, shape = place.text, place.kind[1]
    s = scalars.scalar(d, scope, 1, 1.0).text
    k = d.rng.randint(0, math.prod(shape) - 1)
    forms = [f"{a}.flat[{k}] = {s}", f"{a}.flat[{k}] += {s}", f"{a}.flat[1:] = {s}",
             f"{a}.ravel()[{k}] = {s}", f"{a}.reshape(-1)[{k}] += {s}", f"{a}.T[0] = {s}",
             f"np.ravel({a})[{k}] *= {s}", f"{a}.real[0] = {s}", f"{a}.view()[-1] += {s}",
             f"np.asarray({a})[...] = {s}", f"{a}[::-1][0] = {s}", f"{a}[...][-1] -= {s}",
             f"{a}.flat = {s}", f"{a}.flat[[0, -1]] = {s}", f"np.real({a})[0] = {s}",
             f"{a}.reshape(1, -1)[0, {k}] = {s}", f"{a}.reshape((-1,))[:1] = {s}"]
    if len(shape) == 2:
        forms += [f"{a}.T[0, 1:] = {s}", f"{a}.T[-1] += {s}", f"{a}[0][0] = {s}",
                  f"{a}[:, 0][-1] = {s}", f"np.transpose({a})[0, 0] *= {s}",
                  f"{a}.swapaxes(0, 1)[0] = {s}", f"{a}[1:][...] = {s}"]
    return [d.rng.choice(forms)], True


def rows(d: Draft, scope: Scope) -> Made:
    """`for row in m: row[...] = ...`: every round writes a part of one array."""
    if scope.depth >= DEPTH:
        return None
    place = an_array(d, scope, 2)
    if place is None:
        return None
    a, shape = place.text, place.kind[1]
    row, counter = fresh(d, scope), "k" if "k" not in scope.names else "j"
    if counter in scope.names or counter in scope.locked:
        return None
    text, width = d.rng.choice([(a, shape[1]), (a, shape[1]), (f"{a}.T", shape[0]),
                                (f"{a}[::-1]", shape[1]), (f"reversed({a})", shape[1])])
    inside = draft.inner(scope, loop="for", marks=set())
    bind(inside, row, array((width,)))
    header = f"for {row} in {text}:"
    if d.rng.random() < 0.4:
        count = shape[1] if ".T" in text else shape[0]
        bind(inside, counter, INT, count)
        header = f"for {counter}, {row} in enumerate({text}):"
        if d.rng.random() < 0.4:
            other = vectors.vector(d, scope, (count,), 0).text
            bind(inside, counter, REAL)
            header = f"for {counter}, {row} in zip({other}, {text}):"
    index, region = regions.region(d, inside, (width,))
    change = arrays_written.value(d, inside, region, 1.0)
    lines = [d.rng.choice([f"{row}[{index}] = {change}", f"{row}[{index}] += {change}",
                           f"{row}[...] = np.sin({row}) * 0.7", f"{row} *= 0.6"])]
    more, _ = statements.block(d, inside, d.rng.randint(0, 2)) if d.rng.random() < 0.6 else ([], 0)
    return [header, *indent([*lines, *more])], True


def rows_unpacked(d: Draft, scope: Scope) -> Made:
    place = an_array(d, scope, 2)
    if place is None:
        return None
    count, width = place.kind[1]
    names = []
    for _ in range(count):
        names.append(fresh(d, draft.inner(scope, locked=scope.locked | set(names))))
    for name in names:
        bind(scope, name, array((width,)))
    pattern = ", ".join(names) + ("," if count == 1 else "")
    s = scalars.scalar(d, scope, 1, 1.0).text
    return [f"{pattern} = {place.text}", f"{d.rng.choice(names)}[0] = {s}"], True


def stepping(d: Draft, scope: Scope) -> Made:
    """Time steps in place, with a new array each, or with two that change places."""
    if scope.depth > 1 or "arrays" not in d.allowed or not scope.numpy:
        return None
    name, count = new_name(d, scope, array((5,)), "u"), d.rng.randint(1, 4)
    a, rate = vectors.leaf(d, scope, (3,)).text, scalars.scalar(d, scope, 1, 1.0).text
    start = [f"{name} = np.zeros(5)", f"{name}[1:-1] = {a}"]
    inner = f"{name}[1:-1] + 0.2 * ({name}[2:] - 2 * {name}[1:-1] + {name}[:-2])"
    step = d.rng.choice(["", f" + 0.1 * {rate}", f" * np.cos(0.3 * {name}[1:-1])"])
    way = d.rng.randrange(5)
    if way == 0:
        body = [f"fresh = np.zeros_like({name})", f"fresh[1:-1] = {inner}{step}", f"{name} = fresh"]
    elif way == 1:
        start.append(f"fresh = {name}.copy()")
        body = [f"fresh[1:-1] = {inner}{step}", f"{name}, fresh = fresh, {name}"]
    elif way == 2:
        body = [f"{name}[1:-1] = {inner}{step}", f"{name}[0] = {name}[1]"]
    elif way == 3:
        body = [f"{name}[1:-1] += 0.2 * ({name}[2:] - 2 * {name}[1:-1] + {name}[:-2])",
                f"{name}[-1] = {rate}"]
    else:
        start.append(f"history = np.zeros(({count} + 1, 5))")
        start.append(f"history[0] = {name}")
        body = [f"history[step + 1] = 0.7 * history[step]{step}"
                if "*" not in step[:2] else "history[step + 1] = 0.7 * np.sin(history[step])",
                f"history[step + 1, 0] += {rate}", f"{name} = history[step + 1]"]
    return [*start, f"for step in range({count}):", *indent(body)], True


def shared(d: Draft, scope: Scope) -> Made:
    """One of two arrays, chosen by a test, and written: which, is known at run time."""
    place = an_array(d, scope)
    if place is None:
        return None
    other = one(d, scope, lambda p: p.kind == place.kind and p.text != place.text)
    if other is None:
        return None
    text = conditions.test(d, scope, 1)
    name = new_name(d, scope, place.kind, "either")
    s = scalars.scalar(d, scope, 1, 1.0).text
    write = d.rng.choice([f"{name}[0] = {s}", f"{name}[...] *= {s}", f"{name}[-1] += {s}"])
    return [f"{name} = {place.text} if {text} else {other.text}", write], True


ROWS = [
    Row("views bound", 3, bound_view),
    Row("writes through views", 1.5, through_view),
    Row("rows written", 1.5, rows),
    Row("rows unpacked", 0.7, rows_unpacked),
    Row("time steps", 1, stepping),
    Row("either array written", 0.8, shared),
]
