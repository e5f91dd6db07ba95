"""Sums by group, values without repeats and histograms against finite differences."""

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import registry
from s2sdiff.errors import UnsupportedError
from tests.right_or_refused import check_modes
from tests.rules.checker import check_rule, draw
from tests.rules.labels import label

V = np.array([0.3, -1.2, 0.8, 2.0, 0.1, -0.4])
M = draw((4, 5), -1, 1, 2)
BINS = np.array([0, 1, 1, 3, 0, 4])


@pytest.mark.parametrize("x", [BINS, BINS.tolist(), BINS.astype(np.uint8)], ids=label)
def test_sums_by_group_agree_with_differences(x):
    check_rule(np.bincount, x, V)
    check_rule(np.bincount, x, V[::-1], 9)
    sd.check_grads(lambda w: np.bincount(x, weights=w * w, minlength=7) ** 2, (V,))


@pytest.mark.parametrize("x", [[], BINS[:0]], ids=label)
def test_sums_of_nothing_are_integers_with_no_derivative(x):
    value, pullback = sd.vjp(lambda w: 1.5 * np.bincount(x, w, 3), V[:0])
    assert not np.any(value) and pullback(np.ones(3)).shape == (0,)


def test_weights_of_single_precision_have_cotangents_of_it():
    value, pullback = sd.vjp(lambda w: np.bincount(BINS, w), V.astype(np.float32))
    assert value.dtype == np.float64 and pullback(value).dtype == np.float32


def test_a_count_does_not_depend_on_what_is_not_counted():
    assert registry.find(np.bincount).function(BINS)[0].tolist() == [2, 2, 0, 1, 1]


@pytest.mark.parametrize("options", [
    {}, {"return_index": True}, {"return_inverse": True, "return_counts": True},
    {"return_index": True, "return_inverse": True, "return_counts": True},
    {"equal_nan": False}], ids=label)
def test_values_without_repeats_agree_with_differences(options):
    check_rule(np.unique, V, kwargs=options)
    check_rule(np.unique, M[:, ::-2], kwargs=options)
    check_rule(np.unique, M + 1j * M[::-1], kwargs=options)
    check_rule(np.unique, M, kwargs={**options, "axis": 0})
    check_rule(np.unique, M, kwargs={**options, "axis": -1})
    check_rule(np.unique, np.stack([M, M**2, M[::-1]]), kwargs={**options, "axis": 1})
    check_rule(np.unique, np.array(2.0), kwargs=options)
    check_rule(np.unique, V[:0], kwargs=options)


def test_repeats_share_the_cotangent_of_their_value_evenly():
    a = np.array([[2.0, 1.0], [1.0, 5.0], [1.0, 2.0]])
    z, pullback = registry.find(np.unique).function(a)
    assert z.tolist() == [1.0, 2.0, 5.0]
    assert pullback(np.array([3.0, 4.0, 7.0])).tolist() == [[2.0, 1.0], [1.0, 7.0], [1.0, 2.0]]
    rows = np.array([[2.0, 1.0], [0.0, 1.0], [2.0, 1.0]])
    g = registry.find(np.unique).function(rows, axis=0)[1](np.array([[1.0, 2.0], [4.0, 6.0]]))
    assert g.tolist() == [[2.0, 3.0], [1.0, 2.0], [2.0, 3.0]]
    assert sd.grad(lambda x: np.sum(np.unique(x) ** 2))([3.0, 1.0, 3.0]) == [3.0, 2.0, 3.0]


def test_nan_is_equal_to_nan_unless_told_otherwise():
    a = np.array([np.nan, 1.0, np.nan])
    z, pullback = registry.find(np.unique).function(a)
    assert len(z) == 2 and pullback(np.array([1.0, 3.0])).tolist() == [1.5, 1.0, 1.5]
    z, pullback = registry.find(np.unique).function(a, equal_nan=False)
    assert len(z) == 3 and pullback(np.array([1.0, 3.0, 5.0])).tolist() == [3.0, 1.0, 5.0]


