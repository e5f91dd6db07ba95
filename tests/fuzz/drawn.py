"""Random generators: with `send` and `next`, in loops, of arrays and lists that others write."""

from __future__ import annotations

from collections.abc import Callable

from tests.fuzz import scalars
from tests.fuzz.draft import DEPTH, REAL, Draft, Row, Scope, bind, fresh, indent

__all__ = ["ROWS", "rounds", "several"]

Made = tuple[list[str], bool] | None

#: What a generator does, round by round: `state` is its own float, `shared` a list or an array of
#: two that it captures, `sent` what it was given last, or None.
BODIES = [
    "yield state", "yield state * shared[0]", "shared[0] = 0.5 * state + {x}\nyield shared[1]",
    "state = 0.6 * state + {y}\nyield state", "sent = yield state\nstate += 0.3 * (sent or {x})",
    "state = 0.5 * state + 0.2 * ((yield shared[1]) or 0.4)", "yield from [state, {x}]",
    "if state > 0.4: yield {y}\nyield state * 0.5", "shared[1] *= 0.7\nyield shared[0] + state",
    "for each in range(2): yield state * each + shared[each]",
    "yield from (0.5 * state, shared[0])",
    "try: yield state\nexcept KeyError: state = 0.5 * {x}", "yield -state\nshared[1] = state",
]
#: What is done with one, of which `it` is begun, and `total` is what is summed up.
USES = [
    "total += next(it)", "total = 0.5 * total + next(it, {x})", "shared[0] = {x} * total",
    "total += 0.4 * (it.send({x}) or 0.0)", "shared[1] = next(it) * {y}", "total -= next(it) * {y}",
    "also = it\ntotal += 0.3 * next(also)", "total += next(make({x})) * 0.5",
    "total += sum(k * p for k, p in zip((0.3, 0.5), make({y})))", "shared[0] += next(it)",
    "for k, each in enumerate(make({x})):\n    total = 0.5 * total + each\n    if k > 1: break",
    "for k, each in zip(range(2), make({y})):\n    total += 0.3 * each\n    shared[k] = each * {x}",
    "kept = [it, make({x})]\nnext(kept[1])\ntotal += 0.5 * next(kept[0])",
    "try: total += 0.3 * it.throw(KeyError)\nexcept KeyError: it = make({y})\nnext(it)",
    "first, second, *rest = make({x})\ntotal += first * second",
    "total += sum(itertools.islice(make({y}), 3)) * 0.2", "it = make(total)\nnext(it)",
    "total += 0.2 * sum(make({x}))", "total += max(list(make({y}))[:3])",
]


def several(d: Draft, scope: Scope, forms: list[str], most: int) -> list[str]:
    """The lines of some of the forms, at least one, with leaves of the scope in them."""
    lines = []
    for form in [d.rng.choice(forms) for _ in range(d.rng.randint(1, most))]:
        x, y = (scalars.leaf(d, scope).text for _ in range(2))
        lines += form.format(x=x, y=y).split("\n")
    return lines


def rounds(begin: list[str], steps: list[str], ends: list[str], most: int, *, times: int = 4,
           heads: list[str] | None = None, numpy: bool = False) -> Callable[[Draft, Scope], Made]:
    """The form of a loop: what is there before, up to so many steps in each round, what is read.

    Without `heads` it goes round at most so many `times`, which `turn` counts.
    """
    def form(d: Draft, scope: Scope) -> Made:
        if scope.depth >= DEPTH or d.budget[0] < 0 or (numpy and not scope.numpy):
            return None
        name = fresh(d, scope)
        lines = several(d, scope, begin, 1)
        lines += [f"for turn in range({d.rng.randint(0, times)}):"] if heads is None else \
            several(d, scope, heads, 1)
        lines += indent(several(d, scope, steps, most))
        bind(scope, name, REAL)
        return [*lines, f"{name} = math.sin({d.rng.choice(ends)})"], True

    return form


def stepped(d: Draft, scope: Scope) -> Made:
    """A generator that captures what is written outside, and what draws from it in between."""
    if scope.depth >= DEPTH or d.budget[0] < 0:
        return None
    name = fresh(d, scope)

    shared = several(d, scope, ["shared = [{x}, {y}]", "shared = [0.3, {x}]"] + (
        ["shared = np.array([{x}, {y}])"] if scope.numpy else []), 1)
    rounds = d.rng.choice(["for _ in range(9):", "while True:"])
    body = several(d, scope, BODIES, 3)
    # What never ends is not drawn as a whole, and what hands on is sent nothing.
    left_out = ["sum(make(", "*rest", "list(make("] if rounds == "while True:" else []
    left_out += ["send", "throw"] if any("yield from" in line for line in body) else []
    uses = [form for form in USES if not any(text in form for text in left_out)]
    made = [*shared, "def make(state):", *indent([rounds, *indent(body)]),
            f"it = make({scalars.leaf(d, scope).text})", "total = next(it)",
            *several(d, scope, uses, 5)]
    bind(scope, name, REAL)
    return [*made, f"{name} = math.sin(total) + 0.3 * shared[0] - 0.2 * shared[1]"], True


ROWS = [Row("generators drawn step by step", 2, stepped)]
