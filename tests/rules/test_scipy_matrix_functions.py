"""SciPy's functions of a matrix and equations for matrices, against finite differences."""

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff.errors import UnsupportedError
from tests.right_or_refused import check_modes
from tests.rules.checker import check_rule, draw
from tests.rules.second import WAYS, second_derivatives

linalg = pytest.importorskip("scipy.linalg")

from s2sdiff.rules.scipy_matrix_functions import beside_off_the_cut  # noqa: E402


def matrix(rows=3, columns=3, kind=float, seed=1):
    return draw((rows, columns), -0.5, 0.5, seed, kind) + 2.0 * np.eye(rows, columns)


KINDS = pytest.mark.parametrize("kind", [float, complex])


@KINDS
@pytest.mark.parametrize("function", [linalg.expm, linalg.logm, linalg.sqrtm])
@pytest.mark.filterwarnings("ignore:logm result may be inaccurate")
def test_functions_of_a_matrix_agree_with_differences(function, kind):
    a = matrix(kind=kind)
    check_rule(function, a, exact=False)
    check_rule(function, np.stack([a, 2.0 * a]), exact=False)
    check_rule(function, a[:1, :1], exact=False)
    if function is linalg.expm:
        check_rule(function, a[:0, :0])


@KINDS
@pytest.mark.parametrize("name", ["sinm", "cosm", "tanm", "sinhm", "coshm", "tanhm"])
def test_sines_of_a_matrix_agree_with_differences(name, kind):
    function = getattr(linalg, name)
    sd.check_grads(lambda a: function(a), (matrix(kind=kind),))


def test_a_root_of_equal_values_agrees_with_the_closed_form():
    g = draw((2, 2), -1.0, 1.0, 1)
    _, pullback = sd.vjp(linalg.sqrtm, 4.0 * np.eye(2))
    assert np.allclose(pullback(g), g / 4.0)
    _, pullback = sd.vjp(linalg.logm, 4.0 * np.eye(2))
    assert np.allclose(pullback(1e-9 * g), 1e-9 * g / 4.0, rtol=1e-12, atol=0.0)


@pytest.mark.parametrize("function", [linalg.expm, linalg.sqrtm])
@pytest.mark.parametrize("scale", [1e-200, 1e200])
def test_large_and_small_cotangents_have_gradients_of_their_size(function, scale):
    a, g = matrix(), draw((3, 3), -1.0, 1.0, 1)
    _, pullback = sd.vjp(function, a)
    assert np.allclose(pullback(scale * g) / scale, pullback(g), rtol=1e-12, atol=0.0)


def test_the_imaginary_root_of_a_real_matrix_has_a_real_gradient():
    a = -matrix()
    sd.check_grads(lambda a: np.sum(np.abs(linalg.sqrtm(a)) ** 2), (a,))
    assert sd.grad(lambda a: np.sum(np.imag(linalg.sqrtm(a))))(a).dtype == float


@KINDS
@pytest.mark.parametrize("t", [0.3, 2.5, -0.5, 3, -1])
def test_powers_of_a_matrix_agree_with_differences_in_base_and_exponent(t, kind):
    check_rule(linalg.fractional_matrix_power, matrix(kind=kind), t, exact=False)


def test_a_power_moves_with_an_exponent_that_is_an_array_of_no_dimensions():
    a = matrix() @ matrix().T
    t_bar = sd.grad(lambda t: np.sum(linalg.fractional_matrix_power(a, t)))(np.array(0.7))
    assert t_bar.shape == ()
    assert t_bar == pytest.approx(np.sum(linalg.logm(a) @ linalg.fractional_matrix_power(a, 0.7)))


def test_the_exponential_of_an_empty_matrix_has_second_derivatives():
    a = np.zeros((0, 0))
    assert sd.hvp(lambda a: np.sum(linalg.expm(a)), (a,), (a,)).shape == (0, 0)


@KINDS
@pytest.mark.parametrize("with_value", [True, False])
def test_derivatives_of_the_exponential_agree_with_differences(with_value, kind):
    check_rule(linalg.expm_frechet, matrix(kind=kind), matrix(seed=4, kind=kind), exact=False,
               kwargs={"compute_expm": with_value})


