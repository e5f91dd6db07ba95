"""SciPy's filters of images against finite differences: every mode, even sizes, shifted origins."""

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff.errors import UnsupportedError
from tests.rules.checker import check_rule, draw
from tests.rules.whole import check_both, check_whole

ndimage = pytest.importorskip("scipy.ndimage")
signal = pytest.importorskip("scipy.signal")

KINDS = pytest.mark.parametrize("kind", [float, complex])
MODES = pytest.mark.parametrize("mode", ["reflect", "mirror", "nearest", "wrap", "constant"])
IMAGE = draw((5, 4), 0.2, 1.0, 1)


@KINDS
@MODES
@pytest.mark.parametrize(("size", "origin"), [(3, 0), (3, 1), (4, 0), (4, -2), (4, 1), (1, 0),
                                              (7, -2)])
def test_filters_along_an_axis_agree_with_differences(mode, size, origin, kind):
    x, w = draw((5, 2), -1.0, 1.0, 1, kind), draw((size,), -1.0, 1.0, 2, kind)
    for function in (ndimage.correlate1d, ndimage.convolve1d):
        check_rule(function, x, w, 0, None, mode, 2.0, origin, wrt=("input", "weights"))
        check_rule(function, x.real.T, w, -1, None, mode, 0.0, origin, wrt=("input", "weights"))


@KINDS
@MODES
@pytest.mark.parametrize(("shape", "origin"), [((3, 3), 0), ((2, 3), (0, 1)), ((4, 1), (-1, 0))])
def test_filters_of_images_agree_with_differences(mode, shape, origin, kind):
    x, w = draw((5, 3), -1.0, 1.0, 1, kind), draw(shape, -1.0, 1.0, 2, kind)
    for function in (ndimage.correlate, ndimage.convolve):
        check_rule(function, x, w, None, mode, 2.0, origin, wrt=("input", "weights"))


@pytest.mark.parametrize("function", [ndimage.correlate, ndimage.convolve])
def test_filters_along_some_axes_agree_with_differences(function):
    x, w = draw((3, 4, 2), -1.0, 1.0, 1), draw((2, 3), -1.0, 1.0, 2)
    check_rule(function, x, w, kwargs={"axes": (0, 2)}, wrt=("input", "weights"))


NAMED = [
    (ndimage.gaussian_filter1d, (1.2,), {}), (ndimage.gaussian_filter1d, (0.8, 0, 1), {}),
    (ndimage.gaussian_filter1d, (1.0,), {"radius": 2, "order": 2}),
    (ndimage.gaussian_filter, (1.0,), {}), (ndimage.gaussian_filter, ((0.7, 0.0),), {}),
    (ndimage.gaussian_filter, (1.0, (0, 1)), {"truncate": 2.0}),
    (ndimage.gaussian_filter, (0.6,), {"axes": 1}),
    (ndimage.uniform_filter1d, (3,), {}), (ndimage.uniform_filter1d, (4, 0), {"origin": -1}),
    (ndimage.uniform_filter, (3,), {}), (ndimage.uniform_filter, ((2, 1),), {"origin": (-1, 0)}),
    (ndimage.uniform_filter, (4,), {"axes": (1,), "origin": 1}),
    (ndimage.sobel, (), {}), (ndimage.sobel, (0,), {}), (ndimage.prewitt, (), {}),
    (ndimage.laplace, (), {}), (ndimage.laplace, (), {"axes": 0}),
    (ndimage.gaussian_laplace, (0.8,), {}),
    (ndimage.gaussian_laplace, ((0.8, 0.5),), {"truncate": 3.0}),
]


@MODES
@pytest.mark.parametrize(("function", "args", "options"), NAMED)
def test_named_filters_agree_with_differences(function, args, options, mode):
    check_rule(function, IMAGE, *args, kwargs={**options, "mode": mode, "cval": 1.5}, wrt="input")


