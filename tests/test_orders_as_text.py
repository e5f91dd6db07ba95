"""Second derivatives of functions of linear algebra and of arrays written down, as text."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.test_orders_of_captures import calls, differences

scipy_linalg = pytest.importorskip("scipy.linalg")
scipy_special = pytest.importorskip("scipy.special")

POINT = np.array([0.7, -0.4, 1.2, 0.3])
ALONG = np.array([1.0, 0.5, -2.0, 0.3])


def matrix(x):
    return np.outer(x, x) + np.diag(np.arange(1.0, 5.0)) * (1.0 + x[0] ** 2)


def of_eigh(x):
    w, v = np.linalg.eigh(matrix(x))
    return np.sum(w ** 3) + np.sum(v[:, 0] ** 4)


def of_svd(x):
    u, s, _ = np.linalg.svd(matrix(x))
    return np.sum(s ** 3) + np.sum(u[:, 0] ** 4)


def of_qr(x):
    q, r = np.linalg.qr(matrix(x))
    return np.sum(r ** 3) + np.sum(q[:, 0] ** 4)


def of_slogdet(x):
    sign, log = np.linalg.slogdet(matrix(x))
    return log ** 2 * sign


def of_slogdet_by_name(x):
    return np.linalg.slogdet(matrix(x)).logabsdet ** 2


def of_cho_solve(x):
    factor = scipy_linalg.cholesky(matrix(x), lower=True)
    return x.dot(scipy_linalg.cho_solve((factor, True), x ** 2)) + np.sum(np.log(np.diag(factor)))


def of_pairs(x):
    apart = np.sum((x[:, None] - x[None]) ** 2, axis=-1)[:, None] + np.eye(4)
    return np.sum((1.0 / (1.0 + apart))[np.triu_indices(4, 1)])


def of_chosen(x):
    places = np.nonzero(x > 0.0)
    return np.sum(x[places] ** 3) + np.sum(x[np.flatnonzero(x < 1.0)] ** 4)


def of_rotations(x):
    pose = np.eye(3)
    for i in range(4):
        c, s = np.cos(x[i]), np.sin(x[i])
        turn = np.array([[c, -s, 0.0], [s, c, x[i]], [0.0, 0.0, 1.0]])
        pose = pose @ turn @ np.array([[1.0, 0.0, 0.5], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    return np.sum(pose[:2, 2] ** 2)


def of_complex_displays(x):
    made = np.array([[x[0], 1j * x[1]], [x[2] * x[3], 2.0]])
    return np.real(np.sum(made ** 3 * (1.0 + 2.0j)))


def of_rows_in_displays(x):
    return np.sum(np.array([[x, x * 2], [x ** 2, np.ones(4)]]) ** 3)


def of_logsumexp(x):
    table = x[:, None] + np.array([0.0, -np.inf, 1.0]) * 1.0
    rows = scipy_special.logsumexp(table[:, ::2] * x[0], axis=1, keepdims=True)
    return np.sum(rows ** 2) + np.sum(scipy_special.logsumexp(np.outer(x, x), axis=0) ** 2) + \
        scipy_special.logsumexp(np.outer(x, x), axis=(0, 1))


#: How many calls a product may take at most: by place each of them takes some thousands more.
FUNCTIONS = {
    of_eigh: 12_000, of_svd: 15_000, of_qr: 8_000, of_slogdet: 5_000, of_slogdet_by_name: 20_000,
    of_cho_solve: 13_000, of_pairs: 500, of_chosen: 500, of_rotations: 800,
    of_complex_displays: 300, of_rows_in_displays: 300, of_logsumexp: 1_500,
}


@pytest.mark.parametrize("f", FUNCTIONS, ids=lambda f: f.__name__)
def test_products_are_right_and_take_few_calls(f):
    found = sd.hvp(f, (POINT,), (ALONG,))
    np.testing.assert_allclose(found, differences(f, POINT, ALONG), rtol=1e-6, atol=1e-7)
    np.testing.assert_array_equal(sd.hvp(f, (POINT,), (ALONG,)), found)
    assert calls(lambda: sd.hvp(f, (POINT,), (ALONG,))) < FUNCTIONS[f]


def test_shares_of_nothing_are_zero_in_both_orders():
    table = np.array([[0.5, -np.inf], [-np.inf, -np.inf]])

    def f(x):
        return np.sum(scipy_special.logsumexp(table * 1.0 + x, axis=1)[:1] ** 2)

    assert sd.grad(f)(0.3) == pytest.approx(2 * 0.8)
    assert sd.hvp(f, (0.3,), (1.0,)) == pytest.approx(2.0)


@pytest.mark.parametrize("a, b", [
    ((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 2)), ((2, 3), (3, 2)), ((), (3,)), ((2, 3, 4), (4,)),
    ((1, 1), (1, 1)), ((0,), (0,))], ids=str)
@pytest.mark.parametrize("dtype", [float, np.float32], ids=["float64", "float32"])
def test_the_method_dot_is_the_product(a, b, dtype):
    draw = np.random.default_rng(0)
    x, y = np.asarray(draw.normal(size=a), dtype), np.asarray(draw.normal(size=b), dtype)
    found = sd.grad(lambda x, y: np.sum(np.asarray(x.dot(y)) ** 2), wrt=(0, 1))(x, y)
    wanted = sd.grad(lambda x, y: np.sum(np.asarray(np.dot(x, y)) ** 2), wrt=(0, 1))(x, y)
    for g, h, z in zip(found, wanted, (x, y), strict=True):
        np.testing.assert_allclose(g, h, rtol=1e-5, atol=1e-6)
        assert g.dtype == z.dtype and g.shape == z.shape
    sd.check_grads(lambda x, y: np.sum(np.asarray(x.dot(y)) ** 2), (x, y))
