"""NumPy's functions that call functions: derivatives against differences, values of NumPy."""

from __future__ import annotations

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff.errors import UnsupportedError
from tests.transforms.programs import agrees, raises_alike

A = np.array([0.5, -1.2, 2.0, 0.8])
M = A.reshape(2, 2).copy()
CALLS: list[float] = []


@np.vectorize
def branched(t, k=2.0):
    if t > 0:
        return t * k
    return t * t * k


def noted(t):
    CALLS.append(1)
    return t * t


class Scale:
    """An object with a factor."""

    def __init__(self, p):
        self.p = p

    def times(self, t):
        return self.p * t * t


def of_the_module(a, x):
    return np.sum(branched(a, x) * a) + np.sum(branched(a, k=x))


def with_an_excluded_list(a, x):
    f = np.vectorize(lambda t, p: t * p[0] + p[1], excluded=[1])
    return np.sum(f(a, [x, x * x]) ** 2)


def with_two_results(a, x):
    f = np.vectorize(lambda t, p: (t * p, t + p), otypes=[float, float])
    u, v = f(a[:, None], a[None, :] * x)
    return np.sum(u * v)


def of_a_number(a, x):
    f = np.vectorize(lambda t: t * x, cache=True)
    return np.sum(f(x) * f(a))


def of_a_method(a, x):
    return np.sum(np.vectorize(Scale(x).times)(a) * a)


def whose_calls_are_counted(a, x):
    before = len(CALLS)
    return np.sum(np.vectorize(noted)(a)) * x * (len(CALLS) - before)


def whose_results_are_integers(a, x):
    # The first element says that the results are integers, so that all are cut off.
    return np.sum(np.vectorize(lambda t: 0 if t > 0 else t * x)(a)) + np.sum(a) * x


def of_rows(a, x):
    m = a.reshape(2, 2)
    return np.sum(np.apply_along_axis(lambda r: r * r[0] * x, 0, m) * m)


def of_rows_by_a_function_of_numpy(a, x):
    m = a.reshape(2, 2)
    return np.sum(np.apply_along_axis(np.outer, 0, m, m[0])[0] * m) * x


def over_axes(a, x):
    return np.sum(np.apply_over_axes(np.sum, a.reshape(2, 2) ** 2, [0, -1])) * x


def in_pieces(a, x):
    first = np.piecewise(a, [a < 0], [lambda t: t * t * x, lambda t: t * x])
    second = np.piecewise(a, [a < 0, a > 1], [x, lambda t, k: t * k, 0.5], x)
    return np.sum(first * second)


def from_iterators(a, x):
    drawn = np.fromiter((t * x for t in a), float)
    return np.sum(drawn * a) + np.sum(np.fromiter([t * x for t in a], dtype=float, count=3) ** 2)


def of_a_ufunc_of_objects(a, x):
    squares = np.frompyfunc(lambda t, k: t * t * k, 2, 1)(a, x)
    u, v = np.frompyfunc(lambda t, k: (t * k, t + k), 2, 2)(a[:, None], a * x)
    return np.sum(squares.astype(float) * a) * np.sum(u.astype(float) * v.astype(float))


@pytest.mark.parametrize("function", [
    of_a_ufunc_of_objects, of_the_module, with_an_excluded_list, with_two_results, of_a_number,
    of_a_method, whose_calls_are_counted, whose_results_are_integers, of_rows,
    of_rows_by_a_function_of_numpy, over_axes, in_pieces, from_iterators,
])
def test_functions_called_by_numpy_are_differentiated(function):
    agrees(function, A, 1.3)


def test_a_ufunc_of_a_python_function_is_that_function_for_numbers():
    cube = np.frompyfunc(lambda t, k: t ** k, 2, 1)
    agrees(lambda x: cube(x, 3) * x, 1.3)


@pytest.mark.parametrize("function", [
    lambda a: np.sum(np.vectorize(lambda t: t)(a[:0])),
    lambda a: np.sum(np.piecewise(a, [a < 0], [a, a, a])),
    lambda a: np.sum(np.fromiter([t for t in a], float, 9)),
    lambda a: np.sum(np.apply_along_axis(np.sum, 3, a)),
])
def test_what_numpy_raises_is_raised(function):
    raises_alike(function, A)


def test_a_function_with_a_signature_that_is_vectorized_over_nothing_is_refused():
    f = np.vectorize(np.cumsum, signature="(n)->(n)")
    with pytest.raises(UnsupportedError, match="signature"):
        sd.grad(lambda a: np.sum(f(np.reshape(a, (1, -1))[:0])))(A)


def of_indices(x):
    z = np.exp(x)
    chosen = np.vectorize(lambda i: z[i] * i)
    before = np.sum(chosen([1, 2]))
    z *= x
    return before * np.sum(chosen([0, 1, 1]))


def test_what_a_vectorized_function_captures_moves_with_constant_arguments():
    sd.check_grads(of_indices, (np.array([0.3, 0.7, 1.1]),))
