"""Where SciPy's own code puts in a limit at single values of a parameter, as a constant in it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import signal, special, stats

import s2sdiff as sd

POINTS = np.array([0.5, 1.2, 2.2])
SIGNED = np.array([0.5, -1.2, 2.2, -0.3])
TABLE = np.array([[0.5, 1.2, 2.2], [1.0, 3.0, 0.2]])
WEIGHTS = np.array([1.0, 2.0, 0.5])
OBSERVED, EXPECTED = np.array([1.0, 2.0, 3.0]), np.array([2.0, 2.5, 1.5])
TIMES = np.array([0.0, 0.3, 0.7])
BY_ROW = np.array([1.0, 2.0])

CASES = {
    "yeojohnson": (lambda p: float(np.sum(np.sin(stats.yeojohnson(SIGNED, p)))), (0.0, 2.0)),
    "yeojohnson_llf": (lambda p: float(stats.yeojohnson_llf(p, SIGNED)), (0.0, 2.0)),
    "boxcox_llf": (lambda p: float(stats.boxcox_llf(p, POINTS)), (0.0,)),
    "boxcox_llf of rows": (lambda p: float(BY_ROW @ stats.boxcox_llf(p, TABLE, axis=1)), (0.0,)),
    "pmean": (lambda p: float(stats.pmean(POINTS, p)), (0.0,)),
    "pmean, weighed": (lambda p: float(stats.pmean(POINTS, p, weights=WEIGHTS)), (0.0,)),
    "pmean of rows": (lambda p: float(BY_ROW @ stats.pmean(TABLE, p, axis=1)), (0.0,)),
    "power_divergence": (lambda p: float(
        stats.power_divergence(OBSERVED, EXPECTED, lambda_=p)[0]), (1.0, 0.0, -1.0)),
    "probability of a divergence": (lambda p: float(
        stats.power_divergence(3 * OBSERVED, lambda_=p)[1]), (1.0, 0.0, -1.0)),
    **{f"{method} chirp, {name}": (lambda p, m=method, n=name: float(np.sum(signal.chirp(
        TIMES, **{"f0": 1.0, "t1": 1.3, "f1": 1.0, n: p}, method=m))), (1.0,))
       for method in ("logarithmic", "hyperbolic") for name in ("f0", "f1")},
    **{f"diric of {n}": (lambda p, n=n: float(special.diric(p, n)), (0.0, 2 * np.pi, -4 * np.pi))
       for n in (1, 4, 5)},
    **{f"poch to {m}": (lambda p, m=m: float(special.poch(p, m)), (0.0, -3.0))
       for m in (0.5, 2.0, 3.0, 5.0)},
    "spence": (lambda p: float(special.spence(p)), (1.0,)),
    "rgamma": (lambda p: float(special.rgamma(p)), (0.0, -2.0)),
    "factorial": (lambda p: float(special.factorial(p)), (1.0,)),
    "double factorial": (lambda p: float(special.factorial2(p, extend="complex")), (1.0,)),
    "multifactorial": (lambda p: float(special.factorialk(p, 2.5, extend="complex")), (1.0,)),
    "order of a multifactorial": (
        lambda p: float(special.factorialk(3.0, p, extend="complex")), (1.0, 2.0)),
    "binom": (lambda p: float(special.binom(p, 2.0)), (0.0, 1.0)),
}
AT = [pytest.param(name, p, id=f"{name} at {p:.3g}")
      for name, (_, points) in CASES.items() for p in points]


def slope_by_differences(f, x, h=2e-3):
    """Central ones of sixth order, so wide that no point is near the one with the limit."""
    return (45 * (f(x + h) - f(x - h)) - 9 * (f(x + 2 * h) - f(x - 2 * h))
            + f(x + 3 * h) - f(x - 3 * h)) / (60 * h)


@pytest.mark.parametrize(("name", "at"), AT)
def test_where_a_limit_is_put_in_the_slope_is_that_of_the_function(name, at):
    f, _ = CASES[name]
    expected = slope_by_differences(f, at)
    value, pullback = sd.vjp(f, at)
    assert value == f(at)
    assert pullback(1.0) == pytest.approx(expected, rel=1e-7, abs=1e-8)
    assert sd.jvp(f, (at,), (1.0,))[1] == pytest.approx(expected, rel=1e-7, abs=1e-8)


@pytest.mark.parametrize(("name", "at"), AT)
@pytest.mark.parametrize("aside", [1e-9, -1e-6])
def test_beside_a_limit_the_slope_keeps_its_digits(name, at, aside):
    f, _ = CASES[name]
    expected = slope_by_differences(f, at + aside)
    assert sd.grad(f)(at + aside) == pytest.approx(expected, rel=2e-6, abs=1e-7)


@pytest.mark.parametrize(("name", "at"), AT)
def test_where_a_limit_is_put_in_second_derivatives_are_those_of_the_slope(name, at):
    slope = sd.grad(CASES[name][0])
    expected = slope_by_differences(slope, at)
    assert sd.grad(slope)(at) == pytest.approx(expected, rel=1e-6, abs=1e-8)
    assert sd.jvp(slope, (at,), (1.0,))[1] == pytest.approx(expected, rel=1e-6, abs=1e-8)


DATA = {
    "yeojohnson": (lambda x, p: np.sin(stats.yeojohnson(x, p)), SIGNED, (0.0, 2.0, 1e-9)),
    "boxcox_llf": (lambda x, p: stats.boxcox_llf(p, x), POINTS, (0.0, 0.1, -0.7)),
    "pmean": (lambda x, p: stats.pmean(x, p), POINTS, (0.0, 1.0, 1e-5)),
    "pmean, weights": (lambda w, p: stats.pmean(POINTS, p, weights=w), WEIGHTS, (0.0, 2.0, 1e-5)),
    "diric": (lambda x, p: special.diric(x, p), np.array([0.0, 1.3, 2 * np.pi]), (3, 4)),
    "logarithmic chirp": (lambda t, f: signal.chirp(t, 1.0, 1.3, f, method="log"), TIMES, (1.0,)),
    "hyperbolic chirp": (lambda t, f: signal.chirp(t, 1.0, 1.3, f, method="hyp"), TIMES,
                         (1.0, 2.0, 0.2)),
    "end of a chirp": (lambda t1, f: signal.chirp(TIMES, 1.0, t1, f, method="log"),
                       np.array(1.3), (1.0, 2.0)),
    "end of a hyperbola": (lambda t1, f: signal.chirp(TIMES, 1.0, t1, f, method="hyp"),
                           np.array(1.3), (1.0, 2.0)),
}


@pytest.mark.parametrize("name", DATA)
def test_where_a_limit_is_put_in_the_data_have_their_slopes(name):
    f, data, parameters = DATA[name]
    for p in parameters:
        sd.check_grads(lambda x, p=p: f(x, p), (data,))


@pytest.mark.parametrize("power", [1.0, 0.0, -1.0, 0.4, -0.8])
def test_divergences_move_with_counts_whose_sum_stays(power):
    along = np.array([0.1, -0.2, 0.1])

    def f(s, p):
        return float(stats.power_divergence(OBSERVED + s * along, EXPECTED - s * along,
                                            lambda_=p)[0])

    expected = slope_by_differences(lambda s: f(s, power), 0.3)
    assert sd.grad(f)(0.3, power) == pytest.approx(expected, rel=1e-7)
    mixed = sd.grad(sd.grad(f), wrt=1)(0.3, power)
    expected = slope_by_differences(lambda p: slope_by_differences(lambda s: f(s, p), 0.3), power)
    assert mixed == pytest.approx(expected, rel=1e-5)


def test_beyond_where_a_hyperbolic_chirp_is_infinite_its_parts_have_slopes():
    def f(t, f0, t1, f1):
        return signal.chirp(t, f0, t1, f1, method="hyperbolic")

    sd.check_grads(f, (np.array([0.4, 1.1, 1.9]), 1.0, 0.6, 2.0))


def test_power_means_of_a_zero_have_slopes_in_the_power():
    def f(p):
        return float(stats.pmean(np.array([0.0, 1.0, 2.0]), p))

    assert sd.grad(f)(1.5) == pytest.approx(slope_by_differences(f, 1.5), rel=1e-7)


def test_divergences_refuse_what_scipy_refuses():
    with pytest.raises(ValueError, match="sum of the observed"):
        sd.grad(lambda o: float(stats.chisquare(o, EXPECTED)[0]))(2 * OBSERVED)
    with pytest.raises(ValueError, match="invalid string for lambda_"):
        sd.grad(lambda o: float(stats.power_divergence(o, lambda_="none")[0]))(OBSERVED)
    with pytest.raises(ValueError, match="method must be"):
        sd.grad(lambda f: float(signal.chirp(0.3, f, 1.0, 2.0, method="none")))(1.0)


def test_a_rule_of_a_python_function_counts_where_its_body_would_say_otherwise():
    def squared_beside(x):
        return 4.0 if x == 2.0 else x * x

    @sd.derivative(of=squared_beside)
    def squared_beside_derivative(x):
        return squared_beside(x), lambda bar: bar * (2 * x)

    def f(x):
        table = {"f": squared_beside}
        return float(np.sin(table["f"](x)))

    # sin(x**2)
    expected = 2 * np.cos(4.0) - 16 * np.sin(4.0)
    assert sd.jvp(sd.grad(f), (2.0,), (1.0,))[1] == pytest.approx(expected, rel=1e-12)
    assert sd.grad(sd.grad(f))(2.0) == pytest.approx(expected, rel=1e-12)
