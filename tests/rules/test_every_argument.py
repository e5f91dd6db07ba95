"""Arguments that are rarely given: what the derivative is with them, in both modes."""

import warnings

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import registry
from tests.rules.checker import draw

linalg, ndimage = pytest.importorskip("scipy.linalg"), pytest.importorskip("scipy.ndimage")

V, M = draw((4,), 0.3, 1.2, 1), draw((3, 4), 0.3, 1.2, 2)
S = 0.7
H = np.array([[2.0, 0.3, 0.1], [0.3, 3.0, 0.2], [0.1, 0.2, 1.5]])


@pytest.mark.parametrize(("f", "args"), [
    (lambda x: np.add.accumulate(x, axis=(-1,)), (M,)),
    (lambda x: np.multiply.accumulate(x, axis=(-1,)), (M,)),
    (lambda x: np.logaddexp.accumulate(x, axis=(0,)), (M,)),
    (lambda x: np.cumulative_sum(x, axis=(-1,)), (M,)),
    (lambda x: np.cumulative_prod(x, axis=(0,)), (M,)),
    (lambda x: np.add.reduceat(x, [0, 2], axis=(-1,)), (M,)),
    (lambda x: np.add.reduceat(x, [0, 2], axis=None), (V,)),
    (lambda x: np.multiply.reduceat(x, [0, 2], axis=(1,)), (M,)),
    (lambda x: np.unstack(x, axis=(-1,))[1], (M,)),
    (lambda x: np.roll(x, True), (V,)),
    (lambda x: np.roll(x, np.array([True, False])), (V,)),
    (lambda x: np.linalg.vector_norm(x, ord=None), (V,)),
    (lambda x: np.linalg.norm(x, "fro", (0, -1)), (M,)),
    (lambda x: np.linalg.norm(x, None, (1,)), (M,)),
    (lambda x, y, z: np.einsum("i,i,ij->j", x, y, z), (V[:3], V[1:], M)),
    (lambda x, y: np.tensordot(x, y, 1) + np.kron(y, y[1])[:3], (M, V)),
    (lambda x: np.multiply.accumulate([x, 2.0 * x, x**3]), (S,)),
    (lambda a, b: np.logspace(a, b, 4, base=0.0), (0.5, 1.5)),
    (lambda a, b, c: np.logspace(a, b, 4, base=c), (0.5, 1.5, np.array([0.3, 2.0]))),
])
def test_options_of_numpy_agree_with_differences(f, args):
    if "cumulative" in f.__code__.co_names and not hasattr(np, "cumulative_sum"):
        pytest.skip("this NumPy has no cumulative_sum")
    sd.check_grads(f, args)


@pytest.mark.parametrize("order", [1, -1, 2, -2, np.inf, -np.inf, "nuc", "fro"])
def test_norms_of_every_order_agree_with_differences(order):
    sd.check_grads(lambda x: np.linalg.norm(x, order), (M,))
    sd.check_grads(lambda x: np.linalg.norm(x[None], order, (-2, -1), True), (M,))
    if not isinstance(order, str):
        sd.check_grads(lambda x: np.linalg.norm(x, order), (V,))
        sd.check_grads(lambda x: np.linalg.vector_norm(x, ord=order), (M,))


@pytest.mark.parametrize("ufunc", [
    np.add, np.subtract, np.multiply, np.divide, np.power, np.hypot, np.maximum, np.arctan2])
def test_ufuncs_at_places_agree_with_differences(ufunc):
    def into(x, y):
        z = x * y[0]
        ufunc.at(z, [1, 0, 1], y)
        return z

    sd.check_grads(into, (V, np.array([1.3, 0.7, 2.2])))


@pytest.mark.filterwarnings("ignore:Degrees", "ignore:invalid value", "ignore:Mean of empty")
@pytest.mark.parametrize("x", [np.zeros((2, 0)), np.zeros((2, 0), complex)], ids=str)
def test_the_deviation_of_nothing_has_an_empty_cotangent(x):
    for target, options in ((np.std, {}), (np.var, {}), (np.std, {"mean": np.zeros((2, 1))})):
        _, pullback = registry.find(target).function(x, axis=1, **options)
        assert pullback(np.ones(2))[0].shape == (2, 0)


def test_of_several_values_for_one_place_the_last_one_stays():
    def into(x):
        z = np.zeros(4)
        np.put(z, [0, 1, 0, -1], x)
        return z * V

    sd.check_grads(into, (V[::-1],))


def test_what_a_random_state_shuffles_moves_along():
    def mixed(x):
        z = x * 2.0
        np.random.RandomState(3).shuffle(z)
        return z * V

    sd.check_grads(mixed, (V[::-1],))


def test_changes_in_place_by_a_users_rule_have_tangents():
    def blend(a, b):
        a *= b
        a += b

    def blend_derivative(a, b):
        was = a.copy()
        blend(a, b)

        def pullback(_, a_bar):
            b_bar = a_bar * (was + 1.0)
            a_bar *= b
            return None, b_bar

        return None, pullback

    rule = sd.derivative(of=blend, writes="a")
    rule(blend_derivative)

    def into(x, y):
        z = x * 2.0
        blend(z, y)
        return z

    sd.check_grads(into, (V, V[::-1].copy()))


