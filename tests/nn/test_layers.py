"""Layers: values by closed forms, gradients by every parameter and input by differences."""

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import nn
from tests.nn.differences import check_layer, check_single_precision

RNG = np.random.default_rng


def x_of(*shape, seed=1):
    return RNG(seed).normal(size=shape)


def with_biases(layer):
    """A layer whose biases are no longer zero, so that they count in what is tested."""
    for name, part in vars(layer).items():
        if isinstance(part, np.ndarray) and part.ndim == 1:
            part += RNG(len(name)).normal(size=part.shape) * 0.3
        elif isinstance(part, nn.Layer):
            with_biases(part)
    return layer


def dense(*sizes, activation=nn.tanh, dtype=np.float64):
    return with_biases(nn.Dense(*sizes, activation, generator=RNG(0), dtype=dtype))


def layers(dtype):
    """A layer of each kind, and an input for it."""
    keys = {"generator": RNG(0), "dtype": dtype}
    conv = nn.Conv2D((3, 2, 2, 3), nn.tanh, padding="same", **keys)
    return {
        "dense": (dense(3, 4, dtype=dtype), x_of(5, 3)),
        "dense of one sample": (dense(3, 1, dtype=dtype), x_of(1, 3)),
        "dense of three axes": (dense(3, 2, dtype=dtype), x_of(2, 4, 3)),
        "embedding": (nn.Embedding(5, 3, **keys), np.array([[0, 4], [4, 2]])),
        "flatten": (nn.Flatten(), x_of(2, 3, 2, 2)),
        "layer norm": (with_biases(nn.LayerNorm(4, dtype=dtype)), x_of(3, 4)),
        "batch norm": (with_biases(nn.BatchNorm(3, dtype=dtype)), x_of(6, 3)),
        "batch norm of images": (with_biases(nn.BatchNorm(2, dtype=dtype)), x_of(2, 3, 2, 2)),
        "batch norm in use": (nn.inference(with_biases(nn.BatchNorm(3, dtype=dtype))), x_of(4, 3)),
        "convolution": (with_biases(conv), x_of(2, 4, 5, 2)),
        "largest of windows": (nn.MaxPool2D(2), x_of(2, 4, 6, 2)),
        "mean of windows": (nn.AvgPool2D(2), x_of(2, 4, 6, 2)),
        "global mean": (nn.GlobalAvgPool2D(), x_of(2, 3, 4, 2)),
        "recurrent": (nn.Recurrent(with_biases(nn.RNNCell(2, 3, **keys))), x_of(2, 4, 2)),
        "long short-term": (nn.Recurrent(with_biases(nn.LSTMCell(2, 3, **keys))), x_of(2, 4, 2)),
        "gated": (nn.Recurrent(with_biases(nn.GRUCell(2, 3, **keys))), x_of(2, 4, 2)),
        "one step": (nn.Recurrent(with_biases(nn.GRUCell(2, 3, **keys))), x_of(1, 1, 2)),
        "attention": (with_biases(nn.MultiHeadAttention(4, 2, **keys)), x_of(2, 3, 4)),
        "causal attention": (
            with_biases(nn.MultiHeadAttention(4, 1, causal=True, **keys)), x_of(1, 4, 4)),
        "in a row": (nn.Sequential((dense(3, 4, dtype=dtype), np.sin, dense(4, 2, dtype=dtype))),
                     x_of(2, 3)),
        "discarding": (dense(3, 4, dtype=dtype).discarding_activations(), x_of(2, 3)),
    }


@pytest.mark.parametrize("name", layers(np.float64))
def test_gradients_by_parameters_and_input_are_those_of_differences(name):
    layer, x = layers(np.float64)[name]
    assert check_layer(layer, x)


@pytest.mark.parametrize("name", layers(np.float32))
def test_single_precision_stays_forward_and_backward(name):
    layer, x = layers(np.float32)[name]
    check_single_precision(layer, x if x.dtype.kind == "i" else x.astype(np.float32))


def test_every_parameter_is_looked_at_by_the_check_itself():
    layer, x = layers(np.float64)["long short-term"]
    assert check_layer(layer, x) == [
        "model.cell.input_weight", "model.cell.hidden_weight", "model.cell.bias", "x"]


