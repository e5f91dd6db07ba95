"""What a rule keeps of an argument under names of its own is as it was when it was called."""

import warnings

import numpy as np
import pytest

import s2sdiff as sd
from tests.from_text import run_text

X = np.array([0.3, -0.5, 0.7])
V = np.array([0.4, 1.1, -0.6])


def slope(f, x, v, h=1e-6):
    return (f(x + h * v) - f(x - h * v)) / (2 * h)


def dotted(x):
    y = x * 2.0
    z = np.vdot(y, x)
    y[...] /= 1.7
    return z * z + np.sum(y)


def dotted_in_a_loop(x):
    y = x * 2.0
    total = 0.0
    for _ in range(3):
        total = total + np.vdot(y, x) ** 2
        y *= 0.5
    return total


def dotted_with_a_view(x):
    y = x * 2.0
    row = np.asarray(y)
    z = np.vdot(row, row[::-1])
    row += z
    return z * z + np.sum(y * y)


def dotted_in_a_helper(x):
    y = x * 2.0
    z = product(y, x)
    y -= 3.0
    return z + np.sum(y * y)


def lessened_by_a_part(x):
    y = x * 1.0
    y[...] -= 0.3 * np.divmod(y, 0.9)[1]
    z = np.modf(y)[0]
    y *= z
    return np.sum(y * y)


def product(a, b):
    return np.vdot(a, b) * np.vdot(b, b)


@pytest.mark.parametrize("f", [dotted, dotted_in_a_loop, dotted_with_a_view, dotted_in_a_helper,
                               lessened_by_a_part])
def test_an_array_that_is_written_after_a_call(f):
    expected = slope(f, X, V)
    x = X.copy()
    _, pullback = sd.vjp(f, x)
    np.testing.assert_array_equal(x, X)
    x[...] = 9.0
    for _ in range(2):
        np.testing.assert_allclose(pullback(1.0) @ V, expected, rtol=1e-6)
    np.testing.assert_allclose(sd.jvp(f, (X.copy(),), (V,))[1], expected, rtol=1e-6)


WRITES = {
    "-=": lambda v, x: v.__isub__(x),
    "*=": lambda v, x: v.__imul__(x),
    "out=": lambda v, x: np.multiply(v, x, out=v),
    "[...]": lambda v, x: v.__setitem__(..., x * x),
    "sort": lambda v, x: v.sort(axis=0),
    "fill": lambda v, x: v.fill(x[0]),
}


@pytest.mark.parametrize("name", WRITES)
def test_a_view_that_shows_an_element_several_times_is_not_written_as_a_whole(name):
    def f(x):
        v = np.broadcast_arrays(np.stack([x, 2 * x]), x)[1]
        WRITES[name](v, x)
        return np.sum(v * v)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(sd.AliasingError, match=r"several times is written\. Instead"):
            sd.vjp(f, X.copy())[1](1.0)


def test_one_element_of_it_may_be_written():
    def f(x):
        v = np.broadcast_arrays(np.stack([x, 2 * x]), x)[1]
        v[0, 1] = 3.0 * x[0]
        return np.sum(v * v)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = slope(f, X, V)
        assert abs(sd.vjp(f, X.copy())[1](1.0) @ V - expected) < 1e-6


def test_what_nobody_may_write_is_copied_onto_itself():
    def f(x):
        v = np.broadcast_to(x, (2, 3))
        np.copyto(v, v)
        return np.sum(v * v)

    np.testing.assert_allclose(sd.vjp(f, X)[1](1.0), 4 * X)
    np.testing.assert_allclose(sd.jvp(f, (X,), (V,))[1], 4 * X @ V)


def scaled_rule():
    """A rule as the library's own are, which holds its arguments under names of its own."""
    source = ("def scaled(a, b):\n    first, second = np.asarray(a), np.atleast_1d(b)\n\n"
              "    def pullback(z_bar):\n        return z_bar * second, z_bar * first\n\n"
              "    return product(a, b), pullback\n")
    names = {"np": np, "__name__": "s2sdiff.rules.scaled", "product": scaled}
    run_text(source, "<scaled rule>", names)
    return sd.derivative(of=scaled)(names["scaled"])


def scaled(a, b):
    return a * b


scaled_rule()
W = np.array([1.0, 2.0, -3.0])


def with_a_global(x):
    return np.sum(scaled(W, x) ** 2)


def with_a_closure():
    w = W.copy()
    return (lambda x: np.sum(scaled(x, w) ** 2)), w


@pytest.mark.parametrize("made", [lambda: (with_a_global, W), with_a_closure])
def test_what_is_held_outside_is_as_it_was(made):
    f, held = made()
    before = held.copy()
    expected = slope(f, X, V)
    _, pullback = sd.vjp(f, X)
    held[...] = 0.0
    try:
        np.testing.assert_allclose(pullback(1.0) @ V, expected, rtol=1e-6)
    finally:
        held[...] = before


def test_a_local_array_is_as_it_was():
    def f(x):
        y = x * 2.0
        z = scaled(y, y[::-1])
        y *= z
        return np.sum(y) + np.sum(z * z)

    np.testing.assert_allclose(sd.vjp(f, X)[1](1.0) @ V, slope(f, X, V), rtol=1e-6)
    assert "rt.call" not in sd.source(f, args=(X,))  # it is written in
