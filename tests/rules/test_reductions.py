"""Reductions, scans and order statistics against finite differences, and their conventions."""

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import registry
from s2sdiff.errors import UnsupportedError
from tests.rules.checker import check_rule
from tests.rules.labels import label

A = np.random.default_rng(3).standard_normal((2, 3, 4))
M = np.random.default_rng(4).standard_normal((3, 4))
V = np.random.default_rng(5).standard_normal(5)
C = M + 1j * M[::-1] ** 2
AXES = [{}, {"axis": 0}, {"axis": -1}, {"axis": (0, -1)}, {"axis": 1, "keepdims": True},
        {"keepdims": True}, {"axis": (-2, 0), "keepdims": True}]

EVERYWHERE = [np.sum, np.ndarray.sum, np.mean, np.ndarray.mean, np.var, np.ndarray.var, np.std,
              np.ndarray.std, np.prod, np.ndarray.prod, np.max, np.amax, np.ndarray.max, np.min,
              np.amin, np.ndarray.min, np.ptp, np.median, np.average, np.nansum, np.nanmean,
              np.nanprod, np.nanmax, np.nanmin, np.nanvar, np.nanstd, np.add.reduce,
              np.multiply.reduce]


@pytest.mark.parametrize("kwargs", AXES, ids=label)
@pytest.mark.parametrize("target", EVERYWHERE, ids=label)
def test_a_reduction_agrees_with_differences_along_any_axes(target, kwargs):
    check_rule(target, A, kwargs=kwargs)
    check_rule(target, A[:, ::-1, ::2], kwargs=kwargs)


@pytest.mark.parametrize("target", [np.sum, np.mean, np.var, np.std, np.prod, np.add.reduce,
                                    np.nansum, np.nanmean, np.nanprod], ids=label)
def test_a_reduction_of_complex_numbers_agrees_with_differences(target):
    check_rule(target, C, kwargs={"axis": 0})


@pytest.mark.parametrize("target", [np.sum, np.mean, np.prod, np.max, np.min, np.ptp, np.median,
                                    np.average, np.nansum, np.nanmax], ids=label)
def test_a_reduction_takes_rank_zero(target):
    check_rule(target, np.array(2.5))


@pytest.mark.parametrize("target", [np.generic.sum, np.generic.mean, np.generic.max,
                                    np.generic.prod], ids=label)
def test_a_reduction_is_a_method_of_scalars_too(target):
    check_rule(target, np.float64(2.5))


@pytest.mark.parametrize(("target", "shape", "kwargs"), [
    (np.sum, (0, 3), {}), (np.sum, (0, 3), {"axis": 0}), (np.sum, (0, 3), {"axis": 1}),
    (np.prod, (0, 3), {"axis": 0}), (np.mean, (0, 3), {"axis": 1}), (np.max, (0, 3), {"axis": 1}),
    (np.var, (0, 3), {"axis": 1}), (np.std, (0, 3), {"axis": 1}), (np.nansum, (0, 3), {}),
])
def test_a_reduction_takes_empty_arrays(target, shape, kwargs):
    check_rule(target, np.zeros(shape), kwargs=kwargs)


@pytest.mark.filterwarnings("ignore:Mean of empty slice", "ignore:invalid value")
def test_the_mean_of_nothing_divides_by_nothing():
    _, pullback = registry.find(np.mean).function(np.zeros(0))
    assert pullback(1.0).shape == (0,)


