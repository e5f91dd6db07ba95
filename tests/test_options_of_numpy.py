"""What options of NumPy's functions change about their derivatives."""

from __future__ import annotations

import numpy as np
import pytest

import s2sdiff as sd

pytestmark = pytest.mark.filterwarnings("ignore::numpy.exceptions.ComplexWarning")

A = np.random.default_rng(0).standard_normal((4, 3))
C = A + 1j * A[::-1]
V = np.random.default_rng(1).standard_normal((4, 3))


def judged(f, a, direction):
    """Both modes against a central difference."""
    step = 1e-6
    expected = (f(a + step * direction) - f(a - step * direction)) / (2 * step)
    value, tangent = sd.jvp(f, (a,), (direction,))
    assert np.result_type(tangent) == np.result_type(value) == np.result_type(f(a))
    np.testing.assert_allclose(tangent, expected, rtol=1e-6, atol=1e-7)
    _, pullback = sd.vjp(f, a)
    seed = np.ones_like(value) * (1 + 1j if np.iscomplexobj(value) else 1)
    a_bar = pullback(seed)
    assert a_bar.dtype == a.dtype
    np.testing.assert_allclose(np.sum(a_bar * direction).real, np.sum(seed * expected).real,
                               rtol=1e-6)


@pytest.mark.parametrize("function", [np.var, np.std, np.nanvar, np.nanstd])
@pytest.mark.parametrize(("a", "dtype"), [(C, float), (C, complex), (A, complex)])
def test_spreads_in_another_dtype_deviate_from_the_mean_in_it(function, a, dtype):
    direction = V + 1j * V[:, ::-1] if a is C else V
    judged(lambda a: function(a, axis=0, ddof=1, dtype=dtype), a, direction)


def test_numbers_for_nans_are_written_into_an_argument():
    def squares(x):
        np.nan_to_num(x, copy=False, posinf=3.0)
        return x * x

    value, pullback = sd.vjp(squares, np.array([np.inf, 2.0]))
    np.testing.assert_array_equal(value, [9.0, 4.0])
    np.testing.assert_array_equal(pullback(np.ones(2)), [0.0, 4.0])


def test_numbers_for_nans_in_an_array_of_no_dimension_are_a_number_of_their_own():
    def product(x):
        y = np.array(x)
        z = np.nan_to_num(y, copy=False)
        y[...] = y * 3.0
        return z * y

    value, pullback = sd.vjp(product, 1.5)
    assert value == product(1.5)
    assert pullback(1.0) == pytest.approx(9.0)


@pytest.mark.filterwarnings("ignore:.where. used without .out.")
def test_a_ufunc_has_its_derivative_where_a_mask_leaves_nothing_out():
    def logarithms(x):
        return np.log(x, where=x > 0.0) * np.add(x, 1.0, where=np.ones((2, 3), bool))

    sd.check_grads(logarithms, (np.array([0.5, 1.0, 2.0]),))
    for mode in (lambda f, x: sd.vjp(f, x), lambda f, x: sd.jvp(f, (x,), (x,))):
        with pytest.raises(sd.DifferentiationError, match=r"as they were in memory.*out="):
            mode(logarithms, np.array([0.5, -1.0, 2.0]))


def test_a_helper_hands_out_on_to_ufuncs_or_none():
    def squares(x, out=None):
        return np.multiply(x, x, out=out)

    def program(x):
        c = np.zeros(3)
        y, z = squares(x, c), squares(x)
        y *= x
        z *= x
        return c + z

    sd.check_grads(program, (np.array([0.5, 1.0, 2.0]),))
