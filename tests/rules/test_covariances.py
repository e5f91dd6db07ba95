"""Covariances and correlations against finite differences."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.rules.checker import check_rule, draw
from tests.rules.labels import label

M, N = draw((3, 5), -1, 1, 1), draw((2, 5), -1, 1, 2)
C, D = draw((3, 5), -1, 1, 3, complex), draw((2, 5), -1, 1, 4, complex)
OPTIONS = [{}, {"bias": True}, {"bias": None}, {"ddof": 2}, {"ddof": 0},
           {"fweights": [1, 2, 1, 3, 1]},
           {"aweights": np.array([0.5, 1.5, 1.0, 0.2, 0.9])},
           {"aweights": np.array([0.5, 1.5, 1.0, 0.2, 0.9]), "fweights": [1, 2, 1, 3, 1]},
           {"aweights": np.array([0.5, 1.5, 1.0, 0.2, 0.9]), "bias": True},
           {"aweights": np.array([0.5, 1.5, 1.0, 0.2, 0.9]), "fweights": [2, 2, 1, 3, 1],
            "ddof": 3}]


@pytest.mark.parametrize("options", OPTIONS, ids=label)
@pytest.mark.parametrize(("m", "y"), [
    (M, None), (M[0], None), (C, None), (M, N), (M[0], M[1] ** 2), (C, D), (M, D), (C, N[1]),
    (M[:1], None), (M[:, ::-1], N.copy("F"))], ids=range(10))
def test_a_covariance_agrees_with_differences(m, y, options):
    check_rule(np.cov, m, y, kwargs=options)


@pytest.mark.parametrize(("m", "y"), [
    (M.T, None), (M[0], None), (C.T, D.T), (M.T, N[1]), (M[:1].T, None), (M.T, N[:1])],
    ids=range(6))
def test_variables_in_columns_agree_with_differences(m, y):
    check_rule(np.cov, m, y, False)
    check_rule(np.corrcoef, m, y, False)


def test_two_observations_in_rows_agree_with_differences():
    check_rule(np.cov, M.T[:2], N.T[:2], False)


def test_one_observation_varies_from_nothing():
    # Before NumPy 2.2 this is five observations of one variable.
    check_rule(np.cov, M[:1], None, False, True)


@pytest.mark.parametrize(("m", "y"), [
    (M, None), (M[0], None), (C, None), (M, N), (M[0], M[1] ** 2), (C, D), (C, N[1])],
    ids=range(7))
def test_a_correlation_agrees_with_differences(m, y):
    check_rule(np.corrcoef, m, y)


def test_a_covariance_of_single_precision_is_one_of_double_and_its_cotangent_fits():
    m = M.astype(np.float32)
    value, pullback = sd.vjp(lambda m: np.cov(m), m)
    assert value.dtype == np.float64 and pullback(np.ones((3, 3))).dtype == np.float32


def test_a_correlation_of_one_is_at_its_bound_and_has_gradient_zero():
    x = np.array([1.0, 2.0, 4.0])
    np.testing.assert_allclose(
        sd.grad(lambda x: np.corrcoef(x, 2 * x)[0, 1])(x), np.zeros(3), atol=1e-14)


@pytest.mark.parametrize("function", [
    lambda m, y: np.sum(np.cov(m, y) ** 2), lambda m, y: np.linalg.det(np.cov(m) + np.eye(3)),
    lambda m, y: np.corrcoef(m, y)[0] * np.cov(m[0], y[0])[0, 1],
], ids=range(3))
def test_functions_with_covariances_agree_with_differences(function):
    sd.check_grads(function, (M, N))


def test_weights_that_are_active_agree_with_differences():
    sd.check_grads(lambda m, w: np.cov(m, aweights=w * w), (M, np.array([0.5, 1.5, 1.0, 0.2, 0.9])))
