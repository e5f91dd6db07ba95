"""Many tangents in one run: closed forms, what cannot be done so, and what is seen of it."""

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import left_outside, together
from s2sdiff.runtime import batched_functions, batches
from s2sdiff.runtime.batches import Batch
from s2sdiff.together import Products

WEIGHTS = np.random.default_rng(0).normal(size=(30, 20))
POINT = np.linspace(-1.0, 1.0, 20)


@pytest.fixture(autouse=True)
def each_run_leaves_something(monkeypatch):
    """How often functions run is told by lists that they append to, which are not put back here."""
    monkeypatch.setattr(left_outside, "_outside", lambda f: None)


@pytest.fixture
def taken(monkeypatch):
    """Whether each matrix was computed in runs of many."""
    found, whole = [], Products.in_one_run

    def noted(self, rows, count):
        made = whole(self, rows, count)
        found.append(made is not None)
        return made

    monkeypatch.setattr(Products, "in_one_run", noted)
    return found


# ------------------------------------------------------------------------------ closed forms


def layer(x):
    return np.tanh(WEIGHTS @ x)


def slope_of_layer(x):
    return (1.0 - np.tanh(WEIGHTS @ x) ** 2)[:, None] * WEIGHTS


@pytest.mark.parametrize("operator", [sd.jacfwd, sd.jacrev, sd.jacobian])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_layer_has_its_closed_form(operator, dtype, taken):
    x = POINT.astype(dtype)
    made = operator(lambda x: np.tanh(WEIGHTS.astype(dtype) @ x))(x)
    assert made.dtype == dtype
    assert made.flags.c_contiguous
    np.testing.assert_allclose(made, slope_of_layer(POINT), rtol=1e-4 if dtype == np.float32
                               else 1e-13, atol=1e-6)
    assert taken == [True]


def rosenbrock(x):
    return (100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2).sum()


def hessian_of_rosenbrock(x):
    made = np.zeros((x.size, x.size))
    i = np.arange(x.size - 1)
    made[i, i] = 1200.0 * x[:-1] ** 2 - 400.0 * x[1:] + 2.0
    made[i + 1, i + 1] += 200.0
    made[i, i + 1] = made[i + 1, i] = -400.0 * x[:-1]
    return made


def test_the_hessian_of_rosenbrock_is_tridiagonal(taken):
    np.testing.assert_allclose(sd.hessian(rosenbrock)(POINT), hessian_of_rosenbrock(POINT),
                               rtol=1e-13)
    assert taken == [True]


@pytest.mark.parametrize("x", [
    np.linspace(-1.0, 1.0, 40)[::2], np.linspace(-1.0, 1.0, 20)[::-1]], ids=["gaps", "reversed"])
def test_arguments_with_gaps_have_the_same_derivatives(x, taken):
    np.testing.assert_allclose(sd.hessian(rosenbrock)(x), hessian_of_rosenbrock(x), rtol=1e-13)
    np.testing.assert_allclose(sd.jacfwd(layer)(x), slope_of_layer(x), rtol=1e-12)
    assert taken == [True, True]


def written(x, n):
    u = x.copy()
    for _ in range(n):
        u[1:-1] += 0.1 * (u[2:] - 2.0 * u[1:-1] + u[:-2])
        if u[0] > -5.0:
            u[0] *= 0.5
    return u


@pytest.mark.parametrize("operator", [sd.jacfwd, sd.jacrev])
def test_a_function_that_writes_is_its_own_matrix(operator, taken):
    step = np.eye(20)
    i = np.arange(1, 19)
    step[i, i] -= 0.2
    step[i, i - 1] += 0.1
    step[i, i + 1] += 0.1
    step[0] *= 0.5
    kept = POINT.copy()
    made = operator(written)(POINT, 3)
    np.testing.assert_allclose(made, np.linalg.matrix_power(step, 3), atol=1e-14)
    np.testing.assert_array_equal(POINT, kept)
    assert taken == [True]


@pytest.mark.parametrize("operator", [sd.jacfwd, sd.jacrev])
def test_holomorphic_functions_have_their_complex_derivative(operator, taken):
    z = POINT + 1j * POINT[::-1]
    made = operator(lambda z: np.exp(z) * z[::-1], holomorphic=True)(z)
    expected = np.diag(np.exp(z) * z[::-1]) + np.diag(np.exp(z))[:, ::-1]
    np.testing.assert_allclose(made, expected, rtol=1e-13)
    assert taken == [True]


