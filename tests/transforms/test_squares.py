"""Powers of absolute values, norms and roots have the derivatives of what they are, also at 0."""

import math
import operator

import numpy as np
import pytest

import s2sdiff as sd
from tests.from_text import run_text
from tests.rules.four_ways import second_ways
from tests.transforms.programs import agrees, body


def by_power(x):
    return np.abs(x) ** 2


def by_float(x):
    return abs(x) ** 2.0


def by_product(x):
    r = operator.abs(x)
    return r * r


def by_square(x):
    return np.square(np.fabs(x))


def by_ufunc(x):
    return np.power(np.absolute(x), 2)


def size(x):
    return np.abs(x)


def by_helper(x):
    r = size(x)
    return r * r


def of_root(x):
    return np.sqrt(x * x) ** 2


def by_hypot(x):
    return np.hypot(x, 0.0) ** 2


def in_a_loop(x):
    r, total = np.abs(x), 0.0
    for weight in (0.25, 0.75):
        total += weight * r**2
        x = x + 1.0
    return total


SQUARES = [by_power, by_float, by_product, by_square, by_ufunc, by_helper, of_root, by_hypot,
           in_a_loop]


@pytest.mark.parametrize("square", SQUARES)
@pytest.mark.parametrize("x", [0.0, -1.5, np.array([0.0, 2.0, -1.0])])
def test_a_square_has_a_second_derivative_of_2_in_all_ways(square, x):
    for way, found in second_ways(square, (x,), 0, 0).items():
        np.testing.assert_allclose(found, np.full(np.shape(x), 2.0), rtol=1e-14, err_msg=way)


@pytest.mark.parametrize("square", SQUARES)
def test_the_value_and_the_slope_are_those_of_what_is_written(square):
    agrees(lambda x: np.sum(square(x)), np.array([0.3, -1.7, 2.0]))
    for x in (-1.1, np.float64(0.7), np.float32(1.3), np.array([0.1, -0.7])):
        value, pullback = sd.vjp(square, x)
        assert np.array_equal(value, square(x))
        assert type(value) is type(square(x))
        for _ in range(2):
            x_bar = pullback(np.ones_like(value) if np.ndim(x) else type(value)(1))
            assert type(x_bar) is type(x)
            np.testing.assert_allclose(x_bar, 2 * x, rtol=1e-6)


def test_python_numbers_and_points():
    for f in (lambda x, y: math.hypot(x, y) ** 2, lambda x, y: math.hypot(x, y, 0.5) ** 2,
              lambda x, y: math.sqrt(x * x + y * y) ** 2, lambda x, y: np.hypot(x, y) ** 2):
        for at in ((0.0, 0.0), (0.3, -0.4)):
            for slots, bend in (((0, 0), 2.0), ((0, 1), 0.0), ((1, 1), 2.0)):
                for way, found in second_ways(f, at, *slots).items():
                    assert found == pytest.approx(bend, abs=1e-12), (way, slots)


def test_the_slope_of_a_squared_root_is_that_of_what_is_under_it():
    assert sd.grad(lambda x: np.sqrt(x) ** 2)(0.0) == 1.0
    assert sd.jvp(lambda x: math.sqrt(x) ** 2, (0.0,), (1.0,))[1] == 1.0


@pytest.mark.parametrize("f", [
    lambda v: np.linalg.norm(v) ** 2, lambda v: np.sum(np.linalg.norm(v, axis=1) ** 2),
    lambda v: np.sum(np.square(np.linalg.norm(v, axis=-1, keepdims=True))),
])
@pytest.mark.parametrize("at", [np.zeros((2, 2)), np.array([[0.3, -0.4], [0.0, 0.0]])])
def test_squares_of_norms_have_hessians_of_twice_the_identity(f, at):
    found = sd.hessian(f)(at).reshape(4, 4)
    np.testing.assert_allclose(found, 2 * np.eye(4), atol=1e-12)
    found = sd.jacrev(sd.grad(f))(at).reshape(4, 4)
    np.testing.assert_allclose(found, 2 * np.eye(4), atol=1e-12)
    np.testing.assert_allclose(sd.grad(f)(at), 2 * at, atol=1e-15)


def test_squares_of_deviations_bend_as_variances_where_all_is_equal():
    found = sd.hessian(lambda v: np.std(v) ** 2)(np.ones(3))
    np.testing.assert_allclose(found, 2 / 3 * (np.eye(3) - 1 / 3), atol=1e-14)


def power_of_complex(x, y):
    return np.abs(x + 1j * y) ** 2


