"""Generators that are methods, and generators that go through other hands."""

from __future__ import annotations

from tests.fuzz import scalars
from tests.fuzz.draft import DEPTH, REAL, Draft, Row, Scope, bind, fresh, indent
from tests.fuzz.drawn import several

__all__ = ["ROWS"]

Made = tuple[list[str], bool] | None

#: What a method `values(self, k)` does; `self.items` is a list of two floats, `self.part` another
#: such object, or None.
BODIES = [
    "for item in self.items: yield item * k", "yield from self.items", "yield {x} * self.items[1]",
    "yield self.items[0]\nself.items[1] = 0.5 * self.items[0] + {x}\nyield self.items[1]",
    "if self.part is not None: yield from self.part.values(0.5 * k)", "yield k * {y}",
    "for item in self.items:\n    if item > 0.3: continue\n    yield item\nelse: yield k",
    "k = 0.6 * k + self.items[0]\nyield k", "if k > 4.0: return\nyield k * self.items[1]",
    "got = yield from self.pairs()\nyield got * k", "with held: yield k * self.items[0]",
    "try: yield self.items[0]\nfinally: self.items[0] *= 0.9",
    "for i, (a, b) in enumerate(zip(self.items, [k, {x}])): yield i * a * b",
    "yield from (item * k for item in self.items)", "lifted = lambda t: t * k\nyield lifted({y})",
]
#: What is done with one of them; `total` is what is summed up.
USES = [
    "total += sum(made.values({x}))", "total += 0.3 * sum(v * v for v in made.values({y}))",
    "for v in made.values({x}):\n    total = 0.5 * total + v",
    "for v in made.values({y}):\n    made.items[0] = 0.7 * v\n    total += 0.3 * v",
    "for k, v in enumerate(other.values({x})):\n    if k == 1: break\n    total += v",
    "total += 0.2 * added(made.values({x}))", "total += 0.2 * added(v * {y} for v in made.items)",
    "it = given(made, {x})\ntotal += 0.3 * next(it, {y})\ntotal += 0.1 * sum(it)",
    "total += max(list(other.values({x})), default=0.5)", "first, *rest = made.pairs()",
    "total += 0.1 * sum(v for v in itertools.chain(made.values({x}), other.values({y})))",
    "total += 0.2 * sum(a * b for a, b in zip(made.values({x}), itertools.cycle(other)))",
    "kept = [made.values({x}), other.pairs()]\nfor it in kept:\n    for v in it: total += 0.2 * v",
    "total += 0.3 * sum(itertools.islice(made.values({y}), 2))", "total += 0.2 * sum(other)",
    "total += sum(map(lambda v: 0.2 * v, made.values({x})))", "total += added(made) * 0.3",
    "total += reduce(lambda a, b: 0.3 * a + b, other.values({x}), {y})",
    "named = dict(zip('abc', made.values({x})))\ntotal += 0.5 * named.get('a', {y})",
    "gathered = [{x}]\ngathered.extend(made.values({y}))\ntotal += 0.4 * gathered[-1]",
    "total += math.tanh(np.sum(np.array([*made.values({x}), {y}])))",
    "for v in made:\n    if v > 0.5: break\n    total += v * {x}",
    "total += 0.3 * sum(sorted(other.values({y}))[:2])", "made.part = other",
    "it = iter(made)\nfor v in it:\n    total += 0.4 * v\n    break\ntotal += 0.5 * sum(it)",
]


def handed(d: Draft, scope: Scope) -> Made:
    """A class with generator methods, and what draws from them here and in other functions."""
    if scope.depth >= DEPTH or d.budget[0] < 0 or not scope.numpy:
        return None
    name = fresh(d, scope)

    x, y = (scalars.leaf(d, scope).text for _ in range(2))
    walked = d.rng.choice(["yield from self.pairs()", "return self.values(0.5)",
                           "return iter(self.items)"])
    text = ["held = contextlib.nullcontext()", "class Group:", *indent([
        "def __init__(self, a, b, part=None):", "    self.items, self.part = [a, b], part",
        "def values(self, k):", *indent(["yield 0.5 * k", *several(d, scope, BODIES, 3)]),
        "def pairs(self):", *indent(["for item in self.items:", "    yield 0.3 * item",
                                     "return self.items[1]"]),
        "def __iter__(self):", f"    {walked}"]),
        "def added(items):", *indent(["whole = 0.0", "for item in items:",
                                      "    whole = 0.7 * whole + item", "return whole"]),
        "def given(one, k):", "    return one.values(k)",
        f"other = Group({y}, 0.4)", f"made = Group({x}, {y}, {d.rng.choice(['other', 'None'])})",
        "total = 0.2", *several(d, scope, USES, 5)]
    bind(scope, name, REAL)
    return [*text, f"{name} = math.sin(total) + 0.3 * made.items[0] - 0.2 * other.items[1]"], True


ROWS = [Row("generators that are methods and handed on", 2, handed)]