WIDTHS = [
    (ndimage.gaussian_filter1d, (1.2,), {}),
    (ndimage.gaussian_filter1d, (0.8, 0, 3), {"radius": 3}),
    (ndimage.gaussian_filter, (1.0,), {}), (ndimage.gaussian_filter, ([0.7, 1.1], (1, 2)), {}),
    (ndimage.gaussian_filter, (np.array([0.7, 0.9]),), {"truncate": 2.0}),
    (ndimage.gaussian_filter, (0.6,), {"axes": 1}), (ndimage.gaussian_laplace, (0.8,), {}),
    (ndimage.gaussian_laplace, ([0.8, 0.6],), {"truncate": 3.0}),
]


@MODES
@pytest.mark.parametrize(("function", "args", "options"), WIDTHS)
def test_gaussian_filters_move_with_their_width(function, args, options, mode):
    check_rule(function, IMAGE, *args, kwargs={**options, "mode": mode, "cval": 1.5},
               wrt=("input", "sigma"), single=False)


@pytest.mark.parametrize("sigma", [0.8, [0.7, 1.1]])
def test_the_size_of_a_gradient_moves_with_image_and_width(sigma):
    check_whole(lambda x, s: ndimage.gaussian_gradient_magnitude(x, s, mode="nearest"), IMAGE,
                sigma)
    flat = sd.grad(lambda x: np.sum(ndimage.gaussian_gradient_magnitude(x, 1.0)))
    assert not np.any(flat(np.ones((3, 4))))


GREY = {
    "size": {"size": 3}, "even": {"size": (4, 2), "mode": "nearest"},
    "footprint": {"footprint": [[0, 1, 1], [1, 1, 0]]}, "one axis": {"size": (3,), "axes": (1,)},
}


@pytest.mark.parametrize("way", GREY)
@pytest.mark.parametrize("name", ["grey_dilation", "grey_erosion", "grey_opening", "grey_closing",
                                  "white_tophat", "black_tophat", "morphological_gradient",
                                  "morphological_laplace"])
def test_grey_filters_move_with_the_image(name, way):
    check_whole(lambda x: getattr(ndimage, name)(x, **GREY[way]), IMAGE)


@pytest.mark.parametrize("name", ["grey_dilation", "grey_erosion", "morphological_gradient"])
def test_grey_filters_move_with_their_shape_and_what_is_beyond(name):
    check_whole(lambda x, a, c: getattr(ndimage, name)(x, structure=a, mode="constant", cval=c),
                IMAGE, draw((2, 3), -1.0, 1.0, 4), 0.43)


@pytest.mark.parametrize("name", ["fourier_gaussian", "fourier_uniform", "fourier_ellipsoid",
                                  "fourier_shift"])
def test_filters_of_transforms_multiply(name):
    kinds = (complex,) if name == "fourier_shift" else (float, complex)
    for kind in kinds:
        check_rule(getattr(ndimage, name), draw((4, 5), -1.0, 1.0, 1, kind), 0.7, wrt="input")


def test_each_axis_may_have_its_mode():
    for function, args in ((ndimage.gaussian_filter, (1.0,)), (ndimage.uniform_filter, (3,)),
                           (ndimage.sobel, ()), (ndimage.laplace, ()),
                           (ndimage.maximum_filter, (3,))):
        check_rule(function, IMAGE, *args, kwargs={"mode": ["wrap", "mirror"]}, wrt="input")


PICKED = [
    (ndimage.maximum_filter, (3,), {}), (ndimage.minimum_filter, ((2, 3),), {}),
    (ndimage.maximum_filter, (), {"footprint": [[0, 1], [1, 1]], "origin": (-1, 0)}),
    (ndimage.median_filter, (3,), {}), (ndimage.median_filter, (2,), {"axes": 0}),
    (ndimage.rank_filter, (2, 3), {}), (ndimage.rank_filter, (-2, (1, 3)), {}),
    (ndimage.percentile_filter, (30, 3), {}), (ndimage.maximum_filter1d, (3,), {}),
    (ndimage.minimum_filter1d, (4, 0), {"origin": 1}),
]


@MODES
@pytest.mark.parametrize(("function", "args", "options"), PICKED)
def test_filters_that_pick_agree_with_differences(function, args, options, mode):
    check_rule(function, IMAGE, *args, kwargs={**options, "mode": mode, "cval": 0.6}, wrt="input")


