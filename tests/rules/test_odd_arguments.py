"""Half precision, empty signals, lists and axes that SciPy takes: right as for other arguments."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.right_or_refused import check_modes

linalg = pytest.importorskip("scipy.linalg")
signal = pytest.importorskip("scipy.signal")
special = pytest.importorskip("scipy.special")

MATRIX = np.array([[4.0, 1.0, 0.5], [1.0, 5.0, 0.3], [0.5, 0.3, 6.0]])


@pytest.mark.parametrize("dtype", [np.float16, np.longdouble])
@pytest.mark.parametrize("f", [
    lambda a: linalg.solve(a, a[0]), lambda a: linalg.solve(a, a[0], assume_a="sym"),
    linalg.svdvals, lambda a: linalg.lstsq(a, a[0])[0], linalg.det])
def test_precisions_that_scipy_converts_have_the_derivative_of_doubles(f, dtype):
    if f is linalg.det and dtype is np.longdouble:
        # SciPy refuses it, and so does the derivative.
        with pytest.raises(TypeError, match="cannot be cast"):
            sd.vjp(f, MATRIX.astype(dtype))
        return
    value, pullback = sd.vjp(f, MATRIX.astype(dtype))
    expected = sd.vjp(f, MATRIX)[1](np.ones_like(f(MATRIX)))
    found = pullback(np.ones_like(value))
    assert found.dtype == dtype
    np.testing.assert_allclose(found.astype(float), expected, atol=1e-2)
    dot = sd.jvp(f, (MATRIX.astype(dtype),), (np.ones_like(MATRIX, dtype),))[1]
    np.testing.assert_allclose(np.asarray(dot, float), sd.jvp(
        f, (MATRIX,), (np.ones_like(MATRIX),))[1], atol=1e-2)


@pytest.mark.parametrize("dtype", [np.float16, np.longdouble])
@pytest.mark.parametrize("f", [np.linalg.det, np.linalg.inv, np.linalg.svdvals])
def test_what_numpy_refuses_is_refused_by_its_own_words(f, dtype):
    for run in (lambda a: sd.vjp(f, a), lambda a: sd.jvp(f, (a,), (a,))):
        with pytest.raises(TypeError, match="unsupported in linalg"):
            run(MATRIX.astype(dtype))


@pytest.mark.parametrize("shape", [(0,), (2, 0)])
@pytest.mark.parametrize("f", [
    lambda x: signal.welch(x)[1], lambda x: signal.periodogram(x, 2.0)[1],
    lambda x: signal.csd(x, x)[1], lambda x: signal.coherence(x, x)[1],
    lambda x: signal.stft(x)[2]])
def test_spectra_of_no_samples_have_empty_gradients(f, shape):
    x = np.zeros(shape)
    value, pullback = sd.vjp(f, x)
    assert pullback(np.ones_like(value)).shape == shape
    assert sd.jvp(f, (x,), (x,))[1].shape == value.shape


@pytest.mark.parametrize(("f", "x"), [
    (lambda x: special.zeta(x, [1.0, 2.0]), 2.5), (lambda x: special.zeta([2.0, x], x), 2.5),
    (lambda x: special.zeta([x, 2.5]), 3.0),
    (lambda x: special.hyp2f1([1.0, x], 1.5, 2.5, 0.3), 0.7),
    (lambda x: signal.resample(x, 6, axis=1), np.array([1.0, 3.0, 2.0, 5.0])),
    (lambda x: np.geomspace([x, 1.0], [2.0, x], 4), 1.5)])
def test_lists_and_axes_agree_with_differences(f, x):
    check_modes(f, (x,))
    sd.jvp(f, (x,), (np.ones_like(x) if np.ndim(x) else 1.0,))
    sd.vjp(f, x)


def test_no_coefficients_are_those_of_zero():
    value, pullback = sd.vjp(np.polymul, np.zeros(0), np.array([1.0, 2.0]))
    first, second = pullback(np.ones_like(value))
    assert first.shape == (0,)
    np.testing.assert_array_equal(second, [0.0, 0.0])


def test_a_sum_by_the_name_that_the_builtin_refuses_is_refused():
    for run in (lambda x: sd.vjp(lambda x: sum(iterable=x), x),
                lambda x: sd.jvp(lambda x: sum(iterable=x), (x,), (x,))):
        with pytest.raises(sd.DifferentiationError, match="positional-only.*Instead"):
            run(np.ones(2))
