"""Tables of data, as of pandas: a stand-in that keeps what it was asked for, read in many ways.

What is written into one is a constant, mostly, and is gone when the block ends; what the column is
that is read first may be another one between two calls (`change`).
"""

from __future__ import annotations

from tests.fuzz.draft import DEPTH, REAL, Draft, Row, Scope, bind, fresh, indent
from tests.fuzz.drawn import several

__all__ = ["MAKERS", "ROWS"]

Made = tuple[list[str], bool] | None
NAME = "TABLE_OF_DATA"

TEXT = '''\
import types
class Column:
    __module__ = 'pandas.core.series'
    def __init__(self, values):
        self._values = values
    @property
    def values(self):
        return self._values
    def to_numpy(self):
        return self._values
    def __array__(self, dtype=None, copy=None):
        return np.array(self._values, dtype)
    def __iter__(self):
        return iter(self._values.tolist())
    def __getitem__(self, k):
        return self._values[k]
    def __len__(self):
        return len(self._values)
    def __gt__(self, other):
        return Column(self._values > other)
    def __mul__(self, other):
        return Column(self._values * other)
    __rmul__ = __mul__
    def sum(self):
        return self._values.sum()
    def mean(self):
        return float(self._values.mean())
class Table:
    __module__ = 'pandas.core.frame'
    def __init__(self, columns):
        self._columns, self._cache = columns, {}
    def __getitem__(self, key):
        if key not in self._cache:
            self._cache[key] = Column(self._columns[key])
        return self._cache[key]
    def __setitem__(self, key, value):
        self._columns[key] = np.asarray(value)
        self._cache.pop(key, None)
    def __getattr__(self, name):
        if name[:1] == '_' or name not in self._columns:
            raise AttributeError(name)
        return self[name]
    def __len__(self):
        return len(next(iter(self._columns.values())))
    def __contains__(self, key):
        return key in self._columns
    def drop(self, key):
        return Table({k: v for k, v in self._columns.items() if k != key})
    def groupby(self, key):
        return [(k, Table({n: c[self._columns[key] == k] for n, c in self._columns.items()}))
                for k in np.unique(self._columns[key])]
    def iterrows(self):
        for i in range(len(self)):
            yield i, {n: c[i] for n, c in self._columns.items()}
for _method in (*vars(Column).values(), *vars(Table).values()):
    if isinstance(_method, types.FunctionType):
        _method.__module__ = 'pandas.core'
def data():
    return Table({'t': np.array([0.1, 0.5, 0.3]), 'y': np.array([0.4, 0.2, 0.6]),
                  'g': np.array([1, 0, 1])})
TABLE_OF_DATA = data()
STUDY = types.SimpleNamespace(table=TABLE_OF_DATA, tables={'a': TABLE_OF_DATA, 'b': data()})
class Fit:
    def __init__(self, table):
        self.table, self.t = table, table['t'].to_numpy()
    def residuals(self, k):
        return k * self.t - self.table.y.values
    def loss(self, k):
        return np.mean(self.residuals(k) ** 2)
FIT = Fit(TABLE_OF_DATA)
def change(k, before=globals().get('change', id)):
    before(k)
    if k == 0:
        TABLE_OF_DATA['t'] = np.array([1, 0, 1])
        STUDY.tables['a'] = STUDY.tables['b']
    if k == 1:
        STUDY.table = globals()['TABLE_OF_DATA'] = Table({
            'g': np.array([0, 1]), 'y': np.array([0.3, 0.2]), 't': np.array([0.7, 0.4])})
'''.splitlines()
BEGIN = ["table = TABLE_OF_DATA\ns = {x}", "table = STUDY.table\ns = 0.3",
         "table = STUDY.tables['a']\ns = {y}", "table = FIT.table\ns = {x}",
         "table = data()\ns = {y}"]
STEPS = [
    "s += 0.1 * np.sum(s * table['t'].values)", "s += 0.1 * np.sum({x} * table.y.to_numpy())",
    "s = 0.5 * s + 0.2 * np.mean(np.sin({x} * np.asarray(table['t'])) * np.array(table.y))",
    "for line, row in table.iterrows():\n    s = 0.6 * s + 0.1 * row['t'] * {x} + 0.1 * line",
    "for line, row in table.iterrows():\n    s += 0.1 * math.sin(s * row['y'])",
    "for name, part in table.groupby('g'):\n    s += 0.1 * np.mean(s * part['t'].values) * {x}",
    ("found = {{}}\nfor name, part in table.groupby('g'):\n    found[name] = part.y.mean() * {x}\n"
     "s += 0.2 * sum(found.values())"),
    "s += 0.1 * sum({x} * part for part in table['t'])", "s += 0.1 * table.t.sum() * {y}",
    "for part, other in zip(table['t'], table['y']):\n    s = 0.7 * s + 0.2 * part * other * {x}",
    "if len(table) > 2:\n    s += 0.1 * {x}", "s += 0.2 * table['y'][0] * {x}",
    "s += 0.1 * np.sum(np.where((table['t'] > 0.2).values, {x}, {y} * s))",
    "s += 0.2 * FIT.loss({x})", "s += 0.1 * np.sum(FIT.residuals(s))",
    ("table['m'] = np.array(table.t.values) * 2.0\ns += 0.1 * table['m'].values[1] * {x}\n"
     "table = table.drop('m')"),
    "if 'z' not in table:\n    s += 0.1 * {x}",
    "vec = table['t'].values * {x}\nvec[0] = {y}\ns += 0.1 * np.sum(vec)",
    "vec = np.zeros(len(table))\nvec += table.y.values * s\ns += 0.1 * vec[-1]",
    "s += 0.1 * np.interp({x}, [0.0, 1.0, 2.0], [0.1, s, 0.3]) * table.t.mean()",
    "twice = 2.0 * table['y']\ns += 0.1 * {x} * twice.sum()",
    ("other = data()\nother['t'] = [0.2, 0.3, 0.1]\n"
     "s += 0.1 * np.dot(other.t.values, [{x}, s, {y}])"),
    "s += 0.1 * (table['t'] * {x}).sum()", "table['m'] = {x}", "made = Column(np.array([s, {x}]))",
]
ENDS = ["s", "s * table['t'].values[0]", "np.sum(s * table.y.values)", "FIT.loss(s)"]


def maker(d: Draft) -> list[str]:
    """The tables, once in a program."""
    if NAME in d.constants:
        return []
    d.constants[NAME] = ("tables", ())
    return TEXT


def block(d: Draft, scope: Scope) -> Made:
    """A table that is read in several ways, in a loop or not."""
    if NAME not in d.constants or scope.depth >= DEPTH or d.budget[0] < 0 or not scope.numpy:
        return None
    name = fresh(d, scope)
    lines = several(d, scope, BEGIN, 1)
    # What is active is refused where it comes into a table: seldom.
    steps = several(d, scope, STEPS if d.rng.random() < 0.1 else STEPS[:-3], 5)
    lines += steps if d.rng.random() < 0.6 else ["for turn in range(2):", *indent(steps)]
    bind(scope, name, REAL)
    return [*lines, f"{name} = math.sin({d.rng.choice(ENDS)})"], True


ROWS = [Row("tables of data", 3, block)]
MAKERS = [Row("tables of data made", 3, maker)]
