"""What is declared constant is constant, and nothing that has a derivative is."""

import inspect
import operator
import warnings

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import registry
from tests.rules.labels import label

A = np.array([[1.0, -2.0, 3.0], [0.5, 0.0, 9.0]])

CALLS = [
    (np.shape, ()), (np.ndim, ()), (np.size, ()), (np.zeros_like, ()), (np.ones_like, ()),
    (np.isnan, ()), (np.isfinite, ()), (np.argmax, (1,)), (np.argsort, (0,)), (np.nonzero, ()),
    (np.searchsorted, (2.0,)), (np.digitize, ([0.4, 2.5],)), (np.count_nonzero, ()), (np.any, ()),
    (np.all, ()), (np.greater, (0.1,)), (np.less_equal, (0.1,)), (np.logical_and, (True,)),
    (np.isclose, (2.0,)), (np.array_equal, (A,)), (np.signbit, ()), (operator.lt, (0.1,)),
    (np.ndarray.argmax, ()), (np.ndarray.argsort, ()), (np.ndarray.any, ()),
    (np.linalg.matrix_rank, ()),
    (np.tril_indices_from, ()), (np.iscomplexobj, ()), (np.result_type, ()), (np.int64, ()),
]


@pytest.mark.parametrize(("function", "rest"), CALLS, ids=label)
def test_a_constant_does_not_change_nearby(function, rest):
    assert registry.find(function).constant
    a = np.sort(A.ravel()) if function is np.searchsorted else A
    # None of the entries is at a step of these functions.
    nearby = np.where(a == 0.0, a, a * (1 + 1e-7))
    for x, y in zip(np.ravel(function(a, *rest)), np.ravel(function(nearby, *rest)), strict=True):
        assert x == y or function is np.array_equal


@pytest.mark.parametrize("attribute", [
    "shape", "ndim", "size", "dtype", "itemsize", "nbytes", "strides", "flags"])
def test_attributes_that_say_how_an_array_is_stored_are_constant(attribute):
    assert registry.find(getattr(np.ndarray, attribute)).constant
    assert registry.find(getattr(np.generic, attribute)).constant


@pytest.mark.parametrize("function", [
    np.sum, np.arange, np.linspace, np.full, np.full_like, np.array, np.where, np.float64, np.clip,
    np.copy, np.random.normal, np.unique, np.ndarray.T, np.ndarray.real, np.ndarray.sort,
    np.ndarray.view, np.ndarray.fill, np.kaiser, np.vander, np.histogram, operator.getitem,
], ids=label)
def test_what_has_a_derivative_or_an_effect_is_not_constant(function):
    rule = registry.find(function)
    assert rule is None or not rule.constant


def test_looking_at_definitions_is_no_obstacle():
    def helper(x, power=2):
        return x**power

    def checked(x, name):
        names = list(inspect.signature(helper).parameters)
        if name not in names:
            warnings.warn("not a power")
        return helper(x) * len(names)

    assert sd.grad(checked)(1.5, "power") == 2 * 2 * 1.5
