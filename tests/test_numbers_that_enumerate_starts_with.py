"""What `enumerate` starts with is a whole number, and has no derivative, wherever it comes from."""

import numpy as np
import pytest

import s2sdiff as sd


class Windows:
    """As `scipy.signal.ShortTimeFFT`, which remembers the last place that it has found."""

    def __init__(self, weights, hop):
        self.weights, self.step = weights, hop

    @property
    def hop(self):
        return self.step

    def last(self, n):
        for i, k in enumerate(range(0, n, self.hop), start=n // self.hop):
            if k + self.hop >= n:
                self.found = i
                return i
        raise RuntimeError


def test_a_loop_numbered_from_what_an_object_holds_is_followed():
    x = np.arange(10.0)
    gradient = sd.grad(lambda x: Windows(x, 4).last(len(x)) * x[0] ** 2)
    np.testing.assert_allclose(gradient(x + 1.0), 4 * 2 * np.eye(10)[0])


def test_what_is_no_whole_number_is_told_as_python_tells_it():
    def f(x, start):
        total = 0.0
        for i, v in enumerate(x, start):
            total = total + i * v
        return total

    with pytest.raises(TypeError, match="'float' object cannot be interpreted as an integer"):
        sd.grad(f, wrt=(0, 1))(np.ones(2), 1.0)
    np.testing.assert_allclose(sd.grad(f)(np.ones(2), np.int64(3)), [3.0, 4.0])


def test_short_time_transforms_agree_with_differences():
    signal = pytest.importorskip("scipy.signal")
    transform = signal.ShortTimeFFT(np.hanning(8), 4, 1.0)
    x = np.sin(np.arange(30.0) ** 1.3)
    sd.check_grads(lambda x: np.sum(np.abs(transform.stft(x)) ** 4), (x,))
    sd.check_grads(lambda w, x: np.sum(signal.ShortTimeFFT(w, 4, 1.0).spectrogram(x) ** 2),
                   (np.hanning(8) + 0.1, x))
