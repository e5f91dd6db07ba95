"""Results of cached functions that are written, and read by helpers that are given nothing."""

import functools

import numpy as np
import pytest

import s2sdiff as sd


class Kept:
    value = 0.0


@functools.lru_cache(None)
def buffer(n):
    return np.zeros(n)


@functools.cache
def table():
    return {"value": 0.0}


@functools.lru_cache(maxsize=4)
def kept():
    return Kept()


@functools.lru_cache(None)
def items(n):
    return [0.0] * n


def read_buffer():
    return 2.0 * buffer(3)[0]


def read_table():
    return table()["value"]


def read_kept():
    return kept().value


def read_deeply():
    return 2.0 * read_kept()


def read_item(i):
    return items(2)[i]


def write_table(value):
    table()["value"] = value


def by_an_array(x):
    buffer(3)[0] = x ** 3
    return read_buffer()


def by_helpers(x):
    write_table(x ** 3)
    return read_table()


def by_an_object(x):
    kept().value = x ** 3
    return read_deeply()


def by_a_partial(x):
    kept().value = x ** 3
    return functools.partial(read_kept)()


def by_map(x):
    items(2)[1] = x ** 3
    return sum(map(read_item, [0, 1]))


def by_a_test(x):
    kept().value = x ** 3
    return read_kept() if read_kept() > 0.1 else 0.0


@pytest.fixture(autouse=True)
def empty():
    for cached in (buffer, table, kept, items):
        cached.cache_clear()


@pytest.mark.parametrize(
    "f", [by_an_array, by_helpers, by_an_object, by_a_partial, by_map, by_a_test])
def test_what_helpers_read_of_a_cached_result_has_its_derivative(f):
    factor = f(1.0)
    for _ in range(2):
        assert sd.grad(f)(2.0) == pytest.approx(12.0 * factor, rel=1e-12)
    value, pullback = sd.vjp(f, 2.0)
    assert value == f(2.0)
    assert [pullback(1.0), pullback(2.0)] == pytest.approx([12.0 * factor, 24.0 * factor])
    assert sd.jvp(f, (2.0,), (1.0,))[1] == pytest.approx(12.0 * factor, rel=1e-12)


@functools.lru_cache(None)
def nodes(n):
    return np.polynomial.legendre.leggauss(n)


def weight(n):
    return float(np.sum(nodes(n)[1]))


def test_tables_that_nobody_writes_are_constants():
    def f(x):
        points, weights = nodes(5)
        return np.sum(weights * (x * points) ** 2) * weight(5) * len(nodes(5)[0])

    sd.check_grads(f, (2.0,))
