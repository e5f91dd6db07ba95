"""Quantiles by every method, with weights, and of what is not nan, against finite differences."""

import warnings

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import registry
from s2sdiff.errors import UnsupportedError
from tests.rules.checker import check_rule, draw
from tests.rules.labels import label

A = draw((2, 3, 4), -1, 1, 3)
M = draw((3, 5), -1, 1, 4)
METHODS = ["linear", "lower", "higher", "midpoint", "nearest", "inverted_cdf",
           "averaged_inverted_cdf", "closest_observation", "interpolated_inverted_cdf", "hazen",
           "weibull", "median_unbiased", "normal_unbiased"]
AXES = [{}, {"axis": 0}, {"axis": -1}, {"axis": (0, 2)}, {"axis": (-1, 0), "keepdims": True},
        {"keepdims": True}]
NAN_VERSION = {np.median: np.nanmedian, np.quantile: np.nanquantile,
               np.percentile: np.nanpercentile}


def gradients(target, a, args, kwargs, seed=0):
    """Value and cotangents by the rule, for a random cotangent of the result."""
    value, pullback = registry.find(target).function(a, *args, **kwargs)
    z_bar = np.random.default_rng(seed).standard_normal(np.shape(value))
    return value, z_bar, pullback(z_bar)


def differences(target, a, args, kwargs, z_bar, step=1e-5):
    """The gradient with respect to the entries that are not nan, by central differences."""
    g = np.zeros_like(a)
    for i in np.argwhere(~np.isnan(a)):
        ends = []
        for h in (step, -step):
            moved = a.copy()
            moved[tuple(i)] += h
            ends.append(target(moved, *args, **kwargs))
        g[tuple(i)] = np.sum(z_bar * (ends[0] - ends[1])) / (2 * step)
    return g


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("target", [np.quantile, np.percentile, np.nanquantile, np.nanpercentile])
def test_every_method_agrees_with_differences(target, method):
    scale = 100.0 if "percentile" in target.__name__ else 1.0
    for q in (0.31, np.array([0.02, 0.45, 0.97]), np.array([[0.13], [0.88]])):
        check_rule(target, M, q * scale, 1, kwargs={"method": method})
        if np.ndim(q) < 2 or "nan" not in target.__name__:
            check_rule(target, A, q * scale, kwargs={"method": method, "axis": (0, 2)})
    check_rule(target, M[0], 0.73 * scale, kwargs={"method": method, "keepdims": True})


@pytest.mark.parametrize("kwargs", AXES, ids=label)
@pytest.mark.parametrize("target", [np.nanmedian, np.nanquantile, np.nanpercentile])
def test_what_skips_nan_is_what_does_not_where_there_is_none(target, kwargs):
    args = () if target is np.nanmedian else (0.4,)
    check_rule(target, A, *args, kwargs=kwargs)
    check_rule(target, A[:, ::-1].T, *args, kwargs=kwargs)


@pytest.mark.parametrize("kwargs", AXES, ids=label)
@pytest.mark.parametrize(("target", "args"), [
    (np.nanmedian, ()), (np.nanquantile, (np.array([0.2, 0.71]),)), (np.nanpercentile, (33.0,)),
    (np.nanquantile, (0.6, "weibull"))], ids=label)
def test_nan_receives_nothing_and_the_others_agree_with_differences(target, args, kwargs):
    a = A.copy()
    a[0, 1, 2] = a[1, 2, 0] = a[1, 2, 1] = np.nan
    if len(args) == 2:
        args, kwargs = args[:1], {**kwargs, "method": args[1]}
    _, z_bar, g = gradients(target, a, args, kwargs)
    g = g if target is np.nanmedian else g[0]
    np.testing.assert_allclose(g, differences(target, a, args, kwargs, z_bar), atol=1e-9)


def test_the_place_of_a_quantile_that_skips_nan_depends_on_how_many_are_left():
    a = M.copy()
    a[0, :2] = a[1, 4] = np.nan
    for method in ("linear", "hazen"):
        for q in (0.4, np.array([0.35, 0.8])):
            _, z_bar, (_, q_bar, _) = gradients(np.nanquantile, a, (q, 1), {"method": method})
            for k in range(np.size(q)):
                moved = np.zeros(np.shape(q))
                moved[... if np.ndim(q) == 0 else k] = 1e-6
                rise = np.nanquantile(a, q + moved, 1, method=method) - np.nanquantile(
                    a, q - moved, 1, method=method)
                assert np.isclose(np.ravel(q_bar)[k], np.sum(z_bar * rise) / 2e-6)


