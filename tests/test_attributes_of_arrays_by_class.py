"""`type(a).__setattr__(a, name, value)` of arrays: followed as `a.name = value` is, or refused."""

import numpy as np
import pytest

import s2sdiff as sd

A = np.array([0.5, -1.2, 2.0, 0.8])


def test_the_real_part_is_memory():
    def f(a, x):
        m = a * x
        type(m).__setattr__(m, "real", x * x)
        return np.sum(m * a)

    assert sd.jvp(f, (A, 1.3), (0 * A, 1.0))[1] == pytest.approx(2.6 * np.sum(A))
    assert sd.jvp(f, (A, 1.3), (np.ones(4), 0.0))[1] == pytest.approx(4 * 1.69)


def test_another_shape_is_refused():
    def f(a, x):
        m = a * x
        type(m).__setattr__(m, "shape", (2, 2))
        return np.sum(m[0])

    with pytest.raises(sd.DifferentiationError, match="shape.*Instead, "):
        sd.jvp(f, (A, 1.3), (0 * A, 1.0))
