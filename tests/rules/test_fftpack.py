"""`scipy.fftpack` against finite differences."""

import importlib

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff.errors import DifferentiationError
from tests.rules.checker import check_rule, draw

fp = importlib.import_module("scipy.fftpack")


@pytest.mark.parametrize("kind", [float, complex])
@pytest.mark.parametrize("name", ["fft", "ifft"])
def test_a_transform_along_one_axis_agrees_with_differences(name, kind):
    function, wide = getattr(fp, name), draw((3, 4, 5), -1, 1, 9, kind)
    for n in (None, 1, 3, 7):
        check_rule(function, draw((5,), -1, 1, 3, kind), n)
    for axis in (0, 1, -1):
        check_rule(function, wide, None, axis)
        check_rule(function, wide[::2, ::-1].T, 4, axis)


@pytest.mark.parametrize("kind", [float, complex])
@pytest.mark.parametrize("name", ["fftn", "ifftn", "fft2", "ifft2"])
def test_a_transform_along_several_axes_agrees_with_differences(name, kind):
    function, x = getattr(fp, name), draw((3, 4, 5), -1, 1, 1, kind)
    for shape, axes in ((None, (-2, -1)), ((3, 8), (-2, -1)), (None, (1,)), ((2, 2), (0, 1))):
        check_rule(function, x, shape, axes)
    check_rule(function, x[::-1, :, 1:])


@pytest.mark.parametrize("name", ["rfft", "irfft"])
def test_the_real_transform_agrees_with_differences(name):
    function = getattr(fp, name)
    for size in (1, 2, 5, 6):
        for n in (None, 1, 4, 7, 8):
            check_rule(function, draw((size,), -1, 1, size), n)
    for axis in (0, 1, -1):
        check_rule(function, draw((3, 4, 5), -1, 1), None, axis)
        check_rule(function, draw((3, 4, 5), -1, 1)[:, ::-1], 6, axis)


@pytest.mark.parametrize("norm", [None, "ortho"])
@pytest.mark.parametrize("kind", [1, 2, 3, 4])
@pytest.mark.parametrize("name", ["dct", "idct", "dst", "idst"])
def test_cosine_and_sine_transforms_agree_with_differences(name, kind, norm):
    x = draw((3, 5), -1, 1)
    for n in (None, 2, 4, 7):
        check_rule(getattr(fp, name), x, kind, n, kwargs={"norm": norm})
    several = getattr(fp, f"{name}n")
    check_rule(several, x, kind, kwargs={"norm": norm})
    check_rule(several, x.T, kind, (7, 2), (1, 0), norm)
    check_rule(getattr(fp, name), draw((3, 4), -1, 1, 2, complex), kind, None, 0, norm)


@pytest.mark.parametrize("size", [5, 6])
@pytest.mark.parametrize("kind", [float, complex])
def test_periodic_sequences_agree_with_differences(size, kind):
    x = draw((size,), -1, 1, size, kind)
    for order in (0, 1, 2, 3, -1):
        check_rule(fp.diff, x, order)
        check_rule(fp.diff, x, order, 3.0)
    for function, widths in (
            (fp.hilbert, ()), (fp.ihilbert, ()), (fp.tilbert, (0.4, 3.0)), (fp.itilbert, (0.4,)),
            (fp.cs_diff, (0.3, 0.5)), (fp.sc_diff, (0.3, 0.5, 2.0)), (fp.cc_diff, (0.3, 0.5)),
            (fp.ss_diff, (0.3, 0.5)), (fp.shift, (0.7,)), (fp.shift, (0.7, 2.0))):
        check_rule(function, x, *widths, wrt="x")


def test_a_width_has_no_derivative_here():
    x = np.arange(5.0)
    with pytest.raises(DifferentiationError, match="Instead, "):
        sd.grad(lambda a: np.sum(fp.shift(x, a) ** 2))(0.3)


def test_a_gradient_has_a_gradient():
    x, v = np.cos(np.arange(6.0)), np.sin(np.arange(6.0) + 1)

    def loss(x):
        return np.sum(fp.rfft(x) ** 4 + fp.dct(x) ** 3 + fp.diff(x) ** 3)

    gradient, h = sd.grad(loss), 1e-5
    expected = (gradient(x + h * v) - gradient(x - h * v)) / (2 * h)
    np.testing.assert_allclose(sd.hvp(loss, (x,), (v,)), expected, rtol=1e-7)
