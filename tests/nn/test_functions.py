"""Activations and losses: closed forms, differences, kinks, large numbers, single precision."""

import math

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import nn
from s2sdiff.nn.selecting import selected

X = np.array([-3.0, -1.0, -0.25, 0.5, 1.0, 2.5, 5.5, 7.0])

#: Each activation with its definition, for one number.
ACTIVATIONS = {
    nn.identity: lambda x: x,
    nn.relu: lambda x: max(x, 0.0),
    nn.relu6: lambda x: min(max(x, 0.0), 6.0),
    nn.leaky_relu: lambda x: x if x > 0 else 0.2 * x,
    nn.elu: lambda x: x if x > 0 else math.exp(x) - 1,
    nn.selu: lambda x: 1.0507009873554805 * (
        x if x > 0 else 1.6732632423543772 * (math.exp(x) - 1)),
    nn.tanh: math.tanh,
    nn.sigmoid: lambda x: 1 / (1 + math.exp(-x)),
    nn.swish: lambda x: x / (1 + math.exp(-x)),
    nn.softplus: lambda x: math.log(1 + math.exp(x)),
    nn.softsign: lambda x: x / (1 + abs(x)),
    nn.mish: lambda x: x * math.tanh(math.log(1 + math.exp(x))),
    nn.gelu: lambda x: 0.5 * x * (1 + math.tanh(
        math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))),
}


@pytest.mark.parametrize("f", ACTIVATIONS, ids=lambda f: f.__name__)
def test_an_activation_is_its_formula_and_its_gradient_the_difference(f):
    expected = [ACTIVATIONS[f](float(x)) for x in X]
    np.testing.assert_allclose(f(X), expected, rtol=1e-14)
    slopes = [(ACTIVATIONS[f](x + 1e-6) - ACTIVATIONS[f](x - 1e-6)) / 2e-6 for x in map(float, X)]
    np.testing.assert_allclose(sd.grad(lambda x: np.sum(f(x)))(X), slopes, atol=1e-8)
    np.testing.assert_allclose(
        sd.jvp(f, (X,), (np.full_like(X, 2.0),))[1], 2 * np.array(slopes), atol=1e-8)
    assert sd.grad(f)(0.5) == pytest.approx(slopes[3], abs=1e-8)


@pytest.mark.parametrize("f", ACTIVATIONS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 1, 2)])
def test_an_activation_keeps_single_precision_and_the_shape(f, shape):
    x = np.full(shape, 0.5, np.float32)
    y, pullback = sd.vjp(f, x)
    assert (np.shape(y), y.dtype) == (shape, np.float32)
    x_bar = pullback(np.ones_like(y))
    assert (np.shape(x_bar), x_bar.dtype) == (shape, np.float32)


@pytest.mark.parametrize("f", [nn.relu, nn.relu6])
def test_the_slope_of_a_relu_is_zero_at_its_kinks(f):
    assert sd.grad(f)(0.0) == 0.0
    np.testing.assert_array_equal(
        sd.grad(lambda x: np.sum(f(x)))(np.array([0.0, -0.0, 1.0])), [0, 0, 1])
    assert sd.grad(nn.relu6)(6.0) == 0.0


@pytest.mark.parametrize("f", ACTIVATIONS, ids=lambda f: f.__name__)
def test_large_numbers_give_finite_slopes(f):
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        slopes = sd.grad(lambda x: np.sum(f(x)))(np.array([-800.0, 800.0]))
    assert np.all(np.isfinite(slopes))


def test_the_slope_of_the_sigmoid_keeps_its_digits_where_the_value_is_nearly_one():
    slope = sd.grad(nn.sigmoid)(40.0)
    assert slope == pytest.approx(math.exp(-40.0), rel=1e-12)
    assert sd.grad(nn.sigmoid)(-40.0) == pytest.approx(math.exp(-40.0), rel=1e-12)


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_softmax_sums_to_one_and_its_jacobian_is_the_closed_form(axis):
    x = np.random.default_rng(0).normal(size=(3, 4))
    p = nn.softmax(x, axis)
    np.testing.assert_allclose(p.sum(axis=axis), 1)
    np.testing.assert_allclose(nn.log_softmax(x, axis), np.log(p), rtol=1e-12)
    v = np.random.default_rng(1).normal(size=(3, 4))
    expected = p * (v - np.sum(p * v, axis=axis, keepdims=True))
    found = sd.vjp(lambda x: nn.softmax(x, axis), x)[1](v)
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-15)
    expected = v - p * np.sum(v, axis=axis, keepdims=True)
    found = sd.vjp(lambda x: nn.log_softmax(x, axis), x)[1](v)
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-15)


# ------------------------------------------------------------------------------------ losses


def cross_entropy(logits, probabilities):
    e = np.exp(logits)
    return -np.mean(np.sum(probabilities * np.log(e / e.sum(-1, keepdims=True)), axis=-1))


@pytest.mark.parametrize("batch", [(1,), (5,), (2, 3), ()])
def test_cross_entropy_is_the_mean_over_the_batch_with_its_closed_gradient(batch):
    generator = np.random.default_rng(0)
    logits, labels = generator.normal(size=(*batch, 4)), generator.integers(0, 4, batch)
    target = np.eye(4)[labels]
    value, gradient = sd.value_and_grad(nn.softmax_cross_entropy)(logits, labels)
    assert value == pytest.approx(cross_entropy(logits, target), rel=1e-14)
    p = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)
    np.testing.assert_allclose(gradient, (p - target) / max(labels.size, 1), rtol=1e-12)
    dense = nn.softmax_cross_entropy_of_probabilities
    value, gradient = sd.value_and_grad(dense)(logits, target)
    assert value == pytest.approx(cross_entropy(logits, target), rel=1e-14)
    np.testing.assert_allclose(
        gradient, (p - target) / max(labels.size, 1), rtol=1e-12, atol=1e-16)