MASK = np.array([True, False, True, True])
OPTIONS = [
    (np.sum, {"initial": 2.0}), (np.sum, {"where": MASK, "axis": 0}), (np.sum, {"dtype": float}),
    (np.sum, {"initial": 2.0, "where": MASK, "axis": 1, "keepdims": True}),
    (np.mean, {"where": MASK, "axis": 1}), (np.mean, {"dtype": np.float64}),
    (np.prod, {"initial": 2.0, "axis": 0}), (np.prod, {"where": MASK}),
    (np.max, {"initial": 0.3, "axis": 0}), (np.max, {"where": MASK, "initial": -9.0, "axis": 1}),
    (np.min, {"initial": 0.3}), (np.var, {"ddof": 1, "axis": 0}), (np.std, {"ddof": 1}),
    (np.std, {"ddof": 1.5, "axis": 1}), (np.nanvar, {"ddof": 1}),
    (np.nanstd, {"ddof": 1, "axis": 0}),
    (np.nansum, {"where": MASK}), (np.nanmean, {"where": MASK, "axis": 1}),
    (np.add.reduce, {"where": MASK, "initial": 1.5}), (np.logaddexp.reduce, {}),
    (np.logaddexp.reduce, {"axis": 1, "keepdims": True, "initial": 0.3}),
    (np.logaddexp.reduce, {"where": MASK, "initial": 1.5}), (np.maximum.reduce, {}),
    (np.minimum.reduce, {"axis": None}), (np.maximum.reduce, {"initial": 0.1, "axis": 1}),
    (np.add.reduce, {"dtype": np.float64}), (np.prod, {"axis": ()}), (np.sum, {"axis": ()}),
    (np.max, {"where": True, "axis": 1}), (np.nanprod, {"initial": 2.0, "axis": 0}),
    (np.nanprod, {"initial": -0.5, "axis": 1, "keepdims": True}),
    (np.var, {"where": MASK, "axis": 1}), (np.var, {"where": MASK, "ddof": 1}),
    (np.std, {"where": MASK, "axis": 1, "keepdims": True}), (np.std, {"where": MASK}),
    (np.var, {"mean": 0.4}), (np.std, {"mean": np.ones((3, 1)), "axis": 1}),
    (np.var, {"correction": 1.5}), (np.std, {"correction": 1, "axis": 0}),
    (np.nanvar, {"mean": 0.4, "where": MASK}), (np.nanstd, {"correction": 1.5, "axis": 1}),
    (np.nanmax, {"initial": 0.3, "axis": 0}), (np.nanmin, {"initial": 0.3, "where": MASK}),
    (np.multiply.reduce, {"initial": 2.0}), (np.multiply.reduce, {"where": MASK, "axis": 1}),
]


@pytest.mark.filterwarnings("ignore:Mean of empty slice", "ignore:invalid value")
@pytest.mark.parametrize(("target", "kwargs"), OPTIONS, ids=label)
def test_options_of_reductions_agree_with_differences(target, kwargs):
    check_rule(target, M, kwargs=kwargs)


def test_a_sum_as_integers_lets_nothing_through():
    _, pullback = registry.find(np.sum).function(M, dtype=int)
    assert not np.any(pullback(1.0)[0])


def test_products_with_zeros_agree_with_differences():
    for a in ([0.0, 2.0, 3.0], [0.0, 0.0, 3.0], [[1.0, 0.0], [2.0, 0.0]]):
        check_rule(np.prod, np.array(a))
        check_rule(np.cumprod, np.array(a))
        check_rule(np.multiply.accumulate, np.array(a))


def test_ties_of_extremes_share_evenly():
    a = np.array([[3.0, 1.0, 3.0], [0.0, 0.0, 0.0]])
    assert registry.find(np.max).function(a, axis=1)[1](np.array([1.0, 6.0]))[0].tolist() == [
        [0.5, 0.0, 0.5], [2.0, 2.0, 2.0]]
    assert registry.find(np.min).function(a)[1](1.0)[0].tolist() == [[0, 0, 0], [1 / 3] * 3]
    assert registry.find(np.median).function(np.array([1.0, 2.0, 2.0]))[1](1.0).tolist() == [
        0.0, 0.5, 0.5]
    a_bar, initial_bar = registry.find(np.max).function(2.0 * a[0], initial=6.0)[1](3.0)
    assert a_bar.tolist() == [1.0, 0.0, 1.0] and initial_bar == 1.0


def test_the_maximum_of_nan_belongs_to_nan():
    a_bar, _ = registry.find(np.max).function(np.array([1.0, np.nan]))[1](2.0)
    assert a_bar.tolist() == [0.0, 2.0]


@pytest.mark.parametrize("value", [0.1, 2.0, 1.3])
@pytest.mark.parametrize("target", [np.std, np.nanstd, np.ndarray.std])
def test_std_of_equal_values_has_derivative_zero(target, value):
    a = np.full((2, 3), value)

    def back(bar, **options):
        found = registry.find(target).function(a, **options)[1](bar)
        return found[0] if isinstance(found, tuple) else found

    assert not np.any(back(1.0))
    a[0] = [1.0, 2.0, 3.0]
    bar = back(np.ones(2), axis=1)
    assert np.all(np.isfinite(bar)) and np.any(bar[0]) and not np.any(bar[1])


@pytest.mark.filterwarnings("ignore:Degrees", "ignore:invalid value", "ignore:Mean of empty")
@pytest.mark.parametrize("target", [np.nanvar, np.nanstd])
def test_rows_with_too_few_numbers_for_a_spread_have_no_share(target):
    a = np.array([[1.0, 2.0, 4.0], [np.nan, 1.0, 3.0]])

    def spreads(a, ddof):
        s = target(a, axis=1, ddof=ddof)
        return np.sum(np.where(np.isnan(s), 0.0, s))

    a_bar, ddof_bar = sd.grad(spreads, wrt=(0, 1))(a, 2.0)
    alone, one_bar = sd.grad(spreads, wrt=(0, 1))(a[:1], 2.0)
    assert np.array_equal(a_bar, [*alone, [0.0, 0.0, 0.0]]) and ddof_bar == one_bar
    slope = (spreads(a[:1], 2.0 + 1e-6) - spreads(a[:1], 2.0 - 1e-6)) / 2e-6
    assert np.isclose(ddof_bar, slope)


