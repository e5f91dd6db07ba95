"""Filters of `scipy.ndimage` for Fourier transforms, in what their factors are made with."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.rules.checker import draw

ndimage = pytest.importorskip("scipy.ndimage")
IMAGE = draw((4, 5), -1.0, 1.0, 1)


@pytest.mark.parametrize("name", ["fourier_gaussian", "fourier_uniform", "fourier_shift"])
@pytest.mark.parametrize("by", [1.3, np.array([0.7, 1.6])], ids=["one", "each"])
def test_their_parameters_agree_with_differences(name, by):
    function = getattr(ndimage, name)
    sd.check_grads(lambda x, by: function(np.fft.fft2(x), by), (IMAGE, by))
    sd.check_grads(lambda x, by: function(np.fft.rfft(x), by, 5, 1), (IMAGE, by))
    sd.check_grads(lambda x, by: function(np.fft.rfft(x, axis=0), by, n=4, axis=0), (IMAGE, by))


def test_images_that_are_registered_find_their_shift():
    def apart(shift):
        moved = np.fft.ifft2(ndimage.fourier_shift(np.fft.fft2(IMAGE), shift)).real
        return np.sum((moved - IMAGE) ** 2)

    sd.check_grads(apart, (np.array([0.3, -0.4]),))
    assert np.allclose(sd.grad(apart)(np.zeros(2)), 0.0)


@pytest.mark.parametrize("options", [
    {"mode": "wrap"}, {"mode": "constant"}, {"mode": "interp"}, {"axis": 0, "mode": "constant"}])
def test_the_step_and_the_constant_of_a_smoothed_derivative_agree_with_differences(options):
    signal = pytest.importorskip("scipy.signal")
    x = draw((7, 8), -1.0, 1.0, 2)
    for order in (0, 1, 2):
        sd.check_grads(lambda x, step, beyond, n=order: signal.savgol_filter(
            x, 5, 3, n, step, cval=beyond, **options), (x, 0.3, 0.8))
