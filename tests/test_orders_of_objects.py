"""Second derivatives of programs with objects, containers, closures and callbacks.

Their gradients keep cotangents by place, and find out when they run what is called: that code
cannot be differentiated again, and runs on values that carry their tangents.
"""

import copy
import math
from collections import deque
from dataclasses import dataclass

import numpy as np
import pytest

import s2sdiff as sd

POINTS = np.array([[0.3, -1.2, 0.7], [1.1, 0.4, -0.6], [-0.8, 0.9, 0.2]])
TARGETS = np.array([0.5, -0.3, 1.2])


@dataclass
class Dense:
    weight: np.ndarray
    bias: np.ndarray

    def __call__(self, x):
        return np.tanh(x @ self.weight + self.bias)


@dataclass
class Network:
    layers: list
    scale: float
    name: str = "network"

    def __call__(self, x):
        for layer in self.layers:
            x = layer(x)
        return self.scale * x[:, 0]


class Spring:
    def __init__(self, stiffness):
        self.stiffness, self.energies = stiffness, []

    def moved(self, x, v, dt):
        self.energies.append(self.stiffness * x * x)
        return x + dt * v, v - dt * (self.stiffness * x + 0.1 * v**3)


def network():
    draw = np.random.default_rng(0)
    return Network([Dense(draw.normal(size=(3, 2)), draw.normal(size=2)),
                    Dense(draw.normal(size=(2, 1)), draw.normal(size=1))], 1.3)


def loss(model):
    return np.mean((model(POINTS) - TARGETS) ** 2)


def of_captured_model(x, model=network()):  # noqa: B008 (one and the same is meant)
    return np.sum(model(x) ** 2)


def of_springs(stiffness, x):
    spring, v = Spring(stiffness), 0.0
    for _ in range(5):
        x, v = spring.moved(x, v, 0.1)
    return x * v + sum(spring.energies)


def of_callbacks(x):
    table, total = {"wave": math.sin, "square": lambda v: v * v}, 0.0
    for name in ("wave", "square", "wave"):
        total = total + table[name](x * total + x) * x
    return total


def of_written_arrays(x):
    made = Dense(np.zeros(3), x)
    made.weight[:] = x * x
    made.weight[1:] += x[:-1] * made.weight[:-1]
    return np.sum(made.weight**2 * made.bias)


def of_solvers(x):
    class Operator:
        def __init__(self, a):
            self.matrix = a @ a.T + np.eye(2)

        @property
        def size(self):
            return np.linalg.slogdet(self.matrix)[1]

        def solved(self, b):
            return np.linalg.solve(self.matrix, b)

    made = Operator(x.reshape(2, 2))
    return made.size + np.sum(made.solved(np.ones(2)))


def of_windows(x):
    window = deque(maxlen=3)
    for k in range(5):
        window.append(x[k % 3] ** k)
    return sum(window) * window[0]


def of_written_rows(x, k):
    for row in x:
        row *= 0.6
    return {"made": Spring}["made"](np.sum(x * x)).stiffness * k**2


PROGRAMS = {
    "dataclass": (loss, (network(),)), "captured": (of_captured_model, (POINTS,)),
    "springs": (of_springs, (2.0, 1.5)), "callbacks": (of_callbacks, (1.2,)),
    "arrays": (of_written_arrays, (np.array([0.5, -1.2, 0.8]),)),
    "solvers": (of_solvers, (np.array([0.6, -0.4, 1.1, 0.9]),)),
    "rows": (of_written_rows, (POINTS.copy(), 0.7)),
    "windows": (of_windows, (np.array([0.5, 1.2, -0.8]),)),
}


def numbers(x):
    """All numbers of a value in one vector."""
    if isinstance(x, (list, tuple)):
        return np.concatenate([np.zeros(0), *map(numbers, x)])
    if isinstance(x, (Dense, Network)):
        return numbers(list(vars(x).values()))
    return np.zeros(0) if x is None or isinstance(x, str) else np.ravel(x)


def moved(x, vector):
    """The structure of a value with the numbers of an iterator added to its own."""
    if isinstance(x, (list, tuple)):
        return type(x)([moved(v, vector) for v in x])
    if isinstance(x, (Dense, Network)):
        return type(x)(*[moved(v, vector) for v in vars(x).values()])
    if x is None or isinstance(x, str):
        return x
    return type(x)(x + next(vector)) if isinstance(x, float) else \
        x + np.array([next(vector) for _ in range(x.size)]).reshape(x.shape)


def nothing_moves(x):
    """A tangent of zeros."""
    if isinstance(x, (Dense, Network)):
        return type(x)(*map(nothing_moves, vars(x).values()))
    return [nothing_moves(v) for v in x] if isinstance(x, list) else \
        None if isinstance(x, str) else x * 0.0


@pytest.mark.parametrize("name", PROGRAMS)
def test_products_with_hessians_are_those_of_differences(name):
    function, args = PROGRAMS[name]
    slots, before = tuple(range(len(args))), numbers(args)
    draw = np.random.default_rng(3)
    along, cotangent = draw.normal(size=before.size), draw.normal(size=before.size)
    gradient = sd.grad(function, slots)

    args = copy.deepcopy(args)

    def at(h):
        return numbers(gradient(*moved(args, iter(h * along))))

    def fresh():
        return copy.deepcopy(args)

    h = 1e-4
    expected = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h)
    tangents = moved(tuple(map(nothing_moves, args)), iter(along))
    bars = moved(tuple(map(nothing_moves, args)), iter(cotangent))
    for _ in range(2):
        found = numbers(sd.hvp(function, fresh(), tangents))
        np.testing.assert_allclose(found, expected, rtol=1e-7, atol=1e-7)
    value, dot = sd.jvp(gradient, fresh(), tangents)
    np.testing.assert_allclose(numbers(dot), expected, rtol=1e-7, atol=1e-7)
    np.testing.assert_allclose(numbers(value), numbers(gradient(*fresh())), rtol=1e-12)
    _, pullback = sd.vjp(gradient, *fresh())
    once, again = [numbers(pullback(bars)) for _ in range(2)]
    np.testing.assert_array_equal(once, again)
    assert once @ along == pytest.approx(expected @ cotangent, rel=1e-6)
    np.testing.assert_array_equal(numbers(tangents), along)


