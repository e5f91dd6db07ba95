"""Helpers that keep what they are given, where others find it, and what is written in between.

They keep it in a global list, a default argument, a closure's cells, a class attribute, an object
with slots, one that answers by `__getattr__`, and by a descriptor.
"""

from __future__ import annotations

from tests.fuzz.draft import DEPTH, REAL, Draft, Row, Scope, bind, fresh
from tests.fuzz.drawn import several

__all__ = ["MAKERS", "ROWS"]

Made = tuple[list[str], bool] | None

TEXT = '''\
KEPT = []
def keep(v):
    KEPT.append(v)
def latest():
    return KEPT[-1]
def remember(v, held=[]):
    held.append(v)
    return held
def cells():
    cell, rows = None, []
    def put(v):
        nonlocal cell
        cell = v
        rows.append(v)
    def get(k=None):
        return cell if k is None else rows[k]
    return put, get, rows
put, get, ROWS_KEPT = cells()
class Checked:
    def __set_name__(self, owner, name):
        self.name = '_' + name
    def __get__(self, owner, cls=None):
        return owner.__dict__[self.name]
    def __set__(self, owner, v):
        owner.__dict__[self.name] = v
class Shelf:
    shared = []
    checked = Checked()
    def __init_subclass__(cls, **options):
        cls.shared = []
    def __init__(self):
        self.own, self.parts = [], Slotted(None)
    def take(self, v):
        self.own.append(v)
        self.parts.v = self.checked = v
        return v
    @classmethod
    def share(cls, v):
        cls.shared.append(v)
    def __getattr__(self, name):
        if name == 'first':
            return self.own[0]
        raise AttributeError(name)
class Slotted:
    __slots__ = ('v',)
    def __init__(self, v):
        self.v = v
class Below(Shelf):
    pass
shelf = Below()
def forget():
    global shelf
    for held in (KEPT, ROWS_KEPT, remember.__defaults__[0], Shelf.shared, Below.shared):
        held.clear()
    put(None)
    shelf.__init__()
'''.splitlines()
#: How `m` is kept, and where it is found then.
WAYS = [("keep(m)", "KEPT[-1]"), ("keep(m)", "latest()"), ("held = remember(m)", "held[-1]"),
        ("put(m)", "get()"), ("put(m)", "get(-1)"), ("put(m)", "ROWS_KEPT[-1]"),
        ("shelf.take(m)", "shelf.own[-1]"), ("shelf.take(m)", "shelf.parts.v"),
        ("shelf.take(m)", "shelf.checked"), ("shelf.take(m)", "shelf.first"),
        ("one = Shelf()\none.take(m)", "one.first"), ("one = Below()\none.take(m)", "one.checked"),
        ("shelf.share(m)", "Below.shared[-1]"), ("Shelf.share(m)", "Shelf.shared[-1]"),
        ("same = shelf.take(m)", "same"), ("keep([m])", "KEPT[-1][0]"), ("keep({{'a': m}})",
        "latest()['a']"), ("other = Slotted(m)\nkeep(other)", "KEPT[-1].v")]
ARRAYS = [
    "m *= {x}", "m /= 2.0 + m * m", "m += 0.3 * {k}", "seen = {k}\nseen *= 0.7", "{k} *= 0.7",
    "{k}[1] = {y}", "m[0] = {x}",
    "np.sin(m, out=m)", "np.multiply(m, {y}, m)", "np.tanh({k}, out={k})", "m = m + {x}",
    "total += np.sum({k} * m)", "total += 0.3 * {k}[0]", "part = {k}[1:]\npart -= {x}", "m = {k}",
    "m[1:] = {k}[:-1]", "np.add({k}, m, out=m)", "np.exp(-m * m, out=m)", "m = np.cos(m)",
    "try:\n    m[2] = {x}\n    m[0] = np.ones(2)\nexcept ValueError:\n    total += m[2]",
    "m -= np.mean({k})", "if total > 0.2: m *= 0.5", "for at in range(2): m += {k} * 0.1 * at",
    "total += np.sum(np.sin({k}))", "if {x} > 0.1: np.cos({k}, out=m)", "m @= np.eye(3) * {y}",
]
LISTS = [
    "m.append({x} * m[0])", "m[0] *= {y}", "{k}[1] = {x}", "{k}.insert(0, {y})", "m = list({k})",
    "total += sum({k})", "total += {k}[-1] * m[0]", "m += [{x}]", "m = {k}", "m.reverse()",
    "m = [0.5 * part for part in {k}]", "{k}.extend(m[:1])",
    "total += m.pop() if len(m) > 2 else 0.1",
    "for at, part in enumerate({k}): m[0] += 0.1 * at * part", "m[:] = {k}[::-1]", "del {k}[2:]",
    "first, *rest = {k}\ntotal += 0.2 * first * len(rest)", "m.sort()",
    "try:\n    m[0] = {x}\n    m[9] = 0.1\nexcept IndexError:\n    total += m[0]",
]


def maker(d: Draft) -> list[str]:
    """The helpers, once in a program."""
    if "KEPT" in d.constants:
        return []
    d.constants["KEPT"] = ("kept", ())
    return TEXT


def form(begin: str, steps: list[str], read: str, numpy: bool) -> object:
    """What is kept in one way or two, and written by both names."""
    def make(d: Draft, scope: Scope) -> Made:
        if "KEPT" not in d.constants or scope.depth >= DEPTH or d.budget[0] < 0 or (
                numpy and not scope.numpy):
            return None
        name = fresh(d, scope)
        lines = ["forget()", "total = 0.1", *several(d, scope, [begin], 1)]
        way, place = "", "m"
        for _ in range(d.rng.choice([1, 1, 2])):
            way, place = d.rng.choice(WAYS)
            # What a call gives cannot be assigned to.
            mine = [s.replace("{k}", place) for s in steps
                    if not (place.endswith(")") and s.startswith("{k} "))]
            lines += [*several(d, scope, [way], 1), *several(d, scope, mine, 4)]
        bind(scope, name, REAL)
        found, own = read.format(place), read.format("m")
        return [*lines, f"{name} = math.sin(0.3 * {found}) + math.sin(total) + 0.2 * {own}"], True

    return make


ROWS = [
    Row("arrays that helpers keep", 3,
        form("m = np.array([{x}, {y}, 0.4])", ARRAYS, "np.sum({0})", True)),
    Row("lists that helpers keep", 2, form("m = [{x}, {y}, 0.4]", LISTS, "sum({0})", False)),
]
MAKERS = [Row("helpers that keep what they are given", 2, maker)]
