"""What a user's rule says nothing of has no known derivative, whatever it is held in."""

from dataclasses import dataclass

import numpy as np
import pytest

import s2sdiff as sd


@dataclass
class Scale:
    factor: np.ndarray

    def __call__(self, x):
        return x * self.factor


HELD = {
    "array": (lambda w: w, lambda w: w),
    "list": (lambda w: [w, 1], lambda held: held[0]),
    "tuple": (lambda w: (w,), lambda held: held[0]),
    "dict": (lambda w: {"w": w}, lambda held: held["w"]),
    "object": (Scale, lambda held: held.factor),
}


def ruled(read, entries, wrt, straight=True):
    """The function `x * w` with a rule that knows the derivative by x alone."""
    def product(held, x):
        return x * read(held)

    def rule(held, x):
        w = read(held)
        return x * w, lambda v: entries(v * w)

    def with_a_test(held, x):
        if np.size(x) > 100:
            x = x * 1.0
        return rule(held, x)

    sd.derivative(of=product, wrt=wrt)(rule if straight else with_a_test)
    return product


@pytest.mark.parametrize("straight", [True, False])
@pytest.mark.parametrize("held", HELD)
@pytest.mark.parametrize(("entries", "wrt"), [
    (lambda x_bar: x_bar, "x"), (lambda x_bar: (NotImplemented, x_bar), None)])
def test_a_derivative_that_a_rule_does_not_give_is_refused(held, entries, wrt, straight):
    make, read = HELD[held]
    product = ruled(read, entries, wrt, straight)
    w, x = np.array([2.0, 3.0]), np.ones(2)

    def loss(held, x):
        return np.sum(product(held, x))

    np.testing.assert_array_equal(sd.grad(loss, wrt=1)(make(w), x), w)
    with pytest.raises(sd.MissingDerivativeError, match="Instead, "):
        sd.grad(loss, wrt=(0, 1))(make(w), x)


@pytest.mark.parametrize("held", [3, None, (2, 1), [True]])
def test_what_holds_no_number_needs_no_entry(held):
    product = ruled(lambda held: 5.0, lambda x_bar: x_bar, "x")
    x_bar = sd.grad(lambda box, x: np.sum(product(box[0], x)) * box[1], wrt=1)((held, 2.0), 3.0)
    assert x_bar == 10.0
    box_bar = sd.grad(lambda box: np.sum(product(box[0], 4.0)) * box[1])((held, 2.0))
    assert box_bar[1] == 20.0


@pytest.mark.parametrize("held", HELD)
def test_a_checkpoint_gives_the_gradient_of_whatever_holds_numbers(held):
    make, read = HELD[held]
    kept = sd.checkpoint(lambda held, x: np.sum(x * read(held)))
    held_bar, x_bar = sd.grad(kept, wrt=(0, 1))(make(np.array([2.0, 3.0])), np.array([5.0, 7.0]))
    np.testing.assert_array_equal(read(held_bar), [5.0, 7.0])
    np.testing.assert_array_equal(x_bar, [2.0, 3.0])


def test_a_checkpoint_of_a_method_and_of_a_call_of_an_object_knows_its_attributes():
    scale, x = Scale(np.array([2.0, 3.0])), np.array([5.0, 7.0])
    through = sd.checkpoint(lambda scale, x: np.sum(scale(x) ** 2))
    gradient = sd.grad(through)(scale, x)
    np.testing.assert_array_equal(gradient.factor, 2 * x * x * scale.factor)


@pytest.mark.parametrize("entry", [lambda v: v, lambda v: (), lambda v: {"y": v}])
def test_what_is_no_entry_for_each_collected_argument_is_refused_by_name(entry):
    product = sd.differentiable_function(lambda *factors: (factors[0] * 2.0, entry))
    with pytest.raises(sd.RuleError, match=r"for factors, which collects arguments. Instead, "):
        sd.vjp(lambda x: product(x) + 1.0, np.ones(2))[1](np.ones(2))
