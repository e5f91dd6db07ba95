"""Functions that take derivatives themselves, by every operator, in both modes, by differences."""

import functools
import itertools
import math

import numpy as np
import pytest

import s2sdiff as sd

Q = np.array([0.5, 1.5])
W = np.array([[1.0, 2.0], [3.0, 4.0]])


def potential(x, y):
    return 1.0 / math.sqrt((x - 10.0) ** 2 + y**2)


def energy(q):
    return np.sum(q**4) * 0.25 + q[0] * q[1]


def flow(q, a):
    return np.sin(q) * a + q[::-1] ** 2


def weighed(q, a):
    return np.sum(q**3 * a) + a**2 * q[0]


def net(w, x):
    return np.tanh(w * x) * w


def slopes(f, x, h):
    """Central differences of a function of an array, each of fourth order."""
    return np.array([
        (8 * (f(x + h * e) - f(x - h * e)) - (f(x + 2 * h * e) - f(x - 2 * h * e))) / (12 * h)
        for e in np.eye(len(x))])


# ------------------------------------------------------------------------------ of one number


def steps_of_value_and_grad(w):
    x, y = 0.5, w
    for _ in range(3):
        v, (dx, dy) = sd.value_and_grad(potential, wrt=(0, 1))(x, y)
        x, y = x - 0.1 * dx * v, y - 0.1 * dy
    return x * y


def steps_of_jvp(w):
    x, y = 0.5, w
    for _ in range(3):
        v, dx = sd.jvp(potential, (x, y), (1.0, 0.5))
        x = x - 0.1 * dx * v
    return x * y


def steps_of_vjp(w):
    x, y = 0.5, w
    for _ in range(3):
        v, pull = sd.vjp(potential, x, y)
        dx, _ = pull(1.0)
        x = x - 0.1 * dx * v
    return x * y


def residual(w):
    found = 0.0
    for x in (0.1, 0.2, 0.5):
        found += (sd.grad(net, 1)(w, x) - w * x) ** 2
    return found


def of_a_lambda(w):
    return sd.grad(lambda x: np.sin(w * x))(0.3) ** 2


def of_a_nested_function(w):
    def inner(x):
        return np.sin(w * x)

    slope = sd.grad(inner)
    return slope(0.3) * slope(w)


def unconfused(w):
    return w * sd.grad(lambda x: x + w)(1.0)


def tangent_of_a_lambda(w):
    return sd.jvp(lambda x: np.sin(w * x), (w,), (1.0,))[1]


def pulled_through_a_lambda(w):
    value, pull = sd.vjp(lambda x: np.sin(w * x), w)
    return pull(value)


NUMBERS = [steps_of_value_and_grad, steps_of_jvp, steps_of_vjp, residual, of_a_lambda,
           of_a_nested_function, unconfused, tangent_of_a_lambda, pulled_through_a_lambda]


@pytest.mark.parametrize("f", NUMBERS, ids=lambda f: f.__name__)
def test_a_function_of_a_number_takes_derivatives(f):
    expected = (f(0.7 + 1e-5) - f(0.7 - 1e-5)) / 2e-5
    value, pullback = sd.vjp(f, 0.7)
    assert value == f(0.7)
    assert pullback(1.0) == pullback(1.0) == pytest.approx(expected, rel=1e-7)
    assert type(sd.grad(f)(0.7)) is float
    assert sd.jvp(f, (0.7,), (2.0,))[1] == pytest.approx(2 * expected, rel=1e-7)


# --------------------------------------------------------------------------------- of arrays


def newton(q):
    for _ in range(3):
        q = q - np.linalg.solve(sd.hessian(energy)(q), sd.grad(energy)(q))
    return np.sum(q)


def leapfrog(q):
    p = np.zeros(2)
    for _ in range(4):
        p = p - 0.05 * sd.grad(energy)(q)
        q = q + 0.1 * p
    return np.sum(q * p)


def of_a_hessian(q):
    return np.sum(sd.hessian(energy)(q) * W)


def of_blocks(q):
    (a, b), (c, d) = sd.hessian(weighed, (0, 1))(q, q[0])
    return np.sum(a * W) + np.sum(b) + np.sum(c**2) + d * q[1]


def of_columns(q):
    return np.sum(np.sin(sd.jacfwd(flow)(q, 0.7)))


def of_rows(q):
    return np.sum(np.sin(sd.jacrev(flow)(q, 0.7)))


