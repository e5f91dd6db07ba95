"""Caches written by hand: in a run that begins with an empty one, its answers have derivatives.

One that is left as it is knows the point from the plain call: what it answers is refused.
"""

from __future__ import annotations

from tests.fuzz.draft import DEPTH, REAL, Draft, Row, Scope, bind, fresh
from tests.fuzz.drawn import several

__all__ = ["MAKERS", "ROWS"]

Made = tuple[list[str], bool] | None

TEXT = '''\
class Cache:
    def __init__(self):
        self.known, self.last, self.value = {}, None, 0.0
        self.pairs, self.points, self.cubes = [], [], []
    def power(self, x, n):
        key = (x, n)
        if key not in self.known:
            self.known[key] = math.sin(x) * n
        return self.known[key]
    def square(self, x):
        v = self.known.get(('square', x))
        if v is None:
            v = x * x
            self.known[('square', x)] = v
        return v
    def attempt(self, x):
        try:
            return self.known[x, 'attempt']
        except KeyError:
            self.known[x, 'attempt'] = math.tanh(x)
            return math.tanh(x)
    def text(self, x):
        key = f'{x!r}'
        if key not in self.known:
            self.known[key] = 0.3 * x * x
        return self.known[key]
    def update(self, x):
        if x != self.last:
            self.last, self.value = x, math.cos(x)
    def latest(self, x):
        self.update(x)
        return self.value
    def twice(self, x):
        self.update(x)
        return 2.0 * self.value * x
    def searched(self, x):
        for point, v in self.pairs:
            if point == x:
                return v
        v = 0.5 * x * x
        self.pairs.append((x, v))
        return v
    def cube(self, x):
        if x in self.points:
            return self.cubes[self.points.index(x)]
        self.points.append(x)
        self.cubes.append(x ** 3)
        return x ** 3
class Point:
    def __init__(self, v, n=1):
        self.v, self.n = v, n
    def __eq__(self, other):
        return isinstance(other, Point) and (self.v, self.n) == (other.v, other.n)
class Known:
    def __init__(self):
        self.point, self.given, self.value, self.table = None, {}, 0.0, np.zeros((2, 2))
    def of(self, p):
        if self.point is None or self.point.v != p.v:
            self.point, self.value = p, math.sin(p.v)
        return self.value
    def equal(self, p):
        if self.point != p:
            self.point, self.value = p, p.n * math.cos(p.v)
        return self.value
    def params(self, **given):
        if self.given != given:
            self.given, self.value = given, given['v'] * given['w']
        return self.value
    def row(self, x):
        if self.table[0, 0] != x:
            self.table[0] = x, math.exp(-x)
        return self.table[0, 1]
    def read(self, text):
        self.value = float(text) ** 2
def listed(points, cubes, x):
    for at, point in enumerate(points):
        if point == x:
            return cubes[at]
    points.append(x)
    cubes.append(x ** 3)
    return cubes[-1]
def asked(x):
    if asked.last != x:
        asked.last, asked.value = x, math.tanh(x)
    return asked.value
asked.last = None
CACHE = Cache()
KNOWN = Known()
def remembering():
    last, value = None, 0.0
    def ask(x):
        nonlocal last, value
        if x != last:
            last, value = x, math.sin(2.0 * x)
        return value
    return ask
'''.splitlines()
USES = [
    "total += {c}.power({x}, 2)", "total += {c}.power({x}, 2) * {c}.power({x}, 3)",
    "total += 0.4 * {c}.square({x})", "total += {c}.attempt({x})", "total += {c}.text({x})",
    "total += {c}.latest({x}) * {x}", "total += {c}.twice({x}) - {c}.latest({x})",
    "m = {x}\nfor at in range(3): total += 0.2 * {c}.latest(m)",
    "m = {x}\nif {c}.latest(m) > 0.2: total += {c}.twice(m)",
    "ask = remembering()\ntotal += ask({x}) * ask({y})", "m = {y}\ntotal *= {c}.square(m) + 0.3",
    "other = Cache()\ntotal += other.searched({x}) + other.cube({y})",
    "m = {x}\n{c}.update(m)\nm = m * 0.5\ntotal += {c}.value * {c}.latest(m)",
    "total += {k}.of(Point({x}))", "total += {k}.equal(Point({x}, 2)) * {k}.equal(Point({x}, 2))",
    "total += {k}.params(v={x}, w={y})", "total += {k}.row({x}) * {k}.row({x})",
    "p = Point({x})\ntotal += {k}.of(p)\np.v = p.v * 0.5\ntotal += {k}.of(p)",
    "points, cubes = [], []\ntotal += listed(points, cubes, {x}) + listed(points, cubes, {x})",
    "total += asked({x})", "{k}.read(repr({x}))\ntotal += {k}.value", "{k}.point = None",
    "total += sum([{c}.power({x}, n) for n in (1, 2)])", "{c}.last = None", "{c}.known.clear()",
]
#: How a program begins: mostly with nothing in the cache.
BEGINNINGS = ["CACHE.__init__()\nKNOWN.__init__()", "CACHE.__init__()\nKNOWN.__init__()",
              "one, known = Cache(), Known()", "one, known = Cache(), Known()", "pass"]


def maker(d: Draft) -> list[str]:
    """The class and its object, once in a program."""
    if "CACHE" in d.constants:
        return []
    d.constants["CACHE"] = ("cache", ())
    return TEXT


def form(d: Draft, scope: Scope) -> Made:
    """A cache is asked some times."""
    if "CACHE" not in d.constants or scope.depth >= DEPTH or d.budget[0] < 0:
        return None
    name, begin = fresh(d, scope), d.rng.choice(BEGINNINGS)
    cache = "one" if begin.startswith("one") else "CACHE"
    known = "known" if cache == "one" else "KNOWN"
    uses = [s.replace("{c}", cache).replace("{k}", known) for s in USES]
    lines = [*begin.splitlines(), "total = 0.1", *several(d, scope, uses, 5)]
    bind(scope, name, REAL)
    return [*lines, f"{name} = math.sin(total)"], True


ROWS = [Row("caches that are asked", 3, form)]
MAKERS = [Row("caches", 2, maker)]
