"""B-splines of SciPy and what is made of them, against differences, in every argument."""


import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import registry
from tests.rules.checker import check_rule
from tests.rules.whole import check_whole

interpolate = pytest.importorskip("scipy.interpolate")
optimize = pytest.importorskip("scipy.optimize")
dierckx = pytest.importorskip("scipy.interpolate._dierckx")

#: Knots that are apart, so that they can move, and a spline's usual ones.
APART = np.array([-0.5, -0.2, 0.0, 0.9, 2.2, 3.0, 3.1, 3.7])
CLAMPED = np.array([0.0, 0.0, 0.0, 1.0, 2.2, 3.0, 3.0, 3.0])
COEFFICIENTS = np.array([0.2, 1.0, -0.4, 0.6, 0.9])
INSIDE = np.array([0.1, 1.3, 2.5])
X = np.array([0.0, 0.7, 1.9, 3.0, 4.2, 5.5])
Y = np.array([0.3, 1.1, 0.2, 0.9, -0.4, 0.5])
AT = np.array([0.1, 1.4, 2.5, 4.9])


@pytest.mark.parametrize("degree", [0, 1, 2, 3])
@pytest.mark.parametrize("order", [0, 1, 2])
def test_a_spline_moves_with_knots_coefficients_and_points(degree, order):
    def read(t, c, x):
        return interpolate.BSpline(t, c, degree)(x, order)

    count = len(APART) - degree - 1
    c = np.cos(np.arange(2.0 * count)).reshape(count, 2)
    check_whole(read, APART, c, np.array([[0.1, 1.3], [2.5, 0.4]]))


def test_the_helpers_keep_the_contract_of_rules():
    c = COEFFICIENTS[:, None] * [1.0, -2.0]
    # SciPy 1.15's writes into an argument, which the whole functions here show.
    rows = () if registry.find(dierckx.evaluate_spline).writes else (
        (INSIDE, 0), (np.array([-1.0, 4.0]), 1), (INSIDE[:0], 0))
    for x, order in rows:
        check_rule(dierckx.evaluate_spline, APART, c, 2, x, order, True, wrt=(0, 1, 3),
                   single=False)
    check_rule(dierckx.evaluate_all_bspl, APART, 2, 1.3, 3, 1, wrt=(0, 2), single=False)
    check_rule(dierckx.data_matrix, INSIDE, APART, 2, INSIDE + 1.0, wrt=(0, 1, 3), single=False)


EVALUATED = {
    "an axis": lambda c, x: interpolate.BSpline(
        CLAMPED, np.stack([c, c * c]), 2, axis=1)(x),
    "extrapolated": lambda c, x: interpolate.BSpline(CLAMPED, c, 2)(x + 2.0),
    "nan outside": lambda c, x: np.nan_to_num(
        interpolate.BSpline(CLAMPED, c, 2, extrapolate=False)(x + 1.0)),
    "periodic": lambda c, x: interpolate.BSpline(CLAMPED, c, 2, "periodic")(x + 2.0),
    "complex": lambda c, x: np.abs(interpolate.BSpline(CLAMPED, c * (1.0 + 0.5j), 2)(x)) ** 2,
    "derivative": lambda c, x: interpolate.BSpline(CLAMPED, c, 2).derivative()(x),
    "antiderivative": lambda c, x: interpolate.BSpline(CLAMPED, c, 2).antiderivative()(x),
    "a point alone": lambda c, x: interpolate.BSpline(CLAMPED, c, 2)(x[0]),
    "integral": lambda c, x: interpolate.BSpline(CLAMPED, c, 2).integrate(0.2, 2.4),
    "integral inside": lambda c, x: interpolate.BSpline(
        CLAMPED, c, 2, extrapolate=False).integrate(-0.2, 2.4),
    "basis element": lambda c, x: interpolate.BSpline.basis_element([0, 1, 2.0, 3])(x) * c[0],
}


@pytest.mark.parametrize("name", EVALUATED)
def test_what_is_read_of_a_spline_moves_with_coefficients_and_points(name):
    check_whole(EVALUATED[name], COEFFICIENTS, INSIDE)


INTERPOLATED = {
    "not a knot": {}, "straight": {"k": 1}, "quadratic": {"k": 2}, "degree 5": {"k": 5},
    "constant": {"k": 0}, "natural": {"bc_type": "natural"}, "clamped": {"bc_type": "clamped"},
}


@pytest.mark.parametrize("name", INTERPOLATED)
def test_interpolation_moves_with_data_points_values_and_points(name):
    def read(x, y, p):
        return interpolate.make_interp_spline(x, y, **INTERPOLATED[name])(p)

    check_whole(read, X, Y, AT)


