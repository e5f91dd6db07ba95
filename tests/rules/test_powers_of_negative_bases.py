"""Powers of real negative bases with complex exponents: principal values, and their derivatives."""

import numpy as np
import pytest

import s2sdiff as sd

Z = np.array([0.4 + 1.0j, 0.8 - 0.5j])


@pytest.mark.parametrize("base", [-1, -2.0, np.float64(-1.5), np.array([-1.5, 2.0]), -1.5 + 0j])
@pytest.mark.parametrize("power", [lambda x, z: x**z, np.power, np.float_power])
def test_powers_of_negative_bases_have_principal_derivatives(power, base):
    logarithm = np.log(base + 0j)
    value, dot = sd.jvp(lambda z: power(base, z), (Z,), (np.ones(2, complex),))
    np.testing.assert_allclose(dot, value * logarithm)
    pullback = sd.vjp(lambda z: power(base, z), Z)[1]
    np.testing.assert_allclose(pullback(np.ones(2, complex)), value * logarithm)
    twice = sd.jvp(lambda z: sd.jvp(lambda z: power(base, z), (z,), (np.ones(2, complex),))[1],
                   (Z,), (np.ones(2, complex),))[1]
    np.testing.assert_allclose(twice, value * logarithm**2)