def of_a_number_s_column(q):
    return np.sum(np.sin(sd.jacobian(flow, 1)(q, 0.7)))


def of_several_jacobians(q):
    by_q, by_a = sd.jacfwd(flow, (0, 1))(q, q[1])
    return np.sum(by_q @ by_a)


def of_a_product(q):
    return np.sum(q * sd.hvp(energy, (q,), (q,)))


def of_one_of_two_products(q):
    dq, da = sd.hvp(weighed, (q, q[1]), (q, None))
    return np.sum(dq) + da


def of_a_pullback(q):
    value, pull = sd.vjp(flow, q, 0.7)
    dq, da = pull(np.cos(value))
    return np.sum(dq**2) + da


def of_a_pullback_used_twice(q):
    _, pull = sd.vjp(flow, q, q[0])
    return np.sum(pull(q)[0] * pull(np.ones(2))[0])


ARRAYS = [newton, leapfrog, of_a_hessian, of_blocks, of_columns, of_rows, of_a_number_s_column,
          of_several_jacobians, of_a_product, of_one_of_two_products, of_a_pullback,
          of_a_pullback_used_twice]


@pytest.mark.parametrize("f", ARRAYS, ids=lambda f: f.__name__)
def test_a_function_of_an_array_takes_derivatives(f):
    expected, before = slopes(f, Q, 1e-4), Q.copy()
    value, pullback = sd.vjp(f, Q)
    assert value == f(Q)
    assert pullback(1.0) == pytest.approx(expected, rel=1e-6, abs=1e-7)
    assert pullback(1.0) == pytest.approx(expected, rel=1e-6, abs=1e-7)
    assert sd.jvp(f, (Q,), (np.array([1.0, -2.0]),))[1] == pytest.approx(
        expected @ [1.0, -2.0], rel=1e-6, abs=1e-7)
    assert np.array_equal(Q, before)


@pytest.mark.parametrize("f", [newton, leapfrog, of_a_hessian, of_columns, of_a_product])
def test_single_precision_stays_as_it_is(f):
    single = sd.grad(f)(Q.astype(np.float32))
    assert single.dtype == np.float32
    assert single == pytest.approx(slopes(f, Q, 1e-4), rel=1e-3, abs=1e-4)


# -------------------------------------------------------------------------------- its text


def test_a_loop_over_derivatives_is_plain_text():
    text = sd.source(leapfrog, "grad", args=(Q,))
    assert "energy_grad" not in text
    assert "by_place" not in text
    assert "operator" not in text
    text = sd.source(steps_of_jvp, "grad", args=(0.3,))
    assert "operator" not in text


def test_a_function_bound_anew_is_seen_by_its_derivative(monkeypatch):
    def stiff(q):
        return np.sum(q**2) * 50.0

    before = sd.grad(leapfrog)(Q)
    monkeypatch.setitem(globals(), "energy", stiff)
    after = sd.grad(leapfrog)(Q)
    assert not np.allclose(before, after)
    assert after == pytest.approx(slopes(leapfrog, Q, 1e-5), rel=1e-6)


def test_what_an_operator_refuses_is_raised_where_it_is_called():
    def asked(x):
        try:
            slope = sd.grad(net, "no such name")(x, 0.3)
        except ValueError:
            slope = 2.0 * x
        return slope * x

    assert sd.grad(asked)(1.5) == 6.0
    assert sd.grad(lambda x: x if x > 0 else sd.grad(net, "no such name")(x, 1.0))(0.5) == 1.0


def test_effects_of_a_function_inside_happen_as_often_as_python_says():
    seen = []

    def noisy(x):
        seen.append(1)
        return x**3

    def around(x):
        return sd.grad(noisy)(x) + x

    around(2.0)
    plain = len(seen)
    assert sd.grad(around)(2.0) == pytest.approx(13.0)
    assert len(seen) == 2 * plain


@pytest.mark.parametrize("x", [np.array(0.7), np.array([0.7]), np.arange(6.0)[::2] / 5 + 0.1,
                               np.array([[0.5, 0.7], [0.2, 0.3]])],
                         ids=["0-d", "1", "strided", "2-d"])
