"""Classes that answer for Python's own: lists by another index, dicts that store otherwise,
comparisons that are left to the other side, attributes that are asked for."""

from __future__ import annotations

from tests.fuzz.draft import Row
from tests.fuzz.drawn import rounds

__all__ = ["PREAMBLE", "ROWS"]

PREAMBLE = '''
from collections import OrderedDict
class OneBased(list):
    def __getitem__(self, index):
        return list.__getitem__(self, index - 1)
class Damped(list):
    def __setitem__(self, index, value):
        list.__setitem__(self, index, 0.5 * value)
    def append(self, value):
        super().append(0.7 * value)
class Halving(OrderedDict):
    def __setitem__(self, key, value):
        super().__setitem__(key, 0.5 * value)
class Level:
    limit = None
    def __init__(self, level):
        self.level = level
    def __eq__(self, other):
        return self.level == other.level if type(other) is Level else NotImplemented
    def __lt__(self, other):
        return self.level < other.level if type(other) is Level else NotImplemented
    def __getattr__(self, name):
        if name.startswith('__'):
            raise AttributeError(name)
        return 0.6 * self.level
class Above(Level):
    def __gt__(self, other):
        return True
def halving(items):
    total = 0.0
    for item in items:
        total = 0.5 * total + item
    return total
'''.strip("\n").split("\n")
BEGIN = [("ones = OneBased([{x}, {y}, 0.3])\ndamped = Damped([0.2, {x}])\n"
         "halves = Halving(a={x}, b=0.4)\nlevel = Level({y})\nother = 3\ns = {x}"),
         ("ones = OneBased([0.1, {y}])\ndamped = Damped([{y}, {x}, {x}])\n"
         "halves = Halving([('a', {y})])\nlevel = Above({x})\nother = Level(0.3)\ns = 0.4")]
STEPS = [
    "s = 0.5 * s + 0.2 * halving(ones)", "s += 0.2 * ones[1] - 0.1 * ones[2]", "ones[1] = 0.6 * s",
    "s = 0.4 * s + 0.2 * halving(damped)", "damped[0] = s", "damped[-1] += {x}",
    "damped[0], damped[1] = damped[1], damped[0]", "damped.append(s)", "halves['a'] = s",
    "halves['a'] += {y}", "halves.update(b=s)", "halves |= {{'c': {x}}}", "halves = halves.copy()",
    "s += 0.2 * halves.setdefault('d', {y})", "s = 0.5 * s + 0.1 * sum(halves.values())",
    "s *= 0.6 if level == other else 0.7", "s += 0.1 * (level.slope if level != None else {x})",
    "if level < Above({y}):\n    s = 0.4 * s + {x}", "s += 0.2 * level.rate",
    "if level.limit is None:\n    s *= 0.8\nelse:\n    s += 0.1 * level.limit",
    "level.limit = 0.3 * s", "level = Level(s)", "other = level", "other = None",
]
ENDS = ["s", "halving(ones) + s", "halving(damped)", "sum(halves.values())", "level.slope * s"]


ROWS = [Row("classes that answer for Python's", 6, rounds(BEGIN, STEPS, ENDS, 7, times=3))]
