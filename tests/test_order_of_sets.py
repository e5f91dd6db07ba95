"""In which order a set is walked depends on how it was filled: as in a plain run, in both modes."""

import math
import random

import numpy as np
import pytest

import s2sdiff as sd
from tests.from_text import run_text

FORMS = [
    "s |= o", "s.update(o)", "s.update(items)", "s.update(o, items)", "s ^= o", "s -= o",
    "s.symmetric_difference_update(o)", "s.symmetric_difference_update(items)",
    "s = s | o", "s = s & o", "s = s ^ o", "s = s - o", "s = s.union(o, items)",
    "s = {*s, *o}", "s = {*items, *s}", "s = {*s, 2.5 * x, *o, 0.5 * x}", "s = {*items}",
    "s = set(items)", "s = set(s)", "s = frozenset(s) | o", "s = frozenset(items)", "s = s.copy()",
    "s = {v for v in items}", "s = {v * 2.0 for v in s}", "s = set(o) | set(items)",
    "s.clear()\ns.update(items)", "t = s\nt |= o", "held = {'s': s}\nheld['s'] |= o",
    "s = set().union(*[s, o])", "s.pop()", "s.discard(items[0])\ns.add(items[1])",
]
TEXT = """def f(x):
    s = {%s}
    o = {%s}
    items = [%s]
    %s
    t = 0.0
    for i, v in enumerate(s):
        t = t + v * (i + 1)
    return t
"""


def made(form, seed):
    rng = random.Random(f"{form} {seed}")
    first = [rng.choice([rng.random() * 10, float(rng.randint(0, 9))])
             for _ in range(rng.choice([2, 3, 5, 9, 20]))]
    second = [rng.choice([*first, rng.random() * 7]) for _ in range(rng.choice([1, 2, 4, 9]))]
    third = [rng.choice([*first, *second, rng.random() * 7]) for _ in range(4)]
    texts = [", ".join(f"{v!r} * x" for v in values) for values in (first, second, third)]
    text = TEXT % (*texts, form.replace("\n", "\n    "))
    name = f"<order of sets: {form} {seed}>"
    names = {}
    run_text(text, name, names)
    return names["f"]


@pytest.mark.parametrize("form", FORMS)
def test_sets_are_walked_in_the_order_of_a_plain_run(form):
    for seed in range(4):
        f = made(form, seed)
        value, pullback = sd.vjp(f, 1.0)
        # All elements are multiples of x.
        np.testing.assert_allclose([value, pullback(1.0), pullback(1.0)], f(1.0), rtol=1e-12)
        np.testing.assert_allclose(sd.jvp(f, (1.0,), (1.0,)), f(1.0), rtol=1e-12)


def by_stars(x, k):
    parts = [x, x * x]
    if k > 0:
        parts.append(k * x)
    return math.hypot(*parts) * max(*parts)


def test_calls_with_stars_alone_have_a_table_of_tangents():
    f = by_stars
    slope = (f(0.7 + 1e-6, 2.0) - f(0.7 - 1e-6, 2.0)) / 2e-6
    np.testing.assert_allclose(sd.jvp(f, (0.7, 2.0), (1.0, 0.0)), (f(0.7, 2.0), slope), rtol=1e-6)
