"""Products with Hessians of what holds its data, and of layers: few calls more than a gradient."""

import functools
from dataclasses import dataclass

import numpy as np
import pytest

import s2sdiff as sd
from tests.counted_calls import calls

X = np.random.default_rng(0).standard_normal((5, 3))
Y = np.array([0.3, -0.2, 0.5, 0.1, 0.9])
W = np.array([0.4, -0.3, 0.2])
D = np.array([1.0, 0.5, -2.0])


def logistic(w, x, y, penalty=0.1):
    z = x @ w
    return np.sum(np.log1p(np.exp(z)) - y * z) + penalty * np.sum(w**2)


class Model:
    def __init__(self):
        self.x, self.y, self.penalty = X, np.stack([Y, Y], 1)[:, 0], 0.1

    def loss(self, w):
        return logistic(w, self.x, self.y, self.penalty)

    def __call__(self, w):
        return self.loss(w)


class Counting(Model):
    def __init__(self):
        super().__init__()
        self.calls = 0

    def loss(self, w):
        self.calls += 1
        return logistic(w, self.x, self.y, self.penalty)


def gathered(x):
    return np.sum(np.array([np.sin(x[i]) * x[(i + 1) % 3] for i in range(3)]) ** 2)


def stacked(x):
    rows = [np.sin(x) * k for k in range(1, 4)]
    return np.sum(np.stack(rows) @ x)


def running(x):
    found = []
    s = 0.0
    for v in x:
        s = s * 0.5 + np.sin(v)
        found.append(s)
    return np.sum(np.array(found) ** 3)


FUNCTIONS = {
    "a partial": functools.partial(logistic, x=X, y=Y),
    "a method": Model().loss,
    "an object": Model(),
    "a list of numbers": gathered,
    "a list of arrays": stacked,
    "a list that grows": running,
}


def slope(f, x, d, h=1e-5):
    return (f(x + h * d) - f(x - h * d)) / (2 * h)


