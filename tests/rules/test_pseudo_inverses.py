"""Pseudo-inverses, least squares and stacks: tangents, and what second derivatives decompose."""

import sys

import numpy as np
import pytest

import s2sdiff as sd

linalg = pytest.importorskip("scipy.linalg")

RNG = np.random.default_rng(4)
TALL, WIDE = RNG.normal(size=(5, 3)), RNG.normal(size=(3, 5))
FLAT = TALL @ np.diag([1.0, 1.0, 0.0])  # its rank stays where it moves along its columns
RIGHT, TURN = RNG.normal(size=(5, 2)), RNG.normal(size=(5, 5))
SPINNING = TALL + 1j * RNG.normal(size=(5, 3))


def decompositions(f):
    """How many singular value decompositions a call makes."""
    codes = {np.linalg.svd.__wrapped__.__code__, linalg.svd.__wrapped__.__code__ if hasattr(
        linalg.svd, "__wrapped__") else linalg.svd.__code__}
    count = 0

    def note(frame, event, arg):
        nonlocal count
        count += event == "call" and frame.f_code in codes

    sys.setprofile(note)
    try:
        f()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(("function", "a", "along"), [
    (np.linalg.pinv, TALL, TALL ** 2), (np.linalg.pinv, WIDE, WIDE ** 2),
    (np.linalg.pinv, SPINNING, SPINNING ** 2), (np.linalg.pinv, FLAT, TURN @ FLAT),
    (lambda a: np.linalg.pinv(a, rtol=1e-9), FLAT, TURN @ FLAT),
    (lambda a: np.linalg.pinv(a, rtol=0.5), TALL, TALL ** 2),
    (lambda a: np.linalg.pinv(a @ a.T + np.eye(3), hermitian=True), WIDE, WIDE ** 2),
    (linalg.pinv, WIDE, WIDE ** 2), (lambda a: linalg.pinv(a, rtol=0.5), TALL, TALL ** 2),
    (lambda a: linalg.pinv(a, return_rank=True)[0], TALL, TALL ** 2),
    (lambda a: np.linalg.lstsq(a, RIGHT, None)[0], TALL, TALL ** 2),
    (lambda a: np.linalg.lstsq(a, RIGHT[:, 0], None)[0], SPINNING, SPINNING ** 2),
    (lambda a: np.linalg.lstsq(a, a, 0.5)[0], TALL, TALL ** 2),
    (lambda a: np.linalg.lstsq(a, a ** 2, None)[1], SPINNING, SPINNING ** 2),
    (lambda a: np.linalg.lstsq(a, a[:, 0], None)[3], WIDE, WIDE ** 2),
    (lambda a: linalg.lstsq(a, a[:, 0] ** 2)[0], WIDE, WIDE ** 2),
    (lambda a: np.linalg.multi_dot([a, a.T, a, a[0]]), WIDE, WIDE ** 2),
])
def test_tangents_agree_with_differences(function, a, along):
    value, found = sd.jvp(function, (a,), (along,))
    assert np.array_equal(value, function(a))
    h = 1e-5
    expected = (function(a + h * along) - function(a - h * along)) / (2 * h)
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-7 * np.max(np.abs(expected)))


@pytest.mark.parametrize(("function", "first", "second"), [
    (lambda a: np.sum(np.linalg.pinv(a) ** 2), 1, 1),
    (lambda a: np.sum(np.linalg.lstsq(a, RIGHT, None)[0] ** 2), 1, 3),
    (lambda a: np.sum(linalg.lstsq(a, RIGHT)[0] ** 2), 1, 3),
])
def test_a_product_with_a_hessian_decomposes_no_more_than_values_and_gradients(
        function, first, second):
    def product():
        return sd.hvp(function, (TALL,), (TALL ** 2,))

    h, moved = 1e-5, TALL ** 2
    expected = (sd.grad(function)(TALL + h * moved) - sd.grad(function)(TALL - h * moved)) / (2 * h)
    for _ in range(3):
        np.testing.assert_allclose(product(), expected, rtol=1e-5, atol=1e-6)
    assert decompositions(lambda: sd.grad(function)(TALL)) <= first
    assert decompositions(product) <= second


@pytest.mark.parametrize("function", [
    lambda a: np.sum(np.linalg.inv(a) ** 2), lambda a: np.sum(np.linalg.det(a) ** 2),
    lambda a: np.sum(np.linalg.solve(a, a ** 2) ** 2), lambda a: np.sum(np.linalg.cholesky(a) ** 2),
])
def test_what_stacks_of_matrices_give_is_known(function):
    a = np.stack([np.eye(3) + 0.1, 2.0 * np.eye(3) - 0.2])
    text = sd.source(function, "grad", args=(a,))
    assert "rt.call" not in text
    assert "caller" not in text


@pytest.mark.parametrize("wrt", [0, 1, (0, 1)])
def test_a_gradient_of_one_argument_alone_is_taken_again(wrt):
    a, b = np.array([[2.0, 1.0], [1.0, 3.0]]), np.array([1.0, 2.0])

    def f(a, b):
        return np.sum(np.linalg.lstsq(a, b, rcond=None)[0] ** 2)

    def g(a, b):
        found = sd.grad(f, wrt=wrt)(a, b)
        return sum(np.sum(x**2) for x in (found if isinstance(found, tuple) else (found,)))

    steps = np.eye(2) * 1e-5
    slope = [(g(a, b + s) - g(a, b - s)) / 2e-5 for s in steps]
    np.testing.assert_allclose(sd.grad(g, wrt=1)(a, b), slope, rtol=1e-6)
