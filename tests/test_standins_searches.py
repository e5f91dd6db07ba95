"""Points that SciPy's older and its global searches find, against closed forms."""

import numpy as np
import pytest

import s2sdiff as sd

optimize = pytest.importorskip("scipy.optimize", reason="it is what is differentiated")

# Of (u - x)^2 + k u^2 the least point is x / (1 + k), and the least value k x^2 / (1 + k).
X, K = np.array([0.4, 0.7]), 0.3


def bowl(u, x, k):
    return np.sum((u - x) ** 2 + k * u**2)


def slope(u, x, k):
    return 2.0 * (u - x) + 2.0 * k * u


QUIET = {"disp": 0}
BOX = [(-2.0, 2.0), (-2.0, 2.0)]
POINTS = {
    "fmin": lambda x, k: optimize.fmin(
        bowl, [0.1, 0.2], (x, k), xtol=1e-9, ftol=1e-14, **QUIET),
    "fmin_powell": lambda x, k: optimize.fmin_powell(
        bowl, [0.1, 0.2], args=(x, k), xtol=1e-10, ftol=1e-14, **QUIET),
    "fmin_bfgs": lambda x, k: optimize.fmin_bfgs(bowl, [0.1, 0.2], args=(x, k), gtol=1e-9,
                                                 full_output=1, **QUIET)[0],
    "fmin_cg": lambda x, k: optimize.fmin_cg(bowl, [0.1, 0.2], slope, (x, k), **QUIET),
    "fmin_ncg": lambda x, k: optimize.fmin_ncg(bowl, [0.1, 0.2], slope, args=(x, k), **QUIET),
    "fmin_l_bfgs_b": lambda x, k: optimize.fmin_l_bfgs_b(
        lambda u: (bowl(u, x, k), slope(u, x, k)), np.array([0.1, 0.2]), factr=10.0)[0],
    "fmin_tnc": lambda x, k: optimize.fmin_tnc(
        bowl, [0.1, 0.2], slope, (x, k), bounds=BOX, messages=0, ftol=1e-15)[0],
    "leastsq": lambda x, k: optimize.leastsq(
        lambda u: np.stack([u[0] - x[0], u[1] - x[1], np.sqrt(k) * u[0], np.sqrt(k) * u[1]]),
        [0.1, 0.2])[0],
    "differential_evolution": lambda x, k: optimize.differential_evolution(
        bowl, BOX, (x, k), seed=1, maxiter=30).x,
    "dual_annealing": lambda x, k: optimize.dual_annealing(
        bowl, BOX, (x, k), maxiter=5, seed=1).x,
    "shgo": lambda x, k: optimize.shgo(bowl, BOX, (x, k)).x,
    "basinhopping": lambda x, k: optimize.basinhopping(
        bowl, [0.1, 0.2], 2, seed=1, minimizer_kwargs={"args": (x, k)}).x,
}


@pytest.mark.parametrize("name", POINTS)
def test_a_point_that_is_found_moves_as_the_least_one(name):
    value, pullback = sd.vjp(POINTS[name], X, K)
    np.testing.assert_array_equal(value, POINTS[name](X, K))
    bar = np.array([1.0, -0.4])
    for _ in range(2):
        x_bar, k_bar = pullback(bar)
        np.testing.assert_allclose(x_bar, bar / 1.3, rtol=1e-5)
        assert k_bar == pytest.approx(-(bar @ X) / 1.69, rel=1e-5)


VALUES = {
    "fmin": lambda x: optimize.fmin(bowl, [0.1, 0.2], (x, K), full_output=1, disp=0)[1],
    "fmin_l_bfgs_b": lambda x: optimize.fmin_l_bfgs_b(bowl, [0.1, 0.2], slope, (x, K))[1],
    "differential_evolution": lambda x: optimize.differential_evolution(
        bowl, BOX, (x, K), seed=1, maxiter=30).fun,
    "direct": lambda x: optimize.direct(bowl, BOX, args=(x, K), f_min_rtol=1e-9).fun,
    "leastsq": lambda x: np.sum(optimize.leastsq(
        lambda u: np.append(u - x, np.sqrt(K) * u), [0.1, 0.2], full_output=1)[2]["fvec"] ** 2),
}


