"""Cotangents that nobody asks for are not computed."""

import importlib

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff.rules import einsum, sampled
from s2sdiff.runtime.later import Later
from tests.rules.checker import draw

SQUARES = [draw((3, 3), -1.0, 1.0, seed) for seed in range(3)]


def refuse():
    raise AssertionError("nobody asked for it")


def test_an_entry_is_computed_when_it_is_asked_for():
    found = Later({0: refuse, 1: lambda: 2.0})
    assert found[1] == 2.0 and len(found) == 2
    with pytest.raises(AssertionError, match="nobody asked"):
        _ = found[0]


def test_entries_stand_for_a_tuple_or_for_named_arguments():
    first, second = Later({0: lambda: 1.0, 1: lambda: 2.0})
    assert (first, second) == (1.0, 2.0)
    assert Later({0: lambda: 1.0}).all() == (1.0,) and Later({}).all() == ()
    assert Later({"a": lambda: 1.0}).all() == {"a": 1.0}


@pytest.mark.parametrize(("wrt", "asked"), [(0, [0]), (1, [1]), ((0, 2), [0, 2])])
def test_a_product_of_several_is_taken_back_to_those_that_are_asked_for(monkeypatch, wrt, asked):
    seen, back = [], einsum.operand_back

    def noted(g, k, *rest):
        seen.append(k)
        return back(g, k, *rest)

    def by_letters(a, b, c):
        return np.sum(np.einsum("ij,jk,kl,lm->im", a, b, c, np.eye(3)) ** 2)

    def by_numbers(a, b, c):
        return np.sum(np.einsum(a, [0, 1], b, [1, 2], c, [2, 3], [0, 3]) ** 2)

    monkeypatch.setattr(einsum, "operand_back", noted)
    for f in (by_letters, by_numbers):
        seen.clear()
        sd.grad(f, wrt=wrt)(*SQUARES)
        assert sorted(seen) == asked
        sd.check_grads(f, tuple(SQUARES))


def test_of_two_signals_one_is_convolved_back():
    signal = pytest.importorskip("scipy.signal")
    convolutions = importlib.import_module("s2sdiff.rules.scipy_convolutions")
    seen = []

    def convolve(x, y, mode):
        seen.append(mode)
        return signal.convolve(x, y, mode)

    x, y = draw((7,), -1.0, 1.0), draw((3,), -1.0, 1.0)
    found = convolutions.factors_back(convolve, draw((9,), -1.0, 1.0), x, y)
    assert found[0].shape == (7,) and seen == ["valid"]
    assert found[1].shape == (3,) and seen == ["valid"] * 2


@pytest.mark.parametrize("f", [
    lambda s, x, y: s.convolve(x, y, "same"), lambda s, x, y: s.correlate(x, y, "valid"),
    lambda s, x, y: s.fftconvolve(x, y), lambda s, x, y: s.convolve2d(x, y, boundary="wrap"),
    lambda s, x, y: s.correlate2d(x, y, "same"), lambda s, x, y: s.convolve2d(y, x, "valid"),
    lambda s, x, y: s.correlate2d(y, x, "valid")])
def test_the_gradient_by_one_signal_is_that_of_both(f):
    signal = pytest.importorskip("scipy.signal")
    x, y = draw((4, 5), -1.0, 1.0, 1), draw((2, 3), -1.0, 1.0, 2)

    def loss(x, y):
        return np.sum(f(signal, x, y) ** 2)

    both = sd.grad(loss, wrt=(0, 1))(x, y)
    np.testing.assert_allclose(sd.grad(loss, wrt=0)(x, y), both[0], rtol=1e-12)
    np.testing.assert_allclose(sd.grad(loss, wrt=1)(x, y), both[1], rtol=1e-12)
    sd.check_grads(loss, (x, y))


def test_interpolation_moves_only_what_is_asked_for():
    x, xp, fp = np.array([0.3, 1.2, -1.0, 9.0]), np.arange(4.0), np.array([0.0, 1.0, 4.0, 9.0])
    _, pullback = sampled.general_interp(x, xp, fp, 0.5, 2.0)
    found = pullback(np.array([1.0, 2.0, 3.0, 4.0]))
    np.testing.assert_allclose(found[0], [1.0, 6.0, 0.0, 0.0])
    np.testing.assert_allclose(found[2], [0.7, 0.3 + 1.6, 0.4, 0.0])
    assert (found[3], found[4]) == (3.0, 4.0)


A = SQUARES[0]

FORWARD = {
    "one of three": lambda x: np.einsum("ij,jk,kl->il", A, x, A),
    "all of three": lambda x: np.einsum("ij,jk,kl->il", x, x * 2.0, x),
    "knots and values": lambda x: np.interp(x[0], np.array([-9.0, 0.0, 9.0]) + x[1], x[2]),
    "lists": lambda x: np.interp([x[0, 0], 0.5], [0.0, x[1, 1] + 9.0], [x[2, 0], 2.0]),
    "keywords": lambda x: np.tensordot(x, np.stack([x, A]), axes=([1], [2])),
}


@pytest.mark.parametrize("name", FORWARD)
def test_forward_mode_asks_for_what_moves(name):
    x, along, step = A * 0.7, np.cos(np.arange(9.0)).reshape(3, 3), 1e-6
    f = FORWARD[name]
    value, tangent = sd.jvp(f, (x,), (along,))
    np.testing.assert_array_equal(value, f(x))
    np.testing.assert_allclose(tangent, (f(x + step * along) - f(x - step * along)) / (2 * step),
                               rtol=1e-6, atol=1e-8)
