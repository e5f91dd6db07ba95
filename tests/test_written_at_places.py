"""Writes at places that arrays and lists of integers name, some of them several times."""

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import arguments, compiler
from s2sdiff.runtime.written_at import taken_at
from s2sdiff.transforms.context import Request

X = np.array([0.7, -0.4, 1.3])
TWICE = np.array([2, 0, 2])


def an_array_of_places(x):
    y = x.copy()
    y[TWICE] = x * x
    return (y * y).sum()


def a_list_of_places(x):
    y = x.copy()
    y[[0, 2]] = 0.0
    y[[1, 1]] += x[2]
    return (y * y * x).sum()


def in_place(x):
    y = x.copy()
    y[TWICE] += x * x
    y[TWICE] *= x
    y[TWICE] -= x[0]
    return (y * y).sum()


def rows_and_columns(x):
    y = np.outer(x, x)
    y[TWICE] = x
    y[TWICE, TWICE] *= x * x
    y[TWICE, 0] = x[2]
    return (y * y * y).sum()


def places_that_change(x):
    y = np.outer(x, x)
    places = np.array([0, 0, 1])
    y[places, places] = x
    places[0] = 2
    y[places] = x[1] * x
    places[:] = 1
    y[places, 1] -= x * 3
    return (y * y * y).sum()


def in_a_loop(x):
    y = x.copy()
    for k in range(3):
        places = np.arange(3)[k:]
        y[places] *= x[k]
        y[places[::-1]] = y[places] ** 2
    return (y * y).sum()


def no_places(x):
    y = x.copy()
    y[np.array([], int)] = x[1]
    y[np.array([1])] = x[2] * 3
    return (y * y).sum()


PLAIN = [an_array_of_places, a_list_of_places, in_place, places_that_change, in_a_loop, no_places]


def a_view(x):
    y = x.copy()
    part = y[1:]
    part[np.array([0, 0, 1])] = x * x[1]
    y[[1]] = y[[2]]
    return (y * y * part[0]).sum()


def places_that_are_found(x):
    y = x.copy()
    y[np.argsort(x)] = x * x
    y[np.flatnonzero(y > 0)] *= 2
    y[np.where(y < 0)] = 1.0
    y[np.ix_([0, 1])] *= x[0]
    return (y * y * x).sum()


def an_argument(x):
    y = x * 1.0
    put(y, TWICE, x)
    return (y * y).sum()


def put(y, places, values):
    y[places] = values * 2.0


def one_place(x):
    y = x.copy()
    y[np.array(2)] *= 3
    y[np.int64(1)] = x[0]
    return (y * y).sum()


@pytest.mark.parametrize("f", [*PLAIN, rows_and_columns, a_view, places_that_are_found,
                               an_argument, one_place], ids=lambda f: f.__name__)
