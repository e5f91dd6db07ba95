"""Random indices: the text between brackets, and the shape of what it takes."""

from __future__ import annotations

from tests.fuzz import scalars
from tests.fuzz.draft import INT, Draft, Scope, variables
from tests.fuzz.places import INDEX, mask_of

Shape = tuple[int, ...]


def region(d: Draft, scope: Scope, shape: Shape) -> tuple[str, Shape]:
    """An index of any kind that takes part of an array, all of it, or nothing."""
    way = d.rng.random()
    if way < 0.35:
        return element(d, scope, shape), ()
    if way < 0.65:
        return sliced(d, scope, shape)
    if way < 0.72:
        return d.rng.choice(["...", ":", "()"]), shape
    if way < 0.9:
        return gathered(d, scope, shape)
    return widened(d, scope, shape)


def number(d: Draft, scope: Scope, size: int) -> str:
    """One index within a dimension: literals of either sign, counters, computed ones."""
    counters = variables(scope, INT)
    below = [c for c in counters if scope.limits.get(c, 9) <= size]
    if below and d.rng.random() < 0.6:
        name = d.rng.choice(below)
        return d.rng.choice([name, name, f"-{name} - 1", f"{size - 1} - {name}"])
    if counters and d.rng.random() < 0.3:
        return f"{d.rng.choice(counters)} % {size}"
    return str(d.rng.randint(-size, size - 1))


def element(d: Draft, scope: Scope, shape: Shape) -> str:
    places = [number(d, scope, size) for size in shape]
    form = "][" if d.rng.random() < 0.15 else ", "
    return form.join(places)


def span(d: Draft, size: int) -> tuple[str, int]:
    """A slice of one dimension, and how many it takes."""
    text = d.rng.choice(["1:", ":-1", "::2", "::-1", "-2:", ":2", "1:-1", ":", "0:0", "-1::-1",
                         "1::2", "-1:", ":1", "2:0:-1"])
    parts = [int(part) if part else None for part in text.split(":")]
    return text, len(range(size)[slice(*parts)])


def sliced(d: Draft, scope: Scope, shape: Shape) -> tuple[str, Shape]:
    """Slices with steps and of either direction, integers among them, an ellipsis."""
    texts, left = [], []
    for size in shape[: d.rng.randint(1, len(shape))]:
        if len(shape) > 1 and d.rng.random() < 0.4:
            texts.append(number(d, scope, size))
        else:
            text, count = span(d, size)
            texts.append(text)
            left.append(count)
    rest = shape[len(texts):]
    if not left and not rest:
        text, count = span(d, shape[-1])
        texts[-1], left = text, [count]
    if rest and d.rng.random() < 0.4:
        texts.append("...")
    elif rest and d.rng.random() < 0.3:
        text, count = span(d, shape[-1])
        return f"..., {text}", (*shape[:-1], count)
    return ", ".join(texts), (*left, *rest)


def gathered(d: Draft, scope: Scope, shape: Shape) -> tuple[str, Shape]:
    """Index arrays, with repeats at times; alone, beside slices, two of them, np.ix_."""
    size, rest = shape[0], shape[1:]
    own = variables(scope, INDEX)
    if own and size >= 2 and d.rng.random() < 0.5:
        return d.rng.choice(own), (2, *rest)
    count = d.rng.randint(1, 3)
    chosen = [d.rng.randint(-size, size - 1) for _ in range(count)]
    text = repr(chosen)
    if scope.loop and d.rng.random() < 0.4:
        text = f"[{', '.join(number(d, scope, size) for _ in range(count))}]"
    text = f"np.array({text})" if d.rng.random() < 0.3 else text
    if not rest:
        return text, (count,)
    way = d.rng.randrange(6)
    other = [d.rng.randint(0, rest[0] - 1) for _ in range(count)]
    if way == 0:
        return f"{text}, {other}", (count,)
    if way == 1:
        return f"np.ix_({chosen}, {other[:1]})", (count, 1)
    if way == 2:
        columns = [d.rng.randint(0, rest[0] - 1) for _ in range(2)]
        return f":, {columns}", (size, 2)
    if way == 3:
        return f"{text}, {d.rng.randint(0, rest[0] - 1)}", (count,)
    if way == 4:
        slice_text, taken = span(d, rest[0])
        return f"{text}, {slice_text}", (count, taken)
    return text, (count, *rest)


def widened(d: Draft, scope: Scope, shape: Shape) -> tuple[str, Shape]:
    """None in an index; whole rows chosen by a mask that is known."""
    way = d.rng.randrange(3)
    if way == 0:
        return "None", (1, *shape)
    if way == 1:
        return "..., None", (*shape, 1)
    kept = [d.rng.random() < 0.6 for _ in range(shape[0])]
    return f"np.array({kept})", (sum(kept), *shape[1:])


def mask(d: Draft, scope: Scope, text: str, shape: Shape) -> str:
    """A mask of a whole array: by its values, or one that was made before."""
    own = variables(scope, mask_of(shape))
    if own and d.rng.random() < 0.6:
        return d.rng.choice(own)
    bound = d.rng.choice(["0.3", "0.9", "-0.2", scalars.leaf(d, scope).text])
    return d.rng.choice([f"{text} > {bound}", f"np.abs({text}) < 1.1", f"{text} < {bound}"])
