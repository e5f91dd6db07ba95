"""Reading entries of arrays and containers, against finite differences."""

import operator

import numpy as np
import pytest

from s2sdiff import registry
from s2sdiff.errors import UnsupportedError
from s2sdiff.rules.indexing import getitem_any
from tests.rules.checker import check_rule
from tests.rules.labels import label

A = np.random.default_rng(3).standard_normal((2, 3, 4))
M = np.random.default_rng(4).standard_normal((3, 4))
V = np.random.default_rng(5).standard_normal(5)

INDICES = [
    0, -1, (1, 2), (1, 2, 3), slice(None), slice(None, None, -1), slice(0, 2), Ellipsis, None, (),
    (Ellipsis, 1), (None, 0, Ellipsis, None), (slice(None), -1), np.array([1, 0, 1]), [0, 0],
    (slice(None), [2, 2, 0]), (np.array([0, 1]), np.array([2, 2])), A > 0.0,
    np.array([True, False]),
    (slice(None), np.array([True, False, True])), (0, [1, 1], slice(1, 3)), np.int64(1),
    (np.array([[0], [1]]), np.array([[0, 0]]), 1), np.array([], int), ([0, 1], slice(None), [1, 1]),
    (np.newaxis, [1, 1, 1]), True, np.array(1),
]


@pytest.mark.parametrize("index", INDICES, ids=label)
def test_reading_an_array_agrees_with_differences(index):
    check_rule(operator.getitem, A, index, wrt="a")
    check_rule(np.ndarray.__getitem__, A[:, ::-1] * (1 + 2j), index, wrt="a")


def test_reading_rank_zero_agrees_with_differences():
    check_rule(operator.getitem, np.array(2.0), (), wrt="a")
    check_rule(operator.getitem, np.float64(2.0), (), wrt="a")


@pytest.mark.parametrize(("a", "index", "y_bar", "expected"), [
    ((1.0, 2.0, 3.0), -1, 5.0, (None, None, 5.0)), ([1.0, 2.0], 0, 5.0, [5.0, None]),
    ([1.0, 2.0, 3.0], slice(None, None, -2), [7.0, None], [None, None, 7.0]),
    ({"w": 1.0, "b": 2.0}, "b", 5.0, {"w": None, "b": 5.0}), ("abc", 1, None, None),
    ((1.0,), 0, None, None), (range(3), 1, 1.0, None),
])
def test_reading_a_container_gives_a_cotangent_of_its_structure(a, index, y_bar, expected):
    value, pullback = getitem_any(a, index)
    assert value == a[index] and pullback(y_bar) == (expected, None)


def test_reading_anything_reads_arrays_too():
    assert getitem_any(V, [1, 1])[1](np.ones(2))[0].tolist() == [0.0, 2.0, 0.0, 0.0, 0.0]


@pytest.mark.parametrize(("builder", "index"), [
    (np.r_, (V, 0.5, V * 2)), (np.r_, V), (np.r_, (2.5,)), (np.r_, (slice(0, 3), V)),
    (np.c_, (V, V**2)), (np.c_, (M, M[:, :1])), (np.r_, ("-1", M, M[:, :2])), (np.r_,
    ([1.0, 2.0], V)),
], ids=label)
def test_joining_by_brackets_agrees_with_joining_by_concatenation(builder, index):
    value, pullback = getitem_any(builder, index)
    assert np.array_equal(value, builder[index])
    g = np.random.default_rng(2).standard_normal(value.shape)
    bars = pullback(g)[1]
    items, bars = (index, bars) if isinstance(index, tuple) else ((index,), (bars,))
    # The function is linear: its value is paired with g as its inputs are with their cotangents.
    pairs = [np.sum(np.asarray(x) * b) for x, b in zip(items, bars, strict=True) if b is not None]
    fixed = [np.zeros_like(x) if not isinstance(x, (str, slice)) else x for x in items]
    rest = np.sum(g * builder[tuple(fixed) if isinstance(index, tuple) else fixed[0]])
    assert np.isclose(np.sum(pairs) + rest, np.sum(g * value))
    for x, b in zip(items, bars, strict=True):
        assert b is None or np.shape(b) == np.shape(x)


def test_reading_what_is_no_container_is_refused():
    class Odd:
        def __getitem__(self, index):
            return 1.0

    with pytest.raises(UnsupportedError, match="Instead, "):
        getitem_any(Odd(), 0)[1](1.0)


ROWS = [
    (np.take, (V, [0, 0, -1]), {}), (np.take, (M, 2), {}), (np.take, (M, [[1, 1], [0, 2]], 1), {}),
    (np.take, (M, [7, -9]), {"mode": "wrap"}), (np.take, (M, [7, -9], 0), {"mode": "clip"}),
    (np.take, (M, -1), {"axis": -1}), (np.ndarray.take, (M, [5, 5]), {}),
    (np.take, (np.array(0.7), [0, -1, 0], -1), {}),
    (np.ndarray.take, (A, [1, 1]), {"axis": 1}),
    (np.take_along_axis, (M, np.argsort(M, axis=1), 1), {}),
    (np.take_along_axis, (M, np.array([[0, 0, 2, 1]]), 0), {}),
    (np.take_along_axis, (M, np.array([3, 3]), None), {}),
    (np.take_along_axis, (M[:1], np.array([[0, 1], [1, 1]]), -1), {}),
    (np.compress, ([True, False, True], M, 0), {}), (np.compress, ([0, 1, 1], M), {}),
    (np.ndarray.compress, (M, [False, True, True, False], 1), {}), (np.extract, (M > 0, M), {}),
    (np.select, ([M > 0.5, M > 0], [M * 2, M**2], 0.5), {}), (np.select, ([V > 0], (V,)), {}),
    (np.select, ([V > 0, V > -1], [2.0, V], V), {}),
    (np.choose, ([2, 0, 1, 0], [np.ones(4), V[:4], 2.5]), {}),
    (np.choose, ([[5], [-1]], (V, V * 2)), {"mode": "clip"}),
    (np.choose, ([0, 3, 1, 2], A.reshape(6, 4)), {"mode": "wrap"}),
]


@pytest.mark.parametrize(("target", "args", "kwargs"), ROWS, ids=label)
def test_a_function_that_selects_agrees_with_differences(target, args, kwargs):
    wrt = list(registry.find(target).wrt)
    if target is np.select and len(args) == 2:
        wrt.remove("default")
    check_rule(target, *args, wrt=wrt, kwargs=kwargs)


def test_writing_into_an_array_is_refused():
    for target, args in ((np.take, (V, [1])), (np.compress, ([1], V)), (np.choose, ([0], (V,)))):
        with pytest.raises(UnsupportedError, match="Instead, "):
            registry.find(target).function(*args, out=np.zeros(1))
