"""Sparse Hessians against closed forms and differences of hand-written gradients."""

import numpy as np
import pytest
import scipy.sparse

import s2sdiff as sd
from s2sdiff import jacobian_calls
from s2sdiff.forward import runner
from tests.sparse.differences import differences

DRAW = np.random.default_rng(7)


def rosenbrock(x):
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)


def rosenbrock_gradient(x):
    g = np.zeros_like(x)
    r = x[1:] - x[:-1] ** 2
    g[:-1] = -400.0 * x[:-1] * r - 2.0 * (1.0 - x[:-1])
    g[1:] += 200.0 * r
    return g


def hub(x):
    return np.sum(np.sin(x[0] * x[1:])) + x[0] ** 3 + np.sum(x[1:-1] * x[2:])


def hub_gradient(x):
    cosine = np.cos(x[0] * x[1:])
    g = np.append(np.sum(x[1:] * cosine) + 3.0 * x[0] ** 2, x[0] * cosine)
    g[1:-1] += x[2:]
    g[2:] += x[1:-1]
    return g


def last_hub(x):
    return hub(x[::-1])


def last_hub_gradient(x):
    return hub_gradient(x[::-1])[::-1]


def separable(x):
    total = 0.0
    for i in range(len(x)):
        total = total + x[i] ** 4
    return total


def plate(u):
    d = u[1:] - u[:-1]
    e = u[:, 1:] - u[:, :-1]
    return np.sum(d**4) + np.sum(e**4)


def plate_gradient(u):
    g = np.zeros_like(u)
    d, e = 4.0 * (u[1:] - u[:-1]) ** 3, 4.0 * (u[:, 1:] - u[:, :-1]) ** 3
    g[1:] += d
    g[:-1] -= d
    g[:, 1:] += e
    g[:, :-1] -= e
    return g


def check(f, gradient, x):
    kept = x.copy()
    made = sd.sparse_hessian(f)(x)
    expected = differences(gradient, x)
    assert isinstance(made, scipy.sparse.csr_array)
    np.testing.assert_allclose(made.toarray(), expected, rtol=1e-6, atol=1e-6)
    assert abs(made - made.T).max() == 0
    np.testing.assert_array_equal(x, kept)
    pattern = sd.sparsity_pattern(sd.grad(f))(x)
    assert ((made != 0) != pattern).nnz == 0
    for given in (pattern, scipy.sparse.tril(pattern)):
        again = sd.sparse_hessian(f, sparsity=given)(x)
        np.testing.assert_allclose(again.toarray(), expected, rtol=1e-6, atol=1e-6)
        assert abs(again - again.T).max() == 0


@pytest.mark.parametrize(("f", "gradient"), [
    (rosenbrock, rosenbrock_gradient), (hub, hub_gradient), (last_hub, last_hub_gradient),
    (separable, lambda x: 4.0 * x**3)], ids=["chain", "hub", "last hub", "separable"])
@pytest.mark.parametrize("n", [3, 20, 90])
def test_a_sparse_hessian_is_the_slope_of_the_gradient(f, gradient, n):
    check(f, gradient, DRAW.normal(size=n))


def test_arrays_with_axes_are_flattened_row_by_row():
    check(plate, plate_gradient, DRAW.normal(size=(5, 7)))


def test_the_hessian_of_rosenbrock_in_ten_thousand_is_that_of_its_closed_form():
    x = DRAW.normal(size=10_000)
    diagonal = np.append(1200.0 * x[:-1] ** 2 - 400.0 * x[1:] + 2.0, 0.0)
    diagonal[1:] += 200.0
    beside = -400.0 * x[:-1]
    expected = scipy.sparse.diags_array([beside, diagonal, beside], offsets=[-1, 0, 1])
    made = sd.sparse_hessian(rosenbrock)(x)
    assert made.nnz == 3 * 10_000 - 2
    assert abs(made - expected).max() < 1e-9


def test_a_hub_costs_a_colour(monkeypatch):
    runs, x = [], DRAW.normal(size=1000)

    def of_hub(x):
        return np.sum(x[0] * x**2)

    def counted(*call):
        runs.append(call)
        return runner(*call)

    pattern = sd.sparse_hessian(of_hub)(x)
    assert pattern.nnz == 3 * 1000 - 2
    monkeypatch.setattr(jacobian_calls, "runner", counted)
    made = sd.sparse_hessian(of_hub, sparsity=pattern)(x)
    np.testing.assert_allclose(made.toarray()[0, 1:], 2.0 * x[1:])
    assert len(runs) == 4  # the gradient, two colours and the comparison


def test_the_dtype_is_kept():
    x = np.linspace(0.5, 2.0, 200, dtype=np.float32)
    made = sd.sparse_hessian(lambda x: np.sum(x**3))(x)
    assert made.dtype == np.float32
    np.testing.assert_allclose(made.diagonal(), 6.0 * x, rtol=1e-6)


def test_functions_without_curvature_have_an_empty_hessian():
    assert sd.sparse_hessian(lambda x: np.sum(3.0 * x))(np.ones(30)).nnz == 0
    assert sd.sparse_hessian(lambda x: np.sum(x**2))(np.ones(0)).shape == (0, 0)


def test_a_number_has_a_hessian_of_one_entry():
    assert sd.sparse_hessian(lambda x: x**3)(2.0).toarray().tolist() == [[12.0]]


def test_several_arguments_have_a_block_for_each_pair():
    u, v = np.array([1.0, 2.0]), np.array([3.0, 4.0, 5.0])
    blocks = sd.sparse_hessian(lambda u, v: np.sum(u**2 * v[1:]), wrt=("u", "v"))(u, v)
    expected = (([[8.0, 0.0], [0.0, 10.0]], [[0.0, 2.0, 0.0], [0.0, 0.0, 4.0]]),
                ([[0.0, 0.0], [2.0, 0.0], [0.0, 4.0]], np.zeros((3, 3))))
    for row, wanted in zip(blocks, expected, strict=True):
        for block, dense in zip(row, wanted, strict=True):
            np.testing.assert_array_equal(block.toarray(), dense)


def test_a_function_with_a_derivative_of_its_own_has_a_hessian():
    def cubes(x):
        return np.sum(x**3)

    @sd.derivative(of=cubes)
    def cubes_derivative(x):
        def pullback(bar):
            return bar * 3.0 * x * x

        return np.sum(x**3), pullback

    x = np.array([1.0, 2.0, 3.0])
    for made in (sd.sparse_hessian(cubes)(x).toarray(), sd.hessian(cubes)(x)):
        np.testing.assert_allclose(made, np.diag(6.0 * x))


def test_rows_that_go_one_by_one_alone():
    """A torus, whose Laplacian is a sum over a generator of calls that the run finds."""
    def energy(u):
        grid = u.reshape(3, 4)
        return np.sum((sum(np.roll(grid, s, a) for a in (0, 1) for s in (1, -1)) * grid) ** 2)

    u = np.arange(12.0) / 7 - 0.6
    found = sd.sparse_hessian(energy)(u).toarray()
    np.testing.assert_allclose(found, differences(sd.grad(energy), u), atol=1e-6)