def test_reductions_that_skip_nan_give_it_no_share():
    a = np.array([[1.0, np.nan, 4.0], [2.0, 0.5, -1.0]])
    for target in (np.nansum, np.nanmean, np.nanprod, np.nanvar, np.nanstd, np.nanmax, np.nanmin,
                   np.nancumsum, np.nancumprod):
        bar = registry.find(target).function(a, axis=1)
        g = bar[1](np.ones(np.shape(bar[0])))
        g = g[0] if isinstance(g, tuple) else g
        assert g[0, 1] == 0.0

        def filled(x, target=target):
            y = a.copy()
            y[0, [0, 2]], y[1] = x[:2], x[2:]
            return np.sum(target(y, axis=1))

        x, along = np.array([1.0, 4.0, 2.0, 0.5, -1.0]), np.array([0.3, -0.2, 0.5, 0.7, 0.1])
        slope = (filled(x + 1e-6 * along) - filled(x - 1e-6 * along)) / 2e-6
        assert np.isclose(np.dot(np.concatenate([g[0, [0, 2]], g[1]]), along), slope)


SCANS = [
    (np.cumsum, A, {}), (np.cumsum, A, {"axis": 1}), (np.cumsum, A, {"axis": -1, "dtype": float}),
    (np.ndarray.cumsum, M, {"axis": 0}), (np.cumprod, A, {}), (np.ndarray.cumprod, A, {"axis": -2}),
    (np.nancumsum, M, {"axis": 1}), (np.nancumprod, M, {}), (np.add.accumulate, M, {}),
    (np.add.accumulate, M, {"axis": 1}), (np.multiply.accumulate, M, {"axis": -1}),
    (np.diff, M, {}), (np.diff, M, {"n": 2, "axis": 0}), (np.diff, V, {"n": 0}),
    (np.diff, V, {"prepend": 1.0, "append": np.array([2.0, 3.0])}), (np.diff, V, {"n": 6}),
    (np.diff, M, {"append": np.ones((1, 4)), "axis": 0, "n": 2}), (np.ediff1d, M, {}),
    (np.ediff1d, V, {"to_begin": 1.0, "to_end": np.array([2.0, 3.0])}),
    (np.trapezoid, M, {}), (np.trapezoid, M, {"dx": 0.5, "axis": 0}),
    (np.trapezoid, V, {"x": V**2}),
    (np.trapezoid, M, {"x": M**3, "axis": 0}), (np.trapezoid, M, {"x": V[:4]}),
    (np.cumsum, C, {"axis": 0}), (np.cumprod, C, {"axis": 0}), (np.cumsum, np.zeros((0, 3)), {}),
    (np.cumprod, np.zeros((0, 3)), {"axis": 0}),
]


@pytest.mark.parametrize(("target", "a", "kwargs"), SCANS, ids=label)
def test_a_scan_agrees_with_differences(target, a, kwargs):
    check_rule(target, a, kwargs=kwargs)


# NumPy 2.0 has neither.
CUMULATIVE = [name for name in ("cumulative_sum", "cumulative_prod") if hasattr(np, name)]


@pytest.mark.parametrize("name", CUMULATIVE)
def test_running_sums_of_the_array_api_agree_with_differences(name):
    check_rule(getattr(np, name), M, kwargs={"axis": 1})
    check_rule(getattr(np, name), V, kwargs={"include_initial": True})


W = np.array([0.5, 1.5, 2.0, 0.25])


@pytest.mark.parametrize(("a", "kwargs"), [
    (M, {"weights": W, "axis": 1}), (M, {"weights": M**2}), (M, {"weights": W[:3], "axis": 0}),
    (M, {"weights": W, "axis": 1, "returned": True}), (M, {"returned": True, "axis": 0}),
    (A, {"weights": np.abs(A[0].T), "axis": (2, 1)}),
    (M, {"weights": W, "axis": 1, "keepdims": True}),
], ids=label)
def test_weighted_means_agree_with_differences(a, kwargs):
    check_rule(np.average, a, kwargs=kwargs)


@pytest.mark.parametrize(("target", "a", "q", "kwargs"), [
    (np.quantile, V, 0.3, {}), (np.quantile, M, np.array([0.1, 0.66]), {"axis": 0}),
    (np.percentile, M, 40.0, {"axis": 1, "keepdims": True}),
    (np.quantile, A, 0.4, {"axis": (0, 2)}),
    (np.percentile, V, np.array([[10.0], [72.0]]), {}),
    (np.quantile, V, 0.3, {"method": "lower"}), (np.quantile, V, 0.3, {"method": "midpoint"}),
])
def test_quantiles_agree_with_differences(target, a, q, kwargs):
    check_rule(target, a, q, kwargs=kwargs)


