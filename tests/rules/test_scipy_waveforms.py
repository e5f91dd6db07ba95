"""SciPy's waveforms, windows and trends, differentiated through their own source."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.rules.checker import draw

signal = pytest.importorskip("scipy.signal")

T = draw((6,), 0.1, 0.9, 1)


@pytest.mark.parametrize("method", ["linear", "quadratic", "logarithmic", "hyperbolic"])
def test_chirps_agree_with_differences(method):
    sd.check_grads(lambda t, f0, t1, f1: signal.chirp(t, f0, t1, f1, method=method),
                   (T, 1.5, 2.0, 4.0))


def test_pulses_and_saws_agree_with_differences():
    sd.check_grads(lambda t: signal.gausspulse(t, fc=5.0), (T,))
    sd.check_grads(lambda t, fc, bw: signal.gausspulse(t, fc, bw), (T, 5.0, 0.4))
    sd.check_grads(lambda t: signal.gausspulse(t, fc=5.0, retquad=True, retenv=True), (T,))
    sd.check_grads(lambda t: signal.sawtooth(5.0 * t, 0.3), (T,))
    sd.check_grads(lambda t: signal.square(9.0 * t) * t, (T,))


def test_a_square_wave_has_slope_zero():
    found = sd.grad(lambda t: np.sum(signal.square(9.0 * t) + t))(T)
    assert np.array_equal(found, np.ones(6))


@pytest.mark.parametrize("window", [
    lambda s: signal.windows.gaussian(7, s), lambda s: signal.windows.gaussian(6, s, sym=False),
    lambda s: signal.windows.general_gaussian(7, s, 1.7), lambda s: signal.windows.kaiser(7, s),
    lambda s: signal.windows.exponential(7, tau=s),
    lambda s: signal.windows.general_hamming(7, s)])
def test_windows_agree_with_differences(window):
    sd.check_grads(window, (0.8,))


@pytest.mark.parametrize("options", [{}, {"type": "constant"}, {"bp": [3]}, {"axis": 0}])
def test_detrending_agrees_with_differences(options):
    sd.check_grads(lambda x: signal.detrend(x, **options), (draw((7, 8), -1.0, 1.0, 1),))
