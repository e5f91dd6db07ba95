"""Helpers on numbers and arrays, against NumPy and closed forms."""

import math
from collections import namedtuple

import numpy as np
import pytest

from s2sdiff.runtime import arrays, slopes

INF, NAN = math.inf, math.nan
Point = namedtuple("Point", "x y")
SHAPES = [(), (1,), (3,), (1, 3), (2, 1), (2, 3), (1, 1), (4, 2, 3), (4, 1, 1)]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("other", SHAPES, ids=str)
def test_unbroadcast_is_the_transpose_of_broadcasting(shape, other):
    try:
        wide = np.broadcast_shapes(shape, other)
    except ValueError:
        return
    rng = np.random.default_rng(0)
    x, g = rng.normal(size=shape), rng.normal(size=wide)
    back = arrays.unbroadcast(g, shape)
    assert np.shape(back) == shape
    np.testing.assert_allclose(np.sum(back * x), np.sum(g * np.broadcast_to(x, wide)))


def test_unbroadcast_of_a_constant_cotangent_fills_the_shape():
    np.testing.assert_array_equal(arrays.unbroadcast(2.0, (2, 1)), np.full((2, 1), 2.0))
    assert arrays.unbroadcast(2.0, ()) == 2.0


@pytest.mark.parametrize(
    "wrap", [float, np.float64, lambda v: np.array([v])], ids=["float", "np", "array"]
)
@pytest.mark.parametrize("value", [INF, -INF, NAN, 2.0, 0.0])
def test_an_exact_zero_wins_in_scaled(wrap, value):
    for product in (slopes.scaled(wrap(0.0), wrap(value)), slopes.scaled(wrap(value), wrap(0.0))):
        assert product == 0.0
    assert np.array_equal(
        slopes.scaled(wrap(3.0), wrap(value)), wrap(3.0) * wrap(value), equal_nan=True
    )


def test_an_exact_zero_wins_over_complex_numbers_that_are_none():
    assert slopes.scaled(0j, complex("inf")) == slopes.scaled(complex("nan"), 0j) == 0j
    assert np.isnan(slopes.scaled(1j, complex("nan")))


def test_scaled_keeps_shapes_and_dtypes():
    product = slopes.scaled(np.zeros((2, 1), np.float32), np.full(3, INF, np.float32))
    assert product.dtype == np.float32 and np.array_equal(product, np.zeros((2, 3)))


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (1.0, 2.0, 0.5),
        (1.0, 0.0, INF),
        (-1.0, 0.0, -INF),
        (1.0, -0.0, -INF),
        (0.0, 0.0, 0.0),
        (NAN, 0.0, NAN),
        (0.0, 5.0, 0.0),
        (INF, 0.0, INF),
    ],
)
def test_divide_raises_nothing(a, b, expected):
    result = slopes.divide(a, b)
    assert type(result) is float and (
        result == expected or (result != result and expected != expected)
    )


@pytest.mark.parametrize(
    ("x", "p", "expected"),
    [
        (2.0, 3.0, 8.0),
        (0.0, -0.5, INF),
        (0.0, 0.0, 1.0),
        (1e300, 3.0, INF),
        (0.0, -1, INF),
        (4.0, 0.5, 2.0),
        (-1e300, 3.0, -INF),
    ],
)
def test_power_raises_nothing(x, p, expected):
    assert slopes.power(x, p) == expected


@pytest.mark.parametrize(
    "index",
    [
        1,
        slice(0, 2),
        (0,),
        np.array([0, 0, 2]),
        [1, 1],
        np.array([True, False, True]),
        -1,
        ...,
    ],
)
def test_place_is_the_transpose_of_reading(index):
    x = np.array([1.0, 2.0, 3.0])
    read = x[index]
    g = np.random.default_rng(0).normal(size=np.shape(read))
    placed = arrays.place(g, x.shape, index)
    np.testing.assert_allclose(np.sum(placed * x), np.sum(g * read))