@pytest.mark.parametrize("stack", [(), (2,)])
@pytest.mark.parametrize("kind", [float, complex])
def test_the_exponential_has_second_derivatives_in_all_ways(kind, stack):
    a, z_bar = (draw((*stack, 3, 3), -0.5, 0.5, seed, kind) for seed in (3, 4))
    found = second_derivatives(linalg.expm, (a,), {}, 0, z_bar)
    assert found == dict.fromkeys(WAYS, "")


def test_a_product_with_a_hessian_is_differentiated_once_more():
    def product(x):
        return sd.hvp(lambda x: np.sum(linalg.expm(np.outer(x, x**2)) ** 2), (x,),
                      (np.ones(2),)) @ np.array([0.3, -0.4])

    x, step, along = np.array([0.7, 0.4]), 1e-4, np.array([0.5, 0.2])
    slope = (product(x + step * along) - product(x - step * along)) / (2 * step)
    assert sd.grad(product)(x) @ along == pytest.approx(slope, rel=1e-6)


@pytest.mark.parametrize("f", [
    lambda a: np.sum(linalg.logm(a) * np.arange(9.0).reshape(3, 3)),
    lambda a: np.real(np.sum(linalg.fractional_matrix_power(a, 0.3) ** 2)),
])
def test_logarithms_and_powers_of_a_matrix_have_second_derivatives(f):
    a, along, step = matrix(), draw((3, 3), -1.0, 1.0, 5), 1e-4
    gradient = sd.grad(f)
    slope = (gradient(a + step * along) - gradient(a - step * along)) / (2 * step)
    assert np.allclose(sd.hvp(f, (a,), (along,)), slope, rtol=1e-6, atol=1e-7)


def test_where_a_function_of_a_matrix_jumps_is_asked_without_losing_the_matrix():
    def slope(a):
        return beside_off_the_cut(np.linalg.inv, a, np.ones((3, 3)), "inv")

    check_modes(slope, (matrix(),))


def test_the_exponential_that_a_derivative_comes_with_has_its_gradient():
    a, e = matrix(), matrix(seed=4)
    sd.check_grads(lambda a, e: np.sum(linalg.expm_frechet(a, e)[0]) + e[0, 0], (a, e))


def test_estimates_of_errors_are_refused():
    with pytest.raises(UnsupportedError, match=r"disp=False.*Instead"):
        sd.vjp(lambda a: linalg.logm(a, disp=False)[0], matrix())


@KINDS
def test_equations_for_matrices_agree_with_differences(kind):
    a, b = matrix(kind=kind), matrix(2, 2, kind, 2)
    check_rule(linalg.solve_sylvester, a, b, matrix(3, 2, kind, 3), exact=False)
    q = matrix(3, 3, kind, 3)
    check_rule(linalg.solve_continuous_lyapunov, a, q, exact=False)
    for method in (None, "direct", "bilinear"):
        check_rule(linalg.solve_discrete_lyapunov, a / 4, q, method, exact=False)
    sd.check_grads(lambda a, q: linalg.solve_lyapunov(a, q), (a, q))


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("shape", [(3, 3), (4, 3), (2, 3)])
def test_polar_factors_agree_with_differences(side, shape):
    a = matrix(*shape)
    sd.check_grads(lambda a: linalg.polar(a, side)[0], (a,))
    if shape[0] >= shape[1] and side == "right":
        sd.check_grads(lambda a: linalg.polar(a)[1], (a,))


def test_matrices_made_of_vectors_and_blocks_agree_with_differences():
    x = draw((4,), 0.2, 1.0, 3)
    check_modes(lambda x: linalg.companion(x), (x,))
    check_modes(lambda a, b: linalg.block_diag(a, b, x), (matrix(2, 3), matrix(3, 1)))
    check_modes(lambda a, b: linalg.khatri_rao(a, b), (matrix(2, 3), matrix(4, 3)))
    check_modes(lambda a: linalg.hilbert(3) @ a * linalg.bandwidth(a)[0], (matrix(),))
