"""Layers in all their options, losses, optimisers with schedules, and clipping, against PyTorch."""

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import nn

torch = pytest.importorskip("torch", reason="PyTorch is not installed: pip install s2sdiff[torch]")
# Their own comparison's helpers need PyTorch as well.
from tests.nn.test_against_torch import (  # noqa: E402
    DTYPES,
    F,
    attribute,
    close,
    compare,
    keys,
    nchw,
    nhwc,
    random,
    t,
)


def around(x, size, strides, dilation=(1, 1), fill=0.0):
    """Images (batch, channels, height, width), padded as TensorFlow's "same" does."""
    pads = []
    for length, n, stride, step in zip(x.shape[2:], size, strides, dilation):
        total = max((-(-length // stride) - 1) * stride + (n - 1) * step + 1 - length, 0)
        pads.append((total // 2, total - total // 2))
    return F.pad(x, (*pads[1], *pads[0]), value=fill)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("strides", "dilation"), [((2, 1), (1, 1)), ((2, 3), (1, 1)),
                                                  ((1, 1), (2, 3)), ((2, 2), (2, 1))])
def test_convolution_with_strides_and_the_same_size(dtype, strides, dilation):
    layer = nn.Conv2D((3, 2, 2, 4), nn.tanh, strides=strides, dilation=dilation, padding="same",
                      **keys(dtype))
    layer.bias = random(dtype, 4, seed=2)

    def theirs(x, filter, bias):
        padded = around(nchw(x), (3, 2), strides, dilation)
        return torch.tanh(nhwc(F.conv2d(padded, filter.permute(3, 2, 0, 1), bias, strides, 0,
                                        dilation)))

    compare(layer, random(dtype, 3, 7, 6, 2), theirs, [attribute("filter"), attribute("bias")],
            dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("size", "strides"), [((2, 2), (2, 2)), ((3, 2), (2, 3))])
def test_pooling_over_the_edge(dtype, size, strides):
    x = random(dtype, 2, 7, 5, 3)

    def mean(x):
        # Of what lies within the image: the sum over the number of such.
        total = F.avg_pool2d(around(nchw(x), size, strides), size, strides)
        inside = F.avg_pool2d(around(torch.ones_like(nchw(x)), size, strides), size, strides)
        return nhwc(total / inside)

    compare(nn.MaxPool2D(size, strides, "same"), x, lambda x: nhwc(F.max_pool2d(
        around(nchw(x), size, strides, fill=-torch.inf), size, strides)), [], dtype)
    compare(nn.AvgPool2D(size, strides, "same"), x, mean, [], dtype)
    compare(nn.GlobalAvgPool2D(), x, lambda x: x.mean(dim=(1, 2)), [], dtype)
    compare(nn.Flatten(), x, lambda x: x.flatten(1), [], dtype)


@pytest.mark.parametrize("dtype", DTYPES)
def test_dropout_with_the_same_elements_kept(dtype):
    x = random(dtype, 4, 6)
    layer = nn.Dropout(0.3, generator=np.random.default_rng(5))
    kept = torch.tensor(np.random.default_rng(5).random((4, 6)) >= 0.3)
    compare(layer, x, lambda x: x * kept / 0.7, [], dtype)
    compare(nn.inference(layer), x, lambda x: F.dropout(x, 0.3, training=False), [], dtype)


@pytest.mark.parametrize("dtype", DTYPES)
def test_normalisation_of_images_trained_and_used(dtype):
    x = random(dtype, 3, 4, 5, 2)
    layer = nn.BatchNorm(2, momentum=0.9, dtype=dtype)
    layer.scale, layer.offset = random(dtype, 2, seed=3), random(dtype, 2, seed=4)
    averages = torch.zeros(2, dtype=t(x).dtype), torch.ones(2, dtype=t(x).dtype)
    parameters = [attribute("scale"), attribute("offset")]

    def theirs(training):
        return lambda x, s, o: nhwc(F.batch_norm(nchw(x), *averages, s, o, training, 0.1, 0.001))

    compare(layer, x, theirs(True), parameters, dtype)
    close(layer.running_mean, averages[0], dtype)
    # Theirs averages the variance with one degree of freedom less.
    n = x.size // 2
    layer.running_variance = 0.9 + (layer.running_variance - np.asarray(0.9, dtype)) * n / (n - 1)
    close(layer.running_variance, averages[1], dtype)
    compare(nn.inference(layer), x, theirs(False), parameters, dtype)
    norm = nn.LayerNorm(8, dtype=dtype)
    norm.scale, norm.offset = random(dtype, 8, seed=5), random(dtype, 8, seed=6)
    compare(norm, random(dtype, 3, 4, 8), lambda x, s, o: F.layer_norm(x, (8,), s, o, 1e-5),
            parameters, dtype)


@pytest.mark.parametrize("dtype", DTYPES)
def test_attention_to_another_sequence_under_a_mask(dtype):
    query, key, value = (random(dtype, 2, n, 6, seed=n) for n in (4, 5, 7))
    value = value[:, :5]
    mask = np.random.default_rng(3).random((2, 4, 5)) < 0.6
    mask[..., 0] = True
    ours = sd.vjp(lambda q, k, v: nn.dot_product_attention(q, k, v, mask), query, key, value)
    tensors = [t(a) for a in (query, key, value)]
    expected = F.scaled_dot_product_attention(*tensors, attn_mask=torch.tensor(mask))
    weight = random(dtype, 2, 4, 6, seed=9)
    (expected * t(weight, False)).sum().backward()
    close(ours[0], expected, dtype)
    for found, tensor in zip(ours[1](weight), tensors, strict=True):
        close(found, tensor.grad, dtype)


@pytest.mark.parametrize("dtype", DTYPES)
def test_layers_in_a_row_that_keep_nothing(dtype):
    first, second = nn.Dense(5, 4, nn.relu, **keys(dtype)), nn.Dense(4, 3, **keys(dtype))
    model = nn.Sequential((first.discarding_activations(), second))
    compare(model, random(dtype, 6, 5), lambda x, w, b, u, c: torch.relu(x @ w + b) @ u + c,
            [lambda m: m.layers[0].wrapped.weight, lambda m: m.layers[0].wrapped.bias,
             lambda m: m.layers[1].weight, lambda m: m.layers[1].bias], dtype)


@pytest.mark.parametrize("dtype", DTYPES)
def test_losses_with_their_options(dtype):
    x, y = 3 * random(dtype, 6, 4), random(dtype, 6, 4, seed=1)
    normal = torch.distributions.Normal
    for ours, theirs, arguments in (
        (lambda a, b: nn.huber_loss(a, b, 0.3), lambda a, b: F.huber_loss(a, b, delta=0.3), (x, y)),
        (nn.kullback_leibler_of_normals, lambda m, v: torch.distributions.kl_divergence(
            normal(m, (v / 2).exp()), normal(0.0, 1.0)).sum(-1).mean(), (x, y)),
        (nn.mean_squared_error, F.mse_loss, (x, y)),
        (nn.mean_absolute_error, F.l1_loss, (x, y)),
    ):
        tensors = [t(a) for a in arguments]
        expected = theirs(*tensors)
        expected.backward()
        value, gradients = sd.value_and_grad(ours, wrt=(0, 1))(*arguments)
        close(value, expected, dtype)
        for found, tensor in zip(gradients, tensors, strict=True):
            close(found, tensor.grad, dtype)


def half(n):
    return 1 / (1 + 0.5 * (n + 1))


#: Ours, theirs with the rate 0.1, and by what their rate is multiplied after so many updates.
SCHEDULED = [
    (lambda: nn.SGD(0.1, decay=0.5), lambda p: torch.optim.SGD(p, 0.1), half),
    (lambda: nn.Adam(0.1, decay=0.5), lambda p: torch.optim.Adam(p, 0.1), half),
    (lambda: nn.RMSProp(nn.exponential_decay(0.1, 0.5, 2)),
     lambda p: torch.optim.RMSprop(p, 0.1, 0.9), lambda n: 0.5 ** (n / 2)),
    (lambda: nn.AdamW(nn.cosine_decay(0.1, 4), weight_decay=0.1),
     lambda p: torch.optim.AdamW(p, 0.1, weight_decay=0.1),
     lambda n: 0.5 * (1 + np.cos(np.pi * min(n / 4, 1)))),
    (lambda: nn.SGD(nn.warmed_up(nn.piecewise_constant([3], [0.1, 0.05]), 2)),
     lambda p: torch.optim.SGD(p, 0.1), lambda n: min((n + 1) / 2, 1) * (1 if n < 3 else 0.5)),
    (lambda: nn.SGD(nn.linear_decay(0.1, 4, 0.02)), lambda p: torch.optim.SGD(p, 0.1),
     lambda n: 1 - 0.8 * min(n / 4, 1)),
    (lambda: nn.SGD(nn.inverse_square_root(0.1, 2)), lambda p: torch.optim.SGD(p, 0.1),
     lambda n: (2 / max(n, 2)) ** 0.5),
]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("ours", "theirs", "factor"), SCHEDULED)
def test_steps_under_schedules(ours, theirs, factor, dtype):
    x, tensor, optimiser = random(dtype, 3, 4), t(random(dtype, 3, 4)), ours()
    reference = theirs([tensor])
    schedule = torch.optim.lr_scheduler.LambdaLR(reference, factor)
    for step in range(6):
        g = random(dtype, 3, 4, seed=step + 10)
        tensor.grad = torch.tensor(g)
        reference.step()
        schedule.step()
        x = optimiser.update(x, along=g)
        close(x, tensor, dtype)


@pytest.mark.parametrize("dtype", DTYPES)
def test_clipping(dtype):
    gradient = [random(dtype, 3, 4), random(dtype, 5, seed=1)]
    for limit in (1.5, 100.0):
        tensors = [t(g) for g in gradient]
        for tensor, g in zip(tensors, gradient):
            tensor.grad = torch.tensor(g)
        norm = torch.nn.utils.clip_grad_norm_(tensors, limit)
        assert nn.global_norm(gradient) == pytest.approx(float(norm), rel=1e-6)
        # Theirs adds 1e-6 to the norm that it divides by.
        theirs = [x.grad * (float(norm) + 1e-6) / float(norm) if norm > limit else x.grad
                  for x in tensors]
        for found, expected in zip(nn.clip_by_global_norm(gradient, limit), theirs):
            close(found, expected, dtype)
    torch.nn.utils.clip_grad_value_(tensors, 0.5)
    for found, tensor in zip(nn.clip_by_value(gradient, 0.5), tensors):
        close(found, tensor.grad, dtype)