def test_add_at_counts_repeated_elements():
    buffer = np.zeros((2, 3))
    arrays.add_at(buffer, (0, [1, 1, 2]), np.array([1.0, 2.0, 4.0]))
    np.testing.assert_array_equal(buffer, [[0, 3, 4], [0, 0, 0]])


@pytest.mark.parametrize(
    ("value", "zero"),
    [
        (2.0, 0.0),
        (np.float32(2), np.float32(0)),
        (2j, 0j),
        (3, None),
        ("a", None),
        (None, None),
        ((1.0, 2), (0.0, None)),
        ([1.0], [0.0]),
        ({"a": 1.0}, {"a": 0.0}),
        (Point(1.0, "n"), Point(0.0, None)),
        (np.arange(3), None),
        (True, None),
    ],
)
def test_the_zero_of_a_value(value, zero):
    made = arrays.zeros(value)
    assert made == zero and type(made) is type(zero)


def test_the_zero_of_an_array_has_its_shape_and_dtype():
    made = arrays.zeros(np.ones((2, 3), np.float32))
    assert made.dtype == np.float32 and made.shape == (2, 3) and not made.any()


@pytest.mark.parametrize(
    ("a", "b", "total"),
    [
        (None, 2.0, 2.0),
        (2.0, None, 2.0),
        (None, None, None),
        (1.0, 2.0, 3.0),
        ((1.0, None), (2.0, 5.0), (3.0, 5.0)),
        ([1.0], [2.0], [3.0]),
        ({"a": 1.0}, {"b": 2.0}, {"a": 1.0, "b": 2.0}),
        (Point(1.0, None), Point(1.0, None), Point(2.0, None)),
    ],
)
def test_sums_of_cotangents(a, b, total):
    made = arrays.add(a, b)
    assert made == total and type(made) is type(total)


@pytest.mark.parametrize(
    ("g", "x", "expected"),
    [
        (np.float64(2), 1.0, 2.0),
        (2.0, np.float32(1), np.float32(2)),
        (2 + 3j, 1.0, 2.0),
        (None, 1.0, 0.0),
        (2.0, 1j, 2 + 0j),
        ((1.0, None), (1.0, 2), (1.0, None)),
        (2.0, 3, None),
        ({}, {"a": 1.0}, {"a": 0.0}),
        (np.float64(2), np.array(1.0), np.array(2.0)),
    ],
)
def test_a_cotangent_takes_the_type_of_its_value(g, x, expected):
    made = arrays.match(g, x)
    assert type(made) is type(expected) and made == expected


def test_a_cotangent_takes_the_dtype_of_its_array():
    x = np.ones(2, np.float32)
    assert arrays.match(np.ones(2), x).dtype == np.float32
    assert arrays.match(np.ones(2) * 1j, x).dtype == np.float32
    assert arrays.match(np.ones(2), x * 1j).dtype == np.complex64
    assert arrays.match(np.ones(2), np.arange(2)) is None


def test_a_copy_shares_no_memory_and_keeps_types():
    x = {"a": [np.ones(2), (1.0, Point(np.ones(3), "n"))]}
    made = arrays.copy(x)
    assert not np.shares_memory(made["a"][0], x["a"][0])
    assert type(made["a"][1][1]) is Point and not np.shares_memory(
        made["a"][1][1].x, x["a"][1][1].x
    )
    assert arrays.copy(None) is None


def test_a_copy_of_an_array_that_runs_backwards_runs_backwards():
    a = np.arange(12.0).reshape(3, 4)
    for view in (a[::-1], a[:, ::-1], a[::-1, ::-2], a.T[::-1], a[0, ::-1]):
        made = arrays.copy(view)
        assert not np.shares_memory(made, view)
        np.testing.assert_array_equal(made, view)
        assert np.sign(made.strides).tolist() == np.sign(view.strides).tolist()
