"""Carlson's elliptic integrals: apart, equal and nearly equal arguments, and principal values."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.rules.checker import check_rule

special = pytest.importorskip("scipy.special")

X, Y, Z = np.array([0.4, 1.3]), 0.7, np.array([[1.2], [0.9]])
ROWS = {
    "elliprc": [(X, Z), (1.3, 1.3), (0.5, -2.0), (2.0, np.array(0.3))],
    "elliprf": [(X, Y, Z), (1.3, 1.3, 1.3), (0.3, 0.3, 2.0)],
    "elliprg": [(X, Y, Z), (1.3, 1.3, 1.3), (X[:0], Y, Z)],
    "elliprd": [(X, Y, Z), (1.3, 1.3, 1.3), (3.0, 0.3, 3.0005), (2.0, 2.0, 1.0)],
    "elliprj": [(X, Y, Z, 2.5), (1.3, 1.3, 1.3, 1.3), (1.0, 2.0, 3.0, 2.0),
                (1.0, 2.0, 3.0, 2.0001), (1.0, 2.0, 3.0, -0.7)],
}


@pytest.mark.parametrize(("name", "args"), [(n, a) for n, rows in ROWS.items() for a in rows])
def test_an_integral_agrees_with_differences(name, args):
    check_rule(getattr(special, name), *args)


@pytest.mark.parametrize("name", ["elliprc", "elliprf", "elliprg", "elliprd", "elliprj"])
def test_complex_arguments_that_are_apart_agree_with_differences(name):
    target = getattr(special, name)
    check_rule(target, *(0.4 + 0.3j, 0.7 + 0j, 1.2 - 0.2j, 2.1 + 0.1j)[:len(ROWS[name][0])])


def test_a_slope_where_an_argument_is_zero_is_that_of_the_others():
    # d/dz R_G(0, y, z) is finite beside a vertical tangent in the first argument.
    found = sd.grad(lambda y: special.elliprg(0.0, y, 1.0))(0.6)
    step = 1e-5
    assert found == pytest.approx((special.elliprg(0.0, 0.6 + step, 1.0) - special.elliprg(
        0.0, 0.6 - step, 1.0)) / (2 * step), rel=1e-8)


def test_complex_arguments_that_are_nearly_equal_are_refused():
    with pytest.raises(sd.DifferentiationError, match="Instead, move them apart"):
        sd.vjp(lambda x: special.elliprd(x, 1.0 + 0j, 2.0 + 0j), 2.0 + 1e-6j)[1](1.0 + 0j)
