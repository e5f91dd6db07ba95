"""Tables of data, as of pandas, that are read as constants: a stand-in with what matters of them.

It keeps what it was asked for, as pandas does, and its columns are of a class of its own.
"""

from __future__ import annotations

import math
import types

import numpy as np
import pytest

import s2sdiff as sd


class Column:
    __module__ = "pandas.core.series"

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

    def __gt__(self, other):
        return Column(self._values > other)

    def __rmul__(self, other):
        return Column(other * self._values)

    def sum(self):
        return self._values.sum()


class Table:
    __module__ = "pandas.core.frame"

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
        if name[:1] == "_" or name not in self._columns:
            raise AttributeError(name)
        return self[name]

    def __len__(self):
        return len(next(iter(self._columns.values())))

    def groupby(self, key):
        return [(k, Table({n: c[self._columns[key] == k] for n, c in self._columns.items()}))
                for k in np.unique(self._columns[key])]

    def iterrows(self):
        for i in range(len(self)):
            yield i, {n: c[i] for n, c in self._columns.items()}


for _method in (*vars(Column).values(), *vars(Table).values()):
    if isinstance(_method, types.FunctionType):
        _method.__module__ = "pandas.core"


T, Y, G = np.linspace(0, 2, 6), np.array([1.0, 0.5, 0.2, 0.3, 0.1, 0.0]), np.array(list("aabbab"))


@pytest.fixture(name="data")
def _data():
    return Table({"t": T.copy(), "y": Y.copy(), "g": G.copy()})


def _slope(f, p):
    step = np.eye(len(p)) * 1e-6
    return np.array([(f(p + s) - f(p - s)) / 2e-6 for s in step])


P = np.array([0.7, 1.3])


def _functions(data):
    def columns(p):
        return np.sum((p[0] * np.exp(-p[1] * data["t"].to_numpy()) - data.y.values) ** 2)

    def converted(p):
        return np.sum((p[0] * np.exp(-p[1] * np.asarray(data["t"])) - np.asarray(data.y)) ** 2)

    def groups(p):
        found = {}
        for name, part in data.groupby("g"):
            found[name] = np.mean((p[0] * part["t"].to_numpy() + p[1] - part.y.to_numpy()) ** 2)
        return sum(found.values())

    def rows(p):
        total = 0.0
        for _, row in data.iterrows():
            total += (p[0] * math.sin(p[1] * row["t"]) - row["y"]) ** 2
        return total

    def items(p):
        return sum((p[0] * t + p[1] - y) ** 2 for t, y in zip(data["t"], data["y"], strict=True))

    def chosen(p):
        if len(data) > 3:
            return np.sum(np.where((data["t"] > 1).values, p[0], p[1] ** 2)) * data["t"].sum()
        return p[0]

    return [columns, converted, groups, rows, items, chosen]


@pytest.mark.parametrize("i", range(6))
def test_what_is_read_of_tables_is_constant(data, i):
    f = _functions(data)[i]
    expected, before = _slope(f, P), P.copy()
    np.testing.assert_allclose(sd.grad(f)(P), expected, rtol=1e-6)
    value, pullback = sd.vjp(f, P)
    assert value == pytest.approx(f(P))
    np.testing.assert_allclose(pullback(1.0), pullback(1.0))
    np.testing.assert_allclose(sd.jvp(f, (P,), (np.array([0.5, -1.0]),))[1],
                               expected @ [0.5, -1.0], rtol=1e-6)
    np.testing.assert_array_equal(P, before)


def test_columns_are_read_as_a_good_engineer_would_read_them(data):
    text = sd.source(_functions(data)[0], mode="grad", args=(P,))
    assert "by_place" not in text
    assert "data['t'].to_numpy()" in text


def test_a_table_as_an_argument(data):
    def f(p, table):
        return np.sum(p[0] * table["t"].to_numpy() + p[1] * table.y.values)

    np.testing.assert_allclose(sd.grad(f)(P, data), [T.sum(), Y.sum()])
    with pytest.raises((sd.DifferentiationError, TypeError)):
        sd.grad(f, wrt="table")(P, data)


def test_nothing_active_is_put_into_one(data):
    def made(p):
        return Column(p ** 2).sum()

    def multiplied(p):
        return (p[0] * data["t"]).sum()

    def written(p):
        data["m"] = p[0] * T
        return data["m"].to_numpy().sum()

    def written_into_an_argument(p, table):
        table["m"] = p[0] * T
        return table["m"].to_numpy().sum()

    def written_into_a_new_one(p):
        table = Table({"t": T})
        table["m"] = p[0] * T
        return table["m"].to_numpy().sum()

    expected = {made: 2 * P, multiplied: [T.sum(), 0.0], written: [T.sum(), 0.0],
                written_into_an_argument: [T.sum(), 0.0], written_into_a_new_one: [T.sum(), 0.0]}
    for f, slope in expected.items():
        more = (data,) if f is written_into_an_argument else ()
        for way in (lambda f, p, *m: sd.grad(f)(p, *m),
                    lambda f, p, *m: np.array([sd.jvp(f, (p, *m), (d, *[None] * len(m)))[1]
                                               for d in np.eye(2)])):
            try:
                found = way(f, P, *more)
            except sd.DifferentiationError as error:
                assert "Instead, " in str(error)
            else:
                np.testing.assert_allclose(found, slope)


def test_memory_that_a_table_shows_is_followed(data):
    shown = T.copy()
    table = Table({"t": shown})

    def f(p):
        v = table["t"].values
        v[0] = p[0] ** 2
        return table["t"].to_numpy().sum() * p[1]

    try:
        found = sd.grad(f)(P)
    except sd.DifferentiationError:
        return
    np.testing.assert_allclose(found, [2 * P[0] * P[1], shown.sum()])
