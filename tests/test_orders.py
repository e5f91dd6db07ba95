"""Derivatives of derivatives: in any order, in all combinations of modes, inside functions."""

import math

import numpy as np
import pytest

import s2sdiff as sd


def f(x):
    return math.sin(x) * math.exp(x)


def loop(x):
    y = x
    for _ in range(3):
        y = y * math.sin(x) + y * y * 0.1
    return y


def branches(x):
    if x > 0.5:
        y = x**3
    else:
        y = math.exp(x)
    while y < 4.0:
        y = y * x + 1.0
    return y


def long_helper(x, n):
    for _ in range(n):
        x = x * math.sin(x) + 0.1
    return x


def with_a_helper(x):
    return long_helper(x, 3) * x


def written(x):
    a = np.zeros(3)
    a[0] = x
    a[1] = a[0] * x
    a[2] = a[1] * math.sin(x)
    return np.sum(a * a)


def appended(x):
    kept = []
    for k in range(3):
        kept.append(x**k * math.cos(x))
    return sum(kept)


def differences(g, x, h=1e-5):
    return (8 * (g(x + h) - g(x - h)) - (g(x + 2 * h) - g(x - 2 * h))) / (12 * h)


MODES = {
    "rr": lambda f: sd.grad(sd.grad(f)),
    "fr": lambda f: lambda x: sd.jvp(sd.grad(f), (x,), (1.0,))[1],
    "rf": lambda f: sd.grad(lambda x: sd.jvp(f, (x,), (1.0,))[1]),
    "ff": lambda f: lambda x: sd.jvp(lambda v: sd.jvp(f, (v,), (1.0,))[1], (x,), (1.0,))[1],
}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("function", [f, loop, branches])
def test_a_second_derivative_in_any_two_modes(function, mode):
    x = 0.8
    expected = differences(sd.grad(function), x)
    assert MODES[mode](function)(x) == pytest.approx(expected, rel=1e-8)


@pytest.mark.parametrize("function, known", [
    (with_a_helper, {"rr", "rf", "ff"}), (written, {"rr", "fr"}), (appended, {"rr"})])
def test_a_second_derivative_through_helpers_and_writes_is_right_or_refused(function, known):
    x, right = 0.8, set()
    expected = differences(sd.grad(function), x)
    for name, mode in MODES.items():
        try:
            assert mode(function)(x) == pytest.approx(expected, rel=1e-8)
            right.add(name)
        except sd.DifferentiationError as error:
            assert "Instead, " in str(error)
    assert right >= known


def test_six_gradients_of_one_function():
    g = f
    for n in range(1, 7):
        g = sd.grad(g)
        expected = 2 ** (n / 2) * math.exp(0.3) * math.sin(0.3 + n * math.pi / 4)
        assert g(0.3) == pytest.approx(expected, rel=1e-13)


def test_the_third_derivative_of_tanh():
    t = math.tanh(0.5)
    third = sd.grad(sd.grad(sd.grad(lambda x: math.tanh(x))))
    assert third(0.5) == pytest.approx(-2 * (1 - t * t) * (1 - 3 * t * t), rel=1e-14)


def test_a_gradient_inside_of_a_function():
    def newton(x):
        return x - f(x) / sd.grad(f)(x)

    assert sd.grad(newton)(0.4) == pytest.approx(differences(newton, 0.4), rel=1e-8)
    assert sd.jvp(newton, (0.4,), (2.0,))[1] == pytest.approx(2 * differences(newton, 0.4))


def test_a_gradient_of_a_closure_does_not_confuse_its_variable_with_the_outer_one():
    # Pearlmutter and Siskind's example: d/dx (x * d/dy (x + y)) is 1 and not 2.
    assert sd.grad(lambda x: x * sd.grad(lambda y: x + y)(2.0))(1.0) == 1.0

    def outer(x):
        def inner(y):
            return math.sin(y) * x
        return x * sd.grad(inner)(x)

    expected = 2 * 0.7 * math.cos(0.7) - 0.49 * math.sin(0.7)
    assert sd.grad(outer)(0.7) == pytest.approx(expected, rel=1e-14)


