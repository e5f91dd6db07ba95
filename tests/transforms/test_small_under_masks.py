"""Cotangents that are the same everywhere, under masks that have the shape already."""

import numpy as np
import pytest

import s2sdiff as sd


def huber(x):
    d = np.abs(x)
    return np.mean(np.where(d < 1.0, 0.5 * d**2, d - 0.5))


def rectified(x):
    return np.sum(np.maximum(x, 0.3))


def clipped(x):
    return np.sum(np.clip(x, -0.5, 0.5))


def masked_by_a_row(x):
    return np.sum(np.where(x[0] > 0.0, x**2, 0.0))


def of_columns(x):
    return np.prod(np.sum(np.where(x > 0.0, x, 0.01 * x), axis=0))


def wider_than_the_mask(x):
    return np.sum(np.where(x[:, :1] > 0.0, x, 2.0 * x[:, 0][:, None]))


FUNCTIONS = [huber, rectified, clipped, masked_by_a_row, of_columns, wider_than_the_mask]


@pytest.mark.parametrize("shape", [(3, 4), (40, 60)])
@pytest.mark.parametrize("f", FUNCTIONS)
def test_gradients_agree_with_differences(f, shape):
    x = np.random.default_rng(1).normal(size=shape)
    v, h = np.random.default_rng(2).normal(size=shape), 1e-7
    slope = (f(x + h * v) - f(x - h * v)) / (2 * h)
    value, pullback = sd.vjp(f, x)
    assert value == f(x)
    for g in (sd.grad(f)(x), pullback(1.0), pullback(1.0)):
        assert g.shape == shape and g.dtype == x.dtype
        assert np.sum(g * v) == pytest.approx(slope, rel=1e-5)
    assert sd.jvp(f, (x,), (v,))[1] == pytest.approx(slope, rel=1e-5)


@pytest.mark.parametrize("f", [huber, rectified, clipped])
def test_single_precision_stays(f):
    x = np.random.default_rng(1).normal(size=(3, 4)).astype(np.float32)
    assert sd.grad(f)(x).dtype == np.float32
    np.testing.assert_allclose(sd.grad(f)(x), sd.grad(f)(x.astype(float)), rtol=1e-5)


@pytest.mark.parametrize("f", [huber, rectified, clipped])
def test_nothing_is_spread_in_vain(f):
    text = sd.source(f, "grad", args=(np.ones((3, 4)),))
    assert "broadcast_to" not in text and "full" not in text
