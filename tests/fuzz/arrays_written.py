"""Random writes into arrays: by index, in place as a whole, by functions that write."""

from __future__ import annotations

import math

from tests.fuzz import draft, regions, scalars, vectors
from tests.fuzz.draft import INT, Draft, Row, Scope, array, bind, fresh
from tests.fuzz.places import INDEX, Place, an_array, mask_of, one

Shape = tuple[int, ...]
Made = tuple[list[str], bool] | None


def value(d: Draft, scope: Scope, shape: Shape, limit: float = draft.LIMIT) -> str:
    """What is written into a region: something that broadcasts to its shape."""
    if not math.prod(shape) or d.rng.random() < 0.25:
        return scalars.scalar(d, scope, 1, limit).text
    whole = vectors.partner(d, shape[-2:]) if d.rng.random() < 0.2 else shape[-2:]
    return vectors.vector(d, scope, whole, d.rng.randint(0, 2), limit).text


def target(d: Draft, scope: Scope, *ranks: int) -> Place | None:
    return an_array(d, scope, *ranks)


def set_region(d: Draft, scope: Scope) -> Made:
    place = target(d, scope)
    if place is None:
        return None
    index, shape = regions.region(d, scope, place.kind[1])
    return [f"{place.text}[{index}] = {value(d, scope, shape)}"], True


def change_region(d: Draft, scope: Scope) -> Made:
    place = target(d, scope)
    if place is None:
        return None
    index, shape = regions.region(d, scope, place.kind[1])
    text = value(d, scope, shape, 1.0)
    form = d.rng.choice(["+= {0}", "-= {0}", "*= {0}", "/= 2 + np.abs({0})", "+= {0}"])
    return [f"{place.text}[{index}] {form.format(text)}"], True


def whole(d: Draft, scope: Scope) -> Made:
    """`a op= b`, which everybody who holds the array sees."""
    place = one(d, scope, lambda p: p.kind[0] == "real" and bool(p.kind[1]) and p.settable)
    if place is None or not scope.numpy:
        return None
    text = value(d, scope, place.kind[1], 1.0)
    form = d.rng.choice(["+= {0}", "-= {0}", "*= {0}", "/= 2.0 + np.square({0})", "+= {0}"])
    lines = [f"{place.text} {form.format(text)}"]
    if place.kind[1] in [(2, 2), (3, 3)] and d.rng.random() < 0.2:
        lines = [f"{place.text} @= 0.25 * ({text}) * np.ones({place.kind[1]})"]
    elif d.rng.random() < 0.08:
        lines = [f"{place.text} **= 2", f"{place.text} *= 0.2"]
    return lines, True


def masked(d: Draft, scope: Scope) -> Made:
    place = target(d, scope)
    if place is None:
        return None
    text, shape = place.text, place.kind[1]
    chosen = regions.mask(d, scope, text, shape)
    s = scalars.scalar(d, scope, 1, 1.0).text
    same = vectors.leaf(d, scope, shape).text
    return [d.rng.choice([
        f"{text}[{chosen}] = {s}",
        f"{text}[{chosen}] *= {s}",
        f"{text}[{chosen}] += {s}",
        f"{text}[~({chosen})] = {s}",
        f"{text}[({same}) > 0.4] -= {s}",
        f"chosen = {chosen}; {text}[chosen] = ({same})[chosen]",
        f"chosen = {chosen}; {text}[chosen] -= 0.3 * ({same})[chosen]",
    ])], True


def overlapping(d: Draft, scope: Scope) -> Made:
    """An array written from itself: source and target share memory."""
    place = target(d, scope)
    if place is None:
        return None
    a, shape = place.text, place.kind[1]
    s = scalars.scalar(d, scope, 1, 1.0).text
    forms = [f"{a}[1:] = {a}[:-1]", f"{a}[:-1] = {a}[1:]", f"{a}[::-1] = {a}",
             f"{a}[:] = {a}[::-1]", f"{a}[1:] += 0.5 * {a}[:-1]", f"{a}[:-1] -= 0.3 * {a}[1:]",
             f"{a}[1:] *= np.tanh({a}[:-1])", f"{a}[...] = np.sin({a}) * {s}",
             f"{a}[1:] = 0.5 * ({a}[1:] + {a}[:-1]) + {s}", f"{a}[:] = {a}",
             f"{a}[0], {a}[-1] = {a}[-1] * 1.0, {a}[0] * 1.0", f"{a}[-1], {a}[0] = {a}[0], {s}"]
    if shape[0] > 1:
        forms += [f"{a}[[0, 1]] = {a}[[1, 0]]", f"{a}[[0, 0]] = 0.5 * {a}[[1, 0]]",
                  f"{a}[[0, 1, 0]] += 0.2 * {a}[[1, 1, 0]]"]
    if len(shape) == 2:
        forms += [f"{a}[:, 0] = {a}[:, -1]", f"{a}[0] = {a}[-1]", f"{a}[0] += 0.3 * {a}[-1]"]
    if len(shape) == 2 and shape[0] == shape[1]:
        forms += [f"{a}[...] = {a}.T", f"{a}[:] = 0.5 * ({a} + {a}.T)", f"{a}[:, 0] = {a}[0]"]
    return [d.rng.choice(forms)], True