def test_cross_entropy_of_probabilities_is_differentiated_by_both():
    generator = np.random.default_rng(0)
    logits, p = generator.normal(size=(3, 4)), generator.dirichlet(np.ones(4), 3)
    sd.check_grads(nn.softmax_cross_entropy_of_probabilities, (logits, p))


PAIRS = {
    nn.mean_squared_error: lambda p, y: np.mean((p - y) ** 2),
    nn.mean_absolute_error: lambda p, y: np.mean(np.abs(p - y)),
    nn.huber_loss: lambda p, y: np.mean([
        d * d / 2 if abs(d) <= 1 else abs(d) - 0.5 for d in (p - y).ravel()]),
    nn.sigmoid_cross_entropy: lambda z, y: -np.mean(
        y * np.log(1 / (1 + np.exp(-z))) + (1 - y) * np.log(1 / (1 + np.exp(z)))),
    nn.kullback_leibler_of_normals: lambda m, v: 0.5 * np.mean(
        [sum(math.exp(b) + a * a - 1 - b for a, b in zip(x, y)) for x, y in zip(m, v)]),
}


@pytest.mark.parametrize("loss", PAIRS, ids=lambda f: f.__name__)
def test_a_loss_is_its_formula_and_its_gradient_the_difference(loss):
    generator = np.random.default_rng(3)
    first, second = generator.normal(size=(4, 3)) * 2, generator.uniform(size=(4, 3))
    assert loss(first, second) == pytest.approx(PAIRS[loss](first, second), rel=1e-12)
    sd.check_grads(loss, (first, second))
    with pytest.raises(ValueError, match="Instead, give both one shape"):
        loss(first, second[:, :1])


@pytest.mark.parametrize("loss", [*PAIRS, nn.softmax_cross_entropy,
                                  nn.softmax_cross_entropy_of_probabilities],
                         ids=lambda f: f.__name__)
def test_a_loss_keeps_single_precision(loss):
    x = np.full((2, 3), 0.5, np.float32)
    y = np.array([0, 2]) if loss is nn.softmax_cross_entropy else np.full_like(x, 0.25)
    value, gradient = sd.value_and_grad(loss)(x, y)
    assert (np.asarray(value).dtype, gradient.dtype) == (np.float32, np.float32)


@pytest.mark.parametrize("loss", [nn.softmax_cross_entropy, nn.sigmoid_cross_entropy])
def test_large_logits_give_finite_losses_and_gradients(loss):
    logits = np.array([[1e4, -1e4], [-1e4, 1e4]])
    y = np.array([0, 0]) if loss is nn.softmax_cross_entropy else np.eye(2)
    value, gradient = sd.value_and_grad(loss)(logits, y)
    assert np.isfinite(value)
    assert np.all(np.isfinite(gradient))


@pytest.mark.parametrize(("logits", "labels", "error"), [
    (np.ones((2, 3)), np.array([0.0, 1.0]), TypeError),
    (np.ones((2, 3)), np.array([0, 3]), ValueError),
    (np.ones((2, 3)), np.array([-1, 0]), ValueError),
    (np.ones((2, 3)), np.array([0, 1, 2]), ValueError),
    (np.ones((2, 3)), np.eye(2, dtype=int), ValueError),
])
def test_labels_that_make_no_sense_are_refused(logits, labels, error):
    with pytest.raises(error, match="softmax_cross_entropy: labels .*Instead, "):
        nn.softmax_cross_entropy(logits, labels)
    with pytest.raises(error, match="softmax_cross_entropy: labels .*Instead, "):
        sd.grad(nn.softmax_cross_entropy)(logits, labels)


# ----------------------------------------------------------------------------------- selection


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.complex128])
@pytest.mark.parametrize(("shape", "mask_shape"), [
    ((6,), (6,)), ((3, 1), (3, 4)), ((4,), (3, 4)), ((), (3,)), ((0,), (0,)), ((3, 4), (4,))])
def test_a_selection_is_what_where_gives_and_its_own_transpose(dtype, shape, mask_shape):
    generator = np.random.default_rng(0)
    x = np.asarray(generator.normal(size=shape)).astype(dtype)
    mask = np.asarray(generator.random(mask_shape) < 0.5)
    expected = np.where(mask, x, np.zeros((), dtype))
    y, pullback = sd.vjp(lambda x: selected(x, mask), x)
    np.testing.assert_array_equal(y, expected)
    assert y.dtype == dtype
    v = generator.normal(size=expected.shape).astype(dtype)
    through = np.broadcast_to(mask, expected.shape)
    for _, tangent in ((0, np.ones(shape)), (1, generator.normal(size=shape))):
        tangent = np.asarray(tangent).astype(dtype)
        moved = np.where(through, tangent, np.zeros((), dtype))
        np.testing.assert_allclose(
            np.sum(pullback(v) * tangent), np.sum(v * moved), rtol=2e-2 if dtype is np.float16
            else 1e-5, atol=1e-2 if dtype is np.float16 else 1e-6)


def test_a_selection_leaves_out_what_is_infinite_or_no_number():
    x = np.array([[np.nan, 1.0], [np.inf, -np.inf], [-0.0, 2.0]])[:, ::-1]
    mask = np.array([[True, False], [False, False], [True, True]])
    np.testing.assert_array_equal(selected(x, mask), np.where(mask, x, 0.0))
    x_bar = sd.grad(lambda x: np.sum(nn.relu(x)))(np.array([np.nan, -np.inf, np.inf, 1.0]))
    np.testing.assert_array_equal(x_bar, [0.0, 0.0, 1.0, 1.0])
