"""What searches for a least value find, by the envelope theorem and the root of the slope."""

import math

import numpy as np
import pytest

import s2sdiff as sd

optimize = pytest.importorskip("scipy.optimize")

A = np.array([1.2, 0.7])
TIGHT = {"gtol": 1e-10}


def bowl(x, a):
    return (x[0] - a[0]) ** 2 + a[1] * (x[1] - a[0] * x[0]) ** 2 + 0.1 * x[0] ** 4


def slope(x, a):
    miss = x[1] - a[0] * x[0]
    return np.array([2 * (x[0] - a[0]) - 2 * a[0] * a[1] * miss + 0.4 * x[0] ** 3,
                     2 * a[1] * miss])


def least(a):
    """Where the bowl is least: x1 = a0 x0, and x0 a root; with the derivatives of both in a0."""
    x = optimize.brentq(lambda x: 2 * (x - a[0]) + 0.4 * x**3, 0.0, 3.0, xtol=1e-14)
    rate = 2 / (2 + 1.2 * x * x)
    return np.array([x, a[0] * x]), np.array([rate, x + a[0] * rate])


BY_SLOPE = {
    "args": lambda a: optimize.minimize(bowl, [0.0, 0.0], args=(a,), jac=slope, options=TIGHT),
    "captured": lambda a: optimize.minimize(
        lambda x: bowl(x, a), [0.0, 0.0], jac=lambda x: slope(x, a), options=TIGHT),
    "both at once": lambda a: optimize.minimize(
        lambda x: (bowl(x, a), slope(x, a)), [0.0, 0.0], jac=True, options=TIGHT),
    "L-BFGS-B": lambda a: optimize.minimize(
        bowl, [0.0, 0.0], args=(a,), jac=slope, method="L-BFGS-B", tol=1e-13),
    "free of its bounds": lambda a: optimize.minimize(
        bowl, [0.0, 0.0], args=(a,), jac=slope, bounds=[(0.0, 9.0), (None, 9.0)], tol=1e-13),
}


@pytest.mark.parametrize("way", BY_SLOPE)
def test_the_point_is_the_root_of_the_slope(way):
    found = BY_SLOPE[way](A)
    (value, point), pullback = sd.vjp(lambda a: (lambda r: (r.fun, r.x))(BY_SLOPE[way](a)), A)
    assert value == found.fun
    np.testing.assert_array_equal(point, found.x)
    x, rates = least(A)
    # The second parameter weighs a square that is zero there.
    for k in range(2):
        np.testing.assert_allclose(pullback((0.0, np.eye(2)[k])), [rates[k], 0.0], rtol=1e-6,
                                   atol=1e-8)
    np.testing.assert_allclose(pullback((1.0, np.zeros(2))), [-2.0 * (x[0] - A[0]), 0.0], rtol=1e-6,
                               atol=1e-8)


WITHOUT_SLOPE = {
    "args": lambda a: optimize.minimize(bowl, [0.0, 0.0], args=(a,), options=TIGHT).x,
    "captured": lambda a: optimize.minimize(lambda x: bowl(x, a), [0.0, 0.0], tol=1e-10).x,
    "Powell": lambda a: optimize.minimize(
        bowl, [0.0, 0.0], args=(a,), method="Powell", tol=1e-12).x,
    "by differences": lambda a: optimize.minimize(
        bowl, [0.0, 0.0], args=(a,), jac="3-point", bounds=[(0.0, 9.0), (None, 9.0)], tol=1e-13).x,
}


@pytest.mark.parametrize("way", WITHOUT_SLOPE)
def test_the_point_moves_with_the_slope_that_the_compiler_makes(way):
    _, rates = least(A)
    _, pullback = sd.vjp(WITHOUT_SLOPE[way], A)
    for k in range(2):
        np.testing.assert_allclose(pullback(np.eye(2)[k]), [rates[k], 0.0], rtol=1e-4, atol=1e-5)


