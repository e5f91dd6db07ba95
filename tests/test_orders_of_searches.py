"""Second derivatives of what minimisers and fits find, against closed forms and differences."""

import numpy as np
import pytest

import s2sdiff as sd

optimize = pytest.importorskip("scipy.optimize")

T = 1.3
#: Where (x - t)^2 + x^4 is least: t = x + 2 x^3; so x' = 1 / (1 + 6 x^2), x'' = -12 x x'^3.
X = optimize.brentq(lambda x: x + 2 * x**3 - T, 0.0, 2.0, xtol=1e-15)
ONE = 1.0 / (1.0 + 6.0 * X**2)
TWO = -12.0 * X * ONE**3


def well(x, t):
    return np.sum((x - t) ** 2 + x**4)


def steep(x, t):
    return 2 * (x - t) + 4 * x**3


def by_gradient(t):
    def objective(x):
        return np.sum((x - t) ** 2 + x**4)

    return optimize.minimize(objective, np.ones(1), jac=sd.grad(objective), tol=1e-12).x[0]


FOUND = {
    "captured": lambda t: optimize.minimize(
        lambda x: np.sum((x - t) ** 2 + x**4), np.ones(1), tol=1e-10).x[0],
    "given": lambda t: optimize.minimize(well, np.ones(1), args=(t,), tol=1e-10).x[0],
    "with its slope": lambda t: optimize.minimize(
        well, np.ones(1), args=(t,), jac=steep, tol=1e-12).x[0],
    "with its slope beside": lambda t: optimize.minimize(
        lambda x: (np.sum((x - t) ** 2 + x**4), 2 * (x - t) + 4 * x**3), np.ones(1), jac=True,
        tol=1e-12).x[0],
    "between bounds": lambda t: optimize.minimize(
        well, np.ones(1), args=(t,), jac=steep, bounds=[(0.0, 5.0)], tol=1e-12).x[0],
    "with a derivative as its slope": lambda t: by_gradient(t),
    "with a derivative beside": lambda t: optimize.minimize(
        sd.value_and_grad(lambda x: np.sum((x - t) ** 2 + x**4)), np.ones(1), jac=True,
        tol=1e-12).x[0],
    "of one number": lambda t: optimize.minimize_scalar(
        lambda x: (x - t) ** 2 + x**4, tol=1e-10).x,
}

