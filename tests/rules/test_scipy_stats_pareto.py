"""Pareto's distribution function on the scale of logarithms, also beside the end of its support."""

import numpy as np
import pytest
from scipy import stats

import s2sdiff as sd


def logcdf(x, b):
    return stats.pareto.logcdf(x, b)


def test_slopes_agree_with_differences_in_all_parameters():
    x = np.array([1.3, 2.0, 5.0, 0.4])

    def total(x, b, loc, scale):
        return np.sum(np.maximum(stats.pareto.logcdf(x, b, loc, scale), -50.0)
                      * np.array([1.0, -2.0, 0.5, 3.0]))

    sd.check_grads(total, (x, 1.4, 0.1, 0.8), order=2)
    shapes = np.array([0.7, 1.0, 2.0, 3.0])
    sd.check_grads(lambda b, scale: total(3.0, b, 0.2, scale), (shapes, 0.8))
    found = sd.grad(lambda x: np.sum(stats.pareto.logcdf(x, 2.0)))([2.0, 3.0])
    assert isinstance(found, list)
    np.testing.assert_allclose(found, [2 / 8 / (1 - 1 / 4), 2 / 27 / (1 - 1 / 9)])


def test_what_lies_outside_or_is_not_allowed_has_no_slope():
    with np.errstate(all="ignore"):
        for args in ((0.5, 2.0, 0.0, 1.0), (2.0, -1.0, 0.0, 1.0), (2.0, 1.0, 0.0, -1.0)):
            assert sd.grad(stats.pareto.logcdf, wrt=(0, 1))(*args) == (0.0, 0.0)


#: With u = log(x), d2/dx db of log(1 - exp(-b u)) is -1/2 - (1 - b) u/2 + ... of x = 1, and
#: d2/db2 is -1/b**2 + u**2/12 - ...
@pytest.mark.parametrize("distance", [0.0, 1e-14, 1e-12, 1e-8, 1e-5])
@pytest.mark.parametrize("b", [0.7, 1.0, 2.0])
def test_nothing_is_lost_beside_the_end(distance, b):
    x = 1.0 + distance
    u = np.log(x)
    # exp(u) times the derivative in u: of u/(exp(t) - 1), t = b u, that is -1/2 + b u/6 - ...
    bends = {(0, 1): (-0.5 + b * u / 6) * np.exp(-u), (1, 1): -1 / b**2 + u**2 / 12}
    for (inner, outer), bend in {**bends, (1, 0): bends[0, 1]}.items():
        slope, along = sd.grad(logcdf, wrt=inner), (float(outer == 0), float(outer == 1))
        with np.errstate(all="ignore"):
            found = sd.grad(slope, wrt=outer)(x, b), sd.jvp(slope, (x, b), along)[1]
        np.testing.assert_allclose(found, [bend, bend], rtol=1e-9)