def test_fits_without_a_jacobian_move_as_those_with_one():
    def plain(t, y, sigma):
        return optimize.curve_fit(decay, t, y, [1.0, 1.0], sigma=sigma, ftol=1e-15, xtol=1e-15)[0]

    def rest_of(p, y):
        return p[0] * np.exp(-p[1] * TIMES) - y

    given, bar = (TIMES, SEEN, 1.0 + TIMES), np.array([0.7, -0.4])
    _, expected = sd.vjp(by_curve_fit, *given)
    _, found = sd.vjp(plain, *given)
    for e, g in zip(expected(bar), found(bar), strict=True):
        np.testing.assert_allclose(g, e, rtol=1e-5, atol=1e-7)
    tight = {"xtol": 1e-15, "ftol": 1e-15, "gtol": 1e-15}
    _, by_rest = sd.vjp(lambda y: optimize.least_squares(
        rest_of, [1.0, 1.0], args=(y,), **tight).x, SEEN)
    _, equal = sd.vjp(lambda y: by_least_squares(y, tight).x, SEEN)
    np.testing.assert_allclose(by_rest(bar), equal(bar), rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("method", ["BFGS", "Nelder-Mead", "Powell", "CG"])
def test_the_least_value_needs_no_slope(method):
    def value(a):
        return optimize.minimize(bowl, [0.1, 0.1], args=(a,), method=method, tol=1e-9).fun

    x, _ = least(A)
    np.testing.assert_allclose(sd.grad(value)(A), [-2.0 * (x[0] - A[0]), 0.0], atol=2e-5)


def test_a_bound_that_is_met_moves_the_point_and_the_value():
    # With x0 = b, x1 = a0 b: the value is (b - a0)^2 + b^4 / 10.
    def search(a, b):
        for bounds in ([(0.0, b), (None, None)], optimize.Bounds([0.0, -9.0], np.array([b, 9.0]))):
            found = optimize.minimize(bowl, [0.0, 0.0], args=(a,), jac=slope, bounds=bounds,
                                      tol=1e-13)
        return found.fun, found.x

    b = 0.5
    _, pullback = sd.vjp(search, A, b)
    a_bar, b_bar = pullback((1.0, np.zeros(2)))
    np.testing.assert_allclose(a_bar, [-2.0 * (b - A[0]), 0.0], rtol=1e-6, atol=1e-8)
    assert b_bar == pytest.approx(2.0 * (b - A[0]) + 0.4 * b**3, rel=1e-6)
    a_bar, b_bar = pullback((0.0, np.array([1.0, 10.0])))
    np.testing.assert_allclose(a_bar, [10.0 * b, 0.0], rtol=1e-6, atol=1e-8)
    assert b_bar == pytest.approx(1.0 + 10.0 * A[0], rel=1e-6)


def test_the_least_value_of_a_function_of_one_number_and_its_place():
    def plain(a):
        found = optimize.minimize_scalar(lambda x: (x - a) ** 2 + 0.1 * x**4)
        return found.x, found.fun

    def bounded(a):
        found = optimize.minimize_scalar(lambda x, a: (x - a) ** 2 + 0.1 * x**4, bounds=(0, 2),
                                         args=(a,), method="bounded", options={"xatol": 1e-9})
        return found.x, found.fun

    x, rates = least(A)
    for f in (plain, bounded):
        found, pullback = sd.vjp(f, 1.2)
        assert found == f(1.2)
        assert pullback((2.0, 0.0)) == pytest.approx(2.0 * rates[0], rel=1e-6)
        assert pullback((0.0, 1.0)) == pytest.approx(-2.0 * (x[0] - 1.2), abs=1e-6)


TIMES = np.linspace(0.0, 1.0, 7)
SEEN = 2.0 * np.exp(-1.3 * TIMES) + 0.1 * np.cos(9.0 * TIMES)


def decay(t, scale, rate):
    return scale * np.exp(-rate * t)


def decay_slopes(t, scale, rate):
    return np.stack([np.exp(-rate * t), -scale * t * np.exp(-rate * t)], axis=1)


def by_least_squares(y, options):
    return optimize.least_squares(
        lambda p: decay(TIMES, *p) - y, [1.0, 1.0], jac=lambda p: decay_slopes(TIMES, *p),
        **options)


def by_curve_fit(t, y, sigma):
    return optimize.curve_fit(decay, t, y, [1.0, 1.0], sigma=sigma, jac=decay_slopes, ftol=1e-15,
                              xtol=1e-15)[0]


def test_fitted_parameters_move_with_data_and_weights():
    given = TIMES, SEEN, 1.0 + TIMES
    value, pullback = sd.vjp(by_curve_fit, *given)
    np.testing.assert_array_equal(value, by_curve_fit(*given))
    bar, along, step = np.array([0.7, -0.4]), np.cos(np.arange(7.0)), 1e-3
    for k, entry in enumerate(pullback(bar)):
        moved = [by_curve_fit(*given[:k], given[k] + s * step * along, *given[k + 1:])
                 for s in (1, -1, 2, -2)]
        rate = (8.0 * (moved[0] - moved[1]) - (moved[2] - moved[3])) / (12.0 * step)
        # The search ends within some 1e-9 of the best parameters.
        assert np.sum(entry * along) == pytest.approx(bar @ rate, rel=1e-4, abs=1e-5)
    # Equal weights, and another function for the same fit.
    _, fitted = sd.vjp(lambda y: by_curve_fit(TIMES, y, np.ones(7)), SEEN)
    for method in ("trf", "lm", "dogbox"):
        options = {"method": method, "xtol": 1e-15, "ftol": 1e-15, "gtol": 1e-15}
        _, pullback = sd.vjp(lambda y: by_least_squares(y, options).x, SEEN)
        for bar in np.eye(2):
            np.testing.assert_allclose(pullback(bar), fitted(bar), rtol=1e-5, atol=1e-7)


def test_the_sum_of_squares_and_the_rest_move_with_the_data():
    def cost(y):
        return optimize.least_squares(lambda p: decay(TIMES, *p) - y, [1.0, 1.0], gtol=1e-13,
                                      ftol=1e-13, xtol=1e-13).cost

    rest = decay(TIMES, *by_curve_fit(TIMES, SEEN, None)) - SEEN
    np.testing.assert_allclose(sd.grad(cost)(SEEN), -rest, atol=1e-6)
    # The rest is orthogonal to what the parameters can do.
    bar = sd.grad(lambda y: np.sum(by_least_squares(y, {}).fun ** 2))(SEEN)
    np.testing.assert_allclose(bar, -2.0 * rest, atol=1e-6)


def test_a_straight_line_has_the_closed_form_of_least_squares():
    def fit(y):
        return optimize.curve_fit(lambda t, a, b: a + b * t, TIMES, y, [0.0, 0.0],
                                  jac=lambda t, a, b: np.stack([np.ones_like(t), t], axis=1))[0]

    matrix = np.linalg.pinv(np.stack([np.ones(7), TIMES], axis=1))
    _, pullback = sd.vjp(fit, SEEN)
    np.testing.assert_allclose([pullback(b) for b in np.eye(2)], matrix, atol=1e-12)


def test_an_inner_fit_is_trained_from_outside():
    # The best weight of a penalty, seen from other data: differences of the whole say the same.
    def loss(strength):
        def penalised(w):
            return np.sum((w - SEEN) ** 2) + math.exp(strength) * np.sum(np.diff(w) ** 2)

        def slopes(w):
            jump = 2.0 * math.exp(strength) * np.diff(w)
            return 2.0 * (w - SEEN) + np.append(0.0, jump) - np.append(jump, 0.0)

        found = optimize.minimize(penalised, SEEN, jac=slopes, tol=1e-12)
        return np.sum((found.x - 2.0 * np.exp(-1.3 * TIMES)) ** 2)

    expected = (loss(0.3 + 1e-4) - loss(0.3 - 1e-4)) / 2e-4
    assert sd.grad(loss)(0.3) == pytest.approx(expected, rel=1e-5)


def of_ones(p):
    return np.stack([TIMES, np.ones_like(TIMES)], axis=1)


def by_logarithms(z):
    return np.stack([np.log1p(z), 1.0 / (1.0 + z), -1.0 / (1.0 + z) ** 2])


#: Twice the slope of half the loss of a square, by the loss.
WEIGHTS = {
    "huber": lambda z: np.where(z <= 1.0, 1.0, 1.0 / np.sqrt(z)),
    "soft_l1": lambda z: 1.0 / np.sqrt(1.0 + z), "cauchy": lambda z: 1.0 / (1.0 + z),
    "arctan": lambda z: 1.0 / (1.0 + z * z), by_logarithms: lambda z: 1.0 / (1.0 + z),
}


@pytest.mark.parametrize("loss", WEIGHTS, ids=lambda f: getattr(f, "__name__", f))
def test_a_fit_by_another_loss_moves_as_the_root_of_its_slope(loss):
    def fit(y, scale):
        return optimize.least_squares(
            lambda p: p[0] * TIMES + p[1] - y, [0.5, 0.5], jac=of_ones, loss=loss, f_scale=scale,
            xtol=1e-15, ftol=1e-15, gtol=1e-15).x

    def exactly(y, scale):
        # SciPy's search ends some digits before its root does.
        def slope(p):
            rest = p[0] * TIMES + p[1] - y
            return of_ones(p).T @ (WEIGHTS[loss]((rest / scale) ** 2) * rest)

        return optimize.root(slope, fit(y, scale), tol=1e-14).x

    outside = np.array([0.0, 0.9, 0.0, 0.0, -0.7, 0.0, 0.0])
    y, scale, step = 1.0 - TIMES + outside + 0.1 * SEEN, 0.6, 1e-4
    for i in range(2):
        y_bar, scale_bar = sd.vjp(fit, y, scale)[1](np.eye(2)[i])
        expected = [(exactly(y + step * e, scale) - exactly(y - step * e, scale))[i] / (2 * step)
                    for e in np.eye(7)]
        np.testing.assert_allclose(y_bar, expected, rtol=1e-5, atol=1e-6)
        by_scale = (exactly(y, scale + step) - exactly(y, scale - step))[i] / (2 * step)
        assert scale_bar == pytest.approx(by_scale, rel=1e-5, abs=1e-6)
        np.testing.assert_allclose(
            sd.jvp(fit, (y, scale), (y, 1.0))[1][i], y_bar @ y + scale_bar, rtol=1e-9)


def test_linear_least_squares_between_bounds_agree_with_differences():
    rng = np.random.default_rng(6)
    a, b = rng.standard_normal((6, 3)), rng.standard_normal(6)
    for method in ("trf", "bvls"):
        def fit(a, b, low, method=method):
            found = optimize.lsq_linear(a, b, (low, 0.3), method=method)
            return found.x, found.cost, found.fun

        at_bounds = fit(a, b, -0.1)[0]
        assert np.any(np.isclose(at_bounds, -0.1)) and not np.all(np.isclose(at_bounds, -0.1))
        sd.check_grads(fit, (a, b, -0.1))
    sd.check_grads(lambda a, b: optimize.lsq_linear(a, b).x, (a, b))


REFUSED = {
    "a flat direction": (lambda a: optimize.minimize(
        lambda x: (x[0] - a[0]) ** 2, [0.0, 0.0]).x, r"singular.*Instead, pass jac="),
    "another field": (lambda a: optimize.minimize(
        bowl, [0.0, 0.0], args=(a,), jac=slope).hess_inv, r"only x and fun.*Instead, compute"),
    "no time": (lambda a: optimize.minimize(
        bowl, [0.0, 0.0], args=(a,), options={"maxiter": 1}).fun, r"not flat.*Instead, let it"),
    "its errors": (lambda a: optimize.curve_fit(
        decay, TIMES, SEEN * a[0])[1], r"covariance.*Instead, pass jac="),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_needs_second_derivatives_or_is_no_minimum_is_refused(name):
    f, message = REFUSED[name]
    with pytest.raises(sd.UnsupportedError, match=message):
        value, pullback = sd.vjp(f, A)
        pullback(value * 0.0 + 1.0)


def test_a_flat_valley_and_functions_that_write_are_refused():
    seen = []

    def recorded(x, a):
        seen.append(x)
        return bowl(x, a)

    def valley(x, a):
        return (x[0] - a[0]) ** 2

    def valley_slope(x, a):
        return np.array([2.0 * (x[0] - a[0]), 0.0])

    with pytest.raises(sd.UnsupportedError, match=r"singular.*Instead, choose"):
        sd.vjp(lambda a: optimize.minimize(valley, [0.0, 0.0], (a,), jac=valley_slope).x, A)
    with pytest.raises(sd.UnsupportedError, match=r"may write.*Instead, give it one"):
        sd.vjp(lambda a: optimize.minimize(recorded, [0.0, 0.0], args=(a,)).fun, A)


@pytest.mark.parametrize("options", [{}, {"loss": "huber", "f_scale": 0.05}], ids=str)
def test_squares_whose_slopes_are_made(options):
    options = {"xtol": 1e-15, "ftol": 1e-15, "gtol": 1e-15, **options}

    def fit(a, **given):
        return optimize.least_squares(lambda p: decay(TIMES, *p) - SEEN * a[0], [1.0, 1.0],
                                      **given).x

    def exactly(a):
        return fit(a, jac=lambda p: decay_slopes(TIMES, *p), **options)

    # A step that is large beside what the ends are off, some 1e-9, of which quotients keep 3e-7.
    a, h = np.array([1.2]), 3e-3
    wanted = (exactly(a + h) - exactly(a - h)) / (2 * h)
    value, pullback = sd.vjp(lambda a: fit(a, **options), a)
    for i, bar in enumerate(np.eye(2)):
        for _ in range(2):
            assert pullback(bar)[0] == pytest.approx(wanted[i], rel=1e-6, abs=1e-6)
    tangent = sd.jvp(lambda a: fit(a, **options), (a,), (np.ones(1),))[1]
    np.testing.assert_allclose(tangent, wanted, rtol=1e-6, atol=1e-6)


INSTANTS = np.arange(6.0)


def fitted(values, weight, steps=60):
    """The parameters of `a * exp(-b * t)` by Gauss and Newton's steps, and their covariance."""
    a, b = 2.0, 0.3
    for _ in range(steps):
        shape = np.exp(-b * INSTANTS)
        rows = np.stack([shape, -a * INSTANTS * shape], 1) * weight[:, None]
        step = np.linalg.lstsq(rows, (values - a * shape) * weight, None)[0]
        a, b = a + step[0], b + step[1]
    rest = (values - a * np.exp(-b * INSTANTS)) * weight
    return np.linalg.inv(rows.T @ rows), np.sum(rest ** 2) / 4


@pytest.mark.parametrize("absolute", [False, True])
@pytest.mark.parametrize("method", ["lm", "trf"])
def test_the_covariance_of_a_fit_with_its_slopes_agrees_with_differences(absolute, method):
    def ours(values, sigma):
        return optimize.curve_fit(
            lambda t, a, b: a * np.exp(-b * t), INSTANTS, values, [2.0, 0.3], sigma=sigma,
            jac=lambda t, a, b: np.stack([np.exp(-b * t), -a * t * np.exp(-b * t)], 1),
            absolute_sigma=absolute, method=method, ftol=1e-15, xtol=1e-15)[1]

    def reference(values, sigma):
        spread, scale = fitted(values, 1.0 / sigma)
        return spread if absolute else spread * scale

    values = 2.0 * np.exp(-0.3 * INSTANTS) + 0.1 * np.sin(5 * INSTANTS)
    sigma = np.linspace(0.5, 1.0, 6)
    for direction in ((np.cos(INSTANTS), 0.0 * INSTANTS), (0.0 * INSTANTS, np.cos(INSTANTS))):
        up, down = (reference(*(v + h * d for v, d in zip((values, sigma), direction)))
                    for h in (1e-5, -1e-5))
        expected = (up - down) / 2e-5
        found = sd.jvp(ours, (values, sigma), direction)[1]
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-8)
        bars = sd.vjp(ours, values, sigma)[1](np.array([[1.0, 0.5], [0.2, -0.7]]))
        paired = sum(np.sum(b * d) for b, d in zip(bars, direction))
        assert paired == pytest.approx(np.sum(expected * [[1.0, 0.5], [0.2, -0.7]]), rel=1e-4)


def test_the_covariance_of_a_fit_without_its_slopes_is_refused():
    def spread(values):
        return optimize.curve_fit(lambda t, a, b: a * np.exp(-b * t), INSTANTS, values,
                                  [2.0, 0.3])[1]

    value, pullback = sd.vjp(spread, 2.0 * np.exp(-0.3 * INSTANTS) + 0.1 * np.sin(5 * INSTANTS))
    with pytest.raises(sd.DifferentiationError, match="covariance that curve_fit.*Instead"):
        pullback(np.ones_like(value))