def test_complex_squares_bend_alike_in_both_parts():
    for at in (0.0, np.array([0.0, 0.5])):
        for slots, bend in (((0, 0), 2.0), ((0, 1), 0.0), ((1, 1), 2.0)):
            for way, found in second_ways(power_of_complex, (at, at + 0.0), *slots).items():
                np.testing.assert_allclose(found, np.full(np.shape(at), bend), atol=1e-12,
                                           err_msg=way)
    z = np.array([0j, 3 + 4j])
    np.testing.assert_allclose(sd.grad(lambda z: np.sum(np.abs(z) ** 2))(z), 2 * np.conj(z))


def test_powers_between_1_and_2_bend_without_end_at_0():
    def f(x):
        return np.abs(x) ** 1.5

    for way, found in second_ways(f, (np.array([0.0, 4.0, -4.0]),), 0, 0).items():
        np.testing.assert_allclose(found, [np.inf, 0.375, 0.375], err_msg=way)
    np.testing.assert_allclose(sd.grad(lambda x: np.sum(f(x)))(np.array([0.0, 4.0, -4.0])),
                               [0.0, 3.0, -3.0])


def negated(x):
    d = np.abs(x)
    return -d * d


def halved(x):
    d = np.sqrt(x * x)
    return -0.5 * d * d


def over_a_constant(x):
    return (np.abs(x) / SCALE) ** 2


def over_and_times(x):
    d = np.fabs(x) * 3.0
    return d / SCALE * d


SCALE = 0.5


@pytest.mark.parametrize(("f", "bend"), [
    (negated, -2.0), (halved, -1.0), (over_a_constant, 8.0), (over_and_times, 36.0)])
@pytest.mark.parametrize("x", [0.0, -1.5, np.array([0.0, 2.0, -1.0])])
def test_sizes_with_factors_have_squares_as_smooth_in_all_ways(f, bend, x):
    for way, found in second_ways(f, (x,), 0, 0).items():
        np.testing.assert_allclose(found, np.full(np.shape(x), bend), rtol=1e-14, err_msg=way)
    agrees(lambda x: np.sum(f(x)), np.array([0.3, -1.7, 2.0]))


def test_kernels_bend_where_their_points_meet():
    def kernel(x, y, scale):
        return np.exp(-0.5 * (np.linalg.norm(x - y) / scale) ** 2)

    x = np.array([0.3, 0.4])
    mixed = sd.jacfwd(sd.grad(kernel), wrt=1)(x, x.copy(), 0.5)
    np.testing.assert_allclose(mixed, 4.0 * np.eye(2), atol=1e-12)
    np.testing.assert_allclose(sd.hessian(kernel)(x, x.copy(), 0.5), -4.0 * np.eye(2), atol=1e-12)
    sd.check_grads(kernel, (x, x + 0.3, 0.5), order=2)


@pytest.mark.parametrize("write", [
    "d[0] = 5.0 * x[1]", "d[1:] *= x[0]", "w = d[1:]; w += x[0]", "np.add(d, x, out=d[...])",
    "e[0] = x[1]", "e.sort(); e[1] = x[0]"])
def test_sizes_that_are_written_are_sizes_no_more(write):
    text = ("def f(x):\n    d = np.abs(x)\n    e = d / 2.0\n"
            f"    {write}\n    return np.sum(d ** 2) + np.sum(e * d) + np.sum(e * e)\n")
    file = f"<sizes written {write}>"
    scope = {"np": np}
    run_text(text, file, scope)
    agrees(scope["f"], np.array([0.7, -0.4, 1.3]))
    sd.check_grads(scope["f"], (np.array([0.7, -0.4, 1.3]),))


def test_writes_between_the_size_and_its_square_do_not_count():
    def f(x):
        x = x * 1.0
        r = np.abs(x)
        x[0] = 7.0
        return np.sum(r * r) + np.sum(x)

    x = np.array([0.0, -2.0])
    np.testing.assert_allclose(sd.grad(f)(x), [0.0, -3.0])
    np.testing.assert_allclose(sd.hessian(f)(x), 2 * np.eye(2))


def test_a_square_that_is_written_is_an_array_of_its_own():
    def f(x):
        square = np.abs(x) ** 2
        square[0] = 5.0
        return np.sum(square * square)

    x = np.array([1.5, -2.0])
    np.testing.assert_allclose(sd.grad(f)(x), [0.0, -32.0])
    np.testing.assert_allclose(sd.hessian(f)(x), [[0.0, 0.0], [0.0, 48.0]])


def test_the_stage_runs_and_reads_as_written_in_the_end():
    assert any("both_moving_with" in line for line in body(by_power, 2.0, stage="squares"))
    assert sd.source(by_power, "grad", args=(2.0,)).endswith("    return 2 * x\n")


def test_derivatives_of_ones_own_of_what_is_squared_win():
    def own(x):
        return np.abs(x), lambda r_bar: 5.0 * r_bar

    with sd.derivatives({np.abs: own}):
        assert sd.grad(by_power)(-2.0) == 20.0
    assert sd.grad(by_power)(-2.0) == -4.0