def test_arrays_of_any_shape_have_hessians_inside(x):
    def quartic(q):
        return np.sum(q**4) * 0.25

    def outer(q):
        return np.sum(sd.hessian(quartic)(q)) + np.sum(sd.hvp(quartic, (q,), (q,)))

    # The Hessian is 3 q^2 on its diagonal, and its product with q is 3 q^3.
    assert sd.grad(outer)(x) == pytest.approx(6 * x + 9 * x**2)
    assert sd.jvp(outer, (x,), (np.ones_like(x),))[1] == pytest.approx(np.sum(6 * x + 9 * x**2))


def test_a_hessian_of_nothing_is_refused_inside():
    def outer(q):
        return np.sum(sd.hessian(energy)(q))

    with pytest.raises(sd.DifferentiationError, match=r"or empty.*Instead"):
        sd.grad(outer)(np.zeros(0))


def test_a_jacobian_of_a_tuple_with_text_is_refused_inside_of_a_function():
    def pair(q):
        return q * 2.0, "q"

    def outer(q):
        return np.sum(sd.jacfwd(pair)(q)[0])

    with pytest.raises(sd.DifferentiationError, match=r"Jacobian of pair.*Instead"):
        sd.grad(outer)(Q)


# ----------------------------------------------------------- of what has rules, checkpoints


def wave(x):
    return np.sin(x) ** 3


KEPT = sd.checkpoint(wave)


def of_a_checkpoint(x):
    return KEPT(x) * x


def of_several_functions(x):
    found = 0.0
    for f in (math.sin, math.exp, np.tanh):
        found += f(x)
    return found


def of_gradients_of_several(x):
    found = 0.0
    for f in (math.sin, math.exp, np.tanh):
        found += sd.grad(f)(x)
    return found


def of_a_list_of_powers(x):
    out = []
    for k in range(4):
        out.append(x**k)
    return sum(out)


@pytest.mark.parametrize(
    "f", [of_a_checkpoint, of_several_functions, of_gradients_of_several, of_a_list_of_powers],
    ids=lambda f: f.__name__)
def test_second_derivatives_agree_with_differences_of_the_first(f):
    slope = sd.grad(f)
    assert slope(0.7) == pytest.approx((f(0.7 + 1e-5) - f(0.7 - 1e-5)) / 2e-5, rel=1e-8)
    expected = (slope(0.7 + 1e-5) - slope(0.7 - 1e-5)) / 2e-5
    assert sd.grad(slope)(0.7) == pytest.approx(expected, rel=1e-7)
    assert sd.jvp(slope, (0.7,), (1.0,))[1] == pytest.approx(expected, rel=1e-7)
    assert sd.jvp(f, (0.7,), (1.0,))[1] == pytest.approx(slope(0.7), rel=1e-12)


def test_a_checkpoint_of_arrays_has_a_hessian():
    kept = sd.checkpoint(energy)
    expected = np.array([[3 * Q[0] ** 2, 1.0], [1.0, 3 * Q[1] ** 2]])
    assert sd.hessian(lambda q: kept(q) * 2.0)(Q) == pytest.approx(2 * expected)


def of_products(x):
    found = 0.0
    for p, q in itertools.product([x, x * x], [x**3, 2.0]):
        found = found + p * q * q
    return found


def of_neighbours(x):
    found = 0.0
    for p, q in itertools.pairwise([x, x * x, x**3]):
        found = found + p * p * q
    return found


@pytest.mark.parametrize("f", [of_products, of_neighbours], ids=lambda f: f.__name__)
def test_walks_through_several_lists_are_differentiated_twice_or_refused(f):
    slope = sd.grad(f)
    expected = (slope(0.7 + 1e-5) - slope(0.7 - 1e-5)) / 2e-5
    for way in (lambda: sd.grad(slope)(0.7), lambda: sd.vjp(slope, 0.7)[1](1.0),
                lambda: sd.jvp(slope, (0.7,), (1.0,))[1]):
        try:
            assert way() == pytest.approx(expected, rel=1e-7)
        except sd.DifferentiationError as error:
            assert "Instead, " in str(error)


def lazy(x):
    return x**2


@sd.derivative(of=lazy)
def of_lazy(x):
    # Five is no slope of a square: it tells whose derivative is taken.
    return x**2, lambda v: v * 5.0 * x


def of_a_rule_forwards(x):
    return sd.jvp(lazy, (x,), (1.0,))[1]


def of_a_rule_backwards(x):
    return sd.vjp(lazy, x)[1](1.0)


def of_a_rule_by_gradient(x):
    return sd.grad(lazy)(x)


