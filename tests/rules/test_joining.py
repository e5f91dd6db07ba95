"""Joining arrays and taking them apart, against finite differences."""

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import registry
from s2sdiff.errors import UnsupportedError
from tests.rules.checker import check_rule
from tests.rules.labels import label

A = np.random.default_rng(3).standard_normal((2, 3, 4))
M = np.random.default_rng(4).standard_normal((3, 4))
N = np.random.default_rng(6).standard_normal((2, 4))
V = np.random.default_rng(5).standard_normal(4)
S = np.array(1.5)

ROWS = [
    (np.concatenate, ([M, N],), {}), (np.concatenate, ((M, M * 2, M[:, :1]),), {"axis": 1}),
    (np.concatenate, ((M, N), None), {}), (np.concatenate, (A,), {"axis": -1}),
    (np.concatenate, ([V, V],), {"dtype": np.float64}), (np.concatenate, ([V, V[:0]],), {}),
    (np.concatenate, ([[1.0, 2.0], (3.0,)],), {"wrt": ()}),
    (np.stack, ([M, M * 2],), {}), (np.stack, ((V, V, V), -1), {}), (np.stack, ([1.5, S],), {}),
    (np.stack, (A,), {"axis": 1}), (np.stack, ([V, V],), {"dtype": np.float64, "axis": 1}),
    (np.vstack, ([V, M, N],), {}), (np.vstack, ((1.0, 2.0),), {}), (np.hstack, ([V, V[:2]],), {}),
    (np.hstack, ((M, M[:, :1]),), {}), (np.hstack, ([1.0, V],), {}), (np.hstack, ([S, 2.0],), {}),
    (np.dstack, ([M, M * 2],), {}), (np.dstack, ((V, V),), {}), (np.dstack, ([A, A[..., :1]],), {}),
    (np.dstack, ([1.0, S],), {}),
    (np.column_stack, ([V, M.T],), {}), (np.column_stack, ((V, V),), {}),
    (np.column_stack, ([1.0, 2.0],), {}), (np.vstack, (M,), {}),
    (np.append, (M, N, 0), {}), (np.append, (M, V), {}), (np.append, (V, 1.0), {}),
    (np.block, ([[M, M[:, :2]], [N, N[:, 2:]]],), {}), (np.block, ([V, 1.0],), {}),
    (np.block, ([[1.0, V], [V, 2.0]],), {}), (np.block, ([A, A],), {}),
    (np.split, (M, 2), {"axis": 1}), (np.split, (M, [1, 2]), {}), (np.split, (V, [1, 1, 3]), {}),
    (np.array_split, (V, 3), {}), (np.array_split, (M, 3, -1), {}), (np.hsplit, (M, 2), {}),
    (np.hsplit, (V, 2), {}), (np.vsplit, (N, 2), {}), (np.dsplit, (A, [1, 3]), {}),
    *[(np.meshgrid, (V, V[:3] * 2, V[:2]), {"indexing": i, "sparse": s})
      for i in ("ij", "xy") for s in (True, False)],
    (np.meshgrid, (V,), {}), (np.meshgrid, (2.0, V), {}), (np.broadcast_arrays, (V, M, 2.0), {}),
    (np.delete, (V, 1), {}), (np.delete, (M, [0, -1], 1), {}), (np.delete, (M, slice(0, 5, 2)), {}),
    (np.insert, (V, 1, 2.5), {}), (np.insert, (M, 1, V), {"axis": 0}),
    (np.insert, (M, [1, 2], M[:, :2]), {"axis": 1}), (np.insert, (V, [0, 3],
    [1.0, 2.0]), {"wrt": 0}),
]
ROWS += [(np.unstack, (A,), {"axis": 1})] if hasattr(np, "unstack") else []


@pytest.mark.parametrize(("target", "args", "kwargs"), ROWS, ids=label)
def test_a_function_that_joins_agrees_with_differences(target, args, kwargs):
    wrt = kwargs.get("wrt")
    check_rule(target, *args, wrt=wrt, kwargs={k: v for k, v in kwargs.items() if k != "wrt"})


def test_parts_that_nobody_read_have_no_cotangent():
    for target, args in ((np.split, (V, 2)), (np.array_split, (V, 2)), (np.hsplit, (V, 2))):
        parts, pullback = registry.find(target).function(*args)
        assert pullback([None, np.ones(2)]).tolist() == [0.0, 0.0, 1.0, 1.0]
        assert pullback([None] * len(parts)).tolist() == [0.0] * 4
    assert registry.find(np.meshgrid).function(V, V)[1]((None, None)) == (None, None)


def test_the_cotangent_of_a_list_is_a_list_and_of_an_array_an_array():
    for arrays in ([V, V], (V, V), np.stack([V, V])):
        for target in (np.concatenate, np.stack, np.vstack, np.hstack, np.column_stack):
            value, pullback = registry.find(target).function(arrays)
            assert type(pullback(np.ones_like(value))) is type(arrays)


def test_writing_into_an_array_is_refused():
    with pytest.raises(UnsupportedError, match="Instead, "):
        registry.find(np.concatenate).function([V, V], out=np.zeros(8))


def test_blocks_are_differentiated_twice():
    x, along = np.array([1.0, 2.0]), np.array([0.5, -1.0])
    one = 5.0 * np.ones((1, 1))

    def f(x):
        return np.sum(np.block([[np.outer(x, x), x[:, None]], [x[None] ** 2, one]]) ** 3)

    # The sum of the cubes of all products is the square of that of the cubes.
    cubes, slope = np.sum(x ** 3), 3.0 * x ** 2
    expected = 2.0 * slope * (slope @ along) + (12.0 * cubes * x + 6.0 * x + 30.0 * x ** 4) * along
    np.testing.assert_allclose(sd.hvp(f, (x,), (along,)), expected)