@pytest.mark.parametrize(("target", "args"), [
    (np.sort, (A,)), (np.sort, (A, 0)), (np.sort, (A, None)), (np.sort, (C,)),
    (np.partition, (V, 2)), (np.partition, (M, 1, 0)), (np.partition, (A, 1)),
    (np.partition, (M, 5, None)),
])
def test_sorting_agrees_with_differences(target, args):
    check_rule(target, *args)


def test_ties_of_sort_share_evenly():
    _, pullback = registry.find(np.sort).function(np.array([[2.0, 1.0, 2.0]]))
    assert pullback(np.array([[1.0, 2.0, 4.0]])).tolist() == [[3.0, 1.0, 3.0]]


@pytest.mark.parametrize("axis", [0, 1])
def test_ties_along_any_axis_share_evenly(axis):
    rows = np.array([[2.0, 1.0, 2.0], [5.0, 3.0, 4.0]])
    bar = np.array([[1.0, 2.0, 4.0], [8.0, 16.0, 32.0]])
    expected = np.array([[3.0, 1.0, 3.0], [32.0, 8.0, 16.0]])
    turned = (lambda x: x.T) if axis == 0 else (lambda x: x)
    for target, options in ((np.sort, ()), (np.partition, (1,))):
        if target is np.partition:
            rows, bar, expected = rows[:1], bar[:1], expected[:1]
        _, pullback = registry.find(target).function(turned(rows), *options, axis=axis)
        assert np.array_equal(turned(pullback(turned(bar))), expected)


@pytest.mark.parametrize("target", [np.add.outer, np.subtract.outer, np.multiply.outer,
                                    np.divide.outer], ids=label)
def test_outer_methods_of_ufuncs_agree_with_differences(target):
    for x, y in ((V, M + 3.0), (M, V + 3.0), (np.array(2.0), V + 3.0), (V, np.array(2.0))):
        check_rule(target, x, y)


@pytest.mark.parametrize(("target", "kwargs"), [
    (np.sum, {"out": np.zeros(4)}), (np.max, {"out": np.zeros(4)}),
    (np.cumsum, {"out": M}), (np.median, {"overwrite_input": True}),
    (np.hypot.reduce, {"out": np.zeros(4)}), (np.hypot.accumulate, {"dtype": float}),
], ids=label)
def test_options_without_a_derivative_are_refused(target, kwargs):
    with pytest.raises(UnsupportedError, match="Instead, "):
        registry.find(target).function(M, **{"axis": 0, **kwargs})


@pytest.mark.parametrize("target", [t for t in EVERYWHERE if t is not np.add.reduce], ids=label)
def test_a_full_reduction_takes_a_float_as_cotangent(target):
    kwargs = {"axis": None} if target is np.multiply.reduce else {}
    value, pullback = registry.find(target).function(M, **kwargs)
    first, second = pullback(2.0), pullback(np.float64(2.0))
    first, second = (b[0] if isinstance(b, tuple) else b for b in (first, second))
    assert np.array_equal(first, second) and first.shape == M.shape


@pytest.mark.parametrize("target", [np.sum, np.prod, np.max, np.min, np.cumsum])
@pytest.mark.parametrize("x", [1.3, np.float64(1.3), np.array(1.3)], ids=repr)
def test_an_axis_of_a_number_is_taken_as_numpy_takes_it(target, x):
    check_rule(target, x, kwargs={"axis": 0})
    check_rule(target, x, kwargs={"axis": -1})


@pytest.mark.parametrize("options", [
    {}, {"bias": True}, {"ddof": 0}, {"ddof": 2}, {"fweights": [1, 2, 1, 3]},
    {"aweights": [0.5, 1.0, 0.2, 0.7]},
    {"fweights": [1, 2, 1, 3], "aweights": [0.5, 1.0, 0.2, 0.7]},
], ids=str)
def test_covariances_agree_with_differences(options):
    m = np.random.default_rng(3).normal(size=(3, 4))
    check_rule(np.cov, m, kwargs=options, wrt="m")
    check_rule(np.cov, m.T, kwargs={"rowvar": False, **options}, wrt="m")
    check_rule(np.cov, m[0], kwargs=options, wrt="m")


def test_the_correction_of_a_deviation_has_a_derivative():
    for function in (np.std, np.var):
        for axis in (None, 0, 1):
            sd.check_grads(lambda a, d, f=function, axis=axis: f(a, axis=axis, ddof=d), (M, 0.7))
