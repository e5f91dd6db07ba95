"""Random loops over `itertools.combinations` and the like, and over indices of arrays.

What is walked over is written meanwhile, and objects get attributes behind their constructors.
"""

from __future__ import annotations

from tests.fuzz.draft import Row
from tests.fuzz.drawn import rounds

__all__ = ["ROWS"]

BEGIN = ["""\
import itertools
from types import SimpleNamespace
vals = [{x}, {y}, 0.4, {x} * {y}]
pair = ({y}, 0.3)
bag = SimpleNamespace()
bag.v = {x}
grid = np.array([[{x}, 0.3], [{y}, 0.5]])
s = 0.2""", """\
import itertools
from types import SimpleNamespace
vals = [{y} * k for k in range(4)]
pair = (0.5 * {x}, {y})
bag = SimpleNamespace(u={y})
bag.v = 0.5 * {y}
grid = np.ones((2, 3)) * {x}
s = {x}""", """\
import itertools
from types import SimpleNamespace
class Loose:
    u = 0.4
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
    "pair = (two, 0.5 * s)", "s += 0.1 * math.tanh(two) * pair[0]",
]
ENDS = ["s", "sum(vals) * 0.1", "bag.v * s", "np.sum(grid)", "s + getattr(bag, 'w', 0.3)",
        "sum(one * two for one, two in itertools.combinations(vals, 2)) * 0.1 + s"]


ROWS = [Row("loops over combinations", 6, rounds(BEGIN, STEPS, ENDS, 5, heads=HEADS, numpy=True))]
