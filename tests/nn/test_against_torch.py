"""Layers, losses, activations and optimisers against PyTorch, on shared weights.

PyTorch is large and no part of the test extra: `pip install s2sdiff[torch]` has these tests run.
"""

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import nn

torch = pytest.importorskip("torch", reason="PyTorch is not installed: pip install s2sdiff[torch]")
F = torch.nn.functional

DTYPES = [np.float32, np.float64]
TOLERANCE = {np.float32: 1e-6, np.float64: 1e-12}


def t(a, track=True):
    """A copy as a tensor that is differentiated by."""
    found = torch.tensor(np.ascontiguousarray(a))
    return found.requires_grad_(True) if track and found.is_floating_point() else found


def close(found, expected, dtype, scale=None):
    expected = expected.detach().numpy() if isinstance(expected, torch.Tensor) else expected
    assert np.asarray(found).dtype == dtype
    scale = max(1.0, np.abs(expected).max(initial=0.0)) if scale is None else scale
    np.testing.assert_allclose(found, expected, rtol=0, atol=TOLERANCE[dtype] * scale)


def random(dtype, *shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype(dtype)


def nchw(x):
    return x.permute(0, 3, 1, 2)


def nhwc(x):
    return x.permute(0, 2, 3, 1)


def compare(layer, x, theirs, parameters, dtype):
    """Output, and gradients by input and parameters, of one weighed sum.

    `theirs(x, *tensors)` computes what the layer does; `parameters` are the layer's, by path.
    """
    arrays = [part(layer) for part in parameters]
    tensors, input_ = [t(a) for a in arrays], t(x)
    expected = theirs(input_, *tensors)
    weight = random(dtype, *expected.shape, seed=9)
    (expected * t(weight, False)).sum().backward()
    y, backprop = layer.applied_for_backpropagation(x)
    close(y, expected, dtype)
    layer_bar, x_bar = backprop(weight)
    if x_bar is not None:
        close(x_bar, input_.grad, dtype)
    for part, tensor in zip(parameters, tensors, strict=True):
        close(part(layer_bar), tensor.grad, dtype)


def attribute(*path):
    def read(layer):
        for name in path:
            layer = getattr(layer, name)
        return layer

    return read


def keys(dtype):
    return {"generator": np.random.default_rng(1), "dtype": dtype}


@pytest.mark.parametrize("dtype", DTYPES)
def test_dense(dtype):
    layer = nn.Dense(5, 3, nn.tanh, **keys(dtype))
    layer.bias = random(dtype, 3, seed=2)
    compare(layer, random(dtype, 4, 5), lambda x, w, b: torch.tanh(x @ w + b),
            [attribute("weight"), attribute("bias")], dtype)


@pytest.mark.filterwarnings("ignore:Using padding='same'")  # that it copies
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("strides", "dilation", "padding"), [
    ((1, 1), (1, 1), "valid"), ((2, 1), (1, 1), "valid"), ((1, 2), (2, 1), "valid"),
    ((1, 1), (1, 1), "same"), ((1, 1), (2, 1), "same")])
def test_convolution(dtype, strides, dilation, padding):
    layer = nn.Conv2D((3, 2, 2, 4), strides=strides, dilation=dilation, padding=padding,
                      **keys(dtype))
    layer.bias = random(dtype, 4, seed=2)

    def theirs(x, filter, bias):
        return nhwc(F.conv2d(nchw(x), filter.permute(3, 2, 0, 1), bias, strides, padding,
                             dilation))

    compare(layer, random(dtype, 3, 7, 6, 2), theirs, [attribute("filter"), attribute("bias")],
            dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("size", "strides"), [((2, 2), (2, 2)), ((3, 2), (1, 2))])
