"""Loops over what gives its items one by one, and iterators with a state."""

import numpy as np
import pytest

import s2sdiff
from tests import drawn, iterated
from tests.slopes import check_both_modes
from tests.transforms.programs import agrees, difference, raises_alike, refused

CASES = [*iterated.CASES, *drawn.CASES]
A, B = np.array([1.2, -0.7, 2.1]), np.array([0.3, 1.1, -0.4])


@pytest.mark.parametrize("function", CASES)
def test_a_walk_gives_and_takes_what_python_and_differences_say(function):
    agrees(function, A, B)


@pytest.mark.parametrize("function", CASES)
def test_its_gradient_is_what_differences_say(function):
    for entries, k in zip(s2sdiff.grad(function, wrt=(0, 1))(A, B), range(2), strict=True):
        np.testing.assert_allclose(entries, difference(function, (A, B), k), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("function", CASES)
def test_its_pullback_may_be_called_as_often_as_one_likes(function):
    value, pullback = s2sdiff.vjp(function, A, B)
    found = [pullback(type(value)(2.0)) for _ in range(3)]
    for k in range(2):
        expected = 2.0 * difference(function, (A, B), k)
        for entries in found:
            np.testing.assert_allclose(entries[k], expected, rtol=1e-6, atol=1e-6)


def squares_of_nothing(a, b):
    total = b[0] * 2.0
    for i, (x, y) in enumerate(zip(a, b)):
        total = total + x * y * i
    for x in map(lambda x: x * b[0], a):
        total = total * x
    for x in iterated.scaled(a, b[1]):
        total = total * x
    for x in iterated.Bag(a):
        total = total * x
    it = iter(a)
    return total + next(it, b[1]) + sum(it)


def test_a_walk_over_nothing_goes_no_round():
    agrees(squares_of_nothing, np.zeros(0), B)


def turned(z, w):
    total = 1.0 + 0.0j
    for i, (p, q) in enumerate(zip(z, reversed(w))):
        total = total * 0.5 + p * q * i
    for p in (p * p for p in z):
        total = total + p
    it = iter(z)
    return total * next(it) + sum(it)


def test_complex_items_have_the_derivative_that_differences_give():
    rng = np.random.default_rng(5)
    z, w = (rng.normal(size=3) + 1j * rng.normal(size=3) for _ in range(2))
    s2sdiff.check_grads(turned, (z, w))


def sums_of_rows(m, x):
    total = 0.0
    for row, other in zip(m, m[::-1]):
        total = total + row @ other * x
    for row in (row * x for row in m):
        total = total + np.sum(row**2)
    for row in iterated.scaled(m, x):
        row = row * row
        total = total + row[0]
    return total


def test_rows_of_a_matrix_are_items():
    agrees(sums_of_rows, np.arange(6.0).reshape(3, 2) / 3.0, 1.3)


def rows_are_written(m, x):
    m = m * 1.0
    for row in (row for row in m):
        row[:] = row * x
    for row, other in zip(m, m[1:]):
        other += row
    return np.sum(m * m)


def test_rows_may_be_written_in_the_loop():
    agrees(rows_are_written, np.arange(6.0).reshape(3, 2) / 3.0, 1.3)




def ask_too_often(a):
    it = iter(a)
    return next(it) * next(it) * next(it)


def grown_dict(a):
    d = {"p": a[0], "q": a[1]}
    total = 0.0
    for k, v in d.items():
        d[k + "1"] = v * v
        total = total + v
    return total


def generator_that_raises(a):
    def items():
        yield a[0]
        raise KeyError("no more")

    total = 0.0
    for x in items():
        print(total)
        total = total + x
    return total


@pytest.mark.parametrize("function", [ask_too_often, grown_dict, generator_that_raises])
def test_what_python_raises_is_raised(function):
    raises_alike(function, np.array([0.5, 2.0]))


def pairwise_ahead(a):
    xs = [a[0], a[1], a[2]]
    total = 0.0
    for x, y in __import__("itertools").pairwise(xs):
        xs[2] = x * y
        total = total + x * y
    return total


def generator_drawn_twice(a):
    squares = (x * x for x in a)
    return sum(squares) + sum(squares)


def generator_of_an_object_that_changes(a):
    bag = iterated.Doubled([a[0], a[1]])
    total = 0.0
    for x in bag:
        bag.items[1] = x * x
        total = total + x
    return total


def sent_back(a):
    def asks():
        got = yield a[0]
        yield got

    total = 0.0
    for x in asks():
        total = total + (x or 0.0)
    return total


@pytest.mark.parametrize("function", [
    generator_of_an_object_that_changes, sent_back, generator_drawn_twice,
])
def test_generators_see_what_is_written_and_sent_between_two_draws(function):
    agrees(function, A)


@pytest.mark.parametrize("function", [pairwise_ahead])
def test_what_cannot_be_made_surely_right_is_refused(function):
    assert "Instead" in refused(function, A)


def test_a_generator_that_is_defined_anew_is_another_one(tmp_path):
    import importlib.util

    path = tmp_path / "generating.py"
    path.write_text("def items(x):\n    yield x * 2.0\n\n\ndef total(x):\n    s = 0.0\n"
                    "    for y in items(x):\n        s = s + y\n    return s\n")
    spec = importlib.util.spec_from_file_location("generating", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert s2sdiff.grad(module.total)(1.5) == 2.0
    module.items = iterated.doubling
    assert s2sdiff.grad(module.total)(1.5) == 2.0 + 4.0 + 8.0


class Single:
    def __init__(self, value):
        self.value = value


def walked_or_doubled(x):
    single, total = Single(x), 0.0
    try:
        for item in single:
            total += item
    except TypeError:
        total = x * 2.0
    return total * single.value


def test_a_loop_over_what_is_no_iterable_raises_what_python_raises():
    assert s2sdiff.grad(walked_or_doubled)(1.5) == 6.0
    assert s2sdiff.jvp(walked_or_doubled, (1.5,), (1.0,)) == (4.5, 6.0)


class Matrix:
    def __init__(self, rows):
        self.rows = [list(r) for r in rows]

    def __matmul__(self, other):
        return Matrix([[sum(a * b for a, b in zip(row, column)) for column in zip(*other.rows)]
                       for row in self.rows])


def test_a_zip_that_a_method_makes_anew_in_each_round_is_used_once():
    def f(x):
        made = Matrix([[x, 2.0], [3.0, x * x]])
        return (made @ made).rows[0][1]

    check_both_modes(f)
