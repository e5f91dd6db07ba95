"""Writes through masks, which name each element once: plain text, and right by differences."""

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import arguments, compiler
from s2sdiff.transforms.context import Request

X = np.array([0.7, -0.4, 1.3, -0.9])


def cut_off(x):
    y = x.copy()
    y[y < 0] = 0
    return (y * y * x).sum()


def a_number(x):
    y = x * x
    y[x > 0.5] = x[0] * x[1]
    return (y * x).sum()


def in_place(x):
    y = x.copy()
    y[y > 0.5] **= 3
    y[y < 0] += x[0]
    y[~(y > 1)] *= 2.0
    y[y > 100] -= x[1]
    return (y * y).sum()


def an_array(x):
    y = np.outer(x, x)
    y[y[:, 0] < 0] = x * x
    y[y[:, 1] > 0] *= x
    y[y > 1.0] = y[y > 1.0] * x[2]
    return (y * y).sum()


def written_again(x):
    y = x.copy()
    mask = y > 0
    y[mask] *= x[0]
    mask[:] = ~mask
    y[mask] = 0.5
    mask[0] = True
    y[mask] *= x[2]
    return (y * y).sum()


def a_view(x):
    y = np.outer(x, x)
    row = y[1]
    row[row < 0] = x[3]
    y[y > 0.3] *= 2.0
    return (y * y).sum() + row[0]


def in_a_loop(x):
    y = x.copy()
    for k in range(3):
        low = y < 0.3 * k
        y[low] += 0.1 * x[low]
        y[low] *= x[k]
    return (y * y).sum()


def an_argument(x):
    y = x * 1.0
    clear(y, y < 0)
    return (y * y).sum() + y[1]


def clear(y, mask):
    y[mask] = 0.25


def of_no_rank(x):
    y = np.array(list(map(lambda v: v * x, x)))
    y[y < 0] = 0.0
    y[0] *= x
    y[1] = x * x
    return (y * y).sum()


PLAIN = [cut_off, a_number, in_place, an_array, written_again, in_a_loop]


@pytest.mark.parametrize("f", [*PLAIN, an_argument, a_view, of_no_rank], ids=lambda f: f.__name__)
def test_both_modes_are_right(f):
    at, step = X.copy(), 1e-6
    slopes = np.array([(f(X + step * e) - f(X - step * e)) / (2 * step) for e in np.eye(4)])
    value, pullback = sd.vjp(f, at)
    assert value == pytest.approx(f(X), rel=1e-14)
    for _ in range(2):
        np.testing.assert_allclose(pullback(1.0), slopes, atol=1e-7)
    np.testing.assert_allclose(sd.grad(f)(at), slopes, atol=1e-7)
    direction = np.array([0.3, -1.1, 0.8, 0.2])
    assert sd.jvp(f, (at,), (direction,))[1] == pytest.approx(slopes @ direction, abs=1e-7)
    np.testing.assert_array_equal(at, X)


@pytest.mark.parametrize("f", PLAIN, ids=lambda f: f.__name__)
def test_nothing_is_by_place(f):
    known = arguments.arguments_of(f, (X,), {})
    text = compiler.compile_for(f, Request("grad", ("x",), outer=True), known).printed.text
    assert "by_place" not in text and "bars" not in text, text


def test_float32_complex_and_empty_arrays():
    x = X.astype(np.float32)
    g = sd.grad(cut_off)(x)
    assert g.dtype == np.float32
    np.testing.assert_allclose(g, np.where(X > 0, 3 * X * X, 0), rtol=1e-6)
    assert sd.grad(cut_off)(np.zeros(0)).shape == (0,)

    def f(z):
        w = z * z
        w[w.real < 0] = 1j * z[0]
        return (w * w.conj()).real.sum()

    z = X + 0.5j * X[::-1]
    g, step = sd.grad(f)(z), 1e-6
    for e in np.eye(4):
        along = (f(z + step * e) - f(z - step * e)) / (2 * step)
        across = (f(z + 1j * step * e) - f(z - 1j * step * e)) / (2 * step)
        # The convention of docs/conventions.md: the real part of the product, no conjugate.
        assert (g @ e).real == pytest.approx(along, abs=1e-6)
        assert (g @ (1j * e)).real == pytest.approx(across, abs=1e-6)