def test_both_modes_are_right(f):
    at, step = X.copy(), 1e-6
    slopes = np.array([(f(X + step * e) - f(X - step * e)) / (2 * step) for e in np.eye(3)])
    value, pullback = sd.vjp(f, at)
    assert value == pytest.approx(f(X), rel=1e-14)
    for _ in range(2):
        np.testing.assert_allclose(pullback(1.0), slopes, rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose(sd.grad(f)(at), slopes, rtol=1e-6, atol=1e-7)
    direction = np.array([0.3, -1.1, 0.8])
    assert sd.jvp(f, (at,), (direction,))[1] == pytest.approx(slopes @ direction, rel=1e-6)
    np.testing.assert_array_equal(at, X)
    np.testing.assert_array_equal(TWICE, [2, 0, 2])


@pytest.mark.parametrize("f", PLAIN, ids=lambda f: f.__name__)
def test_nothing_is_by_place(f):
    known = arguments.arguments_of(f, (X,), {})
    text = compiler.compile_for(f, Request("grad", ("x",), outer=True), known).printed.text
    assert "by_place" not in text and "bars" not in text and "_pullback" not in text, text


def test_many_rows_float32_and_complex():
    def f(x):
        y = x.copy()
        y[TWICE] = x * x
        return y * x

    whole, step = sd.jacrev(f)(X), 1e-6
    for k, e in enumerate(np.eye(3)):
        along = (f(X + step * e) - f(X - step * e)) / (2 * step)
        np.testing.assert_allclose(whole[:, k], along, atol=1e-8)
    assert sd.grad(in_place)(X.astype(np.float32)).dtype == np.float32

    def g(z):
        return (f(z) * f(z).conj()).real.sum()

    z = X + 0.5j * X[::-1]
    bar = sd.grad(g)(z)
    for e in np.eye(3):
        along = (g(z + step * e) - g(z - step * e)) / (2 * step)
        across = (g(z + 1j * step * e) - g(z - 1j * step * e)) / (2 * step)
        assert (bar @ e).real == pytest.approx(along, abs=1e-6)
        assert (bar @ (1j * e)).real == pytest.approx(across, abs=1e-6)


def scaled_before(x, s):
    y = 0.3 * x
    y[[0]] = s
    return y * y


def negated_before(x, s):
    y = -x
    y[TWICE] = s
    return 0.5 * (y * y)


def divided_before(x, s):
    y = x / 4.0
    y[np.array([1])] = 3.0 * s
    return y * y


@pytest.mark.parametrize("f", [scaled_before, negated_before, divided_before])
def test_factors_are_not_gathered_across_what_is_taken_out(f):
    bar, step = np.array([0.4, -1.2, 0.7]), 1e-6
    slopes = [bar @ (f(X + step * e, 0.65) - f(X - step * e, 0.65)) / (2 * step)
              for e in np.eye(3)]
    slope = bar @ (f(X, 0.65 + step) - f(X, 0.65 - step)) / (2 * step)
    _, pullback = sd.vjp(f, X, 0.65)
    for _ in range(2):
        x_bar, s_bar = pullback(bar)
        np.testing.assert_allclose(x_bar, slopes, rtol=1e-6, atol=1e-8)
        assert s_bar == pytest.approx(slope, rel=1e-6)


def test_the_last_of_several_is_left():
    for index in (np.array([1, 1, 0]), ([0, 0, 1], [1, 1, 1]), (slice(None), [0, 0])):
        a, bar = np.zeros((2, 3)), np.arange(1.0, 7.0).reshape(2, 3)
        written = np.arange(10.0, 10.0 + a[index].size).reshape(a[index].shape)
        a[index] = written
        left = np.isin(written, a)
        taken = taken_at(bar.copy(), index)
        np.testing.assert_array_equal(taken, np.where(left, bar[index], 0.0))


@pytest.mark.parametrize("index", [np.array([True, True]), np.array([0, 1]), np.array([1, 0, 1])])
def test_a_view_that_shows_elements_twice_is_right_or_refused(index):
    def f(x):
        y = x.copy()
        v = np.lib.stride_tricks.as_strided(y, (2, 2), (8, 8))
        v[index] = x[:2] * x[2]
        return (y * y).sum()

    slopes = np.array([(f(X + 1e-6 * e) - f(X - 1e-6 * e)) / 2e-6 for e in np.eye(3)])
    try:
        found = sd.grad(f)(X)
    except sd.errors.DifferentiationError as error:
        assert "several times" in str(error) or "Instead," in str(error)
    else:
        np.testing.assert_allclose(found, slopes, atol=1e-6)


def test_an_array_is_written_into_itself():
    def f(x):
        y = x * 1.0
        y[np.array([1, 2, 0])] = y
        y[[0, 1]] = y[[1, 0]]
        y[y > 0.6] = y[y < 0.6] * 2.0
        y[np.array([2, 1])] += y[:2]
        return np.sum(y * X)

    x = np.array([0.3, 1.5, 0.9])
    slopes = np.array([(f(x + 1e-6 * e) - f(x - 1e-6 * e)) / 2e-6 for e in np.eye(3)])
    np.testing.assert_allclose(sd.grad(f)(x), slopes, atol=1e-7)
    assert sd.jvp(f, (x,), (X,))[1] == pytest.approx(slopes @ X, abs=1e-7)
