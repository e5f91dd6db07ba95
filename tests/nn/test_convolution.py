"""Convolution and pooling: every shape, stride, dilation and padding against loops over pixels."""

import itertools

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import nn
from tests.nn.differences import check_layer

#: Height, width, filter, strides, dilation: odd ones among them, and windows as large as the image.
GEOMETRIES = [
    ((5, 5), (3, 3), (1, 1), (1, 1)),
    ((6, 5), (3, 2), (2, 1), (1, 1)),
    ((7, 6), (2, 3), (1, 2), (2, 1)),
    ((5, 7), (3, 3), (3, 2), (1, 2)),
    ((4, 4), (1, 1), (1, 1), (1, 1)),
    ((4, 4), (1, 1), (2, 2), (1, 1)),
    ((3, 4), (3, 4), (1, 1), (1, 1)),
    ((5, 5), (2, 2), (3, 3), (1, 1)),
]
EVERY = list(itertools.product(GEOMETRIES, ("valid", "same"), (1, 3)))


def named(case):
    (image, size, strides, dilation), padding, batch = case
    return f"{image}-{size}-{strides}-{dilation}-{padding}-{batch}".replace(" ", "")


def random(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def places(length, size, stride, step, padding):
    """For each window the rows that it meets, by TensorFlow's published formula for "same"."""
    reach = (size - 1) * step + 1
    if padding == "valid":
        count, before = (length - reach) // stride + 1, 0
    else:
        count = -(-length // stride)
        before = max((count - 1) * stride + reach - length, 0) // 2
    return [[o * stride - before + k * step for k in range(size)] for o in range(count)]


def by_loops(x, geometry, padding, reduce):
    """`reduce(window, inside)` of each window, one after the other; windows have three axes."""
    (height, width), size, strides, dilation = geometry
    rows = places(height, size[0], strides[0], dilation[0], padding)
    columns = places(width, size[1], strides[1], dilation[1], padding)
    found = []
    for image in x:
        for r, c in itertools.product(rows, columns):
            inside = np.array([[0 <= i < height and 0 <= j < width for j in c] for i in r])
            window = np.array([[image[i, j] if 0 <= i < height and 0 <= j < width
                                else np.zeros(x.shape[3]) for j in c] for i in r])
            found.append(reduce(window, inside))
    return np.reshape(found, (len(x), len(rows), len(columns), -1))


@pytest.mark.parametrize("case", EVERY, ids=named)
def test_a_convolution_is_what_loops_over_pixels_give(case):
    geometry, padding, batch = case
    (height, width), size, strides, dilation = geometry
    layer = nn.Conv2D((*size, 2, 3), np.sin, strides=strides, dilation=dilation, padding=padding,
                      generator=np.random.default_rng(1), dtype=np.float64)
    layer.bias += random(3, seed=2)
    x = random(batch, height, width, 2)
    expected = np.sin(layer.bias + by_loops(
        x, geometry, padding, lambda w, _: np.einsum("hwi,hwio->o", w, layer.filter)))
    np.testing.assert_allclose(layer(x), expected, rtol=0, atol=1e-13)
    assert check_layer(layer, x) == ["model.filter", "model.bias", "x"]


@pytest.mark.parametrize("case", [c for c in EVERY if c[0][3] == (1, 1)], ids=named)
def test_pooling_is_what_loops_over_pixels_give(case):
    geometry, padding, batch = case
    (height, width), size, strides, _ = geometry
    x = random(batch, height, width, 2)
    largest = by_loops(x, geometry, padding, lambda w, inside: w[inside].max(axis=0))
    mean = by_loops(x, geometry, padding, lambda w, inside: w[inside].mean(axis=0))
    np.testing.assert_array_equal(nn.MaxPool2D(size, strides, padding)(x), largest)
    np.testing.assert_allclose(nn.AvgPool2D(size, strides, padding)(x), mean, atol=1e-14)
    check_layer(nn.MaxPool2D(size, strides, padding), x)
    check_layer(nn.AvgPool2D(size, strides, padding), x)


@pytest.mark.parametrize("order", [
    np.ascontiguousarray, np.asfortranarray, lambda x: x[:, ::-1, ::-1],
    lambda x: x.transpose(3, 1, 2, 0).copy().transpose(3, 1, 2, 0)])
def test_the_order_of_an_image_in_memory_does_not_matter(order):
    x, filter = random(2, 5, 4, 3), random(2, 2, 3, 2, seed=1)
    laid = order(x)
    y, pullback = sd.vjp(nn.conv2d, laid, filter)
    expected, expected_pullback = sd.vjp(nn.conv2d, np.array(laid, order="C"), filter)
    np.testing.assert_allclose(y, expected, rtol=1e-13)
    weight = random(*y.shape, seed=2)
    for found, wanted in zip(pullback(weight), expected_pullback(weight), strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=1e-14)
    np.testing.assert_array_equal(nn.max_pool2d(laid, 2), nn.max_pool2d(laid.copy(), 2))


def test_equal_largest_elements_share_the_cotangent():
    x = np.zeros((1, 2, 4, 1))
    x[0, 0, 2, 0] = 1.0
    x_bar = sd.grad(lambda x: np.sum(nn.max_pool2d(x, 2)))(x)
    np.testing.assert_array_equal(x_bar[0, :, :, 0], [[0.25, 0.25, 1, 0], [0.25, 0.25, 0, 0]])


def test_what_is_written_into_a_result_later_does_not_reach_the_gradient():
    def loss(x, filter):
        y = nn.conv2d(x, filter)
        z = nn.max_pool2d(y, 2)
        total = np.sum(z * z)
        z += 1.0
        y *= 2.0
        filter[...] = 0.0
        return total + np.sum(z)

    def without_writes(x, filter):
        z = nn.max_pool2d(nn.conv2d(x, filter), 2)
        return np.sum(z * z) + np.sum(z + 1.0)

    x, filter = random(2, 5, 5, 2), random(1, 1, 2, 3, seed=1)
    found = sd.grad(loss, wrt=(0, 1))(x, filter.copy())
    expected = sd.grad(without_writes, wrt=(0, 1))(x, filter)
    np.testing.assert_allclose(found[0], expected[0], rtol=1e-12)
    # What the filter is overwritten with is constant: the caller's array has that gradient before.
    np.testing.assert_allclose(found[1], expected[1], rtol=1e-12)


def test_the_gradient_of_the_filter_alone_does_not_fold_the_images_cotangent(monkeypatch):
    from s2sdiff.nn import convolution

    def folded(*_):
        raise AssertionError("the cotangent of the images was computed")

    monkeypatch.setattr(convolution, "fold", folded)
    x, filter = random(2, 5, 5, 2), random(3, 3, 2, 4, seed=1)
    sd.grad(lambda filter: np.sum(nn.conv2d(x, filter) ** 2))(filter)
    with pytest.raises(AssertionError):
        sd.grad(lambda x: np.sum(nn.conv2d(x, filter) ** 2))(x)


def test_forward_mode_goes_through_convolution_and_pooling():
    x, filter = random(1, 4, 5, 2), random(2, 2, 2, 2, seed=1)
    direction = random(*x.shape, seed=2), random(*filter.shape, seed=3)

    def loss(x, filter):
        y = nn.max_pool2d(np.sin(nn.conv2d(x, filter, same=True)), 2, same=True)
        return np.sum(nn.avg_pool2d(y * y, (1, 2)) ** 2)

    def at(t):
        return loss(x + t * direction[0], filter + t * direction[1])

    step = 1e-4
    _, slope = sd.jvp(loss, (x, filter), direction)
    assert slope == pytest.approx((at(step) - at(-step)) / (2 * step), rel=1e-6)


@pytest.mark.parametrize(("call", "names"), [
    (lambda: nn.conv2d(np.ones((5, 5)), np.ones((2, 2, 1, 1))), r"x has shape \(5, 5\)"),
    (lambda: nn.conv2d(np.ones((1, 5, 5, 1)), np.ones((2, 2))), r"filter has shape \(2, 2\)"),
    (lambda: nn.conv2d(np.ones((1, 5, 5, 2)), np.ones((2, 2, 1, 1))), "2"),
    (lambda: nn.conv2d(np.ones((1, 2, 2, 1)), np.ones((3, 3, 1, 1))), r"\(2, 2\)"),
    (lambda: nn.conv2d(np.ones((1, 5, 5, 1)), np.ones((2, 2, 1, 1)), strides=(1, 0)), "strides"),
    (lambda: nn.max_pool2d(np.ones((5, 5)), 2), r"x has shape \(5, 5\)"),
    (lambda: nn.avg_pool2d(np.ones((1, 5, 5, 1)), 0), "size is"),
])
def test_shapes_that_do_not_fit_are_refused_by_name(call, names):
    with pytest.raises(ValueError, match=rf"(?s){names}.*Instead, "):
        call()
