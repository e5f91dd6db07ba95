"""Second derivatives of what solvers find are right, or refused: a solution counts as fixed."""

import numpy as np
import pytest

import s2sdiff as sd

optimize = pytest.importorskip("scipy.optimize")
integrate = pytest.importorskip("scipy.integrate")
sparse = pytest.importorskip("scipy.sparse")
stats = pytest.importorskip("scipy.stats")

FOUND = {
    "a root between two points": lambda t: optimize.brentq(lambda x: x**3 - t, 0.1, 3.0),
    "a root of several equations": lambda t: optimize.fsolve(lambda x: x**3 - t, np.ones(1))[0],
    "a fixed point": lambda t: optimize.fixed_point(lambda x: np.sqrt(t / x), 1.0),
    "a point": lambda t: optimize.minimize(
        lambda x: np.sum((x - t) ** 2 + x**4), np.ones(1), tol=1e-12).x[0],
    "a least value": lambda t: optimize.minimize(
        lambda x: np.sum((x - t) ** 2 + x**4), np.ones(1), tol=1e-12).fun,
    "an integral": lambda t: integrate.quad(lambda x: x * np.exp(t * x), 0.0, t)[0],
}

WAYS = {
    "grad of grad": lambda f: sd.grad(sd.grad(f)), "hessian": lambda f: sd.hessian(f),
    "jvp of grad": lambda f: lambda t: sd.jvp(sd.grad(f), (t,), (1.0,))[1],
    "grad of jvp": lambda f: sd.grad(lambda t: sd.jvp(f, (t,), (1.0,))[1]),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("what", FOUND)
def test_a_second_derivative_is_right_or_refused(what, way):
    f, step = FOUND[what], 2e-2
    # What a search leaves is noise: a large step, and five points.
    second = np.dot([-1.0, 16.0, -30.0, 16.0, -1.0], [
        f(1.3 + k * step) for k in (-2, -1, 0, 1, 2)]) / (12 * step**2)
    try:
        found = WAYS[way](f)(1.3)
    except sd.DifferentiationError as error:
        assert "Instead, " in str(error)
    else:
        assert float(found) == pytest.approx(second, rel=2e-3)


@pytest.mark.parametrize("f", [
    lambda s: np.sum(stats.norm.logpdf(np.linspace(-1.0, 1.0, 5), 0.3, s)),
    lambda s: np.sum(stats.norm.pdf(np.linspace(-1.0, 1.0, 5), 0.3, s)),
    lambda s: np.sum(stats.norm.cdf(np.linspace(-1.0, 1.0, 5), 0.3, s))],
    ids=["logpdf", "pdf", "cdf"])
def test_distributions_have_second_derivatives_in_their_scale(f):
    second = (f(1.3 + 1e-3) - 2 * f(1.3) + f(1.3 - 1e-3)) / 1e-6
    assert sd.grad(sd.grad(f))(1.3) == pytest.approx(second, rel=1e-4)
    assert sd.hvp(f, (1.3,), (1.0,)) == pytest.approx(second, rel=1e-4)


def test_a_product_with_a_sparse_matrix_has_a_second_derivative_or_none():
    def f(p):
        places = ([0, 1, 2, 0, 1], [0, 1, 2, 1, 2])
        return np.sum((sparse.csr_matrix((p, places), shape=(3, 3)) @ np.arange(3.0)) ** 3)

    p, along = np.arange(1.0, 6.0), np.ones(5)
    slope = (sd.grad(f)(p + 1e-5 * along) - sd.grad(f)(p - 1e-5 * along)) / 2e-5
    try:
        again = sd.grad(lambda q: np.sum(sd.grad(f)(q) * along))(p)
    except sd.DifferentiationError as refused:
        assert "Instead, " in str(refused)
    else:
        np.testing.assert_allclose(again, slope, rtol=1e-5)


def test_a_fixed_point_has_second_derivatives_where_it_is_multiplied():
    def f(a, b):
        """The cube root of a times b, and squared."""
        at = optimize.fixed_point(lambda x: np.sqrt(a / x), np.array([1.0, 1.2]), xtol=1e-13)
        return at[0] * b + at[1] ** 2

    a, b = 1.3, 0.7
    wanted = -2 / 9 * (a ** (-5 / 3) * b + a ** (-4 / 3)), a ** (-2 / 3) / 3
    found = sd.jvp(sd.grad(f, (0, 1)), (a, b), (1.0, 0.0))[1]
    np.testing.assert_allclose(found, wanted, rtol=1e-7)
    assert sd.grad(lambda t: sd.grad(f, 1)(t, b))(a) == pytest.approx(wanted[1], rel=1e-7)
