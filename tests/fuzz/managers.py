"""Random managers that write, generators as managers, calls that write and then raise."""

from __future__ import annotations

from tests.fuzz import conditions, scalars, statements
from tests.fuzz.draft import DEPTH, REAL, Draft, Row, Scope, bind, fresh, indent, inner, target
from tests.fuzz.exceptions import RAISING, Made

PREAMBLE = '''
class Tank:
    def __init__(self, level, cells):
        self.level, self.cells, self.kinds = level, cells, []
    def __enter__(self):
        self.level = 0.9 * self.level + 0.1
        return self
    def __exit__(self, kind, error, trace):
        self.kinds.append(kind)
        self.level = self.level * 0.7
        self.cells[0] = self.cells[0] * 0.5 + self.level
        return kind is not None and issubclass(kind, LookupError)
    def fill(self, x):
        self.cells.append(x * self.level)
        if x > 0.5:
            raise KeyError('full')
        self.level = x * 0.3
        return self.level
    def __getitem__(self, k):
        self.level = self.level * 0.8
        if self.level > k:
            raise IndexError('high')
        return self.cells[0] * k
    @property
    def half(self):
        self.cells[0] = self.cells[0] * 0.6
        if self.level > 0.4:
            raise ValueError('half')
        return self.level * 0.5
@contextlib.contextmanager
def doubled(cells, k):
    before = cells[0]
    cells[0] = cells[0] * k
    try:
        yield before * 0.5
    except KeyError:
        cells.append(before * k)
    else:
        cells[0] = cells[0] + 0.3 * before
    finally:
        cells[-1] = cells[-1] * 0.9
def poured(cells, x, k):
    cells[0] = cells[0] * x
    for i in range(3):
        cells.append(0.3 * x * i)
        if i == k:
            raise ValueError('poured')
    return 0.5 * cells[-1]
'''.strip("\n").split("\n")


def entered(d: Draft, scope: Scope) -> Made:
    """A manager that writes its own numbers, and a list that others hold."""
    if scope.depth >= DEPTH or d.budget[0] < 0:
        return None
    x, y, z = (scalars.scalar(d, scope, 1).text for _ in range(3))
    tank, own, cells = fresh(d, scope), "held", "cells_of"
    inside = inner(scope)
    name = target(d, scope, REAL)
    generated = d.rng.random() < 0.4
    if generated:
        start = [f"{cells} = [{x}, {y}]"]
        header = f"with doubled({cells}, {z}) as {own}:"
        change = [f"{cells}[0] = 0.4 * {cells}[0] + {own}"]
    else:
        start = [f"{cells} = [{x}]", f"{tank} = Tank({y}, {cells})"]
        header = f"with {tank} as {own}:"
        change = [f"{own}.level = 0.5 * {own}.level + {z}"]
    body, falls = statements.block(d, inside, d.rng.randint(0, 2))
    raising, caught = d.rng.choice(RAISING)
    if falls and d.rng.random() < 0.6:
        body += [f"if {conditions.test(d, scope, 1)}:", f"    {raising}"]
        body += [f"{cells}[0] = {cells}[0] * {x}"]
    lines = [header, *indent([*change, *body])]
    if d.rng.random() < 0.7:
        lines = ["try:", *indent(lines), f"except {d.rng.choice(caught)}:",
                 *indent([f"{cells}[0] = 0.7 * {cells}[0]"])]
    level = "" if generated else f" + 0.4 * {tank}.level"
    bind(scope, name, REAL)
    return [*start, *lines, f"{name} = 0.3 * sum({cells}){level}"], True


def partly(d: Draft, scope: Scope) -> Made:
    """Calls, operators and properties that write and then may raise, and a handler."""
    if scope.depth >= DEPTH or d.budget[0] < 0:
        return None
    x, y, z = (scalars.scalar(d, scope, 1).text for _ in range(3))
    tank, cells, got = fresh(d, scope), "cells_of", "got"
    name = target(d, scope, REAL)
    ways = [f"{got} = {tank}.fill({z})", f"{got} = {tank}[{d.rng.choice(['0.2', '0.5'])}]",
            f"{got} = {tank}.half", f"{got} = poured({cells}, {z}, {d.rng.choice([0, 1, 5])})",
            f"{got} = sum([{tank}.fill(q) for q in ({x}, {z})])",
            f"{got} = max({cells}, key=lambda q: poured({cells}, q, 2))"]
    calls = [d.rng.choice(ways) for _ in range(d.rng.randint(1, 3))]
    lines = ["try:", *indent(calls), "except (LookupError, ValueError) as error:",
             f"    {cells}[0] = {cells}[0] * 0.5 + {y} * len(str(error)) * 0.1"]
    if d.rng.random() < 0.3:
        lines += ["finally:", f"    {cells}[0] = {cells}[0] * 0.9"]
    if d.rng.random() < 0.4 and not scope.loop:
        lines = ["for _ in range(2):", *indent(lines)]
    bind(scope, name, REAL)
    return [f"{cells}, {got} = [{x}], 0.4", f"{tank} = Tank({y}, {cells})", *lines,
            f"{name} = 0.2 * sum({cells}) + 0.3 * {tank}.level + 0.5 * {got}"], True


ROWS = [
    Row("managers that write", 2, entered),
    Row("calls that write and raise", 2, partly),
]