def test_slopes_at_the_ends_and_periods_move_interpolation():
    def with_slopes(y, left, right, p):
        bounds = ([(1, left)], [(2, right)])
        return interpolate.make_interp_spline(X, y, bc_type=bounds)(p)

    def periodic(y, p):
        closed = np.append(y, y[0])
        return interpolate.make_interp_spline(X, closed, bc_type="periodic")(p)

    check_whole(with_slopes, Y, 0.4, -0.3, AT)
    check_whole(periodic, Y[:-1], AT)


def test_several_and_complex_columns_are_interpolated():
    def read(y, p):
        return interpolate.make_interp_spline(X, np.stack([y, y * y]), axis=1)(p)

    def turned(y, p):
        return np.abs(interpolate.make_interp_spline(X, y * (1.0 - 2.0j) + 1j)(p)) ** 2

    check_whole(read, Y, AT)
    check_whole(turned, Y, AT)


KINDS = ["linear", "nearest", "nearest-up", "previous", "next", "zero", "slinear", "quadratic",
         "cubic", 4]


@pytest.mark.parametrize("kind", KINDS)
def test_interp1d_of_every_kind_moves_with_all_that_it_is_given(kind):
    def read(x, y, p):
        return interpolate.interp1d(x, y, kind=kind)(p)

    def columns(y, p):
        return interpolate.interp1d(X, np.stack([y, y * y], axis=1), kind=kind, axis=0)(p)

    check_whole(read, X, Y, AT)
    check_whole(columns, Y, AT)


@pytest.mark.parametrize("options", [
    {"fill_value": "extrapolate"}, {"bounds_error": False, "fill_value": (0.0, 1.0)},
    {"bounds_error": False, "fill_value": 2.0, "kind": "cubic"},
])
def test_interp1d_outside_of_the_data(options):
    check_whole(lambda x, y, p: interpolate.interp1d(x, y, **options)(p), X, Y,
                np.array([-0.4, 1.4, 6.5]))


def test_a_curve_is_fitted_by_the_values_at_its_knots():
    # Interpolation is linear in the values: one step of Newton's method finds those of a line.
    line = 0.5 * AT - 1.0

    def loss(y):
        return np.sum((interpolate.make_interp_spline(X, y, k=3)(AT) - line) ** 2)

    slope = sd.grad(loss)(0.5 * X - 1.0)
    np.testing.assert_allclose(slope, 0.0, atol=1e-12)
    found = optimize.minimize(loss, Y, jac=sd.grad(loss), method="BFGS", options={"gtol": 1e-9})
    assert loss(found.x) < 1e-10 < loss(Y)


def test_at_a_kink_a_spline_has_the_slope_on_the_right():
    read = interpolate.BSpline(np.array([0.0, 0.0, 1.0, 2.0, 2.0]), np.array([0.0, 3.0, 1.0]), 1)
    assert sd.grad(lambda x: read(x)[()])(1.0) == -2.0


def test_splines_of_least_squares_move_with_data_weights_and_knots():
    x, inner = np.linspace(0.0, 5.5, 12), np.array([1.7, 3.1])
    y = np.stack([np.sin(x), np.cos(2 * x)])

    def fitted(x, y, inner, w):
        t = np.concatenate([np.zeros(4), inner, np.full(4, 5.5)])
        found = interpolate.make_lsq_spline(x, y, t, w=w, axis=1)
        return found(np.array([0.4, 2.0, 4.4]))

    w = 1.0 + 0.1 * x
    assert np.array_equal(sd.vjp(fitted, x, y, inner, w)[0], fitted(x, y, inner, w))

    def between(x, *rest):
        return fitted(np.concatenate([np.zeros(1), x, np.full(1, 5.5)]), *rest)

    sd.check_grads(between, (x[1:-1], y, inner, w))


def test_splines_of_least_squares_have_second_derivatives():
    x = np.linspace(0.0, 5.5, 9)
    t = np.concatenate([np.zeros(3), [1.7, 3.1], np.full(3, 5.5)])

    def f(a):
        return interpolate.make_lsq_spline(x, np.sin(a * x), t, 2, method="norm-eq")(2.0) ** 2

    slope = sd.grad(f)
    expected = (slope(1.2 + 1e-4) - slope(1.2 - 1e-4)) / 2e-4
    assert sd.hvp(f, (1.2,), (1.0,)) == pytest.approx(expected, rel=1e-6)


def test_a_spline_of_least_squares_takes_a_list_of_knots():
    def f(y):
        found = interpolate.make_lsq_spline(np.arange(9.0), y, [0, 0, 0, 0, 4, 8, 8, 8, 8.0])
        return np.sum(found.c**2)

    sd.check_grads(f, (np.array([1.0, 4.0, 2.0, 2.5, 0.0, 3.0, 1.5, 6.0, 2.0]),))
