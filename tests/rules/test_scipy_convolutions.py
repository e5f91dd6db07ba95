"""SciPy's convolutions against finite differences, by every mode, method and boundary."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.rules.checker import check_rule, draw

signal = pytest.importorskip("scipy.signal")

KINDS = pytest.mark.parametrize("kind", [float, complex])
MODES = pytest.mark.parametrize("mode", ["full", "same", "valid"])
SHAPES = pytest.mark.parametrize(("n", "m"), [
    ((7,), (3,)), ((6,), (4,)), ((3,), (7,)), ((4,), (1,)), ((5, 4), (2, 3)), ((2, 3), (4, 4)),
    ((3, 4, 2), (2, 1, 2)), ((4,), (4,))])


@KINDS
@MODES
@SHAPES
def test_convolutions_agree_with_differences(n, m, mode, kind):
    x, y = draw(n, -1.0, 1.0, 1, kind), draw(m, -1.0, 1.0, 2, kind)
    for function in (signal.fftconvolve, signal.oaconvolve):
        check_rule(function, x, y, mode, exact=False)
    for method in ("auto", "fft", "direct"):
        for function in (signal.convolve, signal.correlate):
            check_rule(function, x, y, mode, method, exact=False)


@MODES
def test_convolutions_of_a_real_and_a_complex_array_agree_with_differences(mode):
    x, y = draw((6,), -1.0, 1.0, 1), draw((3,), -1.0, 1.0, 2, complex)
    for function in (signal.convolve, signal.fftconvolve):
        check_rule(function, x, y, mode, exact=False)
        check_rule(function, y, x, mode, exact=False)


@MODES
@pytest.mark.parametrize(("axes", "n", "m"), [
    (1, (3, 6), (3, 2)), (-1, (3, 6), (1, 2)), (1, (1, 3), (4, 6)), ((0, 2), (4, 2, 5), (2, 1, 3)),
    ([0], (1, 2), (3, 2)), (None, (1, 5), (1, 2))])
def test_convolutions_along_axes_broadcast_over_the_others(axes, n, m, mode):
    x, y = draw(n, -1.0, 1.0, 1), draw(m, -1.0, 1.0, 2)
    for function in (signal.fftconvolve, signal.oaconvolve):
        check_rule(function, x, y, mode, axes, exact=False)


def test_long_signals_are_convolved_block_by_block():
    check_rule(signal.oaconvolve, draw((400,), -1.0, 1.0, 1), draw((5,), -1.0, 1.0, 2), "same",
               exact=False)


@pytest.mark.parametrize("function", [
    signal.convolve, signal.correlate, signal.fftconvolve, signal.oaconvolve])
def test_products_of_numbers_and_empty_arrays_have_their_derivatives(function):
    check_rule(function, np.array(2.5 + 1j), np.array(1.5 - 2j))
    if function in (signal.fftconvolve, signal.oaconvolve):
        check_rule(function, np.zeros(0), np.ones(3))


@KINDS
@MODES
@pytest.mark.parametrize("boundary", ["fill", "wrap", "symm"])
@pytest.mark.parametrize(("n", "m"), [((5, 4), (2, 3)), ((4, 5), (3, 2)), ((2, 3), (4, 3)),
                                      ((3, 3), (3, 3)), ((1, 4), (1, 2))])
def test_convolutions_of_images_agree_with_differences(n, m, boundary, mode, kind):
    x, y = draw(n, -1.0, 1.0, 1, kind), draw(m, -1.0, 1.0, 2, kind)
    for function in (signal.convolve2d, signal.correlate2d):
        check_rule(function, x, y, mode, boundary)


@MODES
def test_the_value_beyond_an_image_counts_for_the_kernel(mode):
    x, y = draw((4, 3), -1.0, 1.0, 1), draw((2, 3), -1.0, 1.0, 2)
    for function in (signal.convolve2d, signal.correlate2d):
        check_rule(function, x, y, mode, "fill", 2.5, wrt=("in1", "in2"))


@MODES
@pytest.mark.parametrize("boundary", ["fill", "wrap"])
def test_images_have_a_derivative_in_the_value_beyond_them(mode, boundary):
    shapes = ((4, 3), (2, 3)), ((2, 3), (4, 3))  # the smaller one is the kernel of "valid"
    for x, y in ((draw(a, -1.0, 1.0, 1), draw(b, -1.0, 1.0, 2)) for a, b in shapes):
        for function in (signal.convolve2d, signal.correlate2d):
            sd.check_grads(lambda v, x=x, y=y, f=function: f(x, y, mode, boundary, v), (0.7,))


def test_a_convolution_in_a_function_has_the_gradient_written_by_hand():
    x, y = draw((50,), -1.0, 1.0, 1), draw((7,), -1.0, 1.0, 2)
    found = sd.grad(lambda y: np.sum(signal.fftconvolve(x, y, "valid") ** 2))(y)
    z = np.convolve(x, y, "valid")
    assert np.allclose(found, 2 * np.correlate(x, z, "valid")[::-1])
    sd.check_grads(lambda x, y: signal.convolve2d(x, y, "same", "wrap")[::2],
                   (draw((5, 4), -1.0, 1.0, 1), draw((2, 3), -1.0, 1.0, 2)))
