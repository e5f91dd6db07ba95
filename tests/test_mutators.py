"""What changes arrays, in functions that are differentiated."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.right_or_refused import check_modes


def out_in_a_tuple(x):
    c = np.zeros(3)
    np.add(x, 1.0, out=(c,))
    return c * x


def out_by_position(x):
    c = np.ones(3)
    np.multiply(x, c, c)
    np.multiply(c, x, out=c)
    return c


def out_at_chosen_places(x):
    c = x.copy()
    np.sqrt(c, out=c, where=c > 0.6)
    return c * x


def out_of_a_sum(x):
    c = np.zeros(())
    np.sum(x * x, out=c)
    return c * x


def out_of_a_method(x):
    c = np.zeros(3)
    x.cumsum(out=c)
    return c * c


def out_of_an_outer_product(x):
    c = np.zeros((3, 3))
    np.outer(x, x, out=c)
    c[1] *= x
    return c


def clipped_in_place(x):
    y = x * 2
    np.clip(y, 0.5, 2.0, out=y)
    return y * x


def numbers_for_nans_in_place(x):
    y = x * 1.0
    np.nan_to_num(y, copy=False)
    return y * y


def overlapping_copy(x):
    y = np.zeros(3)
    y[:] = x
    y[1:] = y[:-1]
    y[0] *= 3
    return y * x


def repeated_indices(x):
    y = np.zeros(4)
    y[[0, 0, 2]] = x
    y[[1, 1]] += x[:2]
    return y


def masked(x):
    y = x * 2
    y[y > 1.5] = x[0]
    return y * y


def real_and_imaginary_parts(x):
    y = np.zeros(3, complex)
    y.real = x
    y.imag = x * x
    return np.abs(y)


def complex_entries(x):
    y = np.zeros(3, complex)
    y[:] = x * (1 + 2j)
    y *= y
    y[0] = 1j * x[1]
    return y.real + y.imag


def sorted_in_place(x):
    y = x * 1.0
    y.sort()
    return y * np.array([1.0, 2.0, 3.0])


def flat_and_reshaped(x):
    y = np.zeros(6)
    y.flat = x
    y.reshape(2, 3)[1] *= x
    return y


def copied_put_and_placed(x):
    y = np.zeros(3)
    np.copyto(y, x, where=[True, False, True])
    np.put(y, [1], x[0])
    np.place(y, [True, False, False], x)
    np.putmask(y, y > 1, y * 2)
    return y


def diagonal_and_transposed(x):
    y = np.outer(x, x)
    np.fill_diagonal(y, x)
    y.T[0] = 5 * x
    return y


def at_repeated_places(x):
    y = x * 1.0
    np.multiply.at(y, [0, 0, 1], x)
    np.add.at(y, [2, 2], x[:2])
    np.maximum.at(y, [0], 1.0)
    return y


def all_operators(x):
    y = np.zeros((2, 3))
    y[0] = x
    y[1] = x * x
    y @= np.eye(3) * 2
    y -= x
    y /= x
    y **= 2
    return y


def single_precision(x):
    y = x.astype(np.float32)
    y[0] = x[1]
    y *= 2
    return y.astype(float)


def a_view_and_its_array(x):
    y = np.zeros(3)
    r = y[::-1]
    r[0] = x[0]
    y[0] = x[1]
    r += x
    return y * r


CASES = [
    out_in_a_tuple, out_by_position, out_at_chosen_places, out_of_a_sum, out_of_a_method,
    out_of_an_outer_product, clipped_in_place, numbers_for_nans_in_place, overlapping_copy,
    repeated_indices, masked, real_and_imaginary_parts, complex_entries, sorted_in_place,
    flat_and_reshaped, copied_put_and_placed, diagonal_and_transposed, at_repeated_places,
    all_operators, single_precision, a_view_and_its_array,
]
X = np.array([0.7, 1.3, 0.9])


def check(function, step=1e-4, tolerance=1e-5):
    """Assert that value and derivative are the original's and that of differences."""
    result = np.asarray(function(X.copy()), float)
    g = np.random.default_rng(0).standard_normal(result.shape)
    slopes = [
        np.sum(g * (np.asarray(function(X + step * e), float)
                    - np.asarray(function(X - step * e), float))) / (2 * step)
        for e in np.eye(3)
    ]
    value, pullback = sd.vjp(function, X.copy())
    assert np.array_equal(np.asarray(value, float), result)
    first, second = (pullback(g if np.ndim(value) else float(g)) for _ in range(2))
    assert np.allclose(first, slopes, rtol=tolerance, atol=tolerance)
    assert np.array_equal(first, second)


@pytest.mark.parametrize("function", CASES, ids=lambda f: f.__name__)
def test_an_array_that_is_written_has_the_derivative_that_differences_have(function):
    check(function, *((1e-2, 1e-2) if function is single_precision else ()))


def test_what_a_mutator_makes_beside_what_it_writes_has_its_cotangent():
    # Arrays that are made anew have theirs under their memory, as what is written has.
    def fit(y, t):
        t[...] = y + 1.0
        return 3, 2.0 * y, float(np.sum(y))

    @sd.derivative(of=fit, writes="t")
    def rule(y, t):
        def pullback(bars, t_bar):
            _, c_bar, total_bar = bars
            y_bar = 2.0 * c_bar + t_bar + total_bar
            t_bar[...] = 0.0
            return y_bar, None

        return fit(y, t), pullback

    def read(y):
        t = np.empty(3)
        n, c, total = fit(y * 1.0, t)
        return np.sum(c[:n] * t) * total

    check_modes(read, (np.array([0.3, 0.7, 1.1]),))