def test_medians_of_signals_agree_with_differences():
    check_rule(signal.medfilt, draw((9,), -1.0, 1.0, 1))
    check_rule(signal.medfilt, draw((5, 4), -1.0, 1.0, 1), (3, 1))
    check_rule(signal.medfilt2d, draw((5, 4), -1.0, 1.0, 1), 3)
    check_rule(signal.order_filter, draw((5, 4), -1.0, 1.0, 1), np.eye(3), 1, wrt="a")
    sd.check_grads(lambda x: signal.medfilt(x, 5)[1:], (draw((9,), -1.0, 1.0, 1),))


def test_equal_elements_share_the_slope_of_a_maximum():
    x = np.array([1.0, 3.0, 3.0, 0.0])
    found = sd.grad(lambda x: ndimage.maximum_filter1d(x, 3, mode="nearest")[1])(x)
    assert np.array_equal(found, [0.0, 0.5, 0.5, 0.0])
    found = sd.grad(lambda x: signal.medfilt(x, 3)[2])(x)
    assert np.array_equal(found, [0.0, 0.5, 0.5, 0.0])


HEIGHTS = np.array([[0.1, 0.2], [0.3, 0.1]])
SINGLE = {
    "a shape": (lambda x: ndimage.grey_closing(x.astype(np.float32), structure=HEIGHTS),
                lambda x: ndimage.grey_closing(x, structure=HEIGHTS)),
    "a maximum": (lambda x: ndimage.maximum_filter(x, 2, output=np.float32),
                  lambda x: ndimage.maximum_filter(x, 2)),
    "a median": (lambda x: ndimage.median_filter(x, 3, output=np.float32),
                 lambda x: ndimage.median_filter(x, 3)),
}


@pytest.mark.parametrize("name", SINGLE)
def test_filters_that_pick_find_it_in_single_precision(name):
    single, double = SINGLE[name]
    along, g = draw((5, 4), -1.0, 1.0, 3), draw((5, 4), -1.0, 1.0, 2).astype(np.float32)
    expected = (double(IMAGE + 1e-6 * along) - double(IMAGE - 1e-6 * along)) / 2e-6
    np.testing.assert_allclose(sd.jvp(single, (IMAGE,), (along,))[1], expected, rtol=1e-5)
    np.testing.assert_allclose(np.sum(sd.vjp(single, IMAGE)[1](g) * along),
                               np.sum(expected * g), rtol=1e-5)


def test_the_adjoint_of_a_mean_is_a_mean():
    x, g = draw((500,), -1.0, 1.0, 1), draw((500,), -1.0, 1.0, 2)
    _, pullback = sd.vjp(lambda x: ndimage.uniform_filter1d(x, 5, mode="wrap"), x)
    assert np.allclose(pullback(g), ndimage.uniform_filter1d(g, 5, mode="wrap"))


def test_results_that_are_written_or_rounded_are_refused():
    with pytest.raises(UnsupportedError, match=r"out=.*Instead"):
        sd.grad(lambda x: np.sum(ndimage.sobel(x, output=np.zeros((5, 4)))))(IMAGE)
    with pytest.raises(UnsupportedError, match=r"rounds to int32.*Instead"):
        sd.grad(lambda x: np.sum(ndimage.sobel(x, output=np.int32)))(IMAGE)


@pytest.mark.parametrize("mode", ["interp", "mirror", "constant", "nearest", "wrap"])
@pytest.mark.parametrize(("length", "order", "deriv", "axis"), [
    (5, 2, 0, -1), (5, 3, 1, 0), (3, 1, 0, 0), (4, 2, 0, -1), (7, 2, 2, 0), (1, 0, 0, 0)])
def test_smoothing_by_polynomials_agrees_with_differences(length, order, deriv, axis, mode):
    x = draw((7, 8), -1.0, 1.0, 1)
    check_rule(signal.savgol_filter, x, length, order, deriv, 0.5, axis, mode, 1.5, wrt="x",
               exact=False)
    if length == 5:
        sd.check_grads(lambda x: signal.savgol_filter(x, 5, 2, mode=mode), (x,))