@pytest.mark.parametrize("f", [of_a_rule_forwards, of_a_rule_backwards, of_a_rule_by_gradient])
def test_a_registered_derivative_is_the_one_that_is_differentiated(f):
    assert f(0.7) == pytest.approx(3.5)
    assert sd.grad(f)(0.7) == pytest.approx(5.0)


@pytest.mark.parametrize("f", [lambda x: sd.jvp(math.sin, (x,), (x,))[1],
                               lambda x: sd.vjp(math.sin, x)[1](x)], ids=["jvp", "vjp"])
def test_functions_in_c_have_derivatives_inside(f):
    # Of x cos x.
    expected = math.cos(0.7) - 0.7 * math.sin(0.7)
    assert sd.grad(f)(0.7) == pytest.approx(expected)
    assert sd.jvp(f, (0.7,), (1.0,))[1] == pytest.approx(expected)


def test_a_tangent_counts_in_the_precision_of_its_number():
    def f(x):
        return sd.jvp(lambda p: p * p * 0.3, (0.1,), (x,))[1]

    single = np.float32(1.7)
    assert sd.vjp(f, single)[0] == f(single)


def per_weight(x):
    total = 0.0
    for z in (x, 2.0 * x):
        value, slope = sd.value_and_grad(lambda p, s=z: p**2 * s)(x)
        total += value * slope
    return total


def per_function(x):
    total, known = 0.0, {"k": x}
    for z in (x, x * x):
        def loss(p, s=z, held=known):
            return p**3 * s * held["k"]

        total += sd.grad(loss)(x) * loss(x)
    return total


DEFAULTS = {
    "grad": lambda x: sd.grad(lambda p, s=x: p * s)(0.5),
    "twice": lambda x: sd.grad(sd.grad(lambda p, s=x: p**3 * s))(x),
    "hessian": lambda x: sd.hessian(lambda p, s=x: p**2 * s)(0.5),
    "with respect to it": lambda x: sd.grad(lambda p, s=x: p**2 * s**2, wrt=(0, 1))(x)[1],
    "keywords": lambda x: sd.grad(lambda p, *, s=x: p**2 * s)(x) * sd.grad(
        lambda p, *, s=x: p**2 * s)(x, s=2.0 * x),
    "positions": lambda x: sd.grad(lambda p, s=x, /, t=2.0: p**2 * s * t)(x),
    "arrays": lambda x: np.sum(sd.grad(lambda p, s=x * Q: np.sum(p**3 * s))(x * Q)),
    "beside a keyword": lambda x: sd.grad(lambda p, t=1.0, s=x: p**2 * s * t)(x, t=x),
    "behind another": lambda x: sd.grad(lambda p, t=1.0, s=x: p**2 * s * t)(x),
    "weights": per_weight, "functions": per_function,
}


@pytest.mark.parametrize("name", DEFAULTS)
def test_a_derivative_inside_is_handed_the_defaults_that_vary(name):
    f = DEFAULTS[name]
    expected = (f(0.7 + 1e-6) - f(0.7 - 1e-6)) / 2e-6
    value, pullback = sd.vjp(f, 0.7)
    assert value == f(0.7)
    assert pullback(1.0) == pullback(1.0) == pytest.approx(expected, rel=1e-8)
    if name != "positions":  # which forward mode does not follow
        assert sd.jvp(f, (0.7,), (1.0,))[1] == pytest.approx(expected, rel=1e-8)


@pytest.mark.parametrize("f", [
    lambda x: sd.vjp(lambda p, s=x: p * s**2, 0.5)[1](2.0),
    lambda x: sd.vjp(lambda p, s=x: p[0] * s**2, (0.5, x))[1](2.0)[0],
    lambda x: sd.jvp(lambda p, s=x: p * s**2, (0.5,), (1.0,))[1],
    lambda x: np.sum(sd.jvp(lambda p, s=x * Q: p * s**2, (x,), (1.0,))[1]),
    lambda x: sd.jvp(lambda p, r=3.0, *, s=x: p * s**2 * r, (x,), (1.0,))[1],
], ids=["vjp", "vjp of a tuple", "jvp", "array", "keyword"])
def test_an_operator_that_calls_a_function_hands_it_its_defaults(f):
    expected = (f(0.7 + 1e-6) - f(0.7 - 1e-6)) / 2e-6
    value, pullback = sd.vjp(f, 0.7)
    assert value == f(0.7)
    assert pullback(1.0) == pullback(1.0) == pytest.approx(expected, rel=1e-8)
    assert sd.jvp(f, (0.7,), (1.0,))[1] == pytest.approx(expected, rel=1e-8)


