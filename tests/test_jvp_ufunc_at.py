"""`ufunc.at` forwards, with entries that an index names several times."""

import numpy as np
import pytest

import s2sdiff as sd

X = np.array([0.3, -0.5, 0.7])
V = np.array([1.0, 2.0, -1.0])


@pytest.mark.parametrize("places", [[0, 1], [0, 0, 1]])
@pytest.mark.parametrize("ufunc", [np.add, np.multiply, np.divide, np.power, np.maximum])
def test_the_tangent_is_the_difference(ufunc, places):
    def f(x):
        y = x * x + 0.2
        ufunc.at(y, places, x[0] + 1.5)
        return np.sum(y * y)

    expected = (f(X + 1e-6 * V) - f(X - 1e-6 * V)) / 2e-6
    np.testing.assert_allclose(sd.jvp(f, (X,), (V,))[1], expected, rtol=1e-7)
    np.testing.assert_allclose(sd.vjp(f, X)[1](1.0) @ V, expected, rtol=1e-7)


def test_a_users_rule_that_writes_and_is_not_linear_is_refused_and_a_linear_one_is_not():
    def scale(a, by):
        a *= by

    @sd.derivative(of=scale, writes="a")
    def scale_rule(a, by):
        before = a.copy()
        scale(a, by)

        def pullback(_, a_bar):
            by_bar = float(np.sum(a_bar * before))
            a_bar *= by
            return None, by_bar

        return None, pullback

    def f(x):
        y = x * 1.0
        scale(y, x[0])
        return np.sum(y * y)

    expected = (f(X + 1e-6 * V) - f(X - 1e-6 * V)) / 2e-6
    np.testing.assert_allclose(sd.jvp(f, (X,), (V,))[1], expected, rtol=1e-7)

    def squared(a):
        a *= 2.0

    @sd.derivative(of=squared, writes="a")
    def squared_rule(a):
        squared(a)

        def pullback(_, a_bar):
            a_bar *= a_bar

        return None, pullback

    def g(x):
        y = x * 1.0
        squared(y)
        return np.sum(y)

    with pytest.raises(sd.RuleError, match="is not linear"):
        sd.jvp(g, (X,), (V,))