@pytest.mark.parametrize("operator", [sd.jacfwd, sd.jacrev])
def test_structures_have_a_block_for_each_pair(operator, taken):
    given = {"a": np.arange(1.0, 5.0), "b": [np.float32(2.0), 3.0], "n": 7}
    made = operator(lambda p: (p["a"] * p["b"][1], [p["a"].sum() * p["b"][0], p["n"]]))(given)
    np.testing.assert_allclose(made[0]["a"], 3.0 * np.eye(4))
    np.testing.assert_allclose(made[0]["b"][1], given["a"])
    np.testing.assert_allclose(made[1][0]["a"], np.full(4, 2.0))
    np.testing.assert_allclose(made[1][0]["b"][0], 10.0)
    np.testing.assert_allclose(made[1][0]["b"][1], 0.0)
    assert made[0]["n"] is None
    assert taken == [True]


@pytest.mark.parametrize("shape", [(), (0,), (2, 0), (1,), (3, 2)])
def test_any_shape_in_and_out(shape):
    x = np.full(shape, 0.5)
    for operator in (sd.jacfwd, sd.jacrev, sd.jacobian):
        made = operator(lambda x: np.stack([x * x, 3.0 * x]))(x)
        assert np.shape(made) == (2, *shape, *shape)
        np.testing.assert_allclose(np.reshape(made, (2, x.size, x.size)),
                                   [np.eye(x.size), 3.0 * np.eye(x.size)])


def test_many_floats_of_python_go_together(taken):
    def chain(p):
        total = 0.0
        for a, b in zip(p, p[1:], strict=False):
            total = total * 0.5 + a * b
        return [total, p[0] * p[-1]]

    p = [0.1 * i for i in range(40)]
    made = sd.jacfwd(chain)(p)
    step = 1e-30
    for i in (0, 7, 39):
        moved = [complex(v, step * (j == i)) for j, v in enumerate(p)]
        for row, value in zip(made, chain(moved), strict=True):
            np.testing.assert_allclose(row[i], value.imag / step, rtol=1e-13)
    assert taken == [True]


def test_sparse_columns_go_together(taken):
    x = np.linspace(0.5, 2.0, 200)

    def banded(u):
        return sum(np.roll(u, k) ** 2 for k in range(-3, 4))

    made = sd.sparse_jacobian(banded)(x).toarray()
    expected = sum(np.roll(np.diag(2.0 * x), k, axis=0) for k in range(-3, 4))
    np.testing.assert_allclose(made, expected, atol=1e-13)
    assert True in taken


# ------------------------------------------------------------------------ what is found wrong


def test_a_wrong_row_is_found_and_computed_by_itself(monkeypatch, taken):
    known = batched_functions._OF[np.sum]

    def dropped(a, *args, **kwargs):
        made = known(a, *args, **kwargs)
        return Batch(made.rows * 0.5, made.of)

    monkeypatch.setitem(batched_functions._OF, np.sum, dropped)
    made = sd.jacfwd(lambda x: np.stack([np.sum(x * x), np.sum(x)]))(POINT)
    np.testing.assert_allclose(made, [2.0 * POINT, np.ones(20)])
    assert taken == [False]


def test_one_wrong_row_of_thousands_is_found(monkeypatch, taken):
    known, calls = batched_functions._OF[np.sum], []

    def dropped(a, *args, **kwargs):
        made = known(a, *args, **kwargs)
        calls.append(1)
        if len(calls) == 2:
            made.rows[7] = 0.0
        return made

    monkeypatch.setitem(batched_functions._OF, np.sum, dropped)
    made = sd.jacfwd(lambda x: np.ones(4, np.float32) * np.sum(x))(np.ones(5000, np.float32))
    assert len(calls) > 2
    np.testing.assert_array_equal(made, np.ones((4, 5000)))
    assert taken == [False]


def test_infinite_slopes_are_those_of_single_runs(taken):
    x = np.array([0.0, 1.0, 4.0, 9.0, 16.0])
    made = sd.jacfwd(np.sqrt)(x)
    np.testing.assert_array_equal(made, np.diag([np.inf, 0.5, 0.25, 0.5 / 3.0, 0.125]))
    assert taken == [False]


@pytest.mark.parametrize("operator", [sd.jacfwd, sd.jacrev])
def test_users_derivatives_and_hooks_see_one_tangent(operator):
    seen = []

    def act(x):
        return np.tanh(x)

    def rule(x):
        y = np.tanh(x)

        def pullback(y_bar):
            seen.append(type(y_bar))
            return y_bar * (1.0 - y * y)

        return y, pullback

    with sd.derivatives({act: rule}):
        made = operator(lambda x: act(x) * 2.0)(POINT)
    np.testing.assert_allclose(made, np.diag(2.0 * (1.0 - np.tanh(POINT) ** 2)), atol=1e-15)
    assert set(seen) == {np.ndarray}
    hooked = []
    sd.jacrev(lambda x: sd.with_derivative(x * x, lambda v: hooked.append(type(v))))(POINT)
    assert set(hooked) == {np.ndarray}


