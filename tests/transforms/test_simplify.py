"""Simpler code, the same numbers: zeros, ones, shapes and casts go where they do nothing."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.transforms.programs import agrees, body

A = np.array([[0.5, -1.0, 2.0], [1.0, 3.0, -0.25]])


@pytest.mark.parametrize(
    "function",
    [
        lambda x: x * 1.0 + 0.0 * x,
        lambda x: x**1 + x**2 + x**0,
        lambda x: -(-x) * -x,
        lambda x: x / 1.0 - x / 4.0,
        lambda x: (x + x) * 0.5,
        lambda x: x - x,
        lambda x: +x * +x,
        lambda x: abs(x) * x,
        lambda x: 2**3 * x,
        lambda x: x * True,
    ],
)
def test_numbers(function):
    agrees(function, 1.7)
    agrees(function, -0.6)


@pytest.mark.parametrize(
    "function",
    [
        lambda a: np.sum(a),
        lambda a: np.sum(a * 1.0),
        lambda a: np.sum(np.sum(a, axis=0) * a[0]),
        lambda a: np.sum(a - np.mean(a, axis=1, keepdims=True)) + np.sum(a * a.T.T),
        lambda a: np.sum(np.broadcast_to(a[0], a.shape) * a),
        lambda a: np.sum(a[None] * a[:, None, :]),
        lambda a: np.sum(np.expand_dims(a, 1) * a.reshape(len(a), 1, 3)),
        lambda a: np.sum(a @ a.T),
        lambda a: np.sum(np.conj(a) * np.real(a)),
        lambda a: np.sum(np.stack([a, a * a]) ** 2),
    ],
)
def test_arrays(function):
    agrees(function, A)
    agrees(function, A[:1])


def test_known_shapes_leave_no_unbroadcast():
    def f(a, b):
        return np.sum(np.tanh(a * b + a))

    text = "\n".join(body(f, A, A, stage="final"))
    assert "unbroadcast" not in text and "shape" not in text


def test_an_operand_of_one_row_keeps_its_sum():
    def f(a, b):
        return np.sum(a * b)

    agrees(f, A, A[:1])
    agrees(f, A, A[0])
    agrees(f, A[:, :1], A)


def test_kinds_only_remove_code():
    def f(a, x):
        return np.sum(np.sin(a) * x) ** 2

    known = sd.grad(f, (0, 1))(A, 2.0)
    hidden = sd.grad(lambda box: f(*box))([A, 2.0])
    np.testing.assert_array_equal(known[0], hidden[0])
    np.testing.assert_array_equal(known[1], hidden[1])


def test_infinities_are_not_hidden_and_masked_zeros_are_not_nan():
    assert sd.grad(lambda x: x**0.5)(0.0) == np.inf
    gradient = sd.grad(lambda a: np.sum(np.where(a > 0, np.sqrt(a), 0.0)))
    with np.errstate(all="ignore"):
        np.testing.assert_array_equal(gradient(np.array([0.0, 4.0])), [0.0, 0.25])
