"""Second derivatives of roots, splines and distributions, which values with tangents go through."""

import numpy as np
import pytest

import s2sdiff as sd

pytest.importorskip("scipy")
import scipy.interpolate  # noqa: E402  (it is an extra)
import scipy.optimize  # noqa: E402
import scipy.stats  # noqa: E402

KNOTS = np.linspace(0.0, 4.0, 9)
SPLINE = scipy.interpolate.CubicSpline(KNOTS, np.sin(KNOTS))
SHAPES = {"a": 2.0, "scale": 1.5}


def cubic(t, p):
    return t ** 3 + p * t - 1.0


def by_bisection(p):
    return scipy.optimize.brentq(lambda t: cubic(t, p), 0.0, 2.0)


def with_arguments(p):
    return scipy.optimize.brentq(cubic, 0.0, 2.0, args=(p,))


def of_vectors(p):
    def equations(t):
        return np.array([t[0] ** 3 + p * t[0] - t[1], t[1] - p])

    return np.sum(scipy.optimize.root(equations, np.array([0.5, 1.0]), tol=1e-13).x)


def of_table(x):
    return SPLINE(x) ** 2


def through_values(x):
    return scipy.interpolate.CubicSpline(KNOTS, np.sin(KNOTS) * x)(1.3) * x ** 2


def density(x):
    return scipy.stats.gamma.logpdf(x, SHAPES["a"], scale=SHAPES["scale"])


def of_root(p):
    """The second derivative of the root of `t**3 + p*t - 1`, which moves by `-t / (3*t**2 + p)`."""
    t = by_bisection(p)
    slope = 3 * t ** 2 + p
    first = -t / slope
    return -first / slope + t * (6 * t * first + 1.0) / slope ** 2


@pytest.mark.parametrize("f, x, second", [
    (by_bisection, 1.3, of_root(1.3)), (with_arguments, 1.3, of_root(1.3)),
    (of_vectors, 1.3, None),
    (of_table, 2.3, 2 * SPLINE(2.3, 1) ** 2 + 2 * SPLINE(2.3) * SPLINE(2.3, 2)),
    (through_values, 1.2, 6 * SPLINE(1.3) * 1.2), (density, 2.3, -1.0 / 2.3 ** 2)],
    ids=lambda v: getattr(v, "__name__", ""))
def test_second_derivatives(f, x, second):
    found = sd.hvp(f, (x,), (1.0,))
    slopes = [sd.grad(f)(x + step) for step in (1e-5, -1e-5)]
    assert found == pytest.approx((slopes[0] - slopes[1]) / 2e-5, rel=1e-6)
    assert second is None or found == pytest.approx(second, rel=1e-9)
