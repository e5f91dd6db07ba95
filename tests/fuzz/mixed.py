"""Objects of several classes in one list or dict, whose methods are chosen by what they are."""

from __future__ import annotations

from tests.fuzz.draft import Row
from tests.fuzz.drawn import rounds

__all__ = ["PREAMBLE", "ROWS"]

PREAMBLE = '''
class Part:
    def __init__(self, size):
        self.size, self.seen = size, 0
    def step(self, k):
        self.size = 0.7 * self.size + 0.1 * k
        return self.size
    def whole(self):
        return 0.5 * self.size + 0.1 * self.seen
    @property
    def width(self):
        return 0.3 * self.size
    @width.setter
    def width(self, new):
        self.seen += 1
        self.size = 0.5 * new
    def __mul__(self, k):
        return self.size * k
class Wide(Part):
    def __init__(self, size, extra):
        super().__init__(size)
        self.extra, self.cells = extra, [size, 0.2]
    def step(self, k):
        self.extra *= 0.8
        self.cells[0] = 0.5 * self.cells[0] + 0.1 * self.extra
        return super().step(k * self.extra) + self.cells[0]
    def turned(self):
        self.size, self.extra = self.extra, self.size
class Deep(Wide):
    def whole(self):
        return super().whole() * math.sin(self.extra)
    def __mul__(self, k):
        return self.extra - 0.5 * k
class Lone:
    def __init__(self, size):
        self.size, self.other = size, None
    def step(self, k):
        if self.other is None:
            self.other = 0.3 * k
        else:
            self.other = 0.5 * self.other + 0.1 * self.size
        return self.other
    def whole(self):
        return 0.2 * self.size
    @property
    def width(self):
        return 0.2 if self.other is None else self.other
    def __mul__(self, k):
        return 0.1 * k
def settled(part, k):
    part.size = 0.4 * part.size + 0.2 * k
    return part.whole()
'''.strip("\n").split("\n")
BEGIN = [("parts = [Part({x}), Wide({y}, 0.3), Lone({x})]\n"
          "called = {{'p': parts[0], 'q': Wide({x}, {y})}}\ns = 0.2"),
         ("parts = []\nfor j in range(4):\n"
          "    parts.append(Part({x} * j) if j % 2 else Deep({y}, 0.2 * j))\n"
          "called = {{'p': parts[1], 'q': parts[0]}}\ns = {y}"),
         ("parts = [Wide({x}, {y}) if j < 2 else Deep(0.3, {x}) for j in range(3)]\n"
          "called = {{'p': Lone({y}), 'q': parts[0]}}\ns = {x}")]
#: What happens in a round, of which `turn` is the number.
STEPS = [
    "for part in parts:\n    s += 0.1 * part.step(0.3 * s)",
    "s = 0.5 * s + 0.1 * parts[-1].whole()",
    "for part in called.values():\n    part.size *= 0.8", "called['q'].size = 0.4 * s + {x}",
    "s += 0.1 * sum(part.whole() for part in parts)", "parts[0].size += 0.2 * s",
    ("for key, part in called.items():\n"
     "    s += 0.1 * part.width if key == 'p' else 0.05 * part.size"),
    ("for part in parts:\n    if isinstance(part, Wide):\n        part.turned()\n"
     "        s += 0.1 * part.extra"),
    ("for part in parts:\n    if isinstance(part, Part):\n"
     "        part.width = 0.3 * part.width + {y}\n    else:\n        s -= 0.1 * part.size"),
    "parts[turn % len(parts)] = Wide(0.5 * s, {y})", "parts.append(Part(0.3 * s))",
    "called['q'] = parts[-1]", "parts[0], parts[-1] = parts[-1], parts[0]",
    "s += 0.1 * (parts[0] * s)", "s += 0.1 * settled(parts[turn % len(parts)], s)",
    ("for one in parts:\n    for two in parts:\n        if one is not two:\n"
     "            s += 0.02 * one.size * two.size"),
    ("best = None\nfor part in parts:\n    if best is None or part.whole() > best.whole():\n"
     "        best = part\ns += 0.2 * best.size"),
    "s += 0.1 * max(part.size for part in parts)",
    "parts = [part for part in parts if part.size < 3.0]",
    "part = called['p'] if s > 0.2 else parts[0]\npart.size = 0.6 * part.size",
    "s += 0.1 * parts[0].cells[0]", "if turn > 1:\n    break", "parts.pop()",
]
ENDS = ["s", "sum(part.size for part in parts)", "called['p'].size * s", "parts[0].whole()",
        "called['q'].whole() + s", "sum(part * 0.3 for part in parts)"]


ROWS = [Row("objects of several classes", 6, rounds(BEGIN, STEPS, ENDS, 6))]