@pytest.mark.parametrize("name", VALUES)
def test_the_least_value_moves_as_the_function_does(name):
    np.testing.assert_allclose(sd.grad(VALUES[name])(X), 2.0 * X * K / (1.0 + K), rtol=2e-3)


def one(u, x):
    return (u - x) ** 2 + 0.3 * u**2


@pytest.mark.parametrize("f", [
    lambda x: optimize.brent(one, (x,), tol=1e-10),
    lambda x: optimize.golden(lambda u: one(u, x), tol=1e-9),
    lambda x: optimize.fminbound(one, 0.0, 2.0, (x,), xtol=1e-9),
    lambda x: optimize.brent(one, (x,), full_output=1)[0],
], ids=["brent", "golden", "fminbound", "all"])
def test_a_number_that_is_found_moves_as_the_least_one(f):
    assert sd.grad(f)(0.7) == pytest.approx(1.0 / 1.3, rel=1e-7)


@pytest.mark.parametrize(("f", "message"), [
    (lambda x: optimize.fmin_bfgs(bowl, [0.1, 0.2], args=(x, K), full_output=1, disp=0)[2],
     r"only x and fun.*Instead, compute"),
    (lambda x: optimize.fmin(bowl, [0.1, 0.2], (x, K), 1e-9, disp=0), r"by place.*Instead, give"),
    (lambda x: optimize.fmin(bowl, [0.1, 0.2], (x, K), retall=1, disp=0)[0],
     r"retall.*Instead, leave it out"),
    (lambda x: optimize.fmin(bowl, [9.0, 9.0], (x, K), maxiter=3, disp=0),
     r"not flat.*Instead, let it"),
    (lambda x: optimize.fmin(bowl, [9.0, 9.0], (x, K), maxfun=0, disp=0),
     r"not flat.*Instead, let it"),
], ids=["what else is told", "options by place", "the way", "no least value", "no value"])
def test_what_else_a_search_tells_is_refused(f, message):
    with pytest.raises(sd.UnsupportedError, match=message):
        value, pullback = sd.vjp(f, X)
        pullback(np.ones_like(value))


SINGLE = {
    "point": lambda a: optimize.minimize(lambda z: (z - a) ** 2 + z**4, [0.3], tol=1e-12).x,
    "value": lambda a: optimize.minimize(lambda z: (z - a) ** 2 + z**4, [0.3], tol=1e-12).fun,
    "held by a bound": lambda a: optimize.minimize(
        lambda z: (z - a) ** 2 + z**4, [0.3], bounds=[(0.0, a * 0.1)]).x,
    "held by a constraint": lambda a: optimize.minimize(
        lambda z: (z - a) ** 2 + z**4, [0.3],
        constraints=[{"type": "ineq", "fun": lambda z: 0.2 * a - z}]).x,
}


@pytest.mark.parametrize("way", SINGLE)
def test_a_function_that_gives_an_array_of_one_number_has_its_least_value_and_place(way):
    # Where the slope 2 (z - a) + 4 z^3 is zero, dz / da = 2 / (2 + 12 z^2).
    a = 1.2
    z = optimize.brentq(lambda z: 2 * (z - a) + 4 * z**3, 0.0, a, xtol=1e-14)
    expected = {"point": 2 / (2 + 12 * z * z), "value": -2 * (z - a), "held by a bound": 0.1,
                "held by a constraint": 0.2}[way]
    _, pullback = sd.vjp(SINGLE[way], a)
    _, tangent = sd.jvp(SINGLE[way], (a,), (1.0,))
    one = np.ones(np.shape(tangent))[()]
    np.testing.assert_allclose([pullback(one), np.sum(tangent)], expected, rtol=1e-5)
