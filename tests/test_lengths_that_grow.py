"""Arrays that have length 1 before a loop, and are broadcast to more in it."""

import numpy as np
import numpy.polynomial.chebyshev
import pytest

import s2sdiff as sd


def recurrence(c, x):
    c = c.reshape(c.shape + (1,))
    before, last = c[-2], c[-1]
    for i in range(3, len(c) + 1):
        before, last = c[-i] - last, before + last * x
    return np.sum(np.sin(before + last * x))


def series(c, x):
    return np.sum(np.sin(np.polynomial.chebyshev.chebval(x, c)))


@pytest.mark.parametrize("function", [recurrence, series])
def test_cotangents_are_summed_back_to_the_length_that_there_was(function):
    c, x, step = np.array([0.3, -0.7, 1.1, 0.4]), np.array([0.2, 0.9, -0.4, 0.6]), 1e-6
    along = np.array([0.5, 1.0, -0.3, 0.8])

    def slope(f):
        return (f(c + step * along, x) - f(c - step * along, x)) / (2 * step)

    gradient = sd.grad(function)
    assert gradient(c, x) @ along == pytest.approx(slope(function), rel=1e-7)
    assert sd.jvp(lambda c: function(c, x), (c,), (along,))[1] == pytest.approx(slope(function))
    np.testing.assert_allclose(sd.jvp(lambda c: gradient(c, x), (c,), (along,))[1],
                               slope(gradient), rtol=1e-6, atol=1e-7)