def output(d: Draft, scope: Scope) -> Made:
    """`out=`: whole arrays, parts of them, the operand itself."""
    place = target(d, scope)
    if place is None:
        return None
    out, shape = place.text, place.kind[1]
    if d.rng.random() < 0.3 and shape[0] > 1:
        out, shape = f"{out}[1:]", (shape[0] - 1, *shape[1:])
    a = vectors.vector(d, scope, shape, 1, 2.0).text
    b = vectors.vector(d, scope, shape, 1, 2.0).text
    forms = [f"np.add({a}, {b}, out={out})", f"np.multiply({a}, {b}, out={out})",
             f"np.multiply({out}, 0.5, out={out})", f"np.sin({a}, out={out})",
             f"np.exp(-0.2 * {a} * {a}, out={out})", f"np.subtract({out}, 0.3 * {b}, {out})",
             f"np.tanh({out}, out={out})", f"np.clip({a}, -1.1, 1.2, out={out})",
             f"np.cumsum(0.5 * {a}, axis=0, out={out})", f"np.maximum({a}, {b}, out={out})",
             f"np.negative({a}, out=({out},))", f"np.add({a}, 0.5, {out}, where={b} > 0.2)"]
    if len(shape) == 1:
        matrix = vectors.vector(d, scope, (2, *shape), 1, 1.0).text
        forms += [f"np.sum({matrix}, axis=0, out={out})", f"np.mean({matrix}, 0, None, {out})",
                  f"np.max({matrix}, axis=0, out={out})"]
    if len(shape) == 2 and out == place.text:
        left = vectors.vector(d, scope, (shape[0], 2), 1, 1.2).text
        right = vectors.vector(d, scope, (2, shape[1]), 0).text
        forms += [f"np.matmul({left}, 0.3 * {right}, out={out})"]
    return [d.rng.choice(forms)], True


def function_writes(d: Draft, scope: Scope) -> Made:
    """Functions and methods that write their argument."""
    place = target(d, scope)
    if place is None:
        return None
    a, shape = place.text, place.kind[1]
    size, s = shape[0], scalars.scalar(d, scope, 1, 1.0).text
    chosen = [d.rng.randint(0, size - 1) for _ in range(d.rng.randint(1, 3))]
    part = vectors.vector(d, scope, (len(chosen), *shape[1:]), 1, 1.0).text
    same = vectors.vector(d, scope, shape, 1).text
    forms = [f"np.add.at({a}, {chosen}, {part})", f"np.add.at({a}, {chosen}, {s})",
             f"np.subtract.at({a}, {chosen}, {s})", f"np.multiply.at({a}, {chosen}, {s})",
             f"np.copyto({a}, {same})", f"np.copyto({a}, {s})",
             f"np.copyto({a}, {same}, where={a} > 0.2)", f"{a}.fill({s})", f"{a}.sort()",
             f"{a}.sort(axis=0)", f"{a}[::-1].sort()", f"np.put({a}, [0, -1], {s})",
             f"np.putmask({a}, {a} > 0.5, {s})", f"np.copyto({a}[1:], {a}[:-1])",
             f"{a}[0:1].fill({s})", f"np.place({a}, {a} < 0.4, [{s}])",
             f"{a}.__setitem__(0, {s})", f"{a}.__iadd__({s})", f"{a}.put([0], {s})"]
    if len(shape) == 2:
        forms += [f"np.fill_diagonal({a}, {s})", f"np.add.at({a}, ({chosen}, 0), {s})",
                  f"np.fill_diagonal({a}, [{s}, 0.4])"]
    # A name alone: of a part, NumPy makes another array whose shape is set and lost.
    if a.isidentifier():
        forms += [f"{a}.shape = (-1,); {a}[-1] = {s}; {a}.shape = {shape!r}"]
    return [d.rng.choice(forms)], True


def complex_writes(d: Draft, scope: Scope) -> Made:
    place = one(d, scope, lambda p: p.kind[0] == "complex" and bool(p.kind[1]))
    if place is None or not scope.numpy:
        return None
    q, shape = place.text, place.kind[1]
    x, s = vectors.leaf(d, scope, shape).text, scalars.scalar(d, scope, 1, 1.0).text
    return [d.rng.choice([
        f"{q}[0] = {s} + 1j * {s}", f"{q}[1:] = {q}[:-1]", f"{q} *= 0.5j" if place.settable else
        f"{q}[:] = 0.5j * {q}", f"{q}.real[0] = {s}", f"{q}.imag[...] = {x}",
        f"{q}.real[1:] += {s}", f"{q}.imag *= {s}", f"{q}.real = {x}", f"{q}[:] = {x}",
        f"{q}.imag[:] = {q}.real", f"{q}[::2] = np.conj({q}[::2])", f"{q}[1] += {s} * 1j",
    ])], True


