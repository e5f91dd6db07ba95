"""Peaks of a signal: where they are is constant, how high they are and stand out is not."""

import numpy as np
import pytest

import s2sdiff as sd

signal = pytest.importorskip("scipy.signal")

X = np.array([0.1, 0.9, 0.3, 1.4, 0.2, 0.25, 0.7, -0.1, 0.4, 0.05])
WAYS = {
    "heights": lambda x: x[signal.find_peaks(x)[0]],
    "the heights that it tells": lambda x: signal.find_peaks(x, height=0.5)[1]["peak_heights"],
    "prominences that it tells": lambda x: signal.find_peaks(x, prominence=0.2)[1]["prominences"],
    "prominences": lambda x: signal.peak_prominences(x, [1, 3, 6])[0],
    "in a window": lambda x: signal.peak_prominences(x, [1, 3, 6], wlen=5)[0],
    "far apart": lambda x: x[signal.find_peaks(x, distance=3)[0]] ** 2,
}


@pytest.mark.parametrize("way", WAYS)
def test_heights_move_with_the_signal(way):
    sd.check_grads(WAYS[way], (X,))
