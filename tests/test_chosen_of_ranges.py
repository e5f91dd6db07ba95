"""`max` and `min` of a range by a key: what they choose, and what the gradient of the chosen is."""

import numpy as np
import pytest

import s2sdiff as sd

X = np.array([0.9, 0.7, 1.3, 0.4])


def largest(x):
    i = max(range(len(x)), key=lambda i: x[i] ** 2)
    return x[i] ** 3 * x[0]


def nearest(x):
    i = min(range(1, 4), key=lambda j: abs(x[j] - 0.8))
    return x[i] ** 3 * i


def by_pairs(x):
    return x[max(range(len(x)), key=lambda i: (abs(x[i]), -i))] ** 2


def for_each(x):
    return sum(x[min(range(4), key=lambda k: (x[k] - v) ** 2 + 0.1 * k)] * v for v in x)


def of_a_list(x):
    squares = [v * v for v in x]
    return squares[max(range(len(squares)), key=squares.__getitem__)] * x[0]


def of_none(x):
    try:
        i = max(range(3, 3), key=lambda i: x[i])
    except ValueError:
        i = 1
    return x[i] * x[0]


def pivoted(x):
    m = [[x[0], x[1]], [x[2], x[3]]]
    for k in range(2):
        best = max(range(k, 2), key=lambda i: abs(m[i][k]))
        m[k], m[best] = m[best], m[k]
        for i in range(k + 1, 2):
            f = m[i][k] / m[k][k]
            for j in range(k, 2):
                m[i][j] -= f * m[k][j]
    return m[0][0] * m[1][1]


def written_by_the_key(x):
    seen = []
    i = max(range(len(x)), key=lambda i: seen.append(x[i]) or x[i])
    return sum(seen) * x[i]


CASES = [largest, nearest, by_pairs, for_each, of_a_list, of_none, pivoted, written_by_the_key]


@pytest.mark.parametrize("f", CASES)
def test_what_is_chosen_by_a_key_has_its_derivative(f):
    expected = np.array([(f(X + h) - f(X - h)) / 2e-6 for h in 1e-6 * np.eye(4)])
    value, pullback = sd.vjp(f, X)
    assert value == f(X)
    for _ in range(2):
        np.testing.assert_allclose(pullback(1.0), expected, rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(sd.jvp(f, (X,), (X,))[1], expected @ X, rtol=1e-7)


def test_the_keys_are_computed_in_a_loop_that_nothing_comes_back_from():
    text = sd.source(nearest, mode="grad", args=(X,))
    assert "by_place" not in text
    assert "lambda" not in text.replace("key=lambda", "")


def test_names_that_mean_something_else_are_left_alone():
    def chosen(x):
        def max(numbers, key):
            return key(numbers[0])

        return max(range(2), key=lambda i: x[i] ** 2) * x[1]

    np.testing.assert_allclose(sd.grad(chosen)(X), [2 * X[0] * X[1], X[0] ** 2, 0.0, 0.0])
