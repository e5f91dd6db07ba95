"""Fourier transforms of NumPy and SciPy against finite differences."""

import importlib

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import registry
from s2sdiff.errors import MissingDerivativeError, UnsupportedError
from tests.rules.checker import check_rule, draw

sf = importlib.import_module("scipy.fft")
NORMS = [None, "backward", "ortho", "forward"]
#: Transforms that take complex numbers, and those that take real ones only.
COMPLEX_ONE, REAL_ONE = ["fft", "ifft", "irfft", "hfft"], ["rfft", "ihfft"]
COMPLEX_SEVERAL = ["fft2", "ifft2", "fftn", "ifftn", "irfft2", "irfftn", "hfft2", "hfftn"]
REAL_SEVERAL = ["rfft2", "rfftn", "ihfft2", "ihfftn"]


def cases(complex_names, real_names):
    """Each function with the kinds of numbers that it takes; `hfftn` is only SciPy's."""
    return [pytest.param(getattr(module, name), kind,
                         id=f"{module.__name__}.{name}-{kind.__name__}")
            for module in (np.fft, sf) for names, kinds in (
                (complex_names, (float, complex)), (real_names, (float,)))
            for name in names if hasattr(module, name) for kind in kinds]


@pytest.mark.parametrize("norm", NORMS)
@pytest.mark.parametrize(("function", "kind"), cases(COMPLEX_ONE, REAL_ONE))
def test_a_transform_along_one_axis_agrees_with_differences(function, kind, norm):
    for size in (2, 5, 6):
        for n in (None, 1, 3, 4, 7, 8):
            check_rule(function, draw((size,), -1, 1, size, kind), n, -1, norm)
    wide = draw((4, 5, 6), -1, 1, 9, kind)
    for axis in (0, 1, -1):
        for x in (wide, wide[::2, ::-2, 1:], wide.T, wide[:, :, :0] if axis != -1 else wide[:0]):
            check_rule(function, x, None, axis, norm)
            check_rule(function, x, 4, axis, norm)


@pytest.mark.parametrize("norm", [None, "ortho", "forward"])
@pytest.mark.parametrize(("function", "kind"), cases(COMPLEX_SEVERAL, REAL_SEVERAL))
def test_a_transform_along_several_axes_agrees_with_differences(function, kind, norm):
    x = draw((3, 4, 5), -1, 1, 1, kind)
    for s, axes in ((None, (-2, -1)), ((3, 8), (-2, -1)), ((7, -1), (0, 2)), (None, (1,)),
                    ((3,), (-2,)), ((3, 3), (2, 0)), ((2, 2), [0, 1])):
        check_rule(function, x, s, axes, norm)
    check_rule(function, x[::-1, :, 1:], kwargs={"norm": norm})
    if not function.__name__.endswith("2"):
        check_rule(function, x, (4, 3, 5), kwargs={"norm": norm, "axes": (0, 1, 2)})


@pytest.mark.parametrize("name", ["fftn", "ifftn", "rfftn", "irfftn", "hfftn", "ihfftn"])
def test_sizes_without_axes_are_those_of_the_last_ones(name):
    x = draw((3, 4, 6), -1, 1, 1)
    for s in ((5,), (5, 3), (2, 3, 8)):
        check_rule(getattr(sf, name), x, s)


@pytest.mark.parametrize("function", [sf.fft, sf.rfftn, sf.dct, sf.idstn])
def test_scipy_uses_as_many_workers_as_are_asked_for(function):
    check_rule(function, draw((4, 6), -1, 1), kwargs={"workers": 2})


@pytest.mark.parametrize("function", [sf.fft, sf.ifftn, sf.dct, sf.idstn])
def test_permission_to_overwrite_is_not_used(function):
    x = draw((4, 6), -1, 1, 3, complex)
    kept = x.copy()
    value, pullback = registry.find(function).function(x, overwrite_x=True)
    g = pullback(np.ones_like(value))
    assert np.array_equal(x, kept) and np.array_equal(value, function(kept))
    assert np.array_equal(g, registry.find(function).function(x)[1](np.ones_like(value)))


def test_sizes_and_axes_of_scipy_may_be_numbers_and_speak_of_the_last_axes():
    x = draw((3, 4, 5), -1, 1)
    for function in (sf.fftn, sf.rfftn, sf.irfftn):
        check_rule(function, x, 6, 1)
        check_rule(function, x, (3, 7))
        check_rule(function, x, None, 1)
    check_rule(sf.dctn, x, 2, (3, 7))
    check_rule(sf.dctn, x, 3, 6, 0)


@pytest.mark.parametrize("module", [np.fft, sf], ids=["numpy", "scipy"])
@pytest.mark.parametrize("axes", [None, 0, -1, (0, -1)])
def test_shifts_agree_with_differences(module, axes):
    for x in (draw((3, 5), -1, 1), draw((4, 5), -1, 1, 1, complex), draw((4, 6), -1, 1)[::-1]):
        check_rule(module.fftshift, x, axes)
        check_rule(module.ifftshift, x, axes)


