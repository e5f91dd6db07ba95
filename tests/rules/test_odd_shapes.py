"""Numbers where matrices and images are usual, stacks where one is: right, or refused."""

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff.errors import UnsupportedError
from tests.right_or_refused import check_modes
from tests.rules.checker import check_rule

linalg = pytest.importorskip("scipy.linalg")
signal = pytest.importorskip("scipy.signal")
ndimage = pytest.importorskip("scipy.ndimage")
special = pytest.importorskip("scipy.special")

NUMBERS = [0.7, np.array(0.7), np.array([0.7])]
MATRIX = np.array([[4.0, 1.0, 0.5], [1.0, 5.0, 0.3], [0.5, 0.3, 6.0]])
STACK = np.arange(1.0, 13.0).reshape(2, 3, 2)


@pytest.mark.parametrize("x", NUMBERS, ids=["a float", "0-d", "of length 1"])
def test_a_number_for_a_matrix_agrees_with_differences(x):
    for function in (linalg.expm, linalg.cholesky):
        check_rule(function, x)
    for function in (linalg.solve, linalg.solve_continuous_lyapunov):
        check_rule(function, x, x + 0.4)
    if np.ndim(x):  # SciPy takes no number there
        check_rule(linalg.solve_discrete_lyapunov, x, x + 0.4)
    for function in (linalg.solve_continuous_are, linalg.solve_discrete_are):
        check_rule(function, x, x + 0.1, x + 0.2, x + 0.3, single=False, exact=False)


def test_the_factor_of_a_number_is_the_number():
    x = np.array(0.7)
    check_rule(linalg.lu_factor, x, forward=False)
    check_modes(lambda x: linalg.lu_factor(x)[0], (x,))
    check_modes(lambda x: linalg.cho_factor(x)[0], (x,))


@pytest.mark.parametrize("b", [3.0, np.array([1.0, 2.0, 3.0]), np.ones((2, 3))])
@pytest.mark.parametrize("a", [2.0, np.array([2.0]), np.array([[2.0]])])
def test_a_system_of_one_number_divides_all_rows(a, b):
    check_rule(linalg.solve, a, b)


def test_an_empty_last_row_of_a_hankel_matrix_gives_an_empty_gradient():
    check_rule(linalg.hankel, np.ones(2), np.zeros(0))


def test_a_root_of_a_number_is_refused_as_scipy_gives_its_exponential():
    with pytest.raises(UnsupportedError, match=r"no matrix .*Instead, use np\.sqrt"):
        sd.vjp(linalg.sqrtm, np.array(2.0))


BAND = np.array([[0.0, 1.0, 1.0], [4.0, 5.0, 6.0]])


@pytest.mark.parametrize(("function", "args"), [
    (linalg.solve_toeplitz, (MATRIX[0], STACK)), (linalg.matmul_toeplitz, (MATRIX[0], STACK)),
    (linalg.matmul_toeplitz, (MATRIX[:1], STACK[0])), (linalg.solveh_banded, (BAND, STACK)),
    (linalg.solve_banded, ((0, 1), BAND, STACK)), (linalg.lstsq, (MATRIX, STACK)),
    (linalg.cho_solve_banded, ((BAND, False), STACK)), (linalg.expm_frechet, (
        MATRIX, np.stack([MATRIX, MATRIX]))), (linalg.cho_solve_banded, (
            (BAND[1], False), np.ones(3))), (linalg.cholesky_banded, (BAND[1],)),
    (linalg.eigvalsh_tridiagonal, (STACK[0], STACK[0, :, :1])),
    (linalg.lu_factor, (BAND[1],)), (linalg.solveh_banded, (BAND[1], np.ones(3))),
    (linalg.solve_discrete_lyapunov, (0.1 * np.ones((3, 1)), MATRIX)),
    (np.linalg.multi_dot, ([np.array(2.0), np.array(3.0)],)),
], ids=lambda v: getattr(v, "__name__", ""))
def test_what_a_rule_has_no_shape_for_is_refused(function, args):
    function(*args)  # which NumPy and SciPy compute
    with pytest.raises(UnsupportedError, match="Instead, "):
        sd.vjp(function, *args)


@pytest.mark.parametrize("function", [
    lambda a, b: linalg.lu_solve(linalg.lu_factor(a), b),
    lambda a, b: linalg.cho_solve((np.tril(a) + 3 * np.eye(3), True), b),
    linalg.solve_triangular], ids=["lu_solve", "cho_solve", "solve_triangular"])
def test_one_matrix_solves_a_stack(function):
    sd.check_grads(lambda a, b: np.sum(function(a, b) ** 2), (MATRIX, STACK))


@pytest.mark.parametrize("name", [
    "nansum", "nanprod", "nanmax", "nanmin", "nanmean", "nanstd", "nanvar", "ptp", "cumsum",
    "cumprod", "nancumsum", "nancumprod"])
def test_the_axis_that_a_number_has_not_may_be_named(name):
    check_rule(getattr(np, name), np.array(0.7), 0)


@pytest.mark.parametrize("of", [np.add, np.multiply, np.maximum, np.minimum, np.logaddexp])
def test_the_reduction_of_a_number_agrees_with_differences(of):
    check_rule(of.reduce, np.array(0.7))