def operands(d: Draft, scope: Scope) -> Made:
    """Index and mask arrays, used by other statements, and written after that."""
    if not scope.numpy:
        return None
    known = [n for n, kind in scope.names.items() if kind == INDEX]
    masks = [n for n, kind in scope.names.items() if kind[0] == "mask"]
    if known and d.rng.random() < 0.5:
        name = d.rng.choice(known)
        forms = [f"{name}[0] = 1 - {name}[0]", f"{name}[:] = {name}[::-1]", f"{name}.sort()",
                 f"{name}[...] = 1", f"{name}[1] = {name}[0]"]
        return [d.rng.choice(forms)], True
    if masks and d.rng.random() < 0.5:
        name = d.rng.choice(masks)
        return [d.rng.choice([f"{name}[0] = True", f"{name}[-1] = False", f"{name}[...] = True",
                              f"np.logical_not({name}, out={name})", f"{name}[:] = {name}[::-1]",
                              f"{name} ^= True" if name not in scope.locked else
                              f"{name}[0] = ~{name}[0]"])], True
    place = target(d, scope)
    if place is None or d.rng.random() < 0.5:
        name = fresh(d, scope)
        bind(scope, name, INDEX)
        return [f"{name} = np.array({d.rng.choice([[0, 1], [1, 0], [1, 1], [0, 0]])})"], True
    text = regions.mask(d, scope, place.text, place.kind[1])
    name = fresh(d, scope)
    bind(scope, name, mask_of(place.kind[1]))
    return [f"{name} = np.array({text})"], True


def filled(d: Draft, scope: Scope) -> Made:
    """An empty array, filled in a loop."""
    if not scope.numpy or scope.depth > 2 or "arrays" not in d.allowed:
        return None
    shape = d.rng.choice([(3,), (3,), (2,), (2, 3), (2, 2)])
    name, counter = fresh(d, scope), "i" if "i" not in scope.names else "k"
    if counter in scope.names or counter in scope.locked:
        return None
    inside = draft.inner(scope, locked=scope.locked | {name, counter})
    bind(inside, counter, INT, shape[0])
    item = vectors.vector(d, inside, shape[1:], 2).text
    maker = d.rng.choice([f"np.zeros({shape})", f"np.empty({shape})", f"np.ones({shape})",
                          f"np.full({shape}, {scalars.leaf(d, scope).text})"])
    lines = [f"{name} = {maker}", f"for {counter} in range({shape[0]}):"]
    lines += [f"    {name}[{counter}] = {item}"]
    if d.rng.random() < 0.4:
        before = f"{name}[{counter} - 1]"
        lines += [f"    if {counter} > 0:", f"        {name}[{counter}] += 0.5 * {before}"]
    bind(scope, name, array(shape))
    return lines, True


def number_in_place(d: Draft, scope: Scope) -> Made:
    """`p[()] = x` and the like, on 0-d arrays."""
    names = draft.variables(scope, draft.POINT)
    if not names or not scope.numpy:
        return None
    p, s = d.rng.choice(names), scalars.scalar(d, scope, 1, 1.0).text
    forms = [f"{p}[()] = {s}", f"{p}[...] = {s}", f"{p}.fill({s})", f"np.add({p}, {s}, out={p})",
             f"{p}[...] *= {s}", f"np.copyto({p}, {s})", f"{p}[()] += {s}"]
    return [d.rng.choice(forms if p in scope.locked else [*forms, f"{p} += {s}"])], True


def read_back(d: Draft, scope: Scope, depth: int) -> draft.Expr | None:
    """A region summed up: reads of every kind between the writes."""
    place = target(d, scope)
    if place is None:
        return None
    index, shape = regions.region(d, scope, place.kind[1])
    size = math.prod(shape)
    if not shape:
        return draft.Expr(f"{place.text}[{index}]", draft.LIMIT)
    return draft.Expr(f"np.sum({place.text}[{index}])", draft.LIMIT * max(size, 1))


ROWS = [
    Row("element and slice writes", 3, set_region),
    Row("changed in place by index", 2, change_region),
    Row("whole array in place", 2, whole),
    Row("mask writes", 1.2, masked),
    Row("overlapping copies", 1.2, overlapping),
    Row("out=", 1, output),
    Row("functions that write", 1.5, function_writes),
    Row("complex writes", 1.5, complex_writes),
    Row("index and mask arrays", 0.8, operands),
    Row("arrays filled in loops", 1, filled),
    Row("0-d writes", 1, number_in_place),
]
SCALARS = [Row("regions read", 1.5, read_back)]