def test_a_dense_layer_multiplies_from_the_right():
    layer = dense(3, 2, activation=nn.identity)
    x = x_of(4, 3)
    expected = np.einsum("ni,io->no", x, layer.weight) + layer.bias
    np.testing.assert_allclose(layer(x), expected, rtol=1e-14)
    assert layer.weight.shape == (3, 2)


def test_an_embedding_adds_up_what_a_row_was_read_for():
    layer = nn.Embedding(4, 2, generator=RNG(0), dtype=np.float64)
    gradient = sd.grad(lambda layer, i: np.sum(layer(i)))(layer, np.array([1, 1, 3]))
    np.testing.assert_array_equal(gradient.table, [[0, 0], [2, 2], [0, 0], [1, 1]])


def test_layer_norm_gives_mean_zero_and_variance_one():
    y = nn.LayerNorm(50, epsilon=0.0, dtype=np.float64)(x_of(3, 50) * 5 + 2)
    np.testing.assert_allclose(y.mean(axis=1), 0, atol=1e-14)
    np.testing.assert_allclose(y.var(axis=1), 1, rtol=1e-12)


def test_batch_norm_keeps_running_averages_once_per_call():
    layer, x = nn.BatchNorm(2, momentum=0.75, dtype=np.float64), x_of(10, 2) + 3
    y = layer(x)
    np.testing.assert_allclose(y.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(layer.running_mean, 0.25 * x.mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(
        layer.running_variance, 0.75 + 0.25 * x.var(axis=0), rtol=1e-12)
    sd.grad(lambda layer, x: np.sum(layer(x) ** 3))(layer, x)
    np.testing.assert_allclose(
        layer.running_mean, (0.25 + 0.75 * 0.25) * x.mean(axis=0), rtol=1e-12)


def test_batch_norm_in_use_reads_the_running_averages_and_leaves_them():
    layer = nn.BatchNorm(2, dtype=np.float64)
    layer.running_mean, layer.running_variance = np.array([1.0, 2.0]), np.array([4.0, 9.0])
    used = nn.inference(layer)
    x = x_of(3, 2)
    np.testing.assert_allclose(used(x), (x - [1, 2]) / np.sqrt(np.array([4, 9]) + 0.001))
    np.testing.assert_array_equal(layer.running_mean, [1.0, 2.0])
    assert layer.training
    assert not used.training
    assert nn.training(used).training


def test_gradients_have_none_where_a_field_is_no_variable():
    layer, x = nn.BatchNorm(2), x_of(3, 2).astype(np.float32)
    gradient = sd.grad(lambda layer, x: np.sum(layer(x) ** 3))(layer, x)
    assert gradient.running_mean is None
    assert gradient.momentum is None
    assert gradient.epsilon is None
    assert gradient.training is None
    assert gradient.scale.shape == (2,)


def test_dropout_keeps_the_mean_and_drops_the_rate():
    layer = nn.Dropout(0.25, generator=RNG(0))
    y = layer(np.ones(100_000))
    assert set(np.unique(y)) == {0.0, 1 / 0.75}
    assert abs(np.mean(y == 0) - 0.25) < 0.01
    np.testing.assert_array_equal(nn.inference(layer)(np.ones(3)), np.ones(3))


def test_the_gradient_of_dropout_is_that_of_the_elements_that_were_kept():
    value, pullback = sd.vjp(nn.Dropout(0.5, generator=RNG(0)), np.ones(50, np.float32))
    np.testing.assert_array_equal(pullback(np.ones(50, np.float32)), value)
    assert value.dtype == np.float32
    model = nn.Sequential((dense(3, 4), nn.Dropout(0.5, generator=RNG(0))))
    gradient = sd.grad(lambda model, x: np.sum(model(x)))(model, np.ones((2, 3)))
    assert gradient.layers[0].weight.shape == (3, 4)
    assert gradient.layers[1].rate is None


def test_a_causal_attention_does_not_see_what_comes_later():
    layer = nn.MultiHeadAttention(4, 2, causal=True, generator=RNG(0), dtype=np.float64)
    x = x_of(1, 5, 4)
    changed = x.copy()
    changed[0, 3:] += 1.0
    np.testing.assert_array_equal(layer(x)[0, :3], layer(changed)[0, :3])
    assert not np.allclose(layer(x)[0, 3], layer(changed)[0, 3])


def test_attention_to_another_sequence_is_differentiated_by_both():
    layer = nn.MultiHeadAttention(4, 2, generator=RNG(0), dtype=np.float64)
    x, memory, mask = x_of(2, 3, 4), x_of(2, 5, 4, seed=2), np.ones((3, 5), bool)
    mask[:, 1] = False

    def loss(x, memory):
        return np.sum(np.sin(layer(x, memory, mask)))

    x_bar, memory_bar = sd.grad(loss, wrt=(0, 1))(x, memory)
    d_x, d_memory = x_of(2, 3, 4, seed=3), x_of(2, 5, 4, seed=4)
    step = 1e-6
    ends = [loss(x + s * d_x, memory + s * d_memory) for s in (step, -step)]
    along = np.sum(x_bar * d_x) + np.sum(memory_bar * d_memory)
    np.testing.assert_allclose(along, (ends[0] - ends[1]) / (2 * step), rtol=1e-7)
    np.testing.assert_array_equal(memory_bar[:, 1], 0)


def test_a_recurrent_layer_goes_on_from_a_state():
    layer = nn.Recurrent(nn.LSTMCell(2, 3, generator=RNG(0), dtype=np.float64))
    x = x_of(2, 6, 2)
    first, state = layer.run(x[:, :4], layer.cell.initial_state(2))
    second, _ = layer.run(x[:, 4:], state)
    np.testing.assert_allclose(np.concatenate([first, second], axis=1), layer(x), rtol=1e-14)


def test_gradients_with_and_without_discarded_activations_are_equal_to_the_bit():
    layer, x = dense(3, 4), x_of(5, 3)
    y, backprop = layer.applied_for_backpropagation(x)
    z, again = layer.discarding_activations().applied_for_backpropagation(x)
    np.testing.assert_array_equal(y, z)
    (kept, x_bar), (discarded, x_again) = backprop(np.cos(y)), again(np.cos(y))
    np.testing.assert_array_equal(kept.weight, discarded.wrapped.weight)
    np.testing.assert_array_equal(kept.bias, discarded.wrapped.bias)
    np.testing.assert_array_equal(x_bar, x_again)


def test_sequenced_takes_any_functions_and_none():
    assert nn.sequenced(3.0) == 3.0
    assert sd.grad(lambda x: nn.sequenced(x, np.sin, lambda x: x * x))(0.5) == pytest.approx(
        np.sin(1.0))


@pytest.mark.parametrize("make", [
    lambda: nn.Dense(0, 3, generator=RNG(0)),
    lambda: nn.Dense(2, 2.5, generator=RNG(0)),
    lambda: nn.Dense(2, 3, generator=0),
    lambda: nn.Dense(2, 3, generator=RNG(0), dtype=int),
    lambda: nn.Conv2D((3, 3, 1), generator=RNG(0)),
    lambda: nn.Conv2D((3, 3, 1, 2), padding="SAME", generator=RNG(0)),
    lambda: nn.Conv2D((3, 3, 1, 2), strides=0, generator=RNG(0)),
    lambda: nn.MaxPool2D((2, 2, 2)),
    lambda: nn.Dropout(1.0, generator=RNG(0)),
    lambda: nn.MultiHeadAttention(5, 2, generator=RNG(0)),
    lambda: nn.BatchNorm(2, momentum=1.5),
    lambda: nn.Dense(2, 3, generator=RNG(0))(np.ones((4, 3))),
    lambda: nn.LayerNorm(3)(np.ones((4, 2))),
    lambda: nn.Embedding(3, 2, generator=RNG(0))(np.array([3])),
    lambda: nn.Embedding(3, 2, generator=RNG(0))(np.array([1.0])),
    lambda: nn.Recurrent(nn.RNNCell(2, 3, generator=RNG(0)))(np.ones((4, 2))),
    lambda: nn.Layer()(1.0),
])
def test_what_makes_no_sense_is_refused_with_what_to_write_instead(make):
    with pytest.raises((ValueError, TypeError, NotImplementedError), match=r"Instead, .*\."):
        make()