def test_a_function_runs_a_few_times_and_not_once_for_each_number(taken):
    runs = []

    def counted(x):
        runs.append(1)
        return x * x

    sd.jacfwd(counted)(np.arange(50.0))
    assert (taken, len(runs)) == ([True], 2)


def test_what_cannot_go_together_is_tried_once(taken):
    runs = []

    def told(x):
        runs.append(1)
        return np.interp(0.5, POINT, x) + np.linalg.norm(np.linalg.inv(np.diag(x))) * x

    def refusing(x):
        return sd.with_derivative(x, lambda v: None) * x

    for _ in range(2):
        np.testing.assert_allclose(sd.jacrev(refusing)(POINT), np.diag(2.0 * POINT), atol=1e-15)
    assert taken == [False]
    made = sd.jacfwd(told)(POINT + 2.0)
    np.testing.assert_allclose(made, sd.jacrev(told)(POINT + 2.0), rtol=1e-9)


def test_wide_arguments_go_in_chunks(monkeypatch, taken):
    runs = []

    def counted(x):
        runs.append(1)
        return np.cumsum(x)

    monkeypatch.setattr(together, "BYTES", 8 * 50 * 10)
    np.testing.assert_allclose(sd.jacfwd(counted)(np.ones(50)), np.tril(np.ones((50, 50))))
    assert (taken, len(runs)) == ([True], 6)


@pytest.mark.parametrize(("room", "runs", "together"), [(20, 2, True), (10, 4, True),
                                                        (7, 5, True), (3, 22, False)])
@pytest.mark.parametrize("make", [lambda x: np.multiply(x[:, None], np.ones((1, 20))),
                                  lambda x: x[:, None] * np.ones((20, 20)),
                                  lambda x: np.ones((400, 1)) @ x[:1, None] + x.sum(),
                                  lambda x: np.tile(x, 20)], ids=["ufunc", "operator", "product",
                                                                  "tile"])
def test_rows_of_large_arrays_go_in_smaller_chunks(make, room, runs, together, monkeypatch, taken):
    counted = []

    def f(x):
        counted.append(1)
        return x * np.sin(make(x)).sum()

    single = np.stack([sd.jvp(f, (POINT,), (unit,))[1] for unit in np.eye(20)], axis=1)
    counted.clear()
    monkeypatch.setattr(batches, "LARGE", room * 400 * 8)
    for _ in range(2):
        np.testing.assert_allclose(sd.jacfwd(f)(POINT), single, rtol=1e-12, atol=1e-12)
    assert taken == [together, together]
    assert len(counted) == 2 * runs


def test_refusals_are_those_of_single_runs():
    def refused(x):
        return np.frompyfunc(lambda v: v * v, 1, 1)(x).astype(float)

    with pytest.raises(sd.DifferentiationError, match="Instead, "):
        sd.jacfwd(refused)(POINT)
    with pytest.raises(ZeroDivisionError):
        sd.jacfwd(lambda x: x / (len(x) - 20) * (1 // (len(x) - 20)))(POINT)


def test_a_jacobian_is_that_at_the_arguments_as_they_were_given():
    def f(x, y):
        x[0] *= 2.0
        y["b"] += x
        return np.stack([x * y["b"], x * x])

    # Of z = (2 x[0], x[1]) the rows are z + z^2 and z^2.
    made = sd.jacobian(f)(np.array([3.0, 5.0]), {"b": np.ones(2)})
    np.testing.assert_allclose(made, [np.diag([26.0, 11.0]), np.diag([24.0, 10.0])])


def recursive(y, n):
    z = np.zeros(3)
    z[0], z[1], z[2] = y[0] * y[1], y[1] ** 2, y[2]
    return z if n == 0 else recursive(z, n - 1)


def doubled(y):
    u = np.zeros(3)
    for i in range(3):
        if y[i] > 0.0:
            u[i] = 2.0 * y[i]
    return u.sum()


def leaves(x):
    return [(type(v), np.ravel(v).tolist()) for v in (x if isinstance(x, tuple) else (x,))]


@pytest.mark.parametrize("take", [
    sd.grad(lambda y: recursive(y, 2).sum()), sd.grad(doubled), sd.jacfwd(doubled),
    sd.value_and_grad(doubled), lambda y: sd.vjp(doubled, y)[1](1.0),
    lambda y: sd.jvp(doubled, (y,), (y,)), lambda y: sd.linearize(doubled, y)[1](y)])
def test_derivatives_that_a_function_takes_of_constants_are_ordinary_ones(take):
    kept, y = [], np.array([1.0, 2.0, 3.0])
    expected = take(y)

    def f(x):
        kept.append(take(y))
        return 2.0 * x

    np.testing.assert_array_equal(sd.jacfwd(f)(POINT), 2.0 * np.eye(20))
    assert len(kept) == 2
    for made in kept:
        assert leaves(made) == leaves(expected)
