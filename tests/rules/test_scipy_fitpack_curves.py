"""Curves by splines of one parameter against differences."""

import numpy as np
import pytest

import s2sdiff as sd

interpolate = pytest.importorskip("scipy.interpolate")

X = np.array([0.2, 0.9, 1.3, 2.1, 2.4, 3.2, 3.9, 4.1, 5.0])
Y = np.sin(X) + 0.1 * np.cos(7 * X)
U = np.linspace(0.0, 1.0, 9) ** 1.3
AT = np.linspace(0.05, 0.93, 7)
KNOTS = np.array([0.0, 0.0, 0.0, 0.0, 0.31, 0.62, 1.0, 1.0, 1.0, 1.0])


def through_points(x, y):
    tck, u = interpolate.splprep([x, y], s=0)
    px, py = interpolate.splev(AT, tck)
    return np.sum(np.sin(px) * py) + np.sum(u**2)


def of_even_degree(x, y):
    (t, c, k), _ = interpolate.splprep(np.array([x, y]), s=0, k=4)
    px, py = interpolate.splev(AT, (t, c, k), der=1)
    return np.sum(px * py) + np.sum(t**2)


def with_a_parameter(x, y, u):
    tck, u = interpolate.splprep((x, y), u=u, s=0, k=2)
    px, py = interpolate.splev(AT, tck)
    return np.sum(np.sin(px) * py) + np.sum(u**3)


def by_least_squares(x, y, w, t):
    (tck, _), squares, *_ = interpolate.splprep([x, y], w=w, t=t, task=-1, full_output=True)
    px, py = interpolate.splev(AT, tck)
    return np.sum(np.sin(px) * py) + squares


CURVES = [(through_points, (X, Y)), (of_even_degree, (X, Y)), (with_a_parameter, (X, Y, U)),
          (by_least_squares, (X, Y, np.linspace(1.0, 2.0, 9), KNOTS))]


@pytest.mark.parametrize("f, args", CURVES)
def test_a_curve_moves_with_its_points_parameter_weights_and_knots(f, args):
    before = [a.copy() for a in args]
    value, pullback = sd.vjp(f, *args)
    assert value == f(*args)
    first, found = pullback(1.0), pullback(1.0)
    for i, a in enumerate(args):
        along = np.cos(3.0 * np.arange(a.size)) * (a > a.min()) * (a < a.max())

        def moved(h, i=i, along=along):
            return f(*[v + h * along if j == i else v for j, v in enumerate(args)])

        expected = (moved(1e-5) - moved(-1e-5)) / 2e-5
        assert np.array_equal(first[i], found[i])
        assert np.sum(found[i] * along) == pytest.approx(expected, rel=1e-6, abs=1e-8)
        dots = tuple(along if j == i else np.zeros_like(v) for j, v in enumerate(args))
        assert sd.jvp(f, args, dots)[1] == pytest.approx(expected, rel=1e-6, abs=1e-8)
    assert all(map(np.array_equal, args, before))


@pytest.mark.parametrize("options, instead", [
    ({"s": 0.01}, "pass s=0"), ({"per": 1}, "make_interp_spline")])
def test_curves_that_smooth_or_close_are_refused(options, instead):
    def f(x):
        return np.sum(interpolate.splprep([x, Y], **options)[0][1][0])

    with pytest.raises(sd.DifferentiationError, match=f"Instead, .*{instead}"):
        sd.grad(f)(np.concatenate([X[:-1], X[:1]]) if "per" in options else X)
