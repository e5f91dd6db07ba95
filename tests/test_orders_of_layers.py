"""Second derivatives of layers, and of functions whose rules compute in C or when they are asked.

Each is found when the code runs: its gradient cannot be differentiated as text.
"""

import itertools
import random
from dataclasses import dataclass

import numpy as np
import pytest
import scipy.stats

import s2sdiff as sd
from s2sdiff import nn

IMAGES, ALONG = np.random.default_rng(0).normal(size=(2, 1, 3, 3, 1))
X, D = np.array([0.5, 0.8, 1.4]), np.array([1.0, -0.5, 0.3])


def layer():
    return nn.Conv2D((2, 2, 1, 1), nn.tanh, generator=np.random.default_rng(1), dtype=float)


def of_a_captured_layer(x, made=layer()):  # noqa: B008 (one and the same is meant)
    return np.sum(made(x) ** 2)


def of_rules_in_a_table(x):
    table = {"normal": scipy.stats.norm, "logistic": scipy.stats.logistic}
    return np.sum(table["normal"].logpdf(x, loc=x[0], scale=1 + x[1] ** 2)) + \
        np.sum(table["logistic"].logpdf(x, 2.0))


def of_a_product(x):
    table = {"top": np.max, "product": np.prod}
    return table["top"](x) * np.prod(x) * table["product"](x[1:])


@pytest.mark.parametrize("function, x, along", [
    (of_a_captured_layer, IMAGES, ALONG), (of_rules_in_a_table, X, D), (of_a_product, X, D)])
def test_rules_that_compute_entries_when_asked_are_differentiated_twice(function, x, along):
    gradient, h = sd.grad(function), 1e-5
    expected = (gradient(x + h * along) - gradient(x - h * along)) / (2 * h)
    np.testing.assert_allclose(sd.hvp(function, (x,), (along,)), expected, rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(sd.vjp(gradient, x)[1](along), expected, rtol=1e-6, atol=1e-8)


def of_a_layer(made):
    return np.sum(made(IMAGES) ** 2)


def test_a_layer_with_constant_fields_has_products_with_its_hessian():
    made, gradient, h = layer(), sd.grad(of_a_layer), 1e-5
    along = gradient(made)
    ends = [gradient(sd.move(made, along=sd.tangent_map(lambda g, s=s: s * h * g, along)))
            for s in (1, -1)]
    for found in (sd.hvp(of_a_layer, (made,), (along,)), sd.vjp(gradient, made)[1](along)):
        for name in ("filter", "bias"):
            one, other = [getattr(e, name) for e in ends]
            np.testing.assert_allclose(getattr(found, name), (one - other) / (2 * h), rtol=1e-6)


class Draws(random.Random):
    """It has a state that no attribute shows."""


@dataclass
class Noisy:
    scale: float
    draws: Draws

    def __call__(self, x):
        return {"scaled": lambda v: self.scale * v * v}["scaled"](x) * self.scale


def test_objects_of_classes_of_c_are_not_made_anew():
    draws = Draws(5)
    draws.width = 0.5
    noisy = Noisy(1.5, draws)
    state = draws.getstate()
    try:
        found = sd.hvp(lambda x: noisy(x) * x, (2.0,), (1.0,))
    except sd.DifferentiationError as error:
        assert "Instead, " in str(error)
    else:
        assert found == pytest.approx(6 * 2.25 * 2.0)
    tangent = sd.zero_tangent(noisy)
    tangent.scale = 1.0
    try:
        moved = sd.hvp(lambda n: n(2.0), (noisy,), (tangent,))
    except sd.DifferentiationError as error:
        assert "Instead, " in str(error)
    else:
        assert moved.scale == pytest.approx(8.0)
    assert draws.getstate() == state


def squared(x):
    return x * x


@sd.derivative(of=squared)
def squared_derivative(x):
    return x * x, lambda bar: 2 * sd.stop_gradient(x) * bar


class Held:
    def __init__(self, value):
        self.value = value


def looked_up(name):
    """What only the run tells."""
    return dict(zip(["held", "squared"], [Held, squared], strict=True)).pop(name)


def of_a_rule_that_stops(x):
    return looked_up("held")(x[0]).value ** 2 + looked_up("squared")(x[1])


def test_a_hessian_is_not_believed_for_its_first_column_alone():
    np.testing.assert_allclose(sd.grad(of_a_rule_that_stops)(np.array([1.5, 2.0])), [3.0, 4.0])
    with pytest.raises(sd.DifferentiationError, match="Instead, "):
        sd.hessian(of_a_rule_that_stops)(np.array([1.5, 2.0]))


def of_numbers_of_other_sizes(x, y):
    return 1e3 * looked_up("held")(x).value ** 3 + looked_up("squared")(1e-1 * y)


def test_no_small_term_is_lost_beside_a_large_one():
    with pytest.raises(sd.DifferentiationError, match="Instead, "):
        sd.hvp(of_numbers_of_other_sizes, (2.0, 0.5), (1.0, 1.0))


def hides(x):
    class Text:
        def __init__(self, value):
            self.value = value
    held = {"made": Text}["made"](x * x)
    try:
        shown = np.frombuffer(np.array([held.value]).tobytes())[0]
    except Exception:
        shown = 0.0
    return held.value * x + 0.0 * shown


def test_no_handler_hides_what_a_value_with_a_tangent_cannot_do():
    try:
        assert sd.hvp(hides, (1.5,), (1.0,)) == pytest.approx(9.0)
    except sd.DifferentiationError as error:
        assert "Instead, " in str(error)


def test_walks_of_several_lists_are_not_lost():
    def products(v, w):
        return sum(a * b**2 for a, b in itertools.product(v, w))

    v, w = [0.7, 2.0], [1.3, -0.4]
    _, pullback = sd.vjp(sd.grad(products, (0, 1)), v, w)
    made = pullback(([1.0, 1.0], [1.0, 1.0]))
    np.testing.assert_allclose(made, [[1.8, 1.8], [10.6, 3.8]])