@pytest.mark.parametrize("norm", NORMS)
@pytest.mark.parametrize("kind", [1, 2, 3, 4])
@pytest.mark.parametrize("name", ["dct", "idct", "dst", "idst"])
def test_cosine_and_sine_transforms_agree_with_differences(name, kind, norm):
    x = draw((3, 5), -1, 1)
    for options in ({}, {"orthogonalize": True}, {"orthogonalize": False}):
        for n in (None, 2, 4, 7):
            check_rule(getattr(sf, name), x, kind, n, kwargs={"norm": norm, **options})
        several = getattr(sf, f"{name}n")
        check_rule(several, x, kind, kwargs={"norm": norm, **options})
        check_rule(several, x.T, kind, (7, 2), (1, 0), norm, kwargs=options)
    check_rule(getattr(sf, name), draw((3, 4), -1, 1, 2, complex), kind, None, 0, norm)


def test_the_fast_hankel_transform_agrees_with_differences():
    for shape in ((7,), (2, 6)):
        for bias in (0.0, 0.3):
            check_rule(sf.fht, draw(shape, -1, 1), 0.1, 0.5, 0.2, bias, wrt="a")
            check_rule(sf.ifht, draw(shape, -1, 1), 0.1, 0.5, 0.2, bias, wrt="A")


X = np.array([0.3, -1.2, 0.8, 2.0, 0.1])
Z = X + 1j * X[::-1] ** 2


@pytest.mark.parametrize(("function", "args"), [
    (lambda x: np.sum(np.fft.fft(x).real ** 2), (X,)),
    (lambda x: np.sum(np.abs(np.fft.fft(x, 8)) ** 3), (Z,)),
    (lambda x: np.fft.irfft(np.fft.rfft(x) * np.arange(3.0) * x[0], 5), (X,)),
    (lambda x: np.fft.ifft(np.fft.fft(x) * np.exp(-np.fft.fftfreq(5) ** 2)).real, (X,)),
    (lambda x: np.fft.ifft2(np.fft.fftshift(np.fft.fft2(np.outer(x, x)))).imag, (X,)),
    (lambda x, y: np.fft.irfftn(np.fft.rfftn(x) * np.conj(np.fft.rfftn(y)), (2, 5), (0, 1)),
     (np.stack([X, X**2]), np.stack([X, 1 - X]))),
    (lambda x: sf.idct(sf.dct(x, norm="ortho") ** 2), (X,)),
    (lambda x: sf.irfft2(sf.rfft2(np.outer(x, x)) ** 2, (5, 5)), (X,)),
    (lambda x, y: np.fft.fft([x, 2 * y, x * y]), (0.3, 0.7)),
], ids=range(9))
def test_functions_with_transforms_agree_with_differences(function, args):
    sd.check_grads(function, args)


def test_a_transform_written_into_an_array_agrees_with_differences():
    def into(x):
        spectrum = np.zeros(5, complex)
        np.fft.fft(x, out=spectrum)
        return np.sum(np.abs(spectrum) ** 3)

    sd.check_grads(into, (X,))


def test_power_is_kept_so_that_its_gradient_is_known():
    # Parseval: the sum of |fft(x)|**2 is n times that of |x|**2; its gradient is 2 n conj(x).
    np.testing.assert_allclose(
        sd.grad(lambda z: np.sum(np.abs(np.fft.fft(z)) ** 2))(Z), 10 * np.conj(Z))
    np.testing.assert_allclose(
        sd.grad(lambda x: np.sum(np.abs(np.fft.fft(x, norm="ortho")) ** 2))(X), 2 * X)


def test_what_no_real_number_depends_on_has_cotangent_zero():
    # Imaginary parts of the ends of half a spectrum are not read.
    for n, alone in ((4, [0, 2]), (5, [0])):
        g = sd.grad(lambda z, n=n: np.sum(np.fft.irfft(z, n) ** 3))(Z[:3])
        assert np.all(g.imag[alone] == 0) and np.all(g.real != 0) and g.imag[1] != 0


@pytest.mark.parametrize("function", [np.fft.fftn, np.fft.irfft2, np.fft.rfftn])
def test_axes_that_are_repeated_with_sizes_are_refused(function):
    with pytest.raises(UnsupportedError, match="Instead, transform along"):
        sd.grad(lambda x: np.sum(np.abs(function(x, (3, 4), (1, 1)))))(np.ones((3, 4)))


def test_an_option_that_scipy_ignores_is_refused():
    with pytest.raises(UnsupportedError, match="orthogonalize"):
        registry.find(sf.dct).function(Z, orthogonalize=True)


def test_the_spacing_of_a_hankel_transform_is_refused():
    with pytest.raises(MissingDerivativeError):
        sd.grad(lambda d: np.sum(sf.fht(X, d, 0.5)))(0.1)


def test_frequencies_move_with_the_spacing():
    for function in (np.fft.fftfreq, np.fft.rfftfreq, sf.fftfreq, sf.rfftfreq):
        value, pullback = sd.vjp(lambda d, function=function: function(5, d), 0.7)
        np.testing.assert_array_equal(value, function(5, 0.7))
        bar = np.cos(np.arange(float(len(value))))
        assert np.isclose(pullback(bar), -np.sum(bar * value) / 0.7)
