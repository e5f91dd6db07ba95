"""Python's statistics against differences, and their errors."""

import statistics

import numpy as np
import pytest

from s2sdiff import registry
from s2sdiff.errors import UnsupportedError
from s2sdiff.runtime.tangents import push
from tests.rules.checker import check_rows, check_rule

L, M = [1.0, 4.0, 2.5, 7.0], [0.5, 2.0, 1.0, 3.0]


@pytest.mark.parametrize("target", [
    statistics.mean, statistics.fmean, statistics.geometric_mean, statistics.harmonic_mean,
    statistics.median, statistics.median_low, statistics.median_high, statistics.variance,
    statistics.stdev, statistics.pvariance, statistics.pstdev,
])
@pytest.mark.parametrize("data", [L, tuple(L), L[:3], np.array(L)])
def test_a_statistic_agrees_with_differences(target, data):
    check_rule(target, data, single=False)


@pytest.mark.parametrize(("target", "args", "kwargs"), [
    (statistics.covariance, (L, M), {}), (statistics.pvariance, (L, 2.0), {}),
    (statistics.variance, (L, 2.0), {}), (statistics.harmonic_mean, (L,), {"weights": M}),
    *([(statistics.fmean, (L, M), {})] if hasattr(statistics, "linear_regression") and
      "weights" in (statistics.fmean.__code__.co_varnames) else []),
])
def test_a_statistic_of_several_agrees_with_differences(target, args, kwargs):
    check_rule(target, *args, kwargs=kwargs, single=False)


@pytest.mark.parametrize("target", [statistics.mean, statistics.median, statistics.pvariance])
def test_many_tangents_of_an_array_go_each_for_itself(target):
    # An array that the pullback makes has rows, but none while the pullback is turned around.
    data, along = np.array(L), np.array([0.3, -0.2, 0.5, 0.1])
    _, tangent = push((0,), (along,), target, data)
    check_rows(target, (data,), {}, 0, along, tangent)


def test_a_deviation_of_equal_numbers_has_derivative_zero():
    value, pullback = registry.find(statistics.pstdev).function([2.0, 2.0])
    assert value == 0.0 and pullback(1.0) == ([0.0, 0.0], None)


@pytest.mark.parametrize(("target", "args"), [
    (statistics.mean, ([],)), (statistics.variance, ([1.0],)), (statistics.median, ([],)),
    (statistics.covariance, ([1.0], [2.0])), (statistics.harmonic_mean, ([-1.0],)),
])
def test_what_the_library_refuses_fails_with_its_error(target, args):
    with pytest.raises(statistics.StatisticsError):
        registry.find(target).function(*args)


def test_statistics_of_arrays_in_a_list_are_refused():
    with pytest.raises(UnsupportedError, match="Instead, "):
        registry.find(statistics.mean).function([np.ones(2)])
