"""How distributions move with their shapes where all but nothing of the probability lies."""

import numpy as np
import pytest

import s2sdiff as sd

stats = pytest.importorskip("scipy.stats")
special = pytest.importorskip("scipy.special")

X, C, U = 50.0, 3.0, np.log1p(np.exp(-50.0))
#: By distribution: a method, a point, a shape, and the slope in it of the logarithm.
CLOSED = {
    "genlogistic": [("logcdf", X, C, -U), ("logsf", X, C, U / np.expm1(C * U)),
                    ("sf", X, C, U / np.expm1(C * U) * -np.expm1(-C * U))],
    "powernorm": [("logsf", 30.0, 2.0, special.log_ndtr(-30.0)), ("logsf", 2.0, 0.5,
                                                                  special.log_ndtr(-2.0))],
}


@pytest.mark.parametrize("name, method, x, c, expected", [
    (name, *row) for name, rows in CLOSED.items() for row in rows])
def test_the_slope_in_a_shape_is_that_of_the_closed_form(name, method, x, c, expected):
    distribution = getattr(stats, name)

    def f(c):
        return getattr(distribution, method)(x, c)

    value, pullback = sd.vjp(f, c)
    assert value == f(c)
    for _ in range(2):
        assert pullback(1.0) == pytest.approx(expected, rel=1e-12, abs=0.0)
    assert sd.jvp(f, (c,), (1.0,))[1] == pytest.approx(expected, rel=1e-12, abs=0.0)


@pytest.mark.parametrize("name, method, x, shapes", [
    ("exponweib", "logcdf", 2.0, (3.0, 8.0)), ("exponweib", "sf", 200.0, (10.0, 0.8)),
    ("crystalball", "sf", 12.0, (1.0, 2.0)), ("kappa3", "logsf", 1e6, (1.5,)),
    ("invgauss", "logcdf", 1e-4, (1.05,)), ("burr12", "logsf", 1e9, (2.0, 3.0)),
    ("nct", "logsf", 60.0, (14.0, 0.3)), ("truncpareto", "logsf", 4.9, (1.8, 5.0)),
])
def test_slopes_are_those_of_the_distribution_s_own_digits(name, method, x, shapes):
    def f(shapes):
        return getattr(getattr(stats, name), method)(x, *shapes)

    found, level = sd.grad(f)(shapes), abs(f(shapes))
    for i, h in enumerate(1e-5 * np.array(shapes)):
        step = h * np.eye(len(shapes))[i]
        expected = (f(shapes + step) - f(shapes - step)) / (2 * h)
        assert found[i] == pytest.approx(expected, rel=1e-4, abs=1e-9 * level)


@pytest.mark.parametrize("t, expected", [
    (20.0, -1.5820588673951647e-11), (207.336, -3.512271714571746e-25),
    (2.0, -0.0009746264357525651), (-30.0, 1.3772292418809945e-14)])
def test_the_noncentral_student_distribution_keeps_its_digits_in_both_tails(t, expected):
    """Expected: the integral over the scale of the denominator, with 40 digits."""
    slope = sd.grad(lambda df: stats.nct.sf(t, df, 0.24))(14.0)
    assert slope == pytest.approx(expected, rel=1e-7, abs=0.0)


#: Methods at points, and with scales, at which they or their slopes are infinite or none.
THROWN_AWAY = [
    ("f", "logpdf", (3.0, 7.0), [0.4], [0.0]), ("rayleigh", "pdf", (), [0.4], [0.0]),
    ("weibull_min", "logcdf", (1.3,), [0.4], [0.0]), ("gompertz", "logcdf", (1.3,), [0.4], [0.0]),
    ("skewnorm", "pdf", (1.3,), [0.4], [0.0]),
    ("loggamma", "logpdf", (0.9,), [1e3], [1.2]), ("moyal", "pdf", (), [-1e3], [1.2]),
    ("genlogistic", "logcdf", (0.4,), [-1e3], [1.2]),
]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("name", "method", "shapes", "points", "scales"), THROWN_AWAY)
def test_what_is_none_where_it_is_thrown_away_counts_for_nothing(
        name, method, shapes, points, scales):
    target = getattr(getattr(stats, name), method)
    x, scale = np.array([0.7, *points]), np.array([1.3, *scales])

    def masked(x, scale, *shapes):
        return np.where(np.arange(2) == 0, target(x, *shapes, 0.0, scale), 0.0)

    args, step = [0.7, 1.3, *shapes], 1e-5
    found = sd.grad(lambda *args: np.sum(masked(*args)), wrt=tuple(range(len(args))))(
        x, scale, *shapes)
    for i, entry in enumerate(found):
        high, low = ([v + d * (i == k) for k, v in enumerate(args)] for d in (step, -step))
        slope = (target(high[0], *high[2:], 0.0, high[1])
                 - target(low[0], *low[2:], 0.0, low[1])) / (2 * step)
        np.testing.assert_allclose(entry, [slope, 0.0] if i < 2 else slope, rtol=1e-6)
