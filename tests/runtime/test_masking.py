"""Masked cotangents, against what a mask means, entry by entry."""

import numpy as np
import pytest

from s2sdiff.runtime.masking import masked, masked_evenly

SIZES = [1, 7, 3000]
DTYPES = [np.float64, np.float32, np.complex128]


def entries(size, dtype):
    rng = np.random.default_rng(size)
    g = rng.normal(size=size).astype(dtype)
    g[:: 3] = np.inf
    g[1:: 5] = np.nan
    return g, rng.integers(0, 2, size).astype(bool)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("dtype", DTYPES)
def test_where_the_mask_is_true_all_bits_stay_and_elsewhere_is_zero(size, dtype):
    g, mask = entries(size, dtype)
    kept = g.copy()
    found = masked(g, mask)
    assert found.dtype == dtype and found.flags.writeable
    np.testing.assert_array_equal(found[mask], g[mask])
    assert np.all(found[~mask] == 0)
    assert not np.shares_memory(found, g)
    np.testing.assert_array_equal(g, kept)


@pytest.mark.parametrize("size", SIZES)
def test_views_that_are_not_contiguous_are_masked_alike(size):
    g, mask = entries(4 * size, np.float64)
    for cut in (slice(None, None, 2), slice(None, None, -1)):
        np.testing.assert_array_equal(masked(g[cut], mask[cut]), np.where(mask[cut], g[cut], 0))
    g, mask = g.reshape(4, size).T, mask.reshape(4, size).T
    np.testing.assert_array_equal(masked(g, mask), np.where(mask, g, 0))


def test_numbers_broadcast_and_stay_numbers():
    assert masked(2.0, True) == 2.0 and type(masked(2.0, False)) is float
    assert type(masked(np.float32(2.0), np.bool_(False))) is np.float32
    np.testing.assert_array_equal(masked(2.0, np.array([True, False])), [2.0, 0.0])
    np.testing.assert_array_equal(masked(np.array([1.0, 2.0]), False), [0.0, 0.0])
    big = np.ones((3, 2000))
    np.testing.assert_array_equal(masked(big, np.array([[True], [False], [True]]))[:, 0], [1, 0, 1])


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("dtype", DTYPES[:2])
def test_two_that_are_level_share_evenly(size, dtype):
    rng = np.random.default_rng(size)
    x, y = (rng.integers(0, 3, size).astype(dtype) for _ in range(2))
    x[::4] = np.nan
    g = rng.normal(size=size).astype(dtype)
    found = masked_evenly(g, x > y, x >= y)
    expected = [v if p > q else v / 2 if p == q else 0.0 for v, p, q in zip(g, x, y, strict=True)]
    assert found.dtype == dtype
    np.testing.assert_array_equal(found, np.array(expected, dtype))


def test_level_numbers_share_evenly():
    assert masked_evenly(3.0, False, True) == 1.5
    assert masked_evenly(3.0, True, True) == 3.0
    assert masked_evenly(3.0, False, False) == 0.0


def test_infinite_cotangents_do_not_reach_the_smaller_side():
    g = np.array([np.inf, np.inf, np.nan])
    found = masked_evenly(g, np.array([False, False, False]), np.array([False, True, False]))
    np.testing.assert_array_equal(found, [0.0, np.inf, 0.0])


@pytest.mark.parametrize("dtype", [*DTYPES, np.longdouble])
def test_arrays_without_dimensions_stay_numbers(dtype):
    g = np.array(2.0, dtype)
    for mask in (True, np.False_):
        found = masked(g, mask)
        assert np.shape(found) == () and found.dtype == dtype
        assert found == (2.0 if mask else 0.0)


@pytest.mark.parametrize("g", [2.0, -0.0, np.nan, np.inf])
def test_one_number_for_all_is_masked_alike(g):
    mask = np.random.default_rng(0).normal(size=(3, 1000)) > 0
    for cut in (mask, mask[:, ::2], mask.T):
        np.testing.assert_array_equal(masked(g, cut), np.where(cut, g, 0.0))
