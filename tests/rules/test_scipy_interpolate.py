"""Splines of FITPACK against finite differences."""

import numpy as np
import pytest

from tests.rules.checker import check_rule

interpolate = pytest.importorskip("scipy.interpolate")

KNOTS = np.linspace(0.0, 3.0, 7)
SPLINE = interpolate.splrep(KNOTS, np.sin(KNOTS))


@pytest.mark.parametrize("order", [0, 1, 2, 3])
@pytest.mark.parametrize("outside", [0, 1, 3])
def test_splines_agree_with_differences_in_their_argument(order, outside):
    for x in (0.7, np.array([0.2, 1.7]), np.array([[1.1], [2.9]])):
        check_rule(interpolate.splev, x, SPLINE, order, outside, wrt="x")
    check_rule(interpolate.splev, np.array([-0.5, 0.7, 3.4]), SPLINE, 0, outside, wrt="x")
