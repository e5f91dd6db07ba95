"""Gradients of layers, compared number by number with central differences in double precision."""

import copy

import numpy as np

import s2sdiff as sd
from s2sdiff import nn

STEP = 1e-6


def weighed(layer, x, weight):
    """A real number in which every element of a layer's output counts differently."""
    return np.sum(layer(x) * weight)


def numbers(value, gradient, path="model"):
    """Each floating array or number of a model beside its gradient, as (path, place, gradient)."""
    if gradient is None:
        # What has no parameters has no gradient.
        assert not any(isinstance(part, (np.ndarray, nn.Layer)) for part in vars(value).values())
    elif isinstance(value, nn.Layer):
        assert type(gradient) is type(value), path
        for name, part in vars(value).items():
            yield from numbers_of(value, name, part, getattr(gradient, name), f"{path}.{name}")
    else:
        for i, part in enumerate(value):
            yield from numbers_of(value, i, part, gradient[i], f"{path}[{i}]")


def numbers_of(owner, key, part, gradient, path):
    if isinstance(part, np.ndarray) and part.dtype.kind == "f" and not constant(owner, key):
        yield path, part, gradient
    elif isinstance(part, (nn.Layer, list, tuple)) and not all_integers(part):
        yield from numbers(part, gradient, path)
    else:
        assert gradient is None or all_integers(part), path


def all_integers(part):
    return isinstance(part, (list, tuple)) and all(isinstance(n, int) for n in part)


def constant(owner, key):
    fields = getattr(owner, "__dataclass_fields__", {})
    return key in fields and fields[key].metadata.get("differentiable") is False


def difference(function, array, index):
    """The central difference of a number with respect to one element."""
    kept = array[index]
    array[index] = kept + STEP
    above = function()
    array[index] = kept - STEP
    below = function()
    array[index] = kept
    return (above - below) / (2 * STEP)


def check_layer(layer, x, tolerance=2e-8, weight=None):
    """Compare the gradients by every parameter, and by x where it is floating.

    The pullback is linear, may be called twice, and leaves layer and input as they were.
    """
    layer, x = copy.deepcopy(layer), np.array(x)
    if weight is None:
        weight = np.random.default_rng(7).normal(size=np.shape(layer(x)))
    before = copy.deepcopy(layer), x.copy()
    value, pullback = sd.vjp(weighed, layer, x, weight)
    layer_bar, x_bar, _ = pullback(1.0)
    again, _, _ = pullback(2.0)
    np.testing.assert_allclose(value, weighed(layer, x, weight), rtol=1e-12)
    arrays = list(numbers(layer, layer_bar))
    for (path, place, bar), (_, _, twice) in zip(arrays, numbers(layer, again), strict=True):
        assert (bar.shape, bar.dtype) == (place.shape, place.dtype), path
        np.testing.assert_allclose(twice, 2 * bar, rtol=1e-12, atol=1e-14, err_msg=path)
    for (path, place, _), (_, kept, _) in zip(arrays, numbers(before[0], layer_bar), strict=True):
        np.testing.assert_array_equal(place, kept, err_msg=path)
    np.testing.assert_array_equal(x, before[1])
    if x.dtype.kind == "f":
        arrays.append(("x", x, x_bar))
    else:
        assert x_bar is None
    for path, place, bar in arrays:
        expected = np.zeros(place.shape)
        for index in np.ndindex(place.shape):
            expected[index] = difference(lambda: weighed(layer, x, weight), place, index)
        scale = max(1.0, np.abs(expected).max(initial=0.0))
        np.testing.assert_allclose(bar, expected, atol=tolerance * scale, rtol=0, err_msg=path)
    return [path for path, _, _ in arrays]


def check_single_precision(layer, x):
    """Value and all gradients of a layer in float32 are in float32."""
    x = np.asarray(x)
    value, pullback = sd.vjp(lambda layer, x: layer(x), layer, x)
    assert value.dtype == np.float32
    layer_bar, x_bar = pullback(np.ones_like(value))
    for path, place, bar in numbers(layer, layer_bar):
        assert (place.dtype, bar.dtype) == (np.float32, np.float32), path
    assert x_bar is None or x_bar.dtype == np.float32
