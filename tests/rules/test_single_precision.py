"""Gradients of single precision are of single precision, also where a cotangent is not."""

import numpy as np
import pytest

import s2sdiff as sd

linalg = pytest.importorskip("scipy.linalg")

X = np.array([0.3, 1.2, 0.7, 2.1], np.float32)
H = np.array([[4.0, 1.0, 0.5], [1.0, 5.0, 0.3], [0.5, 0.3, 6.0]], np.float32)

#: The cotangent of an element is made of Python's 1.0, in double precision.
CASES = {
    "median": (lambda x: np.median(x), X),
    "median kept": (lambda x: np.median(x, keepdims=True)[0], X),
    "median of rows": (lambda a: np.median(a, axis=0)[0], H),
    "quantile": (lambda x: np.quantile(x, 0.3), X),
    "quantiles": (lambda x: np.quantile(x, [0.2, 0.7])[0], X),
    "nanmedian": (lambda x: np.nanmedian(x, keepdims=True)[0], X),
    "sorted": (lambda x: np.sort(x)[0], X),
    "pinv": (lambda a: np.linalg.pinv(a)[0, 1], H),
    "cholesky": (lambda a: np.linalg.cholesky(a)[1, 0], H),
    "eigh": (lambda a: np.linalg.eigh(a)[0][0], H),
    "eigvalsh": (lambda a: np.linalg.eigvalsh(a)[0], H),
    "svd": (lambda a: np.linalg.svd(a)[1][0], H),
    "expm": (lambda a: linalg.expm(0.1 * a)[0, 0], H),
    "scipy's cholesky": (lambda a: linalg.cholesky(a)[0, 0], H),
    "scipy's pinv": (lambda a: linalg.pinv(a)[0, 0], H),
}


@pytest.mark.parametrize("name", CASES)
def test_an_argument_of_single_precision_has_such_a_gradient(name):
    f, x = CASES[name]
    found, exact = sd.grad(f)(x), sd.grad(f)(x.astype(float))
    assert found.dtype == np.float32 and exact.dtype == float
    assert np.allclose(found, exact, rtol=1e-3, atol=1e-4)
    value, pullback = sd.vjp(f, x)
    assert pullback(np.float64(1.0)).dtype == pullback(1.0).dtype == np.float32
    along = np.linspace(0.5, 1.5, x.size).reshape(x.shape)
    steps = [f(x.astype(float) + s * 1e-4 * along) for s in (1.0, -1.0)]
    assert np.isclose(np.sum(exact * along), (steps[0] - steps[1]) / 2e-4, rtol=1e-4)
    assert sd.jvp(f, (x,), (along.astype(np.float32),))[1].dtype == value.dtype
