"""SciPy's interpolation of scattered data, by differences."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.rules.whole import check_whole

interpolate = pytest.importorskip("scipy.interpolate")

CORNERS = np.array([[0.0, 0.0], [1.0, 0.1], [0.1, 1.0], [1.1, 1.2], [0.4, 0.6]])
VALUES = np.array([0.3, -1.2, 0.8, 2.0, -0.4])
AT = np.array([[0.31, 0.23], [0.62, 0.71], [0.93, 0.84]])

SCATTERED = {
    "coordinates apart": lambda p, v, x: interpolate.griddata(
        (p[:, 0], p[:, 1]), v, (x[:, 0], x[0, 1])),
    "rescaled": lambda p, v, x: interpolate.griddata(p * [1, 9], v, x * [1, 9], rescale=True),
    "columns": lambda p, v, x: interpolate.griddata(p, np.stack([v, v**2], 1), x),
    "one place": lambda p, v, x: interpolate.griddata(p, v, x[0]),
    "filled": lambda p, v, x: interpolate.griddata(p, v, x * [1.0, 5.0], fill_value=v[0] ** 2),
    "nearest": lambda p, v, x: interpolate.griddata(p, v, x, method="nearest"),
    "on a line": lambda p, v, x: interpolate.griddata(p[::-1, 0], v, x[:, 0]),
    "called with numbers": lambda p, v, x: interpolate.LinearNDInterpolator(p, v)(x[0, 0], x[0, 1]),
    "the nearest with options": lambda p, v, x: interpolate.NearestNDInterpolator(
        p, v, tree_options={"leafsize": 2})(x, p=1),
    "the nearest of one": lambda p, v, x: interpolate.NearestNDInterpolator(p, v)(x[1, 0], x[1, 1]),
}


@pytest.mark.parametrize("way", SCATTERED)
def test_scattered_data_move_what_is_interpolated(way):
    check_whole(SCATTERED[way], CORNERS, VALUES, AT)


def test_complex_values_are_weighed_as_real_ones():
    found = sd.grad(lambda v: np.sum(np.real(interpolate.griddata(CORNERS, v, AT) * (1 + 2j))))(
        VALUES + 0.5j)
    plain = sd.grad(lambda v: np.sum(interpolate.griddata(CORNERS, v, AT)))(VALUES)
    np.testing.assert_allclose(found, plain * (1 + 2j))


@pytest.mark.parametrize("f", [
    lambda v: interpolate.griddata(CORNERS, v, AT, method="cubic"),
    lambda v: interpolate.CloughTocher2DInterpolator(CORNERS, v)(AT),
])
def test_estimated_slopes_are_refused(f):
    with pytest.raises(sd.UnsupportedError, match=r"estimates slopes.*Instead, interpolate"):
        sd.vjp(f, VALUES)