def test_a_wiener_filter_agrees_with_differences():
    x = draw((7, 8), -1.0, 1.0, 1)
    sd.check_grads(lambda x: signal.wiener(x, 3), (x,))
    sd.check_grads(lambda x, noise: signal.wiener(x, (3, 5), noise), (x, 0.3))


BEYOND = {
    "correlate": lambda x, c: ndimage.correlate(x, IMAGE[:2, :3], mode="constant", cval=c),
    "convolve1d": lambda x, c: ndimage.convolve1d(x, [1.0, 2.0, 0.5], mode="constant", cval=c),
    "uniform_filter": lambda x, c: ndimage.uniform_filter(x, 3, mode="constant", cval=c),
    "sobel": lambda x, c: ndimage.sobel(x, 0, mode="constant", cval=c),
    "laplace": lambda x, c: ndimage.laplace(x, mode="constant", cval=c) * c,
    "gaussian_filter": lambda x, c: ndimage.gaussian_filter(x, 0.9, mode="constant", cval=c),
    "gaussian_filter1d": lambda x, c: ndimage.gaussian_filter1d(x, 0.9, mode="constant", cval=c),
    "gaussian_laplace": lambda x, c: ndimage.gaussian_laplace(x, 0.9, mode="constant", cval=c),
    "generic_gradient_magnitude": lambda x, c: ndimage.generic_gradient_magnitude(
        x, ndimage.prewitt, mode="constant", cval=c),
    "generic_laplace": lambda x, c: ndimage.generic_laplace(
        x, lambda v, axis, output, mode, cval, w: ndimage.correlate1d(
            v, w, axis, output, mode, cval), mode="constant", cval=c, extra_arguments=(x[:3, 0],)),
}


@KINDS
@pytest.mark.parametrize("name", BEYOND)
def test_the_constant_beyond_the_ends_has_a_derivative(name, kind):
    if kind is complex and name.startswith("ge"):
        return
    check_both(BEYOND[name], draw((4, 5), 0.2, 1.0, 3, kind), 0.4)


@pytest.mark.parametrize("made_of", [ndimage.generic_laplace, ndimage.generic_gradient_magnitude])
def test_a_filter_that_gives_something_else_than_it_writes_is_refused(made_of):
    def doubled(x, axis, output, mode, cval):
        return 2.0 * ndimage.sobel(x, axis, output, mode, cval)

    with pytest.raises(UnsupportedError, match="than it writes into its output.*Instead, "):
        sd.grad(lambda x: np.sum(made_of(x, doubled)))(draw((4, 5), 0.2, 1.0, 3))


@pytest.mark.parametrize("factor", [1.75, (1.75, 0.8)])
def test_a_factor_by_which_an_image_is_zoomed_moves_nothing(factor):
    def zoomed(x, factor):
        return ndimage.zoom(x, factor, order=1)

    x = draw((4, 5), 0.2, 1.0, 3)
    along = 1.0 if isinstance(factor, float) else (1.0, 2.0)
    value, tangent = sd.jvp(zoomed, (x, factor), (x, along))
    np.testing.assert_allclose(tangent, value)
    np.testing.assert_array_equal(sd.jvp(lambda f: zoomed(x, f), (factor,), (along,))[1],
                                  0.0 * value)


@pytest.mark.parametrize("filtered", [
    lambda x, into: ndimage.sobel(x, 0, into),
    lambda x, into: ndimage.gaussian_filter(x, 1.0, output=into),
    lambda x, into: ndimage.median_filter(x, 3, output=into),
    lambda x, into: ndimage.shift(x, 0.5, into),
    lambda x, into: ndimage.spline_filter(x, 3, into),
])
def test_what_a_filter_writes_is_refused_where_nobody_reads_its_result(filtered):
    def f(x):
        into = np.zeros((5, 4))
        filtered(x, into)
        return np.sum(into)

    with pytest.raises(UnsupportedError, match=r"out=.*Instead"):
        sd.grad(f)(IMAGE)
    with pytest.raises(UnsupportedError, match=r"out=.*Instead"):
        sd.jvp(f, (IMAGE,), (IMAGE,))
