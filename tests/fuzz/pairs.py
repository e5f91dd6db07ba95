"""Random loops over `itertools.combinations` and the like, over pairs, and over indices of arrays.

What is walked over is written meanwhile, and objects get attributes behind their constructors.
"""

from __future__ import annotations

from tests.fuzz.draft import Row
from tests.fuzz.drawn import rounds

__all__ = ["ROWS"]

BEGIN = ["""\
import itertools
from types import SimpleNamespace
def faded(items, k):
    for v in items:
        k = 0.7 * k + 0.1 * v
        yield k
vals = [{x}, {y}, 0.4, {x} * {y}]
pair = ({y}, 0.3)
bag = SimpleNamespace()
bag.v = {x}
grid = np.array([[{x}, 0.3], [{y}, 0.5]])
s = 0.2""", """\
import itertools
from types import SimpleNamespace
def faded(items, k):
    for v in items:
        k = 0.6 * k + 0.2 * v
        yield k
vals = [{y} * k for k in range(4)]
pair = (0.5 * {x}, {y})
bag = SimpleNamespace(u={y})
bag.v = 0.5 * {y}
grid = np.ones((2, 3)) * {x}
s = {x}""", """\
import itertools
from types import SimpleNamespace
def faded(items, k):
    for v in items:
        k = 0.7 * k + 0.1 * v
        yield k
class Loose:
    u = 0.4
    def __iter__(self):
        self.u = 0.9 * self.u
        yield from (self.u, self.v)
    def meet(self, k):
        self.v = k * self.u
        self.u = 0.5 * k
        return self
bag = Loose().meet({x})
bag.first = bag.v * {y}
vals = [bag.v, {x}, bag.first, 0.3]
pair = ({x}, bag.u)
grid = np.array([[{y}, bag.v], [0.2, {x}]])
s = bag.first"""]
#: Loops, with what makes `one` and `two` in each round.
HEADS = [
    "for one, two in list(zip(vals, reversed(vals))):",
    ("for (one, at), (turn, two) in zip(list(zip(vals, pair))[:-1], list(enumerate(vals))[1:]):\n"
     "    two = two * 0.5 + at"),
    "for one, two in itertools.pairwise(vals):",
    "for one, two in list(itertools.pairwise(itertools.islice(vals, 3))):",
    "for one, two in zip(faded(vals, {y}), vals):",
    "for one, two in zip(pair, faded(vals, 0.4)):",
    "for turn, (one, two) in enumerate(zip(vals[1:], faded(pair, {x}))):",
    "for one in itertools.starmap(lambda a, b: a * b, zip(vals, pair)):\n    two = 0.5 * one",
    "for turn, one in dict(zip(range(3), vals)).items():\n    two = vals[turn - 1]",
    "for one, two in sorted(zip(vals, range(4))):\n    two = 0.2 * two",
    ("for turn in sorted(range(len(vals)), key=lambda k: -vals[k]):\n"
     "    one, two = vals[turn], vals[max(range(len(vals)), key=lambda k: vals[k] * {x})]"),
    "for one, two in itertools.combinations(vals, 2):",
    "for one, two in itertools.permutations(pair, 2):",
    "for one, two in itertools.product(vals, (0.5, {x})):",
    "for turn, one in itertools.product(range(2), vals[:2]):\n    two = 0.3 * turn",
    "for one, two in itertools.combinations_with_replacement(pair, 2):",
    "for turn, at in itertools.combinations(range(4), 2):\n    one, two = vals[turn], vals[at - 4]",
    "for (turn, one), (at, two) in itertools.combinations(list(enumerate(vals)), 2):",
    "for both in itertools.combinations(vals, 2):\n    one, two = both",
    "for one, two, three in itertools.product(pair, repeat=3):\n    two = two * three",
    "for (turn, at), one in np.ndenumerate(grid):\n    two = grid[at % 2, turn]",
    "for turn, at in np.ndindex(grid.shape):\n    one, two = grid[turn, at], grid[0, at]",
    ("for left, right in itertools.combinations([bag, SimpleNamespace(v={x}), bag], 2):\n"
     "    one, two = left.v, right.v\n    right.v = 0.5 * two + 0.2 * one"),
]
STEPS = [
    "s += 0.1 * one * two", "vals[1] = 0.5 * s + one",
    "if len(vals) < 6:\n    vals.append(0.3 * one)",
    "bag.v = bag.v * 0.9 + 0.1 * one", "grid[0, 1] += 0.2 * one", "if one * two > 0.5:\n    break",
    "if one < 0.1:\n    continue", "s = math.sin(s) - two * bag.v", "one = 0.5 * one",
    "bag.w = math.tanh(one)\ns += 0.1 * bag.w", "vals = [0.5 * v for v in vals]",
    "made = list()\nmade.append(one)\nmade.extend(list(v * v for v in vals))\ns += 0.1 * sum(made)",
    ("rows = [[one] for _ in range(2)]\nrows[1][0] = two * {x}\n"
     "s += 0.1 * sum(sum(r) for r in rows)\n"
     "rows[1] = rows[0]\nrows[0][0] = s\ns += 0.1 * rows[1][0]"),
    "found = dict()\nfound['k'] = two\ns += 0.1 * found.get('k', s)",
    "at = min(range(len(vals)), key=vals.__getitem__)\nvals[at] = vals[at] * 0.8 + 0.1 * one",
    "pair = (two, 0.5 * s)", "s += 0.1 * math.tanh(two) * pair[0]",
]
ENDS = ["s", "s + sum(v * m for v, m in zip(vals, faded(vals, s)))",
        "sum(a * b for a, b in list(zip(vals, vals[1:])))",
        "list(itertools.islice(vals, 1, None))[0] * s",
        "sum(vals) * 0.1", "bag.v * s", "np.sum(grid)", "s + getattr(bag, 'w', 0.3)",
        "sum(one * two for one, two in itertools.combinations(vals, 2)) * 0.1 + s"]


ROWS = [Row("loops over combinations", 6, rounds(BEGIN, STEPS, ENDS, 5, heads=HEADS, numpy=True))]
