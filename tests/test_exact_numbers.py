"""Fractions, decimals and dates beside floats: constants, whatever class they are of."""

import datetime
import decimal
import fractions

import numpy as np
import pytest

import s2sdiff as sd

THIRD = fractions.Fraction(1, 3)


def slope(f, x):
    return (f(x + 1e-6) - f(x - 1e-6)) / 2e-6


def arithmetic(x):
    return x * THIRD + THIRD * x - x / THIRD + THIRD / x + x**THIRD + THIRD**x + x % THIRD


def in_a_list(x):
    weights, kept = [THIRD, 2 * THIRD], [x]
    kept[0] = kept[0] * weights[1]
    kept[0] += THIRD
    return sum(float(w) for w in weights) * kept[0]


def decimals(x):
    return float(decimal.Decimal("1.5") * 2) * x**2


def cash_flows(x):
    flows = {datetime.date(2020, 1, 1): x, datetime.date(2021, 7, 1): x * x}
    start = min(flows)
    return sum(v * 0.95 ** ((day - start).days / 365) for day, v in flows.items())


@pytest.mark.parametrize("f", [arithmetic, in_a_list, decimals, cash_flows])
def test_what_is_exact_is_a_constant(f):
    assert sd.grad(f)(0.7) == pytest.approx(slope(f, 0.7), rel=1e-6)
    value, pullback = sd.vjp(f, 0.7)
    assert value == f(0.7)
    assert pullback(1.0) == pytest.approx(slope(f, 0.7), rel=1e-6)


def test_a_number_of_numpy_meets_a_fraction():
    f = lambda x: x * THIRD + THIRD * x  # noqa: E731
    assert sd.grad(f)(np.float64(0.7)) == pytest.approx(2 / 3)


def test_a_decimal_or_a_fraction_of_an_active_value_is_refused():
    for f in (lambda x: float(decimal.Decimal(x)) * x, lambda x: float(fractions.Fraction(x)) * x):
        with pytest.raises(sd.DifferentiationError, match="Instead"):
            sd.grad(f)(0.7)