def test_what_numpy_says_of_an_axis_that_a_number_has_not_stays_what_it_says():
    with pytest.raises(np.exceptions.AxisError, match="axis 1 is out of bounds"):
        sd.vjp(lambda x: np.cumsum(x, axis=1), np.array(0.7))


@pytest.mark.parametrize("function", [
    lambda x: np.median(x), lambda x: np.nanmedian(x, axis=0), lambda x: np.nanstd(x, axis=0),
    lambda x: np.nanquantile(x, 0.3), lambda x: np.cov(x, np.ones((2, 3))),
    lambda x: signal.convolve2d(np.ones((5, 3)), x), lambda x: linalg.lu(x)[2],
    lambda x: ndimage.convolve(x, np.ones((3, 3))), lambda x: ndimage.gaussian_filter(x, 1.0),
    lambda x: ndimage.uniform_filter(x, 3), lambda x: ndimage.median_filter(x, 3),
    lambda x: ndimage.maximum_filter(x, 3), lambda x: ndimage.sobel(x)])
@pytest.mark.filterwarnings("ignore")
def test_an_empty_array_has_an_empty_gradient(function):
    value, pullback = sd.vjp(function, np.zeros((0, 3)))
    assert pullback(np.ones_like(value)).shape == (0, 3)


def test_a_stack_of_matrices_by_one_agrees_with_differences():
    stack = np.stack([MATRIX + np.diag([0.0, 1.0, 3.0]), MATRIX.T @ MATRIX])
    for function in (linalg.eigh, linalg.eigvalsh, linalg.eigvals):
        for pair in ((stack, MATRIX), (MATRIX + np.diag([1.0, 2.0, 3.0]), stack)):
            check_modes(lambda a, b, f=function: np.sum(np.real((
                f(a, b)[0] if f is linalg.eigh else f(a, b)) ** 2)), pair)


def test_one_section_of_a_filter_may_stand_alone():
    section, x = np.array([1.0, 0.5, 0.2, 1.0, 0.1, 0.2]), np.array([1.0, 2.0, -1.0])
    _, pullback = sd.vjp(signal.sosfilt, section, x)
    _, expected = sd.vjp(signal.sosfilt, section[None], x)
    assert np.array_equal(pullback(x)[0], expected(x)[0][0])


def test_what_is_read_of_an_image_without_elements_is_refused_before_scipy_stops():
    x, points = np.zeros((5, 0)), np.ones((2, 8))

    def f(x, points):
        return ndimage.map_coordinates(x, points, order=0, mode="reflect")

    with pytest.raises(UnsupportedError, match="without elements .*Instead, "):
        sd.jvp(f, (x, points), (x, points))
    with pytest.raises(UnsupportedError, match="without elements .*Instead, "):
        sd.vjp(f, x, points)[1](np.ones(8))


def test_running_products_of_a_number_agree_with_differences():
    for x in (0.7, np.array(0.7)):
        for start in (False, True):
            check_rule(np.cumulative_prod, x, kwargs={"include_initial": start})
            check_rule(np.cumulative_sum, x, kwargs={"include_initial": start})


def test_what_numpy_says_of_too_few_axes_stays_what_it_says():
    with pytest.raises(ValueError, match="at least one dimensional"):
        sd.vjp(np.diff, np.array(2.0))
    with pytest.raises(ValueError, match="zero-dimensional"):
        sd.vjp(lambda x: np.concatenate((x, x)), np.array(2.0))


def test_too_many_indices_raise_what_numpy_raises_in_forward_mode():
    def last(x):
        return np.sum(x[..., :2, :])

    with pytest.raises(IndexError, match="too many indices"):
        sd.jvp(last, (np.array(2.0),), (np.array(1.0),))


@pytest.mark.parametrize("function", [
    lambda x: ndimage.gaussian_laplace(x, 1.0), lambda x: ndimage.laplace(x),
    lambda x: ndimage.gaussian_gradient_magnitude(x, 1.0),
    lambda x: ndimage.correlate(x, np.array(2.0)), lambda x: ndimage.convolve(x, np.array(2.0))])
def test_filters_of_a_number_agree_with_differences(function):
    check_modes(function, (np.array(2.0),))


def test_a_laplace_filter_along_no_axes_is_the_image():
    check_rule(ndimage.gaussian_laplace, MATRIX, 1.0, kwargs={"axes": ()}, wrt="input")


def test_complex_arrays_without_dimensions_may_be_written():
    def f(x, flag):
        a = np.array(x * (2.0 + 1.0j))
        a[np.array(flag)] = 3.0 * x * x
        return a.real + 2.0 * a.imag

    for flag in (False, True):
        sd.check_grads(lambda x, flag=flag: f(x, flag), (0.7,))


def test_arrays_by_lists_agree_with_differences():
    x = np.array([1.0, 2.0, 3.0])
    sd.check_grads(lambda x, u: x / [1.0, 2.0, u], (x, 2.0))
    sd.check_grads(lambda x, u: x ** [1.0, 2.0, u], (x, 2.0))
    sd.check_grads(lambda x, u: x / (1.0, 2.0, u) + x ** (1.0, 2.0, u), (x, 2.0))


def test_weights_that_stretch_a_logsumexp_agree_with_differences():
    x, weights = np.array([[1.0], [2.0], [3.0]]), np.array([1.0, 2.0, 3.0, 4.0])
    sd.check_grads(lambda x, w: special.logsumexp(x, b=w), (x, weights))
