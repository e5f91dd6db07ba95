"""NumPy's functions take a list for the array that it makes: so do their derivatives."""

from __future__ import annotations

import numpy as np
import pytest

import s2sdiff as sd

ROW = [0.3, 0.9, 0.45]
TABLE = [[2.0, 0.3, 0.1], [0.3, 3.0, 0.2], [0.1, 0.2, 4.0]]

OF_ONE = {
    "mean": lambda v: np.mean(v), "sum": lambda v: np.sum(v), "var": lambda v: np.var(v),
    "std": lambda v: np.std(v), "max": lambda v: np.max(v), "prod": lambda v: np.prod(v),
    "median": lambda v: np.median(v), "norm": lambda v: np.linalg.norm(v),
    "cumsum": lambda v: np.sum(np.cumsum(v) ** 2), "sort": lambda v: np.sum(np.sort(v) ** 2),
    "exp": lambda v: np.sum(np.exp(v)), "square": lambda v: np.sum(np.square(v)),
    "arctan": lambda v: np.sum(np.arctan(v)), "tanh": lambda v: np.sum(np.tanh(v)),
    "sinc": lambda v: np.sum(np.sinc(v)), "clip": lambda v: np.sum(np.clip(v, 0.4, 2.5) ** 2),
    "maximum": lambda v: np.sum(np.maximum(v, 0.4) ** 2), "average": lambda v: np.average(v),
    "diff": lambda v: np.sum(np.diff(v) ** 2), "nansum": lambda v: np.nansum(v),
    "concatenate": lambda v: np.sum(np.concatenate([v, v]) ** 3),
    "times_two": lambda v: np.sum(np.multiply(v, 2.0)),
}
OF_TWO = {
    "maximum": lambda v, w: np.sum(np.maximum(v, w)),
    "minimum": lambda v, w: np.sum(np.minimum(v, w) ** 2),
    "arctan2": lambda v, w: np.sum(np.arctan2(v, w)), "dot": lambda v, w: np.sum(np.dot(v, w)),
    "power": lambda v, w: np.sum(np.power(v, w)), "hypot": lambda v, w: np.sum(np.hypot(v, w)),
    "where": lambda v, w: np.sum(np.where(np.array(v) > 0.4, v, w)),
    "clip": lambda v, w: np.sum(np.clip(v, 0.15, w) ** 2),
    "interp": lambda v, w: np.sum(np.interp(0.5, v, w)) if np.ndim(v) == 1 else v[0][1] * w[0][0],
    "einsum": lambda v, w: np.einsum("...i,...i->...", v, w).sum(),
    "outer": lambda v, w: np.sum(np.outer(v, w)), "stack": lambda v, w: np.sum(np.stack([v, w])),
}
OF_TABLES = {
    "inv": lambda v: np.sum(np.linalg.inv(v)), "det": lambda v: np.linalg.det(v),
    "solve": lambda v: np.sum(np.linalg.solve(v, [1.0, 2.0, 0.5])),
    "columns": lambda v: np.sum(np.mean(v, axis=0) ** 2), "trace": lambda v: np.trace(v),
}


def differences(f, args, at):
    x = np.array(args[at])
    found = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        ends = []
        for h in (1e-6, -1e-6):
            moved = x.copy()
            moved[i] += h
            ends.append(f(*[moved.tolist() if k == at else a for k, a in enumerate(args)]))
        found[i] = (ends[0] - ends[1]) / 2e-6
    return found


def check(f, *args):
    value, pullback = sd.vjp(f, *args)
    assert value == f(*args)
    once, twice = pullback(1.0), pullback(1.0)
    first = sd.grad(f)(*args)
    for bars in (once, twice):
        bars = bars if len(args) > 1 else (bars,)
        for at, bar in enumerate(bars):
            assert type(bar) is type(args[at])
            np.testing.assert_allclose(np.array(bar), differences(f, args, at),
                                       rtol=1e-4, atol=1e-7)
    np.testing.assert_allclose(np.array(first), differences(f, args, 0), rtol=1e-4, atol=1e-7)


@pytest.mark.parametrize("name", OF_ONE)
@pytest.mark.parametrize("v", [ROW, TABLE, tuple(ROW), (tuple(ROW), [1.2, 0.8, 0.7])],
                         ids=["row", "table", "tuple", "mixed"])
def test_of_one_list(name, v):
    check(OF_ONE[name], v)


@pytest.mark.parametrize("name", OF_TWO)
@pytest.mark.parametrize(("v", "w"), [(ROW, [0.5, 0.2, 0.7]), (TABLE, [[0.55, 0.25, 0.75]] * 3)],
                         ids=["rows", "tables"])
def test_of_two_lists(name, v, w):
    if name == "interp":
        v = sorted(v)
    check(OF_TWO[name], v, [list(row) for row in w] if isinstance(w[0], list) else w)


@pytest.mark.parametrize("name", OF_TABLES)
def test_of_tables(name):
    check(OF_TABLES[name], TABLE)


def test_a_list_in_a_dict_and_in_an_object():
    class Held:
        def __init__(self, v):
            self.v = v

    def f(v):
        d = {"a": v, "b": [v[0]]}
        return np.sum(np.square(d["a"])) * np.max(d["b"]) * np.mean(Held(v).v)

    check(f, ROW)


@pytest.mark.parametrize("f", [lambda v: np.mean(v), lambda v: np.sum(v) * 2.0])
def test_gradients_of_rows_share_memory_with_nothing(f):
    rows = [np.array([1.0, 2.0]), np.array([3.0, 4.0])]
    for first, second in (sd.grad(f)(rows), sd.vjp(f, rows)[1](1.0)):
        kept = second.copy()
        first += 1.0
        np.testing.assert_array_equal(second, kept)