def test_mixed_partial_derivatives():
    def g(x, y):
        return math.exp(x * y) * y

    both = sd.grad(sd.grad(g, 0), 1)(0.3, 0.7)
    assert both == pytest.approx(sd.grad(sd.grad(g, 1), 0)(0.3, 0.7), rel=1e-14)
    # d/dy (y^2 e^(xy))
    assert both == pytest.approx((2 * 0.7 + 0.49 * 0.3) * math.exp(0.21), rel=1e-14)


def rosenbrock(x):
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


X = np.array([1.2, 0.7, -0.3, 0.5])


def hessian_of_rosenbrock(x):
    n = len(x)
    h = np.zeros((n, n))
    for i in range(n - 1):
        h[i, i] += 1200 * x[i] ** 2 - 400 * x[i + 1] + 2
        h[i + 1, i + 1] += 200
        h[i, i + 1] = h[i + 1, i] = -400 * x[i]
    return h


def test_hessians_and_products_with_them():
    expected = hessian_of_rosenbrock(X)
    np.testing.assert_allclose(sd.hessian(rosenbrock)(X), expected, rtol=1e-13, atol=1e-11)
    np.testing.assert_allclose(sd.jacrev(sd.grad(rosenbrock))(X), expected, rtol=1e-13, atol=1e-11)
    t = np.array([1.0, -2.0, 0.5, 3.0])
    np.testing.assert_allclose(sd.hvp(rosenbrock, (X,), (t,)), expected @ t, rtol=1e-12)


def test_a_hessian_of_several_arguments_has_blocks():
    blocks = sd.hessian(lambda x, y: x * x * y, (0, 1))(2.0, 3.0)
    assert blocks == ((6.0, 4.0), (4.0, 0.0))
    products = sd.hvp(lambda x, n, y: x * x * y * (n - 1), (2.0, 2, 3.0), (1.0, None, 0.5))
    assert products == (6.0 + 2.0, None, 4.0)


def mixed(x, y):
    return {"a": x * y, "b": (np.sum(x), y**2)}


@pytest.mark.parametrize("operator", [sd.jacfwd, sd.jacrev, sd.jacobian])
def test_a_jacobian_has_the_results_structure_with_the_arguments_at_each_leaf(operator):
    x = np.array([1.0, 2.0])
    found = operator(mixed, (0, 1))(x, 3.0)
    assert found.keys() == {"a", "b"}
    np.testing.assert_array_equal(found["a"][0], 3.0 * np.eye(2))
    np.testing.assert_array_equal(found["a"][1], x)
    np.testing.assert_array_equal(found["b"][0][0], [1.0, 1.0])
    assert found["b"][0][1] == 0.0 and found["b"][1][1] == 6.0
    np.testing.assert_array_equal(operator(mixed, "y")(x, 3.0)["a"], x)
    np.testing.assert_array_equal(operator(mixed)(x, y=3.0)["a"], 3.0 * np.eye(2))


@pytest.mark.parametrize("operator", [sd.jacfwd, sd.jacrev, sd.jacobian])
def test_shapes_and_dtypes_of_jacobians(operator):
    x = np.arange(6.0, dtype=np.float32).reshape(2, 3)
    made = operator(lambda x: x.T[:, :1] * 2)(x)
    assert made.shape == (3, 1, 2, 3) and made.dtype == np.float32
    assert made[1, 0, 0, 1] == 2.0 and np.count_nonzero(made) == 3
    assert operator(lambda x: x * 2)(np.ones((0, 2))).shape == (0, 2, 0, 2)
    assert operator(lambda x: x * x)(3.0) == 6.0
    with pytest.raises(TypeError, match="Instead, say holomorphic=True"):
        operator(lambda z: z * z)(1j)
    z = np.array([1j, 2.0])
    np.testing.assert_allclose(operator(lambda z: z * z, holomorphic=True)(z), np.diag(2 * z))
    with pytest.raises(TypeError, match="Instead, pass floats"):
        operator(lambda n: n * 2.0)(3)
    with pytest.raises(ValueError, match="Instead, "):
        operator(lambda n: n * 2.0, "m")