@pytest.mark.parametrize("f", [
    lambda x: sd.vjp(lambda p, s=x, /: p * s, 0.5)[1](2.0),
    lambda x: sd.jvp(sd.grad(lambda p, s=x: p**2 * s), (0.5,), (1.0,))[1],
], ids=["by position alone", "of a gradient"])
def test_an_operator_that_calls_a_function_refuses_other_defaults_that_vary(f):
    for way in (lambda: sd.grad(f)(0.7), lambda: sd.jvp(f, (0.7,), (1.0,))):
        with pytest.raises(sd.DifferentiationError, match=r"its defaults may depend.*Instead"):
            way()


def with_rate(x, rate=0.1):
    return x**3 * rate


def test_defaults_of_a_function_of_the_module_are_constants():
    assert sd.grad(lambda x: sd.grad(with_rate)(x))(0.7) == pytest.approx(0.6 * 0.7)


def test_linearize_inside_captures_what_is_around():
    def f(x):
        value, differential = sd.linearize(lambda t, s: t ** 3 * x + s, x, 2.0 * x)
        return value + differential(x, 1.0)

    # value is x**4 + 2*x, the differential at x along x is 3*x**4, and 1 along s.
    assert sd.grad(f)(1.5) == pytest.approx(16 * 1.5 ** 3 + 2.0)
    assert sd.jvp(f, (1.5,), (1.0,))[1] == pytest.approx(16 * 1.5 ** 3 + 2.0)
    assert sd.hvp(f, (1.5,), (1.0,)) == pytest.approx(48 * 1.5 ** 2)


def test_linearize_inside_is_at_the_point_that_was_given():
    def f(x):
        y = x * 1.0
        value, differential = sd.linearize(lambda v: v * v, y)
        y[0] = 100.0
        return np.sum(value + differential(np.ones(2)))

    x = np.array([1.0, 2.0])
    np.testing.assert_allclose(sd.grad(f)(x), 2 * x + 2.0)


def power(n, x, scale=1):
    return scale * x ** n


def test_partials_that_hold_options_are_seen_through():
    def f(x):
        return sd.grad(functools.partial(power, 3, scale=2))(x)

    assert sd.grad(f)(1.5) == pytest.approx(12 * 1.5)

    def other(x):
        return sd.grad(functools.partial(power, 2, scale=5))(x)

    assert sd.grad(other)(1.5) == pytest.approx(10.0)


def test_partials_that_hold_what_moves_are_seen_through():
    def f(x):
        return sd.grad(functools.partial(power, scale=x))(2.0, 1.0)

    assert sd.grad(f)(1.5) == pytest.approx((f(1.5 + 1e-6) - f(1.5 - 1e-6)) / 2e-6)


def test_what_a_linear_map_keeps_with_a_function_is_nothing_of_the_users():
    """It was seen as what the user had put there, which `checkpoint` might find."""
    def square(x):
        return x * x

    def linear(x):
        value, differential = sd.linearize(square, x)
        return differential(1.0) * value

    def recomputed(x):
        return sd.checkpoint(square)(x) * x

    assert sd.grad(linear)(2.0) == pytest.approx(24.0)
    assert sd.grad(recomputed)(2.0) == pytest.approx(12.0)
    assert sd.jvp(recomputed, (2.0,), (1.0,))[1] == pytest.approx(12.0)


def adapted(params, x):
    def loss(p):
        return np.sum(np.tanh(p["w"] * x + p["b"]) ** 2)

    gradient = sd.grad(loss)(params)
    return loss({k: params[k] - 0.1 * gradient[k] for k in params})


def test_a_step_that_a_dict_of_parameters_makes_inside_is_differentiated_twice():
    params, x = {"w": np.array([0.4, -0.3]), "b": 0.2}, np.array([0.5, 1.5])
    along, h = {"w": np.array([1.0, 0.5]), "b": -1.0}, 1e-6
    there, back = [sd.grad(adapted)(sd.move(params, sd.tangent_map(lambda v: s * v, along)), x)
                   for s in (h, -h)]
    value, dot = sd.jvp(lambda p: sd.grad(adapted)(p, x), (params,), (along,))
    for k in params:
        assert dot[k] == pytest.approx((there[k] - back[k]) / (2 * h), rel=1e-5, abs=1e-8)