@pytest.mark.parametrize("name", [n for n in PROGRAMS if n != "rows"])
def test_arguments_are_as_they_were(name):
    function, args = PROGRAMS[name]
    before = numbers(args)
    sd.hvp(function, args, tuple(map(nothing_moves, args)))
    np.testing.assert_array_equal(numbers(args), before)


def test_a_hessian_of_a_dataclass_is_made_of_its_products():
    made, model = sd.hessian(loss)(network()), network()
    along = moved(nothing_moves(model), iter(np.eye(numbers(model).size)[0]))
    column = sd.hvp(loss, (model,), (along,))
    # The first number is in the first layer's weight.
    np.testing.assert_allclose(made.layers[1].bias.layers[0].weight[0, 0, 0],
                               column.layers[1].bias[0], rtol=1e-9)
    np.testing.assert_allclose(made.layers[0].weight.layers[0].weight[:, :, 0, 0],
                               column.layers[0].weight, rtol=1e-9)


@pytest.mark.parametrize("number", [np.float32(1.25), 1.25, np.float64(1.25)])
def test_products_keep_types(number):
    def f(x):
        return {"wave": np.sin}["wave"](x) * Spring(x).stiffness

    found = sd.hvp(f, (number,), (type(number)(1.0),))
    assert type(found) is type(number)
    assert found == pytest.approx(2 * math.cos(1.25) - 1.25 * math.sin(1.25), rel=1e-6)
    x = np.array([0.5, 1.5], np.float32)
    made = sd.hvp(lambda x: np.sum(f(x)), (x,), (np.ones(2, np.float32),))
    assert made.dtype == np.float32
    np.testing.assert_allclose(made, 2 * np.cos(x) - x * np.sin(x), rtol=1e-5)


def pair_of(x):
    return {"made": Spring}["made"](x).moved(x * x, x, 1.0)


def f(x):
    a, b = pair_of(x)
    return a * b * x


def test_derivatives_of_any_order_nest():
    # (x^2 + x) (x - x^3 - x^3 / 10) x
    polynomial = np.poly1d([1, 1, 0]) * np.poly1d([-1.1, 0, 1, 0]) * np.poly1d([1, 0])
    ways = [sd.grad(sd.grad(f)), sd.grad(lambda x: sd.jvp(f, (x,), (1.0,))[1]),
            lambda x: sd.jvp(lambda v: sd.jvp(f, (v,), (1.0,))[1], (x,), (1.0,))[1],
            lambda x: sd.jvp(sd.grad(f), (x,), (1.0,))[1], sd.hessian(f)]
    assert [w(0.7) for w in ways] == pytest.approx([polynomial.deriv(2)(0.7)] * 5, rel=1e-9)
    thrice = [sd.grad(sd.grad(sd.grad(f))), lambda x: sd.jvp(sd.grad(sd.grad(f)), (x,), (1.0,))[1]]
    assert [w(0.7) for w in thrice] == pytest.approx([polynomial.deriv(3)(0.7)] * 2, rel=1e-9)


def test_the_tangent_of_value_and_gradient():
    made = sd.jvp(sd.value_and_grad(f), (0.7,), (2.0,))
    assert made[1] == pytest.approx((2 * sd.grad(f)(0.7), 2 * sd.hessian(f)(0.7)), rel=1e-9)
    _, pullback = sd.vjp(sd.value_and_grad(f), 0.7)
    assert pullback((3.0, 0.5)) == pytest.approx(
        3 * sd.grad(f)(0.7) + 0.5 * sd.hessian(f)(0.7), rel=1e-9)


def test_what_a_function_captures_is_differentiated_or_refused():
    def slope(w):
        return sd.grad(lambda x: {"made": Spring}["made"](w).stiffness * x**3)(2.0)

    for way in (lambda: sd.grad(slope)(1.5), lambda: sd.jvp(slope, (1.5,), (1.0,))[1]):
        try:
            assert way() == pytest.approx(12.0)
        except sd.DifferentiationError as error:
            assert "Instead, " in str(error)


def test_what_is_stopped_stays_constant():
    def stopped(x, y):
        held = {"made": Spring}["made"](sd.stop_gradient(y))
        return x * x * held.stiffness * x

    try:
        found = sd.jvp(sd.grad(stopped, (0, 1)), (2.0, 3.0), (1.0, 1.0))[1]
    except sd.DifferentiationError as error:
        assert "Instead, " in str(error)
    else:
        assert found == pytest.approx((36.0, 0.0))


KEPT = []


def keeps(x):
    made = {"made": Spring}["made"](x * x)
    KEPT.append(made.stiffness)
    return made.stiffness * x


def test_what_a_run_leaves_behind_is_numbers():
    KEPT.clear()
    try:
        assert sd.hvp(keeps, (1.5,), (1.0,)) == pytest.approx(9.0)
    except sd.DifferentiationError as error:
        assert "Instead, " in str(error)
    assert KEPT and [float(v) for v in KEPT] == pytest.approx([2.25] * len(KEPT), rel=1e-4)
    assert [math.sqrt(v) for v in KEPT] == pytest.approx([1.5] * len(KEPT), rel=1e-4)
