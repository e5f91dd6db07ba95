"""Classes below tuple, dict and list, as they stand in front of a program, and what uses them."""

from __future__ import annotations

from tests.fuzz import draft, scalars
from tests.fuzz.draft import REAL, Draft, Expr, Row, Scope, bind, fresh

__all__ = ["PREAMBLE", "ROWS", "SCALARS"]

PREAMBLE = '''
class Vec(tuple):
    def __add__(self, other):
        return Vec(a + b for a, b in zip(self, other))

    def __mul__(self, k):
        return Vec([0.5 * a * k for a in self])

    __rmul__ = __mul__

    def dot(self, other):
        return sum(a * b for a, b in zip(self, other))

    @property
    def first(self):
        return self[0]


class Bunch(dict):
    __getattr__ = dict.__getitem__
    __setattr__ = dict.__setitem__


class Other(dict):
    def __init__(self, **fields):
        super().__init__(**fields)
        self.__dict__ = self


class Track(list):
    def __init__(self, first, count=1):
        super().__init__([first] * count)
        self.start = first

    def add(self, value):
        self.append(0.5 * value + 0.1 * self.start)
        return self

    def __getitem__(self, index):
        return list.__getitem__(self, index)

    def total(self):
        return sum(self) / len(self)
'''.splitlines()

#: Expressions of three floats a, b and c, all bounded as these are.
FORMS = [
    ("(Vec(({a}, {b})) * float({c})).first", 8), ("Vec(({a}, {b})).dot(Vec([{b}, {c}]))", 32),
    ("sum(Vec(({a}, {b}, {c})))", 12), ("(float({c}) * Vec(({a}, {b})) + Vec(({b}, {a})))[1]", 12),
    ("max(Vec(({a}, {b})))", 4), ("Bunch(p={a}, q={b}).p", 4),
    ("sum(Bunch(p={a}, q={b}).values())", 8), ("Other(p={a}, q={c})['q']", 4),
    ("Track({a}, 2).total()", 4), ("Track({a}).add({b}).add({c}).total()", 4),
    ("sum(Track({a}) + [{b}])", 8), ("Track({a}).add({b})[-1]", 4),
    ("(lambda p, q: p * 0.2 + q)(*Vec(({a}, {b})))", 5),
    ("Bunch(p={a}, q=Vec(({b}, {c}))).q.first", 4),
]


def read(d: Draft, scope: Scope, depth: int) -> Expr:
    text, bound = d.rng.choice(FORMS)
    a, b, c = (scalars.scalar(d, scope, 1).text for _ in range(3))
    return Expr(text.format(a=a, b=b, c=c), bound)


def written(d: Draft, scope: Scope) -> tuple[list[str], bool]:
    """An object that is made, written under two names or in a loop, and read."""
    name = fresh(d, scope)
    value = draft.target(d, draft.inner(scope, names={**scope.names, name: draft.WORD}), REAL)
    x, y = (scalars.leaf(d, scope).text for _ in range(2))
    made = d.rng.choice([
        [f"{name} = Bunch(p={x}, q={y})", f"{name}.p = {name}['p'] * 0.5 + {y}",
         f"{name}['q'] += {name}.p", f"{value} = math.sin({name}.q + {name}['p'])"],
        [f"{name} = Other(p={x})", f"{name}.q = {y} * {name}.p", f"{name}['p'] *= 0.5",
         f"{value} = math.tanh({name}.p * {name}['q'])"],
        [f"{name} = Track({x}, 2)", f"{name}.add({y})", f"{name}[0] = {name}[1] * {name}.start",
         f"{value} = math.sin({name}.total())"],
        [f"{name} = Track({x})", "for each in range(3):", f"    {name}.add({y} * {name}[-1])",
         f"{value} = math.sin(sum({name}) * {name}[2])"],
        [f"{name} = Vec(({x}, {y}))", "for each in range(2):",
         f"    {name} = {name} * {y} + Vec(({x}, 0.3))",
         f"{value} = math.sin({name}.dot({name}) + {name}.first)"],
    ])
    bind(scope, value, REAL)
    return made, True


SCALARS = [Row("values of classes below containers", 2, read)]
ROWS = [Row("classes below containers written", 2, written)]