WAYS = {
    "grad of grad": lambda f: sd.grad(sd.grad(f)), "hessian": lambda f: sd.hessian(f),
    "jvp of grad": lambda f: lambda t: sd.jvp(sd.grad(f), (t,), (1.0,))[1],
    "hvp": lambda f: lambda t: sd.hvp(f, (t,), (1.0,)),
    "grad of jvp": lambda f: sd.grad(lambda t: sd.jvp(f, (t,), (1.0,))[1]),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("what", FOUND)
def test_a_point_has_the_second_derivative_of_its_closed_form(what, way):
    assert WAYS[way](FOUND[what])(T) == pytest.approx(TWO, rel=1e-5)


OTHERS = {
    "by fmin": lambda t: optimize.fmin(
        lambda x: np.sum((x - t) ** 2 + x**4), 1.0, xtol=1e-11, ftol=1e-14, disp=0)[0],
    "by fmin_bfgs": lambda t: optimize.fmin_bfgs(
        lambda x: np.sum((x - t) ** 2 + x**4), np.ones(1), gtol=1e-9, disp=0)[0],
    "by fmin_l_bfgs_b": lambda t: optimize.fmin_l_bfgs_b(
        lambda x: np.sum((x - t) ** 2 + x**4), np.ones(1), approx_grad=True, pgtol=1e-10,
        factr=10)[0][0],
    "by fminbound": lambda t: optimize.fminbound(
        lambda x: (x - t) ** 2 + x**4, 0.0, 3.0, xtol=1e-12),
    "everywhere": lambda t: optimize.differential_evolution(
        lambda x: np.sum((x - t) ** 2 + x**4), [(0.0, 2.0)], rng=0, tol=1e-12).x[0],
}


@pytest.mark.parametrize("what", OTHERS)
def test_points_that_other_searches_find_have_it_too(what):
    for way in ("hessian", "hvp", "grad of jvp"):
        assert WAYS[way](OTHERS[what])(T) == pytest.approx(TWO, rel=1e-5)


def test_the_least_value_has_one():
    def least(t):
        return optimize.minimize(lambda x: np.sum((x - t) ** 2 + x**4), np.ones(1), tol=1e-10).fun

    # Its derivative is that of (x - t)^2 at the point: -2 (x - t).
    assert sd.hvp(least, (T,), (1.0,)) == pytest.approx(-2.0 * (ONE - 1.0), rel=1e-6)


def test_points_of_several_coordinates_and_values_together():
    def both(t):
        found = optimize.minimize(
            lambda x: np.sum((x - t) ** 2 + x**4), np.ones(t.size), tol=1e-10)
        return np.sum(found.x**2)

    # The coordinates are apart: (x^2)'' = 2 x'^2 + 2 x x''.
    expected = np.diag(np.full(2, 2 * ONE**2 + 2 * X * TWO))
    np.testing.assert_allclose(sd.hessian(both)(np.full(2, T)), expected, rtol=1e-5, atol=1e-6)


def curved(t, bounds):
    return optimize.minimize(
        lambda x: (x[0] - t) ** 2 + (x[1] - x[0] * t) ** 2 + 0.1 * x[1] ** 4, np.ones(2),
        jac=lambda x: np.array([2 * (x[0] - t) - 2 * t * (x[1] - x[0] * t),
                                2 * (x[1] - x[0] * t) + 0.4 * x[1] ** 3]),
        bounds=bounds, tol=1e-14, options={"gtol": 1e-12}).x[1]


@pytest.mark.parametrize("bounds", [
    None, [(None, 9.0), (-9.0, None)], [(0.0, 1.2), (None, None)]])
def test_coordinates_on_bounds_stay_there(bounds):
    step = 1e-2
    slopes = [sd.grad(curved)(T + k * step, bounds) for k in (-2, -1, 1, 2)]
    expected = np.dot([1.0, -8.0, 8.0, -1.0], slopes) / (12 * step)
    assert sd.grad(sd.grad(curved))(T, bounds) == pytest.approx(expected, rel=1e-6)


def test_bounds_move_too():
    def bounded(t):
        return optimize.minimize(
            lambda x: (x[0] - 9.0) ** 2 + (x[1] - x[0] * t) ** 2, np.ones(2),
            bounds=[(0.0, t**2), (None, None)], tol=1e-10).x[1]

    # x0 = t^2 and x1 = t^3.
    assert sd.grad(bounded)(T) == pytest.approx(3 * T**2, rel=1e-5)
    assert sd.hvp(bounded, (T,), (1.0,)) == pytest.approx(6 * T, rel=1e-5)


D = np.linspace(0.0, 1.0, 8)
Y = np.exp(-1.3 * D) + 0.05 * np.sin(9.0 * D)
CLOSE = {"xtol": 1e-14, "ftol": 1e-14, "gtol": 1e-14}


def residuals(p, t):
    return p[0] * np.exp(-p[1] * D * t) - Y


def slopes(p, t):
    falling = np.exp(-p[1] * D * t)
    return np.stack([falling, -p[0] * D * t * falling], 1)


def scaled(p, t, y):
    return p[0] * np.exp(-p[1] * D * t) - y


def decay(x, a, b):
    return a * np.exp(-b * x)


FITS = {
    "least squares": lambda t: optimize.least_squares(
        residuals, np.ones(2), args=(t,), **CLOSE).x[1],
    "least squares with slopes": lambda t: optimize.least_squares(
        residuals, np.ones(2), jac=slopes, args=(t,), **CLOSE).x[1],
    "what is left": lambda t: optimize.least_squares(
        scaled, np.ones(2), args=(t, Y * t**2), **CLOSE).cost,
    "a curve": lambda t: optimize.curve_fit(decay, D, Y + t * D**2, p0=np.ones(2), **CLOSE)[0][0],
    "a curve elsewhere": lambda t: optimize.curve_fit(
        decay, D * t, Y, p0=np.ones(2), **CLOSE)[0][1],
    "captured residuals": lambda t: optimize.least_squares(
        lambda p: p[0] * np.exp(-p[1] * D * t) - Y, np.ones(2), **CLOSE).x[1],
    "residuals in a list": lambda t: optimize.least_squares(
        lambda p: [p[0] - t, p[0] ** 2 - 2.0, p[1] * t - p[0]], np.ones(2), **CLOSE).x[1],
    "captured residuals by another loss": lambda t: optimize.least_squares(
        lambda p: p[0] * np.exp(-p[1] * D * t) - Y, np.ones(2), loss="soft_l1", f_scale=0.1,
        **CLOSE).x[1],
    "residuals by name": lambda t: optimize.least_squares(
        residuals, np.ones(2), kwargs={"t": t}, **CLOSE).x[1],
    "what is left of captured residuals": lambda t: np.sum(optimize.least_squares(
        lambda p: p[0] * np.exp(-p[1] * D) - Y - t * D**2, np.ones(2), **CLOSE).fun ** 3),
    "a captured model": lambda t: optimize.curve_fit(
        lambda x, a, b: a * np.exp(-b * x * t) + t * a, D, Y, p0=np.ones(2), **CLOSE)[0][0],
    "a captured model of five": lambda t: optimize.curve_fit(
        lambda x, a, b, c, d, e: a * np.exp(-b * x * t) + c * np.sin(20 * x) + d * np.cos(20 * x)
        + e * np.sin(9 * x) * t, D, Y, p0=np.full(5, 0.5), **CLOSE)[0][1],
    "a derivative as its slopes": lambda t: optimize.least_squares(
        residuals, np.ones(2), jac=sd.jacobian(residuals), args=(t,), **CLOSE).x[1],
    "lines": lambda t: optimize.lsq_linear(np.stack([np.exp(-D * t), D**2], 1), Y * t).x[0],
    "lines between bounds": lambda t: optimize.lsq_linear(
        np.stack([np.exp(-D * t), D**2], 1), Y * t, bounds=([0.0, 0.3], 9.0)).x[0],
    "older least squares": lambda t: optimize.leastsq(
        lambda p: p[0] * np.exp(-p[1] * D * t) - Y, np.ones(2), **CLOSE)[0][1],
}


@pytest.mark.parametrize("what", FITS)
def test_fits_have_second_derivatives(what):
    f, step = FITS[what], 1e-2
    first = [sd.grad(f)(T + k * step) for k in (-2, -1, 1, 2)]
    expected = np.dot([1.0, -8.0, 8.0, -1.0], first) / (12 * step)
    for way in ("grad of grad", "hvp", "grad of jvp"):
        assert WAYS[way](f)(T) == pytest.approx(expected, rel=1e-5, abs=1e-7)


def test_searches_between_constraints_have_second_derivatives():
    def found(t):
        return optimize.minimize(lambda x: np.sum((x - t) ** 2), np.ones(2), tol=1e-12,
                                 constraints=({"type": "eq", "fun": lambda x: x[0] - x[1] * t},)
                                 ).x[0]

    # The point of that line that is nearest to (t, t): t (t^2 + t) / (t^2 + 1).
    h = 1e-4
    ends = [t**2 * (t + 1) / (t**2 + 1) for t in (T - h, T, T + h)]
    expected = (ends[0] - 2 * ends[1] + ends[2]) / h**2
    for way in WAYS.values():
        assert way(found)(T) == pytest.approx(expected, abs=1e-6)
