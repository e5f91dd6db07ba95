"""Second derivatives of powers, also where the base is 0 and where the rule is called."""

import functools
import math
import operator

import numpy as np
import pytest

import s2sdiff as sd
from tests.rules.four_ways import second_ways


def plain(x, y):
    return x**y


def called(x, y):
    return pow(x, y)


def mapped(x, y):
    return list(map(pow, [x], [y]))[0]


def reduced(x, y):
    return functools.reduce(operator.pow, [x, y])


def looked_up(x, y):
    return {"power": operator.pow}["power"](x, y)


def in_place(x, y):
    x **= y
    return x


def of_numpy(x, y):
    return np.power(x, y)


def of_floats(x, y):
    return np.float_power(x, y)


def of_math(x, y):
    return math.pow(x, y)


FORMS = [plain, called, mapped, reduced, looked_up, in_place, of_numpy, of_floats, of_math]


def bend(x, y, slots):
    """The closed form, where the base is positive."""
    if slots == (0, 0):
        return y * (y - 1) * x ** (y - 2)
    if slots == (1, 1):
        return x**y * math.log(x) ** 2
    return x ** (y - 1) * (1 + y * math.log(x))


@pytest.mark.parametrize("y", [0.0, 0.5, 2.0])
@pytest.mark.parametrize("form", FORMS)
def test_second_derivatives_of_powers_count_the_exponent_at_each_form(form, y):
    for slots in ((0, 0), (0, 1), (1, 0), (1, 1)):
        for way, found in second_ways(form, (1.5, y), *slots).items():
            assert found == pytest.approx(bend(1.5, y, slots), rel=1e-12, abs=1e-12), (way, slots)


#: The limit of x**(y - 1) * (1 + y * log(x)).
MIXED = [(0.0, np.inf), (0.5, -np.inf), (1.0, -np.inf), (1.5, 0.0), (2.0, 0.0), (3.0, 0.0)]


@pytest.mark.parametrize(("y", "mixed"), MIXED)
@pytest.mark.parametrize("form", [plain, called, of_numpy, of_math])
def test_the_mixed_derivative_of_a_power_of_zero_is_its_limit_or_nan(form, y, mixed):
    for slots in ((0, 1), (1, 0)):
        found = second_ways(form, (0.0, y), *slots)
        for way, number in found.items():
            assert number == mixed or np.isnan(number), (way, slots, number)
        # Plain products of forward mode have nan where 0 meets infinity.
        assert found["rr"] == mixed, slots


def test_the_mixed_derivative_of_powers_of_arrays_is_the_limit_at_zeros():
    y = np.array([y for y, _ in MIXED])
    for slots in ((0, 1), (1, 0)):
        found = second_ways(of_numpy, (np.zeros(len(y)), y), *slots)["rr"]
        assert found.tolist() == [mixed for _, mixed in MIXED]


def test_a_weight_of_zero_keeps_the_mixed_derivative_out():
    def weighed(x, y, w):
        return np.sum(w * x**y)

    x, y, w = np.array([0.0, 2.0]), np.array([1.0, 3.0]), np.array([0.0, 1.0])
    with np.errstate(all="ignore"):
        mixed = sd.grad(lambda x, y: np.sum(sd.grad(weighed)(x, y, w)), wrt=1)(x, y)
    assert mixed[0] == 0.0 and mixed[1] == pytest.approx(4 * (1 + 3 * math.log(2)), rel=1e-14)


def test_third_derivatives_of_powers_are_right():
    third = sd.grad(sd.grad(sd.grad(plain, wrt=0), wrt=1), wrt=1)(1.5, 2.0)
    log = math.log(1.5)
    assert third == pytest.approx(1.5 * log * (2 + 2 * log), rel=1e-14)
    third = sd.grad(sd.grad(sd.grad(plain, wrt=1), wrt=0), wrt=0)(1.5, 2.0)
    assert third == pytest.approx(2 * log + 3, rel=1e-14)


def test_complex_powers_bend_in_the_exponent():
    def part(x, y):
        return np.real((x + 0.5j) ** y)

    z, log = 1.5 + 0.5j, np.log(1.5 + 0.5j)
    for slots in ((0, 1), (1, 0)):
        found = second_ways(part, (1.5, 2.0), *slots)
        for way, number in found.items():
            assert number == pytest.approx(np.real(z * (1 + 2 * log)), rel=1e-12), (way, slots)
