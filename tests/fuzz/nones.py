"""Variables and attributes that are None until they are numbers or arrays, asked or not.

Beside them lists whose items are written in loops, and an object whose property sets two things.
"""

from __future__ import annotations

from tests.fuzz.draft import Row
from tests.fuzz.drawn import rounds

__all__ = ["PREAMBLE", "ROWS"]

PREAMBLE = '''
class Kept:
    def __init__(self, value):
        self._value, self.before, self.count = value, None, 0
    @property
    def value(self):
        return self._value
    @value.setter
    def value(self, new):
        self.count += 1
        self.before = self._value
        self._value = new if new < 1.5 else 0.5 * new
def unless_none(t, s):
    return s if t is None else 0.5 * t * s
def or_nothing(s):
    if s > 0.3:
        return None
    return 0.5 * s + 0.1
'''.strip("\n").split("\n")
BEGIN = [("low = last = vec = item = at = None\ns = {x}\nxs = [{x}, {y}, 0.3]\nkept = Kept({y})\n"
          "arr = np.array([{y}, 0.4])"),
         ("low, last, vec, item, at = None, {y}, None, None, 1\ns = 0.2\nxs = [0.5 * {x}] * 3\n"
          "kept = Kept({x})\narr = np.array([0.3, {x}])"),
         ("low, last, vec, item, at = {x}, None, np.array([{y}, 0.1]), None, None\ns = {y}\n"
          "xs = []\nfor j in range(3):\n    xs.append(0.3 * {x} * j)\nkept = Kept(0.4)\narr = vec")]
#: What happens in a round, of which `turn` is the number.
STEPS = [
    "t = 0.5 * math.sin(s + turn)\nif low is None or t < low:\n    low = t",
    "last = 0.4 * s if last is None else 0.6 * last + 0.2 * {y}",
    "if last is not None and turn % 2:\n    s += 0.3 * last\n    last = None",
    "if not last:\n    last = {y}", "if last:\n    s = 0.5 * s + 0.2 * last",
    "if turn > 1 and at:\n    s += 0.1 * (s - last)",
    "item = low", "if item is not None:\n    item = 0.5 * item\n    s += item",
    "if item is not None and low is not None and item < low:\n    s -= 0.2 * low",
    "if low is None or last is None:\n    s *= 0.8\nelse:\n    s += 0.1 * low * last",
    "vec = np.array([s, {x}]) if vec is None else 0.5 * vec + {y}",
    "if vec is not None:\n    vec[0] *= 0.5\n    s += 0.1 * np.sum(vec)",
    "if vec is None:\n    vec = arr\nelse:\n    vec += 0.1 * arr",
    "other = vec\nif other is not None:\n    other[1] = 0.3 * s",
    "arr = 0.5 * arr if vec is None else vec",
    "arr[0] = 0.2 * s", "if isinstance(last, float):\n    s += 0.1 * last",
    "if at is None or xs[turn % 3] > xs[at]:\n    at = turn % 3",
    "s += 0.1 * (xs[at] if at is not None else 0.2)",
    "if turn == 2 and s > 0.3:\n    s += 0.1 * xs[at]",
    "xs[turn % 3] = 0.6 * xs[turn % 3] + 0.1 * s", "xs[0], xs[1] = xs[1], 0.5 * xs[0]",
    "xs[-1] *= 0.7", "xs[turn % 3] += 0.1 * xs[-1]", "s = 0.4 * sum(xs) + {x}",
    "kept.value = 0.5 * kept.value + {y}", "kept.value += 0.1 * s", "s += 0.1 * kept.value",
    "s += 0.2 * (0.1 if kept.before is None else kept.before) * kept.count",
    "kept.before = None", "s = unless_none(low, s)", "low = or_nothing(s)",
    "while last is None or last > 0.5:\n    last = 0.4 * {x} ** 2 if last is None else 0.3 * last",
    "try:\n    s += 0.1 * low\nexcept TypeError:\n    s *= 0.9",
    "for part in xs:\n    last = part if last is None else 0.5 * last + 0.3 * part",
    "if low is None:\n    continue\ns += 0.1 * low", "if last is None and turn > 2:\n    break",
    "low = None if low is not None and low > 0.2 else s", "low, last = last, low",
    "pair = low, s\ns = 0.3 if pair[0] is None else 0.4 * pair[0] * pair[1]",
    "done = low is None\nif not done and s > 0.1:\n    s -= 0.3 * low",
]
ENDS = ["s", "(s if low is None else low * s)", "xs[0] * s", "sum(xs)",
        "(0.3 if last is None else last)", "kept.value * s",
        "(s if vec is None else np.sum(vec) * 0.3)", "xs[at or 0]",
        "np.sum(arr) * s", "(kept.before or 0.2)", "(0.2 if last is None else s * last)"]


ROWS = [Row("values that are None at first", 6, rounds(BEGIN, STEPS, ENDS, 8, numpy=True))]
