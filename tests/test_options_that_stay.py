"""Second derivatives of filters whose options are numbers that stay where they are."""

import numpy as np
import pytest
from scipy import ndimage

import s2sdiff as sd

FILTERS = {
    "gaussian_filter": lambda x: ndimage.gaussian_filter(x, 1.0),
    "gaussian_filter1d": lambda x: ndimage.gaussian_filter1d(x, 0.8, order=1),
    "gaussian_laplace": lambda x: ndimage.gaussian_laplace(x, 1.0),
    "uniform_filter": lambda x: ndimage.uniform_filter(x, 3),
    "modes": lambda x: ndimage.gaussian_filter(
        x, (1.0, 0.5), mode=["reflect", "constant"]),  # type: ignore[arg-type]
    "convolve": lambda x: ndimage.convolve(x, np.arange(9.0).reshape(3, 3)),
    "correlate1d": lambda x: ndimage.correlate1d(x, np.array([1.0, 2.0, -1.0])),
    "zoom": lambda x: ndimage.zoom(x, 1.5),
}


@pytest.mark.parametrize("name", FILTERS)
def test_a_linear_filter_has_the_second_derivative_of_what_follows(name):
    function = FILTERS[name]
    rng = np.random.default_rng(3)
    x, v = rng.normal(size=(2, 5, 6))

    def f(x):
        return np.sum(function(x) ** 3)

    def slope(w):
        """The third power's second derivative in the directions v and w: the filter is linear."""
        return np.sum(6 * function(x) * function(v) * function(w))

    units = np.eye(x.size).reshape(-1, *x.shape)
    expected = np.reshape([slope(w) for w in units], x.shape)
    was = x.copy()
    _, found = sd.jvp(sd.grad(f), (x,), (v,))
    np.testing.assert_allclose(found, expected, atol=1e-10)
    np.testing.assert_array_equal(x, was)


def test_an_option_that_moves_is_refused():
    x = np.arange(6.0)

    def f(x, t):
        return ndimage.gaussian_filter1d(x, 1.0, truncate=t)

    with pytest.raises(sd.MissingDerivativeError, match="Instead"):
        sd.jvp(f, (x, 4.0), (x, 1.0))