def test_linearize_runs_the_function_once(capsys):
    def talks(x, y):
        print("runs")
        return np.sin(x) * y

    value, differential = sd.linearize(talks, X, 2.0)
    np.testing.assert_array_equal(value, np.sin(X) * 2.0)
    for t, s in ((np.ones(4), 0.0), (X, 3.0)):
        np.testing.assert_allclose(differential(t, s), np.cos(X) * t * 2.0 + np.sin(X) * s)
    np.testing.assert_allclose(differential(None, 1.0), np.sin(X))
    assert capsys.readouterr().out == "runs\n"
    with pytest.raises(TypeError, match="Instead, pass one tangent"):
        differential(X)


TWICE = np.array([0, 1, 1, 2])


def gathered(x):
    total = 0.0
    for i in range(3):
        total = total + np.sum(x[TWICE] * x[i]) ** 2
    return total


def test_what_the_first_pullback_adds_up_is_not_forgotten():
    function = gathered
    x, t = np.array([2.0, 3.0, 1.5]), np.array([1.0, -2.0, 0.5])
    slope = (function(x + 1e-6 * t) - function(x - 1e-6 * t)) / 2e-6
    np.testing.assert_allclose(sd.linearize(function, x)[1](t), slope, rtol=1e-6)
    gradient = sd.grad(function)
    expected = (gradient(x + 1e-6 * t) - gradient(x - 1e-6 * t)) / 2e-6
    ways = [sd.hvp(function, (x,), (t,)), sd.hessian(function)(x) @ t,
            sd.grad(lambda x: np.sum(gradient(x) * t))(x), sd.jacrev(gradient)(x) @ t]
    for found in ways:
        np.testing.assert_allclose(found, expected, rtol=1e-6)


def written_argument(x):
    x[0] *= x[1]
    return np.sum(x * x)


def test_linearize_of_what_writes_its_argument():
    x, t = np.array([2.0, 3.0]), np.array([1.0, -2.0])
    value, differential = sd.linearize(written_argument, x)
    # 36 + 9, and 2 * 6 * (3 * 1 + 2 * -2) + 2 * 3 * -2
    assert value == 45.0 and x.tolist() == [6.0, 3.0]
    assert differential(t) == -24.0 and differential(2 * t) == -48.0


def cube(x):
    return x**3


def with_aux(x):
    return x**3, 2 * x


@pytest.mark.parametrize("inner", [
    lambda x: sd.grad(with_aux, has_aux=True)(x)[0],
    lambda x: sd.grad(with_aux, wrt=(0,), has_aux=True)(x)[0][0],
    lambda x: sd.value_and_grad(with_aux, has_aux=True)(x)[1],
    lambda x: sd.value_and_grad(with_aux, wrt=(0,), has_aux=True)(x)[1][0],
    lambda x: sd.grad(cube, wrt=(0,))(x)[0],
    lambda x: sd.value_and_grad(cube, wrt=(0,))(x)[1][0],
])
def test_what_an_inner_gradient_returns_has_its_own_structure(inner):
    assert inner(2.0) == 12.0
    assert sd.grad(inner)(2.0) == 12.0
    assert sd.jvp(inner, (2.0,), (1.0,)) == (12.0, 12.0)


def test_linearize_of_what_has_no_derivative():
    value, differential = sd.linearize(lambda n: n * 2, 3)
    assert (value, differential(None)) == (6, None)


@pytest.mark.parametrize("call, text", [
    (lambda: sd.hvp(rosenbrock, X, X), "hvp: primals is a ndarray"),
    (lambda: sd.hvp(rosenbrock, (X,), (X, X)), "hvp: 1 primals and 2 tangents"),
    (lambda: sd.hvp(rosenbrock, (X,), (X[:1],)), "hvp: argument 0 has shape"),
    (lambda: sd.linearize(rosenbrock, X)[1](X[:1]), "linearize: argument 0 has shape"),
    (lambda: sd.linearize(rosenbrock, X)[1](), "linearize: 1 primals and 0 tangents"),
    (lambda: sd.linearize(lambda n: 2.0 * n, 3)[1](1.0), "linearize: argument 0 is of type int"),
])
def test_tangents_that_do_not_fit_are_errors(call, text):
    with pytest.raises(TypeError, match=text):
        call()
