"""Small integers beside floats: no square, negative or logarithm of theirs in a derivative."""

import math

import numpy as np
import pytest

import s2sdiff as sd

special = pytest.importorskip("scipy.special")
stats = pytest.importorskip("scipy.stats")

COUNTS = np.array([1, 3, 200], np.uint8)
SIGNED = np.array([-100, 3, 100], np.int8)
X = np.array([0.7, 0.45, 0.9])


@pytest.mark.parametrize("function", [
    lambda x: np.arctan2(COUNTS, x), lambda x: np.arctan2(x, SIGNED), lambda x: COUNTS**x,
    lambda x: np.power(COUNTS, x), lambda x: pow(COUNTS[1], x[0]),
    lambda x: np.float_power(COUNTS, x), lambda x: math.atan2(COUNTS[2], x[0]),
    lambda x: math.atan2(x[0], np.int8(100)), lambda x: special.xlogy(x, COUNTS),
    lambda x: special.rel_entr(COUNTS, x), lambda x: special.huber(COUNTS, 2.5 * x),
    lambda x: special.boxcox(COUNTS, x), lambda x: special.owens_t(COUNTS, x),
    lambda x: stats.norm.logpdf(COUNTS, 2, 100 * x), lambda x: stats.t.logpdf(COUNTS, x, 2, 90)])
def test_small_integers_count_as_the_numbers_that_they_are(function):
    weights = np.cos(np.arange(np.size(function(X)))).reshape(np.shape(function(X)))
    step = 1e-5
    for along in np.eye(3):
        ahead, behind = (np.sum(weights * function(X + s * along)) for s in (step, -step))
        slope = (ahead - behind) / (2 * step)
        found = sd.grad(lambda x: np.sum(weights * function(x)))(X) @ along
        tangent = np.sum(weights * sd.jvp(function, (X,), (along,))[1])
        assert (found, tangent) == pytest.approx((slope, slope), rel=1e-6, abs=1e-7)


def test_angles_of_tiny_points_have_slopes():
    for function in (np.arctan2, math.atan2):
        found = sd.grad(function, wrt=(0, 1))(3e-200, 4e-200)
        assert found == pytest.approx((4 / 25e-200, -3 / 25e-200))
