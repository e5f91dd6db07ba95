"""Random programs with named tuples, dicts that loops make of themselves, split arrays, and cached
recursion."""

from __future__ import annotations

from tests.fuzz.draft import Row
from tests.fuzz.drawn import rounds

__all__ = ["ROWS"]

BEGIN = ["""\
import dataclasses
from tests.fuzz.points import Frozen, Pair, Point, kept
pt = Point({x}, 0.3)
qt = Pair({y}, [{x}, 0.2])
ft = Frozen({y})
rates = {{"a": {x}, "b": 0.4, "c": {y}}}
row = np.array([{x}, 0.3, {y}, 0.1])
hist = [pt]
s = 0.2""", """\
import dataclasses
from tests.fuzz.points import Frozen, Pair, Point, kept
qt = Pair(b=[0.5, {y}], a=0.2 * {x})
pt = Point(v={y}, x=qt.a)
ft = Frozen(v={x}, x=pt.v)
rates = {{k: {y} * len(k) for k in ("a", "bb", "a")}}
row = np.ones(4) * {y}
hist = [pt, pt._replace(x={x})]
s = {x}""", """\
import dataclasses
from tests.fuzz.points import Frozen, Pair, Point, kept
pt = Point(*({x}, {y})) + (0.1, 0.2)
qt = Pair({x}, [pt.x])._replace(a={y})
ft = dataclasses.replace(Frozen({x}), v={y})
rates = dict(a=0.3, b={x})
row = np.array([qt.a, ft.v, {x}, pt.v])
hist = []
s = ft.x"""]
#: Loops, with what makes `one` and `two` in each round.
HEADS = [
    "for turn in range(3):\n    one, two = pt",
    "for one, two in [tuple(pt), (s, 0.3), qt[:1] * 2]:",
    "for key in rates:\n    one, two = rates[key], 0.5 * s",
    "for one in np.split(row, 2)[0]:\n    two = pt.half",
    "for h in [*hist, pt]:\n    one, two = h.x, h[1]",
    "for turn, (one, two) in enumerate(zip(row, reversed(row))):",
]
STEPS = [
    "pt = Point(0.9 * pt.x + 0.1 * one, pt.v)", "pt = pt._replace(v=math.tanh(two))",
    "pt = pt + (one, s)",
    "pt = pt.moved(0.1 * two)", "qt = qt._replace(a=qt.a * 0.9 + 0.1 * one)", "qt.b[0] = 0.5 * two",
    "if len(qt.b) < 5:\n    qt.b.append(0.3 * one)",
    "ft = dataclasses.replace(ft, x=ft.v * 0.5 + one)",
    "if len(hist) < 6:\n    hist.append(pt)", "s = math.sin(s) + 0.1 * pt.energy()",
    "rates = {{k: 0.9 * rates[k] + 0.1 * one for k in rates}}",
    ("change = {{k: 0.0 for k in rates}}\nfor k in rates:\n    change[k] += 0.2 * rates[k]\n"
     "rates = {{k: rates[k] - change[k] for k in change}}"),
    "for part in np.array_split(row, 3):\n    part *= 0.9", "np.split(row, 2)[1][0] = 0.5 * one",
    "low, high = np.split(row, 2)\nlow[0] += 0.1 * high[1]", "if one * two > 0.5:\n    break",
    "if pt > (0.4, 0.1):\n    s += 0.1 * pt.x", "s += 0.1 * math.hypot(*pt)",
    "s = s * qt[0] + len(pt)",
    "s += 0.1 * kept(6, one, s)", "s = kept(5, s) + 0.1 * kept(4, 0.3, s)",
    "s += 0.1 * np.sum(row)", "pt, older = Point(s, one), pt\ns = 0.5 * older.v",
]
ENDS = ["s", "pt.x * pt.v", "pt.energy() + pt.half * s", "qt.a * sum(qt.b)", "ft.x * ft.v",
        "sum(rates.values()) * 0.1", "np.sum(row * row)", "sum(h.x * h.v for h in hist) * 0.1 + s",
        "max([pt, *hist]).v", "sum(x for h in hist for x in h) * 0.1 + pt[-1]"]


ROWS = [Row("named tuples", 6, rounds(BEGIN, STEPS, ENDS, 5, heads=HEADS, numpy=True))]