@pytest.mark.parametrize("f", FUNCTIONS.values(), ids=FUNCTIONS)
def test_second_derivatives_agree_with_differences_of_the_first(f):
    gradient = sd.grad(f)
    expected = slope(gradient, W, D)
    columns = np.stack([slope(gradient, W, e) for e in np.eye(3)])
    assert sd.hvp(f, (W,), (D,)) == pytest.approx(expected, rel=1e-6, abs=1e-8)
    assert sd.jvp(gradient, (W,), (D,))[1] == pytest.approx(expected, rel=1e-6, abs=1e-8)
    assert sd.vjp(gradient, W)[1](D) == pytest.approx(expected, rel=1e-6, abs=1e-8)
    assert sd.grad(lambda v: v @ D)(W) == pytest.approx(D)
    for matrix in (sd.hessian(f), sd.jacobian(gradient), sd.jacrev(gradient)):
        assert matrix(W) == pytest.approx(columns, rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("f", FUNCTIONS.values(), ids=FUNCTIONS)
def test_a_product_makes_a_few_hundred_calls(f):
    for _ in range(3):
        sd.hvp(f, (W,), (D,))
    assert calls(lambda: sd.hvp(f, (W,), (D,))) < 500  # by place, some 4,000 to 60,000


def test_what_a_method_does_to_its_object_is_done_once():
    model = Counting()
    expected = slope(sd.grad(Model().loss), W, D)
    for count in (1, 2):
        assert sd.hvp(model.loss, (W,), (D,)) == pytest.approx(expected, rel=1e-6)
        assert model.calls == count


def test_data_that_is_held_is_neither_copied_nor_compiled_for_anew():
    kept = [functools.partial(logistic, x=X + k, y=Y) for k in range(3)]
    for f in kept:
        assert sd.hvp(f, (W,), (D,)) == pytest.approx(slope(sd.grad(f), W, D), rel=1e-6)
    assert calls(lambda: sd.hvp(functools.partial(logistic, x=X - 1.0, y=Y), (W,), (D,))) < 500


@dataclass
class Layer:
    w: np.ndarray
    b: np.ndarray

    def __call__(self, x):
        return np.tanh(x @ self.w + self.b)


@dataclass
class Net:
    layers: list

    def __call__(self, x):
        for layer in self.layers:
            x = layer(x)
        return x


def test_callees_are_written_into_what_is_differentiated_again():
    draw = np.random.default_rng(1).standard_normal
    net, along = (Net([Layer(draw((3, 4)), draw(4)), Layer(draw((4, 2)), draw(2))])
                  for _ in range(2))

    def loss(net, x):
        return np.mean(net(x) ** 2)

    found = sd.hvp(loss, (net, X), (along, None))[0]
    for i, layer in enumerate(net.layers):
        def moved(h, i=i):
            layers = [Layer(p.w + h * d.w, p.b + h * d.b)
                      for p, d in zip(net.layers, along.layers, strict=True)]
            return sd.grad(loss)(Net(layers), X).layers[i].w
        assert found.layers[i].w == pytest.approx(
            (moved(1e-5) - moved(-1e-5)) / 2e-5, rel=1e-5, abs=1e-8)
        assert found.layers[i].w.shape == layer.w.shape


A = np.diag([1.0, 2.0, 3.0]) + 0.1


@pytest.mark.parametrize("f", [
    lambda x: np.linalg.norm(x, 1) ** 3,
    lambda x: np.sum(np.linalg.eigvalsh(A + np.diag(x)) ** 3), lambda x: np.sum(np.cumprod(x) ** 2),
    lambda x: np.sum(np.atleast_2d(x) @ np.outer(x, x)), lambda x: np.sum(np.diff(x) ** 3),
    lambda x: np.sum(np.cov(np.outer(x, x)) ** 2), lambda x: np.sum(np.tile(x, 2) ** 3),
    lambda x: np.sum(np.trapezoid(x**3)), lambda x: np.sum(np.linalg.solve(A + np.diag(x), x)),
])
def test_rules_that_are_called_are_functions_of_the_arguments_again(f):
    gradient = sd.grad(f)
    x = np.array([0.5, 0.8, 0.3])
    expected = slope(gradient, x, D)
    assert sd.hvp(f, (x,), (D,)) == pytest.approx(expected, rel=1e-5, abs=1e-7)
    assert sd.vjp(gradient, x)[1](D) == pytest.approx(expected, rel=1e-5, abs=1e-7)
    along = sd.grad(lambda v: sd.jvp(f, (v,), (D,))[1])(x)
    assert along == pytest.approx(expected, rel=1e-5, abs=1e-7)
    assert sd.jvp(f, (x,), (D,))[1] == pytest.approx(gradient(x) @ D, rel=1e-9)


def test_a_view_with_gaps_has_its_shadow_where_derivatives_are_taken_again():
    columns = np.stack([X[:, 0], Y], 1)

    def loss(w):
        return logistic(w, X, holder.y)

    class Holder:
        y = columns[:, 1]

    holder = Holder()
    expected = slope(sd.grad(loss), W, D)
    assert sd.hvp(loss, (W,), (D,)) == pytest.approx(expected, rel=1e-6)


def noting(v):
    noting.seen.append(v)


def keeping(v, held=[]):  # noqa: B006
    held.append(v)


def of_what_is_noted(x):
    noting(x * 2.0)
    return np.sum(noting.seen[-1] ** 2)


def of_a_default(x):
    keeping(x * 2.0)
    return np.sum(keeping.__defaults__[0][-1] ** 2)


noting.seen = []


@pytest.mark.parametrize("f", [of_what_is_noted, of_a_default])
def test_a_list_that_a_function_holds_is_not_lost_backwards_over_backwards(f):
    x = np.array([0.3, 0.7])
    np.testing.assert_allclose(sd.hvp(f, (x,), (np.ones(2),)), [8.0, 8.0])
    np.testing.assert_allclose(sd.vjp(sd.grad(f), x)[1](np.ones(2)), [8.0, 8.0])