def test_pooling(dtype, size, strides):
    x = random(dtype, 2, 6, 7, 3)
    compare(nn.MaxPool2D(size, strides), x,
            lambda x: nhwc(F.max_pool2d(nchw(x), size, strides)), [], dtype)
    compare(nn.AvgPool2D(size, strides), x,
            lambda x: nhwc(F.avg_pool2d(nchw(x), size, strides)), [], dtype)


@pytest.mark.parametrize("dtype", DTYPES)
def test_normalisation(dtype):
    x = random(dtype, 6, 4)
    parameters = [attribute("scale"), attribute("offset")]
    for layer, theirs in (
        (nn.LayerNorm(4, dtype=dtype), lambda x, s, o: F.layer_norm(x, (4,), s, o, 1e-5)),
        (nn.BatchNorm(4, dtype=dtype),
         lambda x, s, o: F.batch_norm(x, None, None, s, o, True, 0.1, 0.001)),
    ):
        layer.scale, layer.offset = random(dtype, 4, seed=3), random(dtype, 4, seed=4)
        compare(layer, x, theirs, parameters, dtype)


@pytest.mark.parametrize("dtype", DTYPES)
def test_embedding(dtype):
    layer = nn.Embedding(6, 3, **keys(dtype))
    compare(layer, np.array([[1, 5], [1, 0]]), lambda i, table: F.embedding(i, table),
            [attribute("table")], dtype)


def recurrent(cell, x, tensors, hidden, memory=False):
    """Their cell run along time; a cell of ours has one bias where theirs has two."""
    h = torch.zeros(x.shape[0], hidden, dtype=x.dtype)
    c = h
    outputs = []
    for step in range(x.shape[1]):
        if memory:
            h, c = cell(x[:, step], (h, c), *tensors)
        else:
            h = cell(x[:, step], h, *tensors)
        outputs.append(h)
    return torch.stack(outputs, 1)