def test_a_slice_of_nothing_but_nan_receives_nothing():
    a = np.array([[np.nan, np.nan], [1.0, 2.0]])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        for target, args in ((np.nanmedian, ()), (np.nanquantile, (0.5,))):
            value, pullback = registry.find(target).function(a, *args, axis=1)
            g = pullback(np.array([1.0, 1.0]))
            g = g if target is np.nanmedian else g[0]
            assert np.isnan(value[0]) and np.array_equal(g, [[0.0, 0.0], [0.5, 0.5]])


def test_the_median_of_nothing_has_an_empty_gradient():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        for target in (np.median, np.nanmedian):
            value, pullback = registry.find(target).function(np.zeros(0))
            assert np.isnan(value) and pullback(1.0).shape == (0,)


@pytest.mark.parametrize("target", list(NAN_VERSION), ids=label)
def test_equal_values_share_evenly(target):
    a = np.array([1.0, 2.0, 2.0, 7.0])
    for f in (target, NAN_VERSION[target]):
        args = {"median": (), "quantile": (0.5,), "percentile": (50.0,)}[target.__name__]
        g = registry.find(f).function(a, *args)[1](1.0)
        g = g if target is np.median else g[0]
        assert np.array_equal(g, [0.0, 0.5, 0.5, 0.0])


@pytest.mark.parametrize("target", [np.quantile, np.nanquantile])
@pytest.mark.parametrize("q", [0.3, np.array([0.1, 0.62])])
def test_quantiles_by_weights_are_values(target, q):
    w = np.array([0.2, 1.0, 0.4, 0.3, 2.0])
    for a, kwargs in ((M[0], {}), (M, {"axis": 1}), (M.T, {"axis": 0, "keepdims": True})):
        weights = w if target is np.quantile else np.broadcast_to(w, M.shape)
        weights = weights.T if kwargs.get("axis") == 0 else weights if a.ndim == 2 else w
        kwargs = {**kwargs, "method": "inverted_cdf", "weights": weights}
        check_rule(target, a, q, wrt="a", kwargs=kwargs)
        assert gradients(target, a, (q,), kwargs)[2][1] is None


@pytest.mark.parametrize("target", [np.percentile, np.nanpercentile])
def test_percentiles_by_weights_are_those_values(target):
    options = {"method": "inverted_cdf", "weights": np.array([0.2, 1.0, 0.4, 0.3, 2.0])}
    check_rule(target, M[0], np.array([10.0, 62.0]), wrt="a", kwargs=options)


@pytest.mark.parametrize("target", [np.nanmedian, np.nanquantile, np.nanpercentile])
def test_options_that_write_are_refused(target):
    args = () if target is np.nanmedian else (0.5,)
    for options in ({"overwrite_input": True}, {"out": np.empty(())}):
        with pytest.raises(UnsupportedError, match="Instead, "):
            registry.find(target).function(M, *args, **options)


def test_axes_that_numpy_takes_for_others_are_refused():
    q = np.array([[0.1], [0.2]])
    for axis in (-1, (0, 2)):
        with pytest.raises(UnsupportedError, match="Instead, give it one axis"):
            registry.find(np.nanquantile).function(A, q, axis)
    check_rule(np.nanquantile, M, q, wrt="a", kwargs={"axis": 0})


def test_functions_with_quantiles_agree_with_differences():
    sd.check_grads(lambda a, q: np.nanquantile(a * a, q, axis=0) * q, (M, 0.3))
    sd.check_grads(lambda a: np.nanmedian(a, axis=1) @ a, (M,))
    sd.check_grads(lambda a: np.nanpercentile(a, [25, 75]) ** 2, (M,))
    sd.check_grads(lambda a: np.percentile(a, 30, method="hazen"), (M,))


def test_second_derivatives_of_quantiles_agree_with_differences_in_both_modes():
    a = np.array([[0.3, 2.0, -1.1, 0.7], [1.4, 0.2, 0.9, -0.6], [0.1, 1.7, 0.5, 1.2]])
    q = np.array([0.21, 0.77])

    def slopes(a, q):
        def f(a, q):
            return np.sum(np.quantile(a, q, axis=(1,), method="weibull") ** 3)

        by_a, by_q = sd.grad(f, wrt=(0, 1))(a, q)
        return np.sum(np.sin(by_a)) + np.sum(by_q * by_q)

    sd.check_grads(slopes, (a, q))
    sd.check_grads(lambda a: sd.grad(lambda a: np.sum(np.median(a, axis=0) ** 3))(a), (a,))


def test_medians_move_by_a_text_of_their_own():
    for source in (lambda x: np.median(x) ** 2, lambda x: np.percentile(x, 30.0)):
        text = sd.source(source, args=(np.arange(5.0),), mode="jvp")
        assert "picked" in text and "push" not in text
