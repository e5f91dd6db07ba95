"""Least squares and tensor equations of NumPy against finite differences."""

import tracemalloc

import numpy as np
import pytest

import s2sdiff as sd
from tests.rules.checker import check_rule, draw

rng = np.random.default_rng(18)


def real(*shape):
    return rng.standard_normal(shape)


def both(*shape):
    return rng.standard_normal(shape) + 1j * rng.standard_normal(shape)


def least_squares(a, b):
    """What `lstsq` gives that varies; not the rank."""
    x, squares, _, s = np.linalg.lstsq(a, b, rcond=None)
    return x, squares, s


def test_the_solution_of_least_squares_agrees_with_differences():
    for a, b in ((real(5, 3), real(5)), (real(5, 3), real(5, 2)), (real(2, 3), real(2)),
                 (real(2, 3), real(2, 3)), (both(5, 3), both(5)), (both(5, 3), both(5, 2)),
                 (both(5, 3), real(5))):
        sd.check_grads(least_squares, (a, b))
        # Each part alone.
        sd.check_grads(lambda a, b: np.linalg.lstsq(a, b, rcond=None)[3], (a, b))
        if len(a) == 5:
            sd.check_grads(lambda a, b: np.linalg.lstsq(a, b, rcond=None)[1], (a, b))


@pytest.mark.parametrize(("a", "b", "axes"), [
    (real(2, 3, 6), real(2, 3), None), (real(6, 2, 3), real(6), None),
    (real(2, 3, 3, 2), real(2, 3), None), (real(2, 6, 3), real(6), (0,)),
    (real(2, 6, 3), real(6), [2, 0]), (both(2, 3, 6), both(2, 3), None),
    (both(6, 2, 3), real(6), None)], ids=range(7))
def test_tensorsolve_agrees_with_differences(a, b, axes):
    check_rule(np.linalg.tensorsolve, a, b, axes)


def test_a_fit_with_its_covariance_agrees_with_differences():
    x, y = np.linspace(-1.0, 2.0, 7), real(7)
    sd.check_grads(lambda x, y: np.polyfit(x, y, 1, cov=True), (x, y))
    sd.check_grads(lambda x, y, w: np.polyfit(x, y, 2, w=w, cov="unscaled"), (x, y, 1 + x * x))


def test_residuals_of_single_precision_keep_it():
    a, b = real(5, 3).astype(np.float32), real(5).astype(np.float32)
    value, pullback = sd.vjp(least_squares, a, b)
    g = pullback(tuple(np.ones_like(v) for v in value))
    assert g[0].dtype == g[1].dtype == np.float32


def uneven(m, n, kind=real):
    """A matrix with singular values far apart, the last of which are not that small."""
    u, _, vh = np.linalg.svd(kind(m, n), full_matrices=False)
    return u * np.array([3.0, 1.2, 0.2, 0.07])[:min(m, n)] @ vh


@pytest.mark.parametrize("kind", [real, both])
@pytest.mark.parametrize(("m", "n"), [(3, 3), (5, 3), (3, 5), (4, 4), (2, 4)])
def test_a_pseudo_inverse_that_leaves_values_out_agrees_with_differences(m, n, kind):
    a = uneven(m, n, kind)
    for options in ({"rcond": 0.1}, {"rtol": 0.1}, {"rcond": 1e-9}, {"rcond": 0.6}):
        check_rule(np.linalg.pinv, a, wrt="a", kwargs=options)
    check_rule(np.linalg.pinv, np.stack([a, 2.0 * uneven(m, n, kind)]), wrt="a",
               kwargs={"rcond": np.array([0.1, 0.03])})


@pytest.mark.parametrize("kind", [real, both])
@pytest.mark.parametrize(("m", "n"), [(3, 3), (5, 3), (3, 5), (4, 4)])
def test_a_solution_that_leaves_values_out_agrees_with_differences(m, n, kind):
    a, b = uneven(m, n, kind), kind(m)
    sd.check_grads(lambda a, b: np.linalg.lstsq(a, b, rcond=0.1)[0], (a, b))
    sd.check_grads(lambda a, b: np.linalg.lstsq(a, b, rcond=0.1)[3], (a, b))


def test_what_is_left_out_of_a_diagonal_matrix_has_no_slope():
    # 1 / s of the value that is kept, whatever the other is.
    found = sd.grad(lambda a: np.sum(np.linalg.pinv(a, rcond=0.1)))(np.diag([2.0, 0.1]))
    turn = 1 / (4.0 - 0.01)
    expected = np.array([[-0.25, turn * (1 + 0.05)], [turn * (1 + 0.05), 0.0]])
    assert np.allclose(found, expected, rtol=1e-13)


@pytest.mark.parametrize("kind", [float, complex])
def test_the_inverse_of_a_hermitian_matrix_reads_its_lower_triangle(kind):
    a = draw((2, 3, 3), -1.0, 1.0, 3, kind)
    check_rule(np.linalg.pinv, a, wrt="a", kwargs={"hermitian": True}, exact=False)
    options = {"hermitian": True, "rcond": 1e-9}
    check_rule(np.linalg.pinv, a[0], wrt="a", kwargs=options, exact=False)
    bar = sd.grad(lambda a: np.sum(np.real(np.linalg.pinv(a, hermitian=True))))(a[0])
    assert not np.any(np.triu(bar, 1))


@pytest.mark.parametrize("f", [
    lambda y: np.sum(np.polyfit(np.linspace(0.0, 1.0, len(y)), y, 2) ** 2),
    lambda y: np.sum(np.linalg.lstsq(np.stack([y, y**2], 1), y**3, None)[0]),
    lambda y: np.sum(np.linalg.pinv(np.stack([y, y**2], 1)) ** 2),
    lambda y: np.sum(np.linalg.pinv(np.stack([y, y**2])) ** 2),
    lambda y: np.sum(np.linalg.pinv(np.stack([y, y, y**2], 1), rcond=1e-9) ** 2),
    lambda y: np.sum(np.linalg.lstsq(np.stack([y, y, y**2], 1), y**3, None)[0])])
def test_many_rows_take_no_matrix_of_rows_by_rows(f):
    y = np.linspace(0.3, 1.2, 2000)
    gradient = sd.grad(f)
    slope = gradient(y)
    tracemalloc.start()
    gradient(y)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 200 * y.nbytes
    t = np.cos(np.arange(2000))
    expected = (f(y + 1e-6 * t) - f(y - 1e-6 * t)) / 2e-6
    assert slope @ t == pytest.approx(expected, rel=1e-5, abs=1e-7)


def test_a_product_of_long_and_short_matrices_makes_no_large_one():
    def f(x):
        return np.sum(np.linalg.multi_dot([x.T, x, x.T]) ** 2)

    x = real(2000, 2) / 40.0
    for run in (sd.grad(f), lambda x: sd.jvp(f, (x,), (x,))[1]):
        run(x)
        tracemalloc.start()
        found = run(x)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert most < 100 * x.nbytes
        # Of sixth degree.
        assert np.sum(found * (x if np.ndim(found) else 1.0)) == pytest.approx(6 * f(x))