@pytest.mark.parametrize("dtype", DTYPES)
def test_recurrent_cells(dtype):
    x = random(dtype, 2, 5, 3)
    two = [attribute("cell", "input_weight"), attribute("cell", "hidden_weight"),
           attribute("cell", "bias")]
    layer = nn.Recurrent(nn.RNNCell(3, 4, **keys(dtype)))
    layer.cell.bias = random(dtype, 4, seed=2)
    compare(layer, x, lambda x, w, u, b: recurrent(
        torch.rnn_tanh_cell, x, (w.T, u.T, b, torch.zeros_like(b)), 4), two, dtype)
    layer = nn.Recurrent(nn.LSTMCell(3, 4, **keys(dtype)))
    layer.cell.bias = random(dtype, 16, seed=2)
    compare(layer, x, lambda x, w, u, b: recurrent(
        torch.lstm_cell, x, (w.T, u.T, b, torch.zeros_like(b)), 4, True), two, dtype)
    layer = nn.Recurrent(nn.GRUCell(3, 4, **keys(dtype)))
    layer.cell.input_bias, layer.cell.hidden_bias = random(dtype, 2, 12, seed=2)
    compare(layer, x, lambda x, w, u, b, c: recurrent(
        torch.gru_cell, x, (w.T, u.T, b, c), 4),
        [*two[:2], attribute("cell", "input_bias"), attribute("cell", "hidden_bias")], dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("causal", [False, True])
def test_attention(dtype, causal):
    layer = nn.MultiHeadAttention(6, 2, causal=causal, **keys(dtype))
    roles = ("query", "key", "value", "output")
    for i, role in enumerate(roles):
        setattr(layer, f"{role}_bias", random(dtype, 6, seed=i))
    parameters = [attribute(f"{role}_{part}") for role in roles for part in ("weight", "bias")]
    x = random(dtype, 2, 4, 6)
    mask = torch.triu(torch.ones(4, 4, dtype=torch.bool), 1) if causal else None

    def theirs(x, wq, bq, wk, bk, wv, bv, wo, bo):
        x = x.transpose(0, 1)
        found, _ = F.multi_head_attention_forward(
            x, x, x, 6, 2, torch.cat([wq.T, wk.T, wv.T]), torch.cat([bq, bk, bv]), None, None,
            False, 0.0, wo.T, bo, attn_mask=mask)
        return found.transpose(0, 1)

    compare(layer, x, theirs, parameters, dtype)


ACTIVATIONS = {
    nn.relu: F.relu, nn.relu6: F.relu6, nn.leaky_relu: lambda x: F.leaky_relu(x, 0.2),
    nn.elu: F.elu, nn.selu: F.selu, nn.tanh: torch.tanh, nn.sigmoid: torch.sigmoid,
    nn.swish: F.silu, nn.softplus: F.softplus, nn.softsign: F.softsign, nn.mish: F.mish,
    nn.gelu: lambda x: F.gelu(x, approximate="tanh"), nn.softmax: lambda x: F.softmax(x, -1),
    nn.log_softmax: lambda x: F.log_softmax(x, -1),
}


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("ours", ACTIVATIONS, ids=lambda f: f.__name__)
def test_activations(ours, dtype):
    x = 2 * random(dtype, 5, 7)
    x[0, 0] = 0.0
    if ours is nn.leaky_relu:
        x[0, 0] = 1.0  # at the kink theirs has the other slope's number as well
    input_ = t(x)
    expected = ACTIVATIONS[ours](input_)
    weight = random(dtype, 5, 7, seed=3)
    (expected * t(weight, False)).sum().backward()
    y, pullback = sd.vjp(ours, x)
    close(y, expected, dtype)
    close(pullback(weight), input_.grad, dtype)


@pytest.mark.parametrize("dtype", DTYPES)
def test_losses(dtype):
    x, y = random(dtype, 6, 4), random(dtype, 6, 4, seed=1)
    labels, p = np.arange(6) % 4, np.exp(y) / np.exp(y).sum(1, keepdims=True)
    inside = 1 / (1 + np.exp(-y))
    for ours, theirs, target in (
        (nn.softmax_cross_entropy, F.cross_entropy, labels),
        (nn.softmax_cross_entropy_of_probabilities, F.cross_entropy, p),
        (nn.mean_squared_error, F.mse_loss, y), (nn.mean_absolute_error, F.l1_loss, y),
        (nn.huber_loss, F.huber_loss, y),
        (nn.sigmoid_cross_entropy, F.binary_cross_entropy_with_logits, inside),
    ):
        input_ = t(x)
        expected = theirs(input_, t(target, False))
        expected.backward()
        value, gradient = sd.value_and_grad(ours)(x, target)
        close(value, expected, dtype)
        close(gradient, input_.grad, dtype)


OPTIMISERS = [
    (lambda: nn.SGD(0.1), lambda p: torch.optim.SGD(p, 0.1)),
    (lambda: nn.SGD(0.1, momentum=0.9), lambda p: torch.optim.SGD(p, 0.1, 0.9)),
    (lambda: nn.SGD(0.1, momentum=0.9, nesterov=True),
     lambda p: torch.optim.SGD(p, 0.1, 0.9, nesterov=True)),
    (lambda: nn.Adam(0.01), lambda p: torch.optim.Adam(p, 0.01)),
    (lambda: nn.AdamW(0.01, weight_decay=0.1),
     lambda p: torch.optim.AdamW(p, 0.01, weight_decay=0.1)),
    (lambda: nn.RMSProp(0.01), lambda p: torch.optim.RMSprop(p, 0.01, 0.9)),
]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("ours", "theirs"), OPTIMISERS)
def test_optimisers(ours, theirs, dtype):
    x = random(dtype, 3, 4)
    tensor, optimiser = t(x), ours()
    reference = theirs([tensor])
    for step in range(5):
        g = random(dtype, 3, 4, seed=step + 10)
        tensor.grad = torch.tensor(g)
        reference.step()
        x = optimiser.update(x, along=g)
        close(x, tensor, dtype)
