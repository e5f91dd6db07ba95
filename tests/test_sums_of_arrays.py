"""Python's own `sum` over the items of an array."""

import numpy as np
import pytest

import s2sdiff as sd


def squares(x):
    return sum(x**2)


def beside_others(x):
    return np.exp(sum(x)) + sum(x, x[0]) * sum(x * x, 1.0)


def of_rows(x):
    return np.sum(np.sin(sum(x))) + np.sum(sum(x, 2.0) ** 2)


def begun_with_an_array(x):
    return np.sum(sum(x[0] * x[1], x[:, 0]) ** 2)


CASES = [(squares, (4,)), (beside_others, (3,)), (of_rows, (3, 2)), (of_rows, (2, 3, 2)),
         (begun_with_an_array, (2, 3))]


@pytest.mark.parametrize(("f", "shape"), CASES)
def test_both_modes_agree_with_differences(f, shape):
    rng = np.random.default_rng(3)
    x, v, h = rng.normal(size=shape), rng.normal(size=shape), 1e-6
    slope = (f(x + h * v) - f(x - h * v)) / (2 * h)
    kept = x.copy()
    value, pullback = sd.vjp(f, x)
    assert value == f(x)
    for g in (pullback(1.0), pullback(1.0), sd.grad(f)(x)):
        assert g.shape == shape and np.sum(g * v) == pytest.approx(slope, rel=1e-7)
    got, dot = sd.jvp(f, (x,), (v,))
    assert got == value and dot == pytest.approx(slope, rel=1e-7)
    assert np.array_equal(x, kept)


@pytest.mark.parametrize("mode", ["grad", "jvp"])
def test_of_numbers_it_is_plain_text(mode):
    text = sd.source(squares, mode, args=(np.ones(3),))
    assert "rt." not in text and "_vjp" not in text


def test_nothing_is_summed_to_nothing():
    x = np.zeros(0)
    value, pullback = sd.vjp(squares, x)
    assert value == 0 and type(value) is int and pullback(1.0).shape == (0,)
    assert sd.grad(squares)(x).shape == (0,)
    assert sd.jvp(squares, (x,), (x,)) == (0, None)


@pytest.mark.parametrize("items", [np.zeros(0), []])
def test_a_loop_that_runs_no_round_gives_the_int_that_it_began_with(items):
    def f(xs):
        s = 0
        for x in xs:
            s = s + x * x
        return s * 3

    value, pullback = sd.vjp(f, items)
    assert value == 0 and type(value) is int
    for _ in range(2):
        assert np.shape(pullback(1.0)) in ((0,), ())


def test_single_precision_and_complex_numbers_stay():
    x = np.array([0.5, -1.5], np.float32)
    assert sd.grad(squares)(x).dtype == np.float32
    assert sd.jvp(squares, (x,), (x,))[1].dtype == np.float32
    z, dz = np.array([1 + 2j, 0.5 - 1j]), np.array([0.3 - 1j, 2.0 + 0.7j])
    value, pullback = sd.vjp(squares, z)
    np.testing.assert_allclose(pullback(1.0 + 0j), 2 * z)
    np.testing.assert_allclose(sd.jvp(squares, (z,), (dz,))[1], np.sum(2 * z * dz))