@pytest.mark.parametrize("name", ["ifft2", "irfft2", "hfft"])
def test_an_out_that_numpy_does_not_write_is_refused_or_right(name):
    transform, z = getattr(np.fft, name), M + 1j * M[::-1]
    shape, dtype = transform(z).shape, transform(z).dtype

    def power(z):
        return np.sum(np.abs(transform(z, out=np.zeros(shape, dtype))) ** 2)

    try:
        sd.check_grads(power, (z,), modes=("rev",))
    except sd.DifferentiationError as error:
        assert "another array than out. Instead, leave out= out" in str(error)  # noqa: PT017


@pytest.mark.parametrize("window", ["hann", np.hanning(9)])
@pytest.mark.parametrize("length", [9, 255])
def test_a_transform_of_a_signal_shorter_than_its_pieces_agrees_with_differences(window, length):
    signal = pytest.importorskip("scipy.signal")
    x = draw((length,), -1.0, 1.0, 3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that the pieces are made as short as the signal
        for options in ({}, {"boundary": None}, {"boundary": "odd"}):
            given = {"window": window, **options}
            if not isinstance(window, str):
                given["nperseg"] = None
            sd.check_grads(lambda x, given=given: signal.stft(x, **given)[2], (x,))


@pytest.mark.parametrize("mode", ["full", "same", "valid"])
@pytest.mark.parametrize("boundary", ["fill", "wrap", "symm"])
def test_the_value_beyond_the_ends_of_an_image_agrees_with_differences(mode, boundary):
    signal = pytest.importorskip("scipy.signal")
    kernel = draw((2, 3), -1.0, 1.0, 4, complex)
    for function in (signal.convolve2d, signal.correlate2d):
        sd.check_grads(lambda x, k, s, f=function: f(x, k, mode, boundary, s), (M, kernel, S))


def test_an_argument_that_a_pasted_rule_says_nothing_of_is_refused_where_it_moves(monkeypatch):
    def rule(x, y):
        return np.heaviside(x, y), lambda z_bar: z_bar * y

    # One of the library's own, which are pasted without a look at what they are given.
    known = registry.Rule(np.heaviside, rule, ("x",), pure=True)
    monkeypatch.setitem(registry._rules, id(np.heaviside), (np.heaviside, {"vjp": known}))
    assert sd.grad(lambda x: np.heaviside(x, 2.0))(S) == 2.0
    for f in (lambda y: np.heaviside(2.0, y), lambda y: np.heaviside(y, y)):
        with pytest.raises(sd.DifferentiationError, match=r"not known. Instead, keep that arg"):
            sd.grad(f)(S)


def test_block_diagonal_matrices_and_splines_go_forwards():
    linalg, interpolate = pytest.importorskip("scipy.linalg"), pytest.importorskip(
        "scipy.interpolate")
    sd.check_grads(linalg.block_diag, (M, M[:2].copy()))
    sd.check_grads(lambda y: interpolate.UnivariateSpline(np.arange(4.0), y, s=0)(M[0] + 1.0), (V,))


def test_a_number_among_the_options_that_does_not_matter_has_derivative_zero():
    integrate = pytest.importorskip("scipy.integrate")

    def integral(s):
        return integrate.quad(lambda u: np.sin(s * u), 0.0, 1.0, epsabs=s * 1e-8)[0]

    sd.check_grads(integral, (S,), modes=("rev",))


def test_numbers_in_stars_that_do_not_matter_have_derivative_zero():
    def chosen(function, *rest, **options):
        return function(2.0)

    def f(s):
        return chosen(lambda u: u * u * s, 2.0 * s, tolerance=3.0 * s)

    assert sd.grad(f)(S) == 4.0


def test_axes_of_a_norm_go_through_a_second_derivative():
    def loss(x):
        return np.sum(np.linalg.norm(x, "fro", (0, 1)) ** 2)

    np.testing.assert_allclose(sd.jvp(sd.grad(loss), (M,), (M**2,))[1], 2 * M**2)


@pytest.mark.parametrize(("f", "args"), [
    (lambda x, s: ndimage.gaussian_laplace(x, s, radius=2), (M, S)),
    (lambda x, s: ndimage.gaussian_laplace(x, s, truncate=1.5, mode="constant", cval=s), (M, S)),
    (lambda x: sum(linalg.solve_continuous_are(H, M[:, :3], H, H, s=0.1 * x)[0]), (M[:, :3],)),
    (lambda x: sum(linalg.solve_discrete_are(H, M[:, :3], H, H, s=0.1 * x)[0]), (M[:, :3],)),
], ids=["radius", "truncate", "cross", "discrete cross"])
def test_options_of_scipy_agree_with_differences(f, args):
    sd.check_grads(f, args)


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_a_generator_shuffles_along_any_axis(axis):
    def mixed(x):
        z = x * 2.0
        np.random.default_rng(5).shuffle(z, axis=axis)
        return z * M

    sd.check_grads(mixed, (M**2,))