def test_a_derivative_of_indices_alone_is_none():
    _, pullback = registry.find(np.unique).function(V, return_inverse=True)
    assert pullback((None, None)) is None


def test_values_in_any_order_agree_with_differences():
    sd.check_grads(lambda x: np.sort(np.unique_values(x)) * np.arange(6.0), (V,))
    sd.check_grads(lambda x: np.unique_counts(x).values ** 2, (V,))
    sd.check_grads(lambda x: np.unique_inverse(x)[0] * x, (V,))
    sd.check_grads(lambda x: np.unique_all(x).values[0], (V,))


@pytest.mark.parametrize("indices", [
    [0, 2, 4], [1, 3], [0, 0, 2, 1], [3, 1, 2, 0], [2], [0, 3, 1], np.array([1, 1])], ids=label)
def test_sums_of_segments_agree_with_differences(indices):
    check_rule(np.add.reduceat, V, indices)
    check_rule(np.add.reduceat, V + 1j, indices)
    check_rule(np.add.reduceat, M, indices, 1)
    check_rule(np.add.reduceat, M.T[::-1], indices, -2)
    sd.check_grads(lambda x: np.add.reduceat(x * x, indices, axis=1) ** 2, (M,))


def test_sums_of_segments_keep_single_precision_and_take_a_dtype():
    assert registry.find(np.add.reduceat).function(
        M.astype(np.float32), [0, 2])[1](np.ones((2, 5), np.float32)).dtype == np.float32
    check_rule(np.add.reduceat, M, [0, 2], 0, np.complex128)
    _, pullback = registry.find(np.add.reduceat).function(V, [0, 3], 0, np.int64)
    assert not np.any(pullback(np.ones(2)))
    with pytest.raises(UnsupportedError, match="out"):
        registry.find(np.add.reduceat).function(V, [0, 3], out=np.empty(2))


POINTS = np.array([0.05, 0.2, 0.32, 0.5, 0.71, 0.9])


@pytest.mark.parametrize("options", [
    {"bins": 4}, {"bins": 3, "range": (0.1, 0.8)}, {"bins": [0.0, 0.3, 0.4, 1.0]},
    {"bins": 4, "density": True}, {"bins": [0.0, 0.3, 0.4, 1.0], "density": True}], ids=label)
def test_histograms_agree_with_differences_of_their_weights(options):
    w = V**2 + 0.5
    check_modes(lambda w: np.histogram(POINTS, weights=w, **options)[0], (w,))
    check_modes(lambda w: np.histogram(POINTS, weights=w * (1 + 2j), **options)[0], (w,))


def test_histograms_of_several_variables_agree_with_differences_of_their_weights():
    w = V**2 + 0.5
    sd.check_grads(lambda w: np.histogram2d(POINTS, POINTS**2, bins=3, weights=w)[0], (w,))
    sd.check_grads(lambda w: np.histogramdd(
        np.stack([POINTS, POINTS**2], 1), bins=(2, 3), weights=w, density=True)[0], (w,))


def test_edges_of_bins_move_with_the_extremes():
    sd.check_grads(lambda x: np.histogram_bin_edges(x, 4), (V,))
    sd.check_grads(lambda x: np.histogram(x, 4)[1], (V,))


def test_counts_do_not_depend_on_where_the_points_are():
    value, pullback = sd.vjp(lambda x: x[0] * np.histogram(x, 3, (-2, 3))[0], V)
    assert np.array_equal(pullback(np.ones(3)), [np.sum(value / V[0]), 0, 0, 0, 0, 0])


def test_counts_have_no_cotangent_where_only_the_run_tells_that_they_are_counts():
    stats = pytest.importorskip("scipy.stats")
    x = np.array([0.1, 0.4, 0.6, 0.9, 0.95])

    def spread(v):
        return np.sum(stats.binned_statistic(x, v, "mean", bins=2).statistic ** 2)

    v = np.array([1.0, 2.0, 3.0, 4.0, -1.0])
    # Means of 1.5 and 2.0, of two and of three.
    np.testing.assert_allclose(sd.grad(spread)(v), [1.5, 1.5, 4 / 3, 4 / 3, 4 / 3])
